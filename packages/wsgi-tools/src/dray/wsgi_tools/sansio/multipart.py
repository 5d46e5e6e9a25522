"""Multipart bodies as a push parser and a writer (RFC 2046 section 5.1, RFC 7578).

Bytes go in as they come, events come out; the other way round for the writer. It doesn't matter where the bytes are
cut. What becomes of the events, and which limits a form has, is decided in ``form``.
"""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import Any, Final, cast

from .._http.options import parse_options_header
from ..datastructures import Headers
from ..exceptions.client import RequestEntityTooLarge


class Event:
    """Something that was found in a multipart body, or is to be written into one. Events can't be changed."""

    __slots__ = ()
    _fields: tuple[str, ...] = ()

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"{type(self).__name__!r} events can't be changed")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__!r} events can't be changed")

    def _values(self) -> tuple[Any, ...]:
        return tuple(getattr(self, name) for name in self._fields)

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented

        return self._values() == other._values()

    def __hash__(self) -> int:
        return hash((type(self), *self._values()))

    def __repr__(self) -> str:
        values = ", ".join(f"{name}={getattr(self, name)!r}" for name in self._fields)
        return f"{type(self).__name__}({values})"

    def __reduce__(self) -> Any:
        return type(self), self._values()


_set = object.__setattr__


class Preamble(Event):
    """What stands before the first boundary.

    :param data: the bytes.
    """

    __slots__ = _fields = ("data",)
    data: bytes

    def __init__(self, data: bytes) -> None:
        _set(self, "data", data)


class Field(Event):
    """The start of a part that is a plain field.

    :param name: the field's name.
    :param headers: the part's headers.
    """

    __slots__ = _fields = ("name", "headers")
    name: str
    headers: Headers

    def __init__(self, name: str, headers: Headers) -> None:
        _set(self, "name", name)
        _set(self, "headers", headers)


class File(Event):
    """The start of a part that is a file.

    :param name: the field's name.
    :param filename: the file's name, as the client gave it.
    :param headers: the part's headers.
    """

    __slots__ = _fields = ("name", "filename", "headers")
    name: str
    filename: str
    headers: Headers

    def __init__(self, name: str, filename: str, headers: Headers) -> None:
        _set(self, "name", name)
        _set(self, "filename", filename)
        _set(self, "headers", headers)


class Data(Event):
    """A piece of a part's content.

    :param data: the bytes.
    :param more_data: whether another piece follows.
    """

    __slots__ = _fields = ("data", "more_data")
    data: bytes
    more_data: bool

    def __init__(self, data: bytes, more_data: bool) -> None:
        _set(self, "data", data)
        _set(self, "more_data", more_data)


class Epilogue(Event):
    """What stands behind the last boundary.

    :param data: the bytes.
    """

    __slots__ = _fields = ("data",)
    data: bytes

    def __init__(self, data: bytes) -> None:
        _set(self, "data", data)


class NeedData(Event):
    """Nothing can be said before more bytes come."""

    __slots__ = ()


NEED_DATA: Final = NeedData()


class State(Enum):
    """Where in the body a parser or a writer is."""

    PREAMBLE = auto()
    PART = auto()
    DATA = auto()
    DATA_START = auto()
    EPILOGUE = auto()
    COMPLETE = auto()


#: A line break in a regular expression. The standard knows only the first of the three.
LINE_BREAK: Final = b"(?:\r\n|\n|\r)"
LINE_BREAK_RE: Final = re.compile(LINE_BREAK)
BLANK_LINE_RE: Final = re.compile(rb"\r\n\r\n|\n\r?\n|\r\r")

#: How many bytes beside a boundary decide whether it is one: line breaks before, dashes and a line break behind.
SEARCH_EXTRA_LENGTH: Final = 8

#: The headers of a part are at most this long, in bytes, unless the caller says otherwise.
MAX_HEADER_SIZE: Final = 16 * 1024

# A boundary has at most 70 characters (RFC 2046 section 5.1.1); those of programs end in 16 that are random.
_MAX_NEEDLE: Final = 72
_TAIL: Final = 16

# Behind a boundary: "transport padding", which the standard allows and nobody sends, and the end of the line.
_MAX_PADDING: Final = 64
_rest_of_line = re.compile(rb"[ \t]{0,64}+(?:\r\n|\n|\r(?=[^\n]))").match
_before_epilogue = re.compile(rb"[ \t]*+(?:\r\n|\n|\r)?").match
_folded_line = re.compile(r"(?:\r\n|\n|\r)([ \t])").sub
_lines = re.compile(r"\r\n|\n|\r").split


class MultipartDecoder:
    """Take a multipart body apart.

    ``multipart-body = [preamble CRLF] dash-boundary transport-padding CRLF body-part *encapsulation close-delimiter
    transport-padding [CRLF epilogue]`` (RFC 2046 section 5.1.1)

    Feed it with :meth:`receive_data`, then call :meth:`next_event` until it answers :data:`NEED_DATA`. ``None`` as data
    says that the body has ended; the last event is an :class:`Epilogue`.

    A delimiter is a line break, two dashes and the boundary. So that this also holds at the start of a body and of a
    part without content, content is kept with the line break before it: the one that ends the headers, or an
    imagined one.

    :param boundary: the boundary, without dashes.
    :param max_form_memory_size: the longest content of a part that is no file, in bytes.
    :param max_parts: the largest number of parts.
    :param max_header_size: the longest headers of a part, and the longest preamble, in bytes.
    """

    def __init__(
        self,
        boundary: bytes,
        max_form_memory_size: int | None = None,
        *,
        max_parts: int | None = None,
        max_header_size: int | None = MAX_HEADER_SIZE,
    ) -> None:
        self.boundary = boundary
        self.max_form_memory_size = max_form_memory_size
        self.max_parts = max_parts
        self.max_header_size = max_header_size
        self.complete = False
        self.state = State.PREAMBLE
        self._needle = b"--" + boundary
        # Searching from the end is slow for a boundary that repeats itself, and nobody sends one, but to be slow.
        self._is_varied = len(self._needle) <= _MAX_NEEDLE and len({*boundary[-_TAIL:]}) >= _TAIL // 2
        self._incoming: list[bytes] = []
        self._buffer = b"\r\n"
        # In the buffer: where the rest begins, how long the line break before it is, where the search goes on.
        self._position = 0
        self._break = 2
        self._scan = 0
        self._parts = 0
        self._field_left: int | None = None

    def receive_data(self, data: bytes | None) -> None:
        """Take in the next bytes.

        :param data: the bytes; ``None`` for the end.
        """
        if data is None:
            self.complete = True
        elif data:
            self._incoming.append(data)

    def next_event(self) -> Event:
        """Return the next event, :data:`NEED_DATA` if more bytes are needed for one.

        :raises ValueError: if the body isn't well formed, or ends too early.
        :raises RequestEntityTooLarge: if a limit is passed; the message names it.
        """
        while True:
            event = self._steps[self.state](self)

            if event is not None:
                return event

            if not self._incoming:
                break

            if self._rest_is_content():
                return self._emit_rest()

            self._join_incoming()

        if self.complete:
            raise ValueError(f"the multipart body ends too early: {self._missing_in[self.state]}")

        return NEED_DATA

    def _rest_is_content(self) -> bool:
        """Say whether what was held back of a part can't begin a delimiter, now that the next block is there.

        Then that block needn't be joined to it: in a long file each byte is copied once less.
        """
        size = len(self._needle)
        return (
            self.state is State.DATA
            and self._position < len(self._buffer)
            and len(self._incoming) == 1
            and len(self._incoming[0]) > size
            and self._needle not in self._buffer[self._position :] + self._incoming[0][: size + 1]
        )

    def _emit_rest(self) -> Event:
        data = self._buffer[self._position :]
        self._buffer = self._incoming.pop()
        self._position = self._scan = 0
        self._count(len(data))
        return Data(data, True)

    def _join_incoming(self) -> None:
        """Append what has come to what is left."""
        rest = self._buffer[self._position :]

        if rest or len(self._incoming) > 1:
            self._buffer = b"".join([rest, *self._incoming])
        else:
            self._buffer = self._incoming[0]  # a block from the middle of a file is passed on without a copy

        self._scan = max(0, self._scan - self._position)
        self._position = 0
        self._incoming.clear()

    def _read_preamble(self) -> Event | None:
        found = self._find_delimiter()

        if found is None:
            self._check_size("preamble", len(self._buffer) - self._position - len(self._needle))
            return None

        data = self._buffer[self._position + self._break : found[0]]
        self._check_size("preamble", len(data))
        self._leave_content(found)
        return Preamble(data)

    def _read_part(self) -> Event | None:
        if self.max_parts is not None and self._parts >= self.max_parts:
            raise RequestEntityTooLarge(f"A form has more parts than the limit max_form_parts={self.max_parts}.")

        # A blank line may have begun with the last three bytes of before.
        match = BLANK_LINE_RE.search(self._buffer, max(self._position, self._scan - 3))
        end = len(self._buffer) if match is None else match.start()
        self._check_size("headers of a part", end - self._position)

        if match is None:
            self._scan = end
            return None

        headers = _parse_headers(self._buffer[self._position : end])
        self._break = 2 if match[0][-2:] == b"\r\n" else 1
        self._position = self._scan = match.end() - self._break
        self._parts += 1
        self.state = State.DATA_START
        return self._start_part(headers)

    def _start_part(self, headers: Headers) -> Event:
        disposition = headers.get("Content-Disposition")

        if disposition is None:
            raise ValueError("a part of the multipart body has no Content-Disposition header")

        _, options = parse_options_header(disposition)
        name = cast("str", options.get("name"))
        filename = options.get("filename")

        if filename is not None:
            self._field_left = None
            return File(name, filename, headers)

        self._field_left = self.max_form_memory_size
        return Field(name, headers)

    def _read_data(self) -> Event | None:
        found = self._find_delimiter()
        start = self._position + self._break

        if found is not None:
            data = self._buffer[start : found[0]]
            self._leave_content(found)
        else:
            end = self._first_possible_delimiter()

            if end <= start:
                return None

            data = self._buffer[start:end]
            self._position = end
            self._break = 0
            self.state = State.DATA

        self._count(len(data))
        return Data(data, found is None)

    def _leave_content(self, delimiter: tuple[int, int, bool]) -> None:
        self._position = self._scan = delimiter[1]
        self._break = 0
        self.state = State.EPILOGUE if delimiter[2] else State.PART

    def _find_delimiter(self) -> tuple[int, int, bool] | None:
        """Find the next delimiter.

        :return: where its line break begins, where the next part begins, and whether it is the last one; ``None`` if
            there is none yet, or if that can't be said yet. Then ``_scan`` is where the search must go on.
        """
        buffer, needle = self._buffer, self._needle
        found = -1

        # From the end, CPython finds out twice as fast that there is nothing, which is so in most blocks of a file.
        if not self._is_varied or buffer.rfind(needle, self._scan) >= 0:
            found = buffer.find(needle, self._scan)

        while found >= 0:
            start = self._break_before(found)

            if start >= 0:
                end = found + len(needle)

                if buffer[end : end + 2] == b"--":
                    return start, end + 2, True

                match = _rest_of_line(buffer, end)

                if match is not None:
                    return start, match.end(), False

                if self._may_be_cut(end):
                    self._scan = found
                    return None

            found = buffer.find(needle, found + 1)

        self._scan = max(self._scan, len(buffer) - len(needle) + 1)
        return None

    def _break_before(self, position: int) -> int:
        """Return where the line break that ends at a position begins, -1 if there is none."""
        buffer, before = self._buffer, position - 1

        if before < self._position:
            return -1

        if buffer[before] == 0x0A:
            return before - 1 if before > self._position and buffer[before - 1] == 0x0D else before

        return before if buffer[before] == 0x0D else -1

    def _may_be_cut(self, end: int) -> bool:
        """Say whether the bytes that are missing could make a delimiter of what ends the buffer."""
        rest = self._buffer[end : end + _MAX_PADDING + 2]
        return (
            not self.complete
            and end + len(rest) == len(self._buffer)
            and len(rest) <= _MAX_PADDING + 1
            and (rest == b"-" or rest.strip(b" \t") in {b"", b"\r"})
        )

    def _first_possible_delimiter(self) -> int:
        """Return where a delimiter could begin of which the rest is missing: all before that is content."""
        buffer, size = self._buffer, len(self._buffer)
        cut = self._scan

        if cut + len(self._needle) <= size and buffer.startswith(self._needle, cut):
            return self._break_before(cut)  # whole, but what follows is missing

        window = max(self._position, size - len(self._needle) - 1)
        line_feed, carriage_return = buffer.find(b"\n", window), buffer.find(b"\r", window)

        if line_feed < 0 or carriage_return < 0:
            first = max(line_feed, carriage_return)
            return size if first < 0 else first

        return min(line_feed, carriage_return)

    def _check_size(self, what: str, size: int) -> None:
        if self.max_header_size is not None and size > self.max_header_size:
            raise RequestEntityTooLarge(
                f"The {what} of a multipart body is longer than the limit max_header_size={self.max_header_size}."
            )

    def _count(self, size: int) -> None:
        if self._field_left is None:
            return

        self._field_left -= size

        if self._field_left < 0:
            raise RequestEntityTooLarge(
                f"A field of a form is longer than the limit max_form_memory_size={self.max_form_memory_size}."
            )

    def _read_epilogue(self) -> Event | None:
        if not self.complete or self._incoming:
            self._check_size("epilogue", len(self._buffer) - self._position)
            return None

        skipped = _before_epilogue(self._buffer, self._position)
        data = self._buffer[skipped.end() if skipped else self._position :]
        self._position = len(self._buffer)
        self.state = State.COMPLETE
        return Epilogue(data)

    def _read_nothing(self) -> Event | None:
        return None

    _steps: Final = {
        State.PREAMBLE: _read_preamble,
        State.PART: _read_part,
        State.DATA_START: _read_data,
        State.DATA: _read_data,
        State.EPILOGUE: _read_epilogue,
        State.COMPLETE: _read_nothing,
    }

    _missing_in: Final = {
        State.PREAMBLE: "it has no boundary",
        State.PART: "the headers of a part don't end",
        State.DATA_START: "the last boundary is missing",
        State.DATA: "the last boundary is missing",
        State.EPILOGUE: "the last boundary is cut",
        State.COMPLETE: "there is nothing behind its epilogue",
    }


def _parse_headers(data: bytes) -> Headers:
    """Read the headers of a part; lines that are continued are joined (RFC 5322 section 2.2.3)."""
    text = _folded_line(r"\1", data.decode(errors="replace"))
    pairs = []

    for line in _lines(text):
        name, colon, value = line.partition(":")

        if colon:
            pairs.append((name.strip(), value.strip()))

    return Headers._wrap(pairs)


_escape_name = {0x22: "%22", 0x0D: "%0D", 0x0A: "%0A"}


class MultipartEncoder:
    """Write a multipart body.

    :param boundary: the boundary, without dashes.
    """

    def __init__(self, boundary: bytes) -> None:
        self.boundary = boundary
        self.state = State.PREAMBLE

    def send_event(self, event: Event) -> bytes:
        """Return the bytes of an event.

        A body is a :class:`Preamble`, then for each part a :class:`Field` or a :class:`File` and its :class:`Data`,
        and an
        :class:`Epilogue`.

        :raises ValueError: for an event that can't come here.
        """
        if isinstance(event, Preamble) and self.state is State.PREAMBLE:
            self.state = State.PART
            return event.data

        if isinstance(event, (Field, File)) and self.state in {State.PREAMBLE, State.PART, State.DATA}:
            return self._start_part(event)

        if isinstance(event, Data) and self.state in {State.DATA_START, State.DATA}:
            return self._write_data(event)

        if isinstance(event, Epilogue):
            self.state = State.EPILOGUE
            return b"\r\n--" + self.boundary + b"--\r\n" + event.data

        raise ValueError(f"{event!r} can't be written in {self.state}")

    def _start_part(self, event: Field | File) -> bytes:
        # Quotes and line breaks as browsers escape them (HTML standard, "Multipart form data"): a name can't end early.
        disposition = f'form-data; name="{event.name.translate(_escape_name)}"'

        if isinstance(event, File):
            disposition += f'; filename="{event.filename.translate(_escape_name)}"'

        lines = [f"Content-Disposition: {disposition}\r\n"]
        lines += [f"{name}: {value}\r\n" for name, value in event.headers if name.lower() != "content-disposition"]
        self.state = State.DATA_START
        return b"\r\n--" + self.boundary + b"\r\n" + "".join(lines).encode()

    def _write_data(self, event: Data) -> bytes:
        # A part without content has no line break either: that of the next boundary ends its headers.
        lead = b"\r\n" if self.state is State.DATA_START and event.data else b""

        if not event.more_data:
            self.state = State.PART
        elif event.data:
            self.state = State.DATA

        return lead + event.data
