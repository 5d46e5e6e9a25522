"""Fixtures that all tests of the package share."""

from __future__ import annotations

import pytest

from dray.cli_kit.testing import CliRunner


@pytest.fixture
def runner():
    """Run commands in memory."""
    return CliRunner()


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch):
    """Keep the variables of the person who runs the tests away from them."""
    for name in ("PAGER", "LESS", "EDITOR", "VISUAL"):
        monkeypatch.delenv(name, raising=False)
