"""The application's logger: to where the server says errors go, unless the user has set up logging."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING, TextIO, cast

from dray.wsgi_tools.local import LocalProxy

from ._binding import _cv_app

if TYPE_CHECKING:
    from .sansio.app import App


def _error_stream() -> TextIO:
    ctx = _cv_app.get(None)
    if ctx is not None and ctx.has_request:
        return cast(TextIO, ctx.request.environ["wsgi.errors"])
    return sys.stderr


#: Where errors go now: the ``wsgi.errors`` of the request (PEP 3333), or standard error outside of one.
wsgi_errors_stream: TextIO = LocalProxy(_error_stream)  # type: ignore[assignment]

default_handler = logging.StreamHandler(wsgi_errors_stream)
default_handler.setFormatter(logging.Formatter("[%(asctime)s] %(levelname)s in %(module)s: %(message)s"))


def has_level_handler(logger: logging.Logger) -> bool:
    """Tell whether a handler of the logger, or of one it propagates to, takes the logger's effective level."""
    level = logger.getEffectiveLevel()
    current: logging.Logger | None = logger
    while current is not None:
        if any(handler.level <= level for handler in current.handlers):
            return True
        current = current.parent if current.propagate else None
    return False


def create_logger(app: App) -> logging.Logger:
    """Get the logger with the application's name; in debug mode it logs everything.

    A handler is added only where nobody handles what it logs.
    """
    logger = logging.getLogger(app.name)
    if app.debug:
        logger.setLevel(logger.level or logging.DEBUG)
    is_handled = has_level_handler(logger)
    if not is_handled:
        logger.addHandler(default_handler)
    return logger
