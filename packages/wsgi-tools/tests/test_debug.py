"""The debugger as middleware: the page, the login, the commands, and who may use them."""

from __future__ import annotations

import contextlib
import io
import json
import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest

from dray.wsgi_tools.debug import DebuggedApplication, pin
from dray.wsgi_tools.test import Client, create_environ


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wrong logins aren't slowed down in tests."""
    monkeypatch.setattr("dray.wsgi_tools.debug.time.sleep", lambda seconds: None)
    monkeypatch.delenv("WERKZEUG_DEBUG_PIN", raising=False)


def fail(environ: Any, start: Any) -> Any:
    """Fail with text that would like to be HTML."""
    secret_value = "local <b>variable</b>"
    raise ValueError("--><script>alert(1)</script>", len(secret_value))


def make(app: Any = fail, **options: Any) -> tuple[DebuggedApplication, Client]:
    """Make a debugger and a client of it."""
    debugger = DebuggedApplication(app, **{"evalex": True, "pin_logging": False, **options})
    return debugger, Client(debugger)


def get(client: Client, *, host: str = "localhost", **query: Any) -> Any:
    """Send a request of the debugger's page."""
    return client.get(
        "/", base_url=f"http://{host}", query_string={"__debugger__": "yes", **query}, errors_stream=io.StringIO()
    )


def log_in(debugger: DebuggedApplication, client: Client) -> None:
    """Log in with the PIN."""
    answer = get(client, cmd="pinauth", s=debugger.secret, pin=debugger.pin)
    assert json.loads(answer.text) == {"auth": True, "exhausted": False}


def frame_of(debugger: DebuggedApplication, client: Client) -> int:
    """Make an error and return its last frame."""
    client.get("/", errors_stream=io.StringIO())
    return list(debugger.frames)[-1]


def test_cve_2016_10516_nothing_of_the_error_is_markup() -> None:
    """Whatever an exception says is escaped wherever the page shows it, and there is no comment to break out of."""
    _, client = make()
    errors = io.StringIO()
    response = client.get("/", errors_stream=errors)
    assert response.status_code == 500 and response.content_type == "text/html; charset=utf-8"
    assert "<script>alert" not in response.text and "<!--" not in response.text and "-->" not in response.text
    assert "ValueError" in response.text and "secret_value" in response.text
    assert "ValueError: ('--><script>alert(1)</script>', 21)" in errors.getvalue()


def test_the_page_depends_on_nothing_and_lets_nothing_in() -> None:
    """Style and script are the debugger's own, and the policy allows nothing else."""
    _, client = make()
    response = client.get("/", errors_stream=io.StringIO())
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
    assert response.headers["Cache-Control"] == "no-store"
    assert not re.search(r"""(?:src|href)="?(?:https?:)?//""", response.text) and "<script>" not in response.text
    for name, kind in (("debugger.css", "text/css"), ("debugger.js", "javascript")):
        resource = get(client, cmd="resource", f=name)
        assert kind in resource.content_type and len(resource.data) > 1000
        assert not re.search(r"https?://", resource.text)
    for name in ("../pin.py", "nope", "/etc/passwd"):
        assert get(client, cmd="resource", f=name).status_code == 404


def test_errors_are_unlike_without_console() -> None:
    """With evalex off there is no secret on the page and no command is run."""
    debugger, client = make(evalex=False)
    response = client.get("/", errors_stream=io.StringIO())
    assert 'data-evalex="false"' in response.text and debugger.secret not in response.text
    log_in(debugger, client)
    assert get(client, cmd="1+1", frm=frame_of(debugger, client), s=debugger.secret).status_code == 500
    assert client.get("/console", errors_stream=io.StringIO()).status_code == 500


def test_commands_run_in_a_frame() -> None:
    """After the login a frame's console knows its variables, and shows them."""
    debugger, client = make()
    log_in(debugger, client)
    frame = frame_of(debugger, client)
    answer = get(client, cmd="secret_value.upper()", frm=frame, s=debugger.secret)
    assert "&lt;B&gt;VARIABLE&lt;/B&gt;" in answer.text and "<b>" not in answer.text.lower()
    shown = get(client, do="locals", frm=frame, s=debugger.secret)
    assert "<th>secret_value" in shown.text and "local &lt;b&gt;" in shown.text


@pytest.mark.parametrize("missing", ["secret", "login", "frame"])
def test_commands_need_everything(missing: str) -> None:
    """Without the page's secret, the login, or a known frame nothing runs."""
    debugger, client = make()
    if missing != "login":
        log_in(debugger, client)
    frame = 12345 if missing == "frame" else frame_of(debugger, client)
    secret = "wrong" if missing == "secret" else debugger.secret
    for query in ({"cmd": "'ran' * 2"}, {"do": "locals"}):
        answer = get(client, frm=frame, s=secret, **query)
        assert answer.status_code == 500 and "ranran" not in answer.text


class TestCve202434069:
    """Pages elsewhere can't reach the debugger by a name of their own for this machine."""

    @pytest.mark.parametrize("host", ["evil.com", "localhost.evil.com", "127.0.0.2", "xlocalhost"])
    def test_other_hosts_are_refused(self, host: str) -> None:
        """Login, console and commands are a 400 for names that aren't trusted."""
        debugger, client = make()
        assert get(client, host=host, cmd="pinauth", s=debugger.secret, pin=debugger.pin).status_code == 400
        assert get(client, host=host, cmd="printpin", s=debugger.secret).status_code == 400
        assert client.get("/console", base_url=f"http://{host}").status_code == 400
        page = client.get("/", base_url=f"http://{host}", errors_stream=io.StringIO())
        assert page.status_code == 500 and debugger.secret not in page.text
        log_in(debugger, client)
        cookie = {"Cookie": f"{debugger.pin_cookie_name}={pin.cookie_value(debugger.pin or '', 2**33)}"}
        frame = frame_of(debugger, client)
        plain = Client(debugger, use_cookies=False)
        for query in ({"cmd": "1"}, {"do": "locals"}):
            answer = plain.get(
                "/",
                base_url=f"http://{host}",
                query_string={"__debugger__": "yes", "frm": frame, "s": debugger.secret, **query},
                headers=cookie,
            )
            assert answer.status_code == 400

    @pytest.mark.parametrize("host", ["localhost", "x.localhost", "127.0.0.1", "127.0.0.1:5000"])
    def test_trusted_hosts(self, host: str) -> None:
        """Loopback names are trusted."""
        _, client = make()
        assert client.get("/console", base_url=f"http://{host}").status_code == 200

    def test_wrong_pins_are_limited(self) -> None:
        """After ten wrong PINs the right one doesn't help any more."""
        debugger, client = make()
        answers = [
            json.loads(get(client, cmd="pinauth", s=debugger.secret, pin="000").text)
            for _ in range(pin.MAX_FAILURES + 1)
        ]
        assert [answer["exhausted"] for answer in answers] == [False] * pin.MAX_FAILURES + [True]
        answer = get(client, cmd="pinauth", s=debugger.secret, pin=debugger.pin)
        assert json.loads(answer.text) == {"auth": False, "exhausted": True}


def test_login_by_token_and_cookie() -> None:
    """The token of this run logs in as the PIN does; the cookie is closed to scripts and other sites."""
    debugger, client = make()
    answer = get(client, cmd="pinauth", s=debugger.secret, pin=debugger.token)
    assert json.loads(answer.text)["auth"]
    header = answer.headers["Set-Cookie"]
    assert "HttpOnly" in header and "SameSite=Strict" in header
    assert json.loads(get(client, cmd="pinauth", s=debugger.secret).text)["auth"]


def test_cookie_of_another_pin_is_removed() -> None:
    """A login for an earlier PIN doesn't count, and is deleted."""
    debugger, client = make()
    client.set_cookie(debugger.pin_cookie_name, pin.cookie_value("other", 2**33))
    assert debugger.check_pin_trust(create_environ(headers={"Cookie": f"{debugger.pin_cookie_name}=x|y"})) is False
    answer = get(client, cmd="pinauth", s=debugger.secret, pin=debugger.pin)
    assert json.loads(answer.text)["auth"] is False and client.get_cookie(debugger.pin_cookie_name) is None


def test_without_pin(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """The login can be switched off, which is said loudly."""
    debugger, client = make(pin_security=False)
    assert debugger.pin is None and debugger.check_pin_trust({})
    assert "2" in get(client, cmd="1+1", frm=frame_of(debugger, client), s=debugger.secret).text
    monkeypatch.setenv("WERKZEUG_DEBUG_PIN", "off")
    with caplog.at_level(logging.INFO):
        make(pin_logging=True)
    assert "DEBUGGER UNSECURED" in caplog.text


def test_pin_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """PIN and token are printed at the start, and again when a login is wanted."""
    with caplog.at_level(logging.INFO):
        debugger, client = make(pin_logging=True)
        get(client, cmd="printpin", s=debugger.secret)
    assert caplog.text.count(f"Debugger PIN: {debugger.pin}") == 2 and caplog.text.count(debugger.token) == 2


def test_console_page() -> None:
    """The console without an error has the application and what the function gives."""
    debugger, client = make(console_init_func=lambda: {"given": 41})
    page = client.get("/console")
    assert page.status_code == 200 and "Interactive console" in page.text
    log_in(debugger, client)
    assert "42" in get(client, cmd="given + 1", frm=0, s=debugger.secret).text
    assert "fail" in get(client, cmd="app", frm=0, s=debugger.secret).text


def test_contexts_are_entered_for_commands() -> None:
    """What the application preserves is around each command."""
    steps: list[str] = []

    @contextlib.contextmanager
    def context() -> Iterator[None]:
        steps.append("in")
        yield
        steps.append("out")

    def app(environ: Any, start: Any) -> Any:
        environ["werkzeug.debug.preserve_context"](context())
        raise ValueError

    debugger, client = make(app)
    log_in(debugger, client)
    get(client, cmd="1", frm=frame_of(debugger, client), s=debugger.secret)
    assert steps == ["in", "out"]


def test_errors_after_the_start_of_the_response() -> None:
    """A page replaces headers that weren't sent; after that, the error is only written to the log."""

    def app(environ: Any, start: Any) -> Any:
        start("200 OK", [("X-App", "y")])
        yield b""
        raise ValueError("late")

    _, client = make(app)
    calls: list[Any] = []

    def start(status: str, headers: Any, exc_info: Any = None) -> Any:
        if exc_info and len(calls) > 5:
            raise exc_info[1]
        calls.append((status, exc_info is not None))

    debugger = make(app)[0]
    errors = io.StringIO()
    body = b"".join(debugger(create_environ(errors_stream=errors), start))
    assert calls == [("200 OK", False), ("500 INTERNAL SERVER ERROR", True)] and b"late" in body
    calls.extend([None] * 10)
    assert b"".join(debugger(create_environ(errors_stream=errors), start)) == b""
    assert "can't be shown as a page" in errors.getvalue()


def test_bodies_are_closed() -> None:
    """The application's body is closed, with and without an error."""

    class Body:
        closed = 0

        def __init__(self, error: bool) -> None:
            self.error = error

        def __iter__(self) -> Iterator[bytes]:
            yield b"x"
            if self.error:
                raise ValueError

        def close(self) -> None:
            Body.closed += 1

    for error in (False, True):
        app = lambda environ, start, error=error: [start("200 OK", []), Body(error)][1]  # noqa: E731
        b"".join(make(app)[0](create_environ(errors_stream=io.StringIO()), lambda *args: lambda data: None))
    assert Body.closed == 2
    iterable = make(lambda environ, start: [start("200 OK", []), Body(False)][1])[0](
        create_environ(), lambda *args: lambda data: None
    )
    next(iter(iterable))
    iterable.close()  # type: ignore[attr-defined]
    assert Body.closed == 3


def test_frames_of_old_errors_are_forgotten() -> None:
    """The number of kept errors is bounded."""
    debugger, client = make()
    for _ in range(50):
        client.get("/", errors_stream=io.StringIO())
    assert len(debugger.frames) <= 20 * 3 and len(debugger.frame_contexts) == len(debugger.frames)
