"""What a process that answers requests keeps in memory, beside Flask's: a fresh interpreter for each figure.

Run it with ``nox -s bench -- framework``; it needs Linux's ``/proc``. The table shows megabytes where other rows have
microseconds: the size is handed to the benchmark as its time. Modules are compiled to bytecode before anything is
weighed, because what compiling took stays with a process. Both peers answer the same requests with the same text,
which is checked on the way: a template, a session that is written, a form, and a page that isn't there.
"""

from __future__ import annotations

import os
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest

IMPORTS = {"flask": "flask", "dray": "dray.framework"}
PROGRAM = """
import io, sys
import {module} as library
from pathlib import Path

app = getattr(library, "{kind}")("app")
app.secret_key = "key"
PAGE = "<ul>{{% for item in items %}}<li>{{{{ item }}}}</li>{{% endfor %}}</ul>"

@app.get("/page/<int:number>")
def page(number):
    return library.render_template_string(PAGE, items=[number, "<&>"])

@app.get("/visits")
def visits():
    library.session["visits"] = library.session.get("visits", 0) + 1
    return str(library.session["visits"])

@app.post("/form")
def form():
    return library.request.form["name"]

def ask(method, path, expected, body=b""):
    environ = {{
        "REQUEST_METHOD": method, "SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": "q=word",
        "SERVER_NAME": "localhost", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "localhost",
        "REMOTE_ADDR": "127.0.0.1", "CONTENT_TYPE": "application/x-www-form-urlencoded" if body else "",
        "CONTENT_LENGTH": str(len(body)), "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr, "wsgi.version": (1, 0), "wsgi.multithread": False, "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }}
    statuses = []
    answer = app(environ, lambda status, headers, info=None: statuses.append(status))
    content = b"".join(answer)
    getattr(answer, "close", int)()
    assert (statuses[0][:3], expected in content) == ("404" if path == "/missing" else "200", True), (statuses, content)

for number in range({count} // 4):
    ask("GET", f"/page/{{number}}", b"<li>%d</li><li>&lt;&amp;&gt;</li>" % number)
    ask("GET", "/visits", b"1")
    ask("POST", "/form", b"name %d" % number, b"name=name+%d" % number)
    ask("GET", "/missing", b"Not Found")

status = Path("/proc/self/status").read_text()
print(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:")))
"""
KINDS = {"flask": "Flask", "dray": "App"}


class Scale:
    """A clock that runs by what fresh interpreters weigh: :meth:`read` is the benchmark's timer."""

    def __init__(self) -> None:
        self._total = 0.0

    def read(self) -> float:
        """Return the sum of what was weighed, in millionths of megabytes, so that the table shows megabytes."""
        return self._total

    def weigh(self, program: str) -> None:
        """Run a program that prints its size in KiB, and move on by it."""
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        command = [sys.executable, "-c", program]
        result = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
        self._total += int(result.stdout) * 1024 / 1e6 / 1e6


SCALE = Scale()


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="a process is weighed by Linux's /proc")
@pytest.mark.benchmark(timer=SCALE.read)
@pytest.mark.parametrize("count", [10_000, 100_000])
@pytest.mark.parametrize("peer", IMPORTS)
def bench_memory(benchmark: Any, peer: str, count: int) -> None:
    """Resident size after many requests."""
    benchmark.group = f"memory (MB for us): after {count} requests"
    benchmark.extra_info.update(peer=peer, baseline="flask", unit="MB")
    program = partial(PROGRAM.format, module=IMPORTS[peer], kind=KINDS[peer])
    SCALE.weigh(program(count=4))  # compiles
    benchmark.pedantic(partial(SCALE.weigh, program(count=count)), rounds=3 if count == 10_000 else 1)
