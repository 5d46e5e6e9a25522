"""How a program answers a shell that asks; test_shells.py has the real shells."""

from __future__ import annotations

import json

import pytest

import dray.cli_kit as cli
from dray.cli_kit._shells.static import make_table
from dray.cli_kit.shell_completion import (
    CompletionItem,
    ShellComplete,
    add_completion_class,
    get_completion_class,
    shell_complete,
)


def make_program():
    """Make a program with a command and an option."""
    group = cli.Group("prog", params=[cli.Option(["--color"], type=cli.Choice(["auto", "always"]))])
    group.add_command(cli.Command("sub", help="Do: it.", params=[cli.Argument(["f"], type=cli.Path())]))
    group.add_command(cli.Command("sum"))
    return group


ASKED = [
    ("bash", {"COMP_WORDS": "prog su", "COMP_CWORD": "1"}, "plain,sub\nplain,sum\n"),
    ("bash", {"COMP_WORDS": "prog\n--color\n=\nal", "COMP_CWORD": "3"}, "plain,always\n"),
    ("bash", {"COMP_WORDS": "prog --color =", "COMP_CWORD": "2"}, "plain,auto\nplain,always\n"),
    ("bash", {"COMP_WORDS": "prog sub ", "COMP_CWORD": "2"}, "file,\n"),
    ("zsh", {"COMP_WORDS": "prog su", "COMP_CWORD": "1"}, "plain\nsub\nDo: it.\nplain\nsum\n_\n"),
    ("zsh", {"COMP_WORDS": "prog --color=al", "COMP_CWORD": "1"}, "plain\n--color=always\n_\n"),
    ("fish", {"COMP_WORDS": "prog su", "COMP_CWORD": "su"}, "plain,sub\tDo: it.\nplain,sum\n"),
    ("fish", {"COMP_WORDS": "prog --color=a", "COMP_CWORD": "--color=a"}, "plain,--color=auto\nplain,--color=always\n"),
    ("powershell", {"COMP_WORDS": "prog 'su'", "COMP_CWORD": "1"}, "plain\nsub\nDo: it.\nplain\nsum\n_\n"),
    ("nushell", {"COMP_WORDS": json.dumps(["prog", "sub", ""])}, "null\n"),
]


@pytest.mark.parametrize(("shell", "env", "expected"), ASKED)
def test_answers(runner, shell, env, expected):
    """Each shell gets the suggestions as its script reads them."""
    result = runner.invoke(make_program(), [], env={"_PROG_COMPLETE": f"{shell}_complete", **env})

    assert (result.exit_code, result.output) == (0, expected)


def test_nushell_records(runner):
    """Nushell gets a list of records."""
    env = {"_PROG_COMPLETE": "nushell_complete", "COMP_WORDS": json.dumps(["prog", "su"])}
    result = runner.invoke(make_program(), [], env=env)

    assert json.loads(result.output) == [
        {"value": "sub", "description": "Do: it."},
        {"value": "sum", "description": ""},
    ]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell", "nushell"])
def test_scripts(runner, shell):
    """The script names the program, its function and its variable."""
    result = runner.invoke(make_program(), [], env={"_MY_PROG_COMPLETE": f"{shell}_source"}, prog_name="my-prog")

    assert result.exit_code == 0
    assert "my-prog" in result.output
    assert "_MY_PROG_COMPLETE" in result.output
    assert ("_my_prog_completion" in result.output) == (shell != "powershell")


@pytest.mark.parametrize("instruction", ["bash", "bash_nope", "nope_source", "nope_complete"])
def test_unknown_instructions(runner, instruction):
    """What isn't understood ends with exit code 1 and no output."""
    result = runner.invoke(make_program(), [], env={"_PROG_COMPLETE": instruction})

    assert (result.exit_code, result.output) == (1, "")


def test_mistakes_on_the_line_are_silent(runner):
    """A command that can't be loaded disturbs nobody's typing."""
    group = cli.Group("prog", lazy_subcommands={"bad": ("nothing_like_this:x", "")})
    env = {"_PROG_COMPLETE": "bash_complete", "COMP_WORDS": "prog bad ", "COMP_CWORD": "2"}

    assert runner.invoke(group, [], env=env).output == "\n"


def test_shell_of_ones_own():
    """A class of one's own serves another shell."""

    class MyShell(ShellComplete):
        name = "mine"
        source_template = "%(prog_name)s %(complete_var)s %(complete_func)s"

        def get_completion_args(self):
            return [], "su"

        def format_completion(self, item):
            return f"<{item.value} {item.extra}>"

    assert add_completion_class(MyShell) is MyShell
    add_completion_class(MyShell, "alias")
    assert get_completion_class("mine") is get_completion_class("alias") is MyShell
    worker = MyShell(make_program(), {}, "a-b.c", "_V")
    assert worker.source() == "a-b.c _V _a_bc_completion"
    assert worker.complete() == "<sub None>\n<sum None>"
    assert shell_complete(make_program(), {}, "p", "_V", "mine_complete") == 0


def test_base_class_says_what_is_missing():
    """A class that lacks one of the methods says which."""
    worker = ShellComplete(make_program(), {}, "p", "_V")
    with pytest.raises(NotImplementedError, match="which words"):
        worker.get_completion_args()
    with pytest.raises(NotImplementedError, match="how a suggestion is written"):
        worker.format_completion(CompletionItem("x"))


def test_items():
    """An item has what it was given, and None for the rest."""
    item = CompletionItem("v", help="h", extra=3)

    assert (item.value, item.type, item.help, item.extra, item.other) == ("v", "plain", "h", 3, None)
    assert repr(item) == "CompletionItem('v', type='plain', help='h')"
    assert not hasattr(item, "__wrapped__")


def test_table_of_a_static_script():
    """What can be known beforehand is in the table; hidden commands can be typed but aren't suggested."""
    lazy = {"late": ("nowhere_at_all:command", "Comes late.")}
    group = cli.Group("main", commands=[cli.Group("chained", chain=True)], lazy_subcommands=lazy)
    kinds = [cli.Option(["--kind"], type=cli.Choice(["A", "b"], case_sensitive=False)), cli.Option(["-v"], count=True)]
    places = [cli.Argument(["pair"], nargs=2, type=cli.Path()), cli.Argument(["rest"], nargs=-1)]
    group.add_command(cli.Command("secret", params=[*kinds, *places], hidden=True), aliases=["s"])
    table = make_table(cli.Context(group, info_name="main", resilient_parsing=True))

    assert table == {
        "|options": "--help\tShow this message and exit.",
        "|takes:--help": "0",
        "|commands": "chained\t\nlate\tComes late.",
        "|command:chained": "chained",
        "chained|ask": "1",
        "|command:secret": "secret",
        "|command:s": "secret",
        "secret|options": "--kind\t\n-v\t\n--help\tShow this message and exit.",
        "secret|takes:--kind": "1\nask",
        "secret|takes:-v": "0",
        "secret|takes:--help": "0",
        "secret|argument:0": "file",
        "secret|argument:1": "file",
        "secret|argument:rest": "plain\n",
    }


@pytest.mark.parametrize(("shell", "code"), [("bash", 0), ("zsh", 0), ("fish", 0), ("powershell", 1), ("nushell", 1)])
def test_static_scripts(runner, shell, code):
    """Three shells have a script that works without the program; another one is told so by the exit code."""
    result = runner.invoke(cli.Group("prog"), env={"_PROG_COMPLETE": f"{shell}_static"}, prog_name="prog")

    assert (result.exit_code, "_static" in result.output) == (code, code == 0)
