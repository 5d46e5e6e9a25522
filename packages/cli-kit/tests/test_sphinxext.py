"""The Sphinx directive."""

from __future__ import annotations

import subprocess
import sys

import pytest


def test_sphinx_directive(tmp_path):
    """The directive documents a command and its sub-commands from the commands themselves."""
    pytest.importorskip("sphinx", reason="pip install sphinx")
    (tmp_path / "conf.py").write_text("extensions = ['dray.cli_kit.sphinxext']\nproject = 'x'\n")
    (tmp_path / "index.rst").write_text("Title\n=====\n\n.. dray-cli:: dray.cli_kit.__main__:main\n   :prog: tool\n")
    command = [sys.executable, "-m", "sphinx", "-W", "-q", "-b", "text", ".", "out"]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert result.returncode == 0, result.stderr
    page = (tmp_path / "out" / "index.txt").read_text()
    assert "tool [OPTIONS] COMMAND [ARGS]..." in page
    assert "tool man [OPTIONS] MODULE:COMMAND" in page
    assert "Write one file for each command into this folder." in page


MODULE = '''
import dray.cli_kit as cli

output = cli.OptionGroup("Output", help="How it *looks*.", exclusive=True)


@cli.group(epilog="The end.")
def main():
    """Do things.

    \\b
    kept
      as is
    """


@main.command(aliases=["s"], deprecated=True)
@output.option("--json", is_flag=True)
@output.option("--csv", is_flag=True, help="Write CSV.")
def show(**values):
    "Show things."
'''
CONF = "import sys\nsys.path.insert(0, '.')\nextensions = ['dray.cli_kit.sphinxext']\nproject = 'x'\n"


def test_groups_of_options_and_nesting(tmp_path):
    """Groups of options have headings and texts of their own; sub-commands follow, are listed, or are left out."""
    pytest.importorskip("sphinx", reason="pip install sphinx")
    (tmp_path / "directed.py").write_text(MODULE)
    (tmp_path / "conf.py").write_text(CONF)
    kinds = ("full", "short", "none")
    directives = [f".. dray-cli:: directed:main\n   :prog: {kind}\n   :nested: {kind}\n" for kind in kinds]
    (tmp_path / "index.rst").write_text("\n".join(["Title\n=====\n", *directives]))
    command = [sys.executable, "-m", "sphinx", "-W", "-q", "-b", "text", ".", "out"]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert result.returncode == 0, result.stderr
    page = (tmp_path / "out" / "index.txt").read_text()
    full, rest = page.split("\nshort\n")
    short, none = rest.split("\nnone\n")
    assert "   kept\n     as is\n" in full
    assert "Output (only one)" in full
    assert "How it *looks*." in full
    assert '"--csv"\n   Write CSV.' in full
    assert ("show, s" in short, "Show things. (DEPRECATED)" in short, "--csv" in short) == (True, True, False)
    assert ("show" in none, "The end." in none) == (False, True)
