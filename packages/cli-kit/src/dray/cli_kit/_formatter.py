"""What commands ask of the object that builds their help page.

:mod:`typing` is loaded for those who name the protocol; help pages do without. It must not know any implementation.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Protocol, runtime_checkable

__all__ = ["Formatter"]


@runtime_checkable
class Formatter(Protocol):
    """What commands ask of the object that builds their help page.

    A class with these methods takes the place of :class:`~dray.cli_kit.HelpFormatter` as ``Context.formatter_class``;
    it needn't derive from anything.

    :param width: columns of the page, or None: find out.
    :param max_width: the most columns to choose then, 80 if None; 0 is no limit.
    """

    #: Columns of the page: lists of commands shorten their texts to fit.
    width: int

    def __init__(self, *, width: int | None, max_width: int | None) -> None: ...

    def write_usage(self, prog: str, args: str = "") -> None:
        """Write the usage line.

        :param prog: the program and its commands.
        :param args: the pieces that stand for options and arguments.
        """

    def write_paragraph(self) -> None:
        """Begin a paragraph."""

    def write_text(self, text: str) -> None:
        """Write paragraphs.

        :param text: the text; an empty line ends a paragraph.
        """

    def write_dl(self, rows: Iterable[tuple[str, str]]) -> None:
        """Write a definition list.

        :param rows: pairs of a term and its explanation.
        """

    def section(self, name: str) -> AbstractContextManager[None]:
        """Write a heading; what is written in the ``with`` block belongs to it.

        :param name: the heading.
        """
        ...

    def indentation(self) -> AbstractContextManager[None]:
        """Indent what is written in the ``with`` block."""
        ...

    def getvalue(self) -> str:
        """Return the page."""
        ...
