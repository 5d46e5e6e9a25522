"""What options and arguments share: a value is found, converted, checked, handed to a callback, and kept.

It must not know how options or arguments are spelled, shown or prompted for.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

from .._completion_item import CompletionItem
from .._utils import TYPE_CHECKING, UNSET, ngettext
from .._utils import gettext as _
from ..exceptions import BadParameter, MissingParameter, UsageError
from ..types import convert_type
from ..types.convert import STRING
from ..utils import echo
from .context import augment
from .helps import deprecation_warning
from .source import COMMANDLINE, DEFAULT, DEFAULT_MAP, ENVIRONMENT, member
from .values import batch, from_default, from_default_map, read_envvar, split_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import Any, ClassVar, Generic, TypeAlias

    from typing_extensions import TypeVar

    from ..parser import _OptionParser
    from ..types import ParamType
    from .constraints import Section
    from .context import Context
    from .parameter_source import ParameterSource

    V_co = TypeVar("V_co", covariant=True, default=Any)
    OptionalText: TypeAlias = str | None
    #: Gets context, parameter and the beginning of a word, returns suggestions.
    Suggester: TypeAlias = Callable[[Context, "Parameter", str], list[CompletionItem] | list[str]]

    class _Generic(Generic[V_co]):
        pass
else:
    V_co = object

    class _Generic:
        """Accept ``Parameter[int]`` at run time without loading typing."""

        __class_getitem__ = classmethod(type(list[int]))


__all__ = ["ASK", "Parameter", "batch", "iter_params_for_processing"]

#: Stands for a default that isn't known before it is asked for.
ASK: Any = object()


def iter_params_for_processing(
    invocation_order: Sequence[Parameter], declaration_order: Sequence[Parameter]
) -> list[Parameter]:
    """Put parameters in the order in which they are processed.

    Eager ones come first; among each kind those that were given, in that order, then the others as declared.

    :param invocation_order: the parameters that were given.
    :param declaration_order: all parameters.
    """
    eager: list[Parameter] = []
    others: list[Parameter] = []
    for param in dict.fromkeys((*invocation_order, *declaration_order)):
        (eager if param.is_eager else others).append(param)
    return eager + others


# What a description holds beside type and default.
_DESCRIBED = (
    "param_type_name",
    "name",
    "help",
    "opts",
    "secondary_opts",
    "envvar",
    "required",
    "multiple",
    "nargs",
)


def _check_iter(value: Any) -> Iterator[Any]:
    """Return an iterator over a value; text isn't iterable here, or ``ab`` would be two values."""
    if isinstance(value, str):
        raise TypeError
    return iter(value)


class Parameter(_Generic[V_co], ABC):
    """What options and arguments share.

    :param param_decls: names and spellings.
    :param type: a parameter type or what stands for one; by default that of the default.
    :param required: it has to be given.
    :param default: the value when it isn't given; a function is called for it.
    :param callback: gets context, parameter and value, returns the value that is kept.
    :param nargs: how many words a value takes; -1 is any number.
    :param multiple: it can be given several times.
    :param metavar: what usage lines call its value.
    :param expose_value: hand the value to the command's callback.
    :param is_eager: process it before those that aren't.
    :param envvar: an environment variable, or several, to take the value from.
    :param shell_complete: gets context, parameter and the beginning of a word, returns suggestions.
    :param deprecated: warn when it is given; a text says why and what to use instead.
    :param help: the text for the help page.
    """

    param_type_name: ClassVar[str] = "parameter"

    def __init__(
        self,
        param_decls: Sequence[str] | None = None,
        type: ParamType[Any, Any] | Any | None = None,
        required: bool = False,
        default: Any | Callable[[], Any] | None = UNSET,
        callback: Callable[[Context, Parameter, Any], Any] | None = None,
        nargs: int | None = None,
        multiple: bool = False,
        metavar: OptionalText = None,
        expose_value: bool = True,
        is_eager: bool = False,
        envvar: str | Sequence[str] | None = None,
        shell_complete: Suggester | None = None,
        deprecated: bool | str = False,
        help: OptionalText = None,
    ) -> None:
        self.name: str | None
        self.opts: list[str]
        self.secondary_opts: list[str]
        self.name, self.opts, self.secondary_opts = self._parse_decls(param_decls or (), expose_value)
        self.type: ParamType[Any, Any] = convert_type(type, None if default is UNSET else default)
        arity = self.type.arity if self.type.is_composite else None
        if nargs is None:
            nargs = 1 if arity is None else arity
        self.required = required
        self.callback = callback
        self.nargs = nargs
        self.multiple = multiple
        self.expose_value = expose_value
        self._default = default
        self.is_eager = is_eager
        self.metavar = metavar
        self.envvar = envvar
        self._custom_shell_complete = shell_complete
        self.deprecated = deprecated
        self.help = help
        if arity is not None and nargs != arity:
            raise ValueError(f"'nargs' must be {arity} (or None) for type {self.type!r}, but it was {nargs}.")
        if required and deprecated:
            name = self.name if self.param_type_name == "option" else self.human_readable_name
            raise ValueError(
                f"The {self.param_type_name} '{name}' is deprecated and still required. "
                f"A deprecated {self.param_type_name} cannot be required."
            )

    @property
    def default(self) -> Any:
        """The value when nothing is given, or a function that makes it; None when there is no default."""
        return None if self._default is UNSET else self._default

    @default.setter
    def default(self, value: Any) -> None:
        self._default = value

    @property
    def _default_explicit(self) -> bool:
        return self._default is not UNSET

    def to_info_dict(self) -> dict[str, Any]:
        """Describe the parameter, for documentation tools."""
        own = {name: getattr(self, name) for name in _DESCRIBED}
        return {**own, "type": self.type.to_info_dict(), "default": self._described_default()}

    def _described_default(self) -> Any:
        return self.default

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"

    @abstractmethod
    def _parse_decls(self, decls: Sequence[str], expose_value: bool) -> tuple[str | None, list[str], list[str]]:
        """Return name, spellings and secondary spellings from what was declared.

        :param decls: what was declared.
        :param expose_value: the value is handed to the callback, so a name is needed.
        """

    @property
    def human_readable_name(self) -> str:
        """The name for people."""
        return self.name or ""

    def make_metavar(self, ctx: Context) -> str:
        """Return what stands for the value in usage lines.

        :param ctx: the context.
        """
        if (metavar := self.metavar) is not None:
            return metavar
        metavar = self.type.get_metavar(self, ctx=ctx)
        metavar = self.type.name.upper() if metavar is None else metavar
        return f"{metavar}..." if self.nargs != 1 else metavar

    def _find_default(self, ctx: Context, call: bool = True) -> Any:
        """Return the default from the context's map or the parameter's own, or UNSET."""
        value = UNSET
        if ctx.default_map is not None:
            value = from_default_map(ctx, self, call)
        return from_default(self, call) if value is UNSET else value

    def get_default(self, ctx: Context, call: bool = True) -> Any | Callable[[], Any] | None:
        """Return the default from the context's map or the parameter's own, or None.

        :param ctx: the context.
        :param call: call it, if it can be called.
        """
        value = self._find_default(ctx, call)
        return None if value is UNSET else value

    @abstractmethod
    def add_to_parser(self, parser: _OptionParser, ctx: Context) -> None:
        """Tell the parser about this parameter.

        :param parser: the parser.
        :param ctx: the context.
        """

    def _consume(self, ctx: Context, opts: Mapping[str, Any]) -> tuple[Any, int]:
        """Find the value and the number of its source; UNSET when there is none."""
        value = opts.get(self.name, UNSET)  # type: ignore[arg-type]
        if value is not UNSET:
            return value, COMMANDLINE
        value = self.value_from_envvar(ctx)
        if value is not None and value is not UNSET:
            return value, ENVIRONMENT
        if ctx.default_map is not None:
            value = from_default_map(ctx, self)
            if value is not UNSET:
                return value, DEFAULT_MAP
        if self._stock_default:
            return self._find_default(ctx), DEFAULT
        value = self.get_default(ctx)
        return (self._default if value is None and self._default is UNSET else value), DEFAULT

    def consume_value(self, ctx: Context, opts: Mapping[str, Any]) -> tuple[Any, ParameterSource]:
        """Find the value: on the command line, in the environment, in the map of defaults, or the default.

        :param ctx: the context.
        :param opts: what the parser found.
        :return: the value, not yet converted, and where it came from; without a value the first is a marker, not None.
        """
        value, source = self._consume(ctx, opts)
        return value, member(source)

    def type_cast_value(self, ctx: Context, value: Any) -> Any:
        """Convert a value, and each of several values.

        :param ctx: the context.
        :param value: the value; None stays None, or is an empty tuple where there are several values.
        :return: the converted value; a tuple for several.
        :raises BadParameter: the value doesn't fit.
        """
        if value is None or value is UNSET:
            if self.multiple or self.nargs == -1:
                return ()
            return value
        if not self.multiple:
            return self._convert_one(ctx, value)
        try:
            values = _check_iter(value)
            return tuple([self._convert_one(ctx, one) for one in values])
        except TypeError as error:
            if not isinstance(value, str) and hasattr(value, "__iter__"):
                raise
            raise BadParameter(_("Value must be an iterable."), ctx=ctx, param=self) from error

    def _convert_one(self, ctx: Context, value: Any) -> Any:
        if self.nargs == 1 or self.type.is_composite:
            if self.type is STRING and type(value) is str:
                return value
            return self.type(value, self, ctx)
        try:
            values = list(_check_iter(value))
        except TypeError:
            raise BadParameter(_("Value must be an iterable."), ctx=ctx, param=self) from None
        if self.nargs != -1 and len(values) != self.nargs:
            message = ngettext(
                "Takes {nargs} values but 1 was given.",
                "Takes {nargs} values but {len} were given.",
                len(values),
            )
            raise BadParameter(message.format(nargs=self.nargs, len=len(values)), ctx=ctx, param=self)
        return tuple([self.type(one, self, ctx) for one in values])

    def value_is_missing(self, value: Any) -> bool:
        """Say whether a value is none: nothing was given, or an empty tuple where values were expected.

        :param value: the converted value.
        """
        return value is UNSET or ((self.nargs != 1 or self.multiple) and value == ())

    def process_value(self, ctx: Context, value: Any) -> Any:
        """Convert a value, check that it is there, and call the callback.

        :param ctx: the context.
        :param value: the value.
        :return: the value that is kept.
        :raises MissingParameter: it is required and missing.
        """
        converted = self.type_cast_value(ctx, value)
        if self.required and self.value_is_missing(converted):
            raise MissingParameter(param=self, ctx=ctx)
        if self.callback is None:
            return converted
        return self.callback(ctx, self, None if converted is UNSET else converted)

    def resolve_envvar_value(self, ctx: Context) -> str | None:
        """Return the first of the environment variables that isn't empty.

        :param ctx: the context.
        """
        return read_envvar(self.envvar) if self.envvar else None

    def value_from_envvar(self, ctx: Context) -> str | Sequence[str] | None:
        """Return the value from the environment, split where there are several.

        :param ctx: the context.
        """
        text = self.resolve_envvar_value(ctx)
        return None if text is None else split_text(self, text)

    #: The section of the help page that it stands in, for options.
    _section: Section | None = None

    # Whether the documented methods are those of this package; a subclass that overrides one gets its call.
    _stock_consume: ClassVar[bool] = True
    _stock_default: ClassVar[bool] = True
    _stock: ClassVar[bool] = True

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        # A subclass of somebody else's gets all of its calls.
        cls._stock = cls._stock and vars(cls).get("_stock", False)
        if "consume_value" in vars(cls):
            cls._stock_consume = vars(cls).get("_stock_consume", False)
        if "get_default" in vars(cls):
            cls._stock_default = vars(cls).get("_stock_default", False)

    def _plain_default(self) -> Any:
        """Return the default, or ASK where a function or a question has to be asked for it."""
        return ASK if callable(self._default) else self._default

    def handle_parse_result(self, ctx: Context, opts: Mapping[str, Any], args: list[str]) -> tuple[Any, list[str]]:
        """Find, convert and keep the value.

        :param ctx: the context.
        :param opts: what the parser found.
        :param args: the words that belong to nothing.
        :return: the value, and these words.
        :raises UsageError: the value is missing or doesn't fit.
        """
        value: Any
        source = 0
        try:
            value, source = self._consume(ctx, opts) if self._stock_consume else self.consume_value(ctx, opts)
            self._note_source(ctx, source)
            if self.deprecated and source not in (DEFAULT, DEFAULT_MAP) and value is not UNSET:
                echo(deprecation_warning(self.param_type_name, self._warned_name, self.deprecated), err=True)
            try:
                value = self.process_value(ctx, value)
            except Exception as error:
                if not ctx.resilient_parsing:
                    if source == DEFAULT_MAP:
                        self._blame_kind(ctx, value, error)
                    raise
                value = UNSET
        except UsageError as error:
            augment(error, ctx, self)
            if source == DEFAULT_MAP and isinstance(error, BadParameter):
                error.origin = error.origin or self._origin(ctx)
            raise
        if self.expose_value and self.name is not None:
            self._keep(ctx, None if value is UNSET else value, source)
        return (None if value is UNSET else value), args

    def _blame_kind(self, ctx: Context, value: Any, error: Exception) -> None:
        """Report a value of a configuration file that is of a kind which the type can't convert: a list, for example.

        :raises BadParameter: it is; anything else is a mistake of the program's, and goes its way.
        """
        if isinstance(error, (TypeError, AttributeError)) and self._origin(ctx) is not None:
            try:
                self.type_cast_value(ctx, value)
            except (TypeError, AttributeError):
                message = _("{value!r} is not a valid {name}.").format(value=value, name=self.type.name)
                raise BadParameter(message, ctx, self) from error

    def _origin(self, ctx: Context) -> str | None:
        """Say where the map of defaults has the value from, if it knows."""
        find: Callable[[str | None], str | None] | None = getattr(ctx.default_map, "origin", None)
        return None if find is None else find(self.name)

    @property
    def _warned_name(self) -> str | None:
        return self.name

    def _note_source(self, ctx: Context, source: int) -> None:
        name = self.name
        if name is None:
            return
        known = ctx._parameter_source.get(name)
        # Of several parameters with one name the most deliberate source counts (they are switches of one setting).
        if known is None or source <= known:
            ctx._parameter_source[name] = source

    def _keep(self, ctx: Context, value: Any, source: int) -> None:
        name: str = self.name  # type: ignore[assignment]
        explicit = self._default is not UNSET
        if name in ctx.params:
            best = ctx._parameter_source.get(name, source)
            if source > best:
                return
            if source == DEFAULT and not explicit and ctx._param_default_explicit.get(name):
                return
        ctx.params[name] = value
        ctx._param_default_explicit[name] = explicit

    def get_help_record(self, ctx: Context) -> tuple[str, str] | None:
        """Return term and explanation for the help page, or None.

        :param ctx: the context.
        """

    def get_usage_pieces(self, ctx: Context) -> list[str]:
        """Return what stands for the parameter in the usage line.

        :param ctx: the context.
        """
        return []

    def get_error_hint(self, ctx: Context | None) -> str:
        """Return what to call the parameter in an error.

        :param ctx: the context, if there is one.
        """
        return " / ".join(f"'{name}'" for name in self.opts or [self.human_readable_name])

    def shell_complete(self, ctx: Context, incomplete: str) -> list[CompletionItem]:
        """Suggest values.

        :param ctx: the context.
        :param incomplete: what stands there already.
        """
        if self._custom_shell_complete is None:
            return self.type.shell_complete(ctx, self, incomplete)
        results = self._custom_shell_complete(ctx, self, incomplete)
        return [CompletionItem(one) if isinstance(one, str) else one for one in results or []]
