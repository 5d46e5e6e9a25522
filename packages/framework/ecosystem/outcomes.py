"""What became of the tests of a suite, and what differs between two runs. Reads pytest's JUnit files."""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path
from xml.etree import ElementTree

#: By a test's identifier: ``passed``, ``failed`` or ``skipped``.
Outcomes = dict[str, str]


def read(results: Path) -> Outcomes:
    """Read a JUnit file. A test that appears twice (it failed, and its teardown too) failed."""
    outcomes: Outcomes = {}
    for case in ElementTree.parse(results).iter("testcase"):
        name = f"{case.get('classname')}::{case.get('name')}"
        tags = {child.tag for child in case}
        outcome = "failed" if tags & {"failure", "error"} else "skipped" if "skipped" in tags else "passed"
        if outcomes.get(name) != "failed":
            outcomes[name] = outcome
    return outcomes


def count(outcomes: Outcomes, outcome: str = "passed") -> int:
    """Count the tests with an outcome."""
    return list(outcomes.values()).count(outcome)


def lost(reference: Outcomes, dray: Outcomes) -> list[str]:
    """Give the tests that pass on the reference and don't on dray: fail, are skipped, or aren't there."""
    return sorted(name for name, was in reference.items() if was == "passed" and dray.get(name) != "passed")


def unexplained(names: list[str], explained: dict[str, str]) -> list[str]:
    """Give the names that no pattern explains."""
    return [name for name in names if not any(fnmatchcase(name, pattern) for pattern in explained)]


def stale(names: list[str], explained: dict[str, str]) -> list[str]:
    """Give the patterns that explain nothing any more."""
    return [pattern for pattern in explained if not any(fnmatchcase(name, pattern) for name in names)]
