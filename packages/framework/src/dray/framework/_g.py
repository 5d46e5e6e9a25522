"""The ``g`` object: a bag of attributes that lives as long as an application context."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_required = object()


class _AppCtxGlobals:
    """Keep values by attribute during an application context: ``g.user = user``."""

    # Any attribute may be set; type checkers must not complain about unknown ones.
    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"'g' has no {name!r} in this context: set it first, or ask with g.get({name!r}).")

    def __setattr__(self, name: str, value: Any) -> None:
        self.__dict__[name] = value

    def __delattr__(self, name: str) -> None:
        try:
            del self.__dict__[name]
        except KeyError:
            raise AttributeError(f"'g' has no {name!r} to delete.") from None

    def get(self, name: str, default: Any | None = None) -> Any:
        """Give a value, or the default if there is none."""
        return self.__dict__.get(name, default)

    def pop(self, name: str, default: Any = _required) -> Any:
        """Remove a value and give it.

        :raises KeyError: when there is none and no default is given.
        """
        if default is _required:
            return self.__dict__.pop(name)
        return self.__dict__.pop(name, default)

    def setdefault(self, name: str, default: Any = None) -> Any:
        """Give a value; set it to the default first if there is none."""
        return self.__dict__.setdefault(name, default)

    def __contains__(self, item: str) -> bool:
        return item in self.__dict__

    def __iter__(self) -> Iterator[str]:
        return iter(self.__dict__)

    def __repr__(self) -> str:
        names = ", ".join(sorted(self.__dict__))
        return f"<dray.g: {names or 'empty'}>"
