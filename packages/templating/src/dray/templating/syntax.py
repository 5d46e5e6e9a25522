"""How a template's text is marked up: delimiters, line prefixes and whitespace switches, as one frozen value.

The lexer needs nothing else of an environment. This module knows no environment class; anything with the attributes
will do.
"""

from __future__ import annotations

from operator import attrgetter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

BLOCK_START_STRING, BLOCK_END_STRING = "{%", "%}"
VARIABLE_START_STRING, VARIABLE_END_STRING = "{{", "}}"
COMMENT_START_STRING, COMMENT_END_STRING = "{#", "#}"
LINE_STATEMENT_PREFIX: str | None = None
LINE_COMMENT_PREFIX: str | None = None
TRIM_BLOCKS = False
LSTRIP_BLOCKS = False
NEWLINE_SEQUENCE = "\n"
KEEP_TRAILING_NEWLINE = False

_FIELDS = (
    "block_start_string", "block_end_string", "variable_start_string", "variable_end_string", "comment_start_string",
    "comment_end_string", "line_statement_prefix", "line_comment_prefix", "trim_blocks", "lstrip_blocks",
    "newline_sequence", "keep_trailing_newline",
)  # fmt: skip


#: Reads all settings off an object.
_read = attrgetter(*_FIELDS)


class Syntax(tuple):  # type: ignore[type-arg]
    """The twelve settings of a lexer, hashable and frozen.

    The fields have the names and the order that the arguments of an environment have.
    """

    __slots__ = ()

    block_start_string: str
    block_end_string: str
    variable_start_string: str
    variable_end_string: str
    comment_start_string: str
    comment_end_string: str
    line_statement_prefix: str | None
    line_comment_prefix: str | None
    trim_blocks: bool
    lstrip_blocks: bool
    newline_sequence: str
    keep_trailing_newline: bool

    @classmethod
    def of(cls, settings: Any) -> Syntax:
        """Read the settings off any object that has them as attributes, such as an environment.

        :param settings: the object; a ``Syntax`` is returned as it is
        """
        if isinstance(settings, cls):
            return settings
        return cls(_read(settings))

    def __getattr__(self, name: str) -> Any:
        try:
            return self[_FIELDS.index(name)]
        except ValueError:
            raise AttributeError(name) from None

    def __repr__(self) -> str:
        return "Syntax(" + ", ".join(f"{field}={value!r}" for field, value in zip(_FIELDS, self, strict=True)) + ")"


DEFAULT_SYNTAX = Syntax((
    BLOCK_START_STRING, BLOCK_END_STRING, VARIABLE_START_STRING, VARIABLE_END_STRING, COMMENT_START_STRING,
    COMMENT_END_STRING, LINE_STATEMENT_PREFIX, LINE_COMMENT_PREFIX, TRIM_BLOCKS, LSTRIP_BLOCKS, NEWLINE_SEQUENCE,
    KEEP_TRAILING_NEWLINE,
))  # fmt: skip
