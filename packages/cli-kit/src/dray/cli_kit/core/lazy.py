"""Commands that are imported when they run, not when they are listed.

A stand-in knows where its command is and what to say about it. It must not know groups.
"""

from __future__ import annotations

import sys

from .._utils import TYPE_CHECKING
from .._utils import gettext as _
from ..exceptions import ClickException
from .command import Command

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any, TypeAlias

    #: Where a command is (``package.module:attribute``), or that and its line in the list of commands.
    LazyTarget: TypeAlias = str | tuple[str, str] | list[str] | "LazyCommand"

__all__ = ["LazyCommand", "make_lazy_commands"]


class LazyCommand(Command):
    """Stands for a command that isn't imported yet.

    :param name: its name in the group.
    :param target: where it is: ``package.module:attribute``.
    :param short_help: its line in the list of commands; without one the command is imported for the list.
    :param hidden: leave it out of the list.
    :param aliases: other names for it.
    """

    def __init__(
        self,
        name: str,
        target: str,
        short_help: str | None = None,
        hidden: bool = False,
        aliases: Sequence[str] = (),
    ) -> None:
        super().__init__(name, short_help=short_help, hidden=hidden, add_help_option=False, aliases=aliases)
        module, colon, attribute = target.partition(":")
        if not module or not attribute:
            raise ValueError(
                f"The lazy command {name!r} needs a target like 'package.module:attribute', not {target!r}."
            )
        self.target = target
        self._module = module
        self._attribute = attribute

    def load(self) -> Command:
        """Import the command.

        :return: the command.
        :raises ClickException: it can't be imported; the message says which module and why.
        """
        try:
            __import__(self._module)
            found: Any = sys.modules[self._module]
            for part in self._attribute.split("."):
                found = getattr(found, part)
        except Exception as error:
            message = _("The command {name!r} can't be loaded from {target!r}: {kind}: {error}")
            raise ClickException(
                message.format(name=self.name, target=self.target, kind=type(error).__name__, error=error)
            ) from error
        if not isinstance(found, Command):
            message = _("The command {name!r} can't be loaded: {target!r} is no command but {found!r}.")
            raise ClickException(message.format(name=self.name, target=self.target, found=found))
        return found

    def get_short_help_str(self, limit: int = 45) -> str:
        """Return one line about the command, or why it can't be loaded if that has to be tried for it."""
        if self.short_help is not None:
            return super().get_short_help_str(limit)
        try:
            return self.load().get_short_help_str(limit)
        except ClickException as error:
            return f"({error.message})"


def make_lazy_commands(targets: Mapping[str, LazyTarget] | None) -> dict[str, LazyCommand]:
    """Make stand-ins.

    :param targets: name -> target, or target and line in the list of commands, or a stand-in.
    :return: name -> stand-in.
    """
    made = {}
    for name, target in (targets or {}).items():
        if isinstance(target, LazyCommand):
            made[name] = target
        elif isinstance(target, str):
            made[name] = LazyCommand(name, target)
        else:
            make: Any = LazyCommand
            made[name] = make(name, *target)
    return made
