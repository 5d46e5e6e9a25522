"""Prove that nothing leaks: as many blocks are in use after thousands of calls of everything, errors included."""

import gc
import sys

from dray.safe_strings import Markup, escape, escape_silent
from dray.safe_strings._choose import _bind, escape_arguments, escape_inner, escape_to_str


class HTML:
    def __html__(self) -> str:
        return "<b>"


class Broken:
    def __html__(self) -> str:
        raise ValueError

    def __str__(self) -> str:
        raise ValueError


class NotText:
    def __str__(self) -> int:  # type: ignore[override]
        return 5


class Sub(Markup):
    pass


def use(function, *args) -> None:
    try:
        function(*args)
    except (ValueError, TypeError, AttributeError):
        pass


def everything() -> None:
    for value in ("clean", "<&>" * 9, "é<", "ж<", "\U0001f600<", 5, -5, 10**40, None, 1.5, HTML(), Broken(), NotText(),
                  Markup("<"), Sub("<"), HTML):  # fmt: skip
        for function in (escape, escape_silent, escape_inner, escape_to_str, Markup, Sub, Markup("a").__add__,
                         Markup("a").__radd__, Sub("a").__add__, lambda v: Markup(",").join([v, v]),
                         lambda v: Sub(",").join([v]), lambda v: Markup("%s") % (v,), lambda v: Markup("{}").format(v),
                         lambda v: Markup("a") + v, lambda v: v + Markup("a"), Markup(",").join,
                         lambda v: escape_arguments((v, "<", 1)), escape_arguments, _bind):  # fmt: skip
            use(function, value)
    _bind(Markup)
    use(Markup, b"\xff", "utf-8")
    use(Markup, "a", "utf-8")
    use(lambda: Markup(wrong=1))


def blocks() -> int:
    gc.collect()
    return sys.getallocatedblocks()


ROUNDS, BATCHES, LIMIT = 300, 20, 10

# A leak loses its blocks in every batch. What the interpreter keeps for itself settles after some, and then stays.
growth = []
while len(growth) < BATCHES and (not growth or min(growth) > LIMIT):
    before = blocks()
    for _ in range(ROUNDS):
        everything()
    growth.append(blocks() - before)

print(f"blocks more after each {ROUNDS} rounds: {growth}; {LIMIT} are allowed in the best")
sys.exit(min(growth) > LIMIT)
