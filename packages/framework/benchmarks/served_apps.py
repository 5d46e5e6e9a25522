"""One small application in each framework, for :mod:`bench_servers`: a module that a server can be pointed at."""

from __future__ import annotations

from typing import Any

TEXT, DOCUMENT = "Hello, World!", {"message": "Hello, World!"}


def _register(app: Any) -> Any:
    """Give an application of Flask, Quart or dray its two views."""
    app.secret_key = "key"

    @app.route("/")
    def hello() -> str:
        return TEXT

    @app.route("/json")
    def document() -> dict[str, str]:
        return DOCUMENT

    return app


def _register_async(app: Any) -> Any:
    app.secret_key = "key"

    @app.route("/")
    async def hello() -> str:
        return TEXT

    @app.route("/json")
    async def document() -> dict[str, str]:
        return DOCUMENT

    return app


def __getattr__(name: str) -> Any:
    """Make the application that is asked for, and import no other framework for it."""
    if name == "flask_wsgi":
        import flask  # noqa: PLC0415 - each peer in a process of its own

        return _register(flask.Flask(__name__))
    if name in ("dray_wsgi", "dray_asgi"):
        import dray.framework  # noqa: PLC0415

        app = dray.framework.App(__name__)
        return _register(app) if name == "dray_wsgi" else _register_async(app).asgi
    if name == "quart_asgi":
        import quart  # noqa: PLC0415

        return _register_async(quart.Quart(__name__))
    if name == "starlette_asgi":
        return _starlette()
    raise AttributeError(name)


def _starlette() -> Any:
    from starlette.applications import Starlette  # noqa: PLC0415
    from starlette.requests import Request  # noqa: PLC0415
    from starlette.responses import HTMLResponse, JSONResponse  # noqa: PLC0415
    from starlette.routing import Route  # noqa: PLC0415

    async def hello(request: Request) -> HTMLResponse:
        return HTMLResponse(TEXT)

    async def document(request: Request) -> JSONResponse:
        return JSONResponse(DOCUMENT)

    return Starlette(routes=[Route("/", hello), Route("/json", document)])
