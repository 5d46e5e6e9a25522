"""Groups: commands that find the command to run among others.

It must not know how commands are declared by decorators beyond handing them on.
"""

from __future__ import annotations

from .._completion_item import CompletionItem
from .._names import split_opt
from .._utils import TYPE_CHECKING, overload
from .._utils import gettext as _
from ..exceptions import NoArgsIsHelpError, NoSuchCommand
from ..utils import make_str
from .argument import Argument
from .command import Command
from .lazy import LazyCommand, make_lazy_commands

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
    from typing import Any, TypeVar

    from ..formatting import HelpFormatter
    from .context import Context
    from .lazy import LazyTarget

    F = TypeVar("F", bound=Callable[..., Any])

__all__ = ["CommandCollection", "Group"]


def _check_nested_chain(base_command: Group, cmd_name: str, cmd: Command, register: bool = False) -> None:
    """Refuse a group inside a group in chain mode: nothing would say where its commands end.

    :raises RuntimeError: the command is a group.
    """
    allowed = not (base_command.chain and isinstance(cmd, Group))
    if allowed:
        return
    if register:
        message = (
            f"It is not possible to add the group {cmd_name!r} to another group {base_command.name!r}"
            " that is in chain mode."
        )
    else:
        message = (
            f"Found the group {cmd_name!r} as subcommand to another group {base_command.name!r} that is in chain mode."
            " This is not supported."
        )
    raise RuntimeError(message)


class Group(Command):
    """A command with sub-commands.

    :param name: its name.
    :param commands: the sub-commands, by name or in a sequence.
    :param invoke_without_command: call the callback even if no sub-command is given.
    :param no_args_is_help: show the help page when it is called without words; by default unless the callback is called
        then.
    :param subcommand_metavar: stands for the sub-command in the usage line.
    :param chain: several sub-commands can be given, one after the other.
    :param result_callback: gets what the sub-command returned (in chain mode a list) and the group's parameters;
        what it returns is the result.
    :param lazy_subcommands: name -> where a command is (``package.module:attribute``), or that and its line in the list
        of commands. It is imported when it runs; the list and completion import nothing.
    :param kwargs: as for :class:`Command`.
    """

    allow_extra_args = True
    allow_interspersed_args = False
    #: The class of commands that :meth:`command` makes, if none is given.
    command_class: type[Command] | None = None
    #: The class of groups that :meth:`group` makes, if none is given; ``type`` means this group's own class.
    group_class: type[Group] | type[type] | None = None

    def __init__(
        self,
        name: str | None = None,
        commands: MutableMapping[str, Command] | Sequence[Command] | None = None,
        invoke_without_command: bool = False,
        no_args_is_help: bool | None = None,
        subcommand_metavar: str | None = None,
        chain: bool = False,
        result_callback: Callable[..., Any] | None = None,
        *,
        lazy_subcommands: Mapping[str, LazyTarget] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(name, **kwargs)
        self.lazy_subcommands: dict[str, LazyCommand] = make_lazy_commands(lazy_subcommands)
        found: Any = {} if commands is None else commands
        if not hasattr(found, "items"):
            found = {command.name: command for command in found if command.name is not None}
        self.commands: MutableMapping[str, Command] = found
        self.no_args_is_help = not invoke_without_command if no_args_is_help is None else no_args_is_help
        self.invoke_without_command = invoke_without_command
        self._subcommand_metavar = subcommand_metavar
        self.chain = chain
        self._result_callback = result_callback
        if chain and any(isinstance(param, Argument) and not param.required for param in self.params):
            raise RuntimeError("A group in chain mode cannot have optional arguments.")

    @property
    def subcommand_metavar(self) -> str:
        """What stands for the sub-command in the usage line."""
        if self._subcommand_metavar is not None:
            return self._subcommand_metavar
        if self.chain:
            first = "[COMMAND1]" if self.invoke_without_command else "COMMAND1"
            return f"{first} [ARGS]... [COMMAND2 [ARGS]...]..."
        return "[COMMAND] [ARGS]..." if self.invoke_without_command else "COMMAND [ARGS]..."

    @subcommand_metavar.setter
    def subcommand_metavar(self, value: str | None) -> None:
        self._subcommand_metavar = value

    def to_info_dict(self, ctx: Context) -> dict[str, Any]:
        """Describe the group with its commands, for documentation tools."""
        commands = {}
        for name in self.list_commands(ctx):
            command = self.get_command(ctx, name)
            if command is not None:
                sub_ctx = ctx._make_sub_context(command)
                with sub_ctx.scope(cleanup=False):
                    commands[name] = command.to_info_dict(sub_ctx)
        return {**super().to_info_dict(ctx), "commands": commands, "chain": self.chain}

    def add_command(self, cmd: Command, name: str | None = None, *, aliases: Sequence[str] = ()) -> None:
        """Add a command.

        :param cmd: the command.
        :param name: another name than its own.
        :param aliases: more names.
        :raises TypeError: it has no name.
        """
        if aliases:
            cmd.aliases = (*cmd.aliases, *aliases)
        name = name or cmd.name
        if name is None:
            raise TypeError("Command has no name.")
        _check_nested_chain(self, name, cmd, register=True)
        self.commands[name] = cmd

    @overload
    def command(self, name: Callable[..., Any], /) -> Command: ...
    @overload
    def command(self, *args: Any, **kwargs: Any) -> Callable[[Callable[..., Any]], Command]: ...
    def command(self, *args: Any, **kwargs: Any) -> Callable[[Callable[..., Any]], Command] | Command:
        """Make a command of a function and add it: :func:`~dray.cli_kit.command` in this group.

        :param args: as for that decorator.
        :param kwargs: as for that decorator.
        """
        from ..decorators import command as decorate  # noqa: PLC0415 - decorators make commands; commands stand below

        function: Callable[..., Any] | None = None
        if len(args) == 1 and callable(args[0]):
            function, args = args[0], ()
        if self.command_class is not None and kwargs.get("cls") is None:
            kwargs["cls"] = self.command_class
        return self._decorate(decorate(*args, **kwargs), function)  # type: ignore[no-any-return]

    @overload
    def group(self, name: Callable[..., Any], /) -> Group: ...
    @overload
    def group(self, *args: Any, **kwargs: Any) -> Callable[[Callable[..., Any]], Group]: ...
    def group(self, *args: Any, **kwargs: Any) -> Callable[[Callable[..., Any]], Group] | Group:
        """Make a group of a function and add it: :func:`~dray.cli_kit.group` in this group.

        :param args: as for that decorator.
        :param kwargs: as for that decorator.
        """
        from ..decorators import group as decorate  # noqa: PLC0415 - decorators make commands; commands stand below

        function: Callable[..., Any] | None = None
        if len(args) == 1 and callable(args[0]):
            function, args = args[0], ()
        if self.group_class is not None and kwargs.get("cls") is None:
            kwargs["cls"] = type(self) if self.group_class is type else self.group_class
        return self._decorate(decorate(*args, **kwargs), function)  # type: ignore[no-any-return]

    def _decorate(self, decorator: Any, function: Callable[..., Any] | None) -> Any:
        def add(function: Callable[..., Any]) -> Command:
            command: Command = decorator(function)
            self.add_command(command)
            return command

        return add if function is None else add(function)

    def result_callback(self, replace: bool = False) -> Callable[[F], F]:
        """Return a decorator for the function that gets the result.

        :param replace: instead of the one there is; otherwise that one's result is handed on.
        """

        def register(function: F) -> F:
            before = self._result_callback
            if before is None or replace:
                self._result_callback = function
                return function

            def both(value: Any, /, *args: Any, **kwargs: Any) -> Any:
                return function(before(value, *args, **kwargs), *args, **kwargs)

            both.__name__ = getattr(function, "__name__", "both")
            both.__doc__ = function.__doc__
            self._result_callback = both
            return both  # type: ignore[return-value]

        return register

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:
        """Return a command, or None.

        :param ctx: the context.
        :param cmd_name: its name, or one of its aliases.
        :raises ClickException: a lazy command can't be imported.
        """
        command = self.commands.get(cmd_name)
        if command is None and cmd_name in self.lazy_subcommands:
            command = self.lazy_subcommands[cmd_name].load()
            _check_nested_chain(self, cmd_name, command)
            self.commands[cmd_name] = command
        if command is None:
            name = self._aliased(cmd_name)
            return None if name is None else self.get_command(ctx, name)
        return command

    def _aliased(self, alias: str) -> str | None:
        """Return the name of the command that has an alias, or None."""
        for commands in (self.commands, self.lazy_subcommands):
            for name, command in commands.items():
                if alias in command.aliases and alias != name:
                    return name
        return None

    def list_commands(self, ctx: Context) -> list[str]:
        """Return the names of the commands in the order of the help page.

        :param ctx: the context.
        """
        return sorted({*self.commands, *self.lazy_subcommands})

    def visible_commands(self, ctx: Context) -> Iterator[tuple[str, Command]]:
        """Yield names and commands that aren't hidden.

        :param ctx: the context.
        """
        for name in self.list_commands(ctx):
            command = self._peek(ctx, name)
            # A name without a command is a subclass's way of saying that it isn't there.
            if command is not None and not command.hidden:
                yield name, command

    def _peek(self, ctx: Context, name: str) -> Command | None:
        """Return a command to say something about it; a lazy one isn't imported for that."""
        if name in self.lazy_subcommands and name not in self.commands:
            return self.lazy_subcommands[name]
        return self.get_command(ctx, name)

    def collect_usage_pieces(self, ctx: Context) -> list[str]:
        """Return what follows the group in the usage line."""
        return [*super().collect_usage_pieces(ctx), self.subcommand_metavar]

    def format_commands(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Write the commands.

        :param ctx: the context.
        :param formatter: where to.
        """
        commands = list(self.visible_commands(ctx))
        if not commands:
            return
        rows = [(", ".join([name, *command.aliases]), command) for name, command in commands]
        limit = formatter.width - 6 - max(len(names) for names, _command in rows)
        with formatter.section(_("Commands")):
            formatter.write_dl([(names, command.get_short_help_str(limit)) for names, command in rows])

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        """Parse the group's own words; the name of the sub-command and the rest are kept for later."""
        if self.no_args_is_help and not (args or ctx.resilient_parsing):
            raise NoArgsIsHelpError(ctx)
        rest = super().parse_args(ctx, args)
        if self.chain:
            ctx._protected_args, ctx.args = rest, []
        elif rest:
            ctx._protected_args, ctx.args = rest[:1], rest[1:]
        return ctx.args

    def invoke(self, ctx: Context) -> Any:
        """Call the callback, then the sub-command or sub-commands, then the result callback."""
        words = [*ctx._protected_args, *ctx.args]
        if not words:
            return self._invoke_alone(ctx)
        ctx.args = []
        ctx._protected_args = []
        if self.chain:
            return self._invoke_chain(ctx, words)
        with ctx:
            name, command, words = self.resolve_command(ctx, words)
            assert command is not None
            ctx.invoked_subcommand = name
            super().invoke(ctx)
            with command.make_context(name, words, parent=ctx) as sub_ctx:
                return self._finish(ctx, sub_ctx.command.invoke(sub_ctx))

    def _invoke_alone(self, ctx: Context) -> Any:
        if not self.invoke_without_command:
            ctx.fail(_("Missing command."))
        # A chain of no commands has a result too: no results.
        with ctx:
            result = super().invoke(ctx)
            return self._finish(ctx, [] if self.chain else result)

    def _invoke_chain(self, ctx: Context, words: list[str]) -> Any:
        # All commands are parsed before the first one runs: a mistake in the last must not leave half of the work done.
        with ctx:
            ctx.invoked_subcommand = "*" if words else None
            super().invoke(ctx)
            contexts = []
            while words:
                name, command, words = self.resolve_command(ctx, words)
                assert command is not None
                sub_ctx = command.make_context(
                    name, words, parent=ctx, allow_extra_args=True, allow_interspersed_args=False
                )
                contexts.append(sub_ctx)
                words, sub_ctx.args = sub_ctx.args, []
            results = []
            for sub_ctx in contexts:
                with sub_ctx:
                    results.append(sub_ctx.command.invoke(sub_ctx))
            return self._finish(ctx, results)

    def _finish(self, ctx: Context, value: Any) -> Any:
        if self._result_callback is not None:
            return ctx.invoke(self._result_callback, value, **ctx.params)
        return value

    def resolve_command(self, ctx: Context, args: list[str]) -> tuple[str | None, Command | None, list[str]]:
        """Find the command that the first word names.

        :param ctx: the context.
        :param args: the words.
        :return: its name, the command, and the remaining words.
        :raises NoSuchCommand: there is no such command.
        """
        given = cmd_name = make_str(args[0])
        command = self.get_command(ctx, cmd_name)
        if command is None and ctx.token_normalize_func is not None:
            cmd_name = ctx.token_normalize_func(cmd_name)
            command = self.get_command(ctx, cmd_name)
        if command is None and not ctx.resilient_parsing:
            if split_opt(cmd_name)[0]:
                # It looks like an option: parse it as one, for the better error.
                self.parse_args(ctx, args)
            raise NoSuchCommand(given, possibilities=self._known_names(ctx), ctx=ctx)
        if command is None:
            return None, None, args[1:]
        if cmd_name not in self.commands:
            # An alias is only another spelling: the command is known by its name.
            cmd_name = self._aliased(cmd_name) or cmd_name
        return cmd_name, command, args[1:]

    def _known_names(self, ctx: Context) -> list[str]:
        names = self.list_commands(ctx)
        for commands in (self.commands, self.lazy_subcommands):
            for command in commands.values():
                names += command.aliases
        return names

    def shell_complete(self, ctx: Context, incomplete: str) -> list[CompletionItem]:
        """Suggest commands and options."""
        results = []
        for name, command in self.visible_commands(ctx):
            names = [name] if name.startswith(incomplete) or not incomplete else command.aliases
            fit = [one for one in names if one.startswith(incomplete)]
            results += [CompletionItem(one, help=command.get_short_help_str()) for one in fit]
        return results + super().shell_complete(ctx, incomplete)

    def format_options(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Write options and commands."""
        super().format_options(ctx, formatter)
        self.format_commands(ctx, formatter)


class CommandCollection(Group):
    """A group that shows the commands of several groups as its own; its own come first.

    :param name: its name.
    :param sources: the groups.
    :param kwargs: as for :class:`Group`.
    """

    def __init__(self, name: str | None = None, sources: list[Group] | None = None, **kwargs: Any) -> None:
        super().__init__(name, **kwargs)
        #: The groups.
        self.sources: list[Group] = sources or []

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:
        """Return a command of its own or the first group that has one, or None."""
        command = super().get_command(ctx, cmd_name)
        if command is not None:
            return command
        for source in self.sources:
            command = source.get_command(ctx, cmd_name)
            if command is not None:
                if self.chain:
                    _check_nested_chain(self, cmd_name, command)
                return command
        return None

    def list_commands(self, ctx: Context) -> list[str]:
        """Return the names of the commands of all groups."""
        names = set(super().list_commands(ctx))
        for source in self.sources:
            names.update(source.list_commands(ctx))
        return sorted(names)

    def add_source(self, group: Group) -> None:
        """Add a group.

        :param group: the group.
        """
        self.sources.append(group)
