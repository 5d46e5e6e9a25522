"""What routing raises: answers (a redirect, a mismatch), and errors of the program (an URL that can't be built).

Knows no map and no rule; those are passed in and only looked at.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .._properties import cached_property
from .._redirect import redirect_response
from ..exceptions import BadRequest, HTTPException
from ..exceptions.base import _response_class

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

    from ..wrappers.request import Request
    from ..wrappers.response import Response
    from .adapter import MapAdapter
    from .rules import Rule

    _Environ = WSGIEnvironment | Request | None
    _Scope = dict[str, Any] | None


class RoutingException(Exception):
    """Base of what routing raises besides plain HTTP errors."""


class RequestRedirect(HTTPException, RoutingException):
    """The request belongs to another URL, and is answered by a redirect (308: method and body are kept).

    :param new_url: The absolute URL to go to.
    """

    def __init__(self, new_url: str) -> None:
        super().__init__(description=new_url)
        #: Where to.
        self.new_url = new_url

    code = 308

    def get_response(self, environ: _Environ = None, scope: _Scope = None) -> Response:
        """Make the redirect."""
        return redirect_response(self.new_url, self.code, _response_class())  # type: ignore[no-any-return]


class RequestPath(RoutingException):
    """Internal to the matcher: the rule wants another spelling of the path (slashes).

    :param path_info: The path to redirect to.
    """

    def __init__(self, path_info: str) -> None:
        self.path_info = path_info
        super().__init__(f"redirect to {path_info!r}")

    __slots__ = ("path_info",)


class RequestAliasRedirect(RoutingException):
    """Internal to the matcher: an alias matched, and the request goes to the canonical rule of the endpoint.

    :param matched_values: Values from the alias.
    :param endpoint: The endpoint of both rules.
    """

    def __init__(self, matched_values: Mapping[str, Any], endpoint: Any) -> None:
        self.endpoint, self.matched_values = endpoint, matched_values
        super().__init__(f"alias of {endpoint!r}")


class BuildError(RoutingException, LookupError):
    """No rule of the endpoint can be built from these values.

    :param endpoint: The endpoint that was asked for.
    :param values: The values that were given.
    :param method: The method that was asked for, if any.
    :param adapter: Where to look for a rule that was perhaps meant.
    """

    def __init__(
        self, endpoint: Any, values: Mapping[str, Any], method: str | None, adapter: MapAdapter | None = None
    ) -> None:
        self.endpoint, self.method, self.values = endpoint, method, values
        self.adapter = adapter
        super().__init__(endpoint, values, method)

    @cached_property
    def suggested(self) -> Rule | None:
        """The rule that is nearest to what was asked for, or ``None``."""
        return self.closest_rule(self.adapter)

    def closest_rule(self, adapter: MapAdapter | None) -> Rule | None:
        """Find the rule with the most similar endpoint; among equals, one that these values and the method fit.

        :param adapter: The adapter whose map is searched.
        """
        if adapter is None:
            return None
        from difflib import SequenceMatcher  # noqa: PLC0415 - needed only where a URL can't be built

        given = set(self.values)
        similar = SequenceMatcher(b=str(self.endpoint))

        def likeness(rule: Rule) -> tuple[float, int]:
            similar.set_seq1(str(rule.endpoint))
            fits = given <= set(rule.arguments)
            answers = bool(rule.methods and self.method in rule.methods)
            return similar.ratio(), fits + answers

        return max(adapter.map.iter_rules(), key=likeness, default=None)

    def _hint(self) -> str:
        rule = self.suggested
        if rule is None:
            return ""
        if rule.endpoint != self.endpoint:
            return f" Did you mean {rule.endpoint!r} instead?"
        hint = ""
        if self.method and rule.methods is not None and self.method not in rule.methods:
            hint = f" Did you mean to use methods {sorted(rule.methods)!r}?"
        missing = set(rule.arguments) - set(rule.defaults or ()) - set(self.values)
        if missing:
            hint += f" Did you forget to specify values {sorted(missing)!r}?"
        return hint

    def __str__(self) -> str:
        method = f" ({self.method!r})" if self.method else ""
        values = f" with values {sorted(self.values)!r}" if self.values else ""
        return f"Could not build url for endpoint {self.endpoint!r}{method}{values}.{self._hint()}"


class WebsocketMismatch(BadRequest):
    """400: the only rule for this path is for WebSockets and the request isn't one, or the other way round."""


class NoMatch(Exception):
    """Internal to the matcher: no rule matched.

    :param have_match_for: Methods that some rule would have taken at this path.
    :param websocket_mismatch: Whether only the kind of connection was wrong.
    """

    def __init__(self, have_match_for: set[str], websocket_mismatch: bool) -> None:
        self.websocket_mismatch, self.have_match_for = websocket_mismatch, have_match_for
        super().__init__("no rule matches")

    __slots__ = ("have_match_for", "websocket_mismatch")
