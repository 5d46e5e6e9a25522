"""What the benchmarks share: one peer a parameter, and the environ of a browser."""

from __future__ import annotations

import importlib
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest

#: The peers; each row runs all of them in one process, so that the ratios mean something.
PEERS = {"werkzeug": "werkzeug", "dray": "dray.wsgi_tools"}

MODULES = ("datastructures", "exceptions", "formparser", "http", "urls", "wrappers")


@pytest.fixture(params=PEERS)
def peer(request: pytest.FixtureRequest) -> SimpleNamespace:
    """The modules of one peer."""
    root = PEERS[request.param]
    return SimpleNamespace(name=request.param, **{name: importlib.import_module(f"{root}.{name}") for name in MODULES})


@pytest.fixture
def environ() -> dict[str, Any]:
    """The environ of a request as browsers make it: 15 headers, 5 cookies, a query."""
    return {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": "/a/b",
        "QUERY_STRING": "a=1&b=2&c=hello+world&d=%C3%A9",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(),
        "HTTP_HOST": "example.com",
        "HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
        "HTTP_ACCEPT": "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8",
        "HTTP_ACCEPT_LANGUAGE": "en-US,en;q=0.9,de;q=0.8",
        "HTTP_ACCEPT_ENCODING": "gzip, deflate, br",
        "HTTP_COOKIE": "a=1; session=abcdefghijklmnop; c=3; d=4; e=5",
        "HTTP_CONNECTION": "keep-alive",
        "HTTP_CACHE_CONTROL": "max-age=0",
        "HTTP_REFERER": "http://example.com/",
        "HTTP_X_REQUEST_ID": "abc",
        "HTTP_DNT": "1",
        "HTTP_SEC_FETCH_MODE": "navigate",
        "HTTP_SEC_FETCH_SITE": "same-origin",
        "HTTP_X_FORWARDED_FOR": "1.2.3.4",
        "HTTP_IF_NONE_MATCH": '"abc"',
    }
