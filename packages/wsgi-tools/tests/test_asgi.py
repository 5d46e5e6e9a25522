"""dray.wsgi_tools.asgi and the wrappers on it: the same answers as over WSGI."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from io import BytesIO
from typing import Any

import pytest

from dray.wsgi_tools import asgi
from dray.wsgi_tools.exceptions import ClientDisconnected, RequestEntityTooLarge, RequestTimeout
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

    async def receive() -> Any:
        await asyncio.Event().wait()  # the client stays

    run(response(scope, receive, send))
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


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"raw_path": b"/r/p%C3%A9"}, "/r/p%C3%A9?a=%C3%A9"),
        ({"raw_path": b"/r/p%c3%A9", "query_string": b""}, "/r/p%c3%A9"),
        ({"raw_path": None}, "/r/p%C3%A9?a=%C3%A9"),
        ({}, "/r/p%C3%A9?a=%C3%A9"),
    ],
)
def test_the_address_as_it_was_asked_for(changes: dict[str, Any], expected: str) -> None:
    """The environ says it, as WSGI servers do; where the server doesn't, it is put together."""
    environ = asgi.environ_from_scope(scope_with(**changes))
    assert environ["REQUEST_URI"] == environ["RAW_URI"] == expected


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


@pytest.mark.parametrize(
    ("response", "is_known"),
    [
        (Response("text"), True),
        (Response("x" * 64 * 1024), True),
        (Response("x" * (64 * 1024 + 1)), False),
        (Response(iter(["text"])), False),
        (Response(BytesIO(b"text")), False),
        (Response(status=204), True),
    ],
)
def test_what_can_be_sent_at_once(response: Response, is_known: bool) -> None:
    """Content that is known, small, and needs no closing: the two messages; of anything else nothing."""
    messages = asgi.at_once(asgi.prepare(response, asgi.environ_from_scope(scope_with())))

    assert (messages is not None) is is_known
    assert messages is None or [message["type"] for message in messages] == [
        "http.response.start",
        "http.response.body",
    ]


def test_what_is_to_be_closed_is_not_sent_at_once() -> None:
    """Whoever sends it has something to do afterwards."""
    response = Response("text")
    response.call_on_close(print)

    assert asgi.at_once(asgi.prepare(response, asgi.environ_from_scope(scope_with()))) is None


def test_close() -> None:
    """A response is closed when it was sent, and when sending failed."""
    closed = []

    async def send(message: Any) -> None:
        raise OSError("gone")

    response = ASGIResponse("x")
    response.call_on_close(lambda: closed.append(1))

    with pytest.raises(ClientDisconnected) as caught:
        run(response(scope_with(), receiver(), send))

    assert str(caught.value.__cause__) == "gone"
    assert closed == [1]


def test_a_client_that_goes_while_a_stream_waits() -> None:
    """The stream ends, is closed, and says why."""
    log: list[str] = []

    async def content() -> AsyncIterator[str]:
        try:
            yield "first"
            await asyncio.Event().wait()
        finally:
            log.append("closed")

    async def send(message: Any) -> None:
        log.append(message["type"])

    async def main() -> None:
        scope = scope_with()
        response = ASGIResponse(content())
        response.call_on_close(lambda: log.append("response closed"))
        await asgi.send_response(response, asgi.environ_from_scope(scope), send, receiver(disconnect=True))

    with pytest.raises(ClientDisconnected):
        run(main())

    assert log == ["http.response.start", "http.response.body", "closed", "response closed"]


def test_a_response_notices_a_client_that_goes() -> None:
    """As an application it ends, is closed, and says why."""
    closed = []

    async def content() -> AsyncIterator[str]:
        yield "first"
        await asyncio.Event().wait()

    async def send(message: Any) -> None:
        pass

    response = ASGIResponse(content())
    response.call_on_close(lambda: closed.append(1))

    with pytest.raises(ClientDisconnected):
        run(response(scope_with(), receiver(disconnect=True), send))

    assert closed == [1]


def test_a_response_that_leaves_receiving_to_its_content() -> None:
    """An answer can be made of the request's body while that comes."""
    scope, receive, sent = scope_with(), receiver(b"one", b"two"), []

    async def send(message: Any) -> None:
        sent.append(message.get("body"))

    response = ASGIResponse(ASGIRequest(scope, receive).chunks())
    response.watches_client = False
    run(response(scope, receive, send))

    assert sent == [None, b"one", b"two", b""]


@pytest.mark.parametrize("content", [b"x" * 100_000, iter([b"x", b"y"])], ids=["long", "stream"])
def test_a_client_that_takes_nothing(content: Any) -> None:
    """It is as good as gone after the time it has."""

    async def send(message: Any) -> None:
        await asyncio.Event().wait()

    async def main() -> None:
        response = ASGIResponse(content)
        await asgi.send_response(response, asgi.environ_from_scope(scope_with()), send, timeout=0.01)

    with pytest.raises(ClientDisconnected, match="took nothing of the response for 0.01 seconds"):
        run(main())


def reading_ahead(pieces: list[bytes], use: Any, **arguments: Any) -> Any:
    """Read ahead of a function that gets the stream, in a thread."""

    async def main() -> Any:
        scope = scope_with(headers=arguments.pop("headers", [(b"transfer-encoding", b"chunked")]))
        stream = await asgi.read_ahead(scope, receiver(*pieces), **{"limit": None, "ahead": None, **arguments})
        try:
            return await asyncio.to_thread(use, stream)
        finally:
            stream.close()

    return run(main())


@pytest.mark.parametrize("ahead", [None, 0, 1, 3, 100])
def test_a_body_is_a_file(ahead: int | None) -> None:
    """However much of it was read ahead, a thread reads all."""
    pieces = [b"one\ntw", b"", b"o\n", b"three"]

    assert reading_ahead(pieces, lambda stream: stream.read(), ahead=ahead) == b"".join(pieces)
    assert reading_ahead(pieces, list, ahead=ahead) == [b"one\n", b"two\n", b"three"]


def test_reading_ahead_stops_at_the_limit() -> None:
    """What follows isn't asked for; the one who wants the body gets the error."""
    asked = []

    async def receive() -> Any:
        asked.append(1)
        return {"type": "http.request", "body": b"x" * 10, "more_body": True}

    async def main() -> None:
        scope = scope_with(headers=[(b"transfer-encoding", b"chunked")])
        stream = await asgi.read_ahead(scope, receive, limit=25, ahead=1000)
        assert len(asked) == 3
        assert isinstance(stream, asgi.BodyStream)
        with pytest.raises(RequestEntityTooLarge, match="max_content_length=25"):
            stream.limit_to(25)
        with pytest.raises(RequestEntityTooLarge, match="Iterate over request.stream"):
            stream.read()
        stream.close()

    run(main())


def test_an_announced_length_over_the_limit_is_not_read() -> None:
    """Not even the first message."""

    async def receive() -> Any:
        pytest.fail("must not be called")

    async def main() -> None:
        scope = scope_with(headers=[(b"content-length", b"26")])
        stream = await asgi.read_ahead(scope, receive, limit=25, ahead=None)
        with pytest.raises(RequestEntityTooLarge):
            stream.limit_to(25)  # type: ignore[attr-defined]
        stream.close()

    run(main())


def test_a_slow_body() -> None:
    """It has its time, and more for what has come; then 408 for whoever wants it."""

    async def receive() -> Any:
        await asyncio.Event().wait()

    async def main() -> None:
        scope = scope_with(headers=[(b"content-length", b"26")])
        stream = await asgi.read_ahead(scope, receive, limit=None, ahead=None, timeout=0.01)
        with pytest.raises(RequestTimeout, match=r"within 0.01 seconds .* 0 bytes are there"):
            stream.read()
        stream.close()

    run(main())


def test_a_stream_is_iterated_over() -> None:
    """What is there first, then what comes; the same after loading the rest."""

    async def main() -> None:
        scope = scope_with(headers=[(b"transfer-encoding", b"chunked")])
        stream: Any = await asgi.read_ahead(scope, receiver(b"abc", b"def", b"ghi"), limit=None, ahead=2)
        assert [data async for data in stream] == [b"abc", b"def", b"ghi"]
        stream = await asgi.read_ahead(scope, receiver(b"abc", b"def", b"ghi"), limit=None, ahead=2)
        await stream.load()
        assert stream.read() == b"abcdefghi"

    run(main())


@pytest.mark.parametrize(
    ("version", "headers", "expected"),
    [("1.0", [], False), ("1.1", [], False), ("1.1", [(b"content-length", b"0")], True),
     ("1.1", [(b"transfer-encoding", b"x")], True), ("2", [], True), ("3", [], True)],
)  # fmt: skip
def test_whether_there_is_a_body(version: str, headers: list[Any], expected: bool) -> None:
    """HTTP/1.1 says so in its headers, later versions don't."""
    environ = asgi.environ_from_scope(scope_with(http_version=version, headers=headers))
    assert environ["asgi.has_body"] is expected
