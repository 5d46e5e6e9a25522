"""The test runner: streams, input, environment, exit codes, captured file descriptors."""

from __future__ import annotations

import contextlib
import gc
import io
import os
import subprocess
import sys
import threading

import pytest

import dray.cli_kit as cli
from dray.cli_kit import formatting, termui, utils
from dray.cli_kit.testing import CliRunner, make_input_stream


def command(function):
    """Make a command of a function."""
    return cli.Command("x", callback=function)


def test_streams_are_apart_and_together():
    """Standard output and error can be read each alone, or as a person would have seen them."""

    def write():
        cli.echo("one")
        cli.echo("two", err=True)
        sys.stdout.write("three")

    result = CliRunner().invoke(command(write))

    assert (result.stdout, result.stderr, result.output) == ("one\nthree", "two\n", "one\ntwo\nthree")


@pytest.mark.parametrize(
    ("code", "exit_code", "output", "has_exception"),
    [(None, 0, "", False), (0, 0, "", False), (3, 3, "", True), ("text", 1, "text\n", True), ([1], 1, "[1]\n", True)],
)
def test_exit_codes(code, exit_code, output, has_exception):
    """The exit code is that of the process; what is no number is written."""
    result = CliRunner().invoke(command(lambda: sys.exit(code)))

    assert (result.exit_code, result.output, result.exception is not None) == (exit_code, output, has_exception)


def test_exceptions():
    """An exception is in the result, or passes through."""
    result = CliRunner().invoke(command(lambda: 1 / 0))

    assert (result.exit_code, type(result.exception), repr(result)) == (
        1,
        ZeroDivisionError,
        "<Result ZeroDivisionError('division by zero')>",
    )
    assert result.exc_info[0] is ZeroDivisionError
    with pytest.raises(ZeroDivisionError):
        CliRunner(catch_exceptions=False).invoke(command(lambda: 1 / 0))
    with pytest.raises(ZeroDivisionError):
        CliRunner().invoke(command(lambda: 1 / 0), catch_exceptions=False)


def test_everything_is_put_back():
    """Streams, environment, prompts and width are as before, even after an exception."""

    def state():
        places = (sys.stdin, sys.stdout, sys.stderr, termui.visible_prompt_func, termui._getchar)
        return (*places, utils.should_strip_ansi, formatting.FORCED_WIDTH, dict(os.environ))

    before = state()
    CliRunner(env={"A_NEW": "1", "HOME": None}).invoke(command(lambda: 1 / 0))

    assert state() == before


@pytest.mark.parametrize("value", ["a\nb", b"a\nb", io.BytesIO(b"a\nb"), io.TextIOWrapper(io.BytesIO(b"a\nb"))])
def test_input(value):
    """Input is text, bytes or a stream."""
    assert CliRunner().invoke(command(lambda: cli.echo(sys.stdin.read())), input=value).output == "a\nb\n"
    with pytest.raises(TypeError, match="Could not find binary reader"):
        make_input_stream(io.StringIO("x"), "utf-8")


@pytest.mark.skipif(os.name == "nt", reason="a POSIX shell is run")
def test_capture_of_descriptors(capfd):
    """With ``capture="fd"`` the output of child processes is caught too, and the descriptors are put back."""

    def write():
        cli.echo("python")
        subprocess.run(["sh", "-c", "echo child; echo error >&2"], check=True)
        os.write(1, b"raw\n")
        assert (sys.stdout.fileno(), sys.stderr.fileno()) == (1, 2)

    result = CliRunner(capture="fd").invoke(command(write))
    os.write(1, b"after\n")

    assert result.exception is None
    assert (result.stdout, result.stderr) == ("python\nchild\nraw\n", "error\n")
    assert capfd.readouterr() == ("after\n", "")


def test_wrong_arguments():
    """A capture that doesn't exist, and a parameter of the past, are errors."""
    with pytest.raises(ValueError, match="Choose from 'sys' or 'fd'"):
        CliRunner(capture="none")
    with pytest.raises(TypeError):
        CliRunner(mix_stderr=False)


def test_isolated_filesystem(tmp_path):
    """A new folder for a block; kept if it was made in a given one."""
    before = os.getcwd()
    with pytest.warns(DeprecationWarning, match="isolated_filesystem"), CliRunner().isolated_filesystem() as folder:
        assert os.path.samefile(os.getcwd(), folder)
    assert (os.getcwd(), os.path.exists(folder)) == (before, False)
    with pytest.warns(DeprecationWarning), CliRunner().isolated_filesystem(tmp_path) as folder:
        pass
    assert os.path.exists(folder)


def test_echoed_input():
    """With ``echo_stdin`` what is read is in the output, as on a terminal."""

    def ask():
        cli.echo(f"<{input('Q ')}>")
        cli.echo(f"<{sys.stdin.readline().strip()}>")
        cli.echo(f"<{cli.getchar()}>")

    assert CliRunner(echo_stdin=True).invoke(command(ask), input="a\nb\nc").output == "Q a\n<a>\nb\n<b>\n<c>\n"


def test_output_that_is_closed():
    """A command that closes its output takes nothing away, neither what it wrote nor what it writes then."""

    def write():
        cli.echo("one")
        sys.stdout.close()
        cli.echo("two")

    assert CliRunner().invoke(command(write)).output == "one\ntwo\n"


@pytest.mark.skipif(os.name == "nt", reason="a POSIX shell is run")
def test_order_of_descriptors_and_streams():
    """With ``capture="fd"`` the output is in the order of writing, whoever wrote."""

    def write():
        cli.echo("1 python")
        subprocess.run(["sh", "-c", "echo 2 child"], check=True)
        cli.echo("3 python", err=True)
        os.write(1, b"4 descriptor\n")
        print("5 python")
        subprocess.run(["sh", "-c", "echo 6 child >&2"], check=True)

    result = CliRunner(capture="fd").invoke(command(write))

    assert result.output.split() == "1 python 2 child 3 python 4 descriptor 5 python 6 child".split()
    assert (result.stdout.split()[::2], result.stderr.split()[::2]) == (["1", "2", "4", "5"], ["3", "6"])


@pytest.mark.skipif(os.name == "nt", reason="descriptors are closed")
def test_no_descriptors_to_capture():
    """Where a descriptor can't be captured, streams and descriptors are as before, and the next run works."""
    before = (sys.stdin, sys.stdout, sys.stderr)
    saved = os.dup(2)
    os.close(2)
    try:
        with pytest.raises(OSError, match="Bad file descriptor"):
            CliRunner(capture="fd").invoke(command(lambda: None))
    finally:
        os.dup2(saved, 2)
        os.close(saved)

    assert (sys.stdin, sys.stdout, sys.stderr) == before
    assert CliRunner(capture="fd").invoke(command(lambda: os.write(2, b"x"))).stderr == "x"


def overlapping(*functions, **options):
    """Run commands in one thread each; all are in the middle of their run before the first goes on."""
    barrier = threading.Barrier(len(functions), timeout=10)
    results = [None] * len(functions)

    def run(index):
        def callback():
            barrier.wait()
            functions[index]()
            barrier.wait()

        results[index] = CliRunner(**options).invoke(command(callback), input=f"answer {index}\n", color=index == 1)

    threads = [threading.Thread(target=run, args=[index]) for index in range(len(functions))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_threads():
    """Runs of several threads that overlap have streams, prompts and colours of their own; then all is as before."""
    before = (sys.stdin, sys.stdout, sys.stderr, termui.visible_prompt_func, utils.should_strip_ansi)

    def talk(name):
        for _ in range(50):
            print(name)
            cli.echo(cli.style(name, fg="red"), err=True)
        cli.echo(cli.prompt("Q"))

    results = overlapping(*(lambda name=name: talk(name) for name in "abcd"))

    for index, (name, result) in enumerate(zip("abcd", results, strict=True)):
        styled = f"\x1b[31m{name}\x1b[0m" if index == 1 else name
        assert result.stdout == f"{name}\n" * 50 + f"Q: answer {index}\nanswer {index}\n"
        assert result.stderr == f"{styled}\n" * 50
    assert (sys.stdin, sys.stdout, sys.stderr, termui.visible_prompt_func, utils.should_strip_ansi) == before


def test_runs_that_end_in_another_order():
    """A run that began first and ends first leaves everything in place for the other, which puts it back."""
    before, variables = (sys.stdout, sys.stderr), dict(os.environ)
    inside, go_on = threading.Event(), threading.Event()

    def second():
        inside.set()
        assert go_on.wait(10)
        cli.echo(f"second {os.environ['A_NEW']}")

    results = []
    runner = CliRunner(env={"A_NEW": "2"})
    thread = threading.Thread(target=lambda: results.append(runner.invoke(command(second))))

    def first():
        thread.start()
        assert inside.wait(10)
        cli.echo("first")

    result = CliRunner(env={"A_NEW": "1", "ONLY": "1"}).invoke(command(first))
    assert "ONLY" not in os.environ
    go_on.set()
    thread.join()

    assert (result.output, results[0].output) == ("first\n", "second 2\n")
    assert ((sys.stdout, sys.stderr), dict(os.environ)) == (before, variables)


def test_a_thread_of_the_command():
    """What a thread writes that a command started is in the command's output."""

    def write():
        thread = threading.Thread(target=lambda: cli.echo("thread"))
        thread.start()
        thread.join()
        for line in sys.stdin:
            cli.echo(line, nl=False)

    assert CliRunner().invoke(command(write), input="line\n").output == "thread\nline\n"


def test_streams_that_outlive_the_runs():
    """Who kept a stream from runs that overlapped reaches the interpreter's own when all are over."""
    kept = []
    overlapping(lambda: kept.append(sys.stderr), lambda: list(sys.stdin))

    assert kept[0].fileno() == sys.__stderr__.fileno()
    assert list(iter(kept[0].encoding)) == list(sys.__stderr__.encoding)


def test_a_run_within_a_run():
    """A command can run another one; a stream that it put in place of its output is there again afterwards."""

    def outer():
        cli.echo("before")
        with contextlib.redirect_stdout(io.StringIO()) as stream:
            inner = CliRunner().invoke(command(lambda: cli.echo("inner")))
            print("redirected")
        cli.echo(f"{inner.output.strip()} {stream.getvalue().strip()}")

    assert CliRunner().invoke(command(outer)).output == "before\ninner redirected\n"


def test_nothing_is_left_to_collect():
    """What a run used is freed when its result is, without waiting for the collector of cycles."""
    tool = cli.Command("x", params=[cli.Argument(["name"])], callback=lambda name: cli.echo(name))
    calls = (["a"], ["a", "b"], ["--help"])
    for words in calls:
        CliRunner().invoke(tool, words)
    gc.collect()
    gc.disable()
    try:
        for words in calls:
            CliRunner().invoke(tool, words)
        assert gc.collect() == 0
    finally:
        gc.enable()
