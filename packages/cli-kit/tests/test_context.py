"""Contexts: inheritance of settings, objects, resources, invoking other commands."""

from __future__ import annotations

import contextlib
import threading

import pytest

import dray.cli_kit as cli
from dray.cli_kit.core import augment_usage_errors
from dray.cli_kit.exceptions import Exit
from dray.cli_kit.globals import pop_context, push_context, resolve_color_default

COMMAND = cli.Command("x")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("obj", object()),
        ("terminal_width", 60),
        ("max_content_width", 90),
        ("token_normalize_func", str.lower),
        ("color", False),
        ("show_default", True),
        ("help_option_names", ["-h"]),
    ],
)
def test_inherited_settings(name, value):
    """A setting comes from the parent, unless the context has its own."""
    parent = cli.Context(COMMAND, **{name: value})

    assert getattr(cli.Context(COMMAND, parent=parent), name) is value
    other = "own" if name != "help_option_names" else ["--own"]
    assert getattr(cli.Context(COMMAND, parent=parent, **{name: other}), name) == other


def test_meta_is_shared():
    """All contexts of a tree have one ``meta``."""
    parent = cli.Context(COMMAND)
    child = cli.Context(COMMAND, parent=parent)
    child.meta["key"] = 1

    assert parent.meta == {"key": 1}
    assert child.find_root() is parent


@pytest.mark.parametrize(
    ("prefix", "name", "expected"),
    [("app", None, "APP"), ("my-app", None, "MY_APP"), (None, "sub-cmd", "PARENT_SUB_CMD"), ("own", "sub", "OWN")],
)
def test_envvar_prefix(prefix, name, expected):
    """The prefix is in capitals, and a sub-command appends its name to the parent's."""
    parent = None if name is None else cli.Context(COMMAND, auto_envvar_prefix="parent")

    assert cli.Context(COMMAND, parent=parent, info_name=name, auto_envvar_prefix=prefix).auto_envvar_prefix == expected


@pytest.mark.parametrize("key", ["sub-cmd", "sub_cmd"])
def test_default_map_of_a_sub_command(key):
    """A sub-command finds its map under its name, with hyphens or underscores."""
    parent = cli.Context(COMMAND, default_map={key: {"x": lambda: 3, "y": 4}})
    ctx = cli.Context(COMMAND, parent=parent, info_name="sub-cmd")

    assert ctx.lookup_default("x") == 3
    assert callable(ctx.lookup_default("x", call=False))
    assert ctx.lookup_default("z") is None


def test_objects():
    """The nearest object of a type is found, or made."""
    parent = cli.Context(COMMAND, obj={"a": 1})
    child = cli.Context(COMMAND, parent=parent, obj=[1])

    assert child.find_object(dict) == {"a": 1}
    assert child.find_object(set) is None
    assert child.ensure_object(set) == set()
    assert child.obj == set()


def test_resources_are_closed_in_reverse(runner):
    """What was opened last is closed first, whether the command ends well or not."""
    log = []

    @contextlib.contextmanager
    def resource(name):
        log.append(f"open {name}")
        try:
            yield name
        except ValueError as error:
            log.append(f"{name} saw {error}")
            raise
        finally:
            log.append(f"close {name}")

    @cli.command()
    @cli.pass_context
    def command(ctx):
        ctx.with_resource(resource("a"))
        ctx.call_on_close(lambda: log.append("called"))
        ctx.with_resource(resource("b"))
        raise ValueError("bad")

    assert isinstance(runner.invoke(command).exception, ValueError)
    assert log == ["open a", "open b", "b saw bad", "close b", "called", "a saw bad", "close a"]


def test_mistakes_close_resources_too(runner, tmp_path):
    """A file that was opened for one parameter is closed when the next one is wrong; an atomic one is thrown away."""
    opened = []

    def note(ctx, param, value):
        opened.append(value)
        return value

    path = tmp_path / "file"
    path.write_text("text")
    command = cli.Command(
        "x",
        params=[
            cli.Option(["--file"], type=cli.File(), callback=note),
            cli.Option(["--n"], type=int),
        ],
    )

    assert runner.invoke(command, ["--file", str(path), "--n", "x"]).exit_code == 2
    assert opened[0].closed
    assert cli.get_current_context(silent=True) is None


def test_exit_closes_and_raises():
    """``ctx.exit`` closes resources before it ends the program."""
    ctx = cli.Context(COMMAND)
    closed = []
    ctx.call_on_close(lambda: closed.append(1))

    with pytest.raises(Exit) as caught:
        ctx.exit(3)
    assert (caught.value.exit_code, closed) == (3, [1])


def test_scope_without_cleanup():
    """A scope can leave resources open; the last one closes them."""
    ctx = cli.Context(COMMAND)
    closed = []
    ctx.call_on_close(lambda: closed.append(1))
    with ctx.scope(cleanup=False) as inner:
        assert inner is ctx
        assert cli.get_current_context() is ctx
    assert closed == []
    with ctx.scope():
        pass
    assert closed == [1]


def test_current_context():
    """Without a running command there is none, in each thread for itself."""
    ctx = cli.Context(COMMAND, color=True)
    push_context(ctx)
    try:
        seen = []
        thread = threading.Thread(target=lambda: seen.append(cli.get_current_context(silent=True)))
        thread.start()
        thread.join()
        assert (cli.get_current_context(), seen) == (ctx, [None])
        assert resolve_color_default() is True
        assert resolve_color_default(False) is False
    finally:
        pop_context()
    assert cli.get_current_context(silent=True) is None
    with pytest.raises(RuntimeError, match="no active command context"):
        cli.get_current_context()


def test_invoke_fills_in_defaults():
    """A command that is invoked gets its defaults, converted, and its own context."""

    @cli.command()
    @cli.option("--n", type=int, default="3")
    @cli.option("--many", multiple=True)
    @cli.option("--flag", is_flag=True)
    @cli.pass_context
    def other(ctx, **values):
        return ctx.info_name, values

    ctx = cli.Context(COMMAND)

    assert ctx.invoke(other, n=5) == ("other", {"n": 5, "many": (), "flag": False})
    assert ctx.invoke(lambda a, b: (a, b), 1, b=2) == (1, 2)
    with pytest.raises(TypeError, match="does not have a callback"):
        ctx.invoke(COMMAND)


def test_forward_hands_on_parameters():
    """Forwarding takes the parameters of this context, and those that are given win."""
    ctx = cli.Context(COMMAND)
    ctx.params = {"a": 1, "b": 2}
    other = cli.Command("o", params=[cli.Option(["--a"]), cli.Option(["--b"])], callback=lambda a, b: (a, b))

    assert ctx.forward(other, b=3) == (1, 3)
    with pytest.raises(TypeError, match="A command can be forwarded to"):
        ctx.forward(lambda: None)


def test_augment_usage_errors():
    """An error that passes through learns where it happened, unless it knows."""
    ctx, param = cli.Context(COMMAND), cli.Option(["--x"])
    with pytest.raises(cli.BadParameter) as caught, augment_usage_errors(ctx, param):
        raise cli.BadParameter("bad")
    assert (caught.value.ctx, caught.value.param) == (ctx, param)


def test_command_path_has_arguments_of_groups():
    """The path shows the arguments that stand between the names."""
    group = cli.Group("g", params=[cli.Argument(["name"])])
    parent = cli.Context(group, info_name="g")

    assert cli.Context(COMMAND, parent=parent, info_name="x").command_path == "g NAME x"


def test_protected_args_warns():
    """The old name still answers, with a warning."""
    with pytest.warns(DeprecationWarning, match="protected_args"):
        assert cli.Context(COMMAND).protected_args == []


def test_parameter_source(runner):
    """Where a value came from can be asked, as an ordered enumeration."""

    @cli.command()
    @cli.option("--a")
    @cli.option("--b", envvar="CK_B")
    @cli.option("--c", default=1)
    @cli.option("--d")
    @cli.pass_context
    def command(ctx, **values):
        cli.echo(" ".join(ctx.get_parameter_source(name).name for name in sorted(values)))

    result = runner.invoke(command, ["--a", "1"], env={"CK_B": "2"}, default_map={"d": 4})

    assert result.output == "COMMANDLINE ENVIRONMENT DEFAULT DEFAULT_MAP\n"
    assert cli.ParameterSource.COMMANDLINE < cli.ParameterSource.DEFAULT
