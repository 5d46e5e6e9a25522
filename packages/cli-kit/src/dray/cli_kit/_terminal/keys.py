"""Single keys from the terminal, without waiting for the end of a line.

POSIX: the terminal is switched to raw mode (termios) and back. Windows: ``getwch`` of the C library. It must not know
prompts.
"""

from __future__ import annotations

import contextlib
import os
import sys

from .._utils import TYPE_CHECKING
from .lookup import isatty

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["getchar", "raw_terminal"]

#: Bytes of the longest key: escape sequences of modified function keys have up to eight.
_LONGEST_KEY = 32


def raise_for_control(char: str) -> None:
    """Turn the keys that end something into exceptions.

    :param char: the key.
    :raises KeyboardInterrupt: Ctrl-C.
    :raises EOFError: Ctrl-D, or Ctrl-Z on Windows.
    """
    if char == "\x03":
        raise KeyboardInterrupt()
    if char == ("\x1a" if os.name == "nt" else "\x04"):
        raise EOFError()


if sys.platform == "win32":
    import msvcrt

    @contextlib.contextmanager
    def raw_terminal() -> Iterator[int]:
        """Do nothing: the console hands over single keys anyway.

        :return: -1 for the descriptor.
        """
        yield -1

    def getchar(echo: bool) -> str:
        """Read one key.

        :param echo: show the key.
        :return: its characters; function keys and arrows have two.
        :raises KeyboardInterrupt: Ctrl-C.
        :raises EOFError: Ctrl-Z.
        """
        read = msvcrt.getwche if echo else msvcrt.getwch
        char = read()
        if char in ("\x00", "\xe0"):
            char += read()
        raise_for_control(char)
        return char

else:
    import termios
    import tty

    @contextlib.contextmanager
    def raw_terminal() -> Iterator[int]:
        """Switch the terminal to raw mode within a ``with`` block.

        :return: the terminal's descriptor: standard input's, or that of ``/dev/tty`` when standard input is redirected.
        """
        if isatty(sys.stdin):
            descriptor, own = sys.stdin.fileno(), False
        else:
            descriptor, own = os.open("/dev/tty", os.O_RDWR), True
        try:
            before = termios.tcgetattr(descriptor)
            try:
                # What was typed ahead isn't thrown away.
                tty.setraw(descriptor, termios.TCSADRAIN)
                yield descriptor
            finally:
                termios.tcsetattr(descriptor, termios.TCSADRAIN, before)
                sys.stdout.flush()
        finally:
            if own:
                os.close(descriptor)

    def getchar(echo: bool) -> str:
        """Read one key.

        :param echo: show the key.
        :return: its characters; function keys and arrows have several.
        :raises KeyboardInterrupt: Ctrl-C.
        :raises EOFError: Ctrl-D, or the terminal is gone.
        """
        with raw_terminal() as descriptor:
            data = os.read(descriptor, _LONGEST_KEY)
            if not data:
                raise EOFError()
            char = data.decode(sys.stdin.encoding or "utf-8", "replace")
            if echo and isatty(sys.stdout):
                sys.stdout.write(char)
            raise_for_control(char)
            return char
