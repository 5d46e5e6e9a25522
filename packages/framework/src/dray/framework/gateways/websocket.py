"""From an ASGI server's WebSocket to the lifecycle and back (ASGI WebSocket message format 2.5)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from dray.wsgi_tools.asgi import environ_from_scope, prepare
from dray.wsgi_tools.exceptions import ClientDisconnected

from .._binding import _cv_app
from .._channels import got_websocket_exception, websocket_finished, websocket_started, websocket_tearing_down
from .._websocket import INTERNAL_ERROR, NORMAL_CLOSURE, POLICY_VIOLATION, Websocket
from .._workers import finished
from ..ctx import AppContext
from ..sansio.lifecycle import Steps
from .loop import OnLoop, walk

if TYPE_CHECKING:
    from dray.wsgi_tools.asgi import Receive, Scope, Send

    from ..app import App


class WebsocketSteps(OnLoop):
    """The steps of a WebSocket: those of a request, with hooks of its own, and mostly without a response."""

    kind = "websocket"
    started, finished = websocket_started, websocket_finished
    tearing_down, failed = websocket_tearing_down, got_websocket_exception

    def respond(self, ctx: AppContext) -> Steps:
        """Run hooks and view.

        :return: the response that refuses the connection; ``None`` without one.
        """
        if self.started.receivers:
            yield self.emit(self.started)
        try:
            rv = yield from self.preprocess(ctx)
            if rv is None:
                rv = yield self.view_call(ctx)
        except ClientDisconnected:
            rv = None
        except Exception as error:
            rv = yield from self.handle_user_exception(ctx, error)
        return (yield from self.finalize(ctx, rv, False))

    def finalize(self, ctx: AppContext, rv: Any, from_error_handler: bool) -> Steps:
        """Make a response, if there is to be one, and run the hooks after the view; they get it, or ``None``."""
        response = None if rv is None else self.make_response(ctx, rv)
        for hook in ctx.record.after:
            response = yield hook, (response,), {}
        if response is not None and not ctx.request.accepted:  # type: ignore[attr-defined]
            ctx.save_session(response)
        if self.finished.receivers:
            yield self.emit(self.finished, response=response)
        return response


async def serve_websocket(app: App, scope: Scope, receive: Receive, send: Send) -> None:
    """Serve a WebSocket, until its view ends or its client goes.

    A view whose client has gone is told by what it next receives or sends; if it does neither, it is cancelled after
    the time ``WEBSOCKET_CLOSE_TIMEOUT``.
    """
    message = await receive()
    if message["type"] != "websocket.connect":
        raise ValueError(f"Expected the ASGI message 'websocket.connect', not {message['type']!r}.")
    environ = environ_from_scope(scope)
    # In HTTP/2 the request says in another way that it wants a WebSocket (RFC 8441).
    environ.update(HTTP_UPGRADE="websocket", HTTP_CONNECTION="Upgrade")
    app.__dict__["_got_first_request"] = True
    socket = app.websocket_class(environ)
    ctx = AppContext(app, request=socket)
    socket._open(ctx, send)
    incoming = socket._take_in(receive)
    view = asyncio.ensure_future(_run(app, ctx, socket))
    try:
        await asyncio.wait({view, incoming}, return_when=asyncio.FIRST_COMPLETED)
        if not view.done():
            timeout = app.config["WEBSOCKET_CLOSE_TIMEOUT"] if socket._closed_by_client else None
            await asyncio.wait({view}, timeout=timeout)
    finally:
        for task in (view, incoming):
            task.cancel()
            await finished(task)
    if not view.cancelled():
        view.result()
    if not incoming.cancelled():
        incoming.result()


async def _run(app: App, ctx: AppContext, socket: Websocket) -> None:
    """Walk the steps of a WebSocket, and close it at their end."""
    steps = app._websocket_lifecycle()
    _cv_app.set(ctx)  # the task is the WebSocket's own
    code = INTERNAL_ERROR
    response = None
    try:
        ctx.match_request()
        ctx._record = steps.records.of(socket.endpoint)
        response = await walk(steps.serve(ctx, lambda response, environ: response), steps.workers)
        code = NORMAL_CLOSURE if response is None else _code_for(response.status_code)
    finally:
        await _finish(socket, response, code)


def _code_for(status: int) -> int:
    """Give the close code that says what a status would."""
    return INTERNAL_ERROR if status >= 500 else POLICY_VIOLATION


async def _finish(socket: Websocket, response: Any, code: int) -> None:
    """Close a WebSocket; refuse one that was never accepted, by a response where the server can send one."""
    scope = socket.environ["asgi.scope"]
    if socket.closed:
        return
    if socket.accepted or response is None or "websocket.http.response" not in (scope.get("extensions") or {}):
        await socket.close(code)
        return
    socket.closed = True
    response.make_sequence()
    try:
        start, body, _ = prepare(response, socket.environ)
        await socket._send({**start, "type": "websocket.http.response.start"})
        await socket._send({"type": "websocket.http.response.body", "body": body, "more_body": False})
    finally:
        response.close()
