"""The headers of a message: an ordered list of pairs, found without regard to case.

``Headers`` owns its list; ``EnvironHeaders`` is a read-only view of a WSGI environ. Neither knows what a header means.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias, TypeVar, overload

from .._http.options import dump_options_header
from .._internal import _missing
from ..exceptions.client import BadRequestKeyError
from ._multi_dict import MultiDict, _convert_all, iter_multi_items
from .mixins import ImmutableHeadersMixin

if TYPE_CHECKING:
    from typing import Self

    from _typeshed.wsgi import WSGIEnvironment

T = TypeVar("T")

#: A value, or several.
Values: TypeAlias = "Any | list[Any] | tuple[Any, ...] | Set[Any]"

#: What headers are filled from.
Source: TypeAlias = "Headers | MultiDict[str, Any] | Mapping[str, Values] | Iterable[tuple[str, Any]]"


def _text_of(value: Any) -> str:
    """Return a header's value as text.

    :raises ValueError: if it holds a line break, which would start another header (RFC 9110 section 5.5).
    """
    text = value if isinstance(value, str) else str(value)

    if "\n" in text or "\r" in text:
        raise ValueError(f"a header's value can't hold a line break: {text[:80]!r}")

    return text


#: Names that were found good; a client has no say in them, and they stay few all the same.
_good_names: set[str] = set()
_MAX_NAMES = 512


def _name_of(key: str) -> str:
    """Return a header's name.

    :raises ValueError: if it holds a line break or a colon, which would end it early (RFC 9110 section 5.1).
    """
    if key in _good_names:
        return key

    if "\n" in key or "\r" in key or ":" in key:
        raise ValueError(f"a header's name can't hold a line break or a colon: {key[:80]!r}")

    if len(_good_names) < _MAX_NAMES:
        _good_names.add(key)

    return key


def _checked(pairs: list[tuple[str, Any]]) -> list[tuple[str, str]]:
    """Return a copy of a list of pairs of text, checked as a whole; an empty list if it needs a closer look."""
    good = _good_names

    try:
        text = "".join([value for _, value in pairs])
        result = [(name, value) for name, value in pairs if name in good]
    except (TypeError, ValueError):
        return []

    return [] if "\n" in text or "\r" in text or len(result) != len(pairs) else result


def _with_options(value: Any, options: dict[str, Any]) -> Any:
    return dump_options_header(value, {name.replace("_", "-"): option for name, option in options.items()})


def _is_multiple(value: object) -> bool:
    return isinstance(value, (list, tuple, set, frozenset))


class Headers:
    """Headers in the order in which they are sent; several may have the same name.

    Used as a mapping it shows the first value of each name. Names keep their spelling and are compared without
    regard to case; values become text. An index or a slice reaches the list of pairs.

    :param defaults: headers, a mapping whose lists, tuples and sets are several values, or pairs.
    """

    _list: list[tuple[str, str]]

    def __init__(self, defaults: Source | None = None) -> None:
        if defaults is None:
            self._list = []
            return

        if type(defaults) is list:
            self._list = _checked(defaults)
        elif type(defaults) is dict:
            self._list = _checked(list(defaults.items()))
        else:
            self._list = []

        if not self._list:
            self.extend(defaults)

    @classmethod
    def _wrap(cls, pairs: list[tuple[str, str]]) -> Self:
        """Make headers that share a list of checked pairs with somebody else."""
        self = cls.__new__(cls)
        self._list = pairs
        return self

    @overload
    def __getitem__(self, key: str) -> str: ...

    @overload
    def __getitem__(self, key: int) -> tuple[str, str]: ...

    @overload
    def __getitem__(self, key: slice) -> Self: ...

    def __getitem__(self, key: str | int | slice) -> str | tuple[str, str] | Self:
        if isinstance(key, str):
            wanted = key.lower()

            for name, value in self._list:
                if name == key or name.lower() == wanted:
                    return value

            raise BadRequestKeyError(key)

        if isinstance(key, int):
            return self._list[key]

        return self._wrap(self._list[key])

    def __eq__(self, other: object) -> bool:
        if other.__class__ is not self.__class__:
            return NotImplemented

        return self._comparable() == other._comparable()

    __hash__ = None  # type: ignore[assignment]

    def _comparable(self) -> set[tuple[str, str]]:
        return {(name.lower(), value) for name, value in self._list}

    @overload
    def get(self, key: str) -> str | None: ...

    @overload
    def get(self, key: str, default: str) -> str: ...

    @overload
    def get(self, key: str, default: T) -> str | T: ...

    @overload
    def get(self, key: str, default: None = None, *, type: Callable[[str], T]) -> T | None: ...

    @overload
    def get(self, key: str, default: T, type: Callable[[str], T]) -> T: ...

    def get(self, key: str, default: str | T | None = None, type: Callable[[str], T] | None = None) -> str | T | None:
        """Return the first value of a name.

        :param key: the name.
        :param default: what is returned when it is missing or its value can't be converted.
        :param type: converts the value; raises ``ValueError`` or ``TypeError`` for one that it can't take.
        """
        wanted = key.lower()

        for name, value in self._list:
            if name == key or name.lower() == wanted:
                if type is None:
                    return value

                try:
                    return type(value)
                except (ValueError, TypeError):
                    return default

        return default

    @overload
    def getlist(self, key: str) -> list[str]: ...

    @overload
    def getlist(self, key: str, type: Callable[[str], T]) -> list[T]: ...

    def getlist(self, key: str, type: Callable[[str], T] | None = None) -> list[str] | list[T]:
        """Return all values of a name.

        :param key: the name.
        :param type: converts each value; one that it can't take is left out.
        """
        wanted = key.lower()
        values = [value for name, value in self._list if name.lower() == wanted]
        return values if type is None else _convert_all(values, type)

    def get_all(self, name: str) -> list[str]:
        """Return all values of a name; the spelling of :mod:`wsgiref` for :meth:`getlist`."""
        return self.getlist(name)

    def items(self, lower: bool = False) -> Iterable[tuple[str, str]]:
        """Yield the pairs.

        :param lower: with the names in lower case.
        """
        for name, value in self:
            yield (name.lower() if lower else name), value

    def keys(self, lower: bool = False) -> Iterable[str]:
        """Yield the names.

        :param lower: in lower case.
        """
        for name, _ in self.items(lower):
            yield name

    def values(self) -> Iterable[str]:
        """Yield the values."""
        for _, value in self.items():
            yield value

    def extend(self, arg: Source | None = None, /, **kwargs: str) -> None:
        """Add all headers of another collection; those that are there stay.

        :param arg: headers, a mapping whose lists, tuples and sets are several values, or pairs.
        """
        if arg is not None:
            for name, value in _pairs_of(arg):
                self._append(name, value)

        for name, value in kwargs.items():
            if _is_multiple(value):
                for one in value:
                    self._append(name, one)
            else:
                self._append(name, value)

    def _append(self, name: str, value: Any) -> None:
        if name not in _good_names:
            _name_of(name)

        if type(value) is not str or "\n" in value or "\r" in value:
            value = _text_of(value)

        self._list.append((name, value))

    @overload
    def __delitem__(self, key: str) -> None: ...

    @overload
    def __delitem__(self, key: int | slice) -> None: ...

    def __delitem__(self, key: str | int | slice) -> None:
        if isinstance(key, str):
            wanted = key.lower()
            self._list[:] = [pair for pair in self._list if pair[0].lower() != wanted]
        else:
            del self._list[key]

    def remove(self, key: str) -> None:
        """Remove all values of a name; a missing one is no error."""
        del self[key]

    @overload
    def pop(self) -> tuple[str, str]: ...

    @overload
    def pop(self, key: str) -> str: ...

    @overload
    def pop(self, key: int | None = ...) -> tuple[str, str]: ...

    @overload
    def pop(self, key: str, default: str) -> str: ...

    @overload
    def pop(self, key: str, default: T) -> str | T: ...

    def pop(
        self,
        key: str | int | None = None,
        default: str | T = _missing,  # type: ignore[assignment]
    ) -> str | tuple[str, str] | T:
        """Remove a header and return it.

        :param key: a name, which removes all its values and returns the first one; or an index, which returns the
            pair; the last one by default.
        :param default: what is returned for a name that is missing.
        :raises BadRequestKeyError: for a name that is missing, without a default.
        """
        if not isinstance(key, str):
            return self._list.pop(-1 if key is None else key)

        value = self.get(key)

        if value is not None:
            self.remove(key)
            return value

        if default is _missing:
            raise BadRequestKeyError(key)

        return default

    def popitem(self) -> tuple[str, str]:
        """Remove the last pair and return it."""
        return self._list.pop()

    def __contains__(self, key: object) -> bool:
        if not isinstance(key, str):
            return False

        wanted = key.lower()

        for name, _ in self._list:  # noqa: SIM110 - asked on each request: any() costs twice the time
            if name.lower() == wanted:
                return True

        return False

    def __len__(self) -> int:
        return len(self._list)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._list)

    def add(self, key: str, value: Any, /, **kwargs: Any) -> None:
        """Add a header; those of the same name stay.

        ``headers.add("Content-Disposition", "attachment", filename="a b.txt")``

        :param key: the name.
        :param value: the value.
        :param kwargs: parameters of the value, underscores in their names for dashes; ``None`` leaves one out.
        :raises ValueError: if the value holds a line break.
        """
        self._append(key, _with_options(value, kwargs) if kwargs else value)

    def add_header(self, key: str, value: Any, /, **kwargs: Any) -> None:
        """Add a header; the spelling of :mod:`wsgiref` for :meth:`add`."""
        self.add(key, value, **kwargs)

    def clear(self) -> None:
        """Remove all headers."""
        del self._list[:]

    def set(self, key: str, value: Any, /, **kwargs: Any) -> None:
        """Put one header in the place of all that have the name.

        It stands where the first of them stood.

        :param key: the name.
        :param value: the value.
        :param kwargs: parameters of the value, as for :meth:`add`.
        :raises ValueError: if the value holds a line break.
        """
        self._put(key, _with_options(value, kwargs) if kwargs else value)

    def _put(self, key: str, value: Any) -> None:
        # The usual case inline: assigning a header is what responses spend their time with.
        if key not in _good_names:
            _name_of(key)

        if type(value) is not str or "\n" in value or "\r" in value:
            value = _text_of(value)

        pairs = self._list
        wanted = key.lower()

        for pair in pairs:
            if pair[0].lower() == wanted:
                break
        else:
            pairs.append((key, value))
            return

        index = pairs.index(pair)
        pairs[index] = (key, value)

        if index + 1 < len(pairs):
            pairs[index + 1 :] = [one for one in pairs[index + 1 :] if one[0].lower() != wanted]

    def setlist(self, key: str, values: Iterable[Any]) -> None:
        """Put several values in the place of all that have the name; no values remove it."""
        remaining = iter(values)
        first = next(remaining, _missing)

        if first is _missing:
            self.remove(key)
            return

        self.set(key, first)

        for value in remaining:
            self._append(key, value)

    def setdefault(self, key: str, default: Any) -> str:
        """Return the first value of a name, after adding the default if it is missing."""
        value = self.get(key)

        if value is None:
            value = _text_of(default)
            self._append(key, value)

        return value

    def setlistdefault(self, key: str, default: Iterable[Any]) -> list[str]:
        """Return all values of a name, after adding the defaults if it is missing."""
        if key not in self:
            self.setlist(key, default)

        return self.getlist(key)

    @overload
    def __setitem__(self, key: str, value: Any) -> None: ...

    @overload
    def __setitem__(self, key: int, value: tuple[str, Any]) -> None: ...

    @overload
    def __setitem__(self, key: slice, value: Iterable[tuple[str, Any]]) -> None: ...

    def __setitem__(self, key: str | int | slice, value: Any) -> None:
        if isinstance(key, str):
            self._put(key, value)
        elif isinstance(key, int):
            self._list[key] = (_name_of(value[0]), _text_of(value[1]))
        else:
            self._list[key] = [(_name_of(name), _text_of(one)) for name, one in value]

    def update(self, arg: Source | None = None, /, **kwargs: Any | list[Any] | tuple[Any, ...] | Set[Any]) -> None:
        """Replace the headers that another collection has, and add its others.

        :param arg: headers, a mapping whose lists, tuples and sets are several values, or pairs.
        """
        if isinstance(arg, Headers):
            for name in dict.fromkeys(arg.keys()):
                self.setlist(name, arg.getlist(name))
        elif isinstance(arg, MultiDict):
            for name, values in arg.lists():
                self.setlist(name, values)
        elif isinstance(arg, Mapping):
            self._update_values(arg)
        elif arg is not None:
            for name, value in arg:
                self.set(name, value)

        self._update_values(kwargs)

    def _update_values(self, values: Mapping[str, Any]) -> None:
        for name, value in values.items():
            if _is_multiple(value):
                self.setlist(name, value)
            else:
                self.set(name, value)

    def __or__(self, other: Mapping[str, Any] | Headers) -> Self:
        if not isinstance(other, (Mapping, Headers)):
            return NotImplemented

        result = self.copy()
        result.update(other)
        return result

    def __ior__(self, other: Source) -> Self:
        if isinstance(other, Iterable):
            self.update(other)
            return self

        return NotImplemented

    def to_wsgi_list(self) -> list[tuple[str, str]]:
        """Return the pairs as the list that WSGI's ``start_response`` takes (PEP 3333)."""
        return [*self]

    def copy(self) -> Self:
        """Return a copy."""
        return type(self)(self._list)

    def __copy__(self) -> Self:
        return self.copy()

    def __str__(self) -> str:
        """Return the headers as they stand in a message, the empty line behind them included."""
        return "".join(f"{name}: {value}\r\n" for name, value in self.to_wsgi_list()) + "\r\n"

    def __repr__(self) -> str:
        return f"{type(self).__name__}({list(self)!r})"


def _pairs_of(source: Source) -> Iterable[tuple[str, Any]]:
    if isinstance(source, Headers):
        return source

    if isinstance(source, (list, MultiDict)):
        return iter_multi_items(source)

    if isinstance(source, Mapping):
        return ((name, one) for name, value in source.items() for one in (value if _is_multiple(value) else (value,)))

    return source


# The environ's key of each header name that was asked for, whatever its case, and the other way round, in title
# case; an empty name for a key that is no header. Both are filled on demand, and a client can't make them grow big.
_environ_keys: dict[str, str] = {}
_header_names: dict[str, str] = {}


def _key_of(name: str) -> str:
    upper = name.upper().replace("-", "_")
    key = upper if upper in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{upper}"

    if len(_environ_keys) < _MAX_NAMES:
        _environ_keys[name] = key

    return key


def _header_of(key: str) -> str:
    if key in {"CONTENT_TYPE", "CONTENT_LENGTH"}:
        name = key.replace("_", "-").title()
    elif key[:5] == "HTTP_" and key[5:] not in {"CONTENT_TYPE", "CONTENT_LENGTH"}:
        name = key[5:].replace("_", "-").title()
    else:
        name = ""

    if len(_header_names) < _MAX_NAMES:
        _header_names[key] = name

    return name


class EnvironHeaders(ImmutableHeadersMixin, Headers):  # type: ignore[misc]
    """A read-only view of the headers in a WSGI environ (PEP 3333).

    :param environ: the environ; a change of it is seen here.
    """

    def __init__(self, environ: WSGIEnvironment) -> None:
        self.environ = environ

    def __eq__(self, other: object) -> bool:
        if isinstance(other, EnvironHeaders):
            return self.environ is other.environ

        return NotImplemented

    __hash__ = None

    def __getitem__(self, key: str) -> str:  # type: ignore[override]
        if not isinstance(key, str):
            raise BadRequestKeyError(key)

        try:
            value: str = self.environ[_environ_keys.get(key) or _key_of(key)]
        except KeyError:
            raise BadRequestKeyError(key) from None

        return value

    def get(self, key: str, default: Any = None, type: Callable[[str], Any] | None = None) -> Any:
        """Return the value of a name, see :meth:`Headers.get`."""
        value = self.environ.get(_environ_keys.get(key) or _key_of(key))

        if value is None:
            return default

        if type is None:
            return value

        try:
            return type(value)
        except (ValueError, TypeError):
            return default

    def getlist(self, key: str, type: Callable[[str], Any] | None = None) -> list[Any]:
        """Return the values of a name: one at most, for WSGI joins them with commas."""
        value = self.get(key)
        values = [] if value is None else [value]
        return values if type is None else _convert_all(values, type)

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and (_environ_keys.get(key) or _key_of(key)) in self.environ

    def _is_less(self) -> bool:
        """Say whether there is an empty CONTENT_TYPE or CONTENT_LENGTH, which means that there is none (PEP 3333)."""
        environ = self.environ
        return environ.get("CONTENT_LENGTH") == "" or environ.get("CONTENT_TYPE") == ""

    def _pairs(self) -> list[tuple[str, str]]:
        names = _header_names
        environ = self.environ

        try:
            pairs = [(name, value) for key, value in environ.items() if (name := names[key])]
        except KeyError:  # the first time that a key is seen
            pairs = [(name, value) for key, value in environ.items() if (name := _header_of(key))]

        if self._is_less():
            return [pair for pair in pairs if pair[1] or pair[0] not in {"Content-Type", "Content-Length"}]

        return pairs

    def __len__(self) -> int:
        # list() asks first how many there will be, so they are counted without being made.
        names = _header_names

        try:
            count = len([None for key in self.environ if names[key]])
        except KeyError:
            return len(self._pairs())

        return len(self._pairs()) if self._is_less() else count

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._pairs())

    def clear(self) -> NoReturn:
        """Refuse."""
        raise TypeError(f"{type(self).__name__!r} objects are immutable")

    def copy(self) -> NoReturn:
        """Refuse: the view has no list of its own. ``Headers(view)`` makes one.

        :raises TypeError: always.
        """
        raise TypeError(f"cannot create {type(self).__name__!r} copies")

    def __or__(self, other: Any) -> NoReturn:
        self.copy()
