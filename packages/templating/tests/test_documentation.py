"""The documentation is complete: what every environment begins with stands on its pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import dray.templating.ext
from dray.templating import Environment
from dray.templating.ext import Extension
from dray.templating.parser import STATEMENTS
from dray.templating.sandbox import SandboxedEnvironment

PAGES = Path(__file__).parents[3] / "docs" / "templating"

if not PAGES.is_dir():
    pytest.skip("the documentation is only in the repository", allow_module_level=True)


def page(name: str) -> str:
    return (PAGES / f"{name}.rst").read_text("utf-8")


def test_filters() -> None:
    """Every filter has an entry."""
    entries = " ".join(re.findall(r"^\.\. describe:: (.+)$", page("filters"), re.MULTILINE))
    names = set(re.findall(r"\b([a-z]+)\b(?![=\"])", entries))

    assert set() == set(Environment().filters) - names


def test_tests_and_globals() -> None:
    """Every test stands in the table, every function has an entry."""
    text = page("filters")
    table = text.partition(".. _tests:")[2].partition(".. _global-functions:")[0]
    tests = {name.partition("(")[0] for name in re.findall(r"``([^`]+)``", table)}

    assert set() == set(Environment().tests) - tests
    assert set() == {name for name in Environment().globals if f".. describe:: {name}(" not in text}


def test_statements() -> None:
    """Every tag is in the designer's reference."""
    text = page("designer")
    tags = {*STATEMENTS, "trans", "pluralize", "raw", "break", "continue", "do", "debug"}

    assert set() == {tag for tag in tags if not re.search(rf"\b{tag}\b", text)}


def test_extensions_and_budgets() -> None:
    """Every extension that comes along, and every budget, is described."""
    short = {
        name
        for name, value in vars(dray.templating.ext).items()
        if isinstance(value, type) and issubclass(value, Extension) and name.islower() or name == "i18n"
    }

    assert {"do", "i18n", "set_outer"} <= short
    assert set() == {name for name in short if f"``{name}``" not in page("extensions")}
    assert set() == {name for name in SandboxedEnvironment().limits if name not in page("sandbox")}


def test_tables() -> None:
    """The rows of the table of differences are complete: each has as many parts as the heading."""
    text = (PAGES.parent / "compatibility" / "templating.rst").read_text("utf-8")
    tables = [table.split("\n   * - ")[1:] for table in text.split(".. list-table::")[1:]]

    assert tables
    for rows in tables:
        assert {rows[0].count("\n     - ")} == {row.count("\n     - ") for row in rows}
