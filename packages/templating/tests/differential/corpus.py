"""Templates that both engines have to render alike: sources by theme, and the templates and variables that they
share."""

# ruff: noqa: E501 - a template is easier to read in one line
from __future__ import annotations

from typing import Any

#: Templates that the sources below extend, include and import.
PAGES = {
    "base": "[{% block title %}base title{% endblock %}|{% block body %}{% endblock %}]{{ extra }}",
    "middle": "{% extends 'base' %}{% block title %}middle {{ super() }}{% endblock %}",
    "macros": "{% macro f(a, b=2) %}{{ a }}-{{ b }}{% endmacro %}{% set x = 1 %}{% set _hidden = 2 %}text{{ name }}",
    "field": "{% macro field(name) %}<i {{ name }}>{{ caller('<') if caller else '' }}{% endmacro %}",
    "inc": "({{ name }}{{ item }}{{ loop.index }})",
    "plain": "plain <b> {{ undefined_thing }}",
    "required": "{% block must required %}{% endblock %}",
    "recursive": "{{ n }}{% if n > 0 %}{% with n = n - 1 %}{% include 'recursive' %}{% endwith %}{% endif %}",
    "blocks": "{% for i in [1, 2] %}{% block a scoped %}{{ i }}{% endblock %}{% endfor %}",
}


class Person:
    """An object with attributes, a method and a property that fails."""

    def __init__(self, name: str, age: int) -> None:
        self.name = name
        self.age = age

    def __repr__(self) -> str:  # without an address, which filters could change
        return f"<Person {self.name!r}>"

    def greet(self, other: str = "you") -> str:
        return f"{self.name} greets {other}"

    def __getitem__(self, key: str) -> str:
        if key == "item":
            return f"item of {self.name}"
        raise KeyError(key)


def variables() -> dict[str, Any]:
    """Return fresh variables for one render."""
    return {
        "name": "<World>",
        "n": 3,
        "zero": 0,
        "numbers": [3, 1, 2],
        "words": ["b", "A", "c", "a"],
        "empty": [],
        "nested": [1, [2, [3]], 4],
        "mapping": {"b": 1, "a": [1, 2], "items": "own", "<k>": "&"},
        "people": [Person("Zoe", 30), Person("adam", 20), Person("Bo", 30)],
        "person": Person("Eve", 40),
        "rows": [{"id": 1, "tag": "x"}, {"id": 2, "tag": "y"}, {"id": 3, "tag": "x"}],
        "text": 'Hello <b>big</b> wide-open world, it\'s "me"\nand a second line\n\n  indented',
        "yes": True,
        "no": False,
        "nothing": None,
        "f": lambda *args, **kwargs: f"f{args}{sorted(kwargs.items())}",
        "stop": _stop,
        "which": "base",
    }


def _stop() -> None:
    raise StopIteration


SOURCES: dict[str, list[str]] = {
    "expressions": [
        "{{ name }}{{ n + 1 }}{{ n * 2.5 }}{{ -n }}{{ +n }}{{ n ** 2 }}{{ n // 2 }}{{ n % 2 }}{{ n / 2 }}",
        "{{ 1 < n <= 3 }}{{ n == 3 != 4 }}{{ n in numbers }}{{ n not in numbers }}{{ not n }}{{ n > 1 and n < 2 or 'x' }}",
        "{{ 'a' ~ n ~ none ~ name }}{{ [1, 'a', (2, 3), {'k': n}] }}{{ (1,) }}{{ () }}{{ {} }}",
        "{{ n if yes }}{{ n if no }}{{ n if no else name }}{{ (n if no) is defined }}",
        "{{ person.name }}{{ person['name'] }}{{ person.item }}{{ person['item'] }}{{ person.greet('<x>') }}{{ person.none }}",
        "{{ mapping.b }}{{ mapping['a'][0] }}{{ mapping.a.1 }}{{ mapping['items'] }}{{ mapping.nope }}{{ mapping['nope'] }}",
        "{{ numbers[0] }}{{ numbers[-1] }}{{ numbers[1:] }}{{ numbers[::-1] }}{{ name[1:3] }}{{ numbers[7] }}{{ text[:5] }}",
        "{{ f() }}{{ f(1, *[2, 3], a=4, **{'b': 5}) }}{{ stop() }}{{ stop() is defined }}",
        "{{ 'é\\u00e9\\x41\\n' }}{{ 'a' 'b' \"c\" }}{{ 0x1F }}{{ 0b11 }}{{ 0o17 }}{{ 1_000 }}{{ 1.5e3 }}{{ 1e-2 }}",
        "{{ true }}{{ True }}{{ false }}{{ none }}{{ None }}{{ undefined_thing }}{{ undefined_thing is undefined }}",
        "{{ 2 ** 3 ** 2 }}{{ -2 ** 2 }}{{ 'a' ~ 1 + 2 }}{{ not yes or yes }}{{ 10 - 2 - 3 }}",
        "{{ undefined_thing|default('d') }}{{ undefined_thing ~ 'x' }}{{ undefined_thing or 'y' }}{{ undefined_thing == other }}",
        "{{ '%s-%s' % (1, 2) }}{{ '%(a)s' % {'a': name} }}{{ 'ab' * 3 }}{{ [1] + [2] }}{{ 1.0 == 1 }}",
        "{{ range(3)|list }}{{ dict(a=1, b=2)|dictsort }}{{ lipsum(n=1)|length > 10 }}{{ cycler(1, 2).next() }}{{ joiner()() }}",
    ],
    "conditions": [
        "{% if n == 1 %}one{% elif n == 3 %}three{% else %}other{% endif %}",
        "{% if undefined_thing %}a{% elif zero %}b{% endif %}c{% if nothing is none %}d{% endif %}",
        "{% if yes %}{% set x = 1 %}{% else %}{% set x = 2 %}{% endif %}{{ x }}",
        "{% if no %}{% set n = 1 %}{% endif %}{{ n }}{% if no %}{{ n|nofilter }}{{ n is notest }}{% endif %}",
        "{% if no %}{% set q = 1 %}{% elif yes %}{% set q = 2 %}{% endif %}{{ q }}{% if q %}{% set z = q %}{% endif %}{{ z }}",
    ],
    "loops": [
        "{% for x in numbers %}{{ x }}{% else %}none{% endfor %}{% for x in empty %}{{ x }}{% else %}none{{ x }}{% endfor %}",
        "{% for x in numbers %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.first }}"
        "{{ loop.last }}{{ loop.length }}{{ loop.depth }}{{ loop.depth0 }} {% endfor %}",
        "{% for x in numbers %}{{ loop.cycle('a', 'b') }}{{ loop.changed(x > 1) }}{% endfor %}",
        "{% for x in numbers %}{{ loop.previtem }}<{{ x }}>{{ loop.nextitem }} {% endfor %}{{ x }}{{ loop }}",
        "{% for x in numbers if x != 1 %}{{ loop.index }}/{{ loop.length }}{{ loop.last }}{{ x }}{% else %}e{% endfor %}",
        "{% for x in numbers if x > 9 %}{{ x }}{% else %}nobody{% endfor %}{% for x in numbers if x > 1 %}{{ x }}{% endfor %}",
        "{% for k, v in mapping.items() %}{{ k }}={{ v }};{% endfor %}{% for k, v in mapping|dictsort %}{{ k }}{% endfor %}",
        "{% for x in nested recursive %}{% if x is iterable %}[{{ loop(x) }}]{% else %}{{ x }}:{{ loop.depth }}{% endif %}{% endfor %}",
        "{% for x in nested recursive %}{{ loop.index }}{% if x is iterable %}{{ loop(x) }}{% endif %}{% else %}e{% endfor %}",
        "{% for a in numbers %}{% for b in words %}{{ loop.index }}{{ a }}{{ b }}{% endfor %}{{ loop.index }}{% endfor %}",
        "{% for a in numbers %}{% for b in words if loop.index %}{{ b }}{% endfor %}{% for b in words if loop is defined %}{{ b }}{{ loop.last }}{% endfor %}{% endfor %}",
        "{% for a in numbers %}{{ loop.first }}{% for b in [1, 2] if loop.last %}{{ loop.index }}{% else %}-{{ loop.index }}{% endfor %}{% endfor %}",
        "{% for a in numbers %}{% for b in [1, [2]] if loop.cycle(0, 1) recursive %}{{ b if b is number else loop(b) }}{% endfor %}{% endfor %}",
        "{% for a in numbers %}{% set outer = loop %}{% for b in 'xy' %}{{ outer.index }}{{ loop.index }}{% endfor %}{% endfor %}",
        "{% for x in numbers %}{{ n }}{% set n = x %}{{ n }}{% endfor %}{{ n }}",
        "{% set n = 9 %}{% for x in numbers %}{% set n = n + x %}{{ n }}{% endfor %}{{ n }}",
        "{% for x in numbers %}{% if loop.first %}{% set q = x %}{% endif %}{{ q }}{% endfor %}{{ q }}",
        "{% for x in undefined_thing %}{{ x }}{% else %}none{% endfor %}{% for x in 'abc' %}{{ x }}{% endfor %}",
        "{% for x in numbers|select('odd') %}{{ x }}{{ loop.last }}{{ loop.index }}{% endfor %}",
        "{% for x in numbers|map('string') %}{{ loop.length }}{{ x }}{% endfor %}",
        "{% for x in numbers %}{{ loop }}{% endfor %}{% for x in numbers %}{{ loop['index'] }}{{ loop|length }}{% endfor %}",
        "{% for x in range(3) %}{% for y in range(x) %}{{ loop.revindex }}{% else %}-{% endfor %}{% endfor %}",
        "{% for person in people %}{{ person.name }}{{ person.age }}{{ ',' if not loop.last }}{% endfor %}",
        "{% for row in rows %}{{ row.id }}{{ row['tag'] }}{{ row.nope }}{% endfor %}",
        "{% for x in numbers %}{% macro m() %}{{ x }}{% endmacro %}{{ m() }}{% endfor %}",
        "{% for x in numbers %}{% with %}{% set w = x %}{{ w }}{% endwith %}{{ w }}{% endfor %}",
        "{% set ns = namespace(total=0) %}{% for x in numbers %}{% set ns.total = ns.total + x %}{% endfor %}{{ ns.total }}{{ ns }}",
        "{% for x in [1, 2, 3] if x != loop %}{{ x }}{% endfor %}",
        "{% for x in numbers %}{% include 'inc' %}{{ loop.index }}{% endfor %}",
        "{% for item in numbers %}{{ loop.index }}{% filter upper %}a{{ loop.index }}{% endfilter %}{% set v %}{{ loop.last }}{% endset %}{{ v }}{% endfor %}",
    ],
    "assignments": [
        "{% set x = 1 %}{{ x }}{% set a, b = 1, 2 %}{{ a }}{{ b }}{% set (c, d) = [3, 4] %}{{ c }}{{ d }}",
        "{% set x %}<b>{{ name }}</b>{% endset %}{{ x }}{{ x|length }}",
        "{% set x | upper | replace('B', 'Z') %}<b>{{ name }}</b>{% endset %}{{ x }}",
        "{{ n }}{% set n = n + 1 %}{{ n }}{% with n = n + 1, m = n %}{{ n }}{{ m }}{% endwith %}{{ n }}",
        "{% with a = 1 %}{% with a = a + 1, b = a %}{{ a }}{{ b }}{% endwith %}{{ a }}{% endwith %}{{ a }}",
        "{% set ns = namespace({'a': 1}, b=2) %}{% set ns.a = 5 %}{{ ns.a }}{{ ns.b }}{{ ns.c }}{{ ns['a'] }}",
        "{% set ns = namespace() %}{% set ns.a, x = 1, 2 %}{{ ns.a }}{{ x }}{% set ns.b %}blk{% endset %}{{ ns.b }}",
        "{% set x = {'a': {'b': [1, 2]}} %}{{ x.a.b[1] }}{{ x['a']['b'][0] }}{{ x.a.c.d }}",
    ],
    "macros": [
        "{% macro m(a, b=2, c='x') %}{{ a }}{{ b }}{{ c }};{% endmacro %}{{ m(1) }}{{ m(1, 3) }}{{ m(1, c=4) }}{{ m() }}{{ m(b=1, a=2) }}",
        "{% macro m(a) %}{{ a }}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m(1, 2, 3, x=4) }}{{ m() }}",
        "{% macro m() %}[{{ caller() }}]{% endmacro %}{% call m() %}in {{ name }}{% endcall %}",
        "{% macro m(x) %}[{{ caller(x, 2) }}]{% endmacro %}{% call(a, b=5) m('<') %}{{ a }}{{ b }}{% endcall %}",
        "{% macro m(a, b=a) %}{{ a }}{{ b }}{% endmacro %}{{ m(1) }}{% macro k(a=a) %}[{{ a }}]{% endmacro %}{{ k() }}",
        "{% macro m() %}{{ n }}{% endmacro %}{{ m() }}{% set n = 7 %}{{ m() }}",
        "{% macro fact(n) %}{{ n }}{% if n > 1 %}{{ fact(n - 1) }}{% endif %}{% endmacro %}{{ fact(4) }}",
        "{% macro m(a) %}{{ a }}{% endmacro %}{{ m.name }}{{ m.arguments }}{{ m.catch_kwargs }}{{ m.catch_varargs }}{{ m.caller }}{{ m }}",
        "{% macro m(a) %}{% set x = a %}{{ x }}{% endmacro %}{{ m(name) }}{{ m('<')|upper }}{{ m('<') ~ '>' }}{{ m(1) + m(2) }}",
        "{% macro outer() %}{% macro inner(x) %}i{{ x }}{% endmacro %}{{ inner(1) }}{{ caller() }}{% endmacro %}{% call outer() %}{{ n }}{% endcall %}",
        "{% macro m(caller=none) %}{{ caller() if caller else 'nc' }}{% endmacro %}{{ m() }}{% call m() %}c{% endcall %}",
        "{% macro m() %}{{ caller() if caller else 'no' }}{% endmacro %}{{ m() }}",
        "{% macro m(a=b, b=1) %}{{ a }}{{ b }}{% endmacro %}{{ m() }}{{ m(b=2) }}{% macro k(a, b, c=[]) %}{{ a }}{{ b }}{{ c }};{% endmacro %}{{ k(b=1) }}{{ k(c=2, a=3) }}",
        "{% macro m(a, b='<', c=none) %}{{ a }}{{ b }}{{ c }}{{ caller() if caller else '-' }}{{ varargs }};{% endmacro %}{% for x in numbers %}{{ m(c=x) }}{{ m(1, 2, 3, 4) }}{% call m(x) %}{{ x }}{% endcall %}{% call m(1, c=x, b=2) %}{{ x }}{% endcall %}{% endfor %}",
        "{% for x in numbers %}{{ range(x) }}{{ name.upper() }}{% set f = dict %}{{ f(a=x) }}{{ f() }}{{ nope is defined }}{% endfor %}{% for x in rows %}{% if x.id %}{{ x.id }}{% elif x['name'] %}{{ x.name }}{% endif %}{% endfor %}",
        "{% macro m(a, b=n(1) if n is callable else n) %}{{ a }}{{ b }}{% set n = 3 %}{{ n }}{% from 'macros' import f as n %}{{ n(1) }}{% endmacro %}{{ m(1) }}",
        "{% macro m(kwargs) %}{{ kwargs }}{% endmacro %}{{ m(3) }}{% macro v(varargs=1) %}{{ varargs }}{% endmacro %}{{ v() }}",
        "{% from 'field' import field %}{% call(x) field('a') %}{{ x }}{{ name }}{% endcall %}{{ field('<z>') }}",
        "{% for i in [1, 2] %}{% call(y) lambda_like(i) %}{% endcall %}{% endfor %}",
        "{% for x in rows %}{{ x.id }}{{ x.tag }}{% set x = person %}{{ x.name }}{{ x.age }}{% endfor %}",
        "{% for x in rows %}{{ x.id }}{% import 'macros' as x %}{{ x.x }}{{ x.f(1) }}{{ x.nope }}{% endfor %}",
        "{% for x in rows %}{{ x.id }}{% from 'macros' import f as x %}{{ x.name }}{{ x.arguments }}{% endfor %}",
        "{% for x in rows %}{% if x.id == 2 %}{% set x = person %}{% endif %}{{ x.name }}{{ x.tag }}{% endfor %}",
        "{% for x in rows %}{{ x.id }}{% macro x() %}m{% endmacro %}{{ x.name }}{{ x.arguments }}{% endfor %}",
        "{% for x in rows %}{% with x = person %}{{ x.name }}{{ x.age }}{% endwith %}{{ x.id }}{% for x in people %}{{ x.name }}{% endfor %}{{ x.tag }}{% endfor %}",
        "{% for a, b in [(person, rows[0]), (rows[1], person)] %}{{ a.name }}{{ b.tag }}{{ b.name }}{% for c in people %}{{ c.name }}{{ b.id }}{{ a.age }}{% endfor %}{% endfor %}",
        "{% for x in [person, rows[0], 1, 'a', none] %}{{ x.name }}{{ x.tag }}{{ x.real }}{% endfor %}",
        "{% macro m(a, b='-') %}{{ caller(a) }}{{ b }}{% endmacro %}{% for x in numbers %}{% set z = x %}{% for w in words %}{% call(y) m(w) %}{{ x }}{{ y }}{{ z }}{{ loop.index }}{{ n }}{% endcall %}{% endfor %}{% endfor %}",
        "{% set kept = namespace(last=none) %}{% macro m() %}{% set kept.last = caller %}{% endmacro %}{% for x in numbers %}{% call m() %}{{ x }}{% endcall %}{{ kept.last() }}{% endfor %}",
        "{% macro m() %}[{{ caller(b=1) }}{{ varargs }}{{ kwargs }}]{% endmacro %}{% for x in numbers %}{% call(a='d', b=2) m(1, k=x) %}{{ a }}{{ b }}{{ x }}{% endcall %}{{ m() }}{% endfor %}",
        "{% macro m() %}{{ caller() }}{% endmacro %}{% for x in empty %}{% call m() %}{{ x }}{% endcall %}{% else %}{% call m() %}{{ name }}{% endcall %}{% endfor %}{{ m() }}",
        "{% macro tree(items) %}<{% for i in items %}{{ tree(i) if i is iterable else i }}{% endfor %}>{% endmacro %}{{ tree(nested) }}",
    ],
    "inheritance": [
        "{% extends 'base' %}{% block body %}body {{ name }}{% endblock %}",
        "{% extends 'middle' %}{% block title %}child {{ super() }}{{ super.super() }}{% endblock %}",
        "{% extends 'base' %}{% set extra = 'E' %}ignored{% block body %}{{ extra }}{{ self.title() }}{% endblock %}",
        "{% extends which %}{% block body %}{% block inner %}in{% endblock %}{% endblock %}",
        "{% if yes %}{% extends 'base' %}{% endif %}text{% block title %}t{% endblock %}",
        "{% if no %}{% extends 'base' %}{% endif %}text{% block title %}t{% endblock %}{{ self.title() }}",
        "{% extends 'base' %}{% macro m(x) %}({{ x }}){% endmacro %}{% block body %}{{ m(1) }}{% endblock %}",
        "{% extends 'base' %}{% import 'macros' as m %}{% block body %}{{ m.f(1) }}{{ m.x }}{% endblock %}",
        "{% extends 'base' %}{% for i in numbers %}{{ i }}{% endfor %}{% include 'plain' %}{% if yes %}{{ n }}{% endif %}",
        "{% extends 'blocks' %}{% block a %}<{{ i }}>{{ super() }}{% endblock %}",
        "{% extends 'required' %}{% block must %}here{% endblock %}",
        "{% block a %}a{% endblock %}{% block b %}{{ self.a() }}{% set z = 1 %}{{ z }}{% endblock %}{{ z }}",
        "{% block a %}{% for x in numbers %}{% block c scoped %}{{ x }}{{ loop.index }}{% endblock %}{% endfor %}{% endblock %}",
        "{% for x in numbers %}{% block unscoped %}{{ x }}{% endblock %}{% endfor %}",
        "{% block a %}{{ super is defined }}{% endblock %}",
        "{% extends 'base' %}{% block title %}{% filter upper %}{{ super() }}{% endfilter %}{% endblock %}",
        "{% extends 'base' %}{% block title %}{% set s = super() %}{{ s|length }}{{ s }}{% endblock %}",
        "{% extends 'base' %}{% block title scoped %}{% for i in [1] %}{{ super() }}{{ i }}{% endfor %}{% endblock %}",
    ],
    "includes": [
        "{% include 'plain' %}{% include 'inc' %}{% include 'nope' ignore missing %}{% include ['nope', 'plain'] %}",
        "{% include 'plain' without context %}{% set item = 5 %}{% include 'inc' %}{% include 'inc' without context %}",
        "{% with item = 1 %}{% include 'inc' %}{% endwith %}{% include which %}{% include ['a', 'b'] ignore missing %}",
        "{% import 'macros' as m %}{{ m.f(1) }}{{ m.x }}{{ m._hidden }}{{ m }}{{ m.f }}{{ m.nope }}",
        "{% for a in numbers %}{% import 'macros' as mac %}{{ mac.f(a) }}{% endfor %}{% import 'macros' as mac %}{{ mac.f(1) }}{% include 'inc' %}",
        "{% macro m() %}{{ f is defined }}{% endmacro %}{{ m() }}{% from 'macros' import f, x as f %}{{ f }}{{ m() }}{% from 'macros' import f %}{{ f(1) }}",
        "{% from 'macros' import f, x as y, nope %}{{ f(3, 4) }}{{ y }}{{ nope is defined }}",
        "{% import 'macros' as m with context %}{{ m }}{% from 'macros' import f with context %}{{ f(1) }}",
        "{% include 'recursive' %}{% macro m() %}{% include 'inc' %}{% endmacro %}{{ m() }}",
        "{% filter upper %}{% include 'plain' %}{% endfilter %}{% set c %}{% include 'inc' %}{% endset %}{{ c }}",
        "{% for item in numbers %}{% include ['x', 'inc'] %}{% endfor %}{% block b %}{% set item = 2 %}{% include 'inc' %}{% endblock %}",
        "{% macro item() %}M{% endmacro %}{% include 'inc' %}",
    ],
    "blocks of text": [
        "{% filter upper %}a{{ name }}{% endfilter %}{% filter replace('a', 'b')|upper %}a{% endfilter %}",
        "{% raw %}{{ x }}{% if %}{# c #}{% endraw %}{# comment {{ x }} #}{{ '{{' }}",
        "{% autoescape true %}{{ name }}{{ '<' }}{{ name|safe }}{% endautoescape %}{% autoescape false %}{{ name }}{% endautoescape %}",
        "{% autoescape no %}{{ name }}{% set x %}<{% endset %}{{ x }}{{ name ~ '<' }}{{ ['<']|join('&') }}{% endautoescape %}{{ name }}",
        "{% autoescape yes %}{{ name }}{% macro m() %}<{{ name }}{% endmacro %}{{ m() }}{{ [name]|join('&') }}<{% endautoescape %}",
        "a\n  {%- if yes -%}\n  b  {% endif -%}\n c {{- n -}} \n d\n",
        "{% print n, name %}{% set q = 1 -%}   x   {%- set q = 2 %}{{ q }}",
        "{{ '<b>'|safe }}{{ '<b>'|e }}{{ ('<b>'|safe)|e }}{{ '<b>'|forceescape }}{{ name|escape|upper }}",
        "{{ name|safe ~ '<' }}{{ ('<i>'|safe) ~ name }}{{ ('<'|e) + '<' }}{{ '%s'|safe % '<' }}",
    ],
    "filters": [
        "{{ n|abs }}{{ -5|abs }}{{ person|attr('name') }}{{ person|attr('nope') }}{{ numbers|batch(2)|list }}{{ numbers|batch(2, '-')|list }}",
        "{{ 'hELLO'|capitalize }}{{ 'a'|center(5) }}|{{ numbers|count }}{{ zero|default(1, true) }}{{ mapping|dictsort }}{{ mapping|length }}",
        "{{ {'b': 1, 'A': 2}|dictsort(true) }}{{ {'b': 1, 'A': 2}|dictsort(false, 'value') }}{{ {'b': 1, 'A': 2}|dictsort(reverse=true) }}",
        "{{ 100|filesizeformat }}{{ 1000|filesizeformat }}{{ 1024|filesizeformat(true) }}{{ 1300000|filesizeformat }}{{ 1|filesizeformat }}{{ 1e30|filesizeformat }}",
        "{{ numbers|first }}{{ empty|first }}{{ numbers|last }}{{ empty|last }}{{ 'abc'|first }}{{ '1.5'|float }}{{ 'x'|float(2.5) }}{{ none|float }}",
        "{{ '%s %s'|format(1, 2) }}{{ '%(a)s'|format(a=3) }}{% for g in rows|groupby('tag') %}{{ g.grouper }}{{ g.list|length }}{{ g[0] }}{% endfor %}",
        "{% for age, list in people|groupby('age') %}{{ age }}{{ list|map(attribute='name')|join(',') }};{% endfor %}{{ rows|groupby('x', default='d')|length }}",
        "{{ text|indent }}|{{ text|indent(2, true) }}|{{ text|indent('> ', true, true) }}|{{ 'a\n\nb\n'|indent }}|",
        "{{ '42'|int }}{{ '4.9'|int }}{{ 'x'|int(7) }}{{ '0x1f'|int(0, 16) }}{{ none|int }}{{ '1e2'|int }}{{ 4.7|int }}",
        "{{ mapping|items|list }}{{ undefined_thing|items|list }}{{ numbers|join }}{{ numbers|join(', ') }}{{ people|join('|', 'name') }}{{ ['<', '<'|safe]|join('&') }}",
        "{{ 'ABC'|lower }}{{ 'abc'|upper }}{{ 'hello wOrld foo-bar (baz) [q'|title }}{{ \"it's\"|title }}{{ words|list }}{{ 'abc'|list }}",
        "{{ people|map(attribute='name')|list }}{{ people|map(attribute='nope', default='-')|list }}{{ words|map('upper')|list }}{{ rows|map(attribute='id')|sum }}",
        "{{ words|min }}{{ words|max }}{{ words|max(true) }}{{ empty|min }}{{ people|max(attribute='age')|attr('name') }}{{ numbers|min }}",
        "{{ {'a': [1, 2]}|pprint }}{{ numbers|reject('odd')|list }}{{ numbers|reject('equalto', 1)|list }}{{ people|rejectattr('age', 'gt', 25)|map(attribute='name')|list }}",
        "{{ 'aaa'|replace('a', 'b', 2) }}{{ name|replace('<', '[') }}{{ '<'|replace('<', '&') }}{{ 'abc'|reverse }}{{ numbers|reverse|list }}",
        "{{ 42.55|round }}{{ 42.55|round(1) }}{{ 42.51|round(1, 'floor') }}{{ 42.51|round(1, 'ceil') }}{{ 7|round }}{{ -1.5|round }}",
        "{{ [0, 1, none, 'a']|select|list }}{{ numbers|select('even')|list }}{{ numbers|select('in', [1, 2])|list }}{{ people|selectattr('age')|list|length }}{{ rows|selectattr('tag', '==', 'x')|list|length }}",
        "{{ range(10)|slice(3)|list }}{{ range(10)|slice(3, '-')|list }}{{ words|sort }}{{ words|sort(true) }}{{ words|sort(case_sensitive=true) }}{{ people|sort(attribute='age,name')|map(attribute='name')|list }}",
        "{{ n|string }}{{ name|string }}{{ text|striptags }}{{ '<!-- c --><p>a  b</p>'|striptags }}{{ numbers|sum }}{{ rows|sum('id') }}{{ numbers|sum(start=10) }}",
        "{{ '  x '|trim }}{{ 'xxaxx'|trim('x') }}{{ text|truncate(20) }}{{ text|truncate(20, true) }}{{ text|truncate(20, false, '!', 0) }}{{ 'short'|truncate(5) }}",
        "{{ words|unique|list }}{{ words|unique(true)|list }}{{ rows|unique(attribute='tag')|map(attribute='id')|list }}{{ 'a b&c/d?é'|urlencode }}{{ {'a b': 'c&d'}|urlencode }}{{ [('x', 1)]|urlencode }}{{ 5|urlencode }}",
        "{{ text|wordcount }}{{ text|wordwrap(10) }}|{{ 'averylongword here'|wordwrap(5) }}|{{ 'averylongword here'|wordwrap(5, false) }}|{{ 'a-b c-d'|wordwrap(3, true, '!', false) }}",
        "{{ {'a': 1, 'b': none, 'c<': '<', 'd': undefined_thing}|xmlattr }}|{{ {'a': 1}|xmlattr(false) }}|{{ {}|xmlattr }}",
        '{{ mapping|tojson }}{{ "</script>\'&"|tojson }}{{ [1, none, true, 1.5]|tojson(indent=2) }}{{ name|tojson }}',
        "{{ 'see http://example.com/a?b=c&d and www.x.org, (foo@bar.com) or <https://y.net>.'|urlize }}",
        "{{ 'http://example.com/very/long/path'|urlize(15, true) }}{{ 'x http://a.bc'|urlize(target='_blank', rel='me') }}{{ 'tel:1 x'|urlize(extra_schemes=['tel:']) }}",
        "{{ n|default('x')|string|length }}{{ [[1, 2], [3]]|map('first')|list }}{{ [[3, 1]]|map('sort', reverse=true)|list }}{{ ['1']|map('int')|sum }}",
        "{{ [3, 1]|sort|first }}{{ 'a,b'.split(',')|join('-') }}{{ name.upper() }}{{ name|d }}{{ nothing|d('x') }}{{ nothing|d('x', true) }}",
    ],
    "tests": [
        "{{ n is odd }}{{ n is even }}{{ n is divisibleby 3 }}{{ n is divisibleby(2) }}{{ n is defined }}{{ q is defined }}{{ q is undefined }}",
        "{{ nothing is none }}{{ yes is true }}{{ no is false }}{{ yes is boolean }}{{ 1 is boolean }}{{ 1 is integer }}{{ yes is integer }}{{ 1.5 is float }}{{ 1 is float }}",
        "{{ 'a' is lower }}{{ 'A' is upper }}{{ 'a' is string }}{{ 1 is string }}{{ mapping is mapping }}{{ numbers is mapping }}{{ 1 is number }}{{ yes is number }}{{ 'a' is number }}",
        "{{ numbers is sequence }}{{ mapping is sequence }}{{ 1 is sequence }}{{ 'a' is sequence }}{{ numbers is iterable }}{{ 1 is iterable }}{{ f is callable }}{{ n is callable }}",
        "{{ n is sameas n }}{{ numbers is sameas [3, 1, 2] }}{{ name|e is escaped }}{{ 'a' is escaped }}{{ 1 is in numbers }}{{ 'b' is in mapping }}{{ n is not in [1] }}",
        "{{ 1 is eq 1 }}{{ 1 is equalto 2 }}{{ 1 is ne 1 }}{{ 1 is gt 0 }}{{ 1 is greaterthan 0 }}{{ 1 is ge 1 }}{{ 1 is lt 2 }}{{ 1 is lessthan 0 }}{{ 1 is le 0 }}",
        "{{ 'upper' is filter }}{{ 'nope' is filter }}{{ 'odd' is test }}{{ 'nope' is test }}{{ n is not none and n is not odd or n is odd }}",
    ],
}


def all_sources() -> list[str]:
    """Return every source of the corpus."""
    return [source for sources in SOURCES.values() for source in sources]
