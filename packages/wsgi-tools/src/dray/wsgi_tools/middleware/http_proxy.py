"""Requests to some paths answered by other HTTP servers, for development (a bundler's server, say)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from http import client
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from .._http.tokens import is_hop_by_hop_header
from .._internal import _wsgi_decoding_dance
from .._quoting import quote_path
from ..exceptions import BadGateway
from ..wsgi import get_input_stream

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class ProxyMiddleware:
    """Hands requests below some paths to other servers.

    Options of a target: ``target``, the URL (required); ``remove_prefix``, whether the path is cut off (default off);
    ``host``, the ``Host`` header: ``"<auto>"`` for the target's own (the default), ``None`` for the client's, or a
    text; ``headers``, a dictionary of headers to add; ``ssl_context``, for an ``https`` target.

    :param app: Answers all other requests.
    :param targets: Paths with the options of their targets.
    :param chunk_size: Bytes that are read and handed on at a time.
    :param timeout: Seconds until the other server must answer.
    """

    def __init__(
        self, app: WSGIApplication, targets: Mapping[str, dict[str, Any]], chunk_size: int = 2 << 13, timeout: int = 10
    ) -> None:
        defaults = {"remove_prefix": False, "host": "<auto>", "headers": {}, "ssl_context": None}
        self.app = app
        self.targets = {f"/{path.strip('/')}/": {**defaults, **options} for path, options in targets.items()}
        self.chunk_size = chunk_size
        self.timeout = timeout

    def _request_headers(self, environ: WSGIEnvironment, opts: dict[str, Any], host: str) -> dict[str, str]:
        headers: dict[str, str] = {}
        for key, value in environ.items():
            if key.startswith("HTTP_"):
                name = key[5:].replace("_", "-").title()
                if not is_hop_by_hop_header(name) and name != "Content-Length":
                    headers[name] = value
        for name, key in (("Content-Type", "CONTENT_TYPE"), ("Content-Length", "CONTENT_LENGTH")):
            if environ.get(key):
                headers[name] = environ[key]
        headers["Connection"] = "close"
        if opts["host"] == "<auto>":
            headers["Host"] = host
        elif opts["host"] is not None:
            headers["Host"] = opts["host"]
        headers.update(opts["headers"])
        return headers

    def _connect(self, target: Any, opts: dict[str, Any]) -> client.HTTPConnection:
        if target.scheme == "https":
            return client.HTTPSConnection(
                target.hostname, target.port or 443, timeout=self.timeout, context=opts["ssl_context"]
            )
        if target.scheme == "http":
            return client.HTTPConnection(target.hostname, target.port or 80, timeout=self.timeout)
        raise RuntimeError(f"Target scheme must be 'http' or 'https', got {target.scheme!r}.")

    def proxy_to(self, opts: dict[str, Any], path: str, prefix: str) -> WSGIApplication:
        """Make the application that asks the other server.

        :param opts: The options of the target.
        :param path: The path that was asked for.
        :param prefix: The path that the target is mounted at.
        """
        target = urlsplit(opts["target"])
        if opts["remove_prefix"]:
            path = f"/{path[len(prefix) :].lstrip('/')}"
        remote_path = quote_path(_wsgi_decoding_dance(f"{target.path.rstrip('/')}/{path.lstrip('/')}"))

        def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            query = environ.get("QUERY_STRING", "")
            url = f"{remote_path}?{query}" if query else remote_path
            headers = self._request_headers(environ, opts, target.netloc.rpartition("@")[2])
            connection = self._connect(target, opts)
            try:
                body = self._body(environ, headers)
                connection.request(
                    environ["REQUEST_METHOD"], url, body, headers, encode_chunked="Transfer-Encoding" in headers
                )
                response = connection.getresponse()
            except (OSError, client.HTTPException):
                connection.close()
                return BadGateway()(environ, start_response)
            start_response(
                f"{response.status} {response.reason}",
                [(name.title(), value) for name, value in response.getheaders() if not is_hop_by_hop_header(name)],
            )
            return self._read(connection, response)

        return application

    def _body(self, environ: WSGIEnvironment, headers: dict[str, str]) -> Iterator[bytes] | None:
        if "Content-Length" not in headers:
            if not environ.get("wsgi.input_terminated") or environ["REQUEST_METHOD"] in ("GET", "HEAD"):
                return None
            headers["Transfer-Encoding"] = "chunked"
        stream = get_input_stream(environ)
        return iter(lambda: stream.read(self.chunk_size), b"")

    def _read(self, connection: client.HTTPConnection, response: client.HTTPResponse) -> Iterator[bytes]:
        try:
            while data := response.read1(self.chunk_size):
                yield data
        finally:
            connection.close()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        path = environ["PATH_INFO"]
        app = self.app
        for prefix, opts in self.targets.items():
            if f"{path}/".startswith(prefix):
                app = self.proxy_to(opts, path, prefix)
                break
        return app(environ, start_response)
