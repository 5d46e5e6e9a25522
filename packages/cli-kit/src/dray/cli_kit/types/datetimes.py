"""Dates and times in given formats.

It must not know other types.
"""

from __future__ import annotations

from .._utils import TYPE_CHECKING, lazy_module, ngettext
from .base import ParamType

if TYPE_CHECKING:
    import datetime
    from collections.abc import Sequence
    from typing import Any, NoReturn

    from ..core import Context, Parameter
else:
    datetime = lazy_module("datetime")
    Any = object

__all__ = ["DateTime"]


class DateTime(ParamType["datetime.datetime", Any]):
    """A date, or a date and a time.

    :param formats: as for :meth:`datetime.datetime.strptime`, tried in order; by default ISO 8601 dates, and times to
        the second after ``T`` or a space.
    """

    name = "datetime"

    def __init__(self, formats: Sequence[str] | None = None) -> None:
        self.formats: Sequence[str] = formats or ["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S"]

    def to_info_dict(self) -> dict[str, Any]:
        """Describe the type with its formats."""
        return {"formats": self.formats, **super().to_info_dict()}

    def get_metavar(self, param: Parameter, ctx: Context) -> str:
        """Return the formats in brackets."""
        return f"[{'|'.join(self.formats)}]"

    def convert(self, value: Any, param: Parameter | None, ctx: Context | None) -> datetime.datetime:
        """Return the date and time."""
        if isinstance(value, datetime.datetime):
            return value
        for format in self.formats:
            found = self._try_to_convert_date(value, format)
            if found is not None:
                return found
        return self._refuse(value, param, ctx)

    @staticmethod
    def _try_to_convert_date(value: Any, format: str) -> datetime.datetime | None:
        try:
            return datetime.datetime.strptime(value, format)
        except ValueError:
            return None

    def _refuse(self, value: Any, param: Parameter | None, ctx: Context | None) -> NoReturn:
        quoted = ", ".join(map(repr, self.formats))
        message = ngettext(
            "{value!r} does not match the format {format}.",
            "{value!r} does not match the formats {formats}.",
            len(self.formats),
        )
        self.fail(message.format(value=value, format=quoted, formats=quoted), param, ctx)

    def __repr__(self) -> str:
        return "DateTime"
