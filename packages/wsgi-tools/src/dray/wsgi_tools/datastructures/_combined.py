"""Several multi dicts read as one: ``request.values`` is the query string and the form together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar, cast, overload

from ..exceptions.client import BadRequestKeyError
from ._multi_dict import MultiDict, _convert_all
from .mixins import ImmutableMultiDictMixin

if TYPE_CHECKING:
    from typing import Self

K = TypeVar("K")
T = TypeVar("T")
V = TypeVar("V")


class CombinedMultiDict(ImmutableMultiDictMixin[K, V], MultiDict[K, V]):  # type: ignore[misc]
    """A read-only view of several multi dicts: the first one that has a key wins.

    :param dicts: the multi dicts, which stay where they are: a change of one is seen here.
    """

    def __reduce_ex__(self, protocol: Any) -> Any:
        return type(self), (self.dicts,)

    def __init__(self, dicts: Iterable[MultiDict[K, V]] | None = None) -> None:
        super().__init__()
        #: The dicts that are shown.
        self.dicts: list[MultiDict[K, V]] = [*dicts] if dicts is not None else []

    @classmethod
    def fromkeys(cls, keys: Any, value: Any = None) -> NoReturn:
        """Refuse: there is no dict to put the keys in.

        :raises TypeError: always.
        """
        raise TypeError(f"{cls.__name__!r} shows other dicts, so it can't be made of keys")

    def __getitem__(self, key: K) -> V:
        for one in self.dicts:
            if key in one:
                return one[key]

        raise BadRequestKeyError(key)

    @overload  # type: ignore[override]
    def get(self, key: K) -> V | None: ...

    @overload
    def get(self, key: K, default: V) -> V: ...

    @overload
    def get(self, key: K, default: T) -> V | T: ...

    @overload
    def get(self, key: K, default: None = None, *, type: Callable[[V], T]) -> T | None: ...

    @overload
    def get(self, key: K, default: T, type: Callable[[V], T]) -> T: ...

    def get(self, key: K, default: V | T | None = None, type: Callable[[V], T] | None = None) -> V | T | None:
        """Return the first value of a key.

        :param key: the key.
        :param default: what is returned when no dict has it.
        :param type: converts the value; with one that it can't take the next dict is asked.
        """
        for one in self.dicts:
            if key in one:
                if type is None:
                    return one[key]

                try:
                    return type(one[key])
                except (ValueError, TypeError):
                    continue

        return default

    @overload
    def getlist(self, key: K) -> list[V]: ...

    @overload
    def getlist(self, key: K, type: Callable[[V], T]) -> list[T]: ...

    def getlist(self, key: K, type: Callable[[V], T] | None = None) -> list[V] | list[T]:
        """Return the values that all dicts have for a key.

        :param key: the key.
        :param type: converts each value; one that it can't take is left out.
        """
        values = [value for one in self.dicts for value in one.getlist(key)]
        return values if type is None else _convert_all(values, type)

    def _merged(self) -> dict[K, list[V]]:
        lists: dict[K, list[V]] = {}

        for one in self.dicts:
            for key, values in one.lists():
                lists.setdefault(key, []).extend(values)

        return lists

    def keys(self) -> Iterable[K]:  # type: ignore[override]
        """Return the keys of all dicts, each once."""
        return dict.fromkeys(key for one in self.dicts for key in one).keys()

    def __iter__(self) -> Iterator[K]:
        return iter(self.keys())

    @overload  # type: ignore[override]
    def items(self) -> Iterable[tuple[K, V]]: ...

    @overload
    def items(self, multi: bool) -> Iterable[tuple[K, V]]: ...

    def items(self, multi: bool = False) -> Iterable[tuple[K, V]]:
        """Yield pairs.

        :param multi: all pairs of all dicts, not only the first value of each key.
        """
        seen: set[K] = set()

        for one in self.dicts:
            for key, value in one.items(multi=multi):
                if multi:
                    yield key, value
                elif key not in seen:
                    seen.add(key)
                    yield key, value

    def values(self) -> Iterable[V]:  # type: ignore[override]
        """Yield the first value of each key."""
        for _, value in self.items():
            yield value

    def lists(self) -> Iterable[tuple[K, list[V]]]:
        """Return each key with the values that all dicts have for it."""
        return list(self._merged().items())

    def listvalues(self) -> Iterable[list[V]]:
        """Yield the lists of values."""
        for _, values in self.lists():
            yield values

    def copy(self) -> MultiDict[K, V]:  # type: ignore[override]
        """Return one multi dict with what all dicts have, which can be changed."""
        return MultiDict(self)

    def deepcopy(self, memo: Any = None) -> Self:
        """Return a view of copies of the dicts."""
        from copy import deepcopy  # noqa: PLC0415 - 2 ms, and copies are rare

        return type(self)(deepcopy(self.dicts, memo))

    def __len__(self) -> int:
        return len(cast("Any", self.keys()))

    def __contains__(self, key: object) -> bool:
        return any(key in one for one in self.dicts)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, MultiDict):
            return NotImplemented

        return dict(self.lists()) == dict(other.lists())

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = ImmutableMultiDictMixin.__hash__  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.dicts!r})"
