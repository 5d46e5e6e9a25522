"""Formatting that escapes what it inserts: ``str.format``, the ``%`` operator, and t-strings.

All of it takes the ``escape`` function as an argument and knows nothing of ``Markup``.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Mapping
from functools import lru_cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Escape = Callable[[Any], str]

#: A ``%`` format whose fields are plain: they can be given escaped text.
_PLAIN_PERCENT = re.compile(r"(?:[^%]|%[sd%])*")
#: A ``{}`` format whose fields are plain: a position or a name, no attribute, conversion or specification.
_PLAIN_FIELDS = re.compile(r"((?:[^{}]|\{\{|\}\})*)(?:\{([0-9]*|[A-Za-z_][A-Za-z0-9_]*)\}|$)")


@lru_cache(maxsize=256)
def is_plain_percent(text: str) -> bool:
    """Tell whether a ``%`` format has nothing but ``%s``, ``%d`` and ``%%``."""
    return _PLAIN_PERCENT.fullmatch(text) is not None


@lru_cache(maxsize=256)
def plain_fields(text: str) -> tuple[tuple[str, str | int | None], ...] | None:
    """Take a plain ``{}`` format apart.

    :return: pairs of the text before a field and the field: a position, a name, or ``None`` behind the last one; or
        ``None`` where the format isn't plain.
    """
    pieces: list[tuple[str, str | int | None]] = []
    at, automatic, manual = 0, 0, False
    while at < len(text):
        match = _PLAIN_FIELDS.match(text, at)
        if match is None:
            return None
        before, field = match[1].replace("{{", "{").replace("}}", "}"), match[2]
        at = match.end()
        if field is None:
            pieces.append((before, None))
        elif field == "":
            pieces.append((before, automatic))
            automatic += 1
        elif field.isdecimal():
            pieces.append((before, int(field)))
            manual = True
        else:
            pieces.append((before, field))
    # Mixing {} and {0} is an error that the formatter raises.
    return None if automatic and manual else tuple(pieces)


def format_template(template: Any, formatter: EscapeFormatter) -> str:
    """Render a t-string: its literal parts are safe, what is inserted is escaped.

    Source: PEP 750. Conversions and format specifications mean what they mean in ``str.format``.

    :param template: gives text and interpolations when iterated.
    """
    parts: list[str] = []
    for part in template:
        if isinstance(part, str):
            parts.append(part)
        else:
            value = formatter.convert_field(part.value, part.conversion)
            parts.append(formatter.format_field(value, part.format_spec))
    return "".join(parts)


class EscapeFormatter(string.Formatter):
    """A :class:`string.Formatter` that escapes every field it inserts.

    :param escape: turns a formatted field into safe text.
    """

    __slots__ = ("escape",)

    def __init__(self, escape: Escape) -> None:
        self.escape = escape
        super().__init__()

    def format_field(self, value: Any, format_spec: str) -> str:
        """Format one field, by ``__html_format__``, ``__html__`` or ``__format__``, in this order.

        :raises ValueError: for a format specification on a value that has ``__html__`` but not
            ``__html_format__``: what the specification means for markup only the value can say.
        """
        if hasattr(value, "__html_format__"):
            return str(self.escape(value.__html_format__(format_spec)))
        if hasattr(value, "__html__"):
            if format_spec:
                raise ValueError(
                    f"Format specifier {format_spec} given, but {type(value)} does not define __html_format__:"
                    " a class with __html__ needs it to say what a format specifier means."
                )
            return str(self.escape(value.__html__()))
        # Not the format() built-in: it would refuse str subclasses that override __format__ for their own use.
        return str(self.escape(super().format_field(value, str(format_spec))))


class PercentArgument:
    """One argument of ``%``: it escapes itself when it is turned into text, and stays a number otherwise.

    :param value: the argument as the caller gave it.
    :param escape: turns text into safe text.
    """

    __slots__ = ("escape", "value")

    def __init__(self, value: Any, escape: Escape) -> None:
        self.value = value
        self.escape = escape

    def __getitem__(self, key: Any) -> PercentArgument:
        return PercentArgument(self.value[key], self.escape)

    def __str__(self) -> str:
        return str(self.escape(self.value))

    def __repr__(self) -> str:
        return str(self.escape(repr(self.value)))

    def __int__(self) -> int:
        return int(self.value)

    def __float__(self) -> float:
        return float(self.value)


def percent_arguments(value: Any, escape: Escape) -> Any:
    """Wrap the right side of ``%`` so that each argument escapes itself.

    :param value: a tuple of arguments, a mapping of named arguments, or one argument.
    """
    if isinstance(value, tuple):
        return tuple(PercentArgument(item, escape) for item in value)
    if isinstance(value, Mapping) or (hasattr(type(value), "__getitem__") and not isinstance(value, str)):
        return PercentArgument(value, escape)
    return (PercentArgument(value, escape),)
