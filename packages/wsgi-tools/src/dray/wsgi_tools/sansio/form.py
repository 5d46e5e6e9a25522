"""Forms as a push parser, and the limits that they have.

Bytes of either encoding go in, the same events come out. Where a file goes is none of its business.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Protocol

from ..datastructures import Headers
from ..urls import parse_pairs
from .body import check_length
from .multipart import (
    MAX_HEADER_SIZE,
    NEED_DATA,
    Data,
    Epilogue,
    Event,
    Field,
    MultipartDecoder,
)

MULTIPART = "multipart/form-data"
URLENCODED = "application/x-www-form-urlencoded"


class FormLimits:
    """The limits of a form. Each has a safe default, and the error of each names it.

    :param max_content_length: the longest body, in bytes; ``None`` for no limit.
    :param max_form_memory_size: the longest field of a multipart form that is no file, in bytes. A form of the other
        encoding is bounded by ``max_content_length``: it is one text.
    :param max_form_parts: the largest number of parts of a multipart form.
    :param max_header_size: the longest headers of a part of a multipart form, in bytes.
    """

    __slots__ = ("max_content_length", "max_form_memory_size", "max_form_parts", "max_header_size")

    def __init__(
        self,
        max_content_length: int | None = None,
        max_form_memory_size: int | None = 500_000,
        max_form_parts: int | None = 1000,
        max_header_size: int | None = MAX_HEADER_SIZE,
    ) -> None:
        self.max_content_length = max_content_length
        self.max_form_memory_size = max_form_memory_size
        self.max_form_parts = max_form_parts
        self.max_header_size = max_header_size

    def __repr__(self) -> str:
        values = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__slots__)
        return f"{type(self).__name__}({values})"

    def check_length(self, size: int | None) -> None:
        """Check the length of a body.

        :raises RequestEntityTooLarge: if it is over the limit.
        """
        check_length(size, self.max_content_length)


class FormParser(Protocol):
    """A push parser of a form."""

    def feed(self, data: bytes) -> Iterator[Event]:
        """Take in bytes and yield what they tell."""

    def finish(self) -> Iterator[Event]:
        """Take in the end and yield what it tells."""


class MultipartFormParser:
    """The push parser of ``multipart/form-data`` (RFC 7578).

    :param boundary: the boundary, without dashes.
    :param limits: the limits.
    """

    def __init__(self, boundary: bytes, limits: FormLimits) -> None:
        self._decoder = MultipartDecoder(
            boundary,
            limits.max_form_memory_size,
            max_parts=limits.max_form_parts,
            max_header_size=limits.max_header_size,
        )

    def _events(self) -> Iterator[Event]:
        next_event = self._decoder.next_event

        while (event := next_event()) is not NEED_DATA:
            yield event

            if type(event) is Epilogue:
                return

    def feed(self, data: bytes) -> Iterator[Event]:
        """Take in bytes and yield what they tell.

        :raises ValueError: if the body isn't well formed.
        :raises RequestEntityTooLarge: if a limit is passed.
        """
        self._decoder.receive_data(data)
        return self._events()

    def finish(self) -> Iterator[Event]:
        """Take in the end and yield what it tells.

        :raises ValueError: if it comes too early.
        """
        self._decoder.receive_data(None)
        return self._events()


class UrlencodedFormParser:
    """The push parser of ``application/x-www-form-urlencoded`` (URL standard section 5): all events come at the end.

    :param limits: the limits.
    """

    def __init__(self, limits: FormLimits) -> None:
        self._limits = limits
        self._pieces: list[bytes] = []
        self._size = 0

    def feed(self, data: bytes) -> Iterator[Event]:
        """Take in bytes; they tell nothing yet.

        :raises RequestEntityTooLarge: if the body is longer than allowed.
        """
        self._size += len(data)
        self._limits.check_length(self._size)
        self._pieces.append(data)
        return iter(())

    def finish(self) -> Iterator[Event]:
        """Take in the end and yield all fields."""
        for name, value in self.pairs():
            yield Field(name, Headers())
            yield Data(value.encode(errors="surrogatepass"), False)

    def pairs(self) -> list[tuple[str, str]]:
        """Return names and values in order."""
        return parse_pairs(b"".join(self._pieces))


# A part that is a plain field, as browsers write it: one header, and nothing in the name that is escaped.
_plain_field = re.compile(rb'\r\nContent-Disposition: form-data; name="([^"\\%\r\n]*)"\r\n\r\n').match


def split_plain_fields(body: bytes, boundary: bytes, limits: FormLimits) -> list[tuple[str, str]] | None:
    """Read a short multipart form of plain fields in one go.

    500 fields take 0.4 ms this way, 3.7 ms event by event.

    :param body: the whole body.
    :param boundary: the boundary, without dashes.
    :param limits: the limits.
    :return: names and values; ``None`` for every body that isn't of that shape, or is over a limit: then the general
        parser says what is wrong.
    """
    needle = b"--" + boundary
    first, *parts = (b"\r\n" + body).split(b"\r\n" + needle)

    # Each boundary stands on a line of its own, the last one is the last line, and nothing stands before the first.
    if first or not parts or parts[-1] not in {b"--", b"--\r\n"} or body.count(needle) != len(parts):
        return None

    if limits.max_form_parts is not None and len(parts) - 1 > limits.max_form_parts:
        return None

    longest = len(body) if limits.max_form_memory_size is None else limits.max_form_memory_size
    fields = []

    for part in parts[:-1]:
        match = _plain_field(part)

        if match is None or len(part) - match.end() > longest:
            return None

        fields.append((match[1].decode(errors="replace"), part[match.end() :].decode(errors="replace")))

    return fields


def form_parser(mimetype: str, options: Mapping[str, str], limits: FormLimits) -> FormParser | None:
    """Return the push parser of a media type.

    :param mimetype: the media type in lower case.
    :param options: its parameters.
    :param limits: the limits.
    :return: ``None`` for what isn't a form.
    :raises ValueError: for a multipart form whose boundary is missing, or can't be one.
    """
    if mimetype == MULTIPART:
        return MultipartFormParser(form_boundary(options), limits)

    return UrlencodedFormParser(limits) if mimetype == URLENCODED else None


def form_boundary(options: Mapping[str, str]) -> bytes:
    """Return the boundary of a multipart form (RFC 2046 section 5.1.1).

    :param options: the parameters of the media type.
    :raises ValueError: if it is missing, or can't be one.
    """
    boundary = options.get("boundary", "")

    if not boundary or not boundary.isascii() or "\n" in boundary or "\r" in boundary:
        raise ValueError(f"a multipart form needs a boundary of ASCII characters, got {boundary[:80]!r}")

    return boundary.encode("ascii")
