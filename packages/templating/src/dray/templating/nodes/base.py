"""The root of all nodes: fields, places in the text, and walking.

A node knows where it stands as a *span*: ``(line, column, end line, end column)``, lines from 1, columns from 0, in
characters. Only ``lineno`` is public; a node made by hand has just that.
"""

from __future__ import annotations

from .._settings import EvalContext

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Iterator
    from typing import Any, Self, TypeVar

    Span = tuple[int, int, int, int]
    NodeT = TypeVar("NodeT", bound="Node")


class Impossible(Exception):
    """Raised by ``as_const`` when an expression has no value that is known before a template runs."""


#: Fields that never hold a node.
_SCALARS = frozenset({
    "name", "ctx", "attr", "data", "op", "recursive", "scoped", "required", "with_context", "ignore_missing",
    "identifier", "importname",
})  # fmt: skip


class NodeType(type):
    """The class of node classes: fields and attributes add up along the bases, and live in slots."""

    def __new__(mcs, *args: Any, **kwargs: Any) -> NodeType:
        """Make a class of nodes; takes what ``type`` takes."""
        name, bases, namespace = args
        own = (*namespace.get("fields", ()), *namespace.get("attributes", ()))
        namespace.setdefault("__slots__", tuple(name for name in own if name not in namespace))
        for attribute in ("fields", "attributes"):
            inherited: tuple[str, ...] = ()
            for base in bases:
                inherited += getattr(base, attribute, ())
            names = inherited + tuple(namespace.get(attribute, ()))
            if len(set(names)) != len(names):
                raise TypeError(f"{name} names a field or attribute twice: {', '.join(names)}")
            namespace[attribute] = names
        namespace.setdefault("abstract", False)
        namespace.setdefault("child_fields", tuple(name for name in namespace["fields"] if name not in _SCALARS))
        return type.__new__(mcs, name, bases, namespace, **kwargs)


def get_eval_context(node: Node, ctx: EvalContext | None) -> EvalContext:
    """Return *ctx*, or an evaluation context of the node's own environment.

    :raises RuntimeError: if there is neither
    """
    if ctx is not None:
        return ctx
    if node.environment is None:
        raise RuntimeError("a node without an environment needs an eval context")
    return EvalContext(node.environment)


class Node(metaclass=NodeType):
    """One node of the tree.

    :param fields: the values of the fields, all of them or none, in their order
    :param attributes: ``lineno`` and ``environment``
    """

    #: Fields and attributes as in all classes of nodes, the place, and room for what anybody else puts on a node.
    __slots__ = ("__dict__", "__weakref__", "environment", "lineno", "span")

    fields: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ("lineno", "environment")
    abstract = True

    #: The fields that can hold nodes.
    child_fields: tuple[str, ...] = ()
    #: Whether all names of the place are handed on, to another template or to whoever gets the context.
    hands_on_names = False

    lineno: int
    environment: Any
    #: Where the node stands, ``None`` for one made by hand.
    span: Span | None

    def __init__(self, *fields: Any, **attributes: Any) -> None:
        if self.abstract:
            raise TypeError(f"{type(self).__name__} is abstract, make one of its kinds")
        if fields:
            if len(fields) != len(self.fields):
                wanted = f"{len(self.fields)} fields" if self.fields else "no fields"
                raise TypeError(f"{type(self).__name__} takes none or {wanted}, got {len(fields)}")
            for name, value in zip(self.fields, fields, strict=True):
                setattr(self, name, value)
        else:
            for name in self.fields:
                setattr(self, name, None)
        for name in self.attributes:
            setattr(self, name, attributes.pop(name, None))
        self.span = None
        if attributes:
            raise TypeError(f"{type(self).__name__} has no attribute {next(iter(attributes))!r}")

    def iter_fields(
        self, exclude: Container[str] | None = None, only: Container[str] | None = None
    ) -> Iterator[tuple[str, Any]]:
        """Yield the fields that are set, as name and value.

        :param exclude: names to leave out
        :param only: the names to take; not together with *exclude*
        """
        for name in self.fields:
            wanted = (name not in exclude if exclude is not None else True) if only is None else name in only
            if wanted and hasattr(self, name):
                yield name, getattr(self, name)

    def children(self) -> list[Node]:
        """Return the nodes that are fields or stand in a list that is a field."""
        found: list[Node] = []
        for name in self.child_fields:
            value = getattr(self, name, None)
            if value.__class__ is list:
                if value:
                    found += [item for item in value if isinstance(item, Node)]
            elif isinstance(value, Node):
                found.append(value)
        return found

    def iter_child_nodes(
        self, exclude: Container[str] | None = None, only: Container[str] | None = None
    ) -> Iterator[Node]:
        """Yield the nodes that are fields or stand in a list that is a field.

        :param exclude: names of fields to leave out
        :param only: names of the fields to take
        """
        if exclude is None and only is None:
            yield from self.children()
            return
        for _, value in self.iter_fields(exclude, only):
            if value.__class__ is list:
                for item in value:
                    if isinstance(item, Node):
                        yield item
            elif isinstance(value, Node):
                yield value

    def find(self, node_type: type[NodeT] | tuple[type[NodeT], ...]) -> NodeT | None:
        """Return the first node of a type below this one, or ``None``.

        :param node_type: a class or several
        """
        return next(self.find_all(node_type), None)

    def find_all(self, node_type: type[NodeT] | tuple[type[NodeT], ...]) -> Iterator[NodeT]:
        """Yield all nodes of a type below this one, each before those below it.

        :param node_type: a class or several
        """
        pending = self.children()[::-1]
        while pending:
            child = pending.pop()
            if isinstance(child, node_type):
                yield child
            below = child.children()
            if below:
                pending += below[::-1]

    def _everything(self) -> Iterator[Node]:
        """Yield this node and all below it."""
        yield self
        yield from self.find_all(Node)

    def set_ctx(self, ctx: str) -> Self:
        """Say for this node and all below it whether they are loaded or stored.

        :param ctx: ``load``, ``store`` or ``param``
        :return: the node
        """
        for node in self._everything():
            if "ctx" in node.fields:
                node.ctx = ctx  # type: ignore[attr-defined]
        return self

    def set_lineno(self, lineno: int, override: bool = False) -> Self:
        """Give this node and all below it a line where they have none.

        :param lineno: the 1-based line
        :param override: replace lines that are there
        :return: the node
        """
        for node in self._everything():
            if "lineno" in node.attributes and (override or node.lineno is None):
                node.lineno = lineno
                node.span = None
        return self

    def set_environment(self, environment: Any) -> Self:
        """Give this node and all below it the environment.

        :return: the node
        """
        for node in self._everything():
            node.environment = environment
        return self

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        return tuple(self.iter_fields()) == tuple(other.iter_fields())

    __hash__ = object.__hash__

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={getattr(self, name, None)!r}" for name in self.fields)
        return f"{type(self).__name__}({fields})"

    def dump(self) -> str:
        """Return the tree as Python that would build it."""
        return _dump(self)


def _dump(value: Any) -> str:
    if isinstance(value, Node):
        fields = ", ".join(_dump(getattr(value, name, None)) for name in value.fields)
        return f"nodes.{type(value).__name__}({fields})"
    if isinstance(value, list):
        return "[" + ", ".join(map(_dump, value)) + "]"
    return repr(value)


def fold_node(node: Any, eval_ctx: EvalContext | None) -> Any:
    """Return the value of a node that has a ``fold`` method.

    :param eval_ctx: by default that of the node's own environment
    :raises Impossible: if it is only known when the template runs
    """
    if type(node).fold is Expr.fold:
        raise Impossible
    return node.fold(get_eval_context(node, eval_ctx))


class Stmt(Node):
    """A node that does something."""

    abstract = True


class Helper(Node):
    """A node that only has a meaning inside another."""

    abstract = True


class Expr(Node):
    """A node that has a value."""

    abstract = True

    def as_const(self, eval_ctx: EvalContext | None = None) -> Any:
        """Return the value, if it is known before the template runs.

        :param eval_ctx: whether output is escaped
        :raises Impossible: if it is not
        """
        return fold_node(self, eval_ctx)

    def fold(self, eval_ctx: EvalContext) -> Any:
        """Compute the value out of the values below; what each kind of expression has of its own.

        :param eval_ctx: whether output is escaped
        :raises Impossible: if it is only known when the template runs
        """
        raise Impossible

    def can_assign(self) -> bool:
        """Say whether a value can be assigned to this expression."""
        return False
