"""The state of one command while it runs: settings, values, resources, and the way to its parents.

It must not know how commands and parameters work; a command is an :class:`~.invocable.Invocable` to it.
"""

from __future__ import annotations

from .._utils import TYPE_CHECKING, UNSET, lazy_module
from .._utils import gettext as _
from ..exceptions import Abort, BadParameter, Exit, UsageError
from ..formatting import HelpFormatter
from ..globals import get_current_context, pop_context, push_context
from .invocable import Invocable, is_coroutine, run_coroutine
from .source import member

if TYPE_CHECKING:
    import contextlib
    import warnings
    from collections.abc import Callable, Coroutine, MutableMapping
    from contextlib import AbstractContextManager
    from types import TracebackType
    from typing import Any, NoReturn, Self, TypeAlias, TypeVar

    from ..formatting import Formatter
    from .command import Command
    from .parameter import Parameter
    from .parameter_source import ParameterSource

    V = TypeVar("V")
    #: On, off, or as it is elsewhere.
    Switch: TypeAlias = bool | None
else:
    contextlib = lazy_module("contextlib")
    warnings = lazy_module("warnings")

__all__ = ["Context", "augment_usage_errors"]

# Settings that a context takes from its parent where it has none of its own.
_INHERITED = (
    "obj",
    "terminal_width",
    "max_content_width",
    "token_normalize_func",
    "color",
    "show_default",
)

# What a description holds beside the command.
_DESCRIBED = (
    "info_name",
    "auto_envvar_prefix",
    "allow_extra_args",
    "allow_interspersed_args",
    "ignore_unknown_options",
)


class augment_usage_errors:  # noqa: N801 - used as a function
    """Give usage errors that pass through a ``with`` block the context and parameter that they lack.

    :param ctx: the context.
    :param param: the parameter.
    """

    __slots__ = ("ctx", "param")

    def __init__(self, ctx: Context, param: Parameter | None = None) -> None:
        self.ctx = ctx
        self.param = param

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, exc_type: type[BaseException] | None, exc_value: BaseException | None, tb: TracebackType | None
    ) -> None:
        if isinstance(exc_value, UsageError):
            augment(exc_value, self.ctx, self.param)


def augment(error: UsageError, ctx: Context, param: Parameter | None = None) -> None:
    """Give a usage error the context and parameter that it lacks.

    :param error: the error.
    :param ctx: the context.
    :param param: the parameter.
    """
    if error.ctx is None:
        error.ctx = ctx
        error.cmd = ctx.command
    if param is not None and isinstance(error, BadParameter) and error.param is None:
        error.param = param


class Context:
    """The state of one command while it runs.

    A context is made by :meth:`Command.make_context`; a callback gets it with :func:`pass_context`.

    :param command: the command.
    :param parent: the context of the group that it runs in.
    :param info_name: how the command was called.
    :param obj: an object of the program's own, handed down to sub-commands.
    :param auto_envvar_prefix: options read the variable ``PREFIX_NAME``; sub-commands append their own name.
    :param default_map: parameter name -> default, for example from a configuration file; a sub-command finds its own
        map under its name.
    :param terminal_width: columns of help pages.
    :param max_content_width: the most columns where the terminal's are taken; 0 means as many as it has.
    :param resilient_parsing: parse without errors, prompts, defaults and callbacks: for completion.
    :param allow_extra_args: keep words that belong to nothing in ``args`` instead of failing.
    :param allow_interspersed_args: options may stand behind arguments.
    :param ignore_unknown_options: treat unknown options as arguments.
    :param help_option_names: the spellings of the help option, ``--help`` by default.
    :param token_normalize_func: applied to option names, command names and choices.
    :param color: keep or remove escape sequences; by default they are kept on terminals.
    :param show_default: options show their default on help pages, unless they say otherwise.
    """

    #: What builds help pages: a class with the methods of :class:`~dray.cli_kit.formatting.Formatter`.
    formatter_class: type[Formatter] = HelpFormatter

    obj: Any
    terminal_width: int | None
    max_content_width: int | None
    token_normalize_func: Callable[[str], str] | None
    color: bool | None
    show_default: bool | None
    help_option_names: list[str]

    def __init__(
        self,
        command: Command,
        parent: Context | None = None,
        info_name: str | None = None,
        obj: Any | None = None,
        auto_envvar_prefix: str | None = None,
        default_map: MutableMapping[str, Any] | None = None,
        terminal_width: int | None = None,
        max_content_width: int | None = None,
        resilient_parsing: bool = False,
        allow_extra_args: Switch = None,
        allow_interspersed_args: Switch = None,
        ignore_unknown_options: Switch = None,
        help_option_names: list[str] | None = None,
        token_normalize_func: Callable[[str], str] | None = None,
        color: Switch = None,
        show_default: Switch = None,
    ) -> None:
        self.command, self.info_name, self.parent = command, info_name, parent
        #: Parameter name -> value.
        self.params: dict[str, Any] = {}
        #: Words that belong to nothing.
        self.args: list[str] = []
        self._protected_args: list[str] = []
        self.obj = obj
        self.terminal_width = terminal_width
        self.max_content_width = max_content_width
        self.token_normalize_func = token_normalize_func
        self.color = color
        self.show_default = show_default
        if help_option_names is None:
            help_option_names = ["--help"] if parent is None else parent.help_option_names
        self.help_option_names = help_option_names
        self.default_map = default_map
        self.auto_envvar_prefix = auto_envvar_prefix
        self._meta: dict[str, Any] = {} if parent is None else parent._meta
        self._opt_prefixes: set[str] = set() if parent is None else set(parent._opt_prefixes)
        if parent is not None:
            self._inherit(parent)
        if self.auto_envvar_prefix is not None or parent is not None and parent.auto_envvar_prefix is not None:
            self.auto_envvar_prefix = self._own_envvar_prefix(self.auto_envvar_prefix)
        #: Name of the sub-command that was called; ``*`` for several.
        self.invoked_subcommand: str | None = None
        self.allow_extra_args = command.allow_extra_args if allow_extra_args is None else allow_extra_args
        self.allow_interspersed_args: bool = (
            command.allow_interspersed_args if allow_interspersed_args is None else allow_interspersed_args
        )
        self.ignore_unknown_options: bool = (
            command.ignore_unknown_options if ignore_unknown_options is None else ignore_unknown_options
        )
        self.resilient_parsing = resilient_parsing
        self._close_callbacks: list[Callable[[], Any]] = []
        self._depth = 0
        # Parameter name -> number of ``source``, and whether a default was written down by the program.
        self._parameter_source: dict[str, int] = {}
        self._param_default_explicit: dict[str, bool] = {}
        self._stack: contextlib.ExitStack | None = None

    def _inherit(self, parent: Context) -> None:
        """Take over the settings that weren't given."""
        for name in _INHERITED:
            if getattr(self, name) is None:
                setattr(self, name, getattr(parent, name))
        if self.default_map is None:
            self.default_map = self._own_default_map()

    def _own_default_map(self) -> MutableMapping[str, Any] | None:
        parent = self.parent
        if parent is None or self.info_name is None or parent.default_map is None:
            return None
        if hasattr(parent.default_map, "for_command"):
            # A table that knows where its values come from goes on knowing it.
            return parent.default_map.for_command(self)  # type: ignore[no-any-return]
        found: MutableMapping[str, Any] | None = parent.default_map.get(self.info_name)
        if found is None:
            # A name with hyphens may be written with underscores in a configuration file.
            found = parent.default_map.get(self.info_name.replace("-", "_"))
        return found

    def _own_envvar_prefix(self, prefix: str | None) -> str | None:
        parent = self.parent
        if prefix is not None:
            prefix = prefix.upper()
        elif parent is not None and parent.auto_envvar_prefix is not None and self.info_name is not None:
            prefix = f"{parent.auto_envvar_prefix}_{self.info_name.upper()}"
        return None if prefix is None else prefix.replace("-", "_")

    @property
    def protected_args(self) -> list[str]:
        """The name of the sub-command, while it isn't parsed yet; deprecated."""
        warnings.warn("'protected_args' is deprecated; 'args' holds the words.", DeprecationWarning, stacklevel=2)
        return list(self._protected_args)

    def __enter__(self) -> Self:
        self._depth += 1
        push_context(self)
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc_value: BaseException | None, tb: TracebackType | None
    ) -> bool | None:
        self._depth -= 1
        try:
            if self._depth == 0 and self._stack is not None:
                return self._close_with_exception_info(exc_type, exc_value, tb)
            return None
        finally:
            pop_context()

    def scope(self, cleanup: bool = True) -> _Scope:
        """Return a context manager in which this context is the current one.

        :param cleanup: close the context at the end, if this is the outermost block.
        """
        return _Scope(self, cleanup)

    @property
    def meta(self) -> dict[str, Any]:
        """A dictionary that all nested contexts share; keys are dotted names, as modules have."""
        return self._meta

    def with_resource(self, context_manager: AbstractContextManager[V]) -> V:
        """Enter a context manager that is left when this context is closed.

        :param context_manager: the context manager; it learns of an exception as in a ``with`` statement.
        :return: what it gives.
        """
        return self._exit_stack.enter_context(context_manager)

    @property
    def _exit_stack(self) -> contextlib.ExitStack:
        if self._stack is None:
            self._stack = contextlib.ExitStack()
        return self._stack

    @_exit_stack.setter
    def _exit_stack(self, stack: contextlib.ExitStack) -> None:
        self._stack = stack

    def call_on_close(self, f: Callable[..., Any]) -> Callable[..., Any]:
        """Call a function when this context is closed; the last one that was added comes first.

        :param f: the function.
        :return: the function, so that this is a decorator too.
        """
        self._exit_stack.callback(f)
        return f

    def _close_with_exception_info(
        self, exc_type: type[BaseException] | None, exc_value: BaseException | None, tb: TracebackType | None
    ) -> bool | None:
        stack, self._stack = self._stack, None
        return None if stack is None else stack.__exit__(exc_type, exc_value, tb)

    @property
    def command_path(self) -> str:
        """The program's name and those of all commands down to this one, with the arguments between them."""
        name = self.info_name if self.info_name is not None else ""
        if self.parent is None:
            return name.lstrip()
        pieces = [self.parent.command_path]
        for param in self.parent.command.get_params(self):
            pieces.extend(param.get_usage_pieces(self))
        return f"{' '.join(pieces)} {name}".lstrip()

    def get_usage(self) -> str:
        """Return the usage line."""
        return self.command.get_usage(self)

    def find_root(self) -> Context:
        """Return the context of the program itself."""
        ctx = self
        while ctx.parent is not None:
            ctx = ctx.parent
        return ctx

    def make_formatter(self) -> HelpFormatter:
        """Return the object that builds a help page."""
        formatter: Any = self.formatter_class(max_width=self.max_content_width, width=self.terminal_width)
        return formatter  # type: ignore[no-any-return]

    def find_object(self, object_type: type[V]) -> V | None:
        """Return the nearest object of a type, or None.

        :param object_type: the type of ``obj``.
        """
        ctx: Context | None = self
        while ctx is not None:
            if isinstance(ctx.obj, object_type):
                return ctx.obj
            ctx = ctx.parent
        return None

    def ensure_object(self, object_type: type[V]) -> V:
        """Return the nearest object of a type; make it, if there is none.

        :param object_type: the type of ``obj``, called without arguments.
        """
        found = self.find_object(object_type)
        if found is None:
            self.obj = found = object_type()
        return found

    def _default_map_has(self, name: str | None) -> bool:
        return name is not None and self.default_map is not None and name in self.default_map

    def lookup_default(self, name: str, call: bool = True) -> Any | None:
        """Return the default that ``default_map`` has for a parameter, or None.

        :param name: the parameter's name.
        :param call: call it, if it can be called.
        """
        value = None if self.default_map is None else self.default_map.get(name)
        if call and callable(value):
            return value()
        return None if value is UNSET else value

    def fail(self, message: str) -> NoReturn:
        """End with a usage error.

        :param message: what is wrong.
        :raises UsageError: always.
        """
        raise UsageError(message, self)

    def abort(self) -> NoReturn:
        """End with ``Aborted!``.

        :raises Abort: always.
        """
        raise Abort()

    def exit(self, code: int = 0) -> NoReturn:
        """Close the context and end the program.

        :param code: the exit code.
        :raises Exit: always.
        """
        self.close()
        raise Exit(code)

    def close(self) -> None:
        """Call what was registered with :meth:`call_on_close` and leave what was entered with :meth:`with_resource`."""
        self._close_with_exception_info(None, None, None)

    def get_help(self) -> str:
        """Return the help page."""
        return self.command.get_help(self)

    def invoke(self, callback: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Call a command or a function in its own context.

        A command's parameters that aren't given take their defaults.

        :param callback: the command or function.
        :param args: its positional arguments.
        :param kwargs: its keyword arguments.
        :return: what it returns. An ``async def`` function is run, or, where an event loop runs in this thread,
            returned to be awaited.
        :raises TypeError: the command has no callback.
        """
        ctx = self
        function = callback
        if isinstance(callback, Invocable):
            command: Any = callback
            function = command.callback
            if function is None:
                raise TypeError(_("The given command does not have a callback that can be invoked."))
            ctx = self._make_sub_context(command)
            for param in command.params:
                if param.name not in kwargs and param.expose_value:
                    kwargs[param.name] = param.type_cast_value(ctx, param.get_default(ctx))
            ctx.params.update(kwargs)
        try:
            if ctx._depth and get_current_context(silent=True) is ctx:
                # It is entered already; doing it again would change nothing.
                result = function(*args, **kwargs)
                return self.run_async(result) if is_coroutine(result) else result
            with ctx:
                result = function(*args, **kwargs)
                return self.run_async(result) if is_coroutine(result) else result
        except UsageError as error:
            augment(error, self)
            raise

    def run_async(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        """Run what an ``async def`` callback returned; override it to use another event loop or library.

        :param coroutine: the coroutine.
        :return: its result; or the coroutine, to be awaited, where an event loop runs in this thread.
        """
        return run_coroutine(coroutine)

    def forward(self, cmd: Command, /, *args: Any, **kwargs: Any) -> Any:
        """Call a command with the parameters of this one.

        :param cmd: the command.
        :param args: its positional arguments.
        :param kwargs: its keyword arguments; the others are taken from this context.
        :raises TypeError: it is no command.
        """
        if not isinstance(cmd, Invocable):
            raise TypeError(f"A command can be forwarded to, not {type(cmd).__name__}.")
        return self.invoke(cmd, *args, **{**self.params, **kwargs})

    def _make_sub_context(self, command: Command) -> Context:
        return type(self)(command, info_name=command.name, parent=self)

    def to_info_dict(self) -> dict[str, Any]:
        """Describe the command with all of its sub-commands, for documentation tools."""
        own = {name: getattr(self, name) for name in _DESCRIBED}
        return {"command": self.command.to_info_dict(self), **own}

    def set_parameter_source(self, name: str, source: ParameterSource) -> None:
        """Note where the value of a parameter came from.

        :param name: the parameter's name.
        :param source: where from.
        """
        self._parameter_source[name] = source

    def get_parameter_source(self, name: str) -> ParameterSource | None:
        """Return where the value of a parameter came from, or None: it has no value yet.

        :param name: the parameter's name.
        """
        number = self._parameter_source.get(name)
        return None if number is None else member(number)


class _Scope:
    """The ``with`` block of :meth:`Context.scope`."""

    __slots__ = ("cleanup", "ctx")

    def __init__(self, ctx: Context, cleanup: bool) -> None:
        self.ctx = ctx
        self.cleanup = cleanup

    def __enter__(self) -> Context:
        if not self.cleanup:
            self.ctx._depth += 1
        return self.ctx.__enter__()

    def __exit__(
        self, exc_type: type[BaseException] | None, exc_value: BaseException | None, tb: TracebackType | None
    ) -> bool | None:
        handled = self.ctx.__exit__(exc_type, exc_value, tb)
        if not self.cleanup:
            self.ctx._depth -= 1
        return handled
