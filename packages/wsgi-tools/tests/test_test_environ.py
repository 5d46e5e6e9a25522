"""Building environs, and multipart bodies."""

from __future__ import annotations

import io
from typing import Any
from wsgiref.validate import check_environ

import pytest

from dray.wsgi_tools.datastructures import Authorization, FileStorage, Headers, MultiDict
from dray.wsgi_tools.test import EnvironBuilder, create_environ, encode_multipart, stream_encode_multipart
from dray.wsgi_tools.wrappers import Request


def test_defaults_are_a_valid_environ() -> None:
    """Without arguments it is a GET of the root, as PEP 3333 wants it."""
    environ = create_environ()
    check_environ(environ)
    assert (environ["REQUEST_METHOD"], environ["PATH_INFO"], environ["SCRIPT_NAME"]) == ("GET", "/", "")
    assert (environ["HTTP_HOST"], environ["SERVER_NAME"], environ["SERVER_PORT"]) == ("localhost", "localhost", "80")


@pytest.mark.parametrize(
    ("path", "path_info", "query"),
    [
        ("/a?x=1", "/a", "x=1"),
        ("/\xe4 b?x=\xf6", "/\xc3\xa4 b", "x=\xc3\xb6"),
        ("/%C3%A4%2f", "/\xc3\xa4/", ""),
        ("/a#frag", "/a", ""),
        ("http://foo.com/bar?q=1", "/bar", "q=1"),
        ("x", "x", ""),
        ("", "", ""),
    ],
)
def test_paths(path: str, path_info: str, query: str) -> None:
    """Paths are decoded, the query is split off, the target stays as it was given."""
    environ = create_environ(path)
    assert (environ["PATH_INFO"], environ["QUERY_STRING"]) == (path_info, query)
    assert environ["REQUEST_URI"] == path.encode().decode("latin-1")


@pytest.mark.parametrize(
    ("base_url", "expected"),
    [
        ("http://ex.com:8080/app/", ("http", "ex.com:8080", "ex.com", "8080", "/app")),
        ("https://ex.com", ("https", "ex.com", "ex.com", "443", "")),
        ("http://[::1]:5000/", ("http", "[::1]:5000", "::1", "5000", "")),
        ("http://\xfc.com/\xe4/", ("http", "xn--tda.com", "xn--tda.com", "80", "/\xc3\xa4")),
    ],
)
def test_base_urls(base_url: str, expected: tuple[str, ...]) -> None:
    """Scheme, host, port and script name come from the base URL."""
    environ = create_environ("/x", base_url)
    keys = ("wsgi.url_scheme", "HTTP_HOST", "SERVER_NAME", "SERVER_PORT", "SCRIPT_NAME")
    assert tuple(environ[key] for key in keys) == expected


def body_of(**options: Any) -> tuple[str | None, str | None, bytes]:
    """Return type, length and bytes of the body."""
    environ = create_environ(**options)
    return environ.get("CONTENT_TYPE"), environ.get("CONTENT_LENGTH"), environ["wsgi.input"].read()


FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"data": "\xe4"}, (None, "2", b"\xc3\xa4")),
        ({"data": b"abc", "content_type": "a/b"}, ("a/b", "3", b"abc")),
        ({"data": {"a": "1 \xfc&", "b": ["2", 3], "n": None}}, (FORM, "20", b"a=1+%C3%BC%26&b=2&b=3")),
        ({"data": MultiDict([("a", "1"), ("a", "2")])}, (FORM, "7", b"a=1&a=2")),
        ({"data": {}}, (None, None, b"")),
        ({"json": {"a": [None]}}, ("application/json", "13", b'{"a": [null]}')),
        ({"json": 1, "content_type": "application/x"}, ("application/x", "1", b"1")),
        ({"mimetype": "text/plain"}, ("text/plain; charset=utf-8", None, b"")),
        ({"content_length": 7}, (None, "7", b"")),
        ({"headers": {"Content-Type": "q/r", "Content-Length": "3"}}, ("q/r", "3", b"")),
    ],
)
def test_bodies(options: dict[str, Any], expected: tuple[str | None, str | None, bytes]) -> None:
    """Text, bytes, forms and JSON become a body with its type and length."""
    content_type, length, body = expected
    assert body_of(**options) == (content_type, str(len(body)) if body else length, body)


def test_streams() -> None:
    """A stream is the body itself; its length is known when it can seek."""
    stream = io.BytesIO(b"xxstream")
    stream.read(2)
    environ = create_environ(input_stream=stream)
    assert environ["wsgi.input"] is stream and environ["CONTENT_LENGTH"] == "6"


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"data": "x", "json": 1}, TypeError),
        ({"data": "x", "input_stream": io.BytesIO()}, TypeError),
        ({"data": 5}, TypeError),
        ({"path": "/?a=1", "query_string": "b=2"}, ValueError),
        ({"base_url": "http://ex.com/?q"}, ValueError),
        ({"base_url": "http://ex.com/#f"}, ValueError),
    ],
)
def test_contradictions(options: dict[str, Any], error: type[Exception]) -> None:
    """What can't be meant together is an error."""
    with pytest.raises(error):
        EnvironBuilder(**options)


def test_headers() -> None:
    """Headers become keys; several of one name are joined, and Host wins over the base URL."""
    environ = create_environ(headers=[("X-A", "1"), ("x-a", "2"), ("Host", "h.com")], auth=("u", "p"))
    assert (environ["HTTP_X_A"], environ["HTTP_HOST"]) == ("1, 2", "h.com")
    assert environ["HTTP_AUTHORIZATION"] == "Basic dTpw"
    token = create_environ(auth=Authorization("bearer", token="t"))
    assert token["HTTP_AUTHORIZATION"] == "Bearer t"


def test_overrides() -> None:
    """The base is below everything, the overrides above."""
    environ = create_environ(environ_base={"X": 1, "HTTP_HOST": "z"}, environ_overrides={"REQUEST_METHOD": "ZZ"})
    assert (environ["X"], environ["HTTP_HOST"], environ["REQUEST_METHOD"]) == (1, "localhost", "ZZ")


def test_parts_can_be_changed() -> None:
    """Query, form, files and types follow each other until the environ is made."""
    builder = EnvironBuilder("/x")
    builder.args["z"] = "2"
    assert builder.query_string == "z=2"
    builder.query_string = "q=1"
    with pytest.raises(AttributeError, match="query string is defined"):
        builder.args
    builder.form["a"] = "b"
    assert builder.content_type == FORM
    builder.files.add_file("f", io.BytesIO(b"1"), "n.txt")
    assert builder.content_type == "multipart/form-data" == builder.mimetype
    builder.mimetype = "text/x"
    assert builder.content_type == "text/x; charset=utf-8" and builder.mimetype_params["charset"] == "utf-8"
    builder.mimetype_params["charset"] = "latin1"  # type: ignore[index]
    assert builder.content_type == "text/x; charset=latin1"
    builder.content_length = 4
    assert builder.content_length == 4
    builder.content_length = None
    builder.input_stream = io.BytesIO(b"1")
    with pytest.raises(AttributeError, match="input stream is defined"):
        builder.form
    builder.base_url = "https://q.com/z"
    assert (builder.base_url, builder.server_port) == ("https://q.com/z/", 443)
    builder.close()


def test_from_environ_is_the_way_back() -> None:
    """An environ made from an environ is the same, body and all."""
    first = create_environ(
        "/\xe4%3Fx?x=1", "http://q.com/r", method="POST", data={"a": "b"}, headers={"X-A": "y"}, multithread=True
    )
    second = EnvironBuilder.from_environ(first).get_environ()
    first["REQUEST_URI"] = first["RAW_URI"] = second["REQUEST_URI"]
    second["RAW_URI"] = second["REQUEST_URI"]
    assert first == second
    assert Request(second).form["a"] == "b"


def test_files_are_sent_and_parsed_again() -> None:
    """What is encoded as multipart comes out of a request's form and files."""
    with EnvironBuilder(
        method="POST",
        data={
            "a": "\xfc",
            "f": (io.BytesIO(b"one"), "n\xfc.txt", "text/x"),
            "g": [FileStorage(io.BytesIO(b"two"), "g.html"), (io.BytesIO(b"3"), "h")],
        },
    ) as builder:
        request = builder.get_request()
        assert request.form.to_dict() == {"a": "\xfc"}
        assert request.files["f"].read() == b"one" and request.files["f"].filename == "n\xfc.txt"
        assert request.files["f"].content_type == "text/x"
        assert [(f.filename, f.content_type) for f in request.files.getlist("g")] == [
            ("g.html", "text/html"),
            ("h", "application/octet-stream"),
        ]
        for file in request.files.values():
            file.close()
    assert builder.closed


def test_multipart_alone() -> None:
    """The encoders give boundary, length and body; large ones go to a file."""
    boundary, body = encode_multipart({"a": ["1", 2]}, boundary="XX")
    assert boundary == "XX" and body.count(b'name="a"') == 2 and body.endswith(b"--XX--\r\n")
    stream, length, _ = stream_encode_multipart({"f": io.BytesIO(b"x" * 3000)}, threshold=1000)
    with stream:
        assert len(stream.read()) == length > 3000 and not isinstance(stream, io.BytesIO)
    assert encode_multipart({})[0] != encode_multipart({})[0]


def test_requests_of_another_class() -> None:
    """get_request() makes the class that is asked for."""

    class Mine(Request):
        pass

    assert type(EnvironBuilder().get_request(Mine)) is Mine
    assert type(EnvironBuilder(headers=Headers({"X": "y"})).get_request()) is Request
