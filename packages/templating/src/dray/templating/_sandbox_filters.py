"""How large a value the engine's filters may make in a sandbox: what each would make is estimated before it makes it,
as :mod:`._sandbox_sizes` does for operators and methods.
"""

from __future__ import annotations

from ._sandbox_sizes import COLLECTIONS, check_replace, length_of, whole_numbers
from .filters.attributes import make_attrgetter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Iterator
    from typing import Any

    from ._sandbox_sizes import Arguments, Keywords, SizeGuard


def check_filter(guard: SizeGuard, environment: Any, name: str, value: Any, args: Arguments, kwargs: Keywords) -> Any:
    """Refuse one of the engine's filters that would make too large a value.

    :param guard: knows the limit
    :param environment: does look-ups for it
    :param name: the filter's name
    :return: the value and the arguments to call it with
    """
    check = _FILTERS.get(name)
    if check is not None:
        return check(guard, environment, value, args, kwargs)
    if name not in _OF_ITEMS:
        guard.check_text(value)
    return value, args, kwargs


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
        waits = environment.is_async and hasattr(value, "__aiter__")
        if not (waits or hasattr(value, "__iter__") or hasattr(value, "__getitem__")):
            return value, args, kwargs
        getter, args, kwargs = _attributes(environment, value, args, kwargs, index)
        if waits:
            return _Later(value, getter, lambda items: size(guard, items, args, kwargs)), args, kwargs
        return size(guard, map(getter, iter(value)), args, kwargs), args, kwargs

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


def _filter_keys(index: int, waits: bool) -> Callable[..., Any]:
    """Return the check of a filter that sorts.

    :param index: the place of the argument ``attribute``: a path, or several with commas between
    :param waits: whether it reads asynchronous iterables
    """

    def check(guard: SizeGuard, environment: Any, value: Any, args: Arguments, kwargs: Keywords) -> Any:
        attribute = _argument(args, kwargs, index, "attribute")
        paths = attribute.split(",") if isinstance(attribute, str) else [attribute]
        getters = [make_attrgetter(environment, path) for path in paths]
        if waits and environment.is_async and hasattr(value, "__aiter__"):
            value = _Later(value, lambda item: item, lambda items: guard.keys(items, getters))
        elif hasattr(value, "__iter__"):
            value = guard.keys(value, getters)
        return value, args, kwargs

    return check


def _filter_dictsort(guard: SizeGuard, environment: Any, value: Any, args: Arguments, kwargs: Keywords) -> Any:
    if isinstance(value, dict):
        for _ in guard.keys(value.values(), [lambda item: item]):
            pass
    return value, args, kwargs


def _joined(guard: SizeGuard, items: Iterable[Any], args: Arguments, kwargs: Keywords) -> Iterable[Any]:
    return guard.pieces(map(_as_text, items), length_of(_argument(args, kwargs, 0, "d", "")))


def _as_text(item: Any) -> Any:
    """Return the text of an item that isn't HTML, so that it is made once."""
    return item if hasattr(item, "__html__") or isinstance(item, (str, *COLLECTIONS)) else str(item)


def _summed(guard: SizeGuard, items: Iterable[Any], args: Arguments, kwargs: Keywords) -> Iterator[Any]:
    size = 0
    for item in items:
        size += length_of(item)
        guard.check(size)
        yield item


def _filter_width(guard: SizeGuard, environment: Any, value: Any, args: Arguments, kwargs: Keywords) -> Any:
    guard.check_text(value)
    guard.check(max(whole_numbers(*args, *kwargs.values()), default=0))
    return value, args, kwargs


def _filter_indent(guard: SizeGuard, environment: Any, value: Any, args: Arguments, kwargs: Keywords) -> Any:
    if isinstance(value, str):
        width = _argument(args, kwargs, 0, "width", 4)
        size = len(width) if isinstance(width, str) else max(whole_numbers(width), default=0)
        guard.check_more(len(value), (len(value.splitlines()) + 1) * size)
    return value, args, kwargs


def _filter_format(guard: SizeGuard, environment: Any, value: Any, args: Arguments, kwargs: Keywords) -> Any:
    if not (args and kwargs):  # which is an error
        guard.check_text(value)
        guard.check_percent(str(value), kwargs or args)
    return value, args, kwargs


def _filter_replace(guard: SizeGuard, environment: Any, value: Any, args: Arguments, kwargs: Keywords) -> Any:
    old, new, times = (_argument(args, kwargs, index, name) for index, name in enumerate(("old", "new", "count")))
    if len(args) + len(kwargs) < 2:  # which is an error
        return value, args, kwargs
    for text in (value, old, new):
        guard.check_text(text)
    check_replace(guard, str(value), (str(old), str(new), times), {})
    return value, args, kwargs


def _filter_wordwrap(guard: SizeGuard, environment: Any, value: Any, args: Arguments, kwargs: Keywords) -> Any:
    width, between = _argument(args, kwargs, 0, "width", 79), _argument(args, kwargs, 2, "wrapstring")
    if isinstance(value, str) and length_of(between) > 1 and isinstance(width, int):
        # Two lines that follow each other are longer than one may be, or they would be one.
        lines = min(2 * len(value) // max(width, 1) + len(value.splitlines()), len(value))
        guard.check(len(value) + lines * len(between))
    return value, args, kwargs


def _filter_urlize(guard: SizeGuard, environment: Any, value: Any, args: Arguments, kwargs: Keywords) -> Any:
    target, rel = _argument(args, kwargs, 2, "target"), _argument(args, kwargs, 3, "rel")
    if isinstance(value, str):
        guard.check_more(len(value), len(value.split()) * (length_of(target) + length_of(rel)))
    return value, args, kwargs


def _filter_tojson(guard: SizeGuard, environment: Any, value: Any, args: Arguments, kwargs: Keywords) -> Any:
    indent = _argument(args, kwargs, 0, "indent")
    step = length_of(indent) + max(whole_numbers(indent), default=0)
    guard.check(step)
    guard.text_size(value, step)
    return value, args, kwargs


def _filter_pprint(guard: SizeGuard, environment: Any, value: Any, args: Arguments, kwargs: Keywords) -> Any:
    guard.text_size(value, 1, laid_out=True)
    return value, args, kwargs


def _filter_round(guard: SizeGuard, environment: Any, value: Any, args: Arguments, kwargs: Keywords) -> Any:
    guard.check(4 * max([0, *map(abs, whole_numbers(_argument(args, kwargs, 0, "precision")))]))
    return value, args, kwargs


def _filter_slice(guard: SizeGuard, environment: Any, value: Any, args: Arguments, kwargs: Keywords) -> Any:
    guard.check(max(whole_numbers(_argument(args, kwargs, 0, "slices")), default=0))
    return value, args, kwargs


def _filter_batch(guard: SizeGuard, environment: Any, value: Any, args: Arguments, kwargs: Keywords) -> Any:
    if _argument(args, kwargs, 1, "fill_with") is not None:
        guard.check(max(whole_numbers(_argument(args, kwargs, 0, "linecount")), default=0))
    return value, args, kwargs


_FILTERS: dict[str, Callable[..., Any]] = {
    "batch": _filter_batch, "center": _filter_width, "format": _filter_format, "indent": _filter_indent,
    "dictsort": _filter_dictsort, "groupby": _filter_keys(0, waits=True), "sort": _filter_keys(2, waits=False),
    "join": _filter_pieces(1, _joined), "pprint": _filter_pprint, "replace": _filter_replace, "round": _filter_round,
    "slice": _filter_slice, "sum": _filter_pieces(0, _summed), "tojson": _filter_tojson, "urlize": _filter_urlize,
    "wordwrap": _filter_wordwrap,
}  # fmt: skip
#: Filters that take a collection's items, not its text.
_OF_ITEMS = frozenset({
    "abs", "attr", "count", "d", "default", "first", "items", "last", "length", "list", "map",
    "max", "min", "random", "reject", "rejectattr", "reverse", "select", "selectattr", "unique",
})  # fmt: skip
