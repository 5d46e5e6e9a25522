"""Commands: a callback with parameters, a help page, and a place among other commands.

It must not know groups.
"""

from __future__ import annotations

from .._completion_item import CompletionItem
from .._utils import TYPE_CHECKING, lazy_module, ngettext
from .._utils import gettext as _
from ..exceptions import NoArgsIsHelpError
from ..globals import pop_context, push_context
from ..parser import _OptionParser
from ..utils import _make_default_short_help, echo
from .argument import Argument
from .context import Context
from .helps import HELP_OPTION_NAME, clean_help, deprecation_warning, with_deprecation_label
from .invocable import Invocable
from .main import complete_if_asked, run_main
from .option import Option
from .parameter import Parameter, iter_params_for_processing
from .processing import process_params
from .source import COMMANDLINE
from .table import Table

if TYPE_CHECKING:
    import warnings
    from collections.abc import Callable, MutableMapping, Sequence
    from typing import Any, TypeAlias

    from ..formatting import HelpFormatter
    from .constraints import Constraint, Section
    from .table import Reading

    OptionalText: TypeAlias = str | None
else:
    warnings = lazy_module("warnings")

__all__ = ["Command", "make_help_option", "show_help"]


def show_help(ctx: Context, param: Parameter, value: Any) -> None:
    """Write the help page and end: the callback of help options.

    :param ctx: the context.
    :param param: the help option.
    :param value: whether it was given.
    """
    if value and not ctx.resilient_parsing:
        echo(ctx.get_help(), color=ctx.color)
        ctx.exit()


def make_help_option(names: Sequence[str]) -> Option:
    """Return the help option that every command gets.

    :param names: its spellings.
    """
    return Option(
        [*names, HELP_OPTION_NAME],
        is_flag=True,
        is_eager=True,
        expose_value=False,
        help=_("Show this message and exit."),
        callback=show_help,
    )


class Command(Invocable):
    """A callback with parameters.

    :param name: its name; the decorators take that of the callback.
    :param context_settings: arguments for its :class:`Context`.
    :param callback: the function; it gets the parameters by name.
    :param params: its parameters.
    :param help: the text for its help page; what follows a form feed is left out.
    :param epilog: stands at the end of the help page.
    :param short_help: stands in the list of its group; by default the first sentence of ``help``.
    :param options_metavar: stands for the options in the usage line.
    :param add_help_option: give it a help option.
    :param no_args_is_help: show the help page when it is called without words.
    :param hidden: leave it out of the list of its group.
    :param deprecated: warn when it is called; a text says why and what to use instead.
    :param aliases: other names for it in its group.
    :param constraints: rules about several parameters.
    :param no_args_exit_code: the exit code of the help page that ``no_args_is_help`` shows, 2 by default; with 0 the
        page goes to standard output.
    """

    context_class: type[Context] = Context
    allow_extra_args = False
    allow_interspersed_args = True
    ignore_unknown_options = False
    #: The exit code of the help page that is shown where nothing was given; None is that of usage errors.
    no_args_exit_code: int | None = None

    def __init__(
        self,
        name: str | None,
        context_settings: MutableMapping[str, Any] | None = None,
        callback: Callable[..., Any] | None = None,
        params: list[Parameter] | None = None,
        help: OptionalText = None,
        epilog: OptionalText = None,
        short_help: OptionalText = None,
        options_metavar: OptionalText = "[OPTIONS]",
        add_help_option: bool = True,
        no_args_is_help: bool = False,
        hidden: bool = False,
        deprecated: bool | str = False,
        *,
        aliases: Sequence[str] = (),
        constraints: Sequence[Constraint] = (),
        no_args_exit_code: int | None = None,
    ) -> None:
        self.name = name
        self.context_settings: MutableMapping[str, Any] = {} if context_settings is None else context_settings
        self.callback = callback
        self.params: list[Parameter] = params or []
        self.help = help
        self.epilog = epilog
        self.options_metavar = options_metavar
        self.short_help = short_help
        self.add_help_option = add_help_option
        self._help_option: Option | None = None
        self.no_args_is_help = no_args_is_help
        self.hidden = hidden
        self.deprecated = deprecated
        self.aliases = tuple(aliases)
        self.constraints: list[Constraint] = list(constraints)
        if no_args_exit_code is not None:
            self.no_args_exit_code = no_args_exit_code
        # What the last call found out about the parameters.
        self._known_table: Table | None = None

    def to_info_dict(self, ctx: Context) -> dict[str, Any]:
        """Describe the command, for documentation tools.

        :param ctx: the context.
        """
        own = {name: getattr(self, name) for name in _DESCRIBED}
        return {**own, "params": [param.to_info_dict() for param in self.get_params(ctx)]}

    def get_params(self, ctx: Context) -> list[Parameter]:
        """Return the parameters and the help option.

        :param ctx: the context.
        """
        return self._table(ctx).params.copy()

    def _table(self, ctx: Context) -> Table:
        """Return what the command's own parameters and the help option come to."""
        help_option = self.get_help_option(ctx)
        table = self._known_table
        # It holds as long as the parameters are the same objects.
        if table is None or table.help_option is not help_option or table.own != self.params:
            table = Table(self.params, help_option)
            self._warn_about_doubles(table.params)
            self._known_table = table
        return table

    @staticmethod
    def _warn_about_doubles(params: Sequence[Parameter]) -> None:
        seen: set[str] = set()
        for param in params:
            for opt in param.opts:
                if opt in seen and param.param_type_name == "option":
                    warnings.warn(f"The parameter {opt} is declared twice; only the last one is parsed.", stacklevel=4)
                seen.add(opt)

    def format_usage(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Write the usage line.

        :param ctx: the context.
        :param formatter: where to.
        """
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)))

    def collect_usage_pieces(self, ctx: Context) -> list[str]:
        """Return what follows the command in the usage line.

        :param ctx: the context.
        """
        pieces = [self.options_metavar] if self.options_metavar else []
        for param in self.get_params(ctx):
            pieces += param.get_usage_pieces(ctx)
        return pieces

    def get_usage(self, ctx: Context) -> str:
        """Return the usage line.

        :param ctx: the context.
        """
        return _written(ctx, self.format_usage)

    def get_help_option_names(self, ctx: Context) -> list[str]:
        """Return the spellings of the help option that no parameter uses.

        :param ctx: the context.
        """
        names = list(dict.fromkeys(ctx.help_option_names))
        for param in self.params:
            for opt in (*param.opts, *param.secondary_opts):
                if opt in names:
                    names.remove(opt)
        return names

    def get_help_option(self, ctx: Context) -> Option | None:
        """Return the help option, or None.

        It is made once, so that it stays in its place among the parameters.

        :param ctx: the context.
        """
        if not self.add_help_option:
            return None
        if self._help_option is None:
            names = self.get_help_option_names(ctx)
            if not names:
                return None
            self._help_option = make_help_option(names)
        return self._help_option

    def make_parser(self, ctx: Context) -> _OptionParser:
        """Return a parser for the parameters.

        :param ctx: the context.
        """
        if getattr(self.get_params, "__func__", None) is _STOCK_PARAMS:
            return self._table(ctx).make_parser(ctx)
        parser = _OptionParser(ctx)
        for param in self.get_params(ctx):
            param.add_to_parser(parser, ctx)
        return parser

    def get_help(self, ctx: Context) -> str:
        """Return the help page.

        :param ctx: the context.
        """
        return _written(ctx, self.format_help)

    def get_short_help_str(self, limit: int = 45) -> str:
        """Return one line about the command.

        :param limit: its longest length, if it is taken from the long help text.
        """
        if self.short_help:
            text = clean_help(self.short_help)
        elif self.help:
            text = _make_default_short_help(clean_help(self.help), limit)
        else:
            text = ""
        return with_deprecation_label(text, self.deprecated).strip()

    def format_help(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Write the help page: usage, help text, options, epilog.

        :param ctx: the context.
        :param formatter: where to.
        """
        self.format_usage(ctx, formatter)
        self.format_help_text(ctx, formatter)
        self.format_options(ctx, formatter)
        self.format_epilog(ctx, formatter)

    def format_help_text(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Write the help text.

        :param ctx: the context.
        :param formatter: where to.
        """
        text = clean_help(self.help) if self.help is not None else ""
        text = with_deprecation_label(text, self.deprecated)
        if text:
            formatter.write_paragraph()
            with formatter.indentation():
                formatter.write_text(text)

    def format_arguments(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Write the arguments, if one of them has a help text.

        :param ctx: the context.
        :param formatter: where to.
        """
        arguments = [param for param in self.get_params(ctx) if isinstance(param, Argument)]
        if any(argument.help for argument in arguments):
            with formatter.section(_("Positional arguments")):
                formatter.write_dl([argument.get_help_record(ctx) for argument in arguments])

    def format_options(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Write arguments and options.

        :param ctx: the context.
        :param formatter: where to.
        """
        self.format_arguments(ctx, formatter)
        for group, records in self._option_records(ctx):
            with formatter.section(_("Options") if group is None else group.heading):
                if group is not None and group.help:
                    formatter.write_text(group.help)
                    formatter.write_paragraph()
                formatter.write_dl(records)

    def _option_records(self, ctx: Context) -> list[tuple[Section | None, list[tuple[str, str]]]]:
        """Return the sections of options, those without a group first, with the help records in them."""
        params = self.get_params(ctx)
        rules = self._rules(params)
        sections: dict[Section | None, list[tuple[str, str]]] = {None: []}
        for param in params:
            record = None if isinstance(param, Argument) else param.get_help_record(ctx)
            if record is not None:
                record = _with_notes(record, [rule.note(param, params) for rule in rules])
                sections.setdefault(param._section, []).append(record)
        return [(group, records) for group, records in sections.items() if records]

    def _rules(self, params: Sequence[Parameter]) -> list[Constraint]:
        groups = [param._section for param in params if param._section is not None]
        return [*self.constraints, *dict.fromkeys(groups)] if groups else self.constraints

    def format_epilog(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Write the epilog.

        :param ctx: the context.
        :param formatter: where to.
        """
        if self.epilog:
            formatter.write_paragraph()
            with formatter.indentation():
                formatter.write_text(clean_help(self.epilog))

    def make_context(
        self, info_name: str | None, args: list[str], parent: Context | None = None, **extra: Any
    ) -> Context:
        """Make a context and parse the words into it; nothing is called but the callbacks of parameters.

        :param info_name: how the command was called.
        :param args: the words; the list is used up.
        :param parent: the context of the group.
        :param extra: more arguments for the context.
        :return: the context.
        :raises UsageError: the words don't fit.
        """
        for name, value in self.context_settings.items():
            extra.setdefault(name, value)
        ctx = self.context_class(self, info_name=info_name, parent=parent, **extra)
        # What ctx.scope(cleanup=False) does: resources that parameters open stay open for the callback.
        ctx._depth += 1
        push_context(ctx)
        try:
            self.parse_args(ctx, args)
        except BaseException as error:
            # There will be no callback.
            ctx._close_with_exception_info(type(error), error, error.__traceback__)
            raise
        finally:
            ctx._depth -= 1
            pop_context()
        return ctx

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        """Parse the words and process the parameters.

        :param ctx: the context; gets ``params`` and ``args``.
        :param args: the words; the list is used up.
        :return: the words that belong to nothing.
        :raises UsageError: the words don't fit.
        """
        if self.no_args_is_help and not (args or ctx.resilient_parsing):
            raise NoArgsIsHelpError(ctx)
        table = self._table(ctx)
        # Whether neither a subclass nor this object has methods of its own.
        stock = (
            getattr(self.make_parser, "__func__", None) is _STOCK_PARSER
            and getattr(self.get_params, "__func__", None) is _STOCK_PARAMS
        )
        opts, args, params = self._read(ctx, args, table if stock else None)
        args = process_params(ctx, params, opts, args, table.plain if stock else frozenset())
        if (self.constraints or table.sections) and not ctx.resilient_parsing:
            for rule in (*self.constraints, *table.sections):
                rule.check(ctx, self.params)
        if args and not ctx.allow_extra_args and not ctx.resilient_parsing:
            message = ngettext(
                "Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})", len(args)
            )
            ctx.fail(message.format(args=" ".join(map(str, args))))
        ctx.args = args
        return args

    def _read(self, ctx: Context, words: list[str], table: Table | None) -> Reading:
        """Return what words say by name, those that belong to nothing, and the parameters in order of processing."""
        reading = None if table is None else table.read(ctx, words)
        if reading is None:
            parser = self.make_parser(ctx)
            ctx._opt_prefixes.update(parser._opt_prefixes)
            reading = parser.parse_args(words)
        opts, rest, order = reading
        if table is not None and not table.eager:
            help_option = table.help_option
            if help_option is None or help_option.callback is show_help and not opts.get(HELP_OPTION_NAME):
                return opts, rest, table.own_in_order(order)
        return opts, rest, iter_params_for_processing(order, self.get_params(ctx))

    def invoke(self, ctx: Context) -> Any:
        """Call the callback with the parameters.

        :param ctx: the context.
        :return: what it returns.
        """
        if self.deprecated:
            echo(_style_warning(deprecation_warning("command", self.name, self.deprecated)), err=True)
        if self.callback is not None:
            return ctx.invoke(self.callback, **ctx.params)
        return None

    def shell_complete(self, ctx: Context, incomplete: str) -> list[CompletionItem]:
        """Suggest options, and the commands of a group in chain mode that this is part of.

        :param ctx: the context.
        :param incomplete: the beginning of a word.
        """
        results: list[CompletionItem] = []
        if incomplete and not incomplete[0].isalnum():
            params = self.get_params(ctx)
            rules = self._rules(params)
            for param in params:
                if not isinstance(param, Option) or param.hidden:
                    continue
                if not param.multiple and ctx._parameter_source.get(param.name or "") == COMMANDLINE:
                    continue
                if any(rule.excludes(ctx, param, params) for rule in rules):
                    continue
                names = (*param.opts, *param.secondary_opts)
                results += [CompletionItem(name, help=param.help) for name in names if name.startswith(incomplete)]
        results += self._complete_chain(ctx, incomplete)
        return results

    def _complete_chain(self, ctx: Context, incomplete: str) -> list[CompletionItem]:
        results: list[CompletionItem] = []
        while ctx.parent is not None:
            ctx = ctx.parent
            group: Any = ctx.command
            if getattr(group, "chain", False):
                for name, command in group.visible_commands(ctx):
                    if name.startswith(incomplete) and name not in ctx._protected_args:
                        results.append(CompletionItem(name, help=command.get_short_help_str()))
        return results

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: OptionalText = None,
        complete_var: OptionalText = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Run the command as a program.

        :param args: the words, those of the process by default.
        :param prog_name: the program's name in usage lines.
        :param complete_var: the environment variable that asks for completion, ``_PROG_COMPLETE`` by default.
        :param standalone_mode: show errors and end the process with an exit code. Otherwise errors are raised, and the
            result (or the code of an exit) is returned.
        :param windows_expand_args: on Windows, expand patterns, ``~`` and variables in the words of the process.
        :param extra: arguments for :meth:`make_context`.
        :return: what the callback returns, when the process doesn't end.
        """
        return run_main(self, args, prog_name, complete_var, standalone_mode, windows_expand_args, extra)

    def _main_shell_completion(
        self, ctx_args: MutableMapping[str, Any], prog_name: str, complete_var: str | None = None
    ) -> None:
        """Answer the shell and end, if it is the shell that calls.

        :param ctx_args: arguments for the context.
        :param prog_name: the program's name.
        :param complete_var: the environment variable that asks for completion.
        """
        complete_if_asked(self, ctx_args, prog_name, complete_var)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run the command as a program: :meth:`main`."""
        return self.main(*args, **kwargs)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"


# What a description holds beside the parameters.
_DESCRIBED = ("name", "help", "epilog", "short_help", "hidden", "deprecated")


def _written(ctx: Context, write: Callable[[Context, HelpFormatter], None]) -> str:
    """Return what a method writes into a formatter."""
    formatter = ctx.make_formatter()
    write(ctx, formatter)
    return formatter.getvalue().rstrip("\n")


# The methods whose place the table of parameters takes, unless a subclass or an object has its own.
_STOCK_PARAMS = Command.get_params
_STOCK_PARSER = Command.make_parser


def _with_notes(record: tuple[str, str], notes: Sequence[str | None]) -> tuple[str, str]:
    """Put what rules say about an option behind its help text."""
    said = "; ".join(note for note in notes if note)
    if not said:
        return record
    term, text = record
    return term, f"{text}  [{said}]" if text else f"[{said}]"


def _style_warning(text: str) -> str:
    return f"\033[31m{text}\033[0m"
