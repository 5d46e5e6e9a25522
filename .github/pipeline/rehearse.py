"""The whole release of all packages on one machine: nothing real is touched, and everything is real.

The checkout is cloned, released and built in a temporary folder, published to a package index on the loopback
interface, and installed from there. The index passes on what it doesn't have, so that there is one index and no
question which one wins.
"""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from . import artifacts, index, release, released
from .artifacts import Failed, run
from .projects import PACKAGES, ROOT, folder, module, siblings, version

Log = Callable[[str], object]


@dataclass
class Row:
    """What is reported of one package."""

    package: str
    version: str
    files: list[Path]
    #: SHA-256 by file name.
    digests: dict[str, str]
    seconds: float = 0
    passed: str = ""


@contextlib.contextmanager
def serve(packages: Path, fallback: str) -> Iterator[str]:
    """Serve a folder as a package index, on a free port of the loopback interface.

    :param fallback: the index that knows everything else.
    :return: its URL.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable, "-m", "pypiserver", "run", "--interface", "127.0.0.1", "--port", str(port), "--passwords", ".",
        "--authenticate", ".", "--fallback-url", f"{fallback}/", str(packages),
    ]  # fmt: skip
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        url = f"http://127.0.0.1:{port}"
        wait(url, server)
        yield url
    finally:
        server.terminate()
        try:
            server.wait(timeout=10)
        except subprocess.TimeoutExpired:
            server.kill()


def wait(url: str, server: subprocess.Popen[bytes]) -> None:
    """Wait until a server answers.

    :raises Failed: when it ends, or twenty seconds are over.
    """
    for _ in range(100):
        if server.poll() is not None:
            raise Failed(f"The package index ended at once with {server.returncode}: is pypiserver installed?")
        with contextlib.suppress(OSError):
            urllib.request.urlopen(url, timeout=1).close()
            return
        time.sleep(0.2)
    raise Failed(f"The package index at {url} didn't answer within twenty seconds.")


def rehearse(log: Log = print) -> list[Row]:
    """Release, publish, install and test all packages.

    :param log: is called with a line for each step.
    :return: a row for each package.
    :raises Failed: at the first thing that goes wrong.
    """
    with tempfile.TemporaryDirectory(prefix="rehearsal-") as name:
        place = Path(name)
        clone, packages = place / "clone", place / "index"
        packages.mkdir()
        run("git", "clone", "--quiet", "--no-hardlinks", ROOT, clone)
        for key, value in (("user.name", "Rehearsal"), ("user.email", "rehearsal@localhost"), ("tag.gpgSign", "false")):
            run("git", "config", key, value, cwd=clone)
        with serve(packages, index.url()) as url:
            rows = [release_one(package, clone, place, url, log) for package in PACKAGES]
            for row in rows:
                install_and_test(row, place, url, log)
            namespace_survives(place, url, log)
            beside_what_was_released(clone, url, log)
        for row in rows:
            rebuild_from_sdist(row, place, log)
    return rows


def release_one(package: str, clone: Path, place: Path, url: str, log: Log) -> Row:
    """Release a package in the clone, build its tag twice in different places, check, publish, publish again."""
    started = time.monotonic()
    number = version(package, clone).removesuffix(".dev0")
    log(f"{package} {number}: release, build twice, check, publish")
    tag = release.release(package, number, clone, f"{url}/simple")
    epoch = run("git", "log", "-1", "--format=%ct", tag, cwd=clone).strip()
    built = []
    for turn in ("first", "second-and-longer"):
        tree = place / f"{turn}-{package}"
        run("git", "worktree", "add", "--quiet", "--detach", tree, tag, cwd=clone)
        built.append(artifacts.build(folder(package, tree), place / "dist" / turn / package, epoch))
    artifacts.compare(*built)
    artifacts.check(built[0], released=True)
    publish(built[0], url)
    try:
        publish(built[0], url)
    except Failed as error:
        # PyPI answers 409, pypiserver 400; both say so in words.
        if "already exists" not in " ".join(str(error).split()):
            raise
    else:
        raise Failed(f"The index took dray-{package} {number} a second time: a release could be overwritten.")
    digests = {path.name: artifacts.digest(path) for path in built[0]}
    return Row(package, number, built[0], digests, time.monotonic() - started)


def publish(files: list[Path], url: str) -> None:
    """Upload archives."""
    command = [sys.executable, "-m", "twine", "upload", "--verbose", "--non-interactive", "--disable-progress-bar"]
    run(*command, "--repository-url", url, "--username", "rehearsal", "--password", "rehearsal", *files)


def install_and_test(row: Row, place: Path, url: str, log: Log) -> None:
    """Install a package alone in a clean environment, and run the tests of its sdist on that."""
    started = time.monotonic()
    log(f"{row.package} {row.version}: install alone, test the sdist without its sources")
    python = artifacts.make_venv(place / "venvs" / row.package)
    pip = [python, "-m", "pip", "install", "--quiet", "--index-url", f"{url}/simple/"]
    run(*pip, f"dray-{row.package}=={row.version}")
    run(python, "-I", "-c", f"import {module(row.package)}")
    installed = run(python, "-m", "pip", "list", "--format", "freeze")
    for name in PACKAGES:
        if (f"dray-{name}==" in installed) != (name in siblings(row.package)):
            raise Failed(f"dray-{row.package} installs other packages than it stands on:\n{installed}")
    sdist = next(path for path in row.files if path.name.endswith(".tar.gz"))
    tests = artifacts.unpack_tests(sdist, place / "sdists")
    run(*pip, *artifacts.test_requirements(tests))
    run(python, "-m", "pip", "check")
    output = run(python, "-m", "pytest", "-q", "-p", "no:cacheprovider", cwd=tests)
    row.passed = output.strip().splitlines()[-1].strip("= ")
    row.seconds += time.monotonic() - started


def namespace_survives(place: Path, url: str, log: Log) -> None:
    """Uninstall one package, and import the others."""
    log("all: uninstall one, import the others")
    python = artifacts.make_venv(place / "venvs" / "namespace")
    run(python, "-m", "pip", "install", "--quiet", "--index-url", f"{url}/simple/", "dray-framework")
    run(python, "-m", "pip", "uninstall", "--quiet", "--yes", "dray-signing")
    for name in ("safe-strings", "cli-kit", "templating", "wsgi-tools"):
        run(python, "-I", "-W", "error", "-c", f"import {module(name)}")
    left = "import importlib.util, sys; sys.exit(importlib.util.find_spec('dray.signing') is not None)"
    run(python, "-I", "-c", left)


def beside_what_was_released(clone: Path, url: str, log: Log) -> None:
    """Test the checkout, which goes on after its release, beside what it released.

    The dependants of the package that most stand on are enough here; those of each are tested in the night.
    """
    log("all: each with the oldest siblings that it allows")
    for package in PACKAGES:
        released.test_floor(package, clone, f"{url}/simple")
    log("safe-strings: the released dependants on what comes after it")
    released.test_dependants("safe-strings", clone, f"{url}/simple")


def rebuild_from_sdist(row: Row, place: Path, log: Log) -> None:
    """Build the wheel again from the sdist, in another place, and compare it with the published one."""
    log(f"{row.package} {row.version}: build again from the sdist")
    epoch = run(
        "git", "log", "-1", "--format=%ct", release.tag_of(row.package, row.version), cwd=place / "clone"
    ).strip()
    sdist = next(path for path in row.files if path.name.endswith(".tar.gz"))
    target = place / "again" / row.package
    run(sys.executable, "-m", "tarfile", "--extract", sdist, target)
    again = artifacts.build(
        target / sdist.name.removesuffix(".tar.gz"), place / "dist" / "again" / row.package, epoch, "wheel"
    )
    artifacts.compare([path for path in row.files if path.suffix == ".whl"], again)


def table(rows: list[Row]) -> str:
    """Give the report."""
    lines = [("package", "version", "seconds", "tests", "file", "sha256")]
    for row in rows:
        for number, path in enumerate(row.files):
            first = (row.package, row.version, f"{row.seconds:.0f}", row.passed) if number == 0 else ("", "", "", "")
            lines.append((*first, path.name, row.digests[path.name][:16]))
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )
