"""Writing text, standard streams and files by name."""

from __future__ import annotations

import io
import os
import sys

import pytest

import dray.cli_kit as cli
from dray.cli_kit import _compat, utils
from dray.cli_kit._io import streams
from dray.cli_kit._io.encoding import is_ascii_encoding
from dray.cli_kit._io.wrappers import FixupStream, PacifyFlushWrapper


class Text(io.StringIO):
    """A text stream that may be a terminal."""

    def __init__(self, terminal=False):
        super().__init__()
        self.terminal = terminal

    def isatty(self):
        return self.terminal


@pytest.mark.parametrize(
    ("message", "nl", "expected"),
    [
        ("a", True, "a\n"),
        ("a", False, "a"),
        (None, True, "\n"),
        (None, False, ""),
        (3, True, "3\n"),
        ("é", True, "é\n"),
    ],
)
def test_echo_text(message, nl, expected):
    """Text is written as it is, anything else in its text form."""
    stream = Text()
    cli.echo(message, file=stream, nl=nl)

    assert stream.getvalue() == expected


@pytest.mark.parametrize(("message", "expected"), [(b"a\xff", b"a\xff\n"), (bytearray(b"x"), b"x\n"), (b"", b"\n")])
def test_echo_bytes(message, expected):
    """Bytes go to the binary stream unchanged, after the text before them."""
    binary = io.BytesIO()
    stream = io.TextIOWrapper(binary, encoding="ascii")
    stream.write("t")
    cli.echo(message, file=stream)

    assert binary.getvalue() == b"t" + expected


@pytest.mark.parametrize(
    ("terminal", "color", "kept"),
    [(True, None, True), (False, None, False), (False, True, True), (True, False, False)],
)
def test_echo_colors(terminal, color, kept):
    """Escape sequences are kept on terminals, or where that is asked for."""
    stream = Text(terminal)
    cli.secho("x", fg="red", file=stream, color=color)

    assert stream.getvalue() == ("\x1b[31mx\x1b[0m\n" if kept else "x\n")


def test_echo_without_streams(monkeypatch):
    """A windowed program has no standard streams: nothing happens."""
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)

    cli.echo("x")
    cli.echo("x", err=True)


@pytest.mark.parametrize(
    ("text", "encoding", "expected"),
    [("a\udcffb", "utf-8", b"a\xffb\n"), ("é日", "latin-1", b"\xe9?\n"), ("\ud800", "utf-8", b"?\n")],
)
def test_echo_of_what_does_not_fit(text, encoding, expected):
    """Bytes that were no text come out as they came in; characters that the encoding lacks are replaced."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    stream.write("before ")
    cli.echo(text, file=stream)

    assert stream.buffer.getvalue() == b"before " + expected


def test_secho_leaves_bytes_alone():
    """Bytes have no style."""
    stream = io.TextIOWrapper(io.BytesIO())
    cli.secho(b"x", fg="red", file=stream)

    assert stream.buffer.getvalue() == b"x\n"


@pytest.mark.parametrize("name", ["ascii", "US-ASCII", "646", "ANSI_X3.4-1968", "us"])
def test_ascii_encodings(name):
    """Plain ASCII is known under its names."""
    assert is_ascii_encoding(name)
    assert not is_ascii_encoding("utf-8")
    assert not is_ascii_encoding("latin-1")


def test_ascii_stream_is_replaced(monkeypatch):
    """A standard stream that fell back to ASCII takes any character, through one wrapper."""
    binary = io.BytesIO()
    stream = io.TextIOWrapper(binary, encoding="ascii")
    monkeypatch.setattr(sys, "stdout", stream)
    cli.echo("é")
    cli.echo("日")

    assert binary.getvalue() == "é\n日\n".encode()
    assert streams._default_text_stdout() is streams._default_text_stdout()
    assert not stream.closed


def test_sane_stream_is_used_as_it_is(monkeypatch):
    """A stream in UTF-8 needs no wrapper."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    monkeypatch.setattr(sys, "stdout", stream)

    assert _compat.get_text_stdout() is stream
    assert _compat.get_binary_stdout() is stream.buffer
    assert _compat.get_text_stdout(encoding="latin-1") is not stream


def test_stream_without_bytes(monkeypatch):
    """A stream that has no bytes says so."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("x"))
    with pytest.raises(RuntimeError, match="no binary stream behind sys.stdin"):
        _compat.get_binary_stdin()


@pytest.mark.parametrize("name", ["stdin", "stdout", "stderr"])
def test_unknown_stream(name):
    """The functions by name know three names."""
    assert name in utils.binary_streams
    with pytest.raises(TypeError, match="Unknown standard stream 'x'"):
        utils._get_binary_stream("x")
    with pytest.raises(TypeError, match="Unknown standard stream 'x'"):
        utils._get_text_stream("x")


def test_fixup_stream_asks_by_trying():
    """A stream without the questions is tried."""

    class Bare:
        def read(self, size):
            return b""

    fixed = FixupStream(Bare())

    assert (fixed.readable(), fixed.writable(), fixed.seekable()) == (True, False, False)
    assert fixed.read1(1) == b""
    assert FixupStream(Bare(), force_writable=True).writable()


def test_pacified_flush():
    """A reader that has gone away is no error at the end."""

    class Gone(io.StringIO):
        def flush(self):
            raise BrokenPipeError

    PacifyFlushWrapper(Gone()).flush()


def test_atomic_file(tmp_path):
    """The target changes when the file is closed, keeps its permissions, and nothing is left beside it."""
    path = tmp_path / "target"
    path.write_text("old")
    path.chmod(0o640)
    with cli.open_file(path, "w", atomic=True) as file:
        file.write("new")
        file.flush()
        assert path.read_text() == "old"
    assert path.read_text() == "new"
    assert path.stat().st_mode & 0o777 == 0o640
    assert os.listdir(tmp_path) == ["target"]


def test_atomic_file_after_an_exception(tmp_path):
    """An exception leaves the target as it was, and no temporary file."""
    path = tmp_path / "target"
    path.write_text("old")
    with pytest.raises(ZeroDivisionError), cli.open_file(path, "w", atomic=True) as file:
        file.write("half")
        raise ZeroDivisionError
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["target"]


def test_atomic_file_through_a_link(tmp_path):
    """What a link points to is replaced, not the link."""
    (tmp_path / "target").write_text("old")
    (tmp_path / "link").symlink_to("target")
    with cli.open_file(tmp_path / "link", "w", atomic=True) as file:
        file.write("new")

    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "target").read_text() == "new"


@pytest.mark.parametrize("mode", ["a", "x", "r", "r+", "w+"])
def test_atomic_modes(tmp_path, mode):
    """Only writing from the start can be atomic."""
    with pytest.raises(ValueError, match="An atomic file is written from its start"):
        cli.open_file(tmp_path / "f", mode, atomic=True)


def test_lazy_file(tmp_path):
    """A lazy file is created when it is used; a missing one for reading is noticed at once."""
    path = tmp_path / "f"
    file = cli.open_file(path, "w", lazy=True)
    assert repr(file) == f"<unopened file '{path}' w>"
    assert not path.exists()
    with file:
        file.write("x")
    assert path.read_text() == "x"
    with cli.open_file(path, "r", lazy=True) as again:
        assert list(again) == ["x"]
    with pytest.raises(FileNotFoundError):
        cli.open_file(tmp_path / "none", lazy=True)
    with pytest.raises(cli.FileError, match="No such file or directory"):
        cli.open_file(tmp_path / "no" / "folder", "w", lazy=True).write("x")


def test_lazy_atomic_file(tmp_path):
    """A file that is lazy and atomic is thrown away after an exception."""
    path = tmp_path / "f"
    with pytest.raises(ZeroDivisionError), cli.open_file(path, "w", lazy=True, atomic=True) as file:
        file.write("half")
        raise ZeroDivisionError
    assert os.listdir(tmp_path) == []


def test_dash_stays_open(runner):
    """``-`` is a standard stream, which the end of a block leaves open."""

    @cli.command()
    def command():
        with cli.open_file("-", "w") as out, cli.open_file("-") as source:
            out.write(source.read())
        cli.echo("open")

    assert runner.invoke(command, input="in\n").output == "in\nopen\n"


def test_file_type_closes_and_flushes(runner, tmp_path):
    """Files of the ``File`` type are closed with the context, standard streams are flushed."""
    seen = []

    @cli.command()
    @cli.argument("src", type=cli.File("r"))
    @cli.argument("dst", type=cli.File("w", atomic=True))
    def command(src, dst):
        dst.write(src.read().upper())
        seen.extend([src, dst])

    (tmp_path / "in").write_text("text")
    result = runner.invoke(command, [str(tmp_path / "in"), str(tmp_path / "out")])

    assert result.exception is None
    assert (tmp_path / "out").read_text() == "TEXT"
    assert seen[0].closed
    assert runner.invoke(command, ["-", "-"], input="x").output == "X"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("LazyFile", utils._LazyFile),
        ("KeepOpenFile", utils._KeepOpenFile),
        ("PacifyFlushWrapper", utils._PacifyFlushWrapper),
        ("safecall", utils._safecall),
        ("make_default_short_help", utils._make_default_short_help),
        ("get_binary_stream", utils._get_binary_stream),
        ("get_text_stream", utils._get_text_stream),
    ],
)
def test_old_names(name, expected):
    """Old names still work, with a warning; unknown ones are errors."""
    with pytest.warns(DeprecationWarning, match=name):
        assert getattr(utils, name) is expected
    with pytest.raises(AttributeError, match="has no attribute 'nope'"):
        utils.nope  # noqa: B018


def test_old_base_classes():
    """The old base classes still answer for the new ones."""
    with pytest.warns(DeprecationWarning, match="Use 'Command'"):
        from dray.cli_kit.core import BaseCommand
    with pytest.warns(DeprecationWarning, match="Use 'Group'"):
        from dray.cli_kit.core import MultiCommand

    assert isinstance(cli.Command("x"), BaseCommand)
    assert isinstance(cli.Group("x"), MultiCommand)
    assert not isinstance(cli.Command("x"), MultiCommand)
    with pytest.warns(DeprecationWarning, match="parser isn't public"):
        from dray.cli_kit.parser import OptionParser

    assert OptionParser is not None


@pytest.mark.parametrize("name", ["BaseCommand", "MultiCommand", "OptionParser", "get_text_stream"])
def test_old_names_of_the_package(name):
    """The package itself has its old names too."""
    with pytest.warns(DeprecationWarning, match=name):
        assert getattr(cli, name) is not None


def test_safecall():
    """A function whose exceptions are lost."""
    assert utils._safecall(lambda: 1 / 0)() is None
    assert utils._safecall(lambda: 1)() == 1


def test_expand_args(tmp_path, monkeypatch):
    """Patterns, variables and ``~`` are expanded; what matches nothing stays."""
    (tmp_path / "a.txt").write_text("")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "b.txt").write_text("")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/me")
    monkeypatch.setenv("NAME", "value")

    assert utils._expand_args(["*.txt", "**/b.txt", "~", "$NAME", "*.nope", "[bad"]) == (
        ["a.txt", os.path.join("sub", "b.txt"), "/home/me", "value", "*.nope", "[bad"]
    )
