"""Static checks of templates: what will fail, and what is probably not meant.

Templates are read and compiled, and their trees are looked at; nothing is rendered. Which names are set where, and
which template uses which, :mod:`._check_names` and :mod:`._check_links` know.
"""

from __future__ import annotations

from difflib import get_close_matches

from . import nodes
from ._check_links import circles, missing, names_from_others, unused_blocks, wrong_lists
from ._check_names import lost_assignments, undefined_names
from .exceptions import TemplateError, TemplateNotFound, TemplateSyntaxError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
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

    __slots__ = ("code", "column", "is_error", "line", "message", "path", "template")

    def __init__(self, template: str, line: int, column: int, code: str, message: str, is_error: bool = True) -> None:
        self.template = template
        self.line = line
        self.column = column
        self.code = code
        self.message = message
        self.is_error = is_error
        #: The template's file, if it has one and could be read.
        self.path: str | None = None

    def __str__(self) -> str:
        return f"{'error' if self.is_error else 'warning'}: {self.message} [{self.code}]"

    def as_dict(self) -> dict[str, Any]:
        """Return the finding for JSON."""
        found = {name: getattr(self, name) for name in ("template", "path", "line", "column", "code", "message")}
        found["severity"] = "error" if self.is_error else "warning"
        return found


def similar(name: str, known: Iterable[str]) -> str:
    """Return the end of a message: what may have been meant, if there is something like it.

    :param name: the name that doesn't exist
    :param known: those that do
    """
    close = get_close_matches(name, sorted(known), n=1, cutoff=0.75)
    return f"; did you mean {close[0]!r}?" if close else ""


def describe_unreadable(error: Exception) -> str:
    """Return why a template's file can't be read, in one line.

    :param error: what reading it raised
    """
    if isinstance(error, UnicodeDecodeError):
        return f"the file is not {error.encoding.upper()} text: byte {error.start} is 0x{error.object[error.start]:02X}"
    if isinstance(error, OSError) and error.strerror:
        return f"the file can't be read: {error.strerror}"
    return str(error) or type(error).__name__


def _at(name: str, node: nodes.Node, code: str, message: str, is_error: bool = True) -> Problem:
    line, column = node.span[:2] if node.span is not None else (node.lineno or 1, 0)
    return Problem(name, line, column + 1, code, message, is_error)


class _Checker:
    """Checks the templates of one environment.

    :param environment: the environment
    :param names: the templates to check
    :param declared: the variables that templates get, if it is known
    """

    def __init__(self, environment: Any, names: list[str], declared: Collection[str] | None) -> None:
        self.environment = environment
        self.names = names
        self.declared = declared
        self.problems: list[Problem] = []
        self.trees: dict[str, nodes.Template] = {}
        self._files: dict[str, str | None] = {}
        self._exists: dict[str, bool] = dict.fromkeys(names, True)

    def run(self) -> list[Problem]:
        """Return the problems in the order of templates and places."""
        for name in self.names:
            self._read(name)
        for name, tree in self.trees.items():
            self._missing(name, tree)
            for lost, node in lost_assignments(tree):
                message = (
                    f"the value that the loop assigns to {lost!r} is lost at its end, and {lost!r} is read behind it; "
                    "use a namespace() to carry it out"
                )
                self.problems.append(_at(name, node, "lost-assignment", message, False))
        self._circles()
        for name, block in unused_blocks(self.trees):
            message = f"no parent template has a block {block.name!r}, so this one is never rendered"
            self.problems.append(_at(name, block, "unused-block", message, False))
        if self.declared is not None:
            self._undefined(self.declared)
        for problem in self.problems:
            problem.path = self._files.get(problem.template)
        order = {name: number for number, name in enumerate(self.names)}
        return sorted(self.problems, key=lambda problem: (order[problem.template], problem.line, problem.column))

    def _read(self, name: str) -> None:
        """Read, parse and compile a template."""
        try:
            source, filename, _ = self.environment.loader.get_source(self.environment, name)
        except (TemplateNotFound, OSError, UnicodeError) as error:
            self.problems.append(Problem(name, 1, 1, "unreadable", describe_unreadable(error)))
            return
        self._files[name] = filename
        try:
            tree = self.trees[name] = self.environment.parse(source, name, filename)
            unknown = list(_unknown_functions(self.environment, tree))
            for kind, node in unknown:
                known = self.environment.filters if kind == "filter" else self.environment.tests
                message = f"there is no {kind} named {node.name!r}{similar(node.name, known)}"
                self.problems.append(_at(name, node, f"unknown-{kind}", message))
            _compile(self.environment, unknown, source, name, filename)
        except TemplateSyntaxError as error:
            self.problems.append(Problem(name, error.lineno, error.column or 1, "syntax", str(error.message)))
        except (TemplateError, ValueError, RecursionError) as error:  # an extension's, or one of Python's compiler
            self.problems.append(Problem(name, 1, 1, "syntax", str(error) or type(error).__name__))

    def _missing(self, name: str, tree: nodes.Template) -> None:
        """Look for templates that are used and don't exist."""
        for link in wrong_lists(tree):
            self.problems.append(_at(name, link, "missing-template", "only include takes a list of templates"))
        for node, candidates in missing(tree, lambda target: self._has(target, name)):
            if len(candidates) == 1:
                message = f"there is no template {candidates[0]!r}{similar(candidates[0], self._exists)}"
            else:
                message = f"none of these templates exists: {', '.join(map(repr, candidates)) or 'the list is empty'}"
            self.problems.append(_at(name, node, "missing-template", message))

    def _has(self, target: str, parent: str) -> bool:
        """Say whether a template exists, by the name that another one uses."""
        target = self.environment.join_path(target, parent)
        if target not in self._exists:
            try:
                self.environment.loader.get_source(self.environment, target)
            except TemplateNotFound:
                return False
            except (OSError, UnicodeError):
                pass  # it is there; reading it is another matter
            self._exists[target] = True
        return True

    def _circles(self) -> None:
        """Look for templates that can't be rendered because they use themselves."""
        for name, node, chain in circles(self.trees):
            message = f"templates use each other without an end: {' -> '.join(chain)}"
            self.problems.append(_at(name, node, "endless", message))

    def _undefined(self, declared: Collection[str]) -> None:
        """Look for names that nobody sets."""
        given = names_from_others(self.trees)
        for name, tree in self.trees.items():
            known = {*declared, *self.environment.globals, *given[name]}
            for node in undefined_names(tree, known):
                close = (word for word in known if abs(len(word) - len(node.name)) < 3 and word[:1] == node.name[:1])
                message = f"{node.name!r} is never defined{similar(node.name, close)}"
                self.problems.append(_at(name, node, "undefined-name", message))


def _unknown_functions(environment: Any, tree: nodes.Template) -> Iterator[tuple[str, nodes.Filter | nodes.Test]]:
    """Yield the filters and tests that don't exist, but for those that the template itself asks for."""
    for kind, cls, known in (("filter", nodes.Filter, environment.filters), ("test", nodes.Test, environment.tests)):
        tests = (test for test in tree.find_all(nodes.Test) if test.name == kind)
        asked = {test.node.value for test in tests if isinstance(test.node, nodes.Const)}
        for node in tree.find_all(cls):
            if node.name not in known and node.name not in asked:
                yield kind, node  # type: ignore[misc]


def _compile(environment: Any, unknown: list[tuple[str, Any]], source: str, name: str, filename: str | None) -> None:
    """Compile a template in both forms; functions that were found missing are taken for known."""
    if unknown:
        environment = environment.overlay()
        for kind in ("filter", "test"):
            functions = {node.name: str for its_kind, node in unknown if its_kind == kind}
            setattr(environment, f"{kind}s", {**getattr(environment, f"{kind}s"), **functions})
    environment.compile(source, name, filename)
    environment._compile_stream(source, name, filename)


def check_templates(
    environment: Any, extensions: Collection[str] | None = None, declared: Collection[str] | None = None
) -> list[Problem]:
    """Check all templates of an environment's loader.

    :param environment: the environment
    :param extensions: only templates with these file extensions
    :param declared: names of the variables that templates get; ``None``: undefined names aren't looked for
    :return: the findings, in order of template and place
    """
    return _Checker(environment, environment.list_templates(extensions), declared).run()
