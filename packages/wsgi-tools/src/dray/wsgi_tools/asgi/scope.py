"""An ASGI scope as the values that a request is made of (ASGI 3.0, HTTP and WebSocket message format 2.5).

Knows neither messages nor requests, nor that the same can be said as an environ.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from ..datastructures import Headers
from ..sansio.utils import get_content_length

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


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


# "A recipient of CR, LF, or NUL within a field value MUST either reject the message or replace each of those characters
# with SP" (RFC 9110 section 5.5): a server that lets one pass has done neither. The same for names, and their colon.
_BLANKED = {"name": bytes.maketrans(b"\r\n\0:", b"    "), "value": bytes.maketrans(b"\r\n\0", b"   ")}


def _header_of(name: bytes, value: bytes) -> tuple[str, str]:
    return name.translate(_BLANKED["name"]).decode("latin-1"), value.translate(_BLANKED["value"]).decode("latin-1")


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
        "headers": Headers(_header_of(name, value) for name, value in scope["headers"]),
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
