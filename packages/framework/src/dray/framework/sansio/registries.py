"""Containers that tell their owner when they change.

An application flattens its hooks into one record per endpoint (:mod:`.records`). Extensions change the registries
directly, at any time and by any method of ``list`` and ``dict``; then the records must be made again. So each mutating
method of these containers calls back first. Which ones mutate is a table, not a wrapper per method.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

Changed = Callable[[], None]

_LIST_MUTATORS = ("append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort")
_LIST_OPERATORS = ("__setitem__", "__delitem__", "__iadd__", "__imul__")
_DICT_MUTATORS = ("clear", "pop", "popitem", "__delitem__")


def _telling(method: Callable[..., Any]) -> Callable[..., Any]:
    def tell(self: Any, *args: Any, **kwargs: Any) -> Any:
        self._changed()
        return method(self, *args, **kwargs)

    tell.__name__ = method.__name__
    tell.__doc__ = method.__doc__
    return tell


class HookList(list[Any]):
    """A list of hooks.

    :param hooks: to start with.
    :param changed: called before each change.
    """

    __slots__ = ("_changed",)

    def __init__(self, hooks: Iterable[Any], changed: Changed) -> None:
        super().__init__(hooks)
        self._changed = changed


class Registry(dict[Any, Any]):
    """A dict that tells of each change.

    :param changed: called before each change.
    """

    __slots__ = ("_changed",)

    def __init__(self, changed: Changed) -> None:
        super().__init__()
        self._changed = changed

    def _wrap(self, value: Any) -> Any:
        """Give what is stored for a value: it must tell of its own changes too."""
        return value

    def __setitem__(self, key: Any, value: Any) -> None:
        self._changed()
        super().__setitem__(key, self._wrap(value))

    def setdefault(self, key: Any, default: Any = None) -> Any:
        """Give a value, set first if there is none."""
        if key not in self:
            self[key] = default
        return self[key]

    def update(self, *args: Any, **kwargs: Any) -> None:
        """Take the items of mappings, pairs and keyword arguments."""
        for key, value in dict(*args, **kwargs).items():
            self[key] = value

    def __ior__(self, other: Mapping[Any, Any] | Iterable[tuple[Any, Any]]) -> Registry:  # type: ignore[override,misc]
        self.update(other)
        return self


class HookTable(Registry):
    """Lists of hooks by the name of a blueprint; ``None`` is the application. A missing list is made when asked for."""

    __slots__ = ()

    def _wrap(self, value: Any) -> Any:
        return value if type(value) is HookList else HookList(value, self._changed)

    def __missing__(self, key: Any) -> HookList:
        hooks = HookList((), self._changed)
        dict.__setitem__(self, key, hooks)
        return hooks


for _name in (*_LIST_MUTATORS, *_LIST_OPERATORS):
    setattr(HookList, _name, _telling(getattr(list, _name)))
for _name in _DICT_MUTATORS:
    setattr(Registry, _name, _telling(getattr(dict, _name)))
