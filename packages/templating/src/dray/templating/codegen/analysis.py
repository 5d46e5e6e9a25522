"""What a template's tree says without generating code: used filters and tests, undeclared names, how a loop uses
``loop``."""

from __future__ import annotations

from .. import nodes
from ..visitor import NodeVisitor
from .frame import LoweredLoop

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

__all__ = ["DependencyFinderVisitor", "UndeclaredNameVisitor", "VisitorExit", "find_undeclared", "loop_attributes"]


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

    def visit_Output(self, node: nodes.Output) -> None:
        """Look at the names that output reads, without looking further if they are known."""
        names = getattr(node, "_names", None)
        if names is None:
            self.generic_visit(node)
        elif not self.names.isdisjoint(names):
            self.undeclared |= self.names.intersection(names)
            if len(self.undeclared) == len(self.names):
                raise VisitorExit

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


_IMPORTS = (nodes.Include, nodes.Import, nodes.FromImport)
_NAMELESS = frozenset({nodes.TemplateData, nodes.Const})
_NUMBERS = LoweredLoop.ATTRIBUTES - {"cycle", "changed"}


def _is_loop(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Name) and node.name == "loop" and node.ctx == "load"


def loop_attributes(node: nodes.For, fresh: bool = False) -> set[str] | None:
    """Return which attributes of ``loop`` the body of a loop uses.

    :param node: the loop
    :param fresh: whether the tree comes right from the parser, which knows the names that output reads
    :return: their names, or ``None`` if ``loop`` is used in another way and has to be an object
    """
    if node.recursive:
        return None
    attributes: set[str] = set()
    pending = node.body[:]
    while pending:
        part = pending.pop()
        cls = part.__class__
        if cls in _NAMELESS or (fresh and cls is nodes.Output and "loop" not in part._names):  # type: ignore[attr-defined]
            continue
        further = _look_into(part, attributes)
        if further is None:
            return None
        pending += further
    return attributes


def _is_within(node: nodes.Node) -> bool:
    """Say whether something below a node hands on all names."""
    return any(below.hands_on_names for below in node.find_all(nodes.Node))


def _look_into(node: Any, attributes: set[str]) -> Sequence[nodes.Node] | None:
    """Note the attributes of ``loop`` that a node uses, and return the nodes to look into next.

    :return: ``None`` if the loop has to be an object
    """
    cls = node.__class__
    if cls is nodes.Getattr:
        if not _is_loop(node.node):
            return (node.node,)
        attributes.add(node.attr)
        return () if node.attr in _NUMBERS and node.ctx == "load" else None
    if cls is nodes.Output:
        return node.nodes  # type: ignore[no-any-return]
    if cls is nodes.Call and isinstance(node.node, nodes.Getattr) and _is_loop(node.node.node):
        method = node.node.attr
        attributes.add(method)
        plain = not node.kwargs and node.dyn_args is None and node.dyn_kwargs is None
        return node.args if plain and (method == "changed" or (method == "cycle" and node.args)) else None
    if cls is nodes.Name:
        return None if node.name == "loop" else ()
    if cls is nodes.For:  # an inner loop has a loop of its own in its body
        escapes = any(part.hands_on_names or _is_within(part) for part in node.body)
        outside = [node.iter, *node.else_] if node.test is None else [node.iter, node.test, *node.else_]
        return None if escapes else outside
    if node.hands_on_names and not (isinstance(node, _IMPORTS) and not node.with_context):
        return None
    return node.children()  # type: ignore[no-any-return]
