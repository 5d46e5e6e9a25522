"""The static checks: what is found, and above all what isn't."""

# ruff: noqa: E501 - a template is easier to read in one line
from __future__ import annotations

from typing import Any

import pytest

from dray.templating import DictLoader, Environment, TemplateSyntaxError
from dray.templating._check import check_templates
from dray.templating._check_names import undefined_names
from dray.templating.meta import find_undeclared_variables

from .differential.corpus import PAGES, all_sources

EXTENSIONS = tuple(f"dray.templating.ext.{name}" for name in ("i18n", "do", "include_arguments", "set_outer"))


def check(templates: dict[str, str], declared: list[str] | None = None, **options: Any) -> list[str]:
    """Return what is found, as ``template:column code``."""
    environment = Environment(loader=DictLoader(templates), **options)
    problems = check_templates(environment, None, declared)
    return [f"{problem.template}:{problem.column} {problem.code}" for problem in problems]


def messages(templates: dict[str, str], declared: list[str] | None = None) -> list[str]:
    problems = check_templates(Environment(loader=DictLoader(templates)), None, declared)
    return [problem.message for problem in problems]


@pytest.mark.parametrize(
    "source",
    [
        "{% block a %}{% endblock %}{% block a %}{% endblock %}",
        "{{ f(a=1, a=2) }}",
        "{{ f(__debug__=1) }}",
        "{{ x | upper(a=1, a=2) }}",
        "{% import t as None %}",
        "{% from t import a as None %}",
        "{% macro None() %}{% endmacro %}",
        "{% macro a(b, b) %}{% endmacro %}",
        "{% macro a(caller) %}{{ caller() }}{% endmacro %}",
        "{% for a in b %}" * 30 + "{% endfor %}" * 30,
        "{% for a in b %}{% set loop = 1 %}{% endfor %}",
        "{% for loop in b %}{% endfor %}",
        "{% block b %}{% extends t %}{% endblock %}",
        "{{ " + "9" * 5000 + " }}",
        "{% if 'nope' is filter %}{% endif %}{{ x | nope }}",
    ],
)
def test_does_not_compile(source: str) -> None:
    """What parses and can't be compiled is found, and once."""
    assert ["syntax"] == [found.split()[1] for found in check({"t": source})]


def test_passed_templates_compile() -> None:
    """No template of the corpus passes and doesn't load, or loads and has an error."""
    sources = {f"t{number}": source for number, source in enumerate(all_sources())}
    environment = Environment(loader=DictLoader({**PAGES, **sources}), extensions=EXTENSIONS)
    found = {problem.template for problem in check_templates(environment) if problem.code == "syntax"}
    fails = set()
    for name in {**PAGES, **sources}:
        try:
            environment.get_template(name)
        except TemplateSyntaxError as error:
            if not str(error.message).startswith("No "):  # filter or test: these have codes of their own
                fails.add(name)

    assert fails == found


def test_unknown_functions() -> None:
    """Each unknown filter and test is found, with what may be meant, but not one that the template asks for."""
    assert ["there is no filter named 'uper'; did you mean 'upper'?", "there is no test named 'blue'"] == messages(
        {"t": "{{ a | uper }}{{ a is blue }}"}
    )
    assert [] == check({"t": "{% if 'markdown' is filter %}{{ a | markdown }}{% endif %}"})
    source = "{{ a | xyz }}{% block a %}{% block a %}{% endblock %}{% endblock %}"
    assert ["t:4 unknown-filter", "t:30 syntax"] == check({"t": source})


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("{% include 'no' %}", ["there is no template 'no'"]),
        ("{% include 'pagee' %}", ["there is no template 'pagee'; did you mean 'page'?"]),
        ("{% include 'no' ignore missing %}", []),
        ("{% include ['no', 'none'] %}", ["none of these templates exists: 'no', 'none'"]),
        ("{% include ('no', 'page') %}", []),
        ("{% include ['no', x] %}{% include x %}{% extends x ~ 'no' %}", []),
        ("{% extends 'page' if x else 'no' %}", ["there is no template 'no'"]),
        ("{% import 'no' as x %}", ["there is no template 'no'"]),
        ("{% from 'page' import x %}", []),
        ("{% extends ['page', x] %}", ["only include takes a list of templates"]),
        ("{% include [] %}", ["none of these templates exists: the list is empty"]),
    ],
)
def test_missing_templates(source: str, found: list[str]) -> None:
    """A template that isn't there is found, in lists only if none of them is."""
    assert found == messages({"page": "", "t": source})


def test_missing_templates_beyond_the_chosen() -> None:
    """Templates with other file extensions, and names that only the loader understands, exist."""
    environment = Environment(loader=DictLoader({"a.html": "{% include 'b.txt' %}", "b.txt": "{{"}))
    assert [] == check_templates(environment, ["html"])


@pytest.mark.parametrize(
    ("templates", "chains"),
    [
        ({"a": "{% extends 'a' %}"}, ["a -> a"]),
        ({"a": "{% include 'a' %}"}, ["a -> a"]),
        ({"a": "{% include 'b' %}", "b": "{% import 'c' as c %}", "c": "{% extends 'a' %}"}, ["a -> b -> c -> a", "b -> c -> a -> b", "c -> a -> b -> c"]),
        ({"a": "{% if x %}{% include 'a' %}{% endif %}{% for y in x %}{% include 'a' %}{% endfor %}"}, []),
        ({"a": "{% if x %}{% extends 'a' %}{% endif %}"}, []),
        ({"a": "{% block x %}{% include 'b' %}{% endblock %}", "b": "{% extends 'a' %}{% block x %}{% endblock %}"}, []),
        ({"a": "{% extends 'b' %}{% include 'a' %}", "b": ""}, []),
        ({"a": "{% include 'b' %}", "b": "{% include 'b' %}"}, ["b -> b"]),
    ],
)  # fmt: skip
def test_circles(templates: dict[str, str], chains: list[str]) -> None:
    """Templates that use themselves whatever happens are found."""
    assert [f"templates use each other without an end: {chain}" for chain in chains] == messages(templates)


LOOP = "{% for x in y %}{% set n = x %}{% endfor %}"


@pytest.mark.parametrize(
    ("source", "lost"),
    [
        (LOOP + "{{ n }}", ["n"]),
        ("{% for x in y %}{% set a, b = x %}{% endfor %}{{ a }}{{ b }}", ["a", "b"]),
        ("{% for x in y %}{% set n %}{{ x }}{% endset %}{% endfor %}{{ n }}", ["n"]),
        ("{% for x in y %}{% import x as n %}{% endfor %}{{ n }}", ["n"]),
        ("{% for x in y %}{% if x %}{% elif y %}{% set n = x %}{% endif %}{% endfor %}{{ n }}", ["n"]),
        ("{% for x in y %}{% for z in x %}{% set n = n + z %}{% endfor %}{% endfor %}{{ n }}", ["n"]),
        ("{% for x in y %}" + LOOP + "{{ n }}{% endfor %}", ["n"]),
        ("{% if y %}" + LOOP + "{% endif %}{{ n }}", ["n"]),
        ("{% if z %}{% else %}" + LOOP + "{{ n }}{% endif %}", ["n"]),
        ("{% for z in q %}{% else %}" + LOOP + "{{ n }}{% endfor %}", ["n"]),
        ("{% call m() %}" + LOOP + "{{ n }}{% endcall %}", ["n"]),
        ("{% macro m() %}" + LOOP + "{{ n }}{% endmacro %}", ["n"]),
        (LOOP + "{% for x in y %}{{ n }}{% endfor %}", ["n"]),
        (LOOP + "{% macro m() %}{{ n }}{% endmacro %}", ["n"]),
        ("{% for x in y %}{% macro m() %}{% set n = x %}{{ n }}{% endmacro %}{% endfor %}{{ n }}", []),
        ("{% for x in y %}{% call m() %}{% set n = x %}{% endcall %}{% endfor %}{{ n }}", []),
        (LOOP + "{% set n = 2 %}{{ n }}", []),
        (LOOP + "{% for n in y %}{{ n }}{% endfor %}", []),
        (LOOP + "{% macro m(n) %}{{ n }}{% endmacro %}", []),
        ("{{ n }}" + LOOP, []),
        ("{% for x in y %}{% set n = x %}{{ n }}{% endfor %}{% for x in y %}{% set n = x %}{{ n }}{% endfor %}", []),
        ("{% set s = namespace() %}{% for x in y %}{% set s.n = x %}{% endfor %}{{ s.n }}", []),
        ("{% set n = 0 %}{% for x in y %}{% set outer n = x %}{% endfor %}{{ n }}", []),
    ],
)
def test_lost_assignments(source: str, lost: list[str]) -> None:
    """An assignment in a loop is lost if the name is read behind it; in a macro in the loop it never was the loop's."""
    environment = Environment(loader=DictLoader({"t": source}), extensions=EXTENSIONS)
    found = check_templates(environment)

    assert [("lost-assignment", False)] * len(lost) == [(problem.code, problem.is_error) for problem in found]
    assert lost == sorted(problem.message.split("'")[1] for problem in found)


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("{{ a }}{{ a }}{{ b }}", ["a", "b"]),
        (
            "{% if a is defined %}{{ a }}{% endif %}{% if b is not defined or c is undefined %}{% endif %}{{ b }}{{ c }}",
            [],
        ),
        ("{{ a | default(1) }}{{ a }}{{ b | d }}", []),
        ("{{ a.b | default(1) }}", ["a"]),
        ("{% if given %}{% set a = 1 %}{% endif %}{{ a }}", []),
        ("{% if given %}{% import given as a %}{% else %}{% set b %}{% endset %}{% endif %}{{ a }}{{ b }}", []),
        ("{% for a in given %}{{ a }}{{ loop.index }}{% endfor %}{{ a }}{{ loop }}", ["a", "loop"]),
        ("{% for a in a %}{% else %}{{ b }}{% endfor %}", ["a", "b"]),
        ("{% for a in given if a > b %}{% endfor %}", ["b"]),
        (
            "{% macro m(a, b=c) %}{{ a }}{{ b }}{{ caller() }}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m() }}{{ caller }}",
            ["c", "caller"],
        ),
        ("{% call(a) given() %}{{ a }}{{ b }}{% endcall %}", ["b"]),
        ("{% with a = b, c = a %}{{ a }}{{ c }}{% endwith %}", ["a", "b"]),
        (
            "{% for a in given %}{% block x %}{{ a }}{% endblock %}{% block y scoped %}{{ a }}{% endblock %}{% endfor %}",
            ["a"],
        ),
        ("{% block x %}{{ super() }}{{ self.x() }}{% endblock %}{{ self }}{{ super }}", ["super"]),
        ("{% set n.a = 1 %}", ["n"]),
        ("{% set n = namespace() %}{% set n.a = 1 %}{{ range(n.a) }}", []),
        ("{% filter upper %}{{ a }}{% endfilter %}{% set b | replace(c, d) %}{{ b }}{% endset %}", ["a", "c", "d"]),
        ("{{ _('x') }}{% trans %}{{ a }}{% endtrans %}", ["a"]),
        ("{% include 'no' ignore missing with x=a %}", ["a"]),
        ("{{ m() }}{% macro m() %}{{ late }}{% endmacro %}{% set late = 1 %}", []),
    ],
)
def test_undefined_names(source: str, names: list[str]) -> None:
    """A name is never defined if nobody declares it, no scope around sets it and the template doesn't ask for it."""
    environment = Environment(loader=DictLoader({"t": source}), extensions=EXTENSIONS)
    environment.install_null_translations()  # type: ignore[attr-defined]
    found = check_templates(environment, None, ["given"])

    assert names == sorted(problem.message.split("'")[1] for problem in found)
    assert {"undefined-name"} >= {problem.code for problem in found}


def test_undefined_names_of_others() -> None:
    """What an including, a parent's or a child's template sets counts; what one sets that only imports doesn't."""
    templates = {
        "list": "{% for item in given %}{% include 'row' %}{% endfor %}",
        "row": "{{ item }}{% include 'cell' %}",
        "cell": "{{ item }}{{ loop }}",
    }
    assert [] == check(templates, ["given"])
    templates = {
        "base": "{% set a = 1 %}{% block x %}{% endblock %}{{ b }}",
        "child": "{% extends 'base' %}{% set b = 2 %}{% block x %}{{ a }}{% endblock %}",
    }
    assert [] == check(templates, [])
    templates = {
        "t": "{% set a = 1 %}{% import 'm' as m %}",
        "u": "{% set b = 1 %}{% import 'm' as m with context %}",
        "m": "{{ a }}{{ b }}",
    }
    assert ["m:4 undefined-name"] == check(templates, [])
    assert [] == check({"t": "{% set a = 1 %}{% include given %}", "u": "{{ a }}"}, ["given"])


def test_undefined_name_suggestion() -> None:
    """The message names what may have been meant."""
    assert ["'custommer' is never defined; did you mean 'customer'?"] == messages(
        {"t": "{{ custommer }}"}, ["customer"]
    )


BASE = "{% block a %}{% block b %}{% endblock %}{% endblock %}"


@pytest.mark.parametrize(
    ("source", "unused"),
    [
        ("{% extends 'base' %}{% block a %}{% endblock %}{% block b %}{% endblock %}", []),
        ("{% extends 'base' %}{% block c %}{% block d %}{% endblock %}{% endblock %}", ["c"]),
        ("{% extends 'base' %}{% if x %}{% block c %}{% endblock %}{% endif %}", ["c"]),
        ("{% extends 'base' %}{% block a %}{% block c %}{% endblock %}{% endblock %}", []),
        ("{% extends 'base' %}{% block a %}{{ self.c() }}{% endblock %}{% block c %}{% endblock %}", []),
        ("{% extends 'base' %}{% block a %}{{ self[x]() }}{% endblock %}{% block c %}{% endblock %}", []),
        ("{% block c %}{% endblock %}{% extends 'base' %}", []),
        ("{% if x %}{% extends 'base' %}{% endif %}{% block c %}{% endblock %}", []),
        ("{% extends x %}{% block c %}{% endblock %}", []),
        (
            "{% extends 'base' %}{% macro m() %}{% block c %}{% endblock %}{% endmacro %}{% for x in y %}{% block d %}{% endblock %}{% endfor %}",
            [],
        ),
        (
            "{% extends 'base' %}{% if x %}{% elif y %}{% block c %}{% endblock %}{% else %}{% block d %}{% endblock %}{% endif %}",
            ["c", "d"],
        ),
        ("{% extends 'base' if x else 'other' %}{% block c %}{% endblock %}", []),
        ("{% extends 'middle' %}{% block c %}{% endblock %}{% block m %}{% endblock %}", ["c"]),
        ("{% block c %}{% endblock %}", []),
    ],
)
def test_unused_blocks(source: str, unused: list[str]) -> None:
    """A block that no parent has is unused, unless it is called, or it isn't sure that there is a parent."""
    middle = "{% extends 'base' %}{% block a %}{% block m %}{% endblock %}{% endblock %}"
    environment = Environment(loader=DictLoader({"base": BASE, "middle": middle, "other": "", "t": source}))

    assert unused == [problem.message.split("'")[1] for problem in check_templates(environment)]


def test_loader_errors() -> None:
    """A template that can't be read is a finding of its own."""

    class Broken(DictLoader):
        def get_source(self, environment: Environment, template: str) -> Any:
            if template == "denied":
                raise PermissionError(13, "Permission denied")
            return super().get_source(environment, template)

    environment = Environment(loader=Broken({"denied": "", "t": "{% include 'denied' %}"}))
    (found,) = check_templates(environment)
    assert ("denied", "unreadable", "the file can't be read: Permission denied") == (
        found.template,
        found.code,
        found.message,
    )


def test_undefined_names_are_undeclared() -> None:
    """Whatever is called undefined in a template of the corpus is a name that rendering would look up."""
    environment = Environment(extensions=EXTENSIONS)
    checked = 0
    for source in [*all_sources(), *PAGES.values()]:
        try:
            tree = environment.parse(source)
        except TemplateSyntaxError:
            continue
        names = {node.name for node in undefined_names(tree, environment.globals)}
        assert names <= find_undeclared_variables(tree) | {"loop", "caller", "super", "self"}, source
        checked += bool(names)
    assert 50 < checked


@pytest.mark.parametrize(
    ("source", "place"),
    [
        ("a\n{% trans %}\n  {{ user }}{% endtrans %}", (3, 6)),
        ("a\n{% trans x=1,\n user %}{{ user }}{% endtrans %}", (3, 2)),
        ("a\n{% set ns.a = 1 %}", (2, 8)),
        ("a\n{% for x in [1] %}\n {{ x.y + user }}{% endfor %}", (3, 11)),
    ],
)
def test_places(source: str, place: tuple[int, int]) -> None:
    """A name is found where it stands, in a translated text too."""
    environment = Environment(loader=DictLoader({"t": source}), extensions=EXTENSIONS)
    environment.install_null_translations()  # type: ignore[attr-defined]
    assert [place] == [(problem.line, problem.column) for problem in check_templates(environment, None, [])]
