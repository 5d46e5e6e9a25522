"""The application that serves: its documented methods, each a few lines over the parts.

What happens to a request stands in :mod:`.sansio.lifecycle`; a subclass may override any method here, and the lifecycle
notices. Set-up is in :mod:`.sansio.app`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Coroutine, Iterable, Iterator
from contextlib import closing
from functools import cached_property as kept_property
from functools import partial, update_wrapper
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any, NoReturn, cast

from dray.wsgi_tools.datastructures import ImmutableDict
from dray.wsgi_tools.exceptions import HTTPException
from dray.wsgi_tools.routing import Map, MapAdapter, RequestRedirect
from dray.wsgi_tools.utils import cached_property

from . import _urls
from . import typing as ft
from ._binding import _cv_app
from ._defaults import DEFAULT_CONFIG
from ._dispatch import run
from ._functions import iscoroutinefunction
from ._resources import open_resource, send_static_file, static_max_age
from ._template_env import Attempt, Environment
from ._websocket import Websocket
from .ctx import AppContext, _sentinel
from .gateways.wsgi import handle
from .globals import g, request, session
from .helpers import get_flashed_messages
from .sansio.app import App as SansioApp
from .sansio.app import (
    T_shell_context_processor,
    T_template_filter,
    T_template_global,
    T_template_test,
)
from .sansio.lifecycle import OVERRIDABLE, Chain, Straight, has_app_teardown
from .sansio.reply import make_reply
from .sansio.scaffold import T_teardown
from .sessions import SecureCookieSessionInterface, SessionInterface
from .templating import _default_template_ctx_processor
from .wrappers import Request, Response

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

    from dray.cli_kit import Group
    from dray.wsgi_tools.asgi import Receive, Scope, Send

    from ._cli_runner import AppCliRunner
    from .background import BackgroundTasks
    from .gateways.asgi import Gateway, RequestSteps
    from .gateways.lifespan import Serving
    from .gateways.websocket import WebsocketSteps
    from .testing import AppClient

__all__ = [
    "App",
    "T_shell_context_processor",
    "T_teardown",
    "T_template_filter",
    "T_template_global",
    "T_template_test",
]


class App(SansioApp):
    """A web application: a WSGI callable with a place to register views.

    .. code-block:: python

        app = App(__name__)

        @app.get("/")
        def index():
            return "Hello!"

    See :class:`.sansio.app.App` for the arguments.
    """

    default_config = ImmutableDict(DEFAULT_CONFIG)
    #: Makes the request of each request.
    request_class: type[Request] = Request
    #: Makes the responses.
    response_class: type[Response] = Response
    #: Opens and saves sessions.
    session_interface: SessionInterface = SecureCookieSessionInterface()

    #: Makes the object of each WebSocket.
    websocket_class: type[Websocket] = Websocket

    #: The steps of its requests, once they are decided: of those that are called, those on an event loop, WebSockets.
    _steps: Straight | None = None
    _loop_steps: RequestSteps | None = None
    _websocket_steps: WebsocketSteps | None = None
    #: Whether a documented method is overridden, and whether the WSGI callable is or that.
    _overrides = True
    _is_called_as_wsgi = False
    _opens_session_late = True

    def __init__(
        self,
        import_name: str,
        static_url_path: str | None = None,
        static_folder: ft.StrPath | None = "static",
        static_host: ft.OptionalStr = None,
        host_matching: bool = False,
        subdomain_matching: bool = False,
        template_folder: ft.StrPath | None = "templates",
        instance_path: str | None = None,
        instance_relative_config: bool = False,
        root_path: str | None = None,
    ) -> None:
        super().__init__(
            import_name,
            static_url_path,
            static_folder,
            static_host,
            host_matching,
            subdomain_matching,
            template_folder,
            instance_path,
            instance_relative_config,
            root_path,
        )
        self.template_context_processors[None].insert(0, _default_template_ctx_processor)
        if self.has_static_folder:
            if bool(static_host) != host_matching:
                raise ValueError("static_host goes with host_matching: pass both or neither.")
            self.add_url_rule(
                f"{self.static_url_path}/<path:filename>",
                endpoint="static",
                host=static_host,
                view_func=self.send_static_file,
            )

    def __setattr__(self, name: str, value: Any) -> None:
        if name in _WATCHED:
            self.__dict__["_steps"] = self.__dict__["_loop_steps"] = None
        super().__setattr__(name, value)

    @cached_property
    def cli(self) -> Group:
        """Its command group; register commands here."""
        from .cli.groups import AppGroup  # noqa: PLC0415 - start-up time: most applications have no commands

        group = AppGroup()
        group.name = self.name
        return group

    # Files

    def get_send_file_max_age(self, filename: str | None) -> int | None:
        """Give how long, in seconds, a cache may keep a file: the setting ``SEND_FILE_MAX_AGE_DEFAULT``.

        :param filename: so that a subclass can tell files apart.
        """
        return static_max_age()

    def send_static_file(self, filename: str) -> Response:
        """Answer with a file of the static folder: the view of the endpoint ``static``.

        :raises NotFound: when there is none.
        """
        return send_static_file(self, filename)

    def open_resource(self, resource: str, mode: str = "rb", encoding: str | None = None) -> IO[Any]:
        """Open a file of the application's folder for reading.

        :param resource: its path, relative to the folder.
        """
        return open_resource(os.path.join(self.root_path, resource), mode, encoding)

    def open_instance_resource(self, resource: str, mode: str = "rb", encoding: str | None = "utf-8") -> IO[Any]:
        """Open a file of the instance folder; it may be written.

        :param resource: its path, relative to the folder.
        """
        return open(os.path.join(self.instance_path, resource), mode, encoding=None if "b" in mode else encoding)

    # Templates

    def create_jinja_environment(self) -> Environment:
        """Make the environment of its templates, with the names that every template knows."""
        options = dict(self.jinja_options)
        options.setdefault("autoescape", self.select_jinja_autoescape)
        if "auto_reload" not in options:
            reload = self.config["TEMPLATES_AUTO_RELOAD"]
            options["auto_reload"] = self.debug if reload is None else reload
        environment = self.jinja_environment(self, **options)
        # Macros that are imported without the context find these here.
        environment.globals.update(
            url_for=self.url_for,
            get_flashed_messages=get_flashed_messages,
            config=self.config,
            request=request,
            session=session,
            g=g,
        )
        environment.policies["json.dumps_function"] = self.json.dumps
        return environment

    def update_template_context(self, context: dict[str, Any]) -> None:
        """Add what the context processors give to the variables of a template; a variable given by the view wins."""
        given = dict(context)
        for processor in self._context_processors():
            context.update(self.ensure_sync(processor)())
        context.update(given)

    def _context_processors(self) -> Iterator[Callable[[], dict[str, Any]]]:
        """Give the context processors of the current context, in order."""
        names: list[str | None] = [None]
        ctx = _cv_app.get(None)
        if ctx is not None and ctx.has_request:
            names += reversed(ctx.request.blueprints)
        for name in names:
            yield from self.template_context_processors.get(name, ())

    @cached_property
    def async_jinja_env(self) -> Any:
        """The environment of its templates where they are rendered on an event loop; the same but for that."""
        return self.jinja_env.overlay(enable_async=True)

    def _explain_template_loading(self, template: str, attempts: list[Attempt]) -> None:
        from .debughelpers import explain_template_loading_attempts  # noqa: PLC0415 - when asked for

        explain_template_loading_attempts(self, template, attempts)

    # Shell, server, tests

    def make_shell_context(self) -> dict[str, Any]:
        """Give the names that the shell starts with: ``app``, ``g`` and those of the processors."""
        names: dict[str, Any] = {"app": self, "g": g}
        for processor in self.shell_context_processors:
            names.update(processor())
        return names

    def run(
        self,
        host: str | None = None,
        port: int | None = None,
        debug: bool | None = None,
        load_dotenv: bool = True,
        **options: Any,
    ) -> None:
        """Serve on the development server until interrupted. Not for production: use a WSGI server there.

        :param host: to listen on; that of ``SERVER_NAME`` or 127.0.0.1 by default.
        :param port: to listen on; that of ``SERVER_NAME`` or 5000 by default.
        :param debug: turn debug mode on or off.
        :param load_dotenv: read ``.env`` and ``.drayenv`` files first.
        :param options: arguments of :func:`dray.wsgi_tools.serving.run_simple`.
        """
        from ._run import run_app  # noqa: PLC0415 - start-up time: production never runs the development server

        run_app(self, host, port, debug, load_dotenv, options)

    def test_client(self, use_cookies: bool = True, **kwargs: Any) -> AppClient:
        """Make a client that sends requests to the application without a server.

        :param use_cookies: remember cookies between requests.
        :param kwargs: arguments of the client's class.
        """
        from .testing import AppClient  # noqa: PLC0415 - start-up time: for tests only

        cls = self.test_client_class or AppClient
        return cls(self, self.response_class, use_cookies=use_cookies, **kwargs)

    # Python's own property isn't asked again once it is kept, as the other one is: this is read by each request.
    @kept_property
    def asgi(self) -> Gateway:
        """The same application as an ASGI callable, to be given to an ASGI server: ``uvicorn module:app.asgi``."""
        from .gateways.asgi import Gateway  # noqa: PLC0415 - start-up time: asyncio is heavy

        return Gateway(self)

    def test_cli_runner(self, **kwargs: Any) -> AppCliRunner:
        """Make a runner for the application's commands.

        :param kwargs: arguments of the runner's class.
        """
        from ._cli_runner import AppCliRunner  # noqa: PLC0415 - start-up time: for tests only

        cls = self.test_cli_runner_class or AppCliRunner
        return cls(self, **kwargs)

    # Async functions

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Give a function that can be called: itself, or a wrapper for an ``async`` one."""
        return self.async_to_sync(func) if iscoroutinefunction(func) else func

    def async_to_sync(self, func: Callable[..., Coroutine[Any, Any, Any]]) -> Callable[..., Any]:
        """Make a plain function of an ``async`` one; it runs on an event loop that the thread keeps."""
        from ._async import async_to_sync  # noqa: PLC0415 - start-up time: asyncio is heavy

        return async_to_sync(func)

    def ensure_async(self, func: Callable[..., Any]) -> Callable[..., Coroutine[Any, Any, Any]]:
        """Give a coroutine function: the function itself, or one that has a plain one called by a worker thread."""
        return func if iscoroutinefunction(func) else self.sync_to_async(func)

    def sync_to_async(self, func: Callable[..., Any]) -> Callable[..., Coroutine[Any, Any, Any]]:
        """Make a coroutine function of a plain one that may block: a worker thread calls it."""
        workers = self._loop_lifecycle().workers

        async def call(*args: Any, **kwargs: Any) -> Any:
            return await workers.run(partial(func, *args, **kwargs))

        return update_wrapper(call, func)

    # URLs

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """Make what matches and builds URLs: for a request, or for ``SERVER_NAME``.

        :return: ``None`` with neither.
        """
        return _urls.create_url_adapter(self, request)

    def url_for(
        self,
        /,
        endpoint: str,
        *,
        _anchor: ft.OptionalStr = None,
        _method: ft.OptionalStr = None,
        _scheme: ft.OptionalStr = None,
        _external: bool | None = None,
        **values: Any,
    ) -> str:
        """Build the URL of an endpoint.

        :param endpoint: its name; with a leading dot, in the blueprint of the request.
        :param _anchor: goes behind ``#``.
        :param _method: finds the rule for this HTTP method.
        :param _scheme: ``http`` or ``https``; the URL is external then.
        :param _external: with scheme and host; the default outside of a request.
        :param values: of the rule's variables; the rest becomes the query.
        :raises BuildError: when there is no rule for that, and no handler knows better.
        """
        return _urls.url_for(
            self, endpoint, _anchor=_anchor, _method=_method, _scheme=_scheme, _external=_external, **values
        )

    def raise_routing_exception(self, request: Request) -> NoReturn:
        """Raise why the URL matched no rule; in debug mode, explain a redirect that would lose form data."""
        error = request.routing_exception
        assert error is not None
        keeps_data = not isinstance(error, RequestRedirect) or error.code in {307, 308}
        if not self.debug or keeps_data or request.method in {"GET", "HEAD", "OPTIONS"}:
            raise error
        from .debughelpers import FormDataRoutingRedirect  # noqa: PLC0415 - debug mode only

        raise FormDataRoutingRedirect(request)

    # The lifecycle: each method is a step of :mod:`.sansio.lifecycle`

    def _lifecycle(self) -> Straight:
        """Give the steps of its requests, decided when first asked for."""
        steps = self._steps
        if steps is None:
            overridden = {name for name in _ORIGINALS if _is_overridden(self, name)}
            chained = overridden & OVERRIDABLE.keys()
            steps = Chain(self, chained) if chained else Straight(self)
            self.__dict__["_overrides"] = bool(overridden - {"__call__", "wsgi_app"})
            self.__dict__["_is_called_as_wsgi"] = bool(overridden)
            interface = type(self.session_interface)
            self.__dict__["_steps"] = steps
            self.__dict__["_opens_session_late"] = (
                interface.open_session is SecureCookieSessionInterface.open_session
                and interface.save_session is SecureCookieSessionInterface.save_session
            )
            self.__dict__["_matches_directly"] = (
                not self.url_map.host_matching
                and not self.subdomain_matching
                and type(self.url_map).match is Map.match
                and not _is_overridden(self, "create_url_adapter")
            )
        return steps

    def _loop_lifecycle(self) -> RequestSteps:
        """Give the steps of its requests on an event loop."""
        steps = self._loop_steps
        if steps is None:
            from .gateways.asgi import RequestSteps  # noqa: PLC0415 - start-up time: asyncio is heavy

            self._lifecycle()
            steps = self.__dict__["_loop_steps"] = RequestSteps(self)
        return steps

    def _websocket_lifecycle(self) -> WebsocketSteps:
        """Give the steps of its WebSockets."""
        steps = self._websocket_steps
        if steps is None:
            from .gateways.websocket import WebsocketSteps  # noqa: PLC0415 - start-up time: asyncio is heavy

            self._lifecycle()
            steps = self.__dict__["_websocket_steps"] = WebsocketSteps(self, self._loop_lifecycle().workers)
        return steps

    def _stop_workers(self) -> None:
        """Let the worker threads go; who comes later gets new ones."""
        self._loop_lifecycle().workers.stop()
        self.__dict__["_loop_steps"] = self.__dict__["_websocket_steps"] = None

    async def _end_context(self, ctx: AppContext, exc: BaseException | None) -> None:
        """End a context where coroutines run; it is current."""
        from .gateways.loop import end  # noqa: PLC0415 - start-up time: asyncio is heavy

        await end(self._websocket_lifecycle() if ctx.has_websocket else self._loop_lifecycle(), ctx, exc)

    def _registry_changed(self) -> None:
        super()._registry_changed()
        for steps in (self._loop_steps, self._websocket_steps):
            if steps is not None:
                steps.records.forget()

    # Each method below walks the step as Straight has it, with the application's own steps inside. So a method that
    # overrides one of them can call it, and it calls what else is overridden.

    def full_dispatch_request(self) -> Response:
        """Answer the current request: hooks, view, error handlers, response, hooks. Set-up ends with the first one."""
        self.__dict__["_got_first_request"] = True
        return cast(Response, run(self._lifecycle().respond(_request_context())))

    def preprocess_request(self) -> ft.ResponseReturnValue | None:
        """Run the URL preprocessors and the hooks before the view; the first answer ends it."""
        return run(Straight.preprocess(self._lifecycle(), _request_context()))  # type: ignore[no-any-return]

    def dispatch_request(self) -> ft.ResponseReturnValue:
        """Call the view."""
        view, args, kwargs = Straight.view_call(self._lifecycle(), _request_context())
        return view(*args, **kwargs)  # type: ignore[no-any-return]

    def make_response(self, rv: ft.ResponseReturnValue) -> Response:
        """Make a response of what a view returned.

        :raises TypeError: for what is no response.
        """
        return self._make_response(rv, _cv_app.get())

    def _make_response(self, rv: Any, ctx: AppContext) -> Response:
        response_class, kind = self.response_class, type(rv)
        if kind is str:
            return response_class(rv)
        if kind is dict or kind is list:
            return self.json.response(rv)  # type: ignore[return-value]
        if kind is response_class:
            return cast(Response, rv)
        if isinstance(rv, HTTPException) and rv.response is None:
            # Its page, without the way through WSGI: 10 us of 40.
            rv = rv.get_response(ctx.request.environ)

        def where() -> str:
            endpoint = ctx.request.endpoint if ctx.has_request else None
            return f"The view function for {endpoint!r}"

        def force_type(value: Any) -> Any:
            return response_class.force_type(value, ctx.request.environ)

        return cast(Response, make_reply(rv, response_class, self.json.response, force_type, where))

    def finalize_request(
        self, rv: ft.ResponseReturnValue | HTTPException, from_error_handler: bool = False
    ) -> Response:
        """Make the response of an answer and run the hooks after the view.

        :param from_error_handler: log an exception of the hooks instead of raising it.
        """
        return cast(Response, run(Straight.finalize(self._lifecycle(), _request_context(), rv, from_error_handler)))

    def process_response(self, response: Response) -> Response:
        """Run the hooks after the view and save the session."""
        return cast(Response, run(Straight.process_response(self._lifecycle(), _request_context(), response)))

    def handle_user_exception(self, e: Exception) -> HTTPException | ft.ResponseReturnValue:
        """Find the answer to an exception of a hook or view; raise it again when there is none."""
        return run(Straight.handle_user_exception(self._lifecycle(), _request_context(), e))  # type: ignore[no-any-return]

    def handle_http_exception(self, e: HTTPException) -> HTTPException | ft.ResponseReturnValue:
        """Find the answer to an HTTP error: a handler's, or the error itself."""
        return run(Straight.handle_http_exception(self._lifecycle(), _request_context(), e))  # type: ignore[no-any-return]

    def handle_exception(self, e: Exception) -> Response:
        """Answer an exception that nobody handled with a 500 page; in debug and testing, raise it."""
        return cast(Response, run(self._lifecycle().handle_exception(_request_context(), e)))

    def log_exception(
        self, exc_info: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> None:
        """Log an exception that nobody handled, with the request it belongs to."""
        self.logger.error(f"Exception on {request.path} [{request.method}]", exc_info=cast(Any, exc_info))

    def make_default_options_response(self) -> Response:
        """Answer an OPTIONS request with the methods that the URL allows."""
        adapter = _request_context().url_adapter
        assert adapter is not None
        response = self.response_class()
        response.allow.update(adapter.allowed_methods())
        return response

    def do_teardown_request(self, exc: BaseException | None = _sentinel) -> None:
        """Run the teardown functions of the request, all of them.

        :param exc: the exception that ended it; the one being handled by default.
        """
        ctx = _request_context()
        steps = self._lifecycle()
        if steps.has_teardown(ctx):
            exc = sys.exception() if exc is _sentinel else exc
            run(steps.teardown_request(ctx, exc))

    def do_teardown_appcontext(self, exc: BaseException | None = _sentinel) -> None:
        """Run the teardown functions of the application context, all of them, last registered first.

        :param exc: the exception that ended it; the one being handled by default.
        """
        if has_app_teardown(self):
            exc = sys.exception() if exc is _sentinel else exc
            run(self._lifecycle().teardown_appcontext(exc))

    # What runs around requests, on an event loop

    @cached_property
    def background_tasks(self) -> BackgroundTasks:
        """The background tasks that run at the moment."""
        from .background import BackgroundTasks  # noqa: PLC0415 - start-up time: asyncio is heavy

        return BackgroundTasks(self)

    def add_background_task(self, func: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
        """Let a function, plain or ``async``, go on after the response, in an application context of its own.

        When the server stops, it has ``BACKGROUND_TASK_SHUTDOWN_TIMEOUT`` seconds to end; then it is cancelled.

        :raises RuntimeError: under WSGI, where nothing goes on after the response.
        """
        self.background_tasks.add(func, args, kwargs)

    async def handle_background_exception(self, error: Exception) -> None:
        """Log an exception of a background task."""
        self.logger.error("Exception in a background task", exc_info=error)

    @cached_property
    def _serving(self) -> Serving:
        from .gateways.lifespan import Serving  # noqa: PLC0415 - start-up time: asyncio is heavy

        return Serving(self)

    async def startup(self) -> None:
        """Run what is registered to run before the first request, as the server's lifespan does."""
        await self._serving.start()

    async def shutdown(self) -> None:
        """Let background tasks end, and run what is registered to run after the last request."""
        await self._serving.stop()

    # Contexts and the WSGI application

    def app_context(self) -> AppContext:
        """Make an application context: ``with app.app_context(): ...``."""
        return AppContext(self)

    def request_context(self, environ: WSGIEnvironment) -> AppContext:
        """Make the context of a request from its WSGI environ."""
        return AppContext(self, environ)

    def test_request_context(self, *args: Any, **kwargs: Any) -> AppContext:
        """Make the context of a made-up request, to run code in it without serving it.

        :param args: and ``kwargs``: as for :class:`~dray.framework.testing.EnvironBuilder`.
        """
        from .testing import EnvironBuilder  # noqa: PLC0415 - start-up time: for tests only

        with closing(EnvironBuilder(self, *args, **kwargs)) as builder:
            return self.request_context(builder.get_environ())

    def wsgi_app(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The WSGI application itself, to be wrapped: ``app.wsgi_app = Middleware(app.wsgi_app)``."""
        return handle(self, environ, start_response)

    def asgi_app(self, scope: Scope, receive: Receive, send: Send) -> Coroutine[Any, Any, None]:
        """The ASGI application itself, to be wrapped: ``app.asgi_app = Middleware(app.asgi_app)``."""
        return self.asgi.serve(scope, receive, send)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Serve a request of a WSGI server, through whatever :attr:`wsgi_app` is wrapped in."""
        return self.wsgi_app(environ, start_response)


def _request_context() -> AppContext:
    return _cv_app.get().request_context


#: The methods as they are defined here, to notice an override in a subclass, on an object, or patched into the class.
_ORIGINALS = {
    name: vars(App)[name]
    for name in (
        *OVERRIDABLE,
        "__call__",
        "create_url_adapter",
        "do_teardown_appcontext",
        "do_teardown_request",
        "full_dispatch_request",
        "handle_exception",
        "request_context",
        "wsgi_app",
    )
}
#: Setting one of these on an application makes it decide again how requests are handled.
_WATCHED = frozenset([*_ORIGINALS, "session_interface", "url_map", "subdomain_matching"])


def _is_overridden(app: App, name: str) -> bool:
    return name in vars(app) or getattr(type(app), name) is not _ORIGINALS[name]
