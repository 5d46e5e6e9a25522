"""Help pages as text: usage lines, sections, paragraphs and definition lists of a given width.

It must not know commands or parameters: it is handed strings. A class with the methods of :class:`HelpFormatter` that
commands call (the protocol :class:`Formatter`) can take its place through ``Context.formatter_class``.
"""

from __future__ import annotations

import os
import sys

from ._ansi import term_len
from ._deprecation import deprecated_names
from ._names import join_options
from ._textwrap import TextWrapper
from ._utils import TYPE_CHECKING
from ._utils import gettext as _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import TracebackType

    from ._formatter import Formatter

__all__ = [
    "FORCED_WIDTH",
    "Formatter",
    "HelpFormatter",
    "iter_rows",
    "join_options",
    "measure_table",
    "wrap_text",
]

#: A width for every page; the test runner sets it so that pages don't depend on the terminal.
FORCED_WIDTH: int | None = None


def measure_table(rows: Iterable[tuple[str, ...]]) -> tuple[int, ...]:
    """Return the width of each column.

    :param rows: the rows of cells.
    :return: terminal columns.
    """
    widths: list[int] = []
    for row in rows:
        widths += [0] * (len(row) - len(widths))
        for index, cell in enumerate(row):
            width = term_len(cell)
            if width > widths[index]:
                widths[index] = width
    return tuple(widths)


def wrap_text(
    text: str,
    width: int = 78,
    initial_indent: str = "",
    subsequent_indent: str = "",
    preserve_paragraphs: bool = False,
) -> str:
    r"""Fill text into lines.

    :param text: the text. With paragraphs kept, an empty line ends one, and one whose first line is ``\b`` is taken as
        it is.
    :param width: columns of a line, indentation included.
    :param initial_indent: before the first line.
    :param subsequent_indent: before the other lines.
    :param preserve_paragraphs: keep paragraphs and their indentation.
    :return: the lines.
    """
    line = initial_indent + text
    if len(line) <= width and line.isascii() and line.isprintable() and text and " " not in (text[0], text[-1]):
        # Most texts are one short line.
        return line
    wrapper = TextWrapper(width, initial_indent, subsequent_indent)
    text = text.expandtabs()
    if not preserve_paragraphs:
        return wrapper.fill(text)
    return "\n\n".join(_fill_paragraph(wrapper, lines) for lines in _paragraphs(text))


def iter_rows(rows: Iterable[tuple[str, ...]], col_count: int) -> Iterator[tuple[str, ...]]:
    """Fill up short rows with empty cells.

    :param rows: the rows of cells.
    :param col_count: the number of cells that each row gets.
    """
    empty = ("",) * col_count
    return ((*row, *empty[len(row) :]) for row in rows)


def _paragraphs(text: str) -> Iterator[list[str]]:
    lines: list[str] = []
    for line in text.splitlines():
        if line:
            lines.append(line)
        elif lines:
            yield lines
            lines = []
    if lines:
        yield lines


def _fill_paragraph(wrapper: TextWrapper, lines: list[str]) -> str:
    first = lines[0].lstrip()
    indent = term_len(lines[0]) - term_len(first)
    if indent:
        wrapper = wrapper.indented(" " * indent)
    if lines[0].strip() == "\b":
        return wrapper.indent_only("\n".join(lines[1:]))
    return wrapper.fill(" ".join([first, *lines[1:]]) if len(lines) > 1 else first)


class _Scope:
    """A ``with`` block of a formatter: something is done on the way in, and undone on the way out."""

    __slots__ = ("enter", "leave")

    def __init__(self, enter: tuple[Callable[[], None], ...], leave: tuple[Callable[[], None], ...]) -> None:
        self.enter = enter
        self.leave = leave

    def __enter__(self) -> None:
        for step in self.enter:
            step()

    def __exit__(
        self, exc_type: type[BaseException] | None, exc_value: BaseException | None, tb: TracebackType | None
    ) -> None:
        for step in self.leave:
            step()


class HelpFormatter:
    """Builds a help page.

    :param indent_increment: columns of each level of indentation.
    :param width: columns of the page; by default those of the terminal, between 50 and ``max_width``, less two.
    :param max_width: the most columns that the default takes, 80 by default; 0 means as wide as the terminal.
    """

    def __init__(self, indent_increment: int = 2, width: int | None = None, max_width: int | None = None) -> None:
        self.indent_increment = indent_increment
        if width is None:
            width = FORCED_WIDTH
        self.width = _automatic_width(80 if max_width is None else max_width) if width is None else width
        self.current_indent: int = 0
        self.buffer: list[str] = []

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the usage line.

        :param prog: the program and its commands.
        :param args: the pieces that stand for options and arguments.
        :param prefix: the word before it, ``Usage:`` by default.
        """
        if prefix is None:
            prefix = f"{_('Usage:')} "
        start = f"{prefix:>{self.current_indent}}{prog} "
        if not args:
            self.write(f"{start.rstrip(' ')}\n")
            return
        width = self.width - self.current_indent
        start_width = term_len(start)
        if width >= start_width + 20:
            # The arguments go beside the name, and their lines begin below each other.
            self.write(wrap_text(args, width, start, " " * start_width))
        else:
            # A long name has its own line.
            below = " " * (max(self.current_indent, term_len(prefix)) + 4)
            self.write(f"{start}\n")
            self.write(wrap_text(args, width, below, below))
        self.write("\n")

    def write_heading(self, heading: str) -> None:
        """Write a heading.

        :param heading: the heading without its colon.
        """
        self.write(f"{'':>{self.current_indent}}{heading}:\n")

    def write_text(self, text: str) -> None:
        """Write paragraphs, filled and indented.

        :param text: as for :func:`wrap_text`.
        """
        indent = " " * self.current_indent
        filled = wrap_text(text, max(self.width, 11), indent, indent, preserve_paragraphs=True)
        self.write(f"{filled}\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Write a definition list: terms on the left, explanations on the right.

        :param rows: pairs of a term and its explanation.
        :param col_max: the widest term that has its explanation beside it; that of a wider one begins below.
        :param col_spacing: columns between the two.
        :raises TypeError: a row has another number of cells.
        """
        rows = list(rows)
        widths = measure_table(rows)
        if len(widths) != 2:
            raise TypeError(f"A definition list has rows of two cells, not {len(widths)}.")
        left = min(widths[0], col_max) + col_spacing
        right = max(self.width - left - 2, 10)
        margin = " " * self.current_indent
        for term, explanation in iter_rows(rows, 2):
            self.write(f"{margin}{term}")
            if explanation:
                width = term_len(term)
                gap = " " * (left - width) if width <= left - col_spacing else "\n" + " " * (left + self.current_indent)
                self.write(gap)
                self._write_cell(wrap_text(explanation, right, preserve_paragraphs=True), left + self.current_indent)
            self.write("\n")

    def write_paragraph(self) -> None:
        """End a paragraph: leave a line empty, unless the page is empty."""
        if self.buffer:
            self.write("\n")

    def write(self, string: str) -> None:
        """Write text as it is.

        :param string: the text.
        """
        self.buffer.append(string)

    def _write_cell(self, text: str, indent: int) -> None:
        if "\n" not in text:
            self.write(text)
            return
        first, *others = text.splitlines()
        self.write(first)
        for line in others:
            self.write(f"\n{' ' * indent}{line}")

    def section(self, name: str) -> _Scope:
        """Write a heading, and indent what is written in the ``with`` block.

        :param name: the heading.
        """
        return _Scope((self.write_paragraph, lambda: self.write_heading(name), self.indent), (self.dedent,))

    def indent(self) -> None:
        """Indent what follows one level further."""
        self.current_indent += self.indent_increment

    def dedent(self) -> None:
        """Indent what follows one level less."""
        self.current_indent -= self.indent_increment

    def indentation(self) -> _Scope:
        """Indent what is written in the ``with`` block."""
        return _Scope((self.indent,), (self.dedent,))

    def getvalue(self) -> str:
        """Return the page."""
        return "".join(self.buffer)


def terminal_columns() -> int:
    """Return the columns of the terminal: ``COLUMNS``, or what standard output's terminal says, or 80."""
    try:
        columns = int(os.environ.get("COLUMNS", "0"))
    except ValueError:
        columns = 0
    if columns <= 0:
        try:
            columns = os.get_terminal_size(sys.__stdout__.fileno()).columns  # type: ignore[union-attr]
        except (AttributeError, ValueError, OSError):
            columns = 0
    return columns if columns > 0 else 80


def _automatic_width(max_width: int) -> int:
    columns = terminal_columns()
    return max((min(columns, max_width) if max_width else columns) - 2, 50)


__getattr__ = deprecated_names(__name__, {}, lazy={"Formatter": ("dray.cli_kit._formatter", "Formatter")})
