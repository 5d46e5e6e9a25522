"""Contexts: what is current, what is shared, and that nothing stays behind."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from dray.framework import (
    App,
    after_this_request,
    copy_current_request_context,
    current_app,
    g,
    has_app_context,
    has_request_context,
    request,
    session,
    stream_template_string,
    stream_with_context,
)
from dray.framework.ctx import AppContext, RequestContext
from dray.framework.globals import _cv_app, app_ctx, request_ctx

pytestmark = pytest.mark.usefixtures("gateway")


def test_proxies_outside_of_contexts_say_what_to_do() -> None:
    """The error names the context that is missing."""
    for proxy, kind in ((current_app, "application"), (g, "application"), (request, "request"), (session, "request")):
        with pytest.raises(RuntimeError, match=f"Working outside of {kind} context"):
            proxy.anything  # noqa: B018
    with pytest.raises(RuntimeError, match="Working outside of request context"):
        request_ctx.app  # noqa: B018


def test_one_class_serves_both() -> None:
    """A request context is an application context with a request."""
    assert RequestContext is AppContext


def test_request_context_pushes_what_is_needed(app: App) -> None:
    """Application, g and request are there, and gone afterwards."""
    assert not has_app_context()
    with app.test_request_context("/path?x=1"):
        assert has_app_context()
        assert has_request_context()
        assert request.args["x"] == "1"
        assert current_app == app
        g.x = 1
        assert app_ctx.g.x == 1
    assert not has_app_context()


def test_g_is_shared_with_an_application_context_around(app: App) -> None:
    """A request inside an application context of the same application uses its g, and leaves its teardown to it."""
    log: list[str] = []
    app.teardown_appcontext(lambda exc: log.append("app"))
    app.teardown_request(lambda exc: log.append("request"))
    with app.app_context():
        g.x = 1
        with app.test_request_context():
            assert g.x == 1
            g.y = 2
        assert g.y == 2
        assert log == ["request"]
    assert log == ["request", "app"]


def test_an_application_context_inside_a_request_has_its_own_g(app: App) -> None:
    """The request stays reachable."""
    with app.test_request_context("/outer"):
        g.x = 1
        with app.app_context():
            assert "x" not in g
            assert request.path == "/outer"
            assert request_ctx.request.path == "/outer"
        assert g.x == 1


def test_contexts_of_other_applications_are_apart(app: App) -> None:
    """Each has its g; the current application changes."""
    other = App("other", root_path="/nowhere")
    with app.app_context():
        g.x = 1
        with other.app_context():
            assert current_app == other
            assert "x" not in g
        assert current_app == app


def test_popping_the_wrong_context_is_refused(app: App) -> None:
    """The error names both."""
    outer, inner = app.app_context(), app.app_context()
    outer.push()
    inner.push()
    with pytest.raises(AssertionError, match="Popped wrong context"):
        outer.pop()
    inner.pop()
    outer.pop()
    with pytest.raises(AssertionError, match="more often"):
        outer.pop()


def test_pushed_twice_ends_once(app: App) -> None:
    """Teardown runs at the last pop."""
    log: list[str] = []
    app.teardown_request(lambda exc: log.append("teardown"))
    ctx = app.test_request_context()
    ctx.push()
    ctx.push()
    ctx.pop()
    assert log == []
    ctx.pop()
    assert log == ["teardown"]


def test_a_copied_context_works_in_a_thread(app: App) -> None:
    """A thread sees the request; without the copy it sees nothing."""
    seen: list[Any] = []
    with app.test_request_context("/path"):

        @copy_current_request_context
        def work() -> None:
            seen.append(request.path)

        for target in (work, lambda: seen.append(has_request_context())):
            thread = threading.Thread(target=target)
            thread.start()
            thread.join()
    assert seen == ["/path", False]


def test_outside_of_a_request_the_helpers_say_so() -> None:
    """They can't do anything without one."""
    for function in (after_this_request, copy_current_request_context, lambda f: stream_with_context(iter([]))):
        with pytest.raises(RuntimeError, match="request context is active"):
            function(lambda: None)


class TestStreaming:
    """A stream keeps its context, and leaves none on the thread."""

    def make(self, app: App, log: list[str]) -> None:
        app.teardown_request(lambda exc: log.append("teardown"))

        @app.route("/")
        def index() -> Any:
            @stream_with_context
            def generate() -> Any:
                try:
                    for _ in range(3):
                        yield request.args["x"]
                finally:
                    log.append(f"closed {request.path}")

            return generate()

    def test_the_request_is_there_in_every_step(self, app: App, gateway: str) -> None:
        """Teardown waits for the end of the stream."""
        log: list[str] = []
        self.make(app, log)
        response = app.test_client().get("/?x=a")

        if gateway == "wsgi":  # an answer of ASGI is read to its end
            assert log == []
        assert response.text == "aaa"
        assert log == ["closed /", "teardown"]

    def test_nothing_is_bound_between_the_steps(self, app: App) -> None:
        """The next request on this thread has a thread without a context."""
        log: list[str] = []
        self.make(app, log)
        response = app.test_client().get("/?x=a")
        next(response.iter_encoded())

        assert _cv_app.get(None) is None

        response.close()

        assert log == ["closed /", "teardown"]

    def test_an_abandoned_stream_ends_its_context(self, app: App) -> None:
        """Not iterated at all, only closed, as a server does when the client is gone."""
        log: list[str] = []
        self.make(app, log)
        environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "QUERY_STRING": "x=a", "SERVER_NAME": "localhost",
                   "SERVER_PORT": "80", "wsgi.url_scheme": "http"}  # fmt: skip
        body = app(environ, lambda *args: None)
        next(iter(body))
        body.close()  # type: ignore[attr-defined]

        assert _cv_app.get(None) is None
        assert log == ["closed /", "teardown"]

        app.test_client().get("/?x=b").close()

        assert log.count("teardown") == 2

    def test_an_error_in_a_stream_ends_its_context(self, app: App) -> None:
        """The error comes out, the teardown runs."""
        log: list[str] = []
        app.teardown_request(lambda exc: log.append("teardown"))

        @app.route("/")
        def index() -> Any:
            def generate() -> Any:
                yield "a"
                raise ValueError("in the stream")

            return stream_with_context(generate())

        with pytest.raises(ValueError, match="in the stream"):
            app.test_client().get("/").get_data()

        assert log == ["teardown"]
        assert _cv_app.get(None) is None


def test_a_view_that_fails_leaves_no_context(app: App) -> None:
    """Nor does one whose teardown fails as well."""
    app.add_url_rule("/", "index", lambda: 1 / 0)
    app.teardown_request(lambda exc: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        app.test_client().get("/")

    assert _cv_app.get(None) is None


def test_a_request_inside_a_context_shares_it(app: App) -> None:
    """Extensions key what belongs to a context by the object that ``app_ctx`` stands for."""
    seen: list[Any] = []

    @app.route("/")
    def index() -> str:
        seen.append((app_ctx._get_current_object(), g._get_current_object()))  # type: ignore[attr-defined]
        return "".join(stream_template_string("{{ request.path }}"))

    with app.app_context() as outer:
        assert app.test_client().get("/").text == "/"
        assert app.test_client().get("/").text == "/"
        assert seen == [(outer, outer.g)] * 2
