"""WebSockets: messages both ways, refusing and closing, hooks, limits, and clients that go."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from dray.framework import (
    App,
    Blueprint,
    Response,
    abort,
    copy_current_websocket_context,
    g,
    got_websocket_exception,
    has_request_context,
    has_websocket_context,
    session,
    url_for,
    websocket,
    websocket_finished,
    websocket_started,
    websocket_tearing_down,
)
from dray.framework.testing import AppClient
from dray.wsgi_tools.exceptions import ClientDisconnected
from dray.wsgi_tools.test.websocket import WebsocketClosed, WebsocketRefused


@pytest.fixture
def client(app: App) -> AppClient:
    """Make a client that uses the ASGI gateway."""
    return app.test_client(gateway="asgi")


def echo(app: App, rule: str = "/echo") -> None:
    """Add a WebSocket that sends back what it gets."""

    @app.websocket(rule)
    async def echo() -> None:
        while True:
            await websocket.send(await websocket.receive())


def test_messages_both_ways(app: App, client: AppClient) -> None:
    """Text is text, bytes are bytes."""
    echo(app)
    with client.websocket("/echo") as socket:
        for message in ("text", b"bytes", "", "é"):
            socket.send(message)
            assert socket.receive() == message


def test_json(app: App, client: AppClient) -> None:
    """Values, and keyword arguments."""

    @app.websocket("/")
    async def index() -> None:
        value = await websocket.receive_json()
        await websocket.send_json(value["a"])
        await websocket.send_json(got=value)

    with client.websocket("/") as socket:
        socket.send_json({"a": [1, None]})
        assert socket.receive_json() == [1, None]
        assert socket.receive_json() == {"got": {"a": [1, None]}}
        with pytest.raises(WebsocketClosed) as closed:
            socket.receive()
        assert closed.value.code == 1000


def test_it_is_a_request_too(app: App, client: AppClient) -> None:
    """With URL, values, headers and cookies; URLs are built as in a view."""
    seen: list[Any] = []

    @app.websocket("/rooms/<int:number>")
    async def room(number: int) -> None:
        seen.extend([number, websocket.args["x"], websocket.headers["X-A"], websocket.endpoint, websocket.scheme])
        seen.extend([has_websocket_context(), has_request_context(), url_for("room", number=7), session.get("user")])
        await websocket.accept()

    @app.route("/login")
    def login() -> str:
        session["user"] = "me"
        return ""

    client.get("/login")
    with client.websocket("/rooms/5?x=y", headers={"X-A": "b"}):
        pass

    assert seen[:5] == [5, "y", "b", "room", "ws"]
    assert seen[5:] == [True, True, "ws://localhost/rooms/7", "me"]


def test_the_session_is_saved_with_the_acceptance(app: App, client: AppClient) -> None:
    """Later there are no headers to do it with."""

    @app.websocket("/")
    async def index() -> None:
        session["count"] = session.get("count", 0) + 1
        await websocket.accept(headers={"X-A": "b"}, subprotocol="chat")

    with client.websocket("/", subprotocols=["other", "chat"]) as socket:
        assert socket.subprotocol == "chat"
        assert socket.headers["X-A"] == "b"
        assert socket.headers["Set-Cookie"].startswith("session=")


def test_refusing(app: App, client: AppClient) -> None:
    """By closing, by an error, by a response of a hook or a view; and where there is no WebSocket."""

    @app.websocket("/closes")
    async def closes() -> None:
        await websocket.close(3000, "go away")

    @app.websocket("/aborts")
    async def aborts() -> None:
        abort(401)

    @app.websocket("/answers")
    async def answers() -> Any:
        return "not here", 418, {"X-A": "b"}

    @app.websocket("/returns")
    async def returns() -> None:
        pass

    @app.get("/page")
    async def page() -> str:
        return "page"

    @app.errorhandler(401)
    def unauthorized(error: Exception) -> Any:
        return "log in first", 401

    refusals = {}
    for path in ("/closes", "/aborts", "/answers", "/returns", "/page", "/missing"):
        with pytest.raises(WebsocketRefused) as refused, client.websocket(path):
            pass
        refusals[path] = (refused.value.code, refused.value.status, refused.value.data)

    assert refusals["/closes"] == (3000, 403, b"")
    assert refusals["/aborts"] == (None, 401, b"log in first")
    assert refusals["/answers"] == (None, 418, b"not here")
    assert refusals["/returns"] == (1000, 403, b"")
    assert refusals["/page"][1] == 400
    assert refusals["/missing"][1] == 404


def test_without_a_websocket(app: App, client: AppClient) -> None:
    """A plain request to one, and one that asks for it on WSGI, get 400 and the reason."""
    echo(app)

    assert client.get("/echo").status_code == 400
    assert app.test_client().get("/echo").status_code == 400
    headers = {"Upgrade": "websocket", "Connection": "Upgrade"}
    response = app.test_client().get("/echo", headers=headers)
    assert response.status_code == 400
    assert "app.asgi" in response.text


def test_hooks_and_signals(app: App, client: AppClient) -> None:
    """Their own, of application and blueprint, in order; those of requests don't run."""
    log: list[str] = []
    part = Blueprint("part", __name__, url_prefix="/part")

    def note(what: str) -> Any:
        async def hook(*args: Any, **kwargs: Any) -> Any:
            log.append(what)
            return args[0] if what.startswith("after") else None

        return hook

    app.before_request(note("request"))
    app.before_websocket(note("before"))
    app.after_websocket(note("after"))
    app.teardown_websocket(note("teardown"))
    part.before_websocket(lambda: log.append("before in part"))
    part.after_websocket(note("after in part"))
    part.teardown_websocket(lambda exc: log.append(f"teardown in part {exc}"))
    part.before_app_websocket(note("before by part"))

    @part.websocket("/echo")
    async def echo() -> None:
        log.append("view")
        await websocket.send("done")

    app.register_blueprint(part)
    with (
        websocket_started.connected_to(note("started"), app),
        websocket_finished.connected_to(note("finished"), app),
        websocket_tearing_down.connected_to(note("tearing down"), app),
        client.websocket("/part/echo") as socket,
    ):
        assert socket.receive() == "done"
        socket.close()

    assert log == [
        "started",
        "before",
        "before by part",
        "before in part",
        "view",
        "after in part",
        "after",
        "finished",
        "teardown in part None",
        "teardown",
        "tearing down",
    ]


def test_a_hook_refuses(app: App, client: AppClient) -> None:
    """What it returns is the answer; the view doesn't run."""
    echo(app)
    app.before_websocket(lambda: ("no", 403))

    with pytest.raises(WebsocketRefused) as refused, client.websocket("/echo"):
        pass

    assert refused.value.data == b"no"


def test_an_unhandled_exception(app: App, client: AppClient) -> None:
    """Before the acceptance it is a page of status 500, after it the close code 1011; the signal comes."""
    seen: list[Any] = []
    app.config["PROPAGATE_EXCEPTIONS"] = False

    @app.websocket("/early")
    async def early() -> None:
        raise ValueError("early")

    @app.websocket("/late")
    async def late() -> None:
        await websocket.accept()
        raise ValueError("late")

    app.teardown_websocket(lambda exc: seen.append(type(exc)))
    with got_websocket_exception.connected_to(lambda sender, exception, **kw: seen.append(str(exception)), app):
        with pytest.raises(WebsocketRefused) as refused, client.websocket("/early"):
            pass
        with client.websocket("/late") as socket, pytest.raises(WebsocketClosed) as closed:
            socket.receive()

    assert refused.value.status == 500
    assert closed.value.code == 1011
    assert seen == ["early", ValueError, "late", ValueError]


def test_an_unhandled_exception_is_let_out_while_testing(app: App, client: AppClient) -> None:
    """After the WebSocket was closed."""

    @app.websocket("/")
    async def index() -> None:
        await websocket.accept()
        raise ValueError("let out")

    with (
        pytest.raises(ValueError, match="let out"),
        client.websocket("/") as socket,
        pytest.raises(WebsocketClosed),
    ):
        socket.receive()


def test_a_client_that_goes(app: App, client: AppClient) -> None:
    """The view is told by what it next receives or sends; what came before can still be received."""
    seen: list[Any] = []
    closed: list[asyncio.Event] = []

    @app.websocket("/")
    async def index() -> None:
        closed.append(asyncio.Event())
        await websocket.accept()
        await asyncio.sleep(0.05)
        seen.append(await websocket.receive())
        for wait in (websocket.receive(), websocket.send("late")):
            try:
                await wait
            except ClientDisconnected as error:
                seen.append(error.description)
        seen.append(websocket.close_code)

    with client.websocket("/") as socket:
        socket.send("last words")
        socket.close(3001)

    assert seen == ["last words", *["The client has closed the WebSocket, with code 3001."] * 2, 3001]


def test_a_view_that_waits_elsewhere_is_cancelled(app: App, client: AppClient) -> None:
    """After the time it has to end by itself."""
    app.config["WEBSOCKET_CLOSE_TIMEOUT"] = 0.02
    log: list[str] = []

    @app.websocket("/")
    async def index() -> None:
        await websocket.accept()
        try:
            await asyncio.sleep(60)
        finally:
            log.append("cancelled")

    app.teardown_websocket(lambda exc: log.append("teardown"))
    with client.websocket("/"):
        pass

    assert log == ["cancelled", "teardown"]


def test_messages_over_the_limit(app: App, client: AppClient) -> None:
    """Close the WebSocket with code 1009; the reason names the limit."""
    app.config["WEBSOCKET_MAX_MESSAGE_SIZE"] = 10
    echo(app)
    with client.websocket("/echo") as socket:
        socket.send("x" * 10)
        assert socket.receive() == "x" * 10
        socket.send("x" * 11)
        with pytest.raises(WebsocketClosed) as closed:
            socket.receive()

    assert closed.value.code == 1009
    assert "WEBSOCKET_MAX_MESSAGE_SIZE is 10" in closed.value.reason


def test_messages_wait_in_a_bounded_queue(app: App, client: AppClient) -> None:
    """More are left to the server."""
    app.config["WEBSOCKET_QUEUE_SIZE"] = 3
    seen: list[int] = []
    taken: list[int] = []

    @app.websocket("/")
    async def index() -> None:
        await websocket.accept()
        await asyncio.sleep(0.02)
        seen.append(len(taken))

    async def main() -> None:
        messages = iter([{"type": "websocket.connect"}])

        async def receive() -> Any:
            taken.append(1)
            return next(messages, {"type": "websocket.receive", "text": "x"})

        async def send(message: Any) -> None:
            pass

        scope = {"type": "websocket", "path": "/", "headers": [(b"host", b"localhost")], "query_string": b""}
        await asyncio.wait_for(app.asgi(scope, receive, send), 10)

    asyncio.run(main())

    assert seen == [1 + 3 + 1]


def test_misuse(app: App, client: AppClient) -> None:
    """The errors say what was expected."""
    found: list[str] = []

    @app.websocket("/")
    async def index() -> None:
        for call in (
            lambda: websocket.send({"a": 1}),  # type: ignore[arg-type]
            lambda: websocket.close(1006),
            lambda: websocket.close(2000),
            lambda: websocket.close(1000, "x" * 124),
            lambda: websocket.accept(subprotocol="unknown"),
        ):
            try:
                await call()
            except (TypeError, ValueError) as error:
                found.append(str(error))
        await websocket.accept()
        await websocket.close()
        try:
            await websocket.send("late")
        except RuntimeError as error:
            found.append(str(error))

    with client.websocket("/"):
        pass

    for message, expected in zip(
        found,
        ["send_json", "1006 can't be sent", "2000 can't be sent", "not 124", "unknown", "was closed, with code 1000"],
        strict=True,
    ):
        assert expected in message
    with pytest.raises(TypeError, match="must be 'async def'"):
        App("other", root_path="/nowhere").websocket("/")(lambda: None)
    with pytest.raises(RuntimeError, match="Working outside of websocket context"):
        websocket.path  # noqa: B018
    with pytest.raises(RuntimeError, match='gateway="asgi"'):
        app.test_client().websocket("/")


def test_the_context_in_another_task(app: App, client: AppClient) -> None:
    """A task that sends while the view receives."""

    @app.websocket("/")
    async def index() -> None:
        g.word = "hello"
        await websocket.accept()

        @copy_current_websocket_context
        async def sender() -> None:
            await websocket.send("from a task")

        await asyncio.create_task(sender())

    with client.websocket("/") as socket:
        assert socket.receive() == "from a task"


def test_unexpected_messages(app: App) -> None:
    """The error says what was expected."""

    async def receive() -> Any:
        return {"type": "http.request"}

    scope = {"type": "websocket", "path": "/", "headers": []}
    with pytest.raises(ValueError, match="websocket.connect"):
        asyncio.run(app.asgi(scope, receive, receive))


def test_responses_of_hooks_are_closed(app: App, client: AppClient) -> None:
    """Also one that is only sent where the server can do that."""
    closed: list[int] = []

    @app.websocket("/")
    async def index() -> Response:
        response = app.response_class(iter(["a", "b"]), 401)
        response.call_on_close(lambda: closed.append(1))
        return response

    with pytest.raises(WebsocketRefused) as refused, client.websocket("/"):
        pass

    assert refused.value.data == b"ab"
    assert closed == [1]
