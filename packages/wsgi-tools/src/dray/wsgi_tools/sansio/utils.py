"""The host, the address and the length of a request, from the plain values that every gateway has."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache
from typing import Final
from urllib.parse import quote

from .._internal import _plain_int
from .._types import Text
from ..exceptions.client import SecurityError
from ..urls import decode_path, decode_query, host_to_unicode, uri_to_iri

# uri-host [ ":" port ]: the letters, digits, dots and dashes of DNS, an IPv4 address among them, or an address in
# brackets.
_host_and_port = re.compile(r"([A-Za-z0-9.\-]++|\[[0-9A-Fa-f:.]++\])(?::([1-9][0-9]{0,4}))?").fullmatch

_DEFAULT_PORTS: Final = {"http": 80, "https": 443, "ws": 80, "wss": 443}
_MAX_PORT: Final = 65535

#: A name has at most 253 characters (RFC 1035 section 2.3.4), a port six with its colon.
_MAX_HOST_LENGTH: Final = 260


@lru_cache(256)
def _split_host(value: str) -> tuple[str, int | None] | None:
    """Take a host and a port apart (RFC 9110 section 7.2); ``None`` if it can't be one."""
    match = _host_and_port(value)

    if match is None:
        return None

    host, port = match[1], None if match[2] is None else int(match[2])

    if port is not None and port > _MAX_PORT:
        return None

    if host[0] == "[" and not _is_ipv6(host[1:-1]):
        return None

    return host, port


def _is_ipv6(value: str) -> bool:
    from ipaddress import AddressValueError, IPv6Address  # noqa: PLC0415 - 2 ms for what few requests have

    try:
        IPv6Address(value)
    except AddressValueError:
        return False

    return True


def _trusted_name(value: str) -> str | None:
    """Return a host of the trusted list, or one to be looked up there, in the form in which they are compared."""
    name = value.strip()

    if not name.isascii():
        try:
            name = name.encode("idna").decode("ascii")
        except UnicodeError:
            return None

    parts = _split_host(name) if len(name) <= _MAX_HOST_LENGTH else None
    return None if parts is None else parts[0].lower()


def host_is_trusted(hostname: str | None, trusted_list: Collection[str] | None = None) -> bool:
    """Say whether a host is in a list.

    Ports don't count, nor does case. A name that begins with a dot stands for itself and all its subdomains.

    :param hostname: the host, with or without a port.
    :param trusted_list: the list; an empty one, or ``None``, trusts every host.
    """
    if not trusted_list:
        return True

    if not hostname or not hostname.isascii():
        return False

    name = _trusted_name(hostname)

    if name is None:
        return False

    if isinstance(trusted_list, str):
        trusted_list = (trusted_list,)

    for entry in trusted_list:
        suffix_match = entry[:1] == "."
        trusted = _trusted_name(entry[1:] if suffix_match else entry)

        if trusted is not None and (name == trusted or (suffix_match and name.endswith(f".{trusted}"))):
            return True

    return False


def get_host(
    scheme: str,
    host_header: str | None,
    server: tuple[str, int | None] | None = None,
    trusted_hosts: Collection[str] | None = None,
) -> str:
    """Return the host that a request is for, with the port unless it is the scheme's own.

    :param scheme: the protocol: ``"http"``, ``"https"``, ``"ws"`` or ``"wss"``.
    :param host_header: the value of ``Host``.
    :param server: address and port of the server, for a request without the header; a Unix socket has
        no port, and no host.
    :param trusted_hosts: the hosts that are allowed.
    :return: the host; an empty text if there is none, or if what stands there can't be one.
    :raises SecurityError: if the host isn't trusted.
    """
    value = ""

    if host_header is not None:
        value = host_header
    elif server is not None and server[1] is not None:
        name, number = server
        value = f"[{name}]:{number}" if ":" in name and name[0] != "[" else f"{name}:{number}"

    parts = _split_host(value) if 0 < len(value) <= _MAX_HOST_LENGTH else None

    if parts is None:
        host = ""
    else:
        host, port = parts

        if port is not None and port != _DEFAULT_PORTS.get(scheme):
            host = f"{host}:{port}"

    if trusted_hosts is not None and not host_is_trusted(host, trusted_hosts):
        raise SecurityError(f"Host {host!r} is not trusted.")

    return host


_PATH_SAFE: Final = "!$&'()*+,/:;=@%[]"


def get_current_url(
    scheme: str,
    host: str,
    root_path: Text = None,
    path: Text = None,
    query_string: bytes | None = None,
) -> str:
    """Put the address of a request together, as an IRI.

    :param scheme: the protocol.
    :param host: the host, see :func:`get_host`.
    :param root_path: the path that the application is mounted at; ``None`` stops behind the host.
    :param path: the rest of the path; ``None`` stops behind the root.
    :param query_string: the query.
    """
    origin = _origin(scheme, host)
    pieces = [origin or f"{scheme}://{host}"]

    if root_path is not None and (root := root_path.rstrip("/")):
        # A root without its slash would become a part of the host.
        pieces.append(_readable_path(root if root[0] == "/" else f"/{root}"))

    pieces.append("/")

    if root_path is not None and path is not None:
        pieces.append(_readable_path(path.lstrip("/")))

        if query_string:
            safe = _plain_query(query_string)
            text = query_string.decode("ascii") if safe else quote(query_string, safe=_QUERY_SAFE)
            pieces.append(f"?{decode_query(text)}")

    url = "".join(pieces)
    return url if origin else uri_to_iri(url)


# A host in lower case, or in brackets, and its port, or none at all: what uri_to_iri() would leave alone, or only
# decode.
_plain_host = re.compile(r"(?:[a-z0-9.\-]+|\[[0-9a-f:.]+\])?(?::[1-9][0-9]{0,3})?").fullmatch


@lru_cache(256)
def _origin(scheme: str, host: str) -> str:
    """Return the first part of an address, readable; an empty text for a host that the whole must be looked at for."""
    return f"{scheme}://{host_to_unicode(host)}" if _plain_host(host) else ""


_plain_path = re.compile(r"[\w.~!$&'()*+,/:;=@\-]*").fullmatch
_plain_query = re.compile(rb"[A-Za-z0-9_.~!$&'()*+,/:;=?@%\-]*").fullmatch
_QUERY_SAFE: Final = "!$&'()*+,/:;=?@%"


def _readable_path(path: str) -> str:
    """Escape what can't stand in a path, but for characters that everybody can read."""
    return path if _plain_path(path) else decode_path(quote(path, safe=_PATH_SAFE, errors="replace"))


def get_content_length(http_content_length: str | None = None, http_transfer_encoding: str | None = None) -> int | None:
    """Return the length of a request's body.

    :param http_content_length: the value of ``Content-Length``.
    :param http_transfer_encoding: the value of ``Transfer-Encoding``: with ``chunked``, there is no length (RFC 9112
        section 6.3).
    :return: the length in bytes; ``None`` if it isn't known, 0 for a value that can't be one.
    """
    if http_transfer_encoding is not None and _is_chunked(http_transfer_encoding):
        return None

    if http_content_length is None:
        return None

    try:
        if http_content_length.isdigit() and http_content_length.isascii():
            return int(http_content_length)

        return max(0, _plain_int(http_content_length))
    except ValueError:
        return 0


def _is_chunked(transfer_encoding: str) -> bool:
    return "chunked" in {coding.strip().lower() for coding in transfer_encoding.split(",")}
