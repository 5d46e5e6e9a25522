"""Settings of the whole suite."""

from __future__ import annotations

import gc
from collections.abc import Callable
from time import thread_time
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings

# How long an example takes is the machine's business: no test fails because others use it too.
settings.register_profile("dray", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("dray")

T = TypeVar("T")

#: An input is compared with so many of a length that is so many times shorter.
PARTS = 16
#: Linear time makes both the same work, quadratic time the long one 16 times as much, n ** 1.29 2.25 times.
MOST = 2.25
#: What takes less is no trouble, and too little to be measured, in seconds.
LEAST = 0.0005
ROUNDS = range(3, 16)


def _growth(work: Callable[[T], Any], long: T, short: T) -> float:
    """Return how many times the work of 16 short inputs one long one makes.

    Both are measured in turns, for as long, in processor time of this thread, and the least of each counts: what else
    the machine does meets both alike, and not each time.
    """
    longest = shortest = float("inf")
    growth = 0.0
    gc.collect()
    gc.disable()  # a full collection in the middle would be charged to whoever allocates

    try:
        for number in range(1, ROUNDS.stop):
            started = thread_time()
            work(long)
            middle = thread_time()

            for _ in range(PARTS):
                work(short)

            longest, shortest = min(longest, middle - started), min(shortest, thread_time() - middle)
            growth = longest / max(shortest, LEAST)

            if number >= ROUNDS.start and growth < MOST:
                break
    finally:
        gc.enable()

    return growth


@pytest.fixture
def check_linear() -> Callable[[Callable[[T], Any], T, T], None]:
    """Check that work grows with the length of its input only; the short input is a sixteenth of the long one."""

    def check(work: Callable[[T], Any], long: T, short: T) -> None:
        growth = _growth(work, long, short)
        assert growth < MOST, f"16 times the input takes {16 * growth:.0f} times as long"

    return check
