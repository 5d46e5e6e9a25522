"""Forms read from a stream: the pull adapter over ``sansio.form``.

Reads block by block, writes files to where the stream factory says, and gives the fields and files as multi dicts.
Limits and grammar aren't here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from typing import IO, TYPE_CHECKING, Any, Protocol, TypeVar, cast

from ._http.options import parse_options_header
from .datastructures import FileStorage, Headers, MultiDict
from .sansio.body import MAX_IN_MEMORY
from .sansio.form import (
    MULTIPART,
    URLENCODED,
    FormLimits,
    MultipartFormParser,
    UrlencodedFormParser,
    form_boundary,
    split_plain_fields,
)
from .sansio.multipart import Data, Event, Field, File
from .wsgi import get_content_length, get_input_stream

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

    t_parse_result = tuple[IO[bytes], MultiDict[str, str], MultiDict[str, FileStorage]]

    class TStreamFactory(Protocol):
        """A function that opens the stream that an uploaded file is written to."""

        def __call__(
            self,
            total_content_length: int | None,
            content_type: str | None,
            filename: str | None,
            content_length: int | None = None,
        ) -> IO[bytes]:
            """Open the stream."""

    Factory = TStreamFactory | None

Size = int | None
Storage = type[MultiDict[str, Any]] | None
F = TypeVar("F", bound=Callable[..., Any])

#: How many bytes are read at a time, and at first: a short form is read at once.
_READ_SIZE = 256 * 1024
_FIRST_READ = 64 * 1024

#: The charsets that a field may be written in; every other one is read as UTF-8.
_FIELD_CHARSETS = frozenset({"ascii", "us-ascii", "utf-8", "iso-8859-1"})


def default_stream_factory(
    total_content_length: int | None,
    content_type: str | None,
    filename: str | None,
    content_length: int | None = None,
) -> IO[bytes]:
    """Open the stream that an uploaded file is written to: memory for a short body, a temporary file for a long one.

    The temporary file has no name, so it is gone when it is closed, whatever happens.

    :param total_content_length: length of the whole body in bytes; ``None`` if it isn't known: then what is long is
        moved to disk when it shows.
    :param content_type: the file's media type.
    :param filename: its name, as the client gave it.
    :param content_length: its length in bytes, if the client gave it.
    """
    if total_content_length is not None and total_content_length <= MAX_IN_MEMORY:
        return BytesIO()

    from tempfile import SpooledTemporaryFile, TemporaryFile  # noqa: PLC0415 - 10 ms, and forms are mostly short

    if total_content_length is None:
        return cast("IO[bytes]", SpooledTemporaryFile(max_size=MAX_IN_MEMORY, mode="rb+"))  # noqa: SIM115

    return cast("IO[bytes]", TemporaryFile("rb+"))  # noqa: SIM115


def parse_form_data(
    environ: WSGIEnvironment,
    stream_factory: Factory = None,
    max_form_memory_size: Size = None,
    max_content_length: Size = None,
    cls: Storage = None,
    silent: bool = True,
    *,
    max_form_parts: Size = None,
) -> t_parse_result:
    """Read the form of a WSGI request.

    :param environ: the WSGI environ.
    :param stream_factory: opens the stream of a file, see :func:`default_stream_factory`.
    :param max_form_memory_size: the longest field of a multipart form that is no file, in bytes.
    :param max_content_length: the longest body, in bytes.
    :param cls: the class of the results.
    :param silent: give empty results for a body that isn't well formed, instead of raising ``ValueError``.
    :param max_form_parts: the largest number of parts of a multipart form.
    :return: what is left of the body as a stream, the fields, and the files.
    :raises RequestEntityTooLarge: if a limit is passed.
    """
    return FormDataParser(
        stream_factory, max_form_memory_size, max_content_length, cls, silent, max_form_parts=max_form_parts
    ).parse_from_environ(environ)


class FormDataParser:
    """Reads a form of either encoding.

    :param stream_factory: opens the stream of a file, see :func:`default_stream_factory`.
    :param max_form_memory_size: the longest field of a multipart form that is no file, in bytes.
    :param max_content_length: the longest body, in bytes.
    :param cls: the class of the results.
    :param silent: give empty results for a body that isn't well formed, instead of raising ``ValueError``.
    :param max_form_parts: the largest number of parts of a multipart form.
    """

    def __init__(
        self,
        stream_factory: Factory = None,
        max_form_memory_size: Size = None,
        max_content_length: Size = None,
        cls: Storage = None,
        silent: bool = True,
        *,
        max_form_parts: Size = None,
    ) -> None:
        self.stream_factory = default_stream_factory if stream_factory is None else stream_factory
        self.max_form_memory_size = max_form_memory_size
        self.max_content_length = max_content_length
        self.max_form_parts = max_form_parts
        self.cls: type[MultiDict[str, Any]] = MultiDict if cls is None else cls
        self.silent = silent

    @property
    def limits(self) -> FormLimits:
        """The limits as one value."""
        return FormLimits(self.max_content_length, self.max_form_memory_size, self.max_form_parts)

    def parse_from_environ(self, environ: WSGIEnvironment) -> t_parse_result:
        """Read the form of a WSGI request.

        :param environ: the WSGI environ.
        :return: what is left of the body as a stream, the fields, and the files.
        :raises RequestEntityTooLarge: if a limit is passed.
        """
        mimetype, options = parse_options_header(environ.get("CONTENT_TYPE"))
        stream = get_input_stream(environ, max_content_length=self.max_content_length)
        return self.parse(stream, mimetype.lower(), get_content_length(environ), options)

    def parse(
        self,
        stream: IO[bytes],
        mimetype: str,
        content_length: int | None,
        options: Mapping[str, str] | None = None,
    ) -> t_parse_result:
        """Read a form from a stream.

        :param stream: the body; it must end where the body ends.
        :param mimetype: its media type in lower case; another one than that of a form is left in the stream.
        :param content_length: its length in bytes, if known.
        :param options: the parameters of the media type.
        :return: what is left of the body as a stream, the fields, and the files.
        :raises RequestEntityTooLarge: if a limit is passed.
        """
        if mimetype not in self._parsers:
            return stream, self.cls(), self.cls()

        if self.max_content_length is not None:
            self.limits.check_length(content_length)

        parse: Callable[..., t_parse_result] = getattr(self, self._parsers[mimetype])

        try:
            return parse(stream, mimetype, content_length, {} if options is None else options)
        except ValueError:
            if not self.silent:
                raise

        return stream, self.cls(), self.cls()

    def _parse_multipart(
        self, stream: IO[bytes], mimetype: str, content_length: int | None, options: Mapping[str, str]
    ) -> t_parse_result:
        parser = MultiPartParser(
            stream_factory=self.stream_factory,
            max_form_memory_size=self.max_form_memory_size,
            max_form_parts=self.max_form_parts,
            cls=self.cls,
        )
        form, files = parser.parse(stream, form_boundary(options), content_length)
        return stream, form, files

    def _parse_urlencoded(
        self, stream: IO[bytes], mimetype: str, content_length: int | None, options: Mapping[str, str]
    ) -> t_parse_result:
        parser = UrlencodedFormParser(self.limits)

        while data := stream.read(_READ_SIZE):
            parser.feed(data)

        return stream, self.cls(parser.pairs()), self.cls()

    # By name: a subclass may have its own.
    _parsers = {MULTIPART: "_parse_multipart", URLENCODED: "_parse_urlencoded"}


class MultiPartParser:
    """Reads a multipart form.

    :param stream_factory: opens the stream of a file, see :func:`default_stream_factory`.
    :param max_form_memory_size: the longest field that is no file, in bytes.
    :param cls: the class of the results.
    :param buffer_size: how many bytes are read at a time.
    :param max_form_parts: the largest number of parts.
    """

    def __init__(
        self,
        stream_factory: Factory = None,
        max_form_memory_size: Size = None,
        cls: Storage = None,
        buffer_size: int = _READ_SIZE,
        max_form_parts: Size = None,
    ) -> None:
        self.stream_factory = default_stream_factory if stream_factory is None else stream_factory
        self.max_form_memory_size = max_form_memory_size
        self.max_form_parts = max_form_parts
        self.cls: type[MultiDict[str, Any]] = MultiDict if cls is None else cls
        self.buffer_size = buffer_size

    def fail(self, message: str) -> Any:
        """Give up.

        :raises ValueError: always.
        """
        raise ValueError(message)

    def get_part_charset(self, headers: Headers) -> str:
        """Return the charset of a field, from the media type of its part (RFC 7578 section 4.5)."""
        content_type = headers.get("Content-Type")

        if content_type:
            charset = parse_options_header(content_type)[1].get("charset", "").lower()

            if charset in _FIELD_CHARSETS:
                return charset

        return "utf-8"

    def start_file_streaming(self, event: File, total_content_length: int | None) -> IO[bytes]:
        """Open the stream of a file."""
        content_type = event.headers.get("Content-Type")

        try:
            content_length = int(event.headers.get("Content-Length", ""))
        except ValueError:
            content_length = 0

        return self.stream_factory(
            total_content_length=total_content_length,
            filename=event.filename,
            content_type=content_type,
            content_length=content_length,
        )

    def parse(
        self, stream: IO[bytes], boundary: bytes, content_length: int | None
    ) -> tuple[MultiDict[str, str], MultiDict[str, FileStorage]]:
        """Read a form.

        :param stream: the body.
        :param boundary: the boundary, without dashes.
        :param content_length: length of the body in bytes, if known.
        :return: the fields and the files.
        :raises ValueError: if the body isn't well formed. Then the files that were open are closed.
        :raises RequestEntityTooLarge: if a limit is passed; the same.
        """
        limits = FormLimits(None, self.max_form_memory_size, self.max_form_parts)
        parser = MultipartFormParser(boundary, limits)
        parts = _Parts(self, content_length)

        # Boundary and headers are in the first block; what follows of a file is passed on without a copy.
        data = stream.read(min(_FIRST_READ, self.buffer_size))

        if len(data) == content_length and type(self).get_part_charset is _default_charset:
            fields = split_plain_fields(data, boundary, limits)

            if fields is not None:
                return self.cls(fields), self.cls()

        try:
            while data:
                parts.take(parser.feed(data))
                data = stream.read(self.buffer_size)

            parts.take(parser.finish())
        except BaseException:
            parts.close()
            raise

        return self.cls(parts.fields), self.cls(parts.files)


_default_charset = MultiPartParser.get_part_charset


class _Parts:
    """Puts the events of a form together to fields and files."""

    def __init__(self, owner: MultiPartParser, content_length: int | None) -> None:
        self.fields: list[tuple[str, str]] = []
        self.files: list[tuple[str, FileStorage]] = []
        self._owner = owner
        self._content_length = content_length
        self._part: Field | File | None = None
        self._pieces: list[bytes] = []
        self._stream: IO[bytes] | None = None

    def take(self, events: Iterator[Event]) -> None:
        """Take in events."""
        for event in events:
            if isinstance(event, Data):
                self._take_data(event)
            elif isinstance(event, Field):
                self._part = event
            elif isinstance(event, File):
                self._part = event
                self._stream = self._owner.start_file_streaming(event, self._content_length)

    def _take_data(self, event: Data) -> None:
        stream = self._stream

        if stream is None:
            self._pieces.append(event.data)

            if not event.more_data:
                self._end_field(cast("Field", self._part))
        else:
            stream.write(event.data)

            if not event.more_data:
                self._end_file(cast("File", self._part), stream)

    def _end_field(self, part: Field) -> None:
        charset = self._owner.get_part_charset(part.headers)
        self.fields.append((part.name, b"".join(self._pieces).decode(charset, "replace")))
        self._pieces = []

    def _end_file(self, part: File, stream: IO[bytes]) -> None:
        stream.seek(0)
        self.files.append((part.name, FileStorage(stream, part.filename, part.name, headers=part.headers)))
        self._stream = None

    def close(self) -> None:
        """Close all files, also the one that is being written."""
        for _, file in self.files:
            file.close()

        if self._stream is not None:
            self._stream.close()
