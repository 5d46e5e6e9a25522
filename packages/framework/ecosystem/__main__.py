"""``python -m ecosystem [--write] [NAME ...]``: run entries, all by default, and print the table.

``--measure`` measures an application on both sides instead.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import environments, gains, table
from .entries import ENTRIES
from .entry import Entry
from .outcomes import count, lost, stale, unexplained
from .sides import run_application, run_suite

#: A failing run shows the ends of what it printed.
SHOWN = 4000


class Differs(Exception):
    """A package does something else on dray; the message says what."""


def application(entry: Entry, python: Path, alone: Path, place: Path) -> int:
    """Run the application of an entry on both sides, here on each gateway, and compare what it prints.

    :param python: that of the references.
    :param alone: where they are not installed: what runs there, child processes too, runs on dray.
    :return: the number of lines that are the same.
    :raises Differs: when they aren't.
    """
    reference = run_application(entry, python, "reference", place)
    if reference.status or not reference.output:
        raise environments.Broken(f"the application fails on the reference:\n{reference.errors[-SHOWN:]}")
    for side in ("dray", "asgi") if entry.has_gateways else ("dray",):
        dray = run_application(entry, alone, side, place)
        if dray.status:
            raise Differs(f"the application fails on {side}:\n{dray.errors[-SHOWN:]}")
        same = _with_any_case if side == "asgi" else str
        expected, given = same(reference.output), same(dray.output)
        if expected != given:
            raise Differs(f"the application prints something else:\n{table.difference(expected, given, side)}")
        missing = [name for name in entry.stands_on if f"\n  {name}\n" not in f"{dray.errors}\n"]
        if missing:
            raise Differs(f"dray didn't stand in for {', '.join(missing)}")
    return len(reference.output.splitlines())


def _with_any_case(output: str) -> str:
    """Write names of headers in lower case, as ASGI demands."""
    return re.sub(r"^[A-Z][A-Za-z-]+(?=: )", lambda match: match[0].lower(), output, flags=re.MULTILINE)


def suite(entry: Entry, python: Path, place: Path, side: str) -> tuple[int, int, int]:
    """Run the tests of an entry on both sides.

    :param side: ours.
    :return: how many pass on the reference, how many of those on dray, how many of the rest are explained.
    :raises Differs: when one that passes there fails here and is not explained.
    """
    if entry.suite is None:
        return 0, 0, 0
    archive = environments.fetch(entry, place.parent / "archives")
    reference, ran = run_suite(entry.suite, python, "reference", archive, place)
    if not count(reference):
        raise environments.Broken(f"no test passes on the reference:\n{ran.output[-SHOWN:]}{ran.errors[-SHOWN:]}")
    dray, ran = run_suite(entry.suite, python, side, archive, place)
    names = lost(reference, dray)
    new = unexplained(names, entry.suite.explained)
    if new:
        raise Differs(f"{len(new)} tests pass on the reference only:\n  " + "\n  ".join([*new, ran.output[-SHOWN:]]))
    if old := stale(names, entry.suite.explained):
        raise Differs(f"these pass now, so their explanations can go: {', '.join(old)}")
    passed = count(reference)
    return passed, passed - len(names), len(names)


def run(entry: Entry, wheels: list[Path], place: Path, suites: bool, asgi: bool) -> table.Row:
    """Run all of one entry.

    :param suites: its own tests too.
    :param asgi: let their requests come by ASGI.
    """
    started = time.monotonic()
    row = table.Row(entry)
    try:
        python = environments.make(entry, wheels, place / "environments")
        alone = environments.make(entry, wheels, place / "environments", alone=True)
        row.lines = application(entry, python, alone, place / entry.key)
        if suites:
            row.reference, row.passed, row.explained = suite(
                entry, python, place / entry.key, "asgi" if asgi and entry.has_gateways else "dray"
            )
    except (Differs, environments.Broken) as error:
        row.failure = f"{type(error).__name__.lower()}: {error}"
    row.seconds = time.monotonic() - started
    print(f"{entry.key}: {'ok' if not row.failure else row.failure} ({row.seconds:.0f} s)", flush=True)
    return row


def measure(entry: Entry, wheels: list[Path], place: Path, target: Path | None) -> None:
    """Measure an application on both sides, and print the table.

    :param target: where the table of the documentation is written.
    """
    python = environments.make(entry, wheels, place / "environments")
    rows = gains.rows(gains.measure(python, place / "measured" / "in"))
    print(table.aligned(rows))
    if target is not None:
        target.write_text(table.as_csv(rows), "utf-8")


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="nox -s ecosystem --", description="Run published packages on dray.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="flask-login, sphinx …; all by default")
    parser.add_argument("--place", type=Path, required=True, help="where environments and results are kept")
    parser.add_argument("--wheels", type=Path, required=True, help="the folder with dray's wheels")
    parser.add_argument("--docs", type=Path, required=True, help="the folder of the documentation with the tables")
    parser.add_argument("--write", action="store_true", help="write the tables of the documentation")
    parser.add_argument("--applications", action="store_true", help="leave out the packages' own tests")
    parser.add_argument("--asgi", action="store_true", help="let the requests of the packages' own tests come by ASGI")
    parser.add_argument("--measure", action="store_true", help="measure an application on both sides instead")
    parser.add_argument("--jobs", type=int, default=2, help="entries at the same time (2)")
    return parser.parse_args()


def main() -> int:
    """Run what the command line names.

    :return: the exit status.
    """
    options = arguments()
    known = {entry.key: entry for entry in ENTRIES}
    unknown = [name for name in options.names if name not in known]
    if unknown:
        print(f"error: There is no entry {unknown[0]!r}: it is one of {', '.join(known)}.", file=sys.stderr)
        return 1
    entries = [known[name] for name in options.names] or ENTRIES
    wheels, place = sorted(options.wheels.resolve().glob("*.whl")), options.place.resolve()
    if options.measure:
        measure(known["httpbin"], wheels, place, options.docs / "gains.csv" if options.write else None)
        return 0
    with ThreadPoolExecutor(options.jobs) as pool:
        rows = list(pool.map(lambda entry: run(entry, wheels, place, not options.applications, options.asgi), entries))
    print(table.text(rows))
    if options.applications:
        return int(any(row.failure for row in rows))
    written = options.docs / "ecosystem.csv"
    good = [row for row in rows if not row.failure]
    if options.write:
        table.write(written, good, [entry.name for entry in ENTRIES])
    elif wrong := table.outdated(written, good):
        print(f"error: {written} says something else than this: {wrong}. Write it with --write.", file=sys.stderr)
        return 1
    return int(len(good) < len(rows))


if __name__ == "__main__":
    sys.exit(main())
