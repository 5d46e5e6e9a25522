"""The shapes of the dictionaries that describe types and options to documentation tools.

They are :class:`typing.TypedDict` classes, so this module loads :mod:`typing`; the package imports it when one of its
names is asked for. It must not know the types it describes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypedDict, TypeVar

__all__ = [
    "ChoiceInfoDict",
    "DateTimeInfoDict",
    "FileInfoDict",
    "FuncParamTypeInfoDict",
    "NumberRangeInfoDict",
    "OptionHelpExtra",
    "ParamTypeInfoDict",
    "PathInfoDict",
    "TupleInfoDict",
]

_In_contra = TypeVar("_In_contra", contravariant=True)
_Out_co = TypeVar("_Out_co", covariant=True)
_Choice_co = TypeVar("_Choice_co", covariant=True)


class ParamTypeInfoDict(TypedDict):
    """Any type."""

    param_type: str
    name: str


class FuncParamTypeInfoDict(ParamTypeInfoDict, Generic[_In_contra, _Out_co]):
    """A type that converts with a function."""

    func: Callable[[Any], Any]


class ChoiceInfoDict(ParamTypeInfoDict, Generic[_Choice_co]):
    """A choice."""

    choices: tuple[Any, ...]
    case_sensitive: bool


class DateTimeInfoDict(ParamTypeInfoDict):
    """Dates and times."""

    formats: Sequence[str]


class NumberRangeInfoDict(ParamTypeInfoDict):
    """A range of numbers."""

    min: float | None
    max: float | None
    min_open: bool
    max_open: bool
    clamp: bool


class FileInfoDict(ParamTypeInfoDict):
    """An opened file."""

    mode: str
    encoding: str | None


class PathInfoDict(ParamTypeInfoDict):
    """The name of a file or folder."""

    exists: bool
    file_okay: bool
    dir_okay: bool
    writable: bool
    readable: bool
    allow_dash: bool


class TupleInfoDict(ParamTypeInfoDict):
    """Several values of different types."""

    types: list[dict[str, Any]]


class OptionHelpExtra(TypedDict, total=False):
    """What a help page says about an option after its help text."""

    envvars: tuple[str, ...]
    default: str
    range: str
    required: str
