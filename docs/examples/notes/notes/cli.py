"""The commands: ``notes init-db`` and ``notes serve``, beside ``run``, ``shell`` and ``routes``."""

from __future__ import annotations

import sys

import dray.cli_kit as cli_kit
from dray.framework import App
from dray.framework.cli import ScriptInfo, pass_script_info
from dray.wsgi_tools.serving import make_server

from .db import init_db


def _ready(app: App) -> bool:
    """Make the database if there is none.

    :raises ClickException: in one sentence, when the folder can't be written.
    """
    try:
        return init_db(app)
    except OSError as error:
        raise cli_kit.ClickException(
            f"The folder {app.instance_path} can't be written ({error.strerror or error}). Make it writable, or set"
            " NOTES_DATABASE and NOTES_SECRET_KEY to use another place."
        ) from error


@cli_kit.command("init-db")
@pass_script_info
def init_db_command(info: ScriptInfo) -> None:
    """Create the database. What is in it already stays."""
    app = info.load_app()
    is_new = _ready(app)
    path = cli_kit.format_filename(app.config["DATABASE"])
    cli_kit.echo(f"Created {path}." if is_new else f"{path} is there already; nothing was changed.")


@cli_kit.command("serve")
@cli_kit.option("--host", default="127.0.0.1", show_default=True, help="The interface to listen on.")
@cli_kit.option("--port", default=5000, show_default=True, type=cli_kit.IntRange(0, 65535), help="The port; 0: any.")
@pass_script_info
def serve_command(info: ScriptInfo, host: str, port: int) -> None:
    """Serve the notes until Ctrl-C, creating the database first if there is none."""
    app = info.load_app()
    _ready(app)
    try:
        server = make_server(host, port, app, threaded=True)
    except (OSError, SystemExit) as error:
        raise cli_kit.ClickException(
            f"Port {port} on {host} can't be used: {getattr(error, 'strerror', None) or 'something listens there'}."
            f" Stop what uses it, or choose another: --port {port + 1}"
        ) from error
    address = f"http://{host}:{server.port}"
    cli_kit.secho(f"\n  Notes is at {address}", bold=True)
    cli_kit.echo(f"  Data is in {app.instance_path}\n  Press Ctrl-C to stop.\n")
    sys.stdout.flush()
    try:
        server.serve_forever()
    finally:
        server.server_close()
        cli_kit.echo("\n  Stopped. Your notes are kept.")


def init_app(app: App) -> None:
    """Register the commands on the application."""
    app.cli.add_command(init_db_command)
    app.cli.add_command(serve_command)
