"""Real programs on dray: Sphinx builds the same pages, Cookiecutter the same projects as with the reference."""

# ruff: noqa: E501 - a file is easier to read in one line
from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

#: Makes the reference's names mean dray, or leaves them, runs a program and says which engine it really used.
RUN = """\
import importlib, pkgutil, sys
engine, program, *arguments = sys.argv[1:]
if engine == "dray":
    import dray.templating
    sys.modules["jinja2"] = dray.templating
    for module in pkgutil.walk_packages(dray.templating.__path__, "dray.templating."):
        if not module.name.endswith((".__main__", ".coverage")):
            alias = "jinja2" + module.name.removeprefix("dray.templating")
            sys.modules[alias] = importlib.import_module(module.name)
sys.argv = [program, *arguments]
try:
    status = importlib.import_module(program).main(arguments)
except SystemExit as exit:
    status = exit.code
used = {module.__name__.partition(".")[0] for name, module in sys.modules.items() if name.partition(".")[0] == "jinja2"}
assert used == {"dray" if engine == "dray" else "jinja2"}, used
sys.exit(status)
"""
ENGINES = ("reference", "dray")


def run(engine: str, program: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a program's ``main`` on one of the engines, in a process of its own that leaves no bytecode."""
    command = [sys.executable, "-B", "-c", RUN, engine, program, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True)


def files(folder: Path, suffixes: tuple[str, ...] = ("",)) -> dict[str, bytes]:
    """Return the contents of all files below a folder, by their paths in it."""
    found = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name.endswith(suffixes))
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


DOCUMENTS = {
    "conf.py": """\
import os, sys
sys.path.insert(0, os.path.dirname(__file__))
project, author, html_last_updated_fmt = "P & Q", "A", ""
extensions = [f"sphinx.ext.{name}" for name in ("autodoc", "autosummary", "viewcode", "todo", "graphviz")]
autosummary_generate = True
""",
    "index.rst": """\
Title & more
============

.. toctree::
   :caption: Contents <here>

   other

.. autosummary::
   :toctree: generated

   subject.Subject

Text with ``code``, *emphasis*, and <b>.

.. py:function:: foo(a, b=1)

   Do *it*.
""",
    "other.rst": "Other\n=====\n\n.. code-block:: python\n\n   x = 1 < 2\n\n:py:func:`foo`\n\n.. automodule:: subject\n",
    "subject.py": '"""A module."""\n\nclass Subject:\n    """A class."""\n\n    def method(self, x: int = 1) -> str:\n'
    '        """Do <it>."""\n        return str(x)\n',
}


@pytest.mark.parametrize(("builder", "suffixes"), [("html", (".html", ".js", ".css")), ("latex", (".tex", ".sty"))])
def test_sphinx(tmp_path: Path, builder: str, suffixes: tuple[str, ...]) -> None:
    """Every page and script is the same, byte for byte, generated stubs and listed sources among them."""
    pytest.importorskip("sphinx", reason="Sphinx isn't installed here")
    for engine in ENGINES:
        source = tmp_path / engine / "source"
        source.mkdir(parents=True)
        for name, text in DOCUMENTS.items():
            (source / name).write_text(text)
        done = run(engine, "sphinx.cmd.build", "-q", "-E", "-b", builder, source, tmp_path / engine / "built")
        assert 0 == done.returncode, done.stderr
    expected = files(tmp_path / "reference" / "built", suffixes)

    assert len(expected) >= 2
    assert ("generated/subject.Subject.html" in expected) == (builder == "html")
    assert expected == files(tmp_path / "dray" / "built", suffixes)
    assert files(tmp_path / "reference" / "source") == files(tmp_path / "dray" / "source")


PROJECT = {
    "cookiecutter.json": json.dumps({
        "name": "My Pröject & Co",
        "slug": "{{ cookiecutter.name|slugify }}",
        "package": "{{ cookiecutter.slug.replace('-', '_') }}",
        "license": ["MIT", "BSD-3-Clause"],
        "tools": {"lint": {"ruff": "yes"}, "test": {"pytest": "no"}},
        "_copy_without_render": ["*.raw"],
        "__private": "{{ cookiecutter.name|upper }}",
    }),
    "hooks/post_gen_project.py": "open('made-by-hook.txt', 'w').write('{{ cookiecutter.__private }}')\n",
    "{{cookiecutter.slug}}/README.md": """\
# {{ cookiecutter.name }}
{% if cookiecutter.license == "MIT" -%}
Free, {{ cookiecutter.license }}.
{%- else -%}
Free.
{%- endif %}
{% for tool, parts in cookiecutter.tools|dictsort %}{{ loop.index }}. {{ tool }}: {{ parts|jsonify }}
{% endfor %}{{ random_ascii_string(0) }}{% raw %}{{ kept }}{% endraw %}
""",
    "{{cookiecutter.slug}}/src/{{cookiecutter.package}}.py": "NAME = {{ cookiecutter.name|tojson }}\n",
    "{{cookiecutter.slug}}/{% if cookiecutter.license == 'MIT' %}LICENSE{% endif %}": "{{ cookiecutter.license }}: {{ cookiecutter.tools }}\n",
    "{{cookiecutter.slug}}/page.raw": "{{ not touched }}\n",
    "{{cookiecutter.slug}}/year.txt": "{% now 'utc', '%Y' %}\n",
}  # fmt: skip


@pytest.fixture
def cookie(tmp_path: Path) -> Path:
    """A project template for Cookiecutter."""
    pytest.importorskip("cookiecutter", reason="Cookiecutter isn't installed here")
    for name, text in PROJECT.items():
        path = tmp_path / "cookie" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "cookie"


def bake(engine: str, cookie: Path, target: Path, *values: str) -> subprocess.CompletedProcess[str]:
    """Make a project of a template, with the names of Cookiecutter's own files in the target's folder."""
    target.mkdir()
    (target / "config.yaml").write_text(f"cookiecutters_dir: {target / 'c'}\nreplay_dir: {target / 'r'}\n")
    out = target / "out"
    options = ["--no-input", "--config-file", target / "config.yaml", "-o", out]
    return run(engine, "cookiecutter.cli", *options, cookie, *values)


@pytest.mark.parametrize("value", ["license=MIT", "license=BSD-3-Clause"])
def test_cookiecutter(tmp_path: Path, cookie: Path, value: str) -> None:
    """A project has the same files, with the same contents, made by hooks or by its extensions too."""
    for engine in ENGINES:
        done = bake(engine, cookie, tmp_path / engine, value)
        assert 0 == done.returncode, done.stderr
    expected = files(tmp_path / "reference" / "out")

    assert {"my-project-co/README.md", "my-project-co/src/my_project_co.py"} <= set(expected)
    assert b"MY PR" in expected["my-project-co/made-by-hook.txt"]
    assert expected == files(tmp_path / "dray" / "out")


def test_cookiecutter_reports_mistakes(tmp_path: Path, cookie: Path) -> None:
    """An undefined variable ends in the same status and names the same file and variable."""
    (cookie / "{{cookiecutter.slug}}" / "wrong.txt").write_text("{{ cookiecutter.unheard_of }}")
    results = [bake(engine, cookie, tmp_path / engine) for engine in ENGINES]

    assert results[0].returncode == results[1].returncode != 0
    for done in results:
        assert "wrong.txt" in done.stdout + done.stderr
        assert "has no attribute 'unheard_of'" in done.stdout + done.stderr
