"""Text that knows whether it is safe HTML.

This package only re-exports; the code is in :mod:`._markup`, :mod:`._format` and :mod:`.contexts`.
"""

from __future__ import annotations

from ._format import EscapeFormatter
from ._markup import Markup, escape, escape_silent, soft_str
from .contexts import escape_js, escape_url

TYPE_CHECKING = False  # as it is when running: typing takes longer to load than all of this
if TYPE_CHECKING:
    from typing import Any

__all__ = ["EscapeFormatter", "Markup", "escape", "escape_js", "escape_silent", "escape_url", "soft_str"]


def __getattr__(name: str) -> Any:
    """Give names that are gone elsewhere but still in use, with a warning."""
    from ._deprecated import lookup  # noqa: PLC0415 - nobody pays for what few ask for

    return lookup(name)
