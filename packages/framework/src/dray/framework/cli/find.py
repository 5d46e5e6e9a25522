"""Find the application that a command line is about: in a module, a file, or by calling a factory."""

from __future__ import annotations

import ast
import inspect
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, cast

from dray.cli_kit import UsageError

from ..sansio.app import App as SansioApp

if TYPE_CHECKING:
    from ..app import App


class NoAppException(UsageError):
    """There is no application, or it can't be loaded."""


def find_best_app(module: ModuleType) -> App:
    """Find the application in a module that doesn't say which one it is.

    Looked for are ``app`` and ``application``, a single application under another name, then the factories
    ``create_app`` and ``make_app``.

    :raises NoAppException: when there is none, or more than one.
    """
    for name in ("app", "application"):
        found = getattr(module, name, None)
        if isinstance(found, SansioApp):
            return cast("App", found)
    matches = {id(value): value for value in vars(module).values() if isinstance(value, SansioApp)}
    if len(matches) == 1:
        return cast("App", matches.popitem()[1])
    if len(matches) > 1:
        raise NoAppException(
            f"Detected multiple applications in module '{module.__name__}'. Use '{module.__name__}:name' to specify"
            " the correct one."
        )
    for name in ("create_app", "make_app"):
        factory = getattr(module, name, None)
        if inspect.isfunction(factory):
            return _app_of_factory(module, name, factory)
    raise NoAppException(
        f"Failed to find an application or factory in module '{module.__name__}'. Use '{module.__name__}:name' to"
        " specify one."
    )


def _app_of_factory(module: ModuleType, name: str, factory: Callable[..., Any]) -> App:
    try:
        app = factory()
    except TypeError as error:
        if not _called_with_wrong_args(factory):
            raise
        raise NoAppException(
            f"Detected factory '{name}' in module '{module.__name__}', but could not call it without arguments. Use"
            f" '{module.__name__}:{name}(args)' to specify arguments."
        ) from error
    if isinstance(app, SansioApp):
        return cast("App", app)
    raise NoAppException(f"The factory '{module.__name__}:{name}' returned {type(app).__name__!r}, not an application.")


def _called_with_wrong_args(f: Callable[..., Any]) -> bool:
    """Tell whether the TypeError being handled comes from the call itself, not from inside the function."""
    return all(frame.f_code is not f.__code__ for frame, _ in traceback.walk_tb(sys.exc_info()[2]))


def find_app_by_string(module: ModuleType, app_name: str) -> App:
    """Find the application by a name in a module, or by a call of a factory with literal arguments.

    :param app_name: such as ``app``, ``create_app`` or ``create_app("dev", debug=True)``.
    :raises NoAppException: when that gives no application.
    """
    name, args, kwargs = _parse_reference(app_name)
    try:
        found = getattr(module, name)
    except AttributeError as error:
        raise NoAppException(f"Failed to find attribute {name!r} in {module.__name__!r}.") from error
    if inspect.isfunction(found):
        try:
            found = found(*(args or ()), **(kwargs or {}))
        except TypeError as error:
            if not _called_with_wrong_args(found):
                raise
            raise NoAppException(
                f"The factory {app_name!r} in module {module.__name__!r} could not be called with the specified"
                " arguments."
            ) from error
    if isinstance(found, SansioApp):
        return cast("App", found)
    raise NoAppException(f"A valid application was not obtained from '{module.__name__}:{app_name}'.")


def _parse_reference(app_name: str) -> tuple[str, list[Any] | None, dict[str, Any] | None]:
    """Take a name or a call apart into name, positional and keyword arguments."""
    try:
        expression = ast.parse(app_name.strip(), mode="eval").body
    except SyntaxError:
        raise NoAppException(f"Failed to parse {app_name!r} as an attribute name or function call.") from None
    if isinstance(expression, ast.Name):
        return expression.id, None, None
    if not isinstance(expression, ast.Call):
        raise NoAppException(f"Failed to parse {app_name!r} as an attribute name or function call.")
    if not isinstance(expression.func, ast.Name):
        raise NoAppException(f"Function reference must be a simple name: {app_name!r}.")
    try:
        args = [ast.literal_eval(argument) for argument in expression.args]
        kwargs = {str(keyword.arg): ast.literal_eval(keyword.value) for keyword in expression.keywords}
    except ValueError:
        raise NoAppException(f"Failed to parse arguments as literal values: {app_name!r}.") from None
    return expression.func.id, args, kwargs


def prepare_import(path: str) -> str:
    """Make a file importable: put the folder above its top package on ``sys.path``.

    :param path: of a module or package; anything else is taken for an import name.
    :return: the import name.
    """
    module = Path(path).resolve()
    if module.suffix == ".py":
        module = module.with_suffix("")
    if module.name == "__init__":
        module = module.parent
    names, folder = [module.name], module.parent
    while (folder / "__init__.py").exists():
        names.insert(0, folder.name)
        folder = folder.parent
    if sys.path[0] != str(folder):
        sys.path.insert(0, str(folder))
    return ".".join(names)


def locate_app(module_name: str, app_name: str | None, raise_if_not_found: bool = True) -> App | None:
    """Import a module and find the application in it.

    :param app_name: in the module; the best one by default.
    :param raise_if_not_found: give ``None`` instead when there is no such module.
    :raises NoAppException: with the traceback, when the module fails to import.
    """
    try:
        __import__(module_name)
    except ImportError:
        tb = sys.exc_info()[2]
        if tb is not None and tb.tb_next is not None:  # raised inside the module, not for want of it
            raise NoAppException(
                f"While importing {module_name!r}, an ImportError was raised:\n\n{traceback.format_exc()}"
            ) from None
        if raise_if_not_found:
            raise NoAppException(f"Could not import {module_name!r}.") from None
        return None
    module = sys.modules[module_name]
    return find_best_app(module) if app_name is None else find_app_by_string(module, app_name)
