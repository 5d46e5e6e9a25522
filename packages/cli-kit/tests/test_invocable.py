"""Async commands: run to their end, in contexts like any other."""

from __future__ import annotations

import asyncio

import dray.cli_kit as cli


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
