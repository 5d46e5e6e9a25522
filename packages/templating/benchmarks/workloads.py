"""The workloads that engines are compared on: templates, variables, and how each engine renders them.

Autoescape is on everywhere. The templates are in the language that both engines share.
"""

# ruff: noqa: E501 - a template is easier to read in one line
from __future__ import annotations

from typing import Any

BIGTABLE = """\
<table>
{% for row in table %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>
{% endfor %}</table>
"""

STRINGS = """\
<table>
{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>
{% endfor %}</table>
"""

FORTUNES = """\
<!doctype html><html><head><title>Fortunes</title></head><body><table>
<tr><th>id</th><th>message</th></tr>
{% for fortune in fortunes %}<tr><td>{{ fortune.id }}</td><td>{{ fortune.message }}</td></tr>
{% endfor %}</table></body></html>
"""

DEEP = """\
{% for section in sections %}<section id="{{ section.id }}">
<h2>{{ loop.index }}. {{ section.title }}</h2>
{% for group in section.groups %}<div class="{{ loop.cycle('odd', 'even') }}">{{ group.name }}
{% for item in group['entries'] %}<p{% if loop.first %} class="first"{% endif %}>{{ item.label }}: {{
item.value.amount }}\
 {{ item['unit'] }}{% if not loop.last %}, {% endif %}</p>
{% endfor %}</div>
{% endfor %}</section>
{% endfor %}"""

TINY = "Hello {{ name }}!"

PAGE = {
    "base.html": """\
<!doctype html>
<html><head><title>{% block title %}Site{% endblock %} - {{ site.name }}</title>
{% block head %}<link rel="stylesheet" href="{{ site.static }}/site.css">{% endblock %}</head>
<body>{% include "nav.html" %}<main>{% block content %}{% endblock %}</main>
{% block footer %}{% include "footer.html" %}{% endblock %}</body></html>
""",
    "section.html": """\
{% extends "base.html" %}
{% block title %}{{ section.title }} - {{ super() }}{% endblock %}
{% block content %}<h1>{{ section.title|upper }}</h1>{% block listing %}{% endblock %}{% endblock %}
""",
    "page.html": """\
{% extends "section.html" %}
{% from "macros.html" import card, tag_list %}
{% block listing %}{% from "macros.html" import card, tag_list %}<div class="articles">
{% for article in articles %}{% call card(article.title, loop.cycle("odd", "even"), loop.first) %}
<p class="meta">#{{ loop.index }} of {{ loop.length }} by {{ article.author.name }} on {{ article.date }}</p>
<p>{{ article.summary|truncate(length=80) }}</p>
{{ tag_list(article.tags) }}{% if article.comments %}<span>{{ article.comments|length }} comments</span>{% endif %}
{% endcall %}{% if not loop.last %}<hr>{% endif %}
{% else %}<p>Nothing here.</p>{% endfor %}</div>{% include "sidebar.html" %}{% endblock %}
""",
    "macros.html": """\
{% macro card(title, css="", first=false) -%}
<article class="card {{ css }}{% if first %} first{% endif %}"><h2>{{ title }}</h2>{{ caller() }}</article>
{%- endmacro %}
{% macro tag_list(tags) -%}
<ul class="tags">{% for tag in tags %}<li>{{ tag|lower }}</li>{% endfor %}</ul>
{%- endmacro %}
""",
    "nav.html": """\
<nav><ul>{% for entry in nav %}<li{% if entry.active %} class="active"{% endif %}><a href="{{ entry.url }}">{{
entry.label }}</a></li> {% endfor %}</ul></nav>
""",
    "sidebar.html": "<aside>{% for tag, count in popular %}<a href='/tag/{{ tag }}'>{{ tag }} ({{ count }})</a> {% endfor %}</aside>\n",
    "footer.html": "<footer>&copy; {{ site.year }} {{ site.name }}</footer>\n",
}


class Record:
    """An object with attributes, as a database layer returns them."""

    def __init__(self, **attributes: Any) -> None:
        self.__dict__.update(attributes)


def bigtable() -> dict[str, Any]:
    """1000 rows of 10 whole numbers."""
    return {"table": [list(range(row, row + 10)) for row in range(1000)]}


def strings() -> dict[str, Any]:
    """500 rows of 6 texts, one in five needs escaping."""
    cells = ["plain cell text", "another value", "1 < 2 & 3", "more plain text", "last but one", "some text here"]
    return {"rows": [cells[i % 6 :] + cells[: i % 6] for i in range(500)]}


def fortunes() -> dict[str, Any]:
    """12 records, one with markup in it."""
    texts = [f"A fortune, number {i}, of usual length for one line" for i in range(11)]
    texts.append("<script>alert('This should not be displayed');</script>")
    return {"fortunes": [Record(id=i, message=text) for i, text in enumerate(texts)]}


def deep() -> dict[str, Any]:
    """8 sections of 8 groups of 10 items, objects and dicts by turns."""

    def item(i: int) -> dict[str, Any]:
        return {"label": f"item {i}", "value": Record(amount=i * 3), "unit": "kg"}

    def group(i: int) -> dict[str, Any]:
        return {"name": f"group {i}", "entries": [item(k) for k in range(10)]}

    return {"sections": [Record(id=s, title=f"Section {s}", groups=[group(g) for g in range(8)]) for s in range(8)]}


def page() -> dict[str, Any]:
    """A page with a navigation of 20 entries and 50 articles."""
    author = Record(name="Ann O'Nym")
    articles = [
        Record(
            title=f"Article {i} & more",
            author=author,
            date="2026-11-20",
            summary="A summary that is a little longer than what is shown of it, so that it has to be cut " * 2,
            tags=["Python", "Web", "Templates"],
            comments=list(range(i % 4)),
        )
        for i in range(50)
    ]
    return {
        "site": Record(name="Example", static="/static", year=2026),
        "section": Record(title="News"),
        "nav": [{"url": f"/{i}", "label": f"Entry {i}", "active": i == 3} for i in range(20)],
        "articles": articles,
        "popular": [("python", 12), ("web", 7), ("asgi", 3)],
    }


#: What settings, file names, prompts and messages are made of.
SHORT = (
    "{{ region }}",
    "{{ project.slug }}/{{ project.slug }}.conf",
    "Dear {{ user.name }},\n\nyour order {{ order.number }} was sent on {{ order.day }}.\n\nBest regards\n{{ shop }}\n",
    "You are {{ role }}. Answer in {{ language }}.\n\n{{ question }}\n",
)


def long_template(lines: int = 2000) -> str:
    """A template of about so many lines, with the constructs of ordinary pages."""
    part = """\
<div class="row {{ css }}" id="row-@">
{% if user.name %}<h2>{{ user.name|e }}</h2>{% else %}<h2>Nobody</h2>{% endif %}
{% for item in items@ %}<li class="{{ loop.cycle('a', 'b') }}">{{ item.title }} - {{ item.price * 2 }}</li>
{% endfor %}
<p>Some text that stands in between, with {{ value@ }} and {{ other.thing[0] }}.</p>
{% set total@ = value@ + 1 %}
{{ total@|string|upper }}
{# a comment #}
<a href="{{ url_for('page', id=@) }}">link</a>
</div>
"""
    return "".join(part.replace("@", str(i)) for i in range(lines // 10))


def long_values(lines: int = 2000) -> dict[str, Any]:
    """What that template shows."""
    parts = range(lines // 10)
    items = [{"title": f"Item {i}", "price": i} for i in range(3)]
    return {
        "css": "wide",
        "user": Record(name="Ann"),
        "other": {"thing": ["first"]},
        "url_for": lambda name, id: f"/{name}/{id}",
        **{f"items{i}": items for i in parts},
        **{f"value{i}": i for i in parts},
    }
