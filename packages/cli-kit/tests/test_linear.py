"""Untrusted text is handled in linear time: four times the text takes less than six times the work."""

from __future__ import annotations

import time

import pytest

import dray.cli_kit as cli
from dray.cli_kit import formatting
from dray.cli_kit.shell_completion import split_arg_string

SIZE = 20_000
TEXTS = {
    "one word": lambda n: "a" * n,
    "hyphens": lambda n: "a-" * (n // 2),
    "dashes": lambda n: "-" * n,
    "words": lambda n: "ab " * (n // 3),
    "blanks": lambda n: " " * n,
    "lines": lambda n: "\n" * n,
    "kept paragraphs": lambda n: "\b\n" * (n // 2),
    "wide": lambda n: "日" * n,
    "colours": lambda n: "\x1b[31m" * (n // 5),
    "broken sequences": lambda n: "\x1b[" * (n // 2),
    "open titles": lambda n: "\x1b]" * (n // 2),
    "quotes": lambda n: "'" * n,
    "double quotes": lambda n: '"' * (n - 1),
    "backslashes": lambda n: "\\" * n,
    "escaped quotes": lambda n: '"' + '\\"' * (n // 2),
    "one quoted word": lambda n: "'" + "a" * n,
}
WORKS = {
    "wrap": lambda text: formatting.wrap_text(text, 60),
    "wrap paragraphs": lambda text: formatting.wrap_text(text, 60, preserve_paragraphs=True),
    "wrap narrow": lambda text: formatting.wrap_text(text, 12, "  ", "    "),
    "split": split_arg_string,
    "unstyle": cli.unstyle,
}


def cost(work, text):
    """Return the least processor time of two tries, in seconds."""
    best = float("inf")
    for _ in range(2):
        start = time.process_time()
        work(text)
        best = min(best, time.process_time() - start)
    return best


def growth(work, small, large):
    """Return how much more work the large input is; the least of some tries, since other processes disturb them."""
    ratios = []
    for _ in range(4):
        # Below the clock's steps a ratio says nothing.
        ratios.append(cost(work, large) / max(cost(work, small), 0.001))
        if ratios[-1] < 6:
            break
    return min(ratios)


@pytest.mark.parametrize("work", WORKS)
@pytest.mark.parametrize("text", TEXTS)
def test_linear_time(work, text):
    """The ratio of work stays near that of the sizes."""
    assert growth(WORKS[work], TEXTS[text](SIZE), TEXTS[text](4 * SIZE)) < 6


def test_many_arguments():
    """Parsing a long list of files is linear too."""

    @cli.command()
    @cli.option("--flag", is_flag=True)
    @cli.argument("files", nargs=-1)
    def command(flag, files):
        return len(files)

    def parse(words):
        return command.main(list(words), prog_name="x", standalone_mode=False)

    few, many = ["file"] * 20_000, ["file"] * 80_000

    assert parse(many) == 80_000
    assert growth(parse, few, many) < 6
