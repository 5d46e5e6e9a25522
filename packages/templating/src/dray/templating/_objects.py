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
        self.items, self.pos = items, 0
        if len(items) == 0:
            raise RuntimeError("a cycler needs at least one item")

    def next(self) -> Any:
        """Return the current value and move on to the next."""
        value = self.current
        self.pos += 1
        if self.pos == len(self.items):
            self.reset()
        return value

    @property
    def current(self) -> Any:
        """The value that :meth:`next` will return."""
        return self.items[self.pos]

    def reset(self) -> None:
        """Start again with the first value."""
        self.pos = 0

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
        namespace, *values = args
        object.__setattr__(namespace, "_values", dict(*values, **kwargs))

    def __getattribute__(self, name: str) -> Any:
        values = object.__getattribute__(self, "_values")
        if name in values:
            return values[name]
        # The class has to stay visible: isinstance, copy and pickle ask for it.
        if name == "__class__":
            return Namespace
        raise AttributeError(name)

    def __repr__(self) -> str:
        return f"<Namespace {object.__getattribute__(self, '_values')!r}>"

    def __setitem__(self, name: str, value: Any) -> None:
        object.__getattribute__(self, "_values")[name] = value
