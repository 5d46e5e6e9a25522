"""What can be said about a template without running it: the variables it wants, the templates it uses."""

from __future__ import annotations

from . import nodes
from .compiler import CodeGenerator, Frame, compile_tree, too_deep
from .idtracking import VAR_LOAD_RESOLVE

TYPE_CHECKING = False
if TYPE_CHECKING:
    import _ast as py
    from collections.abc import Iterator
    from typing import Any


class TrackingCodeGenerator(CodeGenerator):
    """A code generator that notes which names come from the context.

    :param environment: the environment
    """

    def __init__(self, environment: Any) -> None:
        super().__init__(environment, "<introspection>", "<introspection>")
        self.undeclared_identifiers: set[str] = set()

    def write(self, x: str) -> None:
        """Write nothing."""

    def _note(self, name: str) -> None:
        if name not in self.environment.globals:
            self.undeclared_identifiers.add(name)

    def enter_frame(self, frame: Frame) -> list[py.stmt]:
        """Note the names that a scope looks up."""
        for kind, name in frame.symbols.loads.values():
            if kind == VAR_LOAD_RESOLVE and name is not None:
                self._note(name)
        return super().enter_frame(frame)

    def load_variable(self, target: str, name: str, frame: Frame, span: Any) -> py.stmt:
        """Note a name that is looked up."""
        self._note(name)
        return super().load_variable(target, name, frame, span)


def find_undeclared_variables(ast: nodes.Template) -> set[str]:
    """Return the names that a template looks up in its context, globals left out.

    Which of them are needed for sure isn't known: a name under a condition counts.

    :param ast: the template, from :meth:`.Environment.parse`
    :raises TemplateAssertionError: if the template can't be compiled: an unknown filter or test
    """
    generator = TrackingCodeGenerator(ast.environment)
    try:
        compile_tree(generator, ast)
    except RecursionError:
        raise too_deep(ast, generator.name, generator.filename) from None
    return generator.undeclared_identifiers


_REFERENCES = (nodes.Extends, nodes.FromImport, nodes.Import, nodes.Include)


def _constant_names(node: Any) -> Iterator[str | None]:
    """Yield the names of the templates that a statement uses; ``None`` for what is only known when it runs, or is none.

    In lists, what is no text is left out.
    """
    expression = node.template
    if isinstance(expression, (nodes.Tuple, nodes.List)):
        for item in expression.items:
            if not isinstance(item, nodes.Const):
                yield None
            elif isinstance(item.value, str):
                yield item.value
        return
    value = expression.value if isinstance(expression, nodes.Const) else None
    if isinstance(value, (tuple, list)) and isinstance(node, nodes.Include):
        yield from (name for name in value if isinstance(name, str))
    else:
        yield value if isinstance(value, str) else None


def find_referenced_templates(ast: nodes.Template) -> Iterator[str | None]:
    """Yield the names of the templates that a template extends, includes or imports.

    :param ast: the template, from :meth:`.Environment.parse`
    :return: names; ``None`` for each that is only known when the template runs
    """
    for node in ast.find_all(_REFERENCES):
        yield from _constant_names(node)
