"""The stages from a template's text to code, joined: what an environment asks for when it compiles.

They take the environment as an argument and know it by its attributes.
"""

from __future__ import annotations

from . import nodes
from .compiler import CodeGenerator, compile_tree, to_code
from .lexer import TokenStream, get_lexer
from .parser import Parser

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = [
    "CodeGenerator", "as_stream", "compile_tree", "fold", "get_lexer", "parse", "parse_expression", "to_code",
]  # fmt: skip


def as_stream(tokens: Any, name: str | None, filename: str | None) -> TokenStream:
    """Return what an extension made of the tokens as a stream.

    :param tokens: a stream, or an iterable of tokens
    :param name: the template's name, for errors
    :param filename: its file, for errors
    """
    return tokens if isinstance(tokens, TokenStream) else TokenStream(tokens, name, filename)


def parse(environment: Any, source: str, name: str | None, filename: str | None) -> nodes.Template:
    """Return the tree of a template, which keeps its text.

    :param environment: the environment
    :param source: the template's text
    :param name: its name, for errors
    :param filename: its file, for errors
    """
    tree = Parser(environment, source, name, filename).parse()
    tree._source = source
    return tree


def fold(environment: Any, tree: nodes.Template) -> nodes.Template:
    """Return the tree with its constants folded.

    :param environment: the environment
    :param tree: the tree
    """
    from .optimizer import optimize  # noqa: PLC0415 - most templates have nothing to fold

    return optimize(tree, environment)  # type: ignore[return-value]


def parse_expression(environment: Any, source: str) -> nodes.Template:
    """Return the tree of a template that assigns an expression's value to ``result``.

    :param environment: the environment
    :param source: the expression's text
    """
    parser = Parser(environment, source, state="variable")
    expression = parser.parse_expression()
    if not parser.stream.eos:
        parser.fail("chunk after expression")
    expression.set_environment(environment)
    assignment = nodes.Assign(nodes.Name("result", "store"), expression, lineno=1)
    return nodes.Template([assignment], lineno=1)
