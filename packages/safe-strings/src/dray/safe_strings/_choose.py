"""Choose the kernel: C where it was built, Python otherwise.

Everything above imports the kernel from here. ``DRAY_SAFE_STRINGS_PURE=1`` in the environment, before the first import,
forces Python: to compare the two, or to debug into it.
"""

from __future__ import annotations

import os

__all__ = ["MarkupBase", "_bind", "escape", "escape_arguments", "escape_inner", "escape_to_str"]

TYPE_CHECKING = False

if TYPE_CHECKING or os.environ.get("DRAY_SAFE_STRINGS_PURE") == "1":
    from ._native import MarkupBase, _bind, escape, escape_arguments, escape_inner, escape_to_str
else:
    try:
        from ._speedups import MarkupBase, _bind, escape, escape_arguments, escape_inner, escape_to_str
    except ImportError:  # built without a compiler
        from ._native import MarkupBase, _bind, escape, escape_arguments, escape_inner, escape_to_str
