"""The test client: cookies, redirects, and the end of responses."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable
from typing import Any

import pytest

from dray.wsgi_tools.datastructures import Headers
from dray.wsgi_tools.test import Client, ClientRedirectError, EnvironBuilder, TestResponse, create_environ, run_wsgi_app
from dray.wsgi_tools.urls import uri_to_iri
from dray.wsgi_tools.wrappers import Request, Response


@Request.application
def app(request: Request) -> Response:
    """Redirect (/r/CODE?LOCATION), set a cookie (/c?HEADER), or tell what was asked."""
    query = request.query_string.decode()
    if request.path.startswith("/r/"):
        return Response("redirect", int(request.path[3:]), headers={"Location": query})
    if request.path == "/c":
        return Response("set", headers=Headers([("Set-Cookie", query)]))
    return Response(f"{request.method} {request.url} {request.get_data().decode()}|{request.headers.get('Cookie', '')}")


@pytest.mark.parametrize("method", ["get", "post", "put", "delete", "patch", "options", "trace"])
def test_methods(method: str) -> None:
    """Each method has its function."""
    assert getattr(Client(app), method)("/x").text == f"{method.upper()} http://localhost/x |"
    assert Client(app).head("/x").text == ""


def test_what_can_be_opened() -> None:
    """A builder, an environ and a request are sent as they are."""
    client = Client(app)
    environ = create_environ("/x")
    for source in (EnvironBuilder("/x"), environ, Request(environ)):
        response = client.open(source)
        assert response.text == "GET http://localhost/x |" and response.request.path == "/x"


@pytest.mark.parametrize(
    ("code", "method", "expected"),
    [
        (301, "POST", "GET http://localhost/x?y=1 |"),
        (302, "DELETE", "GET http://localhost/x?y=1 |"),
        (303, "PUT", "GET http://localhost/x?y=1 |"),
        (307, "POST", "POST http://localhost/x?y=1 body|"),
        (308, "PUT", "PUT http://localhost/x?y=1 body|"),
    ],
)
def test_redirects_keep_or_drop_method_and_body(code: int, method: str, expected: str) -> None:
    """307 and 308 repeat the request, the others ask with GET."""
    response = Client(app).open(f"/r/{code}?/x?y=1", method=method, data="body", follow_redirects=True)
    assert response.text == expected
    assert [step.status_code for step in response.history] == [code] and response.history[0].request.method == method


@pytest.mark.parametrize(
    ("location", "base_url", "expected"),
    [
        ("x", None, "http://localhost/r/x"),
        ("../x", None, "http://localhost/x"),
        ("https://localhost/q", None, "https://localhost/q"),
        ("/x", "http://localhost/app/", "http://localhost/x"),
        ("/app/x", "http://localhost/app/", "http://localhost/app/x"),
        ("/%C3%A4%20b", None, "http://localhost/%C3%A4%20b"),
    ],
)
def test_locations_are_resolved(location: str, base_url: str | None, expected: str) -> None:
    """Relative locations are relative to the current URL (RFC 3986, section 5)."""
    seen = []

    @Request.application
    def tell(request: Request) -> Response:
        if request.path == "/r/302":
            return Response(status=302, headers={"Location": location})
        seen.append(request.url)
        return Response()

    Client(tell).get("/r/302", base_url=base_url, follow_redirects=True)
    assert seen == [uri_to_iri(expected)]


def test_redirects_to_other_hosts() -> None:
    """Another host isn't followed, a subdomain only when that is allowed."""
    with pytest.raises(RuntimeError, match="external"):
        Client(app).get("/r/302?http://other/q", follow_redirects=True)
    with pytest.raises(RuntimeError, match="subdomain"):
        Client(app).get("/r/302?http://sub.localhost/q", follow_redirects=True)
    client = Client(app, allow_subdomain_redirects=True)
    assert client.get("/r/302?http://sub.localhost/q", follow_redirects=True).text == "GET http://sub.localhost/q |"


def test_circles_end() -> None:
    """A redirect that was made already is an error."""

    @Request.application
    def forever(request: Request) -> Response:
        return Response(status=302, headers={"Location": "/again"})

    with pytest.raises(ClientRedirectError, match="Loop detected: A 302 redirect to /again was already made"):
        Client(forever).get("/", follow_redirects=True)


def test_a_body_that_cannot_be_read_twice_is_repeated() -> None:
    """For 307 the body of a pipe-like stream is kept in memory."""

    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.rest = b"piped"

        def readable(self) -> bool:
            return True

        def read(self, size: int = -1) -> bytes:
            data, self.rest = self.rest, b""
            return data

    response = Client(app).post("/r/307?/x", input_stream=Pipe(), content_length=5, follow_redirects=True)
    assert response.text == "POST http://localhost/x piped|"


@pytest.mark.parametrize(
    ("header", "path", "base_url", "sent"),
    [
        ("a=b", "/", None, "a=b"),
        ("a=b; Path=/sub", "/", None, ""),
        ("a=b; Path=/sub", "/sub/x", None, "a=b"),
        ("a=b; Path=/sub", "/subx", None, ""),
        ("a=b; Domain=localhost", "/", "http://x.localhost", "a=b"),
        ("a=b", "/", "http://x.localhost", ""),
        ("a=b; Domain=other.com", "/", None, ""),
        ("a=b; Max-Age=0", "/", None, ""),
        ("a=b; Expires=Wed, 01 Jan 2020 00:00:00 GMT", "/", None, ""),
        ("a=b; Expires=Wed, 01 Jan 2120 00:00:00 GMT", "/", None, "a=b"),
        ("=b", "/", None, ""),
        ("a=b; Max-Age=x", "/", None, "a=b"),
    ],
)
def test_cookies_from_responses(header: str, path: str, base_url: str | None, sent: str) -> None:
    """A cookie is sent where its domain and path allow, until it ends."""
    client = Client(app)
    client.get(f"/c?{header}")
    assert client.get(path, base_url=base_url).text.rpartition("|")[2] == sent


def test_cookies_by_hand() -> None:
    """Cookies can be set, read and removed; those with longer paths are sent first."""
    client = Client(app)
    client.set_cookie("a", 'n;\xfc "')
    cookie = client.get_cookie("a")
    assert cookie is not None and cookie.decoded_value == 'n;\xfc "' and cookie.origin_only
    client.set_cookie("b", "1", path="/p", origin_only=False)
    assert client.get("/p/q").text.rpartition("|")[2].startswith("b=1; a=")
    client.delete_cookie("a")
    client.set_cookie("b", max_age=0, path="/p")
    assert client.get_cookie("a") is None and client.get("/p").text.endswith("|")
    with pytest.raises(ValueError, match="name"):
        client.set_cookie("")


def test_clients_without_cookies() -> None:
    """Without cookies a header of the request stays, and the functions say what is wrong."""
    client = Client(app, use_cookies=False)
    client.get("/c?a=b")
    assert client.get("/", headers={"Cookie": "x=y"}).text.endswith("|x=y")
    for use in (client.get_cookie, client.set_cookie, client.delete_cookie):
        with pytest.raises(TypeError, match="Cookies are disabled"):
            use("a")


def test_response_classes() -> None:
    """Responses have the attributes of the class that was given, and of TestResponse."""

    class Mine(Response):
        answer = 42

    response: Any = Client(app, Mine).get("/")
    assert isinstance(response, Mine) and isinstance(response, TestResponse) and response.answer == 42
    assert response.history == () and response.default_mimetype is None


class Body:
    """A body that knows whether it was closed."""

    def __init__(self) -> None:
        self.closed = 0

    def __iter__(self) -> Iterable[bytes]:  # type: ignore[misc]
        yield b"a"
        yield b"b"

    def close(self) -> None:
        """Count."""
        self.closed += 1


def test_bodies_are_closed_once() -> None:
    """A body is closed with its response, at once when buffered, and when a redirect is followed."""
    body = Body()

    def serve(environ: Any, start: Any) -> Any:
        start("200 OK", [])
        return body

    response = Client(serve).get("/")
    assert body.closed == 0 and response.data == b"ab"
    response.close()
    assert body.closed == 1
    Client(serve).get("/", buffered=True)
    assert body.closed == 2


def test_run_wsgi_app_reads_only_what_it_must() -> None:
    """A generator runs to its start_response; what it yielded is kept, and write() too."""
    steps = []

    def generator(environ: Any, start: Any) -> Any:
        yield b""
        write = start("404 X", [("q", "1")])
        write(b"w")
        steps.append(1)
        yield b"a"
        steps.append(2)

    body, status, headers = run_wsgi_app(generator, create_environ())
    assert (status, list(headers), steps) == ("404 X", [("q", "1")], [1])
    assert b"".join(body) == b"wa" and steps == [1, 2]
    assert b"".join(run_wsgi_app(generator, create_environ(), buffered=True)[0]) == b"wa"


@pytest.mark.parametrize("content", [[b"a", b"b"], (b"a", b"b"), iter([b"a", b"b"])], ids=["list", "tuple", "iterator"])
def test_what_is_not_buffered_is_streamed(content: Any) -> None:
    """Whatever an application returns comes as an iterator; buffered it is a list."""

    def application(environ: Any, start: Any) -> Any:
        start("200 OK", [])
        return content

    response = Response.from_app(application, create_environ())
    assert response.is_streamed and not response.is_sequence
    assert response.get_data() == b"ab"
    assert Response.from_app(app, create_environ(), buffered=True).is_sequence


@pytest.mark.parametrize("buffered", [True, False])
def test_applications_that_never_start(buffered: bool) -> None:
    """An application without start_response is told so."""
    with pytest.raises(RuntimeError, match="start_response"):
        run_wsgi_app(lambda environ, start: [b"x"], create_environ(), buffered)


def test_errors_come_through() -> None:
    """An error that the application reports to the server is raised in the test."""

    def failing(environ: Any, start: Any) -> Any:
        try:
            1 / 0
        except ZeroDivisionError:
            start("500 X", [], sys.exc_info())
        return [b""]

    with pytest.raises(ZeroDivisionError):
        Client(failing).get("/")
