# /// script
# requires-python = ">=3.11"
# dependencies = ["nox[uv]>=2025.5.1"]
# ///
"""The front door: everything that contributors and CI run is a session here.

    nox                 lint, typing, tests on the running Python, docs
    nox -s demo         the notes application on http://127.0.0.1:5000
    nox -t signing      everything about one package
    nox -s tests        all packages on all Pythons
    nox --list          the rest

It knows how to install and check the packages; what a package needs, its own pyproject.toml says.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036 - the file must still parse there, to say this
    version = ".".join(map(str, sys.version_info[:3]))
    sys.exit(f"Dray needs Python 3.11 or newer; this is {version}. Install one and call it: python3.12 -m nox")

import tomllib

import nox

ROOT = Path(__file__).parent
RUNNING = f"{sys.version_info.major}.{sys.version_info.minor}"
PYTHONS = list(dict.fromkeys(["3.11", "3.12", "3.13", RUNNING]))
#: In dependency order: what comes later stands on what comes before.
PACKAGES = ["safe-strings", "signing", "cli-kit", "templating", "wsgi-tools", "framework"]
EXAMPLES = ["notes"]
#: DESIGN rule of the house: a file has one responsibility, and 700 lines are its end.
MOST_LINES = 700

nox.options.default_venv_backend = "uv|virtualenv"
nox.options.reuse_existing_virtualenvs = True
nox.options.error_on_missing_interpreters = False
nox.options.sessions = ["lint", "typing", f"tests-{RUNNING}", "examples", "docs"]


# ---------------------------------------------------------------------------------------------------------- packages


def module(package: str) -> str:
    """Give the import name of a package."""
    return "dray." + package.replace("-", "_")


def project(package: str) -> dict:
    """Read what a package says of itself."""
    return tomllib.loads((ROOT / "packages" / package / "pyproject.toml").read_text("utf-8"))


def siblings(package: str) -> list[str]:
    """Give the packages of this repository that a package stands on, itself last, in dependency order."""
    needed = {package}
    for dependency in project(package)["project"]["dependencies"]:
        for name in PACKAGES:
            if dependency.startswith(f"dray-{name}>"):
                needed.update(siblings(name))
    return [name for name in PACKAGES if name in needed]


def install(session: nox.Session, packages: list[str], *more: str) -> None:
    """Install packages from this checkout, in place, with anything else beside them."""
    in_place = [argument for name in packages for argument in ("-e", str(ROOT / "packages" / name))]
    session.install(*in_place, *more)


def one_per_package(function):
    """Parametrize a session by package, each tagged with its name: ``nox -t signing``."""
    return nox.parametrize("package", [nox.param(name, id=name, tags=[name]) for name in PACKAGES])(function)


# ------------------------------------------------------------------------------------------------------------- tests


@nox.session(python=PYTHONS)
@one_per_package
def tests(session: nox.Session, package: str) -> None:
    """Test one package with its siblings from this checkout."""
    groups = nox.project.dependency_groups(project(package), "test")
    install(session, siblings(package), *groups)
    session.chdir(ROOT / "packages" / package)
    session.run("pytest", "--cov", "--cov-report=term:skip-covered", *session.posargs)


@nox.session
def examples(session: nox.Session) -> None:
    """Test the applications that the documentation shows."""
    for name in EXAMPLES:
        install(session, PACKAGES, "-e", str(ROOT / "docs" / "examples" / name), "pytest>=8.3", "selenium>=4.30")
        session.chdir(ROOT / "docs" / "examples" / name)
        session.run("pytest", *session.posargs)


@nox.session
def bench(session: nox.Session) -> None:
    """Measure packages beside their peers: ``nox -s bench -- signing``, or all."""
    results = Path(session.create_tmp()).resolve() / "results.json"
    for name in session.posargs or PACKAGES:
        folder = ROOT / "packages" / name / "benchmarks"
        if not folder.exists():
            session.log(f"{name} has no benchmarks.")
            continue
        groups = nox.project.dependency_groups(project(name), "test")
        peers = nox.project.dependency_groups(project(name), "bench")
        install(session, siblings(name), *groups, *peers)
        options = ["-o", "python_files=bench_*.py", "-o", "python_functions=bench_*", "--benchmark-disable-gc", "-q"]
        session.chdir(ROOT / "packages" / name)
        session.run(
            "pytest", str(folder), *options, f"--benchmark-json={results}", "--benchmark-max-time=0.5", silent=True
        )
        session.log(f"{name}\n{ratios(json.loads(results.read_text('utf-8')))}")


def ratios(results: dict) -> str:
    """Give benchmark results as a table: a row for each group, each peer's median and its ratio to the baseline."""
    rows: dict[str, dict[str, float]] = {}
    baselines: dict[str, str] = {}
    for result in results["benchmarks"]:
        group, info = result["group"], result["extra_info"]
        rows.setdefault(group, {})[info["peer"]] = result["stats"]["median"]
        baselines[group] = info["baseline"]
    lines = []
    for group, peers in rows.items():
        base = peers[baselines[group]]
        cells = [f"{peer} {seconds * 1e6:.2f} us ({base / seconds:.2f} x)" for peer, seconds in peers.items()]
        lines.append(f"  {group:28} " + "  ".join(cells))
    return "\n".join(lines)


# -------------------------------------------------------------------------------------------------------------- demo


@nox.session
def demo(session: nox.Session) -> None:
    """Serve the notes application on SQLite at 127.0.0.1:5000 until Ctrl-C."""
    install(session, PACKAGES, "-e", str(ROOT / "docs" / "examples" / "notes"))
    session.run("notes", "serve", *session.posargs)


# -------------------------------------------------------------------------------------------------------------- lint


@nox.session
def lint(session: nox.Session) -> None:
    """Check style, architecture, metadata and workflows."""
    tools = ["codespell>=2.3", "import-linter>=2.16", "ruff>=0.17", "validate-pyproject[all]>=0.24", "zizmor>=1.30"]
    install(session, PACKAGES, *tools)
    check_house(session)
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("codespell", "packages", "docs", ".github", "README.md", "noxfile.py")
    session.run("validate-pyproject", "pyproject.toml", *(f"packages/{name}/pyproject.toml" for name in PACKAGES))
    session.run("lint-imports")
    for name in PACKAGES:
        if (ROOT / "packages" / name / ".importlinter").exists():
            session.run("lint-imports", "--config", f"packages/{name}/.importlinter")
    session.run("zizmor", "--offline", "--persona", "pedantic", ".github")


def check_house(session: nox.Session) -> None:
    """Check what no tool checks: the size of files, and that the namespace stays open."""
    sources = [path for name in PACKAGES for path in (ROOT / "packages" / name / "src").rglob("*.py")]
    if not sources:
        session.error("No sources found below packages/*/src.")
    wrong = [
        f"{path.relative_to(ROOT)} has {lines} lines; {MOST_LINES} are the end: split it by responsibility."
        for path in sources
        if (lines := len(path.read_text("utf-8").splitlines())) > MOST_LINES
    ]
    wrong += [
        f"{path.relative_to(ROOT)} hides the other packages: dray is a namespace (PEP 420). Delete it."
        for path in sources
        if path.match("src/dray/__init__.py")
    ]
    if wrong:
        session.error("\n".join(wrong))


@nox.session
def typing(session: nox.Session) -> None:
    """Check all packages with mypy, strictly."""
    install(session, PACKAGES, "mypy>=2", "types-docutils", "cryptography>=42")
    for name in PACKAGES:
        session.run("mypy", f"packages/{name}/src/{module(name).replace('.', '/')}")


# -------------------------------------------------------------------------------------------------------------- docs


@nox.session
def docs(session: nox.Session) -> None:
    """Build the documentation and run its examples; a warning is an error."""
    install(session, PACKAGES, "cryptography>=42", "furo>=2025.9", "sphinx>=8.2")
    target = ROOT / "docs" / "_build" / "html"
    session.run("sphinx-build", "-b", "doctest", "-W", "--keep-going", "-q", "docs", str(target.with_name("doctest")))
    session.run("sphinx-build", "-n", "-W", "--keep-going", "-q", "docs", str(target))
    session.log(f"Open {target / 'index.html'}")


# ------------------------------------------------------------------------------------------------------------- build


@nox.session
def build(session: nox.Session) -> None:
    """Build every package twice, compare, check the metadata, install each wheel alone."""
    session.install("check-wheel-contents>=0.6", "hatchling>=1.32", "twine>=6.2")
    first, second = ROOT / "dist", Path(session.create_tmp()).resolve() / "dist"
    for target in (first, second):
        shutil.rmtree(target, ignore_errors=True)
        for name in PACKAGES:
            session.chdir(ROOT / "packages" / name)
            session.run("hatchling", "build", "-d", str(target), silent=True, env={"SOURCE_DATE_EPOCH": "1750000000"})
    session.chdir(ROOT)
    compare(session, first, second)
    files = sorted(map(str, first.iterdir()))
    session.run("twine", "check", "--strict", *files)
    session.run("check-wheel-contents", "--toplevel", "dray", *(file for file in files if file.endswith(".whl")))
    for name in PACKAGES:
        alone = second.with_name("alone")
        shutil.rmtree(alone, ignore_errors=True)
        session.run("python", "-m", "venv", str(alone))
        python = str(alone / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))
        wheels = ["--find-links", str(first), "--pre", "--quiet", f"dray-{name}"]
        session.run(python, "-m", "pip", "install", *wheels, external=True)
        session.run(python, "-I", "-c", f"import {module(name)}", external=True)
        session.run(python, "-m", "pip", "check", external=True)


def compare(session: nox.Session, first: Path, second: Path) -> None:
    """Fail unless two builds gave the same bytes."""
    hashes = [
        {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}
        for folder in (first, second)
    ]
    if hashes[0] != hashes[1] or not hashes[0]:
        differ = sorted(name for name in hashes[0] if hashes[0][name] != hashes[1].get(name))
        session.error(f"Two builds of the same sources differ: {', '.join(differ) or 'nothing was built'}.")
    for name, digest in sorted(hashes[0].items()):
        session.log(f"{digest[:16]}  {name}")


if __name__ == "__main__":
    nox.main()
