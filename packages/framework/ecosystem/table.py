"""The report of a run: for the terminal, and the table of the documentation."""

from __future__ import annotations

import csv
import difflib
import io
from dataclasses import dataclass
from pathlib import Path

from .entry import Entry

HEAD = ["Package", "Version", "What runs", "Application", "Its own tests"]


@dataclass
class Row:
    """What became of an entry."""

    entry: Entry
    #: Lines of the application's output, the same on both sides.
    lines: int = 0
    #: Tests that pass on the reference, those of them that pass on dray, and those that don't and are explained.
    reference: int = 0
    passed: int = 0
    explained: int = 0
    seconds: float = 0
    failure: str = ""

    @property
    def application(self) -> str:
        """Say what became of the application."""
        return f"the same {self.lines} lines" if self.lines else "differs"

    @property
    def tests(self) -> str:
        """Say what became of the tests."""
        if self.entry.suite is None:
            return self.entry.no_suite
        text = f"{self.passed} of {self.reference}" + (f", {self.entry.suite.part}" if self.entry.suite.part else "")
        reasons = "; ".join(dict.fromkeys(self.entry.suite.explained.values()))
        return f"{text}: {reasons}" if self.explained else text

    @property
    def cells(self) -> list[str]:
        """Give the row of the table."""
        return [self.entry.name, self.entry.version, self.entry.shows, self.application, self.tests]


def difference(reference: str, dray: str, side: str) -> str:
    """Show what differs between two outputs."""
    lines = difflib.unified_diff(reference.splitlines(), dray.splitlines(), "reference", side, lineterm="", n=2)
    return "\n".join(list(lines)[:80])


def text(rows: list[Row]) -> str:
    """Give the table for a terminal."""
    lines = [["package", "version", "application", "own tests", "seconds", ""]]
    for row in rows:
        verdict = "FAILED" if row.failure else "ok"
        tests = f"{row.passed} of {row.reference}" if row.entry.suite else "-"
        lines.append([row.entry.name, row.entry.version, row.application, tests, f"{row.seconds:.0f}", verdict])
    return aligned(lines)


def aligned(lines: list[list[str]]) -> str:
    """Give lines of cells with their columns below each other."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def as_csv(lines: list[list[str]]) -> str:
    """Give lines of cells as the documentation reads them."""
    target = io.StringIO()
    csv.writer(target, lineterminator="\n").writerows(lines)
    return target.getvalue()


def read(path: Path) -> dict[str, list[str]]:
    """Read the table of the documentation: its lines by package."""
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as source:
        return {line[0]: line for line in csv.reader(source)}


def write(path: Path, rows: list[Row], order: list[str]) -> None:
    """Write the rows of a run into the table of the documentation; those of other packages stay.

    :param order: the names of all packages.
    """
    lines = {**read(path), **{row.entry.name: row.cells for row in rows}}
    path.write_text(as_csv([HEAD, *(lines[name] for name in order if name in lines)]), "utf-8")


def outdated(path: Path, rows: list[Row]) -> str:
    """Compare the table of the documentation with a run: packages and versions.

    How many lines and tests there are may differ from one Python to another; that none is lost, the run says.

    :return: the first package that isn't there as it was run; nothing when all are.
    """
    written = read(path)
    return next((", ".join(row.cells[:3]) for row in rows if written.get(row.entry.name, [])[:3] != row.cells[:3]), "")
