"""Pager, editor, desktop and keys without a terminal; test_pty.py has the real one."""

from __future__ import annotations

import io
import os
import subprocess
import sys

import pytest

import dray.cli_kit as cli
from dray.cli_kit import _termui_impl, termui
from dray.cli_kit._terminal import editor, keys, launch, pager

posix = pytest.mark.skipif(os.name == "nt", reason="POSIX programs are run")


def script(path, text):
    """Write a program."""
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


@pytest.fixture
def at_terminal(monkeypatch):
    """Pretend that the streams are terminals, as tests of programs do it."""
    monkeypatch.setattr(_termui_impl, "isatty", lambda stream: True)
    monkeypatch.setattr(termui, "isatty", lambda stream: True)


@posix
@pytest.mark.parametrize(
    ("source", "expected"),
    [("text", "text\n"), (["a", "b"], "ab\n"), (lambda: iter("xy"), "xy\n"), ([1, 2], "12\n")],
)
def test_pager_gets_the_text(tmp_path, monkeypatch, at_terminal, source, expected):
    """A text, its pieces, or a function that makes them go to the pager."""
    out = tmp_path / "out"
    monkeypatch.setenv("PAGER", script(tmp_path / "mypager", f"cat > {out}"))
    cli.echo_via_pager(source)

    assert out.read_text() == expected


@posix
@pytest.mark.parametrize(("color", "kept"), [(None, False), (True, True), (False, False)])
def test_pager_colors(tmp_path, monkeypatch, at_terminal, color, kept):
    """A pager that isn't known to show colours gets none, unless that is asked for."""
    out = tmp_path / "out"
    monkeypatch.setenv("PAGER", script(tmp_path / "mypager", f"cat > {out}"))
    cli.echo_via_pager("\x1b[1mx\x1b[0m", color=color)

    assert ("\x1b" in out.read_text()) == kept


@posix
@pytest.mark.parametrize(
    ("less", "args", "kept"), [("", "", True), ("-R", "", True), ("-F", "", False), ("", "-r", True), ("", "-F", False)]
)
def test_less_shows_colors(tmp_path, monkeypatch, at_terminal, less, args, kept):
    """``less`` shows colours with ``-r`` or ``-R``, which it gets where nobody set it up."""
    out = tmp_path / "out"
    program = script(tmp_path / "less", f'echo "LESS=$LESS" > {out}; cat >> {out}')
    monkeypatch.setenv("PAGER", f"{program} {args}")
    monkeypatch.setenv("LESS", less)
    cli.echo_via_pager("\x1b[1mx\x1b[0m")

    assert ("\x1b[1m" in out.read_text()) == kept


@posix
def test_pager_file(tmp_path, monkeypatch, at_terminal):
    """The pager is a file to write to."""
    out = tmp_path / "out"
    monkeypatch.setenv("PAGER", script(tmp_path / "mypager", f"cat > {out}"))
    with cli.get_pager_file(color=False) as file:
        file.write("\x1b[1ma\x1b[0m\n")
        file.writelines(["b\n", "c\n"])
    assert out.read_text() == "a\nb\nc\n"


def test_no_pager_without_a_terminal(capsys, monkeypatch):
    """Where nobody sits at a terminal, text goes to standard output."""
    monkeypatch.setenv("PAGER", "cat")
    cli.echo_via_pager("\x1b[1mx\x1b[0m")
    assert capsys.readouterr().out == "x\n"


def test_no_pager_on_a_dumb_terminal(capsys, monkeypatch, at_terminal):
    """Nor on a terminal that can't show pages, or without standard output."""
    monkeypatch.setenv("TERM", "dumb")
    cli.echo_via_pager("x")
    assert capsys.readouterr().out == "x\n"
    monkeypatch.setattr(_termui_impl, "_default_text_stdout", lambda: None)
    cli.echo_via_pager("x")


@posix
def test_temporary_file_pager(tmp_path, monkeypatch, at_terminal):
    """Where pagers read no pipe, the text is in a file that is removed afterwards."""
    out = tmp_path / "out"
    program = script(tmp_path / "more", f'cat "$1" > {out}; echo "$1" >> {out}')
    with pager.tempfile_pager(*pager.resolve_pager_command([program])) as (stream, color):
        stream.write("text\n")
    text, name = out.read_text().split()

    assert (text, os.path.exists(name), color) == ("text", False, False)
    assert pager.resolve_pager_command([]) is None


@posix
@pytest.mark.parametrize(
    ("text", "body", "save", "expected"),
    [
        ("old", 'printf "new\\r\\n" > "$1"', True, "new\n"),
        (b"old", 'printf "new\\r\\n" > "$1"', True, b"new\r\n"),
        ("old", "true", True, None),
        ("old", "true", False, "old\n"),
        (None, "true", False, ""),
        ("old", 'printf "%s" "$EXTRA" > "$1"', True, "extra"),
    ],
)
def test_editor(tmp_path, text, body, save, expected):
    """Text comes back as text and bytes as bytes; None says that nothing was saved."""
    program = script(tmp_path / "ed", body)

    assert cli.edit(text, editor=program, require_save=save, env={"EXTRA": "extra"}) == expected


@posix
def test_editor_on_files(tmp_path):
    """Files are edited where they are."""
    program = script(tmp_path / "ed", 'for f; do echo edited > "$f"; done')
    names = [tmp_path / "a", tmp_path / "b"]

    assert cli.edit(filename=names, editor=program) is None
    assert cli.edit(filename=str(names[0]), editor=program) is None
    assert [name.read_text() for name in names] == ["edited\n"] * 2


@posix
@pytest.mark.parametrize(
    ("command", "error"), [("/nope/ed", "No such file"), ("false", "Editing failed"), (" ", "failed")]
)
def test_editor_errors(command, error):
    """An editor that can't be started, or fails, is an error with its name."""
    with pytest.raises(cli.ClickException, match=error):
        cli.edit("x", editor=command)


def test_which_editor(monkeypatch):
    """``VISUAL`` goes before ``EDITOR``, and both before what is found."""
    monkeypatch.setattr(editor.shutil, "which", lambda name: name == "nano" or None)
    assert editor.Editor().get_editor() == "nano"
    monkeypatch.setattr(editor.shutil, "which", lambda name: None)
    assert editor.Editor().get_editor() == "vi"
    monkeypatch.setenv("EDITOR", "one")
    assert editor.Editor().get_editor() == "one"
    monkeypatch.setenv("VISUAL", "two")
    assert editor.Editor().get_editor() == "two"
    assert editor.Editor("three").get_editor() == "three"


@pytest.mark.parametrize(
    ("system", "kwargs", "args"),
    [
        ("linux", {}, ["xdg-open", "/a/b c.txt"]),
        ("linux", {"locate": True}, ["xdg-open", "/a"]),
        ("darwin", {}, ["open", "/a/b c.txt"]),
        ("darwin", {"wait": True, "locate": True}, ["open", "-W", "-R", "/a/b c.txt"]),
        ("nt", {"locate": True}, ["explorer", "/select,/a/b c.txt"]),
    ],
)
def test_launch(monkeypatch, system, kwargs, args):
    """Each system has its program; the path is one argument."""
    started = []

    class Process:
        def __init__(self, words, **settings):
            started.append(words)

        def wait(self):
            return 0

    monkeypatch.setattr(subprocess, "Popen", Process)
    monkeypatch.setattr(sys, "platform", "linux" if system == "nt" else system)
    monkeypatch.setattr(os, "name", "nt" if system == "nt" else "posix")

    assert launch.open_url("file:///a/b%20c.txt", **kwargs) == 0
    assert started == [args]


def test_launch_without_a_desktop(monkeypatch):
    """Without a desktop an address goes to a browser, anything else is an error code."""
    opened = []

    def fail(*args, **kwargs):
        raise FileNotFoundError

    monkeypatch.setattr(subprocess, "Popen", fail)
    monkeypatch.setattr(launch.webbrowser, "open", lambda url: not opened.append(url))
    monkeypatch.setattr(sys, "platform", "linux")

    assert launch.open_url("http://localhost/") == 0
    assert opened == ["http://localhost/"]
    assert launch.open_url("/a") == 1
    monkeypatch.setattr(sys, "platform", "darwin")
    assert launch.open_url("/a") == 1


@pytest.mark.parametrize(("key", "error"), [("\x03", KeyboardInterrupt), ("\x04", EOFError), ("x", None)])
def test_keys_that_end(key, error, monkeypatch):
    """Ctrl-C and Ctrl-D are exceptions."""
    if error is None:
        keys.raise_for_control(key)
        return
    with pytest.raises(error):
        keys.raise_for_control(key)
    if error is EOFError:
        monkeypatch.setattr(os, "name", "nt")
        keys.raise_for_control(key)
        with pytest.raises(EOFError):
            keys.raise_for_control("\x1a")


def test_pause_and_clear(monkeypatch, capsys, at_terminal):
    """Both do something on a terminal only."""
    monkeypatch.setattr(termui, "_getchar", lambda echo: "x")
    cli.pause()
    cli.pause("")
    cli.clear()
    assert capsys.readouterr().out == "Press any key to continue...\n"
    monkeypatch.setattr(termui, "isatty", lambda stream: False)
    cli.pause()
    cli.clear()
    assert capsys.readouterr().out == ""


def test_old_and_type_names():
    """The facade has the names that tests of programs replace, and no others."""
    assert _termui_impl.ProgressBar is not None
    with pytest.raises(AttributeError):
        _termui_impl.nope  # noqa: B018


def test_swinging_mark():
    """Without a length a mark swings instead of a bar that grows."""

    class Terminal(io.StringIO):
        def isatty(self):
            return True

    bar = cli.progressbar((item for item in "abc"), file=Terminal(), width=5)
    bar.avg = [0.5]
    assert bar.format_bar().count("#") == 1
    bar.finish()
    assert bar.format_bar() == "#####"
