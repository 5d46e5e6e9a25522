"""Command lines beside Click and argparse; the rows are those of the performance page.

Run it with ``nox -s bench -- cli-kit``. Every peer's answer is checked before it is timed. The rows that begin with
``fresh`` start an interpreter; what the bare interpreter takes is in them.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import click
import click.testing
import pytest

import dray.cli_kit as cli
from dray.cli_kit.testing import CliRunner

BASELINE = "click"
TEN = [word for index in range(10) for word in (f"--opt{index}", str(index))]
LIBRARIES = {"click": (click, click.testing.CliRunner), "dray": (cli, CliRunner)}


def ten_options(library: Any) -> Any:
    """Make a command with ten options."""

    def callback(**values: Any) -> Any:
        return values

    for index in range(10):
        kind = int if index % 2 else str
        help_text = f"Option number {index} does a thing."
        callback = library.option(f"--opt{index}", type=kind, default=index if index % 2 else "x", help=help_text)(
            callback
        )
    return library.command(name="ten")(callback)


def simple(library: Any) -> Any:
    """Make a command with an argument."""
    return library.command(name="simple")(library.argument("name")(lambda name: name))


def group_of_50(library: Any) -> Any:
    """Make a group of fifty commands."""
    group = library.Group("group")
    for index in range(50):
        params = [library.Option(["--a"])]
        help_text = f"Command number {index} which does things."
        group.add_command(library.Command(f"cmd{index}", params=params, callback=lambda a: a, help=help_text))
    return group


def help_page(library: Any, command: Any) -> Callable[[], str]:
    """Return a function that makes a help page."""
    return lambda: library.Context(command, info_name="prog", terminal_width=80).get_help()


def call(command: Any, words: list[str]) -> Callable[[], Any]:
    """Return a function that runs a command in this process."""
    return lambda: command.main(list(words), prog_name="prog", standalone_mode=False)


def argparse_rows() -> dict[str, Callable[[], Any]]:
    """Return what argparse does of all this."""

    def make_ten() -> argparse.ArgumentParser:
        parser = argparse.ArgumentParser("prog")
        for index in range(10):
            kind = int if index % 2 else str
            text = f"Option number {index} does a thing."
            parser.add_argument(f"--opt{index}", type=kind, default=index if index % 2 else "x", help=text)
        return parser

    ten, one, group = make_ten(), argparse.ArgumentParser("prog"), argparse.ArgumentParser("prog")
    one.add_argument("name")
    commands = group.add_subparsers()
    for index in range(50):
        commands.add_parser(f"cmd{index}", help=f"Command number {index} which does things.").add_argument("--a")

    def usage_error() -> str:
        with contextlib.redirect_stderr(io.StringIO()) as stream, contextlib.suppress(SystemExit):
            one.parse_args(["a", "b"])
        return stream.getvalue()

    return {
        "parse 10 options": lambda: vars(ten.parse_args(TEN)),
        "simple": lambda: one.parse_args(["a"]).name,
        "group of 50, sub-command": lambda: group.parse_args(["cmd7", "--a", "1"]).a,
        "help, 10 options": ten.format_help,
        "help, group of 50": group.format_help,
        "usage error": usage_error,
        "define 10 options": make_ten,
    }


def rows() -> dict[str, dict[str, Callable[[], Any]]]:
    """Return row -> peer -> function."""
    found: dict[str, dict[str, Callable[[], Any]]] = {}
    for peer, (library, runner) in LIBRARIES.items():
        ten, one, group = ten_options(library), simple(library), group_of_50(library)
        for row, function in {
            "parse 10 options": call(ten, TEN),
            "simple": call(one, ["a"]),
            "group of 50, sub-command": call(group, ["cmd7", "--a", "1"]),
            "help, 10 options": help_page(library, ten),
            "help, group of 50": help_page(library, group),
            "CliRunner": lambda r=runner, c=one: r().invoke(c, ["a"]).exit_code,
            "usage error": lambda r=runner, c=one: r().invoke(c, ["a", "b"]).output,
            "define 10 options": lambda library=library: ten_options(library),
        }.items():
            found.setdefault(row, {})[peer] = function
    for row, function in argparse_rows().items():
        found[row]["argparse"] = function
    return found


ROWS = rows()
SAME = ["parse 10 options", "simple", "group of 50, sub-command", "help, 10 options", "help, group of 50", "CliRunner"]


@pytest.mark.parametrize(("row", "peer"), [(row, peer) for row, peers in ROWS.items() for peer in peers])
def bench_in_process(benchmark: Any, row: str, peer: str) -> None:
    """Time one row for one peer."""
    if row in [*SAME, "usage error"]:
        ours, theirs = ROWS[row]["dray"](), ROWS[row]["click"]()
        assert ours == theirs, "both give the same answer"
    function = ROWS[row][peer]
    assert function() is not None
    benchmark.group = row
    benchmark.extra_info.update(peer=peer, baseline=BASELINE)
    benchmark(function)


IMPORT = {
    "bare": "",
    "click": "import click as cli",
    "argparse": "import argparse",
    "dray": "import dray.cli_kit as cli",
}
PROGRAM = """
@cli.command()
@cli.option("--count", type=int, default=1, help="How often.")
@cli.argument("name")
def main(count, name): "Greet."
"""
GROUP = """
main = cli.Group("main")
for index in range(50):
    option = cli.Option(["--a"])
    main.add_command(cli.Command(f"cmd{index}", params=[option], callback=lambda a: a, help=f"Command {index}."))
"""
PARSER = """
parser = argparse.ArgumentParser("prog", description="Greet.")
parser.add_argument("--count", type=int, default=1, help="How often.")
parser.add_argument("name")
"""
PARSERS = """
parser = argparse.ArgumentParser("prog")
commands = parser.add_subparsers()
for index in range(50):
    commands.add_parser(f"cmd{index}", help=f"Command {index}.").add_argument("--a")
"""
CALLS = {
    "fresh: import": None,
    "fresh: simple": (PROGRAM, PARSER, ["Ada"]),
    "fresh: --help": (PROGRAM, PARSER, ["--help"]),
    "fresh: group of 50, sub-command": (GROUP, PARSERS, ["cmd7", "--a", "1"]),
    "fresh: group of 50, --help": (GROUP, PARSERS, ["--help"]),
}


def program(row: str, peer: str) -> str:
    """Return the program of a row for a peer."""
    parts = CALLS[row]
    if parts is None or peer == "bare":
        return IMPORT[peer]
    ours, theirs, words = parts
    if peer == "argparse":
        return f"{IMPORT[peer]}\n{theirs}\nparser.parse_args({words})"
    return f"{IMPORT[peer]}\n{ours}\nmain({words}, prog_name='prog')"


@pytest.mark.parametrize("peer", IMPORT)
@pytest.mark.parametrize("row", CALLS)
def bench_fresh(benchmark: Any, row: str, peer: str) -> None:
    """Time the start of an interpreter that runs one row."""
    command = [sys.executable, "-c", program(row, peer)]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    if peer == "dray" and CALLS[row] is not None:
        theirs = [sys.executable, "-c", program(row, "click")]
        assert result.stdout == subprocess.run(theirs, capture_output=True, text=True, check=True).stdout
    benchmark.group = row
    benchmark.extra_info.update(peer=peer, baseline=BASELINE)
    benchmark(lambda: subprocess.run(command, capture_output=True, check=True))
