"""Testing ASGI applications: scopes from the same builder, one run of an application, and a client.

A request is built as an environ, by :class:`~.environ.EnvironBuilder`, and written as a scope; an answer comes back as
the test client's response. So a test says the same for both gateways, and can be run on both. Which messages an
application may send, and when, is checked here (ASGI 3.0, HTTP and lifespan protocols).
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, MutableMapping
from http import HTTPStatus
from io import BytesIO
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from .._internal import _wsgi_decoding_dance
from ..datastructures import Headers
from .client import Client
from .environ import create_environ

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from _typeshed.wsgi import WSGIEnvironment

    Message = MutableMapping[str, Any]
    ASGIApplication = Callable[
        [MutableMapping[str, Any], Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]],
        Awaitable[None],
    ]

#: Versions that scopes claim.
_ASGI = {"version": "3.0", "spec_version": "2.4"}
#: Bytes of a body that one message carries.
_CHUNK = 65536


def scope_from_environ(environ: WSGIEnvironment) -> dict[str, Any]:
    """Write an environ as the scope of an HTTP connection.

    :param environ: The environ. Its body isn't read.
    :return: The scope; its ``path`` begins with its ``root_path``, as ASGI asks.
    """
    root_path = _wsgi_decoding_dance(environ.get("SCRIPT_NAME", ""))
    headers: list[tuple[bytes, bytes]] = []
    for key, value in environ.items():
        if key.startswith("HTTP_"):
            headers.append((key[5:].replace("_", "-").lower().encode("latin-1"), value.encode("latin-1")))
        elif key in ("CONTENT_TYPE", "CONTENT_LENGTH") and value:
            headers.append((key.replace("_", "-").lower().encode("ascii"), value.encode("latin-1")))
    raw_path = environ.get("REQUEST_URI", "").partition("?")[0]
    address = environ.get("REMOTE_ADDR")
    return {
        "type": "http",
        "asgi": dict(_ASGI),
        "http_version": environ.get("SERVER_PROTOCOL", "HTTP/1.1").partition("/")[2],
        "method": environ["REQUEST_METHOD"].upper(),
        "scheme": environ["wsgi.url_scheme"],
        "path": root_path + _wsgi_decoding_dance(environ.get("PATH_INFO", "")),
        "raw_path": raw_path.encode("latin-1") if raw_path.startswith("/") and not root_path else None,
        "query_string": environ.get("QUERY_STRING", "").encode("latin-1"),
        "root_path": root_path,
        "headers": headers,
        "client": (address, int(environ.get("REMOTE_PORT") or 0)) if address else None,
        "server": (environ["SERVER_NAME"], int(environ["SERVER_PORT"])),
        "extensions": {},
    }


def create_scope(*args: Any, **kwargs: Any) -> dict[str, Any]:
    """Build a scope from the arguments of :class:`~.environ.EnvironBuilder`."""
    return scope_from_environ(create_environ(*args, **kwargs))


class Answer(NamedTuple):
    """What an application sent."""

    #: The status code.
    status: int
    #: The headers.
    headers: Headers
    #: The pieces of the body, as they were sent.
    body: list[bytes]


class _Connection:
    """The two functions that an application talks through, and what was said."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._body_is_read = False
        self._is_over = asyncio.Event()
        self.start: Message | None = None
        self.body: list[bytes] = []

    async def receive(self) -> Message:
        """Give a piece of the body; after its end, wait for the answer's end and tell that the client is gone."""
        if self._body_is_read:
            await self._is_over.wait()
            return {"type": "http.disconnect"}
        piece = self._stream.read(_CHUNK)
        self._body_is_read = len(piece) < _CHUNK
        return {"type": "http.request", "body": piece, "more_body": not self._body_is_read}

    async def send(self, message: Message) -> None:
        """Take a message.

        :raises RuntimeError: It can't come at this point.
        """
        kind = message.get("type")
        if kind == "http.response.start":
            if self.start is not None:
                raise RuntimeError("the application sent http.response.start twice")
            self.start = message
        elif kind == "http.response.body":
            if self.start is None:
                raise RuntimeError("the application sent http.response.body before http.response.start")
            if self._is_over.is_set():
                raise RuntimeError("the application sent http.response.body after the last one")
            self.body.append(bytes(message.get("body", b"")))
            if not message.get("more_body", False):
                self._is_over.set()
        else:
            raise RuntimeError(f"expected http.response.start or http.response.body, not {kind!r}")

    def answer(self) -> Answer:
        """Return what was sent.

        :raises RuntimeError: The answer isn't complete.
        """
        if self.start is None or not self._is_over.is_set():
            raise RuntimeError("the application returned without a complete response")
        pairs = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in self.start.get("headers", ())]
        return Answer(self.start["status"], Headers(pairs), [piece for piece in self.body if piece])


async def run_asgi_app(app: ASGIApplication, scope: MutableMapping[str, Any], body: bytes | IO[bytes] = b"") -> Answer:
    """Call an ASGI application once, and return its answer.

    :param app: The application.
    :param scope: The scope of an HTTP connection.
    :param body: The body of the request.
    :raises RuntimeError: The application sent messages in a wrong order, or no complete response.
    """
    connection = _Connection(BytesIO(body) if isinstance(body, bytes) else body)
    await app(scope, connection.receive, connection.send)
    return connection.answer()


class Lifespan:
    """An ``async with`` block in which an application is started.

    :param app: The application. One that doesn't know the lifespan protocol raises, which is no error.
    """

    def __init__(self, app: ASGIApplication) -> None:
        self._app = app
        #: What the application keeps for its requests; put it into the scope's ``state``.
        self.state: dict[str, Any] = {}

    async def __aenter__(self) -> Lifespan:
        self._in: asyncio.Queue[Message] = asyncio.Queue()
        self._out: asyncio.Queue[Message] = asyncio.Queue()
        scope = {"type": "lifespan", "asgi": dict(_ASGI), "state": self.state}
        self._task = asyncio.ensure_future(self._app(scope, self._in.get, self._out.put))
        await self._step("startup")
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        if not self._task.done():
            await self._step("shutdown")
            await self._task

    async def _step(self, name: str) -> None:
        await self._in.put({"type": f"lifespan.{name}"})
        answer = asyncio.ensure_future(self._out.get())
        await asyncio.wait({answer, self._task}, return_when=asyncio.FIRST_COMPLETED)
        if not answer.done():
            answer.cancel()
            if self._task.exception() is None:
                return
            if name == "startup":
                return  # it doesn't know the protocol
            self._task.result()
        elif (await answer)["type"] != f"lifespan.{name}.complete":
            raise RuntimeError(f"the application's {name} failed: {answer.result().get('message', '')}")


class ASGIClient(Client):
    """The test client for an ASGI application: the same methods, cookies and redirects.

    Each request runs in an event loop of its own, so it can't be used where one runs already; there, use
    :func:`run_asgi_app`. The parameters are those of :class:`~.client.Client`.
    """

    def run_wsgi_app(self, environ: WSGIEnvironment, buffered: bool = False) -> tuple[Iterable[bytes], str, Headers]:
        """Call the application with the client's cookies, and keep those that it sets.

        :param environ: The environ, which becomes the scope.
        :param buffered: Makes no difference: the whole answer is there.
        :return: Body, status line and headers.
        """
        self._add_cookies_to_wsgi(environ)
        app: Any = self.application
        answer = asyncio.run(run_asgi_app(app, scope_from_environ(environ), environ["wsgi.input"]))
        self._keep_cookies(environ, answer.headers)
        return answer.body, _status_line(answer.status), answer.headers


def _status_line(code: int) -> str:
    try:
        return f"{code} {HTTPStatus(code).phrase.upper()}"
    except ValueError:
        return f"{code} UNKNOWN"
