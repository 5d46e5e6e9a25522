"""Where the terminal's parts ask which stream is standard output and what is a terminal.

Tests of programs replace these two names in ``_termui_impl``, so they are looked up there when they are called. The
lowest module of the terminal; it must not import that facade.
"""

from __future__ import annotations

import sys

from .. import _compat
from .._utils import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import IO, Any, TextIO

__all__ = ["default_stdout", "isatty"]

_FACADE = __name__.replace("._terminal.lookup", "._termui_impl")


def _find(name: str) -> Any:
    return getattr(sys.modules.get(_FACADE), name, None) or getattr(_compat, name)


def default_stdout() -> TextIO | None:
    """Return standard output as text, or None where there is none."""
    return _find("_default_text_stdout")()  # type: ignore[no-any-return]


def isatty(stream: IO[Any]) -> bool:
    """Say whether a stream is a terminal.

    :param stream: the stream.
    """
    return bool(_find("isatty")(stream))
