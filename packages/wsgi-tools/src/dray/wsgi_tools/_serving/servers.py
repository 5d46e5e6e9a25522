"""The servers: one connection at a time, a thread for each, or a process for each."""

from __future__ import annotations

import errno
import os
import socket
import ssl
import sys
from contextlib import suppress
from http.server import HTTPServer
from socketserver import ThreadingMixIn
from typing import TYPE_CHECKING, Any

from .._internal import _log
from .addresses import UNIX_PREFIX, af_unix, get_interface_ip, get_sockaddr, select_address_family
from .handler import WSGIRequestHandler
from .tls import SSLContextArg, as_context

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

#: Whether this platform can serve with processes.
can_fork = hasattr(os, "fork")
if can_fork:
    from socketserver import ForkingMixIn
else:  # Windows

    class ForkingMixIn:  # type: ignore[no-redef]
        """Stands for the class that is missing, so that the server below can be named everywhere."""


_Handler = type[WSGIRequestHandler] | None
_Tls = SSLContextArg | None
_Descriptor = int | None
#: Connections that the system holds until they are accepted.
LISTEN_QUEUE = 128
_ANY_ADDRESS = {"0.0.0.0", "::"}  # noqa: S104 - compared, not bound


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 - slow to import

    try:
        return version("dray-wsgi-tools")
    except PackageNotFoundError:
        return "dev"


def _cannot_listen(error: OSError, host: str, port: int) -> SystemExit:
    """Say in one sentence why there is no server."""
    place = host if host.startswith(UNIX_PREFIX) else f"{host}:{port}"
    if error.errno == errno.EADDRINUSE:
        text = f"Port {port} on {host} is in use by another program: stop it, or choose another port."
        if host.startswith(UNIX_PREFIX):
            path = host.removeprefix(UNIX_PREFIX)
            text = f"The socket {path} is in use by another program: stop it, or choose another path."
        elif sys.platform == "darwin" and port == 5000:
            text += " On macOS it may be the AirPlay receiver, which can be switched off in the system settings."
    elif error.errno in (errno.EACCES, errno.EPERM):
        text = f"Not allowed to listen on {place}: choose a port above 1023, or run with the rights that it needs."
    else:
        text = f"Can't listen on {place}: {error.strerror or error}."
    return SystemExit(text)


class BaseWSGIServer(HTTPServer):
    """Serves a WSGI application, one connection at a time. For development.

    :param host: The host to bind to, or ``unix://`` and a path.
    :param port: The port; 0 for any that is free.
    :param app: The application.
    :param handler: Class that serves a connection.
    :param passthrough_errors: Let errors of the application end the server.
    :param ssl_context: A context, paths of certificate and key, or ``"adhoc"``.
    :param fd: A file descriptor that listens already.
    :raises SystemExit: It isn't possible to listen there; the message says why.
    """

    allow_reuse_address = True
    request_queue_size = LISTEN_QUEUE
    #: Whether requests are served by threads, and whether by processes.
    multithread = multiprocess = False

    def __init__(
        self,
        host: str,
        port: int,
        app: WSGIApplication,
        handler: _Handler = None,
        passthrough_errors: bool = False,
        ssl_context: _Tls = None,
        fd: _Descriptor = None,
    ) -> None:
        self.address_family = select_address_family(host, port)
        self.app = app
        self.passthrough_errors = passthrough_errors
        self.ssl_context: ssl.SSLContext | None = as_context(ssl_context)
        self._server_version = f"Dray/{_version()}"
        address = get_sockaddr(host, port, self.address_family)
        super().__init__(address, handler or WSGIRequestHandler, bind_and_activate=False)  # type: ignore[arg-type]
        if fd is None:
            self._listen(host, port, address)
        else:
            self.socket.close()
            self.socket = socket.fromfd(fd, self.address_family, socket.SOCK_STREAM)
            self.server_address = self.socket.getsockname()
        self.host = host
        self.port = self.server_address[1] if self._has_port else 0
        self.server_name, self.server_port = self._environ_name, self.port
        if self.ssl_context is not None:
            # The handshake is left to the connection's own thread: a silent client must not stop the others.
            self.socket = self.ssl_context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    @property
    def _has_port(self) -> bool:
        return self.address_family != af_unix

    @property
    def _environ_name(self) -> str:
        return str(self.server_address[0]) if self._has_port else "localhost"

    @property
    def _environ_port(self) -> int:
        return self.port if self._has_port else (80 if self.ssl_context is None else 443)

    def _listen(self, host: str, port: int, address: Any) -> None:
        if not self._has_port and _is_stale_socket(address):
            os.unlink(address)
        try:
            self.server_bind()
            self.server_activate()
        except OSError as error:
            self.server_close()
            raise _cannot_listen(error, host, port) from None
        except BaseException:
            self.server_close()
            raise

    def server_bind(self) -> None:
        """Bind the socket, without the reverse look-up of the host that Python's server does."""
        if self._has_port and self.allow_reuse_address:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()

    def log(self, type: str, message: str, *args: Any) -> None:
        """Log something about the server.

        :param type: The level.
        :param message: The message, with ``%`` placeholders.
        :param args: Their values.
        """
        _log(type, message, *args)

    def serve_forever(self, poll_interval: float = 0.5) -> None:
        """Serve until :meth:`shutdown` or Ctrl+C, then close the socket.

        :param poll_interval: Seconds between two looks at whether to stop.
        """
        with self, suppress(KeyboardInterrupt):  # a server closes its socket at the end of a `with`
            super().serve_forever(poll_interval)

    def handle_error(self, request: Any, client_address: tuple[str, int] | str) -> None:
        """Handle an error outside of the application: end the server with ``passthrough_errors``, else log it."""
        if self.passthrough_errors:
            raise  # noqa: PLE0704 - called while an error is handled
        super().handle_error(request, client_address)

    def log_startup(self) -> None:
        """Log where the server can be reached."""
        lines = ["WARNING: This is a development server. Use a production WSGI server to serve other people."]
        if not self._has_port:
            lines.append(f" * Running on {self.host}")
        else:
            scheme = "http" if self.ssl_context is None else "https"
            hosts = [self.host]
            if self.host in _ANY_ADDRESS:
                lines.append(f" * Running on all addresses ({self.host})")
                loopback = "::1" if self.address_family == socket.AF_INET6 else "127.0.0.1"
                hosts = [loopback, get_interface_ip(socket.AddressFamily(self.address_family))]
            for host in hosts:
                lines.append(f" * Running on {scheme}://{f'[{host}]' if ':' in host else host}:{self.port}")
        _log("info", "\n".join(lines).replace("%", "%%"))


class ThreadedWSGIServer(ThreadingMixIn, BaseWSGIServer):
    """Serves each connection in a thread of its own."""

    daemon_threads = True
    multithread = True


class ForkingWSGIServer(ForkingMixIn, BaseWSGIServer):
    """Serves each connection in a process of its own.

    :param processes: Most processes at a time. The other parameters are those of :class:`BaseWSGIServer`.
    :raises ValueError: The platform can't fork.
    """

    multiprocess = True

    def __init__(
        self,
        host: str,
        port: int,
        app: WSGIApplication,
        processes: int = 40,
        handler: _Handler = None,
        passthrough_errors: bool = False,
        ssl_context: _Tls = None,
        fd: _Descriptor = None,
    ) -> None:
        if not can_fork:
            raise ValueError("This platform can't fork: serve with threads.")
        self.max_children = processes
        super().__init__(host, port, app, handler, passthrough_errors, ssl_context, fd)


def _is_stale_socket(path: str) -> bool:
    """Say whether a unix socket is left over from a server that is gone."""
    if af_unix is None or not os.path.exists(path):
        return False
    with socket.socket(af_unix, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(path)
        except ConnectionRefusedError:
            return True
        except OSError:
            return False
    return False
