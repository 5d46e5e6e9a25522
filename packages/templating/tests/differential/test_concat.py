"""Environments that join the pieces of output in their own way are asked for every template, however plain it is."""

from __future__ import annotations

from typing import Any

import jinja2
import pytest

import dray.templating

SOURCES = (
    "text",
    "{{ 1 }}",
    "a{{ x }}b",
    "{% for a in [1, 2] %}{{ a }}{% endfor %}",
    "{% macro m() %}x{{ 1 }}{% endmacro %}{{ m() }}",
    "{% block a %}{{ x }}{% endblock %}{{ self.a() }}",
    "{% include 'part' %}",
    "{% set y %}{{ x }}{% endset %}{{ y }}",
)


def render(engine: Any, source: str) -> str:
    class Marking(engine.Environment):  # type: ignore[misc]
        concat = staticmethod(lambda pieces: f"<{''.join(pieces)}>")

    environment = Marking(loader=engine.DictLoader({"part": "{{ x }}!"}))
    return str(environment.from_string(source).render(x=1))


@pytest.mark.parametrize("source", SOURCES)
def test_concat(source: str) -> None:
    """The same pieces are joined."""
    assert render(jinja2, source) == render(dray.templating, source)
