"""Contexts, parameters and commands.

A facade; lowest first ``source``, ``invocable``, ``helps``, ``context``, ``values``, ``parameter``, ``flags``,
``argument | option``, ``constraints``, ``main``, ``command``, ``lazy``, ``group``. ``ParameterSource`` is loaded when
it is asked for, because :mod:`enum` is slow.
"""

from __future__ import annotations

from .._deprecation import deprecated_names
from .._utils import FLAG_NEEDS_VALUE, TYPE_CHECKING, UNSET
from .argument import Argument
from .command import Command
from .context import Context, augment_usage_errors
from .group import CommandCollection, Group, _check_nested_chain
from .option import Option
from .parameter import Parameter, batch, iter_params_for_processing

if TYPE_CHECKING:
    from .parameter_source import ParameterSource

__all__ = [
    "FLAG_NEEDS_VALUE",
    "UNSET",
    "Argument",
    "Command",
    "CommandCollection",
    "Context",
    "Group",
    "Option",
    "Parameter",
    "ParameterSource",
    "_BaseCommand",
    "_MultiCommand",
    "_check_nested_chain",
    "augment_usage_errors",
    "batch",
    "iter_params_for_processing",
]


class _OldBase(type):
    """Lets ``isinstance`` and ``issubclass`` answer for an old base class as for the class that took its place."""

    _stands_for: type

    def __subclasscheck__(cls, subclass: type) -> bool:
        return issubclass(subclass, cls._stands_for)

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, cls._stands_for)


class _BaseCommand(Command, metaclass=_OldBase):
    """The old name of :class:`Command`."""

    _stands_for = Command


class _MultiCommand(Group, metaclass=_OldBase):
    """The old name of :class:`Group`."""

    _stands_for = Group


__getattr__ = deprecated_names(
    __name__,
    {"BaseCommand": _BaseCommand, "MultiCommand": _MultiCommand},
    {"BaseCommand": "Use 'Command' instead.", "MultiCommand": "Use 'Group' instead."},
    type_variables=("F", "V"),
    lazy={"ParameterSource": (f"{__name__}.parameter_source", "ParameterSource")},
)
