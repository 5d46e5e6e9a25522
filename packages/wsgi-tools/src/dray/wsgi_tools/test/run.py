"""Running a WSGI application once, as a server would (PEP 3333), and collecting what it answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from types import TracebackType
from typing import TYPE_CHECKING, Any

from ..datastructures import Headers
from ..wsgi import ClosingIterator

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


class _Start:
    """What an application said through ``start_response`` and the ``write`` that it returns."""

    __slots__ = ("headers", "status", "written")

    def __init__(self) -> None:
        self.status: str | None = None
        self.headers: list[tuple[str, str]] = []
        self.written: list[bytes] = []

    def __call__(
        self, status: str, headers: list[tuple[str, str]], exc_info: Any = None, /
    ) -> Callable[[bytes], object]:
        if exc_info:
            # A server would send an error page; a test wants to see the error.
            try:
                raise exc_info[1].with_traceback(exc_info[2])
            finally:
                exc_info = None  # no circle through this frame
        self.status = status
        self.headers = headers
        return self.written.append


def run_wsgi_app(
    app: WSGIApplication, environ: WSGIEnvironment, buffered: bool = False
) -> tuple[Iterable[bytes], str, Headers]:
    """Call an application and return its answer.

    :param app: The application.
    :param environ: The environ; a copy of it is handed to the application.
    :param buffered: Read the whole body and close it now. Otherwise only as much is read as it takes to know the
        status, and the caller closes the body.
    :return: Body, status line and headers.
    :raises RuntimeError: The application never called ``start_response``.
    """
    start = _Start()
    result = app(dict(environ), start)
    close: Callable[[], None] | None = getattr(result, "close", None)
    if buffered:
        try:
            body: Iterable[bytes] = list(result)
        finally:
            if close is not None:
                close()
        if start.written:
            body = [*start.written, *body]
        return body, _status(start), Headers(start.headers)
    body = _until_started(start, result, close)
    return body, _status(start), Headers(start.headers)


def _until_started(start: _Start, result: Iterable[bytes], close: Callable[[], None] | None) -> Iterable[bytes]:
    """Return an iterator over the body, with no more read than it takes to know the status."""
    body: Iterator[bytes] = iter(result)
    if start.status is None or start.written:
        body = chain(start.written, _first_items(start, body, close), body)
    return body if close is None else ClosingIterator(body, close)


def _first_items(start: _Start, items: Iterator[bytes], close: Callable[[], None] | None) -> list[bytes]:
    """Read until the application says its status: a generator does at its first step at the latest (PEP 3333)."""
    first: list[bytes] = []
    try:
        while start.status is None:
            item = next(items, None)
            if item is None:
                break
            first.append(item)
    except BaseException:
        if close is not None:
            close()
        raise
    return first


def _status(start: _Start) -> str:
    if start.status is None:
        raise RuntimeError("The application returned without calling start_response().")
    return start.status
