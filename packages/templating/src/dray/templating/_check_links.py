"""How templates use each other: what is missing, what has no end, blocks that nobody renders, names that are handed on.

This module knows trees by their templates' names, and no environment.
"""

from __future__ import annotations

from . import nodes
from ._check_names import set_names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    Trees = Mapping[str, nodes.Template]
    Link = nodes.Extends | nodes.Import | nodes.FromImport | nodes.Include

_LINKS = (nodes.Extends, nodes.Import, nodes.FromImport, nodes.Include)


def _choices(expression: nodes.Expr) -> Iterator[list[str] | None]:
    """Yield what an expression may name: names of which the first that exists is taken; ``None`` if it isn't known."""
    if isinstance(expression, nodes.CondExpr):
        yield from _choices(expression.expr1)
        if expression.expr2 is not None:
            yield from _choices(expression.expr2)
    elif isinstance(expression, nodes.Const) and isinstance(expression.value, str):
        yield [expression.value]
    elif isinstance(expression, (nodes.List, nodes.Tuple)):
        names = [item.value for item in expression.items if isinstance(item, nodes.Const)]
        known = len(names) == len(expression.items) and all(isinstance(name, str) for name in names)
        yield names if known else None
    else:
        yield None


def _links(tree: nodes.Template) -> Iterator[Link]:
    """Yield the statements that use other templates."""
    return tree.find_all(_LINKS)


def missing(tree: nodes.Template, exists: Callable[[str], bool]) -> Iterator[tuple[Link, list[str]]]:
    """Yield the statements that fail because none of the templates they name exists, with the names.

    :param tree: the template
    :param exists: says whether a template exists
    """
    for node in _links(tree):
        if getattr(node, "ignore_missing", False):
            continue
        for names in _choices(node.template):
            if names is not None and not any(map(exists, names)):
                yield node, names


def wrong_lists(tree: nodes.Template) -> Iterator[Link]:
    """Yield the statements that name a list of templates though they can't.

    :param tree: the template
    """
    for node in _links(tree):
        if isinstance(node.template, (nodes.List, nodes.Tuple)) and not isinstance(node, nodes.Include):
            yield node


# -- what has no end


def _always_used(tree: nodes.Template) -> Iterator[tuple[Link, str]]:
    """Yield the statements that surely run with each render, as far as they name a single template."""
    extends = False
    for node in tree.body:
        if isinstance(node, _LINKS) and not (extends and isinstance(node, nodes.Include)):
            for names in _choices(node.template):
                if names is not None and len(names) == 1 and not isinstance(node.template, nodes.CondExpr):
                    yield node, names[0]
        extends = extends or isinstance(node, nodes.Extends)


def circles(trees: Trees) -> Iterator[tuple[str, nodes.Node, list[str]]]:
    """Yield templates that use themselves, directly or through others, whatever the variables are.

    :param trees: the templates
    :return: the template's name, the statement to blame, and the chain of names
    """
    uses = {name: {used: node for node, used in _always_used(tree)} for name, tree in trees.items()}
    for start in trees:
        chain = _way_back(start, uses)
        if chain is not None:
            yield start, uses[start][chain[0]], [start, *chain]


def _way_back(start: str, uses: Mapping[str, Mapping[str, Link]]) -> list[str] | None:
    """Return the shortest way from a template through others to itself, without the beginning, if there is one."""
    came_from: dict[str, str] = {}
    pending = [start]
    for name in pending:
        for used in uses.get(name, ()):
            if used not in came_from:
                came_from[used] = name
                pending.append(used)
    if start not in came_from:
        return None
    chain = [start]
    while came_from[chain[-1]] != start:
        chain.append(came_from[chain[-1]])
    return chain[::-1]


# -- blocks


def _parent(tree: nodes.Template) -> str | None:
    """Return the template that one always extends, ``""`` if it extends none; ``None`` if that isn't known."""
    found = list(tree.find_all(nodes.Extends))
    if not found:
        return ""
    choices = list(_choices(found[0].template))
    certain = len(found) == 1 and found[0] in tree.body and len(choices) == 1
    return choices[0][0] if certain and choices[0] is not None and len(choices[0]) == 1 else None


def _parents(name: str, trees: Trees) -> list[str]:
    """Return the chain of a template's parents; nothing, if it is not wholly known."""
    chain: list[str] = []
    while parent := _parent(trees[name]):
        if parent not in trees or parent in chain:
            return []
        chain.append(parent)
        name = parent
    return chain if parent is not None else []


def _defined_alone(tree: nodes.Template) -> Iterator[nodes.Block]:
    """Yield the blocks behind a template's ``extends`` that aren't rendered where they stand.

    Those are the ones at the top level, and under conditions there; in loops or macros, a block is output in its place.
    """
    pending: list[nodes.Node] = []
    for number, node in enumerate(tree.body):
        if isinstance(node, nodes.Extends):
            pending = tree.body[:number:-1]
    while pending:
        node = pending.pop()
        if isinstance(node, nodes.Block):
            yield node
        elif isinstance(node, nodes.If):
            pending += node.children()[::-1]


def _looked_up(tree: nodes.Template, name: str) -> set[object]:
    """Return the attributes and items of a name that a template uses; ``None`` for one that isn't known."""
    keys: set[object] = set()
    for attribute in tree.find_all(nodes.Getattr):
        if isinstance(attribute.node, nodes.Name) and attribute.node.name == name:
            keys.add(attribute.attr)
    for item in tree.find_all(nodes.Getitem):
        if isinstance(item.node, nodes.Name) and item.node.name == name:
            keys.add(getattr(item.arg, "value", None))
    return keys


def unused_blocks(trees: Trees) -> Iterator[tuple[str, nodes.Block]]:
    """Yield blocks of child templates that none of their parents has and nobody calls: they are never rendered.

    :param trees: the templates
    :return: the template's name and the block
    """
    called: set[object] = set()
    for tree in trees.values():
        called |= _looked_up(tree, "self")
    if None in called:
        return
    own = {name: {block.name for block in tree.find_all(nodes.Block)} for name, tree in trees.items()}
    for name, tree in trees.items():
        parents = _parents(name, trees)
        known = called.union(*(own[parent] for parent in parents))
        for block in _defined_alone(tree) if parents else ():
            if block.name not in known:
                yield name, block


# -- names that are handed on


def names_from_others(trees: Trees) -> dict[str, set[str]]:
    """Return for each template the names that others may hand to it: those that include, import or extend it, and those
    that it extends.

    :param trees: the templates
    """
    given: dict[str, set[str]] = {name: set() for name in trees}
    sets = {name: set_names(tree) for name, tree in trees.items()}
    receivers = _receivers(trees)
    pending = list(trees)
    while pending:
        name = pending.pop()
        handed = sets[name] | given[name]
        for receiver in receivers[name]:
            if not handed <= given[receiver]:
                given[receiver] |= handed
                pending.append(receiver)
    return given


def _receivers(trees: Trees) -> dict[str, set[str]]:
    """Return for each template those that get its names: all, if it uses some that aren't known."""
    receivers: dict[str, set[str]] = {name: set() for name in trees}
    for name, tree in trees.items():
        for node in _links(tree):
            if not getattr(node, "with_context", True):
                continue
            for names in _choices(node.template):
                others = trees.keys() if names is None else trees.keys() & set(names)
                receivers[name] |= others
                if isinstance(node, nodes.Extends):
                    for other in others:
                        receivers[other].add(name)
    return receivers
