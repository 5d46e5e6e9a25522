"""From whatever a program gives as a type to a parameter type; and tuples, whose parts are given that way too.

The highest module of the types: it knows all that Python types stand for.
"""

from __future__ import annotations

from .._utils import TYPE_CHECKING, ngettext
from .base import CompositeParamType, ParamType
from .scalars import (
    BoolParamType,
    FloatParamType,
    FuncParamType,
    IntParamType,
    StringParamType,
    UnprocessedParamType,
    UUIDParameterType,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from ..core import Context, Parameter
else:
    Any = object

__all__ = ["BOOL", "FLOAT", "INT", "STRING", "UNPROCESSED", "UUID", "Tuple", "convert_type"]

#: Leaves values as they are.
UNPROCESSED = UnprocessedParamType()
#: Text; the default.
STRING = StringParamType()
#: Whole numbers.
INT = IntParamType()
#: Floating-point numbers.
FLOAT = FloatParamType()
#: Truth values.
BOOL = BoolParamType()
#: Universally unique identifiers.
UUID = UUIDParameterType()

_PYTHON_TYPES: dict[Any, ParamType[Any, Any]] = {str: STRING, int: INT, float: FLOAT, bool: BOOL}


class Tuple(CompositeParamType["tuple[Any, ...]", Any]):
    """Several values of different types, each of one argument.

    :param types: the types, or what stands for them.
    """

    def __init__(self, types: Sequence[type[Any] | ParamType[Any, Any]]) -> None:
        self.types: Sequence[ParamType[Any, Any]] = [convert_type(kind) for kind in types]

    def to_info_dict(self) -> dict[str, Any]:
        """Describe the type with its parts."""
        return {"types": [kind.to_info_dict() for kind in self.types], **super().to_info_dict()}

    @property
    def name(self) -> str:  # type: ignore[override]
        """The names of the parts in angle brackets."""
        return f"<{' '.join(kind.name for kind in self.types)}>"

    @property
    def arity(self) -> int:  # type: ignore[override]
        """How many arguments one value takes."""
        return len(self.types)

    def convert(self, value: Any, param: Parameter | None, ctx: Context | None) -> tuple[Any, ...]:
        """Convert each part."""
        given, wanted = len(value), len(self.types)
        if given != wanted:
            message = ngettext(
                "{len_type} values are required, but {len_value} was given.",
                "{len_type} values are required, but {len_value} were given.",
                given,
            )
            self.fail(message.format(len_type=wanted, len_value=given), param, ctx)
        return tuple(kind(part, param, ctx) for kind, part in zip(self.types, value, strict=True))


def _guess_type(ty: Any, default: Any) -> Any:
    """Take the type of the default where none is given.

    Of a sequence the first element speaks for all; a sequence of sequences is a tuple of the inner types.
    """
    if ty is not None or default is None:
        return ty
    if not isinstance(default, (tuple, list)):
        return type(default)
    if not default:
        return None
    first = default[0]
    if isinstance(first, (tuple, list)):
        return tuple(map(type, first))
    return type(first)


def convert_type(ty: Any | None = None, default: Any | None = None) -> ParamType[Any, Any]:
    """Return the parameter type that something stands for.

    :param ty: a parameter type, a Python type, a tuple of such (:class:`Tuple`), a function, or None.
    :param default: where there is no type, that of the default is taken; text if it is an unusual one.
    :return: the parameter type.
    :raises TypeError: a parameter type was given that needs to be instantiated.
    """
    if type(ty) is type and ty in _PYTHON_TYPES:
        return _PYTHON_TYPES[ty]
    guessed = ty is None and default is not None
    kind = _guess_type(ty, default)
    if isinstance(kind, tuple):
        return Tuple(kind)
    if isinstance(kind, ParamType):
        return kind
    if kind is None:
        return STRING
    try:
        found = _PYTHON_TYPES.get(kind)
    except TypeError:
        found = None  # a callable that can't be hashed
    if found is not None:
        return found
    if guessed:
        return STRING
    if isinstance(kind, type) and issubclass(kind, ParamType):
        raise TypeError(f"The parameter type {kind.__name__} must be instantiated: write {kind.__name__}().")
    return FuncParamType(kind)
