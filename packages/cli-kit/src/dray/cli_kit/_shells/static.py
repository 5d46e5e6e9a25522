"""All that completion can know without running the program: commands, options, choices, as a table of texts.

A script with such a table answers the tab key by itself. What only the program knows (values that a function of its own
suggests, commands in chain mode) is marked, so that the script asks the program for it. It must not know any one shell.

Keys are a path of command names, a bar, and a word: ``copy|options``. The texts behind them:

- ``commands`` and ``options``: a line for each suggestion, with a tab and its help text;
- ``command:NAME``: the path of that command, which may be called by an alias;
- ``takes:OPTION``: how many words follow, and then as for arguments;
- ``argument:N``, and ``argument:rest`` for any number: ``plain``, ``file``, ``dir`` or ``ask``, and a line for each
  value;
- ``ask``: the program has to answer.
"""

from __future__ import annotations

from .._utils import TYPE_CHECKING
from ..core import Argument, Command, Group, Option
from ..exceptions import ClickException
from ..types import Choice, ParamType
from .words import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .._completion_item import CompletionItem
    from ..core import Context, Parameter

__all__ = ["make_table"]

_STOCK_COMMANDS = (Command.shell_complete, Group.shell_complete)


def make_table(ctx: Context) -> dict[str, str]:
    """Write down what can be completed in a command and all below it.

    :param ctx: its context, in resilient parsing.
    :return: key -> text.
    """
    table: dict[str, str] = {}
    _add(ctx, (), table)
    return table


def _add(ctx: Context, path: tuple[str, ...], table: dict[str, str]) -> None:
    command, here = ctx.command, " ".join(path)
    chain = isinstance(command, Group) and command.chain
    if chain or type(command).shell_complete not in _STOCK_COMMANDS:
        table[f"{here}|ask"] = "1"
        return
    table[f"{here}|options"] = _lines(command.shell_complete(ctx, "-"))
    position = 0
    for param in command.get_params(ctx):
        if isinstance(param, Option):
            count = 0 if param.is_flag or param.count else param.nargs
            text = f"{count}\n{_values(ctx, param)}" if count else "0"
            table.update({f"{here}|takes:{name}": text for name in (*param.opts, *param.secondary_opts)})
        elif isinstance(param, Argument):
            places = ["rest"] if param.nargs == -1 else range(position, position + param.nargs)
            table.update({f"{here}|argument:{place}": _values(ctx, param) for place in places})
            position += max(param.nargs, 0)
    if isinstance(command, Group):
        _add_commands(ctx, command, path, table)


def _add_commands(ctx: Context, group: Group, path: tuple[str, ...], table: dict[str, str]) -> None:
    here = " ".join(path)
    commands = group.visible_commands(ctx)
    table[f"{here}|commands"] = "\n".join(f"{name}\t{one_line(c.get_short_help_str())}" for name, c in commands)
    for name in group.list_commands(ctx):
        try:
            command = group.get_command(ctx, name)
        except ClickException:
            continue  # a lazy command that can't be loaded has a name, and nothing below it
        if command is not None:
            below = (*path, name)
            table.update({f"{here}|command:{called}": " ".join(below) for called in (name, *command.aliases)})
            settings = {**command.context_settings, "resilient_parsing": True}
            _add(command.context_class(command, info_name=name, parent=ctx, **settings), below, table)


def _values(ctx: Context, param: Parameter) -> str:
    kind = param.type
    stock = type(kind).__module__.startswith(ParamType.__module__.rpartition(".")[0])
    if param._custom_shell_complete is not None or not stock or isinstance(kind, Choice) and not kind.case_sensitive:
        return "ask"
    items = param.shell_complete(ctx, "")
    if items and items[0].type != "plain":
        return items[0].type
    return f"plain\n{_lines(items)}"


def _lines(items: Iterable[CompletionItem]) -> str:
    return "\n".join(f"{item.value}\t{one_line(item.help)}" for item in items)
