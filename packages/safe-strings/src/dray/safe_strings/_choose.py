"""Choose the escaping kernel.

Everything above imports the kernel from here, so which one is used is decided in one place.
"""

from __future__ import annotations

from ._native import escape_inner, escape_to_str

__all__ = ["escape_inner", "escape_to_str"]
