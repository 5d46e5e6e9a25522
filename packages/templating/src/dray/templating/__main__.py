"""The command line: ``python -m dray.templating check|render|compile``.

Only what the commands do and print; the arguments are :mod:`._arguments`, the checks :mod:`._check`.
"""

from __future__ import annotations

import json
import os
import sys
from importlib import import_module
from inspect import isroutine
from operator import attrgetter

from . import Environment, FileSystemLoader, StrictUndefined, TemplateError, TemplateNotFound, ext, select_autoescape
from ._arguments import parser
from ._check import check_templates, describe_unreadable, similar
from ._compile_all import compile_all
from .utils import import_string

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence


class _WrongUse(Exception):
    """The command can't do what it is asked, whatever stands in the templates."""


# -- what the arguments say


def _folder(path: str) -> str:
    """Return the path of a folder that exists."""
    if os.path.isdir(path):
        return path
    raise _WrongUse(
        f"{path!r} is a file, a folder is needed" if os.path.exists(path) else f"there is no folder {path!r}"
    )


def _extension(name: str) -> type[ext.Extension]:
    """Return an extension by its short name or import path."""
    short = {key for key, value in vars(ext).items() if key.islower() and isinstance(value, type)}
    if name.isidentifier() and name not in short:
        raise _WrongUse(
            f"there is no extension {name!r}{similar(name, short)}\n"
            f"Those that come along are {', '.join(sorted(short))}; others are named by their import path."
        )
    try:
        found = import_string(f"{ext.__name__}.{name}" if name in short else name)
    except Exception as error:  # whatever the module does
        raise _WrongUse(f"the extension {name!r} can't be imported: {type(error).__name__}: {error}") from None
    if not (isinstance(found, type) and issubclass(found, ext.Extension)):
        raise _WrongUse(f"{name!r} is no extension: a class is needed that derives from {ext.__name__}.Extension")
    return found


def _own_environment(path: str) -> Environment:
    """Return the environment of a program by the import path of it, of its application, or of what makes either."""
    module, _, name = path.partition(":")
    try:
        found = attrgetter(name)(import_module(module)) if name else import_string(module)
        if isroutine(found):
            found = found()
        found = getattr(found, "jinja_env", found)
    except Exception as error:  # whatever the program does
        raise _WrongUse(f"the environment {path!r} can't be imported: {type(error).__name__}: {error}") from None
    if not isinstance(found, Environment):
        raise _WrongUse(f"{path!r} is a {type(found).__name__}, an Environment is needed")
    return found


def _environment(options: argparse.Namespace, folders: Sequence[str]) -> Environment:
    """Return the environment that the arguments describe."""
    loader = FileSystemLoader(folders) if folders else None
    if options.environment is None:
        names = ",".join(options.extension).split(",")
        environment = Environment(
            loader=loader,
            extensions=[_extension(name.strip()) for name in names if name.strip()],
            autoescape=select_autoescape(),
            trim_blocks=options.trim_blocks,
            lstrip_blocks=options.lstrip_blocks,
        )
    else:
        if options.extension or options.trim_blocks or options.lstrip_blocks:
            raise _WrongUse("--environment has settings and extensions of its own; leave the other options out")
        environment = _own_environment(options.environment)
        environment = environment.overlay(loader=loader or environment.loader)
    if environment.loader is None:
        raise _WrongUse("a folder is needed, or an --environment that has a loader")
    install = getattr(environment, "install_null_translations", None)
    if install is not None and "gettext" not in environment.globals:
        install(newstyle=True)
    return environment


def _endings(options: argparse.Namespace) -> list[str] | None:
    """Return the endings of the files that are wanted, without their dots."""
    if options.ext is None:
        return None
    return [ending.strip().removeprefix(".") for ending in options.ext.split(",")]


def _read(path: str) -> str:
    """Return the text of a file, or of standard input."""
    if path == "-":
        return sys.stdin.read()
    with open(path, encoding="utf-8-sig") as file:
        return file.read()


def _variables(path: str | None) -> dict[str, object]:
    """Read variables from a JSON file; ``-`` is standard input."""
    if path is None:
        return {}
    shown = "standard input" if path == "-" else path
    try:
        values = json.loads(_read(path))
    except json.JSONDecodeError as error:
        raise _WrongUse(f"{shown}:{error.lineno}:{error.colno}: this is no JSON: {error.msg}") from None
    except (OSError, ValueError, RecursionError) as error:
        raise _WrongUse(f"{shown}: {describe_unreadable(error)}") from None
    if not isinstance(values, dict):
        kind = {"list": "an array", "str": "a string", "NoneType": "null"}.get(type(values).__name__, "a single value")
        raise _WrongUse(f"{shown}: a JSON object is needed, whose keys are the variables; this is {kind}")
    return values


def _defined(options: argparse.Namespace) -> dict[str, str]:
    """Return the variables that the command line sets."""
    pairs = {}
    for definition in options.define:
        name, sign, text = definition.partition("=")
        if not name.isidentifier() or not (sign or options.names_alone):
            wanted = "NAME or NAME=TEXT" if options.names_alone else "NAME=TEXT"
            raise _WrongUse(f"--define {definition!r}: expected {wanted}, where NAME is a name that templates can use")
        pairs[name] = text
    return pairs


# -- what is printed


def _complain(message: str) -> None:
    print(f"error: {message}", file=sys.stderr)


def _printable(text: str) -> str:
    """Return a line as the terminal can show it: a file's name may have characters that it doesn't know."""
    encoding = sys.stdout.encoding or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding)


def _describe(error: Exception) -> str:
    """Return an error as text: what, and where in the templates."""
    text = str(error)
    if not isinstance(error, TemplateError):
        text = f"{type(error).__name__}: {text}" if text else type(error).__name__
    return _printable("\n".join([text, *getattr(error, "__notes__", ())]))


def _find(template: str, folders: Sequence[str]) -> str:
    """Return the path of a template that couldn't be read, if it is in one of the folders."""
    paths = [os.path.normpath(os.path.join(folder, template)) for folder in folders]
    return next(filter(os.path.lexists, paths), template)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


# -- commands


def check(options: argparse.Namespace) -> int:
    """Print what is wrong with the templates of a folder.

    :param options: the arguments
    """
    folders = [_folder(path) for path in options.folder]
    environment = _environment(options, folders)
    declared = None
    if options.context is not None or options.define:
        declared = {*_variables(options.context), *_defined(options)}
    endings = _endings(options)
    try:
        problems = check_templates(environment, endings, declared)
    except TypeError as error:  # the loader of an environment
        raise _WrongUse(str(error)) from None
    if options.format == "json":
        print(json.dumps([problem.as_dict() for problem in problems], indent=2))
    else:
        for problem in problems:
            path = problem.path or _find(problem.template, folders)
            print(_printable(f"{path}:{problem.line}:{problem.column}: {problem}"))
        errors = sum(problem.is_error for problem in problems)
        found = f"{_count(errors, 'error')}, {_count(len(problems) - errors, 'warning')}" if problems else "no problems"
        print(f"{_count(len(environment.list_templates(endings)), 'template')}: {found}", file=sys.stderr)
    return 1 if any(problem.is_error or options.strict for problem in problems) else 0


def render(options: argparse.Namespace) -> int:
    """Print one template's output.

    :param options: the arguments
    """
    folders, name = [_folder(path) for path in options.folder or ()], options.template
    if not folders and options.environment is None:
        if not os.path.isfile(name):
            what = "is a folder, a template is needed" if os.path.isdir(name) else "doesn't exist"
            raise _WrongUse(f"{name!r} {what}")
        folder, name = os.path.split(name)
        folders = [folder or "."]
    environment = _environment(options, folders)
    if options.strict:
        environment = environment.overlay(undefined=StrictUndefined)
    variables = {**_variables(options.context), **_defined(options)}
    try:
        template = environment.get_template(name)
    except TemplateNotFound as error:
        message = str(error)
        raise _WrongUse(f"there is no template {name!r}" if message == name else message) from None
    except (OSError, UnicodeError) as error:
        _complain(f"{options.template}: {describe_unreadable(error)}")
        return 1
    except TemplateError as error:
        _complain(_describe(error))
        return 1
    try:
        output = template.render(variables)
    except Exception as error:  # whatever the template does
        _complain(_describe(error))
        return 1
    _put_out(output, options.output)
    return 0


def _put_out(output: str, path: str | None) -> None:
    """Print a text, or write it to a file."""
    try:
        if path is None:
            sys.stdout.write(output if output.endswith("\n") else output + "\n")
        else:
            data = output.encode()
            with open(path, "wb") as file:
                file.write(data)
    except UnicodeEncodeError as error:
        character = error.object[error.start]
        raise _WrongUse(f"{error.encoding} has no character {character!a}, which the output contains") from None
    except BrokenPipeError:
        raise
    except OSError as error:
        raise _WrongUse(f"can't write {path or 'the output'}: {error.strerror}") from None


def compile_(options: argparse.Namespace) -> int:
    """Write the templates of a folder as Python modules.

    :param options: the arguments
    """
    environment = _environment(options, [_folder(options.folder)])
    failures: list[str] = []

    def failed(name: str, error: Exception) -> None:
        failures.append(name)
        readable = isinstance(error, TemplateError) and not isinstance(error, OSError)
        text = _describe(error) if readable else describe_unreadable(error)
        _complain(_printable(f"{os.path.join(options.folder, name)}: {text}"))

    def log(line: str) -> None:
        if not options.quiet:
            print(_printable(line), file=sys.stderr)

    method = "deflated" if options.target.endswith(".zip") else None
    names = environment.list_templates(_endings(options))
    try:
        compile_all(environment, names, options.target, method, log, True, failed)
    except OSError as error:
        raise _WrongUse(f"can't write {options.target!r}: {error.strerror}") from None
    if failures:
        print(f"{_count(len(names), 'template')}: {len(failures)} couldn't be compiled", file=sys.stderr)
    return 1 if failures else 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    :param arguments: the arguments, by default those of the process
    :return: the exit status: 0 all is well, 1 something is wrong with a template, 2 with the command
    :raises SystemExit: with 2 for arguments that don't exist, with 0 for ``--help``
    """
    options = parser({"check": check, "render": render, "compile": compile_}).parse_args(arguments)
    try:
        status: int = options.run(options)
        sys.stdout.flush()
    except _WrongUse as error:
        _complain(_printable(str(error)))
        return 2
    except BrokenPipeError:  # whoever reads has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return status


if __name__ == "__main__":
    sys.exit(main())
