"""Formatting that escapes what it inserts: ``str.format`` and the ``%`` operator.

Both take the ``escape`` function as an argument and know nothing of ``Markup``.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Mapping
from typing import Any

Escape = Callable[[Any], str]


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
