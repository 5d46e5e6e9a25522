"""Parameters of a command from the annotations of its function.

``@command(annotations=True)``: an argument without a default becomes an argument of the command, one with a default or
after ``*`` an option. ``Annotated`` adds a help text, a parameter type, or an :class:`Opt` or :class:`Arg` with
anything else. This module loads :mod:`inspect` and :mod:`typing`, so it is imported when it is used. It must not know
how parameters work.
"""

from __future__ import annotations

import enum
import inspect
import os
import pathlib
import types
import typing
from typing import Annotated, Any, Literal, Union

from .core import Argument, Context, Option
from .globals import get_current_context
from .types import UUID, Choice, DateTime, ParamType, Path

if typing.TYPE_CHECKING:
    from collections.abc import Callable

    from .core import Parameter

__all__ = ["Arg", "Opt", "params_from_annotations"]


class Opt:
    """Says in an annotation how an option is declared.

    :param param_decls: its spellings; by default the name with two hyphens.
    :param attrs: as for :class:`~dray.cli_kit.Option`.
    """

    def __init__(self, *param_decls: str, **attrs: Any) -> None:
        self.param_decls = param_decls
        self.attrs = attrs


class Arg:
    """Says in an annotation how an argument is declared.

    :param attrs: as for :class:`~dray.cli_kit.Argument`.
    """

    def __init__(self, **attrs: Any) -> None:
        self.attrs = attrs


def params_from_annotations(
    function: Callable[..., Any], declared: list[Parameter]
) -> tuple[Callable[..., Any], list[Parameter]]:
    """Make parameters of the arguments of a function that aren't declared yet.

    :param function: the function.
    :param declared: the parameters that decorators declared.
    :return: the callback, which fills in an argument annotated with :class:`~dray.cli_kit.Context`; and all parameters.
    :raises TypeError: an annotation stands for no parameter.
    """
    names = {param.name for param in declared}
    hints = typing.get_type_hints(function, include_extras=True)
    params: list[Parameter] = []
    context_names = []
    for argument in inspect.signature(function).parameters.values():
        if argument.name in names or argument.kind is argument.VAR_KEYWORD:
            continue
        annotation = hints.get(argument.name, str)
        if annotation is Context:
            context_names.append(argument.name)
            continue
        params.append(_make_param(argument, annotation))
    return _adapt(function, context_names), [*params, *declared]


def _adapt(function: Callable[..., Any], context_names: list[str]) -> Callable[..., Any]:
    """Return a callback that takes all values by name, which a function may not do, and fills in the context."""
    arguments = inspect.signature(function).parameters.values()
    kinds = {argument.kind for argument in arguments}
    by_position = kinds & {inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.POSITIONAL_ONLY}
    if not context_names and not by_position:
        return function

    def callback(**values: Any) -> Any:
        values.update(dict.fromkeys(context_names, get_current_context()))
        positional: list[Any] = []
        for argument in arguments if by_position else ():
            if argument.kind is argument.VAR_POSITIONAL:
                positional += values.pop(argument.name)
            elif argument.kind is not argument.KEYWORD_ONLY and argument.kind is not argument.VAR_KEYWORD:
                positional.append(values.pop(argument.name))
        return function(*positional, **values)

    callback.__name__ = function.__name__
    callback.__doc__ = function.__doc__
    return callback


def _make_param(argument: inspect.Parameter, annotation: Any) -> Parameter:
    spec: Opt | Arg | None = None
    attrs: dict[str, Any] = {}
    if typing.get_origin(annotation) is Annotated:
        annotation, *metadata = typing.get_args(annotation)
        spec, attrs = _read_metadata(metadata)
    has_default = argument.default is not argument.empty
    as_option = isinstance(spec, Opt) or (spec is None and (has_default or argument.kind is argument.KEYWORD_ONLY))
    attrs = {**_attrs_of_type(annotation, as_option, argument), **attrs}
    if has_default and argument.default is not None:
        attrs.setdefault("default", argument.default)
    elif not has_default and as_option:
        attrs.setdefault("required", not attrs.get("multiple") and attrs.get("default") is None)
    elif has_default:
        attrs.setdefault("required", False)
    if not as_option:
        return Argument([argument.name], **attrs)
    decls = list(spec.param_decls) if isinstance(spec, Opt) and spec.param_decls else _option_decls(argument, attrs)
    return Option([*decls, argument.name], **attrs)


def _option_decls(argument: inspect.Parameter, attrs: dict[str, Any]) -> list[str]:
    word = argument.name.replace("_", "-")
    return [f"--{word}/--no-{word}"] if attrs.get("is_flag") else [f"--{word}"]


def _read_metadata(metadata: list[Any]) -> tuple[Opt | Arg | None, dict[str, Any]]:
    spec: Opt | Arg | None = None
    attrs: dict[str, Any] = {}
    for item in metadata:
        if isinstance(item, str):
            attrs["help"] = item
        elif isinstance(item, ParamType):
            attrs["type"] = item
        elif isinstance(item, (Opt, Arg)):
            spec = item
            attrs.update(item.attrs)
    return spec, attrs


def _attrs_of_type(annotation: Any, as_option: bool, argument: inspect.Parameter) -> dict[str, Any]:
    """Return what an annotation says about the values: how many, and of what type."""
    annotation = _without_none(annotation)
    origin, args = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is tuple and args and args[-1] is not Ellipsis:
        return {"type": tuple(_value_type(one, argument) for one in args)}
    many = origin in (list, tuple, set, frozenset) or argument.kind is argument.VAR_POSITIONAL
    if many:
        inner = args[0] if args else annotation if argument.kind is argument.VAR_POSITIONAL else str
        kind = {"type": _value_type(inner, argument)}
        return {**kind, "multiple": True} if as_option else {**kind, "nargs": -1}
    if annotation is bool and as_option:
        return {"is_flag": True}
    return {"type": _value_type(annotation, argument)}


def _without_none(annotation: Any) -> Any:
    if typing.get_origin(annotation) not in (Union, types.UnionType):
        return annotation
    args = [one for one in typing.get_args(annotation) if one is not type(None)]
    return args[0] if len(args) == 1 else annotation


def _value_type(annotation: Any, argument: inspect.Parameter) -> Any:
    if annotation in (str, int, float, bool, bytes):
        return annotation
    if typing.get_origin(annotation) is Literal:
        return Choice(typing.get_args(annotation))
    if isinstance(annotation, type):
        return _class_type(annotation)
    if annotation is Any:
        return str
    raise TypeError(
        f"The argument {argument.name!r} is annotated with {annotation!r}, which stands for no parameter type;"
        " give one with Annotated[..., type]."
    )


def _class_type(cls: type) -> Any:
    if issubclass(cls, enum.Enum):
        return Choice(cls)
    if hasattr(cls, "__fspath__"):
        return Path(path_type=pathlib.Path if cls is os.PathLike else cls)
    # By name, so that neither uuid nor datetime is loaded for those who don't use them.
    known = {("uuid", "UUID"): UUID, ("datetime", "datetime"): DateTime()}
    return known.get((cls.__module__, cls.__qualname__), cls)
