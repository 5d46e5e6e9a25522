"""What a request is: method, address, headers, and what follows from them.

Made of plain values by any gateway; the gateways' own classes derive from it and fill the values in when they are asked
for. Reading a body isn't done here.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from .._http.cookies import parse_wsgi_cookie_pairs
from .._http.lists import parse_list_header
from .._properties import cached_property
from .._types import Server, Text
from ..datastructures import Headers, ImmutableList, ImmutableMultiDict, MultiDict
from ..urls import decode_text, parse_pairs
from ._request_headers import RequestHeaders
from .utils import get_current_url, get_host


class Request(RequestHeaders):
    """A request without its body.

    :param method: the method; stored in upper case.
    :param scheme: the protocol: ``"http"``, ``"https"``, ``"ws"`` or ``"wss"``.
    :param server: address and port of the server, or the path of a Unix socket and ``None``; ``None`` if unknown.
    :param root_path: the path that the application is mounted at.
    :param path: the rest of the path.
    :param query_string: the query, as bytes.
    :param headers: the headers.
    :param remote_addr: the address of the client.
    """

    #: The class of :attr:`args`, and of forms and files.
    parameter_storage_class: type[MultiDict[str, Any]] = ImmutableMultiDict

    #: The class of :attr:`cookies`.
    dict_storage_class: type[MultiDict[str, Any]] = ImmutableMultiDict

    #: The class of :attr:`access_route`.
    list_storage_class: type[list[Any]] = ImmutableList

    #: The hosts that are allowed; another one raises :exc:`~dray.wsgi_tools.exceptions.SecurityError`. ``None``
    #: allows all.
    trusted_hosts: Collection[str] | None = None

    method: str
    scheme: str
    server: Server
    root_path: str
    path: str
    query_string: bytes
    headers: Headers
    remote_addr: Text

    def __init__(
        self,
        method: str,
        scheme: str,
        server: Server,
        root_path: str,
        path: str,
        query_string: bytes,
        headers: Headers,
        remote_addr: Text,
    ) -> None:
        self.method = method.upper()
        self.scheme, self.server = scheme, server
        self.root_path, self.path = root_path.rstrip("/"), "/" + path.lstrip("/")
        self.query_string, self.headers = query_string, headers
        self.remote_addr = remote_addr

    def __repr__(self) -> str:
        try:
            url = self.url
        except Exception as error:  # noqa: BLE001 - a repr that raises hides the error that it is printed for
            url = f"(invalid URL: {error})"

        return f"<{type(self).__name__} {url!r} [{self.method}]>"

    @cached_property
    def args(self) -> MultiDict[str, str]:
        """The fields of the query string."""
        return self.parameter_storage_class(parse_pairs(self.query_string))

    @cached_property
    def access_route(self) -> list[str]:
        """The addresses that the request came through, the client's first, as proxies have written them.

        Anybody can write them: trust only what your own proxy added.
        """
        forwarded = self.headers.get("X-Forwarded-For")

        if forwarded is not None:
            return self.list_storage_class(parse_list_header(forwarded))

        if self.remote_addr is not None:
            return self.list_storage_class([self.remote_addr])

        return self.list_storage_class()

    @cached_property
    def full_path(self) -> str:
        """The path and the query, with the question mark between them even if there is no query."""
        return f"{self.path}?{decode_text(self.query_string)}"

    @property
    def is_secure(self) -> bool:
        """Whether the request came over TLS."""
        return self.scheme in {"https", "wss"}

    def _url(self, *parts: Any) -> str:
        """Return the address as an IRI: the host, and as many of root, path and query as are given."""
        return get_current_url(self.scheme, self.host, *parts)

    @cached_property
    def host_url(self) -> str:
        """The address up to the host."""
        return self._url()

    @cached_property
    def root_url(self) -> str:
        """The address that the application is mounted at."""
        return self._url(self.root_path)

    @cached_property
    def base_url(self) -> str:
        """The address without the query."""
        return self._url(self.root_path, self.path)

    @cached_property
    def url(self) -> str:
        """The whole address, as an IRI."""
        return self._url(self.root_path, self.path, self.query_string)

    @cached_property
    def host(self) -> str:
        """The host that the request is for, with the port unless it is the scheme's own.

        :raises SecurityError: if :attr:`trusted_hosts` doesn't have it.
        """
        return get_host(self.scheme, self.headers.get("Host"), self.server, self.trusted_hosts)

    @cached_property
    def cookies(self) -> ImmutableMultiDict[str, str]:
        """The cookies; the first of several with one name counts."""
        text = ";".join(self.headers.getlist("Cookie"))
        kind: Any = self.dict_storage_class

        return kind(parse_wsgi_cookie_pairs(text)) if text else kind()  # type: ignore[no-any-return]
