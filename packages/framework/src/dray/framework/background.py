"""Tasks that go on after the response: an application starts them, and waits for them before it ends.

They run on the event loop of an ASGI server, each in an application context of its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ._binding import _cv_app
from ._functions import iscoroutinefunction

if TYPE_CHECKING:
    from .app import App


class BackgroundTasks:
    """The tasks of an application that run at the moment.

    :param app: the application.
    """

    def __init__(self, app: App) -> None:
        self._app = app
        self._tasks: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        return len(self._tasks)

    def add(self, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        """Start a task; from a worker thread too.

        :raises RuntimeError: where no event loop runs that could go on with it.
        """
        from ._async import calling_loop  # noqa: PLC0415 - below this module, but it isn't needed before

        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            caller = calling_loop()
            if caller is None:
                raise RuntimeError(
                    "Background tasks need an event loop that goes on after the response: serve 'app.asgi' on an ASGI"
                    " server. Under WSGI, use a task queue."
                ) from None
            caller.call_soon_threadsafe(self._start, caller, function, args, kwargs)
        else:
            self._start(loop, function, args, kwargs)

    def _start(self, loop: asyncio.AbstractEventLoop, function: Any, args: Any, kwargs: Any) -> None:
        task = loop.create_task(self._run(function, args, kwargs))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        app = self._app
        call = function if iscoroutinefunction(function) else app.sync_to_async(function)
        ctx = app.app_context()
        _cv_app.set(ctx)  # in the task's own variables: the request that started it is none of its business
        try:
            await call(*args, **kwargs)
        except Exception as error:
            await app.handle_background_exception(error)
        finally:
            await app._end_context(ctx, None)

    async def stop(self, timeout: float) -> None:
        """Wait for the tasks to end, then cancel those that haven't.

        :param timeout: how long to wait, in seconds.
        """
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=timeout)
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=timeout)
