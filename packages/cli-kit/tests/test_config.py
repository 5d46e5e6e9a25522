"""Options from configuration files, with their place."""

from __future__ import annotations

import json

import pytest

import dray.cli_kit as cli


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
        ("nothing = 1\n", "'nothing' is no parameter of 'main'."),
        ('[sync]\ncount = "many"\n', "'many' is not a valid integer."),
    ],
)
def test_mistakes_in_the_file(program, runner, tmp_path, text, error):
    """A mistake is a usage error with the place."""
    path = tmp_path / "app.toml"
    path.write_text(text)
    result = runner.invoke(program, ["-c", str(path), "sync"])

    assert result.exit_code == 2
    assert error in " ".join(result.output.split("\n"))


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
