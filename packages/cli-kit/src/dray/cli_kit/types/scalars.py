"""Types whose value is made of one argument: text, numbers, truth values, UUIDs, functions.

It must not know ranges, choices, files or composite types.
"""

from __future__ import annotations

import sys

from .._compat import _get_argv_encoding
from .._utils import TYPE_CHECKING, lazy_module
from .._utils import gettext as _
from .base import ParamType

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable
    from typing import Any, ClassVar, TypeVar

    from ..core import Context, Parameter

    _Number_co = TypeVar("_Number_co", covariant=True)
    _In_contra = TypeVar("_In_contra", contravariant=True)
    _Out_co = TypeVar("_Out_co", covariant=True)
else:
    uuid = lazy_module("uuid")
    Any = _Number_co = _In_contra = _Out_co = object

__all__ = [
    "BoolParamType",
    "FloatParamType",
    "FuncParamType",
    "IntParamType",
    "StringParamType",
    "UUIDParameterType",
    "UnprocessedParamType",
]


class FuncParamType(ParamType[_Out_co, _In_contra]):
    """Converts with a function; its ``ValueError`` becomes a usage error.

    :param func: takes the value, returns the converted one.
    """

    def __init__(self, func: Callable[[_In_contra], _Out_co]) -> None:
        self.name: str = getattr(func, "__name__", type(func).__name__)
        self.func = func

    def to_info_dict(self) -> dict[str, Any]:
        """Describe the type; ``func`` is the function."""
        return {**super().to_info_dict(), "func": self.func}

    def convert(self, value: _In_contra, param: Parameter | None, ctx: Context | None) -> _Out_co:
        """Call the function."""
        try:
            return self.func(value)
        except ValueError as error:
            self.fail(str(error) or _printable(value), param, ctx)


def _printable(value: object) -> str:
    try:
        return str(value)
    except UnicodeError:
        assert isinstance(value, bytes)
        return value.decode("utf-8", "replace")


class UnprocessedParamType(ParamType[Any, Any]):
    """Leaves values as they are."""

    name = "text"

    def convert(self, value: Any, param: Parameter | None, ctx: Context | None) -> Any:
        """Return the value."""
        return value

    def __repr__(self) -> str:
        return "UNPROCESSED"


class StringParamType(ParamType[str, Any]):
    """Makes text of values; bytes are decoded in the encoding of arguments, then in that of file names."""

    name = "text"

    def convert(self, value: Any, param: Parameter | None, ctx: Context | None) -> str:
        """Return the value as text."""
        if not isinstance(value, bytes):
            return str(value)
        for encoding in (_get_argv_encoding(), sys.getfilesystemencoding()):
            try:
                return value.decode(encoding)
            except UnicodeError:
                continue
        return value.decode("utf-8", "replace")

    def __repr__(self) -> str:
        return "STRING"


class NumberParamType(ParamType[_Number_co, Any]):
    """Converts with the class of the number."""

    _number_class: ClassVar[type[Any]]

    def convert(self, value: Any, param: Parameter | None, ctx: Context | None) -> _Number_co:
        """Return the number."""
        try:
            return self._number_class(value)  # type: ignore[no-any-return]
        except (ValueError, OverflowError):
            self.fail(
                _("{value!r} is not a valid {number_type}.").format(value=value, number_type=self.name), param, ctx
            )


class IntParamType(NumberParamType[int]):
    """Whole numbers."""

    name = "integer"
    _number_class = int

    def __repr__(self) -> str:
        return "INT"


class FloatParamType(NumberParamType[float]):
    """Floating-point numbers."""

    name = "float"
    _number_class = float

    def __repr__(self) -> str:
        return "FLOAT"


class BoolParamType(ParamType[bool, Any]):
    """Truth values, spelled in one of the usual ways."""

    name = "boolean"
    #: Spelling (lower case) -> value.
    bool_states: dict[str, bool] = {
        **dict.fromkeys(("1", "true", "t", "yes", "y", "on"), True),
        **dict.fromkeys(("", "0", "false", "f", "no", "n", "off"), False),
    }

    @staticmethod
    def str_to_bool(value: str | bool) -> bool | None:
        """Read a truth value.

        :param value: a spelling, in any case and with spaces around it, or a truth value.
        :return: the value, or None: no such spelling.
        """
        states = BoolParamType.bool_states
        return value if isinstance(value, bool) else states.get(value.strip().lower())

    def convert(self, value: Any, param: Parameter | None, ctx: Context | None) -> bool:
        """Return the truth value."""
        found = self.str_to_bool(value)
        if found is None:
            states = ", ".join(sorted(self.bool_states))
            message = _("{value!r} is not a valid boolean. Recognized values: {states}")
            self.fail(message.format(value=value, states=states), param, ctx)
        return found

    def __repr__(self) -> str:
        return "BOOL"


class UUIDParameterType(ParamType["uuid.UUID", Any]):
    """Universally unique identifiers (RFC 9562)."""

    name = "uuid"

    def convert(self, value: Any, param: Parameter | None, ctx: Context | None) -> uuid.UUID:
        """Return the identifier."""
        if isinstance(value, uuid.UUID):
            return value
        try:
            return uuid.UUID(value.strip())
        except ValueError:
            self.fail(_("{value!r} is not a valid UUID.").format(value=value.strip()), param, ctx)

    def __repr__(self) -> str:
        return "UUID"
