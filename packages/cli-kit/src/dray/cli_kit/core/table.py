"""What the parameters of a command come to: the list with the help option, the sections, the parser's tables.

A table is made at the first call and holds as long as the parameters are the same objects. Words that need no rule but
"a spelling, its value" and "a word in its place" are read here in one pass; all others are the parser's. It must not
know how values are found, converted or kept.
"""

from __future__ import annotations

from .._utils import TYPE_CHECKING, UNSET
from ..parser import _OptionParser, _unpack_args
from .argument import Argument
from .option import Option

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeAlias

    from ..parser import _Argument
    from ..parser import _Option as _Spelled
    from .constraints import Section
    from .context import Context
    from .parameter import Parameter

    #: Values by destination, the words that belong to nothing, and the parameters in order of appearance.
    Reading: TypeAlias = tuple[dict[str, Any], list[str], list[Parameter]]

__all__ = ["Table"]

_STOCK_ADDERS = (Option.add_to_parser, Argument.add_to_parser)


class Table:
    """What the parameters of a command come to.

    :param own: the parameters.
    :param help_option: the option that was added to them, if there is one.
    """

    __slots__ = (
        "_parser",
        "arguments",
        "eager",
        "help_option",
        "known",
        "long",
        "normalize",
        "own",
        "params",
        "plain",
        "sections",
        "single",
    )

    def __init__(self, own: list[Parameter], help_option: Option | None) -> None:
        self.own = own.copy()
        self.help_option = help_option
        #: The parameters and the help option.
        self.params: list[Parameter] = self.own if help_option is None else [*own, help_option]
        #: Some of the command's own parameters come before those that were given.
        self.eager = any(param.is_eager for param in own)
        names = [param.name for param in self.params]
        #: Parameters of this package with one value and a name of their own.
        self.plain = frozenset(
            param
            for param in own
            if param._stock and param.nargs == 1 and not param.multiple and param.name and names.count(param.name) == 1
        )
        #: The sections of the help page, in the order of their first option.
        self.sections: list[Section] = list(dict.fromkeys(p._section for p in own if p._section is not None))
        self.normalize: Callable[[str], str] | None = None
        self._parser: _OptionParser | None = None
        #: Spelling -> option; None where the parser has to read all words.
        self.known: dict[str, _Spelled] | None = None
        self.long: dict[str, _Spelled] = {}
        self.arguments: list[_Argument] = []
        #: Each argument is one word.
        self.single = True

    def own_in_order(self, order: list[Parameter]) -> list[Parameter]:
        """Return the command's own parameters: those that appeared first, then the others as declared.

        :param order: the parameters that appeared.
        """
        own = self.own
        if order == own[: len(order)]:
            return own
        given = list(dict.fromkeys(order))
        return given if len(given) == len(own) else list(dict.fromkeys((*given, *own)))

    def make_parser(self, ctx: Context) -> _OptionParser:
        """Return a parser for the parameters, and keep its tables, if parameters of this package made them.

        :param ctx: the context.
        """
        parser = _OptionParser(ctx)
        if self._parser is not None and self.normalize is ctx.token_normalize_func:
            parser.adopt(self._parser)
            return parser
        for param in self.params:
            param.add_to_parser(parser, ctx)
        if all(type(param).add_to_parser in _STOCK_ADDERS for param in self.params):
            self._keep(parser, ctx.token_normalize_func)
        return parser

    def _keep(self, parser: _OptionParser, normalize: Callable[[str], str] | None) -> None:
        self._parser = _OptionParser()
        self._parser.adopt(parser)
        self.normalize = normalize
        nargs = [argument.nargs for argument in parser._args]
        # An argument of several words may lack some of them, which the parser knows to say.
        if normalize is None and all(number in (1, -1) for number in nargs):
            self.known = {**parser._short_opt, **parser._long_opt}
            self.long, self.arguments = self._parser._long_opt, self._parser._args
            self.single = -1 not in nargs

    def read(self, ctx: Context, words: list[str]) -> Reading | None:
        """Read words in one pass.

        :param ctx: the context; gets the prefixes of options.
        :param words: the words.
        :return: what the parser would return; or None, if it has to read them.
        """
        parser, known = self._parser, self.known
        if parser is None or known is None or ctx.token_normalize_func is not None:
            return None
        prefixes = parser._opt_prefixes
        ctx._opt_prefixes.update(prefixes)
        opts: dict[Any, Any] = {}
        order: list[Any] = []
        positional: list[str] = []
        unread = iter(words)
        for word in unread:
            option = known.get(word)
            if option is None:
                if word[:1] not in prefixes or len(word) == 1:
                    if not ctx.allow_interspersed_args:
                        positional = [word, *unread]
                        break
                    positional.append(word)
                    continue
                name, equals, value = word.partition("=")
                option = self.long.get(name)
                if not equals or option is None or not option.simple:
                    return None
                opts[option.dest] = value
            elif option.simple:
                following = next(unread, None)
                if following is None:
                    return None
                opts[option.dest] = following
            elif option.action == "store_const":
                opts[option.dest] = option.const
            else:
                return None
            order.append(option.obj)
        return opts, self._deal(positional, opts, order), order

    def _deal(self, words: list[str], opts: dict[Any, Any], order: list[Any]) -> list[str]:
        """Give words to arguments; return those that are left."""
        arguments = self.arguments
        if not arguments:
            return words
        if self.single:
            values: Any = words + [UNSET] * (len(arguments) - len(words))
            rest = words[len(arguments) :]
        else:
            values, rest = _unpack_args(words, [argument.nargs for argument in arguments])
        for argument, value in zip(arguments, values, strict=False):
            opts[argument.dest] = UNSET if value == () else value
            order.append(argument.obj)
        return rest
