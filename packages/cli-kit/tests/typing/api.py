"""What type checkers must see; mypy reads this file, nothing runs it."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from typing import Any, assert_type

import dray.cli_kit as cli


@cli.command()
@cli.option("--count", default=1)
@cli.argument("name")
def hello(count: int, name: str) -> None:
    """Greet."""


assert_type(hello, cli.Command)


@cli.command
def bare() -> None:
    """Do nothing."""


assert_type(bare, cli.Command)


class MyGroup(cli.Group):
    """A group of one's own."""


@cli.group(cls=MyGroup)
@cli.pass_context
def tool(ctx: cli.Context) -> None:
    """Be a tool."""


assert_type(tool, MyGroup)


@tool.command("sub")
@cli.pass_obj
def sub(obj: dict[str, Any]) -> None:
    """Be below."""


assert_type(sub, cli.Command)


class Even(cli.ParamType[int]):
    """Even numbers."""

    name = "even"

    def convert(self, value: Any, param: cli.Parameter | None, ctx: cli.Context | None) -> int:
        """Return the number."""
        number = int(value)
        if number % 2:
            self.fail(f"{number} is odd", param, ctx)
        return number


assert_type(Even()("2"), int | None)
assert_type(cli.INT("2"), int | None)
assert_type(cli.get_current_context(), cli.Context)
assert_type(cli.get_current_context(silent=True), cli.Context | None)
assert_type(cli.confirm("Go on?"), bool)
assert_type(cli.style("x", fg="red"), str)

with cli.progressbar([1, 2, 3]) as bar:
    for item in bar:
        assert_type(item, int)


class Plain:
    """A formatter that derives from nothing."""

    def __init__(self, *, width: int | None, max_width: int | None) -> None:
        self.width = width or max_width or 80

    def write_usage(self, prog: str, args: str = "") -> None: ...
    def write_paragraph(self) -> None: ...
    def write_text(self, text: str) -> None: ...
    def write_dl(self, rows: Iterable[tuple[str, str]]) -> None: ...
    def section(self, name: str) -> AbstractContextManager[None]:
        return nullcontext()

    def indentation(self) -> AbstractContextManager[None]:
        return nullcontext()

    def getvalue(self) -> str:
        return ""


class PlainContext(cli.Context):
    """A context whose pages it builds."""

    formatter_class = Plain
