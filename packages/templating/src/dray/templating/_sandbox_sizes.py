"""How large a value a sandboxed template may make: what operators and the methods of built-in types would make is
estimated before they make it, wherever it can be more than a few times what they are given. Whatever grew in another
way is looked at when it is there.
"""

from __future__ import annotations

import re
from array import array
from collections import Counter, UserList, UserString, deque

from dray.safe_strings import Markup
from dray.safe_strings._choose import escape_to_str

from ._sandbox_budgets import refuse
from .utils import Namespace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import Any

    Arguments = tuple[Any, ...]
    Keywords = Mapping[str, Any]

TEXTS = (str, bytes, bytearray)
#: What can be repeated and joined.
_SEQUENCES = (*TEXTS, list, tuple, deque, array)
_SIZED: tuple[type[Any], ...] = (*_SEQUENCES, dict, set, frozenset)
_VIEWS: tuple[type[Any], ...] = (type({}.keys()), type({}.values()), type({}.items()))
#: What has its parts in its text.
COLLECTIONS: tuple[type[Any], ...] = (list, tuple, dict, set, frozenset, deque, array, *_VIEWS, Namespace)
#: The types whose methods are looked at.
GUARDED_TYPES = (*_SIZED, int)
#: What is written most often, and has no parts.
SHORT_TYPES = frozenset({str, int, float, bool, Markup, type(None)})


def length_of(value: Any) -> int:
    """Return the length of what can be repeated and joined, 0 of anything else."""
    if isinstance(value, _SEQUENCES):
        return len(value)
    # Their classes are abstract ones, which takes long to ask.
    return len(value) if value.__class__ not in SHORT_TYPES and isinstance(value, (UserList, UserString)) else 0


def size_of(value: Any) -> int:
    """Return the size of a value: in characters, items or bits."""
    if isinstance(value, int):
        return value.bit_length()
    return len(value) if isinstance(value, _SIZED) else 0


def whole_numbers(*values: Any) -> list[int]:
    """Return those of some values that are whole numbers."""
    return [value for value in values if isinstance(value, int)]


_MOST_DIGITS = 20
#: Texts of which many copies do no harm.
_SHORT = 100
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
        if isinstance(value, TEXTS) and not laid_out:
            return len(value)
        text = _TextSize(self, step, laid_out)
        text.add(value, 0)
        return text.size

    def check_text(self, value: Any) -> None:
        """Refuse a collection whose text would be too long."""
        if value.__class__ not in SHORT_TYPES and isinstance(value, COLLECTIONS):
            self.text_size(value)

    def escape(self, value: Any) -> str:
        """Return the text of a value, escaped."""
        if value.__class__ not in SHORT_TYPES and isinstance(value, COLLECTIONS):
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
                self.check(length_of(value) * max(times, 0))
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
        self.check(length_of(left) + length_of(right))
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
        if isinstance(item, (*TEXTS, *COLLECTIONS)):
            return self.text_size(item)
        return len(str(item)) if hasattr(item, "__html__") else 0

    def most(self, items: Iterable[Any]) -> Iterator[Any]:
        """Yield items, as long as they aren't too many for one collection."""
        for number, item in enumerate(items, 1):
            self.check(number)
            yield item

    def keys(self, items: Iterable[Any], getters: Sequence[Callable[[Any], Any]]) -> Iterator[Any]:
        """Yield items that are sorted by the lower case of a text, which each gets a copy of.

        Texts of their own only double what is there; one that many have would become as many.

        :param getters: look up what an item is sorted by
        """
        seen: dict[int, str] = {}
        size = 0
        for item in items:
            for getter in getters:
                text = getter(item)
                if isinstance(text, str) and len(text) > _SHORT:
                    size += len(text) if id(text) in seen else 0
                    seen[id(text)] = text
            self.check(size)
            yield item

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
        if isinstance(value, TEXTS):
            self.size += len(value) + 2
            if self.laid_out:
                self.size += indent * (len(value) // 4 if isinstance(value, bytes) else len(str(value).split()))
        elif isinstance(value, int):
            self.size += value.bit_length() // 3 + 2
        elif isinstance(value, COLLECTIONS) and id(value) not in self.path:
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
    guard.check(max(whole_numbers(*args, *kwargs.values()), default=0))
    return args


def _check_tabs(guard: SizeGuard, owner: Any, args: Arguments, kwargs: Keywords) -> Arguments:
    tab = b"\t" if isinstance(owner, (bytes, bytearray)) else "\t"
    guard.check_more(len(owner), owner.count(tab) * max([0, *whole_numbers(*args, *kwargs.values())]))
    return args


def check_replace(guard: SizeGuard, owner: Any, args: Arguments, kwargs: Keywords) -> Arguments:
    """Refuse a ``replace`` that would make too long a text.

    :param guard: knows the limit
    :param owner: the text
    """
    if len(args) >= 2 and isinstance(args[0], TEXTS) and isinstance(args[1], TEXTS):
        places = owner.count(args[0]) if args[0] else len(owner) + 1
        times = kwargs.get("count", args[2] if len(args) > 2 else -1)
        if isinstance(times, int) and 0 <= times < places:
            places = times
        guard.check_more(len(owner), places * (len(args[1]) - len(args[0])))
    return args


def _check_join(guard: SizeGuard, owner: Any, args: Arguments, kwargs: Keywords) -> Arguments:
    if not args or not hasattr(args[0], "__iter__"):
        return args
    if isinstance(args[0], TEXTS):  # characters
        guard.check(len(args[0]) + len(owner) * (len(args[0]) - 1))
        return args
    return (list(guard.pieces(args[0], len(owner))), *args[1:])


def _check_translate(guard: SizeGuard, owner: Any, args: Arguments, kwargs: Keywords) -> Arguments:
    table = args[0] if args else None
    if isinstance(owner, str) and isinstance(table, dict):
        longer = [value for value in table.values() if isinstance(value, str) and len(value) > 1]
        if longer:
            counts = Counter(owner)
            guard.check(sum(times * length_of(table.get(ord(char), char)) for char, times in counts.items()))
    return args


def _check_iterators(guard: SizeGuard, owner: Any, args: Arguments, kwargs: Keywords) -> Arguments:
    return tuple(guard.most(arg) if hasattr(arg, "__next__") else arg for arg in args)


_METHODS: dict[str, Callable[[SizeGuard, Any, Arguments, Keywords], Arguments]] = {
    **dict.fromkeys(("center", "ljust", "rjust", "zfill", "to_bytes"), _check_width),
    **dict.fromkeys(("extend", "extendleft", "fromkeys", "union", "update"), _check_iterators),
    "expandtabs": _check_tabs,
    "replace": check_replace,
    "join": _check_join,
    "translate": _check_translate,
}
