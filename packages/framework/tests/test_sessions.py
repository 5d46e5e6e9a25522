"""Sessions: signed, rotated, and never cached for somebody else."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import flask
import pytest

from dray.framework import App, session
from dray.framework.sessions import (
    EncryptedSessionInterface,
    SecureCookieSession,
    SecureCookieSessionInterface,
    SessionInterface,
)
from dray.framework.testing import AppClient
from dray.signing import URLSafeTimedSerializer

pytestmark = pytest.mark.usefixtures("gateway")

READS: dict[str, Callable[[], Any]] = {
    "in": lambda: "a" in session,
    "len": lambda: len(session),
    "bool": lambda: bool(session),
    "iterate": lambda: list(session),
    "get": lambda: session.get("a"),
    "item": lambda: session["a"],
    "items": lambda: list(session.items()),
    "keys": lambda: list(session.keys()),
    "values": lambda: list(session.values()),
    "copy": lambda: session.copy(),  # type: ignore[attr-defined]
    "equal": lambda: session == {},
    "setdefault": lambda: session.setdefault("a", 1),
}


@pytest.mark.parametrize("how", READS)
def test_every_read_tells_caches(app: App, client: AppClient, how: str) -> None:
    """CVE-2026-27205: a response that depends on the session says so."""
    app.add_url_rule("/", "index", lambda: str(READS[how]()))
    app.add_url_rule("/untouched", "untouched", lambda: "")
    with client.session_transaction() as stored:
        stored["a"] = 1

    assert client.get("/").headers["Vary"] == "Cookie"
    assert "Vary" not in client.get("/untouched").headers


def test_a_refreshed_permanent_session_tells_caches(app: App, client: AppClient) -> None:
    """CVE-2023-30861: the cookie is set again, so the response is this client's alone."""
    app.add_url_rule("/", "index", lambda: "")
    with client.session_transaction() as stored:
        stored["a"] = 1
        stored.permanent = True
    response = client.get("/")

    assert response.headers["Vary"] == "Cookie"
    assert "Expires=" in response.headers["Set-Cookie"]


def test_the_current_key_signs_and_old_ones_verify() -> None:
    """CVE-2025-47278: never sign with a key that is being retired."""
    interface = SecureCookieSessionInterface()

    def serializer(key: str, *fallbacks: str) -> Any:
        app = App("framework_tests", root_path="/nowhere")
        app.config.update(SECRET_KEY=key, SECRET_KEY_FALLBACKS=list(fallbacks))
        return interface.get_signing_serializer(app)

    rotating = serializer("new", "old", "older")

    assert serializer("new").loads(rotating.dumps({"a": 1})) == {"a": 1}
    for key in ("old", "older"):
        assert rotating.loads(serializer(key).dumps({"a": 1})) == {"a": 1}
        with pytest.raises(Exception, match="does not match"):
            serializer(key).loads(rotating.dumps({"a": 1}))


@pytest.mark.parametrize("kind", [SecureCookieSessionInterface, EncryptedSessionInterface])
def test_a_cookie_of_an_older_key_is_signed_anew(app: App, kind: type[SecureCookieSessionInterface]) -> None:
    """When it is read, so that the older key can go; one of the current key is left alone."""
    app.session_interface = kind()
    app.add_url_rule("/", "index", lambda: str(session.get("a")))
    app.secret_key = "older"
    client = app.test_client()
    with client.session_transaction() as stored:
        stored["a"] = 1
    app.config.update(SECRET_KEY="current", SECRET_KEY_FALLBACKS=["oldest", "older"])
    first, second = client.get("/"), client.get("/")
    app.config["SECRET_KEY_FALLBACKS"] = None

    assert (first.text, second.text, client.get("/").text) == ("1", "1", "1")
    assert "Set-Cookie" in first.headers
    assert first.headers["Vary"] == "Cookie"
    assert "Set-Cookie" not in second.headers


def test_an_encrypted_session_is_not_readable(app: App, client: AppClient) -> None:
    """Nor can it be changed, nor is a signed one taken for it."""
    app.session_interface = EncryptedSessionInterface()
    app.add_url_rule("/", "index", lambda: str(session.get("word")))
    app.add_url_rule("/set", "set", lambda: session.update(word="s3cret" * 10) or "")
    client.get("/set")
    cookie = client.get_cookie("session")
    assert cookie is not None
    value = cookie.value

    assert client.get("/").text == "s3cret" * 10
    assert b"s3cret" not in base64.urlsafe_b64decode(value + "==")
    for place in (0, len(value) // 2, len(value) - 2):
        flipped = "A" if value[place] != "A" else "B"
        client.set_cookie("session", value[:place] + flipped + value[place + 1 :])
        assert client.get("/").text == "None"
    signed = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signed is not None
    client.set_cookie("session", signed.dumps({"word": "signed"}))
    assert client.get("/").text == "None"


def test_an_encrypted_session_expires(app: App, client: AppClient) -> None:
    """As a signed one does."""
    app.session_interface = EncryptedSessionInterface()
    app.add_url_rule("/", "index", lambda: str(session.get("a")))
    with client.session_transaction() as stored:
        stored["a"] = 1
    assert client.get("/").text == "1"
    app.permanent_session_lifetime = timedelta(seconds=-1)
    assert client.get("/").text == "None"


def test_an_interface_with_its_own_serializer(app: App, client: AppClient) -> None:
    """It may be replaced by overriding the documented method."""

    class Interface(SecureCookieSessionInterface):
        def get_signing_serializer(self, app: App) -> Any:
            return URLSafeTimedSerializer("another key", salt="another salt")

    app.session_interface = Interface()
    app.config["SECRET_KEY_FALLBACKS"] = ["older"]
    app.add_url_rule("/", "index", lambda: str(session.setdefault("a", 5)))

    assert [client.get("/").text, client.get("/").text] == ["5", "5"]


def test_cookies_are_readable_both_ways(app: App) -> None:
    """A session survives the move from the reference and back, values of all tagged types included."""
    import datetime
    import uuid

    import markupsafe

    theirs = flask.Flask("x")
    theirs.secret_key = app.secret_key
    content = {
        "text": "é", "tuple": (1, (2,)), "bytes": b"\x00", "uuid": uuid.UUID(int=5), "markup": markupsafe.Markup("<b>"),
        "date": datetime.datetime(2020, 1, 2, tzinfo=datetime.UTC), "dict": {" t": [1]}, "list": [{"a": ()}],
    }  # fmt: skip
    ours_serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    theirs_serializer = theirs.session_interface.get_signing_serializer(theirs)
    assert ours_serializer is not None and theirs_serializer is not None

    assert ours_serializer.loads(theirs_serializer.dumps(content)) == content
    assert theirs_serializer.loads(ours_serializer.dumps(content)) == content


def test_a_forged_or_expired_cookie_is_an_empty_session(app: App, client: AppClient) -> None:
    """Nothing is raised; nobody is logged in."""
    app.add_url_rule("/", "index", lambda: str(dict(session)))
    app.permanent_session_lifetime = timedelta(seconds=-1)
    with client.session_transaction() as stored:
        stored["a"] = 1

    assert client.get("/").text == "{}"

    client.set_cookie("session", "forged")

    assert client.get("/").text == "{}"


def test_without_a_key_writing_says_what_is_missing(app: App, client: AppClient) -> None:
    """Reading gives an empty session."""
    app.secret_key = None
    app.add_url_rule("/read", "read", lambda: str(session.get("a")))
    app.add_url_rule("/write", "write", lambda: session.update(a=1))

    assert client.get("/read").text == "None"
    with pytest.raises(RuntimeError, match="no secret key was set"):
        client.get("/write")


def test_defaults_of_the_cookie(app: App, client: AppClient) -> None:
    """HttpOnly, for this host only, at the application's root."""
    app.add_url_rule("/", "index", lambda: session.update(a=1) or "")
    cookie = client.get("/").headers["Set-Cookie"]

    assert cookie.endswith("; HttpOnly; Path=/")
    assert "Domain" not in cookie


def test_another_interface_opens_before_the_hooks(app: App, client: AppClient) -> None:
    """A store opens the session when the request begins and saves it when it ends, whoever touches it."""
    log: list[str] = []

    class Store(SessionInterface):
        def open_session(self, app: Any, request: Any) -> Any:
            log.append("open")
            return SecureCookieSession({"from": "store"})

        def save_session(self, app: Any, session: Any, response: Any) -> None:
            log.append("save")

    app.session_interface = Store()
    app.before_request(lambda: log.append("before"))
    app.add_url_rule("/", "index", lambda: "")
    client.get("/")
    client.get("/")

    assert log[-3:] == ["open", "before", "save"]


def test_session_transaction_changes_what_the_view_sees(app: App, client: AppClient) -> None:
    """A test sets the session, and reads what a view left in it."""
    app.add_url_rule("/", "index", lambda: session.update(n=session["n"] + 1) or "")
    with client.session_transaction() as stored:
        stored["n"] = 1
    client.get("/")
    with client.session_transaction() as stored:
        assert stored["n"] == 2
