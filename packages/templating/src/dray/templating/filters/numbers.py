"""Filters that work on numbers."""

from __future__ import annotations

from ..exceptions import FilterArgumentError
from ..utils import pass_context

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_DECIMAL = ("kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB")
_BINARY = ("KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB")


def do_filesizeformat(value: str | float | int, binary: bool = False) -> str:
    """Return a number of bytes for people to read: ``13 kB``, ``4.1 MB``.

    :param value: the number of bytes
    :param binary: count in powers of 1024 (``KiB``), not of 1000
    """
    size = float(value)
    base = 1024 if binary else 1000
    if size == 1:
        return "1 Byte"
    if size < base:
        return f"{int(size)} Bytes"
    units = _BINARY if binary else _DECIMAL
    limit = base
    for unit in units:
        limit *= base
        if size < limit or unit is units[-1]:
            return f"{base * size / limit:.1f} {unit}"
    raise AssertionError("the last unit has no limit")


def do_int(value: Any, default: int = 0, base: int = 10) -> int:
    """Return a value as a whole number.

    :param default: is returned if the value is none
    :param base: the base for text; prefixes such as ``0x`` are allowed for theirs
    """
    try:
        return int(value, base) if isinstance(value, str) else int(value)
    except (TypeError, ValueError, OverflowError):
        pass
    try:
        return int(float(value))
    except (TypeError, ValueError, OverflowError):
        return default


def do_float(value: Any, default: float = 0.0) -> float:
    """Return a value as a floating point number.

    :param default: is returned if the value is none
    """
    try:
        return float(value)
    except (TypeError, ValueError):
        return default


def do_round(value: float, precision: int = 0, method: str = "common") -> float:
    """Round a number.

    :param precision: digits behind the point
    :param method: ``common`` rounds up or down, ``ceil`` up, ``floor`` down
    :raises FilterArgumentError: if there is no such method
    """
    if method not in {"common", "ceil", "floor"}:
        raise FilterArgumentError("method must be common, ceil or floor")
    if method == "common":
        return round(value, precision)
    factor = 10**precision
    import math  # noqa: PLC0415 - costs start-up time, and few templates round up or down

    rounded: float = (math.ceil if method == "ceil" else math.floor)(value * factor) / factor
    return rounded


@pass_context
def do_random(context: Any, seq: Any) -> Any:
    """Return one item of a sequence by chance; an undefined value if it is empty."""
    import random  # noqa: PLC0415 - random costs start-up time

    try:
        return random.choice(seq)
    except IndexError:
        return context.environment.undefined("No random item, sequence was empty.")
