"""Options: parameters that are called by name, on the command line, in the environment, or by a question.

It must not know commands; what flags mean is decided in ``flags``.
"""

from __future__ import annotations

from .._names import join_options, split_opt
from .._utils import FLAG_NEEDS_VALUE, TYPE_CHECKING, UNSET
from .._utils import gettext as _
from ..exceptions import BadParameter
from ..types import BoolParamType, IntRange, convert_type
from ..types.choice import is_enum_member
from ..types.ranges import NumberRangeBase
from .flags import flag_from_text, infer_flag, pick_flag_type
from .helps import clean_help, with_deprecation_label
from .parameter import ASK, Parameter
from .source import COMMANDLINE, DEFAULT, DEFAULT_MAP, PROMPT
from .values import read_envvar, split_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from ..parser import _OptionParser
    from ..types import ParamType
    from ..types.infos import OptionHelpExtra
    from .constraints import Section
    from .context import Context
    from .parameter import Suggester

__all__ = ["Option"]

_FunctionTypes = (type(lambda: None), type(clean_help))


class Option(Parameter["Any"]):
    """A parameter that is called by name.

    :param param_decls: the spellings (``-o``, ``--output``, ``--shout/--no-shout``) and perhaps the name.
    :param show_default: show the default on the help page; a text is shown in its place.
    :param prompt: ask for a missing value; a text is the question.
    :param confirmation_prompt: ask twice.
    :param prompt_required: ask whenever it is missing; False asks only when the option stands there without its value.
    :param hide_input: don't show what is typed.
    :param is_flag: it takes no value. With False and a ``flag_value`` its value can be left out.
    :param flag_value: what giving it means, True by default.
    :param multiple: it can be given several times; the value is a tuple.
    :param count: the value is how often it was given.
    :param allow_from_autoenv: take the value from the variable that the context's prefix makes.
    :param type: as for parameters.
    :param help: the text for the help page.
    :param hidden: leave it out of the help page.
    :param show_choices: show the choices of a :class:`Choice`.
    :param show_envvar: show the environment variables on the help page and in errors.
    :param deprecated: as for parameters.
    :param group: the :class:`~dray.cli_kit.groups.OptionGroup` that it belongs to.
    :param attrs: nothing; a name that isn't known is an error.
    :raises TypeError: there is no such parameter, or they don't go together.

    ``required``, ``default``, ``callback``, ``nargs``, ``metavar``, ``expose_value``, ``is_eager``, ``envvar`` and
    ``shell_complete`` are those of parameters.
    """

    param_type_name = "option"
    _stock_consume = True
    _stock_default = True
    _stock = True

    def __init__(
        self,
        param_decls: Sequence[str] | None = None,
        show_default: bool | str | None = None,
        prompt: bool | str = False,
        confirmation_prompt: bool | str = False,
        prompt_required: bool = True,
        hide_input: bool = False,
        is_flag: bool | None = None,
        flag_value: Any = UNSET,
        multiple: bool = False,
        count: bool = False,
        allow_from_autoenv: bool = True,
        type: ParamType[Any, Any] | Any | None = None,
        help: str | None = None,
        hidden: bool = False,
        show_choices: bool = True,
        show_envvar: bool = False,
        deprecated: bool | str = False,
        *,
        required: bool = False,
        default: Any | Callable[[], Any] | None = UNSET,
        callback: Callable[[Context, Parameter, Any], Any] | None = None,
        nargs: int | None = None,
        metavar: str | None = None,
        expose_value: bool = True,
        is_eager: bool = False,
        envvar: str | Sequence[str] | None = None,
        shell_complete: Suggester | None = None,
        group: Section | None = None,
        **attrs: Any,
    ) -> None:
        if attrs:
            raise TypeError(f"Parameter.__init__() got an unexpected keyword argument {next(iter(attrs))!r}")
        if group is not None:
            self._section = group
        if help is not None:
            help = clean_help(help)
        # By position: names would be put into a dictionary and taken out of it for each option.
        super().__init__(
            param_decls,
            type,
            required,
            default,
            callback,
            nargs,
            multiple,
            metavar,
            expose_value,
            is_eager,
            envvar,
            shell_complete,
            deprecated,
            help,
        )
        if deprecated:
            self.help = with_deprecation_label(help or "", deprecated)
        self.prompt: str | None = None if prompt is False else self._question(prompt)
        self.confirmation_prompt = confirmation_prompt
        self.prompt_required = prompt_required
        self.hide_input = hide_input
        self.hidden = hidden
        optional = not prompt_required and self.prompt is not None
        declared = is_flag is not None or flag_value is not UNSET or self.secondary_opts
        self.is_flag: bool = bool(declared and infer_flag(is_flag, flag_value, bool(self.secondary_opts), optional))
        # Whether the value can be left out on the command line.
        self._flag_needs_value: bool = not self.is_flag and (flag_value is not UNSET or optional)
        self._flag_value = flag_value
        self.count = count
        if self.is_flag or self._flag_needs_value or count:
            self._pick_type(type)
        self.allow_from_autoenv = allow_from_autoenv
        self.show_default = show_default
        self.show_choices = show_choices
        self.show_envvar = show_envvar
        if deprecated or hide_input or count or self.secondary_opts or self.nargs == -1:
            self._validate(prompt, deprecated, is_flag)

    def _pick_type(self, declared: Any) -> None:
        """Choose the type of a flag, a count, or an option whose value can be left out, if none was declared."""
        if declared is None:
            if self.is_flag:
                self.type = pick_flag_type(self._flag_value)
            elif self._default is UNSET and self._flag_needs_value and self._flag_value is not UNSET:
                self.type = convert_type(None, self._flag_value)
            if self.count:
                self.type = IntRange(min=0)
        if self.count and self._default is UNSET:
            self._default = 0

    def _question(self, prompt: bool | str) -> str | None:
        if prompt is True:
            if self.name is None:
                raise TypeError("'name' is required with 'prompt=True'.")
            return self.name.replace("_", " ").capitalize()
        return None if prompt is False else prompt

    def _validate(self, prompt: bool | str, deprecated: bool | str, is_flag: bool | None) -> None:
        problems = (
            (deprecated and prompt, ValueError, "`deprecated` options cannot use `prompt`."),
            (self.nargs == -1, TypeError, "nargs=-1 is not supported for options."),
            (
                not self.is_bool_flag and self.secondary_opts,
                TypeError,
                "Secondary flag is not valid for non-boolean flag.",
            ),
            (
                self.is_bool_flag and self.hide_input and self.prompt is not None,
                TypeError,
                "'prompt' with 'hide_input' is not valid for boolean flag.",
            ),
            (self.count and self.multiple, TypeError, "'count' is not valid with 'multiple'."),
            (self.count and is_flag, TypeError, "'count' is not valid with 'is_flag'."),
        )
        for wrong, kind, message in problems:
            if wrong:
                raise kind(message)

    @property
    def is_bool_flag(self) -> bool:
        """Whether it is a flag whose values are True and False."""
        return self.is_flag and isinstance(self.type, BoolParamType)

    @property
    def flag_activation_value(self) -> Any:
        """What giving the flag means; None for options that aren't flags and need their value."""
        if self._flag_value is not UNSET:
            return self._flag_value
        return True if self.is_flag else None

    @property
    def flag_value(self) -> Any:
        """What giving the flag means; None for options that aren't flags and need their value."""
        return self.flag_activation_value

    @flag_value.setter
    def flag_value(self, value: Any) -> None:
        self._flag_value = value

    def to_info_dict(self) -> dict[str, Any]:
        """Describe the option, for documentation tools."""
        return {
            **super().to_info_dict(),
            "help": self.help,
            "prompt": self.prompt,
            "is_flag": self.is_flag,
            "flag_value": self.flag_activation_value,
            "count": self.count,
            "hidden": self.hidden,
        }

    def _described_default(self) -> Any:
        value = self._flag_default(self._default)
        return None if value is UNSET else value

    def get_error_hint(self, ctx: Context | None) -> str:
        """Return the spellings, and the environment variables if they are shown."""
        hint = super().get_error_hint(ctx)
        if self.show_envvar and self.envvar is not None:
            names = [self.envvar] if isinstance(self.envvar, str) else self.envvar
            quoted = ", ".join(f"'{name}'" for name in names)
            hint += f" (env var: {quoted})"
        return hint

    def _parse_decls(self, decls: Sequence[str], expose_value: bool) -> tuple[str | None, list[str], list[str]]:
        if len(decls) == 1:
            # The usual case: one long spelling.
            decl = decls[0]
            word = decl[2:].replace("-", "_")
            if decl[:2] == "--" and word.isidentifier():
                return word.lower(), [decl], []
        names = [decl for decl in decls if decl.isidentifier()]
        if len(names) > 1:
            raise TypeError(f"Name '{names[0]}' defined twice")
        opts, secondary = _spellings([decl for decl in decls if decl not in names])
        name = names[0] if names else _name_of(opts)
        if name is None and expose_value:
            raise TypeError(f"Could not determine name for option with declarations {decls!r}")
        if not opts and not secondary:
            raise TypeError(
                f"No options defined but a name was passed ({name})."
                f" Did you mean to declare an argument instead? Did you mean to pass '--{name}'?"
            )
        return name, opts, secondary

    def add_to_parser(self, parser: _OptionParser, ctx: Context) -> None:
        """Tell the parser about this option."""
        if self.is_flag:
            action = "append_const" if self.multiple else "store_const"
            if self.is_bool_flag and self.secondary_opts:
                parser.add_option(self, self.opts, self.name, action, const=True)
                parser.add_option(self, self.secondary_opts, self.name, action, const=False)
            else:
                parser.add_option(self, self.opts, self.name, action, const=self.flag_activation_value)
        elif self.count:
            parser.add_option(self, self.opts, self.name, "count", nargs=self.nargs)
        else:
            parser.add_option(self, self.opts, self.name, "append" if self.multiple else "store", nargs=self.nargs)

    def _flag_default(self, value: Any) -> Any:
        """Translate the default of a flag: none is off, True is the flag's own value."""
        if not self.is_flag:
            return value
        if value is UNSET:
            if self.multiple:
                return ()
            return False if self.is_bool_flag and not self.required else UNSET
        if value is True and not self.is_bool_flag:
            return self.flag_activation_value
        return value

    def _find_default(self, ctx: Context, call: bool = True) -> Any:
        return self._flag_default(super()._find_default(ctx, call))

    def _plain_default(self) -> Any:
        if self.prompt is not None or callable(self._default):
            return ASK
        return self._flag_default(self._default) if self.is_flag else self._default

    def resolve_envvar_value(self, ctx: Context) -> str | None:
        """Return the environment variable's value: the declared ones first, then the one that the prefix makes."""
        if self.envvar:
            value = read_envvar(self.envvar)
            if value is not None:
                return value
        if self.allow_from_autoenv and ctx.auto_envvar_prefix is not None and self.name is not None:
            return read_envvar(f"{ctx.auto_envvar_prefix}_{self.name.upper()}")
        return None

    def value_from_envvar(self, ctx: Context) -> Any:
        """Return the value from the environment; see :func:`~.flags.flag_from_text` for flags with a value."""
        text = self.resolve_envvar_value(ctx)
        if text is None:
            return None
        if not self.is_flag or self.is_bool_flag:
            if self.is_flag and self.multiple:
                return self.type.split_envvar_value(text)
            return split_text(self, text)
        value = flag_from_text(text, self.flag_activation_value)
        if self.multiple:
            return () if value is None else value if value is UNSET else (value,)
        # Switched off is a value too: neither the default nor "nothing".
        return _OFF if value is None else value

    def _consume(self, ctx: Context, opts: Mapping[str, Any]) -> tuple[Any, int]:
        value, source = super()._consume(ctx, opts)
        if value is _OFF:
            return None, source
        if self._flag_needs_value and source == COMMANDLINE:
            value, source = self._fill_in(ctx, value)
        elif source == DEFAULT_MAP:
            value = self._flag_default(value)
        if source in (DEFAULT, DEFAULT_MAP) and self._asks(ctx):
            return self.prompt_for_value(ctx), PROMPT
        return value, source

    def _asks(self, ctx: Context) -> bool:
        return self.prompt is not None and self.prompt_required and not ctx.resilient_parsing

    def _fill_in(self, ctx: Context, value: Any) -> tuple[Any, int]:
        """Put the flag value, or an answer, where the value was left out."""
        if value is FLAG_NEEDS_VALUE:
            if self.prompt is not None and not ctx.resilient_parsing:
                return self.prompt_for_value(ctx), PROMPT
            return self.flag_activation_value, COMMANDLINE
        if self.multiple and any(one is FLAG_NEEDS_VALUE for one in value):
            return [self.flag_activation_value if one is FLAG_NEEDS_VALUE else one for one in value], COMMANDLINE
        return value, COMMANDLINE

    def prompt_for_value(self, ctx: Context) -> Any:
        """Ask for the value until a valid one comes.

        :param ctx: the context.
        :return: the answer, converted.
        """
        from ..termui import confirm, prompt  # noqa: PLC0415 - start-up: few commands ask

        assert self.prompt is not None
        default = self.get_default(ctx)
        if self.is_bool_flag:
            return confirm(self.prompt, None if default is None else bool(default))
        return prompt(
            self.prompt,
            default=default,
            type=self.type,
            hide_input=self.hide_input,
            show_choices=self.show_choices,
            confirmation_prompt=self.confirmation_prompt,
            value_proc=lambda answer: self._process_answer(ctx, answer),
            show_default=self.show_default if isinstance(self.show_default, (bool, str)) else True,
        )

    def _process_answer(self, ctx: Context, answer: Any) -> Any:
        value = split_text(self, answer) if isinstance(answer, str) else answer
        result = self.process_value(ctx, value)
        if result is UNSET:
            raise BadParameter(_("Value must not be empty."), ctx=ctx, param=self)
        return result

    def get_help_spec(self, ctx: Context) -> str:
        """Return the spellings with what stands for the value, as on the help page.

        :param ctx: the context.
        """
        joined, slash = self._write_opts(self.opts, ctx)
        parts = [joined]
        if self.secondary_opts:
            other, other_slash = self._write_opts(self.secondary_opts, ctx)
            parts.append(other)
            slash = slash or other_slash
        return ("; " if slash else " / ").join(parts)

    def _write_opts(self, opts: Sequence[str], ctx: Context) -> tuple[str, bool]:
        joined, slash = join_options(opts)
        if not self.is_flag and not self.count:
            joined += f" {self.make_metavar(ctx=ctx)}"
        return joined, slash

    def get_help_record(self, ctx: Context) -> tuple[str, str] | None:
        """Return spellings and help text, or None for a hidden option."""
        if self.hidden:
            return None
        text = self.help or ""
        extra = self.get_help_extra(ctx)
        items = []
        if "envvars" in extra:
            items.append(_("env var: {var}").format(var=", ".join(extra["envvars"])))
        if "default" in extra:
            items.append(_("default: {default}").format(default=extra["default"]))
        if "range" in extra:
            items.append(extra["range"])
        if "required" in extra:
            items.append(_(extra["required"]))
        if items:
            details = f"[{'; '.join(items)}]"
            text = f"{text}  {details}" if text else details
        return self.get_help_spec(ctx), text

    def get_help_extra(self, ctx: Context) -> OptionHelpExtra:
        """Return what the help page says after the help text.

        :param ctx: the context.
        :return: some of ``envvars``, ``default``, ``range`` and ``required``.
        """
        extra: OptionHelpExtra = {}
        if self.show_envvar:
            names = self._shown_envvars(ctx)
            if names:
                extra["envvars"] = names
        shown = self._shown_default(ctx)
        if shown is not None:
            extra["default"] = shown
        # A count isn't limited; that it begins at 0 goes without saying.
        if isinstance(self.type, NumberRangeBase) and not (self.count and self.type.min == 0 and self.type.max is None):
            limits = self.type._describe_range()
            if limits:
                extra["range"] = limits
        if self.required:
            extra["required"] = "required"
        return extra

    def _shown_envvars(self, ctx: Context) -> tuple[str, ...]:
        if self.envvar is None:
            if self.allow_from_autoenv and ctx.auto_envvar_prefix is not None and self.name is not None:
                return (f"{ctx.auto_envvar_prefix}_{self.name.upper()}",)
            return ()
        return (self.envvar,) if isinstance(self.envvar, str) else tuple(map(str, self.envvar))

    def _shown_default(self, ctx: Context) -> str | None:
        show = self.show_default
        if show is None:
            show = ctx.show_default
        if isinstance(show, str):
            return f"({show})"
        if not show:
            return None
        before, ctx.resilient_parsing = ctx.resilient_parsing, True
        try:
            value = self.get_default(ctx, call=False)
        finally:
            ctx.resilient_parsing = before
        if value is None:
            return None
        return self._format_default(value) or None

    def _format_default(self, value: Any) -> str:
        if isinstance(value, (list, tuple)):
            return ", ".join(str(one) for one in value)
        if is_enum_member(value):
            return str(value.name)
        if isinstance(value, _FunctionTypes):
            return _("(dynamic)")
        if self.is_bool_flag and self.secondary_opts:
            # The spelling that the default stands for.
            return split_opt((self.opts if value else self.secondary_opts)[0])[1]
        if self.is_bool_flag and not value:
            return ""
        return '""' if value == "" else str(value)


def _spellings(decls: Sequence[str]) -> tuple[list[str], list[str]]:
    """Split declarations like ``--shout/--no-shout`` into spellings and those that switch off."""
    opts: list[str] = []
    secondary: list[str] = []
    for decl in decls:
        first, separator, second = decl.partition(";" if decl[:1] == "/" else "/")
        if not separator:
            opts.append(decl)
            continue
        first, second = first.rstrip(), second.lstrip()
        if first == second:
            raise ValueError(f"Boolean option {decl!r} cannot use the same flag for true/false.")
        opts += [first] if first else []
        secondary += [second] if second else []
    return opts, secondary


def _name_of(opts: Sequence[str]) -> str | None:
    """Return the name that the first long spelling makes, or else the first spelling."""
    ranked = sorted(opts, key=lambda opt: -len(split_opt(opt)[0]))
    for opt in ranked[:1]:
        name = split_opt(opt)[1].replace("-", "_").lower()
        if name.isidentifier():
            return name
    return None


#: The environment switched a flag off that has a value of its own.
_OFF: Any = object()
