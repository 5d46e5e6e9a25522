"""Filters that apply another filter or test to every item: map, select, reject and their kin."""

from __future__ import annotations

from ..async_utils import async_variant, auto_aiter, auto_await
from ..exceptions import FilterArgumentError
from ..utils import pass_context
from .attributes import make_attrgetter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Iterator
    from typing import Any


def _same(value: Any) -> Any:
    return value


def prepare_map(context: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Callable[[Any], Any]:
    """Return what ``map`` applies to each item: a filter with its arguments, or the look-up of an attribute.

    :param context: the active context
    :param args: the filter's name and its arguments
    :param kwargs: ``attribute`` and ``default``, or the filter's keyword arguments
    :raises FilterArgumentError: if neither a filter nor an attribute is named
    """
    if not args and "attribute" in kwargs:
        attribute = kwargs.pop("attribute")
        default = kwargs.pop("default", None)
        if kwargs:
            raise FilterArgumentError(f"Unexpected keyword argument {next(iter(kwargs))!r}")
        return make_attrgetter(context.environment, attribute, default=default)
    if not args:
        raise FilterArgumentError("map requires a filter argument")
    name, rest = args[0], args[1:]

    def apply(item: Any) -> Any:
        return context.environment.call_filter(name, item, rest, kwargs, context=context)

    return apply


def prepare_select_or_reject(
    context: Any, args: tuple[Any, ...], kwargs: dict[str, Any], modfunc: Callable[[Any], Any], lookup_attr: bool
) -> Callable[[Any], Any]:
    """Return the condition that ``select`` and its kin ask of each item.

    :param context: the active context
    :param args: the attribute, if there is one, then the test's name and its arguments
    :param kwargs: the test's keyword arguments
    :param modfunc: turns the test's result into the condition
    :param lookup_attr: whether the first argument is an attribute
    :raises FilterArgumentError: if the attribute is missing
    """
    transform: Callable[[Any], Any] = _same
    if lookup_attr:
        if not args:
            raise FilterArgumentError("Missing parameter for attribute name")
        transform = make_attrgetter(context.environment, args[0])
        args = args[1:]
    if not args:
        return lambda item: modfunc(bool(transform(item)))
    name, rest = args[0], args[1:]

    def condition(item: Any) -> Any:
        return modfunc(context.environment.call_test(name, transform(item), rest, kwargs, context))

    return condition


def select_or_reject(
    context: Any,
    value: Iterable[Any],
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    modfunc: Callable[[Any], Any],
    lookup_attr: bool,
) -> Iterator[Any]:
    """Yield the items for which the condition of :func:`prepare_select_or_reject` holds."""
    if value:
        condition = prepare_select_or_reject(context, args, kwargs, modfunc, lookup_attr)
        for item in value:
            if condition(item):
                yield item


async def async_select_or_reject(
    context: Any,
    value: Any,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    modfunc: Callable[[Any], Any],
    lookup_attr: bool,
) -> AsyncIterator[Any]:
    """Yield the items for which the condition holds; the asynchronous variant."""
    if value:
        condition = prepare_select_or_reject(context, args, kwargs, modfunc, lookup_attr)
        async for item in auto_aiter(value):
            if condition(item):
                yield item


def _not(result: Any) -> bool:
    return not result


@pass_context
def sync_do_map(context: Any, value: Iterable[Any], *args: Any, **kwargs: Any) -> Iterable[Any]:
    """Yield what a filter makes of each item, or an attribute of each.

    :param args: the filter's name and arguments
    :param kwargs: ``attribute`` and ``default``, or the filter's keyword arguments
    """
    if value:
        apply = prepare_map(context, args, kwargs)
        for item in value:
            yield apply(item)


@async_variant(sync_do_map)
async def do_map(context: Any, value: Any, *args: Any, **kwargs: Any) -> AsyncIterator[Any]:
    """Yield what a filter makes of each item; the asynchronous variant."""
    if value:
        apply = prepare_map(context, args, kwargs)
        async for item in auto_aiter(value):
            yield await auto_await(apply(item))


@pass_context
def sync_do_select(context: Any, value: Iterable[Any], *args: Any, **kwargs: Any) -> Iterator[Any]:
    """Yield the items that pass a test, or without one those that count as true."""
    return select_or_reject(context, value, args, kwargs, _same, False)


@async_variant(sync_do_select)
def do_select(context: Any, value: Any, *args: Any, **kwargs: Any) -> AsyncIterator[Any]:
    """Yield the items that pass a test; the asynchronous variant."""
    return async_select_or_reject(context, value, args, kwargs, _same, False)


@pass_context
def sync_do_reject(context: Any, value: Iterable[Any], *args: Any, **kwargs: Any) -> Iterator[Any]:
    """Yield the items that fail a test, or without one those that count as false."""
    return select_or_reject(context, value, args, kwargs, _not, False)


@async_variant(sync_do_reject)
def do_reject(context: Any, value: Any, *args: Any, **kwargs: Any) -> AsyncIterator[Any]:
    """Yield the items that fail a test; the asynchronous variant."""
    return async_select_or_reject(context, value, args, kwargs, _not, False)


@pass_context
def sync_do_selectattr(context: Any, value: Iterable[Any], *args: Any, **kwargs: Any) -> Iterator[Any]:
    """Yield the items of which an attribute passes a test."""
    return select_or_reject(context, value, args, kwargs, _same, True)


@async_variant(sync_do_selectattr)
def do_selectattr(context: Any, value: Any, *args: Any, **kwargs: Any) -> AsyncIterator[Any]:
    """Yield the items of which an attribute passes a test; the asynchronous variant."""
    return async_select_or_reject(context, value, args, kwargs, _same, True)


@pass_context
def sync_do_rejectattr(context: Any, value: Iterable[Any], *args: Any, **kwargs: Any) -> Iterator[Any]:
    """Yield the items of which an attribute fails a test."""
    return select_or_reject(context, value, args, kwargs, _not, True)


@async_variant(sync_do_rejectattr)
def do_rejectattr(context: Any, value: Any, *args: Any, **kwargs: Any) -> AsyncIterator[Any]:
    """Yield the items of which an attribute fails a test; the asynchronous variant."""
    return async_select_or_reject(context, value, args, kwargs, _not, True)
