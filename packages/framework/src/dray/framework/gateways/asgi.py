"""From an ASGI server to the lifecycle and back (ASGI 3.0).

An application that overrides nothing is walked on the server's loop. One that overrides a documented method, or whose
WSGI callable is wrapped, is called as WSGI calls it, in a worker thread: whatever it overrides takes effect.
"""

from __future__ import annotations

import logging
from collections.abc import Coroutine
from functools import partial
from types import CoroutineType
from typing import TYPE_CHECKING, Any

from dray.wsgi_tools.asgi import BodyStream, Prepared, environ_from_scope, has_body, prepare, read_ahead, send_prepared
from dray.wsgi_tools.exceptions import ClientDisconnected
from dray.wsgi_tools.wrappers import Response as PlainResponse

from .._binding import _cv_app
from ..ctx import AppContext
from ..sansio.lifecycle import Steps
from .lifespan import serve_lifespan
from .loop import Blocking, OnLoop, walk
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

    def serve(self, scope: Scope, receive: Receive, send: Send) -> Coroutine[Any, Any, None]:
        """Give the coroutine that serves a scope.

        :raises ValueError: for one that isn't of ASGI 3, or of a kind that is unknown here.
        """
        kind = scope.get("type")
        if kind == "http":
            return serve_request(self.app, scope, receive, send)
        if kind == "websocket":
            return serve_websocket(self.app, scope, receive, send)
        if kind == "lifespan":
            return serve_lifespan(self.app, scope, receive, send)
        raise ValueError(f"Expected an ASGI scope of type 'http', 'websocket' or 'lifespan', not {kind!r}.")

    def __repr__(self) -> str:
        return f"<ASGI gateway of {self.app.name!r}>"


class RequestSteps(OnLoop):
    """The steps of an HTTP request: before the hooks run, its body is there."""

    def respond(self, ctx: AppContext) -> Steps:
        """Read the body ahead, unless the view takes it as it comes, and answer."""
        environ = ctx.request.environ
        if has_body(environ):
            yield _load_body, (ctx,), {}
        return (yield from super().respond(ctx))


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
    steps = app._loop_steps or app._loop_lifecycle()
    app.__dict__["_got_first_request"] = True
    if app._is_called_as_wsgi:
        await _serve_as_wsgi(app, steps, environ, send)
        return
    ctx = AppContext(app, environ)
    around = _cv_app.get(None)
    if around is not None:
        ctx._stand_inside(around)
    token = _cv_app.set(ctx)
    try:
        response, prepared = await _answer(steps, ctx, environ)
        if PRESERVE in scope:
            scope[PRESERVE](ctx)
    finally:
        _cv_app.reset(token)
        environ.pop("werkzeug.request", None)  # no circle, see AppContext.end_directly
    await _send(app, steps, environ, response, prepared, send)


async def _answer(steps: RequestSteps, ctx: AppContext, environ: WSGIEnvironment) -> tuple[Any, Prepared]:
    """Give the response, and what is sent of it."""
    ctx.loop_steps = steps
    start = partial(_start, environ)
    try:
        ctx.match_request()
    except Exception as error:
        ctx._record = ctx.record = steps.record(None)
        return await walk(steps.fail(ctx, start, error), steps.workers)  # type: ignore[no-any-return]
    ctx._record = ctx.record = steps.record(ctx.request.endpoint)
    view: Any = ctx.record.view
    if type(view) is Blocking or has_body(environ) or not steps.is_direct(ctx):
        return await walk(steps.serve(ctx, start), steps.workers)  # type: ignore[no-any-return]
    try:
        rv = view(**ctx.request.view_args)  # type: ignore[arg-type]
        if type(rv) is CoroutineType:
            rv = await rv
    except Exception as error:
        return await walk(steps.recover(ctx, start, error), steps.workers)  # type: ignore[no-any-return]
    left, sent = steps.finish(ctx, start, rv)
    return sent if left is None else await walk(left, steps.workers)  # type: ignore[no-any-return]


def _start(environ: WSGIEnvironment, response: Any) -> tuple[Any, Prepared]:
    return response, prepare(response, environ)


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


async def _serve_as_wsgi(app: App, steps: OnLoop, environ: WSGIEnvironment, send: Send) -> None:
    """Serve a request by the application's WSGI callable, in a worker thread."""
    from dray.wsgi_tools.test import run_wsgi_app  # noqa: PLC0415 - only for applications that override something

    config = app.config
    scope = environ["asgi.scope"]
    if PRESERVE in scope:
        environ[PRESERVE] = scope[PRESERVE]
    if has_body(environ):
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
