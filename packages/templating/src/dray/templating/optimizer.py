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
        if type(self) is Optimizer:
            return self.generic_visit(node, *args, **kwargs)
        return super().visit(node, *args, **kwargs)

    def generic_visit(self, node: nodes.Node, *args: Any, **kwargs: Any) -> nodes.Node:
        """Fold below the node, then the node itself."""
        values = node.__dict__
        for name in node.child_fields:
            value = values.get(name)
            if value.__class__ is list:
                for index, item in enumerate(value):
                    if isinstance(item, nodes.Node):
                        value[index] = self.visit(item, *args, **kwargs)
            elif isinstance(value, nodes.Node):
                values[name] = self.visit(value, *args, **kwargs)
        if not isinstance(node, nodes.Expr) or isinstance(node, nodes.Literal) or not _may_fold(node):
            return node
        try:
            value = node.as_const(args[0] if args else None)
            constant = nodes.Const.from_untrusted(value, lineno=node.lineno, environment=self.environment)
        except nodes.Impossible:
            return node
        constant.span = node.span
        return constant


_LEAVES = frozenset({nodes.Name, nodes.TemplateData, nodes.Const, nodes.NSRef})
#: Expressions that may be known by their first part alone.
_SHORT = (nodes.And, nodes.Or, nodes.Compare)
_CONTAINERS = (nodes.List, nodes.Tuple, nodes.Dict, nodes.Pair, nodes.Keyword, nodes.Operand, nodes.Slice)


def _is_constant(node: nodes.Node) -> bool:
    """Say whether a folded node is a constant, or made of constants."""
    if node.__class__ is nodes.Const or node.__class__ is nodes.TemplateData:
        return True
    return isinstance(node, _CONTAINERS) and all(map(_is_constant, node.children()))


def _may_fold(node: nodes.Expr) -> bool:
    """Say whether it makes sense to ask for the value of a node whose parts are folded."""
    if isinstance(node, nodes.CondExpr):
        return _is_constant(node.test)
    children = node.children()
    if not children:
        return False
    return _is_constant(children[0]) if isinstance(node, _SHORT) else all(map(_is_constant, children))
