"""Macros: functions that a template defines.

What is known when a template is compiled stands once, in a :class:`MacroSpec`; making a macro while a template runs
sets two attributes. A macro's generated function takes the list to append to, ``caller`` if it uses it, and the
arguments by position; what isn't given is ``missing``, and the function itself puts the defaults in.
"""

from __future__ import annotations

from functools import partial

from dray.safe_strings import Markup
from dray.safe_strings._choose import escape_to_str

from .._settings import EvalContext
from ..async_utils import auto_await
from ..utils import internalcode, missing, pass_eval_context
from .context import call as context_call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any


class MacroSpec:
    """What all macros of one definition share.

    :param environment: the environment
    :param name: the macro's name
    :param arguments: the names of its arguments
    :param catches: whether it uses ``kwargs``, ``varargs``, ``caller``
    :param autoescape: whether its result is safe text when it is called from outside of a template
    :param plain: whether its generated function has parameters of the same names, so that keywords can be handed on;
        ``None`` if nobody knows, so that neither can positional arguments
    """

    __slots__ = (
        "arguments", "autoescape", "caller", "catch_kwargs", "catch_varargs", "count", "environment", "explicit_caller",
        "fast", "fast_caller", "name", "positions",
    )  # fmt: skip

    def __init__(
        self,
        environment: Any,
        name: str | None,
        arguments: Sequence[str],
        catches: tuple[bool, bool, bool],
        autoescape: bool,
        plain: bool | None = None,
    ) -> None:
        self.environment = environment
        self.name = name
        self.arguments = arguments
        self.count = len(arguments)
        self.catch_kwargs, self.catch_varargs, self.caller = catches
        self.explicit_caller = "caller" in arguments
        self.autoescape = autoescape
        #: Where keywords that can be handed on belong; empty where they can't.
        self.positions: dict[str, int] = {}
        #: Most positional arguments with which its function can be called as it is, without and with a ``caller``.
        self.fast = self.fast_caller = -1
        if plain is None or self.catch_kwargs:
            return
        if self.caller:
            self.fast_caller = self.count
        else:
            self.fast = self.count
        if plain:
            self.positions = {argument: index for index, argument in enumerate(arguments)}
            if self.caller:
                self.positions["caller"] = self.count


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

    __module__ = __package__

    _spec: MacroSpec
    #: The generated function that appends to a list, for macros that templates define. (No default in the class: it
    #: would keep Python from finding the instance's own quickly.)
    _write: Any

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
        if default_autoescape is None:
            default_autoescape = environment.autoescape
            if callable(default_autoescape):
                default_autoescape = default_autoescape(None)
        catches = (catch_kwargs, catch_varargs, caller)
        self._spec = MacroSpec(environment, name, arguments, catches, default_autoescape)  # type: ignore[arg-type]
        self._func = func
        self._write = None

    name = property(lambda self: self._spec.name, doc="The macro's name.")
    arguments = property(lambda self: self._spec.arguments, doc="The names of its arguments.")
    catch_kwargs = property(lambda self: self._spec.catch_kwargs, doc="Whether it uses ``kwargs``.")
    catch_varargs = property(lambda self: self._spec.catch_varargs, doc="Whether it uses ``varargs``.")
    caller = property(lambda self: self._spec.caller, doc="Whether it uses ``caller``.")
    explicit_caller = property(lambda self: self._spec.explicit_caller, doc="Whether it has an argument ``caller``.")

    @internalcode
    @pass_eval_context
    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Render the macro; called for a template, the evaluation context comes first."""
        autoescape = self._spec.autoescape
        if args and isinstance(args[0], EvalContext):
            autoescape = args[0].autoescape
            args = args[1:]
        return self._invoke(self._bind(args, kwargs), autoescape)

    def _bind(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> list[Any]:
        """Return the arguments in the order that the generated function takes them.

        :raises TypeError: if they don't fit
        """
        spec = self._spec
        count = spec.count
        bound = list(args[:count])
        found_caller = False
        if len(bound) < count:
            defaults = (missing,) * count if self._write is None else self._write.__defaults__
            for name, default in zip(spec.arguments[len(bound) :], defaults[spec.caller + len(bound) :], strict=False):
                bound.append(kwargs.pop(name, default))
                if name == "caller":
                    found_caller = True
        else:
            found_caller = spec.explicit_caller
        if spec.caller and not found_caller:
            caller = kwargs.pop("caller", None)
            if caller is None:
                caller = no_caller(spec.environment)
            bound.append(caller)
        if spec.catch_kwargs:
            bound.append(kwargs)
        elif kwargs:
            self._refuse_keywords(kwargs)
        if spec.catch_varargs:
            bound.append(args[count:])
        elif len(args) > count:
            raise TypeError(f"macro {spec.name!r} takes not more than {count} argument(s)")
        return bound

    def _caller_first(self, bound: list[Any]) -> list[Any]:
        """Return bound arguments in the order that a generated function takes them."""
        if self._spec.caller:
            bound.insert(0, bound.pop(self._spec.count))
        return bound

    def _refuse_keywords(self, kwargs: dict[str, Any]) -> None:
        if "caller" in kwargs:
            message = "was invoked with two values for the special caller argument. This is most likely a bug."
            raise TypeError(f"macro {self.name!r} {message}")
        raise TypeError(f"macro {self.name!r} takes no keyword argument {next(iter(kwargs))!r}")

    async def _async_invoke(self, arguments: list[Any], autoescape: bool) -> Any:
        write = self._write
        if write is None:
            value = await self._func(*arguments)
        else:
            out: list[Any] = []
            await write(out, *self._caller_first(arguments))
            value = self._spec.environment.concat(out)
        return Markup(value) if autoescape else value

    def _invoke(self, arguments: list[Any], autoescape: bool) -> Any:
        """Render the macro."""
        environment = self._spec.environment
        if environment.is_async:
            return self._async_invoke(arguments, autoescape)
        write = self._write
        if write is None:
            value = self._func(*arguments)
        else:
            out: list[Any] = []
            write(out, *self._caller_first(arguments))
            value = environment.concat(out)
        return Markup(value) if autoescape else value

    def __repr__(self) -> str:
        name = "anonymous" if self.name is None else repr(self.name)
        return f"<{type(self).__name__} {name}>"


_new = object.__new__


def no_caller(environment: Any) -> Any:
    """Return what ``caller`` is where a macro wasn't called by a call block."""
    return environment.undefined("No caller defined", name="caller")


def make_macro(spec: MacroSpec, write: Callable[..., Any]) -> Macro:
    """Make a macro of a generated function that appends to a list.

    :param spec: its definition
    :param write: takes the list and the arguments
    """
    macro = _new(Macro)
    macro._spec = spec
    macro._write = write
    return macro


def write_call(
    out: list[Any], escape: Callable[[Any], str], context: Any, function: Any, /, *args: Any, **kwargs: Any
) -> None:
    """Call *function* where its result is output; a template's macro writes to the list directly.

    :param out: the list to append to
    :param escape: makes the output of any other result
    :param context: the active context
    :param function: the callable
    """
    if function.__class__ is not Macro or function._write is None:
        out.append(escape(context_call(context, function, *args, **kwargs)))
        return
    spec = function._spec
    given = len(args)
    if given <= spec.count:
        positions = spec.positions
        for key in kwargs:
            if positions.get(key, -1) < given:
                break
        else:
            if spec.caller:
                args = (kwargs.pop("caller", function._write.__defaults__[0]), *args)
            function._write(out, *args, **kwargs)
            return
    function._write(out, *function._caller_first(function._bind(args, kwargs)))


def writer(
    function: Any, given: int, context: Any, escape: Callable[[Any], str] = escape_to_str,
    local: dict[str, Any] | None = None,
) -> Callable[..., Any]:  # fmt: skip
    """Return what writes the result of a call with so many arguments: takes the list to append to, and the arguments.

    For a template's macro that is the macro's own function. (40 ns for the look at it.)

    :param function: what is called
    :param given: the number of arguments
    :param context: the active context
    :param escape: makes the output of what isn't a macro's
    :param local: variables that a context function should see
    """
    if function.__class__ is Macro and function._spec.fast >= given:
        return function._write  # type: ignore[no-any-return]
    return partial(_write_with, context, escape, local, function)


def caller_writer(
    function: Any, given: int, context: Any, escape: Callable[[Any], str] = escape_to_str,
    local: dict[str, Any] | None = None,
) -> Callable[..., Any]:  # fmt: skip
    """Do what :func:`writer` does for a call block: its caller stands before the arguments."""
    if function.__class__ is Macro and function._spec.fast_caller >= given:
        return function._write  # type: ignore[no-any-return]
    return partial(_write_with_caller, context, escape, local, function)


def _write_with(
    context: Any, escape: Callable[[Any], str], local: dict[str, Any] | None, function: Any, out: list[Any], /,
    *args: Any, **kwargs: Any,
) -> Any:  # fmt: skip
    if context.environment.is_async:
        return _write_awaited(out, escape, context, local, function, args, kwargs)
    write_call_within(out, escape, context, local, function, *args, **kwargs)
    return None


def _write_with_caller(
    context: Any, escape: Callable[[Any], str], local: dict[str, Any] | None, function: Any, out: list[Any],
    caller: Any, /, *args: Any,
) -> Any:  # fmt: skip
    return _write_with(context, escape, local, function, out, *args, caller=caller)


async def _write_awaited(
    out: list[Any], escape: Callable[[Any], str], context: Any, local: dict[str, Any] | None, function: Any,
    args: tuple[Any, ...], kwargs: dict[str, Any],
) -> None:  # fmt: skip
    if local:
        kwargs["_loop_vars"] = local
    call = context.call if local is not None else partial(context_call, context)
    out.append(escape(await auto_await(call(function, *args, **kwargs))))


def write_call_within(
    out: list[Any], escape: Callable[[Any], str], context: Any, local: dict[str, Any] | None, function: Any, /,
    *args: Any, **kwargs: Any,
) -> None:  # fmt: skip
    """Do what :func:`write_call` does, where loop or block assigned variables that a context function should see.

    :param local: the variables
    """
    if function.__class__ is not Macro and local:
        out.append(escape(context.call(function, *args, _loop_vars=local, **kwargs)))
    else:
        write_call(out, escape, context, function, *args, **kwargs)
