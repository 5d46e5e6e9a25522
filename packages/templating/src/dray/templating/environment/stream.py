"""A template's output piece by piece."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import IO, Any


class TemplateStream:
    """An iterator over the pieces of a template's output, one by one or several joined.

    :param gen: the pieces
    """

    __module__ = __package__

    def __init__(self, gen: Iterator[str]) -> None:
        self._gen = gen
        self.disable_buffering()

    def dump(self, fp: str | IO[bytes], encoding: str | None = None, errors: str | None = "strict") -> None:
        """Write everything to a file.

        A path is written by way of a temporary file beside it, so that a render that fails leaves what was there.

        :param fp: a path, or a file that is open for writing
        :param encoding: how text becomes bytes; for a path the default is UTF-8, for an open file text is written
        :param errors: what happens to characters that the encoding lacks
        """
        if isinstance(fp, str):
            _write_atomically(fp, self, encoding or "utf-8", errors or "strict")
            return
        pieces: Any = self if encoding is None else (piece.encode(encoding, errors or "strict") for piece in self)
        if hasattr(fp, "writelines"):
            fp.writelines(pieces)
        else:
            for piece in pieces:
                fp.write(piece)

    def disable_buffering(self) -> None:
        """Hand out every piece as it comes."""
        self._next: Callable[[], str] = self._gen.__next__
        self.buffered = False

    def _joined(self, size: int) -> Iterator[str]:
        pieces: list[str] = []
        count = 0
        for piece in self._gen:
            pieces.append(piece)
            count += bool(piece)
            if count >= size:
                yield "".join(pieces)
                pieces.clear()
                count = 0
        if count:
            yield "".join(pieces)

    def enable_buffering(self, size: int = 5) -> None:
        """Hand out several pieces joined.

        :param size: how many pieces that aren't empty, more than one
        :raises ValueError: if *size* is too small
        """
        if size <= 1:
            raise ValueError("buffer size too small")
        self.buffered = True
        self._next = self._joined(size).__next__

    def __iter__(self) -> TemplateStream:
        return self

    def __next__(self) -> str:
        return self._next()


def _write_atomically(path: str, pieces: Iterator[str], encoding: str, errors: str) -> None:
    """Write the pieces to a file beside *path* and put it in place when all is well."""
    import os  # noqa: PLC0415 - only for dumping to a path
    from tempfile import mkstemp  # noqa: PLC0415 - tempfile costs start-up time

    target = os.path.realpath(path)
    if os.path.exists(target) and not os.path.isfile(target):
        with open(target, "wb") as file:  # a device or pipe
            file.writelines(piece.encode(encoding, errors) for piece in pieces)
        return
    handle, temporary = mkstemp(prefix=os.path.basename(target), suffix=".tmp", dir=os.path.dirname(target))
    try:
        with open(handle, "wb") as file:
            file.writelines(piece.encode(encoding, errors) for piece in pieces)
        os.chmod(temporary, _file_mode(target))
        os.replace(temporary, target)
    except BaseException:
        os.unlink(temporary)
        raise


def _file_mode(path: str) -> int:
    """Return the permissions of a file, or those that a new one would get."""
    import os  # noqa: PLC0415 - only for dumping to a path

    try:
        return os.stat(path).st_mode & 0o777
    except FileNotFoundError:
        mask = os.umask(0o022)
        os.umask(mask)
        return 0o666 & ~mask
