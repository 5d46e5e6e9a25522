"""Proxies and locals beside Werkzeug's.

Run it with ``nox -s bench -- wsgi-tools``.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

import pytest
import werkzeug.local

from dray.wsgi_tools import local

PEERS = {"werkzeug": werkzeug.local, "dray": local}


class Request:
    """Stands for what a proxy usually stands for."""

    method, path, args, form, headers = "GET", "/", {"a": "b"}, {}, {}


def rows() -> dict[str, dict[str, Callable[[], Any]]]:
    """Return row -> peer -> function."""
    found: dict[str, dict[str, Callable[[], Any]]] = {}
    for peer, module in PEERS.items():
        variable: ContextVar[Request] = ContextVar(f"bench_{peer}")
        variable.set(Request())
        request, args = module.LocalProxy(variable), module.LocalProxy(variable, "args")
        namespace, stack = module.Local(), module.LocalStack()
        namespace.value = 1
        stack.push(1)
        peers: dict[str, Callable[[], Any]] = {
            "five attributes": lambda p=request: (p.method, p.path, p.args, p.form, p.headers),
            "item of a named attribute": lambda p=args: p["a"],
            "truth": lambda p=args: bool(p),
            "Local read": lambda n=namespace: n.value,
            "LocalStack top": lambda s=stack: s.top,
        }
        for row, function in peers.items():
            found.setdefault(row, {})[peer] = function
    return found


ROWS = rows()


@pytest.mark.parametrize(("row", "peer"), [(row, peer) for row in ROWS for peer in PEERS])
def bench_local(benchmark: Any, row: str, peer: str) -> None:
    benchmark.group = f"local: {row}"
    benchmark.extra_info.update(peer=peer, baseline="werkzeug")
    if peer == "dray":
        ours, theirs = ROWS[row]["dray"](), ROWS[row]["werkzeug"]()
        assert ours == theirs
    benchmark(ROWS[row][peer])
