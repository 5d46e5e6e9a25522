"""An ASGI scope, its messages in, its messages out (ASGI 3.0, HTTP and WebSocket message format 2.5).

The adapter beside ``wsgi``, on the same core: a scope becomes the values that a request is made of, what ``receive``
gives is counted by ``sansio.body``, and what goes to ``send`` was decided by ``sansio.start``. Knows no response
class; it takes anything that has a status, headers and content as the response of WSGI has them.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, MutableMapping
from io import BytesIO
from typing import IO, TYPE_CHECKING, Any, Protocol, cast

from ._internal import _wsgi_encoding_dance
from .datastructures import Headers
from .exceptions.client import ClientDisconnected
from .sansio.body import MAX_IN_MEMORY, Body
from .sansio.start import sends_body
from .sansio.utils import get_content_length

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

# Names of headers as the environ spells them, filled on demand; a client can make up names, so it stays small.
_environ_keys: dict[bytes, str] = {b"content-type": "CONTENT_TYPE", b"content-length": "CONTENT_LENGTH"}
_MAX_NAMES = 512


def _environ_key(name: bytes) -> str:
    """Return the environ's key of a header; an empty text for a name that would pass for another one.

    ``X_Forwarded_For`` and ``X-Forwarded-For`` have the same key, and only the second is what a proxy cleans.
    """
    if b"_" in name:
        return ""

    key = f"HTTP_{name.decode('latin-1').upper().replace('-', '_')}"

    if len(_environ_keys) < _MAX_NAMES:
        _environ_keys[name] = key

    return key


def _add_headers(environ: dict[str, Any], headers: Iterable[tuple[bytes, bytes]]) -> None:
    """Enter the headers as an environ has them: several of one name are joined (PEP 3333, RFC 9110 section 5.3)."""
    known = _environ_keys.get

    for name, value in headers:
        key = known(name) or _environ_key(name)

        if key not in environ:
            environ[key] = value.decode("latin-1")
        elif key:
            # "If there are multiple Cookie header fields, they MUST be concatenated with the two octet delimiter of
            # 0x3B, 0x20" (RFC 9113 section 8.2.3)
            separator = "; " if key == "HTTP_COOKIE" else ","
            environ[key] = f"{environ[key]}{separator}{value.decode('latin-1')}"

    environ.pop("", None)


def split_path(scope: Scope) -> tuple[str, str]:
    """Return the path that the application is mounted at, and the rest of the path.

    Servers differ in whether the path of a scope has the root path in it; both are understood.
    """
    root_path = scope.get("root_path", "").rstrip("/")
    path = scope["path"]

    if root_path and (path == root_path or path.startswith(f"{root_path}/")):
        path = path[len(root_path) :]

    return root_path, path


def environ_from_scope(scope: Scope, stream: IO[bytes] | None = None) -> WSGIEnvironment:
    """Make the WSGI environ that says the same as an ASGI scope.

    :param scope: the scope of an HTTP request or a WebSocket.
    :param stream: the body; an empty one by default.
    :return: the environ; the scope is in it as ``asgi.scope``.
    """
    root_path, path = split_path(scope)
    server = scope.get("server") or ("", None)
    client = scope.get("client")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope.get("method", "GET"),
        "SCRIPT_NAME": _wsgi_encoding_dance(root_path),
        "PATH_INFO": _wsgi_encoding_dance(path),
        "QUERY_STRING": scope.get("query_string", b"").decode("latin-1"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": "" if server[1] is None else str(server[1]),
        "SERVER_PROTOCOL": f"HTTP/{scope.get('http_version', '1.1')}",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": BytesIO() if stream is None else stream,
        "wsgi.input_terminated": True,
        "wsgi.errors": None,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "asgi.scope": scope,
    }

    if client is not None:
        environ["REMOTE_ADDR"] = client[0]
        environ["REMOTE_PORT"] = str(client[1])

    _add_headers(environ, scope["headers"])
    return environ


def request_arguments(scope: Scope) -> dict[str, Any]:
    """Return the arguments of :class:`~dray.wsgi_tools.sansio.request.Request` that a scope stands for."""
    root_path, path = split_path(scope)
    server = scope.get("server")
    client = scope.get("client")
    return {
        "method": scope.get("method", "GET"),
        "scheme": scope.get("scheme", "http"),
        "server": None if server is None else (server[0], server[1]),
        "root_path": root_path,
        "path": path,
        "query_string": scope.get("query_string", b""),
        "headers": Headers((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]),
        "remote_addr": None if client is None else client[0],
    }


def content_length_of(scope: Scope) -> int | None:
    """Return the announced length of a request's body in bytes; ``None`` if there is none."""
    length = encoding = None

    for name, value in scope["headers"]:
        if name == b"content-length":
            length = value.decode("latin-1")
        elif name == b"transfer-encoding":
            encoding = value.decode("latin-1")

    return get_content_length(length, encoding)


class BodyReader:
    """The body of a request, read from the messages that ``receive`` gives.

    :param receive: the application's second argument.
    :param expected: the announced length in bytes; ``None`` if it isn't known.
    :param limit: the longest body that is read, in bytes; ``None`` for no limit.
    :raises RequestEntityTooLarge: if more was announced than may come.
    """

    def __init__(self, receive: Receive, expected: int | None = None, limit: int | None = None) -> None:
        self._receive = receive
        self._body = Body(expected, limit)
        self._finished = False

    @property
    def received(self) -> int:
        """How many bytes have come."""
        return self._body.received

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self.chunks()

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield the body in the pieces in which it comes.

        No message is asked for before the piece before it was taken, so the server can hold the client back.

        :raises RequestEntityTooLarge: as soon as more has come than may.
        :raises ClientDisconnected: if the client goes before the end.
        """
        while not self._finished:
            message = await self._receive()

            if message["type"] != "http.request":
                self._finished = True
                raise ClientDisconnected()

            data = message.get("body", b"")
            self._body.receive(len(data))

            if not message.get("more_body", False):
                self._finished = True
                self._body.end()

            if data:
                yield data

    async def read(self) -> bytes:
        """Return the rest of the body.

        :raises RequestEntityTooLarge: if it is longer than it may be.
        :raises ClientDisconnected: if the client goes before the end.
        """
        return b"".join([data async for data in self.chunks()])

    async def spool(self) -> IO[bytes]:
        """Read the rest of the body into a file, in memory as long as it is short, and return that at its start.

        :raises RequestEntityTooLarge: if it is longer than it may be; the file is closed.
        :raises ClientDisconnected: if the client goes before the end; the same.
        """
        stream: IO[bytes] = BytesIO()
        in_memory = True

        try:
            async for data in self.chunks():
                if in_memory and self.received > MAX_IN_MEMORY:
                    stream = _move_to_disk(cast("BytesIO", stream))
                    in_memory = False

                stream.write(data)
        except BaseException:
            stream.close()
            raise

        stream.seek(0)
        return stream


def _move_to_disk(stream: BytesIO) -> IO[bytes]:
    from tempfile import TemporaryFile  # noqa: PLC0415 - 10 ms, and bodies are mostly short

    file = cast("IO[bytes]", TemporaryFile("rb+"))  # noqa: SIM115
    file.write(stream.getbuffer())
    return file


class ResponseLike(Protocol):
    """What can be sent: the part of :class:`~dray.wsgi_tools.wrappers.Response` that is used here."""

    response: Any

    @property
    def status_code(self) -> int:
        """The status code."""

    def get_wsgi_headers(self, environ: WSGIEnvironment) -> Headers:
        """Return the headers as they are sent."""

    def iter_encoded(self) -> Iterable[bytes]:
        """Yield the content."""

    def close(self) -> None:
        """Close the content."""


async def send_response(response: ResponseLike, environ: WSGIEnvironment, send: Send) -> None:
    """Send a response.

    A list goes out as one message. An iterable is sent piece by piece: an asynchronous one as it comes, any other
    one is asked for its next piece in a thread, for it may block. Whatever happens, the response is closed.

    :param response: the response.
    :param environ: the environ that the request was made of, see :func:`environ_from_scope`.
    :param send: the application's third argument.
    """
    try:
        headers = response.get_wsgi_headers(environ)
        await send(
            {
                "type": "http.response.start",
                "status": response.status_code,
                "headers": [
                    (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.to_wsgi_list()
                ],
            }
        )

        if not sends_body(environ["REQUEST_METHOD"], response.status_code):
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        elif isinstance(response.response, (list, tuple)):
            body = b"".join(response.iter_encoded())
            await send({"type": "http.response.body", "body": body, "more_body": False})
        else:
            async for data in _pieces(response):
                if data:
                    await send({"type": "http.response.body", "body": data, "more_body": True})

            await send({"type": "http.response.body", "body": b"", "more_body": False})
    finally:
        response.close()


_END = object()


async def _pieces(response: ResponseLike) -> AsyncIterator[bytes]:
    if hasattr(response.response, "__aiter__"):
        async for item in response.response:
            yield item.encode() if isinstance(item, str) else item

        return

    from asyncio import to_thread  # noqa: PLC0415 - 38 ms; a server of ASGI has it already

    iterator = iter(response.iter_encoded())

    while (data := await to_thread(next, iterator, _END)) is not _END:
        yield cast("bytes", data)
