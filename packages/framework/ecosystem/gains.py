"""How much quicker a real application answers: httpbin on the references and in drop-in mode.

Both run in fresh processes, alternately, so that what else the machine does meets both. Knows nothing of the entries
but the one that it measures.
"""

from __future__ import annotations

import json
import statistics
from pathlib import Path

from .environments import Broken
from .sides import APPLICATIONS, SIDES, start

#: Fresh processes of each side.
ROUNDS = 7
LIMIT = 120


def measure(python: Path, place: Path) -> dict[str, dict[str, float]]:
    """Measure each kind of request on both sides.

    :param python: of an environment with httpbin.
    :return: the median over the processes, in microseconds, by kind and side.
    """
    place.mkdir(parents=True, exist_ok=True)
    found: dict[str, dict[str, list[float]]] = {}
    for _ in range(ROUNDS):
        for side, before in SIDES.items():
            ran = start(python, [*before, str(APPLICATIONS / "measure_httpbin.py")], place, LIMIT)
            if ran.status:
                raise Broken(f"measuring failed on {side}:\n{ran.errors[-2000:]}")
            for kind, seconds in json.loads(ran.output).items():
                found.setdefault(kind, {}).setdefault(side, []).append(seconds * 1e6)
    return {kind: {side: statistics.median(values) for side, values in sides.items()} for kind, sides in found.items()}


def rows(gains: dict[str, dict[str, float]]) -> list[list[str]]:
    """Give the table: kind, microseconds on the references, on dray, and how many times as fast."""
    head = ["Request", "References (µs)", "Dray (µs)", "Times as fast"]
    return [head] + [
        [kind, f"{sides['reference']:.0f}", f"{sides['dray']:.0f}", f"{sides['reference'] / sides['dray']:.2f}"]
        for kind, sides in gains.items()
    ]
