"""Environments and templates.

This package only re-exports, and tells the two classes of each other. What few programs need is imported when they ask
for it.
"""

from __future__ import annotations

from dray.safe_strings import Markup as Markup

from .._late import late_names
from .._settings import EvalContext as EvalContext
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
from ..exceptions import TemplateNotFound as TemplateNotFound
from ..exceptions import TemplateRuntimeError as TemplateRuntimeError
from ..exceptions import TemplatesNotFound as TemplatesNotFound
from ..exceptions import TemplateSyntaxError as TemplateSyntaxError
from ..exceptions import UndefinedError as UndefinedError
from ..runtime.context import Context as Context
from ..runtime.context import new_context as new_context
from ..runtime.undefined import Undefined as Undefined
from ..utils import LRUCache as LRUCache
from ..utils import concat as concat
from ..utils import consume as consume
from ..utils import import_string as import_string
from ..utils import internalcode as internalcode
from ..utils import missing as missing
from .environment import Environment
from .options import copy_cache, create_cache, load_extensions
from .template import Template

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .. import nodes as nodes
    from ..compiler import CodeGenerator as CodeGenerator
    from ..compiler import generate as generate
    from ..compiler import get_lexer as get_lexer
    from ..defaults import DEFAULT_FILTERS, DEFAULT_TESTS
    from ..lexer import Lexer as Lexer
    from ..lexer import TokenStream as TokenStream
    from ..parser import Parser as Parser
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
            "CodeGenerator": "dray.templating.compiler",
            "DEFAULT_FILTERS": "dray.templating.defaults",
            "DEFAULT_TESTS": "dray.templating.defaults",
            "Lexer": "dray.templating.lexer",
            "Parser": "dray.templating.parser",
            "TemplateExpression": f"{__name__}.modules",
            "TemplateModule": f"{__name__}.modules",
            "TemplateStream": f"{__name__}.stream",
            "TokenStream": "dray.templating.lexer",
            "generate": "dray.templating.compiler",
            "get_lexer": "dray.templating.lexer",
            "get_spontaneous_environment": f"{__name__}.spontaneous",
            "nodes": "dray.templating",
        },
    )

__all__ = [
    "BLOCK_END_STRING", "BLOCK_START_STRING", "COMMENT_END_STRING", "COMMENT_START_STRING", "DEFAULT_FILTERS",
    "DEFAULT_NAMESPACE", "DEFAULT_POLICIES", "DEFAULT_TESTS", "Environment", "KEEP_TRAILING_NEWLINE",
    "LINE_COMMENT_PREFIX", "LINE_STATEMENT_PREFIX", "LSTRIP_BLOCKS", "NEWLINE_SEQUENCE", "TRIM_BLOCKS", "Template",
    "TemplateExpression", "TemplateModule", "TemplateStream", "VARIABLE_END_STRING", "VARIABLE_START_STRING",
    "copy_cache", "create_cache", "get_spontaneous_environment", "load_extensions",
]  # fmt: skip
