"""Templates that compile to Python and report errors to the column.

This module only re-exports. What few programs need (bytecode caches, loaders of packages and modules), and what is
needed only to compile, is imported when it is first asked for.
"""

from __future__ import annotations

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

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .bccache import BytecodeCache, FileSystemBytecodeCache, MemcachedBytecodeCache
    from .loaders import ModuleLoader, PackageLoader

__all__ = [
    "BaseLoader", "BytecodeCache", "FileSystemBytecodeCache", "MemcachedBytecodeCache", "ModuleLoader", "PackageLoader",
    "ChainableUndefined", "ChoiceLoader", "DebugUndefined", "DictLoader", "Environment",
    "FileSystemLoader", "FunctionLoader", "PrefixLoader", "StrictUndefined", "Template", "TemplateAssertionError",
    "TemplateError", "TemplateNotFound", "TemplateRuntimeError", "TemplateSyntaxError", "TemplatesNotFound",
    "Undefined", "UndefinedError", "clear_caches", "is_undefined", "make_logging_undefined", "pass_context",
    "pass_environment", "pass_eval_context", "select_autoescape",
]  # fmt: skip

_LATE = {
    "BytecodeCache": "bccache",
    "FileSystemBytecodeCache": "bccache",
    "MemcachedBytecodeCache": "bccache",
    "ModuleLoader": "loaders",
    "PackageLoader": "loaders",
}
#: Modules that programs expect to be there without an import of their own.
_LATE_MODULES = frozenset({
    "bccache", "compiler", "idtracking", "lexer", "nodes", "optimizer", "parser", "visitor",
})  # fmt: skip


def __getattr__(name: str) -> Any:
    """Import what few programs need when it is first asked for (PEP 562)."""
    if name in _LATE:
        module = __import__(f"{__name__}.{_LATE[name]}", fromlist=[name])
        value = globals()[name] = getattr(module, name)
        return value
    if name in _LATE_MODULES:
        return __import__(f"{__name__}.{name}", fromlist=[name])
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
