"""No text, however long, deep or hostile, gives anything but a result or a syntax error with a place."""

# ruff: noqa: E501 - a template is easier to read in one line
from __future__ import annotations

import gc
from collections.abc import Callable
from time import thread_time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dray.templating import DictLoader, Environment, TemplateRuntimeError, TemplateSyntaxError
from dray.templating.utils import urlize

EXTENSIONS = ("do", "i18n", "include_arguments", "indentation", "set_outer")
ENVIRONMENT = Environment(extensions=[f"dray.templating.ext.{name}" for name in EXTENSIONS], line_statement_prefix="%")

DEEP = {
    "parentheses": lambda n: "{{ " + "(" * n + "1" + ")" * n + " }}",
    "lists": lambda n: "{{ " + "[" * n + "]" * n + " }}",
    "dicts": lambda n: "{{ " + "{1:" * n + "1" + "}" * n + " }}",
    "calls": lambda n: "{{ " + "f(" * n + ")" * n + " }}",
    "subscripts": lambda n: "{{ " + "a[" * n + "1" + "]" * n + " }}",
    "not": lambda n: "{{ " + "not " * n + "1 }}",
    "minus": lambda n: "{{ " + "-" * n + "1 }}",
    "power": lambda n: "{{ " + "2**" * n + "1 }}",
    "plus": lambda n: "{{ x" + " + x" * n + " }}",
    "and": lambda n: "{{ x" + " and x" * n + " }}",
    "tilde": lambda n: "{{ x" + " ~ x" * n + " }}",
    "comparison": lambda n: "{{ x" + " < x" * n + " }}",
    "attributes": lambda n: "{{ x" + ".a" * n + " }}",
    "filters": lambda n: "{{ x" + "|upper" * n + " }}",
    "tests": lambda n: "{{ x" + " is defined" * n + " }}",
    "ternary": lambda n: "{{ " + "1 if x else " * n + "2 }}",
    "ternary chain": lambda n: "{{ x" + " if x" * n + " }}",
    "if": lambda n: "{% if x %}" * n + "{% endif %}" * n,
    "elif": lambda n: "{% if x %}" + "{% elif x %}" * n + "{% endif %}",
    "for": lambda n: "{% for i in x %}" * n + "{% endfor %}" * n,
    "recursive for": lambda n: "{% for i in x recursive %}" * n + "{% endfor %}" * n,
    "with": lambda n: "{% with a = 1 %}" * n + "{% endwith %}" * n,
    "block": lambda n: "".join(f"{{% block b{i} %}}" for i in range(n)) + "{% endblock %}" * n,
    "macro": lambda n: "{% macro m() %}" * n + "{% endmacro %}" * n,
    "call": lambda n: "{% call m() %}" * n + "{% endcall %}" * n,
    "filter": lambda n: "{% filter upper %}" * n + "{% endfilter %}" * n,
    "set": lambda n: "{% set x %}" * n + "{% endset %}" * n,
    "autoescape": lambda n: "{% autoescape x %}" * n + "{% endautoescape %}" * n,
    "opening tags": lambda n: "{% if x" * n,
    "tuple targets": lambda n: "{% set " + "(" * n + "a" + ")" * n + " = 1 %}",
    "strings": lambda n: "{{ " + "'a' " * n + "}}",
    "names": lambda n: "".join(f"{{{{ n{i} }}}}" for i in range(n)),
    "digits": lambda n: "{{ " + "9" * n + " }}",
}


@pytest.mark.parametrize("count", [10, 60, 300, 5000])
@pytest.mark.parametrize("kind", DEEP)
def test_depth(kind: str, count: int) -> None:
    """A template nested deeply compiles in every form, or is refused with a place."""
    source = DEEP[kind](count)
    try:
        template = ENVIRONMENT.from_string(source)
        template._functions(True)
    except TemplateSyntaxError as error:
        assert error.lineno == 1


_PIECES = st.lists(
    st.sampled_from([
        "{{", "}}", "{%", "%}", "{#", "#}", "-", "+", "if", "for", "x", "in", "endif", "endfor", "set", "=", "'", '"', "\\", "(",
        ")", "[", "]", "{", "}", ".", "|", "~", ",", ":", "raw", "endraw", "block", "extends", "macro", "call", "1", "é", "\n",
        " ", "%", "is", "not", "else", "0x", "1e", "\u2028", "trans", "endtrans", "import", "from", "as", "with", "\0", "**",
        "{{*", "{%*", "{% include", "{% set outer", "only",
    ]),
    max_size=40,
)  # fmt: skip


@settings(max_examples=600, deadline=None)
@given(_PIECES, st.sampled_from(["", " "]))
def test_hostile_text(pieces: list[str], separator: str) -> None:
    """Any text is a template, or a syntax error that knows its line."""
    try:
        ENVIRONMENT.from_string(separator.join(pieces))
    except TemplateSyntaxError as error:
        assert error.lineno >= 1
        assert str(error)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_any_text(text: str) -> None:
    """Any text at all is a template, or a syntax error."""
    for source in (text, "{{ " + text + " }}", "{% " + text + " %}"):
        try:
            ENVIRONMENT.from_string(source)
        except TemplateSyntaxError as error:
            assert error.lineno >= 1


#: An input is compared with so many of a length that is so many times shorter.
PARTS = 16
#: Linear time makes both the same work, quadratic time the long one 16 times as much, n ** 1.29 2.25 times.
MOST = 2.25
#: What takes less is no trouble, and too little to be measured, in seconds.
LEAST = 0.01
ROUNDS = range(3, 16)


def _growth(work: Callable[[str], Any], long: str, short: str) -> float:
    """Return how many times the work of 16 short inputs one long one makes.

    Both are measured in turns, for as long, in processor time of this thread, and the least of each counts: what else
    the machine does meets both alike, and not each time.
    """
    longest = shortest = float("inf")
    growth = 0.0
    gc.collect()
    gc.disable()  # a full collection in the middle would be charged to whoever allocates

    try:
        for number in range(1, ROUNDS.stop):
            started = thread_time()
            work(long)
            middle = thread_time()
            for _ in range(PARTS):
                work(short)
            longest, shortest = min(longest, middle - started), min(shortest, thread_time() - middle)
            growth = longest / max(shortest, LEAST)
            if number >= ROUNDS.start and growth < MOST:
                break
    finally:
        gc.enable()

    return growth


def _parse(source: str) -> None:
    try:
        ENVIRONMENT.parse(source)
    except TemplateSyntaxError:
        pass


def _indent(source: str) -> None:
    Environment(extensions=["dray.templating.ext.indentation"]).compile(source)


def _filter(name: str, *args: Any) -> Callable[[str], Any]:
    environment = Environment()
    return lambda text: environment.call_filter(name, text, args)


HOSTILE: dict[str, tuple[Callable[[str], Any], Callable[[int], str]]] = {
    "text": (_parse, lambda n: "a " * n),
    "blanks": (_parse, lambda n: " " * n),
    "asterisks": (_parse, lambda n: "a\n  {{* x }}" * (n // 12)),
    "open asterisks": (_parse, lambda n: "{{* " * (n // 4)),
    "open tags": (_parse, lambda n: "{% x " * (n // 5)),
    "blanks before raw": (_parse, lambda n: "{% " + " " * n + "x %}"),
    "raw openings": (_parse, lambda n: "{% raw %}" + "{% " * n),
    "comment openings": (_parse, lambda n: "{#" * n),
    "quotes": (_parse, lambda n: "{{ '" + "\\'" * n),
    "unclosed quotes": (_parse, lambda n: "{{ " + "'" * n),
    "digits": (_parse, lambda n: "{{ " + "1_" * n + " }}"),
    "zeros": (_parse, lambda n: "{{ " + "0" * n + " }}"),
    "names": (_parse, lambda n: "{{ " + "a" * n + " }}"),
    "line comments": (_parse, lambda n: "x %" * n),
    "newlines": (_parse, lambda n: "\n" * n),
    "carriage returns": (_parse, lambda n: "\r\n" * n),
    "prints": (_parse, lambda n: "{{ a }}" * (n // 8)),
    "conditions": (lambda s: ENVIRONMENT.compile(s), lambda n: "{% if a %}{% set b = 1 %}{% endif %}" * (n // 64)),
    "many names": (
        lambda s: ENVIRONMENT.compile(s),
        lambda n: "".join(f"{{% if a{i} %}}{{{{ b{i} }}}}{{% endif %}}" for i in range(n // 64)),
    ),
    "one line that isn't ASCII": (lambda s: ENVIRONMENT.compile(s), lambda n: "é" + "{{ a }}" * (n // 16)),
    "names with marks": (lambda s: ENVIRONMENT.compile(s), lambda n: "{{ a\u0301 }}" * (n // 16)),
    "constants": (lambda s: ENVIRONMENT.compile(s), lambda n: "{{ 1 }} " * (n // 8)),
    "look-ups in a loop": (
        lambda s: ENVIRONMENT.compile(s),
        lambda n: "{% for a in b %}" + "{{ a.c }}-" * (n // 64) + "{% endfor %}",
    ),
    "branches": (lambda s: ENVIRONMENT.compile(s), lambda n: "{% if a %}" + "{% elif b %}" * (n // 64) + "{% endif %}"),
    "asterisks in a line": (_indent, lambda n: "  " + "{{* x }}" * (n // 16)),
    "asterisks behind a tab": (_indent, lambda n: "\t" + "{{* x }}" * (n // 16)),
    "urlize dots": (urlize, lambda n: "a@" + "." * n),
    "urlize brackets": (urlize, lambda n: "(" * n + "http://x.yz" + ")" * n),
    "urlize open brackets": (urlize, lambda n: "http://x.yz/" + "(" * n + ")" * n),
    "urlize www": (urlize, lambda n: "www." * n),
    "urlize labels": (urlize, lambda n: "http://" + "a." * n),
    "urlize entities": (urlize, lambda n: ">" * n),
    "striptags comments": (_filter("striptags"), lambda n: "<!--" * n),
    "striptags brackets": (_filter("striptags"), lambda n: "<" * n),
    "wordwrap word": (_filter("wordwrap", 10), lambda n: "a" * n),
    "wordwrap hyphens": (_filter("wordwrap", 10), lambda n: "a-" * n),
    "wordwrap blanks": (_filter("wordwrap", 10), lambda n: " " * n),
    "wordcount": (_filter("wordcount"), lambda n: "a " * n),
    "title": (_filter("title"), lambda n: "a-" * n),
    "title hyphens": (_filter("title"), lambda n: "-" * n),
    "indent": (_filter("indent"), lambda n: "a\n" * n),
    "truncate": (_filter("truncate", 100000000), lambda n: "a " * n),
    "escape": (_filter("e"), lambda n: "<" * n),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_linear_time(kind: str) -> None:
    """Twice the input takes twice the time."""
    function, make = HOSTILE[kind]
    growth = _growth(function, make(200_000), make(200_000 // PARTS))
    assert growth < MOST, f"16 times the input takes {16 * growth:.0f} times as long"


@pytest.mark.parametrize(("power", "length"), [(1, 800_000), (1.5, 16_000), (2, 1600)])
def test_linear_time_can_be_told(power: float, length: int) -> None:
    """What grows with the square of its input doesn't pass, nor what does so with the power of 1.5."""
    growth = _growth(lambda text: sum(range(round(len(text) ** power))), "x" * length, "x" * (length // PARTS))
    assert (growth < MOST) == (power == 1)


MACRO = "{% macro m() %}{% include 'a' %}{% endmacro %}"
CIRCLES = [
    ("include", "a -> a -> a", {"a": "{% include 'a' %}"}),
    ("include", "a -> b -> a -> b", {"a": "{% include 'b' %}", "b": "{% include 'a' %}"}),
    ("include", "a -> a -> a", {"a": "{% for x in [1] %}{% include ['none', 'a'] without context %}{% endfor %}"}),
    ("include", "a -> a -> a", {"a": MACRO + "{{ m() }}"}),
    ("include", "a -> a -> a", {"a": "{% extends 'b' %}{% block x %}{% include 'a' %}{% endblock %}", "b": "{% block x %}{% endblock %}"}),
    ("extend", "a -> a -> a", {"a": "{% extends 'a' %}"}),
    ("extend", "a -> b -> a -> b", {"a": "{% extends 'b' %}", "b": "{% extends 'a' %}"}),
    ("import", "a -> a -> a", {"a": "{% import 'a' as m %}"}),
    ("import", "a -> b -> a -> b", {"a": "{% from 'b' import x %}", "b": "{% import 'a' as m with context %}"}),
    ("use", "a -> b -> a -> b", {"a": "{% include 'b' %}", "b": "{% import 'a' as m %}"}),
    ("use", "a -> b -> a -> b", {"a": "{% extends 'b' %}", "b": "{% include 'a' %}"}),
    ("use", "a -> b -> a -> b", {"a": "{% extends 'b' %}", "b": "{% import 'a' as m %}"}),
    ("use", "a -> b -> a -> b", {"a": "{% from 'b' import m with context %}{{ m() }}", "b": MACRO}),
    ("use", "a -> b -> c -> a", {"a": "{% include 'b' %}", "b": "{% extends 'c' %}", "c": "{% import 'a' as m %}"}),
]  # fmt: skip


@pytest.mark.parametrize("options", [{}, {"enable_async": True}, {"cache_size": 0}], ids=str)
@pytest.mark.parametrize(("verb", "chain", "pages"), CIRCLES)
def test_circles_name_their_chain(verb: str, chain: str, pages: dict[str, str], options: dict[str, Any]) -> None:
    """Templates that use each other without an end give an error that names them, whichever way one is rendered."""
    template = Environment(loader=DictLoader(pages), **options).get_template("a")

    for render in (template.render, lambda: list(template.generate())):
        with pytest.raises(TemplateRuntimeError, match=f"templates {verb} each other without an end: .*{chain}"):
            render()


def test_long_circle_is_named_once() -> None:
    """A circle of several templates is shown whole."""
    pages = {name: f"{{% include '{after}' %}}" for name, after in zip("abcdefghij", "bcdefghija", strict=True)}

    with pytest.raises(TemplateRuntimeError, match="include each other") as caught:
        Environment(loader=DictLoader(pages)).get_template("a").render()
    for name, after in zip("abcdefghij", "bcdefghija", strict=True):  # whichever the stack ended at
        assert f"{name} -> {after}" in str(caught.value)


@pytest.mark.parametrize("tag", ["extends", "include"])
def test_long_chain_is_no_circle(tag: str) -> None:
    """A chain that comes to an end is rendered, as far as the interpreter's stack goes."""
    pages = {str(number): f"{{% {tag} '{number + 1}' %}}" for number in range(300)} | {"300": "end"}
    environment = Environment(loader=DictLoader(pages))

    assert "end" == environment.get_template("0").render() == "".join(environment.get_template("0").generate())


@pytest.mark.parametrize("source", ["{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "{{ deep() }}"])
def test_other_recursion_is_no_circle(source: str) -> None:
    """A tree of includes in which something else uses up the stack isn't taken for a circle."""

    def deep() -> Any:
        return deep()

    pages = {"node": "{% if depth %}{% set depth = depth - 1 %}{% include 'node' %}{% else %}" + source + "{% endif %}"}

    with pytest.raises(RecursionError):
        Environment(loader=DictLoader(pages)).get_template("node").render(depth=20, deep=deep)


@pytest.mark.parametrize("tag", ["include", "import"])
def test_long_chains_blame_nobody(tag: str) -> None:
    """Where templates that use each other exhaust the stack, it isn't the last one that is nested too deeply."""
    as_name = " as m" if tag == "import" else ""
    pages = {f"t{number}": f"{{% {tag} 't{number + 1}'{as_name} %}}" for number in range(3000)}
    environment = Environment(loader=DictLoader({**pages, "t3000": "x"}))
    with pytest.raises(RecursionError):
        environment.get_template("t0").render()
    assert environment.get_template("t2999").render() == ("x" if tag == "include" else "")
