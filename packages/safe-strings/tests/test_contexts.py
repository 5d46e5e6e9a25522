"""Scripts and links."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .conftest import LOADED


@given(st.text())
def test_a_script_reads_back_what_was_written(text: str) -> None:
    """Between quotes it is the same text again, and nothing of it ends string, line or element."""
    for module in LOADED.values():
        escaped = module.escape_js(text)

        assert json.loads(f'"{escaped}"') == text
        assert not set("<>&'\"`\n\r\u2028\u2029") & set(escaped)
        assert module.escape(escaped) is escaped


def test_scripts_in_scripts(ss: Any) -> None:
    """The usual attack."""
    assert ss.escape_js("</script><!--") == "\\u003c\\u002fscript\\u003e\\u003c!\\u002d\\u002d"
    assert ss.escape_js(5) == "5"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/a/b?x=1&y=2#z", "/a/b?x=1&amp;y=2#z"),
        ("https://example.com/é b", "https://example.com/%C3%A9%20b"),
        ("https://example.com/%C3%A9", "https://example.com/%C3%A9"),
        ("HTTP://example.com", "HTTP://example.com"),
        ("mailto:a@b.c", "mailto:a@b.c"),
        ("//other.example/x", "//other.example/x"),
        ('"><script>', "%22%3E%3Cscript%3E"),
        ("it's", "it&#39;s"),
        ("", ""),
        ("path:with/colon", "about:invalid"),
        ("./path:with/colon", "./path:with/colon"),
        ("javascript:alert(1)", "about:invalid"),
        ("JaVaScRiPt:alert(1)", "about:invalid"),
        (" \x00\tjavascript:alert(1)", "about:invalid"),
        ("java\nscript:alert(1)", "about:invalid"),
        ("java\tscr\ript:alert(1)", "about:invalid"),
        ("data:text/html,<script>", "about:invalid"),
        ("vbscript:x", "about:invalid"),
    ],
)
def test_links_lead_where_they_may(ss: Any, url: str, expected: str) -> None:
    """Schemes that run something lead nowhere; the rest is a URL, safe in an attribute."""
    assert expected == ss.escape_url(url)
    assert ss.Markup is type(ss.escape_url(url))


def test_schemes_can_be_chosen(ss: Any) -> None:
    """More, or none at all."""
    assert ss.escape_url("ftp://a", schemes=("ftp",)) == "ftp://a"
    assert ss.escape_url("https://a", schemes=()) == "about:invalid"


@given(st.text())
def test_no_link_runs_a_script(text: str) -> None:
    """However it is dressed up."""
    for module in LOADED.values():
        link = module.escape_url(text).unescape()

        assert not re.match(r"\s*(javascript|data|vbscript):", link, re.IGNORECASE)
        assert re.fullmatch(r"[!-~]*", link)
