"""Addresses, hosts and query strings beside Werkzeug's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import werkzeug.sansio.request as reference_request
import werkzeug.sansio.utils as reference_utils
import werkzeug.urls as reference
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import Headers as ReferenceHeaders

from dray.wsgi_tools import urls
from dray.wsgi_tools.datastructures import Headers
from dray.wsgi_tools.sansio import utils
from dray.wsgi_tools.sansio.request import Request

PIECES = ["%C3%A9", "%c3", "%41", "é", "/", "?", "#", "a", "%20", "%", "@", ":", "b.c", "&", "=", "%2F", " ", "\\", "ß"]
addresses = st.lists(st.sampled_from([*PIECES, "~", "%7E", ".", "+", "%2B", ";"]), max_size=8).map("".join)


def outcome(function: Callable[..., Any], *args: Any) -> Any:
    """Return what a function returns, or the type of what it raises."""
    try:
        return function(*args)
    except Exception as error:
        return type(error).__name__


@given(st.sampled_from(["", "/", "http://host/", "https://u:p@é.example:81/", "http://[::1]/"]), addresses)
@example("http://host/", "a\tb")
def test_iri_and_uri(start: str, rest: str) -> None:
    """Addresses are converted alike in both directions, and a URI survives the way there and back."""
    assume(not (start in {"", "/"} and rest[:1] == "/"))
    value = start + rest
    assert outcome(urls.iri_to_uri, value) == outcome(reference.iri_to_uri, value)
    assert outcome(urls.uri_to_iri, value) == outcome(reference.uri_to_iri, value)


@given(st.sampled_from(["http", "https", "ws", "wss"]), st.text("aZ9.-:[]_@ /é~%f0", max_size=9))
@example("http", "[::1]:80")
@example("https", "example.com:443")
@example("http", "example.com:0")
@example("http", "example.com:65536")
@settings(max_examples=200)
def test_hosts(scheme: str, host: str) -> None:
    """The same hosts are valid."""
    assert utils.get_host(scheme, host) == reference_utils.get_host(scheme, host)


@given(
    st.sampled_from([None, ("example", 80), ("example", 8080), ("::1", 81), ("/run/socket", None), ("example", None)]),
    st.sampled_from(["http", "https"]),
)
def test_server_names(server: tuple[str, int | None] | None, scheme: str) -> None:
    """Without a Host header the server's name stands in."""
    assert utils.get_host(scheme, None, server) == reference_utils.get_host(scheme, None, server)


paths = st.lists(st.sampled_from(["/", "a", "é", "%", " ", "//", "?", "#", "+", "'", "[", "b;c"]), max_size=5).map(
    "".join
)


@given(
    st.none() | paths,
    st.none() | paths,
    st.none() | st.binary(max_size=5) | st.sampled_from([b"a=%20&b=+", b"\xc3\xa9"]),
)
def test_current_url(root: str | None, path: str | None, query: bytes | None) -> None:
    """The address of a request is put together alike."""
    assume(root is None or root[:1] == "/")
    ours = outcome(utils.get_current_url, "http", "example.com", root, path, query)
    assert ours == outcome(reference_utils.get_current_url, "http", "example.com", root, path, query)


queries = st.lists(
    st.sampled_from(
        [b"a", b"=", b"&", b"+", b"%41", b"%C3%A9", b"%FF", b"%", b"%zz", b"\xc3\xa9", b"\xff", b";", b"%00", b"%3D"]
    )
    | st.binary(max_size=3),
    max_size=10,
).map(b"".join)


@given(queries)
@example(b"a=1&b=2&c=%26+d")
@settings(max_examples=200)
def test_query_strings(query: bytes) -> None:
    """Fields are read alike on both ways; bare bytes that are no UTF-8 make the reference fail."""
    assume(outcome(query.decode) != "UnicodeDecodeError")
    ours = Request("GET", "http", None, "", "/", query, Headers(), None)
    theirs = reference_request.Request("GET", "http", None, "", "/", query, ReferenceHeaders(), None)
    assert list(ours.args.items(multi=True)) == list(theirs.args.items(multi=True))


@given(st.lists(st.tuples(st.binary(max_size=4), st.binary(max_size=4)), max_size=5))
def test_fast_and_slow_agree(pairs: list[tuple[bytes, bytes]]) -> None:
    """The way through C and the way field by field give the same."""
    from urllib.parse import quote_plus

    query = "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in pairs).encode()
    assert urls.parse_pairs(query) == urls._parse_any(query)


@given(st.text("aZ.-9x_:%\x00 é", max_size=70))
def test_hosts_are_what_the_codec_makes_of_them(host: str) -> None:
    """The way past Python's codec gives the same, and the same hosts are none."""

    def by_codec(name: str) -> str:
        return name.encode("idna").decode("ascii")

    assert outcome(urls._host_to_ascii, host) == outcome(by_codec, host)
