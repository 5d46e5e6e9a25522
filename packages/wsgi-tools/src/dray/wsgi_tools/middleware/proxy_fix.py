"""What a reverse proxy says about a request, put where the application looks for it.

Only as many values count as there are trusted proxies in front: each of them adds one at the end, everything before
that may come from the client. The ``X-Forwarded-*`` headers are a convention, ``Forwarded`` is RFC 7239.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from .._http.lists import parse_list_header

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

#: A number of proxies.
_Hops = int
_KEPT = ("REMOTE_ADDR", "wsgi.url_scheme", "HTTP_HOST", "SERVER_NAME", "SERVER_PORT", "SCRIPT_NAME")

_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_QUOTED = r'"(?:[^"\\\x00-\x08\x0a-\x1f\x7f]|\\[\t -~\x80-\xff])*"'
#: forwarded-pair = token "=" value; value = token / quoted-string (RFC 7239, section 4).
_pair = re.compile(rf"({_TOKEN})=({_TOKEN}|{_QUOTED})").match
#: node = nodename [ ":" node-port ] (section 6); a colon or bracket makes quotes necessary, which are gone here.
_node = re.compile(
    r"(?:\[(?P<v6>[0-9A-Fa-f:.]+)\]|(?P<v4>\d{1,3}(?:\.\d{1,3}){3})|(?P<hidden>unknown|_[A-Za-z0-9._-]+))"
    r"(?::(?P<port>\d{1,5}|_[A-Za-z0-9._-]+))?"
).fullmatch
_host = re.compile(r"(?:[A-Za-z0-9._~%!$&'()*+,;=-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?").fullmatch
_scheme = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*").fullmatch


class Node(NamedTuple):
    """A party in a ``Forwarded`` header: its address and port, each ``None`` when it is hidden or not given."""

    address: str | None
    port: str | None


def parse_node(text: str) -> Node | None:
    """Parse a node identifier (RFC 7239, section 6): IPv4, IPv6 in brackets, ``unknown``, or an obfuscated name.

    :return: The node, or ``None`` when the text isn't one.
    """
    match = _node(text)
    if match is None:
        return None
    address = match["v6"] or match["v4"]
    port = match["port"]
    return Node(address, None if port is None or port.startswith("_") else port)


def parse_forwarded(header: str) -> list[dict[str, str]] | None:
    """Parse a ``Forwarded`` header strictly (RFC 7239, section 4), in linear time.

    :return: One dictionary per element, its names in lower case and its values unquoted; ``None`` when the header isn't
        well-formed: then nothing in it can be believed.
    """
    elements: list[dict[str, str]] = [{}]
    position, length = 0, len(header)
    while position < length:
        match = _pair(header, position)
        if match is not None:
            name, value = match[1].lower(), match[2]
            if name in elements[-1]:
                return None  # "Each parameter MUST NOT occur more than once per field-value."
            if value.startswith('"'):
                value = re.sub(r"\\(.)", r"\1", value[1:-1])
            elements[-1][name] = value
            position = match.end()
        separator = _skip_blanks(header, position)
        if separator >= length:
            break
        if header[separator] == ",":
            elements.append({})
        elif header[separator] != ";":
            return None
        position = _skip_blanks(header, separator + 1)
    return [element for element in elements if element]


def _skip_blanks(text: str, position: int) -> int:
    while position < len(text) and text[position] in " \t":
        position += 1
    return position


class ProxyFix:
    """Takes client, scheme, host, port and mount point of a request from what trusted proxies say.

    Set each number to how many proxies in front of the application set that header, or, with ``forwarded``, to how many
    add an element to ``Forwarded``. A number too high lets clients forge the values. When ``forwarded`` is set,
    ``X-Forwarded-*`` headers are ignored altogether, because a proxy that uses the standard doesn't remove them.

    What was there before is kept in ``environ["werkzeug.proxy_fix.orig"]``.

    :param app: The application.
    :param x_for: Proxies that set ``X-Forwarded-For``.
    :param x_proto: Proxies that set ``X-Forwarded-Proto``.
    :param x_host: Proxies that set ``X-Forwarded-Host``.
    :param x_port: Proxies that set ``X-Forwarded-Port``.
    :param x_prefix: Proxies that set ``X-Forwarded-Prefix``.
    :param forwarded: Proxies that add to ``Forwarded`` (RFC 7239).
    """

    def __init__(
        self,
        app: WSGIApplication,
        x_for: _Hops = 1,
        x_proto: _Hops = 1,
        x_host: _Hops = 0,
        x_port: _Hops = 0,
        x_prefix: _Hops = 0,
        forwarded: _Hops = 0,
    ) -> None:
        self.app = app
        self.x_for = x_for
        self.x_proto = x_proto
        self.x_host = x_host
        self.x_port = x_port
        self.x_prefix = x_prefix
        self.forwarded = forwarded

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        environ["werkzeug.proxy_fix.orig"] = {key: environ.get(key) for key in _KEPT}
        if self.forwarded:
            self._apply_forwarded(environ)
        else:
            self._apply_x_forwarded(environ)
        return self.app(environ, start_response)

    @staticmethod
    def _trusted(environ: WSGIEnvironment, key: str, trusted: int) -> str | None:
        """Return the value that the outermost trusted proxy added, if all of them did."""
        header = environ.get(key)
        if not (trusted and header):
            return None
        values = [value for value in parse_list_header(header) if value]
        return values[-trusted] if len(values) >= trusted else None

    def _apply_x_forwarded(self, environ: WSGIEnvironment) -> None:
        address = self._trusted(environ, "HTTP_X_FORWARDED_FOR", self.x_for)
        if address:
            environ["REMOTE_ADDR"] = address
        scheme = self._trusted(environ, "HTTP_X_FORWARDED_PROTO", self.x_proto)
        if scheme:
            environ["wsgi.url_scheme"] = scheme
        host = self._trusted(environ, "HTTP_X_FORWARDED_HOST", self.x_host)
        if host:
            _set_host(environ, host)
        port = self._trusted(environ, "HTTP_X_FORWARDED_PORT", self.x_port)
        if port:
            _set_port(environ, port)
        prefix = self._trusted(environ, "HTTP_X_FORWARDED_PREFIX", self.x_prefix)
        if prefix:
            environ["SCRIPT_NAME"] = prefix

    def _apply_forwarded(self, environ: WSGIEnvironment) -> None:
        elements = parse_forwarded(environ.get("HTTP_FORWARDED", ""))
        if not elements or len(elements) < self.forwarded:
            return
        element = elements[-self.forwarded]
        node = parse_node(element.get("for", ""))
        if node is not None and node.address is not None:
            environ["REMOTE_ADDR"] = node.address
            environ.pop("REMOTE_PORT", None)
            if node.port is not None:
                environ["REMOTE_PORT"] = node.port
        scheme = element.get("proto", "")
        if _scheme(scheme):
            environ["wsgi.url_scheme"] = scheme.lower()
        host = element.get("host", "")
        if _host(host):
            _set_host(environ, host)


def _split_host(host: str) -> tuple[str, str]:
    """Split a host from its port; the colons of an IPv6 address in brackets are none of a port."""
    name, separator, port = host.rpartition(":")
    return (name, port) if separator and "]" not in port else (host, "")


def _set_host(environ: WSGIEnvironment, host: str) -> None:
    environ["HTTP_HOST"] = host
    environ["SERVER_NAME"], port = _split_host(host)
    if port:
        environ["SERVER_PORT"] = port


def _set_port(environ: WSGIEnvironment, port: str) -> None:
    host = environ.get("HTTP_HOST")
    if host:
        environ["HTTP_HOST"] = f"{_split_host(host)[0]}:{port}"
    environ["SERVER_PORT"] = port
