"""Which handler answers which exception.

Handlers are kept by blueprint, then by HTTP status code (``None`` for exceptions without one), then by class. The
most specific wins: a blueprint before its parents and the application, a code before a class, a class before its bases.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from dray.wsgi_tools.exceptions import HTTPException, default_exceptions

HandlerMap = dict[type[Exception], Callable[..., Any]]
ErrorHandlerSpec = defaultdict[str | None, defaultdict[int | None, HandlerMap]]


def new_error_handler_spec() -> ErrorHandlerSpec:
    """Make an empty table of handlers."""
    return defaultdict(lambda: defaultdict(dict))


def exception_and_code(exc_class_or_code: type[Exception] | int) -> tuple[type[Exception], int | None]:
    """Give the class and the status code that a handler is registered for.

    :raises ValueError: for a number that is no HTTP error.
    :raises TypeError: for anything but an exception class or a number.
    """
    if isinstance(exc_class_or_code, int):
        try:
            exc_class: Any = default_exceptions[exc_class_or_code]
        except KeyError:
            raise ValueError(
                f"{exc_class_or_code} is not a recognized HTTP error code. Use a class derived from HTTPException"
                " with that code instead."
            ) from None
    else:
        exc_class = exc_class_or_code
    if isinstance(exc_class, Exception):
        raise TypeError(f"{exc_class!r} is an instance, not a class. Handlers are registered for exception classes.")
    if not isinstance(exc_class, type) or not issubclass(exc_class, Exception):
        raise ValueError(f"{getattr(exc_class, '__name__', exc_class)!r} is not a subclass of Exception.")
    if issubclass(exc_class, HTTPException):
        return exc_class, exc_class.code
    return exc_class, None


def find_handler(
    spec: Mapping[str | None, Mapping[int | None, HandlerMap]], error: Exception, blueprints: Iterable[str]
) -> Callable[..., Any] | None:
    """Find the handler for an exception.

    :param blueprints: the names of the blueprints that the request belongs to, innermost first.
    """
    exc_class, code = exception_and_code(type(error))
    names = (*blueprints, None)
    for wanted in (code, None) if code is not None else (None,):
        for name in names:
            if name not in spec or not (handlers := spec[name].get(wanted)):
                continue
            for cls in exc_class.__mro__:
                handler = handlers.get(cls)
                if handler is not None:
                    return handler
    return None
