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
