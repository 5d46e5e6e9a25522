"""Fill text into lines of a given number of terminal columns.

Breaks where :mod:`textwrap` breaks (white space, hyphens between letters, dashes between words), but measures columns,
not characters: escape sequences take none and are never cut, wide characters take two. Every step goes forward through
the text once, so the time is linear in its length. It must not know help pages.
"""

from __future__ import annotations

from ._ansi import char_width, split_ansi, term_len
from ._utils import TYPE_CHECKING, lazy_module

if TYPE_CHECKING:
    import re
else:
    re = lazy_module("re")

__all__ = ["TextWrapper"]

# The white space of textwrap: a no-break space doesn't break.
_SPACES = "\t\n\x0b\x0c\r "
_WORD_PUNCTUATION = "_!\"'&.,?"


def _is_letter(char: str) -> bool:
    return char == "_" or (char.isalnum() and not char.isdecimal())


def _may_break_after(word: str, index: int) -> bool:
    """Say whether a line may end after the single hyphen at an index: two letters before, two letters after."""
    after = word[index + 1 : index + 4]
    if not after or not _is_letter(after[0]):
        return False
    second = after[2:3] if after[1:2] == "-" else after[1:2]
    if not second or not _is_letter(second):
        return False
    if index < 2 or not _is_letter(word[index - 1]):
        return False
    before = word[index - 2]
    return _is_letter(before) or (before == "-" and index >= 3 and _is_letter(word[index - 3]))


def split_hyphens(word: str) -> list[str]:
    """Cut a word where a line may end inside it.

    :param word: text without white space.
    :return: the pieces: after a hyphen between letters, and around a dash (two hyphens or more) between words.
    """
    cuts = []
    start = word.find("-")
    while start != -1:
        end = start + 1
        while word[end : end + 1] == "-":
            end += 1
        before, after = word[start - 1 : start], word[end : end + 1]
        if end - start > 1:
            if (before.isalnum() or (before and before in _WORD_PUNCTUATION)) and (after.isalnum() or after == "_"):
                cuts += [start, end]
        elif _may_break_after(word, start):
            cuts.append(end)
        start = word.find("-", end)
    if not cuts:
        return [word]
    edges = [0, *cuts, len(word)]
    return [word[a:b] for a, b in zip(edges, edges[1:], strict=False) if b > a]


def split_chunks(text: str) -> list[str]:
    """Cut a text into words, pieces of hyphenated words, and the white space between them.

    :param text: the text.
    :return: the chunks; joined they are the text.
    """
    if any(space in text for space in "\t\n\x0b\x0c\r"):
        pieces = [piece for piece in re.split(f"([{_SPACES}]+)", text) if piece]
    else:
        pieces = _split_blanks(text)
    chunks: list[str] = []
    for piece in pieces:
        if "-" in piece:
            chunks += split_hyphens(piece)
        else:
            chunks.append(piece)
    return chunks


def _split_blanks(text: str) -> list[str]:
    pieces: list[str] = []
    blanks = 0
    for word in text.split(" "):
        if word:
            if blanks:
                pieces.append(" " * blanks)
            pieces.append(word)
            blanks = 1
        else:
            blanks += 1
    if blanks > 1:
        pieces.append(" " * (blanks - 1))
    return pieces


class _LongWord:
    """A word that is longer than a line, taken piece by piece.

    :param word: the word.
    """

    def __init__(self, word: str) -> None:
        self.left = term_len(word)
        self.plain = word.isascii() and "\x1b" not in word
        self.word = word
        self.units: list[tuple[str, int]] = []
        if not self.plain:
            for piece, is_sequence in split_ansi(word):
                self.units += [(piece, 0)] if is_sequence else [(char, char_width(char)) for char in piece]
        self.position = 0

    def take(self, room: int) -> str:
        """Return the next piece of at most ``room`` columns, but at least one character.

        :param room: columns.
        """
        if self.plain:
            piece = self.word[self.position : self.position + room]
            self.position += len(piece)
            self.left -= len(piece)
            return piece
        return self._take_units(room)

    def _take_units(self, room: int) -> str:
        taken, width = [], 0
        while self.position < len(self.units):
            unit, columns = self.units[self.position]
            if width + columns > room and width:
                break
            taken.append(unit)
            width += columns
            self.position += 1
        self.left -= width
        return "".join(taken)


class _Lines:
    """Lines that are filled chunk by chunk.

    :param width: columns of a line, indentation included.
    :param indents: the indentation of the first line and of the others.
    """

    def __init__(self, width: int, indents: tuple[str, str]) -> None:
        self.indents = indents
        self.rooms = width - term_len(indents[0]), width - term_len(indents[1])
        self.lines: list[str] = []
        self.current: list[str] = []
        self.room = self.rooms[0]
        self.used = 0

    def add(self, chunk: str) -> None:
        """Add a word or white space, on the next line if it doesn't fit on this one."""
        width = term_len(chunk)
        if not chunk.strip():
            self._add_blanks(chunk, width)
            return
        if self.used + width > self.room:
            if width <= self.room:
                self.end_line()
            if width > self.room:
                self._add_long(chunk)
                return
        self.current.append(chunk)
        self.used += width

    def _add_blanks(self, chunk: str, width: int) -> None:
        if not self.current and self.lines:
            return  # a line doesn't begin with the space that ended the last one
        if self.used + width > self.room:
            self.end_line()
            if self.lines:
                return
            # Space before the first word is an indentation; of too much of it, what is left after whole lines.
            width = (width - 1) % self.room + 1 if self.room > 0 else 0
            chunk = chunk[len(chunk) - width :]
        self.current.append(chunk)
        self.used += width

    def _add_long(self, chunk: str) -> None:
        word = _LongWord(chunk)
        if self.room > self.used or not self.current:
            self.current.append(word.take(max(self.room - self.used, 1)))
        self.end_line()
        while word.left > self.room and word.left:
            self.current.append(word.take(max(self.room, 1)))
            self.end_line()
        if word.left:
            self.used = word.left
            self.current.append(word.take(max(self.room, 1)))

    def end_line(self) -> None:
        """Finish the current line, without the white space at its end."""
        if self.current and not self.current[-1].strip():
            self.current.pop()
        if self.current:
            self.lines.append(self.indents[bool(self.lines)] + "".join(self.current))
        self.current = []
        self.used = 0
        self.room = self.rooms[bool(self.lines)]


class TextWrapper:
    """Fills paragraphs.

    :param width: columns of a line, indentation included.
    :param initial_indent: before the first line.
    :param subsequent_indent: before the other lines.
    """

    def __init__(self, width: int = 70, initial_indent: str = "", subsequent_indent: str = "") -> None:
        self.width = width
        self.initial_indent = initial_indent
        self.subsequent_indent = subsequent_indent

    def fill(self, text: str) -> str:
        """Return a paragraph as lines joined by line breaks.

        :param text: the paragraph.
        :raises ValueError: the width is no positive number.
        """
        # What fits needs no cutting: most help texts are one short line.
        if text and len(text) + len(self.initial_indent) <= self.width and text.isascii() and text[-1] not in _SPACES:
            return self.initial_indent + text
        return "\n".join(self.wrap(text))

    def wrap(self, text: str) -> list[str]:
        """Return a paragraph as lines.

        :param text: the paragraph.
        :raises ValueError: the width is no positive number.
        """
        if self.width <= 0:
            raise ValueError(f"Lines need at least one column, the width is {self.width}.")
        lines = _Lines(self.width, (self.initial_indent, self.subsequent_indent))
        for chunk in split_chunks(text):
            lines.add(chunk)
        lines.end_line()
        return lines.lines

    def indented(self, indent: str) -> TextWrapper:
        """Return a wrapper that indents further.

        :param indent: what to add to both indentations.
        """
        return TextWrapper(self.width, self.initial_indent + indent, self.subsequent_indent + indent)

    def indent_only(self, text: str) -> str:
        """Indent the lines of a text without filling them.

        :param text: the lines.
        """
        indents = (self.initial_indent, self.subsequent_indent)
        return "\n".join(f"{indents[bool(number)]}{line}" for number, line in enumerate(text.splitlines()))
