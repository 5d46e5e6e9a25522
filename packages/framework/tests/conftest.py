"""What the tests of the framework share."""

from __future__ import annotations

import pytest

from dray.framework import App
from dray.framework.testing import AppClient


@pytest.fixture
def app() -> App:
    """Make an application under test, with a secret key."""
    app = App("framework_tests", root_path="/nowhere")
    app.config.update(TESTING=True, SECRET_KEY="test")
    return app


@pytest.fixture
def client(app: App) -> AppClient:
    """Make a client of the application."""
    return app.test_client()


@pytest.fixture(params=["wsgi", "asgi"])
def gateway(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run a test on both gateways: every client that it makes uses the one of the turn."""
    monkeypatch.setattr(AppClient, "gateway", request.param)
    return str(request.param)
