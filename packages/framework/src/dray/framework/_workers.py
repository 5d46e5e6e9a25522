"""Call what may block in a bounded number of threads, from an event loop.

The function sees the caller's context variables, and the caller sees its changes to them. A function that waits for a
coroutine in its turn has it run on the loop that it was called from (:mod:`._async`).
"""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ._async import called_from, take_over


class CancelledLate(asyncio.CancelledError):
    """The task was cancelled, which takes effect after something that couldn't be.

    :param outcome: gives the result of that, or raises its error.
    """

    def __init__(self, outcome: Callable[[], Any]) -> None:
        super().__init__()
        self.outcome = outcome


class Workers:
    """Threads that are started when needed.

    :param count: the most there are at a time; more calls wait for their turn.
    """

    def __init__(self, count: int) -> None:
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="dray-worker")

    async def run(self, function: Callable[..., Any], *args: Any) -> Any:
        """Call a function in a thread and give what it returns.

        A thread can't be stopped: when the task is cancelled meanwhile, that takes effect after the call, so that
        nothing is taken away from it while it runs.

        :raises CancelledLate: then, with what the call gave.
        """
        loop = asyncio.get_running_loop()
        context = contextvars.copy_context()
        call = loop.run_in_executor(self._threads, context.run, called_from, loop, function, args)
        try:
            return await asyncio.shield(call)
        except asyncio.CancelledError:
            await finished(call)
            raise CancelledLate(call.result) from None
        finally:
            take_over(context)

    def stop(self) -> None:
        """Take no more calls."""
        self._threads.shutdown(wait=False)


async def finished(future: asyncio.Future[Any]) -> None:
    """Wait until something is finished, however often the task is cancelled meanwhile."""
    while not future.done():
        try:
            await asyncio.wait({future})
        except asyncio.CancelledError:
            continue
    if not future.cancelled():
        future.exception()  # it is seen to
