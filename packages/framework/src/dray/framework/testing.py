"""Test an application without a server: a client, a runner of commands, and made-up requests."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from copy import copy
from types import TracebackType
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from dray.wsgi_tools.test import Client
from dray.wsgi_tools.test import EnvironBuilder as BaseEnvironBuilder
from dray.wsgi_tools.wrappers import Request as BaseRequest

from .gateways.wsgi import PRESERVE

if TYPE_CHECKING:
    from dray.wsgi_tools.datastructures import Headers
    from dray.wsgi_tools.test import TestResponse
    from dray.wsgi_tools.test.asgi import ASGICaller
    from dray.wsgi_tools.test.websocket import WebsocketSession

    from .app import App
    from .ctx import AppContext
    from .sessions import SessionMixin


class EnvironBuilder(BaseEnvironBuilder):
    """Make the environ of a request to an application: its settings are the defaults.

    :param app: the application.
    :param path: the URL path.
    :param base_url: the URL that ``path`` is below; made of the settings by default.
    :param subdomain: goes before ``SERVER_NAME``.
    :param url_scheme: instead of ``PREFERRED_URL_SCHEME``.
    """

    def __init__(
        self,
        app: App,
        path: str = "/",
        base_url: str | None = None,
        subdomain: str | None = None,
        url_scheme: str | None = None,
        *args: Any,
        **kwargs: Any,
    ) -> None:
        if base_url is not None and (subdomain or url_scheme):
            raise TypeError("Pass either base_url, or subdomain and url_scheme; not both.")
        if base_url is None:
            path, base_url = _default_base(app, path, subdomain, url_scheme)
        self.app = app
        super().__init__(path, base_url, *args, **kwargs)

    def json_dumps(self, obj: Any, **kwargs: Any) -> str:
        """Write JSON as the application does."""
        return self.app.json.dumps(obj, **kwargs)


def _default_base(app: App, path: str, subdomain: str | None, url_scheme: str | None) -> tuple[str, str]:
    """Give the path and the base URL of a request, from the URL it names and the application's settings."""
    host = app.config.get("SERVER_NAME") or "localhost"
    if subdomain:
        host = f"{subdomain}.{host}"
    parts = urlsplit(path)
    scheme = url_scheme or parts.scheme or app.config["PREFERRED_URL_SCHEME"]
    base_url = f"{scheme}://{parts.netloc or host}/{app.config['APPLICATION_ROOT'].lstrip('/')}"
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.path}{query}", base_url


class AppClient(Client):
    """A client that sends requests to an application; as a context manager, it keeps the last request's context.

    .. code-block:: python

        with app.test_client() as client:
            client.get("/?x=1")
            assert request.args["x"] == "1"

    :param gateway: ``"wsgi"`` or ``"asgi"``: how requests reach the application; :attr:`gateway` by default.
    """

    application: App

    #: How requests reach the application: ``"wsgi"`` or ``"asgi"``; the environment variable ``DRAY_TEST_GATEWAY``
    #: says it for all clients of a run.
    gateway = os.environ.get("DRAY_TEST_GATEWAY", "wsgi")

    def __init__(self, *args: Any, gateway: str | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if gateway is not None:
            self.gateway = gateway
        if self.gateway not in ("wsgi", "asgi"):
            raise ValueError(f"A client sends requests through the gateway 'wsgi' or 'asgi', not {self.gateway!r}.")
        self._asgi: ASGICaller | None = None
        if self.gateway == "asgi":
            from dray.wsgi_tools.test.asgi import ASGICaller  # noqa: PLC0415 - asyncio is heavy

            self._asgi = ASGICaller(self.application.asgi)
        self.preserve_context = False
        #: Contexts of the last request, entered again to be kept.
        self._kept = ExitStack()
        self._new_contexts: list[AppContext] = []
        #: The environ values that requests start with.
        self.environ_base: dict[str, Any] = {"REMOTE_ADDR": "127.0.0.1", "HTTP_USER_AGENT": "Dray"}

    @contextmanager
    def session_transaction(self, *args: Any, **kwargs: Any) -> Iterator[SessionMixin]:
        """Open the client's session, to change it before or look at it after requests.

        :param args: and ``kwargs``: of a request whose session it is, as for :meth:`open`.
        """
        app = self.application
        if self._cookies is None:
            raise TypeError("Cookies are disabled. Create a client with 'use_cookies=True'.")
        ctx = app.test_request_context(*args, **kwargs)
        self._add_cookies_to_wsgi(ctx.request.environ)
        interface = app.session_interface
        with ctx:
            session = interface.open_session(app, ctx.request)
        if session is None:
            raise RuntimeError("Session backend did not open a session.")
        yield session
        response = app.response_class()
        if interface.is_null_session(session):
            return
        with ctx:
            interface.save_session(app, session, response)
        self._update_cookies_from_response(
            ctx.request.host.partition(":")[0], ctx.request.path, response.headers.getlist("Set-Cookie")
        )

    def run_wsgi_app(self, environ: dict[str, Any], buffered: bool = False) -> tuple[Iterable[bytes], str, Headers]:
        """Send a request through the client's gateway, with its cookies."""
        if self._asgi is None:
            return super().run_wsgi_app(environ, buffered)
        self._add_cookies_to_wsgi(environ)
        more = {PRESERVE: environ[PRESERVE]} if PRESERVE in environ else {}
        answer = self._asgi.call(environ, **more)
        self._keep_cookies(environ, answer[2])
        return answer

    def websocket(self, *args: Any, subprotocols: Iterable[str] = (), **kwargs: Any) -> WebsocketSession:
        """Open a WebSocket: ``with client.websocket("/ws") as socket: ...``; for the gateway ``"asgi"``.

        :param args: and ``kwargs``: those of :class:`EnvironBuilder`.
        :param subprotocols: those that the client speaks.
        """
        if self._asgi is None:
            raise RuntimeError("WebSockets need ASGI: make the client by 'app.test_client(gateway=\"asgi\")'.")
        request = self._request_from_builder_args(args, kwargs)
        self._add_cookies_to_wsgi(request.environ)
        return self._asgi.connect(request.environ, subprotocols)

    @contextmanager
    def serving(self) -> Iterator[AppClient]:
        """Be a server in a ``with`` block: what runs before the first request runs at its beginning.

        What runs after the last request, and the end of background tasks, comes at its end. For the gateway ``"asgi"``.
        """
        if self._asgi is None:
            raise RuntimeError("Only ASGI servers say when they start and stop: use the gateway 'asgi'.")
        self._asgi.run(self.application.startup())
        try:
            yield self
        finally:
            self._asgi.run(self.application.shutdown())

    def _copy_environ(self, other: dict[str, Any]) -> dict[str, Any]:
        environ = {**self.environ_base, **other}
        if self.preserve_context:
            environ[PRESERVE] = self._new_contexts.append
        return environ

    def _request_from_builder_args(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> BaseRequest:
        kwargs["environ_base"] = self._copy_environ(kwargs.get("environ_base", {}))
        with closing(EnvironBuilder(self.application, *args, **kwargs)) as builder:
            return builder.get_request()

    def open(self, *args: Any, buffered: bool = False, follow_redirects: bool = False, **kwargs: Any) -> TestResponse:
        """Send a request and give the response.

        :param args: the arguments of :class:`EnvironBuilder`; or such an object, an environ or a request.
        :param buffered: read the whole body and close the response.
        :param follow_redirects: go on to where redirects lead.
        """
        request = self._request_of(args, kwargs)
        # What was kept of the last request ends before this one begins.
        self._kept.close()
        response = super().open(request, buffered=buffered, follow_redirects=follow_redirects)
        response.json_module = self.application.json
        while self._new_contexts:
            self._kept.enter_context(self._new_contexts.pop())
        return response

    def _request_of(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> BaseRequest:
        if args and isinstance(args[0], (BaseEnvironBuilder, dict, BaseRequest)):
            first = args[0]
            if isinstance(first, BaseEnvironBuilder):
                builder = copy(first)
                builder.environ_base = self._copy_environ(dict(builder.environ_base or {}))
                try:
                    return builder.get_request()
                finally:
                    builder.close()
            if isinstance(first, dict):
                builder = EnvironBuilder.from_environ(first, app=self.application, environ_base=self._copy_environ({}))
                try:
                    return builder.get_request()
                finally:
                    builder.close()
            request = copy(first)
            request.environ = self._copy_environ(first.environ)
            return request
        return self._request_from_builder_args(args, kwargs)

    def __enter__(self) -> AppClient:
        if self.preserve_context:
            raise RuntimeError("Cannot nest client invocations: this client is in a 'with' block already.")
        self.preserve_context = True
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc_value: BaseException | None, tb: TracebackType | None
    ) -> None:
        self.preserve_context = False
        self._kept.close()


def __getattr__(name: str) -> Any:
    """Load the runner of commands, and with it all that commands need, when it is asked for."""
    if name == "AppCliRunner":
        from ._cli_runner import AppCliRunner  # noqa: PLC0415 - start-up time: a client needs no commands

        return AppCliRunner
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
