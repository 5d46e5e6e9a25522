"""Command groups: of an application or blueprint, and the one behind the ``dray`` command."""

from __future__ import annotations

import importlib.util
import os
import sys
import traceback
from collections.abc import Callable
from importlib import metadata
from typing import TYPE_CHECKING, Any

import dray.cli_kit as cli_kit
from dray.cli_kit import Context, Group, Option, Parameter
from dray.cli_kit.core import ParameterSource

from .._binding import _cv_app
from .._flags import get_load_dotenv
from .._spelling import spelling
from .commands import get_version, routes_command, run_command, shell_command
from .dotenv import load_dotenv
from .find import NoAppException
from .script import ScriptInfo, with_appcontext

if TYPE_CHECKING:
    from ..app import App


class AppGroup(Group):
    """A group whose commands run in an application context."""

    def command(self, *args: Any, **kwargs: Any) -> Any:
        """Register a command, as in :meth:`dray.cli_kit.Group.command`.

        :param with_appcontext: run it in an application context; the default.
        """
        wrap = kwargs.pop("with_appcontext", True)
        if args and callable(args[0]) and wrap:
            args = (with_appcontext(args[0]), *args[1:])
            return super().command(*args, **kwargs)

        def decorator(f: Callable[..., Any]) -> cli_kit.Command:
            return super(AppGroup, self).command(*args, **kwargs)(with_appcontext(f) if wrap else f)  # type: ignore[no-any-return]

        return decorator

    def group(self, *args: Any, **kwargs: Any) -> Any:
        """Register a group, as in :meth:`dray.cli_kit.Group.group`; its commands run in an application context too."""
        kwargs.setdefault("cls", AppGroup)
        return super().group(*args, **kwargs)


# The options below act before anything else is parsed: which commands there are depends on them.


def _set_app(ctx: Context, param: Parameter[Any], value: str | None) -> str | None:
    if value is not None:
        ctx.ensure_object(ScriptInfo).app_import_path = value
    return value


def _set_debug(ctx: Context, param: Parameter[Any], value: bool) -> bool | None:
    # Only a flag that was given counts: the application's own setting is the default.
    source = ctx.get_parameter_source(param.name)  # type: ignore[arg-type]
    if source in (ParameterSource.DEFAULT, ParameterSource.DEFAULT_MAP):
        return None
    # The reloader's children and the application both read it from the environment.
    os.environ[spelling.variable("DEBUG")] = "1" if value else "0"
    return value


def _load_env_file(ctx: Context, param: Parameter[Any], value: str | None) -> str | None:
    if value is not None and importlib.util.find_spec("dotenv") is None:
        raise cli_kit.BadParameter("python-dotenv must be installed to load an env file.", ctx=ctx, param=param)
    if value is not None or get_load_dotenv():
        load_dotenv(value, load_defaults=ctx.ensure_object(ScriptInfo).load_dotenv_defaults)
    return value


def _app_option() -> Option:
    return Option(
        ["-A", "--app"],
        metavar="IMPORT",
        help="The application or factory to load, as 'module:name'. The module is an import name or a path to a file;"
        " the name isn't needed when it is 'app', 'application' or 'create_app'.",
        is_eager=True,
        expose_value=False,
        callback=_set_app,
    )


def _debug_option() -> Option:
    return Option(["--debug/--no-debug"], help="Set debug mode.", expose_value=False, callback=_set_debug)


def _env_file_option() -> Option:
    return Option(
        ["-e", "--env-file"],
        type=cli_kit.Path(exists=True, dir_okay=False),
        help="Load environment variables from this file. python-dotenv must be installed.",
        is_eager=True,
        expose_value=False,
        callback=_load_env_file,
    )


def _version_option() -> Option:
    return Option(
        ["--version"],
        help="Show the version.",
        expose_value=False,
        callback=get_version,
        is_flag=True,
        is_eager=True,
    )


class DrayGroup(AppGroup):
    """The group of a command line for an application: ``run``, ``shell``, ``routes``, plugins, its own commands.

    :param add_default_commands: have the first three.
    :param create_app: makes the application; without it, ``--app`` finds it.
    :param add_version_option: have ``--version``.
    :param load_dotenv: read the default environment files.
    :param set_debug_flag: set the application's debug mode as the environment says.
    :param extra: arguments of :class:`dray.cli_kit.Group`.
    """

    def __init__(
        self,
        add_default_commands: bool = True,
        create_app: Callable[..., App] | None = None,
        add_version_option: bool = True,
        load_dotenv: bool = True,
        set_debug_flag: bool = True,
        **extra: Any,
    ) -> None:
        params: list[Any] = list(extra.pop("params", None) or ())
        params += [_env_file_option(), _app_option(), _debug_option()]
        if add_version_option:
            params.append(_version_option())
        super().__init__(params=params, **extra)
        self.create_app = create_app
        self.load_dotenv = load_dotenv
        self.set_debug_flag = set_debug_flag
        self._loaded_plugin_commands = False
        if add_default_commands:
            for command in (run_command, shell_command, routes_command):
                self.add_command(command)

    def _load_plugin_commands(self) -> None:
        if self._loaded_plugin_commands:
            return
        for entry_point in metadata.entry_points(group=spelling.plugin_group):
            self.add_command(entry_point.load(), entry_point.name)
        self._loaded_plugin_commands = True

    def get_command(self, ctx: Context, name: str) -> cli_kit.Command | None:
        """Give a command: the group's own first, so that ``run`` works without an application, then its commands."""
        self._load_plugin_commands()
        found = super().get_command(ctx, name)
        if found is not None:
            return found
        info = ctx.ensure_object(ScriptInfo)
        try:
            app = info.load_app()
        except NoAppException as error:
            cli_kit.secho(f"Error: {error.format_message()}\n", err=True, fg="red")
            return None
        # The command may need the application while its parameters are processed.
        current = _cv_app.get(None)
        if current is None or current.app is not app:
            ctx.with_resource(app.app_context())
        return app.cli.get_command(ctx, name)

    def list_commands(self, ctx: Context) -> list[str]:
        """Give the names of all commands; what keeps the application from loading is shown, not raised."""
        self._load_plugin_commands()
        names = set(super().list_commands(ctx))
        info = ctx.ensure_object(ScriptInfo)
        try:
            names.update(info.load_app().cli.list_commands(ctx))
        except NoAppException as error:
            cli_kit.secho(f"Error: {error.format_message()}\n", err=True, fg="red")
        except Exception:
            cli_kit.secho(f"{traceback.format_exc()}\n", err=True, fg="red")
        return sorted(names)

    def make_context(
        self, info_name: str | None, args: list[str], parent: Context | None = None, **extra: Any
    ) -> Context:
        """Make the context; ``app.run()`` in a script does nothing from now on."""
        os.environ[spelling.variable("RUN_FROM_CLI")] = "true"
        if "auto_envvar_prefix" not in self.context_settings:
            extra.setdefault("auto_envvar_prefix", spelling.prefix)
        if "obj" not in extra and "obj" not in self.context_settings:
            extra["obj"] = ScriptInfo(
                create_app=self.create_app, set_debug_flag=self.set_debug_flag, load_dotenv_defaults=self.load_dotenv
            )
        return super().make_context(info_name, args, parent=parent, **extra)

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        """Parse; before help is shown, find the application, whose commands it lists."""
        if (not args and self.no_args_is_help) or (len(args) == 1 and args[0] in self.get_help_option_names(ctx)):
            for param in self.params:
                if param.name in {"env_file", "app"}:
                    param.handle_parse_result(ctx, {}, [])
        return super().parse_args(ctx, args)


cli = DrayGroup(
    name="dray",
    help="A command line for web applications.\n\n"
    "Say which application with --app, the DRAY_APP environment variable, or a 'wsgi.py' or 'app.py' file in the"
    " current directory. Its own commands are listed with those below.\n\n"
    "\b\n  $ dray --app hello run --debug",
)


def main() -> None:
    """Run the ``dray`` command."""
    module = "flask" if spelling.command == "flask" else "dray.framework"
    cli.main(prog_name=f"python -m {module}" if sys.argv[0].endswith("__main__.py") else None)
