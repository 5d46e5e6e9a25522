"""What tests need: an application on a database of its own, and clients on both gateways."""

from __future__ import annotations

import pytest
from journal import create_app, database


@pytest.fixture
def app(tmp_path):
    """Make an application with empty tables."""
    app = create_app({"TESTING": True, "SECRET_KEY": "test", "DATABASE": tmp_path / "test.sqlite3"})
    with app.app_context():
        database.create_tables()
    return app


@pytest.fixture(params=["wsgi", "asgi"])
def gateway(request):
    """Name a gateway: what uses it runs on each."""
    return request.param


@pytest.fixture
def client(app, gateway):
    """Give a visitor's client."""
    return app.test_client(gateway=gateway)


@pytest.fixture
def member(app, gateway):
    """Give a function that makes a member, logs in, and gives the client."""

    def make(name, password="long enough"):
        client = app.test_client(gateway=gateway)
        client.post("/members/join", data={"name": name, "password": password})
        assert client.post("/members/login", data={"name": name, "password": password}).status_code == 303
        return client

    return make
