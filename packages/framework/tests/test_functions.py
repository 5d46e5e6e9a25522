"""What kind of function it is: as the inspect module says."""

from __future__ import annotations

import functools
import inspect
import subprocess
import sys
from typing import Any

import pytest

from dray.framework._functions import iscoroutinefunction


def plain() -> None:
    """Do nothing."""


async def coroutine() -> None:
    """Do nothing."""


async def generator() -> Any:
    """Yield nothing."""
    yield


class Methods:
    """Functions of a class, and a class that can be called."""

    def plain(self) -> None:
        """Do nothing."""

    async def coroutine(self) -> None:
        """Do nothing."""

    @classmethod
    async def of_class(cls) -> None:
        """Do nothing."""

    async def __call__(self) -> None:
        """Do nothing."""


@functools.wraps(coroutine)
def wrapping() -> Any:
    """Return a coroutine, but be none."""
    return coroutine()


marked = plain
if hasattr(inspect, "markcoroutinefunction"):

    def _marked() -> Any:
        return coroutine()

    marked = inspect.markcoroutinefunction(_marked)

FUNCTIONS = [
    *(plain, coroutine, generator, wrapping, marked, len, print, int, Methods, Methods(), None),
    *(Methods().plain, Methods().coroutine, Methods.coroutine, Methods.of_class),
    *(
        functools.partial(plain),
        functools.partial(coroutine),
        functools.partial(functools.partial(Methods().coroutine)),
    ),
    functools.partial(Methods()),
]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_as_inspect_says(function: Any) -> None:
    """Plain, bound, partial, marked: the same answer."""
    assert iscoroutinefunction(function) is inspect.iscoroutinefunction(function)


def test_loads_little() -> None:
    """A program with a view, and one that needs neither signals nor a logger, loads what it needs."""
    program = """
import sys
import dray.framework
app = dray.framework.App("app")
app.secret_key = "key"
app.get("/")(lambda: {"a": 1})
answer = app({"REQUEST_METHOD": "GET", "PATH_INFO": "/", "QUERY_STRING": "", "wsgi.url_scheme": "http",
              "SERVER_NAME": "localhost", "SERVER_PORT": "80"}, lambda status, headers: None)
assert b"".join(answer)
heavy = "asyncio ast blinker dataclasses decimal email inspect logging pathlib random secrets threading uuid"
print([name for name in heavy.split() if name in sys.modules])
dray.framework.request_started
dray.framework.logging.default_handler
print([name for name in ("blinker", "logging") if name in sys.modules])
"""
    result = subprocess.run([sys.executable, "-S", "-c", f"import sys; sys.path[:] = {sys.path!r}\n{program}"],
                            capture_output=True, text=True, check=True)  # fmt: skip
    assert result.stdout == "[]\n['blinker', 'logging']\n"
