"""Fixes of the reference, each as a test, and linear time on hostile input."""

from __future__ import annotations

import sys
from typing import Any

import pytest

HOSTILE = {
    "comments": "<!--",
    "tags": "<",
    "closed tags": "<a>",
    "ends": "-->",
    "references": "&amp;",
    "bare ampersands": "&#",
    "white space": " <",
}


def work(function: Any) -> int:
    """Count the lines and calls that a function takes: the same on every machine, under any load."""
    count = 0

    def tracer(frame: Any, event: str, arg: Any) -> Any:
        nonlocal count
        count += 1
        return tracer

    before = sys.gettrace()
    sys.settrace(tracer)
    try:
        function()
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("what", HOSTILE)
def test_striptags_takes_linear_work(ss: Any, what: str) -> None:
    """Four times the text takes less than six times the work: in steps here, and in characters looked at."""
    small, large = (ss.Markup(HOSTILE[what] * size) for size in (2_500, 10_000))

    assert work(large.striptags) < 6 * work(small.striptags) + 100


class CountingStr(str):
    """Text that counts the characters that are searched."""

    searched = 0

    def find(self, sub: str, start: int = 0, *args: Any) -> int:  # type: ignore[override]
        found = super().find(sub, start, *args)
        CountingStr.searched += (len(self) if found == -1 else found) - start
        return found


@pytest.mark.parametrize("what", HOSTILE)
def test_striptags_looks_at_each_character_a_few_times(ss: Any, what: str) -> None:
    """No text makes the search for the end of a tag start over and over."""
    without = ss.modules["dray.safe_strings._markup"]._without
    for opening, closing in (("<!--", "-->"), ("<", ">")):
        text = CountingStr(HOSTILE[what] * 5_000)
        CountingStr.searched = 0
        without(text, opening, closing)

        assert CountingStr.searched <= 4 * len(text)


def test_format_map_escapes(ss: Any) -> None:
    """2.1.3 of the reference."""
    assert ss.Markup("{a}").format_map({"a": "<"}) == "&lt;"


def test_line_breaks_in_tags(ss: Any) -> None:
    """2.1.4 of the reference."""
    assert ss.Markup("<a\nb>x</a>").striptags() == "x"


def test_an_exception_in_html(ss: Any) -> None:
    """1.1.1 of the reference crashed."""

    class Broken:
        def __html__(self) -> str:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        ss.escape(Broken())


@pytest.mark.parametrize("text", ["%s" * 2_000 + "%", "{" * 4_001, "{}" * 2_000 + "{", "{a" * 2_000])
def test_hostile_formats_are_refused_in_linear_time(ss: Any, text: str) -> None:
    """A format that never becomes valid."""
    with pytest.raises((ValueError, TypeError, KeyError, IndexError)):
        ss.Markup(text) % (("x",) * 2_000) if "%" in text else ss.Markup(text).format(*["x"] * 2_000)
