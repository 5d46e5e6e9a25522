"""Completion: which shells there are, and the answer to a shell that asks.

A program answers when its variable ``_PROG_COMPLETE`` is set: ``bash_source`` prints the script for bash,
``bash_complete`` the suggestions. It must not know how a shell is spoken to; that is in ``_shells``.
"""

from __future__ import annotations

from ._completion_item import CompletionItem
from ._shells.base import ShellComplete
from ._shells.bash import BashComplete
from ._shells.fish import FishComplete
from ._shells.nushell import NushellComplete
from ._shells.powershell import PowerShellComplete
from ._shells.resolve import resolve_context as _resolve_context
from ._shells.resolve import resolve_incomplete as _resolve_incomplete
from ._shells.words import split_arg_string
from ._shells.zsh import ZshComplete
from ._utils import TYPE_CHECKING
from .exceptions import ClickException
from .utils import echo

if TYPE_CHECKING:
    from collections.abc import MutableMapping
    from typing import Any, Literal, TypeVar

    from .core import Command

    _ShellCompleteT = TypeVar("_ShellCompleteT", bound=ShellComplete)

__all__ = [
    "BashComplete",
    "CompletionItem",
    "FishComplete",
    "NushellComplete",
    "PowerShellComplete",
    "ShellComplete",
    "ZshComplete",
    "_resolve_context",
    "_resolve_incomplete",
    "add_completion_class",
    "get_completion_class",
    "shell_complete",
    "split_arg_string",
]

_available_shells: dict[str, type[ShellComplete]] = {
    cls.name: cls for cls in (BashComplete, FishComplete, NushellComplete, PowerShellComplete, ZshComplete)
}


def shell_complete(
    cli: Command,
    ctx_args: MutableMapping[str, Any],
    prog_name: str,
    complete_var: str,
    instruction: str,
) -> Literal[0, 1]:
    """Answer a shell.

    :param cli: the program's command.
    :param ctx_args: arguments for its context.
    :param prog_name: the program's name.
    :param complete_var: the environment variable that asks for completion.
    :param instruction: its value: a shell's name, an underscore, and ``source``, ``static`` or ``complete``.
    :return: the exit code: 0, or 1 when there is no such shell or instruction.
    """
    shell, _underscore, wanted = instruction.partition("_")
    cls = get_completion_class(shell)
    if cls is None:
        return 1
    worker = cls(cli, ctx_args, prog_name, complete_var)
    if wanted == "source":
        echo(worker.source())
        return 0
    if wanted == "static" and worker.static_template is not None:
        echo(worker.static_source())
        return 0
    if wanted != "complete":
        return 1
    try:
        answer = worker.complete()
    except ClickException:
        # A mistake on an unfinished line, or a command that can't be loaded, must not disturb the person's typing.
        answer = ""
    echo(answer)
    return 0


def add_completion_class(cls: type[_ShellCompleteT], name: str | None = None) -> type[_ShellCompleteT]:
    """Add a shell.

    :param cls: its class.
    :param name: another name than its own.
    :return: the class, so that this is a decorator too.
    """
    _available_shells[cls.name if name is None else name] = cls
    return cls


def get_completion_class(shell: str) -> type[ShellComplete] | None:
    """Return the class for a shell, or None.

    :param shell: the shell's name.
    """
    return _available_shells.get(shell)
