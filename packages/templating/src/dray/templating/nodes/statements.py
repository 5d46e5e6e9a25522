"""The nodes of statements. They hold data; what they do is the code generator's business."""

from __future__ import annotations

from .base import Node, Stmt

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .base import Expr
    from .expressions import Call, Filter, Name


class Template(Node):
    """A whole template: its statements."""

    __slots__ = ("_blocks", "_fresh", "_marks", "_may_fold", "_noted", "_source", "body")
    fields = ("body",)
    body: list[Node]
    #: The text it was parsed from, for columns and for compiling another form.
    _source: str | None
    #: What the parser noted: whether there may be constants to fold, and whether all nodes have their marks.
    _may_fold: bool
    _noted: bool
    _marks: int
    #: Whether nobody can have changed the tree since, so that the marks hold.
    _fresh: bool
    #: The blocks in their order, as the parser saw them.
    _blocks: list[Block]


class Output(Stmt):
    """Writes the values of its expressions; plain text is a :class:`.TemplateData` among them."""

    __slots__ = ("_names", "nodes")
    fields = ("nodes",)
    nodes: list[Expr]
    #: The names that are read, in their order, if somebody looked.
    _names: dict[str, None]


class Extends(Stmt):
    """``{% extends template %}``."""

    hands_on_names = True
    fields = ("template",)
    template: Expr


class For(Stmt):
    """``{% for target in iter if test recursive %}body{% else %}else_{% endfor %}``."""

    fields = ("target", "iter", "body", "else_", "test", "recursive")
    target: Node
    iter: Node
    body: list[Node]
    else_: list[Node]
    test: Node | None
    recursive: bool


class If(Stmt):
    """``{% if test %}body`` with a list of further ``If`` nodes for ``{% elif %}``, and ``else_``."""

    fields = ("test", "body", "elif_", "else_")
    test: Node
    body: list[Node]
    elif_: list[If]
    else_: list[Node]


class Macro(Stmt):
    """``{% macro name(args=defaults) %}body{% endmacro %}``; the defaults belong to the last arguments."""

    fields = ("name", "args", "defaults", "body")
    name: str
    args: list[Name]
    defaults: list[Expr]
    body: list[Node]


class CallBlock(Stmt):
    """``{% call(args=defaults) call %}body{% endcall %}``."""

    fields = ("call", "args", "defaults", "body")
    call: Call
    args: list[Name]
    defaults: list[Expr]
    body: list[Node]


class FilterBlock(Stmt):
    """``{% filter filter %}body{% endfilter %}``; the innermost filter's node is ``None``."""

    fields = ("body", "filter")
    body: list[Node]
    filter: Filter


class With(Stmt):
    """``{% with targets = values %}body{% endwith %}``."""

    fields = ("targets", "values", "body")
    targets: list[Expr]
    values: list[Expr]
    body: list[Node]


class Block(Stmt):
    """``{% block name scoped required %}body{% endblock %}``."""

    hands_on_names = True
    fields = ("name", "body", "scoped", "required")
    name: str
    body: list[Node]
    scoped: bool
    required: bool


class Include(Stmt):
    """``{% include template ignore missing with context %}``."""

    hands_on_names = True
    fields = ("template", "with_context", "ignore_missing")
    template: Expr
    with_context: bool
    ignore_missing: bool


class Import(Stmt):
    """``{% import template as target with context %}``."""

    hands_on_names = True
    fields = ("template", "target", "with_context")
    template: Expr
    target: str
    with_context: bool


class FromImport(Stmt):
    """``{% from template import names with context %}``; a name is text, or a pair of name and alias."""

    hands_on_names = True
    fields = ("template", "names", "with_context")
    template: Expr
    names: list[str | tuple[str, str]]
    with_context: bool


class Assign(Stmt):
    """``{% set target = node %}``."""

    fields = ("target", "node")
    target: Expr
    node: Node


class AssignBlock(Stmt):
    """``{% set target | filter %}body{% endset %}``."""

    fields = ("target", "filter", "body")
    target: Expr
    filter: Filter | None
    body: list[Node]
