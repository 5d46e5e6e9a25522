"""The nodes of names, literals, look-ups, calls, filters and tests, and their values where those are known."""

from __future__ import annotations

from dray.safe_strings import Markup

from ..utils import PASS_CONTEXT, PASS_ENVIRONMENT, PASS_EVAL_CONTEXT, passed_argument
from .base import Expr, Helper, Impossible, fold_node

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from .._settings import EvalContext


def has_safe_repr(value: Any) -> bool:
    """Say whether *value* can be written into generated code: scalars, text, and containers of them.

    :param value: any object
    """
    if value is None or value is NotImplemented or value is Ellipsis:
        return True
    kind = type(value)
    if kind in {bool, int, float, complex, range, str, Markup}:
        return True
    if kind in {tuple, list, set, frozenset}:
        return all(has_safe_repr(item) for item in value)
    if kind is dict:
        return all(has_safe_repr(key) and has_safe_repr(item) for key, item in value.items())
    return False


class Literal(Expr):
    """An expression that stands for itself."""

    abstract = True


class Const(Literal):
    """A constant: a number, text, ``true``, ``false`` or ``none``, or what constant folding left."""

    fields = ("value",)
    child_fields = ()
    value: Any

    def as_const(self, eval_ctx: EvalContext | None = None) -> Any:
        """Return the value."""
        return self.value

    @classmethod
    def from_untrusted(cls, value: Any, lineno: int | None = None, environment: Any = None) -> Const:
        """Make a constant of a value, if generated code can contain it.

        :param value: the value
        :param lineno: the line of the new node
        :param environment: the environment of the new node
        :raises Impossible: if it can't
        """
        if not has_safe_repr(value):
            raise Impossible
        return cls(value, lineno=lineno, environment=environment)


class TemplateData(Literal):
    """Text of the template."""

    fields = ("data",)
    data: str

    def fold(self, eval_ctx: EvalContext) -> str:
        """Return the text, which is safe where output is escaped."""
        if eval_ctx.volatile:
            raise Impossible
        return Markup(self.data) if eval_ctx.autoescape else self.data


#: Names of constants.
_CONSTANT_NAMES = frozenset({"None", "none", "False", "false", "True", "true"})


class NSRef(Expr):
    """An attribute of a namespace, as the target of an assignment."""

    fields = ("name", "attr")
    name: str
    attr: str

    def can_assign(self) -> bool:
        """Say that it may be assigned to; whether *name* is a namespace is checked when the template runs."""
        return True


class Name(Expr):
    """A variable. *ctx* is ``load``, ``store`` or ``param``."""

    fields = ("name", "ctx")
    name: str
    ctx: str

    def can_assign(self) -> bool:
        """Say whether the name may be assigned to: everything but the constants' names."""
        return self.name not in _CONSTANT_NAMES


class Keyword(Helper):
    """A keyword argument."""

    fields = ("key", "value")
    key: str
    value: Expr

    def as_const(self, eval_ctx: EvalContext | None = None) -> Any:
        """Return the pair of both values; see :meth:`.Expr.as_const`."""
        return fold_node(self, eval_ctx)

    def fold(self, eval_ctx: EvalContext) -> tuple[str, Any]:
        """Return the keyword and its value."""
        return self.key, self.value.as_const(eval_ctx)


class Pair(Helper):
    """A key and its value in a dict."""

    fields = ("key", "value")
    key: Expr
    value: Expr

    def as_const(self, eval_ctx: EvalContext | None = None) -> Any:
        """Return the pair of both values; see :meth:`.Expr.as_const`."""
        return fold_node(self, eval_ctx)

    def fold(self, eval_ctx: EvalContext) -> tuple[Any, Any]:
        """Return the values of both."""
        return self.key.as_const(eval_ctx), self.value.as_const(eval_ctx)


class Dict(Literal):
    """A dict, its items as :class:`Pair` nodes."""

    fields = ("items",)
    items: list[Pair]

    def fold(self, eval_ctx: EvalContext) -> dict[Any, Any]:
        """Return a dict of the items' values."""
        try:
            return dict(item.as_const(eval_ctx) for item in self.items)
        except TypeError:
            raise Impossible from None


class List(Literal):
    """A list."""

    fields = ("items",)
    items: list[Expr]

    def fold(self, eval_ctx: EvalContext) -> list[Any]:
        """Return a list of the items' values."""
        return [item.as_const(eval_ctx) for item in self.items]


class Tuple(Literal):
    """A tuple. *ctx* says whether its items are loaded or stored to."""

    fields = ("items", "ctx")
    items: list[Expr]
    ctx: str

    def fold(self, eval_ctx: EvalContext) -> tuple[Any, ...]:
        """Return the tuple of the items' values."""
        return tuple(item.as_const(eval_ctx) for item in self.items)

    def can_assign(self) -> bool:
        """Say whether all items may be assigned to."""
        return all(item.can_assign() for item in self.items)


class Slice(Expr):
    """``start:stop:step`` within brackets."""

    fields = ("start", "stop", "step")
    start: Expr | None
    stop: Expr | None
    step: Expr | None

    def fold(self, eval_ctx: EvalContext) -> slice:
        """Return the slice."""
        return slice(*(part and part.as_const(eval_ctx) for part in (self.start, self.stop, self.step)))


def args_as_const(node: _FilterTestCommon | Call, eval_ctx: EvalContext | None) -> tuple[list[Any], dict[str, Any]]:
    """Return the values of the arguments of a call, filter or test.

    :param node: the node with the arguments
    :param eval_ctx: whether output is escaped
    :return: positional and keyword arguments
    :raises Impossible: if one of them is only known when the template runs
    """
    args = [arg.as_const(eval_ctx) for arg in node.args]
    kwargs = dict(keyword.as_const(eval_ctx) for keyword in node.kwargs)
    try:
        if node.dyn_args is not None:
            args.extend(node.dyn_args.as_const(eval_ctx))
        if node.dyn_kwargs is not None:
            kwargs.update(node.dyn_kwargs.as_const(eval_ctx))
    except (TypeError, ValueError):
        raise Impossible from None
    return args, kwargs


class _FilterTestCommon(Expr):
    """A filter or a test: a named function with an expression before it."""

    fields = ("node", "name", "args", "kwargs", "dyn_args", "dyn_kwargs")
    node: Expr | None
    name: str
    args: list[Expr]
    kwargs: list[Keyword]
    dyn_args: Expr | None
    dyn_kwargs: Expr | None
    abstract = True
    _is_filter = True

    def fold(self, eval_ctx: EvalContext) -> Any:
        """Return what the function returns for constant arguments.

        Functions that get the context, have an asynchronous variant, are asynchronous, raise, or run in the sandbox are
        left to the run.
        """
        environment = eval_ctx.environment
        if eval_ctx.volatile or environment.sandboxed or self.node is None:
            raise Impossible
        functions: Mapping[str, Any] = environment.filters if self._is_filter else environment.tests
        function = functions.get(self.name)
        mark = passed_argument(function)
        if function is None or mark == PASS_CONTEXT:
            raise Impossible
        if environment.is_async and getattr(function, "dray_async_variant", False):
            raise Impossible
        args, kwargs = args_as_const(self, eval_ctx)
        args.insert(0, self.node.as_const(eval_ctx))
        if mark == PASS_EVAL_CONTEXT:
            args.insert(0, eval_ctx)
        elif mark == PASS_ENVIRONMENT:
            args.insert(0, environment)
        try:
            value = function(*args, **kwargs)
        except Exception:
            raise Impossible from None
        if environment.is_async and hasattr(type(value), "__await__"):
            close = getattr(value, "close", None)
            if close is not None:
                close()  # one that was never started would be warned of
            raise Impossible
        return value


class Filter(_FilterTestCommon):
    """``node|name(args)``; *node* is ``None`` where the body of a block is filtered."""


class Test(_FilterTestCommon):
    """``node is name(args)``."""

    _is_filter = False


class Call(Expr):
    """``node(args, kwargs, *dyn_args, **dyn_kwargs)``."""

    fields = ("node", "args", "kwargs", "dyn_args", "dyn_kwargs")
    node: Expr
    args: list[Expr]
    kwargs: list[Keyword]
    dyn_args: Expr | None
    dyn_kwargs: Expr | None


class _Lookup(Expr):
    """What the two kinds of look-up share: when they can be folded."""

    abstract = True
    ctx: str

    def _environment(self, eval_ctx: EvalContext) -> Any:
        if self.ctx != "load" or eval_ctx.environment.sandboxed:
            raise Impossible
        return eval_ctx.environment


class Getitem(_Lookup):
    """``node[arg]``: the item, or else the attribute."""

    fields = ("node", "arg", "ctx")
    node: Expr
    arg: Expr

    def fold(self, eval_ctx: EvalContext) -> Any:
        """Return the item of a constant."""
        environment = self._environment(eval_ctx)
        try:
            return environment.getitem(self.node.as_const(eval_ctx), self.arg.as_const(eval_ctx))
        except Exception:
            raise Impossible from None


class Getattr(_Lookup):
    """``node.attr``: the attribute, or else the item."""

    fields = ("node", "attr", "ctx")
    node: Expr
    attr: str

    def fold(self, eval_ctx: EvalContext) -> Any:
        """Return the attribute of a constant."""
        environment = self._environment(eval_ctx)
        try:
            return environment.getattr(self.node.as_const(eval_ctx), self.attr)
        except Exception:
            raise Impossible from None


class CondExpr(Expr):
    """``expr1 if test else expr2``; *expr2* may be missing."""

    fields = ("test", "expr1", "expr2")
    test: Expr
    expr1: Expr
    expr2: Expr | None

    def fold(self, eval_ctx: EvalContext) -> Any:
        """Return the value of the branch that the test picks."""
        if self.test.as_const(eval_ctx):
            return self.expr1.as_const(eval_ctx)
        if self.expr2 is None:
            raise Impossible
        return self.expr2.as_const(eval_ctx)
