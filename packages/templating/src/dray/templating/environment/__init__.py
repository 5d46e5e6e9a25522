"""Environments and templates.

This package only re-exports, and tells the two classes of each other.
"""

from __future__ import annotations

from ..defaults import (
    BLOCK_END_STRING,
    BLOCK_START_STRING,
    COMMENT_END_STRING,
    COMMENT_START_STRING,
    DEFAULT_FILTERS,
    DEFAULT_NAMESPACE,
    DEFAULT_POLICIES,
    DEFAULT_TESTS,
    KEEP_TRAILING_NEWLINE,
    LINE_COMMENT_PREFIX,
    LINE_STATEMENT_PREFIX,
    LSTRIP_BLOCKS,
    NEWLINE_SEQUENCE,
    TRIM_BLOCKS,
    VARIABLE_END_STRING,
    VARIABLE_START_STRING,
)
from .environment import Environment
from .modules import TemplateExpression, TemplateModule
from .options import copy_cache, create_cache, load_extensions
from .spontaneous import get_spontaneous_environment
from .stream import TemplateStream
from .template import Template

Environment.template_class = Template
Environment._template_base = Template
Template.environment_class = Environment

for _cls in (Environment, Template, TemplateExpression, TemplateModule, TemplateStream):
    _cls.__module__ = __name__
del _cls

__all__ = [
    "BLOCK_END_STRING", "BLOCK_START_STRING", "COMMENT_END_STRING", "COMMENT_START_STRING", "DEFAULT_FILTERS",
    "DEFAULT_NAMESPACE", "DEFAULT_POLICIES", "DEFAULT_TESTS", "Environment", "KEEP_TRAILING_NEWLINE",
    "LINE_COMMENT_PREFIX", "LINE_STATEMENT_PREFIX", "LSTRIP_BLOCKS", "NEWLINE_SEQUENCE", "TRIM_BLOCKS", "Template",
    "TemplateExpression", "TemplateModule", "TemplateStream", "VARIABLE_END_STRING", "VARIABLE_START_STRING",
    "copy_cache", "create_cache", "get_spontaneous_environment", "load_extensions",
]  # fmt: skip
