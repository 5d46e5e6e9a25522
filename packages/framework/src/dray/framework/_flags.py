"""Switches in the environment. They are read when asked for, so that a test or a command line can set them."""

from __future__ import annotations

import os

from ._spelling import spelling


def flag(name: str, default: bool) -> bool:
    """Read a switch such as ``DRAY_DEBUG``: ``0``, ``false`` and ``no`` are off, any other text is on."""
    value = os.environ.get(name, "").strip().lower()
    return value not in {"0", "false", "no"} if value else default


def get_debug_flag() -> bool:
    """Tell whether ``DRAY_DEBUG`` asks for debug mode."""
    return flag(spelling.variable("DEBUG"), False)


def get_load_dotenv(default: bool = True) -> bool:
    """Tell whether ``.env`` files are to be read: unless ``DRAY_SKIP_DOTENV`` is on.

    :param default: the answer when the switch isn't set.
    """
    return not flag(spelling.variable("SKIP_DOTENV"), not default)
