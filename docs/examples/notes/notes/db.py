"""The database: one SQLite file, one connection per request, closed when it ends."""

from __future__ import annotations

import os
import secrets
import sqlite3
from contextlib import closing
from pathlib import Path

from dray.framework import App, current_app, g

SCHEMA = """
CREATE TABLE IF NOT EXISTS user (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE COLLATE NOCASE,
    password TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS note (
    id INTEGER PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    changed TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX IF NOT EXISTS note_by_user ON note (user_id, changed DESC);
"""


def connection() -> sqlite3.Connection:
    """Give this context's connection; open it at the first use."""
    if "db" not in g:
        g.db = sqlite3.connect(current_app.config["DATABASE"])
        g.db.row_factory = sqlite3.Row
        g.db.execute("PRAGMA foreign_keys = ON")
    return g.db


def close(exception: BaseException | None) -> None:
    """Close the connection, if one was opened."""
    db = g.pop("db", None)
    if db is not None:
        db.close()


def init_db(app: App) -> bool:
    """Make the database file and the secret key, unless they are there: data is never overwritten.

    :return: whether the database was made now.
    :raises OSError: when the instance folder can't be written.
    """
    path = Path(app.config["DATABASE"])
    path.parent.mkdir(parents=True, exist_ok=True)
    is_new = not path.exists()
    try:
        with closing(sqlite3.connect(path)) as db:
            db.executescript(SCHEMA)
    except sqlite3.OperationalError as error:
        raise OSError(f"{error}: {path}") from error
    load_secret_key(app)
    return is_new


def load_secret_key(app: App) -> None:
    """Take the key that signs sessions from the instance folder; make one that only its owner can read first."""
    if app.secret_key:
        return
    path = Path(app.instance_path, "secret-key")
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        pass
    else:
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32))
    app.secret_key = path.read_text()


def init_app(app: App) -> None:
    """Close connections with their context; use the secret key if there is one."""
    app.teardown_appcontext(close)
    if not app.secret_key and Path(app.instance_path, "secret-key").exists():
        load_secret_key(app)
