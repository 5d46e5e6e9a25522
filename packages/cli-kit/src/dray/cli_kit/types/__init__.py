"""Parameter types: what a value on the command line becomes.

A facade: lowest first ``base``, ``scalars``, ``ranges``, ``choice``, ``datetimes``, ``paths``, ``convert``. The classes
in ``infos`` are loaded when they are asked for.
"""

from __future__ import annotations

from .._deprecation import deprecated_names
from .base import CompositeParamType, ParamType
from .choice import Choice
from .convert import BOOL, FLOAT, INT, STRING, UNPROCESSED, UUID, Tuple, _guess_type, convert_type
from .datetimes import DateTime
from .paths import File, Path, _is_file_like
from .ranges import FloatRange, IntRange
from .ranges import NumberRangeBase as _NumberRangeBase
from .scalars import (
    BoolParamType,
    FloatParamType,
    FuncParamType,
    IntParamType,
    StringParamType,
    UnprocessedParamType,
    UUIDParameterType,
)
from .scalars import (
    NumberParamType as _NumberParamTypeBase,
)

__all__ = [
    "BOOL",
    "FLOAT",
    "INT",
    "STRING",
    "UNPROCESSED",
    "UUID",
    "BoolParamType",
    "Choice",
    "CompositeParamType",
    "DateTime",
    "File",
    "FloatParamType",
    "FloatRange",
    "FuncParamType",
    "IntParamType",
    "IntRange",
    "ParamType",
    "Path",
    "StringParamType",
    "Tuple",
    "UUIDParameterType",
    "UnprocessedParamType",
    "_NumberParamTypeBase",
    "_NumberRangeBase",
    "_guess_type",
    "_is_file_like",
    "convert_type",
]

_INFOS = (
    "ChoiceInfoDict",
    "DateTimeInfoDict",
    "FileInfoDict",
    "FuncParamTypeInfoDict",
    "NumberRangeInfoDict",
    "OptionHelpExtra",
    "ParamTypeInfoDict",
    "PathInfoDict",
    "TupleInfoDict",
)

__getattr__ = deprecated_names(__name__, {}, lazy={name: (f"{__name__}.infos", name) for name in _INFOS})
