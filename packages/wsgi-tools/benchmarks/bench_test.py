"""The environ builder, the test client and small tools beside Werkzeug's.

Run it with ``nox -s bench -- wsgi-tools``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from types import SimpleNamespace
from typing import Any

import pytest
import werkzeug.security
import werkzeug.test
import werkzeug.utils

from dray.wsgi_tools import security, test, utils

PEERS = {
    "werkzeug": SimpleNamespace(test=werkzeug.test, utils=werkzeug.utils, security=werkzeug.security),
    "dray": SimpleNamespace(test=test, utils=utils, security=security),
}
#: Keys whose values are objects, or differ by design.
_NOT_COMPARED = ("wsgi.input", "wsgi.errors")


def app(environ: Any, start: Any) -> Iterable[bytes]:
    """Answer with two bytes."""
    start("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "2")])
    return [b"ok"]


def facts(environ: dict[str, Any]) -> dict[str, Any]:
    """Return what can be compared in an environ."""
    return {key: value for key, value in environ.items() if key not in _NOT_COMPARED}


def rows() -> dict[str, dict[str, Callable[[], Any]]]:
    """Return row -> peer -> function."""
    found: dict[str, dict[str, Callable[[], Any]]] = {}
    for peer, modules in PEERS.items():
        builder, client = modules.test.EnvironBuilder, modules.test.Client(app)
        peers: dict[str, Callable[[], Any]] = {
            "EnvironBuilder get": lambda b=builder: b("/path?x=1", headers=[("Accept", "text/html")]).get_environ(),
            "EnvironBuilder post": lambda b=builder: b("/p", method="POST", data={"a": "1", "b": "c d"}).get_environ(),
            "EnvironBuilder json": lambda b=builder: b("/p", method="POST", json={"a": [1, 2]}).get_environ(),
            "Client get": lambda c=client: c.get("/path").status,
            "redirect": lambda u=modules.utils: u.redirect("/x").headers["Location"],
            "safe_join": lambda s=modules.security: s.safe_join("/srv", "a/b/c.txt"),
            "secure_filename": lambda u=modules.utils: u.secure_filename("My cool movie.mov"),
        }
        for row, function in peers.items():
            found.setdefault(row, {})[peer] = function
    return found


ROWS = rows()


@pytest.mark.parametrize(("row", "peer"), [(row, peer) for row in ROWS for peer in PEERS])
def bench_tools(benchmark: Any, row: str, peer: str) -> None:
    benchmark.group = f"tools: {row}"
    benchmark.extra_info.update(peer=peer, baseline="werkzeug")
    if peer == "dray":
        ours, theirs = ROWS[row]["dray"](), ROWS[row]["werkzeug"]()
        if isinstance(ours, dict):
            ours, theirs = facts(ours), facts(theirs)
        assert ours == theirs
    benchmark(ROWS[row][peer])
