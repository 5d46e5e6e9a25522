"""Request bodies as streams that end where the body ends (RFC 9112, section 6).

Each stream reads from the connection no byte more than its body has, says what is left, and can be drained, so that the
next request on the connection begins where it should.
"""

from __future__ import annotations

from collections.abc import Callable
from io import RawIOBase
from typing import IO, TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

#: Longest line of a chunk header or a trailer field, in bytes. Python's own limit for header lines is the same.
_MAX_LINE = 65536
#: Most bytes of trailer fields. They are read and dropped.
_MAX_TRAILERS = 65536
_CLOSED = "The client closed the connection before the end of the body"
_HEX = frozenset(b"0123456789abcdefABCDEF")


class DechunkedInput(RawIOBase):
    """Decodes a body with ``Transfer-Encoding: chunked`` (RFC 9112, section 7.1).

    :param rfile: The connection, at the first chunk.
    """

    def __init__(self, rfile: IO[bytes]) -> None:
        super().__init__()
        self._rfile = rfile
        self._done = False
        self._left = 0
        #: What is wrong with the encoding, once that is known: the client's mistake, and no error of the application.
        self.defect: str | None = None

    def _fail(self, message: str) -> NoReturn:
        self.defect = message
        raise OSError(message)

    def readable(self) -> bool:
        """Say that the stream can be read."""
        return True

    @property
    def is_done(self) -> bool:
        """Whether the last chunk and the trailers were read."""
        return self._done

    def read_chunk_len(self) -> int:
        """Read a chunk header.

        :return: The size of the chunk in bytes.
        :raises OSError: The line isn't a chunk header, or too long.
        """
        line = self._line()
        digits = line.partition(b";")[0].rstrip(b" \t")
        # int() takes signs, underscores and "0x" too, on which two readers could disagree about where a body ends.
        if not digits or not _HEX.issuperset(digits) or len(digits) > 16:
            self._fail(f"Invalid chunk header: {line[:40]!r}")
        return int(digits, 16)

    def _line(self) -> bytes:
        line = self._rfile.readline(_MAX_LINE + 1)
        if len(line) > _MAX_LINE:
            self._fail(f"A line of a chunked body exceeds {_MAX_LINE} bytes")
        if not line.endswith(b"\n"):
            raise ConnectionAbortedError(_CLOSED)
        # Readers that end lines in different places disagree about where a body ends.
        if line[-2:] != b"\r\n" or b"\r" in line[:-2]:
            self._fail("A line of a chunked body must end with CR LF")
        return line[:-2]

    def _read_trailers(self) -> None:
        size = 0
        while line := self._line():
            size += len(line)
            if size > _MAX_TRAILERS:
                self._fail(f"Trailers of a chunked body exceed {_MAX_TRAILERS} bytes")

    def readinto(self, buf: WriteableBuffer) -> int:
        """Read decoded bytes into a buffer.

        :return: How many; at least one until the end, where it is 0.
        :raises OSError: The encoding is broken.
        """
        view = memoryview(buf).cast("B")
        if self._done or not view:
            return 0
        if not self._left:
            self._left = self.read_chunk_len()
            if not self._left:
                self._read_trailers()
                self._done = True
                return 0
        data = self._rfile.read(min(len(view), self._left))
        if not data:
            raise ConnectionAbortedError(_CLOSED)
        view[: len(data)] = data
        self._left -= len(data)
        if not self._left and self._line():
            self._fail("Missing line break after a chunk")
        return len(data)


class FixedInput(RawIOBase):
    """A body of known length.

    :param rfile: The connection, at the first byte.
    :param length: The length in bytes.
    """

    def __init__(self, rfile: IO[bytes], length: int) -> None:
        super().__init__()
        self._rfile = rfile
        self._left = length
        self.defect: str | None = None  # a length can't be wrong

    def readable(self) -> bool:
        """Say that the stream can be read."""
        return True

    @property
    def is_done(self) -> bool:
        """Whether the whole body was read."""
        return self._left <= 0

    def readinto(self, buf: WriteableBuffer) -> int:
        """Read bytes into a buffer.

        :return: How many; 0 at the end of the body.
        :raises ConnectionAbortedError: The client closed the connection before the end.
        """
        view = memoryview(buf).cast("B")
        size = min(len(view), self._left)
        if not size:
            return 0
        # read1() returns what has arrived instead of waiting until the buffer is full.
        data: bytes = self._rfile.read1(size)  # type: ignore[attr-defined]
        if not data:
            raise ConnectionAbortedError(_CLOSED)
        view[: len(data)] = data
        self._left -= len(data)
        return len(data)


class ContinueInput(RawIOBase):
    """Sends ``100 Continue`` when a body is read for the first time (RFC 9110, section 10.1.1).

    :param body: The body.
    :param announce: Sends the interim response.
    """

    def __init__(self, body: DechunkedInput | FixedInput, announce: Callable[[], None]) -> None:
        super().__init__()
        self._body = body
        self._announce: Callable[[], None] | None = announce

    def readable(self) -> bool:
        """Say that the stream can be read."""
        return True

    @property
    def is_done(self) -> bool:
        """Whether the whole body was read."""
        return self._body.is_done

    @property
    def defect(self) -> str | None:
        """What is wrong with the body's encoding, if anything."""
        return self._body.defect

    @property
    def is_held_back(self) -> bool:
        """Whether the client still waits for a sign to send the body."""
        return self._announce is not None

    def readinto(self, buf: WriteableBuffer) -> int:
        """Read bytes into a buffer."""
        if self._announce is not None and not self._body.is_done:
            announce, self._announce = self._announce, None
            announce()
        return self._body.readinto(buf)


Body = DechunkedInput | FixedInput | ContinueInput


def drain(body: Body, limit: int) -> bool:
    """Read and drop what is left of a body.

    :param body: The body.
    :param limit: Most bytes to read.
    :return: Whether the whole body was read; if not, the connection can't be used again.
    """
    if isinstance(body, ContinueInput) and body.is_held_back and not body.is_done:
        return False
    buffer = bytearray(16384)
    while not body.is_done and limit > 0:
        try:
            count = body.readinto(buffer)
        except OSError:
            return False
        if not count:
            break
        limit -= count
    return body.is_done
