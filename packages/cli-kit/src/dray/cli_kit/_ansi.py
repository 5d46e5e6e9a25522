"""Colours and styles of terminals as pure strings: make them, remove them, measure what is visible.

Sequences follow ECMA-48 (control sequences) and its operating system commands; widths follow Unicode Standard Annex 11.
It must not know streams or contexts.
"""

from __future__ import annotations

from ._utils import TYPE_CHECKING, lazy_module
from ._utils import gettext as _

if TYPE_CHECKING:
    import re
    import unicodedata
    from typing import Any
else:
    re = lazy_module("re")
    unicodedata = lazy_module("unicodedata")

__all__ = ["ANSI_RESET", "COLORS", "interpret_color", "strip_ansi", "style_text", "term_len"]

_NAMES = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
#: Colour name -> code of the foreground colour (SGR 30-37, 39, 90-97); backgrounds are ten higher.
COLORS: dict[str, int] = {
    **{name: 30 + index for index, name in enumerate(_NAMES)},
    "reset": 39,
    **{f"bright_{name}": 90 + index for index, name in enumerate(_NAMES)},
}
ANSI_RESET = "\033[0m"

# Attribute -> (code that switches it on, code that switches it off); SGR of ECMA-48, 8.3.117.
_ATTRIBUTES = {
    "bold": (1, 22),
    "dim": (2, 22),
    "underline": (4, 24),
    "overline": (53, 55),
    "italic": (3, 23),
    "blink": (5, 25),
    "reverse": (7, 27),
    "strikethrough": (9, 29),
}

# CSI with either introducer, parameter bytes, intermediate bytes and a final byte (ECMA-48, 5.4); operating system
# commands up to BEL or ST, a title for example; and the remaining escapes (5.3.3, 5.5.1). Every part is a class of
# characters that the next part can't match, so a search never goes back.
_SEQUENCE = (
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|\x1b[\]PX^_][^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)"
    r"|\x1b[ -/]+[0-~]"
    r"|\x1b[0-OQ-WYZ\\`-~]"
)
_compiled: list[re.Pattern[str]] = []


def _pattern() -> re.Pattern[str]:
    if not _compiled:
        _compiled.append(re.compile(_SEQUENCE))
    return _compiled[0]


def strip_ansi(value: str) -> str:
    """Remove escape sequences from a text.

    :param value: any text.
    :return: the text without control sequences, operating system commands and two-character escapes.
    """
    if "\x1b" not in value and "\x9b" not in value:
        return value
    return _pattern().sub("", value)


def split_ansi(value: str) -> list[tuple[str, bool]]:
    """Cut a text into visible pieces and escape sequences.

    :param value: any text.
    :return: pairs of a piece and whether it is an escape sequence, in order; joined they are the text.
    """
    pieces: list[tuple[str, bool]] = []
    position = 0
    for match in _pattern().finditer(value):
        if match.start() > position:
            pieces.append((value[position : match.start()], False))
        pieces.append((match.group(), True))
        position = match.end()
    if position < len(value):
        pieces.append((value[position:], False))
    return pieces


def char_width(char: str) -> int:
    """Return the number of terminal columns of one character.

    Wide and full-width characters take two (UAX 11), combining marks and format characters none.

    :param char: one character.
    """
    if char < "\u0300":
        return 0 if char == "\u00ad" else 1
    if unicodedata.combining(char) or unicodedata.category(char) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def term_len(value: str) -> int:
    """Return the number of terminal columns that a text takes.

    :param value: any text without line breaks, escape sequences included.
    :return: columns; escape sequences count nothing, wide characters two.
    """
    if value.isascii() and "\x1b" not in value:
        return len(value)
    return sum(map(char_width, strip_ansi(value)))


def interpret_color(color: object, offset: int = 0) -> str:
    """Translate a colour to the parameters of an SGR sequence.

    :param color: a name, an index of the 256-colour palette, or red, green and blue of 0-255 each.
    :param offset: 10 for background colours.
    :return: the parameters, ``38;5;9`` for example.
    :raises ValueError: there is no such colour.
    """
    if isinstance(color, str) and color in COLORS:
        return str(COLORS[color] + offset)
    if type(color) is int and 0 <= color <= 255:
        return f"{38 + offset};5;{color}"
    if isinstance(color, (tuple, list)) and len(color) == 3 and all(type(c) is int and 0 <= c <= 255 for c in color):
        return f"{38 + offset};2;{color[0]};{color[1]};{color[2]}"
    raise ValueError(_("Unknown color {colour!r}").format(colour=color))


def style_text(text: str, fg: Any, bg: Any, attributes: dict[str, bool | None], reset: bool) -> str:
    """Put the sequences of a style before a text.

    :param text: the text.
    :param fg: the foreground colour or None.
    :param bg: the background colour or None.
    :param attributes: attribute name -> switched on, switched off, or left alone (None).
    :param reset: end the style after the text.
    :return: the styled text.
    :raises ValueError: there is no such colour.
    """
    codes = []
    if fg is not None:
        codes.append(interpret_color(fg))
    if bg is not None:
        codes.append(interpret_color(bg, 10))
    for name, (on, off) in _ATTRIBUTES.items():
        wanted = attributes.get(name)
        if wanted is not None:
            codes.append(str(on if wanted else off))
    start = "".join(f"\033[{code}m" for code in codes)
    return f"{start}{text}{ANSI_RESET if reset else ''}"
