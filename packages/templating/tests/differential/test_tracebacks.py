"""What tracebacks of templates show, and that they can be written."""

from __future__ import annotations

import gc
import io
import traceback
import weakref
from typing import Any

import jinja2
import pytest

import dray.templating

PAGES = {
    "bad": "a\n{{ ( }}",
    "between": "\n\n{% include 'bad' %}",
    "base": "{% block a %}{% endblock %}",
    "fails": "\n{{ 1/0 }}",
}
SOURCES = [
    "{% include 'between' %}",
    "\n{% include 'bad' %}",
    "{% import 'bad' as q %}",
    "{% from 'bad' import q %}",
    "{% extends 'bad' %}",
    "{% extends 'base' %}\n{% block a %}\n{% include 'bad' %}{% endblock %}",
    "\n{% for x in [1] %}\n{% include 'bad' %}{% endfor %}",
    "{% macro m() %}\n{% include 'bad' %}{% endmacro %}\n{{ m() }}",
    "{{ ( }}",
    "\n{% include 'fails' %}",
    "\n\n{{ x|nope }}",
]


def lines(engine: Any, source: str, enable_async: bool = False) -> list[int | None]:
    """Return the lines of the templates that the error's traceback goes through."""
    environment = engine.Environment(loader=engine.DictLoader({**PAGES, "top": source}), enable_async=enable_async)
    with pytest.raises((engine.TemplateSyntaxError, ZeroDivisionError)) as caught:
        environment.get_template("top").render()
    assert getattr(caught.value, "translated", True)
    return [frame.lineno for frame in traceback.extract_tb(caught.value.__traceback__) if frame.filename[0] == "<"]


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("enable_async", [False, True])
def test_tracebacks_go_through_all_templates(source: str, enable_async: bool) -> None:
    """To the place of a syntax error, too, from those that include the template which has it."""
    assert lines(jinja2, source, enable_async) == lines(dray.templating, source, enable_async)


def test_the_place_of_a_syntax_error_is_its_last_frame() -> None:
    """With the template's file, where there is one."""
    environment = dray.templating.Environment()
    with pytest.raises(dray.templating.TemplateSyntaxError) as caught:
        environment.compile("\n{{ ( }}", "name", "/folder/name.html")
    last = traceback.extract_tb(caught.value.__traceback__)[-1]
    assert (last.filename, last.lineno, last.name) == ("/folder/name.html", 2, "template")


@pytest.mark.parametrize("filename", ["a\0b", 5, "\ud800"])
def test_files_that_are_none(filename: Any) -> None:
    """Don't hide the error."""
    with pytest.raises(dray.templating.TemplateSyntaxError):
        dray.templating.Environment().compile("{{ ( }}", "name", filename)


UNPRINTABLE = ["{{ (\ud800 }}", "{{ x('\ud800', y.z.w) }}", "\ud800{{ 1/0 }}", "{{ x|nope }}\ud800", "\ud800{{ 1/0 }}é"]


@pytest.mark.parametrize("source", UNPRINTABLE, ids=ascii)
def test_lone_surrogates_can_be_written(source: str) -> None:
    """In the reference no line is shown; here it is, as far as it can be."""
    for engine in (jinja2, dray.templating):
        with pytest.raises((engine.TemplateError, ZeroDivisionError)) as caught:
            engine.Environment().from_string(source).render(x=lambda *args: 1)
        file = io.TextIOWrapper(io.BytesIO(), "utf-8")
        traceback.print_exception(caught.value, file=file)
        print(caught.value, file=file)
        file.flush()
    shown = file.buffer.getvalue().decode()  # type: ignore[attr-defined]
    assert "\\ud800" in shown


def test_markers_stand_below_what_is_shown() -> None:
    """Also behind a character that is shown as an escape."""
    with pytest.raises(dray.templating.TemplateSyntaxError) as caught:
        dray.templating.Environment().from_string("\ud800{{ x|nope }}")
    *_, line, marker = str(caught.value).split("\n")
    assert line[marker.index("^") :].startswith("x|nope") and marker.count("^") == len("x|nope")


@pytest.mark.parametrize(
    "bad",
    [PAGES["bad"], "{{ x|nope }}", "{{ ' }}", "{% nope %}", "{% if %}", "{# x", "{{ [1 }}", "{% raw %}", "{{ 1 + }}"],
)
def test_errors_do_not_hold_on_to_themselves(bad: str) -> None:
    """A syntax error goes as soon as nobody wants it any more."""

    class Value:
        """Something that a template gets."""

    gc.collect()
    gc.disable()
    try:
        value = Value()
        gone = weakref.ref(value)
        environment = dray.templating.Environment(loader=dray.templating.DictLoader({"bad": bad}))
        template = environment.from_string("{% include 'bad' %}")
        try:
            template.render(value=value)
        except dray.templating.TemplateSyntaxError:
            pass
        del value, template
        assert gone() is None
    finally:
        gc.enable()


@pytest.mark.parametrize(
    "text",
    [
        "{% trans x=a|lower %}%(n)s{% endtrans %}",
        "{{ 'n'|from_table }}{{ a|upper }}",
        "{{ table.pop('n') }}{{ a|upper }}",
        "{{ '%(n)s' % table }}{{ a|upper }}",
        "{{ '%(n)s'|format(**table) }}{{ a|upper }}",
        "{% if a %}{{ a|gone }}{% endif %}{{ '%(n)s' % {} }}",
        "{{ a is gone }}",
    ],
)
def test_key_errors_are_the_templates_own(text: str) -> None:
    """Only where a filter or test isn't there any more, it is another error."""

    def show(engine: Any) -> tuple[str, str]:
        environment = engine.Environment(extensions=[f"{engine.__name__}.ext.i18n"])
        environment.install_null_translations(newstyle=False)
        environment.filters["from_table"] = {"a": "b"}.__getitem__
        environment.filters["gone"] = environment.tests["gone"] = str
        template = environment.from_string(text)
        del environment.filters["gone"], environment.tests["gone"]
        with pytest.raises(Exception) as caught:  # noqa: PT011 - whichever it is
            template.render(a="A", table={})
        return type(caught.value).__name__, str(caught.value)

    theirs, ours = map(show, (jinja2, dray.templating))
    assert theirs == ours
