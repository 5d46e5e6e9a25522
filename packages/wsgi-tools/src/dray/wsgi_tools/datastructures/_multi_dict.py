"""Dicts with several values a key, as forms and query strings have them.

The built-in dict underneath maps each key to the list of its values; everything else is a view of that. Knows no
header.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar, cast, overload

from .._internal import _missing
from ..exceptions.client import BadRequestKeyError
from ._dicts import TypeConversionDict, converted
from .mixins import ImmutableMultiDictMixin

if TYPE_CHECKING:
    from typing import Self

K = TypeVar("K")
T = TypeVar("T")
V = TypeVar("V")

#: What a multi dict is filled from.
Source: TypeAlias = "MultiDict[K, V] | Mapping[K, V | list[V] | tuple[V, ...] | set[V]] | Iterable[tuple[K, V]]"


# dict's own methods: the overrides below must reach the lists, not each other. What they give has no type that mypy
# could know, and casts would cost as much as the look-up.
_find_list: Any = dict.get
_set_list: Any = dict.__setitem__
_default_list: Any = dict.setdefault
_pop_list: Any = dict.pop
_fill: Any = dict.update
_all_lists: Any = dict.values
_all_pairs: Any = dict.items


def iter_multi_items(mapping: Source[K, V]) -> Iterator[tuple[K, V]]:
    """Yield one pair for each value of a mapping, or the pairs of an iterable.

    :param mapping: a multi dict, a mapping whose lists, tuples and sets are several values, or pairs.
    """
    if isinstance(mapping, MultiDict):
        yield from mapping.items(multi=True)
    elif isinstance(mapping, Mapping):
        for key, value in mapping.items():
            if isinstance(value, (list, tuple, set)):
                for one in value:
                    yield key, one
            else:
                yield key, cast("V", value)
    else:
        yield from mapping


def _lists_of(mapping: Source[K, V]) -> dict[K, list[V]]:
    lists: dict[K, list[V]]

    if type(mapping) is list:  # what the parsers give
        lists = {key: [one] for key, one in mapping}

        if len(lists) == len(mapping):  # no key twice
            return lists

    lists = {}

    if isinstance(mapping, MultiDict):
        return {key: values[:] for key, values in mapping.lists()}
    elif isinstance(mapping, Mapping):
        for key, value in mapping.items():
            if not isinstance(value, (list, tuple, set)):
                lists[key] = [cast("V", value)]
            elif value:
                lists[key] = list(value)
    else:
        for key, one in mapping:
            lists.setdefault(key, []).append(one)

    return lists


class MultiDict(TypeConversionDict[K, V]):
    """A dict with several values a key.

    Used as a dict it shows the first value of each key; ``getlist`` and ``items(multi=True)`` show all. A missing
    key raises
    :exc:`~dray.wsgi_tools.exceptions.BadRequestKeyError`, so a view that reads ``form["name"]`` answers 400 without it.

    :param mapping: a multi dict, a mapping whose lists, tuples and sets are several values, or pairs.
    """

    def __init__(self, mapping: Source[K, V] | None = None) -> None:
        if mapping is not None:
            _fill(self, _lists_of(mapping))

    def __getstate__(self) -> Any:
        return dict(self.lists())

    def __setstate__(self, value: Any) -> None:
        super().clear()
        super().update(value)

    def __reduce_ex__(self, protocol: Any) -> Any:
        # Subclasses keep their own attributes out of the state, as they always did.
        return type(self), (), dict(self.lists())

    def __iter__(self) -> Iterator[K]:
        # Only being overridden matters: dict(self) then asks for the first values, not for the lists underneath.
        return super().__iter__()

    def __getitem__(self, key: K) -> V:
        values: list[V] | None = _find_list(self, key)

        if values:
            return values[0]

        raise BadRequestKeyError(key)

    def __setitem__(self, key: K, value: V) -> None:
        _set_list(self, key, [value])

    if not TYPE_CHECKING:  # the types are those of the class above

        def get(self, key, default=None, type=None):
            """Return the first value of a key; the parameters are those of :meth:`TypeConversionDict.get`."""
            values = _find_list(self, key)

            if not values:
                return default

            return values[0] if type is None else converted(values[0], type, default)

    def add(self, key: K, value: V) -> None:
        """Add a value to those of a key."""
        _default_list(self, key, []).append(value)

    @overload
    def getlist(self, key: K) -> list[V]: ...

    @overload
    def getlist(self, key: K, type: Callable[[V], T]) -> list[T]: ...

    def getlist(self, key: K, type: Callable[[V], T] | None = None) -> list[V] | list[T]:
        """Return all values of a key.

        :param key: the key; a missing one has no values.
        :param type: converts each value; one that it can't take is left out.
        """
        values: Iterable[V] = _find_list(self, key, ())
        return list(values) if type is None else _convert_all(values, type)

    def setlist(self, key: K, new_list: Iterable[V]) -> None:
        """Replace all values of a key."""
        _set_list(self, key, list(new_list))

    @overload
    def setdefault(self, key: K) -> None: ...

    @overload
    def setdefault(self, key: K, default: V) -> V: ...

    def setdefault(self, key: K, default: Any = None) -> Any:
        """Return the first value of a key, after entering the default if it is missing."""
        if not dict.__contains__(self, key):
            self[key] = default

        return self[key]

    def setlistdefault(self, key: K, default_list: Iterable[V] | None = None) -> list[V]:
        """Return the list of a key's values, the one that is kept, after entering the default if the key is missing."""
        if key not in self:
            self.setlist(key, default_list or ())

        values: list[V] = _find_list(self, key)
        return values

    def items(self, multi: bool = False) -> Iterable[tuple[K, V]]:  # type: ignore[override]
        """Return an iterator of pairs.

        :param multi: one pair for each value, not only for the first.
        """
        if multi:
            return iter([(key, value) for key, values in _all_pairs(self) for value in values])

        return iter([(key, values[0]) for key, values in _all_pairs(self) if values])

    def lists(self) -> Iterable[tuple[K, list[V]]]:
        """Yield each key with a list of its values."""
        for key, values in _all_pairs(self):
            yield key, list(values)

    def values(self) -> Iterable[V]:  # type: ignore[override]
        """Yield the first value of each key."""
        for values in _all_lists(self):
            if values:
                yield values[0]

    def listvalues(self) -> Iterable[list[V]]:
        """Return the lists of values, the ones that are kept."""
        lists: Iterable[list[V]] = _all_lists(self)
        return lists

    def copy(self) -> Self:
        """Return a copy with its own lists."""
        return type(self)(self)

    def deepcopy(self, memo: Any = None) -> Self:
        """Return a copy with copies of the values."""
        from copy import deepcopy  # noqa: PLC0415 - 2 ms, and copies are rare

        result = type(self)()
        _fill(result, deepcopy(dict(self.lists()), memo))
        return result

    @overload
    def to_dict(self, flat: Literal[True] = True) -> dict[K, V]: ...

    @overload
    def to_dict(self, flat: Literal[False]) -> dict[K, list[V]]: ...

    @overload
    def to_dict(self, flat: bool) -> dict[K, V] | dict[K, list[V]]: ...

    def to_dict(self, flat: bool = True) -> dict[K, V] | dict[K, list[V]]:
        """Return a plain dict.

        :param flat: keep the first value of each key, not the lists.
        """
        return dict(self.items()) if flat else dict(self.lists())

    def update(self, mapping: Source[K, V]) -> None:  # type: ignore[override]
        """Add the values of another mapping; those that are there stay."""
        for key, value in iter_multi_items(mapping):
            self.add(key, value)

    def __or__(self, other: Mapping[K, Any]) -> MultiDict[K, V]:  # type: ignore[override]
        if not isinstance(other, Mapping):
            return NotImplemented

        result = self.copy()
        result.update(other)
        return result

    def __ior__(self, other: Source[K, V]) -> Self:  # type: ignore[override, misc]
        if not isinstance(other, (Mapping, Iterable)):
            return NotImplemented

        self.update(other)
        return self

    @overload
    def pop(self, key: K) -> V: ...

    @overload
    def pop(self, key: K, default: V) -> V: ...

    @overload
    def pop(self, key: K, default: T) -> V | T: ...

    def pop(self, key: K, default: V | T = _missing) -> V | T:  # type: ignore[assignment]
        """Remove a key with all its values and return the first one.

        :raises BadRequestKeyError: if it is missing and no default is given.
        """
        values: list[V] = _pop_list(self, key, ())

        if values:
            return values[0]

        if default is _missing:
            raise BadRequestKeyError(key)

        return default

    def popitem(self) -> tuple[K, V]:
        """Remove the last key and return it with its first value.

        :raises BadRequestKeyError: if nothing is left.
        """
        key, values = self.popitemlist()

        if not values:
            raise BadRequestKeyError(key)

        return key, values[0]

    def poplist(self, key: K) -> list[V]:
        """Remove a key and return all its values; a missing one has none."""
        values: list[V] = _pop_list(self, key, [])
        return values

    def popitemlist(self) -> tuple[K, list[V]]:
        """Remove the last key and return it with all its values.

        :raises BadRequestKeyError: if nothing is left.
        """
        try:
            return cast("tuple[K, list[V]]", dict.popitem(self))
        except KeyError as error:
            raise BadRequestKeyError(*error.args) from None

    def __copy__(self) -> Self:
        return self.copy()

    def __deepcopy__(self, memo: Any) -> Self:
        return self.deepcopy(memo=memo)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({list(self.items(multi=True))!r})"


def _convert_all(values: Iterable[V], type: Callable[[V], T]) -> list[T]:
    """Convert each value; leave out those that can't be."""
    result = []

    for value in values:
        try:
            result.append(type(value))
        except (ValueError, TypeError):
            pass

    return result


class ImmutableMultiDict(ImmutableMultiDictMixin[K, V], MultiDict[K, V]):  # type: ignore[misc]
    """A :class:`MultiDict` that can't be changed and can be hashed."""

    def __copy__(self) -> Self:
        return self

    def copy(self) -> MultiDict[K, V]:  # type: ignore[override]
        """Return a copy that can be changed."""
        return MultiDict(self)
