"""URLs, files, messages."""

from __future__ import annotations

from pathlib import Path

import pytest

from dray.framework import App, flash, get_flashed_messages, send_file, send_from_directory, url_for
from dray.framework.testing import AppClient
from dray.wsgi_tools.routing import BuildError

pytestmark = pytest.mark.usefixtures("gateway")


def test_urls_outside_of_a_request_need_a_server_name(app: App) -> None:
    """Without one the error says so; with one they are external."""
    app.add_url_rule("/x", "x", lambda: "")
    with app.app_context(), pytest.raises(RuntimeError, match="SERVER_NAME"):
        url_for("x")
    app.config.update(SERVER_NAME="example.com", PREFERRED_URL_SCHEME="https", APPLICATION_ROOT="/root")
    with app.app_context():
        assert url_for("x") == "https://example.com/root/x"
        assert url_for("x", _external=False) == "/root/x"


def test_a_scheme_makes_a_url_external(app: App) -> None:
    """And can't be had otherwise."""
    app.add_url_rule("/x", "x", lambda: "")
    with app.test_request_context():
        assert url_for("x", _scheme="https") == "https://localhost/x"
        with pytest.raises(ValueError, match="_external"):
            url_for("x", _scheme="https", _external=False)


def test_build_errors_ask_the_handlers(app: App) -> None:
    """The first answer counts; without one the error comes out."""
    app.url_build_error_handlers.append(lambda error, endpoint, values: None)  # type: ignore[arg-type, return-value]
    with app.test_request_context():
        with pytest.raises(BuildError):
            url_for("unknown")
        app.url_build_error_handlers.append(lambda error, endpoint, values: f"/found/{endpoint}/{values['x']}")
        assert url_for("unknown", x=1) == "/found/unknown/1"


def test_static_files_stay_in_their_folder(tmp_path: Path) -> None:
    """Whatever the path, nothing outside of the folder is sent."""
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "a.txt").write_text("inside")
    (tmp_path / "secret.txt").write_text("outside")
    client = App("x", root_path=str(tmp_path)).test_client()

    response = client.get("/static/a.txt")
    assert response.text == "inside"
    assert response.headers["Cache-Control"] == "no-cache"
    response.close()
    for path in ("../secret.txt", "..%5csecret.txt", "%2e%2e/secret.txt", "a.txt%00.html", "missing"):
        assert client.get(f"/static/{path}").status_code == 404


def test_send_file_follows_the_settings(app: App, tmp_path: Path) -> None:
    """The age from the settings, relative paths from the application's folder."""
    (tmp_path / "a.txt").write_text("content")
    app.root_path = str(tmp_path)
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 60
    with app.test_request_context():
        for response in (send_file("a.txt"), send_from_directory(".", "a.txt")):
            response.direct_passthrough = False
            assert response.cache_control.max_age == 60
            assert response.get_data(as_text=True) == "content"
            response.close()


def test_flashed_messages_are_shown_once(app: App, client: AppClient) -> None:
    """In one request they can be asked for again; in the next they are gone."""
    app.add_url_rule("/flash", "flash", lambda: flash("a", "error") or flash("b") or "")
    app.add_url_rule("/show", "show", lambda: [get_flashed_messages(with_categories=True), get_flashed_messages()])
    client.get("/flash")

    assert client.get("/show").json == [[["error", "a"], ["message", "b"]], ["a", "b"]]
    assert client.get("/show").json == [[], []]
