"""The values that an environment begins with."""

from __future__ import annotations

from ._objects import Cycler, Joiner, Namespace
from .filters import FILTERS as DEFAULT_FILTERS
from .syntax import (
    BLOCK_END_STRING,
    BLOCK_START_STRING,
    COMMENT_END_STRING,
    COMMENT_START_STRING,
    KEEP_TRAILING_NEWLINE,
    LINE_COMMENT_PREFIX,
    LINE_STATEMENT_PREFIX,
    LSTRIP_BLOCKS,
    NEWLINE_SEQUENCE,
    TRIM_BLOCKS,
    VARIABLE_END_STRING,
    VARIABLE_START_STRING,
)
from .tests import TESTS as DEFAULT_TESTS
from .utils import generate_lorem_ipsum

__all__ = [
    "BLOCK_END_STRING", "BLOCK_START_STRING", "COMMENT_END_STRING", "COMMENT_START_STRING", "DEFAULT_FILTERS",
    "DEFAULT_NAMESPACE", "DEFAULT_POLICIES", "DEFAULT_TESTS", "KEEP_TRAILING_NEWLINE", "LINE_COMMENT_PREFIX",
    "LINE_STATEMENT_PREFIX", "LSTRIP_BLOCKS", "NEWLINE_SEQUENCE", "TRIM_BLOCKS", "VARIABLE_END_STRING",
    "VARIABLE_START_STRING",
]  # fmt: skip

#: The globals of every template.
DEFAULT_NAMESPACE = {
    "range": range,
    "dict": dict,
    "lipsum": generate_lorem_ipsum,
    "cycler": Cycler,
    "joiner": Joiner,
    "namespace": Namespace,
}

#: Settings of filters and extensions.
DEFAULT_POLICIES: dict[str, object] = {
    "compiler.ascii_str": True,
    "urlize.rel": "noopener",
    "urlize.target": None,
    "urlize.extra_schemes": None,
    "truncate.leeway": 5,
    "json.dumps_function": None,
    "json.dumps_kwargs": {"sort_keys": True},
    "ext.i18n.trimmed": False,
}
