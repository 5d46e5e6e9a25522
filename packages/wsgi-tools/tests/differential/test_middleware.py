"""Proxies, mounted applications and file names beside Werkzeug's."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import werkzeug.middleware.dispatcher
import werkzeug.middleware.proxy_fix
import werkzeug.utils
from hypothesis import given, settings
from hypothesis import strategies as st

from dray.wsgi_tools import utils
from dray.wsgi_tools.middleware import dispatcher, proxy_fix
from dray.wsgi_tools.test import create_environ, run_wsgi_app

values = st.sampled_from(["1.1.1.1", "2.2.2.2", "https", "ex.com", "ex.com:8080", "[::1]:5", "8443", "/app", ""])
headers = st.dictionaries(
    st.sampled_from([f"X-Forwarded-{name}" for name in ("For", "Proto", "Host", "Port", "Prefix")]),
    st.lists(values, min_size=1, max_size=3).map(", ".join),
)
counts = st.fixed_dictionaries({f"x_{name}": st.integers(0, 3) for name in ("for", "proto", "host", "port", "prefix")})


def _seen(middleware: Any, environ: dict[str, Any]) -> dict[str, Any]:
    seen: dict[str, Any] = {}

    def app(environ: Any, start: Any) -> list[bytes]:
        seen.update({key: value for key, value in environ.items() if not key.startswith("wsgi.e")})
        start("200 OK", [])
        return []

    run_wsgi_app(middleware(app), environ)
    seen.pop("wsgi.input")
    return seen


@settings(max_examples=300)
@given(headers, counts, st.sampled_from(["http://localhost", "http://ex.com:81", "https://ex.com"]))
def test_proxy_fix(given_headers: dict[str, str], trusted: dict[str, int], base_url: str) -> None:
    """The same headers change the environ alike."""
    results = []
    for module in (werkzeug.middleware.proxy_fix, proxy_fix):
        environ = create_environ("/x", base_url, headers=given_headers, environ_base={"REMOTE_ADDR": "9.9.9.9"})
        results.append(_seen(lambda app, module=module: module.ProxyFix(app, **trusted), environ))  # type: ignore[attr-defined]

    assert results[0] == results[1]


pieces = st.lists(st.sampled_from(["a", "b", "", "c"]), max_size=5)


def _mounted(module: ModuleType, mounts: list[str], path: str) -> Any:
    def named(name: str) -> Any:
        return lambda environ, start: [
            start("200 OK", []),
            f"{name}|{environ['SCRIPT_NAME']}|{environ['PATH_INFO']}".encode(),
        ][1:]

    app = module.DispatcherMiddleware(named("root"), {mount: named(mount) for mount in mounts})
    return b"".join(run_wsgi_app(app, create_environ(path))[0])


@given(st.lists(pieces.map("/".join).map("/".__add__), max_size=3), pieces.map("/".join).map("/".__add__))
def test_dispatcher(mounts: list[str], path: str) -> None:
    """The same application answers, with the same script name and path."""
    path = "/" + path.lstrip("/")  # what looks like a host isn't a path for the builder
    expected = _mounted(werkzeug.middleware.dispatcher, mounts, path)

    assert expected == _mounted(dispatcher, mounts, path)


@settings(max_examples=400)
@given(st.text(max_size=20) | st.text(alphabet="ab./\\ _-\u2024\xe4~:\0", max_size=20))
def test_secure_filename(name: str) -> None:
    """The same name is left of every text."""
    assert werkzeug.utils.secure_filename(name) == utils.secure_filename(name)


@given(st.sampled_from(["text/html", "application/xml", "a/b+xml", "application/json", "image/png", ""]))
def test_get_content_type(mimetype: str) -> None:
    """The same types get a charset."""
    assert werkzeug.utils.get_content_type(mimetype, "utf-8") == utils.get_content_type(mimetype, "utf-8")
