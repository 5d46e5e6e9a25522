"""The arguments of the command line, and its help. What the commands do, this module doesn't know."""

from __future__ import annotations

import argparse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    Commands = Mapping[str, Callable[[argparse.Namespace], int]]

_PROGRAM = "python -m dray.templating"
_STATUS = """\
exit status:
  0   all is well
  1   something is wrong with a template
  2   something is wrong with the command
"""
_COMMANDS = """\
Check, render and compile templates.

commands:
  check    say what is wrong with the templates of a folder
  render   print the output of a template
  compile  write the templates of a folder as Python modules
"""


def _examples(*lines: str) -> str:
    """Return the end of a command's help."""
    return "\n".join(["examples:", *(f"  $ {_PROGRAM} {line}" for line in lines), "", _STATUS])


def _add(commands: Any, usage: str, run: Callable[[argparse.Namespace], int], text: str, *examples: str) -> Any:
    """Add a command and return its parser."""
    command = commands.add_parser(
        usage.partition(" ")[0],
        usage=f"{_PROGRAM} {usage} [OPTION ...]",
        description=text,
        epilog=_examples(*examples),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        add_help=False,
        allow_abbrev=False,
    )
    command.set_defaults(run=run, define=[], names_alone=False)
    return command


def _add_common(command: Any) -> None:
    """Add the arguments that each command has."""
    group = command.add_argument_group("how templates are read")
    group.add_argument(
        "--extension",
        action="append",
        default=[],
        metavar="NAME",
        help="use an extension: do, loopcontrols, i18n, ... or the import path of a class; repeatable",
    )
    group.add_argument(
        "--environment",
        metavar="MODULE:NAME",
        help="use the program's own environment, with its filters, tests, globals and extensions",
    )
    group.add_argument("--trim-blocks", action="store_true", help="drop the first line break behind a tag")
    group.add_argument("--lstrip-blocks", action="store_true", help="drop the blanks of a line before a tag")
    command.add_argument_group("help").add_argument("-h", "--help", action="help", help="show this text")


def _add_variables(command: Any, definition: str, context: str, define: str) -> None:
    """Add the arguments that say which variables there are."""
    group = command.add_argument_group("variables")
    group.add_argument("--context", metavar="FILE", help=context)
    group.add_argument("--define", action="append", metavar=definition, help=define)


def _add_templates(command: Any, folders: str | None, more: str) -> Any:
    """Add the arguments that choose templates."""
    group = command.add_argument_group("templates")
    text = f"where the templates are, those in folders below it too{more}"
    group.add_argument("folder", metavar="FOLDER", nargs=folders, help=text)
    group.add_argument("--ext", metavar="html,txt", help="only files with these endings; by default all files")
    return group


def _check(commands: Any, run: Callable[[argparse.Namespace], int]) -> None:
    command = _add(
        commands, "check FOLDER ...", run,
        "Say what is wrong with the templates of a folder: what will fail, and what is\nprobably not meant.",
        "check pages",
        "check pages --ext html,txt --strict",
        "check pages --context vars.json --define request",
        "check --environment app.pages:environment",
    )  # fmt: skip
    command.set_defaults(names_alone=True)
    _add_templates(command, "*", "; of several the first that has a template. By default those of --environment")
    _add_variables(
        command,
        "NAME",
        "look for undefined names too: the keys of the JSON object in this file are the variables that templates get; "
        "- is standard input",
        "the same for one more variable; repeatable",
    )
    group = command.add_argument_group("report")
    group.add_argument(
        "--format", choices=("text", "json"), default="text", help="a line for each problem, or a list for tools"
    )
    group.add_argument("--strict", action="store_true", help="fail on warnings too")
    _add_common(command)


def _render(commands: Any, run: Callable[[argparse.Namespace], int]) -> None:
    command = _add(
        commands, "render TEMPLATE", run, "Print the output of a template.",
        "render mail.txt --define name=Ann",
        "render page.html --context page.json",
        "render shop/cart.html --folder pages --strict",
    )  # fmt: skip
    group = command.add_argument_group("template")
    group.add_argument("template", metavar="TEMPLATE", help="its file; its name with --folder or --environment")
    group.add_argument(
        "--folder",
        action="append",
        metavar="FOLDER",
        help="where the names of templates begin; repeatable; by default the template's own folder",
    )
    _add_variables(
        command,
        "NAME=TEXT",
        "the variables: a file with a JSON object; - is standard input",
        "set one more variable, to a text; repeatable",
    )
    group = command.add_argument_group("output")
    group.add_argument("--output", metavar="FILE", help="write to this file, in UTF-8")
    group.add_argument("--strict", action="store_true", help="printing an undefined variable is an error")
    _add_common(command)


def _compile(commands: Any, run: Callable[[argparse.Namespace], int]) -> None:
    command = _add(
        commands, "compile FOLDER TARGET", run,
        "Write the templates of a folder as Python modules, which a ModuleLoader loads\nwithout their texts.",
        "compile pages compiled",
        "compile pages pages.zip --ext html,txt --quiet",
    )  # fmt: skip
    group = _add_templates(command, None, "")
    group.add_argument("target", metavar="TARGET", help="where to: a folder, or a file that ends in .zip")
    command.add_argument_group("report").add_argument("--quiet", action="store_true", help="print errors alone")
    _add_common(command)


def parser(commands: Commands) -> argparse.ArgumentParser:
    """Return the parser of the command line.

    :param commands: the functions of ``check``, ``render`` and ``compile``, which the options' ``run`` is one of
    """
    result = argparse.ArgumentParser(
        prog=_PROGRAM,
        usage=f"{_PROGRAM} COMMAND [OPTION ...]",
        description=_COMMANDS,
        epilog=f'"{_PROGRAM} COMMAND --help" says more about each.\n\n{_STATUS}',
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
        add_help=False,
    )
    below = result.add_subparsers(
        required=True, metavar="COMMAND", dest="command", prog=_PROGRAM, help=argparse.SUPPRESS
    )
    for add, name in ((_check, "check"), (_render, "render"), (_compile, "compile")):
        add(below, commands[name])
    result.add_argument_group("help").add_argument("-h", "--help", action="help", help="show this text")
    return result
