"""Opening files by name: ``-`` for the standard streams, lazily, and atomically.

It must not know parameters; the types ``File`` and ``Path`` call it.
"""

from __future__ import annotations

import os

from .._utils import TYPE_CHECKING, lazy_module
from .streams import get_binary_stdin, get_binary_stdout, get_text_stdin, get_text_stdout
from .wrappers import KeepOpenFile

if TYPE_CHECKING:
    import tempfile
    from collections.abc import Callable, Iterator
    from types import TracebackType
    from typing import IO, Any, ClassVar, TypeAlias

    PathName: TypeAlias = str | os.PathLike[str]
else:
    tempfile = lazy_module("tempfile")

__all__ = ["AtomicFile", "LazyFile", "open_stream"]


def open_plain(file: Any, mode: str, encoding: str | None, errors: str | None) -> IO[Any]:
    """Open a file; encoding and errors are for text only.

    :param file: a path or descriptor.
    :param mode: as for :func:`open`.
    :param encoding: for text.
    :param errors: for text.
    """
    if "b" in mode:
        return open(file, mode)
    return open(file, mode, encoding=encoding, errors=errors)


def open_stream(
    filename: Any,
    mode: str = "r",
    encoding: str | None = None,
    errors: str | None = "strict",
    atomic: bool = False,
) -> tuple[IO[Any], bool]:
    """Open a file, or take a standard stream for ``-``.

    :param filename: the path, or ``-``: standard output when writing, standard input otherwise.
    :param mode: as for :func:`open`.
    :param encoding: for text.
    :param errors: for text.
    :param atomic: write to a temporary file beside the target and replace the target on close.
    :return: the file, and whether the caller has to close it.
    :raises ValueError: an atomic file can't be appended to, created exclusively or updated.
    :raises OSError: the file can't be opened.
    """
    if os.fspath(filename) in {"-", b"-"}:
        return _standard_stream(mode, encoding, errors), False
    if not atomic:
        return open_plain(filename, mode, encoding, errors), True
    if "a" in mode or "x" in mode or "+" in mode or "w" not in mode:
        raise ValueError(
            f"An atomic file is written from its start: mode 'w' or 'wb' is possible, not {mode!r}. "
            "Appending is not supported, because it would first have to copy the file."
        )
    return open_atomic(filename, mode, encoding, errors), True


def _standard_stream(mode: str, encoding: str | None, errors: str | None) -> IO[Any]:
    writes = any(letter in mode for letter in "wax")
    if "b" in mode:
        return get_binary_stdout() if writes else get_binary_stdin()
    if writes:
        return get_text_stdout(encoding=encoding, errors=errors)
    return get_text_stdin(encoding=encoding, errors=errors)


def _permissions(path: str) -> int:
    """Return the mode bits that a replaced file keeps, or those that a new file would get."""
    try:
        return os.stat(path).st_mode & 0o7777
    except OSError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


def open_atomic(filename: Any, mode: str, encoding: str | None, errors: str | None) -> IO[Any]:
    """Open a temporary file that takes the place of the target when it is closed without an exception.

    The temporary file stands in the target's folder: only there is a rename atomic (POSIX ``rename``).

    :param filename: the target; a symbolic link is followed, and its target replaced.
    :param mode: ``w`` or ``wb``.
    :param encoding: for text.
    :param errors: for text.
    :raises OSError: the folder isn't writable.
    """
    target = os.path.realpath(os.fsdecode(filename))
    permissions = _permissions(target)
    descriptor, temporary = tempfile.mkstemp(prefix=".__atomic-write", dir=os.path.dirname(target))
    try:
        if os.name != "nt":
            os.chmod(temporary, permissions)
        file = open_plain(descriptor, mode, encoding, errors)
    except BaseException:
        os.close(descriptor)
        os.unlink(temporary)
        raise
    return AtomicFile(file, temporary, target)  # type: ignore[return-value]


class AtomicFile:
    """A temporary file on its way to another name.

    :param file: the open temporary file.
    :param temporary: its path.
    :param target: the path that it gets.
    """

    def __init__(self, file: IO[Any], temporary: str, target: str) -> None:
        self._file = file
        self._temporary = temporary
        self._target = target
        self.closed = False

    @property
    def name(self) -> str:
        """The path of the target."""
        return self._target

    def close(self, delete: bool = False) -> None:
        """Close, and replace the target.

        :param delete: throw away what was written and leave the target as it was.
        :raises OSError: the target can't be replaced; the temporary file is gone then too.
        """
        if self.closed:
            return
        self.closed = True
        try:
            self._file.close()
            if not delete:
                os.replace(self._temporary, self._target)
                return
        except BaseException:
            _unlink_quietly(self._temporary)
            raise
        _unlink_quietly(self._temporary)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def __enter__(self) -> AtomicFile:
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc_value: BaseException | None, tb: TracebackType | None
    ) -> None:
        self.close(delete=exc_type is not None)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._file)

    def __repr__(self) -> str:
        return repr(self._file)


def _unlink_quietly(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:
        pass


class LazyFile:
    """A file that is opened when it is first used.

    A file that is only read is opened and closed once at the start, so that a missing one is noticed early.

    :param filename: the path, or ``-``.
    :param mode: as for :func:`open`.
    :param encoding: for text.
    :param errors: for text.
    :param atomic: as for :func:`open_stream`.
    :raises OSError: the file can't be opened for reading.
    """

    name: str
    should_close: bool
    #: What :meth:`open` raises, called with the path and the system's message; set by the module of exceptions.
    open_error: ClassVar[Callable[[str, str | None], Exception] | None] = None

    def __init__(
        self,
        filename: PathName,
        mode: str = "r",
        encoding: str | None = None,
        errors: str | None = "strict",
        atomic: bool = False,
    ) -> None:
        self.name = os.fspath(filename)
        self.mode, self.encoding, self.errors = mode, encoding, errors
        self.atomic = atomic
        self._file: IO[Any] | None = None
        if self.name == "-":
            self._file, self.should_close = open_stream(filename, mode, encoding, errors)
            return
        if "r" in mode:
            # Opened and closed at once: a missing file is the user's mistake, and better told before the work begins.
            open(filename, mode).close()
        self.should_close = True

    def open(self) -> IO[Any]:
        """Open the file, the first time only.

        :return: the open file.
        :raises FileError: the file can't be opened.
        """
        if self._file is not None:
            return self._file
        try:
            self._file, self.should_close = open_stream(self.name, self.mode, self.encoding, self.errors, self.atomic)
        except OSError as error:
            make_error = type(self).open_error
            if make_error is None:
                raise
            raise make_error(self.name, error.strerror) from error
        return self._file

    def close(self) -> None:
        """Close the file if it is open."""
        if self._file is not None:
            self._file.close()

    def close_intelligently(self) -> None:
        """Close the file if it is open and was opened here: standard streams stay open."""
        if self.should_close:
            self.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.open(), name)

    def __enter__(self) -> LazyFile:
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc_value: BaseException | None, tb: TracebackType | None
    ) -> None:
        file: Any = self._file
        if exc_type is not None and isinstance(file, AtomicFile) and not file.closed:
            file.close(delete=True)
            return
        self.close_intelligently()

    def __iter__(self) -> Iterator[Any]:
        self.open()
        return iter(self._file)  # type: ignore[arg-type]

    def __repr__(self) -> str:
        if self._file is not None:
            return repr(self._file)
        return f"<unopened file '{format(self.name)}' {self.mode}>"


def keep_open(file: IO[Any]) -> IO[Any]:
    """Protect a file from the end of a ``with`` block.

    :param file: the file.
    """
    return KeepOpenFile(file)  # type: ignore[return-value]
