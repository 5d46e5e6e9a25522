"""Commands, parameters and what callbacks get, as decorators.

Each makes an object of the core and puts it where it belongs. It must not know how these objects work.
"""

from __future__ import annotations

import sys

from ._deprecation import deprecated_names
from ._utils import TYPE_CHECKING, lazy_module, overload
from ._utils import gettext as _
from .core.argument import Argument
from .core.command import Command, show_help
from .core.group import Group
from .core.option import Option
from .globals import get_current_context
from .utils import echo

if TYPE_CHECKING:
    import importlib.metadata as metadata
    from collections.abc import Callable
    from typing import Any, Concatenate, ParamSpec, TypeVar

    from .core import Context, Parameter

    P = ParamSpec("P")
    R = TypeVar("R")
    T = TypeVar("T")
    FC = TypeVar("FC", bound=Callable[..., Any] | Command)
    CmdType = TypeVar("CmdType", bound=Command)
    GrpType = TypeVar("GrpType", bound=Group)
else:
    metadata = lazy_module("importlib.metadata")


__all__ = [
    "FC",
    "CmdType",
    "GrpType",
    "R",
    "T",
    "argument",
    "command",
    "confirmation_option",
    "custom_version_option",
    "group",
    "help_option",
    "make_pass_decorator",
    "option",
    "pass_context",
    "pass_meta_key",
    "pass_obj",
    "password_option",
    "version_option",
]

# What a wrapper takes over from the function that it wraps; functools would do the same and is slow to import.
_TAKEN_OVER = ("__module__", "__name__", "__qualname__", "__doc__", "__type_params__", "__annotations__")


def _wraps(wrapper: Any, wrapped: Any) -> Any:
    for name in _TAKEN_OVER:
        try:
            setattr(wrapper, name, getattr(wrapped, name))
        except AttributeError:
            pass
    wrapper.__dict__.update(getattr(wrapped, "__dict__", {}))
    wrapper.__wrapped__ = wrapped
    return wrapper


def pass_context(f: Callable[Concatenate[Context, P], R]) -> Callable[P, R]:
    """Hand the current context to a callback as its first argument.

    :param f: the callback.
    """

    def with_context(*args: P.args, **kwargs: P.kwargs) -> R:
        return f(get_current_context(), *args, **kwargs)

    return _wraps(with_context, f)  # type: ignore[no-any-return]


def pass_obj(f: Callable[Concatenate[T, P], R]) -> Callable[P, R]:
    """Hand the current context's ``obj`` to a callback as its first argument.

    :param f: the callback.
    """

    def with_obj(*args: P.args, **kwargs: P.kwargs) -> R:
        return f(get_current_context().obj, *args, **kwargs)

    return _wraps(with_obj, f)  # type: ignore[no-any-return]


def make_pass_decorator(
    object_type: type[T], ensure: bool = False
) -> Callable[[Callable[Concatenate[T, P], R]], Callable[P, R]]:
    """Make a decorator that hands the nearest object of a type to a callback as its first argument.

    :param object_type: the type of ``obj`` in this context or one above it.
    :param ensure: make the object if there is none.
    :return: the decorator; its callback raises :exc:`RuntimeError` if there is no object.
    """

    def decorator(f: Callable[Concatenate[T, P], R]) -> Callable[P, R]:
        def with_object(*args: P.args, **kwargs: P.kwargs) -> R:
            ctx = get_current_context()
            found = ctx.ensure_object(object_type) if ensure else ctx.find_object(object_type)
            if found is None:
                raise RuntimeError(
                    f"No context of this command has an object of type {object_type.__name__!r};"
                    " set ctx.obj in a group above it."
                )
            return ctx.invoke(f, found, *args, **kwargs)  # type: ignore[no-any-return]

        return _wraps(with_object, f)  # type: ignore[no-any-return]

    return decorator


def pass_meta_key(
    key: str, *, doc_description: str | None = None
) -> Callable[[Callable[Concatenate[T, P], R]], Callable[P, R]]:
    """Make a decorator that hands ``ctx.meta[key]`` to a callback as its first argument.

    :param key: the key.
    :param doc_description: what it is, for the decorator's docstring.
    """

    def decorator(f: Callable[Concatenate[T, P], R]) -> Callable[P, R]:
        def with_value(*args: P.args, **kwargs: P.kwargs) -> R:
            ctx = get_current_context()
            return ctx.invoke(f, ctx.meta[key], *args, **kwargs)  # type: ignore[no-any-return]

        return _wraps(with_value, f)  # type: ignore[no-any-return]

    what = doc_description or f"the {key!r} key of the context's meta"
    decorator.__doc__ = f"Hand {what} to a callback as its first argument."
    return decorator


_SUFFIXES = ("_command", "_cmd", "_group", "_grp")


def _name_of(function: Callable[..., Any]) -> str:
    """Return a command's name from that of its function: no suffix that says what it is, hyphens for underscores."""
    name = function.__name__.lower()
    stem, separator, suffix = name.rpartition("_")
    if stem and separator + suffix in _SUFFIXES:
        name = stem
    return name.replace("_", "-")


if TYPE_CHECKING:
    _AnyCallable = Callable[..., Any]


@overload
def command(name: _AnyCallable) -> Command: ...
@overload
def command(name: str | None, cls: type[CmdType], **attrs: Any) -> Callable[[_AnyCallable], CmdType]: ...
@overload
def command(name: None = None, *, cls: type[CmdType], **attrs: Any) -> Callable[[_AnyCallable], CmdType]: ...
@overload
def command(name: str | None = ..., cls: None = None, **attrs: Any) -> Callable[[_AnyCallable], Command]: ...
def command(name: Any = None, cls: Any = None, **attrs: Any) -> Any:
    """Make a command of a function; the parameters that were put on it become those of the command.

    :param name: the command's name; by default the function's, with hyphens and without ``_command``, ``_cmd``,
        ``_group`` and ``_grp``.
    :param cls: the class, :class:`~dray.cli_kit.Command` by default.
    :param attrs: arguments for the class; ``help`` is the docstring by default. ``annotations=True`` makes parameters
        of the function's annotated arguments.
    :return: the command, or a decorator for it.
    :raises TypeError: the function is a command already.
    """
    if callable(name):
        return _make_command(name, None, cls, attrs)

    def decorator(f: Callable[..., Any]) -> Command:
        return _make_command(f, name, cls, dict(attrs))

    return decorator


def _make_command(f: Any, name: str | None, cls: Any, attrs: dict[str, Any]) -> Command:
    if isinstance(f, Command):
        raise TypeError("Attempted to convert a callback into a command twice.")
    params: list[Parameter] = list(attrs.pop("params", None) or ())
    memo = f.__dict__.pop("__click_params__", None)
    if memo:
        # Decorators are applied from the bottom up.
        params += memo[::-1]
    rules = f.__dict__.pop("__click_constraints__", None)
    if rules:
        attrs["constraints"] = [*attrs.get("constraints", ()), *rules[::-1]]
    callback = f
    if attrs.pop("annotations", False):
        from .annotations import params_from_annotations  # noqa: PLC0415 - start-up: inspect and typing are slow

        callback, params = params_from_annotations(f, params)
    if attrs.get("help") is None:
        attrs["help"] = f.__doc__
    if name is None:
        name = _name_of(f)
    made: Command = (cls or Command)(name=name, callback=callback, params=params, **attrs)
    made.__doc__ = f.__doc__
    return made


@overload
def group(name: _AnyCallable) -> Group: ...
@overload
def group(name: str | None, cls: type[GrpType], **attrs: Any) -> Callable[[_AnyCallable], GrpType]: ...
@overload
def group(name: None = None, *, cls: type[GrpType], **attrs: Any) -> Callable[[_AnyCallable], GrpType]: ...
@overload
def group(name: str | None = ..., cls: None = None, **attrs: Any) -> Callable[[_AnyCallable], Group]: ...
def group(name: Any = None, cls: Any = None, **attrs: Any) -> Any:
    """Make a group of a function: :func:`command` with another class.

    :param name: as for :func:`command`.
    :param cls: the class, :class:`~dray.cli_kit.Group` by default.
    :param attrs: as for :func:`command`.
    """
    return command(name, cls or Group, **attrs)


def _param_memo(f: Any, param: Parameter) -> None:
    """Note a parameter on a function, for the command that will be made of it, or add it to a command."""
    if isinstance(f, Command):
        f.params.append(param)
    elif hasattr(f, "__click_params__"):
        f.__click_params__.append(param)
    else:
        f.__click_params__ = [param]


def argument(*param_decls: str, cls: type[Argument] | None = None, **attrs: Any) -> Callable[[FC], FC]:
    """Put an argument on a callback.

    :param param_decls: as for :class:`~dray.cli_kit.Argument`.
    :param cls: its class.
    :param attrs: as for :class:`~dray.cli_kit.Argument`.
    """
    kind = cls or Argument

    def decorator(f: FC) -> FC:
        _param_memo(f, kind(param_decls, **attrs))
        return f

    return decorator


def option(*param_decls: str, cls: type[Option] | None = None, **attrs: Any) -> Callable[[FC], FC]:
    """Put an option on a callback.

    :param param_decls: as for :class:`~dray.cli_kit.Option`.
    :param cls: its class.
    :param attrs: as for :class:`~dray.cli_kit.Option`.
    """
    kind = cls or Option

    def decorator(f: FC) -> FC:
        _param_memo(f, kind(param_decls, **attrs))
        return f

    return decorator


def confirmation_option(*param_decls: str, **kwargs: Any) -> Callable[[FC], FC]:
    """Put an option on a callback that asks before the command goes on, unless it is given.

    :param param_decls: its spellings, ``--yes`` by default.
    :param kwargs: as for :func:`option`.
    """

    def abort_unless_confirmed(ctx: Context, param: Parameter, value: bool) -> None:
        if not value:
            ctx.abort()

    defaults = {
        "is_flag": True,
        "callback": abort_unless_confirmed,
        "expose_value": False,
        "prompt": _("Do you want to continue?"),
        "help": _("Confirm the action without prompting."),
    }
    return option(*(param_decls or ("--yes",)), **{**defaults, **kwargs})


def password_option(*param_decls: str, **kwargs: Any) -> Callable[[FC], FC]:
    """Put an option on a callback that is asked for twice and isn't shown.

    :param param_decls: its spellings, ``--password`` by default.
    :param kwargs: as for :func:`option`.
    """
    defaults = {"prompt": True, "confirmation_prompt": True, "hide_input": True}
    return option(*(param_decls or ("--password",)), **{**defaults, **kwargs})


def version_option(
    version: str | None = None,
    *param_decls: str,
    package_name: str | None = None,
    prog_name: str | None = None,
    message: str | None = None,
    **kwargs: Any,
) -> Callable[[FC], FC]:
    """Put an option on a callback that prints the version and ends.

    :param version: the version; by default that of the installed distribution.
    :param param_decls: its spellings, ``--version`` by default.
    :param package_name: the distribution, or a module of it; by default the package of the calling module.
    :param prog_name: the program's name; by default as it was called.
    :param message: with the fields ``%(prog)s``, ``%(package)s`` and ``%(version)s``.
    :param kwargs: as for :func:`option`.
    :return: the decorator; the option raises :exc:`RuntimeError` when it can't find the version.
    """
    if message is None:
        message = _("%(prog)s, version %(version)s")
    if version is None and package_name is None:
        package_name = _calling_package(sys._getframe(1))

    def show(ctx: Context) -> str:
        found = _installed_version(package_name) if version is None else version
        name = ctx.find_root().info_name if prog_name is None else prog_name
        return message % {"prog": name, "package": package_name, "version": found}

    return custom_version_option(show, *param_decls, **kwargs)


def custom_version_option(callback: Callable[[Context], str], *param_decls: str, **kwargs: Any) -> Callable[[FC], FC]:
    """Put an option on a callback that prints what a function says about the version, and ends.

    :param callback: gets the context, returns the text.
    :param param_decls: its spellings, ``--version`` by default.
    :param kwargs: as for :func:`option`.
    """

    def show(ctx: Context, param: Parameter, value: bool) -> None:
        if value and not ctx.resilient_parsing:
            echo(callback(ctx), color=ctx.color)
            ctx.exit()

    defaults = {
        "is_flag": True,
        "expose_value": False,
        "is_eager": True,
        "help": _("Show the version and exit."),
        "callback": show,
    }
    return option(*(param_decls or ("--version",)), **{**defaults, **kwargs})


def _calling_package(frame: Any) -> str | None:
    name = frame.f_globals.get("__name__")
    if name == "__main__":
        name = frame.f_globals.get("__package__")
    return name.partition(".")[0] if name else None


def _installed_version(name: str | None) -> str:
    if name is None:
        raise RuntimeError("The package of this program can't be found out; pass 'package_name' or 'version'.")
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        pass
    # A module's name isn't always that of its distribution.
    candidates = metadata.packages_distributions().get(name, [])
    names = set(candidates)
    if len(names) == 1:
        return metadata.version(names.pop())
    raise RuntimeError(
        f"{name!r} is not installed as a distribution, nor is it a module of exactly one; pass the right 'package_name'"
        " or the 'version'."
    )


def help_option(*param_decls: str, **kwargs: Any) -> Callable[[FC], FC]:
    """Put an option on a callback that prints the help page and ends, in place of the one that commands have.

    :param param_decls: its spellings, ``--help`` by default.
    :param kwargs: as for :func:`option`.
    """
    defaults = {
        "is_flag": True,
        "expose_value": False,
        "is_eager": True,
        "help": _("Show this message and exit."),
        "callback": show_help,
    }
    return option(*(param_decls or ("--help",)), **{**defaults, **kwargs})


__getattr__ = deprecated_names(__name__, {}, type_variables=("FC", "CmdType", "GrpType", "R", "T"))
