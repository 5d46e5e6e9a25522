"""What every parameter type is: it converts a value, names itself, and suggests completions.

The lowest module of the types. It must not know any concrete type.
"""

from __future__ import annotations

from abc import ABC

from .._utils import TYPE_CHECKING
from ..exceptions import BadParameter

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, ClassVar, Generic, NoReturn

    from typing_extensions import TypeVar

    from .._completion_item import CompletionItem
    from ..core import Context, Parameter

    V_co = TypeVar("V_co", covariant=True, default=Any)
    I_contra = TypeVar("I_contra", contravariant=True, default=Any)

    class _Generic(Generic[V_co, I_contra]):
        pass
else:
    V_co = I_contra = object

    class _Generic:
        """Accept ``ParamType[int]`` at run time without loading typing."""

        __class_getitem__ = classmethod(type(list[int]))


__all__ = ["CompositeParamType", "ParamType"]


class ParamType(_Generic[V_co, I_contra], ABC):
    """Converts and validates the values of a parameter.

    A type of your own has a ``name`` and a :meth:`convert`, which also accepts values that are converted already and a
    missing context and parameter. What it raises with :meth:`fail` becomes a usage error.
    """

    is_composite: ClassVar[bool] = False
    #: How many arguments one value takes.
    arity: int = 1
    #: What the usage line calls a value.
    name: str
    #: What separates several values in an environment variable; None is white space.
    envvar_list_splitter: ClassVar[str | None] = None

    def to_info_dict(self) -> dict[str, Any]:
        """Describe the type for documentation tools.

        :return: ``param_type``: the kind; ``name``; and more by kind.
        """
        kind = type(self).__name__.partition("ParamType")[0].partition("ParameterType")[0]
        return {"param_type": kind, "name": getattr(self, "name", kind)}

    def fail(self, message: str, param: Parameter | None = None, ctx: Context | None = None) -> NoReturn:
        """Report that a value doesn't fit.

        :param message: what is wrong with it.
        :param param: the parameter, if there is one.
        :param ctx: the context, if there is one.
        :raises BadParameter: always.
        """
        raise BadParameter(message, ctx=ctx, param=param)

    def __call__(
        self, value: I_contra | None, param: Parameter | None = None, ctx: Context | None = None
    ) -> V_co | None:
        """Convert a value, but leave None as it is."""
        return None if value is None else self.convert(value, param, ctx)

    def get_missing_message(self, param: Parameter, ctx: Context | None) -> str | None:
        """Return what to add to the error about a missing value, or None.

        :param param: the parameter.
        :param ctx: the context, if there is one.
        """

    def convert(self, value: I_contra, param: Parameter | None, ctx: Context | None) -> V_co:
        """Convert a value.

        :param value: text from the command line or the environment, or whatever a default is; never None.
        :param param: the parameter, if there is one.
        :param ctx: the context, if there is one.
        :return: the converted value.
        :raises BadParameter: the value doesn't fit.
        """
        return value  # type: ignore[return-value]

    def split_envvar_value(self, rv: str) -> Sequence[str]:
        """Split an environment variable that holds several values.

        :param rv: the variable's value.
        :return: the values.
        """
        return rv.strip(self.envvar_list_splitter).split(self.envvar_list_splitter) if rv else []

    def shell_complete(self, ctx: Context, param: Parameter, incomplete: str) -> list[CompletionItem]:
        """Suggest values.

        :param ctx: the context of the command.
        :param param: the parameter.
        :param incomplete: what stands there already.
        :return: the suggestions, none by default.
        """
        return []

    def get_metavar(self, param: Parameter, ctx: Context) -> str | None:
        """Return what stands for a value in usage lines, or None: the name in capitals.

        :param param: the parameter.
        :param ctx: the context.
        """


class CompositeParamType(ParamType[V_co, I_contra]):
    """A type whose value is made of several arguments; ``arity`` says of how many."""

    is_composite = True

    @property
    def arity(self) -> int:  # type: ignore[override]
        """How many arguments one value takes."""
        raise NotImplementedError(f"{type(self).__name__} must say how many arguments one value takes.")
