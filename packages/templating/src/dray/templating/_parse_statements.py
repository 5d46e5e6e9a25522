"""The statement half of the parser: one method per tag. Docstrings carry the grammar."""

from __future__ import annotations

from . import nodes
from ._marks import ASSIGN, EXTENDS, LOOP, STORED_LOOP
from ._parse_nodes import NodeMaker
from .exceptions import TemplateAssertionError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeVar

    from ._tokens import Item
    from .exceptions import TemplateSyntaxError

    ImportNode = TypeVar("ImportNode", nodes.Import, nodes.FromImport, nodes.Include)
    MacroNode = TypeVar("MacroNode", nodes.Macro, nodes.CallBlock)


class StatementParser(NodeMaker):
    """Parses the built-in tags; a mixin of :class:`~dray.templating.parser.Parser`."""

    if TYPE_CHECKING:

        def fail(self, msg: str, lineno: int | None = None, exc: type[TemplateSyntaxError] = ...) -> Any:
            """See :meth:`.Parser.fail`."""

        def fail_at(self, msg: str, item: Item, exc: type[TemplateSyntaxError] = ...) -> Any:
            """See :meth:`.Parser.fail_at`."""

        def parse_statements(self, end_tokens: tuple[str, ...], drop_needle: bool = False) -> list[nodes.Node]:
            """See :meth:`.Parser.parse_statements`."""

        def parse_expression(self, with_condexpr: bool = True) -> nodes.Expr:
            """See :meth:`.ExpressionParser.parse_expression`."""

        def parse_tuple(self, *args: Any, **kwargs: Any) -> nodes.Expr:
            """See :meth:`.ExpressionParser.parse_tuple`."""

        def parse_primary(self, with_namespace: bool = False) -> nodes.Expr:
            """See :meth:`.ExpressionParser.parse_primary`."""

        def parse_filter(self, node: nodes.Expr | None, start_inline: bool = False) -> nodes.Expr | None:
            """See :meth:`.ExpressionParser.parse_filter`."""

        def parse_call_args(self) -> tuple[Any, ...]:
            """See :meth:`.ExpressionParser.parse_call_args`."""

        def _item(self) -> Item: ...
        def _at_name(self, name: str) -> bool: ...
        def _skip_name(self, name: str) -> bool: ...

    def parse_for(self) -> nodes.For:
        """``for: "for" target "in" tuple ("if" expression)? "recursive"? body ("else" body)? "endfor"``."""
        start = self._start()
        target = self.parse_assign_target()
        self.stream.take_word("in")
        iterable = self.parse_tuple(with_condexpr=False)
        test = self.parse_expression() if self._skip_name("if") else None
        recursive = self._skip_name("recursive")
        span_end = self.stream.index
        body = self.parse_statements(("name:endfor", "name:else"))
        else_: list[nodes.Node] = []
        if self._start()[1] == "else":
            else_ = self.parse_statements(("name:endfor",), drop_needle=True)
        fields = {
            "target": target,
            "iter": iterable,
            "body": body,
            "else_": else_,
            "test": test,
            "recursive": recursive,
        }
        return self._tag(nodes.For, start, span_end, fields)  # type: ignore[no-any-return]

    def _tag(self, cls: type[Any], start: Item, span_end: int, fields: dict[str, Any]) -> Any:
        """Make a node that reaches over its opening tag only, up to the token before *span_end*."""
        node = self._node(cls, start, fields)
        last = self.stream.items[span_end - 1]
        node.span = (start[2], start[3], last[2], last[4])
        return node

    def parse_if(self) -> nodes.If:
        """``if: "if" tuple body ("elif" tuple body)* ("else" body)? "endif"``."""
        result = node = self._if_branch()
        while True:
            word = self._item()
            if word[1] == "elif":
                node = self._if_branch()
                result.elif_.append(node)
                continue
            self.stream.index += 1
            if word[1] == "else":
                result.else_ = self.parse_statements(("name:endif",), drop_needle=True)
            return result

    def _if_branch(self) -> nodes.If:
        """Parse a test and its body."""
        start = self._start()
        test = self.parse_tuple(with_condexpr=False)
        span_end = self.stream.index
        body = self.parse_statements(("name:elif", "name:else", "name:endif"))
        return self._tag(nodes.If, start, span_end, {"test": test, "body": body, "elif_": [], "else_": []})  # type: ignore[no-any-return]

    def parse_with(self) -> nodes.With:
        """``with: "with" (target "=" expression ("," target "=" expression)*)? body "endwith"``."""
        start = self._start()
        targets: list[nodes.Expr] = []
        values: list[nodes.Expr] = []
        while self._item()[0] != "block_end":
            if targets:
                self.stream.take("comma")
            target = self.parse_assign_target()
            target.set_ctx("param")
            targets.append(target)
            self.stream.take("assign")
            values.append(self.parse_expression())
        span_end = self.stream.index
        body = self.parse_statements(("name:endwith",), drop_needle=True)
        return self._tag(nodes.With, start, span_end, {"targets": targets, "values": values, "body": body})  # type: ignore[no-any-return]

    def parse_autoescape(self) -> nodes.Scope:
        """``autoescape: "autoescape" expression body "endautoescape"``."""
        start = self._start()
        value = self.parse_expression()
        option = self._node(nodes.Keyword, start, {"key": "autoescape", "value": value})
        span_end = self.stream.index
        body = self.parse_statements(("name:endautoescape",), drop_needle=True)
        modifier = self._tag(nodes.ScopedEvalContextModifier, start, span_end, {"options": [option], "body": body})
        return self._tag(nodes.Scope, start, span_end, {"body": [modifier]})  # type: ignore[no-any-return]

    def parse_block(self) -> nodes.Block:
        """``block: "block" name "scoped"? "required"? body "endblock" name?``."""
        start = self._start()
        name = self.stream.take("name")[1]
        scoped = self._skip_name("scoped")
        required = self._skip_name("required")
        if self._item()[0] == "sub":
            self.fail("Block names have to be valid Python identifiers: use an underscore in place of the hyphen.")
        span_end = self.stream.index
        place = len(self._blocks)
        body = self.parse_statements(("name:endblock",), drop_needle=True)
        if required and not all(_is_blank(node) for node in body):
            self.fail("Required blocks can only contain comments or whitespace")
        self._skip_name(name)
        fields = {"name": name, "body": body, "scoped": scoped, "required": required}
        node: nodes.Block = self._tag(nodes.Block, start, span_end, fields)
        self._blocks.insert(place, node)  # each before those in it
        return node

    def parse_extends(self) -> nodes.Extends:
        """``extends: "extends" expression``."""
        start = self._start()
        template = self.parse_expression()
        self._marks |= EXTENDS
        return self._node(nodes.Extends, start, {"template": template})  # type: ignore[no-any-return]

    def parse_import_context(self, node: ImportNode, default: bool) -> ImportNode:
        """``import-context: (("with" | "without") "context")?``.

        :param node: gets ``with_context``
        :param default: its value where the template is silent
        """
        stream = self.stream
        node.with_context = default
        item = self._item()
        if item[0] == "name" and item[1] in {"with", "without"}:
            following = stream.items[stream.index + 1]
            if following[:2] == ("name", "context"):
                node.with_context = item[1] == "with"
                stream.index += 2
        return node

    def parse_include(self) -> nodes.Include:
        """``include: "include" expression ("ignore" "missing")? import-context``."""
        start = self._start()
        template = self.parse_expression()
        fields = {"template": template, "ignore_missing": False, "with_context": True}
        stream = self.stream
        if self._at_name("ignore") and stream.items[stream.index + 1][:2] == ("name", "missing"):
            fields["ignore_missing"] = True
            stream.index += 2
        node = self._node(nodes.Include, start, fields)
        return self.parse_import_context(node, True)  # type: ignore[no-any-return]

    def parse_import(self) -> nodes.Import:
        """``import: "import" expression "as" name import-context``."""
        start = self._start()
        template = self.parse_expression()
        self.stream.take_word("as")
        target = self.parse_assign_target(name_only=True).name  # type: ignore[union-attr]
        node = self._node(nodes.Import, start, {"template": template, "target": target, "with_context": False})
        return self.parse_import_context(node, False)  # type: ignore[no-any-return]

    def parse_from(self) -> nodes.FromImport:
        """``from: "from" expression "import" name ("as" name)? ("," name ("as" name)?)* import-context``."""
        start = self._start()
        stream = self.stream
        template = self.parse_expression()
        stream.take_word("import")
        node = self._node(nodes.FromImport, start, {"template": template, "names": [], "with_context": False})
        node.with_context = None
        while True:
            if node.names:
                stream.take("comma")
            if self._item()[0] != "name":
                stream.take("name")
            if self._ends_names(node):
                break
            node.names.append(self._imported_name())
            if self._ends_names(node) or self._item()[0] != "comma":
                break
        if node.with_context is None:
            node.with_context = False
        return node  # type: ignore[no-any-return]

    def _ends_names(self, node: nodes.FromImport) -> bool:
        """Read ``with context`` or ``without context``, and say whether it was there."""
        at = self.stream.index
        if self._item()[0] == "name" and self._item()[1] in {"with", "without"}:
            self.parse_import_context(node, False)
        return self.stream.index != at

    def _imported_name(self) -> str | tuple[str, str]:
        """Parse one name of a from-import, with its alias."""
        item = self._item()
        target: Any = self.parse_assign_target(name_only=True)
        if target.name.startswith("_"):
            self.fail_at("names starting with an underline can not be imported", item, TemplateAssertionError)
        if not self._skip_name("as"):
            return target.name  # type: ignore[no-any-return]
        alias: Any = self.parse_assign_target(name_only=True)
        return target.name, alias.name

    def parse_signature(self, node: MacroNode) -> None:
        """``signature: "(" (name ("=" expression)? ("," name ("=" expression)?)*)? ")"``.

        :param node: gets ``args`` and ``defaults``
        """
        args: list[nodes.Name] = []
        defaults: list[nodes.Expr] = []
        node.args, node.defaults = args, defaults
        stream = self.stream
        stream.take("lparen")
        while self._item()[0] != "rparen":
            if args:
                stream.take("comma")
            argument: Any = self.parse_assign_target(name_only=True)
            argument.set_ctx("param")
            if stream.skip_if("assign"):
                defaults.append(self.parse_expression())
            elif defaults:
                self.fail("non-default argument follows default argument")
            args.append(argument)
        stream.take("rparen")

    def parse_call_block(self) -> nodes.CallBlock:
        """``call-block: "call" signature? expression body "endcall"``."""
        start = self._start()
        node = self._node(nodes.CallBlock, start, {"call": None, "args": [], "defaults": [], "body": []})
        if self._item()[0] == "lparen":
            self.parse_signature(node)
        item = self._item()
        call = self.parse_expression()
        if not isinstance(call, nodes.Call):
            self.fail_at("expected call", item)
        node.call = call
        last = self.stream.items[self.stream.index - 1]
        node.span = (start[2], start[3], last[2], last[4])
        node.body = self.parse_statements(("name:endcall",), drop_needle=True)
        return node  # type: ignore[no-any-return]

    def parse_filter_block(self) -> nodes.FilterBlock:
        """``filter-block: "filter" filters body "endfilter"``."""
        start = self._start()
        filter_node = self.parse_filter(None, start_inline=True)
        span_end = self.stream.index
        body = self.parse_statements(("name:endfilter",), drop_needle=True)
        return self._tag(nodes.FilterBlock, start, span_end, {"body": body, "filter": filter_node})  # type: ignore[no-any-return]

    def parse_macro(self) -> nodes.Macro:
        """``macro: "macro" name signature body "endmacro"``."""
        start = self._start()
        name: Any = self.parse_assign_target(name_only=True)
        node = self._node(nodes.Macro, start, {"name": name.name, "args": [], "defaults": [], "body": []})
        self.parse_signature(node)
        last = self.stream.items[self.stream.index - 1]
        node.span = (start[2], start[3], last[2], last[4])
        node.body = self.parse_statements(("name:endmacro",), drop_needle=True)
        return node  # type: ignore[no-any-return]

    def parse_print(self) -> nodes.Output:
        """``print: "print" (expression ("," expression)*)?``."""
        start = self._start()
        expressions: list[nodes.Expr] = []
        while self._item()[0] != "block_end":
            if expressions:
                self.stream.take("comma")
            expressions.append(self.parse_expression())
        return self._node(nodes.Output, start, {"nodes": expressions})  # type: ignore[no-any-return]

    def parse_set(self) -> nodes.Assign | nodes.AssignBlock:
        """``set: "set" target "=" tuple | "set" target filters body "endset"``."""
        start = self._start()
        target = self.parse_assign_target(with_namespace=True)
        self._marks |= ASSIGN
        if self.stream.skip_if("assign"):
            value = self.parse_tuple()
            return self._node(nodes.Assign, start, {"target": target, "node": value})  # type: ignore[no-any-return]
        filter_node = self.parse_filter(None)
        span_end = self.stream.index
        body = self.parse_statements(("name:endset",), drop_needle=True)
        fields = {"target": target, "filter": filter_node, "body": body}
        return self._tag(nodes.AssignBlock, start, span_end, fields)  # type: ignore[no-any-return]

    def parse_assign_target(
        self,
        with_tuple: bool = True,
        name_only: bool = False,
        extra_end_rules: tuple[str, ...] | None = None,
        with_namespace: bool = False,
    ) -> nodes.NSRef | nodes.Name | nodes.Tuple:
        """Parse what a value is assigned to.

        ``target: name | name "." name | target ("," target)*``

        :param with_tuple: whether several targets are allowed
        :param name_only: whether only a plain name is
        :param extra_end_rules: token expressions that end a tuple of targets
        :param with_namespace: whether an attribute of a namespace is allowed
        """
        item = self._item()
        if name_only:
            return self._checked_target(self._name(self.stream.take("name"), "store"), item)  # type: ignore[no-any-return]
        target: Any
        if with_tuple:
            target = self.parse_tuple(simplified=True, extra_end_rules=extra_end_rules, with_namespace=with_namespace)
        else:
            target = self.parse_primary(with_namespace)
        if target.__class__ is nodes.Name:
            target.ctx = "store"
        else:
            target.set_ctx("store")
        if self._marks & LOOP:
            self._marks |= STORED_LOOP
        return self._checked_target(target, item)  # type: ignore[no-any-return]

    def _checked_target(self, target: Any, item: Item) -> Any:
        """Return a target, if it is one.

        :param target: the expression
        :param item: where it begins
        """
        if not target.can_assign():
            self.fail_at(f"can't assign to {type(target).__name__.lower()!r}", item)
        return target


def _is_blank(node: nodes.Node) -> bool:
    """Say whether a node of a required block's body is white space only."""
    return isinstance(node, nodes.Output) and all(
        isinstance(part, nodes.TemplateData) and part.data.isspace() for part in node.nodes
    )
