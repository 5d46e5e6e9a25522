"""``python -m dray.cli_kit``: manual pages of any program, by the place of its command."""

from __future__ import annotations

import os
import sys

from . import Command, Path, UsageError, argument, echo, group, option
from .core.lazy import LazyCommand
from .man import generate_man_pages


def load_command(target: str) -> Command:
    """Import a command.

    :param target: ``package.module:attribute``.
    :raises UsageError: it isn't written like that.
    :raises ClickException: it can't be imported.
    """
    if os.getcwd() not in sys.path:
        sys.path.insert(0, os.getcwd())
    try:
        return LazyCommand(target, target).load()
    except ValueError as error:
        raise UsageError(f"The command is given as 'package.module:attribute', not {target!r}.") from error


@group()
def main() -> None:
    """Tools for programs that are made with dray.cli_kit."""


@main.command("man")
@argument("target", metavar="MODULE:COMMAND", help="Where the command is.")
@option("--output", "-o", type=Path(file_okay=False), help="Write one file for each command into this folder.")
@option("--name", help="The program's name, that of the command by default.")
@option("--version", "program_version", default="", help="The program's version for the footer.")
@option("--date", help="The date for the footer, YYYY-MM-DD, today by default.")
def man(target: str, output: str | None, name: str | None, program_version: str, date: str | None) -> None:
    """Write the manual pages of a command and its sub-commands."""
    command = load_command(target)
    pages = generate_man_pages(command, name or command.name or "program", program_version, date)
    for file_name, text in pages:
        if output is None:
            echo(text, nl=False)
            continue
        os.makedirs(output, exist_ok=True)
        path = os.path.join(output, file_name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        echo(path)


if __name__ == "__main__":
    main(prog_name="python -m dray.cli_kit")
