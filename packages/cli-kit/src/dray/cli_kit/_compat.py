"""The names of streams, encodings and escape sequences under one roof.

A facade over :mod:`._io` and :mod:`._ansi` for code that looks these names up here. No code of its own.
"""

from __future__ import annotations

import sys

from ._ansi import strip_ansi, term_len
from ._io.encoding import (
    find_binary_reader as _find_binary_reader,
)
from ._io.encoding import (
    find_binary_writer as _find_binary_writer,
)
from ._io.encoding import (
    get_argv_encoding as _get_argv_encoding,
)
from ._io.encoding import (
    get_best_encoding,
    is_ascii_encoding,
)
from ._io.files import AtomicFile as _AtomicFile
from ._io.files import open_stream
from ._io.streams import (
    _default_text_stderr,
    _default_text_stdin,
    _default_text_stdout,
    binary_streams,
    get_binary_stderr,
    get_binary_stdin,
    get_binary_stdout,
    get_text_stderr,
    get_text_stdin,
    get_text_stdout,
    isatty,
    should_strip_ansi,
    text_streams,
)
from ._io.wrappers import FixupStream as _FixupStream
from ._io.wrappers import NonClosingTextIOWrapper as _NonClosingTextIOWrapper

CYGWIN = sys.platform.startswith("cygwin")
WIN = sys.platform.startswith("win")

__all__ = [
    "CYGWIN",
    "WIN",
    "_AtomicFile",
    "_FixupStream",
    "_NonClosingTextIOWrapper",
    "_default_text_stderr",
    "_default_text_stdin",
    "_default_text_stdout",
    "_find_binary_reader",
    "_find_binary_writer",
    "_get_argv_encoding",
    "binary_streams",
    "get_best_encoding",
    "get_binary_stderr",
    "get_binary_stdin",
    "get_binary_stdout",
    "get_text_stderr",
    "get_text_stdin",
    "get_text_stdout",
    "is_ascii_encoding",
    "isatty",
    "open_stream",
    "should_strip_ansi",
    "strip_ansi",
    "term_len",
    "text_streams",
]
