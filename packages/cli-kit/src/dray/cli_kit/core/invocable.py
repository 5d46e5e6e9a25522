"""What a context can invoke besides plain functions, and how a coroutine gets its result.

Contexts stand below commands, so they know commands only as this. It must not know either.
"""

from __future__ import annotations

import sys

from .._utils import TYPE_CHECKING, lazy_module

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Coroutine
    from typing import Any
else:
    asyncio = lazy_module("asyncio")

__all__ = ["Invocable", "is_coroutine", "run_coroutine"]


class Invocable:
    """A command as a context sees it."""

    name: str | None
    callback: Callable[..., Any] | None
    params: list[Any]


async def _probe() -> None:
    pass


_coroutine = _probe()
_CoroutineType: type = type(_coroutine)
_coroutine.close()


def is_coroutine(value: object) -> bool:
    """Say whether a value is what an ``async def`` function returns, without loading :mod:`inspect`.

    :param value: anything.
    """
    return type(value) is _CoroutineType


def run_coroutine(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine to its end.

    :param coroutine: what an ``async def`` callback returned.
    :return: its result; or the coroutine itself, to be awaited by the caller, where an event loop runs in this thread.
    """
    if "asyncio" in sys.modules and asyncio._get_running_loop() is not None:
        return coroutine
    return asyncio.run(coroutine)
