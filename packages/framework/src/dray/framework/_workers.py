"""Call what may block in a bounded number of threads, from an event loop.

The function sees the caller's context variables, and the caller sees its changes to them. A function that waits for a
coroutine in its turn has it run on the loop that it was called from (:mod:`._async`).

The standard library's pool wakes any of its threads, and tells of a result through two futures and a condition. For a
view that does little that was most of its time: a call takes 29 us here, where it took 51.
"""

from __future__ import annotations

import asyncio
import atexit
import contextvars
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any
from weakref import WeakSet, finalize

from ._async import called_from, take_over

_numbers = count(1)


class CancelledLate(asyncio.CancelledError):
    """The task was cancelled, which takes effect after something that couldn't be.

    :param outcome: gives the result of that, or raises its error.
    """

    def __init__(self, outcome: Callable[[], Any]) -> None:
        super().__init__()
        self.outcome = outcome


class _Call:
    """A call that a thread makes, and a task waits for.

    :param loop: where the task runs.
    :param context: the context variables that the function sees.
    """

    __slots__ = ("_args", "_context", "_error", "_function", "_is_over", "_loop", "_value", "settled")

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        context: contextvars.Context,
        function: Callable[..., Any],
        args: tuple[Any, ...],
    ) -> None:
        self._loop, self._context, self._function, self._args = loop, context, function, args
        self._value: Any = None
        self._error: BaseException | None = None
        self._is_over = False
        #: Done when the call is; only the loop touches it.
        self.settled: asyncio.Future[None] = loop.create_future()

    def make(self) -> None:
        """Make the call, in this thread, and let the loop know."""
        try:
            self._value = self._context.run(called_from, self._loop, self._function, self._args)
        except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
            self._error = error
        with suppress(RuntimeError):  # the loop was closed: nobody waits any more
            self._loop.call_soon_threadsafe(self._settle)
        del self  # an error's traceback has this frame, and the call has the error

    def _settle(self) -> None:
        self._is_over = True
        if not self.settled.done():
            self.settled.set_result(None)

    async def finish(self) -> None:
        """Wait for the end of the call when the task, and with it what it waited for, was cancelled."""
        while not self._is_over:
            with suppress(asyncio.CancelledError):
                self.settled = self._loop.create_future()
                await self.settled

    def result(self) -> Any:
        """Give what the function returned, or raise what it raised."""
        try:
            if self._error is not None:
                raise self._error
            return self._value
        finally:
            del self  # see make


class _Thread(Thread):
    """A thread that makes the calls it is given, until it is given none."""

    def __init__(self) -> None:
        # It doesn't keep the interpreter from ending; what it is doing then is waited for, see _stop_all.
        super().__init__(name=f"dray-worker_{next(_numbers)}", daemon=True)
        self.calls: SimpleQueue[_Call | None] = SimpleQueue()

    def run(self) -> None:
        while (call := self.calls.get()) is not None:
            call.make()
            del call  # while it waits for the next one


class Workers:
    """Threads that are started when needed; the one that worked last works next, because it is still warm.

    :param count: the most there are at a time; more calls wait for their turn.
    """

    def __init__(self, count: int) -> None:
        self._lock = Lock()
        self._left = count
        self._idle: list[_Thread] = []
        self._waiting: deque[asyncio.Future[_Thread]] = deque()
        self._stopped = False
        #: Those that were started and haven't ended.
        self.threads: WeakSet[_Thread] = WeakSet()
        _pools.add(self)
        finalize(self, _dismiss, self._idle).atexit = False

    async def run(self, function: Callable[..., Any], *args: Any) -> Any:
        """Call a function in a thread and give what it returns.

        A thread can't be stopped: when the task is cancelled meanwhile, that takes effect after the call, so that
        nothing is taken away from it while it runs.

        :raises CancelledLate: then, with what the call gave.
        :raises RuntimeError: after :meth:`stop`.
        """
        loop = asyncio.get_running_loop()
        context = contextvars.copy_context()
        thread = self._take(loop)
        if not isinstance(thread, _Thread):
            thread = await self._turn(thread)
        call = _Call(loop, context, function, args)
        try:
            thread.calls.put(call)
            await call.settled
        except asyncio.CancelledError:
            await call.finish()
            raise CancelledLate(call.result) from None
        finally:
            self._give_back(thread)
            take_over(context)
        try:
            return call.result()
        finally:
            del call  # see _Call.make

    def stop(self) -> None:
        """Take no more calls; those that wait for their turn still get it."""
        with self._lock:
            self._stopped = True
            _dismiss(self._idle)

    def _take(self, loop: asyncio.AbstractEventLoop) -> _Thread | asyncio.Future[_Thread]:
        """Give a thread that is free; or, where there can't be one more, the turn to wait for."""
        with self._lock:
            if self._stopped:
                raise RuntimeError("The application's worker threads were stopped.")
            if self._idle:
                return self._idle.pop()
            if not self._left:
                turn: asyncio.Future[_Thread] = loop.create_future()
                self._waiting.append(turn)
                return turn
            self._left -= 1
        thread = _Thread()
        try:
            thread.start()
        except RuntimeError:  # the system gives no more
            with self._lock:
                self._left += 1
            raise
        self.threads.add(thread)
        return thread

    async def _turn(self, turn: asyncio.Future[_Thread]) -> _Thread:
        """Wait for a thread that somebody gives back."""
        try:
            return await turn
        except asyncio.CancelledError:
            if not turn.cancelled():  # it came in the same moment
                self._give_back(turn.result())
            raise

    def _give_back(self, thread: _Thread) -> None:
        """Let whoever has waited longest have a thread."""
        with self._lock:
            turn = self._waiting.popleft() if self._waiting else None
            if turn is None:
                self._idle.append(thread)
                if self._stopped:
                    _dismiss(self._idle)
                return
        try:
            turn.get_loop().call_soon_threadsafe(self._hand_over, turn, thread)
        except RuntimeError:  # its loop was closed
            self._give_back(thread)

    def _hand_over(self, turn: asyncio.Future[_Thread], thread: _Thread) -> None:
        if turn.done():  # cancelled meanwhile
            self._give_back(thread)
        else:
            turn.set_result(thread)


_pools: WeakSet[Workers] = WeakSet()


def _dismiss(threads: list[_Thread]) -> None:
    """Let threads end that have nothing to do."""
    while threads:
        threads.pop().calls.put(None)


@atexit.register
def _stop_all() -> None:
    """Wait for what threads are doing before the interpreter takes everything away from under them."""
    threads = [thread for pool in _pools for thread in pool.threads]
    for thread in threads:
        thread.calls.put(None)
    for thread in threads:
        thread.join()


async def finished(future: asyncio.Future[Any]) -> None:
    """Wait until something is finished, however often the task is cancelled meanwhile."""
    while not future.done():
        try:
            await asyncio.wait({future})
        except asyncio.CancelledError:
            continue
    if not future.cancelled():
        future.exception()  # it is seen to
