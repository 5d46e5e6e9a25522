"""The opt-in syntax: arguments for include, assignments to the scope around, kept indentation."""

# ruff: noqa: E501 - a template is easier to read in one line
from __future__ import annotations

import asyncio
from typing import Any

import pytest

from dray.templating import DictLoader, Environment, TemplateSyntaxError, UndefinedError, pass_context

EXTENSIONS = [f"dray.templating.ext.{name}" for name in ("include_arguments", "set_outer", "indentation", "do")]
TEMPLATES = {
    "card": "[{{ title }}|{{ wide }}|{{ seen }}|{{ site }}]",
    "yaml": "a: 1\nb:\n\n  c: 2",
    "self": "{{ n }}{% if n %}{% include 'self' with n=n - 1 %}{% endif %}",
}


def environment(**options: Any) -> Environment:
    env = Environment(loader=DictLoader(TEMPLATES), extensions=EXTENSIONS, **options)
    env.globals["site"] = "S"
    return env


def every_way(source: str, variables: dict[str, Any], **options: Any) -> str:
    """Render as text, as a stream and asynchronously, and check that all agree."""
    plain = environment(**options).from_string(source)
    text = plain.render(variables)
    assert text == "".join(plain.generate(variables))
    assert text == asyncio.run(environment(enable_async=True, **options).from_string(source).render_async(variables))
    return text


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{% include 'card' with title='T' %}", "[T||s|S]"),
        ("{% include 'card' with title='T', wide=1 + 1 %}", "[T|2|s|S]"),
        ("{% include 'card' with title=seen only %}", "[s|||S]"),
        ("{% for title in 'ab' %}{% include 'card' with wide=title %}{% endfor %}", "[a|a|s|S][b|b|s|S]"),
        ("{% for title in 'ab' %}{% include 'card' with wide=title only %}{% endfor %}", "[|a||S][|b||S]"),
        ("{% set title = 1 %}{% include 'card' with wide=title %}", "[1|1|s|S]"),
        ("{% block b %}{% set title = 1 %}{% include 'card' with wide=2 %}{% endblock %}", "[1|2|s|S]"),
        ("{% include 'missing' ignore missing with a=1 %}", ""),
        ("{% include ['missing', 'card'] with title=1 %}", "[1||s|S]"),
        ("{% include 'card' with context %}{% include 'card' without context %}{% include 'card' %}", "[||s|S][|||S][||s|S]"),
        ("{% include 'self' with n=3 only %}", "3210"),
    ],
)  # fmt: skip
def test_include_arguments(source: str, expected: str) -> None:
    """The included template sees its arguments, over what it sees anyway; with ``only`` nothing else but globals."""
    assert expected == every_way(source, {"seen": "s"})


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{% set n = 0 %}{% for x in xs %}{% set outer n = n + x %}{% endfor %}{{ n }}", "6"),
        ("{% set n = 0 %}{% for x in xs %}{% if x != 2 %}{% set outer n = n + x %}{% endif %}{% endfor %}{{ n }}", "4"),
        ("{% set n = 0 %}{% for x in xs %}{% for y in xs %}{% set outer n = n + 1 %}{% endfor %}{% endfor %}{{ n }}", "9"),
        ("{% for x in xs %}{% set n = x %}{% for y in xs %}{% set outer n = n + y %}{% endfor %}{{ n }} {% endfor %}", "7 8 9 "),
        ("{% set n = 1 %}{% with m = 2 %}{% set outer n = m %}{% endwith %}{{ n }}", "2"),
        ("{% for x in [{'a': 1}] %}{{ x.a }}{% with %}{% set outer x = xs[1] %}{% endwith %}{{ x.real }}{% endfor %}", "12"),
        ("{% macro m(n) %}{% for x in xs %}{% set outer n = n + x %}{% endfor %}{{ n }}{% endmacro %}{{ m(1) }}", "7"),
        ("{% block b %}{% set n = 0 %}{% for x in xs %}{% set outer n = loop.index %}{% endfor %}{{ n }}{% endblock %}", "3"),
        ("{% for x in [] %}{% set outer n = 1 %}{% endfor %}{{ n is defined }}{% set n = 2 %}", "False"),
        ("{% for x in xs %}{% set outer n = x %}{% endfor %}{{ n }}{% set n = 9 %}", "3"),
        ("{% set n = 0 %}{% for x in xs %}{% set outer n = x %}{% endfor %}{{ shown() }}", "3"),
        ("{% set n = 0 %}{% filter upper %}{% for x in xs %}{% set outer n = x %}{% endfor %}{{ n }}{% endfilter %}", "3"),
        ("{% set outer = 5 %}{{ outer }}{% set outer, b = 1, 2 %}{{ outer }}{{ b }}", "512"),
    ],
)  # fmt: skip
def test_set_outer(source: str, expected: str) -> None:
    """The variable of the scope around changes, whatever stands in between; without it nothing does."""
    shown = pass_context(lambda context: context["n"])

    assert expected == every_way(source, {"xs": [1, 2, 3], "shown": shown})


def test_set_outer_exports() -> None:
    """A variable of the template itself is exported with its last value."""
    template = environment().from_string("{% set n = 0 %}{% for x in [1, 2] %}{% set outer n = x %}{% endfor %}")

    assert 2 == template.module.n  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("source", "message", "column"),
    [
        ("{% set outer n = 1 %}", "no scope around assigns 'n'", 14),
        ("{% for x in y %}{% set outer n = 1 %}{% endfor %}", "no scope around assigns 'n'", 30),
        ("{% set n = 1 %}{% macro m() %}{% set outer n = 2 %}{% endmacro %}", "can't leave the macro", 44),
        ("{% set n = 1 %}{% for x in y recursive %}{% set outer n = 2 %}{% endfor %}", "can't leave the macro", 55),
        ("{% set n = 1 %}{% block b %}{% set outer n = 2 %}{% endblock %}", "no scope around assigns 'n'", 42),
        ("{% set outer n %}x{% endset %}", "expected token '='", 16),
        ("{% include 'a' with %}", "expected token 'name'", 21),
        ("{% include 'a' with b %}", "expected token '='", 23),
        ("{% include 'a' with b=1, %}", "expected token 'name'", 26),
        ("{% include 'a' with b=1, b=2 %}", "the argument 'b' is given twice", 27),
        ("{%* if a %}{% endif %}", "only include keeps its indentation", 1),
        ("{{* }}", "Expected an expression", 5),
        ("{{* a", "unexpected end of template", 6),
    ],
)  # fmt: skip
def test_mistakes(source: str, message: str, column: int) -> None:
    """What can't be meant is a syntax error with its place."""
    with pytest.raises(TemplateSyntaxError, match=message.replace("(", r"\(")) as caught:
        environment().from_string(source)

    assert 1 == caught.value.lineno
    assert column == caught.value.column


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x:\n  {{* text }}\n", "x:\n  one\n  two"),
        ("- {{* text }}", "- one\n  two"),
        ("\t{{* text }}", "\tone\n\ttwo"),
        ("{{ 1 }} {{* text }}", "1 one\n        two"),
        ("k:\n    {%* include 'yaml' %}\nend", "k:\n    a: 1\n    b:\n\n      c: 2\nend"),
        ("k:\n    {{* 5 }}{{* none_here }}", "k:\n    5"),
        ("{% for x in [1, 2] %}\n  {{* text }}{% endfor %}", "\n  one\n  two\n  one\n  two"),
    ],
)
def test_indentation(source: str, expected: str) -> None:
    """Lines behind the first begin where the tag begins; what stood before it on its line is left out as blanks."""
    assert expected == every_way(source, {"text": "one\ntwo"})


def test_indentation_with_stripped_blanks() -> None:
    """Where ``lstrip_blocks`` takes the blanks before an include, its first line gets them back."""
    source = "k:\n    {%* include 'yaml' %}\nend\n"

    assert "k:\n    a: 1\n    b:\n\n      c: 2end" == every_way(source, {}, lstrip_blocks=True, trim_blocks=True)


def test_indentation_escapes() -> None:
    """Indented values are escaped as any others are, and safe ones stay safe."""
    assert "  &lt;\n  b" == every_way("  {{* x }}", {"x": "<\nb"}, autoescape=True)
    assert "  <\n  b" == every_way("  {{* x | safe }}", {"x": "<\nb"}, autoescape=True)


@pytest.mark.parametrize(
    "source", ["{% include 'a' with b=1 %}", "{% set outer n = 1 %}", "{{* a }}", "{%* include 'a' %}"]
)
def test_nothing_changes_without(source: str) -> None:
    """An environment that doesn't ask for the syntax refuses it, as the language does."""
    with pytest.raises(TemplateSyntaxError):
        Environment().from_string(source)


def test_sandbox_of_arguments() -> None:
    """Undefined arguments are undefined inside, and the name of the argument is in the error."""
    template = environment().from_string("{% include 'card' with title=nothing.at_all %}")

    with pytest.raises(UndefinedError, match="'nothing' is undefined"):
        template.render()
