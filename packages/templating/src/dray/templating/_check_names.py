"""What a template's names tell without a render: those that nobody sets, and assignments that are lost with a loop.

A name counts as known in the whole scope that sets it anywhere, be it in one branch of a condition: what is found here
is meant to be a mistake for sure. This module knows trees, no environment and no other template.
"""

from __future__ import annotations

from . import nodes
from .idtracking import find_symbols

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    Known = frozenset[str]
    Part = tuple[nodes.Node, Known]

_NOTHING: frozenset[str] = frozenset()
_MACRO = frozenset({"caller", "kwargs", "varargs"})
_BLOCK = frozenset({"self", "super"})
_GUARDS = {nodes.Test: {"defined", "undefined"}, nodes.Filter: {"default", "d"}}


# -- names that nobody sets


def _inside(children: list[nodes.Node], known: Known) -> list[Part]:
    """Return the nodes of a scope with the names that are known there."""
    known |= find_symbols(children).stores
    return [(child, known) for child in children]


def _targets(targets: list[nodes.Node]) -> Known:
    return frozenset(find_symbols(targets).stores)


def _for(node: nodes.For, known: Known) -> list[Part]:
    inner = known | _targets([node.target]) | {"loop"}
    test = [] if node.test is None else [(node.test, inner)]
    return [(node.iter, known), *test, *_inside(node.body, inner), *_inside(node.else_, known)]


def _macro(node: nodes.Macro | nodes.CallBlock, known: Known) -> list[Part]:
    inner = known | _MACRO | {argument.name for argument in node.args}
    call = [(node.call, known)] if isinstance(node, nodes.CallBlock) else []
    return [*call, *((default, inner) for default in node.defaults), *_inside(node.body, inner)]


def _with(node: nodes.With, known: Known) -> list[Part]:
    return [*((value, known) for value in node.values), *_inside(node.body, known | _targets([*node.targets]))]


def _scope(node: nodes.Node, known: Known) -> list[Part]:
    return _inside(node.children(), known)


def _overlay(node: nodes.OverlayScope, known: Known) -> list[Part]:
    """Leave the body out: its names come from a mapping that is only known when the template runs."""
    return [(node.context, known)]


_SCOPES: dict[type[nodes.Node], Callable[..., list[Part]]] = {
    nodes.For: _for,
    nodes.Macro: _macro,
    nodes.CallBlock: _macro,
    nodes.With: _with,
    nodes.OverlayScope: _overlay,
    **dict.fromkeys((nodes.AssignBlock, nodes.FilterBlock, nodes.Scope), _scope),
}


def _unset(pending: list[Part], top: Known) -> Iterator[nodes.Name | nodes.NSRef]:
    """Yield the names that are read and not known where they are.

    :param pending: the nodes to look at, with the names known there
    :param top: the names known in blocks, which don't see what is around them
    """
    pending.reverse()
    while pending:
        node, known = pending.pop()
        if isinstance(node, (nodes.Name, nodes.NSRef)):
            if node.name not in known and getattr(node, "ctx", "load") == "load":
                yield node
            continue
        if isinstance(node, nodes.Block):
            parts = _inside(node.body, (known if node.scoped else top) | _BLOCK)
        elif node.__class__ in _SCOPES:
            parts = _SCOPES[node.__class__](node, known)
        else:
            parts = [(child, known) for child in node.children()]
        pending += reversed(parts)


def _guarded(tree: nodes.Template) -> set[str]:
    """Return the names that the template itself takes for optional: it asks if they are defined, or has a default."""
    return {
        found.node.name
        for kind, names in _GUARDS.items()
        for found in tree.find_all(kind)
        if found.name in names and isinstance(found.node, nodes.Name)
    }


def undefined_names(tree: nodes.Template, declared: Collection[str]) -> Iterator[nodes.Name | nodes.NSRef]:
    """Yield the first use of each name that is neither declared nor set, nor optional.

    :param tree: the template
    :param declared: the names it gets
    """
    known = _guarded(tree).union(declared, ("self",), find_symbols(tree.body).stores)
    top = frozenset(known)
    for node in _unset([(child, top) for child in tree.body], top):
        if node.name not in known:
            known.add(node.name)
            yield node


def set_names(tree: nodes.Template) -> set[str]:
    """Return all names that a template sets anywhere, and may so hand to another one that it uses.

    :param tree: the template
    """
    names = {node.name for node in tree.find_all(nodes.Name) if node.ctx != "load"}
    for node in tree.find_all((nodes.Macro, nodes.Import, nodes.FromImport, nodes.For, nodes.IncludeWith)):
        if isinstance(node, nodes.For):
            names.add("loop")
        elif isinstance(node, nodes.IncludeWith):
            names.update(pair.key.value for pair in node.values.items)  # type: ignore[attr-defined]
        else:
            names |= find_symbols([node]).stores
    return names


# -- assignments that are lost


class _Behind:
    """What stands behind a place in the same scope and those around: names that are read there, and set."""

    def __init__(self, read: Known = _NOTHING, stored: Known = _NOTHING) -> None:
        self.read = read
        self.stored = stored

    def and_before(self, node: nodes.Node) -> _Behind:
        """Return the same for the place before *node*."""
        read = frozenset(found.name for found in _unset([(node, _NOTHING)], _NOTHING))
        return _Behind(self.read | read, self.stored | find_symbols([node]).stores)


_NOTHING_BEHIND = _Behind()


def _assigned(body: list[nodes.Node]) -> Iterator[tuple[str, nodes.Node]]:
    """Yield what the statements of a loop assign, those of conditions and further loops in it too."""
    for node in body:
        if isinstance(node, nodes.If):
            for branch in (node, *node.elif_):
                yield from _assigned(branch.body)
            yield from _assigned(node.else_)
        elif isinstance(node, nodes.For):
            yield from _assigned(node.body)
            yield from _assigned(node.else_)
        elif isinstance(node, (nodes.Assign, nodes.AssignBlock, nodes.Import, nodes.FromImport)):
            for name in find_symbols([node]).stores:
                yield name, node


def lost_assignments(tree: nodes.Template) -> Iterator[tuple[str, nodes.Node]]:
    """Yield assignments in a loop to a name that is read behind the loop, where the value is gone.

    :param tree: the template
    :return: the name and the statement
    """
    seen: set[tuple[str, int]] = set()
    pending: list[tuple[list[nodes.Node], _Behind]] = [(tree.body, _NOTHING_BEHIND)]
    while pending:
        body, behind = pending.pop()
        for node in reversed(body):
            if isinstance(node, nodes.For):
                read = behind.read - behind.stored
                for name, statement in _assigned(node.body):
                    if name in read and (name, id(statement)) not in seen:
                        seen.add((name, id(statement)))
                        yield name, statement
            pending += _bodies(node, behind)
            behind = behind.and_before(node)


def _bodies(node: nodes.Node, behind: _Behind) -> Iterator[tuple[list[nodes.Node], _Behind]]:
    """Yield the bodies below a node with what stands behind them in the same scope."""
    if isinstance(node, nodes.If):
        for branch in (node, *node.elif_):
            yield branch.body, behind
        yield node.else_, behind
    elif isinstance(node, nodes.Stmt):
        for field in node.child_fields:
            value = getattr(node, field, None)
            if isinstance(value, list) and any(isinstance(item, nodes.Stmt) for item in value):
                yield value, _NOTHING_BEHIND
