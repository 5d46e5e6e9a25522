"""The caches of the package, so that one call empties all of them.

A module that keeps a cache registers the function that empties it; nothing here knows what is cached.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_clearers: list[Callable[[], object]] = []


def register_cache(clear: Callable[[], object]) -> None:
    """Remember how to empty a cache.

    :param clear: called without arguments by :func:`clear_caches`
    """
    _clearers.append(clear)


def clear_caches() -> None:
    """Empty every cache that the package keeps for the life of the process: lexers and spontaneous environments."""
    for clear in _clearers:
        clear()
