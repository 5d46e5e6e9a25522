"""Groups: aliases of commands."""

from __future__ import annotations

import pytest

import dray.cli_kit as cli
from dray.cli_kit.shell_completion import ShellComplete


def make_aliased():
    """Make a group whose command has aliases."""
    group = cli.Group("tool")

    @group.command(aliases=["rm", "del"])
    @cli.pass_context
    def remove(ctx):
        """Remove it."""
        cli.echo(f"{ctx.info_name} {ctx.parent.invoked_subcommand}")

    return group


@pytest.mark.parametrize("word", ["remove", "rm", "del"])
def test_alias_is_the_command(runner, word):
    """Whatever the spelling, the command is known by its name."""
    assert runner.invoke(make_aliased(), [word]).output == "remove remove\n"


def test_aliases_are_shown_and_suggested(runner):
    """The list shows them beside the name; completion and mistakes suggest them."""
    group = make_aliased()

    assert "  remove, rm, del  Remove it.\n" in runner.invoke(group, ["--help"]).output
    worker = ShellComplete(group, {}, "tool", "_TOOL_COMPLETE")
    assert [item.value for item in worker.get_completions([], "")] == ["remove"]
    assert [item.value for item in worker.get_completions([], "d")] == ["del"]
    assert "Did you mean 'del'?" in runner.invoke(group, ["dell"]).output
