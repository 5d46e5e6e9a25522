"""A command line of typed functions: arguments, options, choices, prompts, groups, errors, its help, its completion."""

import os
from enum import Enum
from pathlib import Path
from typing import Annotated, Optional

import typer
from typer.testing import CliRunner

app = typer.Typer(help="Carts and loads.", rich_markup_mode="rich")
loads = typer.Typer()
app.add_typer(loads, name="load", help="What is on them.")
state = {"verbose": False}


class Kind(str, Enum):
    dray = "dray"
    wain = "wain"


@app.callback()
def main(verbose: bool = False, version: Annotated[Optional[str], typer.Option(envvar="CART_VERSION")] = None):
    state["verbose"] = verbose
    typer.echo(f"version {version}") if version else None


@app.command()
def build(
    name: str,
    kind: Kind = Kind.dray,
    wheels: Annotated[int, typer.Option(min=2, max=6)] = 4,
    plan: Optional[Path] = None,
):
    """Build a [bold]cart[/bold]."""
    typer.secho(f"{name} {kind.value} {wheels} {plan} {state['verbose']}", fg=typer.colors.GREEN)


@loads.command("add")
def add(
    items: list[str],
    weight: Annotated[float, typer.Option("--weight", "-w", prompt=True)],
    force: Annotated[bool, typer.Option("--force/--no-force")] = False,
):
    for item in items:
        typer.echo(f"{item} {weight} {force}")


@app.command()
def drop(
    sure: Annotated[bool, typer.Option(prompt="Really?")], times: Annotated[tuple[int, str], typer.Option()] = (1, "x")
):
    if not sure:
        raise typer.Abort()
    raise typer.Exit(times[0])


@app.command(deprecated=True, hidden=False)
def old(where: Annotated[Path, typer.Argument(exists=True, dir_okay=False)]):
    raise typer.BadParameter(f"{where} is old")


os.environ.update(TERMINAL_WIDTH="90", _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1")
runner = CliRunner()


def run(*arguments, stdin=None, env=None):
    result = runner.invoke(app, list(arguments), input=stdin, env=env, prog_name="carts")
    print(f"== {arguments}: {result.exit_code}\n{result.stdout}")
    print(result.stderr)


run("--help")
run()
run("build", "--help")
run("load", "--help")
run("load", "add", "--help")
run("build", "one", "--kind", "wain", "--wheels", "6", "--plan", "p")
run("--verbose", "build", "one", env={"CART_VERSION": "3"})
run("build", "one", "--kind", "sled")
run("build", "one", "--wheels", "7")
run("build", "one", "--wheel", "3")
run("build")
run("biuld", "x")
run("load", "add", "a", "b", "-w", "2.5", "--force")
run("load", "add", "a", stdin="heavy\n3\n")
run("load", "add", "a", stdin="")
run("drop", stdin="n\n")
run("drop", "--sure", "--times", "3", "y")
run("drop", "--sure", "--times", "x", "y")
run("old", "nowhere")
run("old", __file__.rpartition("/")[0])
for shell in ("bash", "zsh", "fish"):
    run("--show-completion", shell)
    words = {
        "_CARTS_COMPLETE": f"complete_{shell}",
        "COMP_WORDS": "carts build --k",
        "COMP_CWORD": "2",
        "_TYPER_COMPLETE_ARGS": "carts build --k",
    }
    run(env=words)
