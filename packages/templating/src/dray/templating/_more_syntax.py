"""Syntax that the language doesn't have by itself: extensions that an environment asks for by name.

Each gives a meaning to what is an error without it, so no template that works changes: arguments for ``include``,
assignments to the scope around, and output that keeps the indentation it stands at.
"""

from __future__ import annotations

from . import nodes
from ._extension import Extension
from ._tokens import TokenStream
from .exceptions import TemplateSyntaxError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._tokens import Item
    from .parser import Parser


class IncludeArgumentsExtension(Extension):
    """Adds ``{% include "card.html" with title=post.title, wide=true %}``.

    With ``only`` at the end, the template sees the arguments and the globals, and nothing else.
    """

    replaces = {"include"}

    def parse(self, parser: Parser) -> nodes.Include:
        """Parse the tag.

        ``include: "include" expression ("ignore" "missing")? (import-context | arguments)?``
        ``arguments: "with" name "=" expression ("," name "=" expression)* "only"?``
        """
        node = parser.parse_include()
        stream = parser.stream
        if not stream.skip_if("name:with"):
            return node
        pairs: list[nodes.Pair] = []
        names: set[str] = set()
        while not pairs or stream.skip_if("comma"):
            token = stream.expect("name")
            if token.value in names:
                parser.fail(f"the argument {token.value!r} is given twice", token.lineno)
            names.add(token.value)
            stream.expect("assign")
            key = nodes.Const(token.value, lineno=token.lineno)
            pairs.append(nodes.Pair(key, parser.parse_expression(), lineno=token.lineno))
        only = stream.skip_if("name:only")
        values = nodes.Dict(pairs, lineno=node.lineno)
        result = nodes.IncludeWith(node.template, not only, node.ignore_missing, values, lineno=node.lineno)
        result.span = node.span
        return result


class OuterAssignmentExtension(Extension):
    """Adds ``{% set outer total = total + 1 %}``: assign to the variable of the scope around.

    That is the nearest loop, ``with``, macro, block or template around that assigns the name itself. An assignment
    reaches no further than the macro, call block, block or recursive loop that it stands in.
    """

    replaces = {"set"}

    def parse(self, parser: Parser) -> nodes.Node:
        """Parse the tag.

        ``set: "set" "outer" name "=" tuple | the built-in tag``
        """
        stream = parser.stream
        word, name = stream.look(), stream.items[min(stream.index + 2, len(stream.items) - 1)]
        if not word.test("name:outer") or name[0] != "name":
            return parser.parse_set()
        start = stream.current
        stream.skip(2)
        target = stream.expect("name").value
        stream.expect("assign")
        node = nodes.AssignOuter(target, parser.parse_tuple(), lineno=start.lineno)
        node.span = (name[2], name[3], name[2], name[4])
        return node


class IndentationExtension(Extension):
    """Adds ``{{* value }}`` and ``{%* include "name" %}``: every line but the first is indented as the tag is."""

    def filter_stream(self, stream: TokenStream) -> TokenStream:
        """Write the tags with an asterisk as the filter ``indent``."""
        items = stream.items
        result: list[Item] = []
        position = 0
        while position < len(items):
            item = items[position]
            starred = item[0] in _OPENINGS and position + 1 < len(items) and items[position + 1][0] == "mul"
            if not starred:
                result.append(item)
                position += 1
                continue
            end = _end_of_tag(items, position)
            before = items[position - 1] if position else None
            inside = items[position + 2 : end]
            result += _indented(item, inside, items[end], _filter(item, before), stream)
            position = end + 1
        return TokenStream.of_items(result, stream.name, stream.filename, stream.error)


_OPENINGS = {"variable_begin": "variable_end", "block_begin": "block_end"}


def _end_of_tag(items: list[Item], position: int) -> int:
    """Return where the tag that begins at *position* ends."""
    closing = _OPENINGS[items[position][0]]
    while items[position][0] not in {closing, "eof"}:
        position += 1
    return position


def _filter(opening: Item, before: Item | None) -> list[tuple[str, Any]]:
    """Return the tokens of the filter that indents like the line which a tag stands on.

    :param opening: the tag's opening delimiter
    :param before: what stands before it
    """
    _, _, _, column, _ = opening
    text = before[1] if before is not None and before[0] == "data" else ""
    line = text[max(text.rfind("\n"), text.rfind("\r")) + 1 :]
    # lstrip_blocks took the blanks away: then the first line needs them too.
    stripped = not line and column > 0 and (before is None or before[0] == "data")
    width: tuple[str, Any] = ("integer", column)  # a number: texts would add up, where a line has many tags
    if len(line) == column:
        width = ("string", "".join(character if character.isspace() else " " for character in line))
    tokens: list[tuple[str, Any]] = [("name", "indent"), ("lparen", "("), width]
    if stripped:
        tokens += [("comma", ","), ("name", "true")]
    return [*tokens, ("rparen", ")")]


def _indented(
    opening: Item, inside: list[Item], closing: Item, indent: list[tuple[str, Any]], stream: TokenStream
) -> list[Item]:
    """Return the tokens of a tag with an asterisk as those of a filter.

    :raises TemplateSyntaxError: if it is a tag other than ``include``
    """

    def at(item: Item, *tokens: tuple[str, Any]) -> list[Item]:
        return [(kind, value, *item[2:]) for kind, value in tokens]

    if opening[0] == "variable_begin" and not inside:
        return [opening, closing]  # the parser says what is missing
    if opening[0] == "variable_begin":
        last = at(closing, ("rparen", ")"), ("pipe", "|"), ("name", "string"), ("pipe", "|"), *indent)
        return [opening, *at(opening, ("lparen", "(")), *inside, *last, closing]
    if not inside or inside[0][:2] != ("name", "include"):
        raise TemplateSyntaxError(
            "of the tags only include keeps its indentation by an asterisk: {%* include … %}",
            opening[2], stream.name, stream.filename,
        ).at(opening[3], closing[4])  # fmt: skip
    begin, end = ("block_begin", opening[1]), ("block_end", closing[1])
    return [
        opening, *at(opening, ("name", "filter"), *indent, end, begin),
        *inside,
        *at(closing, end, begin, ("name", "endfilter")), closing,
    ]  # fmt: skip


__all__ = ["IncludeArgumentsExtension", "IndentationExtension", "OuterAssignmentExtension"]
