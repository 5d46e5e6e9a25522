"""Suggestions of completion, against the reference."""

from __future__ import annotations

import click
import click.shell_completion
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dray.cli_kit as cli
from dray.cli_kit import shell_completion


def make(library):
    """Make a program with nested groups, options with values, files and choices."""

    @library.group()
    @library.option("--color", type=library.Choice(["auto", "always"]), help="When: to color")
    @library.option("--flag/--no-flag")
    @library.option("--multi", "-m", multiple=True)
    @library.option("--hid", hidden=True)
    def prog(**values):
        pass

    @prog.command(help="Do sub. More")
    @library.option("--path", type=library.Path())
    @library.option("--dir", type=library.Path(file_okay=False))
    @library.option("--file", "-f", type=library.File())
    @library.option("--opt", is_flag=False, flag_value="x")
    @library.option("--custom", shell_complete=lambda ctx, param, incomplete: ["a" + incomplete, "b"])
    @library.argument("kind", type=library.Choice(["Cat", "dog", "dot"], case_sensitive=False))
    @library.argument("rest", nargs=-1, type=library.Path())
    def sub(**values):
        pass

    @prog.command(hidden=True)
    def secret():
        pass

    @prog.group()
    def nest():
        pass

    @nest.command()
    @library.argument("pair", nargs=2, type=library.Choice(["p", "q"]))
    def deep(pair):
        pass

    @prog.group(chain=True)
    def many():
        pass

    @many.command()
    @library.option("--o")
    def one(o):
        pass

    @many.command()
    @library.argument("z", required=False)
    def two(z):
        pass

    return prog


THEIRS, OURS = make(click), make(cli)
WORDS = st.sampled_from(
    "--color auto --flag -m 1 sub nest deep many one two --path --dir -f --opt --custom".split()
    + "dog p -- nope secret --nope --o x".split()
)
BEGINNINGS = st.sampled_from(["", "-", "--", "--c", "--color=", "--color=a", "s", "d", "D", "x", "=", "--path=", "-f"])


@settings(derandomize=True, deadline=None, max_examples=400)
@given(st.lists(WORDS, max_size=5), BEGINNINGS)
def test_suggestions(words, incomplete):
    """Whatever stands on the line, the suggestions are the same."""

    def suggest(module, program):
        worker = module.ShellComplete(program, {}, "prog", "_PROG_COMPLETE")
        return [(item.type, item.value, item.help) for item in worker.get_completions(list(words), incomplete)]

    assert suggest(shell_completion, OURS) == suggest(click.shell_completion, THEIRS)


@settings(derandomize=True, deadline=None, max_examples=400)
@given(st.text(alphabet="ab'\"\\ \n$#~", max_size=20))
def test_split_arg_string(text):
    """An unfinished line is split into the same words."""
    assert shell_completion.split_arg_string(text) == click.shell_completion.split_arg_string(text)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
@pytest.mark.parametrize("help", [None, "Some help", "With: colon"])
@pytest.mark.parametrize("kind", ["plain", "file", "dir"])
def test_formats(shell, help, kind):
    """A suggestion is written for each shell as subclasses of the reference's classes expect."""
    ours = shell_completion.get_completion_class(shell)(OURS, {}, "my-prog", "_MY_PROG_COMPLETE")
    theirs = click.shell_completion.get_completion_class(shell)(THEIRS, {}, "my-prog", "_MY_PROG_COMPLETE")

    assert ours.source_vars() == theirs.source_vars()
    assert ours.format_completion(shell_completion.CompletionItem("v:w", type=kind, help=help)) == (
        theirs.format_completion(click.shell_completion.CompletionItem("v:w", type=kind, help=help))
    )


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
@pytest.mark.parametrize("name", ["prog", "a-b", "a-b.c d", "tool.py", "ümlaut", "a__b", "a/b:c", "3x", "-"])
def test_name_of_the_shell_function(shell, name):
    """It is made of the program's name in the same way, so that a script that was written before is found."""
    ours, theirs = (
        module.get_completion_class(shell)(program, {}, name, "_PROG_COMPLETE").func_name
        for module, program in ((shell_completion, OURS), (click.shell_completion, THEIRS))
    )
    assert ours == theirs
