"""Every published advisory of the field, and every silent fix, in one table: the input of each gives what it must.

The ids are those of the advisories; fixes without one have the number of the change. Some rows have their details in
the tests of the module that it concerns: here stands that none is forgotten.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dray.wsgi_tools import formparser, http
from dray.wsgi_tools._wsgi_streams import LimitedStream
from dray.wsgi_tools.datastructures import Authorization, Headers
from dray.wsgi_tools.debug import DebuggedApplication, pin
from dray.wsgi_tools.exceptions import NotFound, RequestEntityTooLarge, SecurityError
from dray.wsgi_tools.middleware.shared_data import SharedDataMiddleware
from dray.wsgi_tools.routing import Map, RequestRedirect, Rule
from dray.wsgi_tools.sansio.utils import get_host
from dray.wsgi_tools.security import safe_join
from dray.wsgi_tools.serving import make_server
from dray.wsgi_tools.test import Client
from dray.wsgi_tools.utils import redirect
from dray.wsgi_tools.wrappers import Request, Response

Row = Callable[[pytest.MonkeyPatch, Path], None]
ROWS: dict[str, Row] = {}


def row(*ids: str) -> Callable[[Row], Row]:
    """Enter a test into the table."""

    def enter(function: Row) -> Row:
        for name in ids:
            assert name not in ROWS
            ROWS[name] = function
        return function

    return enter


def broken(environ: Any, start: Any) -> Any:
    """Fail with a text that would like to be markup."""
    raise ValueError("--><script>alert(1)</script>")


def debugger() -> tuple[DebuggedApplication, Client]:
    """Make a debugger around an application that fails, and a client of it."""
    application = DebuggedApplication(broken, evalex=True, pin_logging=False)
    return application, Client(application)


def page(client: Client, host: str = "localhost", path: str = "/", **query: Any) -> Any:
    """Ask the debugger for something."""
    return client.get(path, base_url=f"http://{host}", query_string=query, errors_stream=io.StringIO())


@row("CVE-2016-10516")
def _exception_text(patch: pytest.MonkeyPatch, folder: Path) -> None:
    text = page(debugger()[1]).text
    assert "<script>alert" not in text and "<!--" not in text and "&lt;script&gt;alert" in text


@row("#1031")
def _console_output(patch: pytest.MonkeyPatch, folder: Path) -> None:
    application, client = debugger()
    page(client)
    page(client, __debugger__="yes", cmd="pinauth", s=application.secret, pin=application.pin)
    frame = list(application.frames)[-1]
    answer = page(client, __debugger__="yes", cmd="'<img onerror>'", frm=frame, s=application.secret)
    assert answer.status_code == 200 and "<img" not in answer.text and "&lt;img onerror&gt;" in answer.text


@row("CVE-2020-28724")
def _open_redirect(patch: pytest.MonkeyPatch, folder: Path) -> None:
    adapter = Map([Rule("/<path:p>/", endpoint="x")]).bind("ex.com")
    for path, expected in {
        "//evil.com/x": "http://ex.com/evil.com/x/",
        "///evil.com": "http://ex.com/evil.com/",
        "/\\evil.com": "http://ex.com/%5Cevil.com/",
    }.items():
        target = path
        for _ in range(3):  # slashes are merged by a redirect of their own
            try:
                adapter.match(target)
                break
            except RequestRedirect as error:
                assert error.new_url.startswith("http://ex.com/") and not error.new_url.startswith("http://ex.com//")
                last = error.new_url
                target = last.removeprefix("http://ex.com").replace("%5C", "\\")
        assert last == expected


@row("CVE-2019-14806", "#3245")
def _pins(patch: pytest.MonkeyPatch, folder: Path) -> None:
    patch.delenv("WERKZEUG_DEBUG_PIN", raising=False)
    machines = [
        {"/etc/machine-id": "m", "/proc/self/cgroup": f"12:x:/docker/{'a' * 64}"},
        {"/etc/machine-id": "m", "/proc/self/cgroup": f"12:x:/docker/{'b' * 64}"},
        {"/proc/self/cgroup": "0::/", "/proc/self/mountinfo": f"1 / /overlay-containers/{'c' * 64}/userdata"},
        {"/etc/machine-id": "", "/proc/sys/kernel/random/boot_id": "boot"},
    ]
    pins = set()
    for files in machines:
        patch.setattr(pin, "_read", lambda path, files=files: files.get(path, ""))
        pin.get_machine_id.cache_clear()
        pins.add(pin.get_pin_and_cookie_name(broken)[0])
    pin.get_machine_id.cache_clear()
    assert len(pins) == len(machines)


@row("CVE-2019-14322")
def _drives(patch: pytest.MonkeyPatch, folder: Path) -> None:
    client = Client(SharedDataMiddleware(NotFound(), {"/static": str(folder)}))
    patch.setattr(os, "name", "nt")
    assert client.get("/static/c:/windows/win.ini").status_code == 404


@row("CVE-2022-29361")
def _unread_bodies(patch: pytest.MonkeyPatch, folder: Path) -> None:
    asked: list[str] = []

    @Request.application
    def application(request: Request) -> Response:
        asked.append(request.path)
        return Response("seen")

    server = make_server("127.0.0.1", 0, application, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        hidden = b"GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n"
        head = b"POST /shown HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(hidden)
        with socket.create_connection(("127.0.0.1", server.port), timeout=5) as connection:
            connection.sendall(head + hidden)
            connection.shutdown(socket.SHUT_WR)
            received = connection.makefile("rb").read()
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert received.count(b"HTTP/1.1 200") == 1 and asked == ["/shown"]


@row("CVE-2023-23934")
def _nameless_cookies(patch: pytest.MonkeyPatch, folder: Path) -> None:
    assert dict(http.parse_cookie("=__Host-test=bad; a=b")) == {"a": "b"}


def form(body: bytes, **limits: Any) -> Any:
    """Read a multipart form."""
    environ = {
        "wsgi.input": io.BytesIO(body),
        "CONTENT_LENGTH": str(len(body)),
        "CONTENT_TYPE": "multipart/form-data; boundary=x",
    }
    return formparser.parse_form_data(environ, **limits)


FIELD = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n'


@row("CVE-2023-25577")
def _parts(patch: pytest.MonkeyPatch, folder: Path) -> None:
    part = FIELD + b"\r\n"
    assert len(form(part * 1000 + b"--x--", max_form_parts=1000)[1].getlist("a")) == 1000
    with pytest.raises(RequestEntityTooLarge, match="max_form_parts=1000"):
        form(part * 1001 + b"--x--", max_form_parts=1000)


@row("CVE-2023-46136")
def _line_breaks_first(patch: pytest.MonkeyPatch, folder: Path) -> None:
    # That time is linear in the length is proved in test_hostile_input.py; here, that all of it arrives.
    for lead in (b"\r", b"\n"):
        content = lead + b"a" * 2_000_000
        head = b'--x\r\nContent-Disposition: form-data; name="a"; filename="f"\r\n\r\n'
        file = form(head + content + b"\r\n--x--\r\n")[2]["a"]
        assert file.read() == content
        file.close()


@row("CVE-2024-34069")
def _debugger_hosts(patch: pytest.MonkeyPatch, folder: Path) -> None:
    patch.setattr("dray.wsgi_tools.debug.time.sleep", lambda seconds: None)
    application, client = debugger()
    for host, status in {"evil.com": 400, "localhost": 200, "x.localhost": 200, "127.0.0.1": 200}.items():
        assert page(client, host, "/console").status_code == status
        login = page(client, host, __debugger__="yes", cmd="pinauth", s=application.secret, pin="no")
        assert login.status_code == status
    for _ in range(pin.MAX_FAILURES):
        answer = page(client, __debugger__="yes", cmd="pinauth", s=application.secret, pin="no")
    assert json.loads(answer.text) == {"auth": False, "exhausted": True}


WINDOWS = {
    "CVE-2024-49766": ["//server/share/x", "c:/x", "\\\\x"],
    "CVE-2025-66221": ["CON", "con.txt", "AUX", "NUL", "COM1", "LPT9.x"],
    "CVE-2026-21860": ["CON.txt.html", "CON  ", "CON . txt", "CONIN$", "conout$", "COM\N{SUPERSCRIPT ONE}"],
    "CVE-2026-27199": ["b/CON", "example/NUL"],
    "GHSA-g6x2-hccm-hh4m": ["NUL:", "b/NUL:", "AUX::$DATA", "PRN:x"],
}


def _windows(names: list[str]) -> Row:
    def check(patch: pytest.MonkeyPatch, folder: Path) -> None:
        assert safe_join("/srv", "CON") == "/srv/CON"  # elsewhere it is a name like any other
        patch.setattr(os, "name", "nt")
        assert [safe_join("static", name) for name in names] == [None] * len(names)

    return check


for _id, _names in WINDOWS.items():
    row(_id)(_windows(_names))


@row("CVE-2024-49767")
def _field_size(patch: pytest.MonkeyPatch, folder: Path) -> None:
    end = b"\r\n--x--\r\n"
    assert len(form(FIELD + b"a" * 500_000 + end, max_form_memory_size=500_000)[1]["a"]) == 500_000
    for body in (FIELD + b"a" * 500_001 + end, FIELD + b"a" * 3_000_000):
        with pytest.raises(RequestEntityTooLarge, match="max_form_memory_size=500000"):
            form(body, max_form_memory_size=500_000)


@row("#3231")
def _quadratic_headers(patch: pytest.MonkeyPatch, folder: Path) -> None:
    # Linear time is proved in test_hostile_input.py for these and many more.
    assert http.parse_options_header('a; b="' + "\\" * 100_000) == ("a", {})
    assert http.parse_options_header("a" + ";" * 200_000) == ("a", {})
    assert not http.parse_etags('W/"' * 60_000).as_set(True) and not http.parse_etags(" " * 200_000).as_set(True)
    assert not http.parse_cookie('a="' + "\\" * 100_000)


@row("#3237")
def _many_digits(patch: pytest.MonkeyPatch, folder: Path) -> None:
    with pytest.raises(NotFound):
        Map([Rule("/<int:x>", endpoint="x")]).bind("ex.com").match("/" + "9" * 5000)


@row("#3236", "#3113")
def _hosts(patch: pytest.MonkeyPatch, folder: Path) -> None:
    for host in ("a.com:0", "a.com:99999", "a b", "a.com/x", "a@b", "évil.com"):
        assert get_host("http", host) == ""
        with pytest.raises(SecurityError) as error:
            get_host("http", host, trusted_hosts=["a.com"])
        assert error.value.code == 400


@row("#3248")
def _lax_base64(patch: pytest.MonkeyPatch, folder: Path) -> None:
    assert Authorization.from_header("Basic YTpi!!") is None


@row("#3255")
def _empty_suffix(patch: pytest.MonkeyPatch, folder: Path) -> None:
    assert http.parse_range_header("bytes=-0") is None


@row("#3253")
def _readinto(patch: pytest.MonkeyPatch, folder: Path) -> None:
    class Generous(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(-1)

        read1 = read

    buffer = bytearray(4)
    assert LimitedStream(Generous(b"x" * 100), 50).readinto(buffer) == 4 and len(buffer) == 4


@row("2.3: names and line breaks")
def _header_names(patch: pytest.MonkeyPatch, folder: Path) -> None:
    with pytest.raises(ValueError, match="line break"):
        Headers([("X", "a\r\nb:c")])

    seen: dict[str, Any] = {}

    def application(environ: Any, start: Any) -> list[bytes]:
        seen.update(environ)
        start("200 OK", [])
        return []

    server = make_server("127.0.0.1", 0, application)
    thread = threading.Thread(target=server.handle_request)
    thread.start()
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX_Foo: forged\r\nX-Bar: 1\r\n\r\n")
        with contextlib.suppress(ConnectionError):
            connection.recv(1000)
    thread.join()
    server.server_close()
    assert "HTTP_X_FOO" not in seen and seen["HTTP_X_BAR"] == "1"


@row("0.8.3: redirects")
def _redirect_body(patch: pytest.MonkeyPatch, folder: Path) -> None:
    response = redirect('"><script>')
    assert b"<script>" not in response.data and b"&lt;script&gt;" in response.data


@row("beyond: NUL in paths")
def _nul(patch: pytest.MonkeyPatch, folder: Path) -> None:
    assert safe_join("/srv", "a\0b") is None and safe_join("/srv", "\0") is None


@row("beyond: unrelated rules")
def _unrelated_rules(patch: pytest.MonkeyPatch, folder: Path) -> None:
    rules = [("/<a>/x", "r1"), ("/a/<x>", "r2"), ("/<path:p>", "r3")]
    others = [("/a/y", "o1"), ("/<a>/<b>/z", "o2"), ("/<int:n>/x", "o3"), ("/a/x/z", "o4")]
    paths = ["/a/x", "/b/x", "/a/q", "/q/q/q"]

    def found(pairs: list[tuple[str, str]]) -> list[str]:
        adapter = Map([Rule(text, endpoint=name) for text, name in pairs]).bind("ex.com")
        return [adapter.match(path)[0] for path in paths]

    for count in range(len(others) + 1):
        assert found([*rules, *others[:count]]) == found([*others[:count], *rules]) == found(rules)


@pytest.mark.parametrize("name", ROWS)
def test_advisory(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The input of the advisory gives what it must."""
    ROWS[name](monkeypatch, tmp_path)
