"""The application made of wsgi-tools alone, on both gateways.

For WSGI it is there once more below ``/validated``, inside the standard library's judge.
"""

from __future__ import annotations

import asyncio
import hashlib
from contextlib import suppress
from typing import Any
from wsgiref.validate import validator

from dray.wsgi_tools.exceptions import ClientDisconnected, HTTPException
from dray.wsgi_tools.middleware.dispatcher import DispatcherMiddleware
from dray.wsgi_tools.routing import Map, Rule
from dray.wsgi_tools.wrappers import ASGIRequest, ASGIResponse, Request, Response

from .views import VIEWS, ignore, json_of, pieces

_rules = Map([Rule(rule, endpoint=view, methods=methods) for rule, (methods, view) in VIEWS.items()])


@Request.application
def application(request: Request) -> Response:
    """Call the view that the address names."""
    view, _ = _rules.bind_to_environ(request.environ).match()
    return view(request)


wsgi = DispatcherMiddleware(application, {"/validated": validator(application)})


async def _pieces(request: ASGIRequest) -> Response:
    """Say how long the body is, and what it is, without keeping it."""
    digest, length = hashlib.sha256(), 0
    async for data in request.chunks():
        digest.update(data)
        length += len(data)
    return json_of({"length": length, "digest": digest.hexdigest()})


async def _answer(request: ASGIRequest) -> Response:
    """Call the view that the address names: elsewhere, for it may block."""
    try:
        view, _ = _rules.bind_to_environ(request.environ).match()
        if view is pieces:
            return await _pieces(request)
        if view is not ignore:
            await request.load_body()
        return await asyncio.to_thread(view, request)
    except HTTPException as error:
        return error.get_response(request.environ)  # type: ignore[return-value]


async def asgi(scope: Any, receive: Any, send: Any) -> None:
    """The same application on ASGI: its requests and responses are those of ``wrappers``."""
    if scope["type"] != "http":
        raise NotImplementedError(f"This application knows requests only, not {scope['type']!r}.")
    with ASGIRequest(scope, receive) as request:
        response = ASGIResponse.force_type(await _answer(request))
        with suppress(ClientDisconnected):
            await response(scope, receive, send)
