"""The base of extensions. It knows nodes, nothing else of the engine."""

from __future__ import annotations

from . import nodes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Self

    from .environment import Environment
    from .lexer import Token, TokenStream
    from .parser import Parser


class Extension:
    """The base of extensions. An instance belongs to one environment; :meth:`bind` makes one for an overlay.

    :param environment: the environment
    """

    #: The import path, by which the environment knows the extension.
    identifier: str

    def __init_subclass__(cls) -> None:
        module = "dray.templating.ext" if cls.__module__.startswith(__package__ + "._") else cls.__module__
        cls.identifier = f"{module}.{cls.__name__}"

    #: The tags that :meth:`parse` is for.
    tags: set[str] = set()
    #: Built-in tags that :meth:`parse` takes over. (A built-in tag among :attr:`tags` stays what it is.)
    replaces: set[str] = set()
    #: Where the extension stands among others when text and tokens are handed through: the smallest first.
    priority = 100

    def __init__(self, environment: Environment) -> None:
        self.environment = environment

    def bind(self, environment: Environment) -> Self:
        """Return this extension for another environment.

        :param environment: the other environment
        """
        other = object.__new__(self.__class__)
        other.__dict__.update(self.__dict__)
        other.environment = environment
        return other

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """Return a template's text, changed before it is split into tokens.

        :param source: the text
        :param name: the template's name
        :param filename: the template's file
        """
        return source

    def filter_stream(self, stream: TokenStream) -> TokenStream | Iterable[Token]:
        """Return a template's tokens, changed before they are parsed.

        :param stream: the tokens
        """
        return stream

    def parse(self, parser: Parser) -> nodes.Node | list[nodes.Node]:
        """Parse one of :attr:`tags`; the current token is the tag's name.

        :param parser: the parser
        :return: what the tag becomes
        """
        raise NotImplementedError(f"{type(self).__name__} has tags but no parse()")

    def attr(self, name: str, lineno: int | None = None) -> nodes.ExtensionAttribute:
        """Return a node for an attribute of this extension.

        :param name: the attribute
        :param lineno: the node's line
        """
        return nodes.ExtensionAttribute(self.identifier, name, lineno=lineno)

    def call_method(
        self,
        name: str,
        args: list[nodes.Expr] | None = None,
        kwargs: list[nodes.Keyword] | None = None,
        dyn_args: nodes.Expr | None = None,
        dyn_kwargs: nodes.Expr | None = None,
        lineno: int | None = None,
    ) -> nodes.Call:
        """Return a node that calls a method of this extension.

        :param name: the method
        :param args: positional arguments
        :param kwargs: keyword arguments
        :param dyn_args: an iterable of more positional arguments
        :param dyn_kwargs: a mapping of more keyword arguments
        :param lineno: the node's line
        """
        method = self.attr(name, lineno=lineno)
        return nodes.Call(method, args or [], kwargs or [], dyn_args, dyn_kwargs, lineno=lineno)
