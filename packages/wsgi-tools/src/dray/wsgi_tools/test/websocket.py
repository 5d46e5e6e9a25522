"""Testing WebSockets: a session with an ASGI application, as a client has it (ASGI WebSocket message format 2.5)."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import MutableMapping
from typing import TYPE_CHECKING, Any

from ..datastructures import Headers

if TYPE_CHECKING:
    from .asgi import ASGICaller

    Message = MutableMapping[str, Any]

#: How long a test waits for a message of the application, in seconds.
PATIENCE = 10


class WebsocketRefused(Exception):
    """The application didn't accept a WebSocket.

    :param code: The code that it was closed with; ``None`` if a response refused it.
    :param status: The status of that response; 403 without one, as servers send.
    :param headers: Its headers.
    :param data: Its body.
    """

    def __init__(self, code: int | None, status: int = 403, headers: Headers | None = None, data: bytes = b"") -> None:
        super().__init__(f"the application refused the WebSocket with status {status}")
        self.code, self.status, self.data = code, status, data
        self.headers = Headers() if headers is None else headers


class WebsocketClosed(Exception):
    """The application has closed a WebSocket.

    :param code: Why (RFC 6455 section 7.4).
    :param reason: The same for people.
    """

    def __init__(self, code: int, reason: str = "") -> None:
        super().__init__(f"the application has closed the WebSocket with code {code}: {reason!r}")
        self.code, self.reason = code, reason


class WebsocketSession:
    """A ``with`` block in which a WebSocket is open; at its end the client closes it, and waits for the application.

    :param caller: Calls the application.
    :param scope: The scope of the WebSocket.
    :raises WebsocketRefused: On entering, if the application doesn't accept it.
    """

    def __init__(self, caller: ASGICaller, scope: MutableMapping[str, Any]) -> None:
        self._caller, self._scope = caller, scope
        self._incoming: deque[Message] = deque()
        self._closed = False
        #: The subprotocol that the application chose.
        self.subprotocol: str | None = None
        #: The headers that came with the acceptance.
        self.headers = Headers()

    def __enter__(self) -> WebsocketSession:
        self._caller.run(self._open())
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    async def _open(self) -> None:
        self._in: asyncio.Queue[Message] = asyncio.Queue()
        self._out: asyncio.Queue[Message] = asyncio.Queue()
        self._in.put_nowait({"type": "websocket.connect"})
        self._task = asyncio.ensure_future(self._caller.app(self._scope, self._in.get, self._out.put))
        message = await self._next()
        if message["type"] == "websocket.accept":
            self.subprotocol, self.headers = message.get("subprotocol"), _headers(message)
            return
        self._closed = True
        if message["type"] == "websocket.close":
            await self._task
            raise WebsocketRefused(message.get("code", 1000))
        body = b""
        part: Message = {"more_body": True}
        while part.get("more_body", False):
            part = await self._next()
            body += part.get("body", b"")
        await self._task
        raise WebsocketRefused(None, message["status"], _headers(message), body)

    async def _next(self) -> Message:
        """Wait for a message of the application.

        :raises RuntimeError: The application ended without one.
        """
        answer = asyncio.ensure_future(self._out.get())
        await asyncio.wait({answer, self._task}, timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
        if answer.done():
            return answer.result()
        answer.cancel()
        if self._task.done():
            self._task.result()
            raise RuntimeError("the application returned without closing the WebSocket")
        raise TimeoutError(f"the application sent nothing for {PATIENCE} seconds")

    def send(self, data: str | bytes) -> None:
        """Send a message."""
        text, binary = (data, None) if isinstance(data, str) else (None, data)
        self._caller.run(self._in.put({"type": "websocket.receive", "text": text, "bytes": binary}))

    def send_json(self, data: Any) -> None:
        """Send a value as JSON."""
        self.send(json.dumps(data))

    def receive(self) -> str | bytes:
        """Wait for a message.

        :raises WebsocketClosed: The application closed the connection.
        """
        message = self._caller.run(self._next())
        if message["type"] == "websocket.close":
            self._closed = True
            raise WebsocketClosed(message.get("code", 1000), message.get("reason") or "")
        text: str | None = message.get("text")
        return message["bytes"] if text is None else text

    def receive_json(self) -> Any:
        """Wait for a message, and read it as JSON."""
        return json.loads(self.receive())

    def close(self, code: int = 1000) -> None:
        """Close the connection as a client does, and wait until the application has taken note.

        :raises Exception: What the application raised.
        """
        self._caller.run(self._close(code))

    async def _close(self, code: int) -> None:
        if not self._closed:
            self._in.put_nowait({"type": "websocket.disconnect", "code": code})
            self._closed = True
        done, _ = await asyncio.wait({self._task}, timeout=PATIENCE)
        if not done:
            self._task.cancel()
            raise TimeoutError(f"the application didn't end within {PATIENCE} seconds of the WebSocket's end")
        self._task.result()


def _headers(message: Message) -> Headers:
    pairs = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in message.get("headers", ())]
    return Headers(pairs)
