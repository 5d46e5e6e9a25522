"""Build the same command line in the package and in its reference, run both, and compare."""

from __future__ import annotations

import re
from typing import Any

import click
import click.testing
import pytest

import dray.cli_kit as cli
from dray.cli_kit.testing import CliRunner

LIBRARIES = {"reference": (click, click.testing.CliRunner), "dray": (cli, CliRunner)}
ADDRESS = re.compile(r" at 0x[0-9a-f]+")


def make_type(library: Any, spec: Any) -> Any:
    """Make a parameter type of plain data."""
    if isinstance(spec, tuple) and spec and isinstance(spec[0], str):
        kind, *args = spec
        if kind == "choice":
            return library.Choice(args[0], case_sensitive=args[1])
        if kind == "int_range":
            return library.IntRange(*args)
        if kind == "float_range":
            return library.FloatRange(*args)
        if kind == "path":
            return library.Path(**args[0])
        if kind == "datetime":
            return library.DateTime()
        if kind == "uuid":
            return library.UUID
    return spec


def make_param(library: Any, spec: dict[str, Any]) -> Any:
    """Make a parameter of plain data."""
    attrs = dict(spec)
    cls = library.Argument if attrs.pop("kind") == "argument" else library.Option
    if "type" in attrs:
        attrs["type"] = make_type(library, attrs["type"])
    return cls(attrs.pop("decls"), **attrs)


def make_command(library: Any, spec: dict[str, Any]) -> Any:
    """Make a command, or a group with all of its commands, of plain data; callbacks write what they got."""
    attrs = {key: value for key, value in spec.items() if key not in ("params", "commands")}
    params = [make_param(library, param) for param in spec.get("params", ())]

    def callback(**values: Any) -> Any:
        ctx = library.get_current_context()
        sources = {name: source.name for name in sorted(values) if (source := ctx.get_parameter_source(name))}
        library.echo(f"{ctx.command_path}: {sorted(values.items())!r} {sources} {ctx.args} {ctx.invoked_subcommand!r}")
        return ctx.command.name

    if "commands" not in spec:
        return library.Command(params=params, callback=callback, **attrs)
    commands = {command["name"]: make_command(library, command) for command in spec["commands"]}

    def result_callback(value: Any, **values: Any) -> Any:
        library.echo(f"result: {value!r}")
        return value

    return library.Group(params=params, callback=callback, commands=commands, result_callback=result_callback, **attrs)


def run(name: str, spec: dict[str, Any], args: list[str], **kwargs: Any) -> dict[str, Any]:
    """Run the command in one of the two libraries and return everything that can be seen."""
    library, runner = LIBRARIES[name]
    try:
        command = make_command(library, spec)
    except Exception as error:
        return {"declared": f"{type(error).__name__}: {ADDRESS.sub('', str(error))}".replace("click.types", "types")}
    result = runner().invoke(command, args, **kwargs)
    error = result.exception
    shown = None if error is None or isinstance(error, SystemExit) else f"{type(error).__name__}: {error}"
    return {"exit": result.exit_code, "stdout": result.stdout, "stderr": result.stderr, "error": shown}


def without_usage(seen: dict[str, Any]) -> dict[str, Any]:
    """Leave the usage line out of an error; the reference doesn't write it for every error."""
    before, _usage, rest = seen["stderr"].partition("Usage: ")
    return {**seen, "stderr": before + rest[rest.index("Error: ") :]}


def compare(spec: dict[str, Any], args: list[str], **kwargs: Any) -> None:
    """Assert that both libraries do the same."""
    theirs = run("reference", spec, args, **kwargs)
    ours = run("dray", spec, args, **kwargs)
    if "Value must be an iterable" in theirs.get("stderr", ""):
        return  # a text where several values are expected is split, as the environment's is; a documented difference
    text = theirs.get("stderr", "")
    if "Error: " in text and "Usage: " not in text:
        ours = without_usage(ours)

    assert ours == theirs


@pytest.fixture(scope="session")
def same():
    """Assert that both libraries do the same with a command of plain data and some words."""
    return compare


@pytest.fixture(scope="session")
def run_both():
    """Return what both libraries do, the reference first."""
    return lambda spec, args, **kwargs: (run("reference", spec, args, **kwargs), run("dray", spec, args, **kwargs))
