"""Pickles of one kernel load on the other; those that were written once load for ever."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

PICKLES = Path(__file__).with_name("pickles")
WRITE = (
    "import pickle, sys\n"
    "from dray.safe_strings import Markup\n"
    "sys.stdout.buffer.write(pickle.dumps([Markup('<b>'), {'a': Markup('\u0436')}], {protocol}))\n"
)
READ = (
    "import pickle, sys\n"
    "from dray.safe_strings import Markup\n"
    "value = pickle.loads(sys.stdin.buffer.read())\n"
    "assert value == ['<b>', {'a': '\u0436'}], value\n"
    "assert type(value[0]) is type(value[1]['a']) is Markup\n"
)


def run(code: str, pure: bool, data: bytes = b"") -> bytes:
    environ = {**os.environ, "DRAY_SAFE_STRINGS_PURE": str(int(pure)), "PYTHONIOENCODING": "utf-8"}
    return subprocess.run([sys.executable, "-c", code], input=data, env=environ, check=True, capture_output=True).stdout


@pytest.mark.parametrize("protocol", [0, 2, pickle.HIGHEST_PROTOCOL])
@pytest.mark.parametrize("pure", [False, True])
def test_the_other_kernel_reads_it(protocol: int, pure: bool) -> None:
    """In a process of its own, each way."""
    run(READ, not pure, run(WRITE.replace("{protocol}", str(protocol)), pure))


@pytest.mark.parametrize("file", sorted(PICKLES.glob("*.pickle")), ids=lambda path: path.name)
@pytest.mark.parametrize("pure", [False, True])
def test_old_pickles_load(file: Path, pure: bool) -> None:
    """What a release wrote, all later ones read."""
    run(READ, pure, file.read_bytes())


def test_there_are_old_pickles() -> None:
    """Three protocols of 1.0."""
    assert len(list(PICKLES.glob("*.pickle"))) == 3
