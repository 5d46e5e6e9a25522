"""An environ that is completed when it is asked: nobody can tell it from one that was complete from the beginning."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dray.wsgi_tools.asgi import environ_from_scope
from dray.wsgi_tools.asgi.environ import CompleteEnviron, ScopeEnviron
from dray.wsgi_tools.wrappers import Request

NAMES = [b"host", b"cookie", b"content-length", b"content-type", b"upgrade", b"x-custom", b"x_custom", b"accept"]
KEYS = ["REQUEST_METHOD", "HTTP_HOST", "HTTP_COOKIE", "CONTENT_LENGTH", "CONTENT_TYPE", "HTTP_UPGRADE", "HTTP_X_CUSTOM"]
KEYS += ["QUERY_STRING", "SCRIPT_NAME", "PATH_INFO", "wsgi.url_scheme", "REMOTE_ADDR", "missing"]

SCOPES = st.fixed_dictionaries(
    {
        "type": st.just("http"),
        "path": st.sampled_from(["/", "/root/page", "/ä"]),
        "headers": st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from([b"1", b"two", b"\xe4"])), max_size=6),
    },
    optional={
        "method": st.sampled_from(["GET", "POST"]),
        "root_path": st.sampled_from(["", "/root"]),
        "client": st.sampled_from([None, ("127.0.0.1", 5000)]),
        "http_version": st.sampled_from(["1.0", "1.1", "2", "3"]),
        "query_string": st.sampled_from([b"a=1", b"", None]),
    },
)


def complete(scope: dict[str, Any]) -> dict[str, Any]:
    """Make the environ with everything in it."""
    environ = dict(environ_from_scope(scope))
    assert type(environ) is dict
    return environ


def plain(environ: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is another object in each environ."""
    return {key: value for key, value in environ.items() if key != "wsgi.input"}


def outcome(operation: str, environ: dict[str, Any], key: str) -> Any:
    """Do something with an environ; give what came of it, and what the environ is then."""
    try:
        result = OPERATIONS[operation](environ, key)
    except KeyError as error:
        result = ("KeyError", error.args)
    return plain(result) if isinstance(result, dict) else result, plain(dict(environ))


def _delete(environ: dict[str, Any], key: str) -> None:
    del environ[key]


def _set(environ: dict[str, Any], key: str) -> None:
    environ[key] = "set"


def _merge_in(environ: dict[str, Any], key: str) -> None:
    environ |= {key: "merged"}


OPERATIONS: dict[str, Callable[[dict[str, Any], str], Any]] = {
    "[]": lambda environ, key: environ[key],
    "in": lambda environ, key: key in environ,
    "get": lambda environ, key: environ.get(key),
    "get default": lambda environ, key: environ.get(key, "default"),
    "set": _set,
    "del": _delete,
    "setdefault": lambda environ, key: environ.setdefault(key, "default"),
    "pop": lambda environ, key: environ.pop(key, "default"),
    "pop or fail": lambda environ, key: environ.pop(key),
    "update": lambda environ, key: environ.update({key: "updated"}),
    "len": lambda environ, key: len(environ),
    "bool": lambda environ, key: bool(environ),
    "iter": lambda environ, key: sorted(environ),
    "reversed": lambda environ, key: {*reversed(environ)},
    "keys": lambda environ, key: sorted(environ.keys()),
    "items": lambda environ, key: plain(dict(environ.items())),
    "values": lambda environ, key: len(environ.values()),
    "copy": lambda environ, key: environ.copy(),
    "copy.copy": lambda environ, key: dict(copy.copy(environ)),
    "unpack": lambda environ, key: {**environ},
    "or": lambda environ, key: dict(environ | {key: "merged"}),
    "ror": lambda environ, key: dict({key: "merged"} | environ),
    "ior": _merge_in,
}


@pytest.mark.parametrize("name", OPERATIONS)
@given(scope=SCOPES, key=st.sampled_from(KEYS), before=st.sampled_from([None, "set", "get", "in"]))
def test_same_as_complete(name: str, scope: dict[str, Any], key: str, before: str | None) -> None:
    """Whatever is done with it gives the same, and leaves the same, as with a plain dictionary."""
    expected, environ = complete(scope), environ_from_scope(scope)
    for operation in [before, name] if before else [name]:
        assert outcome(operation, environ, key) == outcome(operation, expected, key)


def test_asked_for_little() -> None:
    """What a short request is asked for leaves it as it is; the first other question completes it."""
    scope = {"type": "http", "path": "/", "query_string": b"q=1", "headers": [(b"host", b"h"), (b"cookie", b"a=1")]}
    environ = environ_from_scope(scope)
    assert environ["PATH_INFO"] == "/"
    assert environ.get("HTTP_COOKIE") == "a=1"
    assert "CONTENT_LENGTH" not in environ
    assert environ.get("HTTP_UPGRADE") is None
    assert type(environ) is ScopeEnviron
    assert environ["HTTP_HOST"] == "h"
    assert type(environ) is CompleteEnviron


@pytest.mark.parametrize("scope", [{}, {"query_string": b""}, {"query_string": None}])
def test_no_query(scope: dict[str, Any]) -> None:
    """It is empty, however the server says so."""
    environ = environ_from_scope({"type": "websocket", "path": "/", "headers": [], **scope})
    assert environ["QUERY_STRING"] == ""
    assert Request(environ).args == {}


def test_cleared() -> None:
    """What is cleared stays empty."""
    environ = environ_from_scope({"type": "http", "path": "/", "headers": [(b"host", b"h")]})
    environ.clear()
    assert len(environ) == 0
    assert environ.get("HTTP_HOST") is None


def test_equality_and_text() -> None:
    """It equals a dictionary of the same content, whoever is asked first, and shows all of it."""
    scope = {"type": "http", "path": "/", "headers": [(b"host", b"h")]}
    content = dict(environ_from_scope(scope))
    other = environ_from_scope(scope)
    other["wsgi.input"] = content["wsgi.input"]
    assert other == content
    other = environ_from_scope(scope)
    other["wsgi.input"] = content["wsgi.input"]
    assert content == other
    assert environ_from_scope(scope) != {"PATH_INFO": "/"}
    assert "HTTP_HOST" in repr(environ_from_scope(scope))


def test_pickled() -> None:
    """A copy through pickle has everything."""
    environ = environ_from_scope({"type": "http", "path": "/", "headers": [(b"host", b"h")]})
    assert pickle.loads(pickle.dumps(environ))["HTTP_HOST"] == "h"  # noqa: S301 - our own
