"""The table of a command's parameters: what it reads quickly is what is read in general, and who overrides is asked."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dray.cli_kit as cli


class SlowCommand(cli.Command):
    """Overrides a method, so that the parser reads all words."""

    def make_parser(self, ctx):
        return super().make_parser(ctx)


class SlowOption(cli.Option):
    """A subclass, so that every step of processing is called."""


class SlowArgument(cli.Argument):
    """The same for arguments."""


def make(command, option, argument, many, interspersed):
    """Make a command with parameters of all kinds that can be read in one pass, and of some that can't."""
    params = [
        option(["--text", "-t"]),
        option(["--number", "-n"], type=int, default=7),
        option(["--ratio"], type=float),
        option(["--flag/--no-flag", "-f/-F"]),
        option(["--upper", "case"], flag_value="up"),
        option(["--lower", "case"], flag_value="low"),
        option(["--tag"], multiple=True),
        option(["-v"], count=True),
        option(["--needed"], required=True, type=bool),
        argument(["first"], type=int),
        argument(["rest"], nargs=-1) if many else argument(["rest"], default="none"),
    ]
    allow = {"allow_interspersed_args": interspersed}
    return command("x", params=params, callback=lambda **values: values, context_settings=allow)


def outcome(command, words):
    """Return values, sources and remaining words, or the error."""
    try:
        ctx = command.make_context("x", list(words))
    except cli.UsageError as error:
        return type(error).__name__, error.format_message()
    sources = {name: ctx.get_parameter_source(name).name for name in ctx.params}
    return ctx.params, sources, ctx.args, sorted(ctx._opt_prefixes)


KNOWN = ["--text", "-t", "--number", "-n", "--ratio", "--flag", "--no-flag", "-f", "-F", "--upper", "--lower", "--tag"]
WORDS = st.sampled_from(
    [
        *KNOWN,
        "-v",
        "--needed",
        "-fv",
        "-n3",
        "--number=4",
        "--text=",
        "--flag=1",
        "--",
        "-",
        "-x",
        "--nmber",
        "1",
        "yes",
    ]
    + ["a", "=", "-1", "", "é"]
)


@pytest.mark.parametrize("interspersed", [True, False])
@pytest.mark.parametrize("many", [True, False])
@settings(max_examples=150, deadline=None)
@given(words=st.lists(WORDS, max_size=8), needed=st.booleans())
def test_quick_and_general_way_agree(many, interspersed, words, needed):
    """Values, sources, remaining words and errors are the same."""
    words = ["--needed", "yes", *words] if needed else words
    quick = make(cli.Command, cli.Option, cli.Argument, many, interspersed)
    general = make(SlowCommand, SlowOption, SlowArgument, many, interspersed)
    outcome(quick, [])  # the table is there from the second call on

    assert outcome(quick, words) == outcome(general, words)


def test_what_changes_between_calls_is_seen():
    """Parameters that are added, removed or replaced, and what they say about values, count for the next call."""
    command = cli.Command("x", params=[cli.Option(["--a"], type=int, default=1)], callback=lambda **values: values)

    def run(*words):
        return command.main(list(words), "x", standalone_mode=False)

    assert run() == {"a": 1}
    command.params.append(cli.Option(["--b"]))
    assert run("--b", "x") == {"a": 1, "b": "x"}
    command.params[0].default = 5
    command.params[0].callback = lambda ctx, param, value: value * 2
    assert run() == {"a": 10, "b": None}
    command.params[0].callback = None
    command.params[0].type = cli.STRING
    assert run("--a", "3") == {"a": "3", "b": None}
    command.params[1].required = True
    with pytest.raises(cli.MissingParameter):
        run()
    command.params[1].expose_value = False
    assert run("--b", "x") == {"a": "5"}
    command.params[:] = [cli.Argument(["c"])]
    assert run("y") == {"c": "y"}
    assert run("z") == {"c": "z"}


@pytest.mark.parametrize(
    ("method", "answer"),
    [
        ("process_value", "mine"),
        ("type_cast_value", "mine"),
        ("handle_parse_result", ("mine", [])),
        ("consume_value", ("mine", cli.ParameterSource.PROMPT)),
    ],
)
def test_overridden_methods_of_parameters(method, answer):
    """A subclass that overrides a step of processing gets its call."""
    called = []

    def override(self, *args):
        called.append(method)
        if method == "handle_parse_result":
            args[0].params[self.name] = answer[0]
        return answer

    mine = type("Mine", (cli.Option,), {method: override})
    command = cli.Command("x", params=[mine(["--a"])], callback=lambda a: a)

    assert [command.main(["--a", "x"], "x", standalone_mode=False) for _ in range(3)] == ["mine"] * 3
    assert called == [method] * 3


@pytest.mark.parametrize("name", ["get_params", "make_parser"])
@pytest.mark.parametrize("on_object", [True, False])
def test_overridden_methods_of_commands(name, on_object):
    """A command whose own method says which parameters or parser it has, even a single object, gets its call."""
    added = cli.Option(["--added"], default="yes")

    def get_params(self, ctx):
        return [*cli.Command.get_params(self, ctx), added]

    def make_parser(self, ctx):
        parser = cli.Command.make_parser(self, ctx)
        added.add_to_parser(parser, ctx)
        return parser

    methods = {"get_params": get_params, "make_parser": make_parser}
    cls = cli.Command if on_object else type("Mine", (cli.Command,), {name: methods[name]})
    command = cls("x", params=[cli.Option(["--a"])], callback=lambda **values: values)
    command.main([], "x", standalone_mode=False)
    if on_object:
        setattr(command, name, methods[name].__get__(command))
    values = command.main(["--a", "1", "--added", "no"], "x", standalone_mode=False)

    assert values == {"a": "1", "added": "no"}


def test_warning_about_doubles():
    """A spelling that two options have is warned about."""
    command = cli.Command("x", params=[cli.Option(["--a", "b"]), cli.Option(["--a", "c"])])

    with pytest.warns(UserWarning, match="--a is declared twice; only the last one is parsed"):
        command.make_context("x", [])
