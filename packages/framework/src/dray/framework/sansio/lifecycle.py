"""What happens to a request, as steps.

A step is a generator that yields calls, ``(function, arguments, keyword arguments)``, and is sent their results or
thrown their exceptions. It never calls a user's function itself, so that one text serves a driver that calls and one
that awaits (:mod:`.._dispatch` and :mod:`..gateways` have them).

:class:`Straight` is the whole truth. :class:`Chain` is for an application that overrides one of the documented methods:
there each such step is a call of that method, and the method's original is the straight step. What a driver has to
make of a function before it can call it, :meth:`Straight.prepare` says.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any

from dray.wsgi_tools.exceptions import BadRequest, BadRequestKeyError, HTTPException, InternalServerError
from dray.wsgi_tools.routing import RoutingException

from .._channels import (
    Channel,
    appcontext_popped,
    appcontext_pushed,
    appcontext_tearing_down,
    got_request_exception,
    request_finished,
    request_started,
    request_tearing_down,
)

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

    from ..app import App
    from ..ctx import AppContext
    from ..wrappers import Request
    from .records import Record

Call = tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]
Steps = Generator[Call, Any, Any]
#: Decides what a gateway sends for a response, in answer to an environ.
Start = Callable[[Any, "WSGIEnvironment"], Any]

_NOTHING: dict[str, Any] = {}


class Straight:
    """The steps of an application that overrides nothing.

    A step without anything to do costs a look at the record. Two of them are plain methods, because they make one call
    or none: :meth:`view_call` says which, and :meth:`make_response` converts.

    :param app: whose requests they are.
    """

    #: Whose hooks run: those of a ``request`` or of a ``websocket``.
    kind = "request"
    #: The signals of their beginning, their end, their teardown, and of an exception that nobody handled.
    started, finished = request_started, request_finished
    tearing_down, failed = request_tearing_down, got_request_exception
    #: Take the steps that are empty too: they may be overridden.
    takes_all = False

    def __init__(self, app: App) -> None:
        self.app = app

    def prepare(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Make of a registered function what the driver can call."""
        return self.app.ensure_sync(function)

    def emit(self, channel: Channel, **values: Any) -> Call:
        """Give the call that sends a signal."""
        return channel.signal.send, (self.app,), {"_async_wrapper": self.app.ensure_sync, **values}

    def serve(self, ctx: AppContext, start: Start) -> Steps:
        """Answer a request whose context is current: from its session to its teardown.

        :param start: decides what is sent, of the response and the environ, while the context is still there.
        :return: what ``start`` gave.
        """
        return self._around(ctx, start, self._all(ctx))

    def recover(self, ctx: AppContext, start: Start, error: Exception) -> Steps:
        """Go on as :meth:`serve` does, with a request whose view was called directly and has failed."""
        return self._around(ctx, start, self._after_failure(ctx, error))

    def _all(self, ctx: AppContext) -> Steps:
        if appcontext_pushed.receivers:
            yield self.emit(appcontext_pushed)
        if not self.app._opens_session_late:
            yield self.prepare(ctx.open_session), (), _NOTHING
        ctx.match_request()
        return (yield from self.respond(ctx))

    def _after_failure(self, ctx: AppContext, error: Exception) -> Steps:
        rv = yield from self.handle_user_exception(ctx, error)
        return (yield from self.finalize(ctx, rv, False))

    def _around(self, ctx: AppContext, start: Start, response_steps: Steps) -> Steps:
        app = self.app
        error: BaseException | None = None
        try:
            try:
                response = yield from response_steps
            except Exception as unhandled:
                error = unhandled
                response = yield from self.handle_exception(ctx, unhandled)
            return start(response, ctx.request.environ)
        except BaseException as propagated:
            error = propagated
            raise
        finally:
            if error is not None and app.should_ignore_error(error):
                error = None
            if not ctx.is_held(error):
                yield from self.end(ctx, error)

    def finish(self, ctx: AppContext, start: Start, rv: Any) -> tuple[Steps | None, Any]:
        """Go on as :meth:`serve` does, with a request whose view was called directly and has answered.

        :return: the steps that are left; or ``None``, and what ``start`` gave.
        """
        if ctx.after_this_request:
            return self._around(ctx, start, self.finalize(ctx, rv, False)), None
        try:
            response = self.app._make_response(rv, ctx)
            ctx.save_session(response)
        except Exception as error:
            return self.fail(ctx, start, error), None
        try:
            return None, start(response, ctx._request.environ)  # type: ignore[union-attr]
        finally:
            ctx.end_directly()

    def fail(self, ctx: AppContext, start: Start, error: Exception) -> Steps:
        """Go on as :meth:`serve` does, with a request that couldn't be matched, or whose answer is no response."""
        return self._around(ctx, start, _failing(error))

    def is_direct(self, record: Record, request: Request) -> bool:
        """Tell whether a matched request needs nothing but its view: no hook, no signal, nothing that its URL says.

        A driver may then call the view itself instead of walking steps that are all empty: 3 us of 8.
        """
        app = self.app
        return (
            record.is_bare
            and app._opens_session_late
            and not app.teardown_appcontext_funcs
            and not (Channel.asked_for and self._is_heard())
            and request.environ["REQUEST_METHOD"] != "OPTIONS"
            and not request.url_rule.websocket  # type: ignore[union-attr]
        )

    def _is_heard(self) -> bool:
        """Tell whether somebody listens to a signal that each request sends."""
        return bool(
            self.started.receivers
            or self.finished.receivers
            or self.tearing_down.receivers
            or appcontext_pushed.receivers
            or appcontext_tearing_down.receivers
            or appcontext_popped.receivers
        )

    def respond(self, ctx: AppContext) -> Steps:
        """Answer a request that is matched: hooks, view, error handlers, response, hooks.

        :return: the response.
        """
        record = ctx.record
        if self.started.receivers:
            yield self.emit(self.started)
        try:
            rv = None
            if self.takes_all or record.before or record.preprocessors:
                rv = yield from self.preprocess(ctx)
            if rv is None:
                rv = yield self.view_call(ctx)
        except Exception as error:
            rv = yield from self.handle_user_exception(ctx, error)
        return (yield from self.finalize(ctx, rv, False))

    def preprocess(self, ctx: AppContext) -> Steps:
        """Run the URL preprocessors and the hooks before the view; the first answer of a hook ends it.

        :return: that answer, or ``None``.
        """
        record, request = ctx.record, ctx.request
        for preprocessor in record.preprocessors:
            yield preprocessor, (request.endpoint, request.view_args), _NOTHING
        for hook in record.before:
            rv = yield hook, (), _NOTHING
            if rv is not None:
                return rv
        return None

    def view_call(self, ctx: AppContext) -> Call:
        """Give the call of the view that the URL was matched to.

        :raises HTTPException: when nothing matched.
        """
        request = ctx.request
        if request.routing_exception is not None:
            self.app.raise_routing_exception(request)
        if request.method == "OPTIONS" and getattr(request.url_rule, "provide_automatic_options", False):
            return self.app.make_default_options_response, (), _NOTHING
        if getattr(request.url_rule, "websocket", False) and self.kind == "request":
            raise BadRequest("This URL is a WebSocket. It is served by the application's ASGI gateway, 'app.asgi'.")
        view = ctx.record.view
        if view is None:
            raise KeyError(f"No view function is registered for the endpoint {request.endpoint!r}.")
        return view, (), request.view_args  # type: ignore[return-value]

    def make_response(self, ctx: AppContext, rv: Any) -> Any:
        """Make a response of what a view gave."""
        return self.app._make_response(rv, ctx)

    def finalize(self, ctx: AppContext, rv: Any, from_error_handler: bool) -> Steps:
        """Make the response of an answer and run the hooks after the view.

        :param from_error_handler: an exception in the hooks is logged, because there is no handler left to ask.
        """
        app = self.app
        response = self.make_response(ctx, rv)
        try:
            if self.takes_all or ctx.after_this_request or ctx.record.after:
                response = yield from self.process_response(ctx, response)
            elif app._opens_session_late:
                ctx.save_session(response)
            else:
                yield self.prepare(ctx.save_session), (response,), _NOTHING
            if self.finished.receivers:
                yield self.emit(self.finished, response=response)
        except Exception:
            if not from_error_handler:
                raise
            app.logger.exception("Request finalizing failed with an error while handling an error")
        return response

    def process_response(self, ctx: AppContext, response: Any) -> Steps:
        """Run the hooks after the view and save the session.

        :return: the response that the last hook gave.
        """
        for hook in (*map(self.prepare, ctx.after_this_request), *ctx.record.after):
            response = yield hook, (response,), _NOTHING
        if self.app._opens_session_late:
            ctx.save_session(response)
        else:
            yield self.prepare(ctx.save_session), (response,), _NOTHING
        return response

    def handle_user_exception(self, ctx: AppContext, error: Exception) -> Steps:
        """Find the answer to an exception of a hook or view.

        :raises Exception: the same one when nobody handles it.
        """
        app = self.app
        if isinstance(error, BadRequestKeyError) and (app.debug or app.config["TRAP_BAD_REQUEST_ERRORS"]):
            error.show_exception = True
        if isinstance(error, HTTPException) and not app.trap_http_exception(error):
            return (yield from self.handle_http_exception(ctx, error))
        handler = app._find_error_handler(error, app._blueprints_for_errors(ctx.request))
        if handler is None:
            raise error
        return (yield self.prepare(handler), (error,), _NOTHING)

    def handle_http_exception(self, ctx: AppContext, error: HTTPException) -> Steps:
        """Find the answer to an HTTP error: a handler's, or the error itself, which is a response too."""
        if error.code is None or isinstance(error, RoutingException):
            return error
        handler = self.app._find_error_handler(error, self.app._blueprints_for_errors(ctx.request))
        if handler is None:
            return error
        return (yield self.prepare(handler), (error,), _NOTHING)

    def handle_exception(self, ctx: AppContext, error: Exception) -> Steps:
        """Answer an exception that nobody handled with a 500 page; in debug and testing, let it out.

        :return: the response.
        """
        app = self.app
        if self.failed.receivers:
            yield self.emit(self.failed, exception=error)
        propagate = app.config["PROPAGATE_EXCEPTIONS"]
        if app.testing or app.debug if propagate is None else propagate:
            raise error
        app.log_exception((type(error), error, error.__traceback__))
        server_error = InternalServerError(original_exception=error)
        handler = app._find_error_handler(server_error, ctx.request.blueprints)
        answer: Any = server_error
        if handler is not None:
            answer = yield self.prepare(handler), (server_error,), _NOTHING
        return (yield from self.finalize(ctx, answer, True))

    def teardown_request(self, ctx: AppContext, exc: BaseException | None) -> Steps:
        """Run the teardown hooks of a request, every one of them, whatever they raise."""
        hooks: list[Call] = [(hook, (exc,), _NOTHING) for hook in ctx.record.teardown]
        if self.tearing_down.receivers:
            hooks.append(self.emit(self.tearing_down, exc=exc))
        yield from run_all(hooks, "request teardown")

    def has_teardown(self, ctx: AppContext) -> bool:
        """Tell whether there is a teardown hook for a request."""
        record = ctx._record
        return record is None or bool(record.teardown) or bool(self.tearing_down.receivers)

    def teardown_appcontext(self, exc: BaseException | None) -> Steps:
        """Run the teardown functions of an application context, every one of them, last registered first."""
        functions = map(self.prepare, reversed(self.app.teardown_appcontext_funcs))
        calls: list[Call] = [(function, (exc,), _NOTHING) for function in functions]
        if appcontext_tearing_down.receivers:
            calls.append(self.emit(appcontext_tearing_down, exc=exc))
        yield from run_all(calls, "application teardown")

    def end(self, ctx: AppContext, exc: BaseException | None) -> Steps:
        """End a context: its request's teardown functions, the files of its form, the application's functions."""
        try:
            if ctx._request is not None and self.has_teardown(ctx):
                yield from self.teardown_request(ctx, exc)
        finally:
            try:
                if ctx._request is not None:
                    ctx._request._release()
            finally:
                try:
                    if ctx._shared is None and has_app_teardown(self.app):
                        yield from self.teardown_appcontext(exc)
                finally:
                    if appcontext_popped.receivers and ctx._shared is None:
                        yield self.emit(appcontext_popped)


def has_app_teardown(app: App) -> bool:
    """Tell whether anything is to be done at the end of an application context."""
    return bool(app.teardown_appcontext_funcs) or bool(appcontext_tearing_down.receivers)


def _failing(error: Exception) -> Steps:
    """Take no step, and fail."""
    raise error
    yield  # type: ignore[unreachable]  # makes it a generator


def run_all(calls: list[Call], what: str) -> Steps:
    """Make every call, then raise what they raised.

    :raises BaseException: the exception of a call; a group of them if there were several.
    """
    errors: list[BaseException] = []
    for call in calls:
        try:
            yield call
        except BaseException as error:
            errors.append(error)
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise BaseExceptionGroup(f"{len(errors)} functions failed in {what}", errors)


#: The documented methods that are steps: a subclass or an extension may override each.
OVERRIDABLE = {
    "preprocess_request": "preprocess",
    "dispatch_request": "view_call",
    "make_response": "make_response",
    "finalize_request": "finalize",
    "process_response": "process_response",
    "handle_user_exception": "handle_user_exception",
    "handle_http_exception": "handle_http_exception",
}


class Chain(Straight):
    """The steps of an application that overrides some: those are calls of its methods.

    :param app: whose requests they are.
    :param overridden: names of the methods.
    """

    takes_all = True

    def __init__(self, app: App, overridden: set[str]) -> None:
        super().__init__(app)
        for method in overridden:
            make: Callable[[App, str], Any] = _PLAIN.get(method, _calling)
            setattr(self, OVERRIDABLE[method], make(app, method))


def _calling(app: App, method: str) -> Callable[..., Steps]:
    def step(ctx: AppContext, *args: Any) -> Steps:
        return (yield getattr(app, method), args, _NOTHING)

    return step


def _view_call(app: App, method: str) -> Callable[..., Call]:
    return lambda ctx: (getattr(app, method), (), _NOTHING)


def _make_response(app: App, method: str) -> Callable[..., Any]:
    return lambda ctx, rv: getattr(app, method)(rv)


#: The two steps that are no generators.
_PLAIN: dict[str, Callable[[App, str], Callable[..., Any]]] = {
    "dispatch_request": _view_call,
    "make_response": _make_response,
}
