"""The parser: tokens to a tree.

:class:`Parser` has the entry, the dispatch on tags and the errors; statements and expressions stand in the two
mixins. It is a descent by hand, and reads the stream's items directly, which are cheaper than token objects. Nesting
is bounded, so that no text can exhaust the interpreter's stack, here or in the passes behind.
"""

from __future__ import annotations

from . import nodes
from ._marks import BLOCK, SCOPED_BLOCK
from ._parse_expressions import ExpressionParser
from ._parse_statements import StatementParser
from ._tokens import describe_token, describe_token_expr, matches
from .exceptions import TemplateAssertionError, TemplateSyntaxError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, NoReturn

    from ._tokens import Item, TokenStream

__all__ = [
    "Parser", "TemplateAssertionError", "TemplateSyntaxError", "describe_token", "describe_token_expr", "nodes",
]  # fmt: skip

_new = object.__new__
#: Tags and their methods.
STATEMENTS = {
    **{tag: "parse_" + tag for tag in ("if", "extends", "print", "include", "from", "import", "set", "with")},
    **{tag: "parse_" + tag for tag in ("for", "block", "macro", "autoescape")},
    "call": "parse_call_block", "filter": "parse_filter_block",
}  # fmt: skip
#: Tags whose nodes get marks.
_MARKED = frozenset({"for", "block", "macro", "call"})
_TUPLE_ENDS = frozenset({"variable_end", "block_end", "rparen"})
#: Blocks within blocks. Python itself gives up at 100.
MAX_BLOCKS = 90


class Parser(StatementParser, ExpressionParser):
    """Parses one template.

    :param environment: supplies the tokens and the extensions' tags
    :param source: the template's text
    :param name: its name, for errors
    :param filename: its file, for errors
    :param state: ``"variable"`` or ``"block"`` to begin inside a tag
    """

    def __init__(
        self,
        environment: Any,
        source: str,
        name: str | None = None,
        filename: str | None = None,
        state: str | None = None,
    ) -> None:
        self.environment = environment
        self.stream: TokenStream = environment._tokenize(source, name, filename, state)
        self.name = name
        self.filename = filename
        self.closed = False
        self.extensions: dict[str, Callable[[Parser], Any]] = {}
        self._replaced: dict[str, Callable[[Parser], Any]] = {}
        for extension in environment.iter_extensions():
            for tag in extension.tags:
                self.extensions[tag] = extension.parse
            for tag in getattr(extension, "replaces", ()):
                self._replaced[tag] = extension.parse
        self._last_identifier = 0
        self._tag_stack: list[str] = []
        self._end_token_stack: list[tuple[str, ...]] = []
        self._depth = 0
        self._chained = self._overrides_a_level()
        #: Whether all nodes are made here, so that what is noted about them is complete.
        self._stock = type(self) is Parser and not self.extensions
        self._may_fold = not self._stock
        self._marks = 0
        self._blocks = []
        self._names = {}

    def fail(
        self, msg: str, lineno: int | None = None, exc: type[TemplateSyntaxError] = TemplateSyntaxError
    ) -> NoReturn:
        """Raise a syntax error.

        :param msg: what is wrong
        :param lineno: the line, by default the place of the current token
        :param exc: the class of the error
        """
        self.stream.check_end()
        _, _, line, column, end = self.stream.items[self.stream.index]
        if lineno is None or lineno == line:
            raise exc(msg, line, self.name, self.filename).at(column, end)
        raise exc(msg, lineno, self.name, self.filename)

    def fail_at(self, msg: str, item: Item, exc: type[TemplateSyntaxError] = TemplateSyntaxError) -> NoReturn:
        """Raise a syntax error at one of the stream's items."""
        self.stream.check_end()
        raise exc(msg, item[2], self.name, self.filename).at(item[3], item[4])

    def _describe_closers(self, end_token_stack: list[tuple[str, ...]]) -> tuple[str | None, str | None]:
        """Return the tags that are waited for, as words, and the innermost open tag."""
        innermost = self._tag_stack[-1] if self._tag_stack else None
        if not end_token_stack:
            return None, innermost
        return " or ".join(repr(describe_token_expr(expr)) for expr in end_token_stack[-1]), innermost

    def _fail_closing(self, start: str, end_token_stack: list[tuple[str, ...]], lineno: int | None) -> NoReturn:
        wanted, innermost = self._describe_closers(end_token_stack)
        message = [start]
        if wanted:
            message.append(f"Expected one of the following tags: {wanted}.")
        if innermost:
            message.append(f"The innermost block that needs to be closed is {innermost!r}.")
        self.fail(" ".join(message), lineno)

    def fail_unknown_tag(self, name: str, lineno: int | None = None) -> NoReturn:
        """Raise the error for a tag that nobody knows, with the tags that could stand in its place.

        :param name: the unknown tag
        :param lineno: the line, by default the place of the current token
        """
        self._fail_closing(f"Encountered unknown tag {name!r}.", self._end_token_stack, lineno)

    def fail_eof(self, end_tokens: tuple[str, ...] | None = None, lineno: int | None = None) -> NoReturn:
        """Raise the error for a text that ends too early, with the tags that were waited for.

        :param end_tokens: token expressions that are waited for besides those on the stack
        :param lineno: the line, by default the end of the text
        """
        stack = [*self._end_token_stack, end_tokens] if end_tokens is not None else self._end_token_stack
        self._fail_closing("Unexpected end of template.", stack, lineno)

    def is_tuple_end(self, extra_end_rules: tuple[str, ...] | None = None) -> bool:
        """Say whether the current token ends a tuple.

        :param extra_end_rules: token expressions that end it besides the closing delimiters
        """
        kind, value, _, _, _ = self.stream.items[self.stream.index]
        if kind in _TUPLE_ENDS:
            return True
        return extra_end_rules is not None and any(matches(kind, value, expr) for expr in extra_end_rules)

    def free_identifier(self, lineno: int | None = None) -> nodes.InternalName:
        """Return a name that is free for an extension's own use.

        :param lineno: the line of the new node
        """
        self._last_identifier += 1
        node: nodes.InternalName = object.__new__(nodes.InternalName)
        nodes.Node.__init__(node, f"fi{self._last_identifier}", lineno=lineno)
        return node

    def parse_statement(self) -> nodes.Node | list[nodes.Node]:
        """Parse one tag, from its name on.

        ``statement: one of the built-in tags | the tag of an extension``
        """
        item = self.stream.items[self.stream.index]
        if item[0] != "name":
            self.fail("tag name expected")
        tag = item[1]
        self._tag_stack.append(tag)
        if len(self._tag_stack) > MAX_BLOCKS:
            self.fail(f"blocks are nested more than {MAX_BLOCKS} deep")
        pop_tag = True
        try:
            if tag in self._replaced:
                return self._replaced[tag](self)  # type: ignore[no-any-return]
            if tag in STATEMENTS:
                parse = getattr(self, STATEMENTS[tag])
                return self._marked(parse) if tag in _MARKED else parse()
            extension = self.extensions.get(tag)
            if extension is not None:
                return extension(self)  # type: ignore[no-any-return]
            self._tag_stack.pop()
            pop_tag = False
            self.fail_unknown_tag(tag)
        finally:
            if pop_tag:
                self._tag_stack.pop()

    def _marked(self, parse: Callable[[], nodes.Node]) -> nodes.Node:
        """Parse a tag whose node gets the marks of what stands in it."""
        around, self._marks = self._marks, 0
        node = parse()
        node._marks = self._marks  # type: ignore[attr-defined]
        self._marks |= around
        if isinstance(node, nodes.Block):
            self._marks |= BLOCK | (SCOPED_BLOCK if node.scoped else 0)
        return node

    def parse_statements(self, end_tokens: tuple[str, ...], drop_needle: bool = False) -> list[nodes.Node]:
        """Parse the end of a tag and the body behind it, up to one of the end tags.

        ``body: ":"? block_end (text | print | tag)*``

        :param end_tokens: token expressions of the end tags' names
        :param drop_needle: skip the end tag's name too
        :return: the body
        """
        stream = self.stream
        if stream.items[stream.index][0] == "colon":
            stream.index += 1
        stream.take("block_end")
        self._names = {}
        body = self.subparse(end_tokens)
        if stream.items[stream.index][0] == "eof":
            self.fail_eof(end_tokens)
        if drop_needle:
            stream.skip()
        return body

    def subparse(self, end_tokens: tuple[str, ...] | None = None) -> list[nodes.Node]:
        """Parse text, print statements and tags.

        :param end_tokens: stop before a tag whose name fits one of these; by default at the end of the text
        :return: the nodes; text and print statements next to each other are one ``Output``
        """
        body: list[nodes.Node] = []
        output: list[nodes.Expr] = []
        stream = self.stream
        items = stream.items
        if end_tokens is not None:
            self._end_token_stack.append(end_tokens)
        try:
            while True:
                kind, value, line, column, end = items[stream.index]
                if kind == "data":
                    stream.index += 1
                    if value:
                        text: nodes.TemplateData = _new(nodes.TemplateData)
                        text.data = value
                        text.lineno, text.environment, text.span = line, self.environment, (line, column, line, end)
                        output.append(text)
                elif kind == "variable_begin":
                    output.append(self._print())
                else:
                    if output:
                        body.append(self._output(output))
                        output = []
                    if kind == "eof":
                        stream.check_end()
                        return body
                    if self._at_end(kind, end_tokens):
                        return body
                    self._add_statement(body)
                    self._names = {}
        finally:
            if end_tokens is not None:
                self._end_token_stack.pop()

    def _print(self) -> nodes.Expr:
        """Parse a print statement.

        ``print: variable_begin tuple variable_end``
        """
        stream = self.stream
        items = stream.items
        start = stream.index = stream.index + 1
        if self._chained or items[start][0] == "variable_end":
            expression = self.parse_tuple(with_condexpr=True)
        else:
            expression = self.parse_expression()
            if items[stream.index][0] == "variable_end":
                stream.index += 1
                return expression
            if items[stream.index][0] == "comma":
                stream.index = start
                expression = self.parse_tuple(with_condexpr=True)
        stream.take("variable_end")
        return expression

    def _at_end(self, kind: str, end_tokens: tuple[str, ...] | None) -> bool:
        """Skip the beginning of a tag, and say whether it is one that ends the body."""
        if kind != "block_begin":
            raise AssertionError(f"the lexer let {kind!r} through")
        stream = self.stream
        stream.index += 1
        if end_tokens is None:
            return False
        kind, value, _, _, _ = stream.items[stream.index]
        if kind == "name" and "name:" + value in end_tokens:
            return True
        return any(expr[:5] != "name:" and matches(kind, value, expr) for expr in end_tokens)

    def _add_statement(self, body: list[nodes.Node]) -> None:
        """Parse a tag and add what comes of it."""
        result = self.parse_statement()
        if isinstance(result, list):
            body.extend(result)
        else:
            body.append(result)
        self.stream.take("block_end")

    def _output(self, expressions: list[nodes.Expr]) -> nodes.Output:
        """Return an output node that reaches over its expressions."""
        first, last = expressions[0], expressions[-1]
        node: nodes.Output = _new(nodes.Output)
        node.nodes, node.lineno, node.environment = expressions, first.lineno, self.environment
        if self._stock:
            node._names, self._names = self._names, {}
        if first is last:
            node.span = first.span
        elif first.span is not None and last.span is not None:
            node.span = (*first.span[:2], *last.span[2:])
        else:
            node.span = None
        return node

    def parse(self) -> nodes.Template:
        """Parse the whole template.

        :raises TemplateSyntaxError: if the text is not a template
        """
        try:
            body = self.subparse()
        except RecursionError:
            item = self.stream.items[self.stream.index]
            raise TemplateSyntaxError("the template is nested too deeply", item[2], self.name, self.filename).at(
                item[3], item[4]
            ) from None
        result: nodes.Template = _new(nodes.Template)
        result.body, result.lineno, result.environment, result.span = body, 1, self.environment, None
        if self.extensions:  # nodes made by the parser itself have it
            result.set_environment(self.environment)
        result._may_fold = self._may_fold
        result._noted = self._stock
        if self._stock:
            result._marks, result._blocks = self._marks, self._blocks
        return result
