"""Escaping beside MarkupSafe and html.escape; the rows are those of the performance page.

Run it with ``nox -s bench -- safe-strings``. Every peer's output is checked before it is timed.
"""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any

import markupsafe
import pytest

from dray import safe_strings
from dray.safe_strings._choose import escape_to_str

PAGE = '<div class="entry"><a href="/x?a=1&amp;b=2">it\'s a link</a> and some text, enough to be a line</div>\n'
INPUTS: dict[str, Any] = {
    "m1 22 chars, clean": "hello there, dear world",
    "m2 22 chars, 4 specials": "a <b> & 'c is not safe",
    "m3 10 kB ASCII, clean": "hello world " * 833,
    "m4 10 kB ASCII, 5% specials": "hello there you <all> & 'x " * 370,
    "m5 10k chars UCS2, clean": "привет мир " * 909,
    "m6 1 MB HTML source": PAGE * 9_500,
    "m8 int": 12345,
}
PEERS: dict[str, Callable[[Any], Any]] = {
    "markupsafe": markupsafe.escape,
    "html.escape": lambda value: html.escape(str(value)),
    "dray": safe_strings.escape,
    "dray, to str": escape_to_str,
}


def same(expected: str, found: str) -> bool:
    """html.escape spells the quotes otherwise."""
    return str(expected) == str(found).replace("&quot;", "&#34;").replace("&#x27;", "&#39;")


@pytest.mark.parametrize("peer", PEERS)
@pytest.mark.parametrize("row", INPUTS)
def bench_escape(benchmark: Any, row: str, peer: str) -> None:
    benchmark.group = row
    benchmark.extra_info.update(peer=peer, baseline="markupsafe")
    value, function = INPUTS[row], PEERS[peer]
    assert same(markupsafe.escape(value), function(value))
    benchmark(function, value)


def operations(module: Any) -> dict[str, Callable[[], Any]]:
    Markup, escape = module.Markup, module.escape
    safe, percent, fields = Markup("<b>"), Markup("%s %s <b>%s</b> %s %s"), Markup("{} {} <b>{x}</b> {} {}")
    words = ["a <b>", "clean", "x & y", "12345", "it's", "more", "words", "here", "and", "there"]
    return {
        "m7 Markup input": lambda: escape(safe),
        "m9 Markup % 5 args": lambda: percent % ("a <b>", "clean", "x & y", 5, "it's"),
        "m10 Markup.format 5 args": lambda: fields.format("a <b>", "clean", 5, "it's", x="x & y"),
        "m11 Markup(str)": lambda: Markup("some safe text"),
        "m12 Markup + str": lambda: safe + "a & b",
        "m13 Markup.join 10 str": lambda: safe.join(words),
    }


MODULES = {"markupsafe": operations(markupsafe), "dray": operations(safe_strings)}


@pytest.mark.parametrize("peer", MODULES)
@pytest.mark.parametrize("row", MODULES["dray"])
def bench_markup(benchmark: Any, row: str, peer: str) -> None:
    benchmark.group = row
    benchmark.extra_info.update(peer=peer, baseline="markupsafe")
    function = MODULES[peer][row]
    assert str(MODULES["markupsafe"][row]()) == str(function())
    benchmark(function)
