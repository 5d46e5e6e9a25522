"""Release one package: bump, floors, changelog, checks, commit, tag, next development version. Pushes nothing.

Everything is checked before anything is changed, and a failure half-way puts the checkout back as it was. A refusal is
one sentence that says what to do.
"""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date
from pathlib import Path

from . import index, sbom
from .projects import PACKAGES, ROOT, floors, folder, project, version

_VERSION = re.compile(r"(\d+)\.(\d+)\.(\d+)(?:(a|b|rc)(\d+))?")
FRAGMENT_TYPES = ["security", "removed", "deprecated", "added", "changed", "fixed", "packaging"]


class Refused(Exception):
    """The release can't be made; the message is one sentence that says why and what to do."""


def git(*arguments: str, root: Path = ROOT) -> str:
    """Run git and give what it prints.

    :raises Refused: when it fails, or isn't there.
    """
    try:
        result = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise Refused("git is not installed: install it and try again.") from None
    if result.returncode:
        reason = " ".join((result.stderr or result.stdout).split())
        raise Refused(f"git {' '.join(arguments)} failed: {reason}")
    return result.stdout.strip()


def tag_of(package: str, number: str) -> str:
    """Give the tag of a release."""
    return f"{package}-v{number}"


def parse(number: str) -> tuple[int, int, int, tuple[str, int]]:
    """Give a version in an order.

    :raises Refused: when it isn't like ``1.2.3`` or ``1.2.3rc1``.
    """
    match = _VERSION.fullmatch(number)
    if match is None:
        raise Refused(f"{number!r} is not a release version: give one like 1.2.3, or 1.2.3rc1 for a release candidate.")
    major, minor, micro, stage, count = match.groups()
    return int(major), int(minor), int(micro), (stage, int(count)) if stage else ("z", 0)


def fragments(package: str, root: Path = ROOT) -> list[Path]:
    """Give the changelog fragments of a package."""
    names = folder(package, root).glob("changes/*.rst")
    return sorted(path for path in names if path.suffixes[-2:-1] in [[f".{kind}"] for kind in FRAGMENT_TYPES])


def stripped_floors(package: str, root: Path = ROOT) -> dict[str, str]:
    """Give the siblings a package needs, each with the released version that the floor becomes.

    In a checkout a floor may be a development version, ``>=1.1.0.dev0``; published, it would open users to
    pre-releases.
    """
    return {name: floor.removeprefix(">=").removesuffix(".dev0") for name, floor in floors(package, root).items()}


def check(package: str, number: str, root: Path = ROOT, index_url: str | None = None) -> None:
    """Make sure that a release can be made.

    :raises Refused: when it can't.
    """
    if package not in PACKAGES:
        raise Refused(f"There is no package {package!r}: it is one of {', '.join(PACKAGES)}.")
    wanted = parse(number)
    current = version(package, root)
    if not current.endswith(".dev0"):
        raise Refused(f"{package} is at {current}, not at a development version like 1.1.0.dev0: set that first.")
    if wanted[:3] < parse(current.removesuffix(".dev0"))[:3]:
        raise Refused(f"{number} is older than what {package} is at, {current}: give a newer version.")
    if git("status", "--porcelain", root=root):
        raise Refused("The checkout has uncommitted changes: commit or remove them first.")
    if git("tag", "--list", tag_of(package, number), root=root):
        raise Refused(f"The tag {tag_of(package, number)} exists already: give another version.")
    if not fragments(package, root):
        raise Refused(f"packages/{package}/changes has no fragments: say in one what changed, then release.")
    for name, floor in stripped_floors(package, root).items():
        check_floor(name, floor, index_url)


def check_floor(name: str, floor: str, index_url: str | None) -> None:
    """Make sure that the sibling a package asks for can be installed.

    :raises Refused: when it isn't on the index.
    """
    try:
        found = index.versions(f"dray-{name}", index_url)
    except index.IndexError_ as error:
        raise Refused(f"{error}: try again when it does.") from None
    if floor not in found:
        raise Refused(f"dray-{name} {floor} is not on the index: release {name} first.")


def release(package: str, number: str, root: Path = ROOT, index_url: str | None = None) -> str:
    """Make the commits and the tag of a release.

    :return: the name of the tag.
    :raises Refused: when it can't be made; the checkout is as it was then.
    """
    check(package, number, root, index_url)
    before = git("rev-parse", "HEAD", root=root)
    tag = tag_of(package, number)
    try:
        _release_commit(package, number, root)
        git("tag", "--annotate", tag, "--message", f"dray-{package} {number}", root=root)
        _next_development_version(package, number, root)
    except BaseException:
        git("reset", "--hard", before, root=root)
        if git("tag", "--list", tag, root=root):
            git("tag", "--delete", tag, root=root)
        raise
    return tag


def _release_commit(package: str, number: str, root: Path) -> None:
    for name, floor in stripped_floors(package, root).items():
        _replace(package, rf'"dray-{name}>=[^"]*"', f'"dray-{name}>={floor}"', root)
    _set_version(package, number, root)
    _changelog(package, number, root)
    git("add", "--all", "CHANGES.rst", f"packages/{package}", root=root)
    git("commit", "--message", f"Release dray-{package} {number}", root=root)


def _next_development_version(package: str, number: str, root: Path) -> None:
    major, minor, _, stage = parse(number)
    if stage[0] != "z":  # after a release candidate comes the release itself
        _set_version(package, f"{number[: _VERSION.fullmatch(number).start(4)]}.dev0", root)  # type: ignore[union-attr]
    else:
        _set_version(package, f"{major}.{minor + 1}.0.dev0", root)
    git("commit", "--message", f"dray-{package}: back to development", "--", f"packages/{package}", root=root)


def _set_version(package: str, number: str, root: Path) -> None:
    _replace(package, r'(?m)^version = "[^"]*"$', f'version = "{number}"', root)
    sbom.write(package, root)


def _replace(package: str, pattern: str, text: str, root: Path) -> None:
    path = folder(package, root) / "pyproject.toml"
    before = path.read_text("utf-8")
    after, count = re.subn(pattern, text, before)
    if count != 1:
        raise Refused(f"{path.relative_to(root)} has {count} lines like {text!r}, not one: mend it first.")
    path.write_text(after, "utf-8")


def _changelog(package: str, number: str, root: Path) -> None:
    command = [
        sys.executable, "-m", "towncrier", "build", "--yes", "--dir", str(folder(package, root)),
        "--config", str(root / "pyproject.toml"), "--name", f"dray-{package}", "--version", number,
        "--date", date.today().isoformat(),
    ]  # fmt: skip
    result = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    if result.returncode:
        reason = (result.stderr or result.stdout).strip().splitlines()[-1]
        if "No module named" in reason:
            raise Refused("towncrier is not installed: install it and try again.")
        raise Refused(f"The changelog can't be assembled: {reason}")


def description(package: str, root: Path = ROOT) -> str:
    """Give what a package says it is for."""
    return project(package, root)["project"]["description"]
