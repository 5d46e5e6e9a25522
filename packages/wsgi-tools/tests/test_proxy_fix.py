"""Trusting proxies: X-Forwarded headers, and Forwarded by RFC 7239."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dray.wsgi_tools.middleware.proxy_fix import Node, ProxyFix, parse_forwarded, parse_node
from dray.wsgi_tools.test import create_environ, run_wsgi_app

BASE = {"REMOTE_ADDR": "9.9.9.9", "REMOTE_PORT": "99"}


def fixed(headers: Any, base_url: str = "http://localhost", **options: int) -> dict[str, Any]:
    """Return what the application sees."""
    seen: dict[str, Any] = {}

    def app(environ: Any, start: Any) -> list[bytes]:
        seen.update(environ)
        start("200 OK", [])
        return []

    run_wsgi_app(ProxyFix(app, **options), create_environ("/", base_url, headers=headers, environ_base=BASE))
    return seen


@pytest.mark.parametrize(
    ("headers", "options", "expected"),
    [
        ({"X-Forwarded-For": "1.1.1.1"}, {}, {"REMOTE_ADDR": "1.1.1.1"}),
        ({"X-Forwarded-For": "1.1.1.1, 2.2.2.2"}, {}, {"REMOTE_ADDR": "2.2.2.2"}),
        ({"X-Forwarded-For": "1.1.1.1, 2.2.2.2"}, {"x_for": 2}, {"REMOTE_ADDR": "1.1.1.1"}),
        ({"X-Forwarded-For": "1.1.1.1"}, {"x_for": 2}, {"REMOTE_ADDR": "9.9.9.9"}),
        ({"X-Forwarded-For": "1.1.1.1"}, {"x_for": 0}, {"REMOTE_ADDR": "9.9.9.9"}),
        ({"X-Forwarded-Proto": "https"}, {}, {"wsgi.url_scheme": "https"}),
        (
            {"X-Forwarded-Host": "ex.com:8080"},
            {"x_host": 1},
            {"HTTP_HOST": "ex.com:8080", "SERVER_NAME": "ex.com", "SERVER_PORT": "8080"},
        ),
        ({"X-Forwarded-Host": "ex.com"}, {}, {"HTTP_HOST": "localhost", "SERVER_NAME": "localhost"}),
        ({"X-Forwarded-Host": "[::1]:80"}, {"x_host": 1}, {"SERVER_NAME": "[::1]", "SERVER_PORT": "80"}),
        ({"X-Forwarded-Port": "8443"}, {"x_port": 1}, {"HTTP_HOST": "localhost:8443", "SERVER_PORT": "8443"}),
        ({"X-Forwarded-Prefix": "/a,/b"}, {"x_prefix": 2}, {"SCRIPT_NAME": "/a"}),
    ],
)
def test_x_forwarded(headers: dict[str, str], options: dict[str, int], expected: dict[str, str]) -> None:
    """The value that the outermost trusted proxy added counts, if all of them added one."""
    seen = fixed(headers, **options)
    assert {key: seen[key] for key in expected} == expected
    assert seen["werkzeug.proxy_fix.orig"]["REMOTE_ADDR"] == "9.9.9.9"


FULL = 'for="[2001:db8::1]:4711";proto=https;host="ex.com:8443";by=_proxy'


@pytest.mark.parametrize(
    ("header", "count", "expected"),
    [
        (
            FULL,
            1,
            {
                "REMOTE_ADDR": "2001:db8::1",
                "REMOTE_PORT": "4711",
                "wsgi.url_scheme": "https",
                "HTTP_HOST": "ex.com:8443",
            },
        ),
        ("for=192.0.2.60", 1, {"REMOTE_ADDR": "192.0.2.60", "REMOTE_PORT": None}),
        ("For=1.1.1.1, for=2.2.2.2", 1, {"REMOTE_ADDR": "2.2.2.2"}),
        ("for=1.1.1.1, for=2.2.2.2", 2, {"REMOTE_ADDR": "1.1.1.1"}),
        ("for=1.1.1.1", 2, {"REMOTE_ADDR": "9.9.9.9"}),
        ("for=unknown;proto=https", 1, {"REMOTE_ADDR": "9.9.9.9", "wsgi.url_scheme": "https"}),
        ('for="_hidden:_p"', 1, {"REMOTE_ADDR": "9.9.9.9", "REMOTE_PORT": "99"}),
        ("for=[::1]", 1, {"REMOTE_ADDR": "9.9.9.9"}),
        ("for=1.1.1.1;for=2.2.2.2", 1, {"REMOTE_ADDR": "9.9.9.9"}),
        ("for=1.1.1.1; for", 1, {"REMOTE_ADDR": "9.9.9.9"}),
        ('for="1.1.1.1', 1, {"REMOTE_ADDR": "9.9.9.9"}),
        ('host="a b/c"', 1, {"HTTP_HOST": "localhost"}),
        ("proto=1x", 1, {"wsgi.url_scheme": "http"}),
        ("", 1, {"REMOTE_ADDR": "9.9.9.9"}),
    ],
)
def test_forwarded(header: str, count: int, expected: dict[str, Any]) -> None:
    """The outermost trusted proxy's element counts; malformed headers are ignored, hidden values change nothing."""
    seen = fixed({"Forwarded": header, "X-Forwarded-For": "6.6.6.6", "X-Forwarded-Proto": "evil"}, forwarded=count)
    assert {key: seen.get(key) for key in expected} == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("192.0.2.43", Node("192.0.2.43", None)),
        ("192.0.2.43:47011", Node("192.0.2.43", "47011")),
        ("[2001:db8:cafe::17]:4711", Node("2001:db8:cafe::17", "4711")),
        ("unknown", Node(None, None)),
        ("_gazonk", Node(None, None)),
        ("_SEVKISEK:_x", Node(None, None)),
        ("2001:db8::17", None),
        ("ex.com", None),
        ("1.1.1.1:999999", None),
        ("", None),
    ],
)
def test_nodes(text: str, expected: Node | None) -> None:
    """Node identifiers are those of RFC 7239, section 6 (the examples of section 6.3 among them)."""
    assert parse_node(text) == expected


class TestRfc7239Section4:
    """The examples of the standard's section 4, and its rules."""

    @pytest.mark.parametrize(
        ("header", "expected"),
        [
            ('for="_gazonk"', [{"for": "_gazonk"}]),
            ('For="[2001:db8:cafe::17]:4711"', [{"for": "[2001:db8:cafe::17]:4711"}]),
            (
                "for=192.0.2.60;proto=http;by=203.0.113.43",
                [{"for": "192.0.2.60", "proto": "http", "by": "203.0.113.43"}],
            ),
            ("for=192.0.2.43, for=198.51.100.17", [{"for": "192.0.2.43"}, {"for": "198.51.100.17"}]),
            (r'for="a\"b"', [{"for": 'a"b'}]),
        ],
    )
    def test_examples(self, header: str, expected: list[dict[str, str]]) -> None:
        """Names are case-insensitive, values tokens or quoted strings."""
        assert parse_forwarded(header) == expected

    @given(st.text(alphabet='for=;,"\\ a1.[]:\t', max_size=40))
    def test_anything_is_parsed_or_refused(self, text: str) -> None:
        """No text makes the parser fail."""
        result = parse_forwarded(text)
        assert result is None or all(isinstance(element, dict) for element in result)

    @pytest.mark.parametrize("piece", ["for=1,", ";", 'for="\\', ", ", "a=b;", '"'])
    def test_work_grows_with_the_length_only(self, piece: str, check_linear: Any) -> None:
        """Twice the text takes twice the time."""
        check_linear(parse_forwarded, piece * 40_000, piece * 2_500)
