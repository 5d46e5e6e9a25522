"""The lexer's two ways through a text: all at once where it is as usual, and piece by piece."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dray.templating import Environment, TemplateSyntaxError
from dray.templating.lexer import Lexer

PIECES = [
    "{{", "}}", "{%", "%}", "{#", "#}", "-", "+", " ", "\n", "\t", "a", "b.c", '"x"', "'}}'", "'", '"', "\\", "1", "0",
    "00", "1.5", "1e3", "{", "}", "(", ")", "[", "]", "|", "~", "**", "raw", "endraw", "é", "_", ".", "%", "<?", "?>",
    "<?=", "9" * 5000, "{%-", "{{-", "-%}", "-}}", "+%}", "{%- a -%}", "{{\na\n}}", " \n ", "'a\nb'", "\u2003", "\x1c",
]  # fmt: skip
FIELDS = [f"{kind}_{end}_string" for kind in ("block", "variable", "comment") for end in ("start", "end")]
SYNTAXES: list[dict[str, Any]] = [
    {},
    {"keep_trailing_newline": True},
    {"variable_start_string": "{%=", "variable_end_string": "%}"},
    dict(zip(FIELDS, ("<?", "?>", "<?=", "?>", "<!--", "-->"), strict=True)),
]


def lexed(lexer: Lexer, source: str) -> Any:
    """Return the tokens with their places, or the error with its place."""
    try:
        return lexer.tokenize(source, "name").items
    except TemplateSyntaxError as error:
        return error.message, error.lineno, error.column, error.end_column


@pytest.mark.parametrize("options", SYNTAXES, ids=lambda options: " ".join(options) or "default")
@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
@example("{{ {'a': {}} }}")
@example("{{ a --}} x")
@example("{{ 'a}}' }}")
def test_both_ways_agree(options: dict[str, Any], source: str) -> None:
    """A text has the same tokens, places and errors whether or not the quick way is tried first."""
    quick, slow = Lexer(Environment(**options)), Lexer(Environment(**options))
    assert quick._usual
    slow._usual = False

    assert lexed(slow, source) == lexed(quick, source)
    assert lexed(slow, "{{" + source + "}}") == lexed(quick, "{{" + source + "}}")


def test_an_opening_that_looks_like_raw_is_not_as_usual() -> None:
    """``raw`` comes before an opening that begins as it does."""
    lexer = Lexer(Environment(variable_start_string="{% r", variable_end_string="%}"))

    assert not lexer._usual
    assert ("data", "{{ a }}", 1, 9, 16) == lexed(lexer, "{% raw %}{{ a }}{% endraw %}")[0]


@pytest.mark.parametrize("option", ["lstrip_blocks", "trim_blocks"])
def test_white_space_is_not_as_usual(option: str) -> None:
    """Where tags take white space away, the quick way isn't tried."""
    assert not Lexer(Environment(**{option: True}))._usual
