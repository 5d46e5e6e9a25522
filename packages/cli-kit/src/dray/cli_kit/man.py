"""Manual pages for commands, in the man macros of roff.

One page for each command of a tree; the structure is that of man-pages(7): NAME, SYNOPSIS, DESCRIPTION, OPTIONS,
ENVIRONMENT, COMMANDS, SEE ALSO. It must not know how pages are asked for on the command line.
"""

from __future__ import annotations

import time

from ._ansi import strip_ansi
from ._utils import TYPE_CHECKING
from .core import Argument, Group, Option
from .core.helps import clean_help, with_deprecation_label

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .core import Command, Context

__all__ = ["generate_man_pages", "man_page"]


def escape(text: str) -> str:
    """Escape a text for roff.

    Backslashes and hyphens keep their meaning, and no line begins with a control character (a full stop or apostrophe).

    :param text: the text.
    :return: roff source.
    """
    escaped = strip_ansi(text).replace("\\", "\\e").replace("-", "\\-")
    lines = [f"\\&{line}" if line[:1] in (".", "'") else line for line in escaped.split("\n")]
    return "\n".join(lines)


def _quote(text: str) -> str:
    return '"' + escape(text).replace('"', "\\(dq").replace("\n", " ") + '"'


def _paragraphs(text: str) -> list[str]:
    lines: list[str] = []
    for paragraph in clean_help(text).split("\n\n"):
        first, _newline, rest = paragraph.partition("\n")
        if first.strip() == "\b":
            # Taken as it is: no filling.
            lines += [".PP", ".nf", escape(rest), ".fi"]
        elif paragraph.strip():
            lines += [".PP", escape(" ".join(paragraph.split()))]
    return lines


def man_page(ctx: Context, version: str = "", date: str | None = None) -> str:
    """Write the manual page of a command.

    :param ctx: its context.
    :param version: the program's version, for the footer.
    :param date: ``YYYY-MM-DD``, for the footer; today by default.
    :return: roff source.
    """
    command = ctx.command
    name = ctx.command_path.replace(" ", "-")
    short = command.get_short_help_str(limit=200)
    day = time.strftime("%Y-%m-%d") if date is None else date
    manual = f"{ctx.find_root().info_name or ''} manual"
    lines = [
        f".TH {_quote(name.upper())} 1 {_quote(day)} {_quote(version)} {_quote(manual)}",
        ".SH NAME",
        f"{escape(name)} \\- {escape(short)}" if short else escape(name),
        ".SH SYNOPSIS",
        f".B {_quote(ctx.command_path)}",
        escape(" ".join(command.collect_usage_pieces(ctx))),
    ]
    description = with_deprecation_label(clean_help(command.help or ""), command.deprecated)
    if description:
        lines += [".SH DESCRIPTION", *_paragraphs(description)]
    lines += _arguments(ctx)
    lines += _options(ctx)
    lines += _environment(ctx)
    lines += _commands(ctx)
    if command.epilog:
        lines += [".SH NOTES", *_paragraphs(command.epilog)]
    return "\n".join(lines) + "\n"


def _section(title: str, rows: list[tuple[str, str]]) -> list[str]:
    return [f".SH {title}", *_rows(rows)] if rows else []


def _rows(rows: list[tuple[str, str]]) -> list[str]:
    lines: list[str] = []
    for term, text in rows:
        lines += [".TP", f"\\fB{escape(term)}\\fR", escape(" ".join(text.split())) or "\\&"]
    return lines


def _arguments(ctx: Context) -> list[str]:
    arguments = [param for param in ctx.command.get_params(ctx) if isinstance(param, Argument)]
    return _section("ARGUMENTS", [argument.get_help_record(ctx) for argument in arguments if argument.help])


def _options(ctx: Context) -> list[str]:
    lines: list[str] = []
    for group, records in ctx.command._option_records(ctx):
        if group is None:
            lines += _section("OPTIONS", records)
            continue
        lines += [".SH OPTIONS"] if not lines else []
        lines += [f".SS {_quote(group.heading)}"]
        lines += _paragraphs(group.help) if group.help else []
        lines += _rows(records)
    return lines


def _environment(ctx: Context) -> list[str]:
    rows = []
    for param in ctx.command.get_params(ctx):
        if isinstance(param, Option) and not param.hidden:
            names = param._shown_envvars(ctx)
            # That of --help or --version could be set, and nobody wants it to be.
            if names and (param.envvar or param.expose_value):
                rows.append((", ".join(names), f"Sets {max(param.opts or param.secondary_opts, key=len)}."))
    return _section("ENVIRONMENT", rows)


def _commands(ctx: Context) -> list[str]:
    if not isinstance(ctx.command, Group):
        return []
    commands = list(ctx.command.visible_commands(ctx))
    rows = [(", ".join([name, *command.aliases]), command.get_short_help_str(limit=200)) for name, command in commands]
    lines = _section("COMMANDS", rows)
    if commands:
        path = ctx.command_path.replace(" ", "-")
        pages = ", ".join(f"\\fB{escape(f'{path}-{name}')}\\fR(1)" for name, _command in commands)
        lines += [".SH SEE ALSO", pages]
    return lines


def generate_man_pages(
    command: Command, prog_name: str, version: str = "", date: str | None = None
) -> Iterator[tuple[str, str]]:
    """Write the manual pages of a command and everything below it that isn't hidden.

    :param command: the command.
    :param prog_name: the program's name.
    :param version: the program's version.
    :param date: ``YYYY-MM-DD``; today by default.
    :return: pairs of a file name and roff source.
    """
    yield from _walk(command.context_class(command, info_name=prog_name, **command.context_settings), version, date)


def _walk(ctx: Context, version: str, date: str | None) -> Iterator[tuple[str, str]]:
    yield f"{ctx.command_path.replace(' ', '-')}.1", man_page(ctx, version, date)
    if isinstance(ctx.command, Group):
        for name, _stand_in in ctx.command.visible_commands(ctx):
            command = ctx.command.get_command(ctx, name)
            if command is not None:
                settings = command.context_settings
                yield from _walk(command.context_class(command, info_name=name, parent=ctx, **settings), version, date)
