"""A WSGI environ and a WSGI iterable (PEP 3333): reading the one, wrapping the other.

Adapters over ``sansio.utils`` and the streams of ``_wsgi_streams``. Knows no request and no response class.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from functools import update_wrapper
from io import BytesIO
from itertools import chain
from typing import IO, TYPE_CHECKING, Any

from ._internal import _wsgi_decoding_dance
from ._wsgi_streams import FileWrapper, LimitedStream, _RangeWrapper
from .sansio import utils as _sansio_utils
from .sansio.body import check_length

if TYPE_CHECKING:
    from typing import Self

    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment


def responder(f: Callable[..., WSGIApplication]) -> WSGIApplication:
    """Make a WSGI application of a function that returns one.

    ``@responder`` on ``def application(environ, start_response): return Response("Hello")``.
    """
    return update_wrapper(lambda *args: f(*args)(*args[-2:]), f)


def get_host(environ: WSGIEnvironment, trusted_hosts: Collection[str] | None = None) -> str:
    """Return the host that a request is for, see :func:`dray.wsgi_tools.sansio.utils.get_host`.

    :param environ: the WSGI environ.
    :param trusted_hosts: the hosts that are allowed.
    :raises SecurityError: if the host isn't trusted.
    """
    return _sansio_utils.get_host(
        environ["wsgi.url_scheme"], environ.get("HTTP_HOST"), _get_server(environ), trusted_hosts
    )


def _get_server(environ: WSGIEnvironment) -> tuple[str, int | None] | None:
    """Return the server's address and port; the port is ``None`` for a Unix socket."""
    name = environ.get("SERVER_NAME")

    if name is None:
        return None

    try:
        return name, int(environ.get("SERVER_PORT"))  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return name, None


def get_current_url(
    environ: WSGIEnvironment,
    root_only: bool = False,
    strip_querystring: bool = False,
    host_only: bool = False,
    trusted_hosts: Collection[str] | None = None,
) -> str:
    """Return the address of a request, or the first parts of it, as an IRI.

    :param environ: the WSGI environ.
    :param root_only: stop behind the path that the application is mounted at.
    :param strip_querystring: leave the query out.
    :param host_only: stop behind the host.
    :param trusted_hosts: the hosts that are allowed.
    :raises SecurityError: if the host isn't trusted.
    """
    root_path = path = query = None

    if not host_only:
        root_path = _wsgi_decoding_dance(environ.get("SCRIPT_NAME", ""))

        if not root_only:
            path = _wsgi_decoding_dance(environ.get("PATH_INFO", ""))

            if not strip_querystring:
                query = environ.get("QUERY_STRING", "").encode("latin-1")

    return _sansio_utils.get_current_url(
        environ["wsgi.url_scheme"], get_host(environ, trusted_hosts), root_path, path, query
    )


def get_content_length(environ: WSGIEnvironment) -> int | None:
    """Return the length of a request's body, see :func:`dray.wsgi_tools.sansio.utils.get_content_length`."""
    return _sansio_utils.get_content_length(environ.get("CONTENT_LENGTH"), environ.get("HTTP_TRANSFER_ENCODING"))


def get_input_stream(
    environ: WSGIEnvironment,
    safe_fallback: bool = True,
    max_content_length: int | None = None,
) -> IO[bytes]:
    """Return the body of a request as a stream that can be read to its end.

    WSGI's own stream may block, or run into the next request, when it is read past the end (PEP 3333, "Input and Error
    Streams"): here the length, or the server's word that the stream ends by itself, decides what is read.

    :param environ: the WSGI environ.
    :param safe_fallback: give an empty stream when the length isn't known and the server doesn't end the stream.
    :param max_content_length: the longest body that is read, in bytes.
    :raises RequestEntityTooLarge: if the body is longer; while reading, if its length isn't known before.
    """
    stream: Any = environ["wsgi.input"]
    content_length = get_content_length(environ)

    check_length(content_length, max_content_length)

    if hasattr(stream, "limit_to"):
        return stream.limit_to(max_content_length)  # type: ignore[no-any-return]  # that of ASGI counts itself

    if "wsgi.input_terminated" in environ:
        if max_content_length is not None:
            return LimitedStream(stream, max_content_length, is_max=True)  # type: ignore[return-value]

        return stream  # type: ignore[no-any-return]

    if content_length is None:
        return BytesIO() if safe_fallback else stream

    return LimitedStream(stream, content_length)  # type: ignore[return-value]


def get_path_info(environ: WSGIEnvironment) -> str:
    """Return the path of a request as text."""
    return _wsgi_decoding_dance(environ.get("PATH_INFO", ""))


class ClosingIterator(chain[bytes]):
    """An iterable with functions that are called when the server closes it.

    It is a chain of one, so that its items cost no call.

    :param iterable: what is sent. Its own ``close`` is called first.
    :param callbacks: a function, or several.
    """

    def __new__(
        cls,
        iterable: Iterable[bytes],
        callbacks: Callable[[], None] | Iterable[Callable[[], None]] | None = None,
    ) -> Self:
        """Take the iterator of what is sent, now."""
        return super().__new__(cls, iter(iterable))

    def __init__(
        self,
        iterable: Iterable[bytes],
        callbacks: Callable[[], None] | Iterable[Callable[[], None]] | None = None,
    ) -> None:
        close = getattr(iterable, "close", None)
        self._callbacks: list[Callable[[], None]] = [] if close is None else [close]

        if callable(callbacks):
            self._callbacks.append(callbacks)
        elif callbacks is not None:
            self._callbacks += callbacks

    def close(self) -> None:
        """Call all functions, also when one of them fails: then the first error is raised at the end."""
        error: BaseException | None = None

        for callback in self._callbacks:
            try:
                callback()
            except BaseException as raised:  # noqa: BLE001 - raised again below
                error = error or raised

        if error is not None:
            raise error


def wrap_file(environ: WSGIEnvironment, file: IO[bytes], buffer_size: int = 8192) -> Iterable[bytes]:
    """Return a file as an iterable for the server: its own ``wsgi.file_wrapper`` if it has one (PEP 3333).

    :param environ: the WSGI environ.
    :param file: an open file.
    :param buffer_size: how many bytes are read at a time.
    """
    wrapper: Any = environ.get("wsgi.file_wrapper", FileWrapper)
    return wrapper(file, buffer_size)  # type: ignore[no-any-return]


__all__ = [
    "ClosingIterator",
    "FileWrapper",
    "LimitedStream",
    "_RangeWrapper",
    "get_content_length",
    "get_current_url",
    "get_host",
    "get_input_stream",
    "get_path_info",
    "responder",
    "wrap_file",
]
