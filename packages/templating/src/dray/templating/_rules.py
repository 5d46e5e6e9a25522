"""The regular expressions of the lexer, made from a :class:`~dray.templating._settings.Syntax`.

Nothing here reads a template. All of them run in linear time: no two neighbouring parts can match the same text,
except for runs of white space that are bounded by a delimiter.
"""

from __future__ import annotations

import re
from functools import cached_property

from ._tokens import (
    TOKEN_BLOCK_BEGIN,
    TOKEN_BLOCK_END,
    TOKEN_COMMENT_BEGIN,
    TOKEN_FLOAT,
    TOKEN_INTEGER,
    TOKEN_LINECOMMENT_BEGIN,
    TOKEN_LINESTATEMENT_BEGIN,
    TOKEN_NAME,
    TOKEN_OPERATOR,
    TOKEN_STRING,
    TOKEN_VARIABLE_BEGIN,
    TOKEN_VARIABLE_END,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._settings import Syntax

# Possessive ("*+"): what was read once is not tried again in smaller pieces.
INTEGER = r"0[bB](?:_?[01])++|0[oO](?:_?[0-7])++|0[xX](?:_?[\da-fA-F])++|[1-9](?:_?\d)*+|0(?:_?0)*+"
_DIGITS = r"\d(?:_?\d)*+"
# Not behind a dot: in "row.0.1" there is no number 0.1.
FLOAT = rf"(?<!\.){_DIGITS}(?:(?:\.{_DIGITS})?[eE][+\-]?{_DIGITS}|\.{_DIGITS})"
STRING = r"'[^'\\]*+(?:\\.[^'\\]*+)*+'|" + r'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
#: Characters that a token can have behind its first one.
_WITHIN_TOKENS = frozenset("_.+-*/='\"")
#: All that :data:`._tokens.operators` has, the long ones first.
OPERATOR = r"\*\*|//|[=!<>]=|[-+*/%~=<>()\[\]{}.,:;|]"


def opening_rules(syntax: Syntax) -> list[tuple[str, str]]:
    """Return ``(token type, pattern)`` for everything that can end a run of text, the longest delimiter first.

    :param syntax: the delimiters
    """
    escape = re.escape
    rules = [
        (len(syntax.comment_start_string), TOKEN_COMMENT_BEGIN, escape(syntax.comment_start_string)),
        (len(syntax.block_start_string), TOKEN_BLOCK_BEGIN, escape(syntax.block_start_string)),
        (len(syntax.variable_start_string), TOKEN_VARIABLE_BEGIN, escape(syntax.variable_start_string)),
    ]
    if syntax.line_statement_prefix is not None:
        prefix = escape(syntax.line_statement_prefix)
        rules.append((len(syntax.line_statement_prefix), TOKEN_LINESTATEMENT_BEGIN, rf"^[ \t\v]*{prefix}"))
    if syntax.line_comment_prefix is not None:
        prefix = escape(syntax.line_comment_prefix)
        rules.append((len(syntax.line_comment_prefix), TOKEN_LINECOMMENT_BEGIN, rf"(?:^|(?<=\S))[^\S\r\n]*{prefix}"))
    return [(kind, pattern) for _, kind, pattern in sorted(rules, reverse=True)]


class Rules:
    """The compiled expressions for one syntax. Each is compiled when the first text needs it: together they take 4 ms.

    Groups are named by the token type they find. ``sign`` groups hold the ``-`` or ``+`` of a delimiter.

    :param syntax: the delimiters and whitespace switches
    :param marks: the characters besides letters, digits and underscores that names may have
    """

    def __init__(self, syntax: Syntax, marks: frozenset[str] = frozenset()) -> None:
        self._syntax = syntax
        self.marks = marks
        end = re.escape(syntax.block_end_string)
        self._newline = r"\n?" if syntax.trim_blocks else ""
        self._block_end = rf"\+{end}|-{end}\s*|{end}{self._newline}"
        starts = (syntax.comment_start_string, syntax.block_start_string, syntax.variable_start_string)
        firsts = {start[:1] for start in starts}
        lines = syntax.line_statement_prefix is not None or syntax.line_comment_prefix is not None
        #: the character that all openings begin with, if there is one: then plain text is skipped by ``str.find``
        self.first = firsts.pop() if len(firsts) == 1 and not lines else ""
        #: how long the openings are, the longest first
        self.widths = sorted({len(start) for start in starts}, reverse=True)
        block, variable = syntax.block_start_string, syntax.variable_start_string
        ends = syntax.block_end_string, syntax.variable_end_string
        reached = any(
            end[:1].isalnum() or end[:1].isspace() or end[:1] in _WITHIN_TOKENS or "\n" in end for end in ends
        )
        raw = any(
            start.removeprefix(block).lstrip("-+").lstrip()[:1] == "r" for start in starts if start.startswith(block)
        )
        #: what an opening begins, how that ends, and the closing delimiter; ``None`` for comments. Empty if tags can't
        #: be found by their delimiters alone: where a token can reach over the beginning of a closing one, or another
        #: opening over that of ``raw``
        self.tags: dict[str, tuple[str, str, str] | None] = {}
        if self.first and not reached and not raw:
            self.tags = {
                syntax.comment_start_string: None,
                block: (TOKEN_BLOCK_BEGIN, TOKEN_BLOCK_END, ends[0]),
                variable: (TOKEN_VARIABLE_BEGIN, TOKEN_VARIABLE_END, ends[1]),
            }

    @cached_property
    def opening(self) -> re.Pattern[str]:
        """The next opening delimiter; a sign behind it is looked at separately."""
        start, end = re.escape(self._syntax.block_start_string), re.escape(self._syntax.block_end_string)
        raw = rf"{start}(?P<raw_sign>[-+]?)\s*raw\s*(?:-{end}\s*|{end})"
        parts = [f"(?P<raw_begin>{raw})"]
        for kind, pattern in opening_rules(self._syntax):
            parts.append(f"(?P<{kind}>{pattern})")
        return re.compile("|".join(parts), re.MULTILINE)

    @cached_property
    def comment_end(self) -> re.Pattern[str]:
        """The end of a comment."""
        end = re.escape(self._syntax.comment_end_string)
        return re.compile(rf"\+{end}|-{end}\s*|{end}{self._newline}")

    @cached_property
    def raw_end(self) -> re.Pattern[str]:
        """The end of raw text."""
        start = re.escape(self._syntax.block_start_string)
        return re.compile(rf"{start}(?P<sign>[-+]?)\s*endraw\s*(?:{self._block_end})")

    @cached_property
    def block(self) -> re.Pattern[str]:
        """One token of a tag, or its end."""
        return self._tag(self._block_end, self._syntax.block_end_string)

    @cached_property
    def variable(self) -> re.Pattern[str]:
        """One token of a print statement, or its end."""
        end = re.escape(self._syntax.variable_end_string)
        return self._tag(rf"-{end}\s*|{end}", self._syntax.variable_end_string)

    @cached_property
    def inside(self) -> re.Pattern[str]:
        """One token within brackets, where no tag ends."""
        return self._tag()

    @cached_property
    def pieces(self) -> re.Pattern[str]:
        """One token as it usually is: white space before it, and the token as a name, an operator or a literal.

        A literal may also be the beginning of anything else: the expression fits everywhere, so that finding all of
        them is linear. It is small, because the first template waits until it is compiled.
        """
        literal = r"""'[^'\\]*'|"[^"\\]*"|\d[\w.]*+|."""
        return re.compile(rf"(\s*+)(?:([A-Za-z_]\w*+)|({OPERATOR})|({literal}))", re.DOTALL)

    @cached_property
    def linestatement_end(self) -> re.Pattern[str]:
        """The end of a line."""
        return re.compile(r"\s*(?:\n|\Z)")

    def find_opening(self, source: str, position: int) -> re.Match[str] | None:
        """Return the next opening delimiter, if there is one.

        :param source: the template's text
        :param position: where to begin
        """
        if not self.first:
            return self.opening.search(source, position)
        while True:
            position = source.find(self.first, position)
            if position < 0:
                return None
            found = self.opening.match(source, position)
            if found is not None:
                return found
            position += 1

    def _tag(self, end: str = "", delimiter: str = "") -> re.Pattern[str]:
        """Return the expression for one token inside a tag, white space before it included.

        :param end: the expression for the tag's end, if it can end here
        :param delimiter: how that is written; it may begin with white space itself
        """
        from . import _identifier  # noqa: PLC0415 - few templates need more than :attr:`pieces`

        name = rf"[\w{''.join(sorted(self.marks))}]+" if self.marks else _identifier.pattern
        alternatives = [
            (TOKEN_NAME, r"(?!\d)" + name),
            (TOKEN_FLOAT, FLOAT),
            (TOKEN_INTEGER, INTEGER),
            (TOKEN_STRING, STRING),
            (TOKEN_OPERATOR, OPERATOR),
        ]
        if end:
            alternatives.insert(0, ("end", end))
        blanks = rf"(?:(?={end})|\s*+)" if delimiter[:1].isspace() else r"\s*"
        tokens = "|".join(f"(?P<{name}>{rule})" for name, rule in alternatives)
        return re.compile(f"{blanks}(?:{tokens})", re.DOTALL)
