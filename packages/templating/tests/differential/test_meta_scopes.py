"""What is said about templates without running them: scopes and references, one by one, in both engines."""

# ruff: noqa: E501 - a template is easier to read in one line
from __future__ import annotations

from typing import Any

import jinja2
import jinja2.meta
import jinja2.nodes
import pytest

import dray.templating.meta
import dray.templating.nodes
from dray.templating import Environment

NAMES = ("i18n", "do", "loopcontrols", "debug")
REFERENCE = jinja2.Environment(extensions=[f"jinja2.ext.{name}" for name in NAMES])
ENVIRONMENT = Environment(extensions=[f"dray.templating.ext.{name}" for name in NAMES])
for _environment in (REFERENCE, ENVIRONMENT):
    _environment.filters.update(f=str, g=str)

SOURCES = r"""
{{ a }}
{{ a }}{% set a = 1 %}{{ a }}
{% macro m(a, b=caller) %}{% endmacro %}
{% macro m(a=varargs) %}{{ kwargs }}{% endmacro %}
{% macro m() %}{{ varargs }}{% call f(caller) %}{{ kwargs }}{% endcall %}{% endmacro %}
{% call(a) f(kwargs) %}{{ varargs }}{{ a }}{% endcall %}
{% macro m(a=[kwargs, varargs]) %}{% call f() %}{{ caller }}{% endcall %}{% endmacro %}
{% set a = 1 %}{{ a }}
{% set a = a %}
{% set a = a + b %}
{% set a, b = b, c %}
{% set (a, b) = c %}
{% set a %}{{ b }}{% endset %}{{ a }}
{% set a %}{{ a }}{% endset %}
{% set a | upper %}{{ b }}{% endset %}{{ a }}
{% set a.b = c %}
{% set ns = namespace() %}{% set ns.a = b %}{{ ns.a }}
{% for a in b %}{{ a }}{% endfor %}
{% for a in a %}{{ a }}{% endfor %}
{% for a in b %}{{ a }}{% endfor %}{{ a }}
{{ a }}{% for a in b %}{{ a }}{% endfor %}
{% for a, b in c %}{{ a }}{{ b }}{{ d }}{% endfor %}
{% for a, (b, c) in d %}{{ a }}{{ b }}{{ c }}{% endfor %}
{% for a in b if a %}{% endfor %}
{% for a in b if c %}{% endfor %}
{% for a in b if a > c and loop %}{% endfor %}
{% for a in b %}{% else %}{{ a }}{% endfor %}
{% for a in b %}{% set c = 1 %}{% else %}{{ c }}{% endfor %}
{% for a in b %}{{ loop.index }}{% endfor %}{{ loop }}
{% for a in b recursive %}{{ loop(a.c) }}{{ d }}{% endfor %}
{% for a in loop %}{{ loop }}{% endfor %}
{% for a in b %}{% for c in loop %}{% endfor %}{% endfor %}
{% for a in b %}{% for c in a %}{{ c }}{{ a }}{{ d }}{% endfor %}{{ c }}{% endfor %}
{% for a in b %}{% set c = a %}{{ c }}{% endfor %}{{ c }}
{% for a in b %}{{ c }}{% set c = a %}{% endfor %}
{% for a in b %}{% if a %}{% set c = a %}{% endif %}{{ c }}{% endfor %}
{% if a %}{% set b = 1 %}{% endif %}{{ b }}
{% if a %}{% set b = 1 %}{% else %}{{ b }}{% endif %}
{% if a %}{{ b }}{% else %}{% set b = 1 %}{% endif %}{{ b }}
{% if a %}{% set b = 1 %}{% elif c %}{% set d = 1 %}{% endif %}{{ b }}{{ d }}
{% if a %}{% set b = 1 %}{{ b }}{% endif %}
{% if b %}{% set b = 1 %}{{ b }}{% endif %}
{% if a %}{% if b %}{% set c = 1 %}{% endif %}{% endif %}{{ c }}
{% set c = 0 %}{% if a %}{% set c = 1 %}{% endif %}{{ c }}
{% with a = b %}{{ a }}{% endwith %}
{% with a = a %}{{ a }}{% endwith %}
{% with a = b %}{{ a }}{% endwith %}{{ a }}
{% with a = 1, b = a %}{{ b }}{% endwith %}
{% with %}{% set a = 1 %}{{ a }}{% endwith %}{{ a }}
{% with a, b = c %}{{ a }}{{ b }}{% endwith %}
{% with %}{{ a }}{% endwith %}
{% macro m(a) %}{{ a }}{% endmacro %}{{ m(b) }}
{% macro m(a, b=c) %}{{ a }}{{ b }}{% endmacro %}
{% macro m(a, b=a) %}{{ b }}{% endmacro %}
{% macro m(a=b, b=1) %}{{ b }}{% endmacro %}
{% macro m() %}{{ caller() }}{% endmacro %}
{% macro m() %}{{ varargs }}{{ kwargs }}{% endmacro %}
{% macro m() %}{{ m() }}{% endmacro %}
{% macro m() %}{{ a }}{% endmacro %}{% set a = 1 %}
{% set a = 1 %}{% macro m() %}{{ a }}{% endmacro %}
{% macro m() %}{% set a = 1 %}{{ a }}{% endmacro %}{{ a }}
{% macro m() %}{{ a }}{% set a = 1 %}{% endmacro %}
{% macro m(caller=none) %}{{ caller }}{% endmacro %}
{{ m() }}{% macro m() %}{% endmacro %}
{% macro m() %}{% for a in b %}{{ c }}{{ a }}{% endfor %}{% endmacro %}
{% call m() %}{{ a }}{% endcall %}
{% call(a) m() %}{{ a }}{% endcall %}
{% call(a, b=c) m(d) %}{{ a }}{{ b }}{% endcall %}
{% call(a) m(a) %}{{ a }}{% endcall %}{{ a }}
{% call m() %}{% set a = 1 %}{{ a }}{% endcall %}{{ a }}
{% call m() %}{{ caller() }}{% endcall %}
{% for a in b %}{% call m(a) %}{{ a }}{{ c }}{% endcall %}{% endfor %}
{% filter upper %}{{ a }}{% endfilter %}
{% filter replace(a, b) %}{{ c }}{% endfilter %}
{% filter upper %}{% set a = 1 %}{{ a }}{% endfilter %}{{ a }}
{% block x %}{{ a }}{% endblock %}
{% block x %}{% set a = 1 %}{{ a }}{% endblock %}{{ a }}
{% set a = 1 %}{% block x %}{{ a }}{% endblock %}
{% for a in b %}{% block x %}{{ a }}{% endblock %}{% endfor %}
{% for a in b %}{% block x scoped %}{{ a }}{% endblock %}{% endfor %}
{% block x %}{{ super() }}{{ self.x() }}{% endblock %}
{{ super() }}{{ self.x() }}
{% block x %}{{ caller }}{{ loop }}{% endblock %}
{% block x %}{% block y %}{{ a }}{% endblock %}{% set a = 1 %}{% endblock %}
{% macro m(a) %}{% block x %}{{ a }}{% endblock %}{% endmacro %}
{% import 'a' as b %}{{ b.c }}
{% import a as b %}{{ b }}{{ c }}
{% import b as b %}
{% from 'a' import b, c as d %}{{ b }}{{ c }}{{ d }}
{% from a import b with context %}{{ b }}
{% include 'a' %}
{% include a %}
{% include ['a', b] %}
{% include ['a', 'b'] %}
{% include ('a', 'b') ignore missing %}
{% include ['a', 1, none] %}
{% include [] %}
{% include 'a' if b else 'c' %}
{% include 'a' ~ 'b' %}
{% include 'a' + b %}
{% include a.b %}
{% include a or 'b' %}
{% include ('a') %}
{% include 1 %}
{% include none %}
{% include ['a' ~ 'b', 'c'] %}
{% include [['a'], 'b'] %}
{% include {'a': 1} %}
{% extends 'a' %}{% block b %}{% include 'c' %}{% endblock %}
{% extends a %}
{% extends ['a', 'b'] %}
{% extends a or 'b' %}{{ c }}
{% if a %}{% extends 'b' %}{% else %}{% extends c %}{% endif %}
{% extends 'a' %}{{ b }}{% set c = d %}{% import e as f %}
{% import ['a', 'b'] as c %}
{% from ['a', b] import c %}
{{ range(3) }}{{ dict() }}{{ cycler }}{{ lipsum() }}{{ joiner }}{{ namespace() }}
{% set range = 1 %}{{ range }}
{{ range }}{% set range = 1 %}
{{ a.b.c }}{{ a['b'] }}{{ d[e] }}
{{ a|default(b) }}{{ c is defined }}{{ d is divisibleby(e) }}
{{ a if b else c }}
{{ a if true else c }}
{{ a(b, c=d, *e, **f) }}
{{ [a, {b: c, 'd': e}, (f,)] }}
{{ 'x' ~ a }}{{ not b }}{{ -c }}{{ a < b < c }}{{ a in d }}
{{ a[b:c:d] }}
{% autoescape a %}{{ b }}{% set c = 1 %}{% endautoescape %}{{ c }}
{% print a, b %}
{% do a.b(c) %}
{% trans %}a {{ b }}{% endtrans %}
{% trans a=b, c %}{{ a }}{{ c }}{% pluralize %}{{ d }}{% endtrans %}
{% trans a=b() %}{{ a }}{% pluralize %}{% endtrans %}
{{ _('a') }}{{ gettext(b) }}
{% for a in b %}{% break %}{{ c }}{% endfor %}
{% raw %}{{ a }}{% endraw %}{# {{ b }} #}
{% set a = 1 %}{% for b in c %}{% set a = a + b %}{% endfor %}{{ a }}
{% for a in b %}{% macro m() %}{{ a }}{{ c }}{% endmacro %}{{ m() }}{% endfor %}{{ m }}
{% macro m() %}{% macro n() %}{{ a }}{{ m }}{{ n }}{% endmacro %}{% endmacro %}{{ n }}
{% set x = caller %}{{ varargs }}{{ kwargs }}
{% set self = 1 %}{{ self }}
{% set loop = 1 %}{{ loop }}
{% debug %}
{% block a required %}{% endblock %}
{% if a %}{% else %}{% import 'x' as b %}{% endif %}{{ b }}
{% if a %}{% macro m() %}{% endmacro %}{% endif %}{{ m() }}
{% if a %}{% for b in c %}{% endfor %}{% endif %}{{ b }}
{% if a %}{% set b %}x{% endset %}{% endif %}{{ b }}
{% with a = 1 %}{% block x %}{{ a }}{% endblock %}{% endwith %}
{% with a = 1 %}{% include b %}{% endwith %}
{% for a in b %}{% include 'x' %}{% endfor %}
{% set a = [b for_ in c] if false else 1 %}
{% if a %}{% if b %}{% set c = 1 %}{% else %}{% set c = 2 %}{% endif %}{% endif %}{{ c }}
{% set a = 1 %}{% with %}{% set b = a %}{% endwith %}{{ b }}
{% call m() %}{% block x %}{{ a }}{% endblock %}{% endcall %}
{% filter f(a) %}{% filter g(b) %}{{ c }}{% endfilter %}{% endfilter %}
{% macro m(a) %}{{ a }}{{ b }}{% endmacro %}{% call(b) m() %}{{ b }}{% endcall %}{{ b }}
{% for x in a.b.c|map(attribute=d) %}{{ x|f(e) }}{% endfor %}
{{ a }}{{ a.b }}{{ a.b.c }}{% if a %}{% endif %}
{% set ns = namespace(a=b) %}{% for c in d %}{% set ns.a = ns.a + c %}{% endfor %}
"""

#: Templates in which every branch sets the last name: the reference says that it is looked up all the same.
SET_EVERYWHERE = r"""
{% if a %}{% set b = 1 %}{% else %}{% set b = 2 %}{% endif %}{{ b }}
{% if a %}{% set b = 1 %}{% elif c %}{% set b = 2 %}{% else %}{% set b = 3 %}{% endif %}{{ b }}
{% for a in b %}{% if a %}{% set c = 1 %}{% else %}{% set c = 2 %}{% endif %}{{ c }}{% endfor %}
{% macro m() %}{% if a %}{% set c = 1 %}{% else %}{% set c = 2 %}{% endif %}{{ c }}{% endmacro %}
"""


def analyse(environment: Any, meta: Any, source: str) -> tuple[list[str], list[str | None]] | None:
    """Return the undeclared names and the references; ``None`` if the text is no template."""
    try:
        tree = environment.parse(source)
    except (jinja2.TemplateSyntaxError, dray.templating.TemplateSyntaxError):
        return None
    return sorted(meta.find_undeclared_variables(tree)), list(meta.find_referenced_templates(tree))


@pytest.mark.parametrize("source", SOURCES.strip().split("\n"))
def test_scopes(source: str) -> None:
    """The same names and references, in the same order."""
    assert analyse(REFERENCE, jinja2.meta, source) == analyse(ENVIRONMENT, dray.templating.meta, source)


@pytest.mark.parametrize("source", SET_EVERYWHERE.strip().split("\n"))
def test_set_in_every_branch(source: str) -> None:
    """A name that every branch sets is never looked up, so it isn't undeclared."""
    found = analyse(ENVIRONMENT, dray.templating.meta, source)
    expected = analyse(REFERENCE, jinja2.meta, source)
    assert found is not None and expected is not None
    assert 1 == len(set(expected[0]) - set(found[0])) and set(found[0]) < set(expected[0])


@pytest.mark.parametrize("statement", ["Include", "Extends", "Import", "FromImport"])
@pytest.mark.parametrize("value", ["x", 1, None, True, ("a", "b"), ["a", 1, None], (), b"x", {"a": 1}], ids=repr)
def test_constant_references(statement: str, value: Any) -> None:
    """A tree made by hand may name anything as a template; only an include takes lists."""
    arguments: dict[str, list[Any]] = {
        "Include": [True, False], "Extends": [], "Import": ["x", False], "FromImport": [["x"], False],
    }  # fmt: skip
    found = []
    for nodes, meta in ((jinja2.nodes, jinja2.meta), (dray.templating.nodes, dray.templating.meta)):
        node = getattr(nodes, statement)(nodes.Const(value), *arguments[statement])  # type: ignore[attr-defined]
        found.append(list(meta.find_referenced_templates(nodes.Template([node]))))  # type: ignore[attr-defined]
    assert found[0] == found[1]
