"""One way in which one rule matches, and how the values of its variables are read from a path.

Also what is found when no rule answers. This module knows a rule's attributes and its converters; the order of rules
and the tables that they are found in are the matcher's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from .converters import IntegerConverter, PathConverter, UnicodeConverter, ValidationError

if TYPE_CHECKING:
    from ._compile import Segment
    from .converters import BaseConverter
    from .rules import Rule

#: How a path and a rule relate: as they are, the path lacks the rule's slash, or it has one too many.
EXACT, NO_SLASH, EXTRA_SLASH = range(3)


@lru_cache(maxsize=4096)
def _full_match(pattern: str) -> Callable[[str], re.Match[str] | None]:
    return re.compile(pattern).fullmatch


def _read_integer(text: str) -> int:
    # What \d+ matches, without a regular expression.
    if text.isdecimal():
        try:
            return int(text)
        except ValueError:  # more digits than Python converts
            pass
    raise ValidationError(text)


def _regex_reader(converter: BaseConverter) -> Callable[[str], Any]:
    # The group keeps alternatives of a custom expression together.
    match, to_python = _full_match(f"(?:{converter.regex})"), converter.to_python

    def read(text: str) -> Any:
        if match(text) is None:
            raise ValidationError(text)
        return to_python(text)

    return read


def _is_unlimited(converter: IntegerConverter) -> bool:
    return not (converter.signed or converter.fixed_digits) and converter.min is converter.max is None


def _variable_reader(converter: BaseConverter) -> Callable[[str], Any] | None:
    """Make the function that converts one whole segment; ``None`` means any text that isn't empty."""
    kind = type(converter)
    if kind is UnicodeConverter and converter.regex == "[^/]{1,}":
        return None
    if kind is IntegerConverter and _is_unlimited(converter):  # type: ignore[arg-type]
        return _read_integer
    return _regex_reader(converter)


def group_reader(segment: Segment, converters: dict[str, BaseConverter]) -> Callable[[str], dict[str, Any]]:
    """Make the function that converts a segment of text and variables mixed."""
    match = _full_match(segment.pattern(converters))
    convert = [(name, converters[name].to_python) for is_variable, name in segment.tokens if is_variable]

    def read(text: str) -> dict[str, Any]:
        found = match(text)
        if found is None:
            raise ValidationError(text)
        return {name: to_python(found[name]) for name, to_python in convert}

    return read


def _paths_reader(segment: Segment, converters: dict[str, BaseConverter]) -> Callable[[str], dict[str, Any]] | None:
    """Make the function that converts several path variables with text between them; ``None`` for other segments.

    A regular expression would try every place of the first text with every place of the second one. But the first place
    that can be right always is: whatever follows can be a part of the next variable. So this is one walk. That wouldn't
    hold for line breaks, which are no part of a variable unless they begin it; a path that has any is refused.
    """
    kinds = [is_variable for is_variable, _ in segment.tokens]
    names = [text for is_variable, text in segment.tokens if is_variable]
    if len(names) < 2 or any(type(converters[name]) is not PathConverter for name in names):
        return None
    first, last = kinds.index(True), len(kinds) - kinds[::-1].index(True)
    inner = segment.tokens[first:last]
    texts = [text for is_variable, text in inner if not is_variable]
    if len(texts) != len(names) - 1:
        return None  # two variables with nothing between them
    prefix = "".join(text for _, text in segment.tokens[:first])
    suffix = "".join(text for _, text in segment.tokens[last:])
    return _walk(prefix, names, texts, suffix)


def _walk(prefix: str, names: list[str], texts: list[str], suffix: str) -> Callable[[str], dict[str, Any]]:
    def read(path: str) -> dict[str, Any]:
        end = len(path) - len(suffix)
        if "\n" in path or not path.startswith(prefix) or not path.endswith(suffix):
            raise ValidationError(path)
        values: dict[str, Any] = {}
        position = len(prefix)
        for name, text in zip(names, texts, strict=False):
            # A variable has at least one character, and doesn't begin with a slash; nor does the next one.
            found = path.find(text, position + 1, end) if path[position : position + 1] not in ("", "/") else -1
            while found != -1 and path[found + len(text) : found + len(text) + 1] == "/":
                found = path.find(text, found + 1, end)
            if found == -1:
                raise ValidationError(path)
            values[name] = path[position:found]
            position = found + len(text)
        if position >= end or path[position] == "/":
            raise ValidationError(path)
        values[names[-1]] = path[position:end]
        return values

    return read


class Outcome:
    """Why a request has no rule: what to answer instead.

    Exactly one of four: ``kind`` is :attr:`NOT_FOUND`, :attr:`METHOD_NOT_ALLOWED` (then ``methods`` says which are),
    :attr:`WEBSOCKET_MISMATCH`, or :attr:`REDIRECT`. A redirect either has a ``path`` (another spelling of the same
    path), or the ``rule`` that matched with its ``values``: an alias, a ``redirect_to``, or one whose values are the
    defaults of ``canonical``. :meth:`.MapAdapter.raise_for` turns any of them into its exception.
    """

    NOT_FOUND = "not found"
    METHOD_NOT_ALLOWED = "method not allowed"
    WEBSOCKET_MISMATCH = "websocket mismatch"
    REDIRECT = "redirect"

    __slots__ = ("canonical", "kind", "methods", "path", "rule", "values")

    def __init__(
        self,
        kind: str,
        *,
        methods: Iterable[str] = (),
        path: str | None = None,
        rule: Rule | None = None,
        values: dict[str, Any] | None = None,
        canonical: Rule | None = None,
    ) -> None:
        self.kind = kind
        self.methods = frozenset(methods)
        self.path = path
        self.rule = rule
        self.values = values
        self.canonical = canonical

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.kind}>"


NOT_FOUND = Outcome(Outcome.NOT_FOUND)


class Entry:
    """One way in which one rule matches: the rule, the variant, and how to read its values from the segments."""

    __slots__ = (
        "canonical",
        "defaults",
        "final",
        "methods",
        "order",
        "plain",
        "redirects",
        "rule",
        "steps",
        "variant",
        "websocket",
    )

    def __init__(self, rule: Rule, variant: int, order: tuple[Any, ...], canonical: tuple[Rule, ...]) -> None:
        self.rule = rule
        self.variant = variant
        self.order = order
        #: The rule's own set: programs add to it after the rule is in the map.
        self.methods = rule.methods
        self.websocket = rule.websocket
        self.defaults: dict[str, Any] = dict(rule.defaults or ())
        self.steps: list[tuple[int, str | None, Callable[[str], Any] | None]] = []
        self.final: Callable[[str], dict[str, Any]] | None = None
        #: Rules whose defaults may make them the canonical URL for what this one matched.
        self.canonical = canonical
        self.redirects = variant == NO_SLASH and bool(rule.strict_slashes)
        #: Whether a match is the answer, with nothing left to decide.
        self.plain = not (self.redirects or rule.alias or canonical or rule.redirect_to is not None)

    def add_steps(self, segments: Sequence[Segment], converters: dict[str, BaseConverter]) -> None:
        """Work out how the variables are read."""
        for position, segment in enumerate(segments):
            if segment.final:
                self.final = _paths_reader(segment, converters) or group_reader(segment, converters)
            elif len(segment.tokens) == 1 and segment.text is None:
                name = segment.tokens[0][1]
                self.steps.append((position, name, _variable_reader(converters[name])))
            elif segment.text is None:
                self.steps.append((position, None, group_reader(segment, converters)))

    def read(self, segments: list[str], fixed_length: int) -> dict[str, Any] | None:
        """Read the values.

        :param segments: The path, split at slashes.
        :param fixed_length: The number of segments before the final one.
        :return: The values, or ``None`` when a converter refuses.
        """
        values: dict[str, Any] = {}
        try:
            for position, name, convert in self.steps:
                text = segments[position]
                if convert is None:
                    if not text:
                        return None
                    values[name] = text  # type: ignore[index]
                elif name is not None:
                    values[name] = convert(text)
                else:
                    values.update(convert(text))
            if self.final is not None:
                rest = self._rest("/".join(segments[fixed_length:]))
                if rest is None:
                    return None
                values.update(self.final(rest))
        except ValidationError:
            return None
        if self.defaults:
            values.update(self.defaults)
        return values

    def _rest(self, text: str) -> str | None:
        if self.rule.is_leaf:
            return text
        if self.variant == EXACT:
            if text[-1:] != "/":
                return None
            text = text[:-1]
        return None if text[-1:] == "/" else text
