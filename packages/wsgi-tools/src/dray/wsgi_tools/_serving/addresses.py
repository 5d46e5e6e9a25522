"""Where a server listens: host names, unix sockets, address families."""

from __future__ import annotations

import os
import socket

#: What a host that is a path to a unix socket begins with.
UNIX_PREFIX = "unix://"
_AF_INET6: socket.AddressFamily = getattr(socket, "AF_INET6", socket.AF_INET)
af_unix: socket.AddressFamily | None = getattr(socket, "AF_UNIX", None)


def select_address_family(host: str, port: int) -> socket.AddressFamily:
    """Return the address family for a host: a unix socket, IPv6 when there is a colon in it, or IPv4."""
    if af_unix is not None and host.startswith(UNIX_PREFIX):
        return af_unix
    return _AF_INET6 if ":" in host else socket.AF_INET


def get_sockaddr(host: str, port: int, family: socket.AddressFamily) -> tuple[str, int] | str:
    """Return the address to bind to: an absolute path for a unix socket, else a resolved host and the port."""
    if af_unix is not None and family == af_unix:
        return os.path.abspath(host.removeprefix(UNIX_PREFIX))
    try:
        found = socket.getaddrinfo(host, port, family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    except OSError:
        return host, port
    return found[0][4]  # type: ignore[return-value]


def get_interface_ip(family: socket.AddressFamily) -> str:
    """Return the address under which other machines reach this one; loopback when there is no network.

    Nothing is sent: connecting a datagram socket only chooses a route.
    """
    # Any address that is not local will do, private ones tell nobody.
    target = "fd00::1" if family == _AF_INET6 else "10.254.254.254"
    with socket.socket(family, socket.SOCK_DGRAM) as sock:
        try:
            sock.connect((target, 9))
        except OSError:
            return "::1" if family == _AF_INET6 else "127.0.0.1"
        return str(sock.getsockname()[0])


def is_loopback(host: str) -> bool:
    """Say whether only this machine can reach a server that is bound to a host."""
    return (
        host.startswith((UNIX_PREFIX, "127.")) or host in ("localhost", "::1", "[::1]") or host.endswith(".localhost")
    )
