"""The budgets of a sandboxed render: output, loop steps, and calls within calls.

One :class:`Budget` belongs to one render, wherever in it code runs: in includes, macros of other templates, and
between the pieces of a stream. A render begins where code of a sandbox is run from outside of it, by whatever way:
each function of a template is a :func:`guarded` one. Each limit raises a
:class:`~dray.templating.exceptions.SecurityError` that names it.
"""

from __future__ import annotations

from contextvars import ContextVar

from .async_utils import auto_aiter
from .exceptions import SecurityError
from .utils import internalcode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
    from contextvars import Token
    from typing import Any, NoReturn

#: How many loop steps pass between two looks at the output.
_INTERVAL = 64


def refuse(budget: str, limit: int, what: str) -> NoReturn:
    """Raise the error for a budget that is used up.

    :param budget: its name, which is the argument of the environment
    :param limit: its value
    :param what: what it counts
    """
    raise SecurityError(f"the sandbox allows {limit} {what} ({budget}); the template wants more")


class Budget:
    """What is left of one render's budgets.

    :param limits: the limits by their names
    :param outer: the budget of the render, in another sandbox, that this one is a part of: what is counted here is
        counted there as well
    """

    __slots__ = ("counted", "depth", "limits", "most_depth", "outer", "output", "steps")

    def __init__(self, limits: Mapping[str, int], outer: Budget | None = None) -> None:
        self.limits = limits
        self.outer = outer
        self.output = limits["max_output"]
        self.steps = limits["max_loop_steps"]
        self.depth = 0
        self.most_depth = limits["max_recursion"]
        #: The lists of output that are being filled, by identity, and how many pieces of each were counted.
        self.counted: dict[int, tuple[list[Any], int]] = {}

    def holds(self, limits: Mapping[str, int]) -> bool:
        """Say whether what runs now is counted for these limits."""
        budget: Budget | None = self
        while budget is not None:
            if budget.limits is limits:
                return True
            budget = budget.outer
        return False

    def count_output(self, out: list[Any]) -> None:
        """Count what was added to a list of output.

        :raises SecurityError: if it is too much
        """
        start = self.counted.get(id(out), _NOTHING)[1]
        if start != len(out):
            self.counted[id(out)] = (out, len(out))
            self._take_output(_length_of(out, start))
        if self.outer is not None:
            self.outer.count_output(out)

    def finish_output(self, out: list[Any], joined: Any) -> None:
        """Count what was added to a list of output that is finished.

        :param joined: what its pieces gave
        :raises SecurityError: if it is too much
        """
        start = self.counted.pop(id(out), _NOTHING)[1]
        self._take_output(len(joined) if not start and isinstance(joined, str) else _length_of(out, start))
        if self.outer is not None:
            self.outer.finish_output(out, joined)

    def count_text(self, length: int) -> None:
        """Count characters of output.

        :raises SecurityError: if it is too much
        """
        self._take_output(length)
        if self.outer is not None:
            self.outer.count_text(length)

    def _take_output(self, length: int) -> None:
        self.output -= length
        if self.output < 0:
            refuse("max_output", self.limits["max_output"], "characters of output")

    def forget_since(self, count: int) -> None:
        """Forget the lists of output but the first ones.

        :param count: how many to keep
        """
        while len(self.counted) > count:
            self.counted.popitem()

    def spend_steps(self, steps: int) -> None:
        """Count rounds of loops; whether they are too many says the next :meth:`count_steps`."""
        self.steps -= steps
        if self.outer is not None:
            self.outer.spend_steps(steps)

    def count_steps(self, steps: int) -> None:
        """Count rounds of loops.

        :raises SecurityError: if it is too much
        """
        self.steps -= steps
        if self.steps < 0:
            refuse("max_loop_steps", self.limits["max_loop_steps"], "rounds of loops in one render")
        if self.outer is not None:
            self.outer.count_steps(steps)

    def steps_left(self) -> int:
        """Return how many rounds of loops are left."""
        return self.steps if self.outer is None else min(self.steps, self.outer.steps_left())

    def enter(self) -> None:
        """Count a call, which is a step as well.

        :raises SecurityError: if calls are nested too deeply, or too many
        """
        if self.depth >= self.most_depth:
            refuse("max_recursion", self.most_depth, "calls within calls")
        self.steps -= 1
        if self.steps < 0:
            self.count_steps(0)
        if self.outer is not None:
            self.outer.enter()
        self.depth += 1

    def leave(self) -> None:
        """Count that a call ended."""
        self.depth -= 1
        if self.outer is not None:
            self.outer.leave()


def _length_of(out: list[Any], start: int) -> int:
    pieces = out[start:] if start else out
    try:
        return len("".join(pieces))  # a third of what adding up takes
    except TypeError:  # native values are among them
        return sum([len(piece) for piece in pieces if isinstance(piece, str)])


_NOTHING: tuple[list[Any], int] = ([], 0)

active: ContextVar[Budget | None] = ContextVar("dray.templating.budget", default=None)


class Scope:
    """A part of the program that is counted for some limits: for the render that it is a part of, or as one.

    :param limits: the limits of the environment
    :param out: the list of output that is filled
    """

    __slots__ = ("limits", "out", "token")

    def __init__(self, limits: Mapping[str, int], out: list[Any] | None = None) -> None:
        self.limits = limits
        self.out = out

    def __enter__(self) -> Budget:
        budget = active.get()
        self.token: Token[Budget | None] | None = None
        if budget is None or not budget.holds(self.limits):
            budget = Budget(self.limits, budget)
            if self.out:  # what is there already was others' output
                budget.counted[id(self.out)] = (self.out, len(self.out))
            self.token = active.set(budget)
        return budget

    def __exit__(self, *error: object) -> None:
        if self.token is not None:
            active.reset(self.token)


# -- the functions of templates


def guarded(function: Callable[..., Any], limits: Mapping[str, int], is_async: bool) -> Callable[..., Any]:
    """Return a function of a template that appends its output to a list, as one that is counted.

    :param function: takes a context and the list
    :param limits: the limits of the environment
    :param is_async: whether it is a coroutine function
    """

    @internalcode
    def render(context: Any, out: list[Any]) -> None:
        budget = active.get()
        if budget is not None and budget.limits is limits:  # the usual case, without what the other costs
            function(context, out)
            budget.count_output(out)
            return
        with Scope(limits, out) as budget:
            function(context, out)
            budget.count_output(out)

    @internalcode
    async def render_async(context: Any, out: list[Any]) -> None:
        with Scope(limits, out) as budget:
            await function(context, out)
            budget.count_output(out)

    guard: Any = render_async if is_async else render
    guard.__wrapped__ = function
    return guard  # type: ignore[no-any-return]


def guarded_stream(function: Callable[..., Any], limits: Mapping[str, int], is_async: bool) -> Callable[..., Any]:
    """Return a function of a template that yields its output, as one that is counted.

    :param function: takes a context
    :param limits: the limits of the environment
    :param is_async: whether it is an asynchronous generator function
    """
    count = _counted_async if is_async else _counted

    @internalcode
    def render(context: Any) -> Any:
        budget = active.get()
        if budget is not None and budget.holds(limits):
            return function(context)
        return count(function(context), Budget(limits, budget))

    render.__wrapped__ = function  # type: ignore[attr-defined]
    return render


@internalcode
def _counted(pieces: Iterator[Any], budget: Budget) -> Iterator[Any]:
    """Yield the pieces of a stream and count them; between the pieces nothing is left behind."""
    while True:
        token = active.set(budget)
        try:
            piece = next(pieces, _END)
        finally:
            active.reset(token)
        if piece is _END:
            return
        if isinstance(piece, str):
            budget.count_text(len(piece))
        yield piece


@internalcode
async def _counted_async(pieces: Any, budget: Budget) -> AsyncIterator[Any]:
    """Do what :func:`_counted` does, for an asynchronous template."""
    try:
        while True:
            token = active.set(budget)
            try:
                piece = await anext(pieces, _END)
            finally:
                active.reset(token)
            if piece is _END:
                return
            if isinstance(piece, str):
                budget.count_text(len(piece))
            yield piece
    finally:
        await pieces.aclose()


_END: Any = object()


# -- the rounds of loops


def make_steps(limits: Mapping[str, int]) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """Return the functions that count the rounds of loops, for plain and for asynchronous loops.

    :param limits: the limits of the environment
    """

    def steps(iterable: Iterable[Any], out: list[Any] | None) -> Iterator[Any]:
        budget = active.get() or Budget(limits)
        left = _INTERVAL
        try:
            for item in iterable:
                left -= 1
                if not left:
                    left = _INTERVAL
                    _count_rounds(budget, out)
                yield item
        except BaseException:  # also where a loop was left
            budget.spend_steps(_INTERVAL - left)
            raise
        budget.count_steps(_INTERVAL - left + 1)

    async def steps_async(iterable: Any, out: list[Any] | None) -> AsyncIterator[Any]:
        budget = active.get() or Budget(limits)
        left = _INTERVAL
        try:
            async for item in iterable:
                left -= 1
                if not left:
                    left = _INTERVAL
                    _count_rounds(budget, out)
                yield item
        except BaseException:
            budget.spend_steps(_INTERVAL - left)
            raise
        budget.count_steps(_INTERVAL - left + 1)

    return steps, steps_async


def _count_rounds(budget: Budget, out: list[Any] | None) -> None:
    budget.count_steps(_INTERVAL)
    if out is not None:
        budget.count_output(out)


def most(iterable: Iterable[Any]) -> Iterator[Any]:
    """Yield the items of an iterable: as many as the render has rounds of loops left.

    :raises SecurityError: if there are more
    """
    budget = active.get()
    left = -1 if budget is None else budget.steps_left()
    for item in iterable:
        if not left and budget is not None:
            budget.count_steps(budget.steps_left() + 1)
        left -= 1
        yield item


async def most_async(iterable: Any) -> AsyncIterator[Any]:
    """Do what :func:`most` does, for iterables of either kind."""
    budget = active.get()
    left = -1 if budget is None else budget.steps_left()
    async for item in auto_aiter(iterable):
        if not left and budget is not None:
            budget.count_steps(budget.steps_left() + 1)
        left -= 1
        yield item


def with_an_end(value: Any) -> Any:
    """Return what a filter reads all items of: what says how long it is as it is, otherwise as :func:`most` does."""
    if hasattr(value, "__len__"):
        return value
    if hasattr(value, "__aiter__"):
        return most_async(value)
    return most(value) if hasattr(value, "__iter__") else value
