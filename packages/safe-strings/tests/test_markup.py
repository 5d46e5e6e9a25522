"""``Markup``: what is safe stays safe, what comes from outside is escaped."""

from __future__ import annotations

import pytest

from dray.safe_strings import EscapeFormatter, Markup, escape, escape_silent, soft_str


class HasHTML:
    """An object that knows its own HTML."""

    def __init__(self, markup: str) -> None:
        self.markup = markup

    def __html__(self) -> str:
        return self.markup


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("plain", "plain"),
        ("<>&\"'", "&lt;&gt;&amp;&#34;&#39;"),
        ("&amp;", "&amp;amp;"),
        ("Ж<\U0001f600", "Ж&lt;\U0001f600"),
        (5, "5"),
        (None, "None"),
        (HasHTML("<b>"), "<b>"),
        (Markup("<b>"), "<b>"),
    ],
)
def test_escape_gives_safe_text(value: object, expected: str) -> None:
    """Text is escaped once; what knows its HTML is taken at its word."""
    result = escape(value)

    assert expected == result
    assert Markup is type(result)


def test_escape_silent_hides_none() -> None:
    """``None`` becomes empty text."""
    assert Markup("") == escape_silent(None)
    assert Markup("&lt;") == escape_silent("<")


def test_soft_str_keeps_safety() -> None:
    """Text passes through unchanged, other objects become text."""
    safe = Markup("<b>")

    assert safe is soft_str(safe)
    assert "5" == soft_str(5)


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (Markup("<b>") + "<i>", "<b>&lt;i&gt;"),
        ("<i>" + Markup("<b>"), "&lt;i&gt;<b>"),
        (Markup("<b>%s</b>") % "<i>", "<b>&lt;i&gt;</b>"),
        (Markup("%(a)s %(n)d") % {"a": "<", "n": 5}, "&lt; 5"),
        (Markup("{} {x!r:>6}").format("<", x="&"), "&lt;    &#39;&amp;&#39;"),
        (Markup("{a}").format_map({"a": "<"}), "&lt;"),
        (Markup("<br>").join(["<", HasHTML("<i>")]), "&lt;<br><i>"),
        (Markup("a<").replace("<", "&"), "a&amp;"),
        (Markup("<b>") * 2, "<b><b>"),
    ],
)
def test_what_is_inserted_is_escaped(result: Markup, expected: str) -> None:
    """Operators and methods that insert text escape it and stay safe."""
    assert expected == result
    assert isinstance(result, Markup)


def test_adding_something_that_is_no_text_is_refused() -> None:
    """Adding a number is a TypeError, as it is for ``str``."""
    with pytest.raises(TypeError):
        Markup("a") + 5  # type: ignore[operator]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<em>Main</em> &raquo;\n <b>x</b>", "Main » x"),
        ("a <!-- <b> --> c", "a c"),
        ("a < b", "a < b"),
        ("a <!-- b", "a <!-- b"),
        ("<a\nhref=''>x", "x"),
    ],
)
def test_striptags_gives_the_text(markup: str, expected: str) -> None:
    """Comments and tags go, references are resolved, the unclosed is text."""
    assert expected == Markup(markup).striptags()


def test_an_error_in_html_method_propagates() -> None:
    """What ``__html__`` raises is what the caller sees."""

    class Broken:
        def __html__(self) -> str:
            raise LookupError("broken")

    with pytest.raises(LookupError, match="broken"):
        escape(Broken())


def test_a_format_specification_needs_html_format() -> None:
    """Only the value knows what a specification means for its markup."""
    with pytest.raises(ValueError, match="__html_format__"):
        EscapeFormatter(escape).format("{:>5}", HasHTML("<b>"))
