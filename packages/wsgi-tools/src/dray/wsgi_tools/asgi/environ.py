"""An ASGI scope as a WSGI environ, as far as somebody asks (PEP 3333).

A scope says what an environ says in other words. To say all of it takes a quarter of a short request's time, and most
requests are asked for little: so the environ of a scope is completed at the first question it can't answer yet.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import update_wrapper
from io import BytesIO
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import quote

from .._internal import _wsgi_encoding_dance
from .scope import Receive, Scope, split_path

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

# Names of headers as the environ spells them, filled on demand; a client can make up names, so it stays small.
_environ_keys: dict[bytes, str] = {b"content-type": "CONTENT_TYPE", b"content-length": "CONTENT_LENGTH"}
_MAX_NAMES = 512

# What every environ says.
_BASE: dict[str, Any] = {
    "wsgi.version": (1, 0),
    "wsgi.input_terminated": True,
    "wsgi.errors": None,
    "wsgi.multithread": True,
    "wsgi.multiprocess": True,
    "wsgi.run_once": False,
}
_PROTOCOLS = {version: f"HTTP/{version}" for version in ("1.0", "1.1", "2", "3")}

# The versions that signal a body.
_SIGNALLING = frozenset({"1.0", "1.1"})

# The headers that say how a request is handled: each request is asked for them, so they are entered at once.
_FRAMING = {
    b"content-length": "CONTENT_LENGTH",
    b"cookie": "HTTP_COOKIE",
    b"transfer-encoding": "HTTP_TRANSFER_ENCODING",
    b"upgrade": "HTTP_UPGRADE",
}
_FRAMING_KEYS = frozenset(_FRAMING.values())
_MISSING: Any = object()


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


def _joined(key: str, before: str, value: str) -> str:
    """Return what several headers of one name say together (PEP 3333, RFC 9110 section 5.3)."""
    # "If there are multiple Cookie header fields, they MUST be concatenated with the two octet delimiter of
    # 0x3B, 0x20" (RFC 9113 section 8.2.3)
    return f"{before}; {value}" if key == "HTTP_COOKIE" else f"{before},{value}"


def _add_headers(environ: dict[str, Any], headers: Iterable[tuple[bytes, bytes]]) -> None:
    """Enter headers as an environ has them."""
    known = _environ_keys.get

    for name, value in headers:
        key = known(name) or _environ_key(name)
        text = value.decode("latin-1")
        environ[key] = _joined(key, environ[key], text) if key in environ else text

    environ.pop("", None)


def environ_from_scope(
    scope: Scope, stream: IO[bytes] | None = None, receive: Receive | None = None
) -> WSGIEnvironment:
    """Make the WSGI environ that says the same as an ASGI scope.

    :param scope: the scope of an HTTP request or a WebSocket.
    :param stream: the body; an empty one by default.
    :param receive: the application's second argument, for whoever reads the body later.
    :return: the environ; the scope is in it as ``asgi.scope``, *receive* as ``asgi.receive``, and whether there may be
        a body as ``asgi.has_body``. PEP 3333 wants a ``dict`` of no other class, and some WSGI middleware checks that:
        give it ``dict(environ)``.
    :raises ValueError: for a scope without path or headers.
    """
    try:
        path, headers = scope["path"], scope["headers"]
    except KeyError as missing:
        raise ValueError(f"Expected an ASGI scope with {missing}; it has {sorted(scope)}.") from None

    if scope.get("root_path"):
        path = split_path(scope)[1]

    try:
        method, version, query = scope["method"], scope["http_version"], scope["query_string"]
    except KeyError:  # a WebSocket has no method, and may leave out the rest
        method, version = scope.get("method", "GET"), scope.get("http_version", "1.1")
        query = scope.get("query_string", b"")

    known = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path if path.isascii() else _wsgi_encoding_dance(path),
        "QUERY_STRING": query.decode("latin-1") if query else "",
        "SERVER_PROTOCOL": _PROTOCOLS.get(version) or f"HTTP/{version}",
        "asgi.scope": scope,
        "asgi.receive": receive,
    }

    if stream is not None:
        known["wsgi.input"] = stream

    for name, value in headers:
        if name in _FRAMING:
            key, text = _FRAMING[name], value.decode("latin-1")
            known[key] = _joined(key, known[key], text) if key in known else text

    # In HTTP/1.1, "The presence of a message body in a request is signaled by a Content-Length or Transfer-Encoding
    # header field." (RFC 9112 section 6) Later versions don't signal it.
    known["asgi.has_body"] = (
        "CONTENT_LENGTH" in known or "HTTP_TRANSFER_ENCODING" in known or version not in _SIGNALLING
    )
    return ScopeEnviron(known)


def _request_uri(scope: Scope) -> str:
    path, query = scope.get("raw_path") or quote(scope["path"]).encode(), scope.get("query_string")
    return (b"%b?%b" % (path, query) if query else path).decode("latin-1")


def _rest_of(scope: Scope) -> dict[str, Any]:
    """Return all that isn't entered at once, and the headers that are."""
    server = scope.get("server") or ("", None)
    client = scope.get("client")
    rest = _BASE.copy()
    # As it was asked for, which WSGI servers say too, under one of these names.
    rest["REQUEST_URI"] = rest["RAW_URI"] = _request_uri(scope)
    rest["SCRIPT_NAME"] = _wsgi_encoding_dance(split_path(scope)[0])
    rest["SERVER_NAME"] = server[0]
    rest["SERVER_PORT"] = "" if server[1] is None else str(server[1])
    rest["wsgi.url_scheme"] = scope.get("scheme", "http")
    rest["wsgi.input"] = BytesIO()

    if client is not None:
        rest["REMOTE_ADDR"] = client[0]
        rest["REMOTE_PORT"] = str(client[1])

    _add_headers(rest, scope["headers"])
    return rest


class CompleteEnviron(dict[str, Any]):
    """The environ of a scope in which everything is entered."""

    __slots__ = ()


class ScopeEnviron(dict[str, Any]):
    """The environ of a scope before anybody asked for more than the beginning of a request.

    It shows all that a :class:`CompleteEnviron` has, and becomes one as soon as it has to look.
    """

    __slots__ = ()

    def complete(self) -> None:
        """Enter the rest, but for what was set meanwhile; from then on it is a dictionary like any other."""
        if type(self) is ScopeEnviron:
            for key, value in _rest_of(self["asgi.scope"]).items():
                dict.setdefault(self, key, value)

            self.__class__ = CompleteEnviron  # type: ignore[assignment]

    def _look_for(self, key: object) -> None:
        """Enter the rest, unless what somebody asks for would be there already."""
        if key not in _FRAMING_KEYS:
            self.complete()

    def __missing__(self, key: str) -> Any:
        self._look_for(key)
        value = dict.get(self, key, _MISSING)

        if value is _MISSING:
            raise KeyError(key)

        return value

    def __contains__(self, key: object) -> bool:
        if not dict.__contains__(self, key):
            self._look_for(key)

        return dict.__contains__(self, key)

    def __reduce_ex__(self, protocol: Any) -> Any:
        return dict, (dict(self),)

    def get(self, key: str, default: Any = None) -> Any:
        """Return a value, or the default."""
        value = dict.get(self, key, _MISSING)

        if value is not _MISSING:
            return value

        self._look_for(key)
        return dict.get(self, key, default)


def _completing(name: str) -> Any:
    """Make a method that enters the rest, and then does what a dictionary does."""
    method = getattr(dict, name)

    def complete_first(self: ScopeEnviron, *args: Any) -> Any:
        self.complete()
        return method(self, *args)

    return update_wrapper(complete_first, method)


for _name in (
    *("__delitem__", "__eq__", "__ior__", "__iter__", "__len__", "__ne__", "__or__", "__repr__", "__reversed__"),
    *("__ror__", "clear", "copy", "items", "keys", "pop", "popitem", "setdefault", "values"),
):
    setattr(ScopeEnviron, _name, _completing(_name))
