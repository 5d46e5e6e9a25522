"""Text that knows whether it is safe HTML.

This package only re-exports; the code is in :mod:`._markup`, :mod:`._format` and :mod:`.contexts`. The latter two are
imported when they are first asked for.
"""

from __future__ import annotations

from ._markup import Markup, escape, escape_silent, soft_str

TYPE_CHECKING = False  # as it is when running: typing takes longer to load than all of this
if TYPE_CHECKING:
    from typing import Any

    from ._format import EscapeFormatter
    from .contexts import escape_js, escape_url

__all__ = ["EscapeFormatter", "Markup", "escape", "escape_js", "escape_silent", "escape_url", "soft_str"]


_LATE = {"EscapeFormatter": "_format", "escape_js": "contexts", "escape_url": "contexts"}


def __getattr__(name: str) -> Any:
    """Import what few ask for; give names that are gone elsewhere but still in use, with a warning (PEP 562)."""
    if name in _LATE:
        value = globals()[name] = getattr(__import__(f"{__name__}.{_LATE[name]}", fromlist=[name]), name)
        return value
    from ._deprecated import lookup  # noqa: PLC0415 - nobody pays for what few ask for

    return lookup(name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
