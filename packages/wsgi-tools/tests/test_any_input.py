"""Nothing that a stranger can write makes a parser fail: the documented default comes out, or the documented error."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any
from wsgiref.validate import validator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dray.wsgi_tools import datastructures as ds
from dray.wsgi_tools import http, urls
from dray.wsgi_tools.exceptions import HTTPException
from dray.wsgi_tools.sansio.utils import get_content_length, get_current_url, get_host, host_is_trusted
from dray.wsgi_tools.wrappers import Request, Response

PARSERS: dict[str, Callable[[str], Any]] = {
    "options": http.parse_options_header,
    "list": http.parse_list_header,
    "dict": http.parse_dict_header,
    "set": http.parse_set_header,
    "cookie": http.parse_cookie,
    "date": http.parse_date,
    "age": http.parse_age,
    "etags": http.parse_etags,
    "etag": http.unquote_etag,
    "range": http.parse_range_header,
    "content range": http.parse_content_range_header,
    "if range": http.parse_if_range_header,
    "cache control": http.parse_cache_control_header,
    "policy": http.parse_csp_header,
    "authorization": ds.Authorization.from_header,
    "challenge": ds.WWWAuthenticate.from_header,
    "accept": lambda value: http.parse_accept_header(value).best_match(["a"]),
    "accept media": lambda value: http.parse_accept_header(value, ds.MIMEAccept).best_match(["a/b"]),
    "accept language": lambda value: http.parse_accept_header(value, ds.LanguageAccept).best_match(["en"]),
    "accept charset": lambda value: http.parse_accept_header(value, ds.CharsetAccept).best_match(["utf-8"]),
    "host": lambda value: get_host("http", value),
    "trusted host": lambda value: host_is_trusted(value, [value, "é", "[", "."]),
    "length": lambda value: get_content_length(value, value),
    "address": lambda value: get_current_url("http", "example.com", value, value, value.encode(errors="replace")),
}

hostile = st.text() | st.text("\"\\;,= \t*'%-/:()<>@[]W0189é\x00\n\r\ud800", max_size=30)


@pytest.mark.parametrize("name", PARSERS)
@given(value=hostile)
@settings(max_examples=60)
def test_headers(name: str, value: str) -> None:
    """A parser of headers takes any text."""
    PARSERS[name](value)


@given(st.binary(max_size=60))
def test_queries(value: bytes) -> None:
    """Any bytes are a query."""
    for name, text in urls.parse_pairs(value):
        name.encode()
        text.encode()


latin = st.text(st.characters(max_codepoint=255), max_size=20)
ATTRIBUTES = [
    name
    for name in dir(Request)
    if name[0] != "_"
    and not callable(getattr(Request, name, None))
    and name not in {"json", "input_stream", "trusted_hosts"}
]


@given(
    st.fixed_dictionaries(
        dict.fromkeys("PATH_INFO SCRIPT_NAME QUERY_STRING CONTENT_TYPE CONTENT_LENGTH HTTP_HOST".split(), latin),
        optional={
            f"HTTP_{key}": latin
            for key in (
                "ACCEPT ACCEPT_LANGUAGE ACCEPT_CHARSET AUTHORIZATION CACHE_CONTROL COOKIE DATE IF_MATCH IF_NONE_MATCH"
                " IF_RANGE IF_MODIFIED_SINCE MAX_FORWARDS PRAGMA RANGE TRANSFER_ENCODING X_FORWARDED_FOR SEC_FETCH_SITE"
                " ACCESS_CONTROL_REQUEST_HEADERS"
            ).split()
        },
    ),
    st.binary(max_size=20),
)
@settings(max_examples=100)
def test_requests(environ: dict[str, str], body: bytes) -> None:
    """Each attribute of a request can be read, whatever the request is; else the answer is an HTTP error."""
    request = Request(
        {
            **environ,
            "REQUEST_METHOD": "POST",
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(body),
            "SERVER_NAME": "x",
            "SERVER_PORT": "80",
        }
    )

    for name in ATTRIBUTES:
        try:
            getattr(request, name)
        except HTTPException as error:
            assert 400 <= (error.code or 0) < 500

    repr(request)
    request.close()


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    "make",
    [
        lambda: Response("x"),
        lambda: Response(["a", "b"]),
        lambda: Response(iter([b"a"])),
        lambda: Response(status=204),
        lambda: Response("", 302, headers={"Location": "/é"}),
        lambda: Response("x", headers={"X": "y"}),
    ],
)
def test_the_validator_is_content(make: Callable[[], Response], method: str) -> None:
    """wsgiref.validate finds nothing to say about requests and responses (PEP 3333)."""

    def app(environ: Any, start_response: Any) -> Any:
        Request(environ).get_data()
        response = make()

        if response.status_code == 204:  # the validator wants no media type where there is no content
            response.headers.pop("Content-Type", None)

        return response(environ, start_response)

    environ = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": "/",
        "QUERY_STRING": "",
        "SERVER_NAME": "x",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_LENGTH": "3",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(b"abc"),
        "wsgi.errors": __import__("sys").stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    iterable: Any = validator(app)(environ, lambda status, headers, exc_info=None: lambda data: None)

    try:
        body = b"".join(iterable)
    finally:
        iterable.close()

    assert bool(body) is (method == "GET" and make().status_code == 200)
