"""What a command line knows of its application: where to find it, and the application once it is loaded."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import update_wrapper
from typing import TYPE_CHECKING, Any, TypeVar, cast

import dray.cli_kit as cli_kit

from .._binding import _cv_app
from .._flags import get_debug_flag
from .._spelling import spelling
from .find import NoAppException, locate_app, prepare_import

if TYPE_CHECKING:
    from ..app import App

F = TypeVar("F", bound=Callable[..., Any])


class ScriptInfo:
    """Find and load the application of a command line; it is the ``obj`` of the commands' context.

    :param app_import_path: such as ``hello``, ``src/hello.py``, ``hello:app`` or ``hello:create_app("dev")``.
    :param create_app: makes the application instead.
    :param set_debug_flag: set debug mode as the environment says.
    :param load_dotenv_defaults: read the default environment files too.
    """

    def __init__(
        self,
        app_import_path: str | None = None,
        create_app: Callable[..., App] | None = None,
        set_debug_flag: bool = True,
        load_dotenv_defaults: bool = True,
    ) -> None:
        self.app_import_path = app_import_path
        self.create_app = create_app
        self.data: dict[Any, Any] = {}
        self.set_debug_flag = set_debug_flag
        self.load_dotenv_defaults = load_dotenv_defaults
        self._loaded_app: App | None = None

    def load_app(self) -> App:
        """Load the application, once.

        :raises NoAppException: when it can't be found or loaded.
        """
        if self._loaded_app is not None:
            return self._loaded_app
        app = self._locate()
        if app is None:
            raise NoAppException(
                f"Could not locate an application. Use the '{spelling.command} --app' option, the"
                f" '{spelling.variable('APP')}' environment variable, or a 'wsgi.py' or 'app.py' file in"
                " the current directory."
            )
        if self.set_debug_flag:
            app.debug = get_debug_flag()
        self._loaded_app = app
        return app

    def _locate(self) -> App | None:
        if self.create_app is not None:
            return self.create_app()
        if self.app_import_path:
            path, _, name = _split_import_path(self.app_import_path)
            return locate_app(prepare_import(path), name or None)
        for path in ("wsgi.py", "app.py"):
            app = locate_app(prepare_import(path), None, raise_if_not_found=False)
            if app is not None:
                return app
        return None


def _split_import_path(path: str) -> tuple[str, str, str]:
    """Part ``module:name`` at the colon, but not a Windows drive."""
    match = re.match(r"(.+?):(?![\\/])(.*)$", path, re.DOTALL)
    return (path, "", "") if match is None else (match[1], ":", match[2])


pass_script_info = cli_kit.make_pass_decorator(ScriptInfo, ensure=True)


def with_appcontext(f: F) -> F:
    """Run a command in an application context; commands of :class:`~dray.framework.cli.AppGroup` do anyway."""

    @cli_kit.pass_context
    def wrapped(ctx: cli_kit.Context, /, *args: Any, **kwargs: Any) -> Any:
        if _cv_app.get(None) is None:
            app = ctx.ensure_object(ScriptInfo).load_app()
            ctx.with_resource(app.app_context())
        return ctx.invoke(f, *args, **kwargs)

    return cast(F, update_wrapper(wrapped, f))
