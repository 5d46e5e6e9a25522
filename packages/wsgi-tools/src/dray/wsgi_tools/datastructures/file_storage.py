"""Uploaded files: a stream with a name and headers, and a multi dict of them."""

from __future__ import annotations

from contextlib import suppress
from io import BytesIO
from os import PathLike, fsdecode, fspath
from typing import IO, TYPE_CHECKING, Any, cast

from .._http.options import parse_options_header
from .._internal import _plain_int
from .._types import Text
from ._multi_dict import MultiDict
from .headers import Headers

if TYPE_CHECKING:
    from collections.abc import Iterator


class FileStorage:
    """A file that a form uploads.

    It has the methods of its stream as well: ``read``, ``seek``, …

    :param stream: the content; an empty one by default.
    :param filename: the name that the client gave, never to be trusted as a path; that of the stream by default.
    :param name: the name of the form field.
    :param content_type: the media type that the client gave.
    :param content_length: the length that the client gave, in bytes.
    :param headers: the headers of the part that it came in.
    """

    def __init__(
        self,
        stream: IO[bytes] | None = None,
        filename: Text = None,
        name: Text = None,
        content_type: Text = None,
        content_length: int | None = None,
        headers: Headers | None = None,
    ) -> None:
        self.name = name
        self.stream = stream or BytesIO()
        self.filename = _name_of_stream(stream) if filename is None else fsdecode(filename)

        #: The headers of the part that it came in.
        self.headers = Headers() if headers is None else headers

        for header, value in (("Content-Type", content_type), ("Content-Length", content_length)):
            if value is not None:
                self.headers[header] = value

    def _parse_content_type(self) -> tuple[str, dict[str, str]]:
        if not hasattr(self, "_parsed_content_type"):
            self._parsed_content_type = parse_options_header(self.content_type)

        return self._parsed_content_type

    @property
    def content_type(self) -> str | None:
        """The media type that the client gave, with its parameters."""
        return self.headers.get("content-type")

    @property
    def content_length(self) -> int:
        """The length that the client gave, in bytes; 0 if it gave none, as browsers do."""
        try:
            return _plain_int(self.headers.get("content-length", ""))
        except ValueError:
            return 0

    @property
    def mimetype(self) -> str:
        """The media type in lower case, without parameters."""
        return self._parse_content_type()[0].lower()

    @property
    def mimetype_params(self) -> dict[str, str]:
        """The parameters of the media type."""
        return self._parse_content_type()[1]

    def save(self, dst: str | PathLike[str] | IO[bytes], buffer_size: int = 16384) -> None:
        """Copy what is left of the stream to a file.

        :param dst: a path, or an open file, which stays open.
        :param buffer_size: how many bytes are copied at a time.
        """
        if hasattr(dst, "write"):
            self._copy_to(cast("IO[bytes]", dst), buffer_size)
        else:
            with open(fspath(cast("str", dst)), "wb") as file:
                self._copy_to(file, buffer_size)

    def _copy_to(self, file: IO[bytes], buffer_size: int) -> None:
        while block := self.stream.read(buffer_size):
            file.write(block)

    def close(self) -> None:
        """Close the stream; a temporary file goes away with it."""
        with suppress(Exception):  # nothing can be done about a stream that refuses
            self.stream.close()

    def __bool__(self) -> bool:
        return bool(self.filename)

    def __getattr__(self, name: str) -> Any:
        stream = self.__dict__.get("stream")

        if stream is None:
            raise AttributeError(name)

        try:
            return getattr(stream, name)
        except AttributeError:
            # A spooled file lacks some methods of the file in it.
            inner = getattr(stream, "_file", None)

            if inner is None:
                raise

            return getattr(inner, name)

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.stream)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.filename!r} ({self.content_type!r})>"


def _name_of_stream(stream: IO[bytes] | None) -> str | None:
    """Return the name of an open file; ``None`` for a descriptor, or a stand-in such as ``<fdopen>``."""
    name = getattr(stream, "name", None)

    if name is None or isinstance(name, int):
        return None

    text = fsdecode(name)
    return None if text[:1] == "<" and text[-1:] == ">" else text


class FileMultiDict(MultiDict[str, FileStorage]):
    """A multi dict of files."""

    def add_file(
        self,
        name: str,
        file: str | PathLike[str] | IO[bytes] | FileStorage,
        filename: Text = None,
        content_type: Text = None,
    ) -> None:
        """Add a file.

        :param name: the name of the form field.
        :param file: an open file, a path that is opened, or a :class:`FileStorage`, which is added as it is.
        :param filename: the file's name; that of the path by default.
        :param content_type: the media type; by default guessed from the name.
        """
        if isinstance(file, FileStorage):
            self.add(name, file)
            return

        if isinstance(file, (str, PathLike)):
            if filename is None:
                filename = fspath(file)

            stream: IO[bytes] = open(file, "rb")  # noqa: SIM115 - belongs to the storage from here on
        else:
            stream = cast("IO[bytes]", file)

        if filename and content_type is None:
            from mimetypes import guess_type  # noqa: PLC0415 - start-up time

            content_type = guess_type(filename)[0] or "application/octet-stream"

        self.add(name, FileStorage(stream, filename, name, content_type))
