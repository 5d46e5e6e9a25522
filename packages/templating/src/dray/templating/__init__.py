"""Templates that compile to Python and report errors to the column.

This module only re-exports. Loaders and bytecode caches, and what is needed only to compile, are imported when somebody
first asks for them.
"""

from __future__ import annotations

from ._late import late_names
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
from .runtime import ChainableUndefined, DebugUndefined, StrictUndefined, Undefined, make_logging_undefined
from .utils import clear_caches, is_undefined, pass_context, pass_environment, pass_eval_context, select_autoescape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from . import async_utils as async_utils
    from . import bccache as bccache
    from . import compiler as compiler
    from . import defaults as defaults
    from . import filters as filters
    from . import idtracking as idtracking
    from . import lexer as lexer
    from . import loaders as loaders
    from . import nodes as nodes
    from . import optimizer as optimizer
    from . import parser as parser
    from . import tests as tests
    from . import visitor as visitor
    from .bccache import BytecodeCache, FileSystemBytecodeCache, MemcachedBytecodeCache
    from .loaders import (
        BaseLoader,
        ChoiceLoader,
        DictLoader,
        FileSystemLoader,
        FunctionLoader,
        ModuleLoader,
        PackageLoader,
        PrefixLoader,
    )

__all__ = [
    "BaseLoader", "BytecodeCache", "FileSystemBytecodeCache", "MemcachedBytecodeCache", "ModuleLoader", "PackageLoader",
    "ChainableUndefined", "ChoiceLoader", "DebugUndefined", "DictLoader", "Environment",
    "FileSystemLoader", "FunctionLoader", "PrefixLoader", "StrictUndefined", "Template", "TemplateAssertionError",
    "TemplateError", "TemplateNotFound", "TemplateRuntimeError", "TemplateSyntaxError", "TemplatesNotFound",
    "Undefined", "UndefinedError", "clear_caches", "is_undefined", "make_logging_undefined", "pass_context",
    "pass_environment", "pass_eval_context", "select_autoescape",
]  # fmt: skip

if not TYPE_CHECKING:  # type checkers know the names, and that there are no others
    __getattr__, __dir__ = late_names(
        globals(),
        {
            **dict.fromkeys([name for name in __all__ if name.endswith("BytecodeCache")], f"{__name__}.bccache"),
            **dict.fromkeys([name for name in __all__ if name.endswith("Loader")], f"{__name__}.loaders"),
        },
        (
            "async_utils", "bccache", "compiler", "defaults", "filters", "idtracking", "lexer", "loaders", "nodes",
            "optimizer", "parser", "tests", "visitor",
        ),
    )  # fmt: skip
