"""Options that belong together: sections of help pages, and rules."""

from __future__ import annotations

import pytest

import dray.cli_kit as cli
from dray.cli_kit.shell_completion import ShellComplete


def make_ruled():
    """Make a command with groups of options and rules."""
    output = cli.OptionGroup("Output", help="How it is written.", exclusive=True, required=True)
    login = cli.OptionGroup("Login", requires=["host"])

    @cli.command()
    @cli.option("--host")
    @output.option("--json", is_flag=True)
    @output.option("--csv", is_flag=True)
    @login.option("--user", envvar="CK_USER", help="Who.")
    @cli.option("--fast", is_flag=True)
    @cli.option("--slow", is_flag=True)
    @cli.exclusive("fast", "--slow")
    @cli.requires("--fast", "host")
    def command(**values):
        cli.echo(repr(sorted(name for name, value in values.items() if value)))

    return command


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (["--json"], "['json']\n"),
        (["--json", "--host", "h", "--user", "u"], "['host', 'json', 'user']\n"),
        (["--csv", "--fast", "--host", "h"], "['csv', 'fast', 'host']\n"),
        ([], "Missing one of '--json', '--csv'."),
        (["--json", "--csv"], "'--json', '--csv' can't be used together."),
        (["--json", "--fast", "--slow", "--host", "h"], "'--fast', '--slow' can't be used together."),
        (["--json", "--fast"], "'--fast' also needs '--host'."),
        (["--json", "--user", "u"], "'--user' also needs '--host'."),
    ],
)
def test_rules(runner, args, expected):
    """A rule that is broken is a usage error with the names of the options."""
    result = runner.invoke(make_ruled(), args)

    assert expected in result.output
    assert result.exit_code == (0 if expected.startswith("[") else 2)
    assert ("Try 'command --help' for help." in result.output) == (result.exit_code == 2)


def test_rules_see_the_environment(runner):
    """An option from the environment was given."""
    assert "'--user' also needs '--host'." in runner.invoke(make_ruled(), ["--json"], env={"CK_USER": "u"}).output


def test_rules_are_shown(runner):
    """Groups have sections of their own, and rules stand beside the options."""
    page = runner.invoke(make_ruled(), ["--help"]).output

    assert "Output (exactly one):\n  How it is written.\n\n  --json\n  --csv\n" in page
    assert "Login:\n  --user TEXT  Who.\n" in page
    assert "--fast       [not with --slow; needs --host]\n" in page


def test_rules_in_completion():
    """What can't be given any more isn't suggested."""
    worker = ShellComplete(make_ruled(), {}, "command", "_COMMAND_COMPLETE")

    assert "--csv" not in [item.value for item in worker.get_completions(["--json"], "--")]
    assert "--csv" in [item.value for item in worker.get_completions(["--host", "h"], "--")]
