"""The nodes of operators, and their values where those are known."""

from __future__ import annotations

import operator

from .base import Expr, Helper, Impossible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .._settings import EvalContext

_ARITHMETIC: dict[str, Callable[..., Any]] = {
    "**": operator.pow, "%": operator.mod, "//": operator.floordiv, "/": operator.truediv, "*": operator.mul,
    "-": operator.sub, "+": operator.add,
}  # fmt: skip
_SIGNS: dict[str, Callable[..., Any]] = {"-": operator.neg, "+": operator.pos, "not": operator.not_}
_COMPARISONS: dict[str, Callable[..., Any]] = {
    "in": lambda item, container: item in container, "notin": lambda item, container: item not in container,
    "lt": operator.lt, "lteq": operator.le, "gt": operator.gt, "gteq": operator.ge, "eq": operator.eq,
    "ne": operator.ne,
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


def _value_of(operation: Callable[..., Any], operands: tuple[Expr, ...], eval_ctx: EvalContext) -> Any:
    """Return what an operation gives for the values of its operands; one that fails is left to the run.

    :raises Impossible: if a value is only known when the template runs, or the operation fails
    """
    try:
        return operation(*(operand.as_const(eval_ctx) for operand in operands))
    except Impossible:
        raise
    except Exception:
        raise Impossible from None


class BinExpr(Expr):
    """An operator between two expressions."""

    fields = ("left", "right")
    left: Expr
    right: Expr
    operator: str
    abstract = True

    def fold(self, eval_ctx: EvalContext) -> Any:
        """Return the operation's value; an intercepted or failing operation is left to the run."""
        environment = eval_ctx.environment
        if environment.sandboxed and self.operator in environment.intercepted_binops:
            raise Impossible
        return _value_of(self._compute, (self.left, self.right), eval_ctx)

    def _compute(self, left: Any, right: Any) -> Any:
        """Return the operation's value, if it isn't too large."""
        if not _is_bounded(self.operator, left, right):
            raise Impossible
        return _ARITHMETIC[self.operator](left, right)


class UnaryExpr(Expr):
    """An operator before an expression."""

    fields = ("node",)
    node: Expr
    operator: str
    abstract = True

    def fold(self, eval_ctx: EvalContext) -> Any:
        """Return the operation's value; an intercepted or failing operation is left to the run."""
        environment = eval_ctx.environment
        if environment.sandboxed and self.operator in environment.intercepted_unops:
            raise Impossible
        return _value_of(_SIGNS[self.operator], (self.node,), eval_ctx)


class Concat(Expr):
    """``a ~ b ~ c``: the values as text, joined."""

    fields = ("nodes",)
    nodes: list[Expr]

    def fold(self, eval_ctx: EvalContext) -> str:
        """Return the joined text."""
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

    def fold(self, eval_ctx: EvalContext) -> Any:
        """Return the value of the chain."""
        result: Any = False
        value = self.expr.as_const(eval_ctx)
        try:
            for operand in self.ops:
                following = operand.expr.as_const(eval_ctx)
                result = _COMPARISONS[operand.op](value, following)
                if not result:
                    return result
                value = following
        except Impossible:
            raise
        except Exception:
            raise Impossible from None
        return result


class Not(UnaryExpr):
    """``not node``."""

    operator = "not"


class Pos(UnaryExpr):
    """``+node``."""

    operator = "+"


class Neg(UnaryExpr):
    """``-node``."""

    operator = "-"


class Or(BinExpr):
    """``left or right``."""

    operator = "or"

    def fold(self, eval_ctx: EvalContext) -> Any:
        """Return the value as Python's ``or`` has it."""
        return self.left.as_const(eval_ctx) or self.right.as_const(eval_ctx)


class And(BinExpr):
    """``left and right``."""

    operator = "and"

    def fold(self, eval_ctx: EvalContext) -> Any:
        """Return the value as Python's ``and`` has it."""
        return self.left.as_const(eval_ctx) and self.right.as_const(eval_ctx)


class Pow(BinExpr):
    """``left ** right``."""

    operator = "**"


class Mod(BinExpr):
    """``left % right``."""

    operator = "%"


class FloorDiv(BinExpr):
    """``left // right``."""

    operator = "//"


class Div(BinExpr):
    """``left / right``."""

    operator = "/"


class Mul(BinExpr):
    """``left * right``."""

    operator = "*"


class Sub(BinExpr):
    """``left - right``."""

    operator = "-"


class Add(BinExpr):
    """``left + right``."""

    operator = "+"
