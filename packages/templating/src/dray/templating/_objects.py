"""Small objects that templates make for themselves: cycler, joiner, namespace. They know nothing of the engine."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Cycler:
    """Walk through some values round and round.

    :param items: the values, at least one
    :raises RuntimeError: if there is none
    """

    def __init__(self, *items: Any) -> None:
        if not items:
            raise RuntimeError("at least one item has to be provided")
        self.items = items
        self.pos = 0

    def reset(self) -> None:
        """Start again with the first value."""
        self.pos = 0

    @property
    def current(self) -> Any:
        """The value that :meth:`next` will return."""
        return self.items[self.pos]

    def next(self) -> Any:
        """Return the current value and move on to the next."""
        value = self.items[self.pos]
        self.pos = (self.pos + 1) % len(self.items)
        return value

    __next__ = next


class Joiner:
    """A callable that returns nothing the first time and the separator from then on.

    :param sep: the separator
    """

    def __init__(self, sep: str = ", ") -> None:
        self.sep = sep
        self.used = False

    def __call__(self) -> str:
        if self.used:
            return self.sep
        self.used = True
        return ""


class Namespace:
    """An object whose attributes a template may set, also from within loops.

    Takes what ``dict`` takes.
    """

    def __init__(*args: Any, **kwargs: Any) -> None:  # no name for self: any attribute name may come as a keyword
        self, args = args[0], args[1:]
        self.__attrs = dict(*args, **kwargs)

    def __getattribute__(self, name: str) -> Any:
        # The class has to stay visible: isinstance, copy and pickle ask for it.
        if name in {"_Namespace__attrs", "__class__"}:
            return object.__getattribute__(self, name)
        try:
            return self.__attrs[name]
        except KeyError:
            raise AttributeError(name) from None

    def __setitem__(self, name: str, value: Any) -> None:
        self.__attrs[name] = value

    def __repr__(self) -> str:
        return f"<Namespace {self.__attrs!r}>"
