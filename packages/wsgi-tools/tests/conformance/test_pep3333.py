"""Sentences of PEP 3333, proved on the development server, the test client and the middlewares.

Each class quotes the sentence; ``wsgiref.validate`` stands on both sides of everything as the independent judge.
"""

from __future__ import annotations

import io
import socket
import threading
from collections.abc import Iterator
from typing import Any
from wsgiref.validate import validator

import pytest

from dray.wsgi_tools._serving.responses import ResponseWriter
from dray.wsgi_tools.debug import DebuggedApplication
from dray.wsgi_tools.middleware.dispatcher import DispatcherMiddleware
from dray.wsgi_tools.middleware.lint import LintMiddleware
from dray.wsgi_tools.middleware.profiler import ProfilerMiddleware
from dray.wsgi_tools.middleware.proxy_fix import ProxyFix
from dray.wsgi_tools.middleware.shared_data import SharedDataMiddleware
from dray.wsgi_tools.serving import make_server
from dray.wsgi_tools.test import create_environ, run_wsgi_app
from dray.wsgi_tools.testapp import test_app
from dray.wsgi_tools.wrappers import Request, Response

ORDER: list[str] = []


@Request.application
def echo(request: Request) -> Response:
    """Answer with what was sent."""
    return Response(f"{request.method} {request.path} {request.get_data()!r}", mimetype="text/plain")


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """A server whose application is watched by the standard library's validator."""
    server = make_server("127.0.0.1", 0, validator(recording), threaded=True)  # type: ignore[arg-type]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server.port
    server.shutdown()
    thread.join()


class _Body:
    """A body that records when it is read and closed."""

    def __init__(self, parts: list[bytes]) -> None:
        self.parts = iter(parts)

    def __iter__(self) -> _Body:
        return self

    def __next__(self) -> bytes:
        ORDER.append("next")
        return next(self.parts)

    def close(self) -> None:
        ORDER.append("close")


def recording(environ: dict[str, Any], start: Any) -> Any:
    """Answer by path."""
    ORDER.append("call")
    if environ["PATH_INFO"] == "/echo":
        size = int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(size)
        start("200 OK", [("Content-Type", "text/plain")])
        return [body]
    start("200 OK", [("Content-Type", "text/plain")])
    return _Body([b"one", b"", b"two"])


def ask(port: int, path: str, method: str = "GET", body: bytes = b"") -> bytes:
    """Send one request and read until the server closes the connection."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        head = f"{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n"
        connection.sendall(head.encode() + body)
        return connection.makefile("rb").read()


class TestTheServer:
    """ "The server or gateway invokes the application callable once for each request it receives from an HTTP client,
    that is directed at the application." """

    def test_once_per_request(self, port: int) -> None:
        """One request is one call; the validator finds nothing wrong with the environ and the calls."""
        ORDER.clear()
        assert b"\r\nbody\r\n" in ask(port, "/echo", "POST", b"body")
        assert ORDER == ["call"]

    def test_close(self, port: int) -> None:
        """ "If the iterable returned by the application has a close() method, the server or gateway must call that
        method upon completion of the current request, whether the request was completed normally, or terminated early
        due to an application error during iteration or an early disconnect of the browser." """
        ORDER.clear()
        assert b"one" in ask(port, "/stream")
        assert ORDER[0] == "call" and ORDER[-1] == "close" and ORDER.count("close") == 1


class TestStartResponse:
    """Rules of ``start_response`` and ``write``."""

    @staticmethod
    def _writer() -> tuple[ResponseWriter, list[bytes]]:
        sent: list[bytes] = []
        return ResponseWriter(sent.append, "S", "GET", True, True), sent

    def test_headers_wait_for_the_body(self) -> None:
        """ "the start_response callable must not actually transmit the response headers. Instead, it must store them
        for the server or gateway to transmit only after the first iteration of the application return value that
        yields a non-empty bytestring" """
        writer, sent = self._writer()
        write = writer.start_response("200 OK", [])
        assert sent == []
        write(b"")
        assert sent == []
        write(b"x")
        assert sent[0].startswith(b"HTTP/1.1 200 OK")

    def test_errors_may_replace_headers(self) -> None:
        """ "The application may call start_response more than once, if and only if the exc_info argument is provided.
        ... if exc_info is provided, and the HTTP headers have already been sent, start_response must raise" """
        error = ValueError()
        info = (type(error), error, None)
        writer, _ = self._writer()
        writer.start_response("200 OK", [])
        with pytest.raises(AssertionError):
            writer.start_response("200 OK", [])
        writer.start_response("500 X", [], info)
        writer.write(b"x")
        with pytest.raises(ValueError):
            writer.start_response("500 X", [], info)

    def test_content_length_of_one_block(self) -> None:
        """ "if the length of the iterable is 1, then the server can automatically determine Content-Length by taking
        the length of the first bytestring yielded by the iterable" """
        writer, sent = self._writer()
        writer.start_response("200 OK", [])
        writer.write_all([b"four"])
        assert b"Content-Length: 4\r\n" in sent[0]

    def test_content_length_is_kept(self) -> None:
        """ "If the application does provide a Content-Length header, the server should not transmit more bytes to the
        client than the header allows" """
        writer, sent = self._writer()
        writer.start_response("200 OK", [("Content-Length", "2")])
        writer.write_all([b"a", b"b", b"c"])
        assert b"".join(sent).endswith(b"\r\n\r\nab")


def _validated(app: Any, path: str = "/x") -> bytes:
    """Run an application with validators around it, and read its body."""
    environ = create_environ(path, environ_overrides={"wsgi.errors": io.StringIO()})
    body = run_wsgi_app(validator(app), environ)[0]
    try:
        return b"".join(body)
    finally:
        body.close()  # type: ignore[attr-defined]


class TestMiddlewares:
    """ "middleware ... must conform to the restrictions and requirements of both sides of the interface" """

    @pytest.mark.parametrize(
        "wrap",
        [
            ProxyFix,
            DispatcherMiddleware,
            lambda app: DispatcherMiddleware(app, {"/x": app}),
            lambda app: ProfilerMiddleware(app, stream=None),
            lambda app: SharedDataMiddleware(app, {"/files": __file__}),
            LintMiddleware,
            DebuggedApplication,
        ],
    )
    @pytest.mark.filterwarnings("ignore::dray.wsgi_tools.middleware.lint.WSGIWarning")
    def test_between_two_validators(self, wrap: Any) -> None:
        """Neither the server's side nor the application's side of a middleware breaks a rule."""
        assert _validated(wrap(validator(echo))) != b""  # type: ignore[arg-type]

    def test_errors_of_debugged_applications(self) -> None:
        """The debugger's page keeps the rules too."""

        def failing(environ: Any, start: Any) -> Any:
            raise ValueError("broken")

        assert b"broken" in _validated(DebuggedApplication(failing))

    def test_files_and_the_test_application(self) -> None:
        """Files and the test application keep the rules."""
        assert b"PEP 3333" in _validated(SharedDataMiddleware(echo, {"/x": __file__}))
        assert b"WSGI information" in _validated(test_app)
