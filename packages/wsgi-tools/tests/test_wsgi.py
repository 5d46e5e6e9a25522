"""dray.wsgi_tools.wsgi and its streams, by the sentences of PEP 3333."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest

from dray.wsgi_tools.exceptions import ClientDisconnected, RequestEntityTooLarge
from dray.wsgi_tools.wrappers import Request, Response
from dray.wsgi_tools.wsgi import (
    ClosingIterator,
    FileWrapper,
    LimitedStream,
    _RangeWrapper,
    get_input_stream,
    responder,
    wrap_file,
)


class Slow(BytesIO):
    """A stream that gives one byte at a time, like a slow connection."""

    def read(self, size: int | None = -1) -> bytes:
        return super().read(1)

    read1 = read


@pytest.mark.parametrize("kind", [BytesIO, Slow])
@pytest.mark.parametrize("how", ["read", "loop", "readall", "lines", "readinto"])
def test_limited_stream(kind: type[BytesIO], how: str) -> None:
    """A server should simulate an end-of-file condition: the next request behind the body isn't read."""
    source = kind(b"ab\ncd\nNEXT")
    stream = LimitedStream(source, 6)

    if how == "loop":
        data = b"".join(iter(lambda: stream.read(4), b""))
    elif how == "lines":
        data = b"".join(stream)
    elif how == "readinto":
        buffer = bytearray(100)
        data = b""

        while count := stream.readinto(buffer):
            data += buffer[:count]
    else:
        data = getattr(stream, how)()

    assert data == b"ab\ncd\n"
    assert stream.read() == stream.read(5) == b""
    assert (stream.tell(), stream.is_exhausted) == (6, True)
    assert BytesIO.read(source, 4) == b"NEXT"


def test_limited_stream_of_a_client_that_goes() -> None:
    """An end before the announced length raises, and so does an error of the connection."""

    class Broken:
        def read(self, size: int = -1) -> bytes:
            raise OSError("reset")

    for source in (BytesIO(b"abc"), Broken()):
        with pytest.raises(ClientDisconnected):
            LimitedStream(source, 6).readall()  # type: ignore[arg-type]


@pytest.mark.parametrize("read", [lambda stream: stream.read(), lambda stream: [stream.read(4), stream.read(4)]])
def test_maximum(read: Any) -> None:
    """A body that may be as long as a maximum can end earlier, and raises when it is longer."""
    assert LimitedStream(BytesIO(b"abc"), 4, is_max=True).read() == b"abc"
    assert LimitedStream(BytesIO(b"abcd"), 4, is_max=True).read() == b"abcd"

    with pytest.raises(RequestEntityTooLarge):
        read(LimitedStream(BytesIO(b"abcde"), 4, is_max=True))


@pytest.mark.parametrize(
    ("environ", "limit", "expected"),
    [
        ({"CONTENT_LENGTH": "3"}, None, b"abc"),
        ({"CONTENT_LENGTH": "3"}, 3, b"abc"),
        ({}, None, b""),
        ({"CONTENT_LENGTH": "x"}, None, b""),
        ({"wsgi.input_terminated": True}, None, b"abcdef"),
        ({"wsgi.input_terminated": True}, 6, b"abcdef"),
        ({"HTTP_TRANSFER_ENCODING": "chunked", "CONTENT_LENGTH": "3"}, None, b""),
    ],
)
def test_input_stream(environ: dict[str, Any], limit: int | None, expected: bytes) -> None:
    """What is read of the body depends on its length, or on the server's word that it ends."""
    environ = {"wsgi.input": BytesIO(b"abcdef"), **environ}

    assert get_input_stream(environ, max_content_length=limit).read() == expected


@pytest.mark.parametrize("environ", [{"CONTENT_LENGTH": "6"}, {"wsgi.input_terminated": True}])
def test_input_stream_over_the_limit(environ: dict[str, Any]) -> None:
    """A body over the limit is refused, before or while it is read."""
    with pytest.raises(RequestEntityTooLarge):
        get_input_stream({"wsgi.input": BytesIO(b"abcdef"), **environ}, max_content_length=5).read()


def test_closing_iterator() -> None:
    """If the iterable returned by the application has a close() method, the server must call that method."""
    called: list[str] = []

    def content() -> Iterator[bytes]:
        try:
            yield b"a"
            yield b"b"
        finally:
            called.append("content")

    def fail() -> None:
        called.append("fail")
        raise ValueError("first")

    iterator = ClosingIterator(content(), [fail, lambda: called.append("last")])
    assert next(iterator) == b"a"

    with pytest.raises(ValueError, match="first"):
        iterator.close()

    assert called == ["content", "fail", "last"]


def test_a_response_closes_everything() -> None:
    """Each function is called when a response is closed, also when one of them fails."""
    called: list[int] = []
    response = Response("x")
    response.call_on_close(lambda: called.append(1))
    response.call_on_close(lambda: [][0])
    response.call_on_close(lambda: called.append(2))
    iterable: Any = response({"REQUEST_METHOD": "GET"}, lambda *args: None)  # type: ignore[arg-type]

    assert list(iterable) == [b"x"]

    with pytest.raises(IndexError):
        iterable.close()

    assert called == [1, 2]


def test_the_list_of_headers_is_the_servers() -> None:
    """The server may change the list of headers that it is given; the response isn't changed by that."""
    response = Response("x")

    def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        assert len(headers) == 2
        headers.append(("Server", "x"))

    for _ in range(2):
        assert list(response({"REQUEST_METHOD": "GET"}, start)) == [b"x"]


def test_file_wrapper() -> None:
    """A file is sent block by block, by the server's own wrapper if it has one."""
    assert list(FileWrapper(BytesIO(b"abcde"), 2)) == [b"ab", b"cd", b"e"]
    assert list(wrap_file({}, BytesIO(b"abc"))) == [b"abc"]
    assert wrap_file({"wsgi.file_wrapper": lambda file, size: ("mine", size)}, BytesIO(), 7) == ("mine", 7)
    wrapper = FileWrapper(BytesIO(b"abcde"))
    wrapper.seek(2)
    assert (wrapper.seekable(), wrapper.tell(), list(wrapper)) == (True, 2, [b"cde"])
    wrapper.close()
    assert wrapper.file.closed


@pytest.mark.parametrize("content", [FileWrapper(BytesIO(b"0123456789"), 3), [b"012", b"345", b"6789"]])
@pytest.mark.parametrize(
    ("start", "length", "expected"), [(0, 3, b"012"), (2, 5, b"23456"), (8, None, b"89"), (9, 5, b"9")]
)
def test_range_wrapper(content: Any, start: int, length: int | None, expected: bytes) -> None:
    """A part is cut out of a file and of a list alike."""
    assert b"".join(_RangeWrapper(content, start, length)) == expected


def test_responder_and_application() -> None:
    """A function that returns a response is made an application, also as a method, also when it raises."""

    @responder
    def plain(environ: Any, start_response: Any) -> Any:
        return Response("plain")

    class Site:
        @Request.application
        def app(self, request: Request) -> Any:
            from dray.wsgi_tools.exceptions import NotFound

            if request.path == "/":
                return Response("root")

            raise NotFound()

    site: Any = Site()
    environ = {"REQUEST_METHOD": "GET", "wsgi.url_scheme": "http", "PATH_INFO": "/"}
    started: list[Any] = []

    def start(status: str, headers: Any, exc_info: Any = None) -> Any:
        started.append(status)

    assert b"".join(plain(environ, start)) == b"plain"
    assert b"".join(site.app(environ, start)) == b"root"
    assert b"404" in b"".join(site.app({**environ, "PATH_INFO": "/x"}, start))
    assert started == ["200 OK", "200 OK", "404 NOT FOUND"]
