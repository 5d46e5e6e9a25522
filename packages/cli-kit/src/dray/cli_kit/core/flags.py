"""Options that take no value: what kind of flag they are, what giving them means, and what their variable means.

Pure decisions on what was declared. It must not know contexts or help pages.
"""

from __future__ import annotations

from .._utils import TYPE_CHECKING, UNSET
from ..types import BOOL, STRING, UNPROCESSED, BoolParamType, convert_type

if TYPE_CHECKING:
    from typing import Any

    from ..types import ParamType

__all__ = ["flag_from_text", "infer_flag", "pick_flag_type"]


def infer_flag(is_flag: bool | None, flag_value: Any, secondary: bool, optional: bool) -> bool:
    """Decide whether an option is a flag.

    :param is_flag: what was declared, or None.
    :param flag_value: the value that giving it means, or UNSET.
    :param secondary: it has spellings for switching off.
    :param optional: its value can be left out.
    """
    if is_flag is not None:
        return is_flag
    if optional:
        return False
    return flag_value is not UNSET or secondary


def pick_flag_type(flag_value: Any) -> ParamType[Any, Any]:
    """Return the type of a flag that was declared without one.

    :param flag_value: the value that giving it means, or UNSET.
    :return: that of the value; a value that isn't one of the simple ones is left as it is.
    """
    if flag_value is UNSET:
        return BOOL
    if isinstance(flag_value, str):
        return STRING
    found = convert_type(None, flag_value)
    return UNPROCESSED if found is STRING else found


def flag_from_text(text: str, activation: Any) -> Any:
    """Read the environment variable of a flag that has a value of its own.

    :param text: the variable's value.
    :param activation: the value that giving the flag means.
    :return: that value if the text names it or says yes, None if it says no, UNSET if it says neither.
    """
    if text == str(activation):
        return activation
    switched = BoolParamType.str_to_bool(text)
    if switched is None:
        return UNSET
    return activation if switched else None
