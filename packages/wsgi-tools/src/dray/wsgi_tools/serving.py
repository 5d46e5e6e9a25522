"""The development server: HTTP/1.1, threads or processes, TLS, a reloader and a debugger.

It serves one developer well. It isn't meant for production, where nobody should depend on it to withstand the internet.
The parts are in ``_serving``; this module has their public names, and the two functions that start a server.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from ._serving.addresses import get_interface_ip, get_sockaddr, is_loopback, select_address_family
from ._serving.bodies import DechunkedInput
from ._serving.handler import WSGIRequestHandler, connection_dropped_errors
from ._serving.servers import LISTEN_QUEUE, BaseWSGIServer, ForkingWSGIServer, ThreadedWSGIServer, can_fork
from ._serving.tls import (
    SSLContextArg,
    generate_adhoc_ssl_context,
    generate_adhoc_ssl_pair,
    is_ssl_error,
    load_ssl_context,
    make_ssl_devcert,
)

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

__all__ = [
    "LISTEN_QUEUE",
    "BaseWSGIServer",
    "DechunkedInput",
    "ForkingWSGIServer",
    "ThreadedWSGIServer",
    "WSGIRequestHandler",
    "can_fork",
    "connection_dropped_errors",
    "generate_adhoc_ssl_context",
    "generate_adhoc_ssl_pair",
    "get_interface_ip",
    "get_sockaddr",
    "is_running_from_reloader",
    "is_ssl_error",
    "load_ssl_context",
    "make_server",
    "make_ssl_devcert",
    "run_simple",
    "select_address_family",
]

_Handler = type[WSGIRequestHandler] | None
_Tls = SSLContextArg | None
_Descriptor = int | None
_Paths = Iterable[str] | None
_Exports = dict[str, str | tuple[str, str]] | None
#: Tells a child of the reloader which descriptor listens, so that the port stays open between two runs.
_FD_VARIABLE = "WERKZEUG_SERVER_FD"


def is_running_from_reloader() -> bool:
    """Say whether this process was started by the reloader, to serve."""
    return os.environ.get("WERKZEUG_RUN_MAIN") == "true"


def make_server(
    host: str,
    port: int,
    app: WSGIApplication,
    threaded: bool = False,
    processes: int = 1,
    request_handler: _Handler = None,
    passthrough_errors: bool = False,
    ssl_context: _Tls = None,
    fd: _Descriptor = None,
) -> BaseWSGIServer:
    """Make a server that listens already; ``serve_forever()`` serves.

    :param host: The host to bind to, or ``unix://`` and a path.
    :param port: The port; 0 for any that is free (see ``server.port``).
    :param app: The application.
    :param threaded: Serve each connection in a thread.
    :param processes: With more than one, serve each connection in a process, that many at a time.
    :param request_handler: Class that serves a connection.
    :param passthrough_errors: Let errors of the application end the server.
    :param ssl_context: A context, paths of certificate and key, or ``"adhoc"``.
    :param fd: A file descriptor that listens already.
    :raises ValueError: Both threads and processes were asked for.
    :raises SystemExit: It isn't possible to listen there; the message says why.
    """
    if threaded and processes > 1:
        raise ValueError("Cannot have a multi-thread and multi-process server.")
    if processes > 1:
        return ForkingWSGIServer(host, port, app, processes, request_handler, passthrough_errors, ssl_context, fd)
    server = ThreadedWSGIServer if threaded else BaseWSGIServer
    return server(host, port, app, request_handler, passthrough_errors, ssl_context, fd)


def _with_files(application: WSGIApplication, exports: dict[str, str | tuple[str, str]]) -> WSGIApplication:
    from .middleware.shared_data import SharedDataMiddleware  # noqa: PLC0415 - needed for static files only

    return SharedDataMiddleware(application, exports)


def _with_debugger(application: WSGIApplication, hostname: str, evalex: bool) -> WSGIApplication:
    from .debug import DebuggedApplication  # noqa: PLC0415 - needed for debugging only

    if evalex and not is_loopback(hostname):
        # Whoever reaches the console owns the machine; from another one it takes more than a password.
        from ._internal import _log  # noqa: PLC0415 - the same

        _log("warning", " * The debugger's console is off: the server isn't bound to a loopback address.")
        evalex = False
    debugged = DebuggedApplication(application, evalex=evalex)
    debugged.trusted_hosts.append(hostname)
    return debugged


def run_simple(
    hostname: str,
    port: int,
    application: WSGIApplication,
    use_reloader: bool = False,
    use_debugger: bool = False,
    use_evalex: bool = True,
    extra_files: _Paths = None,
    exclude_patterns: _Paths = None,
    reloader_interval: int = 1,
    reloader_type: str = "auto",
    threaded: bool = False,
    processes: int = 1,
    request_handler: _Handler = None,
    static_files: _Exports = None,
    passthrough_errors: bool = False,
    ssl_context: _Tls = None,
) -> None:
    """Serve an application until Ctrl+C.

    :param hostname: The host to bind to, or ``unix://`` and a path.
    :param port: The port.
    :param application: The application.
    :param use_reloader: Start again when a source file changes.
    :param use_debugger: Show errors with their traceback.
    :param use_evalex: With a console in each frame; only when bound to a loopback address.
    :param extra_files: More files, or directories, that the reloader watches.
    :param exclude_patterns: :mod:`fnmatch` patterns of paths that it doesn't watch.
    :param reloader_interval: Seconds between two looks at the files.
    :param reloader_type: ``stat``, ``watchfiles``, or ``auto`` for the best that is installed.
    :param threaded: As for :func:`make_server`. So are the rest.
    :param static_files: Paths of the URL with the directories that are served there (see
        :class:`~dray.wsgi_tools.middleware.shared_data.SharedDataMiddleware`).
    :raises TypeError: The port isn't a number.
    """
    if type(port) is not int:
        raise TypeError(f"port must be an integer, not {port!r}")
    application = _with_files(application, static_files) if static_files else application
    # A reloader's first process only listens: the second one serves, and says how to log in.
    if use_debugger and (is_running_from_reloader() or not use_reloader):
        application = _with_debugger(application, hostname, use_evalex)
    inherited = os.environ.get(_FD_VARIABLE) if is_running_from_reloader() else None
    server = make_server(
        hostname,
        port,
        application,
        threaded,
        processes,
        request_handler,
        passthrough_errors,
        ssl_context,
        fd=None if inherited is None else int(inherited),
    )
    server.socket.set_inheritable(True)
    os.environ[_FD_VARIABLE] = str(server.fileno())
    if not is_running_from_reloader():
        server.log_startup()
        server.log("info", "Press CTRL+C to quit")
    if not use_reloader:
        try:
            server.serve_forever()
        finally:
            os.environ.pop(_FD_VARIABLE, None)
        return
    from ._reloader import run_with_reloader  # noqa: PLC0415 - needed for reloading only

    try:
        run_with_reloader(
            server.serve_forever,
            extra_files=extra_files,
            exclude_patterns=exclude_patterns,
            interval=reloader_interval,
            reloader_type=reloader_type,
        )
    finally:
        server.server_close()
