"""Sending a file: open it, describe it, mark it for caches, answer conditions and ranges, wrap it for the server.

The steps work on one response; what a range or a condition means is decided by the response itself. Which files may be
sent is decided by the caller, or by :func:`send_from_directory`.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from datetime import datetime
from time import time
from typing import IO, TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote
from zlib import adler32

from ._internal import _wsgi_encoding_dance
from .datastructures import Headers
from .exceptions import NotFound, RequestedRangeNotSatisfiable
from .security import safe_join
from .wrappers import Response
from .wsgi import wrap_file

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_Text = str | None
_Path = os.PathLike[str] | str
_Time = datetime | int | float | None
_MaxAge = None | int | Callable[[str | None], int | None]
#: What attr-char of RFC 5987 allows beside letters and digits.
_ATTR_CHARS = "!#$&+-.^_`|~"


class _Source(NamedTuple):
    """What is sent: an absolute path or an open file, with what is known about it."""

    path: str | None
    file: IO[bytes] | None
    size: int | None
    mtime: float | None
    name: str | None


def _inspect(path_or_file: Any, root_path: Any, download_name: str | None) -> _Source:
    if isinstance(path_or_file, (str, os.PathLike)) or hasattr(path_or_file, "__fspath__"):
        path = os.fspath(path_or_file)
        path = os.path.abspath(path if root_path is None else os.path.join(root_path, path))
        stat = os.stat(path)
        return _Source(path, None, stat.st_size, stat.st_mtime, download_name or os.path.basename(path))
    file = path_or_file
    if isinstance(file, io.TextIOBase):
        raise ValueError("Files must be opened in binary mode or use BytesIO.")
    size = len(file.getbuffer()) if isinstance(file, io.BytesIO) else None
    return _Source(None, file, size, None, download_name)


def _content_disposition(name: str, as_attachment: bool) -> tuple[str, dict[str, str]]:
    """Write the disposition (RFC 6266): a name outside ASCII is given twice, the second time in UTF-8 (RFC 5987)."""
    value = "attachment" if as_attachment else "inline"
    if name.isascii():
        return value, {"filename": name}
    from unicodedata import normalize  # noqa: PLC0415 - its tables are large, and names are mostly ASCII

    plain = normalize("NFKD", name).encode("ascii", "ignore").decode("ascii")
    return value, {"filename": plain, "filename*": f"UTF-8''{quote(name, safe=_ATTR_CHARS)}"}


def _describe(source: _Source, mimetype: str | None, as_attachment: bool) -> tuple[Headers, str]:
    """Make the headers that say what is in the file and how it is called."""
    headers = Headers()
    if mimetype is None:
        if source.name is None:
            raise TypeError(
                "Unable to detect the MIME type because a file name is not available. Either set 'download_name', pass"
                " a path instead of a file, or set 'mimetype'."
            )
        from mimetypes import guess_type  # noqa: PLC0415 - start-up time

        mimetype, encoding = guess_type(source.name)
        mimetype = mimetype or "application/octet-stream"
        # A downloaded archive stays packed; with the header, browsers would unpack it and keep its name.
        if encoding is not None and not as_attachment:
            headers.set("Content-Encoding", encoding)
    if source.name is not None:
        value, parameters = _content_disposition(source.name, as_attachment)
        headers.set("Content-Disposition", value, **parameters)
    elif as_attachment:
        raise TypeError("No name provided for attachment. Either set 'download_name' or pass a path instead of a file.")
    return headers, mimetype


def _mark_for_caches(response: Response, path: str | None, max_age: _MaxAge) -> None:
    seconds = max_age(path) if callable(max_age) else max_age
    directive = "public" if seconds else "no-cache"
    if seconds is None:
        response.headers["Cache-Control"] = directive
    else:
        response.headers["Cache-Control"] = f"{directive}, max-age={int(seconds)}"
        response.expires = int(time() + seconds)


def _set_validators(response: Response, source: _Source, etag: bool | str, last_modified: _Time) -> None:
    if last_modified is not None:
        response.last_modified = last_modified
    elif source.mtime is not None:
        response.last_modified = source.mtime
    if isinstance(etag, str):
        response.set_etag(etag)
    elif etag and source.path is not None:
        check = adler32(os.fsencode(source.path))
        response.set_etag(f"{source.mtime}-{source.size}-{check}")


def send_file(
    path_or_file: _Path | IO[bytes],
    environ: WSGIEnvironment,
    mimetype: _Text = None,
    as_attachment: bool = False,
    download_name: _Text = None,
    conditional: bool = True,
    etag: bool | str = True,
    last_modified: _Time = None,
    max_age: _MaxAge = None,
    use_x_sendfile: bool = False,
    response_class: type[Response] | None = None,
    _root_path: _Path | None = None,
) -> Response:
    """Send the contents of a file to the client.

    The path must not come from outside: anything that the process can read would be sent. Use
    :func:`send_from_directory` for paths from a request.

    :param path_or_file: A path, relative to the working directory, or a file opened in binary mode.
    :param environ: The environ of the request.
    :param mimetype: The media type; guessed from the file's name when left out.
    :param as_attachment: Ask the browser to save the file instead of showing it.
    :param download_name: The name to save it under; that of the path when left out.
    :param conditional: Answer ``If-None-Match``, ``If-Modified-Since``, ``If-Range`` and ``Range`` (RFC 9110).
    :param etag: The entity tag; ``True`` makes one of time, size and path, ``False`` none.
    :param last_modified: Date of the last change, as a time or seconds since 1970; that of the file when left out.
    :param max_age: Seconds that caches may use the file without asking, or a function of the path that gives them.
    :param use_x_sendfile: Set ``X-Sendfile`` and let the web server in front send the file.
    :param response_class: Class of the response.
    :return: The response; it closes the file.
    :raises TypeError: There is no name to guess the type from, or to save the attachment under.
    :raises ValueError: The file is opened in text mode.
    :raises RequestedRangeNotSatisfiable: The client asked for a part that isn't there.
    """
    source = _inspect(path_or_file, _root_path, download_name)
    headers, mimetype = _describe(source, mimetype, as_attachment)
    file = source.file
    data: Any = None
    if use_x_sendfile and source.path is not None:
        headers["X-Sendfile"] = _wsgi_encoding_dance(source.path)
    else:
        if file is None:
            file = open(source.path, "rb")  # type: ignore[arg-type]  # noqa: SIM115 - the response closes it
        data = wrap_file(environ, file)
    try:
        response = (response_class or Response)(data, mimetype=mimetype, headers=headers, direct_passthrough=True)
        if source.size is not None:
            response.headers["Content-Length"] = str(source.size)
        _set_validators(response, source, etag, last_modified)
        _mark_for_caches(response, source.path, max_age)
        if conditional:
            response = _conditional(response, environ, source.size)
    except BaseException:
        if file is not None and source.path is not None:
            file.close()
        raise
    return response


def _conditional(response: Response, environ: WSGIEnvironment, size: int | None) -> Response:
    try:
        response = response.make_conditional(environ, accept_ranges=True, complete_length=size)
    except RequestedRangeNotSatisfiable:
        response.close()
        raise
    if response.status_code == 304:
        # Nothing is to be sent, by the server in front neither.
        response.headers.pop("X-Sendfile", None)
    return response


def send_from_directory(directory: _Path, path: _Path, environ: WSGIEnvironment, **kwargs: Any) -> Response:
    """Send a file from a directory, with a path that may come from outside.

    :param directory: The directory; must not come from outside.
    :param path: The path below it.
    :param environ: The environ of the request.
    :param kwargs: As for :func:`send_file`.
    :raises NotFound: There is no such regular file, or the path would leave the directory.
    """
    joined = safe_join(os.fspath(directory), os.fspath(path))
    if joined is None:
        raise NotFound()
    if "_root_path" in kwargs:
        joined = os.path.join(kwargs["_root_path"], joined)
    try:
        if not os.path.isfile(joined):
            raise NotFound()
    except ValueError:  # what no file system can name
        raise NotFound() from None
    return send_file(joined, environ, **kwargs)
