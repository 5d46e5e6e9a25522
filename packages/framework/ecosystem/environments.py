"""Install a package in an environment of its own, with the references and dray, and fetch its source archive."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tarfile
from pathlib import Path

from dray.framework.compat.metadata import VERSIONS

from .entry import Entry

#: The references at the versions whose interface dray has: the other side of each comparison.
REFERENCES = tuple(f"{name}=={number}" for name, number in VERSIONS.items())
RUNNER = "pytest>=8.3,<10"


class Broken(Exception):
    """Something that isn't dray's doing went wrong: nothing can be said of the package."""


def run(*command: str | Path) -> str:
    """Run a command and give what it prints.

    :raises Broken: when it fails.
    """
    arguments = list(map(str, command))
    result = subprocess.run(arguments, capture_output=True, text=True, check=False)
    if result.returncode:
        raise Broken(f"{' '.join(arguments)} ended with {result.returncode}:\n{result.stdout}{result.stderr}")
    return result.stdout


def make(entry: Entry, wheels: list[Path], place: Path, alone: bool = False) -> Path:
    """Make the environment of an entry, or bring the one that is there up to date.

    :param wheels: dray's.
    :param place: the folder of all environments.
    :param alone: leave out the references, so that nothing can come from them.
    :return: its Python.
    """
    more = entry.suite.requires if entry.suite and not alone else ()
    wanted = [entry.requirement, *REFERENCES, RUNNER, *entry.requires, *more]
    mark = hashlib.sha256("\n".join([sys.version, *wanted]).encode()).hexdigest()[:12]
    folder = place / f"{entry.key}-{mark}{'-alone' if alone else ''}"
    python = folder / "bin" / "python"
    if not (folder / "complete").exists():
        run("uv", "venv", "--quiet", "--clear", "--python", sys.executable, folder)
        run("uv", "pip", "install", "--quiet", "--python", python, *wanted)
        if alone:
            run("uv", "pip", "uninstall", "--quiet", "--python", python, *VERSIONS)
        (folder / "complete").touch()
    run("uv", "pip", "install", "--quiet", "--python", python, "--reinstall", "--no-deps", *wheels)
    run("uv", "pip", "install", "--quiet", "--python", python, "blinker>=1.9")
    return python


def fetch(entry: Entry, place: Path) -> Path:
    """Fetch the source archive of an entry, unless it is there."""
    folder = place / entry.requirement
    if not any(folder.glob("*.tar.gz")):
        download = ["-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:", "--dest", folder]
        run(sys.executable, *download, entry.requirement)
    return next(folder.glob("*.tar.gz"))


def unpack(archive: Path, target: Path) -> Path:
    """Unpack a source archive.

    :return: the folder that is in it.
    """
    with tarfile.open(archive) as opened:
        opened.extractall(target, filter="data")
    return next(path for path in target.iterdir() if path.is_dir())
