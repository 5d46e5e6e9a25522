"""Text that knows whether it is safe HTML.

This package only re-exports; the code is in :mod:`._markup` and :mod:`._format`.
"""

from ._format import EscapeFormatter
from ._markup import Markup, escape, escape_silent, soft_str

__all__ = ["EscapeFormatter", "Markup", "escape", "escape_silent", "soft_str"]
