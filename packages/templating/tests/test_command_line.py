"""The command line: check, render, compile."""

# ruff: noqa: E501 - a template is easier to read in one line
from __future__ import annotations

import json
from pathlib import Path

import pytest

from dray.templating import Environment, ModuleLoader
from dray.templating.__main__ import main

PAGES = {
    "base.html": "{% block body %}{% endblock %}{{ title }}",
    "good.html": "{% extends 'base.html' %}{% block body %}{{ name|upper }}{% endblock %}",
    "syntax.html": "one\n  {% if %}",
    "names.html": "{{ a|nope }}\n{% if a is nada %}{{ missing }}{% endif %}",
    "lost.html": "{% for i in [1] %}{% set total = i %}{% endfor %}{{ total }}",
    "block.html": "{% extends 'base.html' %}\n{% block boddy %}{% endblock %}",
    "link.html": "{% include 'gone.html' %}{% include 'gone.html' ignore missing %}",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in PAGES.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def test_check_finds(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each problem comes with file, line, column and its kind; a known name isn't one."""
    status = main(["check", str(folder), "--define", "title", "--define", "name", "--define", "a", "--define", "total"])
    found = [line.removeprefix(str(folder) + "/") for line in capsys.readouterr().out.splitlines()]

    assert 1 == status
    assert [
        ("block.html:2:4", "unused-block"), ("link.html:1:4", "missing-template"), ("lost.html:1:22", "lost-assignment"),
        ("names.html:1:4", "unknown-filter"), ("names.html:2:7", "unknown-test"), ("names.html:2:22", "undefined-name"),
        ("syntax.html:2:9", "syntax"),
    ] == [(line.split(": ")[0], line.rsplit("[", 1)[1][:-1]) for line in found]  # fmt: skip


def test_check_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same for programs."""
    (folder / "context.json").write_text('{"a": 1}')
    main(["check", str(folder), "--ext", "html", "--format", "json", "--context", str(folder / "context.json")])
    found = json.loads(capsys.readouterr().out)

    assert {"template", "line", "column", "code", "message", "severity"} == set(found[0])
    assert {"error", "warning"} == {problem["severity"] for problem in found}


def test_check_clean(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing to say is exit status 0; a warning is one only when asked."""
    (tmp_path / "a.html").write_text(PAGES["base.html"])
    assert 0 == main(["check", str(tmp_path)])
    (tmp_path / "b.html").write_text(PAGES["lost.html"])
    assert 0 == main(["check", str(tmp_path)])
    assert 1 == main(["check", str(tmp_path), "--strict"])
    assert "lost-assignment" in capsys.readouterr().out


def test_render(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Variables come from JSON and from the command line; escaping is on for HTML."""
    (folder / "context.json").write_text('{"title": "<T>"}')

    assert 0 == main(
        ["render", str(folder / "good.html"), "--context", str(folder / "context.json"), "--define", "name=eve"]
    )
    assert "EVE&lt;T&gt;\n" == capsys.readouterr().out


def test_render_error(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An error is one line and a caret, not a traceback."""
    assert 1 == main(["render", str(folder / "syntax.html")])
    assert "line 2, column 9" in capsys.readouterr().err
    assert 1 == main(["render", str(folder / "good.html"), "--strict"])
    assert "'name' is undefined\nin template good.html, line 1" in capsys.readouterr().err


@pytest.mark.parametrize("target", ["out", "out.zip"])
def test_compile(folder: Path, tmp_path: Path, target: str) -> None:
    """The modules render what the templates would."""
    for name in PAGES:
        if name not in {"good.html", "base.html"}:
            (folder / name).unlink()
    assert 0 == main(["compile", str(folder), str(tmp_path / target), "--ext", "html", "--quiet"])

    environment = Environment(loader=ModuleLoader(tmp_path / target))
    assert "EVEt" == environment.get_template("good.html").render(name="eve", title="t")
