"""The ASGI gateway: where views run, how bodies come, what happens when a client goes, and what is refused."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from dray.framework import (
    App,
    Response,
    abort,
    after_this_request,
    current_app,
    g,
    render_template_async,
    render_template_string_async,
    request,
    request_finished,
    request_started,
    request_tearing_down,
    send_file,
    session,
    stream_template_async,
    stream_template_string_async,
    stream_with_context,
    template_rendered,
)
from dray.framework.globals import _cv_app
from dray.framework.testing import AppClient
from dray.framework.views import MethodView, View
from dray.templating import DictLoader
from dray.wsgi_tools.exceptions import ClientDisconnected, RequestEntityTooLarge
from dray.wsgi_tools.routing import BaseConverter
from dray.wsgi_tools.test.asgi import create_scope, run_asgi_app

number: contextvars.ContextVar[int] = contextvars.ContextVar("number")


@pytest.fixture
def client(app: App) -> AppClient:
    """Make a client that uses the ASGI gateway."""
    return app.test_client(gateway="asgi")


def test_where_functions_run(app: App, client: AppClient) -> None:
    """Coroutine functions on the loop; plain ones in a worker, unless they are marked as never blocking."""
    log: list[tuple[str, str]] = []

    def note(what: str) -> None:
        log.append((what, "loop" if asyncio._get_running_loop() else threading.current_thread().name.split("_")[0]))

    @app.before_request
    def before() -> None:
        note("before")

    @app.after_request
    async def after(response: Response) -> Response:
        note("after")
        return response

    @app.teardown_request
    def teardown(exc: BaseException | None) -> None:
        note("teardown")

    @app.teardown_appcontext
    async def teardown_app(exc: BaseException | None) -> None:
        note("teardown of the application")

    @app.get("/async")
    async def asynchronous() -> str:
        note("async view")
        return "fine"

    @app.get("/plain")
    def plain() -> str:
        note("plain view")
        return "fine"

    @app.get("/inline", inline=True)
    def inline() -> str:
        note("inline view")
        return "fine"

    for path, view, where in (
        ("/async", "async view", "loop"),
        ("/plain", "plain view", "dray-worker"),
        ("/inline", "inline view", "loop"),
    ):
        log.clear()
        assert client.get(path).text == "fine"
        assert log == [
            ("before", "dray-worker"),
            (view, where),
            ("after", "loop"),
            ("teardown", "dray-worker"),
            ("teardown of the application", "loop"),
        ]


def test_context_variables_are_carried(app: App, client: AppClient) -> None:
    """From hook to view and on, whichever thread they run in."""

    @app.before_request
    def before() -> None:
        number.set(1)
        g.trail = ["before"]

    @app.before_request
    async def before_too() -> None:
        number.set(number.get() + 1)
        g.trail.append("before too")

    @app.route("/")
    def index() -> dict[str, Any]:
        number.set(number.get() * 10)
        return {"number": number.get(), "trail": g.trail, "path": request.path}

    @app.after_request
    async def after(response: Response) -> Response:
        response.headers["X-Number"] = str(number.get())
        return response

    response = client.get("/")

    assert response.json == {"number": 20, "trail": ["before", "before too"], "path": "/"}
    assert response.headers["X-Number"] == "20"
    assert number.get(None) is None


def test_a_plain_view_calls_a_coroutine_function(app: App, client: AppClient) -> None:
    """It runs on the server's loop, where the connections are that it may use."""
    loops: list[Any] = []

    @app.before_request
    async def before() -> None:
        loops.append(asyncio.get_running_loop())

    class Page(MethodView):
        async def get(self) -> str:
            loops.append(asyncio.get_running_loop())
            return request.path

    class Other(View):
        async def dispatch_request(self) -> Any:
            raise KeyError("inside")

    app.add_url_rule("/page", view_func=Page.as_view("page"))
    app.add_url_rule("/other", view_func=Other.as_view("other"))
    app.register_error_handler(KeyError, lambda error: ("caught", 500))

    assert client.get("/page").text == "/page"
    assert loops[0] is loops[1]
    assert client.get("/other").text == "caught"


def test_after_this_request_in_both_kinds(app: App, client: AppClient) -> None:
    """A view that needs nothing else may still register a hook."""

    @app.route("/async")
    async def asynchronous() -> str:
        after_this_request(lambda response: response.headers.update(X="1") or response)
        return "fine"

    @app.route("/plain")
    def plain() -> str:
        @after_this_request
        async def hook(response: Response) -> Response:
            response.headers["X"] = "2"
            return response

        return "fine"

    assert client.get("/async").headers["X"] == "1"
    assert client.get("/plain").headers["X"] == "2"


def test_signals_with_both_kinds_of_receivers(app: App, client: AppClient) -> None:
    """Coroutine functions are awaited."""
    log: list[str] = []

    async def started(sender: App, **kwargs: Any) -> None:
        log.append("started")

    def finished(sender: App, response: Response, **kwargs: Any) -> None:
        log.append(response.status)

    async def ended(sender: App, exc: BaseException | None, **kwargs: Any) -> None:
        log.append(repr(exc))

    @app.route("/")
    async def index() -> str:
        return "fine"

    with (
        request_started.connected_to(started, app),
        request_finished.connected_to(finished, app),
        request_tearing_down.connected_to(ended, app),
    ):
        client.get("/")

    assert log == ["started", "200 OK", "None"]


class Overriding(App):
    """An application whose documented methods take part."""

    def dispatch_request(self) -> Any:
        return f"{super().dispatch_request()} dispatched"

    def process_response(self, response: Response) -> Response:
        response.headers["X-Processed"] = "yes"
        return super().process_response(response)


def test_overridden_methods_run_in_a_worker() -> None:
    """The whole documented chain does; an async view in it runs on the loop all the same."""
    app = Overriding("framework_tests", root_path="/nowhere")

    @app.route("/plain")
    def plain() -> str:
        return threading.current_thread().name.split("_")[0]

    @app.post("/async")
    async def asynchronous() -> str:
        asyncio.get_running_loop()
        return request.form["a"]

    client = app.test_client(gateway="asgi")

    assert client.get("/plain").text == "dray-worker dispatched"
    assert client.get("/plain").headers["X-Processed"] == "yes"
    assert client.post("/async", data={"a": "b"}).text == "b dispatched"
    assert client.head("/plain").data == b""


def test_a_wrapped_wsgi_callable_is_called(app: App, client: AppClient) -> None:
    """Middleware of WSGI works under ASGI."""
    inner = app.wsgi_app

    def middleware(environ: Any, start_response: Any) -> Any:
        environ["SCRIPT_NAME"] = "/mounted"
        return inner(environ, start_response)

    app.wsgi_app = middleware  # type: ignore[method-assign]

    @app.route("/")
    def index() -> Iterator[str]:
        yield request.script_root
        yield "!"

    app.view_functions["index"] = lambda: iter([request.script_root, "!"])

    assert client.get("/").text == "/mounted!"


def test_a_wrapped_asgi_callable_is_called(app: App, client: AppClient) -> None:
    """``app.asgi`` goes through it."""
    inner = app.asgi_app

    async def middleware(scope: Any, receive: Any, send: Any) -> None:
        await inner({**scope, "root_path": "/mounted", "path": f"/mounted{scope['path']}"}, receive, send)

    app.asgi_app = middleware  # type: ignore[method-assign]

    @app.route("/x")
    async def index() -> str:
        return f"{request.script_root} {request.path}"

    assert client.get("/x").text == "/mounted /x"


# ------------------------------------------------------------------------------------------------------------ bodies


async def endless(pieces: int | None = None) -> Any:
    """Give the next piece of a body without an end."""
    return {"type": "http.request", "body": b"x" * 1000, "more_body": True}


def send_to(app: App, path: str, receive: Any, **scope: Any) -> tuple[int, bytes]:
    """Send a request whose body comes from a function; return status and body."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    headers = scope.pop("headers", [(b"transfer-encoding", b"chunked")])
    made = {**create_scope(path, method="POST"), "headers": [(b"host", b"localhost"), *headers], **scope}
    asyncio.run(asyncio.wait_for(app.asgi(made, receive, send), 10))
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:])


@pytest.mark.parametrize("path", ["/reads", "/plain", "/ignores"])
def test_an_endless_body_is_read_up_to_the_limit(app: App, path: str) -> None:
    """Not further, also when the view never looks at it; who looks gets 413."""
    app.config["MAX_CONTENT_LENGTH"] = 5000
    taken: list[int] = []

    async def receive() -> Any:
        taken.append(1)
        return await endless()

    @app.post("/reads")
    async def reads() -> str:
        return str(len(request.data))

    @app.post("/plain")
    def plain() -> str:
        return str(len(request.data))

    @app.post("/ignores")
    async def ignores() -> str:
        return "fine"

    status, body = send_to(app, path, receive)

    assert (status, body) == ((200, b"fine") if path == "/ignores" else (413, body))
    assert len(taken) == 6


def test_a_body_over_what_is_read_ahead(app: App) -> None:
    """A plain view waits for the rest in its worker; a coroutine is told what to do."""
    app.config["MAX_READ_AHEAD"] = 2000
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def body(count: int) -> Any:
        left = [count]

        async def receive() -> Any:
            left[0] -= 1
            return {"type": "http.request", "body": b"x" * 1000, "more_body": left[0] > 0}

        return receive

    @app.post("/plain")
    def plain() -> str:
        return str(len(request.data))

    @app.post("/async")
    async def asynchronous() -> str:
        return str(len(request.data))

    @app.post("/load")
    async def load() -> str:
        await request.load_body()
        return str(len(request.data))

    @app.errorhandler(RequestEntityTooLarge)
    def too_large(error: RequestEntityTooLarge) -> Any:
        return error.description, 413

    assert send_to(app, "/plain", body(10)) == (200, b"10000")
    status, text = send_to(app, "/async", body(10))
    assert status == 413
    assert b"Iterate over request.stream" in text
    assert send_to(app, "/load", body(10)) == (200, b"10000")


def test_a_view_that_takes_the_body_as_it_comes(app: App) -> None:
    """Nothing is read before, and no more at a time than the view takes."""
    asked: list[str] = []

    async def receive() -> Any:
        asked.append("asked")
        return {"type": "http.request", "body": b"abc", "more_body": len(asked) < 3}

    @app.post("/async", stream=True)
    async def asynchronous() -> str:
        asked.append("view")
        return str([chunk.decode() async for chunk in request.stream])

    @app.post("/plain", stream=True)
    def plain() -> str:
        return request.stream.read().decode()

    assert send_to(app, "/async", receive) == (200, b"['abc', 'abc']")
    assert asked == ["view", "asked", "asked"]
    asked.clear()
    assert send_to(app, "/plain", receive) == (200, b"abcabcabc")


def test_a_limit_of_one_request(app: App) -> None:
    """A hook may raise it, for plain views and, after loading the rest, for coroutines."""
    app.config["MAX_CONTENT_LENGTH"] = 10

    @app.before_request
    def allow() -> None:
        request.max_content_length = 5000

    @app.post("/plain")
    def plain() -> str:
        return str(len(request.data))

    @app.post("/async")
    async def asynchronous() -> str:
        await request.load_body()
        return str(len(request.data))

    client = app.test_client(gateway="asgi")

    assert client.post("/plain", data=b"x" * 3000).text == "3000"
    assert client.post("/async", data=b"x" * 3000).text == "3000"


def test_a_client_that_goes_while_its_body_comes(app: App) -> None:
    """The view that wants the body gets the documented exception; teardown runs."""
    seen: list[Any] = []
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.teardown_request(lambda exc: seen.append("teardown"))

    async def receive() -> Any:
        return {"type": "http.disconnect"}

    @app.post("/")
    async def index() -> str:
        try:
            return request.form["a"]
        except ClientDisconnected:
            seen.append("disconnected")
            raise

    send_to(
        app, "/", receive, headers=[(b"content-length", b"5"), (b"content-type", b"application/x-www-form-urlencoded")]
    )

    assert seen == ["disconnected", "teardown"]


def test_a_body_that_comes_too_slowly(app: App) -> None:
    """The view that wants it gets 408."""
    app.config["BODY_TIMEOUT"] = 0.02

    async def receive() -> Any:
        await asyncio.sleep(60)

    @app.post("/")
    async def index() -> bytes:
        return request.data

    assert send_to(app, "/", receive)[0] == 408


# ----------------------------------------------------------------------------------------------------------- answers


@pytest.mark.parametrize("kind", ["async", "plain"])
def test_a_stream_whose_client_goes(app: App, kind: str) -> None:
    """It is closed, its teardown runs, nothing goes on."""
    log: list[str] = []
    app.teardown_request(lambda exc: log.append(f"teardown {request.path}"))

    @app.route("/async")
    async def asynchronous() -> Any:
        async def generate() -> AsyncIterator[str]:
            try:
                yield request.path
                await asyncio.sleep(60)
            finally:
                log.append("closed")

        return stream_with_context(generate())

    @app.route("/plain")
    def plain() -> Any:
        def generate() -> Iterator[str]:
            try:
                while True:
                    yield request.path
            finally:
                log.append("closed")

        return stream_with_context(generate())

    async def main() -> None:
        started = asyncio.Event()

        async def receive() -> Any:
            await started.wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            if message["type"] == "http.response.body":
                started.set()

        await asyncio.wait_for(app.asgi(create_scope(f"/{kind}"), receive, send), 10)
        assert len(asyncio.all_tasks()) == 1

    asyncio.run(main())

    assert log == ["closed", f"teardown /{kind}"]


@pytest.mark.parametrize("size", [5, 100_000])
def test_a_client_that_goes_before_a_whole_answer(app: App, size: int, caplog: pytest.LogCaptureFixture) -> None:
    """It is noted, and is no error of the application's, however long the answer is."""
    log: list[str] = []
    app.add_url_rule("/", "index", lambda: "x" * size)

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        log.append(message["type"])
        raise OSError("the connection was reset")

    with caplog.at_level("DEBUG"):
        asyncio.run(app.asgi(create_scope("/"), receive, send))

    assert log == ["http.response.start"]
    assert [record.levelname for record in caplog.records if "went before" in record.message] == ["DEBUG"]


def test_server_sent_events(app: App, client: AppClient) -> None:
    """An asynchronous generator is a response, with what is current in each step."""

    @app.route("/")
    async def events() -> Any:
        async def generate() -> AsyncIterator[str]:
            for count in range(3):
                await asyncio.sleep(0)
                yield f"data: {count} {request.args['x']}\n\n"

        return stream_with_context(generate()), {"Content-Type": "text/event-stream"}

    response = client.get("/?x=y")

    assert response.text == "data: 0 y\n\ndata: 1 y\n\ndata: 2 y\n\n"
    assert response.mimetype == "text/event-stream"
    assert app.test_client().get("/?x=y").text == response.text  # the same on WSGI


def test_files_in_parts(app: App, client: AppClient, tmp_path: Any) -> None:
    """Ranges, conditions and HEAD are those of WSGI."""
    path = tmp_path / "file.bin"
    path.write_bytes(bytes(range(256)) * 4096)

    @app.route("/")
    async def index() -> Response:
        return send_file(path)

    whole = client.get("/")
    assert whole.data == path.read_bytes()
    part = client.get("/", headers={"Range": "bytes=1000-1009"})
    assert (part.status_code, part.data) == (206, path.read_bytes()[1000:1010])
    assert client.get("/", headers={"If-None-Match": whole.headers["ETag"]}).status_code == 304
    head = client.head("/")
    assert (head.data, head.content_length) == (b"", 4096 * 256)


def test_a_cancelled_request_is_torn_down(app: App) -> None:
    """All of it, though awaiting fails in the task that was cancelled."""
    log: list[str] = []
    entered: list[asyncio.Event] = []

    @app.teardown_request
    async def teardown(exc: BaseException | None) -> None:
        await asyncio.sleep(0.01)
        log.append(f"teardown {type(exc).__name__} {request.path}")

    @app.teardown_appcontext
    def teardown_app(exc: BaseException | None) -> None:
        log.append("teardown of the application")

    @app.route("/async")
    async def asynchronous() -> None:
        entered[0].set()
        await asyncio.sleep(60)

    @app.route("/plain")
    def plain() -> str:
        loop.call_soon_threadsafe(entered[0].set)
        threading.Event().wait(0.05)
        log.append("view")
        return "done"

    loop: Any = None

    async def main(path: str) -> None:
        nonlocal loop
        loop = asyncio.get_running_loop()
        entered[:] = [asyncio.Event()]
        task = asyncio.ensure_future(run_asgi_app(app.asgi, create_scope(path)))  # type: ignore[arg-type]
        await entered[0].wait()
        task.cancel()
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert len(asyncio.all_tasks()) == 1

    asyncio.run(main("/async"))
    assert log == ["teardown CancelledError /async", "teardown of the application"]
    log.clear()
    asyncio.run(main("/plain"))
    assert log == ["view", "teardown NoneType /plain", "teardown of the application"]


def test_sessions_of_another_kind_are_opened_by_a_worker(app: App, client: AppClient) -> None:
    """One that asks a server for its content may block."""
    from dray.framework.sessions import SecureCookieSession, SessionInterface

    threads: list[str] = []
    store: dict[str, Any] = {}

    class Interface(SessionInterface):
        def open_session(self, app: App, request: Any) -> Any:
            threads.append(threading.current_thread().name.split("_")[0])
            return SecureCookieSession(store)

        def save_session(self, app: App, session: Any, response: Any) -> None:
            threads.append(threading.current_thread().name.split("_")[0])
            store.update(session)

    app.session_interface = Interface()

    @app.route("/")
    async def index() -> str:
        session["count"] = session.get("count", 0) + 1
        return str(session["count"])

    assert [client.get("/").text, client.get("/").text] == ["1", "2"]
    assert threads == ["dray-worker"] * 4


@pytest.mark.parametrize(
    ("scope", "message"),
    [
        ({"type": "ftp"}, "not 'ftp'"),
        ({}, "not None"),
        ({"type": "http"}, "'path'"),
        ({"type": "http", "path": "/"}, "'headers'"),
    ],
)
def test_malformed_scopes(app: App, scope: dict[str, Any], message: str) -> None:
    """The error says what was expected."""
    with pytest.raises(ValueError, match=message):
        asyncio.run(app.asgi(scope, endless, endless))

    assert _cv_app.get(None) is None


def test_an_unhandled_exception(app: App, client: AppClient) -> None:
    """Is a page of status 500, and let out while testing."""

    @app.route("/")
    async def index() -> None:
        raise ValueError("unhandled")

    with pytest.raises(ValueError, match="unhandled"):
        client.get("/")

    app.config["PROPAGATE_EXCEPTIONS"] = False

    assert client.get("/").status_code == 500


def test_a_failing_view_without_hooks_is_handled(app: App, client: AppClient) -> None:
    """The way of a request that needs nothing but its view ends where all others do."""

    @app.route("/teapot")
    async def teapot() -> None:
        abort(418)

    @app.route("/key")
    async def key() -> None:
        raise KeyError("x")

    @app.route("/nothing")
    async def nothing() -> None:
        pass

    app.register_error_handler(KeyError, lambda error: ("handled", 400))
    app.config["PROPAGATE_EXCEPTIONS"] = False

    assert client.get("/teapot").status_code == 418
    assert client.get("/key").text == "handled"
    assert client.get("/nothing").status_code == 500


def test_workers_are_bounded(app: App) -> None:
    """More requests than there are workers wait for their turn."""
    app.config["ASYNC_SYNC_WORKERS"] = 2
    running: list[int] = []
    most: list[int] = []

    @app.route("/")
    def index() -> str:
        running.append(1)
        most.append(len(running))
        threading.Event().wait(0.01)
        running.pop()
        return current_app.name

    async def main() -> None:
        requests = [run_asgi_app(app.asgi, create_scope("/")) for _ in range(10)]  # type: ignore[arg-type]
        answers = await asyncio.gather(*requests)
        assert [answer.status for answer in answers] == [200] * 10

    asyncio.run(main())

    assert max(most) == 2


def test_templates_on_the_loop(app: App, client: AppClient) -> None:
    """What a template calls is awaited; context processors and signals of both kinds take part; streams too."""
    app.jinja_loader = DictLoader({"page.html": "{{ word() }} {{ plain }} {{ other }} {{ request.path }} {{ given }}<"})
    seen: list[str] = []

    @app.context_processor
    async def asynchronous() -> dict[str, Any]:
        return {"other": "async", "given": "hidden"}

    @app.context_processor
    def plain() -> dict[str, Any]:
        return {"plain": "plain"}

    async def word() -> str:
        await asyncio.sleep(0)
        return "awaited"

    async def receiver(sender: App, template: Any, context: Any, **kwargs: Any) -> None:
        seen.append(template.name)

    @app.route("/whole")
    async def whole() -> str:
        return await render_template_async("page.html", word=word, given="<b>")

    @app.route("/stream")
    async def stream() -> Any:
        return await stream_template_async("page.html", word=word, given="<b>")

    @app.route("/text")
    async def text() -> Any:
        return await render_template_string_async("{{ word() }}", word=word)

    @app.route("/text-stream")
    async def text_stream() -> Any:
        return await stream_template_string_async("{{ word() }}", word=word)

    with template_rendered.connected_to(receiver, app):
        assert client.get("/whole").text == "awaited plain async /whole &lt;b&gt;<"
        assert client.get("/stream").text == "awaited plain async /stream &lt;b&gt;<"
        assert client.get("/text").text == client.get("/text-stream").text == "awaited"
    assert seen == ["page.html", "page.html", None, None]


def test_a_converter_that_fails_is_a_500(app: App, gateway: str) -> None:
    """Also before anything is matched: the page, the teardown functions, and nothing left behind."""
    log: list[str] = []
    app.config["PROPAGATE_EXCEPTIONS"] = False

    class Broken(BaseConverter):
        def to_python(self, value: str) -> Any:
            raise KeyError(value)

    app.url_map.converters["broken"] = Broken
    app.add_url_rule("/<broken:value>", "index", lambda value: value)
    app.teardown_request(lambda exc: log.append(type(exc).__name__))

    assert app.test_client().get("/x").status_code == 500
    assert log == ["KeyError"]
    assert _cv_app.get(None) is None
