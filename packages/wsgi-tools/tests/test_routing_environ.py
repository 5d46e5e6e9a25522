"""Binding a map to a WSGI environ."""

from __future__ import annotations

from typing import Any

import pytest

from dray.wsgi_tools.routing import Map


def bind(host: str, server_name: str | None = None, subdomain: str | None = None, **extra: str) -> Any:
    """Bind an empty map to the environ of a GET request."""
    environ = {
        "wsgi.url_scheme": "http",
        "REQUEST_METHOD": "GET",
        "HTTP_HOST": host,
        "SCRIPT_NAME": "/\xc3\xa4",
        "PATH_INFO": "/\xc3\xb6",
        "QUERY_STRING": "a=b",
        **{key.replace("_dot_", "."): value for key, value in extra.items()},
    }
    return Map().bind_to_environ(environ, server_name, subdomain)


def test_facts_of_the_request() -> None:
    """Paths are decoded, the host is lower case, method and query are kept."""
    adapter = bind("EX.com")
    assert (adapter.server_name, adapter.script_name, adapter.path_info) == ("ex.com", "/ä/", "/ö")
    assert (adapter.subdomain, adapter.default_method, adapter.query_args) == ("", "GET", "a=b")
    assert adapter.websocket is False


@pytest.mark.parametrize(
    ("host", "server_name", "scheme", "subdomain"),
    [
        ("www.ex.com", "ex.com", "http", "www"),
        ("a.b.ex.com", "EX.com", "http", "a.b"),
        ("ex.com", "ex.com", "http", ""),
        ("www.ex.com:8080", "ex.com:8080", "http", "www"),
        ("www.ex.com:80", "ex.com", "http", "www"),
        ("www.ex.com:443", "ex.com:443", "https", "www"),
    ],
)
def test_subdomain_is_what_stands_before_the_server_name(
    host: str, server_name: str, scheme: str, subdomain: str
) -> None:
    """The standard port of the scheme doesn't matter."""
    assert bind(host, server_name, wsgi_dot_url_scheme=scheme).subdomain == subdomain


@pytest.mark.parametrize(
    ("host", "server_name"), [("www.ex.com", "other.com"), ("myex.com", "ex.com"), ("ex.com:81", "ex.com")]
)
def test_another_host_has_no_subdomain(host: str, server_name: str) -> None:
    """A warning is given, and the subdomain is one that no rule has."""
    with pytest.warns(UserWarning, match="doesn't match"):
        assert bind(host, server_name).subdomain == "<invalid>"


def test_a_given_subdomain_is_used() -> None:
    """The host isn't looked at then."""
    assert bind("other.com", "ex.com", "api").subdomain == "api"


@pytest.mark.parametrize(
    ("connection", "upgrade", "scheme", "expected"),
    [
        ("Upgrade", "WebSocket", "http", "ws"),
        ("keep-alive, upgrade", "websocket", "https", "wss"),
        ("keep-alive", "websocket", "http", "http"),
        ("upgrade", "h2c", "http", "http"),
    ],
)
def test_websocket_handshake(connection: str, upgrade: str, scheme: str, expected: str) -> None:
    """An upgrade to WebSocket (RFC 6455, section 4.2.1) changes the scheme, and so which rules match."""
    adapter = bind("ex.com", HTTP_CONNECTION=connection, HTTP_UPGRADE=upgrade, wsgi_dot_url_scheme=scheme)
    assert (adapter.url_scheme, adapter.websocket) == (expected, expected.startswith("ws"))
