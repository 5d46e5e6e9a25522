"""Numbers between bounds.

It must not know other types than the numbers.
"""

from __future__ import annotations

from .._utils import TYPE_CHECKING
from .._utils import gettext as _
from .scalars import FloatParamType, IntParamType, NumberParamType

if TYPE_CHECKING:
    from typing import Any, TypeAlias, TypeVar

    from ..core import Context, Parameter

    _Number_co = TypeVar("_Number_co", covariant=True)
    Bound: TypeAlias = float | None
else:
    _Number_co = object

__all__ = ["FloatRange", "IntRange", "NumberRangeBase"]


class NumberRangeBase(NumberParamType[_Number_co]):
    """What ranges of all numbers share.

    :param min: the lower bound, or None.
    :param max: the upper bound, or None.
    :param min_open: the lower bound itself doesn't belong to the range.
    :param max_open: the upper bound itself doesn't belong to the range.
    :param clamp: replace a number outside by the nearest one inside.
    """

    def __init__(
        self,
        min: Bound = None,
        max: Bound = None,
        min_open: bool = False,
        max_open: bool = False,
        clamp: bool = False,
    ) -> None:
        self.min, self.min_open = min, min_open
        self.max, self.max_open = max, max_open
        self.clamp = clamp
        self._check_bounds()

    def _check_bounds(self) -> None:
        """Refuse bounds that can't work; every combination works for whole numbers."""

    def to_info_dict(self) -> dict[str, Any]:
        """Describe the type with its bounds."""
        bounds = {name: getattr(self, name) for name in ("min", "max", "min_open", "max_open", "clamp")}
        return {**bounds, **super().to_info_dict()}

    def convert(self, value: Any, param: Parameter | None, ctx: Context | None) -> _Number_co:
        """Return the number, if it lies within the bounds."""
        number: Any = super().convert(value, param, ctx)
        # Asked this way round, what is no number at all lies outside.
        too_small = self.min is not None and not (number > self.min if self.min_open else number >= self.min)
        too_large = self.max is not None and not (number < self.max if self.max_open else number <= self.max)
        if not (too_small or too_large):
            return number  # type: ignore[no-any-return]
        if not self.clamp or number != number:
            message = _("{value} is not in the range {range}.")
            self.fail(message.format(value=number, range=self._describe_range()), param, ctx)
        if too_small:
            return self._clamp(self.min, 1, self.min_open)  # type: ignore[no-any-return]
        return self._clamp(self.max, -1, self.max_open)  # type: ignore[no-any-return]

    def _clamp(self, bound: Any, dir: int, open: bool) -> Any:
        """Return the number of the range that is nearest to a bound.

        :param bound: the bound.
        :param dir: 1 for the lower bound, -1 for the upper one.
        :param open: the bound doesn't belong to the range.
        """
        raise NotImplementedError

    def _describe_range(self) -> str:
        """Return the range as an inequality, ``0<=x<5`` for example."""
        left = "" if self.min is None else f"{self.min}{'<' if self.min_open else '<='}"
        right = "" if self.max is None else f"{'<' if self.max_open else '<='}{self.max}"
        if not left or not right:
            # One bound reads better after the variable.
            if self.min is not None:
                return f"x{'>' if self.min_open else '>='}{self.min}"
            return f"x{right}"
        return f"{left}x{right}"

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._describe_range()}{' clamped' if self.clamp else ''}>"


class IntRange(NumberRangeBase[int], IntParamType):
    """Whole numbers between bounds."""

    name = "integer range"

    def _clamp(self, bound: Any, dir: int, open: bool) -> int:
        return int(bound + dir) if open else int(bound)


class FloatRange(NumberRangeBase[float], FloatParamType):
    """Floating-point numbers between bounds; an open bound can't be clamped to, since no number is the next one."""

    name = "float range"

    def _check_bounds(self) -> None:
        if self.clamp and (self.max_open or self.min_open):
            raise TypeError("Clamping is not supported for open bounds.")

    def _clamp(self, bound: Any, dir: int, open: bool) -> float:
        if open:
            raise RuntimeError("Clamping is not supported for open bounds.")
        return float(bound)
