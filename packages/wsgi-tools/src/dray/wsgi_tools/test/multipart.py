"""Writing forms as ``multipart/form-data`` (RFC 7578).

The bytes of each part are the encoder's business; here values and files are turned into its events, and the result is
kept in memory or, when it is large, in a temporary file.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from typing import IO, Any

from ..datastructures import Headers
from ..sansio.multipart import Data, Epilogue, Field, File, MultipartEncoder, Preamble

_READ_SIZE = 65536


def _values(data: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    lists: Iterable[tuple[str, Any]] = data.lists() if hasattr(data, "lists") else data.items()
    for key, value in lists:
        for single in value if isinstance(value, (list, tuple)) else (value,):
            yield key, single


def _file_events(key: str, file: Any) -> Iterator[File | Data]:
    name = getattr(file, "filename" if hasattr(file, "filename") else "name", None)
    filename = name if isinstance(name, str) else None
    headers = Headers(getattr(file, "headers", None) or ())
    if "Content-Type" not in headers:
        guess = getattr(file, "content_type", None)
        if not guess and filename:
            from mimetypes import guess_type  # noqa: PLC0415 - start-up time

            guess = guess_type(filename)[0]
        headers["Content-Type"] = guess or "application/octet-stream"
    headers.pop("Content-Disposition", None)
    yield File(name=key, filename=filename, headers=headers) if filename is not None else _nameless(key, headers)
    while chunk := file.read(_READ_SIZE):
        yield Data(data=chunk, more_data=True)
    yield Data(data=b"", more_data=False)


def _nameless(key: str, headers: Headers) -> Any:
    return Field(name=key, headers=headers)


def _value_events(key: str, value: Any) -> Iterator[Field | Data]:
    yield Field(name=key, headers=Headers())
    yield Data(data=value if isinstance(value, bytes) else str(value).encode(), more_data=False)


def stream_encode_multipart(
    data: Mapping[str, Any], use_tempfile: bool = True, threshold: int = 1024 * 500, boundary: str | None = None
) -> tuple[IO[bytes], int, str]:
    """Encode values and files.

    :param data: Names with values: text, files (anything with ``read()``), or lists of these. Other values are
        converted with :class:`str`.
    :param use_tempfile: Keep a large result in a temporary file.
    :param threshold: From how many bytes on it is large.
    :param boundary: The text between the parts; a random one when left out.
    :return: The stream, at its beginning; its length in bytes; the boundary.
    """
    if boundary is None:
        boundary = f"---------------DrayFormPart_{os.urandom(12).hex()}"
    stream: IO[bytes] = BytesIO()
    for piece in _encoded(data, boundary.encode()):
        stream.write(piece)
        if use_tempfile and isinstance(stream, BytesIO) and stream.tell() > threshold:
            from tempfile import TemporaryFile  # noqa: PLC0415 - 10 ms

            file = TemporaryFile("wb+")  # noqa: SIM115 - the caller closes it
            file.write(stream.getbuffer())
            stream = file
    length = stream.tell()
    stream.seek(0)
    return stream, length, boundary


def _encoded(data: Mapping[str, Any], boundary: bytes) -> Iterator[bytes]:
    encoder = MultipartEncoder(boundary)
    yield encoder.send_event(Preamble(data=b""))
    for key, value in _values(data):
        for event in _file_events(key, value) if hasattr(value, "read") else _value_events(key, value):
            yield encoder.send_event(event)
    yield encoder.send_event(Epilogue(data=b""))


def encode_multipart(values: Mapping[str, Any], boundary: str | None = None) -> tuple[str, bytes]:
    """Encode values and files in memory.

    :param values: As for :func:`stream_encode_multipart`.
    :param boundary: As there.
    :return: The boundary and the body.
    """
    stream, _, boundary = stream_encode_multipart(values, use_tempfile=False, boundary=boundary)
    return boundary, stream.read()
