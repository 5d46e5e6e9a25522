"""Walking over a tree: one method per kind of node. Knows nodes, nothing else."""

from __future__ import annotations

from .nodes.base import Node

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


#: Classes of nodes to the names of their methods.
_method_names: dict[type, str] = {}


def method_name(cls: type[Node]) -> str:
    """Return the name of the method for a class of nodes."""
    name = _method_names.get(cls)
    if name is None:
        name = _method_names[cls] = "visit_" + cls.__name__
    return name


class NodeVisitor:
    """Calls ``visit_<class name>`` for a node, or :meth:`generic_visit` if there is no such method."""

    def get_visitor(self, node: Node) -> Callable[..., Any] | None:
        """Return the method for a kind of node, or ``None``."""
        return getattr(self, _method_names.get(node.__class__) or method_name(node.__class__), None)

    def visit(self, node: Node, *args: Any, **kwargs: Any) -> Any:
        """Visit one node; further arguments go to the method."""
        method = self.get_visitor(node)
        return (method or self.generic_visit)(node, *args, **kwargs)

    def generic_visit(self, node: Node, *args: Any, **kwargs: Any) -> Any:
        """Visit the children of a node."""
        for child in node.children():
            self.visit(child, *args, **kwargs)


class NodeTransformer(NodeVisitor):
    """A visitor whose methods return what takes the node's place: a node, a list of nodes, or ``None`` to remove it."""

    def generic_visit(self, node: Node, *args: Any, **kwargs: Any) -> Node:
        """Transform the children of a node in place."""
        for name, value in node.iter_fields():
            if isinstance(value, list):
                kept: list[Any] = []
                for item in value:
                    if isinstance(item, Node):
                        kept.extend(self._replacements(item, args, kwargs))
                    else:
                        kept.append(item)
                value[:] = kept
            elif isinstance(value, Node):
                replacement = self.visit(value, *args, **kwargs)
                if replacement is None:
                    delattr(node, name)
                else:
                    setattr(node, name, replacement)
        return node

    def _replacements(self, node: Node, args: Any, kwargs: Any) -> list[Any]:
        result = self.visit(node, *args, **kwargs)
        if result is None:
            return []
        return [result] if isinstance(result, Node) else list(result)

    def visit_list(self, node: Node, *args: Any, **kwargs: Any) -> list[Node]:
        """Visit a node and return a list of what takes its place, where only a list will do."""
        result = self.visit(node, *args, **kwargs)
        return result if isinstance(result, list) else [result]
