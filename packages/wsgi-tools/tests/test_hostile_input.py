"""What strangers send: each published advisory of the field as a test, and linear time for every parser.

Only the parsers of headers, cookies, hosts and bodies are here; routing, files and the server have tables of their own.
"""

from __future__ import annotations

import gc
import os
import tempfile
import tracemalloc
from collections.abc import Callable
from io import BufferedReader, BytesIO
from pathlib import Path
from typing import Any

import pytest

from dray.wsgi_tools import formparser, http, urls
from dray.wsgi_tools._serving.bodies import DechunkedInput
from dray.wsgi_tools._wsgi_streams import LimitedStream
from dray.wsgi_tools.datastructures import Authorization, ContentSecurityPolicy, Cookie, Headers, WWWAuthenticate
from dray.wsgi_tools.exceptions import RequestEntityTooLarge, SecurityError
from dray.wsgi_tools.middleware.proxy_fix import parse_forwarded
from dray.wsgi_tools.sansio.multipart import MultipartDecoder, NeedData
from dray.wsgi_tools.sansio.utils import get_host
from dray.wsgi_tools.wrappers import Request, Response
from dray.wsgi_tools.wsgi import get_input_stream


def multipart_environ(body: bytes) -> dict[str, Any]:
    """Return the environ of a multipart form."""
    return {
        "REQUEST_METHOD": "POST",
        "wsgi.input": BytesIO(body),
        "CONTENT_LENGTH": str(len(body)),
        "CONTENT_TYPE": "multipart/form-data; boundary=x",
    }


def test_nameless_cookie_pysec_2023_57() -> None:
    """CVE-2023-23934: a cookie without a name doesn't pass for another one."""
    assert list(http.parse_cookie("=__Host-test=bad; a=b").items()) == [("a", "b")]
    assert list(http.parse_cookie('=__Host-test=bad; a="b"').items()) == [("a", "b")]


def test_many_parts_pysec_2023_58() -> None:
    """CVE-2023-25577: 1000 parts are read, 1001 are refused."""
    part = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n'

    for count in (1000, 1001):
        environ = multipart_environ(part * count + b"--x--")

        if count == 1000:
            _, form, _ = formparser.parse_form_data(environ, max_form_parts=1000)
            assert len(form.getlist("a")) == 1000
        else:
            with pytest.raises(RequestEntityTooLarge):
                formparser.parse_form_data(environ, max_form_parts=1000)


@pytest.mark.parametrize(
    "host", ["a.com:0", "a.com:99999", "a b", "a.com/x", "a@b", "évil.com", "a.com:", "[::1", "a:b:c"]
)
def test_hosts_that_are_none(host: str) -> None:
    """What can't be a host is none, and isn't trusted."""
    assert get_host("http", host) == ""

    with pytest.raises(SecurityError):
        get_host("http", host, trusted_hosts=["a.com", "b"])


@pytest.mark.parametrize("value", ["Basic YTpi!!", "Basic YTpi\n", "Basic YTp", "Basic /w==", "Basic YT pi"])
def test_lax_base64(value: str) -> None:
    """Credentials that aren't base64 of UTF-8 are none."""
    assert Authorization.from_header(value) is None


def test_range_of_nothing() -> None:
    """``bytes=-0`` isn't a range."""
    assert http.parse_range_header("bytes=-0") is None


class Generous(BytesIO):
    """A stream that gives more than it is asked for."""

    def read(self, size: int | None = -1) -> bytes:
        return super().read(-1)

    read1 = read


def test_readinto_never_grows() -> None:
    """A stream that gives too much doesn't make the buffer grow."""
    buffer = bytearray(4)
    stream = LimitedStream(Generous(b"x" * 100), 50)

    assert stream.readinto(buffer) == 4
    assert buffer == b"xxxx"


@pytest.mark.parametrize("value", ["a\r\nb:c", "a\nb", "a\rb"])
def test_line_breaks_in_headers(value: str) -> None:
    """A header can't hold a line break, neither in its value nor in its name."""
    for fill in (
        lambda: Headers([("X", value)]),
        lambda: Headers([(value, "X")]),
        lambda: Headers().add("X", value),
        lambda: Headers().set("X", value),
        lambda: Headers().setlist("X", [value]),
        lambda: Headers({"X": [value]}),
        lambda: Headers().__setitem__(slice(0, 1), [("X", value)]),
        lambda: Response(headers={"X": value}),
        lambda: Response().set_cookie(value, "x"),
    ):
        with pytest.raises(ValueError, match=r"line break|can't be empty or hold"):
            fill()


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("__Host-a", {}),
        ("__Host-a", {"secure": True, "path": "/x"}),
        ("__Host-a", {"secure": True, "domain": "a.com"}),
        ("__host-a", {"secure": True, "path": None}),
        ("__Secure-a", {}),
        ("a;b", {}),
        ("a=b", {}),
        ("", {}),
        ("a", {"samesite": "x"}),
        ("a", {"domain": "a; Secure"}),
    ],
)
def test_cookies_that_browsers_would_drop(name: str, options: dict[str, Any]) -> None:
    """A cookie that breaks the promise of its name, or can't be one, is refused (RFC 6265bis section 4.1.3)."""
    with pytest.raises(ValueError, match=r"begins with|can't|samesite"):
        http.dump_cookie(name, "x", **options)


def test_cookies_that_keep_their_promise() -> None:
    """A cookie whose attributes fit its name is written."""
    assert http.dump_cookie("__Host-a", "x", secure=True) == "__Host-a=x; Secure; Path=/"
    assert http.dump_cookie("__Secure-a", "x", partitioned=True) == "__Secure-a=x; Secure; Path=/; Partitioned"


def decode_all(data: bytes, chunk: int = 1024) -> int:
    """Run a body through the multipart parser in small chunks."""
    decoder = MultipartDecoder(b"boundary")
    size = 0

    for start in range(0, len(data), chunk):
        decoder.receive_data(data[start : start + chunk])

        while not isinstance(event := decoder.next_event(), NeedData):
            size += len(getattr(event, "data", b""))

    return size


FILE = b'--boundary\r\nContent-Disposition: form-data; name="a"; filename="f"\r\n\r\n'

# Each makes an input of about n characters and gives it to a parser.
HOSTILE: dict[str, Callable[[int], Any]] = {
    "options: backslashes": lambda n: http.parse_options_header('a; b="' + "\\" * n),
    "options: semicolons": lambda n: http.parse_options_header("a" + ";" * n),
    "options: open quotes": lambda n: http.parse_options_header("a" + ';b="' * (n // 4)),
    "options: escaped quotes": lambda n: http.parse_options_header("a" + ';b="\\' * (n // 5)),
    "options: spaces": lambda n: http.parse_options_header("a;" + " " * n),
    "options: continuations": lambda n: http.parse_options_header(
        "a" + "".join(f";b*{i}*=%41" for i in range(n // 10))
    ),
    "etags: open": lambda n: http.parse_etags('W/"' * (n // 3)),
    "etags: spaces": lambda n: http.parse_etags(" " * n),
    "etags: bad": lambda n: http.parse_etags('"a" ' * (n // 4)),
    "cookie: backslashes": lambda n: http.parse_cookie('a="' + "\\" * n),
    "cookie: open quotes": lambda n: http.parse_cookie('a="' * (n // 3)),
    "cookie: quotes": lambda n: http.parse_cookie('a="b";' * (n // 6)),
    "cookie: spaces": lambda n: http.parse_cookie(" " * n),
    "cookie: spaces in quotes": lambda n: http.parse_cookie('a="' + " " * n),
    "cookie: pairs": lambda n: http.parse_cookie("a=b;" * (n // 4)),
    "list: quotes": lambda n: http.parse_list_header('"' * n),
    "list: backslashes": lambda n: http.parse_list_header('"' + "\\" * n),
    "list: commas": lambda n: http.parse_list_header("," * n),
    "dict: equals": lambda n: http.parse_dict_header("a=" * (n // 2)),
    "accept: parameters": lambda n: http.parse_accept_header("a/b;q=0.5;" * (n // 10)),
    "accept: elements": lambda n: http.parse_accept_header("a;q=0.5," * (n // 8)),
    "accept: digits": lambda n: http.parse_accept_header("a;q=" + "0" * n),
    "range: ranges": lambda n: http.parse_range_header("bytes=" + ",".join(f"{i}-{i}" for i in range(n // 8))),
    "range: digits": lambda n: http.parse_range_header("bytes=0-" + "9" * n),
    "content range: digits": lambda n: http.parse_content_range_header("bytes 0-1/" + "9" * n),
    "date": lambda n: http.parse_date("Sun, " + "0" * n),
    "age": lambda n: http.parse_age("9" * n),
    "authorization": lambda n: Authorization.from_header("Digest " + 'a="' * (n // 3)),
    "basic": lambda n: Authorization.from_header("Basic " + "A" * n),
    "challenge": lambda n: WWWAuthenticate.from_header("Foo " + "=" * n),
    "policy": lambda n: ContentSecurityPolicy.from_header("a ;" * (n // 3)),
    "host": lambda n: get_host("http", "a." * (n // 2)),
    "host: brackets": lambda n: get_host("http", "[" + ":" * n),
    "set-cookie: attributes": lambda n: Cookie.from_header("a=b" + "; Path=/" * (n // 8)),
    "set-cookie: separators": lambda n: Cookie.from_header("a=b" + ";" * n),
    "chunks: tiny": lambda n: BufferedReader(DechunkedInput(BytesIO(b"1\r\na\r\n" * (n // 6) + b"0\r\n\r\n"))).read(),
    "forwarded": lambda n: parse_forwarded('for="' + "\\" * n),
    "forwarded: elements": lambda n: parse_forwarded("for=a," * (n // 6)),
    "query: pairs": lambda n: urls.parse_pairs(b"a=b&" * (n // 4)),
    "query: escapes": lambda n: urls.parse_pairs(b"a=" + b"%" * n),
    "query: separators": lambda n: urls.parse_pairs(b"&" * n),
    "iri": lambda n: urls.iri_to_uri("/" + "%é" * (n // 2)),
    "uri": lambda n: urls.uri_to_iri("/" + "%C3%A9%2F%FF" * (n // 12)),
    "multipart: CR first (CVE-2023-46136)": lambda n: decode_all(FILE + b"\r" + b"a" * n * 8),
    "multipart: LF first (CVE-2023-46136)": lambda n: decode_all(FILE + b"\n" + b"a" * n * 8),
    "multipart: line breaks": lambda n: decode_all(FILE + b"\r\n" * n),
    "multipart: carriage returns": lambda n: decode_all(FILE + b"\r" * n * 2),
    "multipart: almost boundaries": lambda n: decode_all(FILE + b"\r\n--boundar" * (n // 4)),
    "multipart: boundaries in a line": lambda n: decode_all(FILE + b"x--boundary" * (n // 4)),
    "multipart: longer boundaries": lambda n: decode_all(FILE + b"\r\n--boundaryx" * (n // 4)),
    "multipart: padding": lambda n: decode_all(FILE + (b"\r\n--boundary" + b" " * 100) * (n // 40)),
    "multipart: bytewise": lambda n: decode_all(FILE + b"\r\n-" * (n // 16), chunk=1),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_linear_time(name: str, check_linear: Any) -> None:
    """Twice the input takes twice the time, up to 200 kB."""
    check_linear(HOSTILE[name], 200_000, 12_500)


def test_linear_time_can_be_told(check_linear: Any) -> None:
    """What grows with the square of its input doesn't pass, nor what does so with the power of 1.5."""
    check_linear(lambda n: sum(range(n)), 160_000, 10_000)
    for power in (1.5, 2):
        with pytest.raises(AssertionError, match="16 times the input takes"):
            check_linear(lambda n, power=power: sum(range(round(n**power))), 3_200, 200)


def test_memory_of_an_upload() -> None:
    """A long file passes through in blocks: memory doesn't grow with it."""
    size = 20_000_000

    class Endless:
        def __init__(self) -> None:
            self.left = size

        def read(self, wanted: int = -1) -> bytes:
            block = min(wanted, self.left)
            self.left -= block
            return b"x" * block

    class Parts:
        def __init__(self) -> None:
            self.streams: list[Any] = [BytesIO(FILE), Endless(), BytesIO(b"\r\n--boundary--")]

        def read(self, wanted: int = -1) -> bytes:
            while self.streams:
                if data := self.streams[0].read(wanted):
                    return bytes(data)

                self.streams.pop(0)

            return b""

    parser = formparser.MultiPartParser(max_form_memory_size=500_000)
    tracemalloc.start()

    try:
        _, files = parser.parse(Parts(), b"boundary", size)  # type: ignore[arg-type]
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    with files["a"].stream as stream:
        assert stream.seek(0, 2) == size

    assert peak < 3_000_000


class Endless:
    """A client that never stops: some bytes, and then the same ones again and again."""

    def __init__(self, first: bytes, rest: bytes) -> None:
        self._buffer, self._rest = first, rest

    def read(self, size: int = -1) -> bytes:
        assert size >= 0, "nobody may ask for all of it"
        while len(self._buffer) < size:
            self._buffer += self._rest * (1 + size // len(self._rest))
        found, self._buffer = self._buffer[:size], self._buffer[size:]
        return found

    read1 = read

    def readline(self, size: int) -> bytes:
        line = self.read(size)
        end = line.find(b"\n") + 1
        if end:
            self._buffer = line[end:] + self._buffer
            line = line[:end]
        return line


def endless_form(first: bytes, rest: bytes, kind: str = "multipart/form-data; boundary=x", **options: Any) -> None:
    """Read a form of such a client, whose length nobody knows."""
    environ = {"wsgi.input": Endless(first, rest), "wsgi.input_terminated": True, "CONTENT_TYPE": kind}
    formparser.parse_form_data(environ, max_form_memory_size=500_000, max_form_parts=1000, **options)


PART = b'--x\r\nContent-Disposition: form-data; name="a"'
ENDLESS: dict[str, tuple[type[Exception], Callable[[], Any]]] = {
    "text before the parts": (RequestEntityTooLarge, lambda: endless_form(b"", b"text ")),
    "headers of a part": (RequestEntityTooLarge, lambda: endless_form(PART, b"\r\nX: y")),
    "a header of a part": (RequestEntityTooLarge, lambda: endless_form(PART, b"y")),
    "a field": (RequestEntityTooLarge, lambda: endless_form(PART + b"\r\n\r\n", b"z")),
    "fields": (RequestEntityTooLarge, lambda: endless_form(b"", PART + b"\r\n\r\nv\r\n")),
    "a form": (
        RequestEntityTooLarge,
        lambda: endless_form(b"", b"a=b&", "application/x-www-form-urlencoded", max_content_length=500_000),
    ),
    "a body": (
        RequestEntityTooLarge,
        lambda: get_input_stream(
            {"wsgi.input": Endless(b"", b"x"), "wsgi.input_terminated": True}, max_content_length=500_000
        ).read(),
    ),
    "the header of a chunk": (OSError, lambda: DechunkedInput(Endless(b"1;", b"a")).read()),  # type: ignore[arg-type]
    "trailers": (OSError, lambda: DechunkedInput(Endless(b"0\r\n", b"A: b\r\n")).read()),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("name", ENDLESS)
def test_memory_of_endless_input(name: str) -> None:
    """Whatever has no end is refused at its limit, before it takes more than a few megabytes."""
    error, read = ENDLESS[name]
    tracemalloc.start()

    try:
        with pytest.raises(error):
            read()

        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert peak < 4_000_000


@pytest.mark.parametrize("name", HOSTILE)
def test_memory_of_headers(name: str) -> None:
    """No parser of headers, addresses and forms takes more than a multiple of its input."""
    HOSTILE[name](1000)  # what is made once for all isn't counted
    tracemalloc.start()

    try:
        HOSTILE[name](30_000)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert peak < 100 * 30_000


def test_files_are_gone_whatever_happens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Temporary files have no name, and none stays open: refused, cut off, not well formed, forgotten or closed."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    content = b"x" * 1_000_000
    file = PART + b'; filename="f"\r\n\r\n' + content + b"\r\n"
    before = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0

    class Gone(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            data = super().read(size)
            if not data:
                raise ConnectionResetError("the client has gone")
            return data

        read1 = read

    def upload(stream: BytesIO, length: int | None = None, **options: Any) -> Request:
        environ = {**multipart_environ(b""), "wsgi.input": stream, "wsgi.input_terminated": True, **options}
        environ["CONTENT_LENGTH"] = str(len(stream.getvalue()) if length is None else length)
        return Request(environ)

    with upload(BytesIO(file + b"--x--")) as request:
        assert len(request.files["a"].read()) == len(content)
        assert os.listdir(tmp_path) == []
    upload(BytesIO(file * 2))._load_form_data()  # not well formed: no form
    with pytest.raises(ConnectionResetError):
        upload(Gone(file + file[:-100]))._load_form_data()
    with pytest.raises(RequestEntityTooLarge):
        upload(BytesIO(file + PART + b"\r\n\r\n" + b"y" * 600_000))._load_form_data()
    forgotten = upload(BytesIO(file + b"--x--"))
    assert forgotten.files["a"].filename == "f"
    forgotten.close()
    gc.collect()

    assert os.listdir(tmp_path) == []
    if before:
        assert len(os.listdir("/proc/self/fd")) == before


def test_files_are_closed_when_a_form_is_refused() -> None:
    """Whatever goes wrong, no file stays open: neither the finished ones nor the one that is being written."""
    opened: list[BytesIO] = []

    def factory(*args: Any, **kwargs: Any) -> BytesIO:
        opened.append(BytesIO())
        return opened[-1]

    part = b'--x\r\nContent-Disposition: form-data; name="a"; filename="f"\r\n\r\nabc\r\n'

    with pytest.raises(RequestEntityTooLarge):
        formparser.parse_form_data(multipart_environ(part * 3 + b"--x--"), factory, max_form_parts=2)

    with pytest.raises(ValueError, match="ends too early"):
        formparser.parse_form_data(multipart_environ(part * 2), factory, silent=False)

    assert len(opened) == 4
    assert all(stream.closed for stream in opened)
