"""The terminal's parts under one roof.

A facade over :mod:`._terminal` for code that looks these names up, or replaces them, here. No code of its own.
"""

from __future__ import annotations

import sys

from ._compat import _default_text_stdout, isatty
from ._deprecation import deprecated_names
from ._terminal.editor import Editor
from ._terminal.keys import getchar, raw_terminal
from ._terminal.keys import raise_for_control as _translate_ch_to_exc
from ._terminal.launch import open_url
from ._terminal.pager import (
    PagerWriter as _PagerWriter,
)
from ._terminal.pager import (
    get_pager_file,
)
from ._terminal.pager import (
    less_uses_raw_mode as _less_uses_raw_mode,
)
from ._terminal.pager import (
    null_pager as _nullpager,
)
from ._terminal.pager import (
    pipe_pager as _pipepager,
)
from ._terminal.pager import (
    resolve_pager_command as _resolve_pager_command,
)
from ._terminal.pager import (
    tempfile_pager as _tempfilepager,
)
from ._terminal.progress import AFTER_BAR, BEFORE_BAR, ProgressBar

CYGWIN = sys.platform.startswith("cygwin")
WIN = sys.platform.startswith("win")

__all__ = [
    "AFTER_BAR",
    "BEFORE_BAR",
    "CYGWIN",
    "WIN",
    "Editor",
    "ProgressBar",
    "_PagerWriter",
    "_default_text_stdout",
    "_less_uses_raw_mode",
    "_nullpager",
    "_pipepager",
    "_resolve_pager_command",
    "_tempfilepager",
    "_translate_ch_to_exc",
    "get_pager_file",
    "getchar",
    "isatty",
    "open_url",
    "raw_terminal",
]

__getattr__ = deprecated_names(__name__, {}, type_variables=("V",))
