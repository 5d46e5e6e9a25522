"""Descriptors that compute a value once, or read and write it in a mapping.

``cached_property`` keeps what a method returned; ``header_property`` and ``environ_property`` show one key of a header
collection or a WSGI environ as an attribute. They know the protocol of descriptors, and no request, response or header.
"""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast, overload

from ._internal import _missing

if TYPE_CHECKING:
    from typing import Self

T = TypeVar("T")


class cached_property(Generic[T]):
    """Compute an attribute on first access and keep it on the instance.

    The value goes into the instance's ``__dict__`` under the same name, so later reads don't come here at all;
    assigning sets it, ``del`` forgets it. In a class without ``__dict__`` it goes into the slot ``_cache_<name>``.

    :param fget: the method that computes the value.
    :param name: the attribute's name; by default the one that it is given in the class.
    :param doc: the docstring; that of the method by default.
    """

    __name__: str

    def __init__(self, fget: Callable[[Any], T], name: str | None = None, doc: str | None = None) -> None:
        self.fget = fget
        self.__name__ = name or fget.__name__
        self._is_named = name is not None
        self.__module__ = fget.__module__
        self.__doc__ = doc if doc is not None else fget.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        if not self._is_named:
            self.__name__, self._is_named = name, True

        if getattr(owner, "__dictoffset__", 1) == 0:
            setattr(owner, name, _SlotCachedProperty(self.fget, self.__name__, self.__doc__))

    @overload
    def __get__(self, obj: None, type: type | None = None) -> Self: ...

    @overload
    def __get__(self, obj: object, type: type | None = None) -> T: ...

    def __get__(self, obj: object | None, type: type | None = None) -> Self | T:
        if obj is None:
            return self

        name = self.__name__
        try:
            cache = obj.__dict__
        except AttributeError:
            return cast("T", _SlotCachedProperty(self.fget, name, self.__doc__).__get__(obj, type))

        # Reached with a filled cache when the descriptor is called by hand, or through super().
        value: Any = cache.get(name, _missing)

        if value is _missing:
            value = cache[name] = self.fget(obj)

        return value  # type: ignore[no-any-return]

    if TYPE_CHECKING:

        def __set__(self, obj: object, value: T) -> None: ...

        def __delete__(self, obj: object) -> None: ...


class _SlotCachedProperty(cached_property[T]):
    """The same for a class with ``__slots__``: the value lives in another slot, so each read comes here."""

    def __set_name__(self, owner: type, name: str) -> None:
        """Stay as it is: this one was made for the owner."""

    def __get__(self, obj: object | None, type: type | None = None) -> Any:
        if obj is None:
            return self

        slot = f"_cache_{self.__name__}"
        value = getattr(obj, slot, _missing)

        if value is _missing:
            value = self.fget(obj)
            setattr(obj, slot, value)

        return value

    def __set__(self, obj: object, value: T) -> None:
        setattr(obj, f"_cache_{self.__name__}", value)

    def __delete__(self, obj: object) -> None:
        setattr(obj, f"_cache_{self.__name__}", _missing)


class _DictAccessorProperty(Generic[T]):
    """Show one key of a mapping that belongs to the object as an attribute.

    :param name: the key.
    :param default: what reading gives when the key isn't there, or can't be loaded.
    :param load_func: makes the value of the text; ``ValueError`` and ``TypeError`` mean the default.
    :param dump_func: makes the text of a value that is assigned.
    :param read_only: forbid assignment and deletion.
    :param doc: the attribute's docstring.
    """

    read_only = False

    def __init__(
        self,
        name: str,
        default: T | None = None,
        load_func: Callable[[str], T | None] | None = None,
        dump_func: Callable[[Any], str | None] | None = None,
        read_only: bool | None = None,
        doc: str | None = None,
    ) -> None:
        self.name, self.default = name, default
        self.load_func, self.dump_func = load_func, dump_func
        self.__doc__ = doc

        if read_only is not None:
            self.read_only = read_only

    def lookup(self, obj: Any) -> MutableMapping[str, Any]:
        """Return the mapping of the object that holds the key."""
        raise NotImplementedError

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...

    @overload
    def __get__(self, instance: Any, owner: type) -> T | None: ...

    def __get__(self, instance: Any, owner: type) -> Self | T | None:
        if instance is None:
            return self

        text = self.lookup(instance).get(self.name)

        if text is None:
            return self.default

        if self.load_func is None:
            value: T = text
            return value

        try:
            return self.load_func(text)
        except (ValueError, TypeError):
            return self.default

    def __set__(self, instance: Any, value: Any) -> None:
        if self.read_only:
            raise AttributeError(f"{self.name!r} is read only")

        self.lookup(instance)[self.name] = value if self.dump_func is None else self.dump_func(value)

    def __delete__(self, instance: Any) -> None:
        if self.read_only:
            raise AttributeError(f"{self.name!r} is read only")

        self.lookup(instance).pop(self.name, None)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"


class environ_property(_DictAccessorProperty[T]):
    """Show a key of ``self.environ`` as an attribute, read only unless told otherwise."""

    read_only = True

    def lookup(self, obj: Any) -> MutableMapping[str, Any]:
        """Return the object's WSGI environ."""
        environ: MutableMapping[str, Any] = obj.environ
        return environ


class header_property(_DictAccessorProperty[T]):
    """Show a key of ``self.headers`` as an attribute; assigning ``None`` removes the header."""

    def lookup(self, obj: Any) -> MutableMapping[str, Any]:
        """Return the object's headers."""
        headers: MutableMapping[str, Any] = obj.headers
        return headers

    def __set__(self, instance: Any, value: Any) -> None:
        if value is None and not self.read_only:
            self.__delete__(instance)
        else:
            super().__set__(instance, value)
