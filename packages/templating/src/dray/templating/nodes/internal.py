"""Nodes that no template text stands for directly: scopes, modifiers, and what extensions build with."""

from __future__ import annotations

from .base import Expr, Stmt

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .base import Node
    from .expressions import Keyword


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
