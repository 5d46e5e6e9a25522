"""Memory of a thousand WebSockets that wait for a message, beside Starlette: ``python idle_websockets.py``.

Each peer runs in a process of its own, on fake connections; the figure is what a WebSocket adds to the resident size.
"""

from __future__ import annotations

import asyncio
import gc
import subprocess
import sys
from pathlib import Path
from typing import Any

COUNT = 1000
SCOPE = {
    "type": "websocket",
    "asgi": {"version": "3.0", "spec_version": "2.3"},
    "http_version": "1.1",
    "scheme": "ws",
    "path": "/ws",
    "raw_path": b"/ws",
    "query_string": b"",
    "root_path": "",
    "headers": [(b"host", b"localhost"), (b"upgrade", b"websocket"), (b"connection", b"Upgrade")],
    "client": ("127.0.0.1", 50000),
    "server": ("localhost", 80),
    "subprotocols": [],
    "extensions": {},
}


def dray() -> Any:
    """Make the application."""
    from dray.framework import App, websocket  # noqa: PLC0415 - each peer in a process of its own

    app = App(__name__)

    @app.websocket("/ws")
    async def idle() -> None:
        await websocket.receive()

    return app.asgi


def starlette() -> Any:
    """Make the application."""
    from starlette.applications import Starlette  # noqa: PLC0415 - each peer in a process of its own
    from starlette.routing import WebSocketRoute  # noqa: PLC0415
    from starlette.websockets import WebSocket  # noqa: PLC0415

    async def idle(socket: WebSocket) -> None:
        await socket.accept()
        await socket.receive_text()

    return Starlette(routes=[WebSocketRoute("/ws", idle)])


def resident() -> int:
    """Give the resident size, in kB."""
    gc.collect()
    status = Path("/proc/self/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")))


async def measure(app: Any) -> float:
    """Give what each WebSocket takes, in kB."""

    async def connect() -> None:
        messages = iter([{"type": "websocket.connect"}])
        accepted = asyncio.Event()

        async def receive() -> Any:
            message = next(messages, None)
            return message or await asyncio.Event().wait()

        async def send(message: Any) -> None:
            accepted.set()

        tasks.add(asyncio.ensure_future(app({**SCOPE, "headers": [*SCOPE["headers"]]}, receive, send)))
        await accepted.wait()

    tasks: set[Any] = set()
    for _ in range(10):
        await connect()
    before = resident()
    for _ in range(COUNT):
        await connect()
    after = resident()
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    return (after - before) / COUNT


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(asyncio.run(measure({"dray": dray, "starlette": starlette}[sys.argv[1]]())))
    else:
        for peer in ("starlette", "dray", "starlette", "dray"):
            result = subprocess.run([sys.executable, __file__, peer], capture_output=True, text=True, check=True)
            print(f"{peer:10} {float(result.stdout):6.2f} kB a WebSocket")
