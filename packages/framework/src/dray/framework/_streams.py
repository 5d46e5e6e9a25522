"""Streams that keep a request's context: bound for each step, and nowhere between steps."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from typing import TYPE_CHECKING, Any

from ._binding import _cv_app

if TYPE_CHECKING:
    from .ctx import AppContext


class ContextStream:
    """An iterator whose every step runs in a context, and that leaves none behind between steps.

    The context's teardown waits until the iterator is exhausted, closed or forgotten.
    """

    def __init__(self, iterator: Iterator[Any], ctx: AppContext) -> None:
        self._iterator = iterator
        self._ctx: AppContext | None = ctx
        ctx.hold()

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        if self._ctx is None:
            raise StopIteration
        token = _cv_app.set(self._ctx)
        try:
            return next(self._iterator)
        except BaseException:
            _cv_app.reset(token)
            token = None  # type: ignore[assignment]
            self._finish()
            raise
        finally:
            if token is not None:
                _cv_app.reset(token)

    def _finish(self) -> None:
        ctx, self._ctx = self._ctx, None
        if ctx is not None:
            ctx.release()

    def close(self) -> None:
        """Close the iterator in the context, then let the context go."""
        if self._ctx is None:
            return
        token = _cv_app.set(self._ctx)
        try:
            if hasattr(self._iterator, "close"):
                self._iterator.close()
        finally:
            _cv_app.reset(token)
            self._finish()

    def __del__(self) -> None:
        self.close()


class AsyncContextStream:
    """The same for an asynchronous iterator."""

    def __init__(self, iterator: AsyncIterator[Any], ctx: AppContext) -> None:
        self._iterator = iterator
        self._ctx: AppContext | None = ctx
        ctx.hold()

    def __aiter__(self) -> AsyncIterator[Any]:
        return self

    async def __anext__(self) -> Any:
        if self._ctx is None:
            raise StopAsyncIteration
        token = _cv_app.set(self._ctx)
        try:
            return await self._iterator.__anext__()
        except BaseException:
            await self._finish()
            raise
        finally:
            _cv_app.reset(token)

    async def _finish(self) -> None:
        ctx, self._ctx = self._ctx, None
        if ctx is not None:
            await ctx.release_async()

    async def aclose(self) -> None:
        """Close the iterator in the context, then let the context go."""
        if self._ctx is None:
            return
        token = _cv_app.set(self._ctx)
        try:
            if hasattr(self._iterator, "aclose"):
                await self._iterator.aclose()
        finally:
            await self._finish()
            _cv_app.reset(token)


class SteppedStream:
    """An asynchronous iterator as a plain one: each step is a call.

    :param to_sync: makes a plain function of a coroutine function.
    """

    def __init__(self, iterator: Any, to_sync: Callable[..., Any]) -> None:
        self._iterator = aiter(iterator)
        self._to_sync = to_sync

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        async def step() -> Any:
            return await anext(self._iterator, _END)

        item = self._to_sync(step)()
        if item is _END:
            raise StopIteration
        return item

    def close(self) -> None:
        """Close the asynchronous iterator."""
        if hasattr(self._iterator, "aclose"):
            self._to_sync(self._iterator.aclose)()


_END = object()
