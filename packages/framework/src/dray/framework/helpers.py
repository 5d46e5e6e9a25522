"""What views use: URLs, redirects, messages, files, streams. All of it works on the current context."""

from __future__ import annotations

from collections.abc import Iterable
from functools import update_wrapper
from typing import TYPE_CHECKING, Any, NoReturn

from dray.wsgi_tools.exceptions import abort as _abort
from dray.wsgi_tools.utils import redirect as _redirect

from . import typing as ft
from ._binding import _cv_app
from ._channels import message_flashed
from ._flags import get_debug_flag, get_load_dotenv
from ._paths import get_root_path
from ._send import send_file, send_from_directory
from ._streams import AsyncContextStream, ContextStream
from .globals import app_ctx, current_app, request_ctx, session

if TYPE_CHECKING:
    from dray.wsgi_tools.wrappers import Response as BaseResponse

    from .wrappers import Response

__all__ = [
    "abort",
    "flash",
    "get_debug_flag",
    "get_flashed_messages",
    "get_load_dotenv",
    "get_root_path",
    "get_template_attribute",
    "make_response",
    "redirect",
    "send_file",
    "send_from_directory",
    "stream_with_context",
    "url_for",
]


def stream_with_context(generator_or_function: Any) -> Any:
    """Keep the request's context while a response is streamed; use it on a generator, or as a decorator.

    Without it a generator, plain or asynchronous, runs after the request is over, without ``request``.

    :raises RuntimeError: when there is no request.
    """
    iterator: Any
    try:
        if hasattr(generator_or_function, "__aiter__"):
            iterator = aiter(generator_or_function)
        else:
            iterator = iter(generator_or_function)
    except TypeError:

        def decorator(*args: Any, **kwargs: Any) -> Any:
            return stream_with_context(generator_or_function(*args, **kwargs))

        return update_wrapper(decorator, generator_or_function)
    ctx = _cv_app.get(None)
    if ctx is None or not ctx.has_request:
        raise RuntimeError(
            "'stream_with_context' can only be used when a request context is active, such as in a view function."
        )
    kind = AsyncContextStream if hasattr(iterator, "__anext__") else ContextStream
    return kind(iterator, ctx.request_context)


def make_response(*args: Any) -> Response:
    """Make a response of what a view could return, to change it before returning it.

    :param args: none for an empty response, one, or what would be a tuple.
    """
    if not args:
        return current_app.response_class()
    return current_app.make_response(args[0] if len(args) == 1 else args)


def url_for(
    endpoint: str,
    *,
    _anchor: ft.OptionalStr = None,
    _method: ft.OptionalStr = None,
    _scheme: ft.OptionalStr = None,
    _external: bool | None = None,
    **values: Any,
) -> str:
    """Build the URL of an endpoint in the current application; see :meth:`dray.framework.app.App.url_for`."""
    return current_app.url_for(
        endpoint, _anchor=_anchor, _method=_method, _scheme=_scheme, _external=_external, **values
    )


def redirect(location: str, code: int = 302, Response: type[BaseResponse] | None = None) -> BaseResponse:
    """Make a response that sends the client elsewhere.

    :param location: the URL.
    :param code: the status: 301, 302, 303, 305, 307 or 308.
    :param Response: the class of the response.
    """
    ctx = _cv_app.get(None)
    if ctx is not None:
        return ctx.app.redirect(location, code=code)  # type: ignore[return-value]
    return _redirect(location, code=code, Response=Response)


def abort(code: int | BaseResponse, *args: Any, **kwargs: Any) -> NoReturn:
    """Raise an HTTP error, so that nothing more of the view runs.

    :param code: the status, or a response to send.
    :param args: for the exception: its description first.
    """
    ctx = _cv_app.get(None)
    if ctx is not None:
        ctx.app.aborter(code, *args, **kwargs)
    _abort(code, *args, **kwargs)


def get_template_attribute(template_name: str, attribute: str) -> Any:
    """Give a macro or variable that a template exports, to call it from Python."""
    return getattr(current_app.jinja_env.get_template(template_name).module, attribute)


def flash(message: str, category: str = "message") -> None:
    """Keep a message in the session for the next page that shows messages.

    :param category: such as ``info`` or ``error``, for its look.
    """
    # The list is set anew: a session doesn't see changes inside its values.
    session["_flashes"] = [*session.get("_flashes", []), (category, message)]
    if message_flashed.receivers:
        app = app_ctx.app
        message_flashed.signal.send(app, category=category, message=message, _async_wrapper=app.ensure_sync)


def get_flashed_messages(
    with_categories: bool = False, category_filter: Iterable[str] = ()
) -> list[str] | list[tuple[str, str]]:
    """Take the messages out of the session; asked again in the same request, give them again.

    :param with_categories: give pairs of category and message.
    :param category_filter: only messages of these categories.
    """
    flashes = request_ctx.flashes
    if flashes is None:
        flashes = list(session.pop("_flashes")) if "_flashes" in session else []
        request_ctx.flashes = flashes
    wanted = set(category_filter)
    flashes = [pair for pair in flashes if not wanted or pair[0] in wanted]
    return flashes if with_categories else [message for _, message in flashes]
