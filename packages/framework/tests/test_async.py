"""Async functions on WSGI."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from typing import Any

import pytest

from dray.framework import App, g, request
from dray.framework._async import async_to_sync
from dray.framework.testing import AppClient
from dray.framework.views import MethodView

pytestmark = pytest.mark.usefixtures("gateway")

variable: contextvars.ContextVar[int] = contextvars.ContextVar("variable", default=0)


def test_the_loop_is_kept(app: App, client: AppClient) -> None:
    """No loop is made for a request."""
    loops: list[Any] = []

    @app.route("/")
    async def index() -> str:
        loops.append(asyncio.get_running_loop())
        await asyncio.sleep(0)
        return request.path

    assert [client.get("/").text for _ in range(2)] == ["/", "/"]
    assert loops[0] is loops[1]


def test_changes_of_context_variables_are_seen(app: App, client: AppClient) -> None:
    """What an async hook sets, the view finds."""

    @app.before_request
    async def before() -> None:
        variable.set(5)
        g.x = 1

    app.add_url_rule("/", "index", lambda: f"{variable.get()} {g.x}")

    assert client.get("/").text == "5 1"


def test_methods_of_class_views_may_be_async(app: App, client: AppClient) -> None:
    """They are called like plain ones."""

    class View(MethodView):
        async def get(self) -> str:
            return "async get"

    app.add_url_rule("/", view_func=View.as_view("view"))

    assert client.get("/").text == "async get"


def test_calling_in_a_running_loop_is_refused(app: App) -> None:
    """The error says to await it."""

    async def function() -> None: ...

    async def main() -> None:
        app.ensure_sync(function)()

    with pytest.raises(RuntimeError, match="Await it instead"):
        asyncio.run(main())


def test_an_interrupted_call_is_cancelled() -> None:
    """Ctrl-C comes out, what the coroutine holds is let go, and the loop is as good as before."""
    log: list[str] = []

    async def interrupted() -> None:
        try:
            asyncio.get_running_loop().call_soon(interrupt)
            await asyncio.sleep(60)
        finally:
            log.append("let go")

    def interrupt() -> None:
        raise KeyboardInterrupt

    async def fine() -> str:
        return "fine"

    with pytest.raises(KeyboardInterrupt):
        async_to_sync(interrupted)()

    assert log == ["let go"]
    assert async_to_sync(fine)() == "fine"


def test_a_thread_closes_its_loop() -> None:
    """A loop that is left open warns."""
    loops: list[asyncio.AbstractEventLoop] = []

    async def note() -> None:
        loops.append(asyncio.get_running_loop())

    thread = threading.Thread(target=async_to_sync(note))
    thread.start()
    thread.join()

    assert loops[0].is_closed()
