"""Small containers over the built-in ones: converting on ``get``, immutable, and with a callback.

They keep one value a key; the multi dicts are next door.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar, overload

from .mixins import ImmutableDictMixin, ImmutableListMixin, UpdateDictMixin

if TYPE_CHECKING:
    from typing import Self

K = TypeVar("K")
T = TypeVar("T")
V = TypeVar("V")


class ImmutableList(ImmutableListMixin, list[V]):  # type: ignore[misc]
    """A list that can't be changed and can be hashed."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}({list.__repr__(self)})"


class TypeConversionDict(dict[K, V]):
    """A dict whose :meth:`get` can convert the value."""

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
        """Return the value of a key.

        :param key: the key.
        :param default: what is returned when the key is missing or its value can't be converted.
        :param type: converts the value; raises ``ValueError`` or ``TypeError`` for one that it can't take.
        """
        try:
            value = self[key]
        except KeyError:
            return default

        return value if type is None else converted(value, type, default)


def converted(value: V, type: Callable[[V], T], default: Any) -> Any:
    """Convert a value; return the default for one that can't be converted."""
    try:
        return type(value)
    except (ValueError, TypeError):
        return default


class ImmutableTypeConversionDict(ImmutableDictMixin[K, V], TypeConversionDict[K, V]):  # type: ignore[misc]
    """A :class:`TypeConversionDict` that can't be changed."""

    def __copy__(self) -> Self:
        return self

    def copy(self) -> TypeConversionDict[K, V]:
        """Return a copy that can be changed."""
        return TypeConversionDict(self)


class ImmutableDict(ImmutableDictMixin[K, V], dict[K, V]):  # type: ignore[misc]
    """A dict that can't be changed and can be hashed."""

    def __copy__(self) -> Self:
        return self

    def copy(self) -> dict[K, V]:
        """Return a copy that can be changed: a plain dict."""
        return {**self}  # type: ignore[dict-item, unused-ignore]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({dict.__repr__(self)})"


class CallbackDict(UpdateDictMixin[K, V], dict[K, V]):
    """A dict that calls a function after each change.

    :param initial: what is in it.
    :param on_update: called with the dict.
    """

    def __init__(
        self,
        initial: Mapping[K, V] | Iterable[tuple[K, V]] | None = None,
        on_update: Callable[[Any], None] | None = None,
    ) -> None:
        super().__init__(() if initial is None else initial)
        self.on_update = on_update

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {super().__repr__()}>"
