"""The streams of the Windows console, on a console that is made of memory."""

from __future__ import annotations

import ctypes
import io
import os
import sys

import pytest

from dray.cli_kit._io import windows


class Kernel:
    """Answers like ``kernel32``: a console with typed text, and what was written to it."""

    def __init__(self, typed="", error=0, accepts=10):
        self.typed = typed
        self.written = ""
        self.error = error
        self.accepts = accepts

    def GetStdHandle(self, number):
        return number

    def GetLastError(self):
        return self.error

    def ReadConsoleW(self, handle, target, units, count, control):
        if self.error:
            return 0
        text, self.typed = self.typed[:units], self.typed[units:]
        data = text.encode("utf-16-le")
        ctypes.memmove(target, data, len(data))
        count._obj.value = len(data) // 2
        return 1

    def WriteConsoleW(self, handle, data, units, count, reserved):
        units = min(units, self.accepts)
        self.written += data[: 2 * units].decode("utf-16-le")
        count._obj.value = units
        return 1


def test_reads_utf_16():
    """Whatever is typed comes as text."""
    raw = windows.ConsoleReader(-10, Kernel("héllo 日\r\n"))
    text = io.TextIOWrapper(io.BufferedReader(raw), "utf-16-le", newline=None)

    assert text.readline() == "héllo 日\n"
    assert raw.isatty()
    assert raw.readable()


def test_end_of_input():
    """Ctrl-Z at the start of a line is the end."""
    assert windows.ConsoleReader(-10, Kernel("\x1a\r\n")).readinto(bytearray(8)) == 0


def test_reading_errors():
    """An odd buffer and a broken console are errors."""
    with pytest.raises(ValueError, match="even number of bytes, not 3"):
        windows.ConsoleReader(-10, Kernel()).readinto(bytearray(3))
    with pytest.raises(OSError, match="Windows error 6"):
        windows.ConsoleReader(-10, Kernel(error=6)).readinto(bytearray(4))


def test_writes_in_pieces():
    """A long text is written in as many pieces as the console takes."""
    kernel = Kernel()
    stream = windows.ConsoleStream(
        windows.NonClosingTextIOWrapper(windows.ConsoleWriter(-11, kernel), "utf-16-le", "strict", line_buffering=True),
        io.BytesIO(),
    )
    stream.writelines(["a long text of many words\n", "日本\n"])
    stream.flush()

    assert kernel.written.replace("\r", "") == "a long text of many words\n日本\n"
    assert stream.write(b"raw") == 3
    assert stream.buffer.getvalue() == b"raw"
    assert not stream.isatty()


def test_full_console():
    """A console that takes nothing is an error, not an endless loop."""
    with pytest.raises(OSError, match="could not be written"):
        windows.ConsoleWriter(-11, Kernel(accepts=0, error=8)).write("x".encode("utf-16-le"))


def test_chosen_only_for_a_console(monkeypatch):
    """The streams serve a console on Windows, and nothing else."""
    assert windows.get_windows_console_stream(sys.stdout, None, None) is None
    monkeypatch.setattr(os, "name", "nt")
    monkeypatch.setattr(windows, "_console_kernel", Kernel)

    class Console(io.TextIOWrapper):
        def fileno(self):
            return 1

    stream = Console(io.BytesIO(), "utf-8")
    assert windows.get_windows_console_stream(stream, None, None) is None
    monkeypatch.setattr(windows, "_is_console", lambda stream: True)
    found = windows.get_windows_console_stream(stream, None, None)
    assert isinstance(found, windows.ConsoleStream)
    assert windows.get_windows_console_stream(stream, "latin-1", None) is None
