"""Parameters of a command from the annotations of its function."""

from __future__ import annotations

import datetime
import enum
import pathlib
import uuid
from typing import Annotated, Literal, Optional

import pytest

import dray.cli_kit as cli


class Color(enum.Enum):
    """Colours to choose from."""

    RED = "r"
    BLUE = "b"


seen: list[dict[str, object]] = []


@cli.command(annotations=True)
def everything(
    ctx: cli.Context,
    src: Annotated[pathlib.Path, "Where from."],
    pair: tuple[int, str],
    *words: str,
    count: int = 1,
    ratio: float = 0.5,
    verbose: bool = False,
    color: Color = Color.RED,
    mode: Literal["fast", "slow"] = "fast",
    tags: list[str] = (),  # type: ignore[assignment]
    when: datetime.datetime | None = None,
    key: Optional[uuid.UUID] = None,  # noqa: UP045 - the old spelling works too
    level: Annotated[int, cli.IntRange(0, 5), "How much."] = 2,
    name: Annotated[str, cli.Opt("--title", "-t", show_default=True)] = "x",
) -> None:
    """Show everything."""
    values = dict(locals())
    assert values.pop("ctx") is cli.get_current_context()
    seen.append(values)


def fill(args):
    """Run the command and return what the function got."""
    everything.main(list(args), standalone_mode=False)
    return seen.pop()


def test_defaults():
    """Arguments without a default become arguments, the others options."""
    assert fill(["a", "1", "b"]) == {
        "src": pathlib.Path("a"),
        "pair": (1, "b"),
        "words": (),
        "count": 1,
        "ratio": 0.5,
        "verbose": False,
        "color": Color.RED,
        "mode": "fast",
        "tags": (),
        "when": None,
        "key": None,
        "level": 2,
        "name": "x",
    }


def test_values():
    """Each annotation converts."""
    args = "a 1 b w1 w2 --count 3 --ratio 2 --verbose --color BLUE --mode slow --tags p --tags q --when 2020-01-02"
    args += " --key 12345678123456781234567812345678 --level 5 -t T"

    assert fill(args.split()) == {
        "src": pathlib.Path("a"),
        "pair": (1, "b"),
        "words": ("w1", "w2"),
        "count": 3,
        "ratio": 2.0,
        "verbose": True,
        "color": Color.BLUE,
        "mode": "slow",
        "tags": ("p", "q"),
        "when": datetime.datetime(2020, 1, 2),
        "key": uuid.UUID("12345678123456781234567812345678"),
        "level": 5,
        "name": "T",
    }


def test_help(runner):
    """Metadata is the help text; booleans have two spellings."""
    page = runner.invoke(everything, ["--help"]).output

    assert page.startswith("Usage: everything [OPTIONS] SRC PAIR... [WORDS]...\n")
    assert "  SRC         Where from.\n" in page
    assert "--verbose / --no-verbose" in page
    assert "How much.  [0<=x<=5]" in page
    assert "-t, --title TEXT" in page


def test_context_and_declared_options(runner):
    """An argument annotated with Context gets it, and decorators go before annotations."""

    @cli.command(annotations=True)
    @cli.option("--n", type=cli.IntRange(0, 3), default=1)
    def command(ctx: cli.Context, n: int, *, required: int):
        cli.echo(f"{ctx.info_name} {n} {required}")

    assert runner.invoke(command, ["--n", "2", "--required", "7"]).output == "command 2 7\n"
    assert "Missing option '--required'." in runner.invoke(command, []).output


def test_groups_too(runner):
    """The method of a group takes the same argument."""
    group = cli.Group("g")

    @group.command(annotations=True)
    def sub(x: int):
        cli.echo(repr(x))

    assert runner.invoke(group, ["sub", "3"]).output == "3\n"


def test_unknown_annotation():
    """An annotation that stands for no type says what to do."""
    with pytest.raises(TypeError, match="give one with Annotated"):

        @cli.command(annotations=True)
        def command(x: int | str):
            pass
