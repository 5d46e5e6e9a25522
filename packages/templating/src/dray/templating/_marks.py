"""Marks: what stands below a loop, a block, a macro or the whole template.

The code generator asks its finer questions only where the marks say that they matter; a mark too many does no harm. The
parser sets them as it makes the nodes. For trees of other origin :func:`mark` finds them in one walk.
"""

from __future__ import annotations

from . import nodes

EXTENDS, BLOCK, SCOPED_BLOCK, ASSIGN, CALL, BREAK, LOOP, STORED_LOOP, SELF_SUPER, SPECIAL = (1 << n for n in range(10))
EVERYTHING = (1 << 10) - 1
_CLASS_MARKS = {
    "Extends": EXTENDS, "Assign": ASSIGN, "AssignBlock": ASSIGN, "AssignOuter": ASSIGN, "Call": CALL, "Break": BREAK,
}  # fmt: skip
NAME_MARKS = {
    "loop": LOOP, "self": SELF_SUPER, "super": SELF_SUPER, "caller": SPECIAL, "kwargs": SPECIAL, "varargs": SPECIAL,
}  # fmt: skip
MARKED = frozenset({nodes.Template, nodes.For, nodes.Block, nodes.Macro, nodes.CallBlock})
_UNMARKED = frozenset({nodes.TemplateData, nodes.Const})


def mark(node: nodes.Node, names: dict[str, None] | None = None) -> int:
    """Note on templates, loops, blocks and macros what stands below them, and return it for *node*.

    Output is told which names it reads, for the analysis of names, which then needn't look into it. A tree that comes
    right from the parser has all that.

    :param node: the node
    :param names: collects the names that are read, in their order
    """
    cls = node.__class__
    if cls is nodes.Template and getattr(node, "_fresh", False):
        return marks_of(node)
    if cls is nodes.Name:
        name, ctx = node.name, node.ctx  # type: ignore[attr-defined]
        if names is not None and ctx == "load":
            names[name] = None
        marks = NAME_MARKS.get(name, 0)
        return marks | STORED_LOOP if marks == LOOP and ctx == "store" else marks
    marks = _CLASS_MARKS.get(cls.__name__, 0)
    if cls is nodes.Output:
        names = node._names = {}  # type: ignore[attr-defined]
    for child in node.children():
        if child.__class__ not in _UNMARKED:
            marks |= mark(child, names)
    if cls in MARKED:
        node._marks = marks  # type: ignore[attr-defined]
        if cls is nodes.Block:
            marks |= BLOCK | (SCOPED_BLOCK if node.scoped else 0)  # type: ignore[attr-defined]
    return marks


def marks_of(node: nodes.Node) -> int:
    """Return what stands below a node; everything, if nobody looked."""
    return getattr(node, "_marks", EVERYTHING)


def assigns_within(node: nodes.Node) -> bool:
    """Say whether a body assigns variables and calls something that may ask for them."""
    return marks_of(node) & (ASSIGN | CALL) == ASSIGN | CALL
