"""What the application under test does: one function for each thing that a server could get in the way of.

Views take a request and return a response of ``dray.wsgi_tools``, whoever calls them. A server may run several
processes, so what a test has to know of one is told through files in the folder that ``GATEWAY_FOLDER`` names.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from dray.wsgi_tools.exceptions import BadRequest
from dray.wsgi_tools.local import Local
from dray.wsgi_tools.utils import redirect, send_file
from dray.wsgi_tools.wrappers import Request, Response

FOLDER = Path(os.environ["GATEWAY_FOLDER"])
#: Content of the file that is served, and the pieces of long answers: enough that no buffer holds it.
PIECE = bytes(range(256)) * 256
LONG = 48
#: How long a view waits for a file, in seconds.
PATIENCE = 5.0

local = Local()


def json_of(value: object) -> Response:
    """Answer with a value as JSON."""
    return Response(Response.json_module.dumps(value), mimetype="application/json")


def address(request: Request) -> Response:
    """Say how the request was addressed."""
    return json_of(
        {
            "method": request.method,
            "url": request.url,
            "root": request.root_path,
            "path": request.path,
            "args": request.args.to_dict(flat=False),
            "remote": request.remote_addr,
            "secure": request.is_secure,
        }
    )


def headers(request: Request) -> Response:
    """Say what headers came, and send two cookies."""
    names = request.args.getlist("name")
    response = json_of({"headers": {name: request.headers.get(name) for name in names}, "cookies": request.cookies})
    response.set_cookie("first", "a b; ü", httponly=True)
    response.set_cookie("second", "2", samesite="Lax")
    response.headers["X-Latin"] = "caf\xe9"
    return response


def form(request: Request) -> Response:
    """Say what was in a form."""
    files = {
        name: [file.filename, file.mimetype, hashlib.sha256(file.read()).hexdigest()]
        for name, file in request.files.items()
    }
    return json_of({"form": request.form.to_dict(flat=False), "files": files})


def body(request: Request) -> Response:
    """Say how long the body is, and what it is."""
    data = request.get_data()
    return json_of({"length": len(data), "digest": hashlib.sha256(data).hexdigest()})


def pieces(request: Request) -> Response:
    """The same, read as a stream in small pieces."""
    digest, length = hashlib.sha256(), 0
    while data := request.stream.read(1000):
        digest.update(data)
        length += len(data)
    return json_of({"length": length, "digest": digest.hexdigest()})


def limited(request: Request) -> Response:
    """Read at most 1000 bytes."""
    request.max_content_length = 1000
    return body(request)


def ignore(request: Request) -> Response:
    """Answer without a look at the body."""
    return Response("ignored")


def status(request: Request) -> Response:
    """Answer with the status that was asked for, and content that some of them can't have."""
    return Response("content", status=int(request.args["code"]))


def file(request: Request) -> Response:
    """Send a file: conditions, ranges, and the server's own way to send it."""
    path = FOLDER / "file.bin"
    return send_file(path, request.environ, mimetype="application/octet-stream", conditional=True, etag=True)


def moved(request: Request) -> Response:
    """Lead elsewhere."""
    return redirect("/address?from=moved")


def refused(request: Request) -> Response:
    """Raise an error that is an answer."""
    raise BadRequest("Not like this.")


def broken(request: Request) -> Response:
    """Raise an error that is a mistake."""
    raise RuntimeError("a secret that no answer may hold")


class _Closing:
    """Pieces, and a file that tells when they were closed."""

    def __init__(self, items: Iterator[bytes], name: str) -> None:
        self.items, self.name = items, name

    def __iter__(self) -> Iterator[bytes]:
        return self.items

    def close(self) -> None:
        (FOLDER / f"closed-{self.name}").touch()


def _stream(items: Iterator[bytes], request: Request) -> Response:
    name = request.args["name"]
    response = Response(_Closing(items, name), mimetype="application/octet-stream")
    response.call_on_close(lambda: (FOLDER / f"called-{name}").touch())
    return response


def long(request: Request) -> Response:
    """Stream an answer that fits no buffer."""
    return _stream((PIECE for _ in range(LONG)), request)


def endless(request: Request) -> Response:
    """Stream until the client goes, or patience ends."""

    def items() -> Iterator[bytes]:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            yield PIECE
        (FOLDER / f"endured-{request.args['name']}").touch()

    return _stream(items(), request)


def failing(request: Request) -> Response:
    """Fail in the middle of a stream."""

    def items() -> Iterator[bytes]:
        yield PIECE
        raise RuntimeError("a secret that no answer may hold")

    return _stream(items(), request)


def held(request: Request) -> Response:
    """Send the first piece, and the second one when whoever reads the first says so."""
    sign = FOLDER / f"go-{request.args['name']}"

    def items() -> Iterator[bytes]:
        yield b"first;"
        end = time.monotonic() + PATIENCE
        while not sign.exists() and time.monotonic() < end:
            time.sleep(0.01)
        yield b"second" if sign.exists() else b"nobody read the first"

    return _stream(items(), request)


def own(request: Request) -> Response:
    """Keep a value while others keep theirs."""
    local.value = request.args["value"]
    time.sleep(0.05)
    return Response(local.value)


def split(request: Request) -> Response:
    """Try to write a header that would be two."""
    response = Response("never")
    response.headers["X-Given"] = request.args["value"]
    return response


#: What is served where, and by which methods.
VIEWS: dict[str, tuple[tuple[str, ...], Callable[[Request], Response]]] = {
    "/address": (("GET",), address),
    "/address/<path:rest>": (("GET",), address),
    "/headers": (("GET",), headers),
    "/form": (("POST",), form),
    "/body": (("POST", "PUT"), body),
    "/pieces": (("POST",), pieces),
    "/limited": (("POST",), limited),
    "/ignore": (("POST",), ignore),
    "/status": (("GET",), status),
    "/file": (("GET",), file),
    "/moved": (("GET",), moved),
    "/refused": (("GET",), refused),
    "/broken": (("GET",), broken),
    "/long": (("GET",), long),
    "/endless": (("GET",), endless),
    "/failing": (("GET",), failing),
    "/held": (("GET",), held),
    "/own": (("GET",), own),
    "/split": (("GET",), split),
}
