"""What kind of function somebody registered. Asking :mod:`inspect` would load it for each program: 12 ms."""

from __future__ import annotations

from functools import partial
from types import FunctionType, MethodType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import TypeGuard

#: The flag of a coroutine function's code (the inspect module's ``CO_COROUTINE``).
_COROUTINE = 0x80


def iscoroutinefunction(function: Any) -> TypeGuard[Callable[..., Coroutine[Any, Any, Any]]]:
    """Tell whether a function is ``async``, as :func:`inspect.iscoroutinefunction` does."""
    plain = function
    while isinstance(plain, (MethodType, partial)):
        plain = plain.__func__ if isinstance(plain, MethodType) else plain.func
    if type(plain) is FunctionType and not any(name.startswith("_is_coroutine") for name in plain.__dict__):
        return bool(plain.__code__.co_flags & _COROUTINE)
    import inspect  # noqa: PLC0415 - what isn't plain, or is marked, is left to it

    return inspect.iscoroutinefunction(function)
