"""The same application on the framework."""

from __future__ import annotations

import asyncio
import gc
import os
import threading
from collections.abc import AsyncIterator, Callable
from typing import Any

from dray.framework import App, abort, request, stream_with_context, websocket
from dray.framework.ctx import AppContext

from .views import PIECE, VIEWS

app = App(__name__, static_folder=None)


def _with_request(view: Callable[..., Any]) -> Callable[..., Any]:
    return lambda **_: view(request)


for _rule, (_methods, _view) in VIEWS.items():
    app.add_url_rule(_rule, _rule, _with_request(_view), methods=_methods)


@app.websocket("/echo")
async def echo() -> None:
    """Send back what comes, until the client goes or says that it is enough."""
    while (message := await websocket.receive()) != "enough":
        await websocket.send(message)
    await websocket.close(3333, "enough")


@app.websocket("/push")
async def push() -> None:
    """Send without an end."""
    while True:
        await websocket.send(PIECE)


@app.websocket("/guarded")
async def guarded() -> None:
    """Refuse everybody."""
    abort(401)


@app.get("/chat")
async def chat() -> str:
    """A page that talks through a WebSocket."""
    return CHAT


@app.get("/events")
async def events() -> Any:
    """Send an event a moment, until the client goes."""

    async def generate() -> AsyncIterator[str]:
        number = 0
        while True:
            yield f"data: {number} {request.path}\n\n"
            number += 1
            await asyncio.sleep(0.01)

    return stream_with_context(generate()), {"Content-Type": "text/event-stream"}


@app.get("/state")
async def state() -> dict[str, Any]:
    """Say what the process holds at the moment."""
    gc.collect()
    return {
        "contexts": sum(type(thing) is AppContext for thing in gc.get_objects()) - 1,
        "tasks": len(asyncio.all_tasks()),
        "files": len(os.listdir("/proc/self/fd")),
        "threads": sum(thread.name.startswith("dray-worker") for thread in threading.enumerate()),
    }


CHAT = """<!doctype html><title>Chat</title><p id="log"></p><script>
const socket = new WebSocket(`ws://${location.host}/echo`), log = document.querySelector("#log");
socket.onopen = () => { socket.send("hello, käse"); socket.send("enough"); };
socket.onmessage = (event) => { log.textContent += event.data; };
socket.onclose = (event) => { log.textContent += ` ${event.code} ${event.reason}`; };
</script>"""

wsgi = app
asgi = app.asgi
