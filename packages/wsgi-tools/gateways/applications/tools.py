"""The application made of wsgi-tools alone, and once more below ``/validated`` inside the standard library's judge."""

from __future__ import annotations

from wsgiref.validate import validator

from dray.wsgi_tools.middleware.dispatcher import DispatcherMiddleware
from dray.wsgi_tools.routing import Map, Rule
from dray.wsgi_tools.wrappers import Request, Response

from .views import VIEWS

_rules = Map([Rule(rule, endpoint=view, methods=methods) for rule, (methods, view) in VIEWS.items()])


@Request.application
def application(request: Request) -> Response:
    """Call the view that the address names."""
    view, _ = _rules.bind_to_environ(request.environ).match()
    return view(request)


wsgi = DispatcherMiddleware(application, {"/validated": validator(application)})
