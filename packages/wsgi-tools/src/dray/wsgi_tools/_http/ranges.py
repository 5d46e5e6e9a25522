"""The arithmetic of ``Range`` and ``Content-Range`` on plain tuples (RFC 9110 sections 14.1 to 14.4).

Positions are half open here, ``[start, stop)``, like slices; on the wire the last position is included.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from .tokens import OWS

_digits = re.compile(r"[0-9]++").fullmatch

#: A position has at most this many digits: more than any file has bytes, and cheap to convert.
_MAX_DIGITS = 40


def _position(text: str) -> int | None:
    text = text.strip(OWS)

    if len(text) > _MAX_DIGITS or _digits(text) is None:
        return None

    return int(text)


def parse_ranges(value: str) -> tuple[str, list[tuple[int, int | None]]] | None:
    """Read a ``Range`` header.

    ``ranges-specifier = range-unit "=" range-set`` (RFC 9110 section 14.1.1). Ranges must go up and not overlap.

    :return: the unit in lower case and the ranges; a suffix range is ``(-length, None)``. ``None`` when it isn't one.
    """
    unit, equals, text = value.partition("=")

    if not equals:
        return None

    ranges: list[tuple[int, int | None]] = []
    reached: int | None = 0

    for item in text.split(","):
        first, dash, last = item.strip().partition("-")

        if not dash or reached is None:
            return None  # nothing may follow an open or a suffix range

        parsed = _one_range(first.strip(OWS), last, reached)

        if parsed is None:
            return None

        reached = parsed[1]
        ranges.append(parsed)

    return unit.strip().lower(), ranges


def _one_range(first: str, last: str, reached: int) -> tuple[int, int | None] | None:
    if not first:
        length = _position(last) if last[:1] not in OWS else None
        return None if not length else (-length, None)

    start = _position(first)

    if start is None or start < reached:
        return None

    if not last.strip(OWS):
        return start, None

    end = _position(last)

    if end is None or end < start:
        return None

    return start, end + 1


def dump_ranges(unit: str, ranges: Sequence[tuple[int, int | None]]) -> str:
    """Write a ``Range`` header; the other way of :func:`parse_ranges`."""
    parts = []

    for start, stop in ranges:
        if stop is not None:
            parts.append(f"{start}-{stop - 1}")
        elif start < 0:
            parts.append(str(start))
        else:
            parts.append(f"{start}-")

    return f"{unit}={','.join(parts)}"


def range_for_length(unit: str, ranges: Sequence[tuple[int, int | None]], length: int | None) -> tuple[int, int] | None:
    """Give the bytes that a single byte range means for content of a known length.

    :return: ``(start, stop)``; ``None`` if it can't be satisfied, isn't in bytes, or there are several.
    """
    if unit != "bytes" or length is None or len(ranges) != 1:
        return None

    start, stop = ranges[0]

    if stop is None:
        stop = length

        if start < 0:
            # "If the selected representation is shorter than the specified suffix-length, the entire representation is
            # used." (RFC 9110 section 14.1.2)
            start = max(0, start + length)

    if not is_byte_range_valid(start, stop, length):
        return None

    return start, min(stop, length)


def parse_content_range(value: str) -> tuple[str, int | None, int | None, int | None] | None:
    """Read a ``Content-Range`` header (RFC 9110 section 14.4).

    :return: unit, start, stop and length; ``None`` for what is ``*``. ``None`` instead when it isn't one.
    """
    unit, space, rest = value.strip().partition(" ")
    text, slash, length_text = rest.strip().partition("/")

    if not (space and slash):
        return None

    length: int | None = None

    if length_text.strip() != "*":
        length = _position(length_text)

        if length is None:
            return None

    if text == "*":
        return unit, None, None, length

    first, dash, last = text.partition("-")
    start, end = _position(first), _position(last)

    if not dash or start is None or end is None or not is_byte_range_valid(start, end + 1, length):
        return None

    return unit, start, end + 1, length


def dump_content_range(unit: str | None, start: int | None, stop: int | None, length: int | None) -> str:
    """Write a ``Content-Range`` header; no unit makes an empty text."""
    if unit is None:
        return ""

    total = "*" if length is None else length

    if start is None or stop is None:
        return f"{unit} */{total}"

    return f"{unit} {start}-{stop - 1}/{total}"


def is_byte_range_valid(start: int | None, stop: int | None, length: int | None) -> bool:
    """Say whether a half-open range of bytes can stand in a ``Content-Range`` header.

    :param start: first position; ``None``, together with ``stop``, for an unknown range.
    :param stop: position behind the last one.
    :param length: length of the whole content, ``None`` when unknown.
    """
    if start is None or stop is None:
        return start is stop and (length is None or length >= 0)

    if not 0 <= start < stop:
        return False

    return length is None or start < length
