"""Filters that work on sequences and mappings: order, groups, sums, slices."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain

from dray.safe_strings import escape, soft_str

from ..async_utils import async_variant, auto_aiter, auto_to_list
from ..exceptions import FilterArgumentError
from ..utils import is_undefined, pass_environment, pass_eval_context
from .attributes import ignore_case, make_attrgetter, make_multi_attrgetter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any


def do_default(value: Any, default_value: Any = "", boolean: bool = False) -> Any:
    """Return a value, or another one if it is undefined.

    :param default_value: the other value
    :param boolean: take it for every value that counts as false
    """
    if is_undefined(value) or (boolean and not value):
        return default_value
    return value


def do_items(value: Mapping[Any, Any] | Any) -> Iterator[tuple[Any, Any]]:
    """Yield the items of a mapping; nothing for an undefined value.

    :raises TypeError: if the value is no mapping
    """
    if is_undefined(value):
        return
    if not isinstance(value, Mapping):
        raise TypeError("Can only get item pairs from a mapping.")
    yield from value.items()


def do_dictsort(
    value: Mapping[Any, Any], case_sensitive: bool = False, by: str = "key", reverse: bool = False
) -> list[tuple[Any, Any]]:
    """Return the items of a mapping in order.

    :param case_sensitive: tell upper and lower case apart
    :param by: ``key`` or ``value``
    :param reverse: from the largest to the smallest
    :raises FilterArgumentError: if *by* is neither
    """
    if by not in ("key", "value"):  # no set: it may be unhashable
        raise FilterArgumentError('You can only sort by either "key" or "value"')
    position = 0 if by == "key" else 1

    def key(item: tuple[Any, Any]) -> Any:
        return item[position] if case_sensitive else ignore_case(item[position])

    return sorted(value.items(), key=key, reverse=reverse)


@pass_environment
def do_sort(
    environment: Any,
    value: Iterable[Any],
    reverse: bool = False,
    case_sensitive: bool = False,
    attribute: str | int | None = None,
) -> list[Any]:
    """Return the items in order.

    :param reverse: from the largest to the smallest
    :param case_sensitive: tell upper and lower case apart
    :param attribute: sort by this attribute, or several with commas between
    """
    key = make_multi_attrgetter(environment, attribute, postprocess=None if case_sensitive else ignore_case)
    return sorted(value, key=key, reverse=reverse)


@pass_environment
def sync_do_unique(
    environment: Any, value: Iterable[Any], case_sensitive: bool = False, attribute: str | int | None = None
) -> Iterator[Any]:
    """Yield each item once, in the order of their first places.

    :param case_sensitive: tell upper and lower case apart
    :param attribute: compare this attribute
    """
    key = make_attrgetter(environment, attribute, postprocess=None if case_sensitive else ignore_case)
    seen = set()
    for item in value:
        mark = key(item)
        if mark not in seen:
            seen.add(mark)
            yield item


@async_variant(sync_do_unique)
async def do_unique(
    environment: Any, value: Any, case_sensitive: bool = False, attribute: str | int | None = None
) -> Iterator[Any]:
    """Yield each item once; the asynchronous variant."""
    return sync_do_unique(environment, await auto_to_list(value), case_sensitive, attribute)


def _extreme(
    environment: Any,
    value: Iterable[Any],
    choose: Callable[..., Any],
    case_sensitive: bool,
    attribute: str | int | None,
) -> Any:
    """Return the smallest or largest item."""
    items = iter(value)
    try:
        first = next(items)
    except StopIteration:
        return environment.undefined("No aggregated item, sequence was empty.")
    key = make_attrgetter(environment, attribute, postprocess=None if case_sensitive else ignore_case)
    return choose(chain((first,), items), key=key)


@pass_environment
def do_min(
    environment: Any, value: Iterable[Any], case_sensitive: bool = False, attribute: str | int | None = None
) -> Any:
    """Return the smallest item; an undefined value if there is none.

    :param case_sensitive: tell upper and lower case apart
    :param attribute: compare this attribute
    """
    return _extreme(environment, value, min, case_sensitive, attribute)


@pass_environment
def do_max(
    environment: Any, value: Iterable[Any], case_sensitive: bool = False, attribute: str | int | None = None
) -> Any:
    """Return the largest item; an undefined value if there is none.

    :param case_sensitive: tell upper and lower case apart
    :param attribute: compare this attribute
    """
    return _extreme(environment, value, max, case_sensitive, attribute)


def _join(eval_ctx: Any, items: Iterable[Any], separator: str) -> str:
    """Join items; where output is escaped, one safe item makes the result safe and the others be escaped."""
    if not eval_ctx.autoescape:
        return str(separator).join(map(str, items))
    if hasattr(separator, "__html__"):
        return soft_str(separator).join(map(soft_str, items))
    safe = False
    parts = []
    for item in items:
        is_safe = hasattr(item, "__html__")
        safe = safe or is_safe
        parts.append(item if is_safe else str(item))
    return (escape(separator) if safe else str(separator)).join(parts)


@pass_eval_context
def sync_do_join(eval_ctx: Any, value: Iterable[Any], d: str = "", attribute: str | int | None = None) -> str:
    """Join the items as text.

    :param d: stands between them
    :param attribute: take this attribute of each
    """
    if attribute is not None:
        value = map(make_attrgetter(eval_ctx.environment, attribute), value)
    return _join(eval_ctx, value, d)


@async_variant(sync_do_join)
async def do_join(eval_ctx: Any, value: Any, d: str = "", attribute: str | int | None = None) -> str:
    """Join the items as text; the asynchronous variant."""
    return sync_do_join(eval_ctx, await auto_to_list(value), d, attribute)


@pass_environment
def sync_do_first(environment: Any, seq: Iterable[Any]) -> Any:
    """Return the first item; an undefined value if there is none."""
    try:
        return next(iter(seq))
    except StopIteration:
        return environment.undefined("No first item, sequence was empty.")


@async_variant(sync_do_first)
async def do_first(environment: Any, seq: Any) -> Any:
    """Return the first item; the asynchronous variant."""
    if not hasattr(seq, "__aiter__"):
        return sync_do_first(environment, seq)
    async for item in seq:
        return item
    return environment.undefined("No first item, sequence was empty.")


@pass_environment
def do_last(environment: Any, seq: Any) -> Any:
    """Return the last item; an undefined value if there is none. Generators have to be made lists first."""
    try:
        return next(iter(reversed(seq)))
    except StopIteration:
        return environment.undefined("No last item, sequence was empty.")


def sync_do_slice(value: Any, slices: int, fill_with: Any | None = None) -> Iterator[list[Any]]:
    """Yield the items in a number of lists of about the same length, the longer ones first.

    :param slices: the number of lists
    :param fill_with: makes the shorter lists as long as the others
    """
    items = list(value)
    per_slice, longer = len(items) // slices, len(items) % slices
    start = 0
    for number in range(slices):
        end = start + per_slice + (number < longer)
        part = items[start:end]
        if fill_with is not None and number >= longer:
            part.append(fill_with)
        yield part
        start = end


@async_variant(sync_do_slice)
async def do_slice(value: Any, slices: int, fill_with: Any | None = None) -> Iterator[list[Any]]:
    """Yield the items in a number of lists; the asynchronous variant."""
    return sync_do_slice(await auto_to_list(value), slices, fill_with)


def do_batch(value: Iterable[Any], linecount: int, fill_with: Any | None = None) -> Iterator[list[Any]]:
    """Yield the items in lists of a fixed length.

    :param linecount: the length
    :param fill_with: fills up the last list
    """
    batch: list[Any] = []
    for item in value:
        if len(batch) == linecount:
            yield batch
            batch = []
        batch.append(item)
    if batch:
        if fill_with is not None and len(batch) < linecount:
            batch += [fill_with] * (linecount - len(batch))
        yield batch


class _GroupTuple(tuple):  # type: ignore[type-arg]
    """A group: what its items have in common, and the items."""

    __slots__ = ()

    def __new__(cls, grouper: Any, list: list[Any]) -> _GroupTuple:
        return tuple.__new__(cls, (grouper, list))

    def __getnewargs__(self) -> tuple[Any, ...]:
        return tuple(self)

    grouper = property(lambda self: self[0], doc="What the items have in common.")
    list = property(lambda self: self[1], doc="The items.")

    def __repr__(self) -> str:
        return tuple.__repr__(self)

    def __str__(self) -> str:
        return tuple.__repr__(self)


@pass_environment
def sync_do_groupby(
    environment: Any,
    value: Iterable[Any],
    attribute: str | int,
    default: Any | None = None,
    case_sensitive: bool = False,
) -> list[_GroupTuple]:
    """Return the items in groups with the same value of an attribute, ordered by it.

    :param attribute: the attribute
    :param default: the value for items without it
    :param case_sensitive: tell upper and lower case apart; otherwise a group is named as its first item has it
    """
    key = make_attrgetter(environment, attribute, None if case_sensitive else ignore_case, default)
    named = make_attrgetter(environment, attribute, default=default)
    groups: list[_GroupTuple] = []
    previous: Any = groups
    for item in sorted(value, key=key):
        mark = key(item)
        if not groups or not (mark is previous or mark == previous):  # NaN makes one group
            groups.append(_GroupTuple(named(item), []))
            previous = mark
        groups[-1].list.append(item)
    return groups


@async_variant(sync_do_groupby)
async def do_groupby(
    environment: Any, value: Any, attribute: str | int, default: Any | None = None, case_sensitive: bool = False
) -> list[_GroupTuple]:
    """Return the items in groups; the asynchronous variant."""
    return sync_do_groupby(environment, await auto_to_list(value), attribute, default, case_sensitive)


@pass_environment
def sync_do_sum(environment: Any, iterable: Iterable[Any], attribute: str | int | None = None, start: Any = 0) -> Any:
    """Return the sum of the items.

    :param attribute: sum this attribute
    :param start: is added
    """
    if attribute is not None:
        iterable = map(make_attrgetter(environment, attribute), iterable)
    return sum(iterable, start)


@async_variant(sync_do_sum)
async def do_sum(environment: Any, iterable: Any, attribute: str | int | None = None, start: Any = 0) -> Any:
    """Return the sum of the items, added up by ``+=``, which joins texts and lists too; the asynchronous variant."""
    from copy import copy  # noqa: PLC0415 - most sums aren't asynchronous

    getter = make_attrgetter(environment, attribute)
    total = copy(start) if hasattr(start, "__iadd__") else start  # a list that was given stays as it is
    async for item in auto_aiter(iterable):
        total += getter(item)
    return total


def sync_do_list(value: Iterable[Any]) -> list[Any]:
    """Return the items as a list; text as a list of its characters."""
    return list(value)


@async_variant(sync_do_list)
async def do_list(value: Any) -> list[Any]:
    """Return the items as a list; the asynchronous variant."""
    return await auto_to_list(value)


def do_reverse(value: str | Iterable[Any]) -> str | Iterable[Any]:
    """Return text, or an iterator over the items, from the end to the beginning.

    :raises FilterArgumentError: if the value can't be iterated over
    """
    if isinstance(value, str):
        return value[::-1]
    try:
        return reversed(value)  # type: ignore[arg-type]
    except TypeError:
        try:
            return list(value)[::-1]
        except TypeError as error:
            raise FilterArgumentError("argument must be iterable") from error
