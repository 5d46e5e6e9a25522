"""The language end to end: texts, variables, output."""

from __future__ import annotations

import pytest

from dray.templating import DictLoader, Environment, select_autoescape

PAGES = {
    "layout.html": "<{% block body %}{% endblock %}>{{ site }}",
    "page.html": "{% extends 'layout.html' %}{% block body %}{{ name }}{{ super() }}{% endblock %}",
    "macros.html": "{% macro field(name, value='') %}<i {{ name }}={{ value }}>{{ caller() if caller }}{% endmacro %}",
    "item.html": "[{{ item }}]",
}


@pytest.fixture
def environment() -> Environment:
    env = Environment(loader=DictLoader(PAGES), autoescape=select_autoescape())
    env.globals["site"] = "here"
    return env


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("Hello {{ name }}!", "Hello a&lt;b!"),
        ("{% for n in [1, 2] %}{{ loop.index }}/{{ loop.length }} {% else %}none{% endfor %}", "1/2 2/2 "),
        ("{% for n in [] %}x{% else %}none{% endfor %}", "none"),
        ("{% from 'macros.html' import field %}{{ field('a', '<') }}", "<i a=&lt;>"),
        ("{% from 'macros.html' import field %}{% call field('a') %}b{% endcall %}", "<i a=>b"),
        ("{% for item in 'ab' %}{% include 'item.html' %}{% endfor %}", "[a][b]"),
        ("{% set x %}<{% endset %}{{ x }}{% filter upper %}{{ name }}{% endfilter %}", "<A&LT;B"),
        ("{% with a = 1, b = 2 %}{{ a + b }}{% endwith %}{{ a }}", "3"),
        ("{% autoescape false %}{{ name }}{% endautoescape %}{% raw %}{{ x }}{% endraw %}{# no #}", "a<b{{ x }}"),
    ],
)
def test_statements(environment: Environment, source: str, expected: str) -> None:
    """Each statement does what the language says."""
    assert expected == environment.from_string(source).render(name="a<b")


def test_inheritance(environment: Environment) -> None:
    """A child fills the blocks of its parent and sees the globals."""
    template = environment.get_template("page.html")

    assert "<a&lt;b>here" == template.render({"name": "a<b"})
    assert "<a&lt;b>here" == "".join(template.generate(name="a<b"))
