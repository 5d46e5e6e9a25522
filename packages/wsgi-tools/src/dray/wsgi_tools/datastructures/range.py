"""``Range``, ``If-Range`` and ``Content-Range`` as objects (RFC 9110 sections 13.1.5, 14.2 and 14.4).

The arithmetic is in ``_http.ranges``; here it gets state, and somebody who hears of changes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Generic, TypeVar, cast, overload

from .._http.conditional import parse_if_range
from .._http.dates import http_date
from .._http.quoting import quote_etag
from .._http.ranges import (
    dump_content_range,
    dump_ranges,
    is_byte_range_valid,
    parse_content_range,
    parse_ranges,
    range_for_length,
)

if TYPE_CHECKING:
    from typing import Self

T = TypeVar("T")


class IfRange:
    """The condition of an ``If-Range`` header: an entity tag or a date, never both.

    :param etag: the tag, without quotes. A weak one can't stand here.
    :param date: the date.
    """

    def __init__(self, etag: str | None = None, date: datetime | None = None) -> None:
        #: The entity tag, ``None`` if the condition is a date.
        self.etag = etag
        #: The date, ``None`` if the condition is a tag.
        self.date = date

    @classmethod
    def from_header(cls, value: str | None) -> Self:
        """Read a header's value; ``None`` makes an empty condition."""
        return cls(*parse_if_range(value))

    def to_header(self) -> str:
        """Write the header's value."""
        if self.date is not None:
            return http_date(self.date)

        if self.etag is None:
            return ""

        # A tag with quotes inside can only have come from a header; it goes out as it came, and matches nothing.
        return self.etag if '"' in self.etag else quote_etag(self.etag)

    def __str__(self) -> str:
        return self.to_header()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {str(self)!r}>"


class Range:
    """The ranges that a client asks for.

    :param units: the unit, ``"bytes"`` in practice.
    :param ranges: half-open ranges ``(start, stop)``. ``stop`` is ``None`` for one that goes to the end; a negative
        start counts from there.
    :raises ValueError: if a range isn't valid.
    """

    def __init__(self, units: str, ranges: Sequence[tuple[int, int | None]]) -> None:
        self.units = units
        self.ranges = ranges

        for start, stop in ranges:
            if stop is not None and not 0 <= start < stop:
                raise ValueError(f"{(start, stop)} is not a valid range")

    @classmethod
    def from_header(cls, value: str | None) -> Self | None:
        """Read a header's value; ``None`` if it isn't a range."""
        parsed = parse_ranges(value) if value else None
        return None if parsed is None else cls(*parsed)

    def range_for_length(self, length: int | None) -> tuple[int, int] | None:
        """Give the bytes that are asked for, of content of a known length.

        :return: ``(start, stop)``; ``None`` if the range can't be satisfied, isn't in bytes, or there are several.
        """
        return range_for_length(self.units, self.ranges, length)

    def make_content_range(self, length: int | None) -> ContentRange | None:
        """Make the ``Content-Range`` that answers this, see :meth:`range_for_length`."""
        found = self.range_for_length(length)
        return None if found is None else ContentRange(self.units, found[0], found[1], length)

    def to_header(self) -> str:
        """Write the header's value."""
        return dump_ranges(self.units, self.ranges)

    def to_content_range_header(self, length: int | None) -> str | None:
        """Write the value of the ``Content-Range`` that answers this, see :meth:`range_for_length`."""
        found = self.range_for_length(length)
        return None if found is None else dump_content_range(self.units, found[0], found[1], length)

    def __str__(self) -> str:
        return self.to_header()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {str(self)!r}>"


class _CallbackProperty(Generic[T]):
    """An attribute whose assignment is told to ``on_update``."""

    def __set_name__(self, owner: type, name: str) -> None:
        self._attribute = f"_{name}"

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...

    @overload
    def __get__(self, instance: ContentRange, owner: type) -> T: ...

    def __get__(self, instance: ContentRange | None, owner: type) -> Self | T:
        if instance is None:
            return self

        return cast("T", getattr(instance, self._attribute))

    def __set__(self, instance: ContentRange, value: T) -> None:
        setattr(instance, self._attribute, value)
        instance._changed()


class ContentRange:
    """The part of the content that a response carries.

    :param units: the unit; ``None`` for no header at all.
    :param start: first position; ``None`` for a range that couldn't be satisfied.
    :param stop: position behind the last one.
    :param length: length of the whole content; ``None`` if unknown.
    :param on_update: called with the object after each change.
    :raises ValueError: if the range isn't valid.
    """

    units = _CallbackProperty["str | None"]()
    start = _CallbackProperty["int | None"]()
    stop = _CallbackProperty["int | None"]()
    length = _CallbackProperty["int | None"]()

    def __init__(
        self,
        units: str | None,
        start: int | None,
        stop: int | None,
        length: int | None = None,
        on_update: Callable[[ContentRange], None] | None = None,
    ) -> None:
        self.on_update = on_update
        self.set(start, stop, length, units)

    @classmethod
    def from_header(cls, value: str | None, on_update: Callable[[ContentRange], None] | None = None) -> Self | None:
        """Read a header's value; ``None`` if it isn't a content range."""
        parsed = parse_content_range(value) if value else None
        return None if parsed is None else cls(*parsed, on_update=on_update)

    def _changed(self) -> None:
        if self.on_update is not None:
            self.on_update(self)

    def set(
        self,
        start: int | None,
        stop: int | None,
        length: int | None = None,
        units: str | None = "bytes",
    ) -> None:
        """Change everything at once.

        :raises ValueError: if the range isn't valid.
        """
        if not is_byte_range_valid(start, stop, length):
            raise ValueError(f"not a valid content range: {start}-{stop}/{length}")

        self._units: str | None = units
        self._start: int | None = start
        self._stop: int | None = stop
        self._length: int | None = length
        self._changed()

    def unset(self) -> None:
        """Make it empty, so that the header is removed."""
        self.set(None, None, units=None)

    def to_header(self) -> str:
        """Write the header's value; an empty one for no unit."""
        return dump_content_range(self._units, self._start, self._stop, self._length)

    def __bool__(self) -> bool:
        return self._units is not None

    def __str__(self) -> str:
        return self.to_header()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {str(self)!r}>"
