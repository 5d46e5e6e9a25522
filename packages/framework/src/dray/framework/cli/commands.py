"""The commands that every application has: ``run``, ``shell`` and ``routes``."""

from __future__ import annotations

import code
import os
import platform
import sys
from collections.abc import Iterable
from importlib import metadata
from typing import TYPE_CHECKING, Any

import dray.cli_kit as cli_kit
from dray.cli_kit import Context, Parameter

from .._flags import get_debug_flag
from ..globals import current_app
from .certs import CertParamType, SeparatedPathType, validate_key
from .script import ScriptInfo, pass_script_info, with_appcontext

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

    from dray.wsgi_tools.routing import Rule


def get_version(ctx: Context, param: Parameter, value: Any) -> None:
    """Show the versions of Python and of the framework, and end."""
    if not value or ctx.resilient_parsing:
        return
    names = ("dray-framework", "dray-wsgi-tools")
    lines = [f"Python {platform.python_version()}", *(f"{name} {metadata.version(name)}" for name in names)]
    cli_kit.echo("\n".join(lines), color=ctx.color)
    ctx.exit()


def show_server_banner(debug: bool, app_import_path: str | None) -> None:
    """Say what is served; the reloader's children don't say it again."""
    from dray.wsgi_tools.serving import is_running_from_reloader  # noqa: PLC0415 - start-up time of other commands

    if is_running_from_reloader():
        return
    if app_import_path is not None:
        cli_kit.echo(f" * Serving Dray app '{app_import_path}'")
    cli_kit.echo(f" * Debug mode: {'on' if debug else 'off'}")


@cli_kit.command("run", short_help="Run a development server.")
@cli_kit.option("--host", "-h", default="127.0.0.1", help="The interface to bind to.")
@cli_kit.option("--port", "-p", default=5000, help="The port to bind to.")
@cli_kit.option("--cert", type=CertParamType(), is_eager=True, help="Specify a certificate file to use HTTPS.")
@cli_kit.option(
    "--key",
    type=cli_kit.Path(exists=True, dir_okay=False, resolve_path=True),
    callback=validate_key,
    expose_value=False,
    help="The key file to use when specifying a certificate.",
)
@cli_kit.option(
    "--reload/--no-reload",
    default=None,
    help="Enable or disable the reloader. By default it is active in debug mode.",
)
@cli_kit.option(
    "--debugger/--no-debugger",
    default=None,
    help="Enable or disable the debugger. By default it is active in debug mode.",
)
@cli_kit.option("--with-threads/--without-threads", default=True, help="Enable or disable multithreading.")
@cli_kit.option(
    "--extra-files",
    default=None,
    type=SeparatedPathType(),
    help=f"Extra files that trigger a reload on change. Multiple paths are separated by {os.path.pathsep!r}.",
)
@cli_kit.option(
    "--exclude-patterns",
    default=None,
    type=SeparatedPathType(),
    help="Files matching these fnmatch patterns will not trigger a reload on change. Multiple patterns are separated"
    f" by {os.path.pathsep!r}.",
)
@pass_script_info
def run_command(
    info: ScriptInfo,
    host: str,
    port: int,
    reload: bool | None,
    debugger: bool | None,
    with_threads: bool,
    cert: Any,
    extra_files: list[str] | None,
    exclude_patterns: list[str] | None,
) -> None:
    """Serve the application on this machine while you work on it.

    Don't use it in production: it is neither made nor tested for strangers and their load. Any WSGI server can serve
    the application there.

    With '--debug' the server restarts when a file changes, and errors open in the debugger.
    """
    from dray.wsgi_tools.serving import (  # noqa: PLC0415 - start-up time of other commands
        is_running_from_reloader,
        run_simple,
    )

    try:
        app: Any = info.load_app()
    except Exception as error:
        if not is_running_from_reloader():
            raise
        # The file that is wrong is being edited: answer every request with the error until it is mended.
        app = _failing_app(error)
    debug = get_debug_flag()
    show_server_banner(debug, info.app_import_path)
    run_simple(
        host,
        port,
        app,
        use_reloader=debug if reload is None else reload,
        use_debugger=debug if debugger is None else debugger,
        threaded=with_threads,
        ssl_context=cert,
        extra_files=extra_files,
        exclude_patterns=exclude_patterns,
    )


def _failing_app(error: Exception) -> Any:
    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        raise error from None

    return app


@cli_kit.command("shell", short_help="Run a shell in the app context.")
@with_appcontext
def shell_command() -> None:
    """Run an interactive Python shell in the context of the application.

    The application, 'g' and what its shell context processors give are there as names. PYTHONSTARTUP is run first.
    """
    names: dict[str, Any] = {}
    startup = os.environ.get("PYTHONSTARTUP")
    if startup and os.path.isfile(startup):
        with open(startup, encoding="utf-8") as file:
            exec(compile(file.read(), startup, "exec"), names)
    names.update(current_app.make_shell_context())
    # The hook of an interactive interpreter sets up completion; it must complete these names.
    hook = getattr(sys, "__interactivehook__", None)
    if hook is not None:
        try:
            import readline  # noqa: PLC0415 - not on every platform
            from rlcompleter import Completer  # noqa: PLC0415 - goes with readline
        except ImportError:
            pass
        else:
            readline.set_completer(Completer(names).complete)
        hook()
    banner = (
        f"Python {sys.version} on {sys.platform}\nApp: {current_app.import_name}\nInstance: {current_app.instance_path}"
    )
    code.interact(banner=banner, local=names)


@cli_kit.command("routes", short_help="Show the routes for the app.")
@cli_kit.option(
    "--sort",
    "-s",
    type=cli_kit.Choice(["endpoint", "methods", "domain", "rule", "match"]),
    default="endpoint",
    help="What to sort by. 'match' is the order in which rules are tried.",
)
@cli_kit.option("--all-methods", is_flag=True, help="Name HEAD and OPTIONS too.")
@with_appcontext
def routes_command(sort: str, all_methods: bool) -> None:
    """List the URL rules with their endpoints and methods."""
    url_map = current_app.url_map
    rules, host_matching = [*url_map.iter_rules()], url_map.host_matching
    if not rules:
        cli_kit.echo("No routes were registered.")
        return
    ignored = set[str]() if all_methods else {"HEAD", "OPTIONS"}
    has_domain = any(rule.host if host_matching else rule.subdomain for rule in rules)
    rows = [_route_row(rule, ignored, host_matching) for rule in rules]
    heads = ["Endpoint", "Methods", "Host" if host_matching else "Subdomain", "Rule"]
    if sort != "match":
        rows.sort(key=_sort_key(sort))
    if not has_domain:
        heads.pop(2)
        rows = [(row[0], row[1], row[3]) for row in rows]
    cli_kit.echo(_table(heads, rows))


def _route_row(rule: Rule, ignored: set[str], host_matching: bool) -> tuple[str, ...]:
    methods = ", ".join(sorted((rule.methods or set()) - ignored))
    domain = (rule.host if host_matching else rule.subdomain) or ""
    return str(rule.endpoint), methods, domain, rule.rule


def _sort_key(sort: str) -> Any:
    column = {"endpoint": 0, "methods": 1, "domain": 2, "rule": 3}[sort]
    return lambda row: (row[column], row[0])


def _table(heads: list[str], rows: list[tuple[str, ...]]) -> str:
    """Lay out rows below their heads, each column as wide as its widest cell."""
    widths = [max(len(cell) for cell in column) for column in zip(heads, *rows, strict=True)]
    lines = [heads, ["-" * width for width in widths], *rows]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )
