"""Run an application and a test suite on the reference, and in drop-in mode, there on either gateway."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .entry import Entry, Suite
from .environments import Broken, unpack
from .outcomes import Outcomes, read

APPLICATIONS = Path(__file__).with_name("applications")
DROP_IN = ["-m", "dray.framework.compat", "--report"]
#: What comes between ``python`` and what it runs, and what its environment says.
SIDES: dict[str, tuple[list[str], dict[str, str]]] = {
    "reference": ([], {}),
    "dray": (DROP_IN, {}),
    "asgi": (DROP_IN, {"DRAY_TEST_GATEWAY": "asgi"}),
}
#: Seconds that an application may take.
LIMIT = 120


@dataclass
class Ran:
    """What a process gave."""

    status: int
    output: str
    errors: str


def environ(python: Path, home: Path) -> dict[str, str]:
    """Give the environment of a run: the package's own commands come first, and nothing of ours is in it.

    :param home: what tests may write into.
    """
    ours = ("FLASK_", "DRAY_", "PYTHON", "NOX_", "COV_")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(ours)}
    path = f"{python.parent}{os.pathsep}{kept['PATH']}"
    fixed = {"PYTHONHASHSEED": "0", "COLUMNS": "100", "HOME": str(home), "VIRTUAL_ENV": str(python.parents[1])}
    return {**kept, **fixed, "PATH": path}


def start(python: Path, side: str, arguments: list[str], folder: Path, limit: int) -> Ran:
    """Run Python in a folder; when time is up it is ended, with all that it started.

    :param side: one of :data:`SIDES`.
    :raises Broken: when it takes longer than the limit.
    """
    home = folder.with_name("home")
    home.mkdir(exist_ok=True)
    before, more = SIDES[side]
    process = subprocess.Popen(
        [str(python), *before, *arguments], cwd=folder, env=environ(python, home) | more, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    try:
        output, errors = process.communicate(timeout=limit)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, 9)
        process.communicate()
        raise Broken(f"{' '.join(arguments)} took longer than {limit} seconds.") from None
    return Ran(process.returncode, output, errors)


def run_application(entry: Entry, python: Path, side: str, place: Path) -> Ran:
    """Run the application of an entry, in an empty folder."""
    folder = place / side / "application"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    ran = start(python, side, [str(APPLICATIONS / entry.application)], folder, LIMIT)
    ran.output = ran.output.replace(str(folder.parent), "/place").replace(str(python.parents[1]), "/environment")
    return ran


def run_suite(suite: Suite, python: Path, side: str, archive: Path, place: Path) -> tuple[Outcomes, Ran]:
    """Run a test suite in a fresh copy of its source archive, without its sources where they are apart."""
    shutil.rmtree(place / side / "suite", ignore_errors=True)
    folder = unpack(archive, place / side / "suite")
    shutil.rmtree(folder / "src", ignore_errors=True)
    results = place / side / "suite" / "results.xml"
    left_out = [argument for name in suite.left_out for argument in ("--deselect", name)]
    # Without it the root is found further up, and with it the names of the tests.
    options = ["--rootdir=.", "-p", "no:cacheprovider", "-q", f"--junitxml={results}"]
    ran = start(python, side, ["-m", "pytest", *options, *suite.arguments, *left_out], folder, suite.limit)
    if not results.exists():
        raise Broken(f"pytest ended with {ran.status} and no results:\n{ran.output[-3000:]}{ran.errors[-3000:]}")
    return read(results), ran
