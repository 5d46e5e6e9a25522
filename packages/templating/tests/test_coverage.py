"""The coverage plugin: a real measurement of a template in another process."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

PAGE = """\
{% if user %}
<p>{{ user }}</p>
{% else %}
<p>nobody</p>
{% endif %}
{% for x in items %}
{{ x|unheard_of }}
{% endfor %}
"""
PROGRAM = """\
from dray.templating import Environment, FileSystemLoader
environment = Environment(loader=FileSystemLoader("pages"))
environment.filters["unheard_of"] = str
environment.get_template("page.html").render(user=1, items=[])
"""


def test_lines(tmp_path: Path) -> None:
    """Lines that ran and lines that could have run are told apart, templates that never ran are listed."""
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "page.html").write_text(PAGE)
    (tmp_path / "pages" / "never.html").write_text("one\n{{ two }}\n")
    (tmp_path / "program.py").write_text(PROGRAM)
    (tmp_path / ".coveragerc").write_text("[run]\nplugins = dray.templating.coverage\nsource = .\n")
    for command in (["run", "program.py"], ["json", "-o", "report.json"]):
        subprocess.run([sys.executable, "-m", "coverage", *command], cwd=tmp_path, check=True, capture_output=True)
    files = json.loads((tmp_path / "report.json").read_text())["files"]
    page, never = files["pages/page.html"], files["pages/never.html"]

    assert [3, 7] == page["missing_lines"]
    assert {1, 2, 6} <= set(page["executed_lines"])
    assert [] == never["executed_lines"] and 2 in never["missing_lines"]
