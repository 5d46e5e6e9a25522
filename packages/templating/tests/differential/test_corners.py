"""Corners that applications and extensions reach, on both engines."""

from __future__ import annotations

import asyncio
import gc
from pathlib import Path
from typing import Any

import jinja2
import jinja2.sandbox
import markupsafe
import pytest

import dray.safe_strings
import dray.templating
import dray.templating.sandbox

ENGINES = [(jinja2, markupsafe.Markup), (dray.templating, dray.safe_strings.Markup)]


class Text(str):
    """Text of a class of its own, as parsers of configuration make it."""

    __slots__ = ()


class Thing:
    """Something with attributes."""

    secret = 1
    open = 2


def outcome(function: Any, *args: Any) -> Any:
    """Return what a function returns, or the class of what it raises."""
    try:
        return function(*args)
    except Exception as error:
        return type(error).__name__


def agree(function: Any) -> None:
    """Check that a function of the engine and its class of safe text gives the same on both."""
    theirs, ours = (outcome(function, *engine) for engine in ENGINES)
    assert theirs == ours


CALL_BLOCKS = [
    "{% call f() %}<b>{% endcall %}",
    "{% for i in [1, 2] %}{% call f() %}<b>{% endcall %}{% endfor %}",
    "{% for i in [1, 2] %}{% set q = 1 %}{% call f(x=1) %}<b>{% endcall %}{% endfor %}",
    "{% macro g() %}<{{ caller() }}>{% endmacro %}{% call g() %}<b>{{ x }}{% endcall %}",
    "{% filter upper %}{% call f() %}<b>{% endcall %}{% endfilter %}",
]


@pytest.mark.parametrize("source", CALL_BLOCKS)
@pytest.mark.parametrize("finalize", [None, "({})".format], ids=["plain", "finalize"])
@pytest.mark.parametrize("escape", [True, False])
@pytest.mark.parametrize("how", ["render", "generate", "async"])
def test_the_result_of_a_call_block_is_output(source: str, finalize: Any, escape: bool, how: str) -> None:
    """It is neither escaped nor finalized: extensions return markup as plain text."""

    def wrap(caller: Any, **options: Any) -> str:
        return f"<i>{caller()}</i>"

    async def wrap_later(caller: Any, **options: Any) -> str:
        return f"<i>{await caller()}</i>"

    def show(engine: Any, markup: Any) -> str:
        environment = engine.Environment(autoescape=escape, finalize=finalize, enable_async=how == "async")
        template = environment.from_string(source)
        if how == "async":
            return str(asyncio.run(template.render_async(f=wrap_later, x="<")))
        return str(template.render(f=wrap, x="<")) if how == "render" else "".join(template.generate(f=wrap, x="<"))

    agree(show)


@pytest.mark.parametrize("source", ["{{ f(a) }}", "{{ a }}{{ f(a) }}", "{% for i in a %}{{ i }}{{ f(a) }}{% endfor %}"])
def test_modules_that_look_two_names_up(source: str, tmp_path: Path) -> None:
    """Templates compiled ahead are text: no name in it is spelled twice."""

    def show(engine: Any, markup: Any) -> str:
        folder = tmp_path / engine.__name__
        engine.Environment(loader=engine.DictLoader({"t": source})).compile_templates(folder, zip=None)
        template = engine.Environment(loader=engine.ModuleLoader(folder)).get_template("t")
        return str(template.render(f=str, a="12"))

    agree(show)


@pytest.mark.parametrize("name", ["a", ("a", 1), 5], ids=str)
@pytest.mark.parametrize("source", ["<b>{{ x }}", "{% if x %}{{ x.y }}{% endif %}{% block b %}1{% endblock %}"])
@pytest.mark.parametrize("cls", [Text, None], ids=["subclass", "safe text"])
def test_texts_and_names_of_other_classes(name: Any, source: str, cls: Any) -> None:
    """Safe text and other subclasses of ``str`` are texts and names; a loader's names are its own business."""

    def show(engine: Any, markup: Any) -> str:
        make = cls or markup
        environment = engine.Environment(loader=engine.DictLoader({name: make(source)}), autoescape=True)
        key = make(name) if isinstance(name, str) else name
        included = "{% include k %}" if isinstance(name, str) else ""
        first = environment.get_template(key).render(x=1)
        return str(first) + str(environment.from_string(make(included)).render(k=key, x=1))

    agree(show)


@pytest.mark.parametrize(
    "source",
    [
        "{% include none ignore missing %}", "{% include false ignore missing %}", "{% include none %}",
        "{{ q|urlencode }}", "{{ {'a': 1}|urlencode }}",
    ],
)  # fmt: skip
def test_nothing_where_something_is_usual(source: str) -> None:
    """No template's name and no text are nothing, not an error of Python's."""
    agree(lambda engine, markup: engine.Environment().from_string(source).render())


@pytest.mark.parametrize("sandboxed", [True, False])
def test_attr_asks_an_overridden_hook(sandboxed: bool) -> None:
    """A rule about attributes holds in the filter as it does behind a dot."""

    def show(engine: Any, markup: Any) -> str:
        base = engine.sandbox.SandboxedEnvironment if sandboxed else engine.Environment

        class Guarded(base):  # type: ignore[misc]
            """Hides one attribute."""

            def getattr(self, obj: Any, attribute: str) -> Any:
                """Return the attribute, or not."""
                return "hidden" if attribute == "secret" else super().getattr(obj, attribute)

        source = "{{ o|attr('secret') }} {{ o.secret }} {{ o|attr('open') }} {{ o|attr('none') }}"
        return str(Guarded().from_string(source).render(o=Thing()))

    agree(show)


def test_a_rule_set_on_the_sandbox_itself_holds() -> None:
    """In each render: the first one teaches the look-up which types are harmless."""

    def show(engine: Any, markup: Any) -> list[str]:
        environment = engine.sandbox.SandboxedEnvironment()
        environment.is_safe_attribute = lambda obj, attr, value: attr != "secret"
        template = environment.from_string("{{ o.open }}{{ o.secret }}")
        return [template.render(o=Thing()) for _ in range(3)]

    agree(show)


@pytest.mark.parametrize("body", ["{% for i in [1] %}{}{% endfor %}", "{% block b %}{}{% endblock %}"])
def test_context_functions_see_assignments_in_the_sandbox(body: str) -> None:
    """What loop and block assigned before."""

    def show(engine: Any, markup: Any) -> str:
        environment = engine.sandbox.SandboxedEnvironment()
        environment.globals["f"] = engine.pass_context(lambda context, key: context.get(key))
        return str(environment.from_string(body.replace("{}", "{% set q = 2 %}{{ f('q') }}")).render())

    agree(show)


@pytest.mark.parametrize(
    "source",
    [
        "{{ '%d items'|format(5000000) }}", "{{ '%(n)s'|format(n=1234567) }}", "{{ x|replace('a', 5000000) }}",
        "{{ 'call 5551234: %s' % 'x' }}", "{{ 'order %s of 123456789'|format(x) }}",
    ],
)  # fmt: skip
def test_large_numbers_are_no_widths(source: str) -> None:
    """The sandbox bounds the size of text, not the numbers in it."""
    agree(lambda engine, markup: engine.sandbox.SandboxedEnvironment().from_string(source).render(x="abc"))


class Frozen(Exception):
    """An error that nobody can put anything on."""

    def __setattr__(self, name: str, value: Any) -> None:
        raise TypeError("frozen")


def test_an_error_that_takes_no_notes_stays_what_it_is() -> None:
    """The place in the template is lost, the error isn't."""

    def fail() -> None:
        raise Frozen

    agree(lambda engine, markup: engine.Environment().from_string("{{ f() }}").render(f=fail))


def test_undefined_attributes_leave_no_garbage() -> None:
    """A look-up that fails keeps neither frame nor context alive."""
    template = dray.templating.Environment().from_string("{% for x in xs %}{{ x.none is defined }}{% endfor %}")
    template.render(xs=[Thing()])
    gc.collect()
    gc.disable()
    try:
        template.render(xs=[Thing() for _ in range(50)])
        assert gc.collect() < 50
    finally:
        gc.enable()
