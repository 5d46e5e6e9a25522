"""The parts of the runtime that a sandbox replaces: macros, loops as objects, and what links templates, each counted by
the render's budgets. What they do is done by the runtime's own.
"""

from __future__ import annotations

from types import CoroutineType

from ._sandbox_budgets import Scope, active, most, most_async
from .runtime import linking
from .runtime.loops import AsyncLoopContext, LoopContext
from .runtime.macros import Macro
from .utils import internalcode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from typing import Any

    from ._sandbox_budgets import Budget
    from .runtime.macros import MacroSpec


class SandboxedMacro(Macro):
    """A macro of a sandboxed template: it counts, also where code from outside of the sandbox calls it."""

    @internalcode
    def _invoke(self, arguments: list[Any], autoescape: bool) -> Any:
        environment = self._spec.environment
        if environment.is_async:
            return self._async_invoke(arguments, autoescape)
        budget = active.get()
        if budget is None or not budget.holds(environment.limits):
            with Scope(environment.limits):
                return self._invoke(arguments, autoescape)
        budget.enter()
        try:
            return super()._invoke(arguments, autoescape)
        finally:
            budget.leave()

    @internalcode
    async def _async_invoke(self, arguments: list[Any], autoescape: bool) -> Any:
        with Scope(self._spec.environment.limits) as budget:
            budget.enter()
            try:
                return await super()._async_invoke(arguments, autoescape)
            finally:
                budget.leave()


def make_macro(spec: MacroSpec, write: Callable[..., Any]) -> SandboxedMacro:
    """Make a macro of a generated function that appends to a list.

    :param spec: its definition
    :param write: takes the list and the arguments
    """
    macro = object.__new__(SandboxedMacro)
    macro._spec = spec
    macro._write = write
    return macro


@internalcode
async def within_call(waiting: CoroutineType[Any, Any, Any], budget: Budget) -> Any:
    """Return what a coroutine returns that a call gave, and count the call while it runs.

    :param waiting: the coroutine
    :param budget: the render's budget
    """
    budget.enter()
    try:
        return await waiting
    finally:
        budget.leave()


# -- loops


class SandboxedLoop(LoopContext):
    """The ``loop`` variable, which doesn't read more items than there may be rounds of loops."""

    @property
    def length(self) -> Any:
        """The number of items."""
        if not hasattr(self._iterable, "__len__") and self._length is None:
            self._iterator = most(self._iterator)
        return super().length


class SandboxedAsyncLoop(AsyncLoopContext):
    """The same for asynchronous templates."""

    @property
    async def length(self) -> int:
        """The number of items, to be awaited."""
        if not hasattr(self._iterable, "__len__") and self._length is None:
            self._iterator = most_async(self._iterator)
        return await super().length


for _shown in (SandboxedMacro, SandboxedLoop, SandboxedAsyncLoop):  # they print as what they stand for
    _shown.__name__, _shown.__module__ = _shown.__bases__[0].__name__, _shown.__bases__[0].__module__


def sized(iterable: Any) -> Any:
    """Return *iterable* if it has a length, otherwise a list of its items, and the index of the last one."""
    if iterable.__class__ is not list and not (hasattr(iterable, "__len__") and hasattr(iterable, "__iter__")):
        iterable = list(most(iterable))
    return iterable, len(iterable) - 1


async def to_list(iterable: Any) -> list[Any]:
    """Return a list of the items of an iterable of either kind."""
    return [item async for item in most_async(iterable)]


# -- what links templates


def linking_names(is_async: bool) -> dict[str, Callable[..., Any]]:
    """Return the functions behind include and import, which count as calls.

    :param is_async: whether the environment is asynchronous
    """
    if is_async:
        return {
            ".include": _entering_async(linking.include_async),
            ".include_stream": _entering_stream_async(linking.include_stream_async),
            ".import_module": _entering_async(linking.import_module_async),
            ".import_names": _entering_async(linking.import_names_async),
        }
    return {
        ".include": _entering(linking.include),
        ".include_stream": _entering_stream(linking.include_stream),
        ".import_module": _entering(linking.import_module),
        ".import_names": _entering(linking.import_names),
    }


class _Call:
    """A template that another one uses, as a call.

    :param out: where its output goes, if that is a list of the other's
    """

    __slots__ = ("budget", "known", "out")

    def __init__(self, out: Any = None) -> None:
        self.out = out

    def __enter__(self) -> None:
        budget = self.budget = active.get()
        if budget is None:
            return
        if self.out.__class__ is list:
            budget.count_output(self.out)
        budget.enter()
        self.known = len(budget.counted)

    def __exit__(self, *error: object) -> None:
        if self.budget is not None:
            self.budget.leave()
            self.budget.forget_since(self.known)  # the lists that it filled itself are finished


def _entering(function: Callable[..., Any]) -> Callable[..., Any]:
    @internalcode
    def call(context: Any, target: Any, how: Any, *more: Any) -> Any:
        with _Call(more[0] if more else None):
            return function(context, target, how, *more)

    return call


def _entering_async(function: Callable[..., Any]) -> Callable[..., Any]:
    @internalcode
    async def call(context: Any, target: Any, how: Any, *more: Any) -> Any:
        with _Call(more[0] if more else None):
            return await function(context, target, how, *more)

    return call


def _entering_stream(function: Callable[..., Any]) -> Callable[..., Any]:
    @internalcode
    def call(*args: Any) -> Iterator[Any]:
        with _Call():
            yield from function(*args)

    return call


def _entering_stream_async(function: Callable[..., Any]) -> Callable[..., Any]:
    @internalcode
    async def call(*args: Any) -> AsyncIterator[Any]:
        pieces = function(*args)
        try:
            with _Call():
                async for piece in pieces:
                    yield piece
        finally:
            await pieces.aclose()

    return call
