"""The nodes of operators, and their values where those are known."""

from __future__ import annotations

import operator

from .base import Expr, Helper, Impossible, get_eval_context

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .base import EvalContext

_OPERATORS: dict[str, Callable[..., Any]] = {
    "*": operator.mul, "/": operator.truediv, "//": operator.floordiv, "**": operator.pow, "%": operator.mod,
    "+": operator.add, "-": operator.sub, "not": operator.not_, "u+": operator.pos, "u-": operator.neg,
    "eq": operator.eq, "ne": operator.ne, "gt": operator.gt, "gteq": operator.ge, "lt": operator.lt,
    "lteq": operator.le, "in": lambda a, b: a in b, "notin": lambda a, b: a not in b,
}  # fmt: skip

#: Values beyond this many bits or items are left to the run: folding them would make compiler and code slow.
_FOLD_LIMIT = 4096


def _is_bounded(symbol: str, left: Any, right: Any) -> bool:
    """Say whether folding the operation keeps the result small."""
    if symbol == "**":
        if isinstance(left, int) and isinstance(right, int):
            return left.bit_length() * abs(right) <= _FOLD_LIMIT
        return True
    if symbol == "*":
        for value, times in ((left, right), (right, left)):
            if isinstance(value, (str, bytes, list, tuple)):
                return isinstance(times, int) and len(value) * abs(times) <= _FOLD_LIMIT
        if isinstance(left, int) and isinstance(right, int):
            return left.bit_length() + right.bit_length() <= _FOLD_LIMIT
    return not (symbol == "%" and isinstance(left, (str, bytes)))


class BinExpr(Expr):
    """An operator between two expressions."""

    fields = ("left", "right")
    left: Expr
    right: Expr
    operator: str
    abstract = True

    def as_const(self, eval_ctx: EvalContext | None = None) -> Any:
        """Return the operation's value; an intercepted or failing operation is left to the run."""
        eval_ctx = get_eval_context(self, eval_ctx)
        environment = eval_ctx.environment
        if environment.sandboxed and self.operator in environment.intercepted_binops:
            raise Impossible
        try:
            left, right = self.left.as_const(eval_ctx), self.right.as_const(eval_ctx)
            if _is_bounded(self.operator, left, right):
                return _OPERATORS[self.operator](left, right)
        except Impossible:
            raise
        except Exception:
            raise Impossible from None
        raise Impossible


class UnaryExpr(Expr):
    """An operator before an expression."""

    fields = ("node",)
    node: Expr
    operator: str
    abstract = True

    def as_const(self, eval_ctx: EvalContext | None = None) -> Any:
        """Return the operation's value; an intercepted or failing operation is left to the run."""
        eval_ctx = get_eval_context(self, eval_ctx)
        environment = eval_ctx.environment
        if environment.sandboxed and self.operator in environment.intercepted_unops:
            raise Impossible
        function = _OPERATORS[self.operator if self.operator == "not" else "u" + self.operator]
        try:
            return function(self.node.as_const(eval_ctx))
        except Impossible:
            raise
        except Exception:
            raise Impossible from None


class Add(BinExpr):
    """``left + right``."""

    operator = "+"


class Sub(BinExpr):
    """``left - right``."""

    operator = "-"


class Mul(BinExpr):
    """``left * right``."""

    operator = "*"


class Div(BinExpr):
    """``left / right``."""

    operator = "/"


class FloorDiv(BinExpr):
    """``left // right``."""

    operator = "//"


class Mod(BinExpr):
    """``left % right``."""

    operator = "%"


class Pow(BinExpr):
    """``left ** right``."""

    operator = "**"


class And(BinExpr):
    """``left and right``."""

    operator = "and"

    def as_const(self, eval_ctx: EvalContext | None = None) -> Any:
        """Return the value as Python's ``and`` has it."""
        eval_ctx = get_eval_context(self, eval_ctx)
        return self.left.as_const(eval_ctx) and self.right.as_const(eval_ctx)


class Or(BinExpr):
    """``left or right``."""

    operator = "or"

    def as_const(self, eval_ctx: EvalContext | None = None) -> Any:
        """Return the value as Python's ``or`` has it."""
        eval_ctx = get_eval_context(self, eval_ctx)
        return self.left.as_const(eval_ctx) or self.right.as_const(eval_ctx)


class Not(UnaryExpr):
    """``not node``."""

    operator = "not"


class Neg(UnaryExpr):
    """``-node``."""

    operator = "-"


class Pos(UnaryExpr):
    """``+node``."""

    operator = "+"


class Concat(Expr):
    """``a ~ b ~ c``: the values as text, joined."""

    fields = ("nodes",)
    nodes: list[Expr]

    def as_const(self, eval_ctx: EvalContext | None = None) -> str:
        """Return the joined text."""
        eval_ctx = get_eval_context(self, eval_ctx)
        return "".join(str(node.as_const(eval_ctx)) for node in self.nodes)


class Operand(Helper):
    """One link of a comparison: an operator's name (``eq``, ``notin``, …) and what stands behind it."""

    fields = ("op", "expr")
    op: str
    expr: Expr


class Compare(Expr):
    """``expr`` compared with each operand in turn, as Python chains comparisons."""

    fields = ("expr", "ops")
    expr: Expr
    ops: list[Operand]

    def as_const(self, eval_ctx: EvalContext | None = None) -> Any:
        """Return the value of the chain."""
        eval_ctx = get_eval_context(self, eval_ctx)
        result: Any = False
        value = self.expr.as_const(eval_ctx)
        try:
            for operand in self.ops:
                following = operand.expr.as_const(eval_ctx)
                result = _OPERATORS[operand.op](value, following)
                if not result:
                    return result
                value = following
        except Impossible:
            raise
        except Exception:
            raise Impossible from None
        return result
