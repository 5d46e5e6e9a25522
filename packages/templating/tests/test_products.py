"""A real program on dray: Sphinx builds the same HTML with it as with the reference."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("sphinx", reason="Sphinx isn't installed here")

CONF = "project = 'P'\nextensions = ['sphinx.ext.autosummary']\nhtml_last_updated_fmt = ''\n"
INDEX = """\
Title & more
============

.. toctree::

   other

Text with ``code``, *emphasis*, and <b>.

.. py:function:: foo(a, b=1)

   Do *it*.
"""
OTHER = "Other\n=====\n\n.. code-block:: python\n\n   x = 1 < 2\n\n:py:func:`foo`\n"
#: Makes the reference's names mean dray, then runs Sphinx.
BUILD = """\
import importlib, pkgutil, sys
engine, source, target = sys.argv[1:]
if engine == "dray":
    import dray.templating
    sys.modules["jinja2"] = dray.templating
    for module in pkgutil.walk_packages(dray.templating.__path__, "dray.templating."):
        if not module.name.endswith("__main__"):
            alias = "jinja2" + module.name.removeprefix("dray.templating")
            sys.modules[alias] = importlib.import_module(module.name)
from sphinx.cmd.build import main
sys.exit(main(["-q", "-E", "-b", "html", source, target]))
"""


def test_sphinx(tmp_path: Path) -> None:
    """Every page and script is the same, byte for byte."""
    source = tmp_path / "source"
    source.mkdir()
    (source / "conf.py").write_text(CONF)
    (source / "index.rst").write_text(INDEX)
    (source / "other.rst").write_text(OTHER)
    for engine in ("reference", "dray"):
        command = [sys.executable, "-c", BUILD, engine, str(source), str(tmp_path / engine)]
        subprocess.run(command, check=True, capture_output=True)
    pages = sorted(
        path.relative_to(tmp_path / "reference")
        for path in (tmp_path / "reference").rglob("*")
        if path.suffix in {".html", ".js", ".css"}
    )

    assert Path("index.html") in pages
    for page in pages:
        assert (tmp_path / "reference" / page).read_bytes() == (tmp_path / "dray" / page).read_bytes(), page
