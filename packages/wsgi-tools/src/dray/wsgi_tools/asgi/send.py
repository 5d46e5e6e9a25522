"""A response as the messages of ASGI (HTTP message format 2.5).

What is sent was decided by ``sansio.start``; here it goes out, piece by piece where it comes so, as fast as the client
takes it and no longer than it is there. Knows no response class: it takes anything that has a status, headers and
content as the response of WSGI has them.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from typing import TYPE_CHECKING, Any, Protocol, cast

from ..datastructures import Headers
from ..exceptions.client import ClientDisconnected
from ..sansio.start import sends_body

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

    from .scope import Message, Receive, Send

#: Calls a function that may block somewhere where that hurts nobody.
Elsewhere = Callable[..., Awaitable[Any]]

#: What is taken of a file at a time, in bytes.
_BLOCK = 256 * 1024

#: A message up to this size fits what every server keeps before it waits for the client, in bytes.
_SMALL = 64 * 1024


class ResponseLike(Protocol):
    """What can be sent: the part of :class:`~dray.wsgi_tools.wrappers.Response` that is used here."""

    response: Any
    direct_passthrough: bool

    @property
    def status_code(self) -> int:
        """The status code."""

    def get_wsgi_headers(self, environ: WSGIEnvironment) -> Headers:
        """Return the headers as they are sent."""

    def iter_encoded(self) -> Iterable[bytes]:
        """Yield the content."""

    def close(self) -> None:
        """Close the content."""


#: What is sent: the first message, the content if it is known, and the response if it is still needed: to get the
#: content from, or to be closed.
Prepared = tuple["Message", bytes | None, ResponseLike | None]


# Headers as the bytes that are sent, filled on demand: those of the kinds that most responses share, and the lists of
# nothing else.
_encoded: dict[tuple[str, str], tuple[bytes, bytes]] = {}
_encoded_lists: dict[tuple[tuple[str, str], ...], tuple[tuple[bytes, bytes], ...]] = {}
_SHARED = frozenset({"Content-Type", "Content-Length"})
_MAX_SHARED = 1024


def _encode(pair: tuple[str, str]) -> tuple[bytes, bytes]:
    name, value = pair
    made = name.lower().encode("latin-1"), value.encode("latin-1")

    if name in _SHARED and len(_encoded) < _MAX_SHARED:
        _encoded[pair] = made

    return made


def _encode_all(pairs: list[tuple[str, str]]) -> tuple[tuple[bytes, bytes], ...]:
    known = _encoded.get
    made = tuple([known(pair) or _encode(pair) for pair in pairs])

    if len(_encoded_lists) < _MAX_SHARED and all(pair in _encoded for pair in pairs):
        _encoded_lists[tuple(pairs)] = made

    return made


def prepare(response: ResponseLike, environ: WSGIEnvironment) -> Prepared:
    """Decide what is sent in answer to a request.

    :param response: the response.
    :param environ: the environ that the request was made of, see :func:`environ_from_scope`.
    """
    whole: Any = response

    if hasattr(response, "_is_ready") and whole._is_ready(environ):
        return _start(whole._status_code, whole._header_list), whole.response[0], None

    status, body = response.status_code, None
    start = _start(status, response.get_wsgi_headers(environ).to_wsgi_list())

    if not sends_body(environ["REQUEST_METHOD"], status):
        body = b""
    elif isinstance(response.response, (list, tuple)):
        body = b"".join(response.iter_encoded())

    return start, body, response if body is None or getattr(response, "needs_closing", True) else None


def at_once(prepared: Prepared) -> tuple[Message, Message] | None:
    """Give what is sent if that is all there is to do: the content is known and small, and nothing is to be closed.

    Whoever sends these two messages needs neither :func:`send_prepared` nor a limit of time.

    :param prepared: what :func:`prepare` gave.
    """
    start, body, response = prepared

    if response is None and body is not None and len(body) <= _SMALL:
        return start, {"type": "http.response.body", "body": body, "more_body": False}

    return None


def _start(status: int, pairs: list[tuple[str, str]]) -> Message:
    headers = _encoded_lists.get(tuple(pairs)) or _encode_all(pairs)
    return {"type": "http.response.start", "status": status, "headers": [*headers]}


async def send_response(
    response: ResponseLike,
    environ: WSGIEnvironment,
    send: Send,
    receive: Receive | None = None,
    *,
    timeout: float | None = None,
    elsewhere: Elsewhere | None = None,
) -> None:
    """Send a response; see :func:`send_prepared` for the rest of the parameters.

    :param response: the response.
    :param environ: the environ that the request was made of, see :func:`environ_from_scope`.
    :param send: the application's third argument.
    """
    try:
        prepared = prepare(response, environ)
    except BaseException:
        response.close()
        raise

    await send_prepared(prepared, send, receive, timeout=timeout, elsewhere=elsewhere)


async def send_prepared(
    prepared: Prepared,
    send: Send,
    receive: Receive | None = None,
    *,
    timeout: float | None = None,
    elsewhere: Elsewhere | None = None,
) -> None:
    """Send a response that is decided.

    A list goes out as one message. An iterable is sent piece by piece: an asynchronous one as it comes, any other
    one is asked for its next piece elsewhere, for it may block. Whatever happens, the response is closed.

    :param prepared: what :func:`prepare` gave.
    :param send: the application's third argument.
    :param receive: the application's second argument, to notice a client that goes while a stream has nothing to
        send. Not to be given while the body of the request is still read.
    :param timeout: how many seconds the client may take for a piece; ``None`` for no limit.
    :param elsewhere: awaits a call that may block; by default in a thread of the event loop's.
    :raises ClientDisconnected: if the client goes, or takes too long.
    """
    start, body, response = prepared

    try:
        if body is None:
            pieces = _send_pieces(cast("ResponseLike", response), start, send, timeout, elsewhere)
            await (pieces if receive is None else _while_connected(pieces, receive))
        elif len(body) <= _SMALL:
            await send(start)
            await send({"type": "http.response.body", "body": body, "more_body": False})
        else:
            await _send_in_time(send, start, timeout)
            await _send_in_time(send, {"type": "http.response.body", "body": body, "more_body": False}, timeout)
    except OSError as error:
        if body is None:
            raise
        raise ClientDisconnected() from error
    finally:
        if response is not None:
            await _shielded((elsewhere or _in_thread)(response.close))


async def _in_thread(function: Callable[..., Any], *args: Any) -> Any:
    import asyncio  # noqa: PLC0415 - 38 ms; a server of ASGI has it already

    return await asyncio.to_thread(function, *args)


async def _shielded(awaitable: Awaitable[Any]) -> None:
    """Await something to its end, also when the task is cancelled meanwhile."""
    import asyncio  # noqa: PLC0415 - 38 ms; a server of ASGI has it already

    future = asyncio.ensure_future(awaitable)

    try:
        await asyncio.shield(future)
    except asyncio.CancelledError:
        await asyncio.wait({future})
        raise


async def _send_in_time(send: Send, message: Message, timeout: float | None) -> None:
    """Send a message, and wait until it is taken.

    :raises ClientDisconnected: if that takes too long: whoever reads nothing is as good as gone.
    """
    import asyncio  # noqa: PLC0415 - 38 ms; a server of ASGI has it already

    try:
        async with asyncio.timeout(timeout) as waiting:
            await send(message)
    except TimeoutError as error:
        gone = f"The client took nothing of the response for {timeout} seconds." if waiting.expired() else None
        raise ClientDisconnected(gone) from error
    except OSError as error:
        # "If send is called after the client has disconnected, the server should raise a server-specific subclass of
        # OSError" (HTTP message format 2.4, Disconnected Client)
        raise ClientDisconnected() from error


async def _send_pieces(
    response: ResponseLike, start: Message, send: Send, timeout: float | None, elsewhere: Elsewhere | None
) -> None:
    await _send_in_time(send, start, timeout)

    async for data in _pieces(response, elsewhere or _in_thread):
        if data:
            await _send_in_time(send, {"type": "http.response.body", "body": data, "more_body": True}, timeout)

    await _send_in_time(send, {"type": "http.response.body", "body": b"", "more_body": False}, timeout)


async def _while_connected(sending: Any, receive: Receive) -> None:
    """Send while the client is there: a stream may wait for long before it has something to send.

    :raises ClientDisconnected: if the client goes.
    """
    import asyncio  # noqa: PLC0415 - 38 ms; a server of ASGI has it already

    async def disconnected() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    sender, watcher = asyncio.ensure_future(sending), asyncio.ensure_future(disconnected())

    try:
        await asyncio.wait({sender, watcher}, return_when=asyncio.FIRST_COMPLETED)

        if not sender.done():
            raise ClientDisconnected()
    finally:
        watcher.cancel()
        sender.cancel()
        await asyncio.wait({sender, watcher})

    sender.result()


_END = object()


async def _pieces(response: ResponseLike, elsewhere: Elsewhere) -> AsyncIterator[bytes]:
    content = response.response

    if hasattr(content, "__aiter__"):
        try:
            async for item in content:
                yield item.encode() if isinstance(item, str) else item
        finally:
            if hasattr(content, "aclose"):
                await content.aclose()

        return

    iterator = iter(response.iter_encoded())
    take = _take_block if response.direct_passthrough else _take_one

    while (data := await elsewhere(take, iterator)) is not _END:
        yield cast("bytes", data)


def _take_one(iterator: Any) -> Any:
    return next(iterator, _END)


def _take_block(iterator: Any) -> Any:
    """Take so much of a file that the way to a thread and back doesn't count."""
    pieces, size = [], 0

    for piece in iterator:
        pieces.append(piece)
        size += len(piece)

        if size >= _BLOCK:
            break

    return b"".join(pieces) if pieces else _END
