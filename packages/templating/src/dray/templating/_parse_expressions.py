"""The expression half of the parser.

The binary operators are one precedence climb, so that a parenthesis costs few frames, and an operand with nothing
behind it, as most are, is read by one method. A subclass that overrides a method gets the classic chain of methods
instead, each calling the next. Docstrings carry the grammar.
"""

from __future__ import annotations

from . import nodes
from ._marks import CALL
from ._parse_nodes import LITERALS, NodeMaker
from ._tokens import describe_token

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._tokens import Item
    from .exceptions import TemplateSyntaxError

#: Expressions within expressions, and operators in one chain.
MAX_NESTING = 100
MAX_CHAIN = 200

_COMPARISONS = frozenset({"eq", "ne", "lt", "lteq", "gt", "gteq"})
_CONSTANTS = {"true": True, "True": True, "false": False, "False": False, "none": None, "None": None}
#: Tokens whose value is the constant's.
_LITERALS = frozenset({"string", "integer", "float"})
#: Tokens that may begin the argument of a test written without parentheses.
_TEST_ARGUMENTS = frozenset({"name", "string", "integer", "float", "lparen", "lbracket", "lbrace"})
_NO_TEST_ARGUMENT = frozenset({"else", "or", "and", "is"})
#: Tokens to the names of their nodes' classes, which are imported with the first operator.
_SUM = {"add": "Add", "sub": "Sub"}
_PRODUCT = {"mul": "Mul", "div": "Div", "floordiv": "FloorDiv", "mod": "Mod"}
#: The levels of the operators that stand behind an operand, as in :data:`LEVELS`.
_LEVEL_OF = {
    "pow": 7, "tilde": 5,
    **dict.fromkeys(_PRODUCT, 6), **dict.fromkeys(_SUM, 4), **dict.fromkeys(_COMPARISONS, 3),
}  # fmt: skip
_LEVEL_OF_WORD = {"in": 3, "not": 3, "and": 1, "or": 0}
#: Tokens behind which an expression has ended.
_ENDS = frozenset({"variable_end", "block_end", "comma", "rparen", "rbracket", "rbrace", "colon", "assign"})
#: The levels from the weakest operator to the strongest.
LEVELS = (
    "parse_or", "parse_and", "parse_not", "parse_compare", "parse_math1", "parse_concat", "parse_math2", "parse_pow",
    "parse_unary",
)  # fmt: skip
_new = object.__new__


class ExpressionParser(NodeMaker):
    """Parses expressions; a mixin of :class:`~dray.templating.parser.Parser`."""

    name: str | None
    filename: str | None
    _depth: int
    #: Whether a subclass overrides the method of a level, or any other of expressions.
    _chained: bool

    if TYPE_CHECKING:

        def fail(self, msg: str, lineno: int | None = None, exc: type[TemplateSyntaxError] = ...) -> Any:
            """See :meth:`.Parser.fail`."""

        def fail_at(self, msg: str, item: Item, exc: type[TemplateSyntaxError] = ...) -> Any:
            """See :meth:`.Parser.fail_at`."""

        def is_tuple_end(self, extra_end_rules: tuple[str, ...] | None = None) -> bool:
            """See :meth:`.Parser.is_tuple_end`."""

    def _item(self) -> Item:
        """Return the current item."""
        stream = self.stream
        return stream.items[stream.index]

    def _at_name(self, name: str) -> bool:
        """Say whether the current token is this word."""
        stream = self.stream
        item = stream.items[stream.index]
        return item[0] == "name" and item[1] == name

    def _skip_name(self, name: str) -> bool:
        """Skip this word if it is the current token, and say whether it was."""
        if self._at_name(name):
            self.stream.index += 1
            return True
        return False

    def parse_expression(self, with_condexpr: bool = True) -> nodes.Expr:
        """Parse one expression.

        ``expression: condition | or``

        :param with_condexpr: whether ``a if b else c`` is allowed
        """
        self._depth += 1
        if self._depth > MAX_NESTING:
            self.fail(f"expressions are nested more than {MAX_NESTING} deep")
        try:
            if self._chained:
                return self.parse_condexpr() if with_condexpr else self.parse_or()
            item = self.stream.items[self.stream.index]
            if item[1] == "not" and item[0] == "name":
                left = self._level(0)
            else:
                left = self._operand()
                if self.stream.items[self.stream.index][0] in _ENDS:
                    return left
                left = self._behind(left, 0)
            if with_condexpr and self.stream.items[self.stream.index][0] == "name":
                return self._conditions(left)
            return left
        finally:
            self._depth -= 1

    def parse_condexpr(self) -> nodes.Expr:
        """``condition: or ("if" or ("else" condition)?)*``."""
        return self._conditions(self.parse_or())

    def _conditions(self, result: nodes.Expr) -> nodes.Expr:
        """Parse the conditions behind *result*."""
        count = 0
        while self._skip_name("if"):
            count = self._count_link(count)
            test = self.parse_or()
            if test.__class__ in LITERALS:
                self._may_fold = True
            otherwise = self.parse_expression() if self._skip_name("else") else None
            result = self._joined(nodes.CondExpr, result, {"test": test, "expr1": result, "expr2": otherwise})
        return result

    def parse_or(self) -> nodes.Expr:
        """``or: and ("or" and)*``."""
        return self._level(0)

    def parse_and(self) -> nodes.Expr:
        """``and: not ("and" not)*``."""
        return self._level(1)

    def parse_not(self) -> nodes.Expr:
        """``not: "not" not | compare``."""
        return self._level(2)

    def parse_compare(self) -> nodes.Expr:
        """``compare: math1 (("==" | "!=" | "<" | "<=" | ">" | ">=" | "in" | "not" "in") math1)*``."""
        return self._level(3)

    def parse_math1(self) -> nodes.Expr:
        """``math1: concat (("+" | "-") concat)*``."""
        return self._level(4)

    def parse_concat(self) -> nodes.Expr:
        """``concat: math2 ("~" math2)*``."""
        return self._level(5)

    def parse_math2(self) -> nodes.Expr:
        """``math2: pow (("*" | "/" | "//" | "%") pow)*``."""
        return self._level(6)

    def parse_pow(self) -> nodes.Expr:
        """``pow: unary ("**" unary)*``, from left to right."""
        return self._level(7)

    def _level(self, level: int) -> nodes.Expr:
        """Parse the operators of *level* and, unless the class overrides a level, all that bind tighter."""
        if self._chained:
            return self._one_level(level)
        stream = self.stream
        item = stream.items[stream.index]
        if level <= 2 and item[1] == "not" and item[0] == "name":
            left = self._negation(2)
        else:
            left = self._operand()
        return self._behind(left, level)

    def _behind(self, left: nodes.Expr, level: int) -> nodes.Expr:
        """Parse the operators that stand behind *left*, of *level* and all that bind tighter."""
        stream = self.stream
        while True:
            item = stream.items[stream.index]
            kind = item[0]
            if kind in _ENDS:
                return left
            step = _LEVEL_OF.get(kind) if kind != "name" else _LEVEL_OF_WORD.get(item[1])
            if step is None or step < level:
                return left
            before, left = left, self._operators(step, left, step + 1)
            if left is before:  # a "not" without "in"
                return left

    @classmethod
    def _overrides_a_level(cls) -> bool:
        """Say whether the class has a method of its own for one of the levels, or for what they are made of."""
        cached = cls.__dict__.get("_level_overridden")
        if cached is None:
            own = [name for name in vars(ExpressionParser) if name.startswith("parse_")]
            cached = any(getattr(cls, name) is not getattr(ExpressionParser, name) for name in own)
            cls._level_overridden = cached  # type: ignore[attr-defined]
        return bool(cached)

    def _operand(self) -> nodes.Expr:
        """Parse an operand with all that belongs to it, as :meth:`parse_unary` does."""
        stream = self.stream
        items = stream.items
        start = items[stream.index]
        if start[0] != "name" or start[1] in _CONSTANTS:
            if start[0] in _LITERALS and items[stream.index + 1][0] in _ENDS:
                stream.index += 1
                return self._constant(start, start[1])
            return self.parse_unary()
        _, _, line, column, _ = start
        stream.index += 1
        environment = self.environment
        node: nodes.Expr = self._name(start)
        count = 0
        while True:
            index = stream.index
            kind = items[index][0]
            if kind in _ENDS:
                return node
            if kind != "dot" or items[index + 1][0] != "name":
                break
            _, value, end_line, _, end = items[index + 1]
            if end_line != line and items[index][2] != line:
                _, _, line, column, _ = items[index]
            stream.index = index + 2
            inner, node = node, _new(nodes.Getattr)
            node.node, node.attr, node.ctx = inner, value, "load"
            node.lineno, node.environment, node.span = line, environment, (line, column, end_line, end)
            count += 1
            if count > MAX_CHAIN:
                self._count_link(MAX_CHAIN)
        return self.parse_filter_expr(self._postfix(node, count))

    def _one_level(self, level: int) -> nodes.Expr:
        """Parse the operators of one level, with the overridable method of the next for what stands between them."""
        if level == 2 and self._at_name("not"):
            return self._negation(2)
        left = getattr(self, LEVELS[level + 1])()
        return self._operators(level, left, level + 1)

    def _negation(self, level: int) -> nodes.Expr:
        """Parse ``not`` and what it negates."""
        start = self._item()
        self.stream.index += 1
        self._depth += 1
        if self._depth > MAX_NESTING:
            self.fail(f"expressions are nested more than {MAX_NESTING} deep")
        operand: nodes.Expr = getattr(self, LEVELS[level])()
        self._depth -= 1
        if operand.__class__ in LITERALS:
            self._may_fold = True
        return self._node(nodes.Not, start, {"node": operand})  # type: ignore[no-any-return]

    def _operators(self, level: int, left: nodes.Expr, right_level: int) -> nodes.Expr:
        """Parse the operators of one level behind *left*; from left to right."""
        if level == 3:
            return self._comparison(left)
        if level == 5:
            return self._concatenation(left)
        if level == 2:
            return left
        for count in range(MAX_CHAIN + 1):
            cls = self._binary_class(level)
            if cls is None:
                return left
            self.stream.index += 1
            right = getattr(self, LEVELS[right_level])()
            left = self._joined(cls, left, {"left": left, "right": right})
            if count == MAX_CHAIN:
                break
        return self.fail(f"an expression chains more than {MAX_CHAIN} operators")  # type: ignore[no-any-return]

    def _binary_class(self, level: int) -> type[nodes.BinExpr] | None:
        """Return the class of the operator that the current token is on this level, if it is one."""
        kind, value, _, _, _ = self._item()
        if level == 7:
            return nodes.Pow if kind == "pow" else None
        if level == 6:
            return getattr(nodes, _PRODUCT[kind]) if kind in _PRODUCT else None
        if level == 4:
            return getattr(nodes, _SUM[kind]) if kind in _SUM else None
        if kind != "name":
            return None
        if level == 1:
            return nodes.And if value == "and" else None
        return nodes.Or if value == "or" else None

    def _concatenation(self, left: nodes.Expr) -> nodes.Expr:
        """Parse what is joined to *left* by tildes: one node for all."""
        stream = self.stream
        if stream.items[stream.index][0] != "tilde":
            return left
        parts = [left]
        while stream.items[stream.index][0] == "tilde":
            stream.index += 1
            parts.append(self.parse_math2())
        return self._joined(nodes.Concat, left, {"nodes": parts})  # type: ignore[no-any-return]

    def _comparison(self, left: nodes.Expr) -> nodes.Expr:
        """Parse what *left* is compared with: one node for the chain."""
        stream = self.stream
        operands: list[nodes.Operand] = []
        while True:
            item = stream.items[stream.index]
            operator = item[0]
            if operator == "name":
                if item[1] == "in":
                    operator = "in"
                elif item[1] == "not" and stream.items[stream.index + 1][:2] == ("name", "in"):
                    operator = "notin"
                    stream.index += 1
                else:
                    break
            elif operator not in _COMPARISONS:
                break
            stream.index += 1
            operands.append(self._node(nodes.Operand, item, {"op": operator, "expr": self.parse_math1()}))
        if not operands:
            return left
        return self._joined(nodes.Compare, left, {"expr": left, "ops": operands})  # type: ignore[no-any-return]

    def parse_unary(self, with_filter: bool = True) -> nodes.Expr:
        """``unary: ("-" | "+") unary | primary postfix* filter*``.

        :param with_filter: whether filters, tests and calls of filtered values may follow
        """
        start = self._item()
        kind = start[0]
        if kind in {"sub", "add"}:
            self.stream.index += 1
            self._depth += 1
            if self._depth > MAX_NESTING:
                self.fail(f"expressions are nested more than {MAX_NESTING} deep")
            operand = self.parse_unary(False)
            self._depth -= 1
            if operand.__class__ in LITERALS:
                self._may_fold = True
            node = self._node(nodes.Neg if kind == "sub" else nodes.Pos, start, {"node": operand})
            node = self.parse_postfix(node)
        else:
            node = self.parse_postfix(self.parse_primary())
        return self.parse_filter_expr(node) if with_filter else node

    def parse_primary(self, with_namespace: bool = False) -> nodes.Expr:
        """``primary: name | string+ | integer | float | "(" tuple ")" | list | dict``.

        :param with_namespace: whether ``name.attribute`` is the attribute of a namespace to assign to
        """
        stream = self.stream
        start = stream.items[stream.index]
        kind, value = start[0], start[1]
        if kind == "name":
            if value in _CONSTANTS:
                stream.index += 1
                return self._constant(start, _CONSTANTS[value])
            if with_namespace and stream.items[stream.index + 1][0] == "dot":
                stream.index += 2
                attribute = stream.take("name")[1]
                return self._node(nodes.NSRef, start, {"name": value, "attr": attribute})  # type: ignore[no-any-return]
            stream.index += 1
            return self._name(start)
        if kind == "integer" or kind == "float":
            stream.index += 1
            return self._constant(start, value)
        if kind == "string":
            return self._strings(start)
        if kind == "lparen":
            stream.index += 1
            node = self.parse_tuple(explicit_parentheses=True)
            stream.take("rparen")
            return node
        if kind == "lbracket":
            return self.parse_list()
        if kind == "lbrace":
            return self.parse_dict()
        return self.fail(f"unexpected {describe_token(stream.current)!r}")  # type: ignore[no-any-return]

    def _strings(self, start: Item) -> nodes.Const:
        """Parse strings next to each other as one."""
        stream = self.stream
        stream.index += 1
        if stream.items[stream.index][0] != "string":
            return self._constant(start, start[1])
        parts = [start[1]]
        while stream.items[stream.index][0] == "string":
            parts.append(stream.items[stream.index][1])
            stream.index += 1
        return self._constant(start, "".join(parts))

    def parse_tuple(
        self,
        simplified: bool = False,
        with_condexpr: bool = True,
        extra_end_rules: tuple[str, ...] | None = None,
        explicit_parentheses: bool = False,
        with_namespace: bool = False,
    ) -> nodes.Tuple | nodes.Expr:
        """Parse expressions with commas between them; one without a comma is just that expression.

        ``tuple: expression ("," expression)* ","?``

        :param simplified: only names and literals, as targets of assignments are
        :param with_condexpr: whether ``a if b else c`` is allowed
        :param extra_end_rules: token expressions that end the tuple besides the closing delimiters
        :param explicit_parentheses: whether there are parentheses, so that it may be empty
        :param with_namespace: whether ``name.attribute`` may be assigned to
        """
        start = self._item()
        items: list[nodes.Expr] = []
        is_tuple = False
        stream = self.stream
        while not self.is_tuple_end(extra_end_rules):
            if simplified:
                items.append(self.parse_primary(with_namespace))
            else:
                items.append(self.parse_expression(with_condexpr))
            if stream.items[stream.index][0] != "comma":
                break
            is_tuple = True
            stream.index += 1
        if not is_tuple:
            if items:
                return items[0]
            if not explicit_parentheses:
                self.fail(f"Expected an expression, got {describe_token(stream.current)!r}")
        return self._node(nodes.Tuple, start, {"items": items, "ctx": "load"})  # type: ignore[no-any-return]

    def parse_list(self) -> nodes.List:
        """``list: "[" (expression ("," expression)* ","?)? "]"``."""
        start = self._item()
        self.stream.take("lbracket")
        items: list[nodes.Expr] = []
        while self._item()[0] != "rbracket":
            if items:
                self.stream.take("comma")
                if self._item()[0] == "rbracket":
                    break
            items.append(self.parse_expression())
        self.stream.take("rbracket")
        return self._node(nodes.List, start, {"items": items})  # type: ignore[no-any-return]

    def parse_dict(self) -> nodes.Dict:
        """``dict: "{" (expression ":" expression ("," expression ":" expression)* ","?)? "}"``."""
        start = self._item()
        self.stream.take("lbrace")
        items: list[nodes.Pair] = []
        while self._item()[0] != "rbrace":
            if items:
                self.stream.take("comma")
                if self._item()[0] == "rbrace":
                    break
            pair_start = self._item()
            key = self.parse_expression()
            self.stream.take("colon")
            value = self.parse_expression()
            items.append(self._node(nodes.Pair, pair_start, {"key": key, "value": value}))
        self.stream.take("rbrace")
        return self._node(nodes.Dict, start, {"items": items})  # type: ignore[no-any-return]

    def _count_link(self, count: int) -> int:
        """Count one more link of a chain of look-ups, calls and filters."""
        if count >= MAX_CHAIN:
            self.fail(f"an expression chains more than {MAX_CHAIN} look-ups, calls, filters or conditions")
        return count + 1

    def parse_postfix(self, node: nodes.Expr) -> nodes.Expr:
        """``postfix: "." (name | integer) | "[" subscript "]" | call``.

        :param node: what stands before
        """
        return self._postfix(node, 0)

    def _postfix(self, node: nodes.Expr, count: int) -> nodes.Expr:
        """Parse what stands behind a chain of *count* links."""
        stream = self.stream
        while True:
            kind = stream.items[stream.index][0]
            if kind == "lparen":
                node = self.parse_call(node)
            elif kind == "dot" or kind == "lbracket":
                node = self.parse_subscript(node)
            else:
                return node
            count = self._count_link(count)

    def parse_filter_expr(self, node: nodes.Expr) -> nodes.Expr:
        """``filter: "|" name call? | "is" test | call``.

        :param node: what stands before
        """
        count = 0
        stream = self.stream
        while True:
            item = stream.items[stream.index]
            kind, value = item[0], item[1]
            if kind == "pipe":
                node = self.parse_filter(node)  # type: ignore[assignment]
            elif kind == "name" and value == "is":
                node = self.parse_test(node)
            elif kind == "lparen":
                node = self.parse_call(node)
            else:
                return node
            count = self._count_link(count)

    def parse_subscript(self, node: nodes.Expr) -> nodes.Getattr | nodes.Getitem:
        """Parse a look-up by a dot or in brackets.

        :param node: what is looked into
        """
        stream = self.stream
        item = stream.items[stream.index]
        stream.index += 1
        if item[0] == "dot":
            attribute = stream.items[stream.index]
            if attribute[0] == "name":
                stream.index += 1
                look_up: nodes.Getattr = _new(nodes.Getattr)
                look_up.node, look_up.attr, look_up.ctx = node, attribute[1], "load"
                return self._linked(look_up, node, item)  # type: ignore[no-any-return]
            if attribute[0] != "integer":
                self.fail("expected name or number")
            stream.index += 1
            arg = self._node(nodes.Const, attribute, {"value": attribute[1]})
        elif item[0] == "lbracket":
            arg = self._subscripts()
            stream.take("rbracket")
        else:
            self.fail_at("expected subscript expression", item)
        found: nodes.Getitem = _new(nodes.Getitem)
        found.node, found.arg, found.ctx = node, arg, "load"
        return self._linked(found, node, item)  # type: ignore[no-any-return]

    def _subscripts(self) -> nodes.Expr:
        """Parse what stands in brackets: one subscript, or several as a tuple."""
        start = self._item()
        items: list[nodes.Expr] = []
        while self._item()[0] != "rbracket":
            if items:
                self.stream.take("comma")
            items.append(self.parse_subscribed())
        if len(items) == 1:
            return items[0]
        return self._node(nodes.Tuple, start, {"items": items, "ctx": "load"})  # type: ignore[no-any-return]

    def parse_subscribed(self) -> nodes.Expr:
        """``subscript: expression | expression? ":" expression? (":" expression?)?``."""
        stream = self.stream
        start = self._item()
        parts: list[nodes.Expr | None] = [None]
        if start[0] != "colon":
            first = self.parse_expression()
            if self._item()[0] != "colon":
                return first
            parts[0] = first
        while len(parts) < 3 and self._item()[0] == "colon":
            stream.index += 1
            empty = self._item()[0] in {"colon", "rbracket", "comma"}
            parts.append(None if empty else self.parse_expression())
        parts += [None] * (3 - len(parts))
        fields = {"start": parts[0], "stop": parts[1], "step": parts[2]}
        return self._node(nodes.Slice, start, fields)  # type: ignore[no-any-return]

    def parse_call_args(
        self,
    ) -> tuple[list[nodes.Expr], list[nodes.Keyword], nodes.Expr | None, nodes.Expr | None]:
        """Parse the arguments of a call with their parentheses.

        ``call: "(" (argument ("," argument)* ","?)? ")"``,
        ``argument: expression | name "=" expression | "*" expression | "**" expression``

        :return: positional arguments, keyword arguments, the list and the mapping of further ones
        """
        stream = self.stream
        stream.take("lparen")
        items = stream.items
        args: list[nodes.Expr] = []
        kwargs: list[nodes.Keyword] = []
        star: nodes.Expr | None = None
        double_star: nodes.Expr | None = None
        expect_comma = False
        while items[stream.index][0] != "rparen":
            if expect_comma:
                stream.take("comma")
                if items[stream.index][0] == "rparen":
                    break
            item = items[stream.index]
            if item[0] == "mul" and star is None and double_star is None:
                stream.index += 1
                star = self.parse_expression()
            elif item[0] == "pow" and double_star is None:
                stream.index += 1
                double_star = self.parse_expression()
            elif item[0] == "name" and items[stream.index + 1][0] == "assign" and double_star is None:
                stream.index += 2
                kwargs.append(self._keyword(item))
            elif item[0] not in {"mul", "pow"} and not kwargs and star is None and double_star is None:
                args.append(self.parse_expression())
            else:
                self.fail_at("invalid syntax for function call expression", item)
            expect_comma = True
        stream.take("rparen")
        if len(kwargs) > 1:
            self._refuse_repeated(kwargs)
        return args, kwargs, star, double_star

    def _keyword(self, item: Item) -> nodes.Keyword:
        """Parse the value of the keyword argument whose name is *item*."""
        key = item[1]
        if not key.isascii():
            from unicodedata import normalize  # noqa: PLC0415 - few names need it

            key = normalize("NFKC", key)  # as Python does it, for the functions that are called
        if key == "__debug__":
            self.fail_at("cannot assign to __debug__", item)
        return self._node(nodes.Keyword, item, {"key": key, "value": self.parse_expression()})  # type: ignore[no-any-return]

    def _refuse_repeated(self, kwargs: list[nodes.Keyword]) -> None:
        """Raise the error for an argument that is given twice."""
        seen = set()
        for keyword in kwargs:
            if keyword.key in seen:
                line, column, _, _ = keyword.span or (keyword.lineno, 0, 0, 0)
                item = ("name", keyword.key, line, column, column + len(keyword.key))
                self.fail_at(f"keyword argument repeated: {keyword.key}", item)
            seen.add(keyword.key)

    def parse_call(self, node: nodes.Expr) -> nodes.Call:
        """Parse the arguments of a call of *node*."""
        start = self._item()
        call: nodes.Call = _new(nodes.Call)
        call.node = node
        call.args, call.kwargs, call.dyn_args, call.dyn_kwargs = self.parse_call_args()
        self._marks |= CALL
        return self._linked(call, node, start)  # type: ignore[no-any-return]

    def _dotted_name(self) -> str:
        """Parse names with dots between them."""
        stream = self.stream
        name: str = stream.take("name")[1]
        while stream.items[stream.index][0] == "dot":
            stream.index += 1
            name += "." + stream.take("name")[1]
        return name

    def parse_filter(self, node: nodes.Expr | None, start_inline: bool = False) -> nodes.Expr | None:
        """``filters: ("|" name ("." name)* call?)*``.

        :param node: what is filtered; ``None`` for the body of a block
        :param start_inline: whether the first filter comes without a bar
        """
        count = 0
        stream = self.stream
        items = stream.items
        while start_inline or items[stream.index][0] == "pipe":
            if not start_inline:
                stream.index += 1
            start = items[stream.index]
            filter: nodes.Filter = _new(nodes.Filter)
            filter.node = node
            filter.name = self._dotted_name()
            if items[stream.index][0] == "lparen":
                filter.args, filter.kwargs, filter.dyn_args, filter.dyn_kwargs = self.parse_call_args()
            else:
                filter.args, filter.kwargs, filter.dyn_args, filter.dyn_kwargs = [], [], None, None
            if node is None:
                last = items[stream.index - 1]
                filter.lineno, filter.environment = start[2], self.environment
                filter.span = (start[2], start[3], last[2], last[4])
                node = filter
            else:
                node = self._linked(filter, node, start)
            start_inline = False
            count = self._count_link(count)
        return node

    def parse_test(self, node: nodes.Expr) -> nodes.Expr:
        """``test: "is" "not"? name ("." name)* (call | primary postfix*)?``.

        :param node: what is tested
        """
        start = self._start()
        negated = self._skip_name("not")
        test: nodes.Test = _new(nodes.Test)
        test.node, test.name = node, self._dotted_name()
        kind, value, _, _, _ = self._item()
        test.args, test.kwargs, test.dyn_args, test.dyn_kwargs = [], [], None, None
        if kind == "lparen":
            test.args, test.kwargs, test.dyn_args, test.dyn_kwargs = self.parse_call_args()
        elif kind in _TEST_ARGUMENTS and not (kind == "name" and value in _NO_TEST_ARGUMENT - {"is"}):
            if kind == "name" and value == "is":
                self.fail("You cannot chain multiple tests with is")
            test.args = [self.parse_postfix(self.parse_primary())]
        self._linked(test, node, start)
        return self._joined(nodes.Not, test, {"node": test}) if negated else test
