"""Settings, from everywhere."""

from __future__ import annotations

import json
import os
import tomllib
from pathlib import Path

import pytest

from dray.framework import App, Config


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """Make settings whose files are in a folder of their own."""
    return Config(tmp_path, {"A": 1})


def test_only_capitals_count(config: Config) -> None:
    """Other names are the file's own."""

    class Object:
        X = 1
        y = 2

    config.from_object(Object)
    config.from_mapping({"P": 1, "q": 2}, R=3, s=4)

    assert config == {"A": 1, "X": 1, "P": 1, "R": 3}


def test_from_files(config: Config, tmp_path: Path) -> None:
    """Python, JSON and TOML; what is missing is an error, or silent if asked for."""
    (tmp_path / "c.py").write_text("X = 1 + 1\ny = 2\nFILE = __file__\n")
    (tmp_path / "c.json").write_text('{"J": [1]}')
    (tmp_path / "c.toml").write_text("T = 2020-01-01\n")

    assert config.from_pyfile("c.py")
    assert config.from_file("c.json", json.load)
    assert config.from_file("c.toml", tomllib.load, text=False)
    assert (config["X"], config["J"], config["T"].year) == (2, [1], 2020)
    assert config["FILE"] == str(tmp_path / "c.py")
    assert config.from_pyfile("missing.py", silent=True) is False
    assert config.from_file("missing.json", json.load, silent=True) is False
    with pytest.raises(FileNotFoundError, match="Unable to load configuration file"):
        config.from_pyfile("missing.py")


def test_from_envvar(config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable names the file."""
    (tmp_path / "c.py").write_text("X = 1\n")
    monkeypatch.setenv("SETTINGS", str(tmp_path / "c.py"))

    assert config.from_envvar("SETTINGS")
    assert config["X"] == 1
    assert config.from_envvar("UNSET_SETTINGS", silent=True) is False
    with pytest.raises(RuntimeError, match="UNSET_SETTINGS"):
        config.from_envvar("UNSET_SETTINGS")


def test_from_prefixed_env(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    """Values are JSON where they can be; two underscores go a dict deeper."""
    for name in [name for name in os.environ if name.startswith("DRAY_")]:
        monkeypatch.delenv(name)
    for name, value in {"DRAY_N": "5", "DRAY_S": "text", "DRAY_L": "[1]", "DRAY_D__a__b": "true", "OTHER": "1"}.items():
        monkeypatch.setenv(name, value)
    config.from_prefixed_env()

    assert config == {"A": 1, "N": 5, "S": "text", "L": [1], "D": {"a": {"b": True}}}


def test_get_namespace(config: Config) -> None:
    """The settings of one library."""
    config.from_mapping(MAIL_HOST="h", MAIL_PORT=1)

    assert config.get_namespace("MAIL_") == {"host": "h", "port": 1}
    assert config.get_namespace("MAIL_", lowercase=False, trim_namespace=False) == {"MAIL_HOST": "h", "MAIL_PORT": 1}


def test_attributes_of_the_application_are_settings(app: App) -> None:
    """Both ways."""
    app.secret_key = "s"
    app.config["PERMANENT_SESSION_LIFETIME"] = 60

    assert app.config["SECRET_KEY"] == "s"
    assert app.permanent_session_lifetime.total_seconds() == 60
