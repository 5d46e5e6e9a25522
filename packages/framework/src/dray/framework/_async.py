"""Call an ``async`` function from plain code. Imported when the first one is met: asyncio is heavy."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from contextlib import suppress
from functools import update_wrapper
from typing import Any

_local = threading.local()

#: How often a thread that waits for a loop looks whether it is still there, in seconds.
_LOOK = 1.0


def async_to_sync(func: Callable[..., Coroutine[Any, Any, Any]]) -> Callable[..., Any]:
    """Make a plain function of a coroutine function.

    In a thread that an event loop has called from, the coroutine runs on that loop. Elsewhere it runs on a loop that
    the thread keeps: making one for each call costs fifty times the call itself. The coroutine sees the caller's
    context variables, and the caller sees its changes to them.

    :raises RuntimeError: when called while a loop runs in the thread already: await the function there.
    """

    def call(*args: Any, **kwargs: Any) -> Any:
        if asyncio._get_running_loop() is not None:
            raise RuntimeError(
                f"{getattr(func, '__qualname__', func)!r} is async and can't be called from a running event loop in"
                " this thread. Await it instead."
            )
        context = contextvars.copy_context()
        try:
            return _run(func(*args, **kwargs), context)
        finally:
            take_over(context)

    return update_wrapper(call, func)


def _run(coroutine: Coroutine[Any, Any, Any], context: contextvars.Context) -> Any:
    loop = calling_loop()
    if loop is not None:
        return _run_on(loop, coroutine, context)
    own: _OwnLoop | None = getattr(_local, "own", None)
    if own is None:
        own = _local.own = _OwnLoop()
    return own.run(coroutine, context)


class _OwnLoop:
    """The event loop that a thread keeps; it is closed with the thread.

    Not :class:`asyncio.Runner`: that one takes Ctrl-C over and gives it back for each call, which is half of 40 us.
    """

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()

    def run(self, coroutine: Coroutine[Any, Any, Any], context: contextvars.Context) -> Any:
        """Run a coroutine to its end; when that is interrupted, by Ctrl-C for instance, cancel it."""
        task = self._loop.create_task(coroutine, context=context)
        try:
            return self._loop.run_until_complete(task)
        except BaseException:
            if not task.done():
                task.cancel()
                with suppress(asyncio.CancelledError):
                    self._loop.run_until_complete(task)
            raise

    def __del__(self) -> None:
        self._loop.close()


def _run_on(loop: asyncio.AbstractEventLoop, coroutine: Coroutine[Any, Any, Any], context: contextvars.Context) -> Any:
    """Run a coroutine on the loop of another thread, and wait for it."""
    outcome: Future[Any] = Future()

    async def run() -> None:
        try:
            outcome.set_result(await coroutine)
        except BaseException as error:
            outcome.set_exception(error)
            if not isinstance(error, Exception):
                raise

    loop.call_soon_threadsafe(lambda: _keep(loop.create_task(run(), context=context)))
    while True:
        try:
            return outcome.result(_LOOK)
        except TimeoutError:
            if outcome.done():
                raise
            if loop.is_closed():
                raise RuntimeError("The event loop was closed before the coroutine had ended.") from None


_tasks: set[asyncio.Task[None]] = set()


def _keep(task: asyncio.Task[None]) -> None:
    """Hold a task until it is done: a loop holds its tasks weakly."""
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)


def called_from(loop: asyncio.AbstractEventLoop, function: Callable[..., Any], args: tuple[Any, ...]) -> Any:
    """Call a function in this thread for a loop in another one."""
    _local.caller = loop
    try:
        return function(*args)
    finally:
        _local.caller = None


def take_over(context: contextvars.Context) -> None:
    """Set the variables that were changed in a copy of the current context."""
    for variable, value in context.items():
        try:
            unchanged = variable.get() is value
        except LookupError:
            unchanged = False
        if not unchanged:
            variable.set(value)


def calling_loop() -> asyncio.AbstractEventLoop | None:
    """Give the loop that this thread works for, if it does."""
    return getattr(_local, "caller", None)
