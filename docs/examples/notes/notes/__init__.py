"""An application that keeps notes: this module puts it together."""

from __future__ import annotations

from typing import Any

from dray.framework import App

from . import api, auth, cli, db, errors, pages, text


def create_app(config: dict[str, Any] | None = None) -> App:
    """Make the application.

    :param config: settings that go before those here, for tests.
    """
    app = App(__name__, instance_relative_config=True)
    app.config.update(
        SESSION_COOKIE_SAMESITE="Lax",  # a form on another site doesn't send the session along
        MAX_CONTENT_LENGTH=1_000_000,
        DATABASE=f"{app.instance_path}/notes.sqlite3",
    )
    app.config.from_prefixed_env("NOTES")
    app.config.update(config or {})
    for part in (db, auth, pages, api, errors, cli):
        part.init_app(app)
    app.add_template_filter(text.to_html, "note")
    return app
