r"""Rule text to parts: what a rule's string means, before anyone matches or builds with it.

Grammar::

    rule      = *(static / variable)
    static    = 1*(any character but "<")
    variable  = "<" [ converter [ "(" arguments ")" ] ":" ] name ">"
    converter = name = (letter / "_") *(letter / digit / "_")
    arguments = argument *("," argument)
    argument  = [ key "=" ] (quoted / number / word)

Knows the text and the converters' expressions and weights, no map and no request.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from .converters import BaseConverter

#: One token of a rule: is it a variable, and its text or name.
Token = tuple[bool, str]

_VARIABLE = re.compile(
    r"<(?:(?P<converter>[a-z_]\w*)(?:\((?P<arguments>.*?)\))?:)?(?P<name>[a-z_]\w*)>",
    re.ASCII | re.IGNORECASE | re.DOTALL,
)
_ARGUMENT = re.compile(
    r"""
    \s*(?:(?P<key>\w+)\s*=\s*)?
    (?:[uU]?"(?P<double>[^"]*)" | [uU]?'(?P<single>[^']*)' | (?P<bare>[+-]?[\w.]+))
    \s*(?:,|\Z)\s*
    """,
    re.VERBOSE,
)
_CONSTANTS = {"True": True, "False": False, "None": None}


class Weighting(NamedTuple):
    """How specific one part is; a smaller one is tried earlier.

    More static pieces come first, then longer ones, then more variables, then lighter converters.
    """

    number_static_weights: int
    static_weights: list[tuple[int, int]]
    number_argument_weights: int
    argument_weights: list[int]


class RulePart(NamedTuple):
    """One part of a compiled rule: the domain, a segment, or everything from a variable on that may hold slashes."""

    content: str
    final: bool
    static: bool
    suffixed: bool
    weight: Weighting


class Variable(NamedTuple):
    """A variable as it is written in a rule."""

    name: str
    converter: str
    arguments: str


def _bare_value(text: str) -> Any:
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    for number in (int, float):
        try:
            return number(text)
        except ValueError:
            continue
    if text[0] in "+-" or "." in text:
        raise ValueError(f"Cannot parse converter argument {text!r}")
    return text


def parse_converter_args(argstr: str) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Parse the arguments of a converter: ``arguments`` in the grammar above.

    :param argstr: What stands between the parentheses. Words are text, unless they are numbers, ``True``, ``False`` or
        ``None``; quoted text is text whatever it says.
    :return: Positional and named arguments.
    :raises ValueError: The text doesn't follow the grammar.
    """
    position = 0
    args: list[Any] = []
    kwargs: dict[str, Any] = {}
    while position < len(argstr):
        match = _ARGUMENT.match(argstr, position)
        if match is None:
            raise ValueError(f"Cannot parse converter argument {argstr[position:]!r}")
        key, double, single, bare = match.groups()
        value = _bare_value(bare) if bare is not None else double if double is not None else single
        if key is None:
            args.append(value)
        else:
            kwargs[key] = value
        position = match.end()
    return tuple(args), kwargs


def parse_rule(rule: str) -> list[str | Variable]:
    """Split a rule into static text and variables.

    :raises ValueError: There is a ``<`` that doesn't begin a variable.
    """
    if "<" not in rule:
        return [rule] if rule else []
    items: list[str | Variable] = []
    position = 0
    for match in _VARIABLE.finditer(rule):
        static = rule[position : match.start()]
        if static:
            if "<" in static:
                raise ValueError(f"malformed url rule: {rule!r}")
            items.append(static)
        converter, arguments, name = match.groups()
        items.append(Variable(name, converter or "default", arguments or ""))
        position = match.end()
    if "<" in rule[position:]:
        raise ValueError(f"malformed url rule: {rule!r}")
    if position < len(rule):
        items.append(rule[position:])
    return items


def trace(tokens: list[Token]) -> list[Token]:
    """Split the static tokens so that each slash is a token of its own."""
    pieces: list[Token] = []
    for is_variable, text in tokens:
        if is_variable or text == "/":
            pieces.append((is_variable, text))
        else:
            pieces.extend((False, piece) for piece in re.split("(/)", text) if piece)
    return pieces


class Segment:
    """What one rule wants of one path segment, or, when final, of the rest of the path.

    :param tokens: The tokens in it.
    :param final: Whether a variable in it may hold slashes.
    """

    __slots__ = ("final", "text", "tokens")

    def __init__(self, tokens: list[Token], final: bool = False) -> None:
        self.tokens = tokens
        self.final = final
        #: The text of a segment without variables, else ``None``.
        self.text: str | None = None
        if not tokens:
            self.text = ""
        elif len(tokens) == 1:
            is_variable, text = tokens[0]
            self.text = None if is_variable else text
        elif not any(is_variable for is_variable, _ in tokens):
            self.text = "".join([text for _, text in tokens])

    def pattern(self, converters: Mapping[str, BaseConverter]) -> str:
        """Write the regular expression of the whole segment; each variable is a group of its name."""
        return "".join(
            f"(?P<{text}>{converters[text].regex})" if is_variable else re.escape(text)
            for is_variable, text in self.tokens
        )

    def weight(self, converters: Mapping[str, BaseConverter]) -> Weighting:
        """Work out how specific the segment is."""
        if len(self.tokens) == 1 and self.text is None:
            return Weighting(0, [], -1, [converters[self.tokens[0][1]].weight])
        static = [len(piece) for is_var, text in self.tokens if not is_var for piece in text.split("/") if piece]
        weights = [converters[text].weight for is_variable, text in self.tokens if is_variable]
        lengths = [(position, -length) for position, length in enumerate(static)]
        return Weighting(-len(static), lengths, -len(weights), weights)


def split_segments(tokens: list[Token], converters: Mapping[str, BaseConverter]) -> list[Segment]:
    """Split a path at its slashes, up to the first variable that may hold slashes itself.

    :param tokens: Tokens of a path; the first is static and begins with a slash, which belongs to no segment.
    :return: The segments. ``/a/`` has two, the second one empty.
    """
    segments: list[Segment] = []
    current: list[Token] = []
    final = False
    _, path = tokens[0]
    for is_variable, text in ((False, path[1:]), *tokens[1:]):
        if is_variable:
            final = final or not converters[text].part_isolating
        elif not final:
            first, *others = text.split("/")
            if first:
                current.append((False, first))
            for piece in others:
                segments.append(Segment(current))
                current = [(False, piece)] if piece else []
            continue
        current.append((is_variable, text))
    segments.append(Segment(current, final))
    return segments


def rule_parts(
    domain: list[Token], segments: list[Segment], is_branch: bool, converters: Mapping[str, BaseConverter]
) -> list[RulePart]:
    """Describe a compiled rule: its domain, then an empty part for the leading slash, then its segments."""
    parts = [
        _part(Segment(domain), False, converters),
        RulePart("", False, True, False, Weighting(0, [], 0, [])),
    ]
    parts.extend(_part(segment, segment.final and is_branch, converters) for segment in segments)
    return parts


def _part(segment: Segment, suffixed: bool, converters: Mapping[str, BaseConverter]) -> RulePart:
    content = segment.pattern(converters) if segment.text is None else segment.text
    return RulePart(content, segment.final, segment.text is not None, suffixed, segment.weight(converters))
