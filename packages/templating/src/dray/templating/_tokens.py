"""Tokens: their names, what they look like to an extension, and the stream that the parser reads.

The lexer delivers *items*, plain tuples ``(type, value, line, column, end column)``; :class:`TokenStream` keeps them
in a list and makes a :class:`Token` only for who asks for one. Lines count from 1, columns from 0, in characters.
"""

from __future__ import annotations

import sys

from .exceptions import TemplateSyntaxError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, ClassVar

    Item = tuple[str, Any, int, int, int]

TOKEN_EQ = "eq"
TOKEN_GT = "gt"
TOKEN_LT = "lt"
TOKEN_NE = "ne"
TOKEN_ADD = "add"
TOKEN_DIV = "div"
TOKEN_DOT = "dot"
TOKEN_EOF = "eof"
TOKEN_MOD = "mod"
TOKEN_MUL = "mul"
TOKEN_POW = "pow"
TOKEN_SUB = "sub"
TOKEN_DATA = "data"
TOKEN_GTEQ = "gteq"
TOKEN_LTEQ = "lteq"
TOKEN_NAME = "name"
TOKEN_PIPE = "pipe"
TOKEN_COLON = "colon"
TOKEN_COMMA = "comma"
TOKEN_FLOAT = "float"
TOKEN_TILDE = "tilde"
TOKEN_ASSIGN = "assign"
TOKEN_LBRACE = "lbrace"
TOKEN_LPAREN = "lparen"
TOKEN_RBRACE = "rbrace"
TOKEN_RPAREN = "rparen"
TOKEN_STRING = "string"
TOKEN_COMMENT = "comment"
TOKEN_INITIAL = "initial"
TOKEN_INTEGER = "integer"
TOKEN_RAW_END = "raw_end"
TOKEN_FLOORDIV = "floordiv"
TOKEN_LBRACKET = "lbracket"
TOKEN_OPERATOR = "operator"
TOKEN_RBRACKET = "rbracket"
TOKEN_BLOCK_END = "block_end"
TOKEN_RAW_BEGIN = "raw_begin"
TOKEN_SEMICOLON = "semicolon"
TOKEN_WHITESPACE = "whitespace"
TOKEN_BLOCK_BEGIN = "block_begin"
TOKEN_COMMENT_END = "comment_end"
TOKEN_LINECOMMENT = "linecomment"
TOKEN_VARIABLE_END = "variable_end"
TOKEN_COMMENT_BEGIN = "comment_begin"
TOKEN_VARIABLE_BEGIN = "variable_begin"
TOKEN_LINECOMMENT_END = "linecomment_end"
TOKEN_LINECOMMENT_BEGIN = "linecomment_begin"
TOKEN_LINESTATEMENT_END = "linestatement_end"
TOKEN_LINESTATEMENT_BEGIN = "linestatement_begin"

#: The text of an operator to the type of its token.
operators = {
    "(": TOKEN_LPAREN, ")": TOKEN_RPAREN, "[": TOKEN_LBRACKET, "]": TOKEN_RBRACKET, "{": TOKEN_LBRACE,
    "}": TOKEN_RBRACE, ",": TOKEN_COMMA, ":": TOKEN_COLON, ";": TOKEN_SEMICOLON, ".": TOKEN_DOT, "|": TOKEN_PIPE,
    "~": TOKEN_TILDE, "=": TOKEN_ASSIGN, "<": TOKEN_LT, "<=": TOKEN_LTEQ, ">": TOKEN_GT, ">=": TOKEN_GTEQ,
    "!=": TOKEN_NE, "==": TOKEN_EQ, "**": TOKEN_POW, "*": TOKEN_MUL, "//": TOKEN_FLOORDIV, "/": TOKEN_DIV,
    "%": TOKEN_MOD, "-": TOKEN_SUB, "+": TOKEN_ADD,
}  # fmt: skip
#: The type of an operator's token to its text.
reverse_operators = {kind: text for text, kind in operators.items()}

#: Tokens that the parser never sees.
ignored_tokens = frozenset({
    TOKEN_COMMENT_BEGIN, TOKEN_COMMENT, TOKEN_COMMENT_END, TOKEN_WHITESPACE, TOKEN_LINECOMMENT_BEGIN,
    TOKEN_LINECOMMENT_END, TOKEN_LINECOMMENT,
})  # fmt: skip
#: Tokens that are left out when they are empty.
ignore_if_empty = frozenset({TOKEN_WHITESPACE, TOKEN_DATA, TOKEN_COMMENT, TOKEN_LINECOMMENT})

_DESCRIPTIONS = {
    TOKEN_COMMENT_BEGIN: "begin of comment",
    TOKEN_COMMENT_END: "end of comment",
    TOKEN_COMMENT: "comment",
    TOKEN_LINECOMMENT: "comment",
    TOKEN_BLOCK_BEGIN: "begin of statement block",
    TOKEN_BLOCK_END: "end of statement block",
    TOKEN_VARIABLE_BEGIN: "begin of print statement",
    TOKEN_VARIABLE_END: "end of print statement",
    TOKEN_LINESTATEMENT_BEGIN: "begin of line statement",
    TOKEN_LINESTATEMENT_END: "end of line statement",
    TOKEN_DATA: "template data / text",
    TOKEN_EOF: "end of template",
}


def describe_type(kind: str) -> str:
    """Return the words for a type of token in an error message."""
    return reverse_operators.get(kind) or _DESCRIPTIONS.get(kind, kind)


def describe_token(token: Token) -> str:
    """Return the words for a token in an error message: the name itself, or what kind of token it is."""
    return token.value if token.type == TOKEN_NAME else describe_type(token.type)


def describe_token_expr(expr: str) -> str:
    """Return the words for a token expression such as ``name:endfor`` in an error message."""
    kind, colon, value = expr.partition(":")
    return value if colon and kind == TOKEN_NAME else describe_type(kind)


def count_newlines(value: str) -> int:
    """Return how many line breaks (``\\n``, ``\\r\\n`` or ``\\r``) *value* has."""
    return value.count("\n") + value.count("\r") - value.count("\r\n")


#: What Python's named tuples raise for fields that they don't have.
_WRONG_FIELDS: type[Exception] = TypeError if sys.version_info >= (3, 13) else ValueError


class Token(tuple):  # type: ignore[type-arg]
    """One token: line, type and value, a tuple of three.

    :param lineno: 1-based line
    :param type: one of the ``TOKEN_`` names
    :param value: the text, or for literals the value
    :param column: 0-based column of its first character, ``None`` if unknown
    :param end_column: 0-based column behind its last character
    """

    column: int | None
    end_column: int | None
    _fields = ("lineno", "type", "value")
    _field_defaults: ClassVar[dict[str, Any]] = {}
    __match_args__ = ("lineno", "type", "value")

    def __new__(
        cls,
        lineno: int,
        type: str,
        value: Any,
        column: int | None = None,
        end_column: int | None = None,
    ) -> Token:
        self = tuple.__new__(cls, (lineno, type, value))
        self.column = column
        self.end_column = end_column
        return self

    lineno = property(lambda self: self[0], doc="The 1-based line.")
    type = property(lambda self: self[1], doc="One of the ``TOKEN_`` names.")
    value = property(lambda self: self[2], doc="The text, or for literals the value.")

    @classmethod
    def _make(cls, iterable: Iterable[Any]) -> Token:
        """Make a token of its line, type and value."""
        values = tuple(iterable)
        if len(values) != len(cls._fields):
            raise TypeError(f"Expected {len(cls._fields)} arguments, got {len(values)}")
        return cls(*values)

    def _asdict(self) -> dict[str, Any]:
        """Return line, type and value by their names."""
        return dict(zip(self._fields, self, strict=True))

    def _replace(self, **fields: Any) -> Token:
        """Return the token with another line, type or value, at the same columns."""
        unknown = fields.keys() - set(self._fields)
        if unknown:
            raise _WRONG_FIELDS(f"Got unexpected field names: {sorted(unknown)!r}")
        return type(self)(**{**self._asdict(), **fields}, column=self.column, end_column=self.end_column)

    def __getnewargs__(self) -> tuple[Any, ...]:
        return (*self, self.column, self.end_column)

    def __repr__(self) -> str:
        return f"Token(lineno={self[0]!r}, type={self[1]!r}, value={self[2]!r})"

    def __str__(self) -> str:
        return describe_token(self)

    def test(self, expr: str) -> bool:
        """Say whether the token is of a type, or of a type and value.

        :param expr: ``type`` or ``type:value``
        """
        return matches(self[1], self[2], expr)

    def test_any(self, *iterable: str) -> bool:
        """Say whether one of several token expressions fits."""
        return any(matches(self[1], self[2], expr) for expr in iterable)


def matches(kind: str, value: Any, expr: str) -> bool:
    """Say whether a token of this type and value fits the token expression ``type`` or ``type:value``."""
    return kind == expr or (value.__class__ is str and expr == f"{kind}:{value}")


class TokenStreamIterator:
    """Runs through a stream up to its end.

    :param stream: the stream, which moves along
    """

    def __init__(self, stream: TokenStream) -> None:
        self.stream = stream

    def __iter__(self) -> TokenStreamIterator:
        return self

    def __next__(self) -> Token:
        token = self.stream.current
        if token[1] == TOKEN_EOF:
            self.stream.close()
            raise StopIteration
        next(self.stream)
        return token


class TokenStream:
    """The tokens of a template with a place to read at.

    :param generator: tokens; an error that it raises comes when the reader gets so far
    :param name: the template's name, for errors
    :param filename: the template's file, for errors
    """

    __slots__ = ("closed", "error", "filename", "index", "items", "name", "pushed")

    def __init__(self, generator: Iterable[Token], name: str | None, filename: str | None) -> None:
        items: list[Item] = []
        error = None
        try:
            for token in generator:
                column, end = getattr(token, "column", None) or 0, getattr(token, "end_column", None) or 0
                items.append((token[1], token[2], token[0], column, end))
        except TemplateSyntaxError as found:
            error = found.with_traceback(None)
        self._begin(items, name, filename, error)

    @classmethod
    def of_items(
        cls, items: list[Item], name: str | None, filename: str | None, error: TemplateSyntaxError | None = None
    ) -> TokenStream:
        """Make a stream over the lexer's own items, which it keeps and changes.

        :param items: the items
        :param name: the template's name, for errors
        :param filename: the template's file, for errors
        :param error: what stands behind the last item, if that isn't the end of the text
        """
        self = cls.__new__(cls)
        self._begin(items, name, filename, error)
        return self

    def _begin(
        self, items: list[Item], name: str | None, filename: str | None, error: TemplateSyntaxError | None
    ) -> None:
        """Put the end token behind the last one, and stand at the first."""
        self.items = items
        self.name = name
        self.filename = filename
        self.closed = False
        self.index = 0
        #: Where the tokens end that were pushed last.
        self.pushed = 0
        self.error = error
        last = self.items[-1] if self.items else (TOKEN_INITIAL, "", 1, 0, 0)
        if last[0] != TOKEN_EOF:
            self.items.append((TOKEN_EOF, "", last[2], last[4], last[4]))

    def __iter__(self) -> TokenStreamIterator:
        return TokenStreamIterator(self)

    def check_end(self, index: int | None = None) -> None:
        """Raise the error that ended the tokens before the text did, if a place is behind all others.

        :param index: the place, by default the current one
        """
        if self.error is not None and (self.index if index is None else index) >= len(self.items) - 1:
            error, self.error = self.error, None  # who fails doesn't hold on to the error
            try:
                raise error
            finally:
                del error

    def __bool__(self) -> bool:
        self.check_end()
        return self.items[self.index][0] != TOKEN_EOF

    @property
    def current(self) -> Token:
        """The token to be read next."""
        kind, value, lineno, column, end = self.items[self.index]
        if kind == TOKEN_EOF:
            self.check_end()
        return Token(lineno, kind, value, column, end)

    @current.setter
    def current(self, token: Token) -> None:
        column = token.column or 0
        self.items[self.index] = (token[1], token[2], token[0], column, token.end_column or column)

    @property
    def eos(self) -> bool:
        """Whether everything was read."""
        return not self

    def push(self, token: Token) -> None:
        """Put a token behind the current one, so that it is the next; behind others that wait since they were pushed.

        :param token: the token
        """
        column = token.column or 0
        place = max(self.index + 1, self.pushed)
        self.items.insert(place, (token[1], token[2], token[0], column, token.end_column or column))
        self.pushed = place + 1

    def look(self) -> Token:
        """Return the token behind the current one, without moving."""
        self.check_end(self.index + 1)
        kind, value, lineno, column, end = self.items[min(self.index + 1, len(self.items) - 1)]
        return Token(lineno, kind, value, column, end)

    def skip(self, n: int = 1) -> None:
        """Move on.

        :param n: by how many tokens
        """
        self.index = min(self.index + n, len(self.items) - 1)

    def next_if(self, expr: str) -> Token | None:
        """Return the current token and move on, if it fits; otherwise return ``None``.

        :param expr: a token expression
        """
        token = self.current
        if matches(token[1], token[2], expr):
            self.skip()
            return token
        return None

    def skip_if(self, expr: str) -> bool:
        """Move on if the current token fits, and say whether it did.

        :param expr: a token expression
        """
        item = self.items[self.index]
        if matches(item[0], item[1], expr):
            self.skip()
            return True
        return False

    def __next__(self) -> Token:
        token = self.current
        self.skip()
        return token

    def close(self) -> None:
        """Move behind the last token, whatever comes there."""
        self.error = None
        self.index = len(self.items) - 1
        self.closed = True

    def expect(self, expr: str) -> Token:
        """Return the current token and move on.

        :param expr: a token expression that it has to fit
        :raises TemplateSyntaxError: if it doesn't
        """
        item = self.items[self.index]
        if not matches(item[0], item[1], expr):
            raise self.unexpected(expr)
        return next(self)

    def take(self, kind: str) -> Item:
        """Return the current item and move on.

        :param kind: the type that it has to be of, not that of the end
        :raises TemplateSyntaxError: if it isn't
        """
        item = self.items[self.index]
        if item[0] != kind:
            raise self.unexpected(kind)
        self.index += 1
        return item

    def take_word(self, word: str) -> None:
        """Move on behind a name that has to be this one.

        :param word: the name
        :raises TemplateSyntaxError: if something else stands there
        """
        item = self.items[self.index]
        if item[1] != word or item[0] != TOKEN_NAME:
            raise self.unexpected(f"{TOKEN_NAME}:{word}")
        self.index += 1

    def unexpected(self, expr: str) -> TemplateSyntaxError:
        """Return the error that says which token was expected and which stands there.

        :param expr: the token expression that was expected
        :raises TemplateSyntaxError: if what stands there is no token
        """
        self.check_end()
        kind, value, lineno, column, end = self.items[self.index]
        wanted = describe_token_expr(expr)
        if kind == TOKEN_EOF:
            message = f"unexpected end of template, expected {wanted!r}."
        else:
            found = value if kind == TOKEN_NAME else describe_type(kind)
            message = f"expected token {wanted!r}, got {found!r}"
        return TemplateSyntaxError(message, lineno, self.name, self.filename).at(column, end)
