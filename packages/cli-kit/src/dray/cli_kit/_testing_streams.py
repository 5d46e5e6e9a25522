"""Standard streams that are captured: in memory, mixed in the order of writing, or by file descriptor.

It must not know commands; the test runner puts these in place.
"""

from __future__ import annotations

import io
import os
import tempfile
import threading

from ._io.encoding import find_binary_reader
from ._utils import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType
    from typing import IO, Any, BinaryIO

__all__ = [
    "BytesIOCopy",
    "DescriptorMixer",
    "EchoingStdin",
    "NamedTextIOWrapper",
    "StreamMixer",
    "make_input_stream",
    "pause_echo",
]


# The process has one pair of descriptors.
_descriptors = threading.RLock()


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


class _Written(BytesIOCopy):
    """A copied stream that says it can't be read, so that text wrappers spare themselves the decoder."""

    def readable(self) -> bool:
        return False


class StreamMixer:
    """Standard output and error in memory, apart and together in the order of writing."""

    def __init__(self) -> None:
        #: Both.
        self.output: io.BytesIO = io.BytesIO()
        #: Standard output.
        self.stdout: io.BytesIO = _Written(self.output)
        #: Standard error.
        self.stderr: io.BytesIO = _Written(self.output)


class DescriptorMixer(StreamMixer):
    """The same, with what C code and child processes write to file descriptors 1 and 2.

    What they wrote is looked for before each write of Python's and at the end, so the order is right between Python and
    the others; of what one child wrote to both descriptors in between, standard output comes first.
    """

    def __init__(self) -> None:
        super().__init__()
        captures: list[FDCapture] = []
        self.stdout = _Captured(self.output, captures)
        self.stderr = _Captured(self.output, captures)
        captures += [FDCapture(1, self.stdout), FDCapture(2, self.stderr)]
        self._captures = captures

    def start(self) -> None:
        """Point the descriptors to files; wait for a run of another thread that does.

        :raises OSError: there is no such descriptor.
        """
        _descriptors.acquire()
        try:
            for capture in self._captures:
                # What is opened from here on would take the place of a closed one.
                os.fstat(capture.descriptor)
            for capture in self._captures:
                capture.start()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Point them to where they pointed before."""
        try:
            for capture in self._captures:
                capture.stop()
        finally:
            _descriptors.release()


class _Captured(_Written):
    """Takes in what file descriptors got in the meantime before each write."""

    def __init__(self, copy_to: io.BytesIO, captures: list[FDCapture]) -> None:
        super().__init__(copy_to)
        self._captures = captures

    def write(self, b: Any) -> int:
        for capture in self._captures:
            capture.absorb()
        return super().write(b)


class NamedTextIOWrapper(io.TextIOWrapper):
    """A text wrapper with the name and mode of a standard stream, which stays open.

    :param buffer: the bytes.
    :param name: ``<stdin>``, for example.
    :param mode: ``r`` or ``w``.
    :param descriptor: what ``fileno`` answers.

    The others are those of :class:`io.TextIOWrapper`.
    """

    def __init__(
        self,
        buffer: Any,
        name: str,
        mode: str,
        descriptor: int | None = None,
        encoding: str | None = None,
        errors: str | None = None,
        newline: str | None = None,
        line_buffering: bool = False,
        write_through: bool = False,
    ) -> None:
        super().__init__(buffer, encoding, errors, newline, line_buffering, write_through)
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

    def close(self) -> None:
        """Do nothing: a command that closes its output must not take away what it wrote."""


class FDCapture:
    """Captures what is written to a file descriptor, by C code and child processes too.

    :param descriptor: the file descriptor, 1 or 2.
    :param memory: where it goes.
    """

    def __init__(self, descriptor: int, memory: BytesIOCopy) -> None:
        self.descriptor = descriptor
        self.memory = memory
        self._saved = -1
        self._path = ""
        self._reader: IO[bytes] | None = None

    def start(self) -> None:
        """Point the descriptor to a temporary file."""
        self._saved = os.dup(self.descriptor)
        written, self._path = tempfile.mkstemp()
        # A second descriptor, with a position of its own: the first one's is where children go on writing.
        self._reader = open(self._path, "rb", buffering=0)  # noqa: SIM115 - closed by stop
        os.dup2(written, self.descriptor)
        os.close(written)

    def absorb(self) -> None:
        """Take over what was written since the last time."""
        if self._reader is not None:
            data = self._reader.read()
            if data:
                BytesIOCopy.write(self.memory, data)

    def stop(self) -> None:
        """Take over the rest, and point the descriptor to where it pointed before."""
        if self._saved >= 0:
            os.dup2(self._saved, self.descriptor)
            os.close(self._saved)
            self._saved = -1
        if self._reader is not None:
            self.absorb()
            self._reader.close()
            self._reader = None
            os.remove(self._path)


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
