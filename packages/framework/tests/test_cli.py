"""The command line: finding the application, and the commands that every application has."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from dray.cli_kit.testing import CliRunner
from dray.framework import App, current_app
from dray.framework.cli import (
    AppGroup,
    DrayGroup,
    NoAppException,
    ScriptInfo,
    cli,
    find_app_by_string,
    find_best_app,
    prepare_import,
)


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what commands set out of the other tests."""
    for name in [name for name in os.environ if name.startswith("DRAY_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("DRAY_RUN_FROM_CLI", "false")
    monkeypatch.setenv("DRAY_DEBUG", "0")
    monkeypatch.setattr(sys, "path", list(sys.path))
    for name in ("wsgi", "app"):
        monkeypatch.delitem(sys.modules, name, raising=False)


def module(**names: Any) -> ModuleType:
    made = ModuleType("m")
    vars(made).update(names)
    return made


def make(*args: Any, **kwargs: Any) -> App:
    app = App("made")
    app.config.update(ARGS=args, KWARGS=kwargs)
    return app


@pytest.mark.parametrize("name", ["app", "application", "anything"])
def test_the_application_in_a_module_is_found(name: str) -> None:
    """By the usual names, or because it is the only one."""
    app = App("x")

    assert find_best_app(module(**{name: app})) is app


@pytest.mark.parametrize("name", ["create_app", "make_app"])
def test_a_factory_in_a_module_is_called(name: str) -> None:
    """If it needs no arguments."""

    def factory(debug: bool = False) -> App:
        return App("made")

    assert find_best_app(module(**{name: factory})).name == "made"


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ({}, "Failed to find an application"),
        ({"a": App("a"), "b": App("b")}, "Detected multiple applications"),
        ({"create_app": lambda x: App("a")}, "could not call it without arguments"),
        ({"create_app": lambda: 5}, "returned 'int'"),
    ],
)
def test_no_application_is_explained(names: dict[str, Any], message: str) -> None:
    """What was found, and how to say which one."""
    with pytest.raises(NoAppException, match=message):
        find_best_app(module(**names))


def test_an_error_inside_a_factory_is_its_own() -> None:
    """A TypeError in the factory isn't taken for wrong arguments."""

    def create_app() -> App:
        raise TypeError("inside")

    with pytest.raises(TypeError, match="inside"):
        find_best_app(module(create_app=create_app))


@pytest.mark.parametrize(
    ("text", "args", "kwargs"),
    [
        ("make", (), {}),
        ("make()", (), {}),
        (' make("a", 1, x=[1, {"b": None}]) ', ("a", 1), {"x": [1, {"b": None}]}),
    ],
)
def test_an_application_by_name_and_arguments(text: str, args: Any, kwargs: Any) -> None:
    """A factory gets the literals in parentheses."""
    app = find_app_by_string(module(make=make), text)

    assert (app.config["ARGS"], app.config["KWARGS"]) == (args, kwargs)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("missing", "Failed to find attribute"),
        ("make(", "Failed to parse"),
        ("make + 1", "Failed to parse"),
        ("a.b()", "must be a simple name"),
        ("make(name)", "literal values"),
        ("number", "A valid application was not obtained"),
        ("two(1)", "could not be called with the specified arguments"),
    ],
)
def test_a_wrong_name_is_explained(text: str, message: str) -> None:
    """One sentence, no traceback."""
    with pytest.raises(NoAppException, match=message):
        find_app_by_string(module(make=make, number=5, two=lambda a, b: None), text)


def test_files_become_importable(tmp_path: Path) -> None:
    """The folder above the top package goes on the path."""
    inner = tmp_path / "top" / "inner"
    inner.mkdir(parents=True)
    (tmp_path / "top" / "__init__.py").touch()
    (inner / "__init__.py").touch()
    (inner / "mod.py").touch()

    assert prepare_import(str(inner / "mod.py")) == "top.inner.mod"
    assert prepare_import(str(inner / "__init__.py")) == "top.inner"
    assert prepare_import(str(tmp_path / "single.py")) == "single"
    assert sys.path[0] == str(tmp_path)


def test_script_info_loads_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From a file in the working folder, a path, or a factory."""
    (tmp_path / "wsgi.py").write_text("from dray.framework import App\napp = App('from_wsgi')\n")
    (tmp_path / "hello_cli.py").write_text("from dray.framework import App\ndef f(x): return App(x)\n")
    monkeypatch.chdir(tmp_path)
    info = ScriptInfo()

    assert info.load_app().name == "from_wsgi"
    assert info.load_app() is info.load_app()
    assert ScriptInfo("hello_cli:f('named')").load_app().name == "named"
    assert ScriptInfo(create_app=lambda: App("factory")).load_app().name == "factory"
    with pytest.raises(NoAppException, match="Could not import 'nowhere'"):
        ScriptInfo("nowhere").load_app()


def test_a_failing_import_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The help names what is wrong and still lists the commands."""
    (tmp_path / "broken_cli.py").write_text("import does_not_exist_at_all\n")
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(cli, ["--app", "broken_cli", "--help"])

    assert result.exit_code == 0
    assert "No module named 'does_not_exist_at_all'" in result.output
    for name in ("routes", "run", "shell"):
        assert name in result.output


def test_commands_run_in_an_application_context() -> None:
    """Also those of nested groups; not if they say so."""
    app = App("named")
    group = AppGroup("group")
    app.cli.add_command(group)

    @group.command()
    def inside() -> None:
        print(current_app.name)

    @app.cli.command(with_appcontext=False)
    def outside() -> None:
        print(bool(current_app))

    runner = app.test_cli_runner()

    assert runner.invoke(args=["group", "inside"]).output == "named\n"
    assert runner.invoke(args=["outside"]).output == "False\n"


def test_routes_are_listed() -> None:
    """As a table, in the order asked for."""
    app = App("x", static_folder=None)
    app.add_url_rule("/b", "first", lambda: "")
    app.add_url_rule("/a/<int:x>", "second", lambda: "", methods=["POST", "GET"])
    runner = app.test_cli_runner()
    group = DrayGroup(create_app=lambda: app)

    assert runner.invoke(group, ["routes"]).output.splitlines() == [
        "Endpoint  Methods    Rule",
        "--------  ---------  ----------",
        "first     GET        /b",
        "second    GET, POST  /a/<int:x>",
    ]
    assert runner.invoke(group, ["routes", "--sort", "rule"]).output.splitlines()[2].startswith("second")
    assert "HEAD, OPTIONS" in runner.invoke(group, ["routes", "--all-methods"]).output


def test_the_debug_option_reaches_the_application() -> None:
    """Through the environment, so that the reloader's children have it too."""
    seen: list[bool] = []
    app = App("x")
    app.cli.command("show")(lambda: seen.append(current_app.debug))
    group = DrayGroup(create_app=lambda: app)

    for flag in ("--debug", "--no-debug"):
        app.config["DEBUG"] = None
        CliRunner().invoke(group, [flag, "show"], catch_exceptions=False)
    assert seen == [True, False]


def test_without_an_application_the_error_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three ways to name one."""
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(cli, ["routes"])

    assert result.exit_code == 2
    assert "Could not locate an application" in result.output
    assert "--app" in result.output
