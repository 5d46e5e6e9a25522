"""What freezing makes: one flat record per endpoint, in which everything that a request walks is in final order.

Who registers what, :mod:`.scaffold` and :mod:`.blueprints` know; who walks a record, :mod:`.lifecycle`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .._paths import _split_blueprint_path

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

    from dray.wsgi_tools.routing import Rule

    from ..ctx import AppContext
    from ..wrappers import Request
    from .app import App

#: How many paths are remembered with what they led to.
_MAX_PATHS = 1024

#: Asks an environ for what it has from the beginning. That of a scope would look for the rest, and there is none.
known_at_once = dict.get


def matches_directly(app: App, environ: WSGIEnvironment) -> bool:
    """Tell whether path and method are all that a request's rule depends on."""
    return (
        app._matches_directly
        and app.config["TRUSTED_HOSTS"] is None
        and known_at_once(environ, "HTTP_UPGRADE") is None
        and bool(known_at_once(environ, "PATH_INFO"))
    )


class Record:
    """The view and the hooks of one endpoint.

    Application hooks come first before the view, then those of the outermost blueprint; afterwards it is the other
    way round, last registered first.
    """

    __slots__ = ("after", "before", "blueprints", "endpoint", "is_bare", "preprocessors", "teardown", "view")

    endpoint: str | None
    #: Names of the blueprints, innermost first.
    blueprints: tuple[str, ...]
    #: Called with the view's arguments; ``None`` where no rule matched.
    view: Callable[..., Any] | None
    preprocessors: tuple[Callable[..., Any], ...]
    before: tuple[Callable[..., Any], ...]
    after: tuple[Callable[..., Any], ...]
    teardown: tuple[Callable[..., Any], ...]
    #: Whether a rule matched, there is a view, and nothing around it.
    is_bare: bool


class Records:
    """The records of an application, each made when it is first asked for.

    :param app: the application.
    :param prepare: makes of a registered function what the driver can call.
    :param kind: whose hooks: those of a ``request`` or of a ``websocket``.
    """

    def __init__(self, app: App, prepare: Callable[..., Any], kind: str = "request") -> None:
        self._app = app
        self._prepare = prepare
        self._kind = kind
        self._by_endpoint: dict[str | None, Record] = {}
        self._by_path: dict[tuple[Any, Any], tuple[Rule, Record]] = {}
        self._built: object | None = None

    def of(self, endpoint: str | None) -> Record:
        """Give the record of an endpoint; that of ``None`` is for requests that match no rule."""
        try:
            return self._by_endpoint[endpoint]
        except KeyError:
            record = self._by_endpoint[endpoint] = self._make(endpoint)
            return record

    def match(self, ctx: AppContext, request: Request) -> Record:
        """Match a request, and give its record.

        A path without variables leads to the same rule each time, until rules are added: then only what might stand
        in its way is looked at, which is less than half of the work.
        """
        app, environ = self._app, request.environ
        if not matches_directly(app, environ):
            ctx.match_request()
            return self.of(request.endpoint)
        place = environ["PATH_INFO"], environ["REQUEST_METHOD"]
        built = app.url_map.built
        found = self._by_path.get(place)
        if found is not None and built is self._built:
            request.url_rule, record = found
            request.view_args = {}
            return record
        ctx.match_directly()
        rule = request.url_rule
        record = self.of(None if rule is None else rule.endpoint)
        if rule is not None and not rule.arguments and not rule.websocket:
            self._remember(place, rule, record, built)
        return record

    def _remember(self, place: tuple[Any, Any], rule: Rule, record: Record, built: object | None) -> None:
        if built is None or built is not self._app.url_map.built:
            return  # the rules changed while it was matched
        if built is not self._built or len(self._by_path) >= _MAX_PATHS:
            self._by_path.clear()
            self._built = built
        self._by_path[place] = rule, record

    def forget(self) -> None:
        """Make the records again: something was registered."""
        self._by_endpoint.clear()
        self._by_path.clear()

    def _make(self, endpoint: str | None) -> Record:
        """Flatten what is registered for an endpoint."""
        app, prepare, kind = self._app, self._prepare, self._kind
        record = Record()
        record.endpoint = endpoint
        record.blueprints = blueprints_of(endpoint)
        outside_in = (None, *reversed(record.blueprints))
        inside_out = (*record.blueprints, None)
        view = app.view_functions.get(endpoint)
        record.view = None if view is None else prepare(view)
        record.preprocessors = tuple(_flat(app.url_value_preprocessors, outside_in))
        before, after, teardown = (getattr(app, f"{when}_{kind}_funcs") for when in ("before", "after", "teardown"))
        record.before = tuple(map(prepare, _flat(before, outside_in)))
        record.after = tuple(map(prepare, _flat(after, inside_out, last_first=True)))
        record.teardown = tuple(map(prepare, _flat(teardown, inside_out, last_first=True)))
        around = record.preprocessors or record.before or record.after or record.teardown
        record.is_bare = not around and record.view is not None and endpoint is not None
        return record


def blueprints_of(endpoint: str | None) -> tuple[str, ...]:
    """Give the names of the blueprints an endpoint belongs to, innermost first."""
    if endpoint is None or "." not in endpoint:
        return ()
    return _split_blueprint_path(endpoint.rpartition(".")[0])


def _flat(table: dict[Any, Any], names: tuple[str | None, ...], last_first: bool = False) -> list[Callable[..., Any]]:
    found: list[Callable[..., Any]] = []
    for name in names:
        hooks = table.get(name, ())
        found.extend(reversed(hooks) if last_first else hooks)
    return found
