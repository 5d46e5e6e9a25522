"""The servers that the application has to run under: how each is started, and what it can't do.

A server is started by a command on a port of the loopback interface, from a folder of its own that holds its
configuration, its log, and ``gateway.py``, whose ``application`` is the one to serve. To add one, add a line to
:data:`SERVERS`; the checks are in ``test_gateways.py``.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Command = Callable[[Path, int], list[str]]
#: Who servers run as that don't serve as root, when the tests do.
UNPRIVILEGED = "www-data" if os.geteuid() == 0 else None


@dataclass(frozen=True)
class Server:
    """A server.

    :param name: What it is called in the tests.
    :param command: Makes its command from its folder and its port; writes its configuration, too.
    :param protocol: What it speaks to the application: the name in an application's module.
    :param program: A program that must be on the path, for servers that aren't in Python's package index. They run
        the system's own Python, maybe as somebody who can't read this checkout, so they get copies of the sources.
    :param packages: The Debian packages that bring it.
    :param lacks: What it isn't able to do, by the names that the checks have for it.
    """

    name: str
    command: Command
    protocol: str = "wsgi"
    program: str | None = None
    packages: str = ""
    lacks: frozenset[str] = frozenset()

    @property
    def missing(self) -> str | None:
        """Say how to install it if it isn't there."""
        if self.program is None or shutil.which(self.program):
            return None
        return f"{self.program} isn't installed: apt-get install --no-install-recommends {self.packages}"


def _gunicorn(*options: str) -> Command:
    def command(folder: Path, port: int) -> list[str]:
        bind = ["--bind", f"127.0.0.1:{port}", "--timeout", "20", "--graceful-timeout", "5", "--keep-alive", "5"]
        return [sys.executable, "-m", "gunicorn", *bind, "--no-control-socket", *options, "gateway:application"]

    return command


def _waitress(folder: Path, port: int) -> list[str]:
    return [sys.executable, "-m", "waitress", f"--listen=127.0.0.1:{port}", "--threads=16", "gateway:application"]


def _cheroot(folder: Path, port: int) -> list[str]:
    return [sys.executable, "-m", "cheroot", "--bind", f"127.0.0.1:{port}", "--threads", "16", "gateway:application"]


def _uwsgi(folder: Path, port: int) -> list[str]:
    (folder / "uwsgi.ini").write_text(
        "[uwsgi]\n"
        "plugin = python3\n"
        "wsgi-file = gateway.py\n"
        f"http-socket = 127.0.0.1:{port}\n"
        "master = true\nprocesses = 2\nthreads = 8\ndie-on-term = true\nworker-reload-mercy = 5\n"
        # Headers that were sent can't be taken back, and it tells of clients that have gone as of errors.
        "ignore-sigpipe = true\nignore-write-errors = true\n"
    )
    return ["uwsgi", "--ini", "uwsgi.ini"]


def _mod_wsgi(folder: Path, port: int) -> list[str]:
    modules = Path("/usr/lib/apache2/modules")
    user = f"User {UNPRIVILEGED}\nGroup {UNPRIVILEGED}\n" if UNPRIVILEGED else ""
    (folder / "apache.conf").write_text(
        f"ServerRoot {folder}\nServerName 127.0.0.1\nListen 127.0.0.1:{port}\n{user}"
        f"PidFile {folder}/apache.pid\nErrorLog {folder}/apache.log\nDefaultRuntimeDir {folder}\n"
        f"LoadModule mpm_event_module {modules}/mod_mpm_event.so\n"
        f"LoadModule authz_core_module {modules}/mod_authz_core.so\n"
        f"LoadModule wsgi_module {modules}/mod_wsgi.so\n"
        f"WSGISocketPrefix {folder}/wsgi\n"
        f"WSGIDaemonProcess gateway processes=2 threads=8\n"
        "WSGIProcessGroup gateway\nWSGIApplicationGroup %{GLOBAL}\nWSGIChunkedRequest On\n"
        f"WSGIScriptAlias / {folder}/gateway.py\n"
        f"<Directory {folder}>\nRequire all granted\n</Directory>\n"
    )
    return ["apache2", "-f", f"{folder}/apache.conf", "-DFOREGROUND"]


def _uvicorn(folder: Path, port: int) -> list[str]:
    options = ["--host", "127.0.0.1", "--port", str(port), "--timeout-graceful-shutdown", "5"]
    return [sys.executable, "-m", "uvicorn", *options, "gateway:application"]


def _hypercorn(folder: Path, port: int) -> list[str]:
    return [sys.executable, "-m", "hypercorn", "--bind", f"127.0.0.1:{port}", "gateway:application"]


def _granian(interface: str, *options: str) -> Command:
    def command(folder: Path, port: int) -> list[str]:
        bind = ["--interface", interface, "--host", "127.0.0.1", "--port", str(port), *options]
        return [sys.executable, "-m", "granian", *bind, "gateway:application"]

    return command


SERVERS = [
    Server("gunicorn-sync", _gunicorn("--workers", "2")),
    Server("gunicorn-gthread", _gunicorn("--worker-class", "gthread", "--threads", "8")),
    Server("gunicorn-gevent", _gunicorn("--worker-class", "gevent")),
    Server("waitress", _waitress),
    Server("cheroot", _cheroot),
    Server(
        "uwsgi",
        _uwsgi,
        program="uwsgi",
        packages="uwsgi-core uwsgi-plugin-python3",
        # Chunks are read by an API of its own, and when the application fails it just closes the connection.
        lacks=frozenset({"chunked request", "error page"}),
    ),
    Server(
        "granian-wsgi",
        _granian("wsgi", "--blocking-threads", "8"),
        # The text of a header stands for bytes, one a character (PEP 3333); it sends the UTF-8 of the text.
        lacks=frozenset({"bytes of a header"}),
    ),
    Server("uvicorn", _uvicorn, protocol="asgi"),
    # Tasks and connections of its own outlive clients that go while much is going on.
    Server("hypercorn", _hypercorn, protocol="asgi", lacks=frozenset({"forgetting clients"})),
    # It forgets the code of a WebSocket's end when the application has just waited for a message.
    Server("granian", _granian("asgi"), protocol="asgi", lacks=frozenset({"close code"})),
    Server("mod_wsgi", _mod_wsgi, program="apache2", packages="apache2-bin libapache2-mod-wsgi-py3"),
]
