"""Headers, containers, requests, responses and forms: the rows of the performance page, one group each.

Each row returns what it made, and the peers must have made the same before their time counts.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterator
from functools import partial
from io import BytesIO
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest

PAIRS = [("Content-Type", "text/html"), ("Content-Length", "5"), ("X-A", "1"), ("X-B", "2"), ("X-C", "3")]
NOW = dt.datetime(2024, 5, 6, 7, 8, 9, tzinfo=dt.UTC)
Environ = dict[str, Any]
Row = Callable[[SimpleNamespace, Environ], Any]
seen: dict[str, Any] = {}
kept: dict[tuple[str, str], Any] = {}


def send(response: Any, environ: Environ) -> bytes:
    """Send a response and return its body."""
    iterable = response(environ, lambda status, headers, exc_info=None: None)
    body = b"".join(iterable)

    if hasattr(iterable, "close"):
        iterable.close()

    return body


def headers_steps(peer: SimpleNamespace, environ: Environ) -> Any:
    headers = peer.datastructures.Headers()
    headers["Content-Type"] = "text/html"
    headers.add("Set-Cookie", "a=b")
    headers.add("Set-Cookie", "c=d")
    headers["X-Foo"] = "2"
    headers.get("content-type")
    headers.getlist("set-cookie")
    del headers["x-foo"]
    return headers.to_wsgi_list()


def headers_made(peer: SimpleNamespace, environ: Environ) -> Any:
    return list(peer.datastructures.Headers(PAIRS))


def headers_read(peer: SimpleNamespace, environ: Environ) -> Any:
    headers = made(peer, "Headers", PAIRS)
    return (
        headers["Content-Type"],
        headers.get("content-length"),
        headers.get("X-None"),
        headers["X-B"],
        "x-c" in headers,
    )


def multi_dict_read(peer: SimpleNamespace, environ: Environ) -> Any:
    values = made(peer, "MultiDict", [("a", "1"), ("b", "2"), ("a", "3")])
    return values["a"], values.get("b"), values.get("x"), values.getlist("a"), "b" in values


def made(peer: SimpleNamespace, kind: str, pairs: list[tuple[str, str]]) -> Any:
    """Return a collection that is made only once: looking things up is what is measured."""
    found = kept.get((peer.name, kind))

    if found is None:
        found = kept[peer.name, kind] = getattr(peer.datastructures, kind)(pairs)

    return found


def environ_headers_read(peer: SimpleNamespace, environ: Environ) -> Any:
    headers = peer.datastructures.EnvironHeaders(environ)
    return headers.get("Host"), headers.get("User-Agent"), headers.get("X-None"), headers["Accept"], "Cookie" in headers


def environ_headers_listed(peer: SimpleNamespace, environ: Environ) -> Any:
    return list(peer.datastructures.EnvironHeaders(environ))


def multi_dict_steps(peer: SimpleNamespace, environ: Environ) -> Any:
    values = peer.datastructures.MultiDict([("a", "1"), ("b", "2"), ("a", "3")])
    values.add("c", "4")
    values["d"] = "5"
    values.setlist("e", ["1", "2"])
    values.pop("b")
    return values["a"], values.get("x"), values.getlist("a"), list(values.items(multi=True)), values.to_dict()


def request_three(peer: SimpleNamespace, environ: Environ) -> Any:
    request = peer.wrappers.Request(environ, populate_request=False)
    return request.args["a"], request.cookies["session"], request.headers["Host"]


def request_twelve(peer: SimpleNamespace, environ: Environ) -> Any:
    request = peer.wrappers.Request(environ, populate_request=False)
    return (
        request.method,
        request.path,
        request.full_path,
        request.url,
        request.base_url,
        request.host,
        request.args["d"],
        request.cookies["a"],
        request.user_agent.string,
        request.accept_mimetypes.best,
        request.remote_addr,
        request.is_json,
    )


def response_simple(peer: SimpleNamespace, environ: Environ) -> Any:
    return send(peer.wrappers.Response("Hello World"), environ)


def response_full(peer: SimpleNamespace, environ: Environ) -> Any:
    response = peer.wrappers.Response("Hello", status=201, mimetype="text/html", headers={"X-Foo": "bar"})
    response.set_cookie("a", "b", httponly=True, samesite="Lax")
    response.cache_control.max_age = 60
    response.vary.add("Cookie")
    response.last_modified = NOW
    return send(response, environ), list(response.headers)


def five() -> Iterator[bytes]:
    for _ in range(5):
        yield b"abc"


def response_stream(peer: SimpleNamespace, environ: Environ) -> Any:
    return send(peer.wrappers.Response(five()), environ)


def error_page(peer: SimpleNamespace, environ: Environ) -> Any:
    return send(peer.exceptions.NotFound().get_response(environ), environ)


def accept(peer: SimpleNamespace, environ: Environ) -> Any:
    header = peer.http.parse_accept_header(environ["HTTP_ACCEPT"], peer.datastructures.MIMEAccept)
    return header.best_match(["application/json", "text/html"])


def language(peer: SimpleNamespace, environ: Environ) -> Any:
    header = peer.http.parse_accept_header(environ["HTTP_ACCEPT_LANGUAGE"], peer.datastructures.LanguageAccept)
    return header.best_match(["de", "en"])


def cookies_read(peer: SimpleNamespace, environ: Environ) -> Any:
    return dict(peer.http.parse_cookie(environ))


def cookie_written(peer: SimpleNamespace, environ: Environ) -> Any:
    return peer.http.dump_cookie("session", "abcdef", httponly=True, samesite="Lax", secure=True)


def options(peer: SimpleNamespace, environ: Environ) -> Any:
    return peer.http.parse_options_header('form-data; name="file"; filename="a b.txt"')


def date_read(peer: SimpleNamespace, environ: Environ) -> Any:
    return peer.http.parse_date("Sun, 06 Nov 1994 08:49:37 GMT")


def date_written(peer: SimpleNamespace, environ: Environ) -> Any:
    return peer.http.http_date(NOW)


def address_ascii(peer: SimpleNamespace, environ: Environ) -> Any:
    return peer.urls.iri_to_uri("/path/to/page?a=b&c=d")


def address_to_uri(peer: SimpleNamespace, environ: Environ) -> Any:
    return peer.urls.iri_to_uri("http://exämple.com/ü?q=ä")


def address_to_iri(peer: SimpleNamespace, environ: Environ) -> Any:
    return peer.urls.uri_to_iri("http://xn--exmple-cua.com/%C3%BC?q=%C3%A4")


def form_environ(body: bytes, content_type: str) -> Environ:
    return {"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body)), "CONTENT_TYPE": content_type}


def urlencoded(body: bytes, peer: SimpleNamespace, environ: Environ) -> Any:
    _, form, _ = peer.formparser.parse_form_data(form_environ(body, "application/x-www-form-urlencoded"))
    return list(form.items(multi=True))


FORMS = {
    count: urlencode([(f"field{index}", f"value {index} é") for index in range(count)]).encode() for count in (10, 1000)
}

ROWS: dict[str, Row] = {
    "headers: steps": headers_steps,
    "headers: made of a list": headers_made,
    "headers: 5 looked up": headers_read,
    "environ headers: 5 looked up": environ_headers_read,
    "environ headers: listed": environ_headers_listed,
    "multi dict: steps": multi_dict_steps,
    "multi dict: 5 looked up": multi_dict_read,
    "request: args, cookies, header": request_three,
    "request: 12 properties": request_twelve,
    "response: text": response_simple,
    "response: cookie, cache, vary": response_full,
    "response: stream": response_stream,
    "error page": error_page,
    "accept": accept,
    "accept language": language,
    "cookies: read": cookies_read,
    "cookies: written": cookie_written,
    "options": options,
    "date: read": date_read,
    "date: written": date_written,
    "address: ASCII": address_ascii,
    "address: to a URI": address_to_uri,
    "address: to an IRI": address_to_iri,
    "form: 10 fields": partial(urlencoded, FORMS[10]),
    "form: 1000 fields": partial(urlencoded, FORMS[1000]),
}


def measure(benchmark: Any, name: str, peer: SimpleNamespace, run: Callable[[], Any]) -> None:
    """Check that this peer makes what the one before made, then take its time."""
    result = run()
    assert seen.setdefault(name, result) == result
    benchmark.group = name
    benchmark.extra_info.update(peer=peer.name, baseline="werkzeug")
    benchmark(run)


@pytest.mark.parametrize("name", ROWS)
def bench_row(benchmark: Any, name: str, peer: SimpleNamespace, environ: Environ) -> None:
    """One row of the table."""
    measure(benchmark, name, peer, partial(ROWS[name], peer, environ))


BOUNDARY = b"bound0123456789abcdef"
FILE = b'Content-Disposition: form-data; name="file"; filename="a"\r\nContent-Type: application/octet-stream\r\n\r\n'
RANDOM = os.urandom(1 << 20)


def body_of(*parts: bytes) -> bytes:
    """Write a multipart body."""
    return b"".join(b"--%s\r\n%s\r\n" % (BOUNDARY, part) for part in parts) + b"--%s--\r\n" % BOUNDARY


BODIES = {
    "1 MB": body_of(FILE + RANDOM),
    "100 MB": body_of(FILE + RANDOM * 100),
    "10 MB of line breaks": body_of(FILE + b"\r\n" * (5 << 20)),
    "10 MB of almost boundaries": body_of(FILE + b"\r\n--bound0123456789abcde" * ((10 << 20) // 24)),
    "500 fields": body_of(
        *(b'Content-Disposition: form-data; name="f%d"\r\n\r\nvalue %d' % (index, index) for index in range(500))
    ),
}


class Sink:
    """A file that forgets what is written."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Take what a stream factory takes."""

    def write(self, data: bytes) -> int:
        return len(data)

    def seek(self, position: int) -> int:
        return position

    def close(self) -> None:
        """Do nothing."""


def multipart(peer: SimpleNamespace, body: bytes, factory: Any) -> Any:
    """Read a multipart body; return what can be compared."""
    parser = peer.formparser.MultiPartParser(stream_factory=factory, max_form_memory_size=500_000)
    form, files = parser.parse(BytesIO(body), BOUNDARY, len(body))

    for file in files.values():
        file.close()

    return len(list(form.items(multi=True))), list(files)


@pytest.mark.parametrize("sink", ["default", "null"])
@pytest.mark.parametrize("name", BODIES)
def bench_multipart(benchmark: Any, name: str, sink: str, peer: SimpleNamespace) -> None:
    """One body, written where files go by default, or nowhere."""
    factory = Sink if sink == "null" else None
    measure(benchmark, f"multipart: {name}, {sink} sink", peer, partial(multipart, peer, BODIES[name], factory))
