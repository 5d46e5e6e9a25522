"""This checkout beside what was released before: the oldest siblings a package allows, and the last dependants."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from . import artifacts, index
from .artifacts import run
from .projects import ROOT, dependants, folder, siblings
from .release import parse, stripped_floors

EPOCH = "1750000000"


def oldest(sibling: str, floor: str, index_url: str | None) -> str | None:
    """Give the oldest release of a sibling that a floor allows, or ``None``."""
    fitting = [number for number in final_releases(sibling, index_url) if parse(number) >= parse(floor)]
    return min(fitting, key=parse, default=None)


def final_releases(package: str, index_url: str | None) -> list[str]:
    """Give the releases of a package on the index, without candidates."""
    numbers = index.versions(f"dray-{package}", index_url)
    return [number for number in numbers if number.replace(".", "").isdecimal()]


def pip(command: str, index_url: str | None) -> list[str]:
    """Give the arguments that call pip.

    :param index_url: the index to use; pip's own by default.
    """
    return ["-m", "pip", command, "--quiet", *(["--index-url", f"{index_url}/"] if index_url else [])]


def test_floor(package: str, root: Path = ROOT, index_url: str | None = None) -> None:
    """Test a package with the oldest siblings that its bounds allow."""
    pins = {name: oldest(name, floor, index_url) for name, floor in stripped_floors(package, root).items()}
    missing = [name for name, number in pins.items() if number is None]
    if missing or not pins:
        reason = f"{', '.join(missing)}: not released yet" if missing else "it stands on no sibling"
        print(f"{package}: nothing to test against, {reason}.")
        return
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        artifacts.build(folder(package, root), place / "dist", EPOCH)
        python = artifacts.make_venv(place / "venv")
        wanted = [f"dray-{sibling}=={number}" for sibling, number in pins.items()]
        wheel = next((place / "dist").glob("*.whl"))
        run(python, *pip("install", index_url), wheel, *wanted)
        test(python, next((place / "dist").glob("*.tar.gz")), place, index_url)
        print(f"{package} works with {', '.join(wanted)}.")


def test_dependants(package: str, root: Path = ROOT, index_url: str | None = None) -> None:
    """Run the tests of the last released dependants on a package as it is here."""
    for name in dependants(package, root):
        numbers = final_releases(name, index_url)
        if not numbers:
            print(f"{name} has never been released: nothing to test.")
            continue
        with tempfile.TemporaryDirectory() as folder_name:
            place = Path(folder_name)
            for sibling in siblings(package, root):
                artifacts.build(folder(sibling, root), place / "dist", EPOCH)
            release = f"dray-{name}=={max(numbers, key=parse)}"
            archive = ["--no-deps", "--no-binary", ":all:", "--no-build-isolation", "--dest", place / "released"]
            run(sys.executable, *pip("download", index_url), *archive, release)
            python = artifacts.make_venv(place / "venv")
            run(python, *pip("install", index_url), "--pre", "--find-links", place / "dist", release)
            test(python, next((place / "released").glob("*.tar.gz")), place, index_url)
            print(f"{release} works on {package} as it is here.")


def test(python: Path, sdist: Path, place: Path, index_url: str | None) -> None:
    """Run the tests of an sdist on what is installed."""
    tests = artifacts.unpack_tests(sdist, place)
    run(python, *pip("install", index_url), *artifacts.test_requirements(tests))
    run(python, "-m", "pytest", "-q", "-p", "no:cacheprovider", cwd=tests)
