"""Corners of what programs build on the engine, on both engines: hooks, delimiters, undefined values of their own."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import MutableMapping
from functools import partial
from typing import Any

import jinja2
import jinja2.ext
import jinja2.meta
import jinja2.nativetypes
import jinja2.nodes
import jinja2.sandbox
import jinja2.utils
import pytest

import dray.templating
import dray.templating.ext
import dray.templating.meta
import dray.templating.nativetypes
import dray.templating.nodes
import dray.templating.sandbox
import dray.templating.utils

ENGINES = (jinja2, dray.templating)


def outcome(action: Any) -> Any:
    """Return a result, or an error's class and first line."""
    try:
        return action()
    except Exception as error:
        return type(error).__name__, str(error).partition("\n")[0]


@pytest.mark.parametrize(
    ("options", "source"),
    [
        ({"block_end_string": " %}"}, "{% if x %}a{%  endif %}"),
        ({"block_end_string": " %}"}, "{% if x  %}a{% endif %}"),
        ({"block_end_string": " %}", "trim_blocks": True}, "{% if x %}\na{% endif - %}\nb"),
        ({"block_end_string": " %}"}, "{% raw %}a{% endraw %}"),
        ({"variable_end_string": " }}"}, "{{ x }}{{ 1 }}{{ [1, 2 ] }}{{ {1: {2: 3 }} }}"),
        ({"variable_end_string": "  }}"}, "{{ x  }}{{ x }}"),
        ({"variable_end_string": " }}"}, "{{ x\n }}"),
        ({"block_start_string": "/*", "block_end_string": " */"}, "/* if x */a/* endif */"),
        ({"block_start_string": "<!-- ", "block_end_string": " -->"}, "<!-- if x -->a<!-- endif -->"),
        ({"variable_start_string": "<v ", "variable_end_string": " v>"}, "<v x v><v 'v>' v>"),
        ({"block_start_string": "%", "block_end_string": "\n"}, "%if x\na\n%endif\nb"),
        ({"block_start_string": "%", "block_end_string": "\n"}, "%if (x\n)\na\n%endif \nb"),
    ],
)
def test_delimiters_that_begin_with_white_space(options: dict[str, Any], source: str) -> None:
    """White space before a token is taken as a whole, if no delimiter begins with it."""
    theirs, ours = (
        (
            outcome(lambda engine=engine: engine.Environment(**options).from_string(source).render(x="X")),
            outcome(lambda engine=engine: list(engine.Environment(**options).lex(source))),
        )
        for engine in ENGINES
    )
    assert theirs[0] == ours[0] or theirs[0][0] == ours[0][0] == "TemplateSyntaxError"
    assert theirs[1] == ours[1] or theirs[1][0] == ours[1][0] == "TemplateSyntaxError"


class Sequence:
    """What can be iterated over by indices alone."""

    def __getitem__(self, index: int) -> dict[str, int]:
        if index > 2:
            raise IndexError
        return {"a": index * 10}


class Stops:
    """Can't even begin."""

    def __iter__(self) -> Any:
        raise StopIteration

    def __reversed__(self) -> Any:
        raise StopIteration


@pytest.mark.parametrize(
    "source",
    [
        "{{ x|join(',', attribute='a') }}",
        "{{ x|join(attribute='a.c') }}",
        "{{ x|sum('a') }}",
        "{{ x|sum(attribute='a', start=3) }}",
        "{{ 3|join(',') }}{{ 3|sum }}",
        "{{ 3|sum }}",
        "{{ u|sum }}{{ u|join }}",
        "{{ ['a', 'b']|sum(start='') }}",
        "{{ [(1,), (2,)]|sum(start=[]) }}",
        "{{ '%s'|format(1, a=1) }}",
        "{{ u|format(1, a=1) }}",
        "{{ u|replace('a') }}",
        "{{ 'a'|replace('a') }}",
    ],
)
@pytest.mark.parametrize("where", ["Environment", "SandboxedEnvironment"])
@pytest.mark.parametrize("is_async", [False, True])
def test_filters_of_items(source: str, where: str, is_async: bool) -> None:
    """The same in a sandbox, and in asynchronous environments what they add up."""

    def show(engine: Any) -> Any:
        environment = getattr(engine.sandbox if "Sand" in where else engine, where)(enable_async=is_async)
        result = outcome(lambda: environment.from_string(source).render(x=Sequence(), stops=Stops()))
        return result[0] if isinstance(result, tuple) else result

    theirs, ours = map(show, ENGINES)
    assert theirs == ours


@pytest.mark.parametrize("source", ["{% uid %} {{ x }}", "{% uid %}", "{{ x }}{{ '<' }}{% include 'other' %}"])
def test_native_templates_are_compiled_once(source: str) -> None:
    """Extensions and ``finalize`` see each text one time."""

    def show(engine: Any) -> Any:
        class Uid(engine.ext.Extension):  # type: ignore[misc]
            """Counts its tags, and the texts."""

            tags = {"uid"}
            numbers = itertools.count()
            texts: list[str] = []

            def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
                self.texts.append(source)
                return source

            def parse(self, parser: Any) -> Any:
                line = next(parser.stream).lineno
                return engine.nodes.Output([engine.nodes.Const(f"id{next(self.numbers)}")], lineno=line)

        environment = engine.nativetypes.NativeEnvironment(
            extensions=[Uid], loader=engine.DictLoader({"other": "{% uid %}"})
        )
        return environment.from_string(source).render(x=1), Uid.texts

    theirs, ours = map(show, ENGINES)
    assert theirs == ours


def test_native_values_are_read_when_they_are_written() -> None:
    """What changes later is text by then; one value alone is the value."""

    def show(engine: Any) -> Any:
        environment = engine.nativetypes.NativeEnvironment(extensions=[f"{engine.__name__}.ext.do"])
        sources = (
            "{{ x }}{% do x.append(2) %}",
            "{{ x }}{{ x }}{% do x.append(2) %}",
            "a{{ x }}{% do x.append(2) %}{{ x }}",
        )
        return [environment.from_string(source).render(x=[1]) for source in sources]

    theirs, ours = map(show, ENGINES)
    assert theirs == ours


@pytest.mark.parametrize("is_async", [False, True])
@pytest.mark.parametrize("autoescape", [False, True])
@pytest.mark.parametrize("result", ["<C>", None])
def test_undefined_values_that_can_be_called(is_async: bool, autoescape: bool, result: str | None) -> None:
    """``super()`` without a parent is one call."""

    def show(engine: Any) -> Any:
        class Callable(engine.Undefined):  # type: ignore[misc]
            """Forgives."""

            def __getattr__(self, name: str) -> Any:
                raise AttributeError(name)

            def __call__(self, *args: Any, **kwargs: Any) -> Any:
                return self if result is None else result

            def __str__(self) -> str:
                return "<S>"

        environment = engine.Environment(undefined=Callable, enable_async=is_async, autoescape=autoescape)
        template = environment.from_string("{% block b %}[{{ super() }}]{% endblock %}")
        return template.render(), "".join(template.generate())

    theirs, ours = map(show, ENGINES)
    assert theirs == ours


def test_what_handles_errors_may_return() -> None:
    """It is the last piece of output."""

    def show(engine: Any) -> Any:
        class Handling(engine.Environment):  # type: ignore[misc]
            """Makes text of errors."""

            def handle_exception(self, source: str | None = None) -> Any:
                return "handled"

        plain, waiting = (
            Handling(enable_async=flag).from_string("{% if true %}a{% endif %}{{ 1/z }}") for flag in (False, True)
        )

        async def pieces() -> list[str]:
            return [piece async for piece in waiting.generate_async(z=0)]

        return (
            plain.render(z=0),
            list(plain.generate(z=0)),
            "".join(plain.stream(z=0)),
            asyncio.run(waiting.render_async(z=0)),
            asyncio.run(pieces()),
        )

    theirs, ours = map(show, ENGINES)
    assert theirs == ours


@pytest.mark.parametrize(
    "source",
    [
        "{{ x|nope }}",
        "{{ x is nope }}",
        "{% if x|nope is defined %}{% endif %}",
        "{{ x if y else x|nope }}",
        "{% block a %}{% endblock %}{% block a %}{% endblock %}",
        "{% for loop in x %}{% endfor %}",
        "{% macro m() %}{{ x|nope }}{% endmacro %}",
        "{% filter upper|nope %}{% endfilter %}",
        "{% extends 'a' %}{{ x|nope }}",
        "{% extends 'a' %}{% block q %}\n{{ x|nope }}{% endblock %}",
    ],
)
def test_introspection_says_what_can_not_be(source: str) -> None:
    """Unknown filters among it, as far as they would be compiled."""

    def show(engine: Any) -> Any:
        try:
            return sorted(engine.meta.find_undeclared_variables(engine.Environment().parse(source)))
        except engine.TemplateAssertionError as error:
            return error.message, error.lineno, error.name, error.filename

    theirs, ours = map(show, ENGINES)
    assert theirs == ours


@pytest.mark.parametrize("capacity", [-1, 0, 1])
def test_odd_caches(capacity: int) -> None:
    """They are mappings; a negative capacity bounds nothing."""

    def show(engine: Any) -> Any:
        cache = engine.utils.LRUCache(capacity)
        stored = [type(outcome(partial(cache.setdefault, key, key))) for key in "abc"]
        return isinstance(cache, MutableMapping), stored, len(cache)

    theirs, ours = map(show, ENGINES)
    assert theirs == ours


def test_small_things() -> None:
    """An import of something that isn't there, items that can't even be begun."""

    def show(engine: Any) -> Any:
        class Missing(engine.ext.Extension):  # type: ignore[misc]
            """Imports what isn't there."""

            tags = {"missing"}

            def parse(self, parser: Any) -> Any:
                line = next(parser.stream).lineno
                return engine.nodes.Output([engine.nodes.ImportedName("os.path.nope")], lineno=line)

        environment = engine.Environment(extensions=[Missing])
        return (
            outcome(lambda: environment.from_string("{% missing %}").render())[0],
            outcome(lambda: environment.from_string("{{ x|first }}|{{ x|last }}").render(x=Stops())),
        )

    theirs, ours = map(show, ENGINES)
    assert theirs == ours


def test_sums_leave_what_they_begin_with() -> None:
    """An immutable sandbox doesn't change a list of the program."""
    environment = dray.templating.sandbox.ImmutableSandboxedEnvironment(enable_async=True)
    given: list[int] = []
    assert environment.from_string("{{ [[1], (2,)]|sum(start=given) }}").render(given=given) == "[1, 2]"
    assert given == []
