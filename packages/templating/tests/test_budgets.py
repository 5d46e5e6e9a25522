"""The sandbox's budgets hold whichever way a template is run, and whichever way its work is made."""

# ruff: noqa: E501 - a template is easier to read in one line
from __future__ import annotations

import asyncio
import itertools
import sys
from collections import UserList, deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from dray.safe_strings import Markup
from dray.templating import DebugUndefined, DictLoader, Environment, ModuleLoader
from dray.templating._sandbox_budgets import active
from dray.templating.exceptions import SecurityError
from dray.templating.sandbox import SandboxedEnvironment

LIMITS = {"max_size": 1000, "max_output": 10_000, "max_loop_steps": 1000, "max_recursion": 20}
PAGES = {
    "include": "{% include 'include' %}",
    "import": "{% import 'import' as m with context %}",
    "macro": "{% macro m() %}{% include 'macro' %}{% endmacro %}{{ m() }}",
    "empty": "",
}


def sandbox(**arguments: Any) -> SandboxedEnvironment:
    return SandboxedEnvironment(loader=DictLoader(PAGES), **{**LIMITS, **arguments})


# -- ways to run a template


async def _collect(template: Any, variables: dict[str, Any]) -> str:
    return "".join([piece async for piece in template.generate_async(**variables)])


def _run_root(template: Any, variables: dict[str, Any]) -> str:
    return "".join(template.root_render_func(template.new_context(variables)))


def _run_module(template: Any, variables: dict[str, Any]) -> str:
    return str(template.make_module(variables))


def _run_block(template: Any, variables: dict[str, Any]) -> str:
    environment = template.environment
    source = f"{{% block b %}}{environment.source}{{% endblock %}}"
    block = environment.from_string(source).blocks["b"]
    return "".join(block(environment.from_string("").new_context(variables)))


SYNC: dict[str, Callable[[Any, dict[str, Any]], str]] = {
    "render": lambda template, variables: template.render(variables),
    "generate": lambda template, variables: "".join(template.generate(**variables)),
    "make_module": _run_module,
    "root": _run_root,
    "block": _run_block,
}
ASYNC: dict[str, Callable[[Any, dict[str, Any]], str]] = {
    "render in a loop": lambda template, variables: template.render(variables),
    "render_async": lambda template, variables: asyncio.run(template.render_async(variables)),
    "generate_async": lambda template, variables: asyncio.run(_collect(template, variables)),
    "make_module in a loop": _run_module,
}
WAYS = [
    pytest.param(run, is_async, id=name)
    for is_async, ways in ((False, SYNC), (True, ASYNC))
    for name, run in ways.items()
]

BIG = "('x' * 900)"
MODES = [
    ("max_output", "{% set y %}" + 12 * f"{{{{ {BIG} }}}}" + "{% endset %}{{ y|length }}"),
    ("max_output", "{% macro m() %}{{ ('x' * 900) * 1 }}{% endmacro %}" + 12 * "{{ m()|length }}"),
    ("max_output", "{% macro m(s) %}{{ s }}{{ s }}{% endmacro %}{{ m(m(m(m(m(m('x' * 900))))))|length }}"),
    ("max_output", "{% filter length %}" + 12 * f"{{{{ {BIG} }}}}" + "{% endfilter %}"),
    ("max_output", "{% macro m() %}{{ caller()|length }}{% endmacro %}{% call m() %}" + 12 * f"{{{{ {BIG} }}}}" + "{% endcall %}"),
    ("max_output", "{% for a in range(12) recursive %}" + f"{{{{ {BIG} }}}}" + "{% endfor %}"),
    ("max_loop_steps", "{% for a in range(40) %}{% for b in range(40) %}{% endfor %}{% endfor %}"),
    ("max_loop_steps", "{% for a in endless() %}{% endfor %}"),
    ("max_loop_steps", "{% for a in endless() if false %}{% endfor %}"),
    ("max_loop_steps", "{% for a in endless() %}{{ loop.length }}{% endfor %}"),
    ("max_loop_steps", "{% for a in endless() %}{{ loop.nextitem }}{{ loop.revindex }}{% endfor %}"),
    ("max_loop_steps", "{% for a in range(900) %}{% for b in range(9) %}{% break %}{% endfor %}{% endfor %}"),
    ("max_loop_steps", "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(15) }}"),
    ("max_loop_steps", "{% for a in range(600) %}{% include 'empty' %}{% endfor %}"),
    ("max_loop_steps", "{{ endless()|list }}"),
    ("max_loop_steps", "{{ endless()|map('abs')|sum }}"),
    ("max_loop_steps", "{{ endless()|select('none')|first }}"),
    ("max_loop_steps", "{{ endless()|batch(3)|list }}{{ endless()|unique|list }}"),
    ("max_recursion", "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}"),
    ("max_recursion", "{% macro m() %}{% call c() %}{{ m() }}{% endcall %}{% endmacro %}{% macro c() %}{{ caller() }}{% endmacro %}{{ m() }}"),
    ("max_recursion", "{% for a in [1] recursive %}{{ loop([1]) }}{% endfor %}"),
    ("max_recursion", "{% include 'include' %}"),
    ("max_recursion", "{% import 'import' as m with context %}"),
    ("max_recursion", "{% include 'macro' %}"),
    ("max_size", "{{ 'x' * n }}"),
    ("max_range", "{% for a in range(n) %}{% endfor %}"),
]  # fmt: skip


@pytest.mark.parametrize(("run", "is_async"), WAYS)
@pytest.mark.parametrize(("budget", "source"), MODES)
def test_every_budget_in_every_way(budget: str, source: str, run: Any, is_async: bool) -> None:
    """Each budget holds in each way to run a template, plain and asynchronous, and leaves nothing behind."""
    environment = sandbox(enable_async=is_async, extensions=["dray.templating.ext.loopcontrols"])
    environment.source = source  # type: ignore[attr-defined]
    variables = {"endless": itertools.count, "n": 10_000_000}

    with pytest.raises(SecurityError, match=budget):
        run(environment.from_string(source), variables)
    assert active.get() is None


def untraced(function: Callable[[], Any]) -> Any:
    """Call a function without what measures coverage: with that, asynchronous calls take twice the stack."""
    sys.settrace(None)
    return function()


@pytest.mark.parametrize("is_async", [False, True])
def test_default_recursion_fits_the_stack(is_async: bool) -> None:
    """With the defaults the budget is used up before the stack of a thread is, which begins empty."""
    environment = SandboxedEnvironment(loader=DictLoader(PAGES), enable_async=is_async)

    with ThreadPoolExecutor(1) as thread:
        for source in [source for budget, source in MODES if budget == "max_recursion"]:
            with pytest.raises(SecurityError, match="max_recursion"):
                thread.submit(untraced, environment.from_string(source).render).result()


def test_macros_called_from_outside() -> None:
    """A macro of a module has budgets of its own when a program calls it."""
    module = (
        sandbox()
        .from_string(
            "{% macro deep() %}{{ deep() }}{% endmacro %}"
            "{% macro long() %}{% for a in range(40) %}{% for b in range(40) %}{% endfor %}{% endfor %}{% endmacro %}"
            "{% macro wide() %}{% for a in range(12) %}{{ 'x' * 900 }}{% endfor %}{% endmacro %}"
        )
        .module
    )

    for name, budget in [("deep", "max_recursion"), ("long", "max_loop_steps"), ("wide", "max_output")]:
        with pytest.raises(SecurityError, match=budget):
            getattr(module, name)()
    assert "<Macro 'deep'>" == repr(module.deep)


def test_text_counts_wherever_it_is_written() -> None:
    """A stream, and text that is written to a list that was given back, count from the beginning."""
    environment = sandbox(max_output=100)
    template = environment.from_string(
        "{% block b %}{{ 'x' * 10 }}{% endblock %}" + "{{ self.b()|length }}" * n_blocks(90)
    )

    with pytest.raises(SecurityError, match="max_output"):
        template.render()
    fine = environment.from_string("{% block b %}{{ 'x' * 10 }}{% endblock %}" + "{{ self.b()|length }}" * n_blocks(60))
    assert "x" * 10 + "10" * 6 == fine.render()


def n_blocks(characters: int) -> int:
    return characters // 10


# -- sandboxes within sandboxes, and beside other templates

LOOP = "{% for a in range(50) %}{% endfor %}"


@pytest.mark.parametrize("use", ["{% include t %}", "{% import t as m %}", "{{ render(t) }}", "{% extends t %}"])
def test_sandbox_in_a_sandbox(use: str) -> None:
    """A template of a sandbox with less has that within one with more, and the one with more goes on counting."""
    small, large = sandbox(max_loop_steps=20), sandbox(max_loop_steps=100)
    variables = {"render": lambda template: template.render(), "t": small.from_string(LOOP)}

    with pytest.raises(SecurityError, match=r"allows 20 .*max_loop_steps"):
        large.from_string(use).render(variables)
    variables["t"] = large.from_string(LOOP)
    with pytest.raises(SecurityError, match=r"allows 20 .*max_loop_steps"):
        small.from_string(use).render(variables)
    twice = large.from_string("{{ render(t) }}{{ render(t) }}")
    variables["t"] = sandbox().from_string(LOOP)
    with pytest.raises(SecurityError, match=r"allows 100 .*max_loop_steps"):
        twice.render(variables)


def test_list_that_two_sandboxes_write_to() -> None:
    """What others wrote before isn't counted for an included sandbox, and its own output is counted for both."""
    small, large = sandbox(max_output=5), sandbox(max_output=100)
    page = large.from_string("{{ 'a' * 50 }}{% include t %}")

    assert "a" * 50 + "xxxx" == page.render(t=small.from_string("{{ 'x' * 4 }}"))
    with pytest.raises(SecurityError, match="allows 5 "):
        page.render(t=small.from_string("{{ 'x' * 6 }}"))
    with pytest.raises(SecurityError, match="allows 100 "):
        page.render(t=sandbox().from_string("{{ 'x' * 60 }}"))


@pytest.mark.parametrize("source", ["{{ x }}", "{% block b %}{{ x }}{% endblock %}"])
def test_plain_template_in_a_sandbox(source: str) -> None:
    """A template of an environment without a sandbox works in one; what it writes counts."""
    page = sandbox(max_output=100).from_string("{% include t %}")
    plain = Environment().from_string(source)

    assert "1" == page.render(t=plain, x=1) == "".join(page.generate(t=plain, x=1))
    with pytest.raises(SecurityError, match="max_output"):
        page.render(t=plain, x="x" * 101)


def test_sandboxed_template_in_a_plain_one() -> None:
    """A sandboxed template has its budgets in a template without a sandbox."""
    limited = sandbox(max_loop_steps=20).from_string(LOOP + "{% macro m() %}" + LOOP + "{% endmacro %}")

    for page in map(Environment().from_string, ["{% include t %}", "{% import t as m %}"]):
        for run in (page.render, lambda page=page, **variables: list(page.generate(**variables))):
            with pytest.raises(SecurityError, match="max_loop_steps"):
                run(t=limited)


def test_refused_call_is_over() -> None:
    """A program that catches the error of a render within a render doesn't lose depth by it."""
    environment = sandbox(max_recursion=5)

    def attempt() -> str:
        try:
            return environment.from_string("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}").render()
        except SecurityError:
            return "refused "

    text = environment.from_string("{{ attempt() }}{{ attempt() }}{{ attempt() }}{{ echo('end') }}")
    assert "refused refused refused end" == text.render(attempt=attempt, echo=str)


def test_super_in_modules_compiled_ahead(tmp_path: Any) -> None:
    """Blocks find their parents in a sandbox, whatever their code was made of."""
    pages = {
        "parent": "[{% block x %}B{% endblock %}]",
        "child": "{% extends 'parent' %}{% block x %}<{{ super() }}>{% endblock %}",
    }
    environment = SandboxedEnvironment(loader=DictLoader(pages))
    environment.compile_templates(tmp_path, zip=None)

    for loader in (environment.loader, ModuleLoader(tmp_path)):
        template = SandboxedEnvironment(loader=loader).get_template("child")
        assert "[<B>]" == template.render() == "".join(template.generate()) == str(template.make_module())


@pytest.mark.parametrize("budget", SandboxedEnvironment().limits)
def test_limit_that_is_none(budget: str) -> None:
    """A limit that is no number is refused at once."""
    if budget == "max_range":  # has a default that can be changed later
        assert SandboxedEnvironment(max_range=None).limits["max_range"] == 100_000
    else:
        with pytest.raises(TypeError, match=f"{budget} has to be a whole number, not None"):
            SandboxedEnvironment(**{budget: None})  # type: ignore[arg-type]


# -- sizes

SIZES = [
    "{{ big.join('y' * 900)|length }}", "{{ big.join(['a', 'b', 'c'])|length }}", "{{ big.join({'a': 1, 'b': 2, 'c': 3})|length }}",
    "{{ (big|safe).join('abc')|length }}", "{{ ''.join([big, big])|length }}", "{{ big.translate({120: 'yy'})|length }}",
    "{{ 1 .to_bytes(2000, 'big') }}", "{{ big.encode('utf-16') }}", "{{ ('{0}' * 3).format(big) }}", "{{ '{0!s}{0!s}'.format(big) }}",
    "{{ ('{a}' * 3).format_map({'a': big}) }}", "{{ ('{:900}' * 3).format(1, 2, 3) }}", "{{ '{0}'.format([big, big]) }}",
    "{{ '{0!r}'.format([big, big]) }}", "{{ ('%(a)s' * 3) % {'a': big} }}", "{{ ('%(a)s' * 3)|format(a=big) }}",
    "{{ '%s%s' % (big, big) }}", "{{ '%900d%900d' % (1, 2) }}", "{{ '%*d%.*f' % (900, 1, 900, 1.0) }}", "{{ '%((a))s%((a))s' % {'(a)': big} }}",
    "{{ '%s' % [big, big] }}", "{{ '%s' % ([big, big],) }}",
    "{{ [1, 2, 3]|join(big) }}", "{{ [big, big]|join }}", "{{ [big, big]|map('upper')|join }}", "{{ ([{'x': big}] * 2)|join }}",
    "{{ ([{'x': big}] * 2)|join(attribute='x') }}", "{{ ([{'x': big}] * 2)|join('', 'x') }}", "{{ [['a'] * 3]|map('join', big)|list }}",
    "{{ [[big], [big]]|join }}", "{{ ([[1] * 900] * 2)|sum(start=[])|length }}", "{{ ([{'x': [1] * 900}] * 2)|sum('x', []) }}",
    "{{ [big, big]|string }}", "{{ [big, big]|upper }}", "{{ [big, big]|tojson }}", "{{ [big, big]|pprint }}", "{{ [big, big]|replace('a', 'b') }}",
    "{{ [big, big]|center }}", "{{ {'a': big, 'b': big}|xmlattr }}", "{{ {'a': big, 'b': big}|urlencode }}",
    "{{ {big: [1] * 20}|pprint }}", "{{ {big: 'a b c'}|pprint }}", "{{ ([1] * 90)|tojson(indent=90) }}", "{{ [1]|tojson('y' * 1000) }}",
    "{{ ('\\\\' * 900)|tojson }}", "{{ ('a b ' * 200)|wordwrap(1, wrapstring='<br>') }}", "{{ ('a.com ' * 90)|urlize(target=big) }}",
    "{{ ('a.com ' * 90)|urlize(rel=big) }}", "{{ ('<' * 900)|e }}", "{{ ('\\n' * 90)|indent(90, blank=true) }}",
    "{{ 'xxx'|replace('x', big) }}", "{{ 5|round(-1000) }}", "{{ 5|round(1000, 'floor') }}", "{{ 1|slice(2000)|list }}", "{{ [1]|batch(2000, 0)|list }}",
    "{{ lipsum(n=1000, min=-10, max=-5) }}", "{{ lipsum(n=5, min=99, max=100) }}", "{% do values.extend(values) %}", "{% do values.append(1) %}",
    "{% do mapping.update({1: 2}) %}", "{{ queue * 2 }}", "{{ user_list * 2 }}", "{{ user_list + user_list }}", "{{ data * 2 }}",
    "{{ data.join([data, data]) }}", "{{ data.ljust(2000) }}", "{{ dict.fromkeys(range(2000)) }}", "{{ dict.fromkeys([1, 2], big) }}",
    "{% do values.extend(iter(values)) %}", "{% do mapping.update(iter([[1, 2]])) %}",
    "{{ ([big] * 3)|sort|length }}", "{{ ([{'x': big}] * 3)|sort(attribute='x')|length }}", "{{ ([[1, big]] * 3)|sort(attribute='0,1') }}",
    "{{ ([{'x': big}] * 3)|groupby('x')|length }}", "{{ {1: big, 2: big, 3: big}|dictsort(by='value')|length }}",
    "{{ [big, big] }}", "{{ {1: big, 2: big}.values() }}", "{{ [big, big] ~ '' }}", "{{ big ~ big }}", "{{ [namespace(x=big)] * 2 }}",
    "{% autoescape true %}{{ [big, big] }}{% endautoescape %}", "{{ str.ljust('x', 2000) }}", "{{ join_all([big, big]) }}",
]  # fmt: skip


def _values() -> dict[str, Any]:
    return {
        "big": "x" * 900, "values": list(range(1000)), "mapping": dict.fromkeys(range(2, 1002)), "queue": deque(range(900)),
        "user_list": UserList(range(900)), "data": b"x" * 900, "dict": dict, "str": str, "join_all": Markup("").join, "iter": iter,
    }  # fmt: skip


@pytest.mark.parametrize("is_async", [False, True])
@pytest.mark.parametrize("source", SIZES)
def test_size(source: str, is_async: bool) -> None:
    """What would make more than ``max_size`` of what is smaller is refused."""
    environment = sandbox(max_range=10_000, enable_async=is_async, extensions=["dray.templating.ext.do"])

    with pytest.raises(SecurityError, match="max_size"):
        environment.from_string(source).render(_values())


#: What isn't large: numbers that are no widths, what is large from the beginning, and what only could become so.
FINE = [
    ("{{ '** %s %d' % ('total', 5000000) }}", "** total 5000000"), ("{{ '%s*%s'|format(3000000, 2) }}", "3000000*2"),
    ("{{ 'call 18005551234: %s' % 'ann' }}", "call 18005551234: ann"), ("{{ '100%% of %d' % 5 }}", "100% of 5"),
    ("{{ '%(n)s|%(n)5d' % {'n': 1234567} }}", "1234567|1234567"), ("{{ '{:,}'.format(5000000) }}", "5,000,000"),
    ("{{ '%.1f %+5d %-5s|' % (1.25, 7, 'a') }}", "1.2    +7 a    |"), ("{{ '%s' % none }}", "None"),
    ("{{ [1, 2]|batch(5000)|list }}", "[[1, 2]]"), ("{{ 'abc'|replace('a', 5000000) }}", "5000000bc"),
    ("{{ (large|replace('y', 'z'))|length }}", "5000"), ("{{ large|upper|length }}", "5000"), ("{{ (large|safe)|length }}", "5000"),
    ("{{ large.upper()|length }}", "5000"), ("{{ large.split()|length }}", "1"), ("{{ 10 ** -3000 }}", "0.0"), ("{{ (-1) ** 3000 }}", "1"),
    ("{{ values|length }}{{ values|sum }}{{ values|max }}", "1000499500999"), ("{{ ['a', 1, none]|join('-') }}", "a-1-None"),
    ("{{ '-'.join(['a', 'b']) }}", "a-b"), ("{{ '-'.join('abc') }}", "a-b-c"), ("{{ users|join(', ', attribute='name') }}", "ann, bob"),
    ("{{ users|join(', ', 'name') }}", "ann, bob"), ("{{ users|sum('age') }}{{ users|sum(attribute='age', start=5) }}", "510"),
    ("{{ 'abc'.translate({97: 'xx'}) }}", "xxbc"), ("{{ 5 .to_bytes(2, 'big')|length }}", "2"), ("{{ circle }}", "[1, [...]]"),
    ("{{ 'a b'|wordwrap(1, wrapstring='<br>') }}", "a<br>b"), ("{{ {'a': [1]}|pprint }}{{ [1]|tojson(1) }}", "{'a': [1]}[\n 1\n]"),
    ("{{ 1.55|round(1) }}{{ 15|round(-1) }}", "1.620"), ("{{ namespace(a=1) }}{{ (1, 'a') }}", "<Namespace {'a': 1}>(1, 'a')"),
    ("{{ 'x{}'.format([1]) }}{{ '{0!r:>5}'.format('a') }}", "x[1]  'a'"), ("{{ lipsum(n=1, min=2, max=3, html=false)|wordcount }}", "2"),
    ("{{ own|slice(5000) }}", "mine"), ("{{ users|sort(attribute='name,age')|map(attribute='age')|list }}", "[2, 3]"),
    ("{{ users|groupby('name')|map('first')|list }}{{ ['b', 'A']|sort }}", "['ann', 'bob']['A', 'b']"), ("{{ 5|sort if false }}", ""),
    ("{{ ([[1, 'y' * 90]] * 50)|sort|length }}{{ {1: 'b', 2: 'a'}|dictsort(by='value') }}", "50[(2, 'a'), (1, 'b')]"),
]  # fmt: skip


@pytest.mark.parametrize("is_async", [False, True])
@pytest.mark.parametrize(("source", "expected"), FINE)
def test_size_that_is_fine(source: str, expected: str, is_async: bool) -> None:
    """What isn't large is no trouble, and a program's own filter isn't taken for the engine's."""
    circle: list[Any] = [1]
    circle.append(circle)
    users = [{"name": "ann", "age": 2}, {"name": "bob", "age": 3}]
    environment = sandbox(enable_async=is_async)
    if "own" in source:
        environment.filters["slice"] = lambda value, number: "mine"

    text = environment.from_string(source).render(_values(), large="y" * 5000, circle=circle, users=users)

    assert expected == text


def test_size_of_asynchronous_items() -> None:
    """The items of an asynchronous iterable are looked at when they are there."""

    async def items(*values: Any) -> Any:
        for value in values:
            yield value

    environment = sandbox(enable_async=True)
    render = environment.from_string("{{ items(*values)|join(between) }}|{{ items(1, 2)|sum }}").render

    assert "1-2|3" == render(items=items, values=[1, 2], between="-")
    for values, between in [(["x" * 900] * 2, ""), ([1, 2, 3], "x" * 900)]:
        with pytest.raises(SecurityError, match="max_size"):
            render(items=items, values=values, between=between)


def test_iterables_are_read_once() -> None:
    """What looks at sizes takes no items away."""
    environment = sandbox()

    def items() -> Iterator[int]:
        yield from range(3)

    shared = iter(range(4))
    assert "0 1 [2, 3]" == environment.from_string("{{ x|first }} {{ x|first }} {{ x|list }}").render(x=shared)
    assert "0-1-2 3 012" == environment.from_string(
        "{{ items()|join('-') }} {{ items()|sum }} {{ ''.join(items()|map('string')) }}"
    ).render(items=items)


@pytest.mark.parametrize(
    "source", ["{{ x['A' * 900000]|replace('A', 'B' * 900000) }}", "{{ x['%999999999d' * 9]|format(1) }}"]
)
def test_text_of_undefined_values(source: str) -> None:
    """It can be long, too."""
    with pytest.raises(SecurityError, match="max_size"):
        SandboxedEnvironment(undefined=DebugUndefined).from_string(source).render(x={})
