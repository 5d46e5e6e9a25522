"""All parameters of a command, one after the other, from what was read to what the callback gets.

A parameter with nothing unusual about it (one value of a Python type, no callback, no variable) is done here in a few
lines; any other, and any value that doesn't fit, goes through the methods of :class:`~.parameter.Parameter`. It must
not know words or spellings.
"""

from __future__ import annotations

from .._utils import TYPE_CHECKING, UNSET
from ..types.scalars import BoolParamType, FloatParamType, IntParamType, StringParamType
from .parameter import ASK
from .source import COMMANDLINE, DEFAULT

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from .context import Context
    from .parameter import Parameter

__all__ = ["process_params"]

# Types whose conversion of a text is that of a Python type; a value of that type needs none.
_PYTHON_TYPES: dict[type, Any] = {
    StringParamType: str,
    IntParamType: int,
    FloatParamType: float,
    BoolParamType: bool,
}
_CONVERTERS: dict[Any, Any] = {int: int, float: float, bool: BoolParamType.bool_states.__getitem__}


def process_params(
    ctx: Context, params: Sequence[Parameter], opts: dict[str, Any], args: list[str], plain: frozenset[Parameter]
) -> list[str]:
    """Find, convert and keep the values of parameters.

    :param ctx: the context.
    :param params: the parameters, in the order in which they are processed.
    :param opts: what was read, by name.
    :param args: the words that belong to nothing.
    :param plain: those of this package, with one value and a name of their own.
    :return: these words.
    :raises UsageError: a value is missing or doesn't fit.
    """
    sources, values, explicit = ctx._parameter_source, ctx.params, ctx._param_default_explicit
    for param in params:
        kind = _PYTHON_TYPES.get(param.type.__class__)
        if kind is None or param not in plain or param.callback is not None or param.deprecated:
            _value, args = param.handle_parse_result(ctx, opts, args)
            continue
        name: Any = param.name
        value = opts.get(name, UNSET)
        source = COMMANDLINE
        if value is UNSET:
            source = DEFAULT
            value = _default(ctx, param)
        if value is not None and value.__class__ is not kind:
            try:
                value = _CONVERTERS[kind](value) if value.__class__ is str else ASK
            except (ValueError, KeyError, OverflowError):
                value = ASK
        if value is ASK:
            # The general way finds it, converts it, or says what is wrong with it.
            _value, args = param.handle_parse_result(ctx, opts, args)
            continue
        sources[name] = source
        if param.expose_value:
            values[name] = value
            explicit[name] = param._default is not UNSET
    return args


def _default(ctx: Context, param: Parameter) -> Any:
    """Return the default of a parameter; ASK if it has to be looked for or is missing."""
    if param.envvar or ctx.auto_envvar_prefix is not None or ctx.default_map is not None:
        return ASK
    value = param._plain_default()
    if value is UNSET:
        return ASK if param.required else None
    return value
