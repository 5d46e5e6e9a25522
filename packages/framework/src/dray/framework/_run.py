"""``app.run()``: the development server from a script."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from dray.cli_kit import secho
from dray.wsgi_tools.serving import is_running_from_reloader, run_simple

from ._flags import get_debug_flag, get_load_dotenv
from ._spelling import spelling
from .cli.commands import show_server_banner
from .cli.dotenv import load_dotenv as _load_dotenv

if TYPE_CHECKING:
    from .app import App


def run_app(
    app: App, host: str | None, port: int | None, debug: bool | None, load_dotenv: bool, options: dict[str, Any]
) -> None:
    """Serve an application until interrupted; see :meth:`dray.framework.app.App.run`."""
    if os.environ.get(spelling.variable("RUN_FROM_CLI")) == "true":
        # "dray run" imports the script to find the application: serving it here would never return.
        if not is_running_from_reloader():
            secho(
                " * Ignoring a call to 'app.run()' that would block the current 'dray' command.\n"
                "   Only call 'app.run()' in an 'if __name__ == \"__main__\"' guard.",
                fg="red",
                err=True,
            )
        return
    if get_load_dotenv(load_dotenv):
        _load_dotenv()
        if spelling.variable("DEBUG") in os.environ:
            app.debug = get_debug_flag()
    if debug is not None:
        app.debug = bool(debug)
    server_host, _, server_port = (app.config.get("SERVER_NAME") or "").partition(":")
    host = host or server_host or "127.0.0.1"
    if port is None:
        port = int(server_port) if server_port else 5000
    options.setdefault("use_reloader", app.debug)
    options.setdefault("use_debugger", app.debug)
    options.setdefault("threaded", True)
    show_server_banner(app.debug, app.name)
    try:
        run_simple(host, port, app, **options)
    finally:
        # A test that ran the server and goes on must be able to set up again.
        app._got_first_request = False
