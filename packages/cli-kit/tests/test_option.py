"""Options: what is declared, what is refused, and what differs from the reference on purpose."""

from __future__ import annotations

import copy
import enum
import pickle

import pytest

import dray.cli_kit as cli
from dray.cli_kit.core import UNSET

MISSING = object()


@pytest.mark.parametrize(
    "option",
    [
        cli.Option(["--x"]),
        cli.Option(["--x"], is_flag=True),
        cli.Option(["--x"], flag_value="v"),
        cli.Option(["--x"], multiple=True),
        cli.Option(["--x"], required=True),
        cli.Argument(["x"]),
        cli.Argument(["x"], nargs=-1),
    ],
    ids=lambda param: str(param.to_info_dict()["flag_value"]) if hasattr(param, "is_flag") else "argument",
)
def test_no_sentinel_leaks(option):
    """Without a default, ``default`` is None, and no public description shows a marker."""
    ctx = cli.Context(cli.Command("x", params=[option]))

    assert option.default is None
    assert "Sentinel" not in f"{option.get_default(ctx)} {option.to_info_dict()} {getattr(option, 'flag_value', None)}"
    assert pickle.loads(pickle.dumps(option)).default is None
    assert copy.deepcopy(option)._default is UNSET


@pytest.mark.parametrize(
    ("attrs", "env", "default_map", "expected", "source"),
    [
        # A flag with a value of its own reads any truth value from the environment.
        ({"flag_value": "own"}, "1", None, "own", "ENVIRONMENT"),
        ({"flag_value": "own"}, "own", None, "own", "ENVIRONMENT"),
        ({"flag_value": "own"}, "no", None, None, "ENVIRONMENT"),
        ({"flag_value": "own", "default": "d"}, "0", None, None, "ENVIRONMENT"),
        ({"flag_value": "own", "default": "d"}, "else", None, "d", "DEFAULT"),
        ({"flag_value": 5}, "yes", None, 5, "ENVIRONMENT"),
        ({"is_flag": True, "type": str}, "1", None, "True", "ENVIRONMENT"),
        ({"flag_value": "own", "multiple": True}, "1", None, ("own",), "ENVIRONMENT"),
        ({"flag_value": "own", "multiple": True}, "0", None, (), "ENVIRONMENT"),
        # True in the map means the flag's own value, as it does as a default.
        ({"flag_value": "own"}, None, True, "own", "DEFAULT_MAP"),
        ({"flag_value": "own"}, None, "m", "m", "DEFAULT_MAP"),
        # A text in the map is split where several values are expected.
        ({"multiple": True, "type": int}, None, "3 4", (3, 4), "DEFAULT_MAP"),
        ({"nargs": 2, "type": int}, None, "3 4", (3, 4), "DEFAULT_MAP"),
        # An explicit None is a default too.
        ({"default": None, "required": True}, None, MISSING, None, "DEFAULT"),
    ],
)
def test_sources(runner, attrs, env, default_map, expected, source):
    """Each source has its meaning, and is told."""
    seen = []

    @cli.command()
    @cli.option("--x", envvar="CK_X", **attrs)
    @cli.pass_context
    def command(ctx, x):
        seen.append((x, ctx.get_parameter_source("x").name))

    settings = {} if default_map in (None, MISSING) else {"default_map": {"x": default_map}}
    result = runner.invoke(command, [], env={"CK_X": env}, **settings)

    assert result.exception is None, result.output
    assert seen == [(expected, source)]


def test_partial_tuple_in_the_environment_is_an_error(runner):
    """A variable with too few values loses none silently."""
    command = cli.Command("x", params=[cli.Option(["--x"], type=(int, int), multiple=True, envvar="CK_X")])
    result = runner.invoke(command, [], env={"CK_X": "1 2 3"})

    assert result.exit_code == 2
    assert "2 values are required, but 1 was given." in result.output


@pytest.mark.parametrize(
    ("decls", "attrs", "error"),
    [
        (["x"], {}, "No options defined but a name was passed"),
        ([], {}, "Could not determine name"),
        (["--1"], {}, "Could not determine name"),
        (["--x", "a", "b"], {}, "defined twice"),
        (["--x/--x"], {}, "cannot use the same flag"),
        (["--x/--y"], {"flag_value": "a"}, "Secondary flag"),
        (["--x"], {"nargs": -1}, "nargs=-1 is not supported"),
        (["--x"], {"count": True, "multiple": True}, "'count' is not valid with 'multiple'"),
        (["--x"], {"count": True, "is_flag": True}, "'count' is not valid with 'is_flag'"),
        (["--x"], {"prompt": True, "hide_input": True, "is_flag": True}, "not valid for boolean flag"),
        (["--x"], {"required": True, "deprecated": True}, "deprecated and still required"),
        (["--x"], {"prompt": True, "deprecated": True}, "cannot use `prompt`"),
        (["--x"], {"type": (int, int), "nargs": 3}, "'nargs' must be 2"),
    ],
)
def test_refused_declarations(decls, attrs, error):
    """What can't work is refused when it is declared."""
    with pytest.raises((TypeError, ValueError), match=error):
        cli.Option(decls, **attrs)


@pytest.mark.parametrize(
    ("decls", "name"),
    [
        (["--a-b"], "a_b"),
        (["-c", "--ab-cd", "--efgh"], "ab_cd"),
        (["-a", "-b"], "a"),
        (["--Foo"], "foo"),
        (["--x", "named"], "named"),
        (["/x"], "x"),
        (["--shout/--no-shout"], "shout"),
    ],
)
def test_names(decls, name):
    """The name is the one that is given, or that of the first long spelling."""
    assert cli.Option(decls).name == name


class Level(enum.Enum):
    """Levels to choose from."""

    LOW = 1
    HIGH = 2


@pytest.mark.parametrize(
    ("attrs", "expected"),
    [
        ({"default": 3}, "[default: 3]"),
        ({"default": ""}, '[default: ""]'),
        ({"default": [1, 2], "multiple": True}, "[default: 1, 2]"),
        ({"default": lambda: 1}, "[default: (dynamic)]"),
        ({"default": Level.LOW, "type": cli.Choice(Level)}, "[default: LOW]"),
        ({"default": False, "is_flag": True}, ""),
        ({"type": cli.IntRange(1, 3), "default": 2}, "[default: 2; 1<=x<=3]"),
        ({"required": True}, "[required]"),
        ({"envvar": ["A", "B"], "show_envvar": True, "default": 1}, "[env var: A, B; default: 1]"),
    ],
)
def test_help_extra(attrs, expected):
    """The help page says where a value comes from and what it may be."""
    option = cli.Option(["--x"], show_default=True, **attrs)

    assert option.get_help_record(cli.Context(cli.Command("x")))[1] == expected


def test_overridden_methods_are_called(runner):
    """A subclass that overrides one of the documented methods gets its call."""
    calls = []

    class Mine(cli.Option):
        def consume_value(self, ctx, opts):
            calls.append("consume")
            return super().consume_value(ctx, opts)

        def get_default(self, ctx, call=True):
            calls.append("default")
            return "from method"

        def type_cast_value(self, ctx, value):
            calls.append("cast")
            return super().type_cast_value(ctx, value)

        def value_is_missing(self, value):
            calls.append("missing")
            return super().value_is_missing(value)

    command = cli.Command("x", params=[Mine(["--x"], required=True)], callback=lambda x: cli.echo(x))

    assert runner.invoke(command).output == "from method\n"
    assert calls == ["consume", "default", "cast", "missing"]


def test_parameter_order(runner):
    """Eager parameters come first, then those that were given, in that order."""
    order = []

    def note(ctx, param, value):
        order.append(param.name)

    params = [cli.Option([f"--{name}"], callback=note, is_eager=name == "d") for name in "abcd"]
    runner.invoke(cli.Command("x", params=params, callback=lambda **kw: None), ["--c", "1", "--a", "1"])

    assert order == ["d", "c", "a", "b"]


def test_prompt_splits_several_values(runner):
    """An answer for several values is split as an environment variable is."""
    option = cli.Option(["--x"], prompt=True, nargs=2, type=int)
    command = cli.Command("x", params=[option], callback=lambda x: cli.echo(repr(x)))

    assert runner.invoke(command, input="1\n1 2\n").output.endswith("X: 1 2\n(1, 2)\n")


def test_prompt_shows_names_of_members(runner):
    """What a question about an enumeration shows is what can be typed."""
    option = cli.Option(["--level"], type=cli.Choice(Level), prompt=True, default=Level.LOW)
    command = cli.Command("x", params=[option], callback=lambda level: cli.echo(repr(level)))

    assert runner.invoke(command, input="HIGH\n").output == "Level (LOW, HIGH) [LOW]: HIGH\n<Level.HIGH: 2>\n"


def test_declared_twice_warns():
    """A spelling that two options have is a mistake worth a warning."""
    command = cli.Command("x", params=[cli.Option(["--a"]), cli.Option(["--a", "b"])])
    with pytest.warns(UserWarning, match="--a is declared twice"):
        command.get_params(cli.Context(command))


def test_overridden_get_params_may_change_the_list(runner):
    """A subclass that adds to the list it gets adds once for each call, not once more each time."""

    class More(cli.Command):
        def get_params(self, ctx):
            params = super().get_params(ctx)
            params.append(cli.Option(["--more"], expose_value=False))
            return params

    command = More("x", callback=lambda: cli.echo("ran"))

    assert runner.invoke(command, ["--more", "1"]).output == "ran\n"
    assert runner.invoke(command, ["--more", "1"]).output == "ran\n"
    assert runner.invoke(command, ["--help"]).output.count("--more") == 1


def test_changed_parameters_are_seen(runner):
    """The parser's table is made anew when parameters are added, or replaced."""
    command = cli.Command("x", params=[cli.Option(["--a"])], callback=lambda **values: cli.echo(repr(values)))

    assert runner.invoke(command, ["--a", "1"]).output == "{'a': '1'}\n"
    command.params.append(cli.Option(["--b"]))
    assert runner.invoke(command, ["--b", "1"]).output == "{'b': '1', 'a': None}\n"
    command.params[0] = cli.Option(["--c"], type=int)
    assert runner.invoke(command, ["--c", "1"]).output == "{'c': 1, 'b': None}\n"


def test_group_of_another_library(runner):
    """A subclass with a ``group`` of its own isn't disturbed."""

    class Grouped(cli.Option):
        @property
        def group(self):
            return object()

    command = cli.Command("x", params=[Grouped(["--a"], help="An option.")], callback=lambda a: cli.echo(a))

    assert runner.invoke(command, ["--a", "1"]).output == "1\n"
    assert "Options:\n  --a TEXT  An option.\n" in runner.invoke(command, ["--help"]).output
