"""Progress bars on a terminal with a clock of its own, against the reference: the same characters."""

from __future__ import annotations

import io
import time

import click
import pytest

import dray.cli_kit as cli


class Terminal(io.StringIO):
    """A terminal in memory."""

    def isatty(self):
        return True


class WithHint:
    """An iterable that guesses its length."""

    def __iter__(self):
        return iter(range(3))

    def __length_hint__(self):
        return 3


BARS = [
    ({}, range(4), 1.0),
    ({"label": "Lab"}, range(4), 1.0),
    ({"label": "Lab", "show_eta": False, "show_pos": True}, range(4), 1.0),
    ({"show_percent": True, "show_pos": True, "width": 10}, range(4), 1.0),
    ({"item_show_func": lambda item: f"i{item}"}, range(4), 1.0),
    ({"item_show_func": lambda item: None}, range(2), 1.0),
    (
        {"bar_template": "%(label)s|%(bar)s|%(info)s", "fill_char": "=", "empty_char": ".", "info_sep": "/"},
        range(4),
        1.0,
    ),
    ({"hidden": True}, range(4), 1.0),
    ({}, range(0), 1.0),
    ({"width": 0}, range(4), 1.0),
    ({}, range(4), 3700.0),
    ({}, range(4), 90000.0),
    ({}, range(20), 0.3),
    ({"update_min_steps": 2}, range(4), 1.0),
    ({"show_percent": False, "show_eta": False}, range(4), 1.0),
    ({}, WithHint(), 1.0),
    ({}, [1, 2, 3], 1.0),
    ({"length": 10}, range(4), 1.0),
    ({}, iter("abcdef"), 0.7),
]


class Clock:
    """A clock that goes on when it is told."""

    def __init__(self, monkeypatch):
        self.now = 1000.0
        monkeypatch.setattr(time, "time", lambda: self.now)


def draw(library, clock, kwargs, iterable, step, terminal=True):
    """Draw a bar and return what was written."""
    clock.now = 1000.0
    stream = Terminal() if terminal else io.StringIO()
    items = list(iterable) if hasattr(iterable, "__next__") else iterable
    with library.progressbar(items, file=stream, **kwargs) as bar:
        for _ in bar:
            clock.now += step
    return stream.getvalue()


@pytest.mark.parametrize(("kwargs", "iterable", "step"), BARS)
def test_loops(kwargs, iterable, step, monkeypatch):
    """The bar of a loop is the same at every step."""
    clock = Clock(monkeypatch)
    if hasattr(iterable, "__next__"):
        iterable = list(iterable)

    for terminal in (True, False):
        theirs = draw(click, clock, kwargs, iterable, step, terminal)
        assert draw(cli, clock, kwargs, iterable, step, terminal) == theirs


@pytest.mark.parametrize("updates", [[1, 2, 1], [1, 2, 5], [4], [1]])
def test_updates(updates, monkeypatch):
    """So is that of steps that are reported, and everything that can be asked of it."""
    clock = Clock(monkeypatch)
    asked = "pos length pct eta avg finished eta_known time_per_iteration"
    seen = []
    for library in (click, cli):
        clock.now = 1000.0
        stream = Terminal()
        with library.progressbar(length=4, file=stream) as bar:
            for update in updates:
                clock.now += 1
                bar.label = f"now {update}"
                bar.update(update, update)
        formats = [bar.format_eta(), bar.format_pos(), bar.format_pct(), bar.format_bar(), bar.format_progress_line()]
        seen.append((stream.getvalue(), [getattr(bar, name) for name in asked.split()], formats))

    assert seen[1] == seen[0]


@pytest.mark.parametrize("library", [click, cli])
def test_misuse(library):
    """A bar without a ``with`` block, or without anything to count, is an error in both."""
    with pytest.raises(RuntimeError, match="with block"):
        next(iter(library.progressbar([1])))
    with pytest.raises(TypeError, match="iterable or length"):
        library.progressbar()
