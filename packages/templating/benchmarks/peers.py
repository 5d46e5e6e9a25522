"""The flat workloads in the languages of other engines, each as a function that renders it.

Every peer escapes HTML. What an engine can't say in its language isn't here.
"""

# ruff: noqa: E501 - a template is easier to read in one line
from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from . import workloads

Render = Callable[..., str]

MAKO = {
    "a bigtable": """\
<table>
% for row in table:
<tr>\\
% for cell in row:
<td>${cell}</td>\\
% endfor
</tr>
% endfor
</table>
""",
    "b strings": """\
<table>
% for row in rows:
<tr>\\
% for cell in row:
<td>${cell}</td>\\
% endfor
</tr>
% endfor
</table>
""",
    "c fortunes": """\
<!doctype html><html><head><title>Fortunes</title></head><body><table>
<tr><th>id</th><th>message</th></tr>
% for fortune in fortunes:
<tr><td>${fortune.id}</td><td>${fortune.message}</td></tr>
% endfor
</table></body></html>
""",
    "e deep loops": """\
% for section in sections:
<section id="${section.id}">
<h2>${loop.index + 1}. ${section.title}</h2>
% for group in section.groups:
<div class="${loop.cycle('odd', 'even')}">${group['name']}
% for item in group['entries']:
<p\\
% if loop.first:
 class="first"\\
% endif
>${item['label']}: ${item['value'].amount} ${item['unit']}\\
% if not loop.last:
, \\
% endif
</p>
% endfor
</div>
% endfor
</section>
% endfor
""",
    "f tiny": "Hello ${name}!",
}
CHAMELEON = {
    "a bigtable": '<table><tr tal:repeat="row table"><td tal:repeat="cell row">${cell}</td></tr></table>',
    "b strings": '<table><tr tal:repeat="row rows"><td tal:repeat="cell row">${cell}</td></tr></table>',
    "c fortunes": """\
<!doctype html><html><head><title>Fortunes</title></head><body><table>
<tr><th>id</th><th>message</th></tr>
<tr tal:repeat="fortune fortunes"><td>${fortune.id}</td><td>${fortune.message}</td></tr>
</table></body></html>
""",
    "e deep loops": """\
<section tal:repeat="section sections" id="${section.id}">
<h2>${repeat.section.number}. ${section.title}</h2>
<div tal:repeat="group section.groups" class="${'even' if repeat.group.index % 2 else 'odd'}">${group['name']}
<p tal:repeat="item group['entries']" tal:attributes="class 'first' if repeat.item.start else None">${item['label']}: ${item['value'].amount} ${item['unit']}<tal:more condition="not repeat.item.end">, </tal:more></p>
</div></section>
""",
    "f tiny": "Hello ${name}!",
}
DJANGO = {
    "a bigtable": workloads.BIGTABLE,
    "b strings": workloads.STRINGS,
    "c fortunes": workloads.FORTUNES,
    "e deep loops": """\
{% for section in sections %}<section id="{{ section.id }}">
<h2>{{ forloop.counter }}. {{ section.title }}</h2>
{% for group in section.groups %}<div class="{% cycle 'odd' 'even' %}">{{ group.name }}
{% for item in group.entries %}<p{% if forloop.first %} class="first"{% endif %}>{{ item.label }}: {{ item.value.amount }} {{ item.unit }}{% if not forloop.last %}, {% endif %}</p>
{% endfor %}</div>
{% endfor %}</section>
{% endfor %}""",
    "f tiny": workloads.TINY,
}
MINIJINJA = {
    "a bigtable": workloads.BIGTABLE,
    "b strings": workloads.STRINGS,
    "c fortunes": workloads.FORTUNES,
    "e deep loops": workloads.DEEP,
    "f tiny": workloads.TINY,
}


def mako(group: str) -> Render:
    """Return a workload's render function for Mako."""
    from mako.template import Template

    return Template(MAKO[group], default_filters=["h"]).render  # type: ignore[no-any-return]


def chameleon(group: str) -> Render:
    """Return a workload's render function for Chameleon."""
    from chameleon import PageTemplate

    return PageTemplate(CHAMELEON[group])  # type: ignore[no-any-return]


@cache
def django_engine() -> Any:
    """Return Django's engine, set up once."""
    from django.conf import settings
    from django.template import Engine

    settings.configure(USE_I18N=False)
    return Engine()


def django(group: str) -> Render:
    """Return a workload's render function for Django's templates."""
    from django.template import Context

    template = django_engine().from_string(DJANGO[group])
    return lambda **variables: template.render(Context(variables))


def minijinja_environment(templates: dict[str, str]) -> Any:
    """Return an environment of MiniJinja that escapes everything."""
    import minijinja

    return minijinja.Environment(templates=templates, auto_escape_callback=lambda name: True)


def minijinja(group: str) -> Render:
    """Return a workload's render function for MiniJinja, which is Rust."""
    environment = minijinja_environment({group: MINIJINJA[group]})
    return lambda **variables: environment.render_template(group, **variables)  # type: ignore[no-any-return]


#: The other engines by name.
PEERS: dict[str, Callable[[str], Render]] = {
    "mako": mako,
    "minijinja": minijinja,
    "chameleon": chameleon,
    "django": django,
}
