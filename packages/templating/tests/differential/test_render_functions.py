"""Programs that call render functions of templates themselves, and put their own in their places, on both engines."""

from __future__ import annotations

import asyncio
import types
from typing import Any

import jinja2
import jinja2.runtime
import pytest

import dray.templating
import dray.templating.runtime

ENGINES = [jinja2, dray.templating]
LAYERS = {
    "base": "P[{% block x %}px{{ v }}{% endblock %}]{% block y %}py{% endblock %}",
    "page": "{% extends 'base' %}{% block x %}c{{ super() }}{% endblock %}",
    "plain": "{{ v }}-{{ v }}",
    "outer": "<{% include 'plain' %}{% include 'base' %}>",
}
WAYS = ["render", "generate", "module", "root", "render_async", "generate_async", "root_async"]


def environment(engine: Any, way: str, cls: Any = None) -> Any:
    """Return an environment with the templates above."""
    return (cls or engine.Environment)(loader=engine.DictLoader(LAYERS), enable_async=way.endswith("async"))


async def joined(pieces: Any) -> str:
    """Return the text of an asynchronous iterator's pieces."""
    return "".join([piece async for piece in pieces])


def output(template: Any, way: str) -> str:
    """Return a template's output, made in one of several ways."""
    if way.startswith("root"):
        pieces = template.root_render_func(template.new_context({"v": 1}))
        return "".join(pieces) if way == "root" else asyncio.run(joined(pieces))
    if way == "render_async":
        return str(asyncio.run(template.render_async(v=1)))
    if way == "generate_async":
        return asyncio.run(joined(template.generate_async(v=1)))
    if way == "module":
        return str(template.make_module({"v": 1}))
    return template.render(v=1) if way == "render" else "".join(template.generate(v=1))


def around(function: Any, way: str) -> Any:
    """Return a program's own render function, which puts braces around another's output."""

    def plain(context: Any) -> Any:
        yield "{"
        yield from function(context)
        yield "}"

    async def later(context: Any) -> Any:
        yield "{"
        async for piece in function(context):
            yield piece
        yield "}"

    return later if way.endswith("async") else plain


def new_root(engine: Any, name: str, way: str) -> Any:
    template = environment(engine, way).get_template(name)
    before = output(template, way)
    own = template.root_render_func = around(template.root_render_func, way)
    return before, output(template, way), template.root_render_func is own


def new_parent(engine: Any, name: str, way: str) -> str:
    templates = environment(engine, way)
    base = templates.get_template("base")
    base.root_render_func = around(base.root_render_func, way)
    return output(templates.get_template(name), way)


def new_block(engine: Any, name: str, way: str) -> str:
    templates = environment(engine, way)
    base = templates.get_template("base")
    base.blocks["x"] = around(base.blocks["x"], way)
    base.blocks["z"] = around(base.blocks["y"], way)
    return output(templates.get_template(name), way)


def new_blocks(engine: Any, name: str, way: str) -> str:
    templates = environment(engine, way)
    base = templates.get_template("base")
    base.blocks = {key: around(base.blocks["y"], way) for key in "xyz"}
    return output(templates.get_template(name), way)


def blocks_of_contexts(engine: Any, name: str, way: str) -> str:
    plain = environment(engine, way).get_template("plain")

    class Context(engine.runtime.Context):  # type: ignore[misc]
        """Has blocks of its own."""

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            own = around(plain.root_render_func, way)
            self.blocks.setdefault("x", []).insert(0, own)
            self.blocks["y"] = [own, *self.blocks.get("y", [])]

    class Environment(engine.Environment):  # type: ignore[misc]
        """Uses that context."""

        context_class = Context

    return output(environment(engine, way, Environment).get_template(name), way)


def block_of_one_context(engine: Any, name: str, way: str) -> Any:
    template = environment(engine, way).get_template(name)
    context = template.new_context({"v": 1})
    own = around(template.root_render_func, way)
    context.blocks["y"] = [around(environment(engine, way).get_template("plain").root_render_func, way)]
    same = context.blocks.get("x", [None])[0] is template.blocks.get("x")
    pieces = own(context)
    return same, asyncio.run(joined(pieces)) if way.endswith("async") else "".join(pieces)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.parametrize(
    "change", [new_root, new_parent, new_block, new_blocks, blocks_of_contexts, block_of_one_context]
)
def test_own_render_functions_take_the_places_of_others(change: Any, name: str, way: str) -> None:
    """Functions that a program puts on a template or into a context are what renders from there on."""
    theirs, ours = (change(engine, name, way) for engine in ENGINES)
    assert theirs == ours


@pytest.mark.parametrize("name", LAYERS)
def test_render_functions_return_generators(name: str) -> None:
    """Nothing runs before the first piece is asked for, and a generator can be closed."""

    def show(engine: Any) -> Any:
        calls: list[str] = []
        template = environment(engine, "render").get_template(name)
        functions = [template.root_render_func, *template.blocks.values()]
        context = template.new_context({"v": types.SimpleNamespace(__str__=calls.append)})
        made = [function(context) for function in functions]
        for generator in made:
            generator.close()
        return [type(generator) for generator in made], calls

    theirs, ours = map(show, ENGINES)
    assert theirs == ours


def test_errors_come_where_pieces_are_asked_for() -> None:
    """Not where the function is called."""
    template = dray.templating.Environment().from_string("a{{ 1 // zero }}")
    pieces = template.root_render_func(template.new_context({"zero": 0}))
    with pytest.raises(ZeroDivisionError):
        list(pieces)


def test_functions_are_the_same_objects() -> None:
    """Each time they are asked for, on templates and contexts."""
    template = dray.templating.Environment(loader=dray.templating.DictLoader(LAYERS)).get_template("base")
    context = template.new_context()
    assert template.root_render_func is template.root_render_func
    assert template.blocks is template.blocks
    assert context.blocks["x"][0] is template.blocks["x"] is template.new_context().blocks["x"][0]


def test_looking_at_blocks_leaves_a_stream_a_stream() -> None:
    """Only functions that a program replaced are rendered as a whole."""
    template = dray.templating.Environment().from_string(
        "{% block b %}{% for f in (a, b) %}{{ f() }}{% endfor %}{% endblock %}"
    )
    assert list(template.blocks) == ["b"]
    calls: list[str] = []
    pieces = template.generate(a=lambda: calls.append("a"), b=lambda: calls.append("b"))
    next(pieces)
    assert calls == ["a"]


def test_a_context_made_by_hand_takes_plain_functions() -> None:
    """Blocks of a program's own, given to the class."""

    def show(engine: Any) -> str:
        template = environment(engine, "render").get_template("base")
        blocks = {"x": lambda context: iter(["own"]), "y": template.blocks["y"]}
        context = engine.runtime.Context(template.environment, {"v": 1}, "base", blocks)
        return "".join(template.root_render_func(context))

    theirs, ours = map(show, ENGINES)
    assert theirs == ours
