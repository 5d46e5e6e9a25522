"""From a WSGI server to the lifecycle and back (PEP 3333)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from .._binding import _cv_app

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
    ctx = app.request_context(environ)
    error: BaseException | None = None
    try:
        try:
            ctx.push()
            response = app.full_dispatch_request()
        except Exception as unhandled:
            error = unhandled
            response = app.handle_exception(unhandled)
        return response(environ, start_response)
    except BaseException as propagated:
        error = propagated
        raise
    finally:
        if PRESERVE in environ:
            environ[PRESERVE](_cv_app.get())
        if error is not None and app.should_ignore_error(error):
            error = None
        ctx.pop(error)
