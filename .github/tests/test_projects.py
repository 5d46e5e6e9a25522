"""Which packages a change affects, and that a change which breaks one is caught in those that stand on it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Clone
from pipeline.projects import PACKAGES, affected

ON_SAFE_STRINGS = ["safe-strings", "templating", "wsgi-tools", "framework"]


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        ([], []),
        (["docs/index.rst", "CHANGES.rst", "README.md"], []),
        (["packages/framework/README.md"], ["framework"]),
        (["packages/signing/src/dray/signing/signer.py"], ["signing", "framework"]),
        (["packages/safe-strings/src/dray/safe_strings/_markup.py", "docs/index.rst"], ON_SAFE_STRINGS),
        (["packages/cli-kit/a.py", "packages/wsgi-tools/b.py"], ["cli-kit", "wsgi-tools", "framework"]),
        (["noxfile.py"], PACKAGES),
        ([".github/pipeline/release.py"], PACKAGES),
        (["packages/unknown/a.py"], PACKAGES),
    ],
)
def test_affected(paths: list[str], expected: list[str]) -> None:
    """A change tests the packages it touches and all that stand on them; one that nobody owns tests all."""
    assert affected(paths) == expected


def run_tests(clone: Clone, package: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run tests of a package with its siblings from a clone.

    Without bytecode: a change of the same length within the same second looks to it like none.
    """
    sources = os.pathsep.join(str(clone.root / "packages" / name / "src") for name in PACKAGES)
    command = [sys.executable, "-B", "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *arguments]
    environ = {**os.environ, "PYTHONPATH": sources, "DRAY_SAFE_STRINGS_PURE": "1"}
    folder = clone.root / "packages" / package
    return subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=False)


def test_a_change_that_breaks_safe_strings_is_caught_above_it(clone: Clone) -> None:
    """The affected run names templating and framework, and their tests fail by the change and by nothing else."""
    base = clone.git("rev-parse", "HEAD")
    native = "packages/safe-strings/src/dray/safe_strings/_native.py"
    clone.replace(native, "&lt;", "&LT;")
    clone.commit("break it on purpose")

    assert json.loads(clone.pipeline("affected", base).stdout) == ON_SAFE_STRINGS
    for package in ("templating", "framework"):
        result = run_tests(clone, package, "tests")
        assert result.returncode == 1, result.stdout + result.stderr
        failed = re.search(r"^FAILED ([^\s[]+)", result.stdout, re.MULTILINE)
        assert failed is not None, result.stdout
        clone.git("checkout", "--quiet", base, "--", native)
        assert run_tests(clone, package, failed[1]).returncode == 0
        clone.git("checkout", "--quiet", "HEAD", "--", native)


def test_an_unknown_revision_is_one_sentence(clone: Clone) -> None:
    """And status 1."""
    result = clone.pipeline("affected", "nowhere/nothing")
    assert (result.returncode, result.stdout) == (1, "")
    assert re.fullmatch(r"error: .*nowhere/nothing.*\n", result.stderr)


def test_the_clone_is_not_the_checkout(clone: Clone) -> None:
    """What these tests break is theirs."""
    assert Path(__file__).parents[2] not in clone.root.parents
