"""The rule: one URL pattern with its endpoint, methods and options, and the URL it builds.

A rule is data until it is bound to a map, which compiles it. It knows its converters; how rules are found for a path is
the matcher's business, and which of several rules is built the adapter's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from .._quoting import encode_query, quote_pair, quote_path, quote_value
from ._compile import (
    RulePart,
    Segment,
    Token,
    Variable,
    Weighting,
    parse_converter_args,
    parse_rule,
    rule_parts,
    split_segments,
    trace,
)
from ._factories import EndpointPrefix, RuleFactory, RuleTemplate, RuleTemplateFactory, Subdomain, Submount
from .converters import BaseConverter, NumberConverter, ValidationError

if TYPE_CHECKING:
    from .map import Map

__all__ = [
    "EndpointPrefix",
    "Rule",
    "RuleFactory",
    "RulePart",
    "RuleTemplate",
    "RuleTemplateFactory",
    "Subdomain",
    "Submount",
    "Weighting",
    "parse_converter_args",
]

_WEBSOCKET_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def _checked_methods(methods: Iterable[str] | None, websocket: bool) -> set[str] | None:
    if methods is None:
        return None
    if isinstance(methods, str):
        raise TypeError("'methods' should be a list of strings.")
    names = {method.upper() for method in methods}
    if "GET" in names:
        names.add("HEAD")
    if websocket and not names <= _WEBSOCKET_METHODS:
        raise ValueError("WebSocket rules can only use 'GET', 'HEAD', and 'OPTIONS' methods.")
    return names


class Rule(RuleFactory):
    """A URL pattern that leads to an endpoint.

    :param string: The path, beginning with a slash; variables are written ``<name>`` or ``<converter(args):name>``. A
        path that ends with a slash is a *branch*: a request without the slash is redirected to it. Any other is a
        *leaf*, which doesn't match with a slash added.
    :param defaults: Values for variables that aren't in the path. A rule with defaults is the canonical URL for those
        values: a rule of the same endpoint that matches with the same values redirects to it.
    :param subdomain: Where the rule holds; may have variables. The map's default when ``None``.
    :param methods: The methods that it takes, all when ``None``. HEAD comes with GET.
    :param build_only: Never match, only build URLs.
    :param endpoint: What is found by matching, and named for building: any hashable object.
    :param strict_slashes: Redirect to the canonical slash instead of matching both ways; the map's setting when
        ``None``.
    :param merge_slashes: Treat several slashes as one, by a redirect; the map's setting when ``None``.
    :param redirect_to: Redirect instead of matching: a URL template with ``<name>`` placeholders, or a function of the
        adapter and the values that returns a URL.
    :param alias: This isn't the canonical rule of its endpoint; redirect to that one.
    :param host: Where the rule holds when the map matches hosts; may have variables.
    :param websocket: Match WebSocket connections (``ws://``, ``wss://``) and nothing else.
    :raises ValueError: The path doesn't begin with a slash, or a WebSocket rule has other methods.
    :raises TypeError: ``methods`` is one string.
    """

    def __init__(
        self,
        string: str,
        defaults: Mapping[str, Any] | None = None,
        subdomain: str | None = None,
        methods: Iterable[str] | None = None,
        build_only: bool = False,
        endpoint: Any | None = None,
        strict_slashes: bool | None = None,
        merge_slashes: bool | None = None,
        redirect_to: str | Callable[..., str] | None = None,
        alias: bool = False,
        host: str | None = None,
        websocket: bool = False,
    ) -> None:
        if not string.startswith("/"):
            raise ValueError(f"URL rule {string!r} must start with a slash.")
        self.rule = string
        self.endpoint = endpoint
        self.methods = _checked_methods(methods, websocket)
        self.websocket = websocket
        self.defaults = defaults
        self.arguments: set[str] = set(defaults or ())
        self.host, self.subdomain = host, subdomain
        self.merge_slashes, self.strict_slashes = merge_slashes, strict_slashes
        self.is_branch = string.endswith("/")
        self.is_leaf = not self.is_branch
        self.alias = alias
        self.build_only = build_only
        self.redirect_to = redirect_to
        self.map: Map = None  # type: ignore[assignment]  # set by bind()
        self._converters: dict[str, BaseConverter] = {}
        self._domain_tokens: list[Token] = []
        self._path_tokens: list[Token] = []
        self._builders: tuple[str | _Template, str | _Template] | None = None

    def empty(self) -> Rule:
        """Return an unbound copy. A subclass with other arguments overrides :meth:`get_empty_kwargs`."""
        return type(self)(self.rule, **self.get_empty_kwargs())

    def get_empty_kwargs(self) -> Mapping[str, Any]:
        """Return the arguments that :meth:`empty` makes the copy with, besides the path."""
        kwargs: dict[str, Any] = {
            "defaults": dict(self.defaults) if self.defaults else None,
            "subdomain": self.subdomain,
            "methods": self.methods,
            "build_only": self.build_only,
            "endpoint": self.endpoint,
            "strict_slashes": self.strict_slashes,
            "redirect_to": self.redirect_to,
            "alias": self.alias,
            "host": self.host,
        }
        # Given only when they are set, so that subclasses that never heard of them keep working.
        if self.merge_slashes is not None:
            kwargs["merge_slashes"] = self.merge_slashes
        if self.websocket:
            kwargs["websocket"] = True
        return kwargs

    def get_rules(self, map: Map) -> Iterator[Rule]:
        """Yield the rule itself."""
        yield self

    def refresh(self) -> None:
        """Compile again after an attribute was changed, with the map that the rule is bound to."""
        self.bind(self.map, rebind=True)
        self.map.built = None

    def bind(self, map: Map, rebind: bool = False) -> None:
        """Bind the rule to a map and compile it.

        :param map: The map; supplies what the rule leaves open.
        :param rebind: Allow a rule that is bound already.
        :raises RuntimeError: The rule is bound already.
        """
        if self._path_tokens and not rebind:
            raise RuntimeError(f"url rule {self!r} already bound to map {self.map!r}")
        self.map = map
        if self.subdomain is None:
            self.subdomain = map.default_subdomain
        for option in ("merge_slashes", "strict_slashes"):
            if getattr(self, option) is None:
                setattr(self, option, getattr(map, option))
        self.compile()

    def get_converter(
        self, variable_name: str, converter_name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]
    ) -> BaseConverter:
        """Make the converter of one variable.

        :raises LookupError: The map has no converter of that name.
        """
        try:
            converter = self.map.converters[converter_name]
        except KeyError:
            raise LookupError(f"the converter {converter_name!r} does not exist") from None
        return converter(self.map, *args, **kwargs)

    def _tokens(self, text: str) -> list[Token]:
        tokens: list[Token] = []
        for item in parse_rule(text):
            if isinstance(item, Variable):
                self._add_variable(item)
                tokens.append((True, item.name))
            else:
                merge = self.merge_slashes and "//" in item
                tokens.append((False, re.sub("/{2,}", "/", item) if merge else item))
        return tokens

    def _add_variable(self, variable: Variable) -> None:
        if variable.name in self._converters:
            raise ValueError(f"variable name {variable.name!r} is used twice in url rule {self.rule!r}")
        args, kwargs = parse_converter_args(variable.arguments) if variable.arguments else ((), {})
        self._converters[variable.name] = self.get_converter(variable.name, variable.converter, args, kwargs)
        self.arguments.add(variable.name)

    def compile(self) -> None:
        """Parse the path and the domain, and make the converters.

        :raises ValueError: The text is malformed, or a variable occurs twice.
        :raises LookupError: A converter doesn't exist.
        """
        domain = (self.host if self.map.host_matching else self.subdomain) or ""
        self._converters = {}
        self._builders = None
        self.is_branch = self.rule.endswith("/")
        self.is_leaf = not self.is_branch
        self.arguments = set(self.defaults or ())
        self._domain_tokens = self._tokens(domain) if domain else []
        self._path_tokens = self._tokens(self.rule)

    @property
    def _trace(self) -> list[Token]:
        """The tokens of domain and path, slashes apart; empty until the rule is bound."""
        if not self._path_tokens:
            return []
        return [*self._domain_tokens, (False, "|"), *trace(self._path_tokens)]

    def _segments(self) -> list[Segment]:
        """Split the path for the matcher. The branch slash of a final segment is the matcher's to handle."""
        segments = split_segments(self._path_tokens, self._converters)
        last = segments[-1]
        if last.final and self.is_branch:
            *front, (_, text) = last.tokens
            segments[-1] = Segment([*front, (False, text[:-1])] if len(text) > 1 else front, True)
        return segments

    @property
    def _parts(self) -> list[RulePart]:
        """The compiled parts, for tools that show how a rule is matched."""
        return rule_parts(self._domain_tokens, self._segments(), self.is_branch, self._converters)

    def _builder(self, tokens: list[Token]) -> str | _Template:
        pieces: list[str] = []
        variables: list[tuple[str, Callable[[Any], str]]] = []
        for is_variable, text in tokens:
            if is_variable and not (self.defaults and text in self.defaults):
                pieces.append("%s")
                variables.append((text, _writer(self._converters[text])))
            else:
                constant = self._converters[text].to_url(self.defaults[text]) if is_variable else quote_path(text)  # type: ignore[index]
                pieces.append(constant.replace("%", "%%"))
        template = "".join(pieces)
        return _Template(template, variables) if variables else template % ()

    def build(self, values: Mapping[str, Any], append_unknown: bool = True) -> tuple[str, str] | None:
        """Build the URL of this rule.

        :param values: Values for the variables.
        :param append_unknown: Add values that are no variables as query arguments.
        :return: Domain part and path with query, or ``None`` when a value is missing or refused by its converter.
        :raises ValueError: A converter can't convert a value.
        """
        builders = self._builders
        if builders is None:
            builders = self._builders = self._builder(self._domain_tokens), self._builder(self._path_tokens)
        domain, path = builders
        try:
            if not isinstance(domain, str):
                domain = domain.fill(values)
            if not isinstance(path, str):
                path = path.fill(values)
        except (_MissingValue, ValidationError):
            return None
        # All variables are among the values, so only if there are more of these can any be unknown.
        if append_unknown and (len(values) > len(self._converters) or (self.defaults and values)):
            path = self._with_unknown(path, values)
        return domain, path

    def _with_unknown(self, path: str, values: Mapping[str, Any]) -> str:
        arguments = self.arguments
        query = ""
        for key, value in values.items():
            if key in arguments:
                continue
            if type(value) is not str or self.map.sort_parameters:
                unknown = [item for item in values.items() if item[0] not in arguments]
                query = encode_query(unknown, self.map.sort_parameters, self.map.sort_key)
                break
            pair = quote_pair(key, value)
            query = f"{query}&{pair}" if query else pair
        return f"{path}?{query}" if query else path

    def provides_defaults_for(self, rule: Rule) -> bool:
        """Whether this rule is the canonical one for some values of another rule."""
        return bool(
            not self.build_only
            and self.defaults
            and self.endpoint == rule.endpoint
            and self is not rule
            and self.arguments == rule.arguments
        )

    def suitable_for(self, values: Mapping[str, Any], method: str | None = None) -> bool:
        """Whether values are enough to build this rule, and don't contradict its defaults.

        :param values: The values.
        :param method: A method that the rule must take, if given.
        """
        if method is not None and self.methods is not None and method not in self.methods:
            return False
        defaults = self.defaults
        if not defaults:
            return not self.arguments or self.arguments <= values.keys()
        return all(key in values or key in defaults for key in self.arguments) and all(
            key not in values or values[key] == value for key, value in defaults.items()
        )

    def build_compare_key(self) -> tuple[int, int, int]:
        """Return the order in which rules of one endpoint are tried for building."""
        return int(self.alias), -len(self.arguments), -len(self.defaults or ())

    def __str__(self) -> str:
        return self.rule

    # A rule can be changed, so it can't be hashed; two are equal when they match the same URLs.
    __hash__ = None  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        return self._trace == other._trace if isinstance(other, type(self)) else False

    def __repr__(self) -> str:
        if not self._path_tokens:
            return f"<{type(self).__name__} (unbound)>"
        text = "".join(f"<{text}>" if is_variable else text for is_variable, text in self._trace).lstrip("|")
        methods = f" ({', '.join(sorted(self.methods))})" if self.methods is not None else ""
        return f"<{type(self).__name__} {text!r}{methods} -> {self.endpoint}>"


def _writer(converter: BaseConverter) -> Callable[[Any], str]:
    # What most converters do, without the call of a method that calls a function.
    method = type(converter).to_url
    if method is NumberConverter.to_url and not converter.fixed_digits:  # type: ignore[attr-defined]
        convert = converter.num_convert  # type: ignore[attr-defined]
        return lambda value: str(value if type(value) is convert else convert(value))
    return quote_value if method is BaseConverter.to_url else converter.to_url


class _MissingValue(Exception):
    """A variable of a builder has no value."""


class _Template:
    """A text with a ``%s`` for each variable, and how the variables are written.

    :param text: The text.
    :param variables: Names with their converters' functions.
    """

    __slots__ = ("_text", "_variables")

    def __init__(self, text: str, variables: list[tuple[str, Callable[[Any], str]]]) -> None:
        self._text = text
        self._variables = variables

    def fill(self, values: Mapping[str, Any]) -> str:
        """Put in the values.

        :raises _MissingValue: There is no value for a variable.
        """
        texts: list[str] = []
        try:
            for name, write in self._variables:
                texts.append(write(values[name]))
        except Exception:
            # A missing value is no error, a wrong one may be; so the missing one counts, whichever comes first.
            if any(name not in values for name, _ in self._variables):
                raise _MissingValue from None
            raise
        return self._text % tuple(texts)
