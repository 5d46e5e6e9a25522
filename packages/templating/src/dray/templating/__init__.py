"""Templates that compile to Python and report errors to the column.

This module only re-exports. What few programs need (bytecode caches, loaders of packages and modules) is imported when it is
first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .environment import Environment, Template
from .exceptions import (
    TemplateAssertionError,
    TemplateError,
    TemplateNotFound,
    TemplateRuntimeError,
    TemplatesNotFound,
    TemplateSyntaxError,
    UndefinedError,
)
from .loaders import BaseLoader, ChoiceLoader, DictLoader, FileSystemLoader, FunctionLoader, PrefixLoader
from .runtime import ChainableUndefined, DebugUndefined, StrictUndefined, Undefined, make_logging_undefined
from .utils import clear_caches, is_undefined, pass_context, pass_environment, pass_eval_context, select_autoescape

if TYPE_CHECKING:
    from typing import Any

__all__ = [
    "BaseLoader", "ChainableUndefined", "ChoiceLoader", "DebugUndefined", "DictLoader", "Environment",
    "FileSystemLoader", "FunctionLoader", "PrefixLoader", "StrictUndefined", "Template", "TemplateAssertionError",
    "TemplateError", "TemplateNotFound", "TemplateRuntimeError", "TemplateSyntaxError", "TemplatesNotFound",
    "Undefined", "UndefinedError", "clear_caches", "is_undefined", "make_logging_undefined", "pass_context",
    "pass_environment", "pass_eval_context", "select_autoescape",
]  # fmt: skip
