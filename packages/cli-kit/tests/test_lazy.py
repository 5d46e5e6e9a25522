"""Lazy sub-commands: listed and completed without an import, imported when they run."""

from __future__ import annotations

import sys

import pytest

import dray.cli_kit as cli
from dray.cli_kit.core.lazy import LazyCommand
from dray.cli_kit.shell_completion import ShellComplete


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Make an importable module with commands, and one that can't be imported."""
    (tmp_path / "lazy_app.py").write_text(
        "import dray.cli_kit as cli\n"
        "@cli.command()\n@cli.option('--n', type=int)\n"
        "def sync(n):\n    'Sync things. And more.'\n    cli.echo(f'synced {n}')\n"
        "value = 3\n"
    )
    (tmp_path / "lazy_broken.py").write_text("import nothing_like_this\n")
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path
    for name in ("lazy_app", "lazy_broken"):
        sys.modules.pop(name, None)


def make_group(**targets):
    """Make a group of lazy commands."""
    return cli.Group("tool", lazy_subcommands=targets)


def test_help_imports_nothing(package, runner):
    """The list of commands is made of what was declared."""
    group = make_group(sync=("lazy_app:sync", "Sync."), broken=("lazy_broken:x", "Broken."))
    result = runner.invoke(group, ["--help"])

    assert "  broken  Broken.\n  sync    Sync.\n" in result.output
    assert "lazy_app" not in sys.modules


def test_completion_imports_nothing(package):
    """So are the suggestions."""
    group = make_group(sync=("lazy_app:sync", "Sync."))
    items = ShellComplete(group, {}, "tool", "_TOOL_COMPLETE").get_completions([], "s")

    assert [(item.value, item.help) for item in items] == [("sync", "Sync.")]
    assert "lazy_app" not in sys.modules


def test_command_is_imported_when_it_runs(package, runner):
    """The command runs like any other, and its own options are completed."""
    group = make_group(sync=("lazy_app:sync", "Sync."))

    assert runner.invoke(group, ["sync", "--n", "3"]).output == "synced 3\n"
    assert "lazy_app" in sys.modules
    items = ShellComplete(group, {}, "tool", "_TOOL_COMPLETE").get_completions(["sync"], "--")
    assert [item.value for item in items] == ["--n", "--help"]


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("lazy_broken:x", "ModuleNotFoundError: No module named 'nothing_like_this'"),
        ("lazy_missing:x", "ModuleNotFoundError: No module named 'lazy_missing'"),
        ("lazy_app:nope", "AttributeError: module 'lazy_app' has no attribute 'nope'"),
        ("lazy_app:value", "'lazy_app:value' is no command but 3."),
    ],
)
def test_failed_import_says_why(package, runner, target, reason):
    """The error names the command, the module and the reason; the rest of the help still works."""
    group = make_group(bad=(target, "Bad."), worse=target)
    result = runner.invoke(group, ["bad"])

    assert result.exit_code == 1
    assert "'bad' can't be loaded" in result.stderr
    assert reason in result.stderr
    page = runner.invoke(group, ["--help"])
    assert page.exit_code == 0
    assert "Bad." in page.output
    assert reason.split(":")[0].split("'")[0] in " ".join(page.output.split())


def test_lazy_target_needs_a_module_and_a_name():
    """A target that can't be one is noticed when it is declared."""
    with pytest.raises(ValueError, match="package.module:attribute"):
        LazyCommand("x", "no-colon")


def test_lazy_group_in_a_chain_is_refused(package, runner):
    """What may not be added to a group in chain mode may not be loaded into it either."""
    (package / "lazy_app.py").write_text("import dray.cli_kit as cli\nsync = cli.Group('sync')\n")
    group = cli.Group("tool", chain=True, lazy_subcommands={"sync": ("lazy_app:sync", "")})

    assert isinstance(runner.invoke(group, ["sync"]).exception, RuntimeError)
