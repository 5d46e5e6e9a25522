"""From a list of words to option values and arguments.

The parser knows option names and how many values each takes; it converts nothing. What it finds goes to a dictionary by
destination, and the order in which parameters appeared is kept. It must not know types, defaults or the environment.

The conventions are those of POSIX (Utility Syntax Guidelines, 12.2) with GNU's long options: ``-abc`` is ``-a -b -c``,
``-ofile`` is ``-o file``, ``--out=file`` is ``--out file``; ``--`` ends options.
"""

from __future__ import annotations

from ._deprecation import deprecated_names
from ._names import normalize_opt
from ._names import split_opt as _split_opt
from ._utils import FLAG_NEEDS_VALUE, TYPE_CHECKING, UNSET, ngettext
from ._utils import gettext as _
from .exceptions import BadArgumentUsage, BadOptionUsage, NoSuchOption, close_matches

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from .core import Argument as CoreArgument
    from .core import Context
    from .core import Option as CoreOption
    from .core import Parameter as CoreParameter

__all__: list[str] = []


def _normalize_opt(opt: str, ctx: Context | None) -> str:
    """Apply the context's ``token_normalize_func`` to the word of an option name.

    :param opt: the name.
    :param ctx: the context, or None to leave the name alone.
    """
    return normalize_opt(opt, ctx.token_normalize_func if ctx is not None else None)


def _unpack_args(args: Sequence[str], nargs_spec: Sequence[int]) -> tuple[tuple[Any, ...], list[str]]:
    """Deal out words to arguments.

    The arguments before the greedy one take theirs from the front, those after it from the back, and it gets the rest.

    :param args: the words.
    :param nargs_spec: how many words each argument takes; -1, for one of them, is any number.
    :return: for each argument a word, a tuple of words, or UNSET; and the words that are left.
    :raises TypeError: two arguments take any number.
    """
    words = list(args)
    if -1 not in nargs_spec:
        values, used = _deal(words, nargs_spec)
        return tuple(values), words[used:]
    if nargs_spec.count(-1) > 1:
        raise TypeError("Cannot have two nargs < 0")
    greedy = nargs_spec.index(-1)
    front, used = _deal(words, nargs_spec[:greedy])
    back_spec = nargs_spec[greedy + 1 :]
    start = max(used, len(words) - sum(back_spec))
    # Those at the back are filled from the last word on, so that the last of them gets the last word.
    back, taken = _deal(words[start:][::-1], back_spec[::-1])
    back = [value[::-1] if isinstance(value, tuple) else value for value in back[::-1]]
    rest = words[used : len(words) - taken]
    return (*front, tuple(rest), *back), []


def _deal(words: list[str], spec: Sequence[int]) -> tuple[list[Any], int]:
    values: list[Any] = []
    position = 0
    for nargs in spec:
        if nargs == 1:
            values.append(words[position] if position < len(words) else UNSET)
            position += position < len(words)
        else:
            part = words[position : position + nargs]
            position += len(part)
            values.append(tuple(part) + (UNSET,) * (nargs - len(part)))
    return values, position


class _Option:
    """What the parser knows of an option.

    :param obj: the parameter.
    :param opts: its spellings.
    :param dest: where its value goes.
    :param action: ``store``, ``store_const``, ``append``, ``append_const`` or ``count``.
    :param nargs: how many words it takes.
    :param const: the value of ``store_const`` and ``append_const``.
    """

    def __init__(
        self,
        obj: CoreOption,
        opts: Sequence[str],
        dest: str | None,
        action: str | None = None,
        nargs: int = 1,
        const: Any | None = None,
    ) -> None:
        self._short_opts: list[str] = []
        self._long_opts: list[str] = []
        self.prefixes: set[str] = set()
        for opt in opts:
            prefix, word = _split_opt(opt)
            if not prefix:
                raise ValueError(_("Invalid start character for option ({option})").format(option=opt))
            self.prefixes |= {prefix, prefix[0]}
            is_short = len(opt) == 2 and len(prefix) == 1
            (self._short_opts if is_short else self._long_opts).append(opt)
        self.dest = dest
        self.action = action or "store"
        self.nargs = nargs
        self.const = const
        self.obj = obj
        # One word, kept as it is, behind a spelling of its own: the most frequent case.
        self.simple: bool = self.action == "store" and nargs == 1 and not obj._flag_needs_value

    @property
    def takes_value(self) -> bool:
        """Whether words follow."""
        return self.action in {"store", "append"}

    def process(self, value: Any, state: _ParsingState) -> None:
        """Note a value.

        :param value: a word, a tuple of words, or anything for actions that take none.
        :param state: where it goes.
        :raises ValueError: there is no such action.
        """
        action, dest = self.action, self.dest
        opts: dict[Any, Any] = state.opts
        if action == "store":
            opts[dest] = value
        elif action == "store_const":
            opts[dest] = self.const
        elif action == "append":
            opts.setdefault(dest, []).append(value)
        elif action == "append_const":
            opts.setdefault(dest, []).append(self.const)
        elif action == "count":
            opts[dest] = opts.get(dest, 0) + 1
        else:
            raise ValueError(f"unknown action '{action}'")
        state.order.append(self.obj)


class _Argument:
    """What the parser knows of an argument.

    :param obj: the parameter.
    :param dest: where its value goes.
    :param nargs: how many words it takes; -1 is any number.
    """

    def __init__(self, obj: CoreArgument, dest: str | None, nargs: int = 1) -> None:
        self.dest = dest
        self.nargs = nargs
        self.obj = obj

    def process(self, value: Any, state: _ParsingState) -> None:
        """Note a value.

        :param value: a word, a tuple of words, or UNSET.
        :param state: where it goes.
        :raises BadArgumentUsage: some of its words are missing.
        """
        if self.nargs > 1 and isinstance(value, tuple):
            missing = value.count(UNSET)
            if missing == len(value):
                value = UNSET
            elif missing:
                message = _("Argument {name!r} takes {nargs} values.")
                raise BadArgumentUsage(message.format(name=self.dest, nargs=self.nargs), ctx=state.ctx)
        elif self.nargs == -1 and value == ():
            value = UNSET  # so that the environment and defaults are asked
        state.order.append(self.obj)
        state.opts[self.dest] = value  # type: ignore[index]


class _ParsingState:
    """What has been read, and what is still to be read.

    :param rargs: the words.
    """

    def __init__(self, rargs: list[str]) -> None:
        self.opts: dict[str, Any] = {}
        self.largs: list[str] = []
        self.rargs = rargs
        self.order: list[CoreParameter] = []
        self.ctx: Context | None = None


class _OptionParser:
    """Parses words by the options and arguments that were added.

    :param ctx: for its settings ``allow_interspersed_args``, ``ignore_unknown_options``, ``token_normalize_func`` and
        ``resilient_parsing``, and for the errors.
    """

    def __init__(self, ctx: Context | None = None) -> None:
        self.ctx = ctx
        self.ignore_unknown_options = ctx is not None and ctx.ignore_unknown_options
        self.allow_interspersed_args = ctx is None or ctx.allow_interspersed_args
        self._args: list[_Argument] = []
        self._opt_prefixes = {"--", "-"}
        self._long_opt: dict[str, _Option] = {}
        self._short_opt: dict[str, _Option] = {}

    def add_option(
        self,
        obj: CoreOption,
        opts: Sequence[str],
        dest: str | None,
        action: str | None = None,
        nargs: int = 1,
        const: Any | None = None,
    ) -> None:
        """Add an option.

        :param obj: the parameter.
        :param opts: its spellings.
        :param dest: where its value goes.
        :param action: ``store``, ``store_const``, ``append``, ``append_const`` or ``count``.
        :param nargs: how many words it takes.
        :param const: the value of ``store_const`` and ``append_const``.
        """
        option = _Option(obj, [_normalize_opt(opt, self.ctx) for opt in opts], dest, action, nargs, const)
        self._opt_prefixes |= option.prefixes
        for name in option._short_opts:
            self._short_opt[name] = option
        for name in option._long_opts:
            self._long_opt[name] = option

    def adopt(self, other: _OptionParser) -> None:
        """Take over what another parser knows.

        :param other: the other parser, for the same ``token_normalize_func``.
        """
        self._short_opt = other._short_opt.copy()
        self._long_opt = other._long_opt.copy()
        self._opt_prefixes = other._opt_prefixes.copy()
        self._args = other._args.copy()

    def add_argument(self, obj: CoreArgument, dest: str | None, nargs: int = 1) -> None:
        """Add an argument.

        :param obj: the parameter.
        :param dest: where its value goes.
        :param nargs: how many words it takes; -1 is any number.
        """
        self._args.append(_Argument(obj, dest, nargs))

    def parse_args(self, args: list[str]) -> tuple[dict[str, Any], list[str], list[CoreParameter]]:
        """Parse words.

        :param args: the words.
        :return: values by destination, the words that belong to nothing, and the parameters in order of appearance.
        :raises UsageError: the words don't fit; nothing is raised in resilient parsing.
        """
        state = _ParsingState(args)
        state.ctx = self.ctx
        try:
            self._process_args_for_options(state)
            self._process_args_for_args(state)
        except (BadArgumentUsage, BadOptionUsage, NoSuchOption):
            resilient = self.ctx is not None and self.ctx.resilient_parsing
            if not resilient:
                raise
        return state.opts, state.largs, state.order

    def _process_args_for_args(self, state: _ParsingState) -> None:
        words = state.largs + state.rargs
        if not self._args:
            state.largs, state.rargs = words, []
            return
        values, rest = _unpack_args(words, [argument.nargs for argument in self._args])
        for argument, value in zip(self._args, values, strict=True):
            argument.process(value, state)
        state.largs = rest
        state.rargs = []

    def _process_args_for_options(self, state: _ParsingState) -> None:
        words = state.rargs
        prefixes = self._opt_prefixes
        plain = type(self) is _OptionParser and (self.ctx is None or self.ctx.token_normalize_func is None)
        known = self._long_opt if plain else {}
        while words:
            option = known.get(words[0])
            if option is not None and option.simple and len(words) > 1 and "process" not in option.__dict__:
                state.opts[option.dest] = words[1]  # type: ignore[index]
                state.order.append(option.obj)
                del words[:2]
                continue
            # Words that are no options leave together: taking them one by one from the front would be quadratic.
            count = 0
            for word in words:
                if word[:1] in prefixes and len(word) > 1:
                    break
                count += 1
            if count:
                if not self.allow_interspersed_args:
                    return
                state.largs += words[:count]
                del words[:count]
                continue
            word = words.pop(0)
            if word == "--":
                return
            self._process_opts(word, state)

    def _match_long_opt(self, opt: str, explicit_value: str | None, state: _ParsingState) -> None:
        option = self._long_opt.get(opt)
        if option is None:
            raise NoSuchOption(opt, possibilities=close_matches(opt, self._long_opt), ctx=self.ctx)
        value: Any = None
        if option.takes_value:
            if explicit_value is not None:
                state.rargs.insert(0, explicit_value)
            value = self._get_value_from_state(opt, option, state, explicit_value is not None)
        elif explicit_value is not None:
            message = _("Option {name!r} does not take a value.").format(name=opt)
            raise BadOptionUsage(opt, message, ctx=self.ctx)
        option.process(value, state)

    def _match_short_opt(self, arg: str, state: _ParsingState) -> None:
        prefix = arg[0]
        unknown: list[str] = []
        for index, letter in enumerate(arg[1:], 2):
            name = _normalize_opt(f"{prefix}{letter}", self.ctx)
            option = self._short_opt.get(name)
            if option is None:
                if not self.ignore_unknown_options:
                    raise NoSuchOption(name, ctx=self.ctx)
                unknown.append(letter)
                continue
            if not option.takes_value:
                option.process(None, state)
                continue
            attached = index < len(arg)
            if attached:
                # The rest of the word is the value.
                state.rargs.insert(0, arg[index:])
            option.process(self._get_value_from_state(name, option, state, attached), state)
            break
        if unknown:
            # Handed on together, the letters that were known left out.
            state.largs.append(f"{prefix}{''.join(unknown)}")

    def _get_value_from_state(
        self, option_name: str, option: _Option, state: _ParsingState, attached: bool = False
    ) -> Any:
        nargs, words = option.nargs, state.rargs
        optional = option.obj._flag_needs_value
        if len(words) < nargs:
            if optional:
                return FLAG_NEEDS_VALUE
            message = ngettext(
                "Option {name!r} requires an argument.", "Option {name!r} requires {nargs} arguments.", nargs
            )
            raise BadOptionUsage(option_name, message.format(name=option_name, nargs=nargs), ctx=self.ctx)
        if nargs != 1:
            value = tuple(words[:nargs])
            del words[:nargs]
            return value
        if optional and not attached:
            # What looks like an option is one, not the value that may be left out.
            first = words[0]
            if first[:1] in self._opt_prefixes and len(first) > 1:
                return FLAG_NEEDS_VALUE
        return words.pop(0)

    def _process_opts(self, arg: str, state: _ParsingState) -> None:
        name, equals, value = arg.partition("=")
        normalized = _normalize_opt(name, self.ctx)
        # A long name first: one prefix and several letters can be a long name too.
        if normalized not in self._long_opt:
            if arg[:2] not in self._opt_prefixes:
                self._match_short_opt(arg, state)
                return
            if self.ignore_unknown_options:
                state.largs.append(arg)
                return
        self._match_long_opt(normalized, value if equals else None, state)


_ADVICE = "The parser isn't public; argparse of the standard library is."
__getattr__ = deprecated_names(
    __name__,
    {
        "OptionParser": _OptionParser,
        "Argument": _Argument,
        "Option": _Option,
        "ParsingState": _ParsingState,
        "split_opt": _split_opt,
        "normalize_opt": _normalize_opt,
    },
    dict.fromkeys(("OptionParser", "Argument", "Option", "ParsingState", "split_opt", "normalize_opt"), _ADVICE),
    type_variables=("V",),
    lazy={"split_arg_string": ("dray.cli_kit.shell_completion", "split_arg_string")},
)
