"""Stand-ins for what belongs to the current context: ``request``, ``session``, ``g``, ``current_app``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dray.wsgi_tools.local import LocalProxy

from ._binding import _cv_app

if TYPE_CHECKING:
    from ._websocket import Websocket
    from .app import App
    from .ctx import AppContext
    from .sessions import SessionMixin
    from .wrappers import Request

_no_app_msg = """\
Working outside of application context.

What was used here belongs to the current application. Inside a view, a hook or a command there is one; elsewhere, make
one with `with app.app_context():`.\
"""
_no_req_msg = """\
Working outside of request context.

What was used here belongs to an HTTP request. Inside a view or a hook there is one; in a test, make one with
`with app.test_request_context():` or use the test client.\
"""

_no_websocket_msg = """\
Working outside of websocket context.

What was used here belongs to a WebSocket. Inside a view of `@app.websocket` or its hooks there is one.\
"""


def _request_ctx() -> AppContext:
    ctx = _cv_app.get(None)
    if ctx is None or not ctx.has_request:
        raise RuntimeError(_no_req_msg)
    return ctx.request_context


def _app_ctx() -> AppContext:
    ctx = _cv_app.get(None)
    if ctx is None:
        raise RuntimeError(_no_app_msg)
    return ctx.app_context


def _request() -> Any:
    ctx = _cv_app.get(None)
    if ctx is None:
        raise RuntimeError(_no_req_msg)
    request = ctx._request
    return ctx.request if request is None else request


def _websocket() -> Any:
    ctx = _cv_app.get(None)
    if ctx is None or not ctx.has_websocket:
        raise RuntimeError(_no_websocket_msg)
    return ctx.request


def _session() -> Any:
    ctx = _cv_app.get(None)
    if ctx is None:
        raise RuntimeError(_no_req_msg)
    return ctx.session


app_ctx: AppContext = LocalProxy(_app_ctx)  # type: ignore[assignment]
current_app: App = LocalProxy(_cv_app, "app", unbound_message=_no_app_msg)  # type: ignore[assignment]
g: Any = LocalProxy(_cv_app, "g", unbound_message=_no_app_msg)

request_ctx: AppContext = LocalProxy(_request_ctx)  # type: ignore[assignment]
request: Request = LocalProxy(_request)  # type: ignore[assignment]
websocket: Websocket = LocalProxy(_websocket)  # type: ignore[assignment]
session: SessionMixin = LocalProxy(_session)  # type: ignore[assignment]
