"""What the framework may rely on under every ASGI server: WebSockets, and that a crowd leaves nothing behind."""

from __future__ import annotations

import asyncio
import json
import random
import shutil
import time
from typing import Any

import pytest
from conftest import PATIENCE, Gateway, pairs
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

pytestmark = pytest.mark.parametrize("gateway", pairs("asgi", applications=("framework",)), indirect=True)

#: How many connections the crowd has at a time, and how many it makes in all.
CROWD, VISITS = 200, 600


def socket_to(gateway: Gateway, path: str, **options: Any) -> connect:
    """Open a WebSocket."""
    return connect(f"ws://127.0.0.1:{gateway.port}{path}", open_timeout=PATIENCE, close_timeout=PATIENCE, **options)


def run(coroutine: Any) -> Any:
    """Run a coroutine, but not for ever."""
    return asyncio.run(asyncio.wait_for(coroutine, 3 * PATIENCE))


class TestWebSockets:
    """Messages both ways, and the end."""

    def test_messages(self, gateway: Gateway) -> None:
        """Text and bytes come back as they were sent, long ones too; a code and a reason come with the end."""

        async def talk() -> None:
            async with socket_to(gateway, "/echo") as socket:
                for message in ("text", b"bytes", "k\u00e4se", "x" * 500_000):
                    await socket.send(message)
                    assert await socket.recv() == message
                await socket.send("enough")
                with pytest.raises(ConnectionClosed) as closed:
                    await socket.recv()
            assert closed.value.rcvd is not None
            if "close code" not in gateway.server.lacks:
                assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (3333, "enough")

        run(talk())

    @pytest.mark.parametrize(("path", "statuses"), [("/guarded", {401, 403}), ("/nowhere", {403, 404})])
    def test_refusals(self, gateway: Gateway, path: str, statuses: set[int]) -> None:
        """A refusal has its status, or 403 where the server can't send another."""

        async def talk() -> int:
            with pytest.raises(InvalidStatus) as refused:
                async with socket_to(gateway, path):
                    pass
            return refused.value.response.status_code

        assert run(talk()) in statuses

    def test_messages_over_the_limit(self, gateway: Gateway) -> None:
        """Close the connection with code 1009."""

        async def talk() -> int | None:
            async with socket_to(gateway, "/echo") as socket:
                await socket.send("x" * (1024 * 1024 + 1))
                with pytest.raises(ConnectionClosed) as closed:
                    await socket.recv()
            return closed.value.rcvd and closed.value.rcvd.code

        assert run(talk()) == 1009

    def test_in_a_browser(self, gateway: Gateway) -> None:
        """A page talks through a WebSocket in Chromium."""
        if shutil.which("chromedriver") is None:
            pytest.skip("chromedriver isn't installed: apt-get install chromium chromium-driver")
        from selenium import webdriver  # noqa: PLC0415 - not everybody who runs the servers has a browser

        options = webdriver.ChromeOptions()
        for option in ("headless=new", "no-sandbox", "disable-gpu", "disable-background-networking", "disable-sync"):
            options.add_argument(f"--{option}")
        browser = webdriver.Chrome(options=options)
        try:
            browser.get(f"http://127.0.0.1:{gateway.port}/chat")
            end = time.monotonic() + PATIENCE
            while " " not in (text := browser.find_element("id", "log").text[12:]) and time.monotonic() < end:
                time.sleep(0.05)
            assert browser.find_element("id", "log").text.startswith("hello, k\u00e4se ")
            assert "close code" in gateway.server.lacks or text == "3333 enough"
        finally:
            browser.quit()


async def slow_reader(gateway: Gateway, path: str, pieces: int) -> None:
    """Read a little of an answer, slowly, and go."""
    reader, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
    try:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        for _ in range(pieces):
            if not await reader.read(1000):
                break
            await asyncio.sleep(0.01)
    finally:
        writer.close()


async def half_a_body(gateway: Gateway) -> None:
    """Announce a body, send half of it, and go."""
    _, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
    writer.write(b"POST /body HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n" + b"x" * 50_000)
    await writer.drain()
    writer.close()


async def talker(gateway: Gateway, ends: bool) -> None:
    """Talk through a WebSocket, and close it or just go."""
    async with socket_to(gateway, "/echo") as socket:
        await socket.send("hello")
        assert await socket.recv() == "hello"
        if not ends:
            socket.transport.abort()


async def flooded(gateway: Gateway) -> None:
    """Take little of what a WebSocket pushes, and go."""
    async with socket_to(gateway, "/push", max_queue=1) as socket:
        await socket.recv()
        await asyncio.sleep(0.05)
        socket.transport.abort()


async def crowd(gateway: Gateway) -> dict[str, int]:
    """Let very different visitors come, many at a time; return how many of each kind came through."""
    chance, places = random.Random(5), asyncio.Semaphore(CROWD)
    kinds = {
        "plain streams, left": lambda: slow_reader(gateway, "/endless?name=crowd", 5),
        "async streams, left": lambda: slow_reader(gateway, "/events", 5),
        "read to the end": lambda: slow_reader(gateway, "/address", 1),
        "half a body": lambda: half_a_body(gateway),
        "sockets, closed": lambda: talker(gateway, True),
        "sockets, left": lambda: talker(gateway, False),
        "sockets, flooded": lambda: flooded(gateway),
    }
    counts = dict.fromkeys(kinds, 0)

    async def visit(kind: str) -> None:
        async with places:
            await kinds[kind]()
            counts[kind] += 1

    visits = [visit(chance.choice([*kinds])) for _ in range(VISITS)]
    failures = [result for result in await asyncio.gather(*visits, return_exceptions=True) if result is not None]
    assert not failures, failures[:3]
    return counts


def test_a_crowd_leaves_nothing_behind(gateway: Gateway, record_property: Any) -> None:
    """No context, task, file or thread, however its connections ended."""

    def state() -> dict[str, int]:
        return json.loads(gateway.ask("GET", "/state").body)  # type: ignore[no-any-return, attr-defined]

    gateway.ask("GET", "/address")
    before = state()
    counts = run(crowd(gateway))
    record_property("visits", counts)
    held = ("contexts",) if "forgetting clients" in gateway.server.lacks else ("contexts", "tasks", "files")
    end = time.monotonic() + 2 * PATIENCE
    while more := {kind: count for kind, count in state().items() if kind in held and count > before[kind]}:
        assert time.monotonic() < end, more
        time.sleep(0.2)

    assert sum(counts.values()) == VISITS
    assert state()["threads"] <= 32
