"""The map: all rules of an application, and the settings that they share.

It collects rules, keeps the tables up to date, and hands out adapters. How rules are ordered is the matcher's business,
how URLs are made the adapter's.
"""

from __future__ import annotations

import warnings
from _thread import allocate_lock as Lock  # threading takes a millisecond more
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from .._internal import _get_environ, _wsgi_decoding_dance
from ..exceptions import BadHost
from ..wsgi import get_host
from ._entries import Outcome
from .adapter import MapAdapter
from .converters import DEFAULT_CONVERTERS
from .matcher import StateMachineMatcher

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

    from ..wrappers.request import Request
    from .converters import BaseConverter
    from .rules import Rule, RuleFactory

__all__ = ["DEFAULT_CONVERTERS", "Map", "MapAdapter"]

_Text = str | None
_Query = Mapping[str, Any] | str | None
#: What stands for the subdomain of a request to another host: no rule can have it.
_NO_SUBDOMAIN = "<invalid>"
_STANDARD_PORTS = {"http": ":80", "https": ":443", "ws": ":80", "wss": ":443"}


class Map:
    """A set of rules.

    Which of several matching rules is found depends on the rules alone, never on other ones: static text before
    variables, lighter converters first, then the order in which they were added.

    :param rules: Rules and rule factories.
    :param default_subdomain: The subdomain of rules that name none.
    :param strict_slashes: Redirect to a branch's slash; otherwise slashes at the end don't matter.
    :param merge_slashes: Redirect paths with repeated slashes, where a rule matches without.
    :param redirect_defaults: Redirect to the rule whose defaults are what was matched.
    :param converters: Converters by name, beside the default ones.
    :param sort_parameters: Sort the query arguments of built URLs.
    :param sort_key: What to sort them by: a function of a (name, value) pair.
    :param host_matching: Match the ``host`` of rules instead of their ``subdomain``.
    """

    #: The converters of every new map; they can't be changed, but ``copy()`` gives a dictionary that can.
    default_converters: Mapping[str, type[BaseConverter]] = MappingProxyType({**DEFAULT_CONVERTERS})
    #: What guards the tables while they are rebuilt.
    lock_class: Any = Lock

    def __init__(
        self,
        rules: Iterable[RuleFactory] | None = None,
        default_subdomain: str = "",
        strict_slashes: bool = True,
        merge_slashes: bool = True,
        redirect_defaults: bool = True,
        converters: Mapping[str, type[BaseConverter]] | None = None,
        sort_parameters: bool = False,
        sort_key: Callable[[Any], Any] | None = None,
        host_matching: bool = False,
    ) -> None:
        self.host_matching = host_matching
        self.default_subdomain = default_subdomain
        self.redirect_defaults = redirect_defaults
        self.strict_slashes = strict_slashes
        self.sort_key, self.sort_parameters = sort_key, sort_parameters
        self.converters: dict[str, type[BaseConverter]] = {**self.default_converters, **(converters or {})}
        self._rules: list[Rule] = []
        self._rules_by_endpoint: dict[Any, list[Rule]] = {}
        self._matcher = StateMachineMatcher(merge_slashes)
        self._remap_lock = self.lock_class()
        #: Stands for the tables that are in use, and is another object whenever they are built again; ``None`` while
        #: they are behind the rules. What was matched with the same object is matched again.
        self.built: object | None = None
        for factory in rules or ():
            self.add(factory)

    @property
    def merge_slashes(self) -> bool:
        """Whether paths with repeated slashes are redirected."""
        return self._matcher.merge_slashes

    @merge_slashes.setter
    def merge_slashes(self, value: bool) -> None:
        self._matcher.merge_slashes = value

    def is_endpoint_expecting(self, endpoint: Any, *arguments: str) -> bool:
        """Say whether some rule of an endpoint has all these variables (or defaults for them).

        :raises KeyError: No rule has this endpoint.
        """
        self.update()
        return any(rule.arguments.issuperset(arguments) for rule in self._rules_by_endpoint[endpoint])

    def iter_rules(self, endpoint: Any | None = None) -> Iterator[Rule]:
        """Iterate over all rules in the order they were added, or over those of one endpoint in the order of building.

        :raises KeyError: No rule has this endpoint.
        """
        self.update()
        return iter(self._rules if endpoint is None else self._rules_by_endpoint[endpoint])

    def add(self, rulefactory: RuleFactory) -> None:
        """Add a rule, or all rules of a factory.

        :raises RuntimeError: A rule belongs to another map already.
        :raises ValueError: A rule is malformed.
        :raises LookupError: A rule names an unknown converter.
        """
        for rule in rulefactory.get_rules(self):
            rule.bind(self)
            self._rules.append(rule)
            if not rule.build_only:
                self._matcher.add(rule)
            self._rules_by_endpoint.setdefault(rule.endpoint, []).append(rule)
        self.built = None

    @property
    def _remap(self) -> bool:
        """Whether the tables are behind the rules; programs that remove a rule set it."""
        return self.built is None

    @_remap.setter
    def _remap(self, value: bool) -> None:
        if value:
            self.built = None

    def update(self) -> None:
        """Build the tables if rules were added since; called before every use, from any thread."""
        if self.built is not None:
            return
        with self._remap_lock:
            self._rebuild()

    def _rebuild(self) -> None:
        if self.built is not None:
            return  # another thread was first
        for rules in self._rules_by_endpoint.values():
            if len(rules) > 1:
                rules.sort(key=lambda rule: rule.build_compare_key())
        self._matcher.update(self._canonical_rules)
        self.built = object()

    def _canonical_rules(self, rule: Rule) -> tuple[Rule, ...]:
        """Return the rules that a rule redirects to when what it matched is their defaults."""
        if not self.redirect_defaults:
            return ()
        found = []
        for other in self._rules_by_endpoint[rule.endpoint]:
            if other is rule:
                break  # those after it have a lower priority, and would redirect back
            if other.provides_defaults_for(rule):
                found.append(other)
        return tuple(found)

    def match(
        self, path: str, method: str = "GET", domain: str | None = None, websocket: bool = False
    ) -> tuple[Rule, dict[str, Any]] | tuple[None, Outcome]:
        """Find the rule for a request: no adapter, no exception.

        This is what :meth:`.MapAdapter.match` stands on, for callers to whom a request is a few plain values. Hand an
        outcome to :meth:`.MapAdapter.raise_for` to get the error or the redirect that it means.

        :param path: The path, percent-decoded (``PATH_INFO`` as text).
        :param method: The method, in upper case.
        :param domain: The subdomain, or the host when the map matches hosts; ``None`` is the default subdomain.
        :param websocket: Whether the connection is a WebSocket.
        :return: ``(rule, values)`` with a new dictionary of values, or ``(None, outcome)``.
        """
        if self.built is None:
            self.update()
        if domain is None:
            domain = self.default_subdomain
        return self._matcher.find(domain, path, method, websocket)

    def bind(
        self,
        server_name: str,
        script_name: _Text = None,
        subdomain: _Text = None,
        url_scheme: str = "http",
        default_method: str = "GET",
        path_info: _Text = None,
        query_args: _Query = None,
    ) -> MapAdapter:
        """Make an adapter for a place.

        :param server_name: Host name without subdomain, with the port if it isn't the scheme's.
        :param script_name: The path that the application is mounted at; the root when ``None``.
        :param subdomain: The subdomain; the map's default when ``None``.
        :param url_scheme: The scheme of absolute URLs.
        :param default_method: The method where none is given.
        :param path_info: The path where none is given; the root when ``None``.
        :param query_args: The query that redirects keep.
        :raises RuntimeError: A subdomain is given, but the map matches hosts.
        :raises BadHost: The host name has no IDNA form.
        """
        if self.host_matching:
            if subdomain is not None:
                raise RuntimeError("host matching enabled and a subdomain was provided")
        elif subdomain is None:
            subdomain = self.default_subdomain
        server_name = server_name.lower()
        if not server_name.isascii():
            try:
                server_name = server_name.encode("idna").decode("ascii")
            except UnicodeError as error:
                raise BadHost from error
        return MapAdapter(
            self,
            server_name,
            "/" if script_name is None else script_name,
            subdomain,
            url_scheme,
            "/" if path_info is None else path_info,
            default_method,
            query_args,
        )

    def bind_to_environ(
        self, environ: WSGIEnvironment | Request, server_name: str | None = None, subdomain: str | None = None
    ) -> MapAdapter:
        """Make an adapter for a request.

        :param environ: The environ, or a request with one.
        :param server_name: The host name that the application is configured for; the subdomain is what the request's
            host has in front of it. A warning is given when the request is for another host, and no rule matches.
        :param subdomain: The subdomain, if it is known.
        """
        environ = _get_environ(environ)
        scheme = environ["wsgi.url_scheme"]
        host = get_host(environ).lower()
        if "HTTP_UPGRADE" in environ and _is_websocket(environ):
            scheme = "wss" if scheme == "https" else "ws"
        if server_name is None:
            server_name = host
        else:
            server_name = server_name.lower().removesuffix(_STANDARD_PORTS.get(scheme, " "))
        if subdomain is None and not self.host_matching:
            subdomain = _subdomain(host, server_name)
        return self.bind(
            server_name,
            _wsgi_decoding_dance(environ.get("SCRIPT_NAME", "")),
            subdomain,
            scheme,
            environ["REQUEST_METHOD"],
            _wsgi_decoding_dance(environ["PATH_INFO"]) if "PATH_INFO" in environ else None,
            _wsgi_decoding_dance(environ.get("QUERY_STRING", "")),
        )

    def __repr__(self) -> str:
        rules = ",\n ".join(repr(rule) for rule in self.iter_rules())
        return f"{type(self).__name__}([{rules}])"


def _is_websocket(environ: WSGIEnvironment) -> bool:
    upgrades = environ.get("HTTP_CONNECTION", "").lower().split(",")
    return environ["HTTP_UPGRADE"].lower() == "websocket" and any(value.strip() == "upgrade" for value in upgrades)


def _subdomain(host: str, server_name: str) -> str:
    if host == server_name:
        return ""
    front, dot, back = host.rpartition(f".{server_name}")
    if dot and not back:
        return front.strip(".")
    warnings.warn(f"Current server name {host!r} doesn't match configured server name {server_name!r}", stacklevel=3)
    return _NO_SUBDOMAIN
