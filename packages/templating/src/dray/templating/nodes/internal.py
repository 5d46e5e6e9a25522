"""Nodes that the language has no text for by itself: scopes, modifiers, what extensions build with, and the tags that
some of them bring."""

from __future__ import annotations

from dray.safe_strings import Markup

from .base import Expr, Impossible, Stmt
from .statements import Include

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .._settings import EvalContext
    from .base import Node
    from .expressions import Dict, Keyword


class OverlayScope(Stmt):
    """A scope in which every name comes from the mapping *context*, if it is there."""

    hands_on_names = True
    fields = ("context", "body")
    context: Expr
    body: list[Node]


class Scope(Stmt):
    """A scope of its own for the variables set in *body*."""

    fields = ("body",)
    body: list[Node]


class EvalContextModifier(Stmt):
    """Changes settings of the evaluation context, such as ``autoescape``."""

    fields = ("options",)
    options: list[Keyword]


class ScopedEvalContextModifier(EvalContextModifier):
    """Changes settings of the evaluation context for *body*."""

    fields = ("body",)
    body: list[Node]


class DerivedContextReference(Expr):
    """The context of the template with the local variables of the place on top."""

    hands_on_names = True


class ContextReference(Expr):
    """The context of the template."""

    hands_on_names = True


class ImportedName(Expr):
    """The object with this dotted import path."""

    fields = ("importname",)
    importname: str


class ExtensionAttribute(Expr):
    """An attribute of the extension with this identifier."""

    fields = ("identifier", "name")
    identifier: str
    name: str


class InternalName(Expr):
    """A name that no template can spell. Made by :meth:`.Parser.free_identifier` only."""

    fields = ("name",)
    name: str

    def __init__(self) -> None:
        raise TypeError("internal names come from Parser.free_identifier()")


class EnvironmentAttribute(Expr):
    """An attribute of the environment."""

    fields = ("name",)
    name: str


class MarkSafe(Expr):
    """Marks the value of an expression as safe."""

    fields = ("expr",)
    expr: Expr

    def as_const(self, eval_ctx: EvalContext | None = None) -> Markup:
        """Return the value as safe text."""
        return Markup(self.expr.as_const(eval_ctx))


class MarkSafeIfAutoescape(Expr):
    """Marks the value of an expression as safe where output is escaped."""

    fields = ("expr",)
    expr: Expr

    def fold(self, eval_ctx: EvalContext) -> Markup | Any:
        """Return the value, as safe text if output is escaped."""
        if eval_ctx.volatile:
            raise Impossible
        value = self.expr.as_const(eval_ctx)
        return Markup(value) if eval_ctx.autoescape else value


class IncludeWith(Include):
    """``{% include template with name=value only %}``: an include with variables of its own.

    Made by an extension. *values* has constant texts as keys.
    """

    fields = ("values",)  # type: ignore[assignment]
    values: Dict


class ExprStmt(Stmt):
    """Evaluates an expression and drops the value."""

    fields = ("node",)
    node: Node


class AssignOuter(Stmt):
    """``{% set outer name = node %}``: assigns to the variable of a scope around; made by an extension."""

    fields = ("name", "node")
    name: str
    node: Node


class Continue(Stmt):
    """``{% continue %}``."""


class Break(Stmt):
    """``{% break %}``."""
