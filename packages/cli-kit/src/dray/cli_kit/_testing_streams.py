"""Standard streams that are captured: in memory, mixed in the order of writing, or by file descriptor.

It must not know commands; the test runner puts these in place.
"""

from __future__ import annotations

import io
import os
import tempfile

from ._io.encoding import find_binary_reader
from ._utils import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType
    from typing import IO, Any, BinaryIO

__all__ = ["BytesIOCopy", "EchoingStdin", "FDCapture", "NamedTextIOWrapper", "StreamMixer", "make_input_stream"]


class EchoingStdin:
    """Standard input that writes what is read from it to the output, as a terminal would.

    :param input: the input.
    :param output: the output.
    """

    def __init__(self, input: BinaryIO, output: BinaryIO) -> None:
        self._input = input
        self._output = output
        self._paused = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._input, name)

    def readline(self, n: int = -1) -> bytes:
        """Read and echo a line.

        :param n: the most bytes.
        """
        return self._echo(self._input.readline(n))

    def _echo(self, data: bytes) -> bytes:
        if not self._paused:
            self._output.write(data)
        return data

    def read1(self, n: int = -1) -> bytes:
        """Read and echo, with one call.

        :param n: bytes, or any number.
        """
        return self._echo(self._input.read1(n))  # type: ignore[attr-defined]

    def readlines(self) -> list[bytes]:
        """Read and echo all lines."""
        return [self._echo(line) for line in self._input.readlines()]

    def read(self, n: int = -1) -> bytes:
        """Read and echo.

        :param n: bytes, or all.
        """
        return self._echo(self._input.read(n))

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._echo(line) for line in self._input)

    def paused(self) -> _Pause:
        """Return a context manager in which nothing is echoed: for prompts, which show the answer themselves."""
        return _Pause(self)

    def __repr__(self) -> str:
        return repr(self._input)


class _Pause:
    def __init__(self, stream: EchoingStdin | None) -> None:
        self.stream = stream

    def __enter__(self) -> None:
        if self.stream is not None:
            self.stream._paused = True

    def __exit__(
        self, exc_type: type[BaseException] | None, exc_value: BaseException | None, tb: TracebackType | None
    ) -> None:
        if self.stream is not None:
            self.stream._paused = False


def pause_echo(stream: EchoingStdin | None) -> _Pause:
    """Return a context manager in which a stream echoes nothing.

    :param stream: the stream, or None.
    """
    return _Pause(stream)


class BytesIOCopy(io.BytesIO):
    """Bytes in memory that are written to a second stream too.

    :param copy_to: the second stream.
    """

    def __init__(self, copy_to: io.BytesIO) -> None:
        super().__init__()
        self.copy_to = copy_to

    def write(self, b: Any) -> int:
        """Write to both.

        :param b: the bytes.
        """
        self.copy_to.write(b)
        return super().write(b)

    def flush(self) -> None:
        """Flush both."""
        super().flush()
        self.copy_to.flush()


class StreamMixer:
    """Standard output and error in memory, apart and together in the order of writing."""

    def __init__(self) -> None:
        #: Both.
        self.output: io.BytesIO = io.BytesIO()
        #: Standard output.
        self.stdout: io.BytesIO = BytesIOCopy(copy_to=self.output)
        #: Standard error.
        self.stderr: io.BytesIO = BytesIOCopy(copy_to=self.output)


class NamedTextIOWrapper(io.TextIOWrapper):
    """A text wrapper with the name and mode of a standard stream.

    :param buffer: the bytes.
    :param name: ``<stdin>``, for example.
    :param mode: ``r`` or ``w``.
    :param descriptor: what ``fileno`` answers.
    """

    def __init__(self, buffer: Any, name: str, mode: str, descriptor: int | None = None, **kwargs: Any) -> None:
        super().__init__(buffer, **kwargs)
        self._name = name
        self._mode = mode
        self._descriptor = descriptor

    @property
    def name(self) -> str:
        """The name of the stream."""
        return self._name

    @property
    def mode(self) -> str:
        """How it was opened."""
        return self._mode

    def fileno(self) -> int:
        """Return the file descriptor, where there is one."""
        return super().fileno() if self._descriptor is None else self._descriptor


class FDCapture:
    """Captures what is written to a file descriptor, by C code and child processes too.

    :param descriptor: the file descriptor, 1 or 2.
    """

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self._saved = -1
        self._file: IO[bytes] | None = None

    def start(self) -> None:
        """Point the descriptor to a temporary file."""
        self._saved = os.dup(self.descriptor)
        self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - closed by stop
        os.dup2(self._file.fileno(), self.descriptor)

    def stop(self) -> bytes:
        """Point the descriptor to where it pointed before.

        :return: what was written.
        """
        if self._file is None:
            return b""
        os.dup2(self._saved, self.descriptor)
        os.close(self._saved)
        self._file.seek(0)
        data = self._file.read()
        self._file.close()
        self._file = None
        return data


def make_input_stream(input: str | bytes | IO[Any] | None, charset: str) -> BinaryIO:
    """Make a binary stream of what a test gives as input.

    :param input: text, bytes, a stream, or nothing.
    :param charset: of text.
    :raises TypeError: the stream has no bytes.
    """
    if hasattr(input, "read"):
        stream = find_binary_reader(input)  # type: ignore[arg-type]
        if stream is None:
            raise TypeError("Could not find binary reader for input stream.")
        return stream
    if input is None:
        data = b""
    else:
        data = input.encode(charset) if isinstance(input, str) else bytes(input)
    return io.BytesIO(data)
