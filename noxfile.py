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

It knows how to install and check the packages; what a package needs, its own pyproject.toml says, and how one is
built and released, .github/pipeline.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036 - the file must still parse there, to say this
    version = ".".join(map(str, sys.version_info[:3]))
    sys.exit(f"Dray needs Python 3.11 or newer; this is {version}. Install one and call it: python3.12 -m nox")

import nox

ROOT = Path(__file__).parent
sys.path.insert(0, str(ROOT / ".github"))

from pipeline.projects import PACKAGES, module, project, siblings  # noqa: E402
from pipeline.release import FRAGMENT_TYPES  # noqa: E402

RUNNING = f"{sys.version_info.major}.{sys.version_info.minor}"
PYTHONS = list(dict.fromkeys(["3.11", "3.12", "3.13", RUNNING]))
EXAMPLES = ["notes", "tutorial", "appengine"]
#: A file has one responsibility, and 700 lines are its end.
MOST_LINES = 700
FRAGMENT = re.compile(rf"(?:\d+|\+[a-z0-9-]+)\.(?:{'|'.join(FRAGMENT_TYPES)})\.rst|\.gitignore")

nox.options.default_venv_backend = "uv|virtualenv"
nox.options.reuse_existing_virtualenvs = True
nox.options.error_on_missing_interpreters = False
nox.options.sessions = ["lint", "typing", f"tests-{RUNNING}", "examples", "docs"]


# ---------------------------------------------------------------------------------------------------------- packages


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
    """Test one package with its siblings from this checkout, with coverage on the first Python."""
    groups = nox.project.dependency_groups(project(package), "test")
    install(session, siblings(package), *groups)
    session.chdir(ROOT / "packages" / package)
    coverage = ["--cov", "--cov-report=term:skip-covered"] if session.python == PYTHONS[0] else []
    session.run("pytest", *coverage, *session.posargs)


@nox.session
def examples(session: nox.Session) -> None:
    """Test the applications that the documentation shows."""
    for name in EXAMPLES:
        tools = ["pytest>=8.3", "pytest-cov>=6", "selenium>=4.30"]
        install(session, PACKAGES, "-e", str(ROOT / "docs" / "examples" / name), *tools)
        session.chdir(ROOT / "docs" / "examples" / name)
        session.run("pytest", *session.posargs)


@nox.session
def gateways(session: nox.Session) -> None:
    """Test one application under every server that people use: ``nox -s gateways -- -k gunicorn``."""
    servers = [
        "cheroot>=11",
        "gevent>=24.2",
        "granian>=2",
        "gunicorn>=23",
        "hypercorn>=0.17",
        "selenium>=4.30",
        "uvicorn[standard]>=0.34",
        "waitress>=3",
        "websockets>=14",
    ]
    install(session, PACKAGES, "pytest>=8.3", *servers)
    session.chdir(ROOT / "packages" / "wsgi-tools" / "gateways")
    session.run("pytest", "-rs", *session.posargs)


@nox.session
def fuzz(session: nox.Session) -> None:
    """Look for input that breaks a parser of wsgi-tools: ``nox -s fuzz -- --seconds 60 multipart``."""
    install(session, siblings("wsgi-tools"), "atheris>=2.3")
    session.run("python", str(ROOT / "packages" / "wsgi-tools" / "fuzz" / "run.py"), *session.posargs)


@nox.session
def ecosystem(session: nox.Session) -> None:
    """Run published packages in drop-in mode, beside the references: ``nox -s ecosystem -- flask-login``, or all."""
    session.install("hatchling>=1.33", "pip", "uv")
    place = Path(session.create_tmp()).resolve()
    wheels = place / "wheels"
    shutil.rmtree(wheels, ignore_errors=True)
    for name in PACKAGES:
        session.chdir(ROOT / "packages" / name)
        session.run("python", "-m", "hatchling", "build", "-t", "wheel", "-d", str(wheels), silent=True)
    session.install("--reinstall", *map(str, sorted(wheels.iterdir())))
    session.chdir(ROOT / "packages" / "framework")
    places = ["--place", str(place), "--wheels", str(wheels), "--docs", str(ROOT / "docs" / "moving")]
    session.run("python", "-m", "ecosystem", *places, *session.posargs)


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
        base = peers.get(baselines[group])  # a row of our own has nobody to be compared with
        for peer, seconds in peers.items():
            ratio = f"{base / seconds:8.2f} x" if base else ""
            lines.append(f"  {group:48.48} {peer:14} {seconds * 1e6:12.2f} us {ratio}")
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
    tools += ["check-jsonschema>=0.33", "cibuildwheel>=3"]
    install(session, PACKAGES, *tools)
    check_house(session)
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("codespell", "packages", "docs", ".github", "README.md", "noxfile.py")
    session.run("validate-pyproject", "pyproject.toml", *(f"packages/{name}/pyproject.toml" for name in PACKAGES))
    session.run("lint-imports", "--no-cache")
    workflows = sorted(map(str, (ROOT / ".github" / "workflows").glob("*.yml")))
    session.run("check-jsonschema", "--builtin-schema", "vendor.github-workflows", *workflows)
    session.run("check-jsonschema", "--builtin-schema", "vendor.dependabot", ".github/dependabot.yml")
    for system in ("linux", "macos"):
        session.run("cibuildwheel", "--print-build-identifiers", "--platform", system, "packages/safe-strings")
    pipeline(session, "sbom-check")
    session.run("zizmor", "--offline", "--persona", "pedantic", "--strict-collection", ".github")


def check_house(session: nox.Session) -> None:
    """Check what no tool checks: the size of files, that the namespace stays open, and what fragments are called."""
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
    wrong += [
        f"{path.relative_to(ROOT)} is no fragment: call it 123.fixed.rst or +some-words.fixed.rst, with one of"
        f" {', '.join(FRAGMENT_TYPES)}."
        for name in PACKAGES
        for path in (ROOT / "packages" / name / "changes").glob("*")
        if not FRAGMENT.fullmatch(path.name)
    ]
    if wrong:
        session.error("\n".join(wrong))


@nox.session
def typing(session: nox.Session) -> None:
    """Check all packages with mypy, strictly."""
    extras = ["cryptography>=42", "msgspec>=0.19", "orjson>=3.10"]
    install(session, PACKAGES, "coverage>=7.6", "mypy>=2", "sphinx>=8.2", "types-docutils", *extras)
    for name in PACKAGES:
        session.run("mypy", f"packages/{name}/src/{module(name).replace('.', '/')}")
        if (ROOT / "packages" / name / "tests" / "typing").exists():
            session.run("mypy", f"packages/{name}/tests/typing")  # what a caller's checker makes of it


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
    """Build every package twice, compare, check the archives, install each wheel alone."""
    session.install("check-wheel-contents>=0.6", "hatchling>=1.33", "twine>=6.2")
    pipeline(session, "build", str(ROOT / "dist"))


@nox.session
@one_per_package
def artifact(session: nox.Session, package: str) -> None:
    """Test a package as it is shipped: its wheel, with the tests of its sdist, without the sources."""
    session.install("hatchling>=1.33")
    pipeline(session, "artifact", package)


@nox.session
@one_per_package
def tests_floor(session: nox.Session, package: str) -> None:
    """Test a package with the oldest released siblings that its bounds allow."""
    session.install("hatchling>=1.33")
    pipeline(session, "floor", package)


@nox.session
@one_per_package
def dependants(session: nox.Session, package: str) -> None:
    """Run the tests of the last released dependants of a package on the package as it is here."""
    session.install("hatchling>=1.33")
    pipeline(session, "dependants", package)


@nox.session
@one_per_package
def api(session: nox.Session, package: str) -> None:
    """Compare a package's interface with its last release: what breaks must be announced in a fragment."""
    session.install("griffe>=2")
    pipeline(session, "api", package)


# ----------------------------------------------------------------------------------------------------------- release


@nox.session
def affected(session: nox.Session) -> None:
    """Print the packages that a change affects, as JSON: ``nox -s affected -- origin/main``."""
    base = session.posargs[0] if session.posargs else "origin/main"
    pipeline(session, "affected", base)


@nox.session
def sbom(session: nox.Session) -> None:
    """Write the bill of materials of each package anew: what it is and what it stands on."""
    pipeline(session, "sbom")


@nox.session
def dist(session: nox.Session) -> None:
    """Build one package for publishing, into dist/, and check it: ``nox -s dist -- signing``."""
    session.install("check-wheel-contents>=0.6", "hatchling>=1.33", "twine>=6.2")
    pipeline(session, "dist", *session.posargs)


@nox.session
def wheels(session: nox.Session) -> None:
    """Build the C wheels of safe-strings for this system, into wheelhouse/."""
    session.install("cibuildwheel>=3")
    session.run("cibuildwheel", "packages/safe-strings", "--output-dir", "wheelhouse", env={"DRAY_SPEEDUPS": "require"})


@nox.session
def verify(session: nox.Session) -> None:
    """Install a published package from the index: ``nox -s verify -- signing 1.0.0``."""
    pipeline(session, "verify", *session.posargs)


@nox.session(name="pipeline")
def pipeline_session(session: nox.Session) -> None:
    """Test the pipeline itself: what it refuses, what a release touches, what an interrupted rehearsal leaves."""
    groups = [
        item for name in ("templating", "framework") for item in nox.project.dependency_groups(project(name), "test")
    ]
    tools = ["check-wheel-contents>=0.6", "griffe>=2", "hatchling>=1.33", "pypiserver[passlib]>=2.4", "towncrier>=25.8"]
    session.install(*tools, "twine>=6.2", "blinker>=1.9", *groups)
    session.run("pytest", ".github/tests", "-q", "-p", "no:cacheprovider", *session.posargs)


@nox.session(name="release")
def release_session(session: nox.Session) -> None:
    """Release one package locally, pushing nothing: ``nox -s release -- signing 1.0.0``."""
    session.install("griffe>=2", "hatchling>=1.33", "towncrier>=25.8")
    pipeline(session, "release", *session.posargs)


@nox.session(name="rehearse")
def rehearse_session(session: nox.Session) -> None:
    """Perform the release of all packages on this machine, against an index on the loopback interface."""
    session.install(
        "check-wheel-contents>=0.6", "hatchling>=1.33", "pypiserver[passlib]>=2.4", "towncrier>=25.8", "twine>=6.2"
    )
    pipeline(session, "rehearse")


def pipeline(session: nox.Session, *arguments: str) -> None:
    """Run a command of the pipeline in the session's environment."""
    session.run("python", "-m", "pipeline", *arguments, env={"PYTHONPATH": str(ROOT / ".github")})


if __name__ == "__main__":
    nox.main()
