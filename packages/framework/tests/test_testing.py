"""The test client itself."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from dray.framework import App, g, has_request_context, request
from dray.framework.testing import AppClient, EnvironBuilder

pytestmark = pytest.mark.usefixtures("gateway")


def test_a_client_in_a_with_block_keeps_the_last_context(app: App) -> None:
    """Until the next request, or the end of the block. It is torn down when it is over, and again when it is let go."""
    log: list[str] = []
    app.teardown_request(lambda exc: log.append(request.path))
    app.add_url_rule("/<x>", "x", lambda x: setattr(g, "x", x) or x)
    with app.test_client() as client:
        client.get("/1")
        assert (request.path, g.x, log) == ("/1", "1", ["/1"])
        client.get("/2")
        assert (request.path, g.x, log) == ("/2", "2", ["/1", "/1", "/2"])
    assert log == ["/1", "/1", "/2", "/2"]
    assert not has_request_context()


def test_blocks_of_one_client_do_not_nest(app: App) -> None:
    """It could keep only one context."""
    with app.test_client() as client, pytest.raises(RuntimeError, match="Cannot nest"):
        client.__enter__()


def test_requests_start_with_the_settings_of_the_application(app: App) -> None:
    """Host, scheme and root of the settings are those of the request."""
    app.config.update(SERVER_NAME="example.com", APPLICATION_ROOT="/root", PREFERRED_URL_SCHEME="https")

    assert EnvironBuilder(app, "/x?a=1").get_request().url == "https://example.com/root/x?a=1"
    assert EnvironBuilder(app, "/x", subdomain="s").get_request().url == "https://s.example.com/root/x"
    assert EnvironBuilder(app, "http://other.org/x").get_request().url == "http://other.org/root/x"
    with pytest.raises(TypeError, match="either base_url"):
        EnvironBuilder(app, base_url="http://a", subdomain="s")


def test_exceptions_come_out_while_testing(app: App, client: AppClient) -> None:
    """A test sees the error, not a page about it."""
    app.add_url_rule("/", "index", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        client.get("/")


def test_a_client_without_cookies_has_no_session(app: App) -> None:
    """The error says why."""
    client = app.test_client(use_cookies=False)
    with pytest.raises(TypeError, match="Cookies are disabled"), client.session_transaction():
        pass


def test_gateway_of_the_environment() -> None:
    """A variable says for all clients of a run which gateway they use; another word than the two is refused."""
    program = """
import dray.framework
app = dray.framework.App("app")
app.route("/")(lambda: "asgi" if "asgi.scope" in dray.framework.request.environ else "wsgi")
print(app.test_client().get("/").text)
"""
    command = [sys.executable, "-c", program]
    for value, expected in (
        ({}, "wsgi"),
        ({"DRAY_TEST_GATEWAY": "wsgi"}, "wsgi"),
        ({"DRAY_TEST_GATEWAY": "asgi"}, "asgi"),
    ):
        result = subprocess.run(command, env={**os.environ, **value}, capture_output=True, text=True, check=True)
        assert result.stdout == f"{expected}\n"
    wrong = {**os.environ, "DRAY_TEST_GATEWAY": "cgi"}
    result = subprocess.run(command, env=wrong, capture_output=True, text=True, check=False)
    assert "through the gateway 'wsgi' or 'asgi', not 'cgi'." in result.stderr
