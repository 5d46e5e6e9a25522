"""What asynchronous templates need: awaiting what may be awaitable, iterating what may be asynchronous.

Imports neither ``asyncio`` nor ``inspect``; a template that is not asynchronous never comes here.
"""

from __future__ import annotations

from functools import WRAPPER_ASSIGNMENTS, wraps
from types import GeneratorType

from .utils import PASS_MARK, passed_argument

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Iterable
    from typing import Any, TypeVar

    V = TypeVar("V")
else:
    V = None

__all__ = ["V", "WRAPPER_ASSIGNMENTS", "async_variant", "auto_aiter", "auto_await", "auto_to_list", "plain_types"]

#: Types whose values can't be awaited, so that generated code needn't look at them; :func:`auto_await` adds to it.
plain_types: set[type] = {
    str, int, float, bool, complex, bytes, list, tuple, dict, set, frozenset, range, type(None), slice,
}  # fmt: skip
#: So that a program which makes classes without an end doesn't keep them all alive.
_MOST_TYPES = 1000


def async_variant(normal_func: Callable[..., Any]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make a decorator that joins a filter's plain and asynchronous functions to one.

    The joined function asks the environment that it gets, by itself or by way of the context, which one to call. Its
    signature for a caller is the plain one's.

    :param normal_func: the plain function
    """
    mark = passed_argument(normal_func)

    def decorate(async_func: Callable[..., Any]) -> Callable[..., Any]:
        wanted = tuple(name for name in WRAPPER_ASSIGNMENTS if name != "__doc__")

        @wraps(normal_func)
        @wraps(async_func, assigned=wanted, updated=())
        def joined(*args: Any, **kwargs: Any) -> Any:
            first = args[0]
            environment = first if mark == "environment" else first.environment
            if mark is None:
                args = args[1:]
            return (async_func if environment.is_async else normal_func)(*args, **kwargs)

        if mark is None:
            setattr(joined, PASS_MARK, "eval_context")
        joined.dray_async_variant = True  # type: ignore[attr-defined]
        return joined

    return decorate


async def auto_await(value: Awaitable[V] | V) -> V:
    """Return *value*, awaited if that is possible.

    :param value: anything
    """
    if type(value) in plain_types:
        return value  # type: ignore[return-value]
    cls = type(value)
    if hasattr(cls, "__await__") or _is_old_coroutine(value):
        return await value  # type: ignore[misc, no-any-return]
    if cls is not GeneratorType and len(plain_types) < _MOST_TYPES:
        plain_types.add(cls)
    return value  # type: ignore[return-value]


#: What marks the code of a generator that ``types.coroutine`` made awaitable (``inspect.CO_ITERABLE_COROUTINE``).
_CO_ITERABLE_COROUTINE = 0x100


def _is_old_coroutine(value: Any) -> bool:
    """Say whether *value* is a generator that can be awaited."""
    return isinstance(value, GeneratorType) and bool(value.gi_code.co_flags & _CO_ITERABLE_COROUTINE)


class _IteratorToAsync:
    """An iterator in an asynchronous one's clothes."""

    __slots__ = ("_next",)

    def __init__(self, iterator: Any) -> None:
        self._next = iterator.__next__

    def __aiter__(self) -> Any:
        return self

    async def __anext__(self) -> Any:
        try:
            return self._next()
        except StopIteration:
            raise StopAsyncIteration from None


def auto_aiter(iterable: AsyncIterable[V] | Iterable[V]) -> AsyncIterator[V]:
    """Return an asynchronous iterator over *iterable*, of whichever kind it is.

    :param iterable: an iterable or an asynchronous iterable
    """
    if hasattr(iterable, "__aiter__"):
        return iterable.__aiter__()
    return _IteratorToAsync(iter(iterable))


async def auto_to_list(value: AsyncIterable[V] | Iterable[V]) -> list[V]:
    """Return a list of the items of *value*, an iterable of either kind.

    :param value: an iterable or an asynchronous iterable
    """
    if hasattr(value, "__aiter__"):
        return [item async for item in value]
    return list(value)
