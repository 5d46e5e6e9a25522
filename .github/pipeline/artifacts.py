"""Build a package, check what was built, and test it as a user gets it: from the archive, never from the checkout."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Iterable
from email.message import Message
from email.parser import Parser
from pathlib import Path
from typing import Any


class Failed(Exception):
    """A check failed; the message says which, and what it printed."""


def run(*command: str | Path, cwd: Path | None = None, **environ: str) -> str:
    """Run a command and give what it prints.

    :raises Failed: when its status isn't 0.
    """
    arguments = list(map(str, command))
    result = subprocess.run(
        arguments,
        cwd=cwd,
        env={**os.environ, **environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if result.returncode:
        raise Failed(f"{' '.join(arguments)} ended with {result.returncode}:\n{result.stdout[-4000:]}")
    return result.stdout


def build(source: Path, target: Path, epoch: str, *kinds: str, **environ: str) -> list[Path]:
    """Build the archives of a package.

    :param source: the package's folder.
    :param target: where the archives go.
    :param epoch: seconds since 1970, the time of everything in them.
    :param kinds: ``sdist``, ``wheel``; both by default.
    :param environ: environment variables of the build.
    """
    target.mkdir(parents=True, exist_ok=True)
    before = set(target.iterdir())
    options = [argument for kind in kinds for argument in ("-t", kind)]
    run(
        sys.executable,
        "-m",
        "hatchling",
        "build",
        "-d",
        target,
        *options,
        cwd=source,
        SOURCE_DATE_EPOCH=epoch,
        **environ,
    )
    return sorted(set(target.iterdir()) - before)


def digest(path: Path) -> str:
    """Give the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def compare(first: Iterable[Path], second: Iterable[Path]) -> None:
    """Make sure that two builds gave the same bytes.

    :raises Failed: otherwise.
    """
    one, two = ({path.name: digest(path) for path in paths} for paths in (first, second))
    if one != two or not one:
        differ = sorted(name for name in one.keys() | two.keys() if one.get(name) != two.get(name))
        raise Failed(f"Two builds of the same sources differ: {', '.join(differ) or 'nothing was built'}.")


def check(files: list[Path], released: bool) -> None:
    """Check the archives of one package.

    :param released: they are to be published, so nothing in them may ask for a development version.
    :raises Failed: when something isn't as it should be.
    """
    run(sys.executable, "-m", "twine", "check", "--strict", *files)
    for wheel in (path for path in files if path.suffix == ".whl"):
        run(sys.executable, "-m", "check_wheel_contents", "--toplevel", "dray", wheel)
        check_wheel(wheel, released)


def check_wheel(wheel: Path, released: bool) -> None:
    """Check what no tool checks.

    :raises Failed: for a file that hides the other packages, a missing ``py.typed``, a C source, or a requirement of a
        development version.
    """
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        metadata = Parser().parsestr(archive.read(next(n for n in names if n.endswith(".dist-info/METADATA"))).decode())
        bills = [json.loads(archive.read(name)) for name in names if ".dist-info/sboms/" in name]
    if "dray/__init__.py" in names:
        raise Failed(f"{wheel.name} contains dray/__init__.py, which hides the other packages: delete it.")
    if not any(name.endswith("/py.typed") for name in names):
        raise Failed(f"{wheel.name} has no py.typed: type checkers would ignore its types.")
    if any(name.endswith(".c") for name in names):
        raise Failed(f"{wheel.name} contains C sources: they belong into the sdist only.")
    check_description(wheel, metadata, bills)
    development = [item for item in metadata.get_all("Requires-Dist", []) if ".dev" in item]
    if released and development:
        raise Failed(f"{wheel.name} asks for development versions: {', '.join(development)}.")


def check_description(wheel: Path, metadata: Message, bills: list[dict[str, Any]]) -> None:
    """Check what a wheel says of itself: its bill of materials (PEP 770), and what is imported from it (PEP 794).

    :raises Failed: when one of them is missing, or is that of another version.
    """
    said = [(bill["metadata"]["component"]["name"], bill["metadata"]["component"]["version"]) for bill in bills]
    if said != [(metadata["Name"], metadata["Version"])]:
        raise Failed(f"{wheel.name} has bills of materials for {said or 'nothing'}: write one with nox -s sbom.")
    module = metadata["Name"].replace("dray-", "dray.", 1).replace("-", "_")
    if metadata.get_all("Import-Name") != [module] or metadata.get_all("Import-Namespace") != ["dray"]:
        raise Failed(f"{wheel.name} doesn't say that {module} in the namespace dray is imported from it.")


def make_venv(path: Path) -> Path:
    """Make a clean virtual environment and give its Python."""
    shutil.rmtree(path, ignore_errors=True)
    run(sys.executable, "-m", "venv", path)
    return path / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def unpack_tests(sdist: Path, target: Path) -> Path:
    """Unpack an sdist without its sources, so that its tests can only test what is installed.

    :return: the folder with the tests.
    """
    with tarfile.open(sdist) as archive:
        archive.extractall(target, filter="data")
    folder = target / sdist.name.removesuffix(".tar.gz")
    shutil.rmtree(folder / "src")
    return folder


def test_requirements(folder: Path) -> list[str]:
    """Give what the tests of an unpacked sdist need."""
    return tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))["dependency-groups"]["test"]
