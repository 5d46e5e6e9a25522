"""Lines and words: splitting a command line as a shell does, although it isn't finished; help texts on one line.

It must not know commands.
"""

from __future__ import annotations

__all__ = ["one_line", "split_arg_string"]

_SPACES = " \t\r\n"


def one_line(text: str | None) -> str:
    """Return a help text on one line.

    :param text: the text, or None.
    """
    return " ".join((text or "").split())


def split_arg_string(string: str) -> list[str]:
    r"""Split a command line into words.

    Quoting follows POSIX (Shell Command Language, 2.2): ``'...'`` is literal, in ``"..."`` a backslash escapes ``"``
    and ``\``, elsewhere it escapes any character. A quotation that isn't closed, or a backslash at the end, ends with
    the text.

    :param string: the command line.
    :return: its words; the time is linear in its length.
    """
    words: list[str] = []
    # The characters of the current word, or None between words: '' is a word too.
    word: list[str] | None = None
    position, length = 0, len(string)
    while position < length:
        char = string[position]
        if char in _SPACES:
            if word is not None:
                words.append("".join(word))
            word = None
            position += 1
            continue
        word = [] if word is None else word
        position = _QUOTES.get(char, _take_plain)(string, position, word)
    if word is not None:
        words.append("".join(word))
    return words


def _take_plain(string: str, position: int, word: list[str]) -> int:
    word.append(string[position])
    return position + 1


def _take_escaped(string: str, position: int, word: list[str]) -> int:
    word.append(string[position + 1 : position + 2])
    return position + 2


def _take_literal(string: str, position: int, word: list[str]) -> int:
    end = string.find("'", position + 1)
    end = len(string) if end == -1 else end
    word.append(string[position + 1 : end])
    return end + 1


def _take_double(string: str, position: int, word: list[str]) -> int:
    position += 1
    while position < len(string):
        char = string[position]
        if char == '"':
            return position + 1
        if char == "\\" and string[position + 1 : position + 2] in ('"', "\\", ""):
            position += 1
            char = string[position : position + 1]
        word.append(char)
        position += 1
    return position


_QUOTES = {"'": _take_literal, '"': _take_double, "\\": _take_escaped}
