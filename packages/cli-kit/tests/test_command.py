"""Commands and groups: declaring, finding, running, and what subclasses may override."""

from __future__ import annotations

import contextlib

import pytest

import dray.cli_kit as cli
from dray.cli_kit.exceptions import Exit, NoArgsIsHelpError
from dray.cli_kit.formatting import Formatter


@cli.group(invoke_without_command=True)
@cli.option("--debug/--no-debug")
@cli.pass_context
def tool(ctx, debug):
    """Be a tool."""
    ctx.obj = {"debug": debug}
    if ctx.invoked_subcommand is None:
        cli.echo("alone")


@tool.command()
@cli.pass_obj
def show(obj):
    """Show it."""
    cli.echo(f"debug {obj['debug']}")


def test_group_runs_sub_command(runner):
    """The group's callback runs first, and its object is handed down."""
    assert runner.invoke(tool, ["--debug", "show"]).output == "debug True\n"
    assert runner.invoke(tool, []).output == "alone\n"


def test_names_from_functions():
    """A command is named after its function, without what says that it is a command."""
    names = ["sync_all", "sync_command", "sync_cmd", "tools_group", "tools_grp", "_cmd", "Upper"]
    made = []
    for name in names:

        def function():
            pass

        function.__name__ = name
        made.append(cli.command(function).name)

    assert made == ["sync-all", "sync", "sync", "tools", "tools", "-cmd", "upper"]


@pytest.mark.parametrize("with_call", [True, False])
def test_decorators_of_groups(with_call):
    """A group's decorators work with and without a call, and use its classes."""

    class MyCommand(cli.Command):
        pass

    class MyGroup(cli.Group):
        command_class = MyCommand
        group_class = type

    group = MyGroup("g")
    one = group.command()(lambda: None) if with_call else group.command(lambda: None)
    two = group.group("sub")(lambda: None)

    assert type(one) is MyCommand
    assert type(two) is MyGroup
    assert set(group.commands) == {"<lambda>", "sub"}


def test_converted_twice():
    """A command can't be made of a command."""
    with pytest.raises(TypeError, match="twice"):
        cli.command()(show)
    with pytest.raises(TypeError, match="no name"):
        cli.Group("g").add_command(cli.Command(None))


class Plugins(cli.Group):
    """A group as applications write them: commands that are found when asked for."""

    def list_commands(self, ctx):
        return [*super().list_commands(ctx), "late", "gone"]

    def get_command(self, ctx, cmd_name):
        if cmd_name == "late":
            return cli.Command("late", callback=lambda: cli.echo(f"late {ctx.ensure_object(dict)}"), help="Late one.")
        return super().get_command(ctx, cmd_name)

    def main(self, *args, **kwargs):
        kwargs.setdefault("obj", {"made": "by main"})
        return super().main(*args, **kwargs)


def test_overridden_lookup(runner):
    """Help, completion and calls go through the overridden methods."""
    group = Plugins("app", commands=[cli.Command("own", help="Own one.")])
    page = runner.invoke(group, ["--help"]).output

    assert page.endswith("Commands:\n  own   Own one.\n  late  Late one.\n")
    assert runner.invoke(group, ["late"]).output == "late {'made': 'by main'}\n"
    assert "No such command 'lat'. Did you mean 'late'?" in runner.invoke(group, ["lat"]).output


def test_eager_option_with_callback(runner):
    """An eager option can prepare what the others need, and can be seen in its context."""
    log = []

    def note(ctx, param, value):
        log.append((param.name, value, ctx.get_parameter_source(param.name).name))
        return value

    command = cli.Command(
        "x",
        params=[cli.Option(["--b"], callback=note), cli.Option(["--a"], callback=note, is_eager=True)],
        callback=lambda a, b: None,
    )
    runner.invoke(command, ["--b", "1"])

    assert log == [("a", None, "DEFAULT"), ("b", "1", "COMMANDLINE")]


def test_not_standalone():
    """Without standalone mode errors are raised and results returned."""
    command = cli.Command("x", callback=lambda: 3, no_args_is_help=False)

    assert command.main([], standalone_mode=False) == 3
    assert command(["--help"], standalone_mode=False) == 0
    with pytest.raises(cli.NoSuchOption):
        command.main(["--nope"], standalone_mode=False)
    with pytest.raises(NoArgsIsHelpError):
        cli.Group("g").main([], standalone_mode=False)

    def leave():
        raise Exit(4)

    assert cli.Command("x", callback=leave).main([], standalone_mode=False) == 4


def test_chain_parses_everything_first(runner):
    """A mistake in the last command of a chain is noticed before the first one runs."""
    ran = []
    group = cli.Group("g", chain=True)
    group.add_command(cli.Command("one", callback=lambda: ran.append(1)))
    group.add_command(cli.Command("two", params=[cli.Option(["--n"], type=int)], callback=lambda n: ran.append(n)))

    assert runner.invoke(group, ["one", "two", "--n", "x"]).exit_code == 2
    assert ran == []
    assert runner.invoke(group, ["one", "two", "--n", "2", "one"]).exit_code == 0
    assert ran == [1, 2, 1]


def test_nested_chain_is_refused():
    """A group in a chain would have no end."""
    chain = cli.Group("c", chain=True)
    with pytest.raises(RuntimeError, match="chain mode"):
        chain.add_command(cli.Group("sub"))
    with pytest.raises(RuntimeError, match="optional arguments"):
        cli.Group("g", chain=True, params=[cli.Argument(["x"], required=False)])
    collection = cli.CommandCollection("cc", sources=[cli.Group("s", commands=[cli.Group("sub")])], chain=True)
    with pytest.raises(RuntimeError, match="chain mode"):
        collection.get_command(cli.Context(collection), "sub")


def test_result_callbacks():
    """Result callbacks are chained, or replaced."""
    group = cli.Group("g", commands=[cli.Command("a", callback=lambda: 1)], params=[cli.Option(["--x"], type=int)])
    group.result_callback()(lambda value, x: value + x)
    group.result_callback()(lambda value, x: value * 10)
    assert group.main(["--x", "2", "a"], standalone_mode=False) == 30
    group.result_callback(replace=True)(lambda value, x: "new")
    assert group.main(["a"], standalone_mode=False) == "new"


def test_collection(runner):
    """A collection shows the commands of its groups, its own first."""
    first = cli.Group("a", commands=[cli.Command("x", callback=lambda: cli.echo("first"))])
    second = cli.Group("b", commands=[cli.Command("x"), cli.Command("y", callback=lambda: cli.echo("second"))])
    collection = cli.CommandCollection("all", sources=[first])
    collection.add_source(second)

    assert collection.list_commands(cli.Context(collection)) == ["x", "y"]
    assert runner.invoke(collection, ["x"]).output == "first\n"
    assert runner.invoke(collection, ["y"]).output == "second\n"
    assert runner.invoke(collection, ["z"]).exit_code == 2


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"version": "1.2"}, "tool, version 1.2\n"),
        ({"version": "1.2", "prog_name": "p", "message": "%(prog)s %(version)s %(package)s"}, "p 1.2 None\n"),
        ({"package_name": "hypothesis", "message": "%(package)s"}, "hypothesis\n"),
        ({"package_name": "_pytest", "message": "%(package)s"}, "_pytest\n"),
    ],
)
def test_version_option(runner, arguments, expected):
    """The version is given, or that of a distribution or of a module's distribution."""
    command = cli.version_option(**arguments)(cli.Command("tool"))

    assert runner.invoke(command, ["--version"]).output == expected


def test_version_that_cannot_be_found(runner):
    """What isn't installed has no version."""
    result = runner.invoke(cli.version_option(package_name="nothing-like-this")(cli.Command("x")), ["--version"])

    assert isinstance(result.exception, RuntimeError)
    assert "nothing-like-this" in str(result.exception)


def test_other_option_decorators(runner):
    """Confirmation, password, help and version of one's own."""

    @cli.command(add_help_option=False)
    @cli.confirmation_option()
    @cli.password_option()
    @cli.help_option("-h", "--helpme")
    @cli.custom_version_option(lambda ctx: f"{ctx.info_name} 7", "-V")
    def command(password):
        cli.echo(f"pw {password}")

    assert runner.invoke(command, ["--yes"], input="a\na\n").output.endswith("pw a\n")
    assert runner.invoke(command, [], input="n\n").exit_code == 1
    assert runner.invoke(command, ["-V"]).output == "command 7\n"
    assert runner.invoke(command, ["--helpme"]).output.startswith("Usage: command")


def test_pass_decorators(runner):
    """Objects and values of the context's ``meta`` are handed to callbacks."""

    class Repo:
        pass

    pass_repo = cli.make_pass_decorator(Repo)
    pass_new = cli.make_pass_decorator(Repo, ensure=True)
    from dray.cli_kit.decorators import pass_meta_key

    @cli.command()
    @pass_new
    @pass_repo
    def command(one, two):
        cli.echo(str(one is two))

    assert runner.invoke(command).output == "True\n"
    missing = runner.invoke(cli.command()(pass_repo(lambda repo: None)))
    assert isinstance(missing.exception, RuntimeError)
    keyed = pass_meta_key("my.key", doc_description="the key")
    assert keyed.__doc__ == "Hand the key to a callback as its first argument."

    @cli.command()
    @cli.pass_context
    def with_meta(ctx):
        ctx.meta["my.key"] = 5
        ctx.invoke(keyed(lambda value: cli.echo(value)))

    assert runner.invoke(with_meta).output == "5\n"


def test_usage_error_in_a_group_shows_its_usage(runner):
    """The usage line of an error is that of the command where it happened."""
    result = runner.invoke(tool, ["show", "--nope"])

    assert result.stderr == (
        "Usage: tool show [OPTIONS]\nTry 'tool show --help' for help.\n\nError: No such option '--nope'.\n"
    )


def test_info_dict():
    """A description of the whole tree for documentation tools."""
    info = cli.Context(tool, info_name="tool").to_info_dict()

    assert info["command"]["commands"]["show"]["help"] == "Show it."
    assert [param["name"] for param in info["command"]["params"]] == ["debug", "_click_default_help"]


def test_help_of_a_formatter_of_ones_own(runner):
    """A class with the formatter's methods takes its place."""

    class Shouting(cli.HelpFormatter):
        def write_heading(self, heading):
            super().write_heading(heading.upper())

    class MyContext(cli.Context):
        formatter_class = Shouting

    class MyCommand(cli.Command):
        context_class = MyContext

    assert "OPTIONS:\n" in runner.invoke(MyCommand("x"), ["--help"]).output


class Markdown:
    """Builds help pages in Markdown; it derives from nothing."""

    def __init__(self, *, width, max_width):
        self.width = width or 60
        self.lines = []

    def write_usage(self, prog, args=""):
        self.lines.append(f"# `{prog} {args}`")

    def write_paragraph(self):
        self.lines.append("")

    def write_text(self, text):
        self.lines.append(text)

    def write_dl(self, rows):
        self.lines += [f"- `{term}`: {text}" for term, text in rows]

    @contextlib.contextmanager
    def section(self, name):
        self.lines += ["", f"## {name}"]
        yield

    def indentation(self):
        return contextlib.nullcontext()

    def getvalue(self):
        return "\n".join(self.lines)


def test_help_of_a_foreign_formatter(runner):
    """Any class that follows the protocol builds the page of a group with arguments, sections and commands."""

    class MyContext(cli.Context):
        formatter_class = Markdown

    class MyGroup(cli.Group):
        context_class = MyContext

    section = cli.OptionGroup("Output", help="How it looks.")
    params = [cli.Option(["--json"], is_flag=True, group=section), cli.Argument(["place"], help="Where.")]
    group = MyGroup("main", params=params, help="Do things.", epilog="The end.")
    group.add_command(
        cli.Command("sub", help="A sub-command whose help text is longer than there is room for it here.")
    )

    assert isinstance(Markdown(width=60, max_width=None), Formatter)
    assert not isinstance(object(), Formatter)
    assert isinstance(cli.HelpFormatter(), Formatter)
    assert runner.invoke(group, ["--help"]).output == (
        "# `main [OPTIONS] PLACE COMMAND [ARGS]...`\n\nDo things.\n\n"
        "## Positional arguments\n- `PLACE`: Where.\n\n"
        "## Options\n- `--help`: Show this message and exit.\n\n"
        "## Output\nHow it looks.\n\n- `--json`: \n\n"
        "## Commands\n- `sub`: A sub-command whose help text is longer than...\n\nThe end.\n"
    )


@pytest.mark.parametrize(("settings", "code", "stream"), [({}, 2, 1), ({"no_args_exit_code": 0}, 0, 0)])
@pytest.mark.parametrize("kind", [cli.Command, cli.Group])
def test_exit_code_of_help_without_words(runner, kind, settings, code, stream):
    """Help that nobody asked for is an error, unless the program says that it is none; then it is the output."""
    result = runner.invoke(kind("x", no_args_is_help=True, **settings), [])
    page = (result.stdout, result.stderr)[stream]

    assert (result.exit_code, page.splitlines()[0].split()[:2]) == (code, ["Usage:", "x"])
    assert (result.stdout, result.stderr)[1 - stream] == ""
