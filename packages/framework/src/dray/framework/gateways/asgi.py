"""From an ASGI server to the lifecycle and back (ASGI 3.0).

An application that overrides nothing is walked on the server's loop. One that overrides a documented method, or whose
WSGI callable is wrapped, is called as WSGI calls it, in a worker thread: whatever it overrides takes effect.
"""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING, Any

from dray.wsgi_tools.asgi import BodyStream, environ_from_scope, prepare, read_ahead, send_prepared, send_response
from dray.wsgi_tools.exceptions import ClientDisconnected
from dray.wsgi_tools.wrappers import Response as PlainResponse

from .._binding import _cv_app
from ..ctx import AppContext
from ..sansio.lifecycle import Steps
from .lifespan import serve_lifespan
from .loop import OnLoop, end, walk
from .websocket import serve_websocket
from .wsgi import PRESERVE

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

    from dray.wsgi_tools.asgi import Receive, Scope, Send

    from ..app import App

_log = logging.getLogger(__name__)

#: Where a request keeps the function that its body comes from.
RECEIVE = "dray.asgi.receive"


class Gateway:
    """An application as an ASGI callable, through whatever its ``asgi_app`` is wrapped in.

    :param app: the application.
    """

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, a WebSocket or the lifespan of a server's worker."""
        await self.app.asgi_app(scope, receive, send)

    def __repr__(self) -> str:
        return f"<ASGI gateway of {self.app.name!r}>"


async def serve(app: App, scope: Scope, receive: Receive, send: Send) -> None:
    """Serve a scope.

    :raises ValueError: for one that isn't of ASGI 3, or of a kind that is unknown here.
    """
    kind = scope.get("type")
    if kind == "http":
        await serve_request(app, scope, receive, send)
    elif kind == "websocket":
        await serve_websocket(app, scope, receive, send)
    elif kind == "lifespan":
        await serve_lifespan(app, scope, receive, send)
    else:
        raise ValueError(f"Expected an ASGI scope of type 'http', 'websocket' or 'lifespan', not {kind!r}.")


class RequestSteps(OnLoop):
    """The steps of an HTTP request: before the hooks run, its body is there."""

    def respond(self, ctx: AppContext) -> Steps:
        """Read the body ahead, unless the view takes it as it comes, and answer."""
        environ = ctx.request.environ
        if "CONTENT_LENGTH" in environ or "HTTP_TRANSFER_ENCODING" in environ or not _says_length(environ):
            yield _load_body, (ctx,), {}
        return (yield from super().respond(ctx))


def _says_length(environ: WSGIEnvironment) -> bool:
    # "The presence of a message body in a request is signaled by a Content-Length or Transfer-Encoding header field."
    # (RFC 9112 section 6); later versions of HTTP don't signal it.
    return environ["SERVER_PROTOCOL"] in {"HTTP/1.1", "HTTP/1.0"}


async def _load_body(ctx: AppContext) -> None:
    request, config = ctx.request, ctx.app.config
    environ = request.environ
    streams = request.endpoint in ctx.app.streaming_endpoints
    environ["wsgi.input"] = await read_ahead(
        environ["asgi.scope"],
        environ[RECEIVE],
        limit=request.max_content_length,
        ahead=0 if streams else config["MAX_READ_AHEAD"],
        timeout=config["BODY_TIMEOUT"],
    )


async def serve_request(app: App, scope: Scope, receive: Receive, send: Send) -> None:
    """Serve an HTTP request."""
    environ = environ_from_scope(scope)
    environ[RECEIVE] = receive
    steps = app._loop_lifecycle()
    app.__dict__["_got_first_request"] = True
    if app._is_called_as_wsgi:
        await _serve_as_wsgi(app, steps, environ, send)
        return
    ctx = AppContext(app, environ)
    ctx.end_async = partial(_end, steps, ctx)
    around = _cv_app.get(None)
    if around is not None:
        ctx._stand_inside(around)
    token = _cv_app.set(ctx)
    try:
        ctx.match_request()
        ctx._record = ctx.record = steps.record(ctx.request.endpoint)
        response, prepared = await walk(
            steps.serve(ctx, lambda response: (response, prepare(response, environ))), steps.workers
        )
        if PRESERVE in scope:
            scope[PRESERVE](ctx)
    finally:
        _cv_app.reset(token)
    await _send(app, steps, environ, response, prepared, send)


async def _send(app: App, steps: OnLoop, environ: WSGIEnvironment, response: Any, prepared: Any, send: Send) -> None:
    config = app.config
    # While the body still comes, what the client sends is for whoever reads it.
    receive = None if isinstance(environ["wsgi.input"], BodyStream) else environ[RECEIVE]
    try:
        await send_prepared(
            response, prepared, send, receive, timeout=config["RESPONSE_TIMEOUT"], elsewhere=steps.workers.run
        )
    except ClientDisconnected as error:
        _log.debug("The client of %s went before the response was sent: %s", environ["PATH_INFO"], error)


async def _end(steps: OnLoop, ctx: AppContext, exc: BaseException | None) -> None:
    """End a context that a stream has held."""
    token = _cv_app.set(ctx)
    try:
        await end(steps, ctx, exc)
    finally:
        _cv_app.reset(token)


async def _serve_as_wsgi(app: App, steps: OnLoop, environ: WSGIEnvironment, send: Send) -> None:
    """Serve a request by the application's WSGI callable, in a worker thread."""
    from dray.wsgi_tools.test import run_wsgi_app  # noqa: PLC0415 - only for applications that override something

    config = app.config
    scope = environ["asgi.scope"]
    if PRESERVE in scope:
        environ[PRESERVE] = scope[PRESERVE]
    if "CONTENT_LENGTH" in environ or "HTTP_TRANSFER_ENCODING" in environ or not _says_length(environ):
        environ["wsgi.input"] = await read_ahead(
            scope,
            environ[RECEIVE],
            limit=config["MAX_CONTENT_LENGTH"],
            ahead=config["MAX_READ_AHEAD"],
            timeout=config["BODY_TIMEOUT"],
        )
    try:
        content, status, headers = await steps.workers.run(run_wsgi_app, app, environ)
        response: Any = PlainResponse(content, status, headers)
        prepared = prepare(response, environ)
        await _send(app, steps, environ, response, prepared, send)
    finally:
        await steps.workers.run(environ["wsgi.input"].close)


__all__ = ["Gateway", "send_response", "serve", "serve_request"]
