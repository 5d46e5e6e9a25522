"""What a request costs the process of a real server, whatever else the machine does: its processor time.

Run it with ``nox -s bench -- framework``. A row's figure is the time that the server's processes took, user and
system, for each of a few thousand requests by eight connections at a time. A client that reads and writes bytes asks
in turn, so the wall clock plays no part.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

# The clock of processes ticks each 10 ms: in a round, that is 1.25 us a request.
CONNECTIONS, REQUESTS = 8, 1000
HEADERS = [f"X-Header-{number}: value" for number in range(13)]
COOKIES = "; ".join(f"cookie{number}=value{number}" for number in range(5))
SERVERS = {
    "gunicorn sync": ["gunicorn", "-b", "127.0.0.1:{port}", "-w", "1", "--log-level", "warning"],
    "gunicorn gthread": ["gunicorn", "-b", "127.0.0.1:{port}", "-k", "gthread", "--threads", "8"],
    "uvicorn": ["uvicorn", "--port", "{port}", "--no-access-log", "--log-level", "warning"],
}
PEERS = {"gunicorn sync": ("flask", "dray"), "gunicorn gthread": ("flask", "dray")}
PEERS["uvicorn"] = ("quart", "starlette", "dray")
CASES = [(server, path, peer) for server, peers in PEERS.items() for path in ("/", "/json") for peer in peers]


class Meter:
    """A clock that runs by the processor time of a server for a request: :meth:`read` is the benchmark's timer."""

    total = 0.0

    def read(self) -> float:
        """Return the sum of what was measured, in seconds."""
        return self.total

    def measure(self, server: psutil.Process, port: int, path: str) -> None:
        """Let a server answer, and move on by what each answer took."""
        before = used(server)
        asyncio.run(ask(port, path))
        self.total += (used(server) - before) / (CONNECTIONS * REQUESTS)


METER = Meter()


def used(server: psutil.Process) -> float:
    """Return the processor time of a server and its workers, in seconds."""
    times = [process.cpu_times() for process in (server, *server.children(recursive=True))]
    return sum(one.user + one.system for one in times)


async def ask(port: int, path: str) -> None:
    """Ask by several connections, each one request after the other."""
    lines = [f"GET {path} HTTP/1.1", "Host: localhost", f"Cookie: {COOKIES}", *HEADERS, "", ""]
    request = "\r\n".join(lines).encode()
    await asyncio.gather(*(_ask_in_turn(port, request) for _ in range(CONNECTIONS)))


async def _ask_in_turn(port: int, request: bytes) -> None:
    reader = writer = None
    for _ in range(REQUESTS):
        if reader is None or writer is None:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.partition(b"content-length: ")[2].split(b"\r\n")[0])
        content = await reader.readexactly(length)
        assert head.split()[1] == b"200"
        assert b"Hello, World!" in content
        if b"connection: close" in head:
            writer.close()
            reader = writer = None
    if writer is not None:
        writer.close()


@contextlib.contextmanager
def serving(server: str, peer: str) -> Iterator[tuple[psutil.Process, int]]:
    """Start a server with an application, and stop it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    module, *options = [part.format(port=port) for part in SERVERS[server]]
    name = f"served_apps:{peer}_{'asgi' if module == 'uvicorn' else 'wsgi'}"
    process = subprocess.Popen([sys.executable, "-m", module, *options, name], cwd=Path(__file__).parent)
    try:
        wait_for(port, process)
        yield psutil.Process(process.pid), port
    finally:
        process.terminate()
        process.wait(20)


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until a server answers."""
    for _ in range(200):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        assert process.poll() is None, "the server ended"
        time.sleep(0.1)
    raise TimeoutError("the server doesn't answer")


@pytest.mark.benchmark(timer=METER.read)
@pytest.mark.parametrize(("server", "path", "peer"), CASES)
def bench_server(benchmark: Any, server: str, path: str, peer: str) -> None:
    """Eight thousand requests a round."""
    with serving(server, peer) as (process, port):
        asyncio.run(ask(port, path))
        benchmark.group = f"{server}: {'hello' if path == '/' else 'json'}"
        benchmark.extra_info.update(peer=peer, baseline=PEERS[server][0])
        benchmark.pedantic(METER.measure, (process, port, path), rounds=5)
