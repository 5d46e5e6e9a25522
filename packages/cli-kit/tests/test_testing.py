"""The test runner: streams, input, environment, exit codes, captured file descriptors."""

from __future__ import annotations

import io
import os
import subprocess
import sys

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
