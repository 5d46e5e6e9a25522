"""Text as it is shown: wrapping, styles, escape sequences, short help, names, against the reference."""

from __future__ import annotations

import random
import types

import click
import click._compat
import click.formatting
import click.utils
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dray.cli_kit as cli
from dray.cli_kit import _compat, formatting, utils

PIECES = [
    " ", " ", "  ", "\n", "\n\n", "\t", "a", "bb", "foo-bar", "x-y-z", "--", "a--b", "e.g.", "word", "longerword",
    "1-2", "a-1", "\b\n", "\n\n\b\n", "  \n", "'q-z", "ab-cd-ef", "-a-", "(x)-yy", "--option", "--opt-name",
]  # fmt: skip


@pytest.mark.parametrize("seed", range(8))
def test_wrap_text(seed):
    """Text is broken into the same lines, with and without paragraphs."""
    rng = random.Random(seed)
    for _ in range(250):
        text = "".join(rng.choice(PIECES) for _ in range(rng.randint(0, 40)))
        if any(len(word) > 30 for word in text.split()):
            continue  # the reference lets a word that is longer than a line stick out
        width = rng.choice([40, 50, 78])
        first, other = " " * rng.randint(0, 6), " " * rng.randint(0, 6)
        keep = rng.random() < 0.6

        ours = formatting.wrap_text(text, width, first, other, keep)

        assert ours == click.formatting.wrap_text(text, width, first, other, keep), (text, width, keep)


@pytest.mark.parametrize("width", [30, 40, 60, 78, 120])
def test_formatter(width):
    """Usage lines, sections, paragraphs and definition lists look the same at any width."""

    def page(module):
        formatter = module.HelpFormatter(width=width)
        formatter.write_usage("prog", "[OPTIONS] COMMAND [ARGS]... " * 3)
        formatter.write_usage("a-very-long-program-name and-command", "[OPTIONS] ARGUMENT " * 4)
        formatter.write_usage("prog")
        formatter.write_usage("prog", "x", prefix="U: ")
        with formatter.section("Section"):
            formatter.write_text("Some text that has to be wrapped somewhere.\n\nAnother paragraph of text.")
            formatter.write_paragraph()
            formatter.write_dl(
                [("a", "b"), ("aa", "c " * 30), ("z" * 35, "q"), ("n", ""), ("é", "\x1b[1mbold\x1b[0m " * 9)]
            )
            with formatter.indentation():
                formatter.write_dl([("x" * 30, "qq"), ("y", "")], col_max=10, col_spacing=4)
                formatter.write_heading("Sub")
        return formatter.getvalue()

    assert page(cli) == page(click)


COLORS = st.one_of(
    st.none(),
    st.integers(-2, 260),
    st.sampled_from(["red", "bright_blue", "reset", "nope", ""]),
    st.tuples(st.integers(-1, 256), st.integers(0, 255), st.integers(0, 255)),
)
SWITCH = st.sampled_from([None, True, False])
ATTRIBUTES = ["bold", "dim", "underline", "overline", "italic", "blink", "reverse", "strikethrough"]


@settings(derandomize=True, deadline=None)
@given(COLORS, COLORS, st.dictionaries(st.sampled_from(ATTRIBUTES), SWITCH), st.booleans(), st.text(max_size=5))
def test_style(fg, bg, attributes, reset, text):
    """The same style gives the same sequences, or the same error."""

    def styled(module):
        try:
            return module.style(text, fg=fg, bg=bg, reset=reset, **attributes)
        except ValueError as error:
            return f"ValueError: {error}"

    assert styled(cli) == styled(click)


@settings(derandomize=True, deadline=None)
@given(
    st.lists(st.sampled_from(["\x1b[31m", "\x1b[0m", "\x1b[38;5;9m", "a", "bc", " ", "\x1b[?25h", "["]), max_size=12)
)
def test_unstyle(pieces):
    """Control sequences are removed, the rest stays."""
    text = "".join(pieces)

    assert cli.unstyle(text) == click.unstyle(text)
    if text.isascii():
        assert _compat.term_len(text) == click._compat.term_len(text)


@settings(derandomize=True, deadline=None, max_examples=300)
@given(
    st.lists(
        st.sampled_from(["Foo", "bar", "baz.", "e.g.", "Mr.", "x", "1.2", "(see", "That!", "longerword", "\b", "\n\n"]),
        max_size=14,
    ),
    st.integers(5, 60),
)
def test_short_help(words, limit):
    """A help text is shortened to the same line."""
    text = " ".join(words)

    assert utils._make_default_short_help(text, limit) == click.utils._make_default_short_help(text, limit)


@pytest.mark.parametrize("package", [None, "", "pkg", ".pkg", "pkg.sub"])
@pytest.mark.parametrize("path", ["prog", "/x/prog.py", "/x/pkg/__main__.py", "/x/pkg/mod.py", "pkg/__main__.py"])
def test_program_name(path, package):
    """The program gets the same name, however it was started."""
    main = types.ModuleType("__main__")
    main.__package__ = package

    assert utils._detect_program_name(path, main) == click.utils._detect_program_name(path, main)


@pytest.mark.parametrize("name", ["Foo", "Foo Bar", " x  y ", "ÄÖ"])
@pytest.mark.parametrize("force_posix", [True, False])
def test_app_dir(name, force_posix, monkeypatch):
    """The folder for configuration is the same."""
    monkeypatch.setenv("XDG_CONFIG_HOME", "/xdg")

    assert cli.get_app_dir(name, force_posix=force_posix) == click.get_app_dir(name, force_posix=force_posix)


@pytest.mark.parametrize("name", ["/a/b.txt", b"/a/\xff", "/a/\udcff", "é", b"\xc3\xa9"])
@pytest.mark.parametrize("shorten", [True, False])
def test_format_filename(name, shorten):
    """A file name is shown the same way, even if it is no text."""
    assert cli.format_filename(name, shorten=shorten) == click.format_filename(name, shorten=shorten)
