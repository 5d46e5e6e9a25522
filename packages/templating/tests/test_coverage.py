"""The coverage plugin: a real measurement of a template in another process."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from coverage.exceptions import ConfigError, NoSource

from dray.templating import Environment, FileSystemLoader
from dray.templating.coverage import TemplatePlugin, TemplateReporter, coverage_init

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

    assert [4, 7] == page["missing_lines"]
    assert {1, 2, 6} <= set(page["executed_lines"])
    assert [] == never["executed_lines"] and 2 in never["missing_lines"]


def lines(path: Path, text: str) -> set[int]:
    path.write_text(text)
    return TemplateReporter(str(path), Environment()).lines()


@pytest.mark.parametrize(
    ("text", "statements"),
    [
        ("", {1}),
        ("text\nmore text\n", {1}),
        ("{# a comment #}\n\n{{ x }}\n", {1, 3}),
        ("{% set x = 1 %}\n{% set y = 2 %}", {1, 2}),
        ("text\n{% if x %}\n{{ y }}\n{% else %}\nno\n{% endif %}\ntext", {1, 2, 3, 5, 7}),
        ("{% if x %}\n\n  yes\n{% endif %}\n{% if x %}\n{% endif %}", {1, 3, 4, 5}),
        ("{% extends 'base' %}\n{% block b %}\ntext\n{{ x }}\n{% endblock %}", {1, 4}),
        ("{{ is no template", set()),
    ],
)
def test_statements(tmp_path: Path, text: str, statements: set[int]) -> None:
    """Lines with code are statements, and the first line, which stands for all; text alone has its own."""
    assert statements == lines(tmp_path / "page.html", text)


def test_encodings(tmp_path: Path) -> None:
    """A template is read in the encoding of its loader, or the one of the configuration."""
    page = tmp_path / "page.html"
    page.write_bytes("caf\xe9\n{{ x }}".encode("latin-1"))
    reporter = TemplatePlugin({}).file_reporter(str(page))
    assert set() == reporter.lines()
    assert "caf\ufffd\n{{ x }}" == reporter.source()

    reporter = TemplatePlugin({"encoding": "latin-1"}).file_reporter(str(page))
    assert ({1, 2}, "caf\xe9\n{{ x }}") == (reporter.lines(), reporter.source())

    plugin = TemplatePlugin({"environment": f"{__name__}:LATIN"})
    plugin._environment = Environment(loader=FileSystemLoader(tmp_path, encoding="latin-1"))
    assert {1, 2} == plugin.file_reporter(str(page)).lines()


def test_deleted(tmp_path: Path) -> None:
    """A template that isn't there any more is an error that coverage knows, and can be told to ignore."""
    reporter = TemplateReporter(str(tmp_path / "gone.html"), Environment())
    for read in (reporter.source, reporter.lines):
        with pytest.raises(NoSource, match=r"No source for template: .*gone\.html.*: No such file"):
            read()

    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "page.html").write_text(PAGE)
    (tmp_path / "program.py").write_text(PROGRAM)
    (tmp_path / ".coveragerc").write_text("[run]\nplugins = dray.templating.coverage\nsource = .\n")
    call = [sys.executable, "-m", "coverage"]
    subprocess.run([*call, "run", "program.py"], cwd=tmp_path, check=True, capture_output=True)
    (tmp_path / "pages" / "page.html").unlink()
    failed = subprocess.run([*call, "report"], cwd=tmp_path, check=False, capture_output=True, text=True)
    assert 1 == failed.returncode
    assert "No source for template: " in failed.stdout and "Traceback" not in failed.stderr
    ignored = subprocess.run([*call, "report", "-i"], cwd=tmp_path, check=False, capture_output=True, text=True)
    assert 0 == ignored.returncode and "program.py" in ignored.stdout


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"suffix": ".html"}, "has no option 'suffix', only 'encoding', 'environment', 'suffixes'"),
        ({"environment": "no.such:environment"}, "the environment 'no.such:environment' can't be imported: No module"),
        ({"environment": "json:nothing"}, "the environment 'json:nothing' can't be imported: module 'json' has no"),
        ({"environment": "json:dumps"}, "'json:dumps' is a function, not an Environment"),
    ],
)
def test_configuration(options: dict[str, str], message: str) -> None:
    """A mistake in the configuration is coverage's error for that."""
    plugins: list[TemplatePlugin] = []
    registry = type("Registry", (), {"add_file_tracer": plugins.append})
    with pytest.raises(ConfigError, match=message):
        coverage_init(registry, options)
        plugins[0].file_reporter("page.html")
