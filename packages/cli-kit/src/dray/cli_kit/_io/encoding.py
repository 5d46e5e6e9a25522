"""Which stream is binary, and which encoding is fit for text.

It must not know which streams there are.
"""

from __future__ import annotations

import sys

from .._utils import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import IO, Any, BinaryIO, TextIO

__all__ = [
    "find_binary_reader",
    "find_binary_writer",
    "get_argv_encoding",
    "get_best_encoding",
    "is_ascii_encoding",
    "is_binary_reader",
    "is_binary_writer",
    "stream_is_misconfigured",
]

# What codecs.lookup() answers for the aliases of ASCII that a locale can name; no import for the common question.
_ASCII = frozenset({"ascii", "us-ascii", "ansi_x3.4-1968", "646", "iso646-us", "us", "cp367", "ibm367"})
_UTF8 = frozenset({"utf-8", "utf8"})


def is_ascii_encoding(encoding: str) -> bool:
    """Say whether an encoding is plain ASCII under any of its names.

    :param encoding: a codec name.
    """
    return encoding.lower().replace("_", "-") in _ASCII or encoding.lower() in _ASCII


def get_best_encoding(stream: IO[Any]) -> str:
    """Return the encoding for text on a stream: its own, but UTF-8 instead of ASCII.

    :param stream: a text stream, or a binary one that names an encoding.
    """
    encoding = getattr(stream, "encoding", None) or sys.getdefaultencoding()
    return "utf-8" if is_ascii_encoding(encoding) else encoding


def get_argv_encoding() -> str:
    """Return the encoding in which the system hands over arguments."""
    return getattr(sys.stdin, "encoding", None) or sys.getfilesystemencoding()


def stream_is_misconfigured(stream: TextIO) -> bool:
    """Say whether a text stream fell back to ASCII, which no terminal of today means.

    :param stream: a text stream.
    """
    encoding = getattr(stream, "encoding", None) or "ascii"
    return encoding not in _UTF8 and is_ascii_encoding(encoding)


def is_binary_reader(stream: IO[Any], default: bool = False) -> bool:
    """Say whether reading a stream gives bytes.

    :param stream: the stream; nothing is taken from it.
    :param default: the answer when it can't be read.
    """
    try:
        return isinstance(stream.read(0), bytes)
    except Exception:
        return default


def is_binary_writer(stream: IO[Any], default: bool = False) -> bool:
    """Say whether a stream takes bytes.

    :param stream: the stream; nothing visible is written to it.
    :param default: the answer when it takes neither bytes nor text.
    """
    try:
        stream.write(b"")
    except Exception:
        try:
            stream.write("")
            return False
        except Exception:
            return default
    return True


def find_binary_reader(stream: IO[Any]) -> BinaryIO | None:
    """Find the binary stream behind a stream that is read.

    :param stream: a binary stream or a text stream on one.
    :return: the binary stream, or None when there is none.
    """
    return _find(stream, is_binary_reader)  # type: ignore[no-any-return]


def find_binary_writer(stream: IO[Any]) -> BinaryIO | None:
    """Find the binary stream behind a stream that is written.

    :param stream: a binary stream or a text stream on one.
    :return: the binary stream, or None when there is none.
    """
    return _find(stream, is_binary_writer)  # type: ignore[no-any-return]


def _find(stream: Any, is_binary: Any) -> Any:
    if is_binary(stream, False):
        return stream
    buffer = getattr(stream, "buffer", None)
    # The buffer of a text stream is binary unless it proves otherwise: closed pipes can't be probed.
    return buffer if buffer is not None and is_binary(buffer, True) else None
