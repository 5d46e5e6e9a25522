"""dray.wsgi_tools.formparser: the hooks that programs use, and where files go."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest

from dray.wsgi_tools.datastructures import MultiDict
from dray.wsgi_tools.formparser import FormDataParser, MultiPartParser, default_stream_factory
from dray.wsgi_tools.wrappers import Request, Response

FILE = (
    b'--x\r\nContent-Disposition: form-data; name="a"; filename="f"\r\nContent-Type: a/b\r\n'
    b"Content-Length: 3\r\n\r\nabc\r\n--x--"
)


def environ_of(body: bytes, content_type: str = "multipart/form-data; boundary=x") -> dict[str, Any]:
    """Return the environ of a form."""
    return {
        "REQUEST_METHOD": "POST",
        "wsgi.input": BytesIO(body),
        "CONTENT_LENGTH": str(len(body)),
        "CONTENT_TYPE": content_type,
    }


@pytest.mark.parametrize(("size", "on_disk"), [(0, False), (512_000, False), (512_001, True)])
def test_long_files_go_to_disk(size: int, on_disk: bool) -> None:
    """A file of a body over 500 kB isn't kept in memory."""
    with default_stream_factory(size, None, None) as stream:
        assert isinstance(stream, BytesIO) is not on_disk


def test_files_of_unknown_length_move_to_disk() -> None:
    """Without a length the file moves to disk when it has become long."""
    stream: Any = default_stream_factory(None, None, None)

    with stream:
        stream.write(b"x" * 512_000)
        assert not stream._rolled
        stream.write(b"x")
        assert stream._rolled


def test_a_request_opens_its_own_streams() -> None:
    """A request class decides where files go; it is told what the client said of them."""
    told: list[Any] = []

    class Own(Request):
        def _get_file_stream(self, *args: Any, **kwargs: Any) -> BytesIO:
            told.append((args, kwargs))
            return BytesIO()

    request = Own(environ_of(FILE))
    assert request.files["a"].read() == b"abc"
    assert told == [
        ((), {"total_content_length": len(FILE), "filename": "f", "content_type": "a/b", "content_length": 3})
    ]


def test_own_parsers() -> None:
    """A parser with its own way of reading an encoding is asked."""

    class Own(FormDataParser):
        def _parse_urlencoded(self, stream: Any, mimetype: str, content_length: Any, options: Any) -> Any:
            return stream, self.cls([("own", mimetype)]), self.cls()

    class OwnRequest(Request):
        form_data_parser_class = Own

    request = OwnRequest(environ_of(b"a=b", "application/x-www-form-urlencoded; x=y"))
    assert dict(request.form) == {"own": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize(
    ("content_type", "data", "text"),
    [
        (None, b"\xc3\xa9", "é"),
        ("text/plain; charset=iso-8859-1", b"\xe9", "é"),
        ("text/plain; charset=utf-7", b"+AOk-", "+AOk-"),
        ("text/plain; charset=ascii", b"\xe9", "\ufffd"),
    ],
)
def test_charsets_of_fields(content_type: str | None, data: bytes, text: str) -> None:
    """A field may name one of a few charsets; all others are read as UTF-8."""
    header = f"Content-Type: {content_type}\r\n" if content_type else ""
    body = f'--x\r\nContent-Disposition: form-data; name="a"\r\n{header}\r\n'.encode() + data + b"\r\n--x--"
    form, _ = MultiPartParser().parse(BytesIO(body), b"x", len(body))
    assert form["a"] == text


def test_results_have_the_class_that_was_asked_for() -> None:
    """Fields and files are put into the class that is given, also when there are none."""

    class Own(MultiDict[str, Any]):
        """A class."""

    for body, content_type in (
        (FILE, "multipart/form-data; boundary=x"),
        (b"a=b", "text/plain"),
        (b"", "multipart/form-data"),
    ):
        _, form, files = FormDataParser(cls=Own).parse_from_environ(environ_of(body, content_type))
        assert type(form) is type(files) is Own


def test_cookies_of_own_responses() -> None:
    """A response class with its own way of setting cookies deletes them that way, too."""
    seen: list[Any] = []

    class Own(Response):
        def set_cookie(self, key: str, *args: Any, **kwargs: Any) -> None:
            seen.append((key, args, kwargs))

    Own().delete_cookie("a", path="/x")
    ((key, args, kwargs),) = seen
    assert (key, args, kwargs["path"], kwargs["max_age"], kwargs["expires"]) == ("a", (), "/x", 0, 0)


def test_json_hooks() -> None:
    """What a program makes of a body that isn't JSON takes its place, and is kept."""
    calls: list[Any] = []

    class Own(Request):
        def on_json_loading_failed(self, e: ValueError | None) -> Any:
            calls.append(e)
            return {"failed": True}

    request = Own(environ_of(b"{", "application/json"))
    assert request.json == request.json == {"failed": True}
    assert request.get_json(silent=True) is None
    assert len(calls) == 1
    assert Own(environ_of(b"{", "text/plain")).json == {"failed": True}
