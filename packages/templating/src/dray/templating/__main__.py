"""The command line: ``python -m dray.templating check|render|compile``.

Only arguments and printing; the checks are :mod:`._check`.
"""

from __future__ import annotations

import argparse
import json
import os
import sys

from . import Environment, FileSystemLoader, StrictUndefined, TemplateError, select_autoescape
from ._check import check_templates

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def _environment(options: argparse.Namespace, folder: str) -> Environment:
    """Return the environment that the arguments describe."""
    extensions = [name for names in options.extension or () for name in names.split(",") if name]
    return Environment(
        loader=FileSystemLoader(folder),
        extensions=[name if "." in name else f"dray.templating.ext.{name}" for name in extensions],
        autoescape=select_autoescape(),
        trim_blocks=options.trim_blocks,
        lstrip_blocks=options.lstrip_blocks,
    )


def _variables(path: str | None) -> dict[str, object]:
    """Read variables from a JSON file; ``-`` is standard input."""
    if path is None:
        return {}
    if path == "-":
        text = sys.stdin.read()
    else:
        with open(path, encoding="utf-8") as file:
            text = file.read()
    values = json.loads(text)
    if not isinstance(values, dict):
        raise ValueError(f"{path}: expected a JSON object with the variables, got {type(values).__name__}")
    return values


def _check(options: argparse.Namespace) -> int:
    """Run ``check``: print what is wrong with the templates of a folder."""
    environment = _environment(options, options.folder)
    declared = None
    if options.context is not None or options.define:
        declared = {*_variables(options.context), *options.define}
    problems = check_templates(environment, options.ext.split(",") if options.ext else None, declared)
    if options.format == "json":
        print(json.dumps([problem.as_dict() for problem in problems], indent=2))
    else:
        for problem in problems:
            print(f"{os.path.join(options.folder, problem.template)}:{problem.line}:{problem.column}: {problem}")
    return 1 if any(problem.is_error for problem in problems) or (options.strict and problems) else 0


def _render(options: argparse.Namespace) -> int:
    """Run ``render``: print one template's output."""
    folder, name = os.path.split(options.template)
    environment = _environment(options, options.folder or folder or ".")
    if options.strict:
        environment.undefined = StrictUndefined
    variables = _variables(options.context)
    for pair in options.define:
        key, _, value = pair.partition("=")
        variables[key] = value
    output = environment.get_template(name if options.folder is None else options.template).render(variables)
    if options.output is None:
        sys.stdout.write(output)
        if not output.endswith("\n"):
            sys.stdout.write("\n")
    else:
        with open(options.output, "w", encoding="utf-8", newline="") as file:
            file.write(output)
    return 0


def _compile(options: argparse.Namespace) -> int:
    """Run ``compile``: write the templates of a folder as Python modules."""
    environment = _environment(options, options.folder)
    method = "deflated" if options.target.endswith(".zip") else None
    environment.compile_templates(
        options.target,
        extensions=options.ext.split(",") if options.ext else None,
        zip=method,
        log_function=None if options.quiet else lambda line: print(line, file=sys.stderr),
        ignore_errors=False,
    )
    return 0


def _parser() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--extension", action="append", metavar="NAME", help="use an extension: do, i18n, … or a path")
    common.add_argument("--trim-blocks", action="store_true", help="drop the first line break behind a tag")
    common.add_argument("--lstrip-blocks", action="store_true", help="drop blanks before a tag")
    parser = argparse.ArgumentParser(
        prog="python -m dray.templating", description="Check, render and compile templates."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    check = commands.add_parser("check", parents=[common], help="say what is wrong with the templates of a folder")
    check.add_argument("folder")
    check.add_argument("--ext", metavar="html,txt", help="only files with these extensions")
    check.add_argument("--context", metavar="FILE", help="JSON object whose keys are the declared variables")
    check.add_argument("--define", action="append", default=[], metavar="NAME", help="declare one more variable")
    check.add_argument("--format", choices=("text", "json"), default="text")
    check.add_argument("--strict", action="store_true", help="fail on warnings too")
    check.set_defaults(run=_check)

    render = commands.add_parser("render", parents=[common], help="print the output of a template")
    render.add_argument("template")
    render.add_argument("--folder", help="where names begin; by default the template's own folder")
    render.add_argument("--context", metavar="FILE", help="JSON object with the variables; - is standard input")
    render.add_argument("--define", action="append", default=[], metavar="NAME=TEXT", help="set one more variable")
    render.add_argument("--output", metavar="FILE", help="write to a file")
    render.add_argument("--strict", action="store_true", help="an undefined variable is an error")
    render.set_defaults(run=_render)

    compile_ = commands.add_parser("compile", parents=[common], help="write the templates of a folder as modules")
    compile_.add_argument("folder")
    compile_.add_argument("target", help="a folder, or a file that ends in .zip")
    compile_.add_argument("--ext", metavar="html,txt", help="only files with these extensions")
    compile_.add_argument("--quiet", action="store_true")
    compile_.set_defaults(run=_compile)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    :param arguments: the arguments, by default those of the process
    :return: the exit status: 0 all is well, 1 problems, 2 wrong use
    """
    options = _parser().parse_args(arguments)
    try:
        return options.run(options)  # type: ignore[no-any-return]
    except (TemplateError, OSError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        for note in getattr(error, "__notes__", ()):
            print(note, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
