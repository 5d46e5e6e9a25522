"""Routing beside Werkzeug's: maps, matching, building.

Run it with ``nox -s bench -- wsgi-tools``. Every row's outputs are compared before they are timed. The rules are
those of an application: a third static, a third with two variables, a third with one and a trailing slash.
"""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
import werkzeug.exceptions
import werkzeug.routing
import werkzeug.test

from dray.wsgi_tools import exceptions, routing

PEERS = {"werkzeug": (werkzeug.routing, werkzeug.exceptions), "dray": (routing, exceptions)}


def rules(module: ModuleType, count: int) -> list[Any]:
    """Make unbound rules."""
    found = []
    for number in range(count // 3 + 1):
        found += [
            module.Rule(f"/static/{number}/page", endpoint=f"static{number}"),
            module.Rule(f"/users{number}/<int:id>/posts/<slug>", endpoint=f"post{number}"),
            module.Rule(f"/items{number}/<name>/", endpoint=f"item{number}", methods=["GET", "POST"]),
        ]
    return found[:count]


def build_map(module: ModuleType, count: int) -> Any:
    """Make a map that is ready to match."""
    map = module.Map(rules(module, count))
    map.update()
    return map


def not_found(module: ModuleType, errors: ModuleType, adapter: Any) -> Callable[[], str]:
    """Match a path that isn't there."""

    def match() -> str:
        try:
            adapter.match("/users50/12/nothing/here")
        except errors.NotFound:
            return "not found"
        return "found"

    return match


def rows() -> dict[str, dict[str, Callable[[], Any]]]:
    """Return row -> peer -> function."""
    found: dict[str, dict[str, Callable[[], Any]]] = {}
    environ = werkzeug.test.create_environ("/users50/12/posts/hello", "http://example.com")
    for peer, (module, errors) in PEERS.items():
        map = build_map(module, 300)
        adapter = map.bind("example.com")
        peers = {
            "Map of 10 rules": lambda m=module: len(list(build_map(m, 10).iter_rules())),
            "Map of 300 rules": lambda m=module: len(list(build_map(m, 300).iter_rules())),
            "Map of 3000 rules": lambda m=module: len(list(build_map(m, 3000).iter_rules())),
            "match static": lambda a=adapter: a.match("/static/50/page"),
            "match two variables": lambda a=adapter: a.match("/users50/12/posts/hello"),
            "match nothing": not_found(module, errors, adapter),
            "build static": lambda a=adapter: a.build("static50"),
            "build two variables and a query": lambda a=adapter: a.build("post50", {"id": 3, "slug": "ab", "q": "x y"}),
            "bind_to_environ and match": lambda m=map: m.bind_to_environ(environ).match(),
        }
        for row, function in peers.items():
            found.setdefault(row, {})[peer] = function
    return found


ROWS = rows()


@pytest.mark.parametrize(("row", "peer"), [(row, peer) for row in ROWS for peer in PEERS])
def bench_routing(benchmark: Any, row: str, peer: str) -> None:
    benchmark.group = f"routing: {row}"
    benchmark.extra_info.update(peer=peer, baseline="werkzeug")
    if peer == "dray":
        ours, theirs = ROWS[row]["dray"](), ROWS[row]["werkzeug"]()
        assert ours == theirs
    benchmark(ROWS[row][peer])


@pytest.mark.parametrize("path", ["/static/50/page", "/users50/12/posts/hello"])
def bench_match_without_adapter(benchmark: Any, path: str) -> None:
    """Time the match that the framework calls: no adapter, no exception."""
    benchmark.group = f"routing: Map.match {path}"
    benchmark.extra_info.update(peer="dray", baseline="werkzeug")
    map = build_map(routing, 300)
    rule, _ = benchmark(map.match, path, "GET", "")

    assert rule is not None
