"""Testing ASGI applications: scopes, runs, lifespans, and the client on both gateways."""

from __future__ import annotations

import asyncio
import io
from typing import Any

import pytest

from dray.wsgi_tools.asgi import environ_from_scope
from dray.wsgi_tools.test import Client, create_environ
from dray.wsgi_tools.test.asgi import ASGIClient, Lifespan, create_scope, run_asgi_app, scope_from_environ
from dray.wsgi_tools.wrappers import Request, Response
from dray.wsgi_tools.wrappers._asgi import ASGIRequest, ASGIResponse


def answer(request: Any, response_class: Any) -> Any:
    """Answer a request of either gateway."""
    if request.path == "/redirect":
        response = response_class(status=307, headers={"Location": "/app/next?y=2"})
        response.set_cookie("seen", "yes")
        return response
    told = f"{request.method} {request.url} {sorted(request.cookies.items())} {request.form.to_dict()}"
    return response_class(told, headers={"X-Agent": request.headers.get("User-Agent", "")})


@Request.application
def wsgi_app(request: Request) -> Response:
    """Answer over WSGI."""
    return answer(request, Response)  # type: ignore[no-any-return]


async def asgi_app(scope: Any, receive: Any, send: Any) -> None:
    """Answer over ASGI."""
    request = ASGIRequest(scope, receive)
    await request.load_body()
    await answer(request, ASGIResponse)(scope, receive, send)
    request.close()


@pytest.fixture(params=["wsgi", "asgi"])
def client(request: pytest.FixtureRequest) -> Client:
    """A client of the same application over each gateway."""
    return Client(wsgi_app) if request.param == "wsgi" else ASGIClient(asgi_app)  # type: ignore[arg-type]


def test_the_same_answers_over_both_gateways(client: Client) -> None:
    """Paths, queries, cookies, forms and redirects are the same to a client."""
    client.set_cookie("a", "b")
    response = client.post(
        "/redirect?x=1",
        base_url="http://ex.com/app/",
        data={"f": "\xfc"},
        headers={"User-Agent": "test"},
        follow_redirects=True,
    )
    assert response.status == "200 OK" and response.headers["X-Agent"] == "test"
    assert response.text == "POST http://ex.com/app/next?y=2 [('seen', 'yes')] {'f': '\xfc'}"
    assert [step.status_code for step in response.history] == [307]


def test_scopes_and_environs_are_two_spellings() -> None:
    """An environ written as a scope, and read back by the gateway, says the same."""
    environ = create_environ(
        "/p\xe4th?q=\xfc",
        "https://ex.com:8443/r\xf6ot",
        method="POST",
        data="x",
        headers=[("X-A", "1"), ("Cookie", "a=b")],
        environ_base={"REMOTE_ADDR": "1.2.3.4", "REMOTE_PORT": "5"},
    )
    scope = scope_from_environ(environ)
    assert scope["path"] == "/r\xf6ot/p\xe4th" and scope["root_path"] == "/r\xf6ot"
    assert scope["query_string"] == "q=\xfc".encode() and scope["client"] == ("1.2.3.4", 5)
    back = environ_from_scope(scope, io.BytesIO())
    for key in (
        "REQUEST_METHOD",
        "SCRIPT_NAME",
        "PATH_INFO",
        "QUERY_STRING",
        "HTTP_HOST",
        "HTTP_X_A",
        "CONTENT_LENGTH",
    ):
        assert back[key] == environ[key]
    assert create_scope("/%41")["raw_path"] == b"/%41" and create_scope()["client"] is None


def test_large_bodies_come_in_pieces() -> None:
    """A body arrives in several messages, and the disconnect after the answer."""
    seen: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        while True:
            message = await receive()
            seen.append(len(message["body"]))
            if not message["more_body"]:
                break
        await send({"type": "http.response.start", "status": 299, "headers": [(b"x-a", b"\xe4")]})
        await send({"type": "http.response.body", "body": b"a", "more_body": True})
        await send({"type": "http.response.body", "body": b"b"})
        seen.append((await receive())["type"])

    result = asyncio.run(run_asgi_app(app, create_scope(), b"x" * 200_000))
    assert seen == [65536, 65536, 65536, 200_000 - 3 * 65536, "http.disconnect"]
    assert (result.status, result.body, result.headers["X-A"]) == (299, [b"a", b"b"], "\xe4")
    assert ASGIClient(app).get("/").status == "299 UNKNOWN"  # type: ignore[arg-type]


START: dict[str, Any] = {"type": "http.response.start", "status": 200}
BODY: dict[str, Any] = {"type": "http.response.body"}


@pytest.mark.parametrize(
    ("messages", "error"),
    [
        ([BODY], "before http.response.start"),
        ([START, START], "twice"),
        ([START, BODY, BODY], "after the last one"),
        ([{"type": "other"}], "'other'"),
        ([START], "without a complete response"),
        ([], "without a complete response"),
    ],
)
def test_messages_in_a_wrong_order(messages: list[Any], error: str) -> None:
    """What an application may not send is named."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        for message in messages:
            await send(message)

    with pytest.raises(RuntimeError, match=error):
        asyncio.run(run_asgi_app(app, create_scope()))


@pytest.mark.parametrize("failing", ["", "startup", "shutdown"])
def test_lifespan(failing: str) -> None:
    """An application is started and stopped around the block, and its failures are errors."""
    steps: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        for name in ("startup", "shutdown"):
            message = await receive()
            steps.append(message["type"])
            scope["state"][name] = True
            ending = "failed" if name == failing else "complete"
            await send({"type": f"lifespan.{name}.{ending}", "message": "no database"})

    async def main() -> dict[str, Any]:
        async with Lifespan(app) as lifespan:
            steps.append("inside")
        return lifespan.state

    if failing:
        with pytest.raises(RuntimeError, match=f"{failing} failed: no database"):
            asyncio.run(main())
    else:
        assert asyncio.run(main()) == {"startup": True, "shutdown": True}
        assert steps == ["lifespan.startup", "inside", "lifespan.shutdown"]


def test_applications_without_lifespan() -> None:
    """An application that doesn't know the protocol can be used all the same."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        raise ValueError(scope["type"])

    async def main() -> str:
        async with Lifespan(app):
            return "used"

    assert asyncio.run(main()) == "used"
