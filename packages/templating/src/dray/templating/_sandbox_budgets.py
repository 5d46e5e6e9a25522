"""The budgets of a sandboxed render: output, loop steps, recursion, and the size that one operation may make.

One :class:`Budget` belongs to one render, wherever in it code runs: in includes, macros of other templates, and
between the pieces of a stream. Each limit raises a :class:`~dray.templating.exceptions.SecurityError` that names it.
"""

from __future__ import annotations

import re
from contextvars import ContextVar

from .exceptions import SecurityError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
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
    """

    __slots__ = ("counted", "depth", "limits", "output", "steps")

    def __init__(self, limits: Mapping[str, int]) -> None:
        self.limits = limits
        self.output = limits["max_output"]
        self.steps = limits["max_loop_steps"]
        self.depth = 0
        #: For each list of output that is being filled, how much of it was counted.
        self.counted: dict[int, int] = {}

    def count_output(self, out: list[Any]) -> None:
        """Count what was added to a list of output.

        :raises SecurityError: if it is too much
        """
        start = self.counted.get(id(out), 0)
        if start > len(out):
            start = 0
        self.counted[id(out)] = len(out)
        self.count_text(sum(len(piece) for piece in out[start:] if isinstance(piece, str)))

    def count_text(self, length: int) -> None:
        """Count characters of output.

        :raises SecurityError: if it is too much
        """
        self.output -= length
        if self.output < 0:
            refuse("max_output", self.limits["max_output"], "characters of output")

    def count_steps(self, steps: int) -> None:
        """Count rounds of loops.

        :raises SecurityError: if it is too much
        """
        self.steps -= steps
        if self.steps < 0:
            refuse("max_loop_steps", self.limits["max_loop_steps"], "rounds of loops in one render")

    def enter(self) -> None:
        """Count a call.

        :raises SecurityError: if calls are nested too deeply
        """
        self.depth += 1
        if self.depth > self.limits["max_recursion"]:
            refuse("max_recursion", self.limits["max_recursion"], "calls within calls")


active: ContextVar[Budget | None] = ContextVar("dray.templating.budget", default=None)


def make_steps(limits: Mapping[str, int]) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """Return the functions that count the rounds of loops, for plain and for asynchronous loops.

    :param limits: the limits of the environment
    """

    def steps(iterable: Iterable[Any], out: list[Any] | None) -> Iterator[Any]:
        budget = active.get() or Budget(limits)
        left = _INTERVAL
        for item in iterable:
            left -= 1
            if not left:
                left = _INTERVAL
                budget.count_steps(_INTERVAL)
                if out is not None:
                    budget.count_output(out)
            yield item
        budget.count_steps(_INTERVAL - left + 1)

    async def steps_async(iterable: Any, out: list[Any] | None) -> AsyncIterator[Any]:
        budget = active.get() or Budget(limits)
        left = _INTERVAL
        async for item in iterable:
            left -= 1
            if not left:
                left = _INTERVAL
                budget.count_steps(_INTERVAL)
                if out is not None:
                    budget.count_output(out)
            yield item
        budget.count_steps(_INTERVAL - left + 1)

    return steps, steps_async


# -- the size that one operation may make


def _length(value: Any) -> int:
    return len(value) if isinstance(value, (str, bytes, list, tuple, bytearray)) else 0


_MOST_DIGITS = 20
#: What can stand between a ``%`` and a number that belongs to it, besides a key in parentheses.
_BEFORE_WIDTHS = frozenset("#0123456789- +.*")
_LONGEST_SPEC = 64


def _follows_percent(text: str, place: int) -> bool:
    """Say whether what stands at a place of a format string can belong to a conversion."""
    for index in range(place - 1, max(place - _LONGEST_SPEC, -1), -1):
        if text[index] not in _BEFORE_WIDTHS:
            return text[index] in "%)"
    return place >= _LONGEST_SPEC


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
            self.check(max(left.bit_length(), 1) * abs(right) if abs(left) > 1 else 0)
        return left**right

    def add(self, left: Any, right: Any) -> Any:
        """Return ``left + right``."""
        self.check(_length(left) + _length(right))
        return left + right

    def modulo(self, left: Any, right: Any) -> Any:
        """Return ``left % right``; widths in a format string count."""
        if isinstance(left, (str, bytes)):
            self.check_percent(left, right)
        return left % right

    def check_percent(self, template: str | bytes, values: Any) -> None:
        """Refuse a ``%`` format string with too large a width."""
        text = template if isinstance(template, str) else template.decode("latin-1")
        self.check_widths(text, percent=True)
        if "*" in text:
            for value in values if isinstance(values, tuple) else (values,):
                if isinstance(value, int):
                    self.check(abs(value))

    def check_widths(self, text: str, percent: bool = False) -> None:
        """Refuse a text with a number in it that is too large for a width.

        :param text: a format string
        :param percent: whether only numbers that can belong to a ``%`` count
        """
        for found in re.finditer(r"\d+", text):
            if percent and not _follows_percent(text, found.start()):
                continue
            digits = found[0].lstrip("0")
            self.check(int(digits or "0") if len(digits) <= _MOST_DIGITS else self.limit + 1)

    def join(self, pieces: Iterable[Any]) -> list[Any]:
        """Return pieces of text that together aren't too long."""
        kept: list[Any] = []
        size = 0
        for piece in pieces:
            size += _length(piece)
            self.check(size)
            kept.append(piece)
        return kept

    def check_method(self, owner: Any, name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> None:
        """Refuse a call of a text's method that would make too long a text.

        :param owner: the text, or its class if the method is unbound
        :param name: the method's name
        """
        if isinstance(owner, type):
            if not args:
                return
            owner, args = args[0], args[1:]
        numbers = [value for value in (*args, *kwargs.values()) if isinstance(value, int)]
        if name in {"center", "ljust", "rjust", "zfill"}:
            self.check(max(numbers, default=0))
        elif name == "expandtabs":
            self.check(_length(owner) + owner.count("\t") * max([0, *numbers]))
        elif name == "replace" and len(args) >= 2 and isinstance(args[0], str) and isinstance(args[1], str):
            places = owner.count(args[0]) if args[0] else len(owner) + 1
            self.check(len(owner) + places * len(args[1]))
        elif name == "join" and args and isinstance(args[0], (list, tuple)):
            self.check(sum(_length(part) for part in args[0]) + _length(owner) * len(args[0]))


#: The methods of text that :meth:`SizeGuard.check_method` knows.
GUARDED_METHODS = frozenset({"center", "ljust", "rjust", "zfill", "expandtabs", "replace", "join"})
