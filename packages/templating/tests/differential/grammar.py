"""Hypothesis strategies for templates: expressions and statements of every kind, put together at random."""

# ruff: noqa: E501 - a template is easier to read in one line
from __future__ import annotations

from hypothesis import strategies as st

NAMES = ["name", "n", "numbers", "words", "mapping", "person", "nothing", "yes", "a", "b", "missing_name"]
TARGETS = ["a", "b", "n", "x"]

_literals = st.sampled_from(
    ["1", "0", "2.5", "'s'", "'<b>'", "true", "none", "[1, 2]", "(1, 'x')", "{'k': 1}", "[]", "''"]
)
_names = st.sampled_from([*NAMES, "x", "loop.index", "loop.first", "ns.a"])
_FILTERS = [
    "upper", "lower", "length", "list", "first", "last", "e", "safe", "default('d')", "join('-')", "string", "reverse",
    "sort", "title", "trim", "int", "replace('a', '<')", "capitalize", "sum", "unique|list", "map('string')|list",
    "select|list", "abs", "round", "wordcount", "center(5)", "batch(2)|list", "tojson", "striptags", "max", "min",
]  # fmt: skip
_TESTS = [
    "defined",
    "none",
    "odd",
    "string",
    "iterable",
    "in [1, 2]",
    "mapping",
    "sameas none",
    "divisibleby 2",
    "number",
]
_OPERATORS = ["+", "-", "*", "~", "//", "%", "==", "!=", "<", ">", "and", "or", "in", "not in"]


def _compound(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from(_OPERATORS), inner),
        st.builds("({} {} {})".format, inner, st.sampled_from(["~", "or", "=="]), inner),
        st.builds("{}|{}".format, inner, st.sampled_from(_FILTERS)),
        st.builds("({} is {})".format, inner, st.sampled_from(_TESTS)),
        st.builds("({} is not {})".format, inner, st.sampled_from(_TESTS)),
        st.builds("({} if {} else {})".format, inner, inner, inner),
        st.builds("({} if {})".format, inner, inner),
        st.builds("(not {})".format, inner),
        st.builds("(-{})".format, inner),
        st.builds("{}.{}".format, _names, st.sampled_from(["name", "b", "items", "0", "nope"])),
        st.builds("{}[{}]".format, _names, inner),
        st.builds("[{}, {}]".format, inner, inner),
        st.builds("f({}, k={})".format, inner, inner),
        st.builds("m({})".format, inner),
    )


expressions = st.recursive(st.one_of(_literals, _names), _compound, max_leaves=4)

_text = st.sampled_from(["", "t", " ", "\n", "<b>", "  x\n  ", "é", "{", "%}"])
_dash = st.sampled_from(["", "", "", "-", "+"])


def _tag(body: str, left: str, right: str) -> str:
    return "{%" + left + " " + body + " " + right.replace("+", "") + "%}"


def _statement(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    def tags(*parts: str | st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        """Every odd part is the body of a tag, every even one stands as it is."""
        pieces = []
        for index, part in enumerate(parts):
            strategy = st.just(part) if isinstance(part, str) else part
            pieces.append(st.builds(_tag, strategy, _dash, _dash) if index % 2 == 0 else strategy)
        return st.tuples(*pieces).map("".join)

    target = st.sampled_from(TARGETS)
    return st.one_of(
        tags(expressions.map("if {}".format), inner, "else", inner, "endif"),
        tags(expressions.map("if {}".format), inner, expressions.map("elif {}".format), inner, "endif"),
        tags(st.builds("for {} in {}".format, target, expressions), inner, "else", inner, "endfor"),
        tags(st.builds("for {} in {} if {}".format, target, expressions, expressions), inner, "endfor"),
        tags(st.builds("for {} in numbers".format, target), inner, "endfor"),
        tags(st.builds("for {} in [1, [2]] recursive".format, target), inner, "endfor"),
        tags(st.builds("with {} = {}, b = a".format, target, expressions), inner, "endwith"),
        tags(st.builds("set {}".format, target), inner, "endset"),
        tags(st.sampled_from(["filter upper", "filter trim|lower", "filter replace('t', '<')"]), inner, "endfilter"),
        tags(st.sampled_from(["autoescape true", "autoescape false"]), inner, "endautoescape"),
        tags(st.builds("macro m({}, b={})".format, target.filter(lambda t: t != "b"), expressions), inner, "endmacro"),
        tags("macro k(a=1)", inner.map(lambda s: s + "{{ caller(a) if caller }}"), "endmacro"),
        tags(st.builds("call(x) k({})".format, expressions), inner, "endcall"),
    )


_simple = st.one_of(
    _text,
    st.builds("{{{{ {} }}}}".format, expressions),
    st.builds("{{{{- {} -}}}}".format, expressions),
    st.builds("{{% set {} = {} %}}".format, st.sampled_from(TARGETS), expressions),
    st.builds("{{% set ns.a = {} %}}".format, expressions),
    st.sampled_from([
        "{% include 'plain' %}", "{% include 'inc' %}", "{% import 'macros' as mac %}{{ mac.f(a) }}", "{# c #}",
        "{% from 'macros' import f %}", "{% raw %}{{ x }}{% endraw %}", "{{ self }}",
    ]),
)  # fmt: skip
bodies = st.recursive(
    st.lists(_simple, max_size=3).map("".join),
    lambda inner: st.lists(st.one_of(_simple, _statement(inner)), min_size=1, max_size=3).map("".join),
    max_leaves=6,
)
# Whether to escape is known when the template runs. The reference doesn't ask for it where something is constant, and
# where safe text is joined: that stands on the page of differences.
_variable = st.recursive(
    _names,
    lambda inner: st.one_of(
        st.builds("({} ~ {})".format, inner, inner),
        st.builds("({} if {} else {})".format, inner, inner, inner),
        st.builds("{}|{}".format, inner, st.sampled_from(["upper", "string", "join", "first", "list"])),
    ),
    max_leaves=4,
)
_late_output = st.builds("{{{{ {}{} }}}}".format, _variable, st.sampled_from(["", "|e", "|safe"]))
_start = "{% set ns = namespace(a=0) %}"
late_escapes = st.builds(
    lambda flag, body: f"{_start}{{% autoescape {flag} %}}{body}{{% endautoescape %}}{{{{ name }}}}",
    st.sampled_from(["yes", "nothing", "n", "not yes"]),
    st.lists(st.one_of(_text, _late_output), max_size=4).map("".join),
)
templates = st.one_of(
    bodies.map(_start.__add__),
    st.builds(
        "{{% extends 'middle' %}}{}{{% block title %}}{}{{{{ super() }}}}{{% endblock %}}{{% block body %}}{}{{% endblock %}}".format,
        bodies,
        bodies,
        bodies,
    ),
    st.builds((_start + "{}{{% block one %}}{}{{% endblock %}}{}").replace(_start, _start.replace("{", "{{").replace("}", "}}")).format, bodies, bodies, bodies),
)  # fmt: skip
