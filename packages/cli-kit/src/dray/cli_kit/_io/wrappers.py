"""Text wrappers around binary streams that leave the binary stream open.

The lowest module of the streams. It must not know which streams there are.
"""

from __future__ import annotations

import io

from .._utils import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType
    from typing import IO, Any, BinaryIO, cast
else:

    def cast(kind, value):
        return value


__all__ = ["FixupStream", "KeepOpenFile", "NonClosingTextIOWrapper", "PacifyFlushWrapper"]


class FixupStream:
    """Gives a binary stream the methods that :class:`io.TextIOWrapper` asks for.

    :param stream: the binary stream.
    :param force_readable: say that it is readable whatever it says.
    :param force_writable: say that it is writable whatever it says.
    """

    def __init__(self, stream: BinaryIO, force_readable: bool = False, force_writable: bool = False) -> None:
        self._stream = stream
        self._force_readable = force_readable
        self._force_writable = force_writable

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def read1(self, size: int) -> bytes:
        """Read at most ``size`` bytes with one call where the stream can do that.

        :param size: bytes.
        """
        read1 = getattr(self._stream, "read1", None)
        return cast(bytes, self._stream.read(size) if read1 is None else read1(size))

    def readable(self) -> bool:
        """Say whether the stream can be read."""
        return self._force_readable or self._probe("readable", "read", 0)

    def writable(self) -> bool:
        """Say whether the stream can be written."""
        return self._force_writable or self._probe("writable", "write", b"")

    def seekable(self) -> bool:
        """Say whether the stream has a position."""
        return self._probe("seekable", "tell")

    def _probe(self, question: str, attempt: str, *args: object) -> bool:
        ask = getattr(self._stream, question, None)
        if ask is not None:
            return bool(ask())
        try:
            getattr(self._stream, attempt)(*args)
        except Exception:
            return False
        return True


class NonClosingTextIOWrapper(io.TextIOWrapper):
    """A text wrapper that doesn't close the binary stream when it is collected.

    :param stream: the binary stream.
    :param encoding: its encoding.
    :param errors: what to do with characters that don't fit.
    """

    def __init__(
        self,
        stream: BinaryIO,
        encoding: str | None,
        errors: str | None,
        force_readable: bool = False,
        force_writable: bool = False,
        **extra: Any,
    ) -> None:
        self._fixed = FixupStream(stream, force_readable, force_writable)
        super().__init__(cast("Any", self._fixed), encoding, errors, **extra)

    def __del__(self) -> None:
        try:
            self.detach()
        except Exception:
            pass

    def isatty(self) -> bool:
        """Say whether the binary stream is a terminal."""
        return bool(self._fixed.isatty())


class KeepOpenFile:
    """A file that survives the end of a ``with`` block: standard input and output.

    :param file: the file.
    """

    def __init__(self, file: IO[Any]) -> None:
        self._file = file

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def __enter__(self) -> KeepOpenFile:
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc_value: BaseException | None, tb: TracebackType | None
    ) -> None:
        pass

    def __repr__(self) -> str:
        return repr(self._file)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._file)


class PacifyFlushWrapper:
    """A stream whose ``flush`` says nothing when the reader has gone away.

    The interpreter flushes standard output at exit; behind a closed pipe that would print a warning.

    :param wrapped: the stream.
    """

    def __init__(self, wrapped: IO[Any]) -> None:
        self.wrapped = wrapped

    def flush(self) -> None:
        """Flush, unless nobody reads any more."""
        try:
            self.wrapped.flush()
        except BrokenPipeError:
            pass

    def __getattr__(self, name: str) -> Any:
        return getattr(self.wrapped, name)
