"""A documentation of two pages, a module and a template of its own, built as pages, text and manual."""

import hashlib
import re
import subprocess
import sys
from pathlib import Path

source = Path("source")
(source / "_templates").mkdir(parents=True)
(source / "conf.py").write_text(
    "import sys\nsys.path.insert(0, '.')\nproject, author, release = 'Cart', 'Ada', '1.0'\nhtml_theme = 'alabaster'\n"
    "extensions = ['sphinx.ext.autodoc', 'sphinx.ext.autosummary', 'sphinx.ext.viewcode', 'sphinx.ext.intersphinx']\n"
    "templates_path = ['_templates']\nautosummary_generate = True\nhtml_last_updated_fmt = None\n"
)
(source / "_templates" / "page.html").write_text(
    '{% extends "!page.html" %}{% block footer %}<p>{{ project }}</p>{{ super() }}{% endblock %}'
)
(source / "index.rst").write_text(
    "Cart\n====\n\n.. toctree::\n\n   load\n\n.. autosummary::\n   :toctree: generated\n\n   wagon\n\n"
    ".. automodule:: wagon\n   :members:\n\n:ref:`genindex` and *math* :math:`a^2`\n\n.. code-block:: python\n\n   x = '<b>'\n"
)
(source / "load.rst").write_text(
    "Load\n====\n\nSee :func:`wagon.load` and :doc:`nowhere`.\n\n===  ===\na    b\n===  ===\n1    2\n===  ===\n"
)
Path("wagon.py").write_text(
    '"""A wagon."""\n\n\ndef load(what: str, *, times: int = 1) -> list[str]:\n    """Load something."""\n'
)
for builder in ("html", "dirhtml", "text", "man", "latex", "gettext", "epub"):
    command = [sys.executable, "-m", "sphinx", "-b", builder, "-q", "source", builder]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    print(f"== {builder}: {result.returncode}", re.sub(r"\x1b\[[\d;]*m|/\S*/(?=source)", "", result.stderr))
    for path in sorted(Path(builder).rglob("*")):
        if path.is_file() and path.suffix not in {".pickle", ".doctree", ".buildinfo", ".epub", ".opf", ".ncx", ".inv"}:
            data = re.sub(rb"POT-Creation-Date.*|\d{4}-\d\d-\d\dT[\d:]+Z?", b"", path.read_bytes())
            print(path, hashlib.sha256(data).hexdigest()[:16])
print(Path("html/index.html").read_text())
