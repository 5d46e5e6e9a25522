"""Checks that an application and its server keep to WSGI (PEP 3333) and HTTP (RFC 9110), by warnings.

The objects that pass between the two are wrapped in ones that look; nothing is changed on the way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import IO, TYPE_CHECKING, Any, Self
from warnings import warn

from .._http.tokens import is_entity_header
from ..datastructures import Headers
from ..wsgi import FileWrapper

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class HTTPWarning(Warning):
    """Something breaks HTTP."""


class WSGIWarning(Warning):
    """Something breaks PEP 3333."""


def _wsgi(message: str, level: int = 3) -> None:
    """Warn of a breach of PEP 3333, at the place that many calls up."""
    warn(message, WSGIWarning, stacklevel=level + 1)


def check_type(context: str, obj: object, need: type = str) -> None:
    """Warn when an object isn't exactly of a type.

    :param context: What the object is, for the message.
    :param obj: The object.
    :param need: The type.
    """
    if type(obj) is not need:
        _wsgi(f"{context!r} requires {need.__name__!r}, got {type(obj).__name__!r}.", 3)


class InputStream:
    """Watches how the application reads ``wsgi.input``.

    :param stream: The stream.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def read(self, *args: Any) -> bytes:
        """Read, and warn without a size: a server needn't mark the end of the body."""
        if not args:
            _wsgi(
                "wsgi.input.read() without a size may wait forever: a server needn't end the stream with the body.", 2
            )
        elif len(args) != 1:
            _wsgi("Too many arguments for wsgi.input.read().", 2)
        return self._stream.read(*args)

    def readline(self, *args: Any) -> bytes:
        """Read a line, and warn without a size."""
        if not args:
            _wsgi("wsgi.input.readline() without a size reads without a limit: use wsgi.input.read() with one.", 2)
        elif len(args) != 1:
            raise TypeError(f"readline() takes a size, not {len(args)} arguments")
        return self._stream.readline(*args)

    def readlines(self, *args: Any) -> list[bytes]:
        """Read all lines, and warn without a size."""
        if not args:
            _wsgi("wsgi.input.readlines() without a size may wait forever, as read() may.", 2)
        return self._stream.readlines(*args)

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._stream)

    def close(self) -> None:
        """Warn: the stream is the server's."""
        _wsgi("The application closed the input stream!", 2)
        self._stream.close()


class ErrorStream:
    """Watches how the application writes to ``wsgi.errors``.

    :param stream: The stream.
    """

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def write(self, s: str) -> None:
        """Write text."""
        check_type("wsgi.errors.write()", s, str)
        self._stream.write(s)

    def flush(self) -> None:
        """Flush."""
        self._stream.flush()

    def close(self) -> None:
        """Warn: the stream is the server's."""
        _wsgi("The application closed the error stream!", 2)
        self._stream.close()

    def writelines(self, seq: Iterable[str]) -> None:
        """Write several texts."""
        for text in seq:
            self.write(text)


class GuardedWrite:
    """Watches what is written through the function that ``start_response`` returns.

    :param write: The function.
    :param chunks: Gets the length of each piece.
    """

    def __init__(self, write: Callable[[bytes], object], chunks: list[int]) -> None:
        self._chunks, self._write = chunks, write

    def __call__(self, s: bytes) -> None:
        """Write bytes."""
        check_type("write()", s, bytes)
        self._chunks.append(len(s))
        self._write(s)


class GuardedIterator:
    """Watches the body, and compares it with the headers when it is closed.

    :param iterator: The body.
    :param headers_set: Status code and headers, once they are known.
    :param chunks: Gets the length of each piece.
    """

    def __init__(self, iterator: Iterable[bytes], headers_set: Any, chunks: list[int]) -> None:
        self.headers_set, self.chunks = headers_set, chunks
        self._iterator = iterator
        self._next = iter(iterator).__next__
        self.closed = False

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        if self.closed:
            _wsgi("Iterated over a closed body.", 2)
        piece = self._next()
        if not self.headers_set:
            _wsgi("The application returned before it started the response.", 2)
        check_type("application iterator items", piece, bytes)
        self.chunks.append(len(piece))
        return piece

    def close(self) -> None:
        """Close the body, and warn of what doesn't fit to its headers."""
        self.closed = True
        close = getattr(self._iterator, "close", None)
        if close is not None:
            close()
        if self.headers_set:
            status, headers = self.headers_set
            _check_framing(status, headers, sum(self.chunks))

    def __del__(self) -> None:
        if not self.closed:
            try:
                _wsgi("The body was dropped without being closed.", 2)
            except Exception:  # noqa: S110 - warnings that are errors have nowhere to go from here
                pass


def _check_framing(status: int, headers: Headers, sent: int) -> None:
    length = headers.get("content-length", type=int)
    if status == 304:
        for name, _ in headers:
            lower = name.lower()
            if lower not in ("expires", "content-location") and is_entity_header(lower):
                warn(f"Entity header {lower!r} found in 304 response.", HTTPWarning, stacklevel=4)
        if sent:
            warn("304 responses must not have a body.", HTTPWarning, stacklevel=4)
    elif 100 <= status < 200 or status == 204:
        if length:
            warn(f"{status} responses must have an empty content length.", HTTPWarning, stacklevel=4)
        if sent:
            warn(f"{status} responses must not have a body.", HTTPWarning, stacklevel=4)
    elif length is not None and length != sent:
        _wsgi(f"Content-Length and the number of bytes sent to the client do not match: {length} and {sent}.", 4)


class LintMiddleware:
    """Warns of what an application or its server does against WSGI and HTTP.

    Meant for tests: ``-W error`` makes a failure of each finding. (``wsgiref.validate`` checks much the same by
    assertions, but stops at the first.)

    :param app: The application.
    """

    def __init__(self, app: WSGIApplication) -> None:
        self.app = app

    def check_environ(self, environ: Any) -> None:
        """Warn of what is wrong with an environ."""
        if type(environ) is not dict:
            _wsgi("The environ must be a plain dict.", 4)
        for key in _REQUIRED:
            if key not in environ:
                _wsgi(f"Required environment key {key!r} not found", 3)
        if environ.get("wsgi.version") != (1, 0):
            _wsgi("The environ is not of WSGI 1.0.", 3)
        for key in ("SCRIPT_NAME", "PATH_INFO"):
            path = environ.get(key, "")
            if path and not path.startswith("/"):
                _wsgi(f"{key!r} does not start with a slash: {path!r}", 3)

    def check_start_response(
        self,
        status: Any,
        headers: Any,
        exc_info: Any,
    ) -> tuple[int, Headers]:
        """Warn of what is wrong with the arguments of ``start_response``.

        :return: The status code (0 when there is none) and the headers.
        """
        check_type("status", status, str)
        text = status if isinstance(status, str) else ""
        code, separator, reason = text.partition(" ")
        if len(code) != 3 or not code.isdecimal():
            _wsgi(f"The status code must be three digits, not {code!r}.", 3)
        if not separator or not reason:
            _wsgi(f"Invalid value for status {status!r}: expected three digits, a space, and a phrase.", 3)
        number = int(code) if code.isdecimal() else 0
        if number < 100:
            _wsgi("The status code is below 100.", 3)
        if type(headers) is not list:
            _wsgi("Header list is not a list.", 3)
        for item in headers:
            _check_header(item)
        if exc_info is not None and not isinstance(exc_info, tuple):
            _wsgi("Invalid value for exc_info: expected a tuple.", 3)
        checked = Headers([item for item in headers if _is_text_pair(item) and "\n" not in item[1]])
        self.check_headers(checked)
        return number, checked

    def check_headers(self, headers: Headers) -> None:
        """Warn of what is wrong with the values of headers."""
        tag = headers.get("etag")
        if tag is None:
            return
        if tag.startswith("w/"):
            warn("Weak etag indicator should be upper case.", HTTPWarning, stacklevel=4)
        opaque = tag[2:] if tag[:2] in ("w/", "W/") else tag
        if not (opaque[:1] == opaque[-1:] == '"'):
            warn("Unquoted etag emitted.", HTTPWarning, stacklevel=4)

    def check_iterator(self, app_iter: Any) -> None:
        """Warn when the body is text or bytes: each character or byte would be sent alone."""
        if isinstance(app_iter, (str, bytes)):
            kind = "string" if isinstance(app_iter, str) else "bytes"
            _wsgi(f"The application returned {kind} in place of a list of bytes: each item is sent alone.", 3)

    def __call__(self, *args: Any, **kwargs: Any) -> Iterable[bytes]:
        """Answer a request."""
        if kwargs or len(args) != 2:
            _wsgi("A WSGI application is called with two arguments, by position.", 2)
        environ: WSGIEnvironment
        start_response: StartResponse
        environ, start_response = args
        self.check_environ(environ)
        environ["wsgi.input"] = InputStream(environ["wsgi.input"])
        environ["wsgi.errors"] = ErrorStream(environ["wsgi.errors"])
        # Servers may send files in their own way, past the watching iterator.
        environ["wsgi.file_wrapper"] = FileWrapper
        headers_set: list[Any] = []
        chunks: list[int] = []

        def checking_start_response(*args: Any, **kwargs: Any) -> Callable[[bytes], object]:
            if len(args) not in (2, 3):
                _wsgi(f"start_response takes 2 or 3 arguments, not {len(args)}.", 2)
            if kwargs:
                _wsgi("'start_response' does not take keyword arguments.", 2)
            status, headers = args[:2]
            exc_info = args[2] if len(args) > 2 else None
            if headers_set and exc_info is None:
                _wsgi("start_response() was called twice without an error.", 2)
            headers_set[:] = self.check_start_response(status, headers, exc_info)
            return GuardedWrite(start_response(status, headers, exc_info), chunks)

        app_iter = self.app(environ, checking_start_response)
        self.check_iterator(app_iter)
        return GuardedIterator(app_iter, headers_set, chunks)


_REQUIRED = (
    "REQUEST_METHOD",
    "SERVER_NAME",
    "SERVER_PORT",
    "wsgi.version",
    "wsgi.input",
    "wsgi.errors",
    "wsgi.multithread",
    "wsgi.multiprocess",
    "wsgi.run_once",
)


def _is_text_pair(item: Any) -> bool:
    return isinstance(item, tuple) and len(item) == 2 and all(isinstance(part, str) for part in item)


def _check_header(item: Any) -> None:
    if type(item) is not tuple or len(item) != 2:
        _wsgi("Header items must be 2-item tuples.", 4)
        return
    name, value = item
    if type(name) is not str or type(value) is not str:
        _wsgi("Header keys and values must be strings.", 4)
        return
    if name.lower() == "status":
        _wsgi("The status is no header: CGI would take it for one.", 4)
    if any(char < " " and char != "\t" for char in name + value):
        _wsgi(f"Header {name!r} has control characters.", 4)
