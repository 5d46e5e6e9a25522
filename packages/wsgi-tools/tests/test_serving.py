"""The development server, over real connections on the loopback interface."""

from __future__ import annotations

import contextlib
import io
import logging
import os
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dray.wsgi_tools import serving
from dray.wsgi_tools._serving.bodies import ContinueInput, FixedInput, drain
from dray.wsgi_tools._serving.responses import ResponseWriter
from dray.wsgi_tools.serving import DechunkedInput, make_server

REQUESTS: list[dict[str, Any]] = []


def app(environ: dict[str, Any], start: Callable[..., Any]) -> Any:
    """Answer by path; keep the environ for the tests."""
    REQUESTS.append(environ)
    path = environ["PATH_INFO"]
    if path == "/read":
        body = repr(environ["wsgi.input"].read()).encode()
        start("200 OK", [])
        return [body]
    if path == "/error":
        raise ZeroDivisionError("in the application")
    if path == "/late":
        start("200 OK", [("Content-Length", "5")])
        return _late()
    if path == "/stream":
        start("200 OK", [])
        return iter([b"a", b"", b"bcd"])
    if path == "/too-long":
        start("200 OK", [("Content-Length", "1")])
        return [b"abc"]
    if path == "/short":
        start("200 OK", [("Content-Length", "9")])
        return [b"abc"]
    if path == "/nothing":
        start("204 No Content", [])
        return [b""]
    start("200 OK", [("Content-Length", "2")])
    return [b"ok"]


def _late() -> Iterator[bytes]:
    yield b"a"
    raise ZeroDivisionError("after the first byte")


@contextlib.contextmanager
def running(host: str = "127.0.0.1", port: int = 0, **options: Any) -> Iterator[serving.BaseWSGIServer]:
    """Run a server in a thread."""
    server = make_server(host, port, app, **options)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def server() -> Iterator[serving.BaseWSGIServer]:
    """One threaded server for all tests that need no other."""
    with running(threaded=True) as instance:
        yield instance


def talk(port: int, data: bytes, wait_for_close: bool = True) -> bytes:
    """Send bytes, say that there are no more, and return what comes back until the connection is closed."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(data)
        if wait_for_close:
            connection.shutdown(socket.SHUT_WR)
        received = b""
        while part := connection.recv(65536):
            received += part
        return received


def get(path: str, *headers: str, version: str = "1.1", method: str = "GET", body: bytes = b"") -> bytes:
    """Write a request."""
    lines = [f"{method} {path} HTTP/{version}", "Host: x", *headers, "", ""]
    return "\r\n".join(lines).encode("latin-1") + body


def body_of(response: bytes) -> bytes:
    """Return what follows the headers."""
    return response.partition(b"\r\n\r\n")[2]


def test_environ(server: serving.BaseWSGIServer) -> None:
    """Paths, headers and addresses are where PEP 3333 wants them."""
    REQUESTS.clear()
    talk(server.port, get("/%C3%A4?a=%20b", "X-A: 1", "X_A: 2", "X-B: 1", "X-B: 2", "Cookie: a=1", "Cookie: b=2"))
    environ = REQUESTS[0]
    assert (environ["PATH_INFO"], environ["QUERY_STRING"]) == ("/\xc3\xa4", "a=%20b")
    assert environ["REQUEST_URI"] == environ["RAW_URI"] == "/%C3%A4?a=%20b"
    assert (environ["HTTP_X_A"], environ["HTTP_X_B"], environ["HTTP_COOKIE"]) == ("1", "1,2", "a=1; b=2")
    assert (environ["SERVER_NAME"], environ["SERVER_PORT"]) == ("127.0.0.1", str(server.port))
    assert environ["REMOTE_ADDR"] == "127.0.0.1" and isinstance(environ["werkzeug.socket"], socket.socket)
    assert environ["wsgi.multithread"] and not environ["wsgi.multiprocess"]


@pytest.mark.parametrize(
    ("target", "path", "host"),
    [("//a/b", "/a/b", "x"), ("http://foo.com/x?y", "/x", "foo.com"), ("*", "*", "x"), ("/a;b", "/a;b", "x")],
)
def test_targets(server: serving.BaseWSGIServer, target: str, path: str, host: str) -> None:
    """All forms of the request target are understood (RFC 9112, section 3.2)."""
    REQUESTS.clear()
    talk(server.port, get(target))
    assert (REQUESTS[0]["PATH_INFO"], REQUESTS[0]["HTTP_HOST"]) == (path, host)


def test_connections_stay_open(server: serving.BaseWSGIServer) -> None:
    """Two requests are answered on one connection, also when they arrive together."""
    received = talk(server.port, get("/") + b"\r\n" + get("/stream") + get("/", "Connection: close"))
    assert received.count(b"HTTP/1.1 200 OK") == 3 and received.count(b"keep-alive") == 2
    assert b"1\r\na\r\n3\r\nbcd\r\n0\r\n\r\n" in received


def test_single_threaded_servers_close_connections() -> None:
    """A server that serves one connection at a time keeps none open."""
    with running() as server:
        received = talk(server.port, get("/"), wait_for_close=False)
    assert b"Connection: close" in received and received.endswith(b"ok")


def test_old_clients(server: serving.BaseWSGIServer) -> None:
    """HTTP/1.0 gets no chunks; the end of the connection is the end of the body."""
    received = talk(server.port, get("/stream", version="1.0"), wait_for_close=False)
    assert body_of(received) == b"abcd" and b"chunked" not in received


@pytest.mark.parametrize(
    ("request_bytes", "expected"),
    [
        (get("/", method="HEAD"), b""),
        (get("/stream", method="HEAD"), b""),
        (get("/nothing"), b""),
        (get("/too-long"), b"a"),
        (get("/short"), b"abc"),
        (get("/late"), b"a"),
    ],
)
def test_bodies_end_where_they_should(
    server: serving.BaseWSGIServer, request_bytes: bytes, expected: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    """No body where there can't be one, none beyond its length, and a closed connection after a short one."""
    received = talk(server.port, request_bytes + get("/"))
    first = body_of(received).partition(b"HTTP/1.1")[0]
    assert first == expected
    assert received.count(b"HTTP/1.1") == (1 if b"/short" in request_bytes or b"/late" in request_bytes else 2)


def test_request_bodies(server: serving.BaseWSGIServer) -> None:
    """A body ends by its length or its last chunk, and reading it never waits for more."""
    fixed = get("/read", "Content-Length: 3", method="POST", body=b"abc")
    chunked = get(
        "/read", "Transfer-Encoding: chunked", method="POST", body=b"3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nT: 1\r\n\r\n"
    )
    received = talk(server.port, fixed + chunked + get("/read", "Connection: close"), wait_for_close=False)
    assert received.count(b"b'abc'") == 1 and received.count(b"b'abcde'") == 1 and received.endswith(b"b''")


def test_cve_2022_29361_unread_bodies_are_no_requests(server: serving.BaseWSGIServer) -> None:
    """A body that the application ignores is drained, whatever it looks like; a large one ends the connection."""
    REQUESTS.clear()
    smuggled = get("/evil")
    talk(server.port, get("/", f"Content-Length: {len(smuggled)}", method="POST", body=smuggled) + get("/after"))
    assert [environ["PATH_INFO"] for environ in REQUESTS] == ["/", "/after"]
    REQUESTS.clear()
    with contextlib.suppress(ConnectionError):
        large = b"x" * 3_000_000 + get("/evil")
        talk(server.port, get("/", f"Content-Length: {len(large)}", method="POST", body=large), wait_for_close=False)
    assert [environ["PATH_INFO"] for environ in REQUESTS] == ["/"]


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (get("/read", "Content-Length: x", method="POST"), b"400"),
        (get("/read", "Content-Length: -1", method="POST"), b"400"),
        (get("/read", "Content-Length: +1", method="POST"), b"400"),
        (get("/read", "Content-Length: 1", "Content-Length: 2", method="POST"), b"400"),
        (get("/read", "Content-Length: 3", "Transfer-Encoding: chunked", method="POST"), b"400"),
        (get("/read", "Transfer-Encoding: gzip", method="POST"), b"501"),
        (get("/read", "Transfer-Encoding: chunked", method="POST", body=b"zz\r\n"), b"400"),
        (get("/read", "Transfer-Encoding: chunked", method="POST", body=b"0x3\r\nabc\r\n"), b"400"),
        (get("/read", "Transfer-Encoding: chunked", method="POST", body=b"3\r\nabcd\r\n"), b"400"),
        (get("/read", "Transfer-Encoding: chunked", method="POST", body=b" 3\r\nabc\r\n"), b"400"),
        (get("/read", "Transfer-Encoding: chunked", method="POST", body=b"3\nabc\r\n0\r\n\r\n"), b"400"),
        (get("/read", "Transfer-Encoding: \x0bchunked", method="POST", body=b"0\r\n\r\n"), b"501"),
        (get("/", "A: b\rContent-Length: 5"), b"400"),
        (get("/", "A: b\x00"), b"400"),
        (get("/a\x01"), b"400"),
        (get("/", method="GE(T"), b"400"),
        (b"GET\x0b/ HTTP/1.1\r\nHost: x\r\n\r\n", b"400"),
        (get("/", "Host: y"), b"400"),
        (get("/", "Host: x"), b"400"),
        (b"GET / HTTP/1.1\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: user@a\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", b"400"),
        (get("http://[/"), b"400"),
        (get("http://a@b/"), b"400"),
        (get("/", "Bad Header"), b"400"),
        (get("/", "Bad : x"), b"400"),
        (b"GET /a b HTTP/1.1\r\n\r\n", b"400"),
        (b"GET /" + b"a" * 70000 + b" HTTP/1.1\r\n\r\n", b"414"),
        (get("/", *["A: b"] * 200), b"431"),
    ],
    ids=lambda value: value[:60].decode("latin-1") if isinstance(value, bytes) else None,
)
def test_bad_requests(server: serving.BaseWSGIServer, data: bytes, status: bytes) -> None:
    """A request that two readers could read differently is refused, and the connection closed."""
    received = b""
    with contextlib.suppress(ConnectionError):
        received = talk(server.port, data)
    assert received.startswith(b"HTTP/1.1 " + status) and b"HTTP/1.1 200" not in received


@pytest.mark.parametrize(
    "head",
    [
        *(f"GET / HTTP/1.1\r\nHost:{host}\r\n\r\n" for host in ("", " a_b", " a:", " a.b:80", " [::1]:80", " xn--a")),
        "GET / HTTP/1.0\r\n\r\n",
    ],
)
def test_hosts(server: serving.BaseWSGIServer, head: str) -> None:
    """Every host is one, and HTTP/1.0 needs none."""
    assert b" 200 OK\r\n" in talk(server.port, head.encode())


def test_expect_continue(server: serving.BaseWSGIServer) -> None:
    """The interim response comes when the body is read, and not when it isn't (RFC 9110, section 10.1.1)."""
    headers = ("Expect: 100-continue", "Content-Length: 3")
    received = talk(server.port, get("/read", *headers, method="POST", body=b"abc"))
    assert received.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK")
    received = talk(server.port, get("/", *headers, method="POST"), wait_for_close=False)
    assert received.startswith(b"HTTP/1.1 200 OK") and b"100 Continue" not in received


def test_errors_of_the_application(server: serving.BaseWSGIServer, caplog: pytest.LogCaptureFixture) -> None:
    """An error is a 500 for the client, and a traceback in the log."""
    with caplog.at_level(logging.INFO):
        received = talk(server.port, get("/error"))
    assert received.startswith(b"HTTP/1.1 500 INTERNAL SERVER ERROR") and b"ZeroDivisionError" not in received
    assert "ZeroDivisionError: in the application" in caplog.text


def test_control_characters_are_escaped_in_the_log(
    server: serving.BaseWSGIServer, caplog: pytest.LogCaptureFixture
) -> None:
    """No request can forge a line of the log or drive a terminal."""
    with caplog.at_level(logging.INFO):
        talk(server.port, get("/%0A%1b[31m\x1b[2J\xa0%C2%85"))
        talk(server.port, b"GET /\x1b[2J \x07 HTTP/1.1\r\n\r\n")
    assert "\x1b" not in caplog.text and "\x07" not in caplog.text and "\x85" not in caplog.text
    assert caplog.text.count("\n") == len(caplog.records)


def test_processes() -> None:
    """Connections can be served by processes."""
    if not serving.can_fork:
        pytest.skip("this platform has no fork")
    with running(processes=2) as server:
        assert talk(server.port, get("/", "Connection: close")).endswith(b"ok")


def test_a_server_knows_its_address(server: serving.BaseWSGIServer) -> None:
    """Under this package's names, and under those of the standard library's server."""
    assert server.port == server.server_port == server.socket.getsockname()[1]
    assert (server.host, server.server_name) == ("127.0.0.1", "127.0.0.1")


def test_unix_sockets(tmp_path: Path) -> None:
    """A path is served as well as a port; a socket that is left over doesn't stop the next server."""
    path = tmp_path / "s.sock"
    for _ in range(2):
        with running(f"unix://{path}", threaded=True) as server:
            assert server.port == 0
            with socket.socket(socket.AF_UNIX) as connection:
                connection.connect(str(path))
                connection.sendall(get("/", "Connection: close"))
                assert connection.makefile("rb").read().endswith(b"ok")
            with pytest.raises(SystemExit, match="in use by another program"):
                make_server(f"unix://{path}", 0, app)


def test_inherited_descriptors() -> None:
    """A socket that listens already can be handed over."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        with running(fd=listener.fileno(), threaded=True) as server:
            assert server.port == listener.getsockname()[1]
            assert talk(server.port, get("/")).endswith(b"ok")


def test_port_in_use(server: serving.BaseWSGIServer) -> None:
    """One sentence says what is wrong and what to do."""
    with pytest.raises(SystemExit, match=f"^Port {server.port} on 127.0.0.1 is in use by another program: stop it, or"):
        make_server("127.0.0.1", server.port, app)
    with pytest.raises(SystemExit, match="Can't listen on"):
        make_server("192.0.2.1", 0, app)


def test_impossible_combinations() -> None:
    """Threads and processes together, and ports that aren't numbers, are refused."""
    with pytest.raises(ValueError, match="multi-thread and multi-process"):
        make_server("127.0.0.1", 0, app, threaded=True, processes=2)
    with pytest.raises(TypeError, match="port must be an integer"):
        serving.run_simple("127.0.0.1", "x", app)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="ssl_context"):
        make_server("127.0.0.1", 0, app, ssl_context="what")


def test_tls(tmp_path: Path) -> None:
    """Certificates come from files or are made on the spot; a silent or a plain client stops nobody."""
    files = serving.make_ssl_devcert(str(tmp_path / "dev"), host="localhost")
    assert all(os.stat(name).st_mode & 0o077 == 0 for name in files)
    trust = ssl.create_default_context(cafile=files[0])
    with running(threaded=True, ssl_context=files) as server:
        silent = socket.create_connection(("127.0.0.1", server.port))
        with contextlib.suppress(ConnectionError):
            assert b"200 OK" not in talk(server.port, get("/"))  # no TLS
        with (
            socket.create_connection(("127.0.0.1", server.port), timeout=5) as plain,
            trust.wrap_socket(plain, server_hostname="localhost") as connection,
        ):
            connection.sendall(get("/", "Connection: close"))
            assert connection.makefile("rb").read().endswith(b"ok")
        silent.close()
    assert REQUESTS[-1]["wsgi.url_scheme"] == "https"
    context = serving.generate_adhoc_ssl_context()
    assert isinstance(context, ssl.SSLContext) and not serving.is_ssl_error() and serving.is_ssl_error(ssl.SSLError())


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"3\r\nabc\r\n0\r\n\r\nrest", b"abc"),
        (b"A\r\n0123456789\r\n00\r\nX: y\r\n\r\n", b"0123456789"),
        (b"0\r\n\r\n", b""),
    ],
)
@pytest.mark.parametrize("size", [1, 2, 5, 100])
def test_dechunking_in_pieces(data: bytes, expected: bytes, size: int) -> None:
    """Chunks are decoded whatever the size of the reads, and nothing behind the body is touched."""
    source = io.BytesIO(data)
    stream, found = DechunkedInput(source), b""
    while part := stream.read(size):
        assert len(part) <= size
        found += part
    assert found == expected and stream.is_done
    assert source.read() == (b"rest" if data.endswith(b"rest") else b"")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"3",
        b"3\r\n",
        b"3\r\nab",
        b"-1\r\n",
        b"1_0\r\n",
        b"+1\r\na\r\n",
        b"\r\n",
        b"1" * 20 + b"\r\n",
        b"1\na\r\n0\r\n\r\n",
        b"1;\r\r\na\r\n0\r\n\r\n",
        b"1\r\na\n0\r\n\r\n",
        b"x" * 70000,
        b"0\r\n" + b"A: b\r\n" * 20000,
    ],
)
def test_broken_chunks_are_os_errors(data: bytes) -> None:
    """A broken or endless encoding is an OSError after a bounded number of bytes."""
    stream = DechunkedInput(io.BytesIO(data))
    with pytest.raises(OSError):
        stream.read()


def test_draining_is_bounded() -> None:
    """No more than the limit is read, and a body that the client holds back isn't asked for."""
    assert drain(FixedInput(io.BytesIO(b"abc"), 3), 10)
    assert not drain(FixedInput(io.BytesIO(b"a" * 50000), 50000), 10)
    assert not drain(FixedInput(io.BytesIO(b"a"), 3), 10)
    asked: list[int] = []
    held = ContinueInput(FixedInput(io.BytesIO(b"abc"), 3), lambda: asked.append(1))
    assert not drain(held, 10) and not asked
    assert held.read() == b"abc" and asked == [1] and drain(held, 10)


def writer(method: str = "GET") -> tuple[ResponseWriter, list[bytes]]:
    """Make a writer whose output is kept."""
    sent: list[bytes] = []
    return ResponseWriter(sent.append, "S", method, True, True), sent


def test_start_response_rules() -> None:
    """PEP 3333: a second call without an error is an error; with one it replaces the first until headers are sent."""
    response, sent = writer()
    with pytest.raises(AssertionError, match="before start_response"):
        response.write(b"x")
    with pytest.raises(AssertionError, match="without calling start_response"):
        response.finish()
    response.start_response("200 OK", [])
    with pytest.raises(AssertionError, match="Headers already set"):
        response.start_response("200 OK", [])
    error = ZeroDivisionError()
    response.start_response("500 X", [("A", "b")], (type(error), error, None))
    with pytest.raises(TypeError, match="must write bytes, not 'str'"):
        response.write("x")  # type: ignore[arg-type]
    response.write(b"x")
    assert sent[0].startswith(b"HTTP/1.1 500 X\r\nA: b\r\n")
    with pytest.raises(ZeroDivisionError):
        response.start_response("200 OK", [], (type(error), error, None))


def test_headers_cannot_be_split() -> None:
    """A line break in a status or a header is refused before anything is sent."""
    for status, headers in (("200 OK\r\nX: y", []), ("200 OK", [("A", "b\r\nC: d")])):
        response, sent = writer()
        response.start_response(status, headers)
        with pytest.raises(ValueError, match="line breaks"):
            response.write(b"x")
        assert sent == []


def test_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hosts are told apart by their form; loopback hosts are known."""
    from dray.wsgi_tools._serving.addresses import is_loopback

    assert serving.select_address_family("::1", 0) == socket.AF_INET6
    assert serving.select_address_family("unix:///x", 0) == socket.AF_UNIX
    assert serving.select_address_family("localhost", 0) == socket.AF_INET
    assert serving.get_sockaddr("unix:///a/b", 0, socket.AF_UNIX) == "/a/b"
    assert serving.get_sockaddr("127.0.0.1", 80, socket.AF_INET) == ("127.0.0.1", 80)
    assert serving.get_interface_ip(socket.AF_INET).count(".") == 3
    assert [is_loopback(host) for host in ("127.0.0.1", "localhost", "::1", "0.0.0.0", "ex.com")] == [True] * 3 + [
        False
    ] * 2
    monkeypatch.setenv("WERKZEUG_RUN_MAIN", "true")
    assert serving.is_running_from_reloader()


def test_startup_message(caplog: pytest.LogCaptureFixture) -> None:
    """The address is logged, with a warning that this is no production server."""
    with caplog.at_level(logging.INFO), running() as server:
        server.log_startup()
    assert f" * Running on http://127.0.0.1:{server.port}" in caplog.text and "development server" in caplog.text


@given(
    st.lists(st.binary(min_size=1, max_size=30), max_size=5),
    st.integers(1, 40),
    st.sampled_from([b"", b"; a=b", b";x"]),
)
def test_any_chunks_in_any_pieces(parts: list[bytes], size: int, extension: bytes) -> None:
    """Whatever is sent in chunks comes out, however it is read, and the next request stays in the connection."""
    encoded = b"".join(b"%x%b\r\n%b\r\n" % (len(part), extension, part) for part in parts) + b"0\r\n\r\n"
    source = io.BytesIO(encoded + b"GET / HTTP/1.1")
    stream, found = DechunkedInput(source), b""
    while part := stream.read(size):
        found += part

    assert found == b"".join(parts) and source.read() == b"GET / HTTP/1.1"


@given(st.binary(max_size=60) | st.text("0123456789abcdefX;\r\n-+_ ", max_size=40).map(str.encode))
def test_anything_is_dechunked_or_refused(data: bytes) -> None:
    """No bytes make the decoder fail otherwise than by an OSError."""
    stream = DechunkedInput(io.BytesIO(data))
    try:
        assert len(stream.read()) <= len(data)
    except OSError:
        assert stream.defect is None or stream.defect


@settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=80) | st.text("GET POST/ HTTP/1.10\r\n:;%aHost", max_size=80).map(str.encode))
def test_anything_is_answered_or_closed(server: serving.BaseWSGIServer, data: bytes) -> None:
    """No bytes stop the server: each connection ends, and the next one is served."""
    with contextlib.suppress(ConnectionError):
        talk(server.port, data)

    assert talk(server.port, get("/", "Connection: close")).endswith(b"ok")
