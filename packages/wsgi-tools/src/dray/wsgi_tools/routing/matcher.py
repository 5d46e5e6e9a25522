"""From a domain, a path and a method to a rule and its values: the order of rules, and the tables that keep it.

The order is total and depends on nothing but the rules themselves. Rules are compared part by part, the domain first:
static text before variables; among variables the heavier :class:`~._compile.Weighting` later; a rule that needs its
slash redirected after one that matches as it is; and equal ones by registration. Adding a rule that doesn't match a
path therefore never changes which rule is found for it.

Static paths are found by one dictionary look-up. Rules with variables are grouped by *shape* (how many segments, which
of them fixed, how heavy the others): one look-up per shape finds the few rules whose fixed segments agree. Shapes are
tried in the order above, so the work grows with the number of shapes and not of rules. A variable that may hold slashes
ends its shape and is matched by a regular expression against the rest of the path.

This module knows rules by their attributes. Whether the caller raises or returns what is found is up to the caller.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from ._compile import Segment
from ._entries import EXACT, EXTRA_SLASH, NO_SLASH, NOT_FOUND, Entry, Outcome, group_reader
from .converters import ValidationError
from .exceptions import NoMatch, RequestAliasRedirect, RequestPath

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    from .converters import BaseConverter
    from .rules import Rule

#: One step of the order: (0,) for static text, (1, *weighting) for variables, (2,) for a slash that is ignored.
_Step = tuple[Any, ...]
_STATIC: _Step = (0,)
_IGNORED_SLASH: _Step = (2,)
_SLASHES = re.compile("/{2,}")


class SlashRequired(Exception):
    """A branch was asked for without its slash. Kept as a name: this matcher returns the fact instead of raising it."""


#: Gives the fixed segments of a path: nothing, one text, or a tuple of texts.
_Fixed = Callable[[Sequence[str | None]], Any] | None
_Buckets = dict[Any, list[Entry]]


class _Lookup(NamedTuple):
    """A shape: the rules that have the same segments fixed and the same weights elsewhere."""

    key: tuple[_Step, ...]
    fixed: _Fixed
    length: int
    buckets: _Buckets


def _weighted(segment: Segment, converters: dict[str, BaseConverter]) -> _Step:
    static_count, static, variable_count, weights = segment.weight(converters)
    return 1, static_count, tuple(static), variable_count, tuple(weights)


def _steps_of(segments: Sequence[Segment], converters: dict[str, BaseConverter]) -> tuple[_Step, ...]:
    return tuple([_STATIC if segment.text is not None else _weighted(segment, converters) for segment in segments])


class State:
    """The rules of one domain.

    :param dynamic: The shapes of rules with variables.
    :param rules: All rules, in order of registration.
    :param static: Path -> the ways to match it, in order.
    """

    def __init__(
        self,
        dynamic: list[_Lookup] | None = None,
        rules: list[Rule] | None = None,
        static: dict[str, list[Entry]] | None = None,
    ) -> None:
        self.dynamic: list[_Lookup] = [] if dynamic is None else dynamic
        self.rules: list[Rule] = [] if rules is None else rules
        self.static: dict[str, list[Entry]] = {} if static is None else static
        self._shapes: dict[tuple[Any, ...], _Lookup] = {}
        #: Number of segments -> the shapes that such a path can have, in order; the last list serves longer paths.
        self._by_count: list[list[tuple[_Fixed, int, _Buckets]]] = []

    def add(self, rule: Rule, domain_key: _Step, index: int, canonical: tuple[Rule, ...]) -> None:
        """Enter all ways in which a rule matches.

        :param rule: The rule.
        :param domain_key: The order of its domain.
        :param index: Its place in the order of registration.
        :param canonical: Rules that are the canonical URL for some values of this one.
        """
        self.rules.append(rule)
        if not rule._converters:
            self._add_static(rule, domain_key, index, canonical)
            return
        segments = rule._segments()
        steps = _steps_of(segments, rule._converters)
        if steps.count(_STATIC) == len(steps):  # the variables are those of the domain
            self._add_static(rule, domain_key, index, canonical)
            return
        for variant in _variants(rule, segments[-1].final):
            key = (*steps, _IGNORED_SLASH) if variant == EXTRA_SLASH else steps
            entry = Entry(rule, variant, (domain_key, key, index), canonical)
            entry.add_steps(segments, rule._converters)
            self._add_dynamic(entry, segments, key)

    def _add_static(self, rule: Rule, domain_key: _Step, index: int, canonical: tuple[Rule, ...]) -> None:
        path = "".join([text for _, text in rule._path_tokens])
        steps = (_STATIC,) * path.count("/")
        for variant in _variants(rule, False):
            key, spelling = steps, path
            if variant == NO_SLASH:
                spelling = path[:-1]
            elif variant == EXTRA_SLASH:
                key, spelling = (*steps, _IGNORED_SLASH), f"{path}/"
            entry = Entry(rule, variant, (domain_key, key, index), canonical)
            self.static.setdefault(spelling, []).append(entry)

    def _add_dynamic(self, entry: Entry, segments: list[Segment], key: tuple[_Step, ...]) -> None:
        final = segments[-1].final
        texts = [segment.text for segment in segments]
        if final or entry.variant == NO_SLASH:
            texts.pop()
        elif entry.variant == EXTRA_SLASH:
            texts.append("")
        length = len(texts)
        fixed = [position for position, text in enumerate(texts) if text is not None]
        shape = (key, length, final)
        lookup = self._shapes.get(shape)
        if lookup is None:
            getter = itemgetter(*fixed) if fixed else None
            lookup = self._shapes[shape] = _Lookup(key, getter, length, {})
        # The same value that the getter makes of a path: nothing, one text, or a tuple of texts.
        bucket = lookup.fixed(texts) if lookup.fixed is not None else None
        lookup.buckets.setdefault(bucket, []).append(entry)

    def freeze(self) -> None:
        """Sort everything; called once all rules are in."""
        order = attrgetter("order")
        for entries in itertools.chain(
            self.static.values(), *[shape.buckets.values() for shape in self._shapes.values()]
        ):
            if len(entries) > 1:
                entries.sort(key=order)
        shapes = sorted(self._shapes.items(), key=lambda item: item[1].key)
        self.dynamic = [lookup for _, lookup in shapes]
        longest = max((lookup.length for lookup in self.dynamic), default=0)
        self._by_count = [[] for _ in range(longest + 2)]
        for (_, length, final), lookup in shapes:
            counts = range(length + 1, longest + 2) if final else range(length, length + 1)
            for count in counts:
                self._by_count[count].append((lookup.fixed, lookup.length, lookup.buckets))

    def first(self, path: str) -> tuple[Entry, dict[str, Any]] | None:
        """Find the first entry with variables for a path, whatever the method, and its values."""
        segments = path[1:].split("/")
        by_count, count = self._by_count, len(segments)
        for fixed, length, buckets in by_count[count] if count < len(by_count) else by_count[-1]:
            bucket = buckets.get(None if fixed is None else fixed(segments))
            if bucket is not None:
                for entry in bucket:
                    values = entry.read(segments, length)
                    if values is not None:
                        return entry, values
        return None

    def lookups(self, count: int) -> list[tuple[_Fixed, int, _Buckets]]:
        """Return the shapes that a path of so many segments can have, in order, without their keys."""
        by_count = self._by_count
        return by_count[count] if count < len(by_count) else by_count[-1]


def _variants(rule: Rule, final: bool) -> tuple[int, ...]:
    variants = (EXACT, NO_SLASH) if rule.is_branch else (EXACT,)
    # A variable that may hold slashes takes a trailing one itself.
    return variants if rule.strict_slashes or final else (*variants, EXTRA_SLASH)


class _Misses:
    """What was wrong with the rules that matched the path."""

    __slots__ = ("methods", "websocket")

    def __init__(self) -> None:
        self.methods: set[str] = set()
        self.websocket = False

    def outcome(self) -> Outcome:
        if self.methods:
            return Outcome(Outcome.METHOD_NOT_ALLOWED, methods=self.methods)
        return Outcome(Outcome.WEBSOCKET_MISMATCH) if self.websocket else NOT_FOUND


class _Request(NamedTuple):
    """What is looked for in the rules of one domain."""

    path: str
    method: str
    websocket: bool
    misses: _Misses

    def fits(self, entry: Entry) -> bool:
        """Whether an entry whose path matches takes the method and the kind of connection; notes why not."""
        if entry.methods is not None and self.method not in entry.methods:
            if not entry.redirects:
                self.misses.methods |= entry.methods
            return False
        if entry.websocket is not self.websocket:
            if not entry.redirects:
                self.misses.websocket = True
            return False
        return True

    def find_in(self, state: State) -> tuple[Entry, dict[str, Any]] | None:
        """Find the first rule of a domain, and its values."""
        path = self.path
        for entry in state.static.get(path, ()):
            if self.fits(entry):
                return entry, entry.defaults.copy()
        if not path:
            return None
        segments = path[1:].split("/")
        for fixed, length, buckets in state.lookups(len(segments)):
            for entry in buckets.get(None if fixed is None else fixed(segments), ()):
                values = entry.read(segments, length)
                if values is not None and self.fits(entry):
                    return entry, values
        return None


class StateMachineMatcher:
    """All rules of a map that match something.

    :param merge_slashes: Whether a path that matches only with its repeated slashes merged is redirected.
    """

    def __init__(self, merge_slashes: bool) -> None:
        self.merge_slashes = merge_slashes
        self._rules: list[Rule] = []
        self._domains: dict[str, State] = {}
        #: Domains with variables: groups of equal weight in order, each a list of (reader, rules).
        self._patterns: list[list[tuple[Callable[[str], dict[str, Any]], State]]] = []

    def add(self, rule: Rule) -> None:
        """Take in a bound rule; it is found after the next :meth:`update`."""
        self._rules.append(rule)

    def update(self, canonical: Callable[[Rule], tuple[Rule, ...]] = lambda rule: ()) -> None:
        """Build the tables.

        :param canonical: Gives the rules whose defaults may redirect what a rule matched.
        """
        domains: dict[str, State] = {}
        patterns: dict[_Step, dict[str, tuple[Callable[[str], dict[str, Any]], State]]] = {}
        for index, rule in enumerate(self._rules):
            segment = Segment(rule._domain_tokens)
            if segment.text is not None:
                key = _STATIC
                state = domains.get(segment.text)
                if state is None:
                    state = domains[segment.text] = State()
            else:
                key = _weighted(segment, rule._converters)
                state = _pattern_state(patterns.setdefault(key, {}), segment, rule._converters)
            state.add(rule, key, index, canonical(rule))
        for state in domains.values():
            state.freeze()
        for group in patterns.values():
            for _, state in group.values():
                state.freeze()
        self._patterns = [list(patterns[key].values()) for key in sorted(patterns)]
        self._domains = domains

    def find(
        self, domain: str, path: str, method: str, websocket: bool
    ) -> tuple[Rule, dict[str, Any]] | tuple[None, Outcome]:
        """Find the rule for a request, raising nothing.

        :param domain: The subdomain, or the host for a map that matches hosts.
        :param path: The path, percent-decoded. Slashes at its beginning count as one.
        :param method: The method, in upper case.
        :param websocket: Whether the connection is a WebSocket.
        :return: The rule and a new dictionary of its values, or ``None`` and the outcome.
        """
        state = self._domains.get(domain)
        entries = None if state is None else state.static.get(path)
        if entries is not None:
            # The usual end of a static path.
            entry = entries[0]
            if entry.plain and (entry.methods is None or method in entry.methods) and entry.websocket is websocket:
                return entry.rule, entry.defaults.copy() if entry.defaults else {}
        elif path[:1] != "/" or path[1:2] == "/":
            path = f"/{path.lstrip('/')}" if path else ""
        else:
            hit = None if state is None else state.first(path)
            if hit is None:
                if not self._patterns and "//" not in path:
                    return None, NOT_FOUND
            else:
                entry, values = hit
                if entry.plain and (entry.methods is None or method in entry.methods) and entry.websocket is websocket:
                    return entry.rule, values
        return self._search(domain, path, method, websocket)

    def _search(
        self, domain: str, path: str, method: str, websocket: bool
    ) -> tuple[Rule, dict[str, Any]] | tuple[None, Outcome]:
        """Find the rule when the first one that matches the path isn't simply the answer."""
        misses = _Misses()
        hit = self._best(domain, _Request(path, method, websocket, misses))
        if hit is not None:
            return _decide(hit, path, method)
        if self.merge_slashes and "//" in path:
            merged = _SLASHES.sub("/", path)
            hit = self._best(domain, _Request(merged, method, websocket, misses))
            if hit is not None and hit[0].rule.merge_slashes:
                return None, Outcome(Outcome.REDIRECT, path=f"{merged}/" if hit[0].redirects else merged)
        return None, misses.outcome()

    def _best(self, domain: str, request: _Request) -> tuple[Entry, dict[str, Any]] | None:
        state = self._domains.get(domain)
        if state is not None:
            hit = request.find_in(state)
            if hit is not None:
                return hit
        for group in self._patterns:
            hits = []
            for read, state in group:
                try:
                    values = read(domain)
                except ValidationError:
                    continue
                hit = request.find_in(state)
                if hit is not None:
                    hits.append((hit[0], {**values, **hit[1]}))
            if hits:
                return min(hits, key=lambda hit: hit[0].order)
        return None

    def match(self, domain: str, path: str, method: str, websocket: bool) -> tuple[Rule, MutableMapping[str, Any]]:
        """Find the rule for a request, with what isn't one as an exception.

        :raises RequestPath: The path has another spelling.
        :raises RequestAliasRedirect: The rule is an alias.
        :raises NoMatch: There is no rule.
        """
        rule, found = self.find(domain, path, method, websocket)
        if rule is not None:
            return rule, found  # type: ignore[return-value]
        outcome: Outcome = found  # type: ignore[assignment]
        if outcome.path is not None:
            raise RequestPath(outcome.path)
        if outcome.rule is None or outcome.values is None:
            raise NoMatch(set(outcome.methods), outcome.kind == Outcome.WEBSOCKET_MISMATCH)
        if outcome.rule.alias:
            raise RequestAliasRedirect(outcome.values, outcome.rule.endpoint)
        return outcome.rule, outcome.values


def _pattern_state(
    group: dict[str, tuple[Callable[[str], dict[str, Any]], State]],
    segment: Segment,
    converters: dict[str, BaseConverter],
) -> State:
    pattern = segment.pattern(converters)
    if pattern not in group:
        group[pattern] = group_reader(segment, converters), State()
    return group[pattern][1]


def _decide(
    hit: tuple[Entry, dict[str, Any]], path: str, method: str
) -> tuple[Rule, dict[str, Any]] | tuple[None, Outcome]:
    entry, values = hit
    rule = entry.rule
    if entry.plain:
        return rule, values
    if entry.redirects:
        return None, Outcome(Outcome.REDIRECT, path=f"{path}/")
    if rule.alias and rule.map.redirect_defaults:
        return None, Outcome(Outcome.REDIRECT, rule=rule, values=values)
    for canonical in entry.canonical:
        if canonical.suitable_for(values, method):
            return None, Outcome(Outcome.REDIRECT, rule=rule, values=values, canonical=canonical)
    if rule.redirect_to is not None:
        return None, Outcome(Outcome.REDIRECT, rule=rule, values=values)
    return rule, values
