"""Wrapping by columns: colours take none, wide characters two, and long words are cut."""

from __future__ import annotations

import pytest

from dray.cli_kit._ansi import char_width, split_ansi, strip_ansi, term_len
from dray.cli_kit._textwrap import TextWrapper, split_chunks

RED, END = "\x1b[31m", "\x1b[0m"


@pytest.mark.parametrize(
    ("char", "width"),
    [("a", 1), ("日", 2), ("é", 1), ("\u0301", 0), ("\u200d", 0), ("\u00ad", 0), ("Ａ", 2), ("한", 2)],
)
def test_char_width(char, width):
    """Wide and full-width characters take two columns (UAX 11), combining and format characters none."""
    assert char_width(char) == width
    assert term_len(char) == width


def test_split_ansi():
    """A text is cut into what is seen and what isn't, and nothing is lost."""
    text = f"a{RED}b{END}c"

    assert split_ansi(text) == [("a", False), (RED, True), ("b", False), (END, True), ("c", False)]
    assert "".join(piece for piece, _ in split_ansi(text)) == text
    assert strip_ansi(text) == "abc"


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("aaa bbb ccc", 7, ["aaa bbb", "ccc"]),
        (f"{RED}aaa{END} bbb ccc", 7, [f"{RED}aaa{END} bbb", "ccc"]),
        (f"{RED}aaa bbb{END}", 3, [f"{RED}aaa", f"bbb{END}"]),
        ("日本 語", 4, ["日本", "語"]),
        ("日本 語", 7, ["日本 語"]),
        ("日本語日本語", 5, ["日本", "語日", "本語"]),
        ("abcdefgh", 3, ["abc", "def", "gh"]),
        (f"{RED}abcdefgh{END}", 3, [f"{RED}abc", "def", f"gh{END}"]),
        ("日", 1, ["日"]),
        ("aa bbbbbb cc", 4, ["aa b", "bbbb", "b cc"]),
        ("e\u0301e\u0301e\u0301", 2, ["e\u0301e\u0301", "e\u0301"]),
        ("long-hyphenated-word", 11, ["long-", "hyphenated-", "word"]),
        ("a--b", 3, ["a--", "b"]),
        ("", 5, []),
        ("   ", 5, []),
    ],
)
def test_wrap(text, width, lines):
    """No line is wider than the width, and no sequence or character is cut."""
    wrapped = TextWrapper(width).wrap(text)

    assert wrapped == lines
    assert all(term_len(line) <= max(width, 2) for line in wrapped)


def test_indentation():
    """Indentation belongs to the width."""
    wrapper = TextWrapper(8, "> ", "    ")

    assert wrapper.fill("aaa bbb ccc") == "> aaa\n    bbb\n    ccc"
    assert wrapper.indented(" ").fill("a") == ">  a"
    assert wrapper.indent_only("a\nb") == "> a\n    b"


def test_width_must_be_positive():
    """Nothing fits into no columns."""
    with pytest.raises(ValueError, match="the width is 0"):
        TextWrapper(0).fill("a b")


@pytest.mark.parametrize(
    ("text", "chunks"),
    [
        ("a b", ["a", " ", "b"]),
        ("a  b ", ["a", "  ", "b", " "]),
        ("one-two", ["one-", "two"]),
        ("-x --option a-1", ["-x", " ", "--option", " ", "a-1"]),
        ("this--that", ["this", "--", "that"]),
        ("a\n\tb", ["a", "\n\t", "b"]),
        ("no\u00a0break", ["no\u00a0break"]),
    ],
)
def test_chunks(text, chunks):
    """A line may end at white space, after a hyphen between letters, and around a dash."""
    assert split_chunks(text) == chunks
