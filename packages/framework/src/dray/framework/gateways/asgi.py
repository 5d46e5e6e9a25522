"""From an ASGI server to the lifecycle and back (ASGI 3.0).

An application that overrides nothing is walked on the server's loop. One that overrides a documented method, or whose
WSGI callable is wrapped, is called as WSGI calls it, in a worker thread: whatever it overrides takes effect.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine
from contextvars import Token
from types import CoroutineType
from typing import TYPE_CHECKING, Any

from dray.wsgi_tools.asgi import (
    BodyStream,
    Prepared,
    at_once,
    environ_from_scope,
    prepare,
    read_ahead,
    send_prepared,
)
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
    from ..wrappers import Request

_log = logging.getLogger(__name__)

#: What a token says of a variable that wasn't set.
_NOTHING = Token.MISSING


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
        serve = _SERVE.get(scope.get("type"))
        if serve is None:
            raise ValueError(f"Expected an ASGI scope of type {', '.join(_SERVE)}, not {scope.get('type')!r}.")
        return serve(self.app, scope, receive, send)

    def __repr__(self) -> str:
        return f"<ASGI gateway of {self.app.name!r}>"


class RequestSteps(OnLoop):
    """The steps of an HTTP request: before the hooks run, its body is there."""

    def respond(self, ctx: AppContext) -> Steps:
        """Read the body ahead, unless the view takes it as it comes, and answer."""
        environ = ctx.request.environ
        if environ["asgi.has_body"]:
            yield _load_body, (ctx,), {}
        return (yield from super().respond(ctx))


async def _load_body(ctx: AppContext) -> None:
    request, config = ctx.request, ctx.app.config
    ahead = 0 if request.endpoint in ctx.app.streaming_endpoints else config["MAX_READ_AHEAD"]
    await _read_body(request.environ, request.max_content_length, ahead, config["BODY_TIMEOUT"])


async def _read_body(environ: WSGIEnvironment, limit: int | None, ahead: int | None, timeout: float | None) -> None:
    """Read the body ahead; the parameters are those of :func:`~dray.wsgi_tools.asgi.read_ahead`."""
    body = await read_ahead(environ["asgi.scope"], environ["asgi.receive"], limit=limit, ahead=ahead, timeout=timeout)
    environ["wsgi.input"] = body
    if isinstance(body, BodyStream):
        environ["asgi.receive"] = None  # what the client sends is for whoever reads on


def serve_request(app: App, scope: Scope, receive: Receive, send: Send) -> Coroutine[Any, Any, None]:
    """Give the coroutine that serves an HTTP request."""
    environ = environ_from_scope(scope, receive=receive)
    steps = app._loop_steps or app._loop_lifecycle()
    if not app._got_first_request:
        app.__dict__["_got_first_request"] = True
    if app._is_called_as_wsgi:
        return _serve_as_wsgi(app, steps, dict(environ), send)
    return _serve_on_loop(app, steps, scope, environ, send)


async def _serve_on_loop(app: App, steps: RequestSteps, scope: Scope, environ: WSGIEnvironment, send: Send) -> None:
    request = app.request_class(environ)
    ctx = AppContext(app, None, request)
    ctx.loop_steps = steps
    token = _cv_app.set(ctx)
    if (around := token.old_value) is not _NOTHING:
        ctx._stand_inside(around)
    try:
        left = _begin(steps, ctx, request)
        if left is None:
            try:
                view, values = ctx._record.view, request.view_args  # type: ignore[union-attr]
                rv = view(**values) if values else view()  # type: ignore[misc]
                if type(rv) is CoroutineType:
                    rv = await rv
            except Exception as error:
                left = steps.recover(ctx, prepare, error)
            else:
                left, prepared = steps.finish(ctx, prepare, rv)
        if left is not None:
            prepared = await walk(left, steps.workers)
            dict.pop(environ, "werkzeug.request", None)  # no circle, see AppContext.end_directly
        if PRESERVE in scope:
            scope[PRESERVE](ctx)
    finally:
        _cv_app.reset(token)
    messages = at_once(prepared)
    if messages is None:
        await _send(steps, environ, prepared, send)
        return
    try:
        await send(messages[0])
        await send(messages[1])
    except OSError as error:  # the server's word for a client that has gone
        _log_gone(environ, error)


async def _send(steps: RequestSteps, environ: WSGIEnvironment, prepared: Prepared, send: Send) -> None:
    """Send a response that may have to be waited for."""
    timeout, elsewhere = steps.app.config["RESPONSE_TIMEOUT"], steps.workers.run
    try:
        await send_prepared(prepared, send, environ["asgi.receive"], timeout=timeout, elsewhere=elsewhere)
    except ClientDisconnected as error:
        _log_gone(environ, error)


_SERVE: dict[Any, Callable[..., Coroutine[Any, Any, None]]] = {
    "http": serve_request,
    "websocket": serve_websocket,
    "lifespan": serve_lifespan,
}


def _begin(steps: RequestSteps, ctx: AppContext, request: Request) -> Steps | None:
    """Match a request, and give the steps that answer it; ``None`` if all that is to be done is to call its view."""
    try:
        record = ctx._record = steps.records.match(ctx, request)
    except Exception as error:
        ctx._record = steps.records.of(None)
        return steps.fail(ctx, prepare, error)
    view: Any = record.view
    if type(view) is Blocking or request.environ["asgi.has_body"] or not steps.is_direct(record, request):
        return steps.serve(ctx, prepare)
    return None


def _log_gone(environ: WSGIEnvironment, error: Exception) -> None:
    _log.debug("The client of %s went before the response was sent: %s", environ["PATH_INFO"], error)


async def _serve_as_wsgi(app: App, steps: RequestSteps, environ: WSGIEnvironment, send: Send) -> None:
    """Serve a request by the application's WSGI callable, in a worker thread."""
    from dray.wsgi_tools.test import run_wsgi_app  # noqa: PLC0415 - only for applications that override something

    config = app.config
    scope = environ["asgi.scope"]
    if PRESERVE in scope:
        environ[PRESERVE] = scope[PRESERVE]
    if environ["asgi.has_body"]:
        await _read_body(environ, config["MAX_CONTENT_LENGTH"], config["MAX_READ_AHEAD"], config["BODY_TIMEOUT"])
    try:
        content, status, headers = await steps.workers.run(run_wsgi_app, app, environ)
        response: Any = PlainResponse(content, status, headers)
        await _send(steps, environ, prepare(response, environ), send)
    except ClientDisconnected as error:
        _log_gone(environ, error)
    finally:
        await steps.workers.run(environ["wsgi.input"].close)
