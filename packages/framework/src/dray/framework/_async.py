"""Call an ``async`` function from plain code. Imported when the first one is met: asyncio is heavy."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import Callable, Coroutine
from functools import update_wrapper
from typing import Any

_local = threading.local()


def async_to_sync(func: Callable[..., Coroutine[Any, Any, Any]]) -> Callable[..., Any]:
    """Make a plain function of a coroutine function: it runs on an event loop that the thread keeps.

    Making a loop for each call costs fifty times the call itself. The coroutine sees the caller's context variables,
    and the caller sees its changes to them.

    :raises RuntimeError: when called while a loop runs in the thread already: await the function there.
    """

    def call(*args: Any, **kwargs: Any) -> Any:
        if asyncio._get_running_loop() is not None:
            raise RuntimeError(
                f"{getattr(func, '__qualname__', func)!r} is async and can't be called from a running event loop in"
                " this thread. Await it instead."
            )
        runner: asyncio.Runner | None = getattr(_local, "runner", None)
        if runner is None:
            runner = _local.runner = asyncio.Runner()
        context = contextvars.copy_context()
        try:
            return runner.run(func(*args, **kwargs), context=context)
        finally:
            _take_over(context)

    return update_wrapper(call, func)


def _take_over(context: contextvars.Context) -> None:
    """Set the variables that were changed in a copy of the current context."""
    for variable, value in context.items():
        try:
            unchanged = variable.get() is value
        except LookupError:
            unchanged = False
        if not unchanged:
            variable.set(value)
