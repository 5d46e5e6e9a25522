"""What importing the package costs: nothing slow may be loaded."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import dray.cli_kit

SLOW = (
    "typing",
    "inspect",
    "dataclasses",
    "enum",
    "re",
    "gettext",
    "uuid",
    "datetime",
    "importlib.metadata",
    "asyncio",
    "ctypes",
    "contextlib",
    "functools",
    "collections",
    "threading",
    "tempfile",
    "shutil",
    "subprocess",
    "difflib",
    "textwrap",
    "socket",
)
PACKAGE = Path(dray.cli_kit.__file__).parent
MODULES = sorted(
    ".".join(("dray", *path.relative_to(PACKAGE.parent).with_suffix("").parts)).removesuffix(".__init__")
    for path in PACKAGE.rglob("*.py")
    if path.name != "__main__.py"
)


def run(code: str, *flags: str) -> str:
    """Run code in a fresh interpreter."""
    result = subprocess.run([sys.executable, *flags, "-c", code], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    return result.stdout


def loaded_by(code: str) -> set[str]:
    """Return the modules that code adds to those of a bare interpreter."""
    # What the environment's own start-up files load is no fault of the package.
    text = run(f"import sys; before = set(sys.modules)\n{code}\nprint(*sorted(set(sys.modules) - before))", "-S")
    return set(text.split("\n")[-2].split())


SOURCE = f"import sys; sys.path.insert(0, {str(PACKAGE.parent.parent)!r})"


def test_import_loads_nothing_slow():
    """``import dray.cli_kit`` loads none of the modules that take long."""
    loaded = loaded_by(f"{SOURCE}\nimport dray.cli_kit")

    assert loaded & set(SLOW) == set()


def test_simple_command_loads_nothing_slow():
    """A command with options runs to its end without any of them."""
    program = """
import dray.cli_kit as cli
@cli.command()
@cli.option("--count", type=int, default=1, help="How often.")
@cli.option("--name", default="x")
@cli.argument("words", nargs=-1)
def main(count, name, words):
    "Say words."
    cli.echo(f"{count} {name} {words}")
main(["--count", "2", "a", "b"], prog_name="say", standalone_mode=False)
"""

    assert loaded_by(f"{SOURCE}\n{program}") & set(SLOW) == set()


@pytest.mark.parametrize("module", MODULES)
def test_every_module_can_be_imported_alone(module):
    """Each module can be the first one that is imported, with warnings as errors."""
    if module.endswith(".sphinxext"):
        pytest.importorskip("docutils", reason="pip install sphinx")
    run(f"import {module}", "-W", "error")


def test_no_file_is_too_long():
    """No module has more than 700 lines."""
    lengths = {path.name: len(path.read_text().splitlines()) for path in PACKAGE.rglob("*.py")}
    too_long = {name: length for name, length in lengths.items() if length > 700}

    assert {} == too_long
