"""Compiling templates ahead of time: the same modules are written and the same lines logged."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jinja2
import pytest

import dray.templating

TEMPLATES = {"a.html": "{{ x }}", "b.txt": "{% if %}", "sub/c.html": "{% extends 'a.html' %}"}


def compiled(engine: Any, target: Path, **options: Any) -> tuple[list[str], list[str]]:
    """Return the names of the modules and the log; of an error, the first line."""
    log: list[str] = []
    environment = engine.Environment(loader=engine.DictLoader(TEMPLATES))
    environment.compile_templates(str(target), zip=None, log_function=log.append, **options)
    lines = [line.split("\n")[0].replace(str(target), "TARGET") for line in log]
    return sorted(path.name for path in target.iterdir()), lines


@pytest.mark.parametrize(
    "options",
    [{}, {"extensions": ["html"]}, {"extensions": ["html"], "ignore_errors": False}, {"filter_func": str.islower}],
)
def test_compile_templates(options: dict[str, Any], tmp_path: Path) -> None:
    """Modules and log are the same."""
    expected = compiled(jinja2, tmp_path / "reference", **options)
    assert expected == compiled(dray.templating, tmp_path / "dray", **options)


@pytest.mark.parametrize("text", ["{% if %}", "{{ f(a=1, a=2) }}"])
@pytest.mark.parametrize("zip", [None, "deflated", "stored"])
def test_nothing_is_half_written(text: str, zip: str | None, tmp_path: Path) -> None:
    """An error leaves what was there."""
    target = tmp_path / "target"
    environment = dray.templating.Environment(loader=dray.templating.DictLoader({"a": "old"}))
    environment.compile_templates(target, zip=zip)
    before = target.read_bytes() if zip else [path.read_bytes() for path in target.iterdir()]
    environment.loader = dray.templating.DictLoader({"a": "new", "b": text, "c": "new"})
    with pytest.raises(dray.templating.TemplateSyntaxError):
        environment.compile_templates(target, zip=zip, ignore_errors=False)

    assert before == (target.read_bytes() if zip else [path.read_bytes() for path in target.iterdir()])
