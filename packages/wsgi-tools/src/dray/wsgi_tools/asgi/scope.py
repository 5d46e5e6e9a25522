"""An ASGI scope as the values that a request is made of (ASGI 3.0, HTTP and WebSocket message format 2.5).

A scope says what an environ says in other words. Knows neither messages nor requests.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from io import BytesIO
from typing import IO, TYPE_CHECKING, Any

from .._internal import _wsgi_encoding_dance
from ..datastructures import Headers
from ..sansio.utils import get_content_length

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

# Names of headers as the environ spells them, filled on demand; a client can make up names, so it stays small.
_environ_keys: dict[bytes, str] = {b"content-type": "CONTENT_TYPE", b"content-length": "CONTENT_LENGTH"}
_MAX_NAMES = 512


def _environ_key(name: bytes) -> str:
    """Return the environ's key of a header; an empty text for a name that would pass for another one.

    ``X_Forwarded_For`` and ``X-Forwarded-For`` have the same key, and only the second is what a proxy cleans.
    """
    if b"_" in name:
        return ""

    key = f"HTTP_{name.decode('latin-1').upper().replace('-', '_')}"

    if len(_environ_keys) < _MAX_NAMES:
        _environ_keys[name] = key

    return key


def _add_headers(environ: dict[str, Any], headers: Iterable[tuple[bytes, bytes]]) -> None:
    """Enter the headers as an environ has them: several of one name are joined (PEP 3333, RFC 9110 section 5.3)."""
    known = _environ_keys.get

    for name, value in headers:
        key = known(name) or _environ_key(name)

        if key not in environ:
            environ[key] = value.decode("latin-1")
        elif key:
            # "If there are multiple Cookie header fields, they MUST be concatenated with the two octet delimiter of
            # 0x3B, 0x20" (RFC 9113 section 8.2.3)
            separator = "; " if key == "HTTP_COOKIE" else ","
            environ[key] = f"{environ[key]}{separator}{value.decode('latin-1')}"

    environ.pop("", None)


def split_path(scope: Scope) -> tuple[str, str]:
    """Return the path that the application is mounted at, and the rest of the path.

    Servers differ in whether the path of a scope has the root path in it; both are understood.
    """
    root_path, path = scope.get("root_path"), scope["path"]

    if not root_path:
        return "", path

    root_path = root_path.rstrip("/")

    if root_path and (path == root_path or path.startswith(f"{root_path}/")):
        path = path[len(root_path) :]

    return root_path, path


# What every environ says; copying it is quicker than writing it.
_BASE: dict[str, Any] = {
    "wsgi.version": (1, 0),
    "wsgi.input_terminated": True,
    "wsgi.errors": None,
    "wsgi.multithread": True,
    "wsgi.multiprocess": True,
    "wsgi.run_once": False,
}
_PROTOCOLS = {version: f"HTTP/{version}" for version in ("1.0", "1.1", "2", "3")}


def environ_from_scope(scope: Scope, stream: IO[bytes] | None = None) -> WSGIEnvironment:
    """Make the WSGI environ that says the same as an ASGI scope.

    :param scope: the scope of an HTTP request or a WebSocket.
    :param stream: the body; an empty one by default.
    :return: the environ; the scope is in it as ``asgi.scope``.
    :raises ValueError: for a scope without path or headers.
    """
    try:
        root_path, path = split_path(scope)
        headers = scope["headers"]
    except KeyError as missing:
        raise ValueError(f"Expected an ASGI scope with {missing}; it has {sorted(scope)}.") from None

    server = scope.get("server") or ("", None)
    client = scope.get("client")
    version = scope.get("http_version", "1.1")
    environ = _BASE.copy()
    environ["REQUEST_METHOD"] = scope.get("method", "GET")
    environ["SCRIPT_NAME"] = _wsgi_encoding_dance(root_path)
    environ["PATH_INFO"] = path if path.isascii() else _wsgi_encoding_dance(path)
    environ["QUERY_STRING"] = scope.get("query_string", b"").decode("latin-1")
    environ["SERVER_NAME"] = server[0]
    environ["SERVER_PORT"] = "" if server[1] is None else str(server[1])
    environ["SERVER_PROTOCOL"] = _PROTOCOLS.get(version) or f"HTTP/{version}"
    environ["wsgi.url_scheme"] = scope.get("scheme", "http")
    environ["wsgi.input"] = BytesIO() if stream is None else stream
    environ["asgi.scope"] = scope

    if client is not None:
        environ["REMOTE_ADDR"] = client[0]
        environ["REMOTE_PORT"] = str(client[1])

    _add_headers(environ, headers)
    return environ


def request_arguments(scope: Scope) -> dict[str, Any]:
    """Return the arguments of :class:`~dray.wsgi_tools.sansio.request.Request` that a scope stands for."""
    root_path, path = split_path(scope)
    server = scope.get("server")
    client = scope.get("client")
    return {
        "method": scope.get("method", "GET"),
        "scheme": scope.get("scheme", "http"),
        "server": None if server is None else (server[0], server[1]),
        "root_path": root_path,
        "path": path,
        "query_string": scope.get("query_string", b""),
        "headers": Headers((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]),
        "remote_addr": None if client is None else client[0],
    }


def content_length_of(scope: Scope) -> int | None:
    """Return the announced length of a request's body in bytes; ``None`` if there is none."""
    length = encoding = None

    for name, value in scope["headers"]:
        if name == b"content-length":
            length = value.decode("latin-1")
        elif name == b"transfer-encoding":
            encoding = value.decode("latin-1")

    return get_content_length(length, encoding)
