"""Where the value of a parameter came from, as plain numbers.

The lowest module of the core. It must not know parameters.
"""

from __future__ import annotations

from .._utils import TYPE_CHECKING

if TYPE_CHECKING:
    from .parameter_source import ParameterSource

__all__ = ["COMMANDLINE", "DEFAULT", "DEFAULT_MAP", "ENVIRONMENT", "PROMPT", "member"]

PROMPT, COMMANDLINE, ENVIRONMENT, DEFAULT_MAP, DEFAULT = range(1, 6)


def member(number: int) -> ParameterSource:
    """Return the member of the enumeration for a number.

    :param number: one of the constants here, or a member already.
    """
    from .parameter_source import ParameterSource  # noqa: PLC0415 - start-up: enum is loaded for those who ask

    return ParameterSource(number)
