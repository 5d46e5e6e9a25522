"""The same application on the framework."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dray.framework import App, request

from .views import VIEWS

app = App(__name__, static_folder=None)


def _with_request(view: Callable[..., Any]) -> Callable[..., Any]:
    return lambda **_: view(request)


for _rule, (_methods, _view) in VIEWS.items():
    app.add_url_rule(_rule, _rule, _with_request(_view), methods=_methods)

wsgi = app
asgi = app.asgi
