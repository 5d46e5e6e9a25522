"""Walk the steps of a request on an event loop: await what is a coroutine, let the workers do what may block.

The second driver of :mod:`..sansio.lifecycle`. Knows steps and workers, and nothing of ASGI.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from types import CoroutineType
from typing import TYPE_CHECKING, Any

from .._binding import _cv_app
from .._functions import iscoroutinefunction
from .._workers import CancelledLate, Workers, finished
from ..sansio.lifecycle import Call, Steps, Straight
from ..sansio.records import Record, Records

if TYPE_CHECKING:
    from .._channels import Channel
    from ..app import App
    from ..ctx import AppContext


class Blocking:
    """A plain function that a user registered: it may block, so it isn't called on the loop."""

    __slots__ = ("function",)

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function


class LoopRecords(Records):
    """The records of an application on an event loop: a view that says that it doesn't block is called there."""

    def _make(self, endpoint: str | None) -> Record:
        record = super()._make(endpoint)
        if endpoint in self._app.inline_endpoints:
            record.view = self._app.view_functions[endpoint]
        return record


class OnLoop(Straight):
    """The steps of an application on an event loop.

    :param app: whose requests they are.
    :param workers: call what may block.
    """

    def __init__(self, app: App, workers: Workers | None = None) -> None:
        super().__init__(app)
        self.workers = Workers(app.config["ASYNC_SYNC_WORKERS"]) if workers is None else workers
        self.records = LoopRecords(app, self.prepare, self.kind)

    def prepare(self, function: Callable[..., Any]) -> Any:
        """Mark a plain function as one that may block."""
        return function if iscoroutinefunction(function) else Blocking(function)

    async def end_held(self, ctx: AppContext, exc: BaseException | None) -> None:
        """End a context that a stream has held after its request."""
        token = _cv_app.set(ctx)
        try:
            await end(self, ctx, exc)
        finally:
            _cv_app.reset(token)

    def emit(self, channel: Channel, **values: Any) -> Call:
        """Give the call that sends a signal; receivers that are plain functions are called on the loop."""
        return channel.signal.send_async, (self.app,), {"_sync_wrapper": _inline, **values}


def _inline(receiver: Callable[..., Any]) -> Callable[..., Any]:
    async def call(*args: Any, **kwargs: Any) -> Any:
        return receiver(*args, **kwargs)

    return call


async def walk(steps: Steps, workers: Workers) -> Any:
    """Make the calls that steps ask for, one after the other.

    When the task is cancelled, the steps that are left, teardown functions for instance, are taken all the same.

    :return: what the steps return.
    """
    try:
        return await _walk(steps, next(steps), workers)
    except StopIteration as stop:
        return stop.value


async def _walk(steps: Steps, call: Any, workers: Workers) -> Any:
    done = False
    try:
        while not done:
            blocks = isinstance(call[0], Blocking)
            done, call = await (workers.run(_stretch, steps, call) if blocks else _stretch_on_loop(steps, call))
    except CancelledLate as cancelled:
        done, call = cancelled.outcome()
        if not done:
            await _walk_on(steps, call, workers)
        raise
    return call


async def _stretch_on_loop(steps: Steps, call: Any) -> tuple[bool, Any]:
    """Make all calls up to the next one that may block.

    :return: whether that was all, and the result of the steps or the next call.
    :raises CancelledLate: when the task is cancelled and there are steps left.
    """
    try:
        while not isinstance(call[0], Blocking):
            function, args, kwargs = call
            try:
                result = function(*args, **kwargs)
                if type(result) is CoroutineType:
                    result = await result
            except BaseException as error:
                call = steps.throw(error)
                if isinstance(error, asyncio.CancelledError):
                    raise CancelledLate(partial(tuple, (False, call))) from None
            else:
                call = steps.send(result)
    except StopIteration as stop:
        return True, stop.value
    return False, call


async def _walk_on(steps: Steps, call: Call, workers: Workers) -> None:
    """Take the steps that are left in a task of their own, which isn't cancelled with this one."""
    rest = asyncio.ensure_future(_walk(steps, call, workers))
    await finished(rest)
    if not rest.cancelled() and (error := rest.exception()) is not None:
        raise error


async def end(steps: OnLoop, ctx: AppContext, exc: BaseException | None) -> None:
    """End a context that is current."""
    if ctx._request is not None:
        ctx._record = steps.records.of(ctx._request.endpoint)
    await walk(steps.end(ctx, exc), steps.workers)


def _stretch(steps: Steps, call: Any) -> tuple[bool, Any]:
    """Make, in a thread, all calls up to the next one that belongs to the loop: the way there is dear.

    :return: whether that was all, and the result of the steps or the next call.
    """
    try:
        while isinstance(call[0], Blocking):
            function, args, kwargs = call
            try:
                result = function.function(*args, **kwargs)
            except BaseException as error:
                call = steps.throw(error)
            else:
                call = steps.send(result)
    except StopIteration as stop:
        return True, stop.value
    return False, call
