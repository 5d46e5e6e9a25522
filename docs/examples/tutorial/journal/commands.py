"""The commands: ``dray --app journal init-db``."""

from __future__ import annotations

import secrets
from pathlib import Path

import dray.cli_kit as cli_kit
from dray.framework import current_app
from dray.framework.cli import with_appcontext

from . import database


@cli_kit.command("init-db")
@with_appcontext
def init_db() -> None:
    """Create the tables and a secret key. What is there already stays."""
    Path(current_app.config["DATABASE"]).parent.mkdir(parents=True, exist_ok=True)
    database.create_tables()
    cli_kit.echo("The database is ready.")
    if not current_app.secret_key:
        settings = Path(current_app.instance_path, "settings.py")
        settings.parent.mkdir(parents=True, exist_ok=True)
        settings.touch(mode=0o600)  # for nobody else's eyes
        with settings.open("a", encoding="utf-8") as file:
            file.write(f'SECRET_KEY = "{secrets.token_hex(32)}"\n')
        cli_kit.echo(f"A secret key is in {settings}.")
