"""Static checks of templates: what will fail, and what is probably not meant.

Works on trees alone: nothing is rendered and no code is generated.
"""

from __future__ import annotations

from . import nodes
from .exceptions import TemplateNotFound, TemplateSyntaxError
from .idtracking import FrameSymbolVisitor, Symbols
from .meta import find_referenced_templates, find_undeclared_variables

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from typing import Any


class Problem:
    """One finding.

    :param template: the template's name
    :param line: 1-based
    :param column: 1-based, in characters
    :param code: a short name of the kind of problem
    :param message: what is wrong
    :param is_error: whether a render will fail there; otherwise it is a warning
    """

    __slots__ = ("code", "column", "is_error", "line", "message", "template")

    def __init__(self, template: str, line: int, column: int, code: str, message: str, is_error: bool = True) -> None:
        self.template = template
        self.line = line
        self.column = column
        self.code = code
        self.message = message
        self.is_error = is_error

    def __str__(self) -> str:
        return f"{'error' if self.is_error else 'warning'}: {self.message} [{self.code}]"

    def as_dict(self) -> dict[str, Any]:
        """Return the finding for JSON."""
        found = {name: getattr(self, name) for name in ("template", "line", "column", "code", "message")}
        found["severity"] = "error" if self.is_error else "warning"
        return found


def _place(node: nodes.Node) -> tuple[int, int]:
    return node.lineno or 1, (node.span[1] if node.span is not None else 0) + 1


def _functions(environment: Any, name: str, tree: nodes.Template) -> Iterator[Problem]:
    """Yield the filters and tests that don't exist."""
    for kind, cls, known in (("filter", nodes.Filter, environment.filters), ("test", nodes.Test, environment.tests)):
        for node in tree.find_all(cls):
            if node.name not in known:
                yield Problem(name, *_place(node), f"unknown-{kind}", f"there is no {kind} named {node.name!r}")


def _undefined(environment: Any, name: str, tree: nodes.Template, declared: Collection[str]) -> Iterator[Problem]:
    """Yield the variables that nobody declares or sets, at their first use."""
    missing = find_undeclared_variables(tree) - set(declared)
    for node in tree.find_all(nodes.Name):
        if node.ctx == "load" and node.name in missing:
            missing.discard(node.name)
            yield Problem(name, *_place(node), "undefined-name", f"{node.name!r} is never defined")


def _lost_assignments(name: str, tree: nodes.Template) -> Iterator[Problem]:
    """Yield assignments in a loop to a name that is only read behind it: they end with the round."""
    for parent in (tree, *tree.find_all((nodes.Block, nodes.Macro, nodes.For, nodes.If, nodes.With))):
        body: list[nodes.Node] = parent.body  # type: ignore[attr-defined]
        for position, loop in enumerate(body):
            if not isinstance(loop, nodes.For):
                continue
            read = _reads(body[position + 1 :])
            for node in loop.body:
                for found in (node, *node.find_all(nodes.Assign)):
                    target = found.target if isinstance(found, nodes.Assign) else None
                    if isinstance(target, nodes.Name) and target.name in read:
                        message = (
                            f"the value that the loop assigns to {target.name!r} is lost at its end, and "
                            f"{target.name!r} is read behind it; use a namespace() to carry it out"
                        )
                        yield Problem(name, *_place(found), "lost-assignment", message, False)


def _reads(body: list[nodes.Node]) -> set[str]:
    """Return the names that are read in *body* before it assigns them."""
    symbols = Symbols()
    visitor = FrameSymbolVisitor(symbols)
    for node in body:
        visitor.visit(node)
    return {name for name, target in symbols.refs.items() if symbols.loads.get(target, ("",))[0] == "resolve"}


def _unused_blocks(trees: dict[str, nodes.Template]) -> Iterator[Problem]:
    """Yield blocks of child templates that none of their parents has: they are never rendered."""
    for name, tree in trees.items():
        parents = _parents(name, trees)
        if not parents:
            continue
        known = {block.name for parent in parents for block in trees[parent].find_all(nodes.Block)}
        for node in tree.body:
            if isinstance(node, nodes.Block) and node.name not in known:
                message = f"no parent template has a block {node.name!r}, so this one is never rendered"
                yield Problem(name, *_place(node), "unused-block", message, False)


def _parents(name: str, trees: dict[str, nodes.Template]) -> list[str]:
    """Return the chain of a template's parents; nothing, if it is not wholly known."""
    chain: list[str] = []
    while True:
        extends = trees[name].find(nodes.Extends)
        if extends is None:
            return chain
        parent = extends.template.value if isinstance(extends.template, nodes.Const) else None
        if parent not in trees or parent in chain:
            return []
        chain.append(parent)
        name = parent


def _references(name: str, tree: nodes.Template, known: Collection[str]) -> Iterator[Problem]:
    """Yield the templates that are used and don't exist."""
    for node in tree.find_all((nodes.Extends, nodes.Import, nodes.FromImport, nodes.Include)):
        if getattr(node, "ignore_missing", False) or not isinstance(node.template, nodes.Const):  # type: ignore[attr-defined]
            continue
        for target in find_referenced_templates(nodes.Template([node])):
            if target is not None and target not in known:
                yield Problem(name, *_place(node), "missing-template", f"there is no template {target!r}")


def check_templates(
    environment: Any, extensions: Collection[str] | None = None, declared: Collection[str] | None = None
) -> list[Problem]:
    """Check all templates of an environment's loader.

    :param environment: the environment
    :param extensions: only templates with these file extensions
    :param declared: names of the variables that templates get; ``None``: undefined names aren't looked for
    :return: the findings, in order of template and place
    """
    problems: list[Problem] = []
    trees: dict[str, nodes.Template] = {}
    names = environment.list_templates(extensions)
    for name in names:
        try:
            source, filename, _ = environment.loader.get_source(environment, name)
            trees[name] = environment.parse(source, name, filename)
        except TemplateSyntaxError as error:
            problems.append(Problem(name, error.lineno, error.column or 1, "syntax", str(error.message)))
        except (TemplateNotFound, UnicodeDecodeError) as error:
            problems.append(Problem(name, 1, 1, "unreadable", str(error)))
    for name, tree in trees.items():
        problems += _functions(environment, name, tree)
        problems += _lost_assignments(name, tree)
        problems += _references(name, tree, names)
        if declared is not None:
            problems += _undefined(environment, name, tree, declared)
    problems += _unused_blocks(trees)
    order = {name: number for number, name in enumerate(names)}
    return sorted(problems, key=lambda problem: (order[problem.template], problem.line, problem.column))
