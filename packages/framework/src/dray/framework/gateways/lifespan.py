"""The lifespan of a server's worker: what runs before the first request, around all, and after the last one.

(ASGI lifespan protocol 2.0.)
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import AsyncExitStack, asynccontextmanager
from inspect import isasyncgenfunction
from typing import TYPE_CHECKING, Any

from .._functions import iscoroutinefunction

if TYPE_CHECKING:
    from dray.wsgi_tools.asgi import Receive, Scope, Send

    from ..app import App

_log = logging.getLogger(__name__)


class Serving:
    """What runs while an application is served: entered once, left once.

    :param app: the application.
    """

    def __init__(self, app: App) -> None:
        self.app = app
        self._around = AsyncExitStack()

    async def start(self) -> None:
        """Run what is registered by ``before_serving``, and the first halves of ``while_serving``."""
        app = self.app
        app.__dict__["_got_first_request"] = True
        async with app.app_context():
            try:
                for function in app.before_serving_funcs:
                    await self._call(function)
                for function in app.while_serving_gens:
                    make: Any = asynccontextmanager(function) if isasyncgenfunction(function) else function
                    await self._around.enter_async_context(make())
            except BaseException:
                await self._around.aclose()
                raise

    async def stop(self) -> None:
        """Let background tasks end, then run the second halves of ``while_serving``, and ``after_serving``.

        All of them run, whatever they raise.

        :raises BaseException: what they raised; a group of them if there were several.
        """
        errors: list[BaseException] = []
        await self.app.background_tasks.stop(self.app.config["BACKGROUND_TASK_SHUTDOWN_TIMEOUT"])
        async with self.app.app_context():
            for call in (self._around.aclose, *self.app.after_serving_funcs):
                try:
                    await self._call(call)
                except Exception as error:
                    errors.append(error)
        self.app._stop_workers()
        if len(errors) == 1:
            raise errors[0]
        if errors:
            raise BaseExceptionGroup(f"{len(errors)} functions failed after serving", errors)

    async def _call(self, function: Any) -> None:
        if iscoroutinefunction(function):
            await function()
        else:
            await self.app.sync_to_async(function)()


async def serve_lifespan(app: App, scope: Scope, receive: Receive, send: Send) -> None:
    """Serve the lifespan: start when the server does, and stop with it."""
    steps = (("startup", app.startup, "STARTUP_TIMEOUT"), ("shutdown", app.shutdown, "SHUTDOWN_TIMEOUT"))
    for event, step, limit in steps:
        message = await receive()
        if message["type"] != f"lifespan.{event}":
            raise ValueError(f"Expected the ASGI message 'lifespan.{event}', not {message['type']!r}.")
        try:
            async with asyncio.timeout(app.config[limit]):
                await step()
        except Exception as error:
            _log.exception("The application's %s failed.", event)
            reason = f"It took longer than {limit}={app.config[limit]} seconds." if _is_late(error) else repr(error)
            await send({"type": f"lifespan.{event}.failed", "message": reason})
            return
        await send({"type": f"lifespan.{event}.complete"})


def _is_late(error: Exception) -> bool:
    return isinstance(error, TimeoutError) and isinstance(error.__cause__, asyncio.CancelledError)
