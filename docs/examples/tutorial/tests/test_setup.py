"""The application is made, and its database and key are."""

from __future__ import annotations

import sqlite3

import pytest
from journal import create_app, database

from dray.framework import App


def test_settings():
    """Settings of tests go before those of the instance folder."""
    assert create_app({"TESTING": True}).testing
    assert not create_app().testing


def test_stylesheet(client):
    """The pages' stylesheet is served."""
    with client.get("/static/journal.css") as answer:
        assert answer.mimetype == "text/css"


def test_connection(app):
    """A context has one connection, which is closed with it."""
    with app.app_context():
        connection = database.connection()
        assert database.connection() is connection
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        connection.execute("SELECT 1")


def test_init_db(tmp_path, monkeypatch):
    """The command makes the tables and a key that the next application finds; the second time it keeps them."""
    monkeypatch.setattr(App, "auto_find_instance_path", lambda app: str(tmp_path / "instance"))
    app = create_app()
    assert app.secret_key is None
    output = app.test_cli_runner().invoke(args=["init-db"]).output
    assert "The database is ready." in output
    assert "A secret key is in" in output
    assert (tmp_path / "instance" / "settings.py").stat().st_mode & 0o077 == 0
    again = create_app()
    assert len(again.secret_key) == 64
    assert again.test_cli_runner().invoke(args=["init-db"]).output == "The database is ready.\n"
    assert "Nothing yet." in again.test_client().get("/").text
