"""From a WSGI server to the lifecycle and back (PEP 3333)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from .._binding import _cv_app
from .._dispatch import run
from .._streams import SteppedStream
from ..ctx import AppContext

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

    from ..app import App

#: A test client or debugger that wants to keep a context alive puts a function here; it gets the context.
PRESERVE = "werkzeug.debug.preserve_context"


def handle(app: App, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Handle one request.

    The context ends when the response is made, before its body is iterated; a body that needs it keeps it
    (:func:`~dray.framework.helpers.stream_with_context`).

    :return: the body, as PEP 3333 asks for.
    """
    steps = app._steps or app._lifecycle()
    if app._overrides or PRESERVE in environ or _cv_app.get(None) is not None:
        return _handle_by_methods(app, environ, start_response)
    if not app._got_first_request:
        app.__dict__["_got_first_request"] = True
    request = app.request_class(environ)
    ctx = AppContext(app, None, request)
    token = _cv_app.set(ctx)
    try:
        start = partial(_start, app, start_response)
        try:
            record = ctx._record = app._records.match(ctx, request)
        except Exception as error:
            return run(steps.fail(ctx, start, error))  # type: ignore[no-any-return]
        if not steps.is_direct(record, request):
            return run(steps.serve(ctx, start))  # type: ignore[no-any-return]
        try:
            rv = record.view(**request.view_args)  # type: ignore[misc, arg-type]
        except Exception as error:
            return run(steps.recover(ctx, start, error))  # type: ignore[no-any-return]
        left, body = steps.finish(ctx, start, rv)
        return body if left is None else run(left)  # type: ignore[no-any-return]
    finally:
        _cv_app.reset(token)


def _start(app: App, start_response: StartResponse, response: Any, environ: WSGIEnvironment) -> Iterable[bytes]:
    """Begin the response; an asynchronous stream becomes one that a server can iterate over."""
    content = getattr(response, "response", None)
    if type(content) is not list and hasattr(content, "__aiter__"):
        response.response = SteppedStream(content, app.async_to_sync)
    return response(environ, start_response)  # type: ignore[no-any-return]


def _handle_by_methods(app: App, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Handle one request by the documented methods: one of them is overridden, or the context is to be kept."""
    ctx = app.request_context(environ)
    error: BaseException | None = None
    try:
        try:
            ctx.push()
            response = app.full_dispatch_request()
        except Exception as unhandled:
            error = unhandled
            response = app.handle_exception(unhandled)
        return _start(app, start_response, response, environ)
    except BaseException as propagated:
        error = propagated
        raise
    finally:
        if PRESERVE in environ:
            environ[PRESERVE](_cv_app.get())
        if error is not None and app.should_ignore_error(error):
            error = None
        ctx.pop(error)
