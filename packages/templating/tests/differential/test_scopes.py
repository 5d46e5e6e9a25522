"""When scopes look their names up in the context, on both engines: where the scope begins, not where the function does.

What shows the moment: parents that assign names behind a child's macros, functions that write to the context, and a
context whose look-up raises.
"""

from __future__ import annotations

import asyncio
from typing import Any

import jinja2
import jinja2.ext
import jinja2.nodes
import jinja2.runtime
import pytest

import dray.templating
import dray.templating.ext
import dray.templating.nodes
import dray.templating.runtime

ENGINES = [(jinja2, jinja2.runtime), (dray.templating, dray.templating.runtime)]
BASE = "{% set y = 3 %}{% import 'forms' as forms %}{% block q %}{% endblock %}"
FORMS = "{% macro input(name='n') %}<{{ name }}{{ y }}>{% endmacro %}"
#: What scopes read after a function wrote it to the context.
READS = (
    "{% for x in [1] %}{{ y }}{% endfor %}",
    "{% for x in [] %}{% else %}{{ y }}{% endfor %}",
    "{% for x in [0, 1, 2] if x == y %}{{ x }}{% endfor %}",
    "{% for x in [0, 1, 2] if x == y %}{{ loop.index }}{% endfor %}",
    "{% for x in [[1], 2] recursive %}{{ y }}{% if x is iterable %}{{ loop(x) }}{% endif %}{% endfor %}",
    "{% set z %}{{ y }}{% endset %}{{ z }}",
    "{% macro m() %}{{ y }}{% endmacro %}{{ m() }}",
    "{% macro m(a=y) %}{{ a }}{% endmacro %}{{ m() }}",
    "{% macro m() %}{{ caller() }}{% endmacro %}{% call m() %}{{ y }}{% endcall %}",
    "{% filter upper %}{{ y }}{% endfilter %}",
    "{% with %}{{ y }}{% set y = 5 %}{{ y }}{% endwith %}{{ y }}",
    "{% autoescape true %}{{ y }}{% endautoescape %}",
)
#: Places that are never reached, or only by name.
UNREACHED = (
    "{% macro unused() %}{{ boom }}{% endmacro %}ok",
    "{% for x in [] %}{{ boom }}{% endfor %}ok",
    "{% for x in [] %}{{ loop.index }}{% for y in [1] if boom %}{{ loop.index }}{% endfor %}{% endfor %}ok",
    "{% for x in [1] %}{{ x }}{% else %}{{ boom }}{% endfor %}ok",
    "{% if false %}{% with %}{{ boom }}{% endwith %}{% endif %}ok",
    "{% if false %}{{ boom }}{% endif %}ok",
    "{% for x in [1] if boom %}{% endfor %}ok",
    "{% for x in [] if x > boom %}{% endfor %}ok",
)
PAGES = [
    "{% extends 'base' %}{% macro h() %}h{{ y }}{% endmacro %}{% block q %}{{ h() }}{% endblock %}",
    "{% extends 'base' %}{% macro h() %}{{ forms.input() }}{% endmacro %}{% block q %}{{ h() }}{% endblock %}",
    "{% extends 'base' %}{% macro h(a=y) %}{{ a }}{% for i in [1, 2] %}{{ y }}{% endfor %}{% macro n() %}{{ y }}"
    "{% endmacro %}{{ n() }}{% endmacro %}{% block q %}{{ h() }}{% endblock %}",
    "{% if t %}{% extends 'base' %}{% endif %}{% macro h() %}h{{ y }}{% endmacro %}"
    "{% block q %}{{ h() }}{% endblock %}",
    *["{{ put('y', 1) }}" + read for read in READS],
    *["{% block a %}{{ put('y', 1) }}" + read + "{% endblock %}" for read in READS],
    *["{% for i in [1, 2] %}{{ put('y', i) }}" + read + "{% endfor %}" for read in READS],
    *["{% macro a() %}{{ put('y', 1) }}" + read + "{% endmacro %}{{ a() }}" for read in READS],
    *UNREACHED,
    "{% macro h() %}{{ y }}{% endmacro %}{% block b scoped %}{{ put('y', 1) }}{{ h() }}{% endblock %}{{ h() }}",
    "{% for a in [1, 2] if not loop %}{% block b scoped %}{{ loop.index }}{% endblock %}{% endfor %}",
    "{% with b = put('y', 1) %}{{ y }}{% with c = y, y = 3 %}{{ c }}{{ y }}{% endwith %}{% endwith %}{{ y }}",
    "{% macro h(a=y) %}{{ a }}{% endmacro %}{% set b = 1 or y %}{{ put('y', 1) }}{{ h() }}",
    "{% set b = true or y %}{% set y = b %}{% macro h() %}{{ y }}{% endmacro %}{{ h() }}",
    "{% for a in [1, 2] if put('y', loop) == '' %}{{ loop.index }}{% endfor %}",
    "{% for a in [1, 2] if put('y', x) == '' %}{% set x = a %}{{ y }}{{ x }}{% endfor %}",
    "{% for a in [1, 2] if put('y', a) == '' and not x %}{% for b in [3] if b != y and not x %}{{ put('x', 1) }}{{ b }}"
    "{% endfor %}{{ a }}{% endfor %}",
]


def rendered(engine: Any, runtime: Any, source: str, hooked: bool, **options: Any) -> list[Any]:
    """Return what each way to render a page gives, or the class and message of its error."""

    class Watchful(runtime.Context):  # type: ignore[misc] # either engine's
        """A context that refuses one name."""

        def resolve_or_missing(self, key: str) -> Any:
            if key == "boom":
                raise ValueError(key)
            return super().resolve_or_missing(key)

    @engine.pass_context  # type: ignore[untyped-decorator] # either engine's
    def put(context: Any, name: str, value: Any) -> str:
        context.vars[name] = value
        return ""

    if "undefined" in options:
        options["undefined"] = getattr(engine, options["undefined"])
    environment = engine.Environment(
        loader=engine.DictLoader({"base": BASE, "forms": FORMS, "page": source}), **options
    )
    if hooked:
        environment.context_class = Watchful
    environment.globals["put"] = put
    template = environment.get_template("page")
    ways = [lambda: template.render(t=1), lambda: "".join(template.generate(t=1))]
    if environment.is_async:
        ways.append(lambda: asyncio.run(template.render_async(t=1)))
    found = []
    for way in ways:
        try:
            found.append(way())
        except Exception as error:
            found.append((type(error).__name__, str(error)))
    return found


@pytest.mark.parametrize("source", PAGES)
@pytest.mark.parametrize("hooked", [False, True], ids=["plain", "own context"])
@pytest.mark.parametrize("options", [{}, {"undefined": "StrictUndefined"}, {"enable_async": True}], ids=repr)
def test_the_moment_of_a_look_up(source: str, hooked: bool, options: dict[str, Any]) -> None:
    """The same output and errors."""
    theirs, ours = (rendered(*engine, source, hooked, **options) for engine in ENGINES)
    assert theirs == ours


@pytest.mark.parametrize(("engine", "runtime"), ENGINES, ids=["reference", "dray"])
def test_the_own_context_is_asked(engine: Any, runtime: Any) -> None:
    """A name that is reached does raise."""
    assert rendered(engine, runtime, "{{ boom }}", hooked=True) == [("ValueError", "boom")] * 2


OVERLAYS = [
    "{% set z = 4 %}{% overlay {'y': 5} %}{% overlay {'z': 6} %}{{ y }}{{ z }}{% endoverlay %}{{ y }}{{ z }}"
    "{% endoverlay %}{{ y }}{{ z }}",
    "{% for i in [1, 2] %}{% overlay {'y': i} %}{% for x in [1] if x != y %}{{ y }}{% endfor %}{{ z }}{% endoverlay %}"
    "{{ y }}{% for q in [1] %}{{ y }}{{ z }}{% endfor %}{% endfor %}",
    "{% for i in [1, 2] %}{% overlay {'y': i} %}{% set y = 4 %}{{ y }}{% endoverlay %}{{ y }}{% endfor %}",
    "{% with y = 7 %}{% overlay {'y': 1} %}{{ y }}{% macro m() %}{{ y }}{{ z }}{% endmacro %}{{ m() }}"
    "{% with q = y %}{{ q }}{{ z }}{% endwith %}{% endoverlay %}{{ y }}{% endwith %}",
]


@pytest.mark.parametrize("source", OVERLAYS)
@pytest.mark.parametrize("is_async", [False, True])
def test_overlays(source: str, is_async: bool) -> None:
    """A scope whose names come from a mapping leaves the variables around it alone."""
    found = []
    for engine, _ in ENGINES:

        class Overlay(engine.ext.Extension):  # type: ignore[misc, name-defined] # either engine's
            """``{% overlay MAPPING %}...{% endoverlay %}``."""

            tags = frozenset({"overlay"})

            def parse(self, parser: Any) -> Any:
                lineno = next(parser.stream).lineno
                context = parser.parse_expression()
                body = parser.parse_statements(("name:endoverlay",), drop_needle=True)
                return self.nodes.OverlayScope(context, body).set_lineno(lineno)

            nodes = engine.nodes

        environment = engine.Environment(extensions=[Overlay], enable_async=is_async)
        found.append(environment.from_string(source).render(y=8, z=9))
    assert found[0] == found[1]


@pytest.mark.parametrize("ctx", ["param", "store", "load"])
@pytest.mark.parametrize("around", ["{}", "{{% for i in [1] %}}{}{{% endfor %}}"])
def test_arguments_of_hand_made_blocks(ctx: str, around: str) -> None:
    """What a block's function hands over is there, however the extension made the argument's name."""

    class Wrap(dray.templating.ext.Extension):
        """``{% wrap %}...{% endwrap %}`` with an argument ``v``."""

        tags = frozenset({"wrap"})

        def parse(self, parser: Any) -> Any:
            lineno = next(parser.stream).lineno
            body = parser.parse_statements(("name:endwrap",), drop_needle=True)
            name = dray.templating.nodes.Name("v", ctx)
            call = self.call_method("_wrapped")
            return dray.templating.nodes.CallBlock(call, [name], [], body).set_lineno(lineno)

        def _wrapped(self, caller: Any) -> str:
            return f"<{caller(7)}>"

    source = around.format("{% wrap %}{{ v }}{% set v = 3 %}{{ v }}{% endwrap %}")
    assert dray.templating.Environment(extensions=[Wrap]).from_string(source).render(v=1) == "<73>"


#: Where there is an @, the template is included.
INCLUDING_LOOPS = [
    "{% for x in [1] %}@{% else %}{% block b scoped %}{% endblock %}{% endfor %}",
    "{% for x in [1] %}@{% else %}{% for u in [] %}{% block b scoped %}{% endblock %}{% endfor %}{% endfor %}",
    "{% for x in [1] %}@{% block b %}{% block c scoped %}{% endblock %}{% endblock %}{% endfor %}",
    "{% for x in [1] %}@{% for y in [1] %}{% block c scoped %}{{ loop.index }}{% endblock %}{% endfor %}{% endfor %}",
    "{% for x in [1] %}@{% macro m() %}{% block c scoped %}{% endblock %}{% endmacro %}{% endfor %}",
    "{% for x in [1] %}@{% for y in [1] %}{{ loop.index }}{% endfor %}{% endfor %}",
    "{% for x in [1] %}@{% else %}{{ loop }}{% endfor %}",
    "{% for x in [1] %}@{% macro m() %}{{ loop }}{% endmacro %}{% endfor %}",
    "{% for x in [1] %}@{% block m %}{{ loop }}{% endblock %}{% endfor %}",
    "{% for x in [1] if loop is undefined %}@{% endfor %}",
    "{% for x in [1] recursive %}@{% endfor %}",
    "{% for x in [1] %}{% with loop=x %}{{ loop }}{% endwith %}@{% endfor %}",
    "{% for x in [1] %}{% filter upper %}{{ loop.index }}{% endfilter %}@{% endfor %}",
    "{% for x in [1] %}{% for y in loop %}{% endfor %}@{% endfor %}",
    "{% for x in [1] %}{% for y in [1] if loop is defined %}{% endfor %}@{% endfor %}",
    "{% for x in [1] %}{% for y in [1] %}{% else %}{{ loop }}{% endfor %}@{% endfor %}",
    "{% for x in [1] %}{% macro loop() %}{% endmacro %}@{% endfor %}",
    "{% for x in [1] %}{% import 'i' as loop %}@{% endfor %}",
    "{% for x in [1] %}{% include loop is defined and 'i' %}{% endfor %}",
]


@pytest.mark.parametrize("source", INCLUDING_LOOPS)
def test_loops_that_includes_see(source: str) -> None:
    """An included template gets ``loop`` where something else in the loop makes it an object."""

    def show(engine: Any) -> str:
        pages = {"i": "{{ loop.index if loop is defined else '-' }}", "page": source.replace("@", "{% include 'i' %}")}
        return engine.Environment(loader=engine.DictLoader(pages)).get_template("page").render()  # type: ignore[no-any-return]

    assert show(jinja2) == show(dray.templating)
