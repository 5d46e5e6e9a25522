"""The database: one connection for each request that needs one. Knows nothing of members and entries."""

from __future__ import annotations

import sqlite3

from dray.framework import current_app, g


def connection() -> sqlite3.Connection:
    """Give this request's connection; the first call opens it."""
    if "database" not in g:
        # Under ASGI, worker threads may take turns at one request; never two at once.
        g.database = sqlite3.connect(current_app.config["DATABASE"], check_same_thread=False)
        g.database.row_factory = sqlite3.Row
        g.database.execute("PRAGMA foreign_keys = ON")
    return g.database


def close(error: BaseException | None = None) -> None:
    """Close the connection, if there is one."""
    if "database" in g:
        g.pop("database").close()


def create_tables() -> None:
    """Create the tables that aren't there yet."""
    with current_app.open_resource("schema.sql", "r") as file:
        connection().executescript(file.read())
