"""Environments for templates that are made without one: one for each set of options, shared."""

from __future__ import annotations

from .._lru import LRUCache, register_cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeVar

    EnvironmentT = TypeVar("EnvironmentT")

_environments = LRUCache(10)
register_cache(_environments.clear)


def get_spontaneous_environment(cls: type[EnvironmentT], *args: Any) -> EnvironmentT:
    """Return the shared environment of a class for some arguments.

    :param cls: the class
    :param args: its arguments, hashable
    """
    key = (cls, args)
    try:
        return _environments[key]  # type: ignore[no-any-return]
    except KeyError:
        environment = _environments[key] = cls(*args)
        environment.shared = True  # type: ignore[attr-defined]
        return environment
