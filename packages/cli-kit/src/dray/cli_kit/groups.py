"""Options that belong together: sections of the help page, and rules about which can be given with which.

A facade over the rules of the core, with decorators. It must not know how rules are checked.
"""

from __future__ import annotations

from ._utils import TYPE_CHECKING
from .core.command import Command
from .core.constraints import Constraint, Exclusion, Requirement, Section
from .decorators import option

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    FC = TypeVar("FC", bound=Callable[..., Any] | Command)

__all__ = ["Constraint", "OptionGroup", "constraint", "exclusive", "requires"]


class OptionGroup(Section):
    """Options with a section of their own on the help page, and perhaps a rule.

    :param title: the heading.
    :param help: a text below it.
    :param exclusive: only one of them can be given.
    :param required: one of them has to be given.
    :param requires: names or spellings of parameters that have to be given where one of them is.
    """

    def option(self, *param_decls: str, **attrs: Any) -> Callable[[FC], FC]:
        """Put an option of this group on a callback: :func:`~dray.cli_kit.option`.

        :param param_decls: as for that decorator.
        :param attrs: as for that decorator.
        """
        return option(*param_decls, group=self, **attrs)


def constraint(rule: Constraint) -> Callable[[FC], FC]:
    """Put a rule on a callback or command.

    :param rule: the rule.
    """

    def decorator(f: FC) -> FC:
        _rules_of(f).append(rule)
        return f

    return decorator


def _rules_of(target: Any) -> list[Constraint]:
    """Return the rules of a command, or those that wait on a callback for the command that will be made of it."""
    if isinstance(target, Command):
        return target.constraints
    rules: list[Constraint] = target.__dict__.setdefault("__click_constraints__", [])
    return rules


def exclusive(*names: str, required: bool = False) -> Callable[[FC], FC]:
    """Let only one of some parameters be given.

    :param names: their names or spellings.
    :param required: one of them has to be given.
    """
    return constraint(Exclusion(names, required))


def requires(name: str, *others: str) -> Callable[[FC], FC]:
    """Let a parameter need others.

    :param name: its name or spelling.
    :param others: those of the others.
    """
    return constraint(Requirement(name, others))
