"""Placeholder text for pages that have none yet."""

from __future__ import annotations

from dray.safe_strings import Markup, escape

from .constants import LOREM_IPSUM_WORDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random


def _draw_words(source: Random, count: int) -> Iterator[str]:
    """Yield *count* words, none of them twice in a row."""
    words = LOREM_IPSUM_WORDS.split()
    previous = ""
    for _ in range(count):
        word = source.choice(words)
        while word == previous:
            word = source.choice(words)
        previous = word
        yield word


def _compose_paragraph(source: Random, count: int) -> str:
    """Return *count* words as sentences: commas every three to eight words, a full stop every ten to twenty."""
    text: list[str] = []
    next_comma = source.randint(3, 8)
    next_stop = source.randint(10, 20)
    capital = True
    for position, drawn in enumerate(_draw_words(source, count), 1):
        word = drawn.capitalize() if capital else drawn
        capital = False
        if position in {next_stop, count}:
            word += "."
            capital = True
            next_comma = position + source.randint(3, 8)
            next_stop = position + source.randint(10, 20)
        elif position == next_comma:
            word += ","
            next_comma = position + source.randint(3, 8)
        text.append(word)
    return " ".join(text)


def compose_paragraphs(n: int, html: bool, min: int, max: int) -> str:
    """Return placeholder text.

    :param n: number of paragraphs
    :param html: wrap each paragraph in ``<p>``; the result is then safe text
    :param min: fewest words of a paragraph
    :param max: one more than the most words of a paragraph
    :return: paragraphs separated by a line break (HTML) or a blank line
    """
    from random import Random  # noqa: PLC0415 - random costs start-up time

    source = Random()
    paragraphs = [_compose_paragraph(source, source.randrange(min, max)) for _ in range(n)]
    if not html:
        return "\n\n".join(paragraphs)
    return Markup("\n".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs))
