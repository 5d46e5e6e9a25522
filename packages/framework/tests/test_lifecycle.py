"""What happens to a request, on both drivers: nothing overridden, and every documented method overridden."""

from __future__ import annotations

from typing import Any

import pytest

from dray.framework import App, Blueprint, got_request_exception, request, request_finished, request_started
from dray.framework.sansio.lifecycle import OVERRIDABLE, Chain, Straight
from dray.wsgi_tools.exceptions import HTTPException

pytestmark = pytest.mark.usefixtures("gateway")


def passing_through(name: str) -> Any:
    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        self.called.append(name)
        return getattr(App, name)(self, *args, **kwargs)

    return method


class Overriding(App):
    """An application that overrides everything, and changes nothing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.called: list[str] = []
        super().__init__(*args, **kwargs)


for _name in (*OVERRIDABLE, "full_dispatch_request", "do_teardown_request", "do_teardown_appcontext"):
    setattr(Overriding, _name, passing_through(_name))


@pytest.fixture(params=[App, Overriding])
def app(request: pytest.FixtureRequest) -> App:
    """Make an application for each driver."""
    app: App = request.param("framework_tests", root_path="/nowhere")
    app.config.update(SECRET_KEY="test", PROPAGATE_EXCEPTIONS=False)
    return app


def test_hooks_run_in_order(app: App) -> None:
    """Before: application first. After and teardown: the other way round, last registered first."""
    log: list[str] = []
    bp = Blueprint("bp", __name__)
    for owner, name in ((app, "app1"), (app, "app2"), (bp, "bp")):
        owner.before_request(lambda name=name: log.append(f"before {name}"))
        owner.after_request(lambda response, name=name: log.append(f"after {name}") or response)
        owner.teardown_request(lambda exc, name=name: log.append(f"teardown {name}"))
    bp.add_url_rule("/", "index", lambda: log.append("view") or "")
    app.register_blueprint(bp)
    app.test_client().get("/")

    assert log == [
        "before app1", "before app2", "before bp", "view", "after bp", "after app2", "after app1",
        "teardown bp", "teardown app2", "teardown app1",
    ]  # fmt: skip


def test_an_answer_before_the_view_ends_it(app: App) -> None:
    """No later hook and no view runs; the hooks after do."""
    app.before_request(lambda: "first")
    app.before_request(lambda: pytest.fail("must not run"))
    app.after_request(lambda response: response.headers.update(X="1") or response)
    app.add_url_rule("/", "index", lambda: pytest.fail("must not run"))
    response = app.test_client().get("/")

    assert (response.text, response.headers["X"]) == ("first", "1")


@pytest.mark.parametrize("where", ["before", "view", "after"])
def test_an_unhandled_exception_is_a_500(app: App, where: str) -> None:
    """Wherever it is raised, the page, the teardown and the signal come."""
    seen: list[Any] = []

    def fail(*args: Any) -> Any:
        raise ValueError(where)

    if where == "before":
        app.before_request(fail)
    if where == "after":
        app.after_request(fail)
    app.add_url_rule("/", "index", fail if where == "view" else lambda: "fine")
    app.teardown_request(lambda exc: seen.append(exc))
    with got_request_exception.connected_to(lambda sender, exception, **kw: seen.append(exception), app):
        response = app.test_client().get("/")

    assert response.status_code == 500
    assert [type(item) for item in seen] == [ValueError, ValueError]


def test_an_error_handler_that_fails_is_a_500(app: App) -> None:
    """A second error in a handler is answered too."""

    @app.errorhandler(ValueError)
    def handle(error: ValueError) -> Any:
        raise KeyError("again")

    @app.route("/")
    def index() -> Any:
        raise ValueError("first")

    assert app.test_client().get("/").status_code == 500


def test_every_teardown_runs(app: App) -> None:
    """One that raises doesn't keep the others from running; what it raised comes out."""
    log: list[str] = []
    app.config["TESTING"] = True
    app.teardown_request(lambda exc: log.append("last"))
    app.teardown_appcontext(lambda exc: log.append("app last"))

    @app.teardown_request
    def fail(exc: BaseException | None) -> None:
        raise ValueError("teardown")

    @app.teardown_appcontext
    def fail_too(exc: BaseException | None) -> None:
        raise KeyError("app teardown")

    app.add_url_rule("/", "index", lambda: "fine")
    with pytest.raises(KeyError) as caught:
        app.test_client().get("/")

    assert log == ["last", "app last"]
    assert isinstance(caught.value.__context__, ValueError)


def test_several_failing_teardowns_make_a_group(app: App) -> None:
    """Nothing that was raised is lost."""
    app.config["TESTING"] = True
    for error in (ValueError("1"), KeyError("2")):

        @app.teardown_request
        def fail(exc: BaseException | None, error: Exception = error) -> None:
            raise error

    app.add_url_rule("/", "index", lambda: "fine")
    with pytest.raises(BaseExceptionGroup) as caught:
        app.test_client().get("/")

    assert [type(error) for error in caught.value.exceptions] == [KeyError, ValueError]


def test_signals_come_in_order(app: App) -> None:
    """Started before the hooks, finished with the response."""
    log: list[str] = []
    app.before_request(lambda: log.append("before"))
    app.add_url_rule("/", "index", lambda: "fine")
    with (
        request_started.connected_to(lambda sender, **kw: log.append("started"), app),
        request_finished.connected_to(lambda sender, response, **kw: log.append(response.get_data(as_text=True)), app),
    ):
        app.test_client().get("/")

    assert log == ["started", "before", "fine"]


def test_the_driver_is_chosen_by_what_is_overridden() -> None:
    """A plain application walks straight; a subclass, a patched object and a patched class don't."""

    class Sub(App):
        def dispatch_request(self) -> Any:
            return "sub"

    patched = App("framework_tests", root_path="/nowhere")
    patched.handle_user_exception = lambda e: "patched"  # type: ignore[method-assign]

    assert type(App("framework_tests", root_path="/nowhere")._lifecycle()) is Straight
    assert type(Sub("framework_tests", root_path="/nowhere")._lifecycle()) is Chain
    assert type(patched._lifecycle()) is Chain
    assert Sub("framework_tests", root_path="/nowhere").test_client().get("/nowhere").text == "sub"
    assert patched.test_client().get("/nowhere").text == "patched"


def test_a_method_patched_into_the_class_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Instrumentation replaces methods of the class itself."""
    monkeypatch.setattr(App, "dispatch_request", lambda self: "instrumented")

    assert App("framework_tests", root_path="/nowhere").test_client().get("/").text == "instrumented"


def test_a_method_replaced_after_the_first_request_is_noticed(app: App) -> None:
    """What was decided at the first request is decided again."""
    app.add_url_rule("/", "index", lambda: "view")
    client = app.test_client()

    assert client.get("/").text == "view"

    app.dispatch_request = lambda: "replaced"  # type: ignore[method-assign]

    assert client.get("/").text == "replaced"


def test_hooks_added_to_the_registry_later_run(app: App) -> None:
    """Extensions reach into the registries at any time; the records follow."""
    app.add_url_rule("/", "index", lambda: "view")
    client = app.test_client()

    assert client.get("/").text == "view"

    app.before_request_funcs.setdefault(None, []).append(lambda: "hook")

    assert client.get("/").text == "hook"

    app.before_request_funcs[None].clear()
    app.view_functions["index"] = lambda: "other view"

    assert client.get("/").text == "other view"


def test_set_up_after_the_first_request_is_refused(app: App) -> None:
    """The error says which method, and what to do."""
    app.add_url_rule("/", "index", lambda: "view")
    app.test_client().get("/")

    with pytest.raises(AssertionError, match="'before_request' can no longer be called"):
        app.before_request(lambda: None)
    with pytest.raises(AssertionError, match="'route' can no longer be called"):
        app.route("/x")


def test_overridden_methods_are_called_once(app: App) -> None:
    """Each step of a request passes through its method exactly once."""
    if not isinstance(app, Overriding):
        pytest.skip("the straight driver calls no methods")
    app.add_url_rule("/", "index", lambda: "view")
    app.test_client().get("/")

    assert app.called == [
        "full_dispatch_request", "preprocess_request", "dispatch_request", "finalize_request", "make_response",
        "process_response", "do_teardown_request", "do_teardown_appcontext",
    ]  # fmt: skip


def test_http_errors_pass_through_their_handlers(app: App) -> None:
    """A handler for the base class answers all of them."""
    app.register_error_handler(HTTPException, lambda e: (f"{e.code} {request.path}", e.code))
    client = app.test_client()

    assert client.get("/nowhere").text == "404 /nowhere"
