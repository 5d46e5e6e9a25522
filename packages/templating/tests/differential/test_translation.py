"""The functions and the tag that translate, and what is extracted of them."""

from __future__ import annotations

import io
from typing import Any

import jinja2
import jinja2.ext
import pytest

import dray.templating
import dray.templating.ext

CALLS = [
    "{{ gettext() }}", "{{ gettext('a', 'b') }}", "{{ gettext('%(x)s', x=1) }}", "{{ gettext('a %') }}",
    "{{ gettext(1) }}", "{{ ngettext() }}", "{{ ngettext('a') }}", "{{ ngettext('a', 'b') }}",
    "{{ ngettext('%(num)s', 'b', 1) }}", "{{ ngettext('a', '%(num)s b', 2, x=1) }}", "{{ ngettext('a', 'b', 1, 2) }}",
    "{{ ngettext('%(num)s', 'b', 1, num=3) }}", "{{ pgettext('c') }}", "{{ pgettext('c', '%(context)s') }}",
    "{{ pgettext('c', '%(context)s', context='d') }}", "{{ pgettext('c', 'm', 'x') }}",
    "{{ npgettext('c', 'a', 'b') }}", "{{ npgettext('c', 'a', '%(num)s%(context)s', 2) }}", "{{ npgettext() }}",
    "{{ _() }}", "{{ _('a', 'b') }}", "{{ _('%(x)s', x=2) }}", "{{ _(message='a') }}",
]  # fmt: skip
TAGS = [
    "{% trans num=1 %}{{ num }}{% endtrans %}", "{% trans num=3 %}{{ num }}{% pluralize %}{{ num }}s{% endtrans %}",
    "{% trans a=1, num=2 %}{{ num }}{{ a }}{% pluralize num %}{{ num }}{{ a }}{% endtrans %}",
    "{% trans %}{{ x }}{% pluralize y %}b{% endtrans %}", "{% trans %}{% pluralize %}{% endtrans %}",
    "{% trans x=f() %}{{ x }}{% pluralize %}b{% endtrans %}",
    "{% trans 'ctx' x=1 %}a{{ x }}{% pluralize %}b{% endtrans %}", "{% trans trimmed %} a\n b {% endtrans %}",
    "{% trans x=1, x=2 %}{% endtrans %}", "{% trans %}100%{% endtrans %}", "{% trans true %}{{ true }}{% endtrans %}",
    "{% trans context=1 %}{{ context }}{% endtrans %}",
]  # fmt: skip
MESSAGES = [
    "{{ _('a' ~ 'b') }}", "{{ _('a' 'b') }}", "{{ _(x) }}", "{{ _('a', x) }}", "{{ _('a', *x, **x) }}",
    "{{ _(_('a')) }}", "{% call _('a') %}x{% endcall %}", "{# tr: one #}{# tr: two #}\n{{ _('a') }}",
    "{# tr: far #}\n\n\n{{ _('a') }}", "\n\n{{ _('x'\n,\n'y') }}", "{% macro m(a=_('d')) %}{{ _('b') }}{% endmacro %}",
    "{{ bad syntax", "{{ a._('x') }}", "{% for i in [_('a')] %}{{ _('b') }}{% else %}{{ _('c') }}{% endfor %}",
    "{{ x\n|f(_('a'))\n|f(_('b')) }}",
]  # fmt: skip


def environment(engine: Any, **options: Any) -> Any:
    """Return an environment with translations that change nothing."""
    newstyle = options.pop("newstyle")
    made = engine.Environment(extensions=[f"{engine.__name__}.ext.i18n"], **options)
    made.install_null_translations(newstyle=newstyle)
    return made


@pytest.mark.parametrize("source", CALLS + TAGS)
@pytest.mark.parametrize("newstyle", [False, True])
@pytest.mark.parametrize("autoescape", [False, True])
def test_translating(source: str, newstyle: bool, autoescape: bool) -> None:
    """Output, or the class of the error."""
    found = []
    for engine in (jinja2, dray.templating):
        try:
            made = environment(engine, newstyle=newstyle, autoescape=autoescape)
            found.append(made.from_string(source).render(x=7, f=lambda: 2))
        except Exception as error:
            found.append(type(error).__name__)
    assert found[0] == found[1]


@pytest.mark.parametrize("source", CALLS + TAGS + MESSAGES)
@pytest.mark.parametrize(
    "options",
    [{}, {"trimmed": "true"}, {"newstyle_gettext": "true"}, {"silent": "false"}, {"trim_blocks": "true"}],
    ids=str,
)
@pytest.mark.parametrize("keywords", [("_", "gettext", "ngettext"), ("_", "pgettext", "npgettext")], ids=str)
def test_extracting(source: str, options: dict[str, str], keywords: tuple[str, ...]) -> None:
    """All messages with line, function, texts and comments."""
    found: list[Any] = []
    for engine in (jinja2, dray.templating):
        try:
            file = io.BytesIO(source.encode())
            found.append(list(engine.ext.babel_extract(file, keywords, ["tr:"], dict(options))))
        except engine.TemplateSyntaxError as error:
            found.append(error.lineno)
    assert found[0] == found[1]


@pytest.mark.parametrize("name", ["True", "False", "None"])
@pytest.mark.parametrize("source", ["{% trans # %}{{ # }}{% endtrans %}", "{% trans %}{{ # }}{% endtrans %}"])
def test_constants_are_no_variables_of_translations(source: str, name: str) -> None:
    """Which is an error of the template."""
    made = environment(dray.templating, newstyle=False)
    with pytest.raises(dray.templating.TemplateSyntaxError, match=f"{name} is a constant"):
        made.from_string(source.replace("#", name))
