"""Making nodes out of the tokens that were read, with their places, and noting what the later stages ask for.

The base of the parser's two halves. It knows no grammar. Nodes are made past ``Node.__init__``, which takes most of the
time otherwise.
"""

from __future__ import annotations

from . import nodes
from ._marks import NAME_MARKS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._tokens import Item, TokenStream

#: Nodes that are constants, or are if all within them is.
LITERALS = frozenset({nodes.Const, nodes.List, nodes.Tuple, nodes.Dict})
_new = object.__new__


class NodeMaker:
    """Makes nodes; a mixin of :class:`~dray.templating.parser.Parser`."""

    environment: Any
    stream: TokenStream
    #: Whether there is an expression that begins with a constant, so that it may be known before the template runs.
    _may_fold: bool
    #: The marks of what was read so far of the innermost node that gets marks.
    _marks: int
    #: The blocks that were read so far.
    _blocks: list[nodes.Block]
    #: The names that the current run of output reads.
    _names: dict[str, None]

    def _start(self) -> Item:
        """Skip the current token and return it."""
        stream = self.stream
        item = stream.items[stream.index]
        stream.index += 1
        return item

    def _node(self, cls: type[Any], start: Item, fields: dict[str, Any]) -> Any:
        """Make a node that reaches from *start* to the token read last.

        Takes the short way past ``Node.__init__``: *fields* has to be complete.
        """
        node = _new(cls)
        for name, value in fields.items():
            setattr(node, name, value)
        stream = self.stream
        last = stream.items[stream.index - 1]
        line = start[2]
        node.lineno = line
        node.environment = self.environment
        node.span = (line, start[3], last[2], last[4])
        return node

    def _joined(self, cls: type[Any], first: nodes.Node, fields: dict[str, Any]) -> Any:
        """Make a node that reaches from where *first* begins to the token read last."""
        node = _new(cls)
        for name, value in fields.items():
            setattr(node, name, value)
        return self._reaching(node, first)

    def _reaching(self, node: Any, first: nodes.Node) -> Any:
        """Let a new node reach from where *first* begins to the token read last."""
        stream = self.stream
        _, _, end_line, _, end = stream.items[stream.index - 1]
        line, column, _, _ = first.span or (first.lineno, 0, 0, 0)
        if first.__class__ in LITERALS:
            self._may_fold = True
        node.lineno = line
        node.environment = self.environment
        node.span = (line, column, end_line, end)
        return node

    def _linked(self, node: Any, first: nodes.Node, item: Item) -> Any:
        """Let a new link of a chain of look-ups, calls, filters or tests reach from where the chain begins.

        From *item*, its own first token, if that stands in another line: errors name the line of the link.
        """
        self._reaching(node, first)
        if item[2] != node.lineno:
            node.lineno = item[2]
            node.span = (item[2], item[3], *node.span[2:])
        return node

    def _name(self, item: Item, ctx: str = "load") -> nodes.Name:
        """Make the node of a variable."""
        _, name, line, column, end = item
        node: nodes.Name = _new(nodes.Name)
        node.name, node.ctx = name, ctx
        node.lineno, node.environment, node.span = line, self.environment, (line, column, line, end)
        self._names[name] = None
        if name in NAME_MARKS:
            self._marks |= NAME_MARKS[name]
        return node

    def _constant(self, start: Item, value: Any) -> nodes.Const:
        """Make a constant that reaches from *start* to the token read last."""
        stream = self.stream
        _, _, end_line, _, end = stream.items[stream.index - 1]
        line = start[2]
        node: nodes.Const = _new(nodes.Const)
        node.value = value
        node.lineno, node.environment, node.span = line, self.environment, (line, start[3], end_line, end)
        return node
