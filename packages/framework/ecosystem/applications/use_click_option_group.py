"""Options in groups: exclusive, required, all or none, hidden; their help and their errors."""

import click
from click.testing import CliRunner
from click_option_group import (
    AllOptionGroup,
    MutuallyExclusiveOptionGroup,
    RequiredAllOptionGroup,
    RequiredAnyOptionGroup,
    RequiredMutuallyExclusiveOptionGroup,
    optgroup,
)


@click.group()
def cli():
    """Carts."""


@cli.command()
@optgroup.group("Where", cls=RequiredMutuallyExclusiveOptionGroup, help="Where it goes.")
@optgroup.option("--city", help="A city.")
@optgroup.option("--farm", help="A farm.")
@optgroup.group("Load", cls=RequiredAnyOptionGroup)
@optgroup.option("--hay", type=int)
@optgroup.option("--coal", type=int, show_default=True, default=None)
@optgroup.group("Pair", cls=AllOptionGroup, help="Both or none.")
@optgroup.option("--horse")
@optgroup.option("--driver")
@click.option("--plain", is_flag=True)
def send(**values):
    """Send one."""
    click.echo(sorted(values.items(), key=str))


@cli.command()
@optgroup("Either", cls=MutuallyExclusiveOptionGroup)
@optgroup.option("-a", is_flag=True)
@optgroup.option("-b", is_flag=True, hidden=True)
@optgroup("Must", cls=RequiredAllOptionGroup)
@optgroup.option("--one")
@optgroup.option("--two")
@click.argument("rest", nargs=-1)
def pick(**values):
    click.echo(sorted(values.items(), key=str))


for line in (
    "--help", "send --help", "pick --help", "send --city Ghent --hay 3", "send", "send --city a --farm b --hay 1",
    "send --city a", "send --city a --coal x", "send --city a --hay 1 --horse h", "send --farm f --coal 1 --horse h --driver d --plain",
    "pick -a -b --one 1 --two 2", "pick -b --one 1 --two 2 x y", "pick --one 1", "pick",
):  # fmt: skip
    result = CliRunner().invoke(cli, line.split())
    print(f"== {line}: {result.exit_code}\n{result.output}")
