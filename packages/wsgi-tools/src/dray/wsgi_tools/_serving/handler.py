"""One connection of the development server: requests in, environs to the application, responses and log lines out.

Framing of bodies and responses is in the modules beside it. Parsing of the request line and the headers is Python's
(:mod:`http.server`), with stricter checks where two readers could disagree about where a request ends.
"""

from __future__ import annotations

import io
import os
import re
import ssl
import sys
import traceback
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler
from typing import IO, TYPE_CHECKING, Any, cast
from urllib.parse import SplitResult, unquote, urlsplit

from .._internal import _log, _wsgi_encoding_dance
from ..exceptions import BadRequest, HTTPException, InternalServerError
from ..urls import uri_to_iri
from .bodies import Body, ContinueInput, DechunkedInput, FixedInput, drain
from .responses import ResponseWriter

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

    from .servers import BaseWSGIServer

#: Errors that mean that the client went away.
connection_dropped_errors: tuple[type[Exception], ...] = (ConnectionError, TimeoutError, ssl.SSLEOFError)

#: Most bytes of an unread body that are read to keep a connection open; with more left it is closed.
_DRAIN_LIMIT = 1024 * 1024
#: Seconds that an open connection may wait for its next request.
_IDLE_SECONDS = 10.0
#: Header fields of which a second one could be read by another server in place of the first (RFC 9112, section 3.2).
_SINGLE_FIELDS = ("Content-Length", "Transfer-Encoding")

#: What no line of a request may hold (RFC 9110, section 5.5; RFC 9112, section 2.2).
_has_bad_byte = re.compile(rb"\x00|\r(?!\n)").search
_has_control = re.compile(rb"[\x00-\x1f\x7f]").search
_is_token = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+").fullmatch
#: ``uri-host [ ":" port ]`` (RFC 3986, section 3.2.2): a name, maybe empty, or an address in brackets.
_is_host = re.compile(r"(?:[\w.~!$&'()*+,;=%-]*+|\[[0-9A-Fa-f:.]++\])(?::[0-9]*+)?", re.ASCII).fullmatch
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\\]")
_STYLES = {1: "1", 3: "36", 4: "1;31", 5: "1;35"}


def _escaped(text: str) -> str:
    """Make control characters visible, so that a request can't forge log lines or drive the terminal."""
    return _CONTROL.sub(lambda match: match[0].encode("unicode_escape").decode("ascii"), text)


def _use_color() -> bool:
    stream = sys.stderr
    return "NO_COLOR" not in os.environ and stream is not None and stream.isatty()


def _remote(address: Any) -> tuple[str, int]:
    """Return host and port of a client; one of a unix socket has no address, or a path."""
    if isinstance(address, (str, bytes)):
        return str(address or "<local>"), 0
    return address[0], address[1]


class _BadRequest(Exception):
    """The request can't be served; the first argument is the status code, the second the reason."""


def _split_target(target: str) -> SplitResult:
    """Take a request target apart (RFC 9112, section 3.2); one in absolute form names the host."""
    try:
        parts = urlsplit("/" + target.lstrip("/") if target.startswith("//") else target)
    except ValueError:
        parts = None
    if parts is None or not _is_host(parts.netloc):
        raise _BadRequest(400, "The request target has a host that can't be one")
    return parts


class _HeaderLines:
    """The lines of a header, for Python's parser, which takes a lone CR for the end of a line.

    :param rfile: The connection, at the first line.
    """

    def __init__(self, rfile: Any) -> None:
        self._rfile = rfile
        self.is_malformed = False

    def readline(self, limit: int) -> bytes:
        """Read a line, and note when it holds what it mustn't."""
        line: bytes = self._rfile.readline(limit)
        if _has_bad_byte(line):
            self.is_malformed = True
        return line


class WSGIRequestHandler(BaseHTTPRequestHandler):
    """Serves the requests of one connection with the server's WSGI application."""

    server: BaseWSGIServer
    #: Highest version that is spoken; earlier clients are answered accordingly.
    protocol_version = "HTTP/1.1"

    @property
    def server_version(self) -> str:  # type: ignore[override]
        """Name and version for the ``Server`` header."""
        return self.server._server_version

    def handle(self) -> None:
        """Serve requests until the connection is closed."""
        try:
            self.close_connection = True
            self.handle_one_request()
            while not self.close_connection:
                self.connection.settimeout(_IDLE_SECONDS)
                self.handle_one_request()
        except connection_dropped_errors as error:
            self.connection_dropped(error, getattr(self, "environ", None))
        except ssl.SSLError as error:
            self.log_error("SSL error occurred: %s", error)

    def handle_one_request(self) -> None:
        """Read one request and answer it."""
        try:
            self.raw_requestline = self.rfile.readline(65537)
        except TimeoutError:
            self.close_connection = True
            return
        self.connection.settimeout(None)
        if self.raw_requestline in (b"\r\n", b"\n"):
            # One empty line before a request is ignored (RFC 9112, section 2.2).
            self.raw_requestline = self.rfile.readline(65537)
        if len(self.raw_requestline) > 65536:
            self.requestline = self.request_version = self.command = self.path = ""
            self.close_connection = True
            self.send_error(414)
            return
        if not self.raw_requestline:
            self.close_connection = True
            return
        rfile, lines = self.rfile, _HeaderLines(self.rfile)
        self.rfile = lines  # type: ignore[assignment]
        try:
            if not self.parse_request():
                return
        finally:
            self.rfile = rfile
        try:
            self._check_head(lines.is_malformed)
            self._body = self._make_body()
        except _BadRequest as error:
            self.close_connection = True
            self.send_error(*error.args)
            return
        self.run_wsgi()

    def handle_expect_100(self) -> bool:
        """Send nothing yet: ``100 Continue`` goes out when the application reads the body."""
        return True

    def _check_head(self, is_malformed: bool) -> None:
        if _has_control(self.raw_requestline.rstrip(b"\r\n")) or not _is_token(self.command):
            raise _BadRequest(400, "Malformed request line")
        self._target = _split_target(self.path)
        headers = self.headers
        if is_malformed or getattr(headers, "defects", None) or not all(map(_is_token, headers.keys())):
            raise _BadRequest(400, "Malformed header")
        for name in _SINGLE_FIELDS:
            if len(set(headers.get_all(name, ()))) > 1:
                raise _BadRequest(400, f"More than one {name} header")
        self._check_host(headers.get_all("Host", ()))

    def _check_host(self, hosts: Sequence[str]) -> None:
        """Refuse a request that doesn't say whom it is for.

        "A server MUST respond with a 400 (Bad Request) status code to any HTTP/1.1 request message that lacks a Host
        header field and to any request message that contains more than one Host header field line or a Host header
        field with an invalid field value." (RFC 9112, section 3.2)
        """
        if len(hosts) > 1:
            raise _BadRequest(400, "More than one Host header")
        if not hosts and self.request_version >= "HTTP/1.1":
            raise _BadRequest(400, "A request of HTTP/1.1 needs a Host header")
        if hosts and not _is_host(hosts[0].strip(" \t")):
            raise _BadRequest(400, "The Host header can't be a host")

    def _make_body(self) -> Body:
        headers = self.headers
        encoding = headers.get("Transfer-Encoding")
        length = (headers.get("Content-Length") or "0").strip(" \t")
        if not (length.isascii() and length.isdigit() and len(length) < 19):
            raise _BadRequest(400, "Content-Length must be a number")
        body: DechunkedInput | FixedInput
        rfile = cast("IO[bytes]", self.rfile)
        if encoding is None:
            body = FixedInput(rfile, int(length))
        elif encoding.strip(" \t").lower() != "chunked":
            raise _BadRequest(501, "Only the chunked transfer encoding is supported")
        elif headers.get("Content-Length") is not None:
            # The classic way to smuggle a request past a proxy (RFC 9112, section 6.3).
            raise _BadRequest(400, "Content-Length and Transfer-Encoding together")
        else:
            body = DechunkedInput(rfile)
        if self.request_version >= "HTTP/1.1" and headers.get("Expect", "").lower() == "100-continue":
            return ContinueInput(body, lambda: self._send(b"HTTP/1.1 100 Continue\r\n\r\n"))
        return body

    def _send(self, data: bytes) -> None:
        self.wfile.write(data)
        self.wfile.flush()

    def make_environ(self) -> WSGIEnvironment:
        """Make the environ of the current request (PEP 3333)."""
        target = self._target
        server = self.server
        remote = _remote(self.client_address)
        request_uri = self.path.encode("latin-1", "replace").decode("latin-1")
        environ: WSGIEnvironment = {
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http" if server.ssl_context is None else "https",
            "wsgi.input": io.BufferedReader(self._body),
            "wsgi.input_terminated": True,
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": server.multithread,
            "wsgi.multiprocess": server.multiprocess,
            "wsgi.run_once": False,
            "werkzeug.socket": self.connection,
            "SERVER_SOFTWARE": self.server_version,
            "REQUEST_METHOD": self.command,
            "SCRIPT_NAME": "",
            "PATH_INFO": _wsgi_encoding_dance(unquote(target.path)),
            "QUERY_STRING": target.query,
            "REQUEST_URI": request_uri,
            "RAW_URI": request_uri,
            "REMOTE_ADDR": remote[0],
            "REMOTE_PORT": str(remote[1]),
            "SERVER_NAME": server._environ_name,
            "SERVER_PORT": str(server._environ_port),
            "SERVER_PROTOCOL": self.request_version,
        }
        self._add_headers(environ)
        # An absolute target names the host; a Host header beside it doesn't count (RFC 9112, section 3.2.2).
        if target.scheme and target.netloc:
            environ["HTTP_HOST"] = target.netloc
        if isinstance(self.connection, ssl.SSLSocket):
            certificate = self.connection.getpeercert(binary_form=True)
            if certificate:
                environ["SSL_CLIENT_CERT"] = ssl.DER_cert_to_PEM_cert(certificate)
        return environ

    def _add_headers(self, environ: WSGIEnvironment) -> None:
        for name, value in self.headers.items():
            if "_" in name:
                continue  # would be the same key as the name with a dash
            key = name.upper().replace("-", "_")
            value = value.replace("\r\n", "").strip()
            if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
                key = f"HTTP_{key}"
                if key in environ:
                    separator = "; " if key == "HTTP_COOKIE" else ","
                    value = f"{environ[key]}{separator}{value}"
            environ[key] = value

    def run_wsgi(self) -> None:
        """Answer the current request with the application."""
        self.environ = environ = self.make_environ()
        writer = ResponseWriter(
            self._send,
            self.version_string(),
            self.command,
            self.request_version >= "HTTP/1.1",
            not self.close_connection and (self.server.multithread or self.server.multiprocess),
        )
        try:
            self._execute(writer)
        except connection_dropped_errors as error:
            self.close_connection = True
            self.connection_dropped(error, environ)
        except Exception as error:
            self.close_connection = True
            if self.server.passthrough_errors:
                raise
            self._answer_error(writer, error)
        finally:
            if writer.status is not None:
                self.log_request(writer.code)
        if writer.must_close:
            self.close_connection = True
        # A rest of the body that stays in the connection would be read as the next request.
        if not drain(self._body, _DRAIN_LIMIT):
            self.close_connection = True

    def _execute(self, writer: ResponseWriter) -> None:
        body = self.server.app(self.environ, writer.start_response)
        try:
            writer.write_all(body)
        finally:
            close = getattr(body, "close", None)
            if close is not None:
                close()

    def _answer_error(self, writer: ResponseWriter, error: Exception) -> None:
        defect = self._body.defect
        if defect is not None:
            self.log("warning", "Bad request body: %s", _escaped(defect))
            self._send_answer(writer, BadRequest(f"{defect}."))
            return
        text = "".join(traceback.format_exception(error)).rstrip()
        self.server.log("error", "Error on request:\n%s", text)
        self._send_answer(writer, InternalServerError())

    def _send_answer(self, writer: ResponseWriter, answer: HTTPException) -> None:
        if writer.headers_sent:
            return  # the client sees a body that ends too early
        writer.status = None
        writer.must_close = True
        try:
            writer.write_all(answer(self.environ, writer.start_response))
        except connection_dropped_errors as dropped:
            self.connection_dropped(dropped, self.environ)

    def connection_dropped(self, error: BaseException, environ: WSGIEnvironment | None = None) -> None:
        """Called when the client closed the connection; does nothing.

        :param error: The error that showed it.
        :param environ: The environ, if a request was being answered.
        """

    def __getattr__(self, name: str) -> Any:
        # Python looks for do_GET and the like; every method is served alike.
        if name.startswith("do_"):
            return self.run_wsgi
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def address_string(self) -> str:
        """Return the client's address for the log."""
        environ = getattr(self, "environ", None)
        if environ is not None:
            return cast("str", environ["REMOTE_ADDR"])
        return _remote(self.client_address)[0]

    def port_integer(self) -> int:
        """Return the client's port."""
        return self.client_address[1]

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Log a request that was answered.

        :param code: The status code.
        :param size: The size of the body, if known.
        """
        try:
            line = f"{self.command} {uri_to_iri(self.path)} {self.request_version}"
        except (AttributeError, ValueError):
            line = getattr(self, "requestline", "")
        line = _escaped(line)
        style = _STYLES.get(int(code) // 100) if str(code).isdigit() else None
        if str(code) == "404":
            style = "33"
        if style is not None and _use_color():
            line = f"\x1b[{style}m{line}\x1b[0m"
        self.log("info", '"%s" %s %s', line, int(code) if isinstance(code, int) else code, size)

    def log_error(self, format: str, *args: Any) -> None:
        """Log an error of the protocol."""
        self.log("error", format, *[_escaped(arg) if isinstance(arg, str) else arg for arg in args])

    def log_message(self, format: str, *args: Any) -> None:
        """Log a message."""
        self.log("info", format, *args)

    def log(self, type: str, message: str, *args: Any) -> None:
        """Log something about the current request.

        :param type: The level.
        :param message: The message, with ``%`` placeholders.
        :param args: Their values.
        """
        date = self.log_date_time_string()
        prefix = f"{self.address_string()} - - [{date}] ".replace("%", "%%")
        _log(type, prefix + message, *args)
