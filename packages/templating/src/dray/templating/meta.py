"""What can be said about a template without running it: the variables it wants, the templates it uses."""

from __future__ import annotations

from . import nodes
from ._marks import mark
from .compiler import CodeGenerator, Frame, compile_tree, too_deep
from .idtracking import VAR_LOAD_RESOLVE, Symbols

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


class _Scopes:
    """Walks through the scopes of a template as the code generator does, and collects what they look up."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def function(self, node: nodes.Node, given: tuple[str, ...]) -> None:
        """Walk through a template or block: a function of its own."""
        symbols = Symbols()
        for name in given:
            symbols.declare_parameter(name)
        self._analyze(node, symbols)
        self.inner_scopes(node.children(), symbols)

    def _analyze(self, node: nodes.Node, symbols: Symbols, **kwargs: Any) -> None:
        """Find the symbols of the scope that a node opens, and note what it looks up."""
        symbols.analyze_node(node, **kwargs)
        self.names |= {name for kind, name in symbols.loads.values() if kind == VAR_LOAD_RESOLVE and name is not None}

    def inner_scopes(self, children: list[nodes.Node], symbols: Symbols) -> None:
        """Walk through the scopes that some nodes of one scope open."""
        for node in children:
            if isinstance(node, nodes.Block):
                self.function(node, ("self", "super"))
            elif isinstance(node, nodes.For):
                self._loop(node, symbols)
            elif isinstance(node, (nodes.Macro, nodes.CallBlock)):
                self._scope(node, symbols, ("caller", "kwargs", "varargs"))
                if isinstance(node, nodes.CallBlock):
                    self.inner_scopes([node.call], symbols)
            elif isinstance(node, nodes.OverlayScope):
                self.inner_scopes([node.context], symbols)
                self.function(nodes.Scope(node.body), ())
            elif isinstance(node, _SCOPES):
                self._scope(node, symbols, ())
            else:
                self.inner_scopes(node.children(), symbols)

    def _scope(self, node: nodes.Node, outer: Symbols, given: tuple[str, ...], **kwargs: Any) -> None:
        symbols = Symbols(outer)
        for name in given:
            symbols.declare_parameter(name)
        self._analyze(node, symbols, **kwargs)
        body = node.else_ if kwargs.get("for_branch") == "else" else node.body  # type: ignore[attr-defined]
        self.inner_scopes(body, symbols)

    def _loop(self, node: nodes.For, outer: Symbols) -> None:
        self.inner_scopes([node.iter], outer)
        self._scope(node, outer, ("loop",), for_branch="body")
        self._scope(node, outer, (), for_branch="else")
        if node.test is not None:
            self._analyze(node, Symbols(outer), for_branch="test")


_SCOPES = (nodes.With, nodes.FilterBlock, nodes.AssignBlock, nodes.Scope)


def find_undeclared_variables(ast: nodes.Template) -> set[str]:
    """Return the names that a template looks up in its context, globals left out.

    Which of them are needed for sure isn't known: a name under a condition counts.

    :param ast: the template, from :meth:`.Environment.parse`
    :raises TemplateAssertionError: if the template can't be compiled: an unknown filter or test
    """
    if ast.environment is not None:
        _check(ast)
    mark(ast)
    scopes = _Scopes()
    scopes.function(ast, ("self",))
    return scopes.names - set(ast.environment.globals if ast.environment is not None else ())


def _check(ast: nodes.Template) -> None:
    """Generate code, which fails for a template that parses and can't be."""
    generator = TrackingCodeGenerator(ast.environment)
    try:
        compile_tree(generator, ast)
    except RecursionError:
        raise too_deep(ast, generator.name, generator.filename) from None


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
