"""One of several values, by name.

It must not know files, numbers or composite types.
"""

from __future__ import annotations

import sys

from .._completion_item import CompletionItem
from .._utils import TYPE_CHECKING, ngettext
from .._utils import gettext as _
from .base import ParamType

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any, TypeVar

    from ..core import Context, Parameter

    _Choice_co = TypeVar("_Choice_co", covariant=True)
else:
    Any = _Choice_co = object

__all__ = ["Choice", "is_enum_member"]


def is_enum_member(value: object) -> bool:
    """Say whether a value is a member of an enumeration, without loading :mod:`enum`.

    :param value: anything.
    """
    enum = sys.modules.get("enum")
    return enum is not None and isinstance(value, enum.Enum)


class Choice(ParamType[_Choice_co, Any]):
    """One of several values.

    Members of an enumeration are chosen by their name. With a ``token_normalize_func`` in the context, or without
    regard to case, spellings are compared after normalization; what the callback gets is the original choice.

    :param choices: the values: text, members of an enumeration, or anything with a text form.
    :param case_sensitive: tell capital letters from small ones.
    """

    name = "choice"

    def __init__(self, choices: Iterable[_Choice_co], case_sensitive: bool = True) -> None:
        self.choices: tuple[_Choice_co, ...] = tuple(choices)
        self.case_sensitive = case_sensitive

    def to_info_dict(self) -> dict[str, Any]:
        """Describe the type with its choices."""
        return {"choices": self.choices, "case_sensitive": self.case_sensitive, **super().to_info_dict()}

    def _normalized_mapping(self, ctx: Context | None = None) -> Mapping[_Choice_co, str]:
        """Return each choice with the spelling it is chosen by."""
        return {choice: self.normalize_choice(choice, ctx) for choice in self.choices}

    def normalize_choice(self, choice: object, ctx: Context | None) -> str:
        """Return the spelling that stands for a choice, and for what was typed.

        :param choice: a choice, or the text that was given.
        :param ctx: the context, for its ``token_normalize_func``.
        """
        spelling: str = choice.name if is_enum_member(choice) else str(choice)  # type: ignore[attr-defined]
        if ctx is not None and ctx.token_normalize_func is not None:
            spelling = ctx.token_normalize_func(spelling)
        return spelling if self.case_sensitive else spelling.casefold()

    def get_metavar(self, param: Parameter, ctx: Context) -> str | None:
        """Return the choices in brackets: braces where they are required, as usage lines mark it."""
        if param.param_type_name == "option" and not getattr(param, "show_choices", True):
            joined = "|".join(dict.fromkeys(self.convert_name(choice) for choice in self.choices))
        else:
            joined = "|".join(self._spellings(ctx))
        if param.required and param.param_type_name == "argument":
            return f"{{{joined}}}"
        return f"[{joined}]"

    def _spellings(self, ctx: Context | None) -> list[str]:
        """Return the spellings in the order of the choices, each once."""
        return list(dict.fromkeys(self._normalized_mapping(ctx).values()))

    @staticmethod
    def convert_name(choice: object) -> str:
        """Return what hides the choices in a usage line: the name of their kind.

        :param choice: a choice.
        """
        names = {"str": "TEXT", "int": "INTEGER", "float": "FLOAT", "bool": "BOOLEAN"}
        kind = type(choice).__name__
        return names.get(kind, kind.upper())

    def get_missing_message(self, param: Parameter, ctx: Context | None) -> str:
        """Return the choices, one in each line."""
        return _("Choose from:\n\t{choices}").format(choices=",\n\t".join(self._spellings(ctx)))

    def convert(self, value: Any, param: Parameter | None, ctx: Context | None) -> _Choice_co:
        """Return the choice that the spelling stands for."""
        mapping = self._normalized_mapping(ctx)
        wanted = self.normalize_choice(value, ctx)
        found = [choice for choice, spelling in mapping.items() if spelling == wanted]
        if not found:
            self.fail(self.get_invalid_choice_message(value=value, ctx=ctx), param, ctx)
        return found[0]

    def get_invalid_choice_message(self, value: Any, ctx: Context | None) -> str:
        """Return the error about a value that is no choice.

        :param value: the value.
        :param ctx: the context, if there is one.
        """
        quoted = ", ".join(map(repr, self._spellings(ctx)))
        message = ngettext("{value!r} is not {choice}.", "{value!r} is not one of {choices}.", len(self.choices))
        return message.format(value=value, choice=quoted, choices=quoted)

    def shell_complete(self, ctx: Context, param: Parameter, incomplete: str) -> list[CompletionItem]:
        """Suggest the choices that begin like the word."""
        start = incomplete if self.case_sensitive else incomplete.lower()
        spellings = self._spellings(ctx)
        fit = (name for name in spellings if (name if self.case_sensitive else name.lower()).startswith(start))
        return [CompletionItem(name) for name in fit]

    def __repr__(self) -> str:
        return f"Choice({list(self.choices)})"
