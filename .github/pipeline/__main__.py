"""The pipeline's command line, as the noxfile calls it: one sentence and status 1 where something isn't right."""

from __future__ import annotations

import inspect
import json
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from . import artifacts, interface, rehearse, release, released, sbom
from .artifacts import Failed, run
from .index import IndexError_
from .projects import PACKAGES, ROOT, affected, folder, module, siblings
from .release import Refused

EPOCH = "1750000000"


def build_command(target: str) -> None:
    """Build all packages twice, compare, check, and install each wheel alone."""
    with tempfile.TemporaryDirectory() as name:
        place, first = Path(name), Path(target)
        files: list[Path] = []
        for package in PACKAGES:
            for old in first.glob(f"dray_{package.replace('-', '_')}-*"):
                old.unlink()
            built = artifacts.build(folder(package), first, EPOCH)
            artifacts.compare(built, artifacts.build(folder(package), place / "second", EPOCH))
            artifacts.check(built, released=False)
            files += built
        for package in PACKAGES:
            python = artifacts.make_venv(place / "alone")
            run(python, "-m", "pip", "install", "--quiet", "--pre", "--find-links", first, f"dray-{package}")
            run(python, "-I", "-W", "error", "-c", f"import {module(package)}")
            run(python, "-m", "pip", "check")
        for path in files:
            print(f"{artifacts.digest(path)[:16]}  {path.name}")


def artifact_command(package: str) -> None:
    """Test the archives of a package, with its siblings from this checkout."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        for sibling in siblings(package):
            artifacts.build(folder(sibling), place / "dist", EPOCH)
        sdist = next((place / "dist").glob(f"dray_{package.replace('-', '_')}-*.tar.gz"))
        tests = artifacts.unpack_tests(sdist, place)
        python = artifacts.make_venv(place / "venv")
        pip = [python, "-m", "pip", "install", "--quiet", "--pre", "--find-links", place / "dist"]
        run(*pip, f"dray-{package}")
        run(python, "-m", "pip", "install", "--quiet", *artifacts.test_requirements(tests))
        print(run(python, "-m", "pytest", "-q", "-p", "no:cacheprovider", cwd=tests).splitlines()[-1])


def dist_command(package: str) -> None:
    """Build one package for publishing, twice, and check it."""
    if package not in PACKAGES:
        raise Refused(f"There is no package {package!r}: it is one of {', '.join(PACKAGES)}.")
    epoch = release.git("log", "-1", "--format=%ct")
    with tempfile.TemporaryDirectory() as name:
        # The C wheels come from another job; what everybody can use is pure.
        built = artifacts.build(folder(package), ROOT / "dist", epoch, DRAY_SPEEDUPS="never")
        artifacts.compare(built, artifacts.build(folder(package), Path(name), epoch, DRAY_SPEEDUPS="never"))
        artifacts.check(built, released=True)
    for path in built:
        print(f"{artifacts.digest(path)}  {path.name}")


def verify_command(package: str, number: str) -> None:
    """Install a published version in a clean environment; a new one takes a while to appear."""
    with tempfile.TemporaryDirectory() as name:
        python = artifacts.make_venv(Path(name) / "venv")
        for attempt in range(20):
            try:
                run(python, "-m", "pip", "install", "--quiet", "--no-cache-dir", f"dray-{package}=={number}")
                break
            except Failed:
                if attempt == 19:
                    raise
                time.sleep(15)
        run(python, "-m", "pip", "check")
        run(python, "-I", "-W", "error", "-c", f"import {module(package)}")
    print(f"dray-{package} {number} installs and imports.")


def affected_command(base: str = "origin/main") -> None:
    """Print the packages that the changes since a revision affect."""
    changed = release.git("diff", "--name-only", "--merge-base", base).splitlines()
    print(json.dumps(affected(changed)))


def release_command(*arguments: str) -> None:
    """Release one package; push nothing."""
    if len(arguments) != 2:
        raise Refused("Say which package and which version: nox -s release -- signing 1.0.0")
    package, number = arguments
    release.check(package, number)
    interface.check(package)
    tag = release.release(package, number)
    print(f"Tagged {tag}. Look at it with 'git show {tag}', then: git push --atomic origin main {tag}")


def rehearse_command() -> None:
    """Rehearse the release of all packages and print the report."""
    print(rehearse.table(rehearse.rehearse(lambda line: print(line, flush=True))))


COMMANDS: dict[str, Callable[..., None]] = {
    "affected": affected_command,
    "api": interface.check,
    "artifact": artifact_command,
    "build": build_command,
    "dist": dist_command,
    "dependants": released.test_dependants,
    "floor": released.test_floor,
    "rehearse": rehearse_command,
    "release": release_command,
    "sbom": sbom.write_all,
    "sbom-check": sbom.check_all,
    "verify": verify_command,
}


def main() -> int:
    """Run a command.

    :return: the exit status.
    """
    name, *arguments = sys.argv[1:] or [""]
    # Whoever ends a rehearsal means all of it: what it started is ended by the same way out.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        command = COMMANDS.get(name)
        if command is None:
            raise Refused(f"There is no command {name!r}: it is one of {', '.join(COMMANDS)}.")
        try:
            inspect.signature(command).bind(*arguments)
        except TypeError as error:
            raise Refused(f"{name}: {error}.") from None
        command(*arguments)
    except (Failed, IndexError_, Refused) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted: nothing is left behind", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
