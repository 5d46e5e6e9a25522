"""Dispatcher, profiler, static files and the proxy to other servers."""

from __future__ import annotations

import io
import os
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from pstats import Stats
from typing import Any

import pytest

from dray.wsgi_tools.middleware.dispatcher import DispatcherMiddleware
from dray.wsgi_tools.middleware.http_proxy import ProxyMiddleware
from dray.wsgi_tools.middleware.profiler import ProfilerMiddleware
from dray.wsgi_tools.middleware.shared_data import SharedDataMiddleware
from dray.wsgi_tools.serving import make_server
from dray.wsgi_tools.test import Client, create_environ, run_wsgi_app
from dray.wsgi_tools.testapp import iter_sys_path, test_app
from dray.wsgi_tools.wrappers import Request, Response


def named(name: str) -> Any:
    """Make an application that tells its name and where it thinks it is."""
    return lambda environ, start: [
        start("200 OK", []),
        f"{name} {environ['SCRIPT_NAME']} {environ['PATH_INFO']}".encode(),
    ][1:]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/", "root  /"),
        ("/a", "a /a "),
        ("/a/", "a /a /"),
        ("/a/b", "ab /a/b "),
        ("/a/b/c", "ab /a/b /c"),
        ("/ab", "root  /ab"),
        ("/c/", "c /c/ "),
        ("/a//b", "a /a //b"),
        ("", "root  "),
    ],
)
def test_dispatcher(path: str, expected: str) -> None:
    """The longest mount point that is a whole path answers."""
    app = DispatcherMiddleware(named("root"), {"/a": named("a"), "/a/b": named("ab"), "/c/": named("c")})
    assert b"".join(run_wsgi_app(app, create_environ(path))[0]).decode() == expected


def test_dispatcher_without_mounts() -> None:
    """Without mounts the application answers everything."""
    assert Client(DispatcherMiddleware(named("root"))).get("/x").text == "root  /x"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with files of a known time."""
    for name in ("a.txt", "b.dat"):
        (tmp_path / name).write_text("hello")
        os.utime(tmp_path / name, (1577836800, 1577836800))
    return tmp_path


def shared(folder: Path, **options: Any) -> Client:
    """Make a client of an application with static files."""
    exports = {"/one": str(folder / "a.txt"), "/s": str(folder), "/pkg": ("json", ".")}
    return Client(SharedDataMiddleware(named("app"), exports, **options))


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/s/a.txt", True),
        ("/one", True),
        ("/pkg/tool.py", True),
        ("/s", False),
        ("/s/", False),
        ("/one/x", False),
        ("/s/nope", False),
        ("/S/a.txt", False),
        ("/s/../x", False),
        ("/pkg", False),
        ("/pkg/nope", False),
        ("/pkg/../os.py", False),
    ],
)
def test_shared_data_finds(folder: Path, path: str, found: bool) -> None:
    """Files are served from files, directories and packages; all else is the application's."""
    response = shared(folder).get(path)
    assert response.text.startswith("app") != found
    response.close()


def test_shared_data_headers(folder: Path) -> None:
    """Type, length, date and caching are set; a client that has the file gets a 304."""
    client = shared(folder, cache_timeout=5)
    response = client.get("/s/a.txt", buffered=True)
    headers = response.headers
    assert headers["Content-Type"] == "text/plain; charset=utf-8" and headers["Content-Length"] == "5"
    assert headers["Last-Modified"] == "Wed, 01 Jan 2020 00:00:00 GMT" and "max-age=5" in headers["Cache-Control"]
    assert client.get("/s/a.txt", headers={"If-None-Match": headers["ETag"]}).status_code == 304
    assert client.head("/s/a.txt").headers["Content-Length"] == "5"
    assert client.post("/s/a.txt").text.startswith("app")
    plain = shared(folder, cache=False, fallback_mimetype="x/y").get("/s/b.dat", buffered=True)
    assert "ETag" not in plain.headers and plain.headers["Content-Type"] == "x/y"
    assert shared(folder, disallow="*.txt").get("/s/a.txt").text.startswith("app")


def test_cve_2019_14322_drives_on_windows(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On Windows no drive and no device is reached through a path."""
    client = shared(folder)
    monkeypatch.setattr("dray.wsgi_tools.security.os.name", "nt")
    for path in ("/s/c:/windows/win.ini", "/s/a.txt:stream", "/s/CON", "/s/x\\..\\a.txt"):
        assert client.get(path).text.startswith("app")


def test_shared_data_from_archives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of a package in an archive are served from memory."""
    with zipfile.ZipFile(tmp_path / "p.zip", "w") as archive:
        archive.writestr("dray_zipped/__init__.py", "")
        archive.writestr("dray_zipped/data/x.txt", "zipped")
    monkeypatch.syspath_prepend(str(tmp_path / "p.zip"))
    client = Client(SharedDataMiddleware(named("app"), [("/z", ("dray_zipped", "data"))]))
    assert client.get("/z/x.txt").text == "zipped"
    with pytest.raises(ImportError, match="no package"):
        SharedDataMiddleware(named("app"), {"/z": ("dray_not_there", "data")})
    with pytest.raises(TypeError, match="expected a path"):
        SharedDataMiddleware(named("app"), {"/z": 5})  # type: ignore[dict-item]


def test_profiler(tmp_path: Path) -> None:
    """The profile is printed, and written to a file whose name can't leave the directory."""
    stream = io.StringIO()
    app = ProfilerMiddleware(named("app"), stream, profile_dir=str(tmp_path), restrictions=(5,))
    assert Client(app).get("/a/../b c").text.startswith("app")
    assert "PATH: '/a/../b c'" in stream.getvalue() and "function calls" in stream.getvalue()
    (written,) = tmp_path.iterdir()
    assert written.name.startswith("GET.a....b_c.") and Stats(str(written)).total_calls > 0  # type: ignore[attr-defined]
    app = ProfilerMiddleware(
        named("app"),
        None,
        profile_dir=str(tmp_path),
        filename_format=lambda environ: f"{environ['PATH_INFO'][1:]}.prof",
    )
    Client(app).get("/mine")
    assert (tmp_path / "mine.prof").exists()


@Request.application
def remote(request: Request) -> Response:
    """Tell what arrived at the other server."""
    response = Response(f"{request.method} {request.full_path} {request.headers.get('X-A')} {request.get_data()!r}")
    response.headers["X-Host"] = request.host
    response.headers["Keep-Alive"] = "timeout=5"
    return response


@pytest.fixture(scope="module")
def upstream() -> Iterator[str]:
    """A server to ask."""
    server = make_server("127.0.0.1", 0, remote, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()


def test_proxy(upstream: str) -> None:
    """Method, path, query, headers and body are handed on, and the answer back without its hop-by-hop headers."""
    targets = {
        "/foo": {"target": upstream, "headers": {"X-A": "added"}, "host": "faked.com"},
        "/bar": {"target": f"{upstream}/base/", "remove_prefix": True},
        "/own/": {"target": upstream, "host": None},
    }
    client = Client(ProxyMiddleware(named("app"), targets))
    assert client.get("/x").text.startswith("app") and client.get("/foobar").text.startswith("app")
    response = client.post("/foo/\xe4 b?x=1", data="body", base_url="http://mine.com")
    assert response.text == "POST /foo/\xe4 b?x=1 added b'body'" and response.headers["X-Host"] == "faked.com"
    assert "Keep-Alive" not in response.headers
    assert client.get("/bar/q").text.startswith("GET /base/q?") and client.get("/bar").text.startswith("GET /base/?")
    assert client.get("/own/x", base_url="http://mine.com").headers["X-Host"] == "mine.com"


def test_proxy_to_nowhere() -> None:
    """A server that doesn't answer is a 502; a scheme that isn't HTTP is a mistake."""
    client = Client(
        ProxyMiddleware(named("app"), {"/a": {"target": "http://127.0.0.1:1"}, "/f": {"target": "ftp://x"}})
    )
    assert client.get("/a/b").status_code == 502
    with pytest.raises(RuntimeError, match="'http' or 'https'"):
        client.get("/f")


def test_the_test_application() -> None:
    """The page shows the interpreter and the environ, escaped."""
    text = Client(test_app).get("/?<script>").text
    assert "<h2>Interpreter" in text and "&lt;script&gt;" in text and "<script>" not in text
    assert all(len(entry) == 3 for entry in iter_sys_path())
