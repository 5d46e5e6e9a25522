"""A journal that several people write: this module makes the application of its parts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dray.framework import App

from . import commands, database, entries, members


def create_app(settings: Mapping[str, Any] | None = None) -> App:
    """Make an application.

    :param settings: instead of those in the instance folder, for tests.
    """
    app = App(__name__, instance_relative_config=True)
    app.config.from_mapping(
        DATABASE=Path(app.instance_path, "journal.sqlite3"),
        MAX_CONTENT_LENGTH=100_000,
        SESSION_COOKIE_SAMESITE="Lax",  # forms on other sites don't bring the session along
    )
    if settings is None:
        app.config.from_pyfile("settings.py", silent=True)
    else:
        app.config.from_mapping(settings)
    app.teardown_appcontext(database.close)
    app.register_blueprint(members.blueprint)
    app.register_blueprint(entries.blueprint)
    app.cli.add_command(commands.init_db)
    return app
