"""What a path led to is remembered, and nobody can tell."""

from __future__ import annotations

from typing import Any

import pytest

import dray.framework as framework
from dray.framework import App, request
from dray.framework.sansio import records
from dray.wsgi_tools.routing import Map, Rule


@pytest.fixture(params=["wsgi", "asgi"])
def client(request: pytest.FixtureRequest, app: App) -> Any:
    """A client on each gateway."""
    return app.test_client(gateway=request.param)


@pytest.fixture
def app() -> App:
    """An application that says what was matched."""
    app = App(__name__)

    @app.route("/page", methods=["GET", "POST"])
    def page() -> dict[str, Any]:
        args = request.view_args
        assert args is not None
        found = {"rule": str(request.url_rule), "args": dict(args), "method": request.method}
        args["left"] = "behind"
        return found

    @app.route("/page/<int:number>")
    def numbered(number: int) -> dict[str, Any]:
        return {"rule": str(request.url_rule), "args": request.view_args}

    @app.route("/defaults/", defaults={"number": 1})
    def defaults(number: int) -> dict[str, Any]:
        return {"args": request.view_args}

    @app.route("/sub", subdomain="x")
    def sub() -> str:
        return "sub"

    return app


def test_again(client: Any) -> None:
    """The second request gets the same as the first, with arguments of its own."""
    expected = {"rule": "/page", "args": {}, "method": "GET"}
    assert [client.get("/page").json for _ in range(3)] == [expected] * 3
    assert client.post("/page").json == {**expected, "method": "POST"}
    assert client.put("/page").status_code == 405
    assert [client.get("/defaults/").json for _ in range(2)] == [{"args": {"number": 1}}] * 2
    assert [client.get(f"/page/{number}").json["args"] for number in (1, 2)] == [{"number": 1}, {"number": 2}]


def test_rules_added_later(app: App, client: Any) -> None:
    """A rule that is added to the map afterwards is found, and one that is removed isn't."""
    assert [client.get("/page").status_code for _ in range(2)] == [200, 200]
    assert client.get("/later").status_code == 404
    app.view_functions["later"] = lambda: "later"
    app.url_map.add(Rule("/later", endpoint="later"))
    assert [client.get("/later").text for _ in range(2)] == ["later", "later"]
    assert client.get("/page").json["rule"] == "/page"


def test_another_map(app: App, client: Any) -> None:
    """Another map has rules of its own."""
    assert [client.get("/page").status_code for _ in range(2)] == [200, 200]
    app.url_map = Map([Rule("/other", endpoint="page")])
    assert client.get("/page").status_code == 404
    assert [client.get("/other").json["rule"] for _ in range(2)] == ["/other", "/other"]


def test_trusted_hosts(app: App, client: Any) -> None:
    """Hosts that are trusted from now on are looked at from now on."""
    assert [client.get("/page").status_code for _ in range(2)] == [200, 200]
    app.config["TRUSTED_HOSTS"] = ["example.com"]
    assert client.get("/page").status_code == 400
    assert client.get("/page", base_url="http://example.com").status_code == 200


def test_upgrade(app: App, client: Any) -> None:
    """What asks for a WebSocket isn't answered by a rule of HTTP."""
    assert [client.get("/page").status_code for _ in range(2)] == [200, 200]
    assert client.get("/page", headers={"Upgrade": "websocket", "Connection": "Upgrade"}).status_code == 400


def test_without_a_path(app: App) -> None:
    """A server may leave out the path (PEP 3333): it is the root, and the method is looked at each time."""
    app.add_url_rule("/", "root", lambda: "root")

    def ask(method: str) -> str:
        environ = {"REQUEST_METHOD": method, "SERVER_NAME": "localhost", "SERVER_PORT": "80", "wsgi.url_scheme": "http"}
        statuses: list[str] = []
        b"".join(app(environ, lambda status, headers: statuses.append(status)))  # type: ignore[arg-type]
        return statuses[0][:3]

    assert [ask(method) for method in ("GET", "POST") * 3] == ["200", "405"] * 3


def test_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that makes up methods fills nothing."""
    monkeypatch.setattr(records, "_MAX_PATHS", 4)
    app = App(__name__)
    rule = Rule("/any", endpoint="any")
    app.url_map.add(rule)
    app.view_functions["any"] = lambda: framework.request.method
    client = app.test_client()
    assert [client.open("/any", method=f"M{number}").text for number in range(10)] == [f"M{n}" for n in range(10)]
    assert 0 < len(app._records._by_path) <= 4
