"""Starts each server with each application on a free port of the loopback interface, and stops it by its own handle."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sysconfig
import time
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse, RemoteDisconnected
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from servers import SERVERS, UNPRIVILEGED, Server

HERE = Path(__file__).parent
#: The applications, with the protocols that each speaks.
APPLICATIONS = {"tools": {"wsgi", "asgi"}, "framework": {"wsgi", "asgi"}}
#: What they are made of.
COPIED = [*(f"dray.{name}" for name in ("cli_kit", "framework", "safe_strings", "signing", "templating", "wsgi_tools"))]
COPIED += ["blinker"]
#: How long a server may take to answer first, or to end, in seconds.
PATIENCE = 20

#: What each server serves. Not every server runs in the environment that the sources are installed in.
MODULE = """\
import os, site, sys
os.environ["GATEWAY_FOLDER"] = {folder!r}
site.addsitedir({packages!r})
sys.path.insert(0, {sources!r})
from applications.{application} import {protocol} as application
"""


class Gateway:
    """A server that runs.

    :param server: Which one.
    :param port: Its port.
    :param folder: Its folder, where the application leaves its signs.
    :param is_validated: Whether the application has the standard library's validator around it, below ``/validated``.
    """

    def __init__(self, server: Server, port: int, folder: Path, is_validated: bool) -> None:
        self.server, self.port, self.folder, self.is_validated = server, port, folder, is_validated

    def connect(self) -> HTTPConnection:
        """Open a connection."""
        return HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)

    def ask(self, method: str, target: str, body: Any = None, **headers: str) -> HTTPResponse:
        """Send one request on its own connection; the answer has been read, and its ``body`` is there."""
        connection = self.connect()
        try:
            return ask(connection, method, target, body, **headers)
        finally:
            connection.close()

    def raw(self, data: bytes) -> socket.socket:
        """Open a connection and send bytes."""
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        connection.sendall(data)
        return connection

    def waits_for(self, sign: str, seconds: float = PATIENCE / 2) -> bool:
        """Say whether the application leaves a sign before long."""
        end = time.monotonic() + seconds
        while not (self.folder / sign).exists() and time.monotonic() < end:
            time.sleep(0.02)
        return (self.folder / sign).exists()


def ask(connection: HTTPConnection, method: str, target: str, body: Any = None, **headers: str) -> HTTPResponse:
    """Send a request on a connection that may be open already; underscores in names of headers are hyphens.

    Servers may close a connection between two requests, also without a word: then it is opened anew, once.
    """
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    was_open = connection.sock is not None
    try:
        connection.request(method, target, body, fields)
        response = connection.getresponse()
    except (RemoteDisconnected, ConnectionResetError, BrokenPipeError):
        connection.close()
        if not was_open:
            raise
        connection.request(method, target, body, fields)
        response = connection.getresponse()
    response.body = response.read()  # type: ignore[attr-defined]
    return response


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def _wait(process: subprocess.Popen[bytes], gateway: Gateway) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            if gateway.ask("GET", "/address").status == 200:
                return
            reason = "answers with an error"
        except OSError as error:
            reason = f"doesn't answer: {error}"
        if process.poll() is not None:
            reason = f"ended with {process.returncode}"
        elif time.monotonic() < end:
            time.sleep(0.05)
            continue
        logs = "\n".join(path.read_text(errors="replace") for path in sorted(gateway.folder.glob("*.log")))
        pytest.fail(f"{gateway.server.name} {reason}.\n{logs}", pytrace=False)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End a server, and then what is left of the processes that it started."""
    process.terminate()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        pass
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait(PATIENCE)


def pairs(*protocols_wanted: str, applications: tuple[str, ...] = tuple(APPLICATIONS)) -> list[Any]:
    """Give each server with each application that it can serve, as parameters of a test.

    :param protocols_wanted: Only servers of these protocols; all by default.
    :param applications: Only these.
    """
    return [
        pytest.param((server, application), id=f"{server.name}-{application}")
        for server in SERVERS
        for application, protocols in APPLICATIONS.items()
        if application in applications
        and server.protocol in protocols
        and server.protocol in (protocols_wanted or protocols)
    ]


@pytest.fixture(scope="session", params=pairs())
def gateway(request: pytest.FixtureRequest) -> Iterator[Gateway]:
    """A server with an application: every check runs on each pair of them."""
    server, application = request.param
    if server.missing:
        pytest.skip(server.missing)
    with TemporaryDirectory(prefix="dray-gateway-") as name:
        folder = Path(name)
        _furnish(folder, server, application)
        gateway = Gateway(server, _free_port(), folder, (application, server.protocol) == ("tools", "wsgi"))
        command = server.command(folder, gateway.port)
        with open(folder / "server.log", "wb") as log:
            process = subprocess.Popen(
                command, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        try:
            _wait(process, gateway)
            yield gateway
        finally:
            _stop(process)


def _furnish(folder: Path, server: Server, application: str) -> None:
    """Put what is served into the folder of a server."""
    sources, packages = HERE, sysconfig.get_path("purelib")
    if server.program is not None:
        sources = folder / "sources"
        packages = str(sources)
        shutil.copytree(HERE / "applications", sources / "applications")
        for name in COPIED:
            origin = find_spec(name).submodule_search_locations[0]  # type: ignore[union-attr, index]
            shutil.copytree(origin, sources.joinpath(*name.split(".")), ignore=shutil.ignore_patterns("*.so"))
    values = {"packages": packages, "sources": str(sources), "folder": str(folder)}
    module = MODULE.format(application=application, protocol=server.protocol, **values)
    (folder / "gateway.py").write_text(module, "utf-8")
    (folder / "file.bin").write_bytes(bytes(range(256)) * 12_000)
    if server.program is not None and UNPRIVILEGED:
        shutil.chown(folder, UNPRIVILEGED)
        folder.chmod(0o755)


@pytest.fixture(autouse=True)
def _needs(request: pytest.FixtureRequest, gateway: Gateway) -> None:
    """Leave out what a server isn't able to do; its line in ``servers.py`` says so."""
    for mark in request.node.iter_markers("needs"):
        for need in mark.args:
            if need in gateway.server.lacks:
                pytest.skip(f"{gateway.server.name} doesn't do this: {need}")


def pytest_configure(config: pytest.Config) -> None:
    """Register the mark of what a check needs from a server."""
    config.addinivalue_line("markers", "needs(*names): what a server has to be able to do")
