"""What the stages know in place of an environment: the lexer a :class:`Syntax`, nodes and runtime an
:class:`EvalContext`, the code generator :class:`Traits`.

This module knows no environment class; anything with the attributes will do.
"""

from __future__ import annotations

from operator import attrgetter, itemgetter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
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


class EvalContext:
    """What the meaning of an expression depends on besides its variables: whether output is escaped.

    :param environment: supplies ``autoescape``, a value or a function of the template's name
    :param template_name: the template's name
    """

    __slots__ = ("__dict__", "autoescape", "environment", "volatile")

    def __init__(self, environment: Any, template_name: str | None = None) -> None:
        self.environment = environment
        autoescape = environment.autoescape
        self.autoescape = autoescape(template_name) if callable(autoescape) else autoescape
        #: Whether the setting is only known when the template runs.
        self.volatile = False

    def save(self) -> Mapping[str, Any]:
        """Return the settings for :meth:`revert`."""
        return {"autoescape": self.autoescape, "volatile": self.volatile, **self.__dict__}

    def revert(self, old: Mapping[str, Any]) -> None:
        """Go back to saved settings.

        :param old: what :meth:`save` returned
        """
        self.__dict__.clear()
        for key, value in old.items():
            setattr(self, key, value)


class Traits(tuple):  # type: ignore[type-arg]
    """What generated code may take for granted: five answers about an environment, a hashable value.

    An environment that overrides a hook gets the general code, which calls the hook. The traits are part of what a
    bytecode cache keys on.

    :param plain_lookup: ``getattr`` and ``getitem`` are the stock methods
    :param plain_call: calls go through neither an overridden ``Context.call`` nor a sandbox
    :param plain_undefined: nobody can observe when an undefined value is made
    :param plain_output: output is ``str``, there is no ``finalize``
    :param sandboxed: the environment is a sandbox
    """

    __slots__ = ()

    def __new__(
        cls, plain_lookup: bool, plain_call: bool, plain_undefined: bool, plain_output: bool, sandboxed: bool
    ) -> Traits:
        """Make the value of its five answers."""
        return tuple.__new__(cls, (plain_lookup, plain_call, plain_undefined, plain_output, sandboxed))

    plain_lookup = property(itemgetter(0))
    plain_call = property(itemgetter(1))
    plain_undefined = property(itemgetter(2))
    plain_output = property(itemgetter(3))
    sandboxed = property(itemgetter(4))


#: Nothing is taken for granted.
GENERAL = Traits(False, False, False, False, False)


def traits_of(environment: Any) -> Traits:
    """Return the traits of an environment; one that doesn't know its traits gets the general code.

    :param environment: the environment
    """
    traits = getattr(environment, "_traits", None)
    return traits() if traits is not None else GENERAL
