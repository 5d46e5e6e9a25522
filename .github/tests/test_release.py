"""Releasing one package: what it changes, and all that it refuses, changing nothing."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Clone

Prepare = Callable[[Clone], None]
SIGNER = "packages/signing/src/dray/signing/__init__.py"


def nothing(clone: Clone) -> None:
    """Leave the clone as it is."""


def dirty(clone: Clone) -> None:
    """Leave a file that isn't committed."""
    clone.write("packages/signing/new.py", "")


def tagged(clone: Clone) -> None:
    """Have the release made already."""
    clone.git("tag", "signing-v1.0.0")


def without_fragments(clone: Clone) -> None:
    """Have nothing to say of the changes."""
    clone.git("rm", "--quiet", "packages/signing/changes/*.rst")
    clone.commit()


def at_a_release(clone: Clone) -> None:
    """Have a version that isn't one of development."""
    clone.replace("packages/signing/pyproject.toml", 'version = "1.0.0.dev0"', 'version = "1.0.0"')
    clone.commit()


def broken_interface(clone: Clone) -> None:
    """Take away what the last release offered, and don't say so."""
    clone.git("tag", "--annotate", "--message", "a release", "signing-v0.9.0")
    names = (clone.root / SIGNER).read_text("utf-8")
    assert '    "BadData",\n' in names
    lines = [line for line in names.splitlines() if "BadData" not in line]
    clone.write(SIGNER, "\n".join(lines) + "\n")
    clone.commit()


def two_versions(clone: Clone) -> None:
    """Have a pyproject.toml that says its version twice."""
    path = "packages/signing/pyproject.toml"
    clone.replace(path, "[tool.coverage.run]", '[tool.other]\nversion = "1.0.0.dev0"\n[tool.coverage.run]')
    clone.commit()


REFUSALS: dict[str, tuple[Prepare, list[str], str]] = {
    "dirty tree": (dirty, ["signing", "1.0.0"], "uncommitted changes: commit or remove them"),
    "tag exists": (tagged, ["signing", "1.0.0"], "signing-v1.0.0 exists already: give another version"),
    "no fragments": (without_fragments, ["signing", "1.0.0"], "packages/signing/changes has no fragments"),
    "not in development": (at_a_release, ["signing", "1.0.0"], "signing is at 1.0.0, not at a development version"),
    "API broken": (broken_interface, ["signing", "1.0.0"], "signing breaks what signing-v0.9.0 offered.*BadData"),
    "two versions": (two_versions, ["signing", "1.0.0"], "has 2 lines like .*: mend it first"),
    "short version": (nothing, ["signing", "1.0"], "'1.0' is not a release version: give one like 1.2.3"),
    "version with a letter": (nothing, ["signing", "v1.0.0"], "'v1.0.0' is not a release version"),
    "development version": (nothing, ["signing", "1.0.0.dev0"], "'1.0.0.dev0' is not a release version"),
    "old version": (nothing, ["signing", "0.9.0"], "0.9.0 is older than what signing is at, 1.0.0.dev0"),
    "unknown package": (nothing, ["signinq", "1.0.0"], "no package 'signinq': it is one of safe-strings, signing"),
    "no version": (nothing, ["signing"], "Say which package and which version"),
    "too much": (nothing, ["signing", "1.0.0", "2.0.0"], "Say which package and which version"),
}


def refuses(clone: Clone, arguments: list[str], expected: str, **environ: str) -> None:
    """Make sure that a release is refused in one sentence, with status 1, and that nothing has changed."""
    before = clone.state()
    result = clone.pipeline("release", *arguments, **environ)

    assert result.returncode == 1, result.stdout + result.stderr
    assert result.stderr.startswith("error: ")
    assert result.stderr.count("\n") == 1, result.stderr
    assert re.search(expected, result.stderr), result.stderr
    assert clone.state() == before


@pytest.mark.parametrize("case", REFUSALS)
def test_refusals(clone: Clone, case: str) -> None:
    """Each is one sentence that says what to do."""
    prepare, arguments, expected = REFUSALS[case]
    prepare(clone)
    refuses(clone, arguments, expected)


@pytest.mark.parametrize(
    ("files", "status", "expected"),
    [
        ({}, 200, "dray-safe-strings 1.0.0 is not on the index: release safe-strings first"),
        ({"dray-safe-strings": ["dray_safe_strings-0.9.0.tar.gz"]}, 200, "1.0.0 is not on the index"),
        ({}, 503, "The index answers 503 for .*: try again when it does"),
    ],
)
def test_a_sibling_must_be_on_the_index(
    clone: Clone, index: Callable[..., str], files: dict[str, list[str]], status: int, expected: str
) -> None:
    """Or the release could be installed by nobody."""
    refuses(clone, ["templating", "1.0.0"], expected, PIP_INDEX_URL=index(files, status))


def test_an_index_that_does_not_answer(clone: Clone) -> None:
    """Is no index without the sibling."""
    refuses(clone, ["templating", "1.0.0"], "doesn't answer: .*: try again", PIP_INDEX_URL="http://127.0.0.1:1/simple")


@pytest.mark.parametrize(("tool", "prepare"), [("towncrier", nothing), ("griffe", broken_interface)])
def test_a_tool_is_missing(clone: Clone, tmp_path: Path, tool: str, prepare: Prepare) -> None:
    """It is named, and the release that had begun is undone."""
    prepare(clone)
    (tmp_path / f"{tool}.py").write_text(f"raise ModuleNotFoundError(\"No module named '{tool}'\")\n")
    refuses(clone, ["signing", "1.0.0"], f"{tool} is not installed", PYTHONPATH=str(tmp_path))


def test_git_is_missing(clone: Clone, tmp_path: Path) -> None:
    """Before anything is done."""
    refuses(clone, ["signing", "1.0.0"], "git is not installed", PATH=str(tmp_path))


def test_a_release_of_one_package_leaves_the_others_untouched(clone: Clone) -> None:
    """It commits, tags and goes back to development, in that package and the changelog alone, and pushes nothing."""
    before, tags = clone.git("rev-parse", "HEAD"), clone.git("ls-remote", "--tags", "origin")
    fragments = sorted((clone.root / "packages/signing/changes").glob("*.rst"))
    sentence = fragments[0].read_text("utf-8").split()[0]
    result = clone.pipeline("release", "signing", "1.0.0")

    assert result.returncode == 0, result.stdout + result.stderr
    assert "git push --atomic origin main signing-v1.0.0" in result.stdout
    assert clone.git("cat-file", "-t", "signing-v1.0.0") == "tag"
    assert clone.git("rev-list", "--count", f"{before}..HEAD") == "2"
    changed = clone.git("diff", "--name-only", before, "HEAD").splitlines()
    assert {path for path in changed if not path.startswith("packages/signing/")} == {"CHANGES.rst"}
    assert not list((clone.root / "packages/signing/changes").glob("*.rst"))
    assert clone.git("ls-remote", "--tags", "origin") == tags
    released = clone.git("show", "signing-v1.0.0:packages/signing/pyproject.toml")
    bill = json.loads(clone.git("show", "signing-v1.0.0:packages/signing/sbom.cdx.json"))
    assert 'version = "1.0.0"' in released
    assert bill["metadata"]["component"]["purl"] == "pkg:pypi/dray-signing@1.0.0"
    assert sentence in clone.git("show", "signing-v1.0.0:CHANGES.rst")
    assert 'version = "1.1.0.dev0"' in (clone.root / "packages/signing/pyproject.toml").read_text("utf-8")
    assert clone.pipeline("sbom-check").returncode == 0
    assert clone.state()[2] == ""


def test_a_released_sibling_becomes_the_floor(clone: Clone, index: Callable[..., str]) -> None:
    """Published, a development version as a floor would open users to pre-releases."""
    url = index({"dray-safe-strings": ["dray_safe_strings-1.0.0-py3-none-any.whl"]})
    result = clone.pipeline("release", "templating", "1.0.0rc1", PIP_INDEX_URL=url)

    assert result.returncode == 0, result.stdout + result.stderr
    released = clone.git("show", "templating-v1.0.0rc1:packages/templating/pyproject.toml")
    assert '"dray-safe-strings>=1.0.0"' in released
    assert "dev0" not in clone.git("show", "templating-v1.0.0rc1:packages/templating/sbom.cdx.json")
    assert 'version = "1.0.0.dev0"' in (clone.root / "packages/templating/pyproject.toml").read_text("utf-8")


@pytest.mark.parametrize("command", [["dist", "signinq"], ["dist"], ["verify", "signing"], ["nothing"], []])
def test_a_wrong_call_of_another_command_is_one_sentence_too(clone: Clone, command: list[str]) -> None:
    """With status 1, whatever is missing."""
    result = clone.pipeline(*command, PIP_NO_INDEX=os.environ.get("PIP_NO_INDEX", "0"))
    assert (result.returncode, result.stderr.count("\n")) == (1, 1), result.stderr
    assert result.stderr.startswith("error: ")
