"""The ``loop`` variable, for loops that need it as an object."""

from __future__ import annotations

from ..async_utils import auto_aiter
from ..utils import internalcode, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from .undefined import Undefined


class LoopContext:
    """An iterator over ``(item, loop)`` that is itself the ``loop`` variable.

    It reads one item ahead only when asked for ``last`` or ``nextitem``, and everything only when asked for the
    length of something that has none.

    :param iterable: what is iterated over
    :param undefined: class for items that aren't there
    :param recurse: renders the loop's body for another iterable, in a recursive loop
    :param depth0: how deep the recursion is
    """

    __module__ = __package__

    #: The current round, from 0.
    index0 = -1
    _current: Any = missing
    _before: Any = missing
    _after: Any = missing
    _last_changed_value: Any = missing
    _length: int | None = None

    def __init__(
        self,
        iterable: Iterable[Any],
        undefined: type[Undefined],
        recurse: Callable[..., Any] | None = None,
        depth0: int = 0,
    ) -> None:
        self._iterable: Any = iterable
        self._iterator: Any = self._to_iterator(iterable)
        self._undefined = undefined
        self._recurse = recurse
        #: How deep the recursion is, from 0.
        self.depth0 = depth0

    @staticmethod
    def _to_iterator(iterable: Any) -> Any:
        return iter(iterable)

    def __iter__(self) -> LoopContext:
        return self

    def __next__(self) -> tuple[Any, LoopContext]:
        if self._after is not missing:
            item, self._after = self._after, missing
        else:
            item = next(self._iterator)
        self._advance(item)
        return item, self

    def _advance(self, item: Any) -> None:
        self.index0 += 1
        self._before = self._current
        self._current = item

    def _peek_next(self) -> Any:
        if self._after is missing:
            self._after = next(self._iterator, missing)
        return self._after

    @property
    def index(self) -> int:
        """The current round, from 1."""
        return self.index0 + 1

    @property
    def first(self) -> bool:
        """Whether this is the first round."""
        return self.index0 == 0

    @property
    def last(self) -> Any:
        """Whether this is the last round."""
        return self._peek_next() is missing

    def _count_rest(self, rest: list[Any]) -> int:
        """Go on with the items that were left, and return how many there are together with those before."""
        self._iterator = self._to_iterator(rest)
        peeked = 0 if self._after is missing else 1
        return self.index + peeked + len(rest)

    @property
    def length(self) -> Any:
        """The number of items."""
        if self._length is not None:
            return self._length
        try:
            self._length = len(self._iterable)
        except TypeError:
            self._length = self._count_rest(list(self._iterator))
        return self._length

    def __len__(self) -> int:
        return self.length  # type: ignore[no-any-return]

    @property
    def revindex(self) -> Any:
        """How many rounds are left, this one counted."""
        return self.length - self.index0

    @property
    def revindex0(self) -> Any:
        """How many rounds are left, this one not counted."""
        return self.length - self.index

    @property
    def depth(self) -> int:
        """How deep the recursion is, from 1."""
        return self.depth0 + 1

    @property
    def nextitem(self) -> Any:
        """The item of the round behind, undefined in the last."""
        item = self._peek_next()
        return self._undefined("there is no next item") if item is missing else item

    @property
    def previtem(self) -> Any:
        """The item of the round before, undefined in the first."""
        if self.first:
            return self._undefined("there is no previous item")
        return self._before

    def changed(self, *value: Any) -> bool:
        """Say whether the values differ from those of the call before.

        :param value: any values
        """
        if self._last_changed_value == value:
            return False
        self._last_changed_value = value
        return True

    def cycle(self, *args: Any) -> Any:
        """Return one of the values, the next one in every round.

        :param args: the values, at least one
        :raises TypeError: if there is none
        """
        if not args:
            raise TypeError("no items for cycling given")
        return args[self.index0 % len(args)]

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.index}/{self.length}>"

    @internalcode
    def __call__(self, iterable: Iterable[Any]) -> Any:
        """Render the loop's body for another iterable.

        :raises TypeError: if the loop isn't recursive
        """
        if self._recurse is None:
            raise TypeError("The loop must have the 'recursive' marker to be called recursively.")
        return self._recurse(iterable, self._recurse, depth=self.depth)


class AsyncLoopContext(LoopContext):
    """The ``loop`` variable of an asynchronous template: what may have to wait for items is awaitable."""

    __module__ = __package__

    def __aiter__(self) -> AsyncLoopContext:
        return self

    async def __anext__(self) -> tuple[Any, AsyncLoopContext]:
        if self._after is not missing:
            item, self._after = self._after, missing
        else:
            item = await self._iterator.__anext__()
        self._advance(item)
        return item, self

    @staticmethod
    def _to_iterator(iterable: Any) -> Any:
        return auto_aiter(iterable)

    async def _peek_next(self) -> Any:
        if self._after is missing:
            try:
                self._after = await self._iterator.__anext__()
            except StopAsyncIteration:
                return missing
        return self._after

    @property
    async def last(self) -> bool:
        """Whether this is the last round, to be awaited."""
        return await self._peek_next() is missing

    @property
    async def nextitem(self) -> Any:
        """The item of the round behind, to be awaited."""
        item = await self._peek_next()
        return self._undefined("there is no next item") if item is missing else item

    @property
    async def revindex(self) -> int:
        """How many rounds are left, this one counted, to be awaited."""
        return await self.length - self.index0

    @property
    async def revindex0(self) -> int:
        """How many rounds are left, this one not counted, to be awaited."""
        return await self.length - self.index

    @property
    async def length(self) -> int:
        """The number of items, to be awaited."""
        if self._length is not None:
            return self._length
        try:
            self._length = len(self._iterable)
        except TypeError:
            self._length = self._count_rest([item async for item in self._iterator])
        return self._length

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.index}>"


def sized(iterable: Any) -> Any:
    """Return *iterable* if it has a length, otherwise a list of its items, and the index of the last one."""
    if iterable.__class__ not in _SIZED_TYPES and not (hasattr(iterable, "__len__") and hasattr(iterable, "__iter__")):
        iterable = list(iterable)
    return iterable, len(iterable) - 1


_SIZED_TYPES: frozenset[Any] = frozenset({list, tuple, dict, set, frozenset, str, range})


class Changes:
    """What ``loop.changed`` remembers, for loops that need nothing else as an object."""

    __slots__ = ("_value",)

    def __init__(self) -> None:
        self._value: Any = missing

    def __call__(self, *value: Any) -> bool:
        """Say whether the values differ from those of the call before."""
        if self._value == value:
            return False
        self._value = value
        return True


def cycle(index0: int, /, *args: Any) -> Any:
    """Return one of the values by the number of the round, for loops whose number is a plain integer.

    :param index0: the current round, from 0
    :raises TypeError: if there are no values
    """
    if not args:
        raise TypeError("no items for cycling given")
    return args[index0 % len(args)]
