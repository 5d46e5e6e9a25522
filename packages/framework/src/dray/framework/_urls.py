"""Build URLs for an application, with the current request as the starting point."""

from __future__ import annotations

import urllib.parse
from typing import TYPE_CHECKING, Any

from dray.wsgi_tools.routing import BuildError, MapAdapter

from . import typing as ft
from ._binding import _cv_app

if TYPE_CHECKING:
    from .app import App
    from .wrappers import Request


def create_url_adapter(app: App, request: Request | None) -> MapAdapter | None:
    """Make what matches and builds URLs: for a request, or for ``SERVER_NAME``; ``None`` with neither.

    :raises SecurityError: when the request's host isn't one of ``TRUSTED_HOSTS``.
    """
    config = app.config
    if request is None:
        if config["SERVER_NAME"] is None:
            return None
        return app.url_map.bind(
            config["SERVER_NAME"], script_name=config["APPLICATION_ROOT"], url_scheme=config["PREFERRED_URL_SCHEME"]
        )
    if (trusted := config["TRUSTED_HOSTS"]) is not None:
        request.trusted_hosts = trusted
        request.host  # noqa: B018 - looking at an untrusted host raises
    subdomain = None
    server_name = config["SERVER_NAME"]
    if app.url_map.host_matching:
        server_name = None  # the host is matched by the rules themselves
    elif not app.subdomain_matching:
        # Any host is served; subdomains mean nothing.
        subdomain = app.url_map.default_subdomain or ""
    return app.url_map.bind_to_environ(request.environ, server_name=server_name, subdomain=subdomain)


def url_for(
    app: App,
    endpoint: str,
    *,
    _anchor: ft.OptionalStr = None,
    _method: ft.OptionalStr = None,
    _scheme: ft.OptionalStr = None,
    _external: bool | None = None,
    **values: Any,
) -> str:
    """Build the URL of an endpoint; see :meth:`dray.framework.app.App.url_for`."""
    ctx = _cv_app.get(None)
    if ctx is not None and ctx.has_request:
        ctx = ctx.request_context
        url_adapter = ctx.url_adapter
        if endpoint[:1] == ".":
            blueprint = ctx.request.blueprint
            endpoint = f"{blueprint}{endpoint}" if blueprint is not None else endpoint[1:]
        if _external is None:
            _external = _scheme is not None
    else:
        url_adapter = ctx.url_adapter if ctx is not None and ctx.app is app else app.create_url_adapter(None)
        if url_adapter is None:
            raise RuntimeError(
                "Unable to build URLs outside an active request without 'SERVER_NAME' configured. Also configure"
                " 'APPLICATION_ROOT' and 'PREFERRED_URL_SCHEME' as needed."
            )
        if _external is None:
            _external = True
    if _scheme is not None and not _external:
        raise ValueError("When specifying '_scheme', '_external' must be True.")
    if app.url_default_functions:
        app.inject_url_defaults(endpoint, values)
    try:
        assert url_adapter is not None
        url = url_adapter.build(endpoint, values, method=_method, url_scheme=_scheme, force_external=_external)
    except BuildError as error:
        values.update(_anchor=_anchor, _method=_method, _scheme=_scheme, _external=_external)
        return app.handle_url_build_error(error, endpoint, values)
    return url if _anchor is None else f"{url}#{urllib.parse.quote(_anchor, safe='%!#$&()*+,/:;=?@~')}"
