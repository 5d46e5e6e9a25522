"""Standard streams of the Windows console, through which every character passes whatever the code page.

The console speaks UTF-16 through ``ReadConsoleW`` and ``WriteConsoleW``; these raw streams speak UTF-16-LE and a text
wrapper does the rest. Since Python 3.6 (PEP 528) ``sys.stdout`` does this itself where it is a console, so these
streams serve a program that asked for an encoding of its own. Source: Microsoft's console reference. On other systems
only :func:`get_windows_console_stream` answers, with None.
"""

from __future__ import annotations

import io
import os

from .._utils import TYPE_CHECKING, lazy_module
from .wrappers import NonClosingTextIOWrapper

if TYPE_CHECKING:
    import ctypes
    from typing import Any, TextIO
else:
    ctypes = lazy_module("ctypes")

__all__ = ["ConsoleReader", "ConsoleStream", "ConsoleWriter", "get_windows_console_stream"]

_STD_HANDLES = {0: -10, 1: -11, 2: -12}
#: The console refuses larger writes (its buffer is shared); bytes.
MAX_BYTES_WRITTEN = 32767
_EOF = b"\x1a"
_ERROR_OPERATION_ABORTED = 995


class _ConsoleRaw(io.RawIOBase):
    """A console handle.

    :param handle: the handle.
    :param kernel: the ``kernel32`` library.
    """

    def __init__(self, handle: Any, kernel: Any) -> None:
        self.handle = handle
        self.kernel = kernel
        super().__init__()

    def isatty(self) -> bool:
        """Answer yes: a console is a terminal."""
        super().isatty()
        return True


class ConsoleReader(_ConsoleRaw):
    """Reads UTF-16-LE from a console."""

    def readable(self) -> bool:
        """Answer yes."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read code units into a buffer.

        :param buffer: a writable buffer of an even number of bytes.
        :return: bytes read; 0 at the end (Ctrl-Z at the start of a line).
        :raises ValueError: the buffer has an odd number of bytes.
        :raises OSError: the console answered with an error.
        """
        wanted = len(buffer)
        if wanted % 2:
            raise ValueError(f"UTF-16 is read into an even number of bytes, not {wanted}.")
        units = wanted // 2
        target = (ctypes.c_char * wanted)()
        count = ctypes.c_ulong()
        done = self.kernel.ReadConsoleW(self.handle, target, units, ctypes.byref(count), None)
        error = self.kernel.GetLastError()
        if not done and error != _ERROR_OPERATION_ABORTED:
            raise OSError(f"The console could not be read, Windows error {error}.")
        data = target.raw[: 2 * count.value]
        if data[:1] == _EOF:
            return 0
        buffer[: len(data)] = data
        return len(data)


class ConsoleWriter(_ConsoleRaw):
    """Writes UTF-16-LE to a console."""

    def writable(self) -> bool:
        """Answer yes."""
        return True

    def write(self, data: Any) -> int:
        """Write all code units, in as many pieces as the console takes.

        A text wrapper doesn't look at what this returns, so nothing may be left over.

        :param data: bytes of UTF-16-LE.
        :return: bytes written.
        :raises OSError: the console answered with an error.
        """
        raw = bytes(data)
        position = 0
        while position < len(raw):
            piece = raw[position : position + MAX_BYTES_WRITTEN // 2 * 2]
            count = ctypes.c_ulong()
            self.kernel.WriteConsoleW(self.handle, piece, len(piece) // 2, ctypes.byref(count), None)
            if not count.value:
                raise OSError(f"The console could not be written, Windows error {self.kernel.GetLastError()}.")
            position += 2 * count.value
        return position


class ConsoleStream:
    """Text on a console beside the bytes of the stream that it replaces.

    :param text: the text stream on the console.
    :param bytes_stream: the binary stream for programs that write bytes.
    """

    def __init__(self, text: TextIO, bytes_stream: Any) -> None:
        self._text = text
        self.buffer = bytes_stream

    @property
    def name(self) -> Any:
        """The name of the binary stream."""
        return self.buffer.name

    def write(self, value: Any) -> int:
        """Write text to the console, bytes to the binary stream.

        :param value: text or bytes.
        :return: characters or bytes written.
        """
        if isinstance(value, str):
            return self._text.write(value)
        try:
            self.flush()
        except Exception:
            pass
        return int(self.buffer.write(value))

    def writelines(self, lines: Any) -> None:
        """Write several texts.

        :param lines: the texts.
        """
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._text, name)

    def isatty(self) -> bool:
        """Say whether the binary stream is a terminal."""
        return bool(self.buffer.isatty())

    def __repr__(self) -> str:
        return f"<ConsoleStream name={self.name!r} encoding={self.encoding!r}>"


def _console_kernel() -> Any:
    return ctypes.windll.kernel32  # type: ignore[attr-defined,unused-ignore]


def _is_console(stream: Any) -> bool:
    try:
        return os.isatty(stream.fileno())
    except Exception:
        return False


def get_windows_console_stream(stream: TextIO, encoding: str | None, errors: str | None) -> TextIO | None:
    """Return a stream that talks to the console directly, where that is wanted and possible.

    :param stream: one of the standard streams.
    :param encoding: the encoding that was asked for.
    :param errors: the error handler that was asked for.
    :return: the stream, or None: use the given one.
    """
    if os.name != "nt" or encoding not in {"utf-16-le", None} or errors not in {"strict", None}:
        return None
    if not _is_console(stream):
        return None
    raw_bytes = getattr(stream, "buffer", None)
    descriptor = stream.fileno()
    if raw_bytes is None or descriptor not in _STD_HANDLES:
        return None
    return _open_console(descriptor, raw_bytes)


def _open_console(descriptor: int, raw_bytes: Any) -> TextIO:
    kernel = _console_kernel()
    handle = kernel.GetStdHandle(_STD_HANDLES[descriptor])
    raw: Any
    if descriptor == 0:
        raw = io.BufferedReader(ConsoleReader(handle, kernel))
    else:
        raw = ConsoleWriter(handle, kernel)
    text = NonClosingTextIOWrapper(raw, "utf-16-le", "strict", line_buffering=True)
    return ConsoleStream(text, raw_bytes)  # type: ignore[return-value]
