"""Lazy sub-commands, aliases, option groups, async commands: what other command line packages leave to recipes."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import textwrap

import pytest

import dray.cli_kit as cli
from dray.cli_kit.core.lazy import LazyCommand
from dray.cli_kit.shell_completion import ShellComplete


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Make an importable module with commands, and one that can't be imported."""
    (tmp_path / "lazy_app.py").write_text(
        "import dray.cli_kit as cli\n"
        "@cli.command()\n@cli.option('--n', type=int)\n"
        "def sync(n):\n    'Sync things. And more.'\n    cli.echo(f'synced {n}')\n"
        "value = 3\n"
    )
    (tmp_path / "lazy_broken.py").write_text("import nothing_like_this\n")
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path
    for name in ("lazy_app", "lazy_broken"):
        sys.modules.pop(name, None)


def make_group(**targets):
    """Make a group of lazy commands."""
    return cli.Group("tool", lazy_subcommands=targets)


def test_help_imports_nothing(package, runner):
    """The list of commands is made of what was declared."""
    group = make_group(sync=("lazy_app:sync", "Sync."), broken=("lazy_broken:x", "Broken."))
    result = runner.invoke(group, ["--help"])

    assert "  broken  Broken.\n  sync    Sync.\n" in result.output
    assert "lazy_app" not in sys.modules


def test_completion_imports_nothing(package):
    """So are the suggestions."""
    group = make_group(sync=("lazy_app:sync", "Sync."))
    items = ShellComplete(group, {}, "tool", "_TOOL_COMPLETE").get_completions([], "s")

    assert [(item.value, item.help) for item in items] == [("sync", "Sync.")]
    assert "lazy_app" not in sys.modules


def test_command_is_imported_when_it_runs(package, runner):
    """The command runs like any other, and its own options are completed."""
    group = make_group(sync=("lazy_app:sync", "Sync."))

    assert runner.invoke(group, ["sync", "--n", "3"]).output == "synced 3\n"
    assert "lazy_app" in sys.modules
    items = ShellComplete(group, {}, "tool", "_TOOL_COMPLETE").get_completions(["sync"], "--")
    assert [item.value for item in items] == ["--n", "--help"]


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("lazy_broken:x", "ModuleNotFoundError: No module named 'nothing_like_this'"),
        ("lazy_missing:x", "ModuleNotFoundError: No module named 'lazy_missing'"),
        ("lazy_app:nope", "AttributeError: module 'lazy_app' has no attribute 'nope'"),
        ("lazy_app:value", "'lazy_app:value' is no command but 3."),
    ],
)
def test_failed_import_says_why(package, runner, target, reason):
    """The error names the command, the module and the reason; the rest of the help still works."""
    group = make_group(bad=(target, "Bad."), worse=target)
    result = runner.invoke(group, ["bad"])

    assert result.exit_code == 1
    assert "'bad' can't be loaded" in result.stderr
    assert reason in result.stderr
    page = runner.invoke(group, ["--help"])
    assert page.exit_code == 0
    assert "Bad." in page.output
    assert reason.split(":")[0].split("'")[0] in " ".join(page.output.split())


def test_lazy_target_needs_a_module_and_a_name():
    """A target that can't be one is noticed when it is declared."""
    with pytest.raises(ValueError, match="package.module:attribute"):
        LazyCommand("x", "no-colon")


def test_lazy_group_in_a_chain_is_refused(package, runner):
    """What may not be added to a group in chain mode may not be loaded into it either."""
    (package / "lazy_app.py").write_text("import dray.cli_kit as cli\nsync = cli.Group('sync')\n")
    group = cli.Group("tool", chain=True, lazy_subcommands={"sync": ("lazy_app:sync", "")})

    assert isinstance(runner.invoke(group, ["sync"]).exception, RuntimeError)


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


def test_async_command(runner):
    """An ``async def`` callback is run to its end; its context is the current one."""

    @cli.command()
    @cli.option("--n", type=int)
    async def command(n):
        await asyncio.sleep(0)
        cli.echo(f"{n} {cli.get_current_context().info_name}")
        return n

    assert runner.invoke(command, ["--n", "3"]).output == "3 command\n"
    assert command.main(["--n", "4"], standalone_mode=False) == 4


def test_async_in_chain_and_invoke(runner):
    """Several of them, a result callback, and one that awaits another."""

    @cli.group(chain=True)
    def group():
        pass

    @group.command()
    async def one():
        return 1

    @group.command()
    @cli.pass_context
    async def two(ctx):
        return 1 + await ctx.invoke(one)

    @group.result_callback()
    async def total(values):
        cli.echo(f"total {sum(values)}")

    assert runner.invoke(group, ["one", "two"]).output == "total 3\n"


def test_async_runner_can_be_replaced(runner):
    """A context class of one's own decides how a coroutine is run."""
    used = []

    class MyContext(cli.Context):
        def run_async(self, coroutine):
            used.append(coroutine.__name__)
            return asyncio.run(coroutine)

    class MyCommand(cli.Command):
        context_class = MyContext

    @cli.command(cls=MyCommand)
    async def command():
        cli.echo("ran")

    assert runner.invoke(command).output == "ran\n"
    assert used == ["command"]


def test_async_abort_closes_resources(runner):
    """Resources of the context are closed when the coroutine fails."""
    closed = []

    @cli.command()
    @cli.pass_context
    async def command(ctx):
        ctx.call_on_close(lambda: closed.append(1))
        raise cli.Abort()

    result = runner.invoke(command)

    assert (result.exit_code, result.stderr, closed) == (1, "Aborted!\n", [1])


def test_man_pages(tmp_path):
    """``python -m dray.cli_kit man`` writes one page for each command, escaped for roff."""
    (tmp_path / "tool.py").write_text(
        textwrap.dedent(
            """
            import dray.cli_kit as cli
            @cli.group(epilog="See -also- this.")
            def main():
                '''Do things.

                .dangerous line with a \\\\ in it.

                \\b
                kept
                  as is
                '''
            @main.command()
            @cli.option("--name", "-n", envvar="TOOL_NAME", help="Who's there.")
            @cli.argument("src", help="Where from.")
            def copy(name, src):
                "Copy it."
            """
        )
    )
    command = [sys.executable, "-m", "dray.cli_kit", "man", "tool:main", "--name", "tool", "--date", "2026-01-02"]
    result = subprocess.run([*command, "-o", "out"], cwd=tmp_path, capture_output=True, text=True, check=False)

    assert result.returncode == 0, result.stderr
    page = (tmp_path / "out" / "tool.1").read_text()
    assert page.startswith('.TH "TOOL" 1 "2026\\-01\\-02"')
    assert "\n\\&.dangerous line with a \\e in it.\n" in page
    assert "\n.nf\nkept\n  as is\n.fi\n" in page
    sub = (tmp_path / "out" / "tool-copy.1").read_text()
    assert "tool\\-copy \\- Copy it." in sub
    assert "\\fB\\-n, \\-\\-name TEXT\\fR\nWho's there." in sub
    assert ".SH ENVIRONMENT\n.TP\n\\fBTOOL_NAME\\fR\nSets \\-\\-name." in sub
    failed = subprocess.run([*command[:4], "nope"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (failed.returncode, "package.module:attribute" in failed.stderr) == (2, True)


def test_sphinx_directive(tmp_path):
    """The directive documents a command and its sub-commands from the commands themselves."""
    pytest.importorskip("sphinx", reason="pip install sphinx")
    (tmp_path / "conf.py").write_text("extensions = ['dray.cli_kit.sphinxext']\nproject = 'x'\n")
    (tmp_path / "index.rst").write_text("Title\n=====\n\n.. dray-cli:: dray.cli_kit.__main__:main\n   :prog: tool\n")
    command = [sys.executable, "-m", "sphinx", "-W", "-q", "-b", "text", ".", "out"]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert result.returncode == 0, result.stderr
    page = (tmp_path / "out" / "index.txt").read_text()
    assert "tool [OPTIONS] COMMAND [ARGS]..." in page
    assert "tool man [OPTIONS] MODULE:COMMAND" in page
    assert "Write one file for each command into this folder." in page
