"""This checkout beside what was released before: the oldest siblings a package allows, and the last dependants."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from . import artifacts, index
from .artifacts import run
from .projects import dependants, folder, siblings
from .release import parse, stripped_floors

EPOCH = "1750000000"


def oldest(sibling: str, floor: str) -> str | None:
    """Give the oldest release of a sibling that a floor allows, or ``None``."""
    fitting = [number for number in final_releases(sibling) if parse(number) >= parse(floor)]
    return min(fitting, key=parse, default=None)


def final_releases(package: str) -> list[str]:
    """Give the releases of a package on the index, without candidates."""
    return [number for number in index.versions(f"dray-{package}") if number.replace(".", "").isdecimal()]


def test_floor(package: str) -> None:
    """Test a package with the oldest siblings that its bounds allow."""
    pins = {name: oldest(name, floor) for name, floor in stripped_floors(package).items()}
    missing = [name for name, number in pins.items() if number is None]
    if missing or not pins:
        reason = f"{', '.join(missing)}: not released yet" if missing else "it stands on no sibling"
        print(f"{package}: nothing to test against, {reason}.")
        return
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        artifacts.build(folder(package), place / "dist", EPOCH)
        python = artifacts.make_venv(place / "venv")
        wanted = [f"dray-{sibling}=={number}" for sibling, number in pins.items()]
        wheel = next((place / "dist").glob("*.whl"))
        run(python, "-m", "pip", "install", "--quiet", wheel, *wanted)
        test(python, next((place / "dist").glob("*.tar.gz")), place)
        print(f"{package} works with {', '.join(wanted)}.")


def test_dependants(package: str) -> None:
    """Run the tests of the last released dependants on a package as it is here."""
    for name in dependants(package):
        numbers = final_releases(name)
        if not numbers:
            print(f"{name} has never been released: nothing to test.")
            continue
        with tempfile.TemporaryDirectory() as folder_name:
            place = Path(folder_name)
            for sibling in siblings(package):
                artifacts.build(folder(sibling), place / "dist", EPOCH)
            release = f"dray-{name}=={max(numbers, key=parse)}"
            download = ["-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:"]
            run(sys.executable, *download, "--dest", place / "released", release)
            python = artifacts.make_venv(place / "venv")
            run(python, "-m", "pip", "install", "--quiet", "--pre", "--find-links", place / "dist", release)
            test(python, next((place / "released").glob("*.tar.gz")), place)
            print(f"{release} works on {package} as it is here.")


def test(python: Path, sdist: Path, place: Path) -> None:
    """Run the tests of an sdist on what is installed."""
    tests = artifacts.unpack_tests(sdist, place)
    run(python, "-m", "pip", "install", "--quiet", *artifacts.test_requirements(tests))
    run(python, "-m", "pytest", "-q", "-p", "no:cacheprovider", cwd=tests)
