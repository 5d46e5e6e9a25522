"""A micro web framework: start with one function, grow without rewriting.

This package only re-exports what applications use; each name lives in the module that is called like it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from . import json
from ._websocket import Websocket
from .app import App
from .blueprints import Blueprint
from .config import Config
from .ctx import (
    after_this_request,
    copy_current_app_context,
    copy_current_request_context,
    copy_current_websocket_context,
    has_app_context,
    has_request_context,
    has_websocket_context,
)
from .globals import current_app, g, request, session, websocket
from .helpers import (
    abort,
    flash,
    get_flashed_messages,
    get_template_attribute,
    make_response,
    redirect,
    send_file,
    send_from_directory,
    stream_with_context,
    url_for,
)
from .json import jsonify
from .templating import (
    render_template,
    render_template_async,
    render_template_string,
    render_template_string_async,
    stream_template,
    stream_template_async,
    stream_template_string,
    stream_template_string_async,
)
from .wrappers import Request, Response

if TYPE_CHECKING:
    from .signals import (
        appcontext_popped,
        appcontext_pushed,
        appcontext_tearing_down,
        before_render_template,
        got_request_exception,
        got_websocket_exception,
        message_flashed,
        request_finished,
        request_started,
        request_tearing_down,
        template_rendered,
        websocket_finished,
        websocket_started,
        websocket_tearing_down,
    )

__all__ = [
    "App",
    "Blueprint",
    "Config",
    "Request",
    "Response",
    "Websocket",
    "abort",
    "after_this_request",
    "appcontext_popped",
    "appcontext_pushed",
    "appcontext_tearing_down",
    "before_render_template",
    "copy_current_app_context",
    "copy_current_request_context",
    "copy_current_websocket_context",
    "current_app",
    "flash",
    "g",
    "get_flashed_messages",
    "get_template_attribute",
    "got_request_exception",
    "got_websocket_exception",
    "has_app_context",
    "has_request_context",
    "has_websocket_context",
    "json",
    "jsonify",
    "make_response",
    "message_flashed",
    "redirect",
    "render_template",
    "render_template_async",
    "render_template_string",
    "render_template_string_async",
    "request",
    "request_finished",
    "request_started",
    "request_tearing_down",
    "send_file",
    "send_from_directory",
    "session",
    "stream_template",
    "stream_template_async",
    "stream_template_string",
    "stream_template_string_async",
    "stream_with_context",
    "template_rendered",
    "url_for",
    "websocket",
    "websocket_finished",
    "websocket_started",
    "websocket_tearing_down",
]

#: Modules that are loaded when somebody asks for them, as attributes of this one.
_LATER = ("debughelpers", "logging", "signals")


def __getattr__(name: str) -> Any:
    """Load the signals, and with them blinker, when the first one is asked for."""
    if name in _LATER:
        return import_module(f".{name}", __name__)
    if name in __all__:
        return getattr(import_module(".signals", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
