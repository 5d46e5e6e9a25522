"""Debuggers and tracebacks see templates: their lines, their text, their variables."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import traceback
from pathlib import Path
from typing import NoReturn

import pytest

from dray.templating import DictLoader, Environment, FileSystemLoader, TemplateSyntaxError, UndefinedError
from dray.templating.codegen.control import MAX_LOOPS

PAGE = """\
{% extends "base.html" %}
{% block body %}
{% for item in items %}
<li>{{ item.name }}: {{ item.price * count }}</li>
{% endfor %}
{% endblock %}
"""
PROGRAM = """\
from dray.templating import Environment, FileSystemLoader
environment = Environment(loader=FileSystemLoader("pages"))
page = environment.get_template("page.html")
print("rendered", len(page.render(items=[{"name": "tea", "price": 2}, {"name": "cup", "price": 5}], count=3)))
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A program and its templates."""
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "base.html").write_text("<ul>{% block body %}{% endblock %}</ul>")
    (tmp_path / "pages" / "page.html").write_text(PAGE)
    (tmp_path / "program.py").write_text(PROGRAM)
    return tmp_path


#: From 3.13.0 on, pdb's own ``break`` takes no files but Python's; what sets the breakpoint then is its method.
BREAKS = """\
import pdb, sys
debugger = pdb.Pdb()
debugger.set_break(sys.argv[1], int(sys.argv[2]), cond=sys.argv[3] or None)
debugger.run(compile(open("program.py").read(), "program.py", "exec"), {"__name__": "__main__"})
"""


def debug(project: Path, line: int, *commands: str, condition: str = "") -> str:
    """Run the program under pdb with a breakpoint in the page, then commands, and return what it printed."""
    page = str(project / "pages" / "page.html")
    if sys.version_info >= (3, 13):
        command = [sys.executable, "-c", BREAKS, page, str(line), condition]
    else:
        command = [sys.executable, "-m", "pdb", "program.py"]
        commands = (f"break {page}:{line}" + (f", {condition}" if condition else ""), *commands)
    result = subprocess.run(
        command, input="\n".join([*commands, "quit", ""]), cwd=project, capture_output=True, text=True, timeout=60,
        env={**os.environ, "PYTHON_COLORS": "0", "NO_COLOR": "1"},
    )  # fmt: skip
    return result.stdout


def test_pdb_breakpoint(project: Path) -> None:
    """A breakpoint in a template's file stops at its line, once a round, and the condition of one is asked there."""
    shown = debug(project, 4, "continue", "p item", "continue", "p item", "continue")

    assert 2 == len(re.findall(r"page\.html\(4\)block \"body\"\(\)", shown))
    assert "{'name': 'tea', 'price': 2}" in shown and "{'name': 'cup', 'price': 5}" in shown
    assert "rendered" in shown
    conditional = debug(project, 4, "continue", condition="item['name'] == 'none'")
    assert "rendered" in conditional
    conditional = debug(project, 4, "continue", "p item", condition="item['name'] == 'cup'")
    assert "'price': 5" in conditional and "'price': 2" not in conditional


def test_pdb_shows_the_template(project: Path) -> None:
    """``list`` shows the template with the line marked, ``where`` the blocks, ``p`` the variables, ``next`` goes on."""
    commands = ["list", "p item['name'], count, items", "p item['price'] * count", "where", "next", "up"]
    shown = debug(project, 4, "continue", *commands)

    assert re.search(r"4 B->\s<li>\{\{ item\.name \}\}: \{\{ item\.price \* count \}\}</li>", shown)
    assert re.search(r"3  \s\{% for item in items %\}", shown)
    assert "('tea', 3, [{'name': 'tea'" in shown
    assert "(Pdb) 6\n" in shown
    assert re.search(r"base\.html\(1\)template \"base\.html\"\(\)", shown)
    assert re.search(r"page\.html\(3\)block \"body\"\(\)\n-> \{% for item in items %\}", shown)


def test_pdb_step_into_macro(project: Path) -> None:
    """``step`` goes from a call into the macro's own lines."""
    (project / "pages" / "page.html").write_text(
        "{% macro cell(x) %}\n<td>{{ x }}</td>\n{% endmacro %}\n{{ cell(items[0]) }}\n"
    )
    shown = debug(project, 2, "continue", "p x['name']", "where")

    assert "'tea'" in shown
    assert re.search(r"page\.html\(4\)template \"page\.html\"\(\)", shown)
    assert re.search(r"page\.html\(2\)macro \"cell\"\(\)", shown)


def test_breakpoint_from_a_template(project: Path) -> None:
    """``breakpoint`` as a global stops in the template that calls it."""
    (project / "pages" / "page.html").write_text("one\n{% set here = 5 %}\n{{ stop() }}\n")
    (project / "program.py").write_text(PROGRAM.replace("page = ", "environment.globals['stop'] = breakpoint\npage = "))
    result = subprocess.run(
        [sys.executable, "program.py"], input="up\nup\np here\nquit\n", cwd=project, capture_output=True, text=True,
        timeout=60,
    )  # fmt: skip

    assert re.search(r"page\.html\(3\)template \"page\.html\"\(\)\n-> \{\{ stop\(\) \}\}", result.stdout)
    assert "(Pdb) 5\n" in result.stdout


@pytest.mark.parametrize("loader", ["file", "dict"])
def test_native_traceback(project: Path, loader: str) -> None:
    """A traceback shows the template's lines, its blocks as frames, and marks what failed; the engine isn't in it."""
    pages = {path.name: path.read_text() for path in (project / "pages").iterdir()}
    chosen = FileSystemLoader(project / "pages") if loader == "file" else DictLoader(pages)
    page = Environment(loader=chosen).get_template("page.html")
    with pytest.raises(TypeError) as caught:
        page.render(items=[{"name": "tea", "price": None}], count=3)
    text = "".join(traceback.format_exception(caught.value))

    assert 'line 4, in block "body"\n    <li>{{ item.name }}: {{ item.price * count }}</li>\n' in text
    assert re.search(r"\n +~~~~~~~~~~\^~~~~~~\n", text) or re.search(r"\n +\^{18}\n", text)
    assert "runtime" not in text.split('in template "page.html"')[0].split("environment.py")[-1]
    assert caught.value.__notes__[0].startswith("in template page.html, line 4, column 25\n")


def test_places() -> None:
    """A syntax error and an undefined error print the line with carets below the mistake, behind wide text too."""
    with pytest.raises(TemplateSyntaxError) as wrong:
        Environment().from_string("äöü {{ user | uper }}")
    lines = str(wrong.value).split("\n")
    assert "line 1, column 8" in lines[1]
    assert lines[2].index("user") == lines[3].index("^")
    with pytest.raises(UndefinedError) as missing:
        Environment().from_string("one\näöü {{ user.name }}").render()
    note = missing.value.__notes__[0].split("\n")
    assert note[0] == "in template <template>, line 2, column 8"
    assert note[1].index("user") == note[2].index("^")


def test_errors_in_streams_say_where() -> None:
    """Every stream of a template notes the place on its error, and its traceback ends in the template."""
    template = Environment().from_string("{{ 'begin' }}\n{% for x in numbers %}{{ 1 / x }}{% endfor %}")
    notes = []

    for _ in range(3):
        with pytest.raises(ZeroDivisionError) as caught:
            list(template.generate(numbers=[1, 0]))
        notes.append(caught.value.__notes__)
        assert 2 == traceback.extract_tb(caught.value.__traceback__)[-1].lineno
    assert 1 == len(notes[0])
    assert "line 2, column 26" in notes[0][0]
    assert notes[0] == notes[1] == notes[2]


def test_streams_ask_an_overridden_handler() -> None:
    """An environment that handles errors its own way does so for streams too, the first and those after it."""

    class Renaming(Environment):
        def handle_exception(self, source: str | None = None) -> NoReturn:
            raise LookupError("renamed")

    template = Renaming().from_string("{{ 1 / x }}")

    for _ in range(2):
        with pytest.raises(LookupError, match="renamed"):
            list(template.generate(x=0))


def test_streams_of_loops_as_deep_as_they_may_be() -> None:
    """The deepest nesting of loops that is allowed streams like any other."""
    source = "{% for x in [x] %}" * MAX_LOOPS + "{{ x.real }}{{ x }}" + "{% endfor %}" * MAX_LOOPS
    template = Environment().from_string(source)

    assert ["77", "77"] == ["".join(template.generate(x=7)) for _ in range(2)]
