"""The context: what is current while a request is handled, a command runs, or a test asks for it.

One class serves both cases; a request context is one with a request. It is bound through one context variable, so that
threads, tasks and greenlets each have their own. What happens in a request, :mod:`.sansio.lifecycle` says.
"""

from __future__ import annotations

import contextvars
import sys
from collections.abc import Callable
from functools import update_wrapper
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar, cast

from dray.wsgi_tools.exceptions import HTTPException
from dray.wsgi_tools.routing.adapter import error_of

from . import typing as ft
from ._binding import _cv_app
from ._channels import appcontext_popped, appcontext_pushed
from ._functions import iscoroutinefunction
from ._g import _AppCtxGlobals
from .globals import _no_req_msg
from .sansio.records import Record, known_at_once, matches_directly

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

    from dray.wsgi_tools.routing import MapAdapter

    from .app import App
    from .gateways.loop import OnLoop
    from .sessions import SessionMixin
    from .wrappers import Request

F = TypeVar("F", bound=Callable[..., Any])

__all__ = [
    "AppContext",
    "RequestContext",
    "after_this_request",
    "copy_current_app_context",
    "copy_current_request_context",
    "copy_current_websocket_context",
    "has_app_context",
    "has_request_context",
    "has_websocket_context",
]

#: Stands for "the exception that is being handled".
_sentinel: Any = object()
_unset: Any = object()


class AppContext:
    """Bind an application, ``g``, and maybe a request and its session, to the code that runs.

    A context may be pushed several times; its teardown happens at the last pop. One that is pushed while another of the
    same application is current, and has a request, shares that one's ``g`` and leaves the application's teardown to it.

    :param app: the application.
    :param environ: of a WSGI request, to make the request of.
    :param request: the request, if it is made already.
    :param session: its session, if it is opened already.
    """

    # Defaults stand on the class, but for what each request asks for: that is found faster on the object.
    _request: Request | None = None
    _session: SessionMixin | None
    _record: Record | None = None
    _g: _AppCtxGlobals | None = None
    #: The context that the request belongs to, when it isn't this one.
    _outer: AppContext | None = None
    #: The context around it whose ``g`` it shares.
    _shared: AppContext | None = None
    _flashes: list[tuple[str, str]] | None = None
    _url_adapter: MapAdapter | None = _unset
    #: What the variable was before each push; the first one apart, because there is mostly one.
    _token: contextvars.Token[AppContext] | None = None
    _more_tokens: tuple[contextvars.Token[AppContext], ...] = ()
    #: How many streams still need it: teardown waits for them.
    _holds: int
    _pending: Any = _unset
    #: The steps that its request takes on an event loop, if it does.
    loop_steps: OnLoop | None = None
    #: Hooks for this response alone.
    after_this_request: tuple[ft.AfterRequestCallable[Any], ...]

    def __init__(
        self,
        app: App,
        environ: WSGIEnvironment | None = None,
        request: Request | None = None,
        session: SessionMixin | None = None,
    ) -> None:
        self.app = app
        if request is None and environ is not None:
            request = app.request_class(environ)
        if request is not None:
            self._request = request
            request.json_module = app.json
        self._session = session
        self._holds = 0
        self.after_this_request = ()

    # What it holds. Code that each request runs reads the attributes behind the properties.

    @property
    def g(self) -> _AppCtxGlobals:
        """A place for values that last as long as the context."""
        if self._g is None:
            self._g = self.app.app_ctx_globals_class()
        return self._g

    @g.setter
    def g(self, value: Any) -> None:
        self._g = value

    @property
    def request(self) -> Request:
        """The request.

        :raises RuntimeError: when there is none.
        """
        if self._request is None:
            if self._outer is None:
                raise RuntimeError(_no_req_msg)
            return self._outer.request
        return self._request

    @request.setter
    def request(self, value: Request) -> None:
        self._request = value

    @property
    def record(self) -> Record:
        """What is registered for the request's endpoint, flat."""
        if self._record is None:
            self._record = self.app._records.of(self.request.endpoint)
        return self._record

    @record.setter
    def record(self, value: Record) -> None:
        self._record = value

    @property
    def has_request(self) -> bool:
        """Whether there is a request."""
        return self._request is not None or self._outer is not None

    @property
    def has_websocket(self) -> bool:
        """Whether there is a WebSocket."""
        return self.has_request and hasattr(self.request, "requested_subprotocols")

    @property
    def request_context(self) -> AppContext:
        """The context that the request belongs to: this one, or one around it."""
        if self._request is None and self._outer is not None:
            return self._outer
        return self

    @property
    def app_context(self) -> AppContext:
        """The context that ``g`` and the application's teardown belong to: this one, or one around it."""
        return self if self._shared is None else self._shared

    @property
    def session(self) -> SessionMixin:
        """The session, opened when first touched.

        :raises RuntimeError: when there is no request.
        """
        if self._session is not None:
            return self._session
        if self._request is None:
            if self._outer is not None:
                return self._outer.session
            raise RuntimeError(_no_req_msg)
        return self.open_session()

    @session.setter
    def session(self, value: SessionMixin) -> None:
        self._session = value

    def open_session(self) -> SessionMixin:
        """Open the session of the request, whatever it was."""
        interface = self.app.session_interface
        session = interface.open_session(self.app, self.request)
        if session is None:
            session = interface.make_null_session(self.app)
        self._session = session
        return session

    def save_session(self, response: Any) -> None:
        """Save the session with a response, if there is anything to save.

        A session that nobody touched is opened only where the client sent one: a permanent one may need a new date.
        """
        interface = self.app.session_interface
        if self._session is None:
            request = self._request
            cookies = None if request is None else known_at_once(request.environ, "HTTP_COOKIE")
            if cookies is None or interface.get_cookie_name(self.app) not in cookies:
                return
        if not interface.is_null_session(self.session):
            interface.save_session(self.app, self.session, response)

    @property
    def url_adapter(self) -> MapAdapter | None:
        """Matches and builds URLs for the request, or for ``SERVER_NAME``; ``None`` without either."""
        if self._url_adapter is _unset:
            self._url_adapter = self.app.create_url_adapter(self._request)
        return self._url_adapter

    @url_adapter.setter
    def url_adapter(self, value: MapAdapter | None) -> None:
        self._url_adapter = value

    @property
    def flashes(self) -> list[tuple[str, str]] | None:
        """Messages taken out of the session by this request, as ``(category, message)``."""
        return self._flashes

    @flashes.setter
    def flashes(self, value: list[tuple[str, str]] | None) -> None:
        self._flashes = value

    # Its life

    def match_request(self) -> None:
        """Find the rule for the request's URL; what goes wrong is kept for when the view would be called."""
        app, request = self.app, self._request
        assert request is not None
        if request.url_rule is not None or request.routing_exception is not None:
            return
        if self._url_adapter is _unset and matches_directly(app, request.environ):
            self.match_directly()
            return
        try:
            adapter = self.url_adapter
            assert adapter is not None
            request.url_rule, request.view_args = adapter.match(return_rule=True)  # type: ignore[assignment]
        except HTTPException as error:
            request.routing_exception = error

    def match_directly(self) -> None:
        """Find the rule without an adapter, which knows hosts, subdomains and websockets, and takes its time.

        The map answers alone where none of them plays a part, see :func:`.matches_directly`; the adapter is made only
        for an error's sake.
        """
        request = self._request
        assert request is not None
        environ = request.environ
        path: str = environ["PATH_INFO"]
        if not path.isascii() or path[1:2] == "/":
            path = request.path
        rule, found = self.app.url_map.match(path, environ["REQUEST_METHOD"].upper())
        if rule is not None:
            request.url_rule, request.view_args = rule, found  # type: ignore[assignment]
            return
        request.routing_exception = error_of(found)  # type: ignore[arg-type]
        if request.routing_exception is None:
            try:
                adapter = self.url_adapter
                assert adapter is not None
                adapter.raise_for(found, request.method)  # type: ignore[arg-type]
            except HTTPException as error:
                request.routing_exception = error

    def push(self) -> None:
        """Make it current; open the session where the interface asks for it, and match the URL."""
        app, request = self.app, self._request
        if self._token is None:
            around = _cv_app.get(None)
            if around is not None:
                self._stand_inside(around)
            self._token = _cv_app.set(self)
        else:
            self._more_tokens = (*self._more_tokens, _cv_app.set(self))
        if appcontext_pushed.receivers:
            appcontext_pushed.signal.send(app, _async_wrapper=app.ensure_sync)
        if request is None:
            return
        if self._session is None and not app._opens_session_late:
            self.open_session()
        self.match_request()

    def _stand_inside(self, around: AppContext) -> None:
        if self._request is None:
            self._outer = around.request_context if around.has_request else None
        elif around.app is self.app:
            self.g = around.g
            self._shared = around.app_context

    def pop(self, exc: BaseException | None = _sentinel) -> None:
        """Make the context around it current again; at the last pop, run the teardown functions.

        :param exc: the exception that ended it; the one being handled by default.
        :raises BaseException: what the teardown functions raise, after all of them ran.
        """
        if self._token is None:
            raise AssertionError(f"{self!r} is popped more often than it was pushed.")
        current = _cv_app.get(None)
        if current is not self:
            raise AssertionError(f"Popped wrong context: {current!r} is current, not {self!r}.")
        if self._more_tokens or self.is_held(exc):
            self._unbind()
        else:
            self._end(exc)

    def _unbind(self) -> None:
        if self._more_tokens:
            *rest, token = self._more_tokens
            self._more_tokens = tuple(rest)
            _cv_app.reset(token)
        elif self._token is not None:
            token, self._token = self._token, None
            _cv_app.reset(token)

    def _end(self, exc: BaseException | None) -> None:
        app = self.app
        if self.loop_steps is not None and self._request is not None:
            # It began where coroutines run, and ends here: with functions that can be called.
            self._record = app._records.of(self._request.endpoint)
        try:
            if self._request is not None:
                if exc is _sentinel:
                    app.do_teardown_request()
                else:
                    app.do_teardown_request(exc)
        finally:
            try:
                if self._request is not None:
                    self._request._release()
                if self._shared is None:
                    if exc is _sentinel:
                        app.do_teardown_appcontext()
                    else:
                        app.do_teardown_appcontext(exc)
            finally:
                self._unbind()
                if appcontext_popped.receivers and self._shared is None:
                    appcontext_popped.signal.send(app, _async_wrapper=app.ensure_sync)

    def end_directly(self) -> None:
        """End a request that has no teardown functions, and whose context the gateway unbinds."""
        request = self._request
        if request is None or (self._holds and self.is_held(None)):
            return
        environ = request.environ
        # What has no media type is no form, and has no files. Asking an object for its attributes makes a dictionary.
        if known_at_once(environ, "CONTENT_TYPE") and "files" in request.__dict__:
            request._release()
        # The environ has the request, which has the environ. Without this circle both go at once: 4 us of 12. The plain
        # way of a dictionary doesn't complete an environ that nobody asked.
        dict.pop(environ, "werkzeug.request", None)

    # Streams

    def is_held(self, exc: BaseException | None) -> bool:
        """Tell whether a stream still needs it; the teardown by an exception then waits for :meth:`release`."""
        if self._holds:
            self._pending = exc
        return self._holds > 0

    def hold(self) -> None:
        """Keep it alive past its last pop, until :meth:`release`."""
        self._holds += 1

    def release(self) -> None:
        """Let it go; if it was popped meanwhile, its teardown happens now."""
        self._holds -= 1
        if self._holds == 0 and self._pending is not _unset:
            exc, self._pending = self._pending, _unset
            self._token = _cv_app.set(self)
            self._end(exc)

    async def release_async(self) -> None:
        """Let it go where coroutines run; if it was popped meanwhile, its teardown happens now."""
        self._holds -= 1
        if self._holds == 0 and self._pending is not _unset:
            exc, self._pending = self._pending, _unset
            await (self.loop_steps or self.app._loop_lifecycle()).end_held(self, exc)

    def __enter__(self) -> AppContext:
        self.push()
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc_value: BaseException | None, tb: TracebackType | None
    ) -> None:
        self.pop(exc_value)

    async def __aenter__(self) -> AppContext:
        self.push()
        return self

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc_value: BaseException | None, tb: TracebackType | None
    ) -> None:
        try:
            if not self._more_tokens and not self.is_held(exc_value):
                await self.app._end_context(self, exc_value)
        finally:
            self._unbind()

    def copy(self) -> AppContext:
        """Make another context with the same request and session, for another thread or greenlet.

        The request object isn't copied: don't read its body in both.
        """
        return type(self)(self.app, request=self.request, session=self._session)

    def __repr__(self) -> str:
        if self._request is None:
            return f"<{type(self).__name__} of {self.app.name!r}>"
        return f"<{type(self).__name__} {self._request.url!r} [{self._request.method}] of {self.app.name!r}>"


#: A context with a request; the class is the same.
RequestContext = AppContext


def after_this_request(f: ft.AfterRequestCallable[Any]) -> ft.AfterRequestCallable[Any]:
    """Call a function with the response of this request; it returns the response to send."""
    ctx = _cv_app.get(None)
    if ctx is None or not ctx.has_request:
        raise RuntimeError(
            "'after_this_request' can only be used when a request context is active, such as in a view function."
        )
    target = ctx.request_context
    target.after_this_request = (*target.after_this_request, f)
    return f


def copy_current_request_context(f: F) -> F:
    """Let a function run in the current request's context, wherever it is called: in a thread, a task or a greenlet.

    :raises RuntimeError: when there is no request.
    """
    ctx = _cv_app.get(None)
    if ctx is None or not ctx.has_request:
        raise RuntimeError(
            "'copy_current_request_context' can only be used when a request context is active, such as in a view"
            " function."
        )
    return _in_context(f, ctx.request_context.copy())


#: A WebSocket's context is that of the request that opened it.
copy_current_websocket_context = copy_current_request_context


def _in_context(f: F, ctx: AppContext) -> F:
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        if iscoroutinefunction(f) and _loop_runs():
            return awaited(*args, **kwargs)
        with ctx:
            return ctx.app.ensure_sync(f)(*args, **kwargs)

    async def awaited(*args: Any, **kwargs: Any) -> Any:
        async with ctx:
            return await f(*args, **kwargs)

    return cast(F, update_wrapper(wrapper, f))


def _loop_runs() -> bool:
    """Tell whether an event loop runs in this thread; if one does, asyncio is imported already."""
    asyncio: Any = sys.modules.get("asyncio")
    return asyncio is not None and asyncio._get_running_loop() is not None


def copy_current_app_context(f: F) -> F:
    """Let a function run in an application context, wherever it is called: with the current application, and its ``g``.

    :raises RuntimeError: when there is no application.
    """
    ctx = _cv_app.get(None)
    if ctx is None:
        raise RuntimeError("'copy_current_app_context' can only be used when an application context is active.")
    copied = AppContext(ctx.app)
    copied.g = ctx.g
    copied._shared = ctx.app_context
    return _in_context(f, copied)


def has_websocket_context() -> bool:
    """Tell whether there is a WebSocket."""
    ctx = _cv_app.get(None)
    return ctx is not None and ctx.has_websocket


def has_request_context() -> bool:
    """Tell whether there is a request."""
    ctx = _cv_app.get(None)
    return ctx is not None and ctx.has_request


def has_app_context() -> bool:
    """Tell whether there is an application context."""
    return _cv_app.get(None) is not None
