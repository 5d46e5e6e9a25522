"""Converters: how the text of one variable of a rule becomes a value, and a value becomes text again.

Each knows a regular expression, a weight (lighter ones are tried first), and two functions. None of them knows rules,
or how matching is done.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from .._quoting import quote_path

if TYPE_CHECKING:
    import uuid

    from .map import Map


_Limit = float | None


class ValidationError(ValueError):
    """A converter doesn't take this text: the rule doesn't match, and the next one is tried."""


class BaseConverter:
    """Base of all converters; by itself it takes one path segment as text.

    A subclass sets ``regex`` and ``weight`` and overrides :meth:`to_python` and :meth:`to_url` as needed.
    ``part_isolating`` says that a value never holds a slash; it is worked out when a subclass sets only ``regex``.

    :param map: The map that the rule belongs to.
    """

    regex = "[^/]+"
    weight = 100
    part_isolating = True

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "regex" in cls.__dict__ and "part_isolating" not in cls.__dict__:
            cls.part_isolating = "/" not in cls.regex.replace("[^/]", "")

    def __init__(self, map: Map, *args: Any, **kwargs: Any) -> None:
        self.map = map

    def to_python(self, value: str) -> Any:
        """Convert the text of a URL, already percent-decoded.

        :raises ValidationError: The text isn't one of this converter's values.
        """
        return value

    def to_url(self, value: Any) -> str:
        """Convert a value to percent-encoded text for a URL."""
        return quote_path(str(value))


class UnicodeConverter(BaseConverter):
    """Text without a slash; the default converter, also named ``string``.

    :param minlength: The least number of characters.
    :param maxlength: The largest, if any.
    :param length: The exact number of characters, in place of the other two.
    """

    def __init__(self, map: Map, minlength: int = 1, maxlength: int | None = None, length: int | None = None) -> None:
        super().__init__(map)
        if length is not None:
            count = f"{int(length)}"
        else:
            count = f"{int(minlength)},{'' if maxlength is None else int(maxlength)}"
        self.regex = f"[^/]{{{count}}}"


class AnyConverter(BaseConverter):
    """One of the given texts.

    :param items: The texts; anything else is converted with :class:`str`.
    """

    def __init__(self, map: Map, *items: str) -> None:
        super().__init__(map)
        texts = [str(item) for item in items]
        self.items = set(texts)
        self.regex = f"(?:{'|'.join(_alternatives(texts))})"
        if any("/" in text for text in texts):
            self.part_isolating = False

    def to_url(self, value: Any) -> str:
        """Return the text if it is one of the items.

        :raises ValueError: It isn't.
        """
        text = str(value)
        if text in self.items:
            return quote_path(text)
        known = ", ".join(repr(item) for item in sorted(self.items))
        raise ValueError(f"{text!r} is not one of {known}")


def _alternatives(texts: list[str]) -> list[str]:
    """Escape texts for a regular expression, longest first so that no alternative hides a longer one."""
    return [re.escape(text) for text in sorted(texts, key=len, reverse=True)]


class PathConverter(BaseConverter):
    """Text with slashes, that doesn't begin with one."""

    part_isolating = False
    regex = "[^/].*?"
    weight = 200


class NumberConverter(BaseConverter):
    """Base of the converters for numbers.

    :param fixed_digits: The exact number of digits; URLs are padded with zeros to it.
    :param min: The least value.
    :param max: The largest value.
    :param signed: Whether a minus sign is taken.
    """

    num_convert: Callable[[Any], Any] = int
    weight = 50

    def __init__(
        self, map: Map, fixed_digits: int = 0, min: _Limit = None, max: _Limit = None, signed: bool = False
    ) -> None:
        super().__init__(map)
        self.signed = signed
        self.min, self.max = min, max
        self.fixed_digits = fixed_digits
        if signed:
            self.regex = self.signed_regex

    def to_python(self, value: str) -> Any:
        """Convert digits to a number.

        :raises ValidationError: Wrong number of digits, out of range, or more digits than Python converts (4300).
        """
        if self.fixed_digits and len(value) != self.fixed_digits:
            raise ValidationError(f"{len(value)} digits where {self.fixed_digits} are expected")
        try:
            number = self.num_convert(value)
        except ValueError as error:
            raise ValidationError(str(error)) from None
        if (self.min is not None and number < self.min) or (self.max is not None and number > self.max):
            raise ValidationError(f"{number} is not between {self.min} and {self.max}")
        return number

    def to_url(self, value: Any) -> str:
        """Convert a number to digits, padded when the number of digits is fixed."""
        text = str(self.num_convert(value))
        return text.zfill(self.fixed_digits) if self.fixed_digits else text

    @property
    def signed_regex(self) -> str:
        """The regular expression with an optional minus sign."""
        return "-?" + self.regex


class IntegerConverter(NumberConverter):
    """A whole number: decimal digits."""

    regex = r"\d+"


class FloatConverter(NumberConverter):
    """A number with a decimal point and digits on both sides of it.

    :param min: The least value.
    :param max: The largest value.
    :param signed: Whether a minus sign is taken.
    """

    num_convert = float
    regex = r"\d+\.\d+"

    def __init__(self, map: Map, min: _Limit = None, max: _Limit = None, signed: bool = False) -> None:
        super().__init__(map, 0, min, max, signed)


class UUIDConverter(BaseConverter):
    """A UUID in its usual form of five groups of hexadecimal digits (RFC 9562)."""

    regex = "-".join(f"[A-Fa-f0-9]{{{count}}}" for count in (8, 4, 4, 4, 12))

    def to_python(self, value: str) -> uuid.UUID:
        """Convert the text to a :class:`uuid.UUID`."""
        from uuid import UUID  # noqa: PLC0415 - 5 ms at start-up for a converter that few maps use

        return UUID(hex=value)

    def to_url(self, value: uuid.UUID) -> str:
        """Write the UUID in lower case."""
        return f"{value}"


#: The converters that every map knows, by the name that rules use.
DEFAULT_CONVERTERS: Mapping[str, type[BaseConverter]] = {
    **dict.fromkeys(("default", "string"), UnicodeConverter),
    "any": AnyConverter,
    "path": PathConverter,
    "int": IntegerConverter,
    "float": FloatConverter,
    "uuid": UUIDConverter,
}
