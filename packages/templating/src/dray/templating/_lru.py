"""What is kept for later: a mapping of bounded size that forgets what was used least recently, and how all caches of
the package are emptied.

A module that keeps a cache for the life of the process registers the function that empties it. Nothing here knows what
is cached.
"""

from __future__ import annotations

from _thread import allocate_lock as Lock
from collections.abc import MutableMapping

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any, Self

_absent = object()
_clearers: list[Callable[[], object]] = []


class LRUCache:
    """A mapping that keeps the *capacity* most recently used items. Safe to share between threads.

    The order lives in a plain dict: an item that is used is taken out and put in again at the end, so the first item is
    always the one to forget.

    :param capacity: the largest number of items; a negative one bounds nothing
    """

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self._mapping: dict[Any, Any] = {}
        self._lock = Lock()

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._mapping.clear()

    def copy(self) -> Self:
        """Return a cache of the same capacity with the same items in the same order."""
        other = self.__class__(self.capacity)
        with self._lock:
            other._mapping.update(self._mapping)
        return other

    def __getitem__(self, key: Any) -> Any:
        with self._lock:
            value = self._mapping.pop(key)
            self._mapping[key] = value
            return value

    def __setitem__(self, key: Any, value: Any) -> None:
        with self._lock:
            mapping = self._mapping
            if mapping.pop(key, _absent) is _absent and 0 <= self.capacity <= len(mapping):
                if not mapping:
                    raise IndexError("a cache of capacity 0 takes no items")
                del mapping[next(iter(mapping))]
            mapping[key] = value

    def __delitem__(self, key: Any) -> None:
        with self._lock:
            del self._mapping[key]

    def __contains__(self, key: Any) -> bool:
        return key in self._mapping

    def __len__(self) -> int:
        return len(self._mapping)

    def __iter__(self) -> Iterator[Any]:
        with self._lock:
            return iter(list(reversed(self._mapping)))

    def __reversed__(self) -> Iterator[Any]:
        with self._lock:
            return iter(list(self._mapping))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._mapping!r}>"

    def get(self, key: Any, default: Any = None) -> Any:
        """Return the item of *key* and count that as use, or *default*."""
        with self._lock:
            mapping = self._mapping
            value = mapping.pop(key, _absent)
            if value is _absent:
                return default
            mapping[key] = value
            return value

    def setdefault(self, key: Any, default: Any = None) -> Any:
        """Return the item of *key*; store *default* first if there is none."""
        try:
            return self[key]
        except KeyError:
            self[key] = default
            return default

    def keys(self) -> Iterable[Any]:
        """Return the keys as a list, the most recently used first."""
        return list(self)

    def values(self) -> Iterable[Any]:
        """Return the values as a list, the most recently used first."""
        return [value for _, value in self.items()]

    def items(self) -> Iterable[tuple[Any, Any]]:
        """Return the items as a list, the most recently used first."""
        with self._lock:
            return list(reversed(self._mapping.items()))

    def __getstate__(self) -> dict[str, Any]:
        return {"capacity": self.capacity, "_mapping": self._mapping}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._lock = Lock()

    def __getnewargs__(self) -> tuple[int]:
        return (self.capacity,)

    __copy__ = copy


MutableMapping.register(LRUCache)


def register_cache(clear: Callable[[], object]) -> None:
    """Remember how to empty a cache.

    :param clear: called without arguments by :func:`clear_caches`
    """
    _clearers.append(clear)


def clear_caches() -> None:
    """Empty every cache that the package keeps for the life of the process: lexers and spontaneous environments."""
    for clear in _clearers:
        clear()
