"""How large a value a template may make: what operators, the methods of built-in types and the engine's own filters
would make is estimated before they make it, wherever it can be more than a few times what they are given. Whatever
grew in another way is looked at when it is there.
"""

from __future__ import annotations

import re
from array import array
from collections import Counter, UserList, UserString, deque

from dray.safe_strings import Markup
from dray.safe_strings._choose import escape_to_str

from ._sandbox_budgets import refuse
from .filters.attributes import make_attrgetter
from .utils import Namespace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
    from typing import Any

    Arguments = tuple[Any, ...]
    Keywords = Mapping[str, Any]

_TEXTS = (str, bytes, bytearray)
#: What can be repeated and joined.
_SEQUENCES = (*_TEXTS, list, tuple, deque, array)
_SIZED: tuple[type[Any], ...] = (*_SEQUENCES, dict, set, frozenset)
_VIEWS: tuple[type[Any], ...] = (type({}.keys()), type({}.values()), type({}.items()))
#: What has its parts in its text.
_COLLECTIONS: tuple[type[Any], ...] = (list, tuple, dict, set, frozenset, deque, array, *_VIEWS, Namespace)
#: The types whose methods are looked at.
GUARDED_TYPES = (*_SIZED, int)
#: What is written most often, and has no parts.
SHORT_TYPES = frozenset({str, int, float, bool, Markup, type(None)})


def _length(value: Any) -> int:
    if isinstance(value, _SEQUENCES):
        return len(value)
    # Their classes are abstract ones, which takes long to ask.
    return len(value) if value.__class__ not in SHORT_TYPES and isinstance(value, (UserList, UserString)) else 0


def size_of(value: Any) -> int:
    """Return the size of a value: in characters, items or bits."""
    if isinstance(value, int):
        return value.bit_length()
    return len(value) if isinstance(value, _SIZED) else 0


def _whole(*values: Any) -> list[int]:
    return [value for value in values if isinstance(value, int)]


_MOST_DIGITS = 20
#: A conversion of the ``%`` operator: key, width, precision, kind. It never tries anything twice.
_CONVERSION = re.compile(r"%(?:\(([^()]*)\))?+[#0 +-]*+(\*|[0-9]++)?+(?:\.(\*|[0-9]++)?+)?+[hlL]?+(.)", re.DOTALL)


class SizeGuard:
    """Refuses operations whose result would be larger than a limit, before they make it.

    :param limit: most characters, items or bits
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit

    def check(self, size: int) -> None:
        """Refuse a size.

        :param size: in characters, items or bits
        :raises SecurityError: if it is too large
        """
        if size > self.limit:
            refuse("max_size", self.limit, "characters, items or bits in one value")

    def check_more(self, size: int, more: int) -> None:
        """Refuse what would be too large after it has grown.

        :param size: how large it is
        :param more: how much it would grow
        """
        if more > 0:
            self.check(size + more)

    def check_grown(self, before: int, value: Any) -> None:
        """Refuse a value that is too large, unless it was as large before."""
        size = size_of(value)
        if size > before:
            self.check(size)

    def check_digits(self, digits: str) -> int:
        """Return a number out of a format string, if it isn't too large for a width."""
        digits = digits.lstrip("0")
        number = int(digits or "0") if len(digits) <= _MOST_DIGITS else self.limit + 1
        self.check(number)
        return number

    # -- text of values

    def text_size(self, value: Any, step: int = 0, laid_out: bool = False) -> int:
        """Return about how many characters the text of a value has.

        :param value: any value; only of collections the parts are looked at
        :param step: how many blanks a line is indented for each level, if every item has a line of its own
        :param laid_out: items are indented by the keys of the dict that they stand in, and long texts are broken
        :raises SecurityError: if they are too many
        """
        if isinstance(value, _TEXTS) and not laid_out:
            return len(value)
        text = _TextSize(self, step, laid_out)
        text.add(value, 0)
        return text.size

    def check_text(self, value: Any) -> None:
        """Refuse a collection whose text would be too long."""
        if value.__class__ not in SHORT_TYPES and isinstance(value, _COLLECTIONS):
            self.text_size(value)

    def escape(self, value: Any) -> str:
        """Return the text of a value, escaped."""
        if value.__class__ not in SHORT_TYPES and isinstance(value, _COLLECTIONS):
            self.text_size(value)
        return escape_to_str(value)

    def text(self, value: Any) -> str:
        """Return the text of a value."""
        self.check_text(value)
        return str(value)

    # -- operators

    def multiply(self, left: Any, right: Any) -> Any:
        """Return ``left * right``."""
        for value, times in ((left, right), (right, left)):
            if isinstance(times, int):
                self.check(_length(value) * max(times, 0))
                if isinstance(value, int):
                    self.check(value.bit_length() + times.bit_length())
        return left * right

    def power(self, left: Any, right: Any) -> Any:
        """Return ``left ** right``."""
        if isinstance(left, int) and isinstance(right, int):
            self.check(left.bit_length() * right if abs(left) > 1 else 0)
        return left**right

    def add(self, left: Any, right: Any) -> Any:
        """Return ``left + right``."""
        self.check(_length(left) + _length(right))
        return left + right

    def modulo(self, left: Any, right: Any) -> Any:
        """Return ``left % right``; widths in a format string count."""
        if isinstance(left, (str, bytes, bytearray)):
            self.check_percent(left, right)
            result = left % right
            self.check_grown(len(left), result)
            return result
        return left % right

    def check_percent(self, template: str | bytes | bytearray, values: Any) -> None:
        """Refuse a ``%`` format string that would become too long with these values."""
        text = template if isinstance(template, str) else template.decode("latin-1")
        rest = iter(values if isinstance(values, tuple) else (values,))
        size = len(text)
        for key, width, precision, kind in _CONVERSION.findall(text):
            sizes = [self._number(digits, rest) for digits in (width, precision)]
            if kind == "%":
                continue
            value = _value_for(key, kind, text.__class__ is template.__class__, values, rest)
            size += max(self.text_size(value), size_of(value) // 3, *sizes)
            self.check(size)

    def _number(self, digits: str, rest: Iterator[Any]) -> int:
        """Return the width or precision of a conversion, which may come from the values."""
        if digits != "*":
            return self.check_digits(digits)
        number = next(rest, 0)
        return abs(number) if isinstance(number, int) else 0

    def check_widths(self, spec: str) -> None:
        """Refuse a format specification with a number in it that is too large for a width."""
        for digits in re.findall(r"[0-9]+", spec):
            self.check_digits(digits)

    def join(self, pieces: Iterable[Any]) -> Iterable[Any]:
        """Return pieces of text that together aren't too long."""
        self.check(sum([len(piece) if piece.__class__ is str else self._piece_size(piece) for piece in pieces]))
        return pieces

    def pieces(self, items: Iterable[Any], separator: int) -> Iterator[Any]:
        """Yield what is joined, as long as it isn't too long.

        :param separator: the length of what stands between
        """
        size = -separator
        for item in items:
            size += separator + self._piece_size(item)
            self.check(size)
            yield item

    def _piece_size(self, item: Any) -> int:
        """Return how long the text of one of many is, as far as it can be known without making it."""
        if isinstance(item, int):
            return item.bit_length() // 3
        if isinstance(item, (*_TEXTS, *_COLLECTIONS)):
            return self.text_size(item)
        return len(str(item)) if hasattr(item, "__html__") else 0

    # -- methods

    def check_method(self, owner: Any, name: str | None, args: Arguments, kwargs: Keywords) -> Arguments:
        """Refuse a call of a built-in type's method that would make too large a value.

        :param owner: the object, or its class if the method is unbound
        :param name: the method's name
        :return: the arguments to call it with
        """
        check = None if name is None else _METHODS.get(name)
        if check is None:
            return args
        if not isinstance(owner, type):
            return check(self, owner, args, kwargs)
        return (args[0], *check(self, args[0], args[1:], kwargs)) if args else args

    def call_method(
        self, owner: Any, name: str | None, function: Callable[..., Any], args: Arguments, kwargs: Keywords
    ) -> Any:
        """Return the result of a built-in type's method, if neither it nor what it belongs to becomes too large.

        :param owner: the object, or its class if the method is unbound
        :param name: the method's name
        :param function: calls it
        """
        args = self.check_method(owner, name, args, kwargs)
        subject = args[0] if isinstance(owner, type) and args else owner
        size = size_of(subject)
        result = function(*args, **kwargs)
        self.check_grown(size, result)
        self.check_grown(size, subject)
        return result

    def check_filter(self, environment: Any, name: str, value: Any, args: Arguments, kwargs: Keywords) -> Any:
        """Refuse one of the engine's filters that would make too large a value.

        :param environment: does look-ups for it
        :param name: the filter's name
        :return: the value and the arguments to call it with
        """
        check = _FILTERS.get(name)
        if check is not None:
            return check(self, environment, value, args, kwargs)
        if name not in _OF_ITEMS:
            self.check_text(value)
        return value, args, kwargs


def _value_for(key: str, kind: str, is_text: bool, values: Any, rest: Iterator[Any]) -> Any:
    """Return the value that a conversion shows."""
    if kind == "(":  # a key with brackets in it: whichever is the longest
        return max(values.values(), key=lambda value: len(str(value)), default="") if isinstance(values, dict) else ""
    if not key:
        return next(rest, "")
    try:
        return values[key if is_text else key.encode("latin-1")]
    except (LookupError, TypeError):
        return ""  # the operator will say so


class _TextSize:
    """Adds up about how many characters the text of a value has; see :meth:`SizeGuard.text_size`."""

    def __init__(self, guard: SizeGuard, step: int, laid_out: bool) -> None:
        self.guard = guard
        self.step = step
        self.laid_out = laid_out
        self.size = 0
        #: The collections that the current one is a part of.
        self.path: set[int] = set()

    def add(self, value: Any, indent: int) -> None:
        """Add the text of a value.

        :param indent: how many blanks stand before each of its lines
        """
        if isinstance(value, _TEXTS):
            self.size += len(value) + 2
            if self.laid_out:
                self.size += indent * (len(value) // 4 if isinstance(value, bytes) else len(str(value).split()))
        elif isinstance(value, int):
            self.size += value.bit_length() // 3 + 2
        elif isinstance(value, _COLLECTIONS) and id(value) not in self.path:
            self.path.add(id(value))
            self._add_items(value, indent)
            self.path.discard(id(value))
        else:
            self.size += 4
        self.guard.check(self.size)

    def _add_items(self, value: Any, indent: int) -> None:
        if value.__class__ is Namespace:
            value = object.__getattribute__(value, "_values")
        self.size += 2
        if not isinstance(value, dict):
            for item in value:
                self.size += 2 + indent
                self.add(item, indent + self.step)
            return
        for key, item in value.items():
            before = self.size
            self.size += 4 + indent
            self.add(key, indent)
            width = self.size - before if self.laid_out else 0
            self.add(item, indent + self.step + width)


# -- what methods would make


def _check_width(guard: SizeGuard, owner: Any, args: Arguments, kwargs: Keywords) -> Arguments:
    guard.check(max(_whole(*args, *kwargs.values()), default=0))
    return args


def _check_tabs(guard: SizeGuard, owner: Any, args: Arguments, kwargs: Keywords) -> Arguments:
    tab = b"\t" if isinstance(owner, (bytes, bytearray)) else "\t"
    guard.check_more(len(owner), owner.count(tab) * max([0, *_whole(*args, *kwargs.values())]))
    return args


def _check_replace(guard: SizeGuard, owner: Any, args: Arguments, kwargs: Keywords) -> Arguments:
    if len(args) >= 2 and isinstance(args[0], _TEXTS) and isinstance(args[1], _TEXTS):
        places = owner.count(args[0]) if args[0] else len(owner) + 1
        times = kwargs.get("count", args[2] if len(args) > 2 else -1)
        if isinstance(times, int) and 0 <= times < places:
            places = times
        guard.check_more(len(owner), places * (len(args[1]) - len(args[0])))
    return args


def _check_join(guard: SizeGuard, owner: Any, args: Arguments, kwargs: Keywords) -> Arguments:
    if not args or not hasattr(args[0], "__iter__"):
        return args
    if isinstance(args[0], _TEXTS):  # characters
        guard.check(len(args[0]) + len(owner) * (len(args[0]) - 1))
        return args
    return (list(guard.pieces(args[0], len(owner))), *args[1:])


def _check_translate(guard: SizeGuard, owner: Any, args: Arguments, kwargs: Keywords) -> Arguments:
    table = args[0] if args else None
    if isinstance(owner, str) and isinstance(table, dict):
        longer = [value for value in table.values() if isinstance(value, str) and len(value) > 1]
        if longer:
            counts = Counter(owner)
            guard.check(sum(times * _length(table.get(ord(char), char)) for char, times in counts.items()))
    return args


_METHODS: dict[str, Callable[[SizeGuard, Any, Arguments, Keywords], Arguments]] = {
    **dict.fromkeys(("center", "ljust", "rjust", "zfill", "to_bytes"), _check_width),
    "expandtabs": _check_tabs,
    "replace": _check_replace,
    "join": _check_join,
    "translate": _check_translate,
}

# -- what filters would make


def _argument(args: Arguments, kwargs: Keywords, index: int, name: str, default: Any = None) -> Any:
    return args[index] if len(args) > index else kwargs.get(name, default)


def _attributes(environment: Any, value: Any, args: Arguments, kwargs: Keywords, index: int) -> Any:
    """Take the argument ``attribute`` away, and return the look-up that it stands for, and the others."""
    getter = make_attrgetter(environment, _argument(args, kwargs, index, "attribute"))
    others = {key: argument for key, argument in kwargs.items() if key != "attribute"}
    return getter, tuple(None if at == index else argument for at, argument in enumerate(args)), others


def _filter_pieces(index: int, size: Callable[..., Any]) -> Callable[..., Any]:
    """Return the check of a filter that puts items together, each of which may be an attribute.

    :param index: the place of the argument ``attribute``
    :param size: takes the guard, the items and the arguments, and yields the items as long as they aren't too many
    """

    def check(guard: SizeGuard, environment: Any, value: Any, args: Arguments, kwargs: Keywords) -> Any:
        getter, args, kwargs = _attributes(environment, value, args, kwargs, index)
        if hasattr(value, "__aiter__"):
            return _Later(value, getter, lambda items: size(guard, items, args, kwargs)), args, kwargs
        if not hasattr(value, "__iter__"):
            return value, args, kwargs
        return size(guard, map(getter, value), args, kwargs), args, kwargs

    return check


class _Later:
    """An asynchronous iterable that is read, and looked at, when it is asked for."""

    def __init__(
        self, items: Any, getter: Callable[[Any], Any], size: Callable[[Iterable[Any]], Iterable[Any]]
    ) -> None:
        self.items = items
        self.getter = getter
        self.size = size

    async def __aiter__(self) -> AsyncIterator[Any]:
        for item in self.size([self.getter(item) async for item in self.items]):
            yield item


def _joined(guard: SizeGuard, items: Iterable[Any], args: Arguments, kwargs: Keywords) -> Iterable[Any]:
    return guard.pieces(map(_as_text, items), _length(_argument(args, kwargs, 0, "d", "")))


def _as_text(item: Any) -> Any:
    """Return the text of an item that isn't HTML, so that it is made once."""
    return item if hasattr(item, "__html__") or isinstance(item, (str, *_COLLECTIONS)) else str(item)


def _summed(guard: SizeGuard, items: Iterable[Any], args: Arguments, kwargs: Keywords) -> Iterator[Any]:
    size = 0
    for item in items:
        size += _length(item)
        guard.check(size)
        yield item


def _filter_width(guard: SizeGuard, environment: Any, value: Any, args: Arguments, kwargs: Keywords) -> Any:
    guard.check_text(value)
    guard.check(max(_whole(*args, *kwargs.values()), default=0))
    return value, args, kwargs


def _filter_indent(guard: SizeGuard, environment: Any, value: Any, args: Arguments, kwargs: Keywords) -> Any:
    if isinstance(value, str):
        width = _argument(args, kwargs, 0, "width", 4)
        size = len(width) if isinstance(width, str) else max(_whole(width), default=0)
        guard.check_more(len(value), (len(value.splitlines()) + 1) * size)
    return value, args, kwargs


def _filter_format(guard: SizeGuard, environment: Any, value: Any, args: Arguments, kwargs: Keywords) -> Any:
    guard.check_text(value)
    guard.check_percent(str(value), kwargs or args)
    return value, args, kwargs


def _filter_replace(guard: SizeGuard, environment: Any, value: Any, args: Arguments, kwargs: Keywords) -> Any:
    old, new, times = (_argument(args, kwargs, index, name) for index, name in enumerate(("old", "new", "count")))
    for text in (value, old, new):
        guard.check_text(text)
    _check_replace(guard, str(value), (str(old), str(new), times), {})
    return value, args, kwargs


def _filter_wordwrap(guard: SizeGuard, environment: Any, value: Any, args: Arguments, kwargs: Keywords) -> Any:
    width, between = _argument(args, kwargs, 0, "width", 79), _argument(args, kwargs, 2, "wrapstring")
    if isinstance(value, str) and _length(between) > 1 and isinstance(width, int):
        # Two lines that follow each other are longer than one may be, or they would be one.
        lines = min(2 * len(value) // max(width, 1) + len(value.splitlines()), len(value))
        guard.check(len(value) + lines * len(between))
    return value, args, kwargs


def _filter_urlize(guard: SizeGuard, environment: Any, value: Any, args: Arguments, kwargs: Keywords) -> Any:
    target, rel = _argument(args, kwargs, 2, "target"), _argument(args, kwargs, 3, "rel")
    if isinstance(value, str):
        guard.check_more(len(value), len(value.split()) * (_length(target) + _length(rel)))
    return value, args, kwargs


def _filter_tojson(guard: SizeGuard, environment: Any, value: Any, args: Arguments, kwargs: Keywords) -> Any:
    indent = _argument(args, kwargs, 0, "indent")
    step = _length(indent) + max(_whole(indent), default=0)
    guard.check(step)
    guard.text_size(value, step)
    return value, args, kwargs


def _filter_pprint(guard: SizeGuard, environment: Any, value: Any, args: Arguments, kwargs: Keywords) -> Any:
    guard.text_size(value, 1, laid_out=True)
    return value, args, kwargs


def _filter_round(guard: SizeGuard, environment: Any, value: Any, args: Arguments, kwargs: Keywords) -> Any:
    guard.check(4 * max([0, *map(abs, _whole(_argument(args, kwargs, 0, "precision")))]))
    return value, args, kwargs


def _filter_slice(guard: SizeGuard, environment: Any, value: Any, args: Arguments, kwargs: Keywords) -> Any:
    guard.check(max(_whole(_argument(args, kwargs, 0, "slices")), default=0))
    return value, args, kwargs


def _filter_batch(guard: SizeGuard, environment: Any, value: Any, args: Arguments, kwargs: Keywords) -> Any:
    if _argument(args, kwargs, 1, "fill_with") is not None:
        guard.check(max(_whole(_argument(args, kwargs, 0, "linecount")), default=0))
    return value, args, kwargs


_FILTERS: dict[str, Callable[..., Any]] = {
    "batch": _filter_batch, "center": _filter_width, "format": _filter_format, "indent": _filter_indent,
    "join": _filter_pieces(1, _joined), "pprint": _filter_pprint, "replace": _filter_replace, "round": _filter_round,
    "slice": _filter_slice, "sum": _filter_pieces(0, _summed), "tojson": _filter_tojson, "urlize": _filter_urlize,
    "wordwrap": _filter_wordwrap,
}  # fmt: skip
#: Filters that take a collection's items, not its text.
_OF_ITEMS = frozenset({
    "abs", "attr", "count", "d", "default", "dictsort", "first", "groupby", "items", "last", "length", "list", "map",
    "max", "min", "random", "reject", "rejectattr", "reverse", "select", "selectattr", "sort", "unique",
})  # fmt: skip
