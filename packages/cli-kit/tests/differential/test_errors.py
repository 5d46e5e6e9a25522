"""Errors made by hand, against the reference: same message, same form on the screen."""

from __future__ import annotations

import io

import click
import click.exceptions
import pytest

import dray.cli_kit as cli

CASES = {
    "plain": lambda m, e, ctx: e.ClickException("m"),
    "usage": lambda m, e, ctx: e.UsageError("m"),
    "usage in a context": lambda m, e, ctx: e.UsageError("m", ctx),
    "option": lambda m, e, ctx: e.BadParameter("m", ctx, ctx.command.params[0]),
    "argument": lambda m, e, ctx: e.BadParameter("m", ctx, ctx.command.params[1]),
    "hint": lambda m, e, ctx: e.BadParameter("m", ctx, param_hint="h"),
    "hints": lambda m, e, ctx: e.BadParameter("m", ctx, param_hint=["h", "i"]),
    "no hint": lambda m, e, ctx: e.BadParameter("m"),
    "missing option": lambda m, e, ctx: e.MissingParameter(ctx=ctx, param=ctx.command.params[0]),
    "missing argument": lambda m, e, ctx: e.MissingParameter("more", ctx=ctx, param=ctx.command.params[1]),
    "missing choice": lambda m, e, ctx: e.MissingParameter(ctx=ctx, param=ctx.command.params[2]),
    "missing kind": lambda m, e, ctx: e.MissingParameter("more", param_type="option"),
    "missing parameter": lambda m, e, ctx: e.MissingParameter(param_type="parameter", param_hint="--z"),
    "missing other": lambda m, e, ctx: e.MissingParameter(param_type="thing", param_hint="q"),
    "missing nothing": lambda m, e, ctx: e.MissingParameter(),
    "no such option": lambda m, e, ctx: e.NoSuchOption("--z"),
    "own message": lambda m, e, ctx: e.NoSuchOption("--z", "custom"),
    "one possibility": lambda m, e, ctx: e.NoSuchOption("--z", possibilities=["--y"]),
    "possibilities": lambda m, e, ctx: e.NoSuchOption("--z", possibilities=["--y", "--a"], ctx=ctx),
    "no such command": lambda m, e, ctx: e.NoSuchCommand("zoo", possibilities=["zoe", "zop", "a"], ctx=ctx),
    "far from any": lambda m, e, ctx: e.NoSuchCommand("z", possibilities=["y"]),
    "option usage": lambda m, e, ctx: e.BadOptionUsage("--z", "m", ctx),
    "argument usage": lambda m, e, ctx: e.BadArgumentUsage("m", ctx),
    "file": lambda m, e, ctx: e.FileError("f"),
    "file with hint": lambda m, e, ctx: e.FileError("f\udcff", "hint"),
    "help": lambda m, e, ctx: e.NoArgsIsHelpError(ctx),
}


def make_context(library):
    """Make a context with an option and two arguments."""
    params = [
        library.Option(["--a", "-b"], envvar="E", show_envvar=True),
        library.Argument(["q"], nargs=2),
        library.Argument(["c"], type=library.Choice(["x", "y"])),
    ]
    return library.Context(library.Command("x", params=params), info_name="prog")


def describe(error):
    """Return what can be seen of an error."""
    stream = io.StringIO()
    error.show(stream)
    own = {key: value for key, value in vars(error).items() if key not in ("ctx", "cmd", "param")}
    return str(error), error.format_message(), error.exit_code, stream.getvalue(), own, error.args


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("names", [["--help"], ["-h", "--help"], ["-h"], []])
def test_errors(case, names):
    """An error says the same, with any spelling of the help option."""
    seen = []
    for library, exceptions in ((click, click.exceptions), (cli, cli.exceptions)):
        ctx = make_context(library)
        ctx.help_option_names = names
        seen.append(describe(CASES[case](library, exceptions, ctx)))

    assert seen[1] == seen[0]


def test_exit_and_abort():
    """What ends a program carries its code."""
    for module in (click.exceptions, cli.exceptions):
        error = module.Exit(3)

        assert (error.exit_code, error.args, repr(error)) == (3, (3,), "Exit(3)")
        assert issubclass(module.Abort, RuntimeError)
