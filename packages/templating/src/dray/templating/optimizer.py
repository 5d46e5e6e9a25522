"""Constant folding: expressions whose value is known become constants."""

from __future__ import annotations

from . import nodes
from .visitor import NodeTransformer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def optimize(node: nodes.Node, environment: Any) -> nodes.Node:
    """Fold the constant expressions below *node*.

    :param node: the tree, which is changed
    :param environment: supplies filters and tests
    :return: what takes the node's place
    """
    return Optimizer(environment).visit(node)  # type: ignore[no-any-return]


class Optimizer(NodeTransformer):
    """Replaces expressions by constants.

    :param environment: supplies filters and tests
    """

    def __init__(self, environment: Any) -> None:
        self.environment = environment

    def visit(self, node: nodes.Node, *args: Any, **kwargs: Any) -> Any:
        """Fold below the node, then the node itself; leaves stay as they are."""
        if node.__class__ in _LEAVES:
            return node
        return super().visit(node, *args, **kwargs)

    def generic_visit(self, node: nodes.Node, *args: Any, **kwargs: Any) -> nodes.Node:
        """Fold below the node, then the node itself."""
        known = True
        for name in node.child_fields:
            value = getattr(node, name, None)
            if value.__class__ is list:
                known = self._fold_all(value, args, kwargs) and known
            elif isinstance(value, nodes.Node):
                folded = self.visit(value, *args, **kwargs)
                if folded is not value:
                    setattr(node, name, folded)
                known = known and _is_constant(folded)
        if not known or not _may_fold(node):
            return node
        try:
            value = node.as_const(args[0] if args else None)  # type: ignore[attr-defined]
            constant = nodes.Const.from_untrusted(value, lineno=node.lineno, environment=self.environment)
        except nodes.Impossible:
            return node
        constant.span = node.span
        return constant

    def _fold_all(self, items: list[Any], args: Any, kwargs: Any) -> bool:
        """Fold the nodes of a list in place, and say whether all of them are constants now."""
        known = True
        for index, item in enumerate(items):
            if item.__class__ in _LEAVES:
                known = known and item.__class__ in _CONSTANTS
            elif isinstance(item, nodes.Node):
                items[index] = folded = self.visit(item, *args, **kwargs)
                known = known and _is_constant(folded)
        return known


_CONSTANTS = frozenset({nodes.TemplateData, nodes.Const})
_LEAVES = frozenset({nodes.Name, nodes.NSRef, *_CONSTANTS})
_CONTAINERS = (nodes.List, nodes.Tuple, nodes.Dict, nodes.Pair, nodes.Keyword, nodes.Operand, nodes.Slice)


def _is_constant(node: nodes.Node) -> bool:
    """Say whether a folded node is a constant, or made of constants."""
    if node.__class__ is nodes.Const or node.__class__ is nodes.TemplateData:
        return True
    return isinstance(node, _CONTAINERS) and all(map(_is_constant, node.children()))


def _may_fold(node: nodes.Node) -> bool:
    """Say whether it makes sense to ask for the value of a node whose parts are constants.

    One whose first part decides is left to the run: the names in the others say where variables live.
    """
    return isinstance(node, nodes.Expr) and not isinstance(node, nodes.Literal) and bool(node.children())
