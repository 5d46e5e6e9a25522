"""The compiler: from a template's text to its tree, and from that to Python's.

What an environment asks for when it compiles. :func:`generate` is the entry for trees. An environment is known only by
the attributes that are read.
"""

from __future__ import annotations

from functools import cache, update_wrapper

from dray.safe_strings import Markup, escape

from . import nodes
from ._late import late_names
from ._parse_plain import parse_plain
from .codegen.frame import Frame, MacroRef
from .codegen.inheritance import CompilerExit, InheritanceCode
from .exceptions import TemplateAssertionError, TemplateSyntaxError
from .idtracking import VAR_LOAD_ALIAS, VAR_LOAD_PARAMETER, VAR_LOAD_RESOLVE, VAR_LOAD_UNDEFINED, Symbols
from .nodes import EvalContext
from .nodes.expressions import has_safe_repr
from .utils import concat
from .visitor import NodeVisitor

TYPE_CHECKING = False
if TYPE_CHECKING:
    import _ast as py
    from collections.abc import Callable
    from types import CodeType
    from typing import Any, TextIO, TypeVar

    from .codegen.analysis import DependencyFinderVisitor, UndeclaredNameVisitor, VisitorExit, find_undeclared
    from .codegen.text import CodeGenerator
    from .lexer import TokenStream, get_lexer
    from .optimizer import Optimizer
    from .parser import Parser

    F = TypeVar("F", bound=Callable[..., Any])
else:
    F = None

__all__ = [
    "CodeGenerator", "CompilerExit", "DependencyFinderVisitor", "EvalContext", "F", "Frame", "MacroRef", "Markup",
    "NodeVisitor", "Optimizer", "Symbols", "TemplateAssertionError", "UndeclaredNameVisitor",
    "VAR_LOAD_ALIAS", "VAR_LOAD_PARAMETER", "VAR_LOAD_RESOLVE", "VAR_LOAD_UNDEFINED", "VisitorExit", "as_stream",
    "as_template", "compile_tree", "concat", "escape", "find_undeclared", "fold", "generate", "get_lexer",
    "has_safe_repr", "operators", "optimizeconst", "parse", "parse_expression", "to_code",
]  # fmt: skip


if not TYPE_CHECKING:  # type checkers know the names, and that there are no others
    __getattr__, __dir__ = late_names(
        globals(),
        {
            "CodeGenerator": "dray.templating.codegen.text",
            "Optimizer": "dray.templating.optimizer",
            "get_lexer": "dray.templating.lexer",
            **dict.fromkeys(
                ("DependencyFinderVisitor", "UndeclaredNameVisitor", "VisitorExit", "find_undeclared"),
                "dray.templating.codegen.analysis",
            ),
        },
    )


def stock_generator() -> type[InheritanceCode]:
    """Return the class of the code generator for environments that choose none.

    That is :class:`CodeGenerator` for everybody who asks for it. As long as nobody did, nobody can have changed it, and
    the class that it is made of does the same; it only can't take text that subclasses write.
    """
    return globals().get("CodeGenerator", InheritanceCode)  # type: ignore[no-any-return]


#: The names of comparisons in the tree to Python's operators.
operators = {
    "in": "in", "notin": "not in", "lt": "<", "lteq": "<=", "gt": ">", "gteq": ">=", "eq": "==", "ne": "!=",
}  # fmt: skip


def optimizeconst(f: F) -> F:
    """Let a ``visit_`` method of an expression see constants first: one whose value is known is visited as a constant.

    :param f: the method
    """

    def visit(self: Any, node: Any, frame: Frame, **kwargs: Any) -> Any:
        if self.optimized and not frame.eval_ctx.volatile:
            try:
                value = node.as_const(frame.eval_ctx)
                constant = nodes.Const.from_untrusted(value, lineno=node.lineno, environment=self.environment)
            except nodes.Impossible:
                return f(self, node, frame, **kwargs)
            constant.span = node.span
            return self.visit(constant, frame)
        return f(self, node, frame, **kwargs)

    return update_wrapper(visit, f)  # type: ignore[return-value]


def as_stream(tokens: Any, name: str | None, filename: str | None) -> TokenStream:
    """Return what an extension made of the tokens as a stream.

    :param tokens: a stream, or an iterable of tokens
    :param name: the template's name, for errors
    :param filename: its file, for errors
    """
    from .lexer import TokenStream  # noqa: PLC0415 - few extensions see tokens

    return tokens if isinstance(tokens, TokenStream) else TokenStream(tokens, name, filename)


@cache
def _parser() -> type[Parser]:
    """Return the class of the parser; plain templates do without."""
    from .parser import Parser  # noqa: PLC0415 - see above

    return Parser


def parse(
    environment: Any, source: str, name: str | None, filename: str | None, stock_tokens: bool = False
) -> nodes.Template:
    """Return the tree of a template, which keeps its text.

    :param environment: the environment
    :param source: the template's text
    :param name: its name, for errors
    :param filename: its file, for errors
    :param stock_tokens: whether nobody has a say in how the text becomes tokens
    """
    tree = parse_plain(environment, source) if stock_tokens else None
    if tree is None:
        tree = _parser()(environment, source, name, filename).parse()
    tree._source = source
    return tree


def fold(environment: Any, tree: nodes.Template, keep: bool = False) -> nodes.Template:
    """Return the tree with its constants folded.

    :param environment: the environment
    :param tree: the tree
    :param keep: leave the tree as it is, and fold a copy of it
    """
    from .optimizer import optimize  # noqa: PLC0415 - most templates have nothing to fold

    return optimize(copied(tree, environment) if keep else tree, environment)  # type: ignore[return-value]


def copied(node: Any, environment: Any) -> Any:
    """Return a copy of a tree, for an environment. Names of subclasses of ``str`` become plain: Python takes no other.

    :param node: a node, or what can be a field of one
    :param environment: the environment
    """
    if node.__class__ in {list, tuple}:
        return node.__class__(copied(item, environment) for item in node)
    if not isinstance(node, nodes.Node):
        return str.__str__(node) if isinstance(node, str) else node
    if isinstance(node, nodes.Const):
        return _copied_constant(node, environment)
    from copy import copy  # noqa: PLC0415 - few programs compile one tree several times

    other = copy(node)
    other.environment = environment
    for name, value in node.iter_fields():
        setattr(other, name, copied(value, environment))
    return other


def _copied_constant(node: nodes.Const, environment: Any) -> nodes.Const:
    """Return a copy of a constant, whose value is the same: safe text stays safe."""
    other = nodes.Const(node.value, lineno=node.lineno, environment=environment)
    other.span = node.span
    return other


def parse_expression(environment: Any, source: str) -> nodes.Template:
    """Return the tree of a template that assigns an expression's value to ``result``.

    :param environment: the environment
    :param source: the expression's text
    """
    parser = _parser()(environment, source, state="variable")
    expression = parser.parse_expression()
    if not parser.stream.eos:
        parser.fail("chunk after expression")
    expression.set_environment(environment)
    assignment = nodes.Assign(nodes.Name("result", "store"), expression, lineno=1)
    tree = nodes.Template([assignment], lineno=1)
    tree._is_ours = True  # type: ignore[attr-defined]
    return tree


def as_template(node: Any) -> nodes.Template:
    """Return *node*, if it is the tree of a template.

    :raises TypeError: if it isn't
    """
    if not isinstance(node, nodes.Template):
        raise TypeError(f"a template is compiled from its text or its tree, not from {node!r}")
    return node


def compile_tree(
    generator: CodeGenerator, tree: nodes.Template, stream: bool = False, source: str | None = None
) -> py.Module:
    """Generate the module of a template.

    :param generator: a fresh generator
    :param tree: the template
    :param stream: whether output is yielded
    :param source: the template's text, which the module keeps: the other form of the code is compiled from it when it
        is needed
    """
    generator.stream = stream
    generator.source = source
    generator.set_source(getattr(tree, "_source", None))
    generator.fresh = getattr(tree, "_fresh", False)
    generator.keeps_spans = generator.fresh and generator._lines is None
    return generator.visit(tree)  # type: ignore[no-any-return]


def generate(
    node: nodes.Template,
    environment: Any,
    name: str | None,
    filename: str | None,
    stream: TextIO | None = None,
    defer_init: bool = False,
    optimized: bool = True,
) -> Any:
    """Generate the Python module of a template, as a tree for ``compile``.

    :param node: the template
    :param environment: the environment
    :param name: the template's name
    :param filename: the template's file
    :param stream: write the module as text to this file, and return nothing
    :param defer_init: kept for the interface
    :param optimized: whether constants are folded
    :raises TypeError: if *node* is no template
    :raises TemplateAssertionError: if the template says something that can't be
    """
    tree = as_template(node)
    generator = environment.code_generator_class(environment, name, filename, stream, defer_init, optimized)
    return compile_tree(generator, tree)


def to_code(module: py.Module, name: str | None, filename: str) -> CodeType:
    """Compile a generated module.

    :param module: the module
    :param name: the template's name, for errors
    :param filename: what tracebacks name as the file
    :raises TemplateSyntaxError: if Python's compiler refuses it
    :raises RecursionError: if its stack is too small for it
    """
    try:
        return compile(module, filename, "exec", dont_inherit=True)
    except SyntaxError as error:
        raise TemplateSyntaxError(str(error.msg), error.lineno or 1, name, filename) from None
    except MemoryError:
        raise RecursionError from None


def too_deep(tree: nodes.Template, name: str | None, filename: str | None) -> TemplateSyntaxError:
    """Return the error for a template that is nested more deeply than the stack allows, at its innermost place.

    :param tree: the template
    :param name: its name
    :param filename: its file
    """
    innermost: nodes.Node = tree
    level: list[nodes.Node] = [tree]
    while level:
        innermost = next((node for node in level if node.lineno), innermost)
        level = [child for node in level for child in node.children()]
    error = TemplateSyntaxError("the template is nested too deeply", innermost.lineno or 1, name, filename)
    span = innermost.span
    return error if span is None else error.at(span[1], span[3] if span[0] == span[2] else None)
