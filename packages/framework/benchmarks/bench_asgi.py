"""Applications on ASGI beside Quart's, Starlette's and Falcon's, called as an ASGI server calls them.

Run it with ``nox -s bench -- framework``. Every row's status and body are compared before they are timed. A request has
sixteen headers; a round is fifty requests on one event loop, one after the other.
"""

from __future__ import annotations

import asyncio
import json
from functools import partial
from typing import Any

import falcon.asgi
import pytest
import quart
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse
from starlette.routing import Route

import dray.framework

ROUND = 50
HEADERS = [(b"host", b"localhost"), *((b"x-header-%d" % number, b"value") for number in range(14))]
HEADERS.append((b"cookie", b"; ".join(b"cookie%d=value%d" % (number, number) for number in range(5))))


def scope(path: str) -> dict[str, Any]:
    """Make the scope of a request."""
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"q=word",
        "root_path": "",
        "headers": HEADERS,
        "client": ("127.0.0.1", 50000),
        "server": ("localhost", 80),
        "extensions": {},
    }


async def call(app: Any, path: str) -> tuple[int, bytes]:
    """Send a request; return status and body."""
    sent: list[Any] = []
    asked = False
    over = asyncio.Event()

    async def receive() -> Any:
        nonlocal asked
        if asked:
            await over.wait()
            return {"type": "http.disconnect"}
        asked = True
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)
        if message["type"] == "http.response.body" and not message.get("more_body"):
            over.set()

    await app(scope(path), receive, send)
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:])


def application(library: Any, kind: Any) -> Any:
    """Make an application of dray or Quart, which register alike."""
    app = kind(__name__)
    app.secret_key = "key"

    @app.route("/")
    async def hello() -> str:
        return "Hello, World!"

    @app.route("/json")
    async def document() -> dict[str, str]:
        return {"message": "Hello, World!"}

    @app.route("/things/<int:number>/<name>")
    async def thing(number: int, name: str) -> str:
        return f"{number} {name} {library.request.args['q']}"

    @app.route("/waits")
    async def waits() -> str:
        await asyncio.sleep(0)
        return "Hello, World!"

    @app.route("/plain")
    def plain() -> str:
        return "Hello, World!"

    return app


def starlette() -> Any:
    """Make the same application of Starlette."""

    async def hello(request: Request) -> HTMLResponse:
        return HTMLResponse("Hello, World!")

    async def document(request: Request) -> JSONResponse:
        return JSONResponse({"message": "Hello, World!"})

    async def thing(request: Request) -> HTMLResponse:
        values = request.path_params
        return HTMLResponse(f"{values['number']} {values['name']} {request.query_params['q']}")

    async def waits(request: Request) -> HTMLResponse:
        await asyncio.sleep(0)
        return HTMLResponse("Hello, World!")

    def plain(request: Request) -> HTMLResponse:
        return HTMLResponse("Hello, World!")

    rules = {"/": hello, "/json": document, "/things/{number:int}/{name}": thing, "/waits": waits, "/plain": plain}
    return Starlette(routes=[Route(rule, view) for rule, view in rules.items()])


class Hello:
    """Answer as the others do."""

    async def on_get(self, request: Any, response: Any) -> None:
        """Answer with text."""
        response.text, response.content_type = "Hello, World!", "text/html"


class Document:
    """Answer as the others do."""

    async def on_get(self, request: Any, response: Any) -> None:
        """Answer with JSON."""
        response.media = {"message": "Hello, World!"}


class Thing:
    """Answer as the others do."""

    async def on_get(self, request: Any, response: Any, number: int, name: str) -> None:
        """Answer with what the address says."""
        response.text, response.content_type = f"{number} {name} {request.get_param('q')}", "text/html"


class Waits(Hello):
    """Answer as the others do."""

    async def on_get(self, request: Any, response: Any) -> None:
        """Answer after another task had its turn."""
        await asyncio.sleep(0)
        await super().on_get(request, response)


def falcons() -> Any:
    """Make the same application of Falcon, which has no plain views."""
    app = falcon.asgi.App()
    for rule, resource in (
        ("/", Hello()),
        ("/json", Document()),
        ("/things/{number:int}/{name}", Thing()),
        ("/waits", Waits()),
    ):
        app.add_route(rule, resource)
    return app


APPS: dict[str, Any] = {
    "quart": application(quart, quart.Quart),
    "starlette": starlette(),
    "falcon": falcons(),
    "dray": application(dray.framework, dray.framework.App).asgi,
}
ROWS = {
    "asgi: hello": "/",
    "asgi: json": "/json",
    "asgi: item and query": "/things/7/name",
    "asgi: view that awaits": "/waits",
    "asgi: plain view": "/plain",
}


def content(answer: tuple[int, bytes]) -> Any:
    """Leave out how JSON is spaced."""
    status, body = answer
    return status, json.loads(body) if body.startswith(b"{") else body


@pytest.mark.parametrize("peer", APPS)
@pytest.mark.parametrize("row", ROWS)
def bench_asgi(benchmark: Any, row: str, peer: str) -> None:
    """Fifty requests, from the scope to the last message."""
    path = ROWS[row]
    if (peer, path) == ("falcon", "/plain"):
        pytest.skip("Falcon has no plain views on ASGI")

    async def requests(app: Any) -> tuple[int, bytes]:
        for _ in range(ROUND - 1):
            await call(app, path)
        return await call(app, path)

    with asyncio.Runner() as runner:
        expected = content(runner.run(call(APPS["quart"], path)))
        assert content(runner.run(requests(APPS[peer]))) == expected
        benchmark.group = row
        benchmark.extra_info.update(peer=peer, baseline="quart")
        benchmark(partial(_run, runner, requests, APPS[peer]))


def _run(runner: asyncio.Runner, requests: Any, app: Any) -> None:
    runner.run(requests(app))
