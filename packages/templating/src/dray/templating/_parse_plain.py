"""Templates of text and values: those whose tags only print a variable, or an attribute of one.

Prompts, file names, settings and short messages mostly are. They are read here by looking for delimiters, so that a
program that has no others loads neither lexer nor parser nor regular expressions, which take longer than all else until
its first output. The tree is the one that the parser would make. Whatever is not wholly as usual is left to the parser,
errors among it.
"""

from __future__ import annotations

from . import nodes
from ._marks import NAME_MARKS
from ._settings import DEFAULT_SYNTAX, Syntax

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_new = object.__new__
#: Words that don't begin with a variable's name, or of which the parser says more.
_WORDS = frozenset({"true", "True", "false", "False", "none", "None", "not"})
#: Attributes of attributes; the parser refuses many more.
_MAX_ATTRIBUTES = 50
#: The settings that have to be the default ones: all but those of white space next to tags and at the end of the text.
_DELIMITERS = slice(0, 8)


def parse_plain(environment: Any, source: str) -> nodes.Template | None:
    """Return the tree of a template of text and values, or ``None`` if there is more to it.

    :param environment: an environment that splits texts into tokens as all do
    :param source: the text
    """
    if "{%" in source or "{#" in source or "\r" in source:
        return None
    syntax = Syntax.of(environment)
    if syntax[_DELIMITERS] != DEFAULT_SYNTAX[_DELIMITERS] or syntax.newline_sequence != "\n":
        return None
    text = str.__str__(source)  # without the class that markup has
    if not syntax.keep_trailing_newline:
        text = text.removesuffix("\n")
    reader = _Reader(environment)
    position = 0
    while True:
        start = text.find("{{", position)
        if start < 0:
            reader.add_text(text[position:])
            return reader.template()
        stop = text.find("}}", start)
        reader.add_text(text[position:start])
        if stop < 0 or not reader.add_value(text[start + 2 : stop]):
            return None
        position = stop + 2


class _Reader:
    """Makes the nodes, in the order of the text.

    :param environment: the environment
    """

    def __init__(self, environment: Any) -> None:
        self.environment = environment
        self.output: list[nodes.Expr] = []
        self.names: dict[str, None] = {}
        self.marks = 0
        self.line = 1
        self.column = 0

    def add_text(self, text: str) -> None:
        """Add what stands between two tags."""
        if not text:
            return
        node: nodes.TemplateData = _new(nodes.TemplateData)
        node.data = text
        self.output.append(self._placed(node, self.column, self.column + len(text)))
        breaks = text.count("\n")
        self.line += breaks
        self.column = len(text) - text.rfind("\n") - 1 if breaks else self.column + len(text)

    def add_value(self, inside: str) -> bool:
        """Add what stands between two delimiters, and say whether it is a variable or an attribute of one."""
        dotted = inside.strip(" ")
        name, *attributes = dotted.split(".", _MAX_ATTRIBUTES)
        if name in _WORDS or not (dotted.isascii() and name.isidentifier() and all(map(str.isidentifier, attributes))):
            return False
        start = self.column + len("{{") + inside.index(name)
        end = start + len(name)
        variable: nodes.Name = _new(nodes.Name)
        variable.name, variable.ctx = name, "load"
        self.names[name] = None
        self.marks |= NAME_MARKS.get(name, 0)
        node = self._placed(variable, start, end)
        for attribute in attributes:
            inner, end = node, end + len(".") + len(attribute)
            look_up: nodes.Getattr = _new(nodes.Getattr)
            look_up.node, look_up.attr, look_up.ctx = inner, attribute, "load"
            node = self._placed(look_up, start, end)
        self.output.append(node)
        self.column += len("{{}}") + len(inside)
        return True

    def _placed(self, node: nodes.Expr, start: int, end: int) -> nodes.Expr:
        """Return a new node with its place in the current line."""
        node.lineno, node.environment, node.span = self.line, self.environment, (self.line, start, self.line, end)
        return node

    def template(self) -> nodes.Template:
        """Return the tree of all that was added, with what the parser would note."""
        body: list[nodes.Node] = []
        if self.output:
            first: Any = self.output[0].span
            last: Any = self.output[-1].span
            output: nodes.Output = _new(nodes.Output)
            output.nodes, output._names = self.output, self.names
            output.lineno, output.environment, output.span = first[0], self.environment, (*first[:2], *last[2:])
            body.append(output)
        tree = nodes.Template(body, lineno=1, environment=self.environment)
        tree._may_fold, tree._noted, tree._marks, tree._blocks = False, True, self.marks, []
        return tree
