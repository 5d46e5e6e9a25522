"""Environments and templates.

This package only re-exports, and tells the two classes of each other. What few programs need is imported when they ask
for it.
"""

from __future__ import annotations

from .._late import late_names
from ..defaults import (
    BLOCK_END_STRING,
    BLOCK_START_STRING,
    COMMENT_END_STRING,
    COMMENT_START_STRING,
    DEFAULT_NAMESPACE,
    DEFAULT_POLICIES,
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
from .options import copy_cache, create_cache, load_extensions
from .template import Template

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..defaults import DEFAULT_FILTERS, DEFAULT_TESTS
    from .modules import TemplateExpression, TemplateModule
    from .spontaneous import get_spontaneous_environment
    from .stream import TemplateStream

Environment.template_class = Template
Environment._template_base = Template
Template.environment_class = Environment

Environment.__module__ = Template.__module__ = __name__

if not TYPE_CHECKING:  # type checkers know the names, and that there are no others
    __getattr__, __dir__ = late_names(
        globals(),
        {
            "DEFAULT_FILTERS": "dray.templating.defaults",
            "DEFAULT_TESTS": "dray.templating.defaults",
            "TemplateExpression": f"{__name__}.modules",
            "TemplateModule": f"{__name__}.modules",
            "TemplateStream": f"{__name__}.stream",
            "get_spontaneous_environment": f"{__name__}.spontaneous",
        },
    )

__all__ = [
    "BLOCK_END_STRING", "BLOCK_START_STRING", "COMMENT_END_STRING", "COMMENT_START_STRING", "DEFAULT_FILTERS",
    "DEFAULT_NAMESPACE", "DEFAULT_POLICIES", "DEFAULT_TESTS", "Environment", "KEEP_TRAILING_NEWLINE",
    "LINE_COMMENT_PREFIX", "LINE_STATEMENT_PREFIX", "LSTRIP_BLOCKS", "NEWLINE_SEQUENCE", "TRIM_BLOCKS", "Template",
    "TemplateExpression", "TemplateModule", "TemplateStream", "VARIABLE_END_STRING", "VARIABLE_START_STRING",
    "copy_cache", "create_cache", "get_spontaneous_environment", "load_extensions",
]  # fmt: skip
