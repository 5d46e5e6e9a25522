"""Testing ASGI applications: scopes from the same builder, one run of an application, and a client.

A request is built as an environ, by :class:`~.environ.EnvironBuilder`, and written as a scope; an answer comes back as
the test client's response. So a test says the same for both gateways, and can be run on both. Which messages an
application may send, and when, is checked here (ASGI 3.0, HTTP and lifespan protocols).
"""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Iterable, MutableMapping
from contextvars import copy_context
from http import HTTPStatus
from io import BytesIO
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from ..datastructures import Headers
from .client import Client
from .environ import create_environ
from .scope import ASGI_VERSION, scope_from_environ, websocket_scope
from .websocket import WebsocketSession

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from _typeshed.wsgi import WSGIEnvironment

    Message = MutableMapping[str, Any]
    ASGIApplication = Callable[
        [MutableMapping[str, Any], Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]],
        Awaitable[None],
    ]

#: Bytes of a body that one message carries.
_CHUNK = 65536


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
        scope = {"type": "lifespan", "asgi": dict(ASGI_VERSION), "state": self.state}
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


class ASGICaller:
    """Calls an ASGI application from plain code, on one event loop that it keeps: what a request started goes on.

    It can't be used where an event loop runs already; there, use :func:`run_asgi_app`.

    :param app: The application.
    """

    def __init__(self, app: ASGIApplication) -> None:
        self.app = app
        self._close: weakref.finalize[..., ASGICaller] | None = None

    def run(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        """Run a coroutine to its end, and everything else on the loop meanwhile."""
        if self._close is None:
            self._runner = asyncio.Runner()
            # A loop that is left to the garbage collector warns, in any order.
            self._close = weakref.finalize(self, _close, self._runner)
        return self._runner.run(coroutine, context=copy_context())

    def call(self, environ: WSGIEnvironment, **more: Any) -> tuple[Iterable[bytes], str, Headers]:
        """Send a request.

        :param environ: The environ that the scope is made of.
        :param more: What else is in the scope.
        :return: Body, status line and headers.
        """
        scope = {**scope_from_environ(environ), **more}
        answer = self.run(run_asgi_app(self.app, scope, environ["wsgi.input"]))
        return answer.body, _status_line(answer.status), answer.headers

    def connect(self, environ: WSGIEnvironment, subprotocols: Iterable[str] = ()) -> WebsocketSession:
        """Make a session of a WebSocket.

        :param environ: The environ of the request that opens it.
        :param subprotocols: Those that the client speaks.
        """
        return WebsocketSession(self, websocket_scope(environ, subprotocols))

    def close(self) -> None:
        """Cancel what still runs on the loop, and close it."""
        if self._close is not None:
            self._close()
            self._close = None


def _close(runner: asyncio.Runner) -> None:
    if asyncio._get_running_loop() is None:
        runner.close()
    else:
        runner.get_loop().close()  # in the middle of another loop it can't run any more


class ASGIClient(Client):
    """The test client for an ASGI application: the same methods, cookies and redirects.

    Its requests run on one event loop, so it can't be used where one runs already; there, use
    :func:`run_asgi_app`. The parameters are those of :class:`~.client.Client`.
    """

    def __init__(self, application: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(application, *args, **kwargs)
        self._caller = ASGICaller(application)

    def run_wsgi_app(self, environ: WSGIEnvironment, buffered: bool = False) -> tuple[Iterable[bytes], str, Headers]:
        """Call the application with the client's cookies, and keep those that it sets.

        :param environ: The environ, which becomes the scope.
        :param buffered: Makes no difference: the whole answer is there.
        :return: Body, status line and headers.
        """
        self._add_cookies_to_wsgi(environ)
        answer = self._caller.call(environ)
        self._keep_cookies(environ, answer[2])
        return answer

    def websocket(self, *args: Any, subprotocols: Iterable[str] = (), **kwargs: Any) -> WebsocketSession:
        """Make a session of a WebSocket, with the client's cookies: ``with client.websocket("/ws") as session: ...``.

        :param args: and ``kwargs``: those of :class:`~.environ.EnvironBuilder`.
        :param subprotocols: Those that the client speaks.
        """
        environ = create_environ(*args, **kwargs)
        self._add_cookies_to_wsgi(environ)
        return self._caller.connect(environ, subprotocols)


def _status_line(code: int) -> str:
    try:
        return f"{code} {HTTPStatus(code).phrase.upper()}"
    except ValueError:
        return f"{code} UNKNOWN"
