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

        A path is opened when all of the output is there, so that a render that fails leaves what was there.

        :param fp: a path, or a file that is open for writing
        :param encoding: how text becomes bytes; for a path the default is UTF-8, for an open file text is written
        :param errors: what happens to characters that the encoding lacks
        """
        if isinstance(fp, str):
            _write_when_complete(fp, self, encoding or "utf-8", errors or "strict")
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


#: Most bytes of output that wait in memory for a file to be written; more of them wait in a file without a name.
_MOST_IN_MEMORY = 1 << 22
_CHUNK = 1 << 16


def _write_when_complete(path: str, pieces: Iterator[str], encoding: str, errors: str) -> None:
    """Write the pieces to a file, once all of them are there.

    The file is opened as programs open files: it keeps its owner, permissions and links.
    """
    from tempfile import SpooledTemporaryFile  # noqa: PLC0415 - tempfile costs start-up time

    with SpooledTemporaryFile(_MOST_IN_MEMORY) as waiting:
        for piece in pieces:
            waiting.write(piece.encode(encoding, errors))
        waiting.seek(0)
        with open(path, "wb") as file:
            while chunk := waiting.read(_CHUNK):
                file.write(chunk)
