"""Questions and answers, against the reference: same text, same value."""

from __future__ import annotations

import click
import click.testing
import pytest

import dray.cli_kit as cli

LIBRARIES = [(click, click.testing.CliRunner), (cli, cli.testing.CliRunner)]
PROMPTS = [
    ({}, "x\n"),
    ({}, ""),
    ({}, "\n\nq\n"),
    ({"default": "d"}, "\n"),
    ({"default": "d", "show_default": False}, "q\n"),
    ({"default": "d", "show_default": "custom"}, "\n"),
    ({"default": ""}, "\n"),
    ({"default": 3}, "x\n5\n"),
    ({"default": ["a", "b"]}, "\n"),
    ({"type": int}, "x\n3\n"),
    ({"type": float}, "1\n"),
    ({"type": bool, "default": True}, "\n"),
    ({"type": (int, int)}, "1\n"),
    ({"hide_input": True}, "s\n"),
    ({"hide_input": True, "type": int}, "s3cret\n3\n"),
    ({"hide_input": True, "default": "dd"}, "\n"),
    ({"confirmation_prompt": True}, "a\nb\nc\nc\n"),
    ({"confirmation_prompt": "Again"}, "a\na\n"),
    ({"confirmation_prompt": True, "default": ""}, "\n\n"),
    ({"hide_input": True, "confirmation_prompt": True}, "a\nb\nc\nc\n"),
    ({"prompt_suffix": "? "}, "q\n"),
    ({"err": True}, "q\n"),
    ({"value_proc": lambda line: line * 2}, "q\n"),
]
CONFIRMS = [
    ({}, "y\n"),
    ({}, "\n"),
    ({}, "x\nYES\n"),
    ({}, " y \n"),
    ({}, ""),
    ({"default": True}, "\n"),
    ({"default": None}, "\nn\n"),
    ({"abort": True}, "n\n"),
    ({"show_default": False}, "n\n"),
    ({"err": True}, "no\n"),
    ({"prompt_suffix": "?"}, "no\n"),
]
OPTIONS = [
    ({"prompt": True}, [], "a\n"),
    ({"prompt": "Who"}, [], "a\n"),
    ({"prompt": ""}, [], "a\n"),
    ({"prompt": True}, [], ""),
    ({"prompt": True, "type": int}, [], "x\n3\n"),
    ({"prompt": True, "is_flag": True}, [], "y\n"),
    ({"prompt": True, "is_flag": True, "default": True}, [], "\n"),
    ({"prompt": True, "is_flag": True, "default": None}, [], "\nn\n"),
    ({"prompt": True, "confirmation_prompt": True, "hide_input": True}, [], "a\na\n"),
    ({"prompt": True, "multiple": True, "type": int, "default": [1, 2]}, [], "\n"),
    ({"prompt": True, "default": "q", "show_default": "cust"}, [], "\n"),
    ({"prompt": True, "default": lambda: "dyn"}, [], "\n"),
    ({"prompt": True, "prompt_required": False}, [], "a\n"),
    ({"prompt": True, "prompt_required": False}, ["--name"], "a\n"),
    ({"prompt": True, "prompt_required": False}, ["--name", "v"], "a\n"),
    ({"prompt": True, "prompt_required": False, "default": "dd"}, ["--name"], "\n"),
    ({"prompt": True, "callback": lambda ctx, param, value: value.upper()}, [], "v\n"),
    ({"prompt": True, "flag_value": "fv"}, [], "y\n"),
    ({"prompt": True, "count": True}, [], "2\n"),
    ({"prompt": True, "required": True, "default": "k"}, [], "\n"),
]


def run(library, runner, ask, text):
    """Run a question as a command and return everything that can be seen."""
    command = library.Command("x", callback=lambda: library.echo(repr(ask(library))))
    result = runner.invoke(command, [], input=text)
    return result.exit_code, result.stdout, result.stderr, repr(result.exception)


def run_both(ask, text, **settings):
    """Run a question in both libraries, the reference first."""
    return [run(library, runner(**settings), ask, text) for library, runner in LIBRARIES]


@pytest.mark.parametrize("echo_stdin", [False, True])
@pytest.mark.parametrize(("kwargs", "text"), PROMPTS)
def test_prompt(kwargs, text, echo_stdin):
    """A question with the same settings and answers looks and ends the same."""
    theirs, ours = run_both(lambda library: library.prompt("A", **kwargs), text, echo_stdin=echo_stdin)

    assert ours == theirs


@pytest.mark.parametrize(("kwargs", "text"), CONFIRMS)
def test_confirm(kwargs, text):
    """So does a question for yes or no."""
    theirs, ours = run_both(lambda library: library.confirm("A", **kwargs), text)

    assert ours == theirs


def show_name(library):
    """Return a callback that writes the option's value."""
    return lambda name: library.echo(repr(name))


@pytest.mark.parametrize(("kwargs", "args", "text"), OPTIONS)
def test_option(kwargs, args, text):
    """So does an option that asks."""
    seen = []
    for library, runner in LIBRARIES:
        option = library.Option(["--name"], **kwargs)
        command = library.Command("x", params=[option], callback=show_name(library))
        result = runner().invoke(command, args, input=text)
        seen.append((result.exit_code, result.stdout, result.stderr))

    assert seen[1] == seen[0]


@pytest.mark.parametrize("key", ["a", "é", "\x03", ""])
@pytest.mark.parametrize("echo", [True, False])
def test_getchar(key, echo):
    """Keys come from the test's input in the same way."""
    theirs, ours = run_both(lambda library: library.getchar(echo=echo), key)

    assert ours == theirs
