"""What freezing makes: one flat record per endpoint, in which everything that a request walks is in final order.

Who registers what, :mod:`.scaffold` and :mod:`.blueprints` know; who walks a record, :mod:`.lifecycle`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .._paths import _split_blueprint_path

if TYPE_CHECKING:
    from .app import App


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
    #: Whether there is a view, and nothing around it.
    is_bare: bool


def make_record(app: App, endpoint: str | None, prepare: Callable[..., Any], kind: str = "request") -> Record:
    """Flatten what is registered for an endpoint.

    :param endpoint: ``None`` for requests that match no rule: only the application's own hooks run.
    :param prepare: makes of a function what the driver can call.
    :param kind: whose hooks: those of a ``request`` or of a ``websocket``.
    """
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
    record.is_bare = not around and record.view is not None
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
