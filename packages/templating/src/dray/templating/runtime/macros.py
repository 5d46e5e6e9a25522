"""Macros: functions that a template defines."""

from __future__ import annotations

from dray.safe_strings import Markup

from ..nodes.base import EvalContext
from ..utils import internalcode, missing, pass_eval_context
from .context import call as context_call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any


class Macro:
    """A macro as a callable.

    :param environment: the environment
    :param func: gets all arguments by position and returns the text
    :param name: the macro's name
    :param arguments: the names of its arguments
    :param catch_kwargs: whether it uses ``kwargs``
    :param catch_varargs: whether it uses ``varargs``
    :param caller: whether it uses ``caller``
    :param default_autoescape: whether the result is safe text when the macro is called from outside of a template
    """

    #: The generated function that appends to a list, for macros that templates define.
    _write: Callable[..., Any] | None = None

    def __init__(
        self,
        environment: Any,
        func: Callable[..., Any],
        name: str | None,
        arguments: Sequence[str],
        catch_kwargs: bool,
        catch_varargs: bool,
        caller: bool,
        default_autoescape: bool | Callable[[str | None], bool] | None = None,
    ) -> None:
        self._environment = environment
        self._func = func
        self._argument_count = len(arguments)
        self.name = name
        self.arguments = arguments
        self.catch_kwargs = catch_kwargs
        self.catch_varargs = catch_varargs
        self.caller = caller
        self.explicit_caller = "caller" in arguments
        if default_autoescape is None:
            default_autoescape = environment.autoescape
            if callable(default_autoescape):
                default_autoescape = default_autoescape(None)
        self._default_autoescape: Any = default_autoescape

    @internalcode
    @pass_eval_context
    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        autoescape = self._default_autoescape
        if args and isinstance(args[0], EvalContext):
            autoescape = args[0].autoescape
            args = args[1:]
        return self._invoke(self._bind(args, kwargs), autoescape)

    def _bind(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> list[Any]:
        """Return the arguments in the order that the generated function takes them.

        :raises TypeError: if they don't fit
        """
        count = self._argument_count
        bound = list(args[:count])
        found_caller = False
        if len(bound) < count:
            for name in self.arguments[len(bound) :]:
                bound.append(kwargs.pop(name, missing))
                if name == "caller":
                    found_caller = True
        else:
            found_caller = self.explicit_caller
        if self.caller and not found_caller:
            caller = kwargs.pop("caller", None)
            if caller is None:
                caller = self._environment.undefined("No caller defined", name="caller")
            bound.append(caller)
        if self.catch_kwargs:
            bound.append(kwargs)
        elif kwargs:
            self._refuse_keywords(kwargs)
        if self.catch_varargs:
            bound.append(args[count:])
        elif len(args) > count:
            raise TypeError(f"macro {self.name!r} takes not more than {len(self.arguments)} argument(s)")
        return bound

    def _refuse_keywords(self, kwargs: dict[str, Any]) -> None:
        if "caller" in kwargs:
            message = "was invoked with two values for the special caller argument. This is most likely a bug."
            raise TypeError(f"macro {self.name!r} {message}")
        raise TypeError(f"macro {self.name!r} takes no keyword argument {next(iter(kwargs))!r}")

    async def _async_invoke(self, arguments: list[Any], autoescape: bool) -> Any:
        value = await self._func(*arguments)
        return Markup(value) if autoescape else value

    def _invoke(self, arguments: list[Any], autoescape: bool) -> Any:
        """Render the macro."""
        if self._environment.is_async:
            return self._async_invoke(arguments, autoescape)
        value = self._func(*arguments)
        return Markup(value) if autoescape else value

    def __repr__(self) -> str:
        name = "anonymous" if self.name is None else repr(self.name)
        return f"<{type(self).__name__} {name}>"


def make_macro(
    environment: Any,
    write: Callable[..., Any],
    name: str | None,
    arguments: tuple[str, ...],
    catches: tuple[bool, bool, bool],
    autoescape: bool,
) -> Macro:
    """Make a macro of a generated function that appends to a list.

    :param environment: the environment
    :param write: takes the list and the arguments
    :param name: the macro's name
    :param arguments: the names of its arguments
    :param catches: whether it uses ``kwargs``, ``varargs``, ``caller``
    :param autoescape: whether output is escaped where it stands
    """
    concat = environment.concat
    func: Callable[..., Any]
    if environment.is_async:

        async def func(*args: Any) -> Any:
            out: list[Any] = []
            await write(out, *args)
            return concat(out)

    else:

        def func(*args: Any) -> Any:
            out: list[Any] = []
            write(out, *args)
            return concat(out)

    macro = Macro(environment, func, name, arguments, *catches, autoescape)
    macro._write = write
    return macro


def write_call(out: list[Any], escape: Callable[[Any], str], context: Any, function: Any, /, *args: Any, **kwargs: Any) -> None:
    """Call *function* where its result is output; a template's macro writes to the list directly.

    :param out: the list to append to
    :param escape: makes the output of any other result
    :param context: the active context
    :param function: the callable
    """
    if function.__class__ is Macro and function._write is not None:
        function._write(out, *function._bind(args, kwargs))
    else:
        out.append(escape(context_call(context, function, *args, **kwargs)))

