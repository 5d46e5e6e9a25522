"""Applications beside Flask's, called as a WSGI server calls them.

Run it with ``nox -s bench -- framework``. Every row's status, headers and body are compared before they are timed. A
request has fifteen headers and five cookies; the rows that begin with ``fresh`` start an interpreter.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import flask
import jinja2
import pytest

import dray.framework
import dray.templating

LOADERS = {"flask": jinja2.DictLoader, "dray": dray.templating.DictLoader}
PEERS = {"flask": (flask, flask.Flask), "dray": (dray.framework, dray.framework.App)}
TEMPLATE = """<!doctype html><title>Fortunes</title><table><tr><th>id</th><th>message</th></tr>
{% for row in rows %}<tr><td>{{ row.id }}</td><td>{{ row.message }}</td></tr>
{% endfor %}</table>
"""
FORTUNES = [{"id": number, "message": f"Fortune <{number}> favours the bold & the brave"} for number in range(12)]
JSON = json.dumps([{"id": number, "name": f"name {number}", "tags": ["a", "b"]} for number in range(200)]).encode()
FORM = urlencode({f"field{number}": f"value {number}" for number in range(10)}).encode()
COOKIES = "; ".join(f"cookie{number}=value{number}" for number in range(5))
FILE = Path(tempfile.gettempdir()) / "dray-benchmark.txt"

Answer = tuple[str, list[tuple[str, str]], bytes]


def environ(path: str, query: str = "", cookies: str = COOKIES, body: bytes = b"", kind: str = "") -> dict[str, Any]:
    """Make the environ of a request."""
    made = {
        "REQUEST_METHOD": "POST" if body else "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "localhost",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.version": (1, 0),
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    made.update({f"HTTP_X_HEADER_{number}": "value" for number in range(13)})
    if cookies:
        made["HTTP_COOKIE"] = cookies
    if body:
        made.update(CONTENT_TYPE=kind, CONTENT_LENGTH=str(len(body)))
    return made


def call(app: Any, base: dict[str, Any], body: bytes) -> Answer:
    """Send a request as a server does; return status, headers and body."""
    found: list[Any] = []

    def start(status: str, headers: Any, info: Any = None) -> None:
        found.extend((status, headers))

    iterable = app({**base, "wsgi.input": io.BytesIO(body)}, start)
    try:
        content = b"".join(iterable)
    finally:
        if hasattr(iterable, "close"):
            iterable.close()
    return found[0], found[1], content


def plain(library: Any, app: Any) -> None:
    """Add what needs nothing around it."""
    app.add_url_rule("/", "hello", lambda: "Hello, World!")
    app.add_url_rule("/json", "json", lambda: {"message": "Hello, World!"})
    app.add_url_rule("/post", "post", lambda: str(len(library.request.get_json())), methods=["POST"])
    app.add_url_rule("/form", "form", lambda: library.request.form["field7"], methods=["POST"])
    app.add_url_rule("/fortunes", "fortunes", lambda: library.render_template("fortunes.html", rows=FORTUNES))
    app.add_url_rule("/redirect", "redirect", lambda: library.redirect(library.url_for("hello")))
    app.add_url_rule("/file", "file", lambda: library.send_file(FILE, etag=False, last_modified=0))
    app.add_url_rule("/read", "read", lambda: str(library.session.get("user")))

    @app.route("/write")
    def write() -> str:
        library.session["user"] = library.session.get("user", 0) + 1
        return "written"

    @app.route("/async")
    async def asynchronous() -> str:
        return "Hello, World!"


def parts(library: Any, app: Any) -> None:
    """Add error handlers and a blueprint."""
    blueprint = library.Blueprint("part", __name__, url_prefix="/part")
    blueprint.add_url_rule("/here", "here", lambda: library.url_for(".here"))
    app.register_blueprint(blueprint)
    app.add_url_rule("/raise", "raise", lambda: [][0])
    app.register_error_handler(404, lambda error: ("nothing here", 404))
    app.register_error_handler(IndexError, lambda error: ("no such item", 500))


def application(peer: str, key: bool = True, hooks: int = 0, many: bool = False) -> Any:
    """Make a peer's application."""
    library, kind = PEERS[peer]
    app = kind(__name__)
    app.secret_key = "key" if key else None
    app.jinja_loader = LOADERS[peer]({"fortunes.html": TEMPLATE})
    plain(library, app)
    parts(library, app)
    for _ in range(hooks):
        app.before_request(lambda: None)
        app.after_request(lambda response: response)
    for number in range(300 if many else 0):
        app.add_url_rule(f"/things{number}/<int:id>/<name>", f"thing{number}", partial(thing, library, number))
    return app


def thing(library: Any, number: int, id: int, name: str) -> str:
    """Use the query, a header and a link."""
    request = library.request
    link = library.url_for(f"thing{number}", id=id + 1, name=name)
    return f"{request.args['q']} {request.headers['X-Header-3']} {link}"


def requests(peer: str) -> dict[str, Callable[[], Answer]]:
    """Return row -> function that sends a request."""
    stock, bare = application(peer), application(peer, key=False)
    hooked, large = application(peer, hooks=5), application(peer, many=True)
    form, document = (FORM, "application/x-www-form-urlencoded"), (JSON, "application/json")
    rows = {
        "hello": (stock, environ("/"), b""),
        "hello, no key, no cookies": (bare, environ("/", cookies=""), b""),
        "json": (stock, environ("/json"), b""),
        "one of 300 routes, args, header, url_for": (large, environ("/things150/7/name", "q=word"), b""),
        "fortunes": (stock, environ("/fortunes"), b""),
        "session read": (stock, environ("/read"), b""),
        "session read and written": (stock, environ("/write"), b""),
        "form of 10 fields": (stock, environ("/form", "", COOKIES, *form), FORM),
        "JSON of 10 kB posted": (stock, environ("/post", "", COOKIES, *document), JSON),
        "5 before and 5 after hooks": (hooked, environ("/"), b""),
        "404, handled": (stock, environ("/missing"), b""),
        "exception, handled": (stock, environ("/raise"), b""),
        "405": (stock, environ("/", "", COOKIES, *form), FORM),
        "redirect and url_for": (stock, environ("/redirect"), b""),
        "async view": (stock, environ("/async"), b""),
        "file of 200 bytes": (stock, environ("/file"), b""),
        "blueprint, relative url_for": (stock, environ("/part/here"), b""),
    }
    return {row: partial(call, *arguments) for row, arguments in rows.items()}


FILE.write_bytes(b"x" * 200)
ROWS = {peer: requests(peer) for peer in PEERS}


def comparable(answer: Answer) -> Any:
    """Leave out what holds the time, and the order of what is a set."""
    status, headers, body = answer
    timed = ("Set-Cookie", "Date", "Last-Modified")
    kept = [(name, value) for name, value in headers if name not in timed]
    return status, sorted((name, sorted(value.split(", ")) if name == "Allow" else value) for name, value in kept), body


@pytest.mark.parametrize("peer", PEERS)
@pytest.mark.parametrize("row", ROWS["dray"])
def bench_request(benchmark: Any, row: str, peer: str) -> None:
    """One request, from the environ to the closed answer."""
    answers = [comparable(ROWS[name][row]()) for name in PEERS]
    assert answers[0] == answers[1]
    benchmark.group = row
    benchmark.extra_info.update(peer=peer, baseline="flask")
    benchmark(ROWS[peer][row])


@pytest.mark.parametrize("peer", PEERS)
@pytest.mark.parametrize("method", ["get", "post"])
def bench_client(benchmark: Any, method: str, peer: str) -> None:
    """One request through the test client."""
    client = application(peer).test_client()
    fields = {f"field{number}": f"value {number}" for number in range(10)}
    send = partial(client.get, "/") if method == "get" else partial(client.post, "/form", data=fields)
    assert send().text == ("Hello, World!" if method == "get" else "value 7")
    benchmark.group = f"test client: {method}"
    benchmark.extra_info.update(peer=peer, baseline="flask")
    benchmark(send)


IMPORTS = {"flask": "from flask import Flask as App", "dray": "from dray.framework import App"}
PROGRAM = """
app = App("app")
for number in range({count}):
    app.add_url_rule(f"/path{{number}}/<int:id>", f"view{{number}}", lambda id: "Hello, World!")
if {count}:
    assert app.test_client().get("/path7/3").text == "Hello, World!"
"""


@pytest.mark.parametrize("peer", PEERS)
@pytest.mark.parametrize("count", [0, 10, 300])
def bench_fresh(benchmark: Any, count: int, peer: str) -> None:
    """An interpreter that imports, adds rules and answers one request."""
    command = [sys.executable, "-c", IMPORTS[peer] + PROGRAM.format(count=count)]
    benchmark.group = f"fresh: {count} rules and a request" if count else "fresh: import"
    benchmark.extra_info.update(peer=peer, baseline="flask")
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    run = {"check": True, "env": environment}
    benchmark.pedantic(subprocess.run, (command,), run, rounds=10, warmup_rounds=1)
