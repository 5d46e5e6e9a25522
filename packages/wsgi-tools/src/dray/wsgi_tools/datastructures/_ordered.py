"""Multi dicts that remember the order of all pairs, across keys. Deprecated: forms and queries don't need it."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from copy import deepcopy
from typing import TYPE_CHECKING, Any, TypeVar

from ..exceptions.client import BadRequestKeyError
from ._multi_dict import MultiDict, iter_multi_items
from .mixins import ImmutableMultiDictMixin

if TYPE_CHECKING:
    from typing import Self

    from ._multi_dict import Source

K = TypeVar("K")
V = TypeVar("V")


class OrderedMultiDict(MultiDict[K, V]):
    """A multi dict whose pairs come in the order in which they were added.

    :param mapping: a multi dict, a mapping whose lists, tuples and sets are several values, or pairs.
    """

    def __init__(self, mapping: Source[K, V] | None = None) -> None:
        super().__init__()
        # The order of all pairs; the lists underneath stay as those of every multi dict.
        self._pairs: list[tuple[K, V]] = []

        if mapping is not None:
            self._take(iter_multi_items(mapping))

    def _take(self, pairs: Iterable[tuple[K, V]]) -> None:
        for key, value in pairs:
            MultiDict.add(self, key, value)
            self._pairs.append((key, value))

    def _forget(self, key: K) -> None:
        self._pairs = [pair for pair in self._pairs if pair[0] != key]

    def add(self, key: K, value: V) -> None:
        """Add a value to those of a key, behind all other pairs."""
        self._take([(key, value)])

    def setlist(self, key: K, new_list: Iterable[V]) -> None:
        """Replace all values of a key; the new ones stand behind all other pairs."""
        self.poplist(key)
        self._take([(key, value) for value in new_list])

    def __setitem__(self, key: K, value: V) -> None:
        self.setlist(key, [value])

    def __delitem__(self, key: K) -> None:
        super().__delitem__(key)
        self._forget(key)

    def poplist(self, key: K) -> list[V]:
        """Remove a key and return all its values; a missing one has none."""
        self._forget(key)
        return super().poplist(key)

    def pop(self, key: K, *default: Any) -> Any:
        """Remove a key with all its values and return the first one.

        :raises BadRequestKeyError: if it is missing and no default is given.
        """
        values = self.poplist(key)

        if values:
            return values[0]

        if default:
            return default[0]

        raise BadRequestKeyError(key)

    def popitemlist(self) -> tuple[K, list[V]]:
        """Remove the key of the last pair and return it with all its values.

        :raises BadRequestKeyError: if nothing is left.
        """
        if not self._pairs:
            raise BadRequestKeyError("the dict is empty")

        key = self._pairs[-1][0]
        return key, self.poplist(key)

    def clear(self) -> None:
        """Remove all pairs."""
        super().clear()
        self._pairs = []

    def __iter__(self) -> Iterator[K]:
        return iter(dict.fromkeys(key for key, _ in self._pairs))

    def keys(self) -> Iterable[K]:  # type: ignore[override]
        """Yield the keys in the order of their first pairs."""
        return iter(self)

    def items(self, multi: bool = False) -> Iterable[tuple[K, V]]:  # type: ignore[override]
        """Yield pairs in order.

        :param multi: all of them, not only the first of each key.
        """
        if multi:
            yield from self._pairs
        else:
            for key in self:
                yield key, self[key]

    def values(self) -> Iterable[V]:  # type: ignore[override]
        """Yield the first value of each key, in order."""
        return (value for _, value in self.items())

    def lists(self) -> Iterable[tuple[K, list[V]]]:
        """Yield each key with a list of its values, in the order of the first pairs."""
        return ((key, self.getlist(key)) for key in self)

    def listvalues(self) -> Iterable[list[V]]:
        """Yield the lists of values, in the order of the first pairs."""
        return (values for _, values in self.lists())

    def deepcopy(self, memo: Any = None) -> Self:
        """Return a copy with copies of the values."""
        return type(self)(deepcopy(list(self._pairs), memo))

    def __reduce_ex__(self, protocol: Any) -> Any:
        return type(self), (list(self._pairs),)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, OrderedMultiDict):
            return self._pairs == other._pairs

        if isinstance(other, MultiDict):
            return dict(self.lists()) == dict(other.lists())

        return NotImplemented

    __hash__ = None  # type: ignore[assignment]


class ImmutableOrderedMultiDict(ImmutableMultiDictMixin[K, V], OrderedMultiDict[K, V]):  # type: ignore[misc]
    """An :class:`OrderedMultiDict` that can't be changed and can be hashed."""

    def _iter_hashitems(self) -> Iterable[Any]:
        return enumerate(self._pairs)

    __hash__ = ImmutableMultiDictMixin.__hash__  # type: ignore[assignment]

    def __copy__(self) -> Self:
        return self

    def copy(self) -> OrderedMultiDict[K, V]:  # type: ignore[override]
        """Return a copy that can be changed."""
        return OrderedMultiDict(self)


def deprecated(module: str, name: str) -> Any:
    """Return one of the two classes for a module that is asked for it, with a warning.

    :param module: the module that is asked.
    :param name: the name that it is asked for.
    :raises AttributeError: for every other name.
    """
    kinds: dict[str, Any] = {
        "OrderedMultiDict": (OrderedMultiDict, "MultiDict"),
        "ImmutableOrderedMultiDict": (ImmutableOrderedMultiDict, "ImmutableMultiDict"),
    }

    if name not in kinds:
        raise AttributeError(f"module {module!r} has no attribute {name!r}")

    kind, instead = kinds[name]
    warnings.warn(f"{name!r} is deprecated: use {instead!r}, which keeps the order of keys.", DeprecationWarning, 3)
    return kind
