"""A WebSocket as a view sees it: the request that opened it, and messages both ways (RFC 6455, ASGI).

What the client sends is taken in while the view does something else, up to a number of messages: more are left to the
server, which holds the client back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from dray.wsgi_tools.datastructures import Headers
from dray.wsgi_tools.exceptions import ClientDisconnected

from .wrappers import Request

if TYPE_CHECKING:
    import asyncio

    from dray.wsgi_tools.asgi import Message, Receive, Send

    from .ctx import AppContext

#: Close codes (RFC 6455 section 7.4.1).
NORMAL_CLOSURE = 1000
POLICY_VIOLATION = 1008
MESSAGE_TOO_BIG = 1009
INTERNAL_ERROR = 1011


#: After how many messages that are sent at once other tasks have their turn.
_TURN = 8


class Websocket(Request):
    """A WebSocket, and the request that opened it: its URL, headers, cookies and session are those of a request.

    Made by the gateway. The first :meth:`receive` or :meth:`send` accepts it, if nothing else did.
    """

    _send: Send
    _ctx: AppContext
    _messages: asyncio.Queue[Message]
    _incoming: asyncio.Task[None]
    _limit: int
    _sent = 0
    #: Whether it was accepted.
    accepted = False
    #: Whether either side has closed it.
    closed = False
    #: The code that it was closed with, by either side; ``None`` while it is open.
    close_code: int | None = None

    @property
    def requested_subprotocols(self) -> list[str]:
        """The subprotocols that the client speaks, the one it likes best first."""
        subprotocols: Iterable[str] = self.environ["asgi.scope"].get("subprotocols", ())
        return list(subprotocols)

    async def accept(
        self,
        headers: Mapping[str, str] | Iterable[tuple[str, str]] | None = None,
        subprotocol: str | None = None,
    ) -> None:
        """Accept the connection; the session is saved with it, for later there are no headers to do it with.

        :param headers: that are sent with the answer.
        :param subprotocol: one of :attr:`requested_subprotocols`.
        """
        if self.accepted or self.closed:
            return
        if subprotocol is not None and subprotocol not in self.requested_subprotocols:
            raise ValueError(
                f"The client doesn't speak the subprotocol {subprotocol!r}; it asked for {self.requested_subprotocols}."
            )
        self.accepted = True
        sent = Headers(headers)
        response = self._ctx.app.response_class()
        self._ctx.save_session(response)
        for cookie in response.headers.getlist("Set-Cookie"):
            sent.add("Set-Cookie", cookie)
        await self._send(
            {
                "type": "websocket.accept",
                "subprotocol": subprotocol,
                "headers": [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in sent],
            }
        )

    async def receive(self) -> str | bytes:
        """Wait for a message.

        :raises ClientDisconnected: when the client has closed the connection; :attr:`close_code` says how.
        :raises RuntimeError: when it was closed here.
        """
        await self.accept()
        if self._messages.empty():
            self._check_open()
        message = await self._messages.get()
        if message["type"] == "websocket.disconnect":
            self._check_open()
        text = message.get("text")
        return message["bytes"] if text is None else text  # type: ignore[no-any-return]

    async def receive_json(self) -> Any:
        """Wait for a message, and read it as JSON.

        :raises ValueError: when it isn't.
        """
        return self._ctx.app.json.loads(await self.receive())

    async def send(self, data: str | bytes) -> None:
        """Send a message; wait while the client takes none.

        :raises ClientDisconnected: when the client has closed the connection.
        :raises RuntimeError: when it was closed here.
        """
        if not isinstance(data, (str, bytes, bytearray, memoryview)):
            raise TypeError(f"A message is text or bytes, not {type(data).__name__}. For JSON there is send_json().")
        await self.accept()
        self._check_open()
        from asyncio import sleep  # noqa: PLC0415 - 38 ms, and most applications have no WebSocket
        from asyncio import timeout as time_limit  # noqa: PLC0415 - the same

        text, binary = (data, None) if isinstance(data, str) else (None, bytes(data))
        timeout = self._ctx.app.config["RESPONSE_TIMEOUT"]
        try:
            async with time_limit(timeout):
                await self._send({"type": "websocket.send", "text": text, "bytes": binary})
        except TimeoutError:
            raise ClientDisconnected(f"The client took no message for {timeout} seconds.") from None
        except OSError as error:
            raise ClientDisconnected() from error
        self._sent += 1
        if self._sent % _TURN == 0:
            await sleep(0)  # a server that takes everything at once never lets others have their turn

    async def send_json(self, *args: Any, **kwargs: Any) -> None:
        """Send JSON: one value, several as a list, or keyword arguments as an object."""
        json = self._ctx.app.json
        await self.send(json.dumps(json._prepare_response_obj(args, kwargs)))

    async def close(self, code: int = NORMAL_CLOSURE, reason: str = "") -> None:  # type: ignore[override]
        """Close the connection; refuse it if it isn't accepted. Closing it again does nothing.

        :param code: why, by RFC 6455 section 7.4; 3000 to 4999 are free to use.
        :param reason: for people, up to 123 bytes of UTF-8.
        """
        if self.closed:
            return
        if code in {1004, 1005, 1006} or not (1000 <= code <= 1014 or 3000 <= code <= 4999):
            raise ValueError(f"{code} can't be sent as a close code: it is 1000 to 1014 or 3000 to 4999.")
        if len(reason.encode()) > 123:
            raise ValueError(f"The reason for closing a WebSocket has up to 123 bytes, not {len(reason.encode())}.")
        self.closed, self.close_code = True, code
        await self._stop_taking_in()
        await self._send({"type": "websocket.close", "code": code, "reason": reason})

    def _check_open(self) -> None:
        if not self.closed:
            return
        if self._closed_by_client:
            raise ClientDisconnected(f"The client has closed the WebSocket, with code {self.close_code}.")
        raise RuntimeError(f"The WebSocket was closed, with code {self.close_code}: nothing can be sent or received.")

    _closed_by_client = False

    def _release(self) -> None:
        """Do nothing: it has no form, and the gateway closes it."""

    def _open(self, ctx: AppContext, send: Send) -> None:
        """Be ready for the view: used by the gateway."""
        from asyncio import Queue  # noqa: PLC0415 - 38 ms, and most applications have no WebSocket

        self._ctx, self._send = ctx, send
        self._messages = Queue(ctx.app.config["WEBSOCKET_QUEUE_SIZE"])
        self._limit = ctx.app.config["WEBSOCKET_MAX_MESSAGE_SIZE"]

    def _take_in(self, receive: Receive) -> asyncio.Task[None]:
        """Begin to take in what the client sends: used by the gateway."""
        from asyncio import ensure_future  # noqa: PLC0415 - 38 ms, and most applications have no WebSocket

        self._incoming = ensure_future(self._take_in_all(receive))
        return self._incoming

    async def _stop_taking_in(self) -> None:
        """Take in no more: not every server can send a close while it waits for a message."""
        from asyncio import current_task, wait  # noqa: PLC0415 - 38 ms, and most applications have no WebSocket

        if self._incoming is not current_task():
            self._incoming.cancel()
            await wait({self._incoming})

    async def _take_in_all(self, receive: Receive) -> None:
        while True:
            message = await receive()
            if message["type"] == "websocket.disconnect":
                self._end_of_messages(message.get("code", 1005))
                return
            size = len(message.get("text") or message.get("bytes") or b"")
            if size > self._limit:
                limit = f"A message had {size} bytes; WEBSOCKET_MAX_MESSAGE_SIZE is {self._limit}."
                await self.close(MESSAGE_TOO_BIG, limit)
                self._end_of_messages(MESSAGE_TOO_BIG)
                return
            await self._messages.put(message)

    def _end_of_messages(self, code: int) -> None:
        """Note that nothing more comes, and wake a view that waits; what has come can still be received."""
        if not self.closed:
            self.close_code = code
        self._closed_by_client = self.closed = True
        if not self._messages.full():
            self._messages.put_nowait({"type": "websocket.disconnect"})
