"""The same input through the reference: the same output, or an exception of the same type."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import markupsafe
from hypothesis import given
from hypothesis import strategies as st

from ..conftest import LOADED

TEXT = st.text(alphabet=st.characters() | st.sampled_from("<>&'\"{}%- !\n"), max_size=40)
VALUES: Any = TEXT | st.integers() | st.none() | st.floats() | st.binary(max_size=5) | st.lists(TEXT, max_size=2)


def outcome(function: Callable[[], Any]) -> Any:
    try:
        result = function()
    except Exception as error:
        return type(error)
    if isinstance(result, (list, tuple)):
        return [(type(item).__name__, str(item)) for item in result]
    return type(result).__name__, str(result)


def same(use: Callable[[Any], Any]) -> None:
    expected = outcome(lambda: use(markupsafe))
    for module in LOADED.values():
        assert expected == outcome(lambda module=module: use(module))


@given(VALUES)
def test_escaping(value: Any) -> None:
    """Of anything."""
    same(lambda m: m.escape(value))
    same(lambda m: m.escape_silent(value))
    same(lambda m: m.soft_str(value))
    same(lambda m: m.Markup(value))
    same(lambda m: m.Markup.escape(value))


@given(TEXT, VALUES)
def test_operators(text: str, value: Any) -> None:
    """With anything on the other side."""
    same(lambda m: m.Markup(text) + value)
    same(lambda m: value + m.Markup(text))
    same(lambda m: m.Markup(text) == value)
    if not isinstance(value, int) or abs(value) < 100:
        same(lambda m: m.Markup(text) * value)


@given(TEXT, st.lists(VALUES, max_size=4))
def test_joining(text: str, values: list[Any]) -> None:
    """Anything."""
    same(lambda m: m.Markup(text).join(values))


PERCENT = st.lists(
    st.sampled_from(["%s", "%d", "%r", "%5s", "%-5s", "%.2f", "%%", "%i", "<", "é", "%c", "%"]), max_size=5
)
FIELDS = st.lists(
    st.sampled_from(
        ["{}", "{0}", "{1}", "{a}", "{a!r}", "{:>5}", "{a:^6}", "{{", "}}", "{", "}", "<", "{a[0]}", "{0.real}", "é"]
    ),
    max_size=5,
)


@given(PERCENT, st.lists(VALUES, max_size=4))
def test_percent(parts: list[str], values: list[Any]) -> None:
    """Formats right and wrong, arguments of every type."""
    same(lambda m: m.Markup("".join(parts)) % tuple(values))


@given(FIELDS, st.lists(VALUES, max_size=3), VALUES)
def test_format(parts: list[str], values: list[Any], named: Any) -> None:
    """Formats right and wrong, arguments of every type."""
    same(lambda m: m.Markup("".join(parts)).format(*values, a=named))


@given(TEXT)
def test_back_to_text(text: str) -> None:
    """Stripped and unescaped."""
    same(lambda m: m.Markup(text).striptags())
    same(lambda m: m.Markup(text).unescape())


@given(TEXT, TEXT, TEXT)
def test_methods(text: str, other: str, third: str) -> None:
    """Those that look for text, and those that insert it."""
    for name in (
        "split",
        "rsplit",
        "partition",
        "rpartition",
        "strip",
        "lstrip",
        "rstrip",
        "removeprefix",
        "removesuffix",
    ):
        same(lambda m, name=name: getattr(m.Markup(text), name)(other))
    same(lambda m: m.Markup(text).replace(other, third))
    for name in ("ljust", "rjust", "center"):
        same(lambda m, name=name: getattr(m.Markup(text), name)(10, other))
    for name in ("capitalize", "title", "lower", "upper", "swapcase", "casefold", "expandtabs", "splitlines"):
        same(lambda m, name=name: getattr(m.Markup(text), name)())
