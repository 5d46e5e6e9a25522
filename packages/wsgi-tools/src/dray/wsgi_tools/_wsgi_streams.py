"""The streams between a WSGI server and an application: a bounded body on the way in, a file on the way out.

Nothing here knows an environ; who needs which stream is decided in ``wsgi``.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import IO, TYPE_CHECKING, Any, cast

from .exceptions.client import ClientDisconnected, RequestEntityTooLarge

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


class LimitedStream(io.RawIOBase):
    """A stream that ends after a number of bytes, whatever stands behind it.

    :param stream: the stream to read from.
    :param limit: how many bytes.
    :param is_max: the limit is the most that is allowed, not the length that was announced. Then an early end is the
        end, and one byte more is too much; else an early end means that the client has gone.
    """

    def __init__(self, stream: IO[bytes], limit: int, is_max: bool = False) -> None:
        self.limit, self._limit_is_max = limit, is_max
        self._stream = stream
        self._pos = 0

    @property
    def is_exhausted(self) -> bool:
        """Whether as many bytes as the limit were read."""
        return self._pos >= self.limit

    def on_exhausted(self) -> None:
        """Handle a read at the limit. With a maximum, one byte more raises.

        :raises RequestEntityTooLarge: if the body is longer than the maximum.
        """
        if self._limit_is_max and self._stream.read(1):
            raise RequestEntityTooLarge(f"The body of the request is longer than the limit of {self.limit} bytes.")

    def on_disconnect(self, error: Exception | None = None) -> None:
        """Handle an end before the limit, or an error of the stream.

        :param error: what the stream raised; ``None`` for an end.
        :raises ClientDisconnected: unless the limit is a maximum and the stream just ended.
        """
        if self._limit_is_max and error is None:
            return

        raise ClientDisconnected() from error

    def exhaust(self) -> bytes:
        """Read what is left."""
        return self.readall()

    def read(self, size: int | None = -1) -> bytes:
        """Read once, at most a number of bytes; everything that is left without one.

        :param size: how many bytes.
        """
        if size is None or size < 0:
            return self.readall()

        left = self.limit - self._pos

        if left > 0:
            return self._read(min(size, left)) if size else b""

        if size:
            self.on_exhausted()

        return b""

    def readinto(self, b: WriteableBuffer) -> int | None:
        """Read into a buffer; at most as many bytes as it holds, and as the limit leaves.

        :return: the number of bytes, 0 at the end.
        """
        view = memoryview(b).cast("B")
        wanted = min(len(view), self.limit - self._pos)

        if wanted <= 0:
            if len(view):
                self.on_exhausted()

            return 0

        data = self._read(wanted)
        view[: len(data)] = data
        return len(data)

    def _read(self, size: int) -> bytes:
        """Read at most ``size`` bytes, and count them."""
        read: Any = getattr(self._stream, "read1", None) or self._stream.read

        try:
            data: bytes = read(size)
        except (OSError, ValueError) as error:
            self.on_disconnect(error)
            return b""

        if not data:
            self.on_disconnect()
        elif len(data) > size:
            data = data[:size]  # a stream that gives more than it was asked for: the rest isn't ours

        self._pos += len(data or b"")
        return data or b""

    def readall(self) -> bytes:
        """Read what is left."""
        parts: list[bytes] = []

        while self._pos < self.limit:
            data = self._read(min(self.limit - self._pos, _READ_SIZE))

            if not data:
                return b"".join(parts)

            parts.append(data)

        self.on_exhausted()
        return b"".join(parts)

    def tell(self) -> int:
        """Return how many bytes were read."""
        return self._pos

    def readable(self) -> bool:
        """Say that it can be read."""
        return True


#: How many bytes one read asks for: memory grows with what arrives, not with what was announced.
_READ_SIZE = 256 * 1024


class FileWrapper:
    """An iterable over a file, block by block.

    :param file: the file.
    :param buffer_size: size of a block in bytes.
    """

    def __init__(self, file: IO[bytes], buffer_size: int = 8192) -> None:
        self.file = file
        self.buffer_size = buffer_size

    def __iter__(self) -> FileWrapper:
        return self

    def __next__(self) -> bytes:
        if block := self.file.read(self.buffer_size):
            return block

        raise StopIteration

    def seekable(self) -> bool:
        """Say whether the file can be positioned."""
        asked = getattr(self.file, "seekable", None)
        return hasattr(self.file, "seek") if asked is None else bool(asked())

    def seek(self, *args: Any) -> None:
        """Position the file if it can be."""
        if (seek := getattr(self.file, "seek", None)) is not None:
            seek(*args)

    def tell(self) -> int | None:
        """Return the position, ``None`` if the file has none."""
        tell = getattr(self.file, "tell", None)
        return None if tell is None else cast("int", tell())

    def close(self) -> None:
        """Close the file if it can be closed."""
        if (close := getattr(self.file, "close", None)) is not None:
            close()


class _RangeWrapper:
    """A part of an iterable, cut out of its blocks.

    A file is positioned first; of any other iterable the blocks before the part are read and dropped.

    :param iterable: the whole content.
    :param start_byte: first position.
    :param byte_range: length of the part in bytes; ``None`` to the end.
    """

    def __init__(
        self, iterable: Iterable[bytes] | IO[bytes], start_byte: int = 0, byte_range: int | None = None
    ) -> None:
        self.iterable = iter(iterable)
        self.byte_range = byte_range
        self.start_byte = start_byte
        self.seekable = hasattr(iterable, "seekable") and iterable.seekable()
        self._parts = self._cut(cast("Any", iterable))

    def _cut(self, iterable: Any) -> Iterator[bytes]:
        skip = self.start_byte
        left = self.byte_range

        if self.seekable:
            iterable.seek(skip)
            skip = 0

        for block in self.iterable:
            if skip >= len(block):
                skip -= len(block)
                continue

            part = block[skip:]
            skip = 0

            if left is not None:
                if len(part) >= left:
                    yield part[:left]
                    return

                left -= len(part)

            yield part

    def __iter__(self) -> _RangeWrapper:
        return self

    def __next__(self) -> bytes:
        return next(self._parts)

    def close(self) -> None:
        """Close the whole content."""
        if hasattr(self.iterable, "close"):
            self.iterable.close()
