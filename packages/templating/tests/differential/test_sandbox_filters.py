"""Filters and methods that the sandbox looks at do what the reference's do."""

# ruff: noqa: E501 - a template is easier to read in one line

from __future__ import annotations

from typing import Any

import pytest

from .engines import MODES, environments, render

SOURCES = [
    "{{ nothing|join('-') }}{{ nothing|sum }}{{ nothing|sort }}{{ nothing|groupby('a') }}{{ nothing|list }}{{ nothing|first }}",
    "{{ [nothing]|join('-') }}{{ [1, none, true]|join }}", "{{ [1, 2]|join(shown) }}{{ [shown, '<']|join(',') }}", "{{ 5|join }}",
    "{{ none|join }}", "{{ 5|sum }}", "{{ 'abc'|join('-') }}", "{{ {'a': 1, 'b': 2}|join('-') }}", "{{ 5|sort }}",
    "{{ [1, 'a']|sort }}", "{{ 5|list }}", "{{ 5|map('abs')|list }}", "{{ range(3)|map('string')|join }}",
    "{{ (1, 2, 3)|sum }}{{ [[1], [2]]|sum(start=[]) }}{{ rows|sum('a') }}{{ rows|sum(attribute='a', start=4) }}",
    "{{ rows|join('-', attribute='a') }}{{ rows|join('-', 'a') }}{{ rows|map(attribute='a')|join }}",
    "{{ [3, 1, 2]|sort(reverse=true) }}{{ ['b', 'A']|sort(case_sensitive=true) }}{{ rows|sort(attribute='a') }}{{ rows|sort(attribute='b,a') }}",
    "{{ rows|groupby('a') }}{{ [{'a': 2}, {'b': 1}]|groupby('a', default=7) }}", "{{ {'b': 1, 'A': 2}|dictsort }}{{ {'b': 1, 'A': 2}|dictsort(by='value') }}",
    "{{ 'abc'|list|batch(2, '-')|list }}{{ 'abc'|list|slice(2, '-')|list }}", "{{ [1, 1, 2]|unique|list }}{{ ['a', 'A']|unique(true)|list }}",
    "{{ 'abc'|replace('a', 'b', 1) }}{{ 'x'|center(9) }}{{ 'a'|indent('b', true) }}{{ 'a\nb'|indent(2) }}", "{{ 5|indent }}",
    "{{ '%s-%s'|format('<', shown) }}{{ ('%s'|safe)|format('<') }}{{ '%(a)s'|format(a=1) }}", "{{ '%d'|format('a') }}", "{{ 'a'|format(1) }}",
    "{{ '%(a)s'|format }}", "{{ '%(a)s' % 5 }}", "{{ '%s' % (1, 2) }}", "{{ '%' % 1 }}", "{{ '%z' % 1 }}", "{{ '%(a' % {} }}",
    "{{ '%(a)s %(b)s' % {'a': 1} }}", "{{ '%s %*d %.*f %%' % ('a', 5, 1, 2, 1.0) }}", "{{ '%((x))s' % {'(x)': 1} }}",
    "{{ 'x'.join(5) }}", "{{ 'x'.join([1]) }}", "{{ 'x'.join() }}", "{{ ''.center('a') }}", "{{ 'a'.replace('a') }}",
    "{{ 'a'.translate({97: none}) }}{{ 'a'.translate({97: 98}) }}{{ 'a'.translate({97: 'bc'}) }}", "{{ 1.55|round(1, 'floor') }}{{ 15|round(-1) }}",
    "{{ 1.5|round(1, 'up') }}", "{{ 1.5|round('a') }}", "{{ 'a b c'|wordwrap(1, wrapstring='<br>') }}", "{{ 'a b c'|wordwrap('a') }}",
    "{{ 'http://a.bc x@y.de'|urlize(40, true, target='_b', rel='me') }}", "{{ 5|urlize }}", "{{ [1, {'a': 2}]|tojson(indent=2) }}{{ [1]|tojson }}",
    "{{ 5 .to_bytes(2, 'big')|length }}{{ 5 .bit_length() }}{{ 5|abs }}", "{{ '{:>5}|{!r}|{0[a]}'.format(1, 'x') if false }}{{ '{:>5}|{!r}'.format(1, 'x') }}",
    "{{ '{0[a]}{0.b}'.format(rows[0]) }}", "{{ ('{}'|safe).format('<') }}", "{{ {}.fromkeys('ab', 1) }}{{ [1, 2].index(2) }}{{ (1, 2).count(1) }}",
    "{% for a in [[1, [2]]] recursive %}{% if a is iterable %}{{ loop(a) }}{% else %}{{ a }}{{ loop.depth }}{% endif %}{% endfor %}",
    "{% for i in items %}{{ loop.length }}{{ loop.last }}{{ loop.revindex }}{{ loop.nextitem }}{% endfor %}", "{{ items|first }}{{ items|first }}{{ items|list }}",
    "{% macro m(a, b=2) %}{{ a }}{{ b }}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m(1, 2, 3, c=4) }}{{ m }}{{ m.name }}{{ m.arguments }}",
    "{% macro m() %}{{ caller(1) }}{% endmacro %}{% call(x) m() %}{{ x }}<{% endcall %}", "{% set x %}<b>{% endset %}{{ x }}{{ [x] }}",
    "{% block a %}1{{ self.b() }}{% endblock %}{% block b %}2{% endblock %}", "{{ namespace(a=1).a }}{{ dict(a=[1]) }}{{ joiner('-')() }}",
]  # fmt: skip


def _variables() -> dict[str, Any]:
    from markupsafe import Markup

    return {"shown": Markup("<b>"), "rows": [{"a": 2, "b": 1}, {"a": 1, "b": 1}], "items": iter([1, 2, 3])}


@pytest.mark.parametrize("autoescape", [False, True])
@pytest.mark.parametrize("undefined", ["Undefined", "StrictUndefined"])
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("source", SOURCES)
def test_sandbox(source: str, mode: str, undefined: str, autoescape: bool) -> None:
    """The result, or the class and message of the error, is the reference's."""
    options: dict[str, Any] = {"undefined": undefined, "autoescape": autoescape, "enable_async": "async" in mode}
    reference, ours = environments("sandboxed", **options)

    assert render(reference, source, mode, _variables()) == render(ours, source, mode, _variables())
