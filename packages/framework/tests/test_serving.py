"""What runs around requests: at a server's start and end, and after a response."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import pytest

from dray.framework import App, Blueprint, current_app, request
from dray.framework.testing import AppClient
from dray.wsgi_tools.test.asgi import Lifespan


@pytest.fixture
def client(app: App) -> AppClient:
    """Make a client that uses the ASGI gateway."""
    return app.test_client(gateway="asgi")


def test_the_order(app: App) -> None:
    """Before, around, around the other way, after; of blueprints too; plain functions in a worker."""
    log: list[str] = []
    part = Blueprint("part", __name__)

    @app.before_serving
    async def before() -> None:
        log.append(f"before {current_app.name}")

    @app.before_serving
    def before_plain() -> None:
        log.append("before, plain")

    @app.while_serving
    async def around() -> AsyncIterator[None]:
        log.append("around: start")
        yield
        log.append("around: end")

    @part.while_app_serving
    async def around_too() -> AsyncIterator[None]:
        log.append("around too: start")
        yield
        log.append("around too: end")

    part.before_app_serving(lambda: log.append("before by part"))
    part.after_app_serving(lambda: log.append("after by part"))
    app.register_blueprint(part)

    @app.after_serving
    async def after() -> None:
        log.append("after")

    async def main() -> None:
        async with Lifespan(app.asgi):
            log.append("serving")

    asyncio.run(main())

    assert log == [
        "before framework_tests",
        "before, plain",
        "before by part",
        "around: start",
        "around too: start",
        "serving",
        "around too: end",
        "around: end",
        "after by part",
        "after",
    ]


async def lifespan(app: App, *events: str) -> list[Any]:
    """Send events of a lifespan; return what the application sends."""
    messages = [{"type": f"lifespan.{event}"} for event in events]
    sent: list[Any] = []

    async def receive() -> Any:
        return messages.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    await app.asgi({"type": "lifespan"}, receive, send)
    return sent


def test_failures_are_reported_to_the_server(app: App) -> None:
    """With the reason; what had begun is ended."""
    log: list[str] = []

    @app.while_serving
    async def around() -> AsyncIterator[None]:
        try:
            yield
        finally:
            log.append("ended")

    @app.while_serving
    async def broken() -> AsyncIterator[None]:
        raise ValueError("no database")
        yield

    sent = asyncio.run(lifespan(app, "startup"))

    assert sent == [{"type": "lifespan.startup.failed", "message": "ValueError('no database')"}]
    assert log == ["ended"]


def test_every_function_runs_at_the_end(app: App) -> None:
    """Whatever the others raise."""
    log: list[str] = []

    @app.after_serving
    async def broken() -> None:
        raise ValueError("broken")

    app.after_serving(lambda: log.append("ran"))
    sent = asyncio.run(lifespan(app, "startup", "shutdown"))

    assert sent[1] == {"type": "lifespan.shutdown.failed", "message": "ValueError('broken')"}
    assert log == ["ran"]


def test_starting_has_its_time(app: App) -> None:
    """The message names the setting."""
    app.config["STARTUP_TIMEOUT"] = 0.01

    @app.before_serving
    async def slow() -> None:
        await asyncio.sleep(60)

    sent = asyncio.run(lifespan(app, "startup"))

    assert "STARTUP_TIMEOUT=0.01" in sent[0]["message"]


def test_unexpected_messages(app: App) -> None:
    """The error says what was expected."""
    with pytest.raises(ValueError, match="lifespan.startup"):
        asyncio.run(lifespan(app, "shutdown"))


def test_background_tasks(app: App, client: AppClient) -> None:
    """They go on after the response, in a context of their own; of both kinds, started from both kinds of views."""
    log: list[str] = []

    async def task(name: str, more: str = "") -> None:
        await asyncio.sleep(0.01)
        log.append(f"{current_app.name} {name}{more} {bool(request)}")

    def plain_task(name: str) -> None:
        log.append(f"{current_app.name} {name}")

    @app.route("/async")
    async def asynchronous() -> str:
        app.add_background_task(task, "from async", more="!")
        return "answered"

    @app.route("/plain")
    def plain() -> str:
        app.add_background_task(plain_task, "from plain")
        return "answered"

    with client.serving():
        assert client.get("/async").text == "answered"
        assert log == []
        assert client.get("/plain").text == "answered"

    assert sorted(log) == ["framework_tests from async! False", "framework_tests from plain"]
    assert len(app.background_tasks) == 0


def test_background_tasks_are_cancelled_in_the_end(app: App, client: AppClient) -> None:
    """After the time they have."""
    app.config["BACKGROUND_TASK_SHUTDOWN_TIMEOUT"] = 0.02
    log: list[str] = []

    async def endless() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            log.append("cancelled")

    @app.route("/")
    async def index() -> str:
        app.add_background_task(endless)
        return ""

    with client.serving():
        client.get("/")

    assert log == ["cancelled"]


def test_an_exception_of_a_background_task_is_logged(
    app: App, client: AppClient, caplog: pytest.LogCaptureFixture
) -> None:
    """And harms nothing."""

    async def broken() -> None:
        raise ValueError("in the background")

    @app.route("/")
    async def index() -> str:
        app.add_background_task(broken)
        return "fine"

    with client.serving():
        assert client.get("/").text == "fine"

    assert "Exception in a background task" in caplog.text
    assert "in the background" in caplog.text


def test_background_tasks_need_asgi(app: App) -> None:
    """The error says so."""

    @app.route("/")
    def index() -> str:
        with contextlib.suppress(ZeroDivisionError):
            app.add_background_task(print)
        return ""

    with pytest.raises(RuntimeError, match=r"serve 'app\.asgi'"):
        app.test_client().get("/")


def test_both_directions_of_calling(app: App) -> None:
    """A plain function for a coroutine, and a coroutine function as it is."""

    async def coroutine(value: int) -> int:
        return value + 1

    def plain(value: int) -> int:
        return value + 2

    async def main() -> tuple[int, int]:
        assert app.ensure_async(coroutine) is coroutine
        return await app.ensure_async(coroutine)(1), await app.ensure_async(plain)(1)

    assert asyncio.run(main()) == (2, 3)


def test_serving_twice_with_asynchronous_teardown(app: App, client: AppClient) -> None:
    """Contexts of starting and stopping end where coroutines run; after a stop there are new workers."""
    log: list[str] = []
    app.before_serving(lambda: log.append("start"))

    @app.teardown_appcontext
    async def teardown(exc: BaseException | None) -> None:
        log.append("teardown")

    app.add_url_rule("/", "index", lambda: "fine")
    for _ in range(2):
        log.clear()
        with client.serving():
            assert client.get("/").text == "fine"
        assert log == ["start", "teardown", "teardown", "teardown"]
