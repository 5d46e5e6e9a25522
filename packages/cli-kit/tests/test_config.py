"""Options from configuration files, with their place."""

from __future__ import annotations

import json

import pytest

import dray.cli_kit as cli
from dray.cli_kit.config import find_line


@pytest.fixture
def program():
    """Make a program with a configuration file and a sub-command."""

    @cli.group(invoke_without_command=True)
    @cli.config_option("--config", "-c")
    @cli.option("--log-level", default="info", envvar="CK_LEVEL")
    @cli.option("--tags", multiple=True)
    @cli.pass_context
    def main(ctx, log_level, tags):
        cli.echo(f"{log_level} {tags} {cli.config_source(ctx, 'log_level')}")

    @main.command()
    @cli.option("--dry-run/--wet-run")
    @cli.option("--count", type=int, default=1)
    @cli.pass_context
    def sync(ctx, dry_run, count):
        cli.echo(f"{dry_run} {count} {cli.config_source(ctx, 'count')}")

    return main


@pytest.mark.parametrize("kind", ["toml", "json"])
def test_values_and_places(program, runner, tmp_path, kind):
    """Values come from the file, sub-commands from its tables, and each knows its key."""
    path = tmp_path / f"app.{kind}"
    if kind == "toml":
        path.write_text('log-level = "debug"\ntags = ["a", "b"]\n[sync]\ndry-run = true\ncount = 7\n')
    else:
        data = {"log-level": "debug", "tags": ["a", "b"], "sync": {"dry-run": True, "count": 7}}
        path.write_text(json.dumps(data))
    result = runner.invoke(program, ["-c", str(path), "sync"])

    assert result.output == f"debug ('a', 'b') {path}: log-level\nTrue 7 {path}: sync.count\n"


def test_precedence(program, runner, tmp_path):
    """The command line and the environment go before the file."""
    path = tmp_path / "app.toml"
    path.write_text('log-level = "debug"\n')

    assert runner.invoke(program, ["-c", str(path)], env={"CK_LEVEL": "env"}).output == "env () None\n"
    assert runner.invoke(program, ["-c", str(path), "--log-level", "line"]).output == "line () None\n"
    assert runner.invoke(program, []).output == "info () None\n"


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("log-level = \n", "Invalid value (at line 1"),
        ('log-levle = "x"\n', "'log-levle' is no parameter of 'main'. Did you mean 'log-level'?"),
        ("# x\n\nnothing = 1\n", "app.toml, line 3: 'nothing' is no parameter of 'main'."),
        (
            '[sync]\n\ncount = "many"\n',
            "Invalid value for '--count': 'many' is not a valid integer. Set by 'sync.count' in app.toml, line 3.",
        ),
        ('sync.count = "many"\n', "Set by 'sync.count' in app.toml, line 1."),
        ('sync = {count = "many"}\n', "Set by 'sync.count' in app.toml."),
        ("[sync]\ndry_run = 5\n", "'--dry-run': 5 is not a valid boolean. Set by"),
        ("[sync]\ncount = [5]\n", "'--count': [5] is not a valid integer. Set by 'sync.count'"),
        ("tags = 5\n", "'--tags': Value must be an iterable. Set by 'tags' in app.toml, line 1."),
        ("[sync]\ncuont = 5\n", "app.toml, line 2: 'cuont' is no parameter of 'main sync'. Did you mean 'count'?"),
        ("sync = 5\n", "app.toml, line 1: a table is expected for the command 'sync', not 5."),
    ],
)
def test_mistakes_in_the_file(program, runner, tmp_path, monkeypatch, text, error):
    """A mistake is a usage error that names the file, the key and, where it can be found, the line."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "app.toml").write_text(text)
    result = runner.invoke(program, ["-c", "app.toml", "sync"])

    assert (result.exit_code, type(result.exception)) == (2, SystemExit)
    assert "Usage: main " in result.output
    assert error in result.output


@pytest.mark.parametrize(
    ("name", "text", "keys", "line"),
    [
        ("a.toml", "x = 1\n[t]\n'x' = 2\n", ["t", "x"], 3),
        ("a.toml", "x = 1\n[t]\nx = 2\n", ["x"], 1),
        ("a.toml", '[ t . "u" ]\n', ["t", "u"], 1),
        ("a.toml", '[t]\ns = """\n[t]\nx = 1\n"""\nx = 2\n', ["t", "x"], None),
        ("a.toml", "", ["x"], None),
        ("a.json", '{\n "x": 1,\n "y": {"z": "z"}}', ["y", "z"], 3),
        ("a.json", '{"x": 1,\n "y": {"x": 1}}', ["y", "x"], None),
        ("none.toml", None, ["x"], None),
    ],
)
def test_lines(tmp_path, name, text, keys, line):
    """The line of a key is found if exactly one line reads like it; otherwise none is named."""
    path = tmp_path / name
    if text is not None:
        path.write_text(text)

    assert find_line(str(path), keys) == line


def test_a_map_below_the_file(program, runner, tmp_path):
    """What the program has in its own map holds where the file says nothing, in tables too."""
    path = tmp_path / "app.toml"
    path.write_text("[sync]\ncount = 7\n")
    below = {"log_level": "mine", "sync": {"count": 1, "dry_run": True}}
    result = runner.invoke(program, ["-c", str(path), "sync"], default_map=below)

    assert result.output == f"mine () None\nTrue 7 {path}: sync.count\n"


def test_a_wrong_value_below_the_file(program, runner, tmp_path):
    """A wrong value of the program's own map isn't said to be in the file."""
    path = tmp_path / "app.toml"
    path.write_text("[sync]\ndry-run = true\n")
    result = runner.invoke(program, ["-c", str(path), "sync"], default_map={"sync": {"count": "many"}})

    assert result.output.endswith("'many' is not a valid integer.\n")


def test_missing_files(runner, tmp_path):
    """A file that was named must exist, a default one need not."""

    @cli.command()
    @cli.config_option(default=str(tmp_path / "none.toml"))
    @cli.option("--x", default="d")
    def command(x):
        cli.echo(x)

    assert runner.invoke(command, []).output == "d\n"
    failed = runner.invoke(command, ["--config", str(tmp_path / "other.toml")])
    assert (failed.exit_code, "No such file" in failed.output) == (2, True)


def test_json_without_a_table(program, runner, tmp_path):
    """A file that holds no table is refused."""
    path = tmp_path / "app.json"
    path.write_text("[1]")

    assert "a table of names and values is expected, not list" in runner.invoke(program, ["-c", str(path)]).output
