"""dray beside its reference and other engines, all in one run: ``nox -s bench -- templating``.

One group per workload, one test per engine; outputs are checked equal before anything is timed.
"""

from __future__ import annotations

import asyncio
import html
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jinja2
import jinja2.sandbox
import pytest

import dray.templating
import dray.templating.sandbox

from . import fresh, peers, workloads

ENGINES = {"jinja2": jinja2, "dray": dray.templating}
FLAT = {
    "a bigtable": (workloads.BIGTABLE, workloads.bigtable),
    "b strings": (workloads.STRINGS, workloads.strings),
    "c fortunes": (workloads.FORTUNES, workloads.fortunes),
    "e deep loops": (workloads.DEEP, workloads.deep),
    "f tiny": (workloads.TINY, lambda: {"name": "World"}),
}


def environment(engine: str, **options: Any) -> Any:
    module = ENGINES[engine]
    return module.Environment(autoescape=True, loader=module.DictLoader(workloads.PAGE), **options)


def timed(benchmark: Any, group: str, make: Callable[[str], Callable[[], Any]], engine: str, same: bool = True) -> None:
    """Check that both engines give the same, then time one of them."""
    benchmark.group = group
    functions = {name: make(name) for name in ENGINES}
    if same:
        assert functions["jinja2"]() == functions["dray"]()
    benchmark.extra_info.update(peer=engine, baseline="jinja2")
    benchmark(functions[engine])


@pytest.fixture(params=list(ENGINES))
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def shown(text: str) -> str:
    """Return what a page shows, however its language spells white space and escapes."""
    return "".join(html.unescape(text).split())


@pytest.mark.parametrize("peer", [*ENGINES, *peers.PEERS])
@pytest.mark.parametrize("group", list(FLAT))
def bench_flat(benchmark: Any, peer: str, group: str) -> None:
    source, variables = FLAT[group]
    values = variables()

    def make(name: str) -> Callable[[], Any]:
        render = environment(name).from_string(source).render if name in ENGINES else peers.PEERS[name](group)
        return lambda: render(**values)

    if peer in ENGINES:
        timed(benchmark, group, make, peer)
        return
    render = make(peer)
    assert shown(make("jinja2")()) == shown(render())
    benchmark.group = group
    benchmark.extra_info.update(peer=peer, baseline="jinja2")
    benchmark(render)


def bench_page(benchmark: Any, engine: str) -> None:
    values = workloads.page()

    def make(name: str) -> Callable[[], Any]:
        render = environment(name, auto_reload=False).get_template("page.html").render
        return lambda: render(**values)

    timed(benchmark, "d page", make, engine)


def bench_page_in_rust(benchmark: Any) -> None:
    values = workloads.page()
    environment_of_peer = peers.minijinja_environment(workloads.PAGE)
    expected = environment("jinja2").get_template("page.html").render(**values)
    assert shown(expected) == shown(environment_of_peer.render_template("page.html", **values))
    benchmark.group = "d page"
    benchmark.extra_info.update(peer="minijinja", baseline="jinja2")
    benchmark(lambda: environment_of_peer.render_template("page.html", **values))


def bench_page_with_reload(benchmark: Any, engine: str, tmp_path: Path) -> None:
    values = workloads.page()
    for name, text in workloads.PAGE.items():
        (tmp_path / name).write_text(text)

    def make(name: str) -> Callable[[], Any]:
        module = ENGINES[name]
        env = module.Environment(autoescape=True, loader=module.FileSystemLoader(tmp_path))
        return lambda: env.get_template("page.html").render(**values)

    timed(benchmark, "d2 page, auto reload", make, engine)


def bench_compile_page(benchmark: Any, engine: str) -> None:
    def make(name: str) -> Callable[[], Any]:
        env = environment(name)

        def compile_all() -> None:
            for template, text in workloads.PAGE.items():
                env.compile(text, template)

        return compile_all

    timed(benchmark, "g1 compile the page's set", make, engine)


def bench_compile_short(benchmark: Any, engine: str) -> None:
    def make(name: str) -> Callable[[], Any]:
        env = environment(name)

        def compile_all() -> None:
            for text in workloads.SHORT:
                env.compile(text)

        return compile_all

    timed(benchmark, "g6 compile short texts with values", make, engine)


def bench_compile_long(benchmark: Any, engine: str) -> None:
    source = workloads.long_template()

    def make(name: str) -> Callable[[], Any]:
        env = environment(name)
        return lambda: env.compile(source)

    timed(benchmark, "g2 compile 2000 lines", make, engine, same=False)


def bench_long_to_first_output(benchmark: Any, engine: str) -> None:
    source = workloads.long_template()
    values = workloads.long_values()

    def make(name: str) -> Callable[[], Any]:
        env = environment(name)
        return lambda: env.from_string(source).render(**values)

    timed(benchmark, "g4 2000 lines to first output", make, engine)


def bench_first_page(benchmark: Any, engine: str) -> None:
    values = workloads.page()

    def make(name: str) -> Callable[[], Any]:
        return lambda: environment(name).get_template("page.html").render(**values)

    timed(benchmark, "g3 sources to first page", make, engine)


def bench_warm_cache(benchmark: Any, engine: str, tmp_path: Path) -> None:
    def make(name: str) -> Callable[[], Any]:
        module = ENGINES[name]
        (tmp_path / name).mkdir()
        cache = module.FileSystemBytecodeCache(str(tmp_path / name))

        def load() -> int:
            env = environment(name, bytecode_cache=cache)
            return sum(env.get_template(template) is not None for template in workloads.PAGE)

        return load

    timed(benchmark, "g5 load the set, warm cache", make, engine)


METER = fresh.Meter()


@pytest.mark.benchmark(timer=METER.read)
@pytest.mark.parametrize("what", ["import", "import to first render"])
def bench_start(benchmark: Any, engine: str, what: str) -> None:
    module = ENGINES[engine].__name__
    code = f"import {module}"
    if what != "import":
        code += f"\n{module}.Environment().from_string('Hello {{{{ name }}}}!').render(name=1)"
    benchmark.extra_info.update(peer=engine, baseline="jinja2")
    benchmark.group = "h1 import" if what == "import" else "h2 import to first render"
    benchmark.pedantic(METER.run, [fresh.importing(code)], rounds=11, warmup_rounds=1)


@pytest.mark.benchmark(timer=METER.read)
@pytest.mark.parametrize("row", ["l1 rss", "l2 peak", "l3 kept"])
def bench_memory(benchmark: Any, engine: str, row: str) -> None:
    benchmark.extra_info.update(peer=engine, baseline="jinja2")
    benchmark.group = f"{row}, compile 2000 lines (us are MB)"
    benchmark.pedantic(METER.run, [fresh.memory(ENGINES[engine].__name__, row[3:])], rounds=3, warmup_rounds=1)


@pytest.mark.parametrize("group", ["i1 first chunk", "i2 all chunks"])
def bench_stream(benchmark: Any, engine: str, group: str) -> None:
    values = workloads.bigtable()

    def make(name: str) -> Callable[[], Any]:
        generate = environment(name).from_string(workloads.BIGTABLE).generate
        if group.startswith("i1"):
            return lambda: next(generate(**values))
        return lambda: "".join(generate(**values))

    timed(benchmark, group, make, engine, same=group.startswith("i2"))


def bench_async_page(benchmark: Any, engine: str) -> None:
    values = workloads.page()
    loop = asyncio.new_event_loop()

    def make(name: str) -> Callable[[], Any]:
        render = environment(name, enable_async=True, auto_reload=False).get_template("page.html").render_async
        return lambda: loop.run_until_complete(render(**values))

    try:
        timed(benchmark, "j async page", make, engine)
    finally:
        loop.close()


def bench_sandboxed(benchmark: Any, engine: str) -> None:
    values = workloads.deep()

    def make(name: str) -> Callable[[], Any]:
        env = ENGINES[name].sandbox.SandboxedEnvironment(autoescape=True)
        render = env.from_string(workloads.DEEP).render
        return lambda: render(**values)

    timed(benchmark, "k sandboxed deep loops", make, engine)
