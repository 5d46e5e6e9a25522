"""Blueprints: names, nesting, and registering the same one twice."""

from __future__ import annotations

from typing import Any

import pytest

from dray.framework import App, Blueprint, request, url_for
from dray.framework.testing import AppClient

pytestmark = pytest.mark.usefixtures("gateway")


@pytest.mark.parametrize(("name", "message"), [("", "needs a name"), ("a.b", "may not contain a dot")])
def test_bad_names_are_refused(name: str, message: str) -> None:
    """A dot is for nesting."""
    with pytest.raises(ValueError, match=message):
        Blueprint(name, __name__)


def test_the_same_name_twice_is_refused(app: App) -> None:
    """The error says what to do."""
    app.register_blueprint(Blueprint("a", __name__))
    with pytest.raises(ValueError, match="for a different blueprint"):
        app.register_blueprint(Blueprint("a", __name__))
    again = Blueprint("b", __name__)
    app.register_blueprint(again)
    with pytest.raises(ValueError, match="for this blueprint"):
        app.register_blueprint(again)


def test_a_blueprint_in_itself_is_refused() -> None:
    """There is no end to it."""
    bp = Blueprint("a", __name__)
    with pytest.raises(ValueError, match="on itself"):
        bp.register_blueprint(bp)


def test_set_up_after_registration_is_refused(app: App) -> None:
    """It would be missing where the blueprint is registered already."""
    bp = Blueprint("a", __name__)
    app.register_blueprint(bp)
    with pytest.raises(AssertionError, match="already been registered"):
        bp.route("/")


def test_nested_three_deep(app: App, client: AppClient) -> None:
    """Prefixes, names and relative endpoints add up."""
    top, middle, bottom = (Blueprint(name, __name__, url_prefix=f"/{name}") for name in "abc")

    @bottom.route("/x")
    def x() -> Any:
        return [request.endpoint, request.blueprints, url_for(".x"), url_for("a.b.c.x")]

    middle.register_blueprint(bottom)
    top.register_blueprint(middle, url_prefix="/other")
    app.register_blueprint(top)

    assert client.get("/a/other/c/x").json == ["a.b.c.x", ["a.b.c", "a.b", "a"], "/a/other/c/x", "/a/other/c/x"]


def test_registered_twice_under_other_names(app: App, client: AppClient) -> None:
    """Each registration has its own endpoints, defaults and hooks."""
    bp = Blueprint("a", __name__)
    calls: list[str] = []
    bp.before_request(lambda: calls.append(request.blueprint or ""))
    bp.add_url_rule("/", "x", lambda which: which)
    app.register_blueprint(bp, url_prefix="/one", url_defaults={"which": "1"})
    app.register_blueprint(bp, url_prefix="/two", url_defaults={"which": "2"}, name="again")

    assert [client.get("/one/").text, client.get("/two/").text] == ["1", "2"]
    assert calls == ["a", "again"]


def test_commands_of_a_blueprint(app: App) -> None:
    """They stand in a group of its name, another, or at the top."""
    for name, group in (("a", ...), ("b", "named"), ("c", None)):
        bp = Blueprint(name, __name__) if group is ... else Blueprint(name, __name__, cli_group=group)  # type: ignore[arg-type]
        bp.cli.command(f"hello-{name}")(lambda: print("hello"))
        app.register_blueprint(bp)
    runner = app.test_cli_runner()

    for args in (["a", "hello-a"], ["named", "hello-b"], ["hello-c"]):
        assert runner.invoke(args=args).output == "hello\n"


def test_a_blueprint_that_owns_its_prefix(app: App) -> None:
    """Its handlers answer where no rule matches, too: for what is missing, and for wrong methods."""
    api = Blueprint("api", "framework_tests", url_prefix="/api", owns_prefix=True, root_path="/nowhere")
    inner = Blueprint("inner", "framework_tests", url_prefix="/<int:version>/in.ner", owns_prefix=True, root_path="/x")
    other = Blueprint("other", "framework_tests", url_prefix="/other", root_path="/nowhere")
    for blueprint in (api, inner, other):
        blueprint.register_error_handler(404, lambda error, name=blueprint.name: ({"missing in": name}, 404))
        blueprint.add_url_rule("/thing", "thing", lambda: "thing")
    api.register_error_handler(405, lambda error: ({"allowed": sorted(error.valid_methods)}, 405))
    app.register_error_handler(404, lambda error: ("missing", 404))
    api.register_blueprint(inner)
    app.register_blueprint(api)
    app.register_blueprint(other)
    client = app.test_client()

    assert client.get("/api/nothing").json == client.get("/api").json == {"missing in": "api"}
    assert client.get("/api/5/in.ner/nothing").json == {"missing in": "inner"}
    assert client.get("/api/5/inXner/nothing").json == {"missing in": "api"}
    assert client.post("/api/thing").json == {"allowed": ["GET", "HEAD", "OPTIONS"]}
    assert client.post("/api/5/in.ner/thing").status_code == 405
    for path in ("/other/nothing", "/apiary", "/nothing"):
        assert client.get(path).text == "missing"
    assert client.get("/api/thing").text == "thing"
