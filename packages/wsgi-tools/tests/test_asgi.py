"""dray.wsgi_tools.asgi and the wrappers on it: the same answers as over WSGI."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from io import BytesIO
from typing import Any

import pytest

from dray.wsgi_tools import asgi
from dray.wsgi_tools.exceptions import ClientDisconnected, RequestEntityTooLarge
from dray.wsgi_tools.sansio.request import Request as PlainRequest
from dray.wsgi_tools.wrappers import ASGIRequest, ASGIResponse, Request, Response


def run(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine to its end."""
    return asyncio.run(coroutine)


def scope_with(**changes: Any) -> dict[str, Any]:
    """Return a scope with a few changes."""
    return {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": "/r/pé",
        "root_path": "/r",
        "query_string": b"a=%C3%A9",
        "headers": [
            (b"host", b"example.com"),
            (b"cookie", b"a=b"),
            (b"cookie", b"c=d"),
            (b"x-a", b"1"),
            (b"x-a", b"2"),
        ],
        "client": ("1.2.3.4", 5678),
        "server": ("localhost", 80),
        **changes,
    }


def receiver(*pieces: bytes, disconnect: bool = False) -> Any:
    """Return a ``receive`` that gives the pieces of a body."""
    messages = [
        {"type": "http.request", "body": piece, "more_body": disconnect or index < len(pieces) - 1}
        for index, piece in enumerate(pieces)
    ]

    async def receive() -> dict[str, Any]:
        return messages.pop(0) if messages else {"type": "http.disconnect"}

    return receive


def sent_by(response: Any, scope: dict[str, Any]) -> tuple[int, list[Any], list[bytes]]:
    """Return status, headers and pieces of the body that an ASGI response sends."""
    messages: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        messages.append(message)

    run(response(scope, receiver(), send))
    start, *bodies = messages
    assert [message["more_body"] for message in bodies] == [True] * (len(bodies) - 1) + [False]
    return start["status"], start["headers"], [message["body"] for message in bodies]


@pytest.mark.parametrize("path", ["/r/pé", "/pé"])
def test_a_scope_is_an_environ(path: str) -> None:
    """The environ of a scope, and the plain request of it, say the same; the root may stand in the path or not."""
    scope = scope_with(path=path)
    request = Request(asgi.environ_from_scope(scope))
    plain = PlainRequest(**asgi.request_arguments(scope))

    for one in (request, plain):
        assert one.url == "http://example.com/r/pé?a=é"
        assert (one.method, one.path, one.root_path, one.remote_addr) == ("GET", "/pé", "/r", "1.2.3.4")
        assert dict(one.args) == {"a": "é"}
        assert dict(one.cookies) == {"a": "b", "c": "d"}

    assert request.headers["X-A"] == "1,2"
    assert plain.headers.getlist("X-A") == ["1", "2"]


def test_names_with_underscores_are_dropped() -> None:
    """A header can't pass for another one by an underscore in its name."""
    scope = scope_with(headers=[(b"x_forwarded_for", b"evil"), (b"x-forwarded-for", b"good")])

    assert asgi.environ_from_scope(scope)["HTTP_X_FORWARDED_FOR"] == "good"


def test_a_scope_with_little_in_it() -> None:
    """Only what the specification demands is needed."""
    environ = asgi.environ_from_scope({"type": "websocket", "path": "/", "headers": [], "scheme": "wss"})

    assert Request(environ).url == "wss:///"
    assert Request(environ).is_secure


FORM = b'--x\r\nContent-Disposition: form-data; name="a"; filename="f"\r\n\r\nabc\r\n--x--'


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_forms(size: int) -> None:
    """A form is an ordinary attribute after the body was loaded, however it comes."""
    headers = [(b"content-type", b"multipart/form-data; boundary=x"), (b"content-length", str(len(FORM)).encode())]
    pieces = [FORM[start : start + size] for start in range(0, len(FORM), size)]
    request = ASGIRequest(scope_with(method="POST", headers=headers), receiver(*pieces))
    run(request.load_body())

    assert request.files["a"].read() == b"abc"
    request.close()
    assert request.files["a"].stream.closed


def test_bodies_go_to_disk() -> None:
    """A long body isn't kept in memory."""
    request = ASGIRequest(scope_with(), receiver(*[b"x" * 100_000] * 6))
    run(request.load_body())

    assert not isinstance(request.environ["wsgi.input"], BytesIO)
    assert len(request.get_data()) == 600_000
    request.close()


class Limited(ASGIRequest):
    """A request with a limit."""

    max_content_length = 10


@pytest.mark.parametrize(
    ("headers", "pieces"),
    [([(b"content-length", b"11")], [b"x" * 11]), ([], [b"x" * 6, b"x" * 6]), ([(b"content-length", b"3")], [b"xxxx"])],
    ids=["announced", "not announced", "more than announced"],
)
def test_long_bodies(headers: list[Any], pieces: list[bytes]) -> None:
    """A body over the limit is refused, in each way of reading it."""
    request = Limited(scope_with(headers=headers), receiver(*pieces))

    with pytest.raises(RequestEntityTooLarge):
        run(request.load_body())

    async def consume() -> None:
        async for _ in Limited(scope_with(headers=headers), receiver(*pieces)).chunks():
            pass

    with pytest.raises(RequestEntityTooLarge):
        run(consume())


@pytest.mark.parametrize("headers", [[], [(b"content-length", b"10")]])
def test_a_client_that_goes(headers: list[Any]) -> None:
    """Half a body isn't taken for a whole one."""
    request = ASGIRequest(scope_with(headers=headers), receiver(b"abc", disconnect=True))

    with pytest.raises(ClientDisconnected):
        run(request.load_body())


def test_a_body_that_is_too_short() -> None:
    """A body that ends before its announced length is refused."""
    request = ASGIRequest(scope_with(headers=[(b"content-length", b"10")]), receiver(b"abc"))

    with pytest.raises(ClientDisconnected):
        run(request.load_body())


def test_chunks() -> None:
    """The body can be taken as it comes."""
    request = ASGIRequest(scope_with(), receiver(b"a", b"", b"b"))

    async def consume() -> list[bytes]:
        return [data async for data in request.chunks()]

    assert run(consume()) == [b"a", b"b"]


async def numbers() -> AsyncIterator[str | bytes]:
    """Yield text and bytes."""
    yield "1"
    yield b"2"


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    ("arguments", "pieces"),
    [
        (("hé",), ["hé".encode()]),
        ((["a", "b"],), [b"ab"]),
        ((None, 204), [b""]),
        (("x", 304), [b""]),
        (("", 302, {"Location": "/é"}), [b""]),
    ],
)
def test_responses(arguments: tuple[Any, ...], pieces: list[bytes], method: str) -> None:
    """A response sends over ASGI what it sends over WSGI."""
    scope = scope_with(method=method)
    status, headers, bodies = sent_by(ASGIResponse(*arguments), scope)
    started: list[Any] = []
    body = b"".join(Response(*arguments)(asgi.environ_from_scope(scope), lambda *args: started.append(args)))  # type: ignore[arg-type]

    assert status == int(started[0][0].split()[0])
    assert headers == [(name.lower().encode(), value.encode()) for name, value in started[0][1]]
    assert b"".join(bodies) == body
    assert bodies == (pieces if method == "GET" else [b""])


def test_streams() -> None:
    """Iterables are sent piece by piece, asynchronous ones too."""
    assert sent_by(ASGIResponse(iter(["a", b"", b"b"])), scope_with())[2] == [b"a", b"b", b""]
    assert sent_by(ASGIResponse(numbers()), scope_with())[2] == [b"1", b"2", b""]


def test_close() -> None:
    """A response is closed when it was sent, and when sending failed."""
    closed = []

    async def send(message: Any) -> None:
        raise OSError("gone")

    response = ASGIResponse("x")
    response.call_on_close(lambda: closed.append(1))

    with pytest.raises(OSError, match="gone"):
        run(response(scope_with(), receiver(), send))

    assert closed == [1]
