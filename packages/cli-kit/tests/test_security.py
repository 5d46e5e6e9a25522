"""What was a weakness of the field once: each row is an advisory or a fix, with the input that showed it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

import dray.cli_kit as cli
from dray.cli_kit import _termui_impl
from dray.cli_kit._terminal import launch as launching
from dray.cli_kit._terminal import pager
from dray.cli_kit.testing import CliRunner


class FakeProcess:
    """Notes how a process was started instead of starting it."""

    calls: list = []
    returncode = 0

    def __init__(self, args, **kwargs):
        type(self).calls.append((args, kwargs))
        self.stdin = None

    def wait(self):
        return 0


@pytest.fixture
def started(monkeypatch):
    """Catch every process that would be started."""
    FakeProcess.calls = []
    monkeypatch.setattr(subprocess, "Popen", FakeProcess)
    return FakeProcess.calls


def test_cve_2026_7246_editor_runs_no_shell(started):
    """A file name with a semicolon is one argument of the editor, and no shell is involved."""
    cli.edit(filename="a; touch pwned", editor="vi -n")

    ((args, kwargs),) = started
    assert args == ["vi", "-n", "a; touch pwned"]
    assert not kwargs.get("shell")


@pytest.mark.skipif(os.name == "nt", reason="POSIX programs are run")
def test_cve_2026_7246_pager_runs_no_shell(tmp_path, monkeypatch):
    """``PAGER`` is split into words; what follows a semicolon is an argument, not a command."""
    log = tmp_path / "log"
    program = tmp_path / "mypager"
    program.write_text(f'#!/bin/sh\necho "$@" > {log}\ncat > /dev/null\n')
    program.chmod(0o755)
    monkeypatch.setenv("PAGER", f"{program} -R; touch {tmp_path}/pwned")
    monkeypatch.setattr(_termui_impl, "isatty", lambda stream: True)

    cli.echo_via_pager("text")

    assert log.read_text() == f"-R; touch {tmp_path}/pwned\n"
    assert not (tmp_path / "pwned").exists()


def test_launch_on_windows_is_a_system_call(monkeypatch):
    """An address with ``&`` is handed to the system as it is; no command interpreter reads it."""
    opened = []
    monkeypatch.setattr(os, "name", "nt")
    monkeypatch.setattr(os, "startfile", opened.append, raising=False)

    assert launching.open_url("http://localhost/?a=1&calc") == 0
    assert opened == ["http://localhost/?a=1&calc"]


def test_launch_on_posix_runs_no_shell(started):
    """An address is one argument of ``xdg-open``."""
    assert cli.launch("http://localhost/;touch pwned") == 0

    ((args, kwargs),) = started
    assert args == ["xdg-open", "http://localhost/;touch pwned"]
    assert not kwargs.get("shell")


@pytest.mark.parametrize(
    "kind",
    [int, float, cli.UUID, cli.Choice(["a"]), cli.IntRange(0, 5), cli.DateTime(), lambda line: int(line)],
    ids=repr,
)
def test_hidden_input_is_never_shown(kind):
    """The error about a secret that doesn't fit doesn't repeat it."""

    @cli.command()
    def ask():
        cli.prompt("Secret", hide_input=True, type=kind)

    result = CliRunner().invoke(ask, input="s3cret\n")

    assert "s3cret" not in result.output
    assert "Error: " in result.output


SEQUENCES = {
    "show cursor": "\x1b[?25h",
    "true colour": "\x1b[38;2;1;2;3m",
    "clear": "\x1b[2J",
    "private": "\x1b[>1;2c",
    "intermediate": "\x1b[!p",
    "one byte": "\x9b31m",
    "title": "\x1b]0;evil\x07",
    "link": "\x1b]8;;http://localhost\x1b\\",
    "character set": "\x1b(B",
    "reset": "\x1bc",
    "device control": "\x1bPq#0\x1b\\",
}


@pytest.mark.parametrize("name", SEQUENCES)
def test_no_sequence_reaches_a_file(name, runner):
    """Every kind of escape sequence is removed where the output is no terminal."""
    sequence = SEQUENCES[name]

    assert cli.unstyle(f"a{sequence}b") == "ab"
    assert runner.invoke(cli.command()(lambda: cli.echo(f"a{sequence}b"))).stdout == "ab\n"


@pytest.mark.parametrize("kind", ["source", "static"])
def test_completion_evaluates_nothing(tmp_path, kind):
    """A suggestion with shell syntax is text to the shell that reads it, and to the one that runs the line."""
    program = tmp_path / "prog"
    program.write_text(
        f"#!{sys.executable}\n"
        "import dray.cli_kit as cli\n"
        "words = ['$(touch pwned)', '`touch pwned`', '*', 'a b', \"it's\", 'a;b', 'é-.1']\n"
        "@cli.command(help='$(touch pwned)')\n"
        "@cli.argument('x', type=cli.Choice(words))\n"
        "def prog(x): pass\n"
        "prog(prog_name='prog')\n"
    )
    program.chmod(0o755)
    function = "_prog_completion" if kind == "source" else "_prog_completion_static"
    script = (
        f'eval "$(_PROG_COMPLETE=bash_{kind} ./prog)"; COMP_WORDS=(./prog ""); COMP_CWORD=1; {function} ./prog "";'
        " printf '%s\\n' \"${COMPREPLY[@]}\""
    )
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    shown = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    ).stdout

    assert shown.splitlines() == [
        "\\$\\(touch\\ pwned\\)",
        "\\`touch\\ pwned\\`",
        "\\*",
        "a\\ b",
        "it\\'s",
        "a\\;b",
        "é-.1",
    ]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["prog"]


def test_pager_without_a_program_writes_to_the_terminal(monkeypatch, capsys):
    """A pager that doesn't exist loses no text."""
    monkeypatch.setenv("PAGER", "/nope/pager")
    monkeypatch.setattr(pager, "resolve_pager_command", lambda words: None)
    monkeypatch.setattr(_termui_impl, "isatty", lambda stream: True)

    cli.echo_via_pager("text")

    assert capsys.readouterr().out == "text\n"
