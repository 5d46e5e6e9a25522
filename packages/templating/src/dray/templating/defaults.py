"""The values that an environment begins with.

Filters and tests are imported when somebody asks for them here, or an environment for its own.
"""

from __future__ import annotations

from ._settings import (
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
from .utils import Cycler, Joiner, Namespace, generate_lorem_ipsum

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .filters import FILTERS as DEFAULT_FILTERS
    from .tests import TESTS as DEFAULT_TESTS

__all__ = [
    "BLOCK_END_STRING", "BLOCK_START_STRING", "COMMENT_END_STRING", "COMMENT_START_STRING", "DEFAULT_FILTERS",
    "DEFAULT_NAMESPACE", "DEFAULT_POLICIES", "DEFAULT_TESTS", "KEEP_TRAILING_NEWLINE", "LINE_COMMENT_PREFIX",
    "LINE_STATEMENT_PREFIX", "LSTRIP_BLOCKS", "NEWLINE_SEQUENCE", "TRIM_BLOCKS", "VARIABLE_END_STRING",
    "VARIABLE_START_STRING",
]  # fmt: skip


if not TYPE_CHECKING:  # type checkers know the names, and that there are no others

    def __getattr__(name: str) -> Any:
        """Import the default filters and tests when they are first asked for (PEP 562)."""
        if name == "DEFAULT_FILTERS":
            from .filters import FILTERS as value  # noqa: PLC0415 - few ask for them here
        elif name == "DEFAULT_TESTS":
            from .tests import TESTS as value  # noqa: PLC0415 - few ask for them here
        else:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        globals()[name] = value
        return value

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})


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
