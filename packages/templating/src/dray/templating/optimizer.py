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

    def generic_visit(self, node: nodes.Node, *args: Any, **kwargs: Any) -> nodes.Node:
        """Fold below the node, then the node itself."""
        result = super().generic_visit(node, *args, **kwargs)
        if not isinstance(result, nodes.Expr) or isinstance(result, (nodes.Literal, nodes.Name)):
            return result
        try:
            value = result.as_const(args[0] if args else None)
            constant = nodes.Const.from_untrusted(value, lineno=result.lineno, environment=self.environment)
        except nodes.Impossible:
            return result
        constant.span = result.span
        return constant
