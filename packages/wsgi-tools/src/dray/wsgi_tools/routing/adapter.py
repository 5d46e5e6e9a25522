"""The adapter: a map bound to one request's place (host, script name, scheme), which matches and builds.

It turns what the map finds into exceptions and URLs. It decides nothing about the order of rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, MutableMapping
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import urljoin

from .._quoting import encode_query, quote_path
from ..exceptions import HTTPException, MethodNotAllowed, NotFound
from ._entries import Outcome
from .exceptions import BuildError, RequestRedirect, WebsocketMismatch

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

    from .map import Map
    from .rules import Rule

_Query = Mapping[str, Any] | str


def _clean_values(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Drop values that are ``None``; of a multi dict take all values of a key, a single one as itself."""
    if type(values) is dict:
        for value in values.values():
            if value is None:
                break
        else:
            return values
    elif hasattr(values, "lists"):
        lists: Iterable[tuple[str, list[Any]]] = values.lists()
        return {key: items[0] if len(items) == 1 else items for key, items in lists if items}
    return {key: value for key, value in values.items() if value is not None}


def error_of(outcome: Outcome) -> HTTPException | None:
    """Give the exception that an outcome of :meth:`.Map.match` means; ``None`` for a redirect, which needs a place."""
    if outcome.kind == Outcome.REDIRECT:
        return None
    if outcome.kind == Outcome.METHOD_NOT_ALLOWED:
        return MethodNotAllowed(valid_methods=sorted(outcome.methods))
    return WebsocketMismatch() if outcome.kind == Outcome.WEBSOCKET_MISMATCH else NotFound()


class MapAdapter:
    """Matches requests against a map, and builds URLs, for one place where the application is mounted.

    Made by :meth:`.Map.bind` and :meth:`.Map.bind_to_environ`, whose parameters it keeps as attributes.

    :param map: The map.
    :param server_name: Host name, with the port if it isn't the scheme's.
    :param script_name: The path that the application is mounted at.
    :param subdomain: The subdomain of the request.
    :param url_scheme: ``http``, ``https``, ``ws`` or ``wss``.
    :param path_info: The path to match when none is given.
    :param default_method: The method to match when none is given.
    :param query_args: The query that redirects keep, encoded or as a mapping.
    """

    def __init__(
        self,
        map: Map,
        server_name: str,
        script_name: str,
        subdomain: str | None,
        url_scheme: str,
        path_info: str,
        default_method: str,
        query_args: Mapping[str, Any] | str | None = None,
    ) -> None:
        self.map = map
        self.server_name = server_name
        self.script_name = script_name if script_name.endswith("/") else f"{script_name}/"
        self.subdomain = subdomain
        self.url_scheme = url_scheme
        self.path_info = path_info
        self.default_method = default_method
        self.query_args = query_args
        self.websocket = url_scheme in ("ws", "wss")

    def dispatch(
        self,
        view_func: Callable[[Any, Mapping[str, Any]], WSGIApplication],
        path_info: str | None = None,
        method: str | None = None,
        catch_http_exceptions: bool = False,
    ) -> WSGIApplication:
        """Match, and call a function with the endpoint and the values.

        :param view_func: The function; what it returns is returned.
        :param path_info: As for :meth:`match`.
        :param method: As for :meth:`match`.
        :param catch_http_exceptions: Return an :exc:`.HTTPException` instead of raising it (it is a WSGI application).
            A redirect is always returned.
        """
        try:
            try:
                endpoint, values = self.match(path_info, method)
            except RequestRedirect as redirect:
                return redirect
            return view_func(endpoint, values)
        except HTTPException as error:
            if catch_http_exceptions:
                return error
            raise

    def match(
        self,
        path_info: str | None = None,
        method: str | None = None,
        return_rule: bool = False,
        query_args: Mapping[str, Any] | str | None = None,
        websocket: bool | None = None,
    ) -> tuple[Any | Rule, Mapping[str, Any]]:
        """Find the endpoint for a path.

        :param path_info: The path, percent-decoded; the adapter's own when ``None``. The same goes for the others.
        :param method: The method.
        :param return_rule: Return the rule instead of its endpoint.
        :param query_args: The query that a redirect keeps.
        :param websocket: Whether the connection is a WebSocket.
        :return: The endpoint, or the rule, and the values.
        :raises NotFound: No rule matches.
        :raises MethodNotAllowed: A rule matches, but not for this method.
        :raises RequestRedirect: The request belongs to another URL.
        :raises WebsocketMismatch: A rule matches, but not for this kind of connection.
        """
        method = (method or self.default_method).upper()
        own = self.map
        rule, found = own.match(
            self.path_info if path_info is None else path_info,
            method,
            self.server_name if own.host_matching else self.subdomain,
            self.websocket if websocket is None else websocket,
        )
        if rule is None:
            self.raise_for(found, method, query_args)  # type: ignore[arg-type]
        return rule if return_rule else rule.endpoint, found  # type: ignore[return-value]

    @property
    def _domain(self) -> str:
        return self.server_name if self.map.host_matching else self.subdomain or ""

    def raise_for(self, outcome: Outcome, method: str, query_args: Mapping[str, Any] | str | None = None) -> NoReturn:
        """Raise the exception that an outcome of :meth:`.Map.match` means.

        :param outcome: The outcome.
        :param method: The method that was matched.
        :param query_args: The query that a redirect keeps; the adapter's own when ``None``.
        :raises NotFound: And the other exceptions of :meth:`match`.
        """
        error = error_of(outcome)
        if error is None:
            raise RequestRedirect(self._redirect_url(outcome, method, query_args))
        raise error

    def _redirect_url(self, outcome: Outcome, method: str, query_args: Mapping[str, Any] | str | None) -> str:
        if query_args is None:
            query_args = self.query_args or {}
        if outcome.path is not None:
            return self.make_redirect_url(quote_path(outcome.path), query_args)
        rule, values = outcome.rule, outcome.values
        assert rule is not None and values is not None  # an outcome without a path has both
        if outcome.canonical is not None:
            return self._canonical_url(outcome.canonical, values, query_args)
        if rule.alias and self.map.redirect_defaults:
            return self.make_alias_redirect_url(rule.rule, rule.endpoint, values, method, query_args)
        return self._redirect_to_url(rule, values)

    def _redirect_to_url(self, rule: Rule, values: Mapping[str, Any]) -> str:
        target = rule.redirect_to
        if not isinstance(target, str):
            assert target is not None  # only rules with a target come here
            location = target(self, **values)
        else:
            location = target
            for name, converter in rule._converters.items():
                if f"<{name}>" in location:
                    location = location.replace(f"<{name}>", converter.to_url(values[name]))
        host = f"{self.subdomain}.{self.server_name}" if self.subdomain else self.server_name
        return urljoin(f"{self.url_scheme or 'http'}://{host}{self.script_name}", location)

    def test(self, path_info: str | None = None, method: str | None = None) -> bool:
        """Say whether something answers at a path: a rule, or a redirect to one."""
        try:
            self.match(path_info, method)
        except RequestRedirect:
            return True
        except HTTPException:
            return False
        return True

    def allowed_methods(self, path_info: str | None = None) -> Iterable[str]:
        """Return the methods of the rules at a path, sorted; empty when a rule takes them all or none matches."""
        path = self.path_info if path_info is None else path_info
        # "--" is no method that a rule could name.
        rule, found = self.map.match(path, "--", self._domain, self.websocket)
        return [] if rule is not None else sorted(found.methods)  # type: ignore[union-attr]

    def get_host(self, domain_part: str | None) -> str:
        """Return the full host for a subdomain, or for a host when the map matches hosts; for its own when ``None``."""
        if self.map.host_matching:
            return self.server_name if domain_part is None else domain_part
        subdomain = self.subdomain if domain_part is None else domain_part
        return f"{subdomain}.{self.server_name}" if subdomain else self.server_name

    def get_default_redirect(
        self, rule: Rule, method: str, values: MutableMapping[str, Any], query_args: Mapping[str, Any] | str
    ) -> str | None:
        """Return the URL of the rule that is canonical for these values because they are its defaults, if there is one.

        :param rule: The rule that matched.
        :param method: The method that the other rule must take.
        :param values: What was matched; the defaults are added to it.
        :param query_args: The query to keep.
        """
        for canonical in self.map._canonical_rules(rule):
            if canonical.suitable_for(values, method):
                values.update(canonical.defaults or {})
                return self._canonical_url(canonical, values, query_args)
        return None

    def _canonical_url(self, rule: Rule, values: Mapping[str, Any], query_args: _Query) -> str:
        domain_part, path = self._built(rule, {**values, **(rule.defaults or {})})
        return self.make_redirect_url(path, query_args, domain_part)

    def _built(self, rule: Rule, values: Mapping[str, Any]) -> tuple[str, str]:
        built = rule.build(values)
        if built is None:
            raise BuildError(rule.endpoint, values, None, self)
        return built

    def encode_query_args(self, query_args: Mapping[str, Any] | str) -> str:
        """Encode a query, unless it is text, which is taken to be encoded."""
        return query_args if isinstance(query_args, str) else encode_query(query_args)

    def make_redirect_url(
        self, path_info: str, query_args: Mapping[str, Any] | str | None = None, domain_part: str | None = None
    ) -> str:
        """Make the absolute URL for a path of this application.

        :param path_info: The path, percent-encoded. Slashes in front of it can't lead to another host.
        :param query_args: The query to add; the adapter's own when ``None``.
        :param domain_part: As for :meth:`get_host`.
        """
        if query_args is None:
            query_args = self.query_args
        query = f"?{self.encode_query_args(query_args)}" if query_args else ""
        path = f"{self.script_name.strip('/')}/{path_info.lstrip('/')}".lstrip("/")
        return f"{self.url_scheme or 'http'}://{self.get_host(domain_part)}/{path}{query}"

    def make_alias_redirect_url(
        self, path: str, endpoint: Any, values: Mapping[str, Any], method: str, query_args: Mapping[str, Any] | str
    ) -> str:
        """Make the URL of the rule that an alias stands for.

        :raises RuntimeError: The endpoint has only aliases, so the redirect would lead back to this path.
        """
        url = self.build(endpoint, values, method, append_unknown=False, force_external=True)
        if query_args:
            url += f"?{self.encode_query_args(query_args)}"
        if url == self.make_redirect_url(quote_path(path), query_args):
            raise RuntimeError(
                f"The alias {path!r} of endpoint {endpoint!r} leads to itself: add a rule without alias."
            )
        return url

    def _partial_build(
        self, endpoint: Any, values: Mapping[str, Any], method: str | None, append_unknown: bool
    ) -> tuple[str, str, bool] | None:
        rules = self.map._rules_by_endpoint.get(endpoint, ())
        if len(rules) == 1 and method is None and not (rules[0].defaults or self.map.host_matching):
            # Nothing to choose between, whatever the default method is.
            parts = rules[0].build(values, append_unknown)
            return None if parts is None else (*parts, rules[0].websocket)
        built = self._first_built(rules, values, method or self.default_method, append_unknown)
        if built is None and method is None:
            built = self._first_built(rules, values, None, append_unknown)
        return built

    def _first_built(
        self, rules: Iterable[Rule], values: Mapping[str, Any], method: str | None, append_unknown: bool
    ) -> tuple[str, str, bool] | None:
        host = self.server_name if self.map.host_matching else None
        first = None
        for rule in rules:
            if method is not None and rule.methods is not None and method not in rule.methods:
                continue
            parts = rule.build(values, append_unknown) if rule.suitable_for(values) else None
            if parts is None:
                continue
            if host is None or parts[0] == host:
                return *parts, rule.websocket
            # Hosts: a rule of the current host is better than the first one.
            first = first or (*parts, rule.websocket)
        return first

    def build(
        self,
        endpoint: Any,
        values: Mapping[str, Any] | None = None,
        method: str | None = None,
        force_external: bool = False,
        append_unknown: bool = True,
        url_scheme: str | None = None,
    ) -> str:
        """Build a URL.

        :param endpoint: The endpoint.
        :param values: Values for the variables; those that are ``None`` count as missing. Lists in query arguments
            become several ones; a multi dict is taken with all its values.
        :param method: A method that the rule must take; without one the default method is preferred.
        :param force_external: Make an absolute URL also when the host is the current one.
        :param append_unknown: Put values that are no variables into the query.
        :param url_scheme: The scheme of an absolute URL; the adapter's own when ``None``, no scheme when empty.
        :return: A path with query, or an absolute URL for another host or a WebSocket.
        :raises BuildError: No rule of the endpoint can be built from these values.
        """
        if self.map.built is None:
            self.map.update()
        values = _clean_values(values) if values else {}
        built = self._partial_build(endpoint, values, method, append_unknown)
        if built is None:
            raise BuildError(endpoint, values, method, self)
        domain_part, path, websocket = built
        own_domain = self.server_name if self.map.host_matching else self.subdomain
        if domain_part == own_domain and not (force_external or websocket):
            if self.script_name == "/" == path[:1] and path[1:2] != "/":
                return path
            return f"{self.script_name.rstrip('/')}/{path.lstrip('/')}"
        scheme = self._scheme(self.url_scheme if url_scheme is None else url_scheme, websocket)
        prefix = f"{scheme}:" if scheme else ""
        return f"{prefix}//{self.get_host(domain_part)}{self.script_name[:-1]}/{path.lstrip('/')}"

    @staticmethod
    def _scheme(scheme: str, websocket: bool) -> str:
        secure = scheme in ("https", "wss")
        if websocket:
            return "wss" if secure else "ws"
        return ("https" if secure else "http") if scheme in ("ws", "wss") else scheme
