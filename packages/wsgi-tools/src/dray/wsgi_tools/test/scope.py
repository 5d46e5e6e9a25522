"""Environs as ASGI scopes, for tests: a request that was built for one gateway, said to the other."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from .._internal import _wsgi_decoding_dance

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

#: Versions that scopes claim.
ASGI_VERSION = {"version": "3.0", "spec_version": "2.4"}


def scope_from_environ(environ: WSGIEnvironment) -> dict[str, Any]:
    """Write an environ as the scope of an HTTP connection.

    :param environ: The environ. Its body isn't read.
    :return: The scope; its ``path`` begins with its ``root_path``, as ASGI asks.
    """
    root_path = _wsgi_decoding_dance(environ.get("SCRIPT_NAME", ""))
    headers: list[tuple[bytes, bytes]] = []
    for key, value in environ.items():
        if key.startswith("HTTP_"):
            headers.append((key[5:].replace("_", "-").lower().encode("latin-1"), value.encode("latin-1")))
        elif key in ("CONTENT_TYPE", "CONTENT_LENGTH") and value:
            headers.append((key.replace("_", "-").lower().encode("ascii"), value.encode("latin-1")))
    raw_path = environ.get("REQUEST_URI", "").partition("?")[0]
    address = environ.get("REMOTE_ADDR")
    return {
        "type": "http",
        "asgi": dict(ASGI_VERSION),
        "http_version": environ.get("SERVER_PROTOCOL", "HTTP/1.1").partition("/")[2],
        "method": environ["REQUEST_METHOD"].upper(),
        "scheme": environ["wsgi.url_scheme"],
        "path": root_path + _wsgi_decoding_dance(environ.get("PATH_INFO", "")),
        "raw_path": raw_path.encode("latin-1") if raw_path.startswith("/") and not root_path else None,
        "query_string": environ.get("QUERY_STRING", "").encode("latin-1"),
        "root_path": root_path,
        "headers": headers,
        "client": (address, int(environ.get("REMOTE_PORT") or 0)) if address else None,
        "server": (environ["SERVER_NAME"], int(environ["SERVER_PORT"])),
        "extensions": {},
    }


def websocket_scope(environ: WSGIEnvironment, subprotocols: Iterable[str] = ()) -> dict[str, Any]:
    """Write an environ as the scope of a WebSocket.

    :param environ: The environ of the request that opens it.
    :param subprotocols: Those that the client speaks, the one it likes best first.
    """
    scope = scope_from_environ(environ)
    del scope["method"]
    scheme = {"http": "ws", "https": "wss"}.get(scope["scheme"], scope["scheme"])
    scope["headers"] += [(b"connection", b"Upgrade"), (b"upgrade", b"websocket")]
    return {
        **scope,
        "type": "websocket",
        "scheme": scheme,
        "subprotocols": [*subprotocols],
        "extensions": {"websocket.http.response": {}},
    }
