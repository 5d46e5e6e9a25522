"""What a template's tree says without generating code: used filters and tests, undeclared names, how a loop uses
``loop``."""

from __future__ import annotations

from .. import nodes
from .._marks import (
    BLOCK,
    BREAK,
    EXTENDS,
    LOOP,
    SCOPED_BLOCK,
    SELF_SUPER,
    SPECIAL,
    STORED_LOOP,
    assigns_within,
    mark,
    marks_of,
)  # fmt: skip
from ..visitor import NodeVisitor
from .frame import LoweredLoop

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "BLOCK", "BREAK", "EXTENDS", "LOOP", "SCOPED_BLOCK", "SELF_SUPER", "SPECIAL", "STORED_LOOP",
    "DependencyFinderVisitor", "UndeclaredNameVisitor", "VisitorExit", "assigns_within", "find_undeclared",
    "loop_attributes", "mark", "marks_of",
]  # fmt: skip


class VisitorExit(RuntimeError):
    """Raised by :class:`UndeclaredNameVisitor` when there is nothing more to find."""


class DependencyFinderVisitor(NodeVisitor):
    """Collects the names of the filters and tests that code uses; blocks are code of their own."""

    def __init__(self) -> None:
        found: tuple[set[str], set[str]] = (set(), set())
        self.tests, self.filters = found

    def visit_Block(self, node: nodes.Block) -> None:
        """Stay outside of blocks."""

    def visit_Test(self, node: nodes.Test) -> None:
        """Note a test, and look at what it tests."""
        self.tests.add(node.name)
        super().generic_visit(node)

    def visit_Filter(self, node: nodes.Filter) -> None:
        """Note a filter, and look at what it filters."""
        self.filters.add(node.name)
        super().generic_visit(node)


class UndeclaredNameVisitor(NodeVisitor):
    """Finds which of some names are read before they are assigned.

    :param names: the names to look for
    """

    def __init__(self, names: Iterable[str]) -> None:
        self.undeclared: set[str] = set()
        #: The names that can still be found: one that was assigned is nobody else's any more.
        self.names: set[str] = set(names)

    def visit_Block(self, node: nodes.Block) -> None:
        """Stay outside of blocks."""

    def visit_Name(self, node: nodes.Name) -> None:
        """Note how a name is used."""
        name = node.name
        if name not in self.names:
            return
        if node.ctx != "load":
            self.names.remove(name)
            return
        self.undeclared.add(name)
        if len(self.undeclared) == len(self.names):
            raise VisitorExit


def find_undeclared(nodes: Iterable[nodes.Node], names: Iterable[str]) -> set[str]:
    """Return which of some names are read in *nodes* before they are assigned.

    :param nodes: the nodes
    :param names: the names to look for
    """
    search = UndeclaredNameVisitor(names)
    try:
        for part in nodes:
            search.visit(part)
    except VisitorExit:
        pass  # all of them are found
    return search.undeclared


_ESCAPES = (
    nodes.Include, nodes.Import, nodes.FromImport, nodes.Block, nodes.ContextReference, nodes.DerivedContextReference,
    nodes.OverlayScope, nodes.Extends,
)  # fmt: skip


class _LoopUse(NodeVisitor):
    """Collects which attributes of ``loop`` a loop's body uses; any other use of it means that it has to be an
    object."""

    def __init__(self) -> None:
        self.attributes: set[str] = set()
        self.is_object = False

    def visit(self, node: nodes.Node, *args: object, **kwargs: object) -> None:
        if isinstance(node, _ESCAPES) and not (
            isinstance(node, (nodes.Include, nodes.Import, nodes.FromImport)) and not node.with_context
        ):
            self.is_object = True
        super().visit(node)

    def visit_Name(self, node: nodes.Name) -> None:
        if node.name == "loop":
            self.is_object = True

    def visit_Call(self, node: nodes.Call) -> None:
        callee = node.node
        if isinstance(callee, nodes.Getattr) and _is_loop(callee.node) and callee.attr in {"cycle", "changed"}:
            plain = not node.kwargs and node.dyn_args is None and node.dyn_kwargs is None
            self.attributes.add(callee.attr)
            if not plain or (callee.attr == "cycle" and not node.args):
                self.is_object = True
            for argument in node.args:
                self.visit(argument)
        else:
            self.generic_visit(node)

    def visit_Getattr(self, node: nodes.Getattr) -> None:
        if _is_loop(node.node):
            if node.attr in LoweredLoop.ATTRIBUTES - {"cycle", "changed"} and node.ctx == "load":
                self.attributes.add(node.attr)
            else:
                self.is_object = True
        else:
            self.generic_visit(node)

    def visit_For(self, node: nodes.For) -> None:
        """An inner loop has a ``loop`` of its own in its body."""
        self.visit(node.iter)
        for child in node.else_:
            self.visit(child)
        if any(True for part in node.body for _ in part.find_all(_ESCAPES)) or any(
            isinstance(part, _ESCAPES) for part in node.body
        ):
            self.is_object = True


def _is_loop(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Name) and node.name == "loop" and node.ctx == "load"


def loop_attributes(node: nodes.For) -> set[str] | None:
    """Return which attributes of ``loop`` the body of a loop uses.

    :param node: the loop
    :return: their names, or ``None`` if ``loop`` is used in another way and has to be an object
    """
    use = _LoopUse()
    for child in node.body:
        use.visit(child)
    return None if use.is_object or node.recursive else use.attributes
