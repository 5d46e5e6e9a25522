"""What several containers share: refusing every change, and telling somebody about each one.

The mixins stand before a built-in container in the list of bases and know nothing of what is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import repeat
from typing import TYPE_CHECKING, Any, Generic, NoReturn, TypeVar, cast

from .._internal import _missing

if TYPE_CHECKING:
    from typing import Self

F = TypeVar("F", bound=Callable[..., Any])
K = TypeVar("K")
T = TypeVar("T")
V = TypeVar("V")


def _refuse(self: object) -> NoReturn:
    raise TypeError(f"{type(self).__name__!r} objects are immutable")


class ImmutableListMixin:
    """Make a list that can't be changed, and so can be hashed."""

    _hash_cache: int | None = None

    def __hash__(self) -> int:
        if self._hash_cache is None:
            self._hash_cache = hash(tuple(cast("list[Any]", self)))

        return self._hash_cache

    def __reduce_ex__(self, protocol: Any) -> Any:
        return type(self), (list(cast("list[Any]", self)),)

    def __delitem__(self, key: Any) -> NoReturn:
        _refuse(self)

    def __iadd__(self, other: Any) -> NoReturn:
        _refuse(self)

    def __imul__(self, other: Any) -> NoReturn:
        _refuse(self)

    def __setitem__(self, key: Any, value: Any) -> NoReturn:
        _refuse(self)

    def append(self, item: Any) -> NoReturn:
        """Refuse."""
        _refuse(self)

    def remove(self, item: Any) -> NoReturn:
        """Refuse."""
        _refuse(self)

    def extend(self, iterable: Any) -> NoReturn:
        """Refuse."""
        _refuse(self)

    def insert(self, pos: Any, value: Any) -> NoReturn:
        """Refuse."""
        _refuse(self)

    def pop(self, index: Any = -1) -> NoReturn:
        """Refuse."""
        _refuse(self)

    def reverse(self: Any) -> NoReturn:
        """Refuse."""
        _refuse(self)

    def sort(self, key: Any = None, reverse: Any = False) -> NoReturn:
        """Refuse."""
        _refuse(self)


class ImmutableDictMixin(Generic[K, V]):
    """Make a dict that can't be changed, and so can be hashed."""

    _hash_cache: int | None = None

    @classmethod
    def fromkeys(cls, keys: Iterable[K], value: V | None = None) -> Self:
        """Make a dict with the same value for each key."""
        return cls(zip(keys, repeat(value), strict=False))  # type: ignore[call-arg]

    def __reduce_ex__(self, protocol: Any) -> Any:
        return type(self), (dict(cast("dict[K, V]", self)),)

    def _iter_hashitems(self) -> Iterable[Any]:
        return cast("dict[K, V]", self).items()

    def __hash__(self) -> int:
        if self._hash_cache is None:
            self._hash_cache = hash(frozenset(self._iter_hashitems()))

        return self._hash_cache

    def setdefault(self, key: Any, default: Any = None) -> NoReturn:
        """Refuse."""
        _refuse(self)

    def update(self, arg: Any, /, **kwargs: Any) -> NoReturn:
        """Refuse."""
        _refuse(self)

    def __ior__(self, other: Any) -> NoReturn:
        _refuse(self)

    def pop(self, key: Any, default: Any = None) -> NoReturn:
        """Refuse."""
        _refuse(self)

    def popitem(self) -> NoReturn:
        """Refuse."""
        _refuse(self)

    def __setitem__(self, key: Any, value: Any) -> NoReturn:
        _refuse(self)

    def __delitem__(self, key: Any) -> NoReturn:
        _refuse(self)

    def clear(self) -> NoReturn:
        """Refuse."""
        _refuse(self)


class ImmutableMultiDictMixin(ImmutableDictMixin[K, V]):
    """Make a multi dict that can't be changed."""

    def __reduce_ex__(self, protocol: Any) -> Any:
        return type(self), (list(cast("Any", self).items(multi=True)),)

    def _iter_hashitems(self) -> Iterable[Any]:
        return cast("Iterator[Any]", cast("Any", self).items(multi=True))

    def add(self, key: Any, value: Any) -> NoReturn:
        """Refuse."""
        _refuse(self)

    def popitemlist(self) -> NoReturn:
        """Refuse."""
        _refuse(self)

    def poplist(self, key: Any) -> NoReturn:
        """Refuse."""
        _refuse(self)

    def setlist(self, key: Any, new_list: Any) -> NoReturn:
        """Refuse."""
        _refuse(self)

    def setlistdefault(self, key: Any, default_list: Any = None) -> NoReturn:
        """Refuse."""
        _refuse(self)


class ImmutableHeadersMixin:
    """Make headers that can't be changed. They aren't hashed: other code may change what stands behind them."""

    def __delitem__(self, key: Any, **kwargs: Any) -> NoReturn:
        _refuse(self)

    def __setitem__(self, key: Any, value: Any) -> NoReturn:
        _refuse(self)

    def set(self, key: Any, value: Any, /, **kwargs: Any) -> NoReturn:
        """Refuse."""
        _refuse(self)

    def setlist(self, key: Any, values: Any) -> NoReturn:
        """Refuse."""
        _refuse(self)

    def add(self, key: Any, value: Any, /, **kwargs: Any) -> NoReturn:
        """Refuse."""
        _refuse(self)

    def add_header(self, key: Any, value: Any, /, **kwargs: Any) -> NoReturn:
        """Refuse."""
        _refuse(self)

    def remove(self, key: Any) -> NoReturn:
        """Refuse."""
        _refuse(self)

    def extend(self, arg: Any, /, **kwargs: Any) -> NoReturn:
        """Refuse."""
        _refuse(self)

    def update(self, arg: Any, /, **kwargs: Any) -> NoReturn:
        """Refuse."""
        _refuse(self)

    def __ior__(self, other: Any) -> NoReturn:
        _refuse(self)

    def insert(self, pos: Any, value: Any) -> NoReturn:
        """Refuse."""
        _refuse(self)

    def pop(self, key: Any = None, default: Any = _missing) -> NoReturn:
        """Refuse."""
        _refuse(self)

    def popitem(self) -> NoReturn:
        """Refuse."""
        _refuse(self)

    def setdefault(self, key: Any, default: Any) -> NoReturn:
        """Refuse."""
        _refuse(self)

    def setlistdefault(self, key: Any, default: Any) -> NoReturn:
        """Refuse."""
        _refuse(self)


class UpdateDictMixin(dict[K, V]):
    """Make a dict that calls ``on_update(self)`` after each change."""

    #: Called with the dict after each change.
    on_update: Callable[[Self], None] | None = None

    def setdefault(self: Self, key: K, default: V | None = None) -> V:
        """Return the value of a key, after entering the default if it is missing."""
        modified = key not in self
        value = super().setdefault(key, default)  # type: ignore[arg-type]

        if modified:
            self._tell()

        return value

    def pop(self: Self, key: K, default: V | T = _missing) -> V | T:  # type: ignore[assignment]
        """Remove a key and return its value, or the default if one is given."""
        modified = key in self
        value: V | T

        if default is _missing:
            value = super().pop(key)
        else:
            value = super().pop(key, default)

        if modified:
            self._tell()

        return value

    def _tell(self) -> None:
        on_update: Callable[[Any], None] | None = self.on_update

        if on_update is not None:
            on_update(self)

    def update(  # type: ignore[override]
        self, arg: Mapping[K, V] | Iterable[tuple[K, V]] | None = None, /, **kwargs: V
    ) -> None:
        """Enter all pairs of a mapping or an iterable, and the keyword arguments."""
        super().update(() if arg is None else arg, **kwargs)
        self._tell()

    def __ior__(self, other: Mapping[K, V] | Iterable[tuple[K, V]]) -> Self:  # type: ignore[override, misc]
        super().__ior__(other)
        self._tell()
        return self

    def __delitem__(self, key: K) -> None:
        super().__delitem__(key)
        self._tell()

    def __setitem__(self, key: K, value: V) -> None:
        super().__setitem__(key, value)
        on_update: Callable[[Any], None] | None = self.on_update

        if on_update is not None:
            on_update(self)

    def popitem(self) -> tuple[K, V]:
        """Remove and return the last pair."""
        pair = super().popitem()
        self._tell()
        return pair

    def clear(self) -> None:
        """Remove all keys."""
        super().clear()
        self._tell()
