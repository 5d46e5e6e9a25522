"""What importing costs and what it must not touch."""

from __future__ import annotations

import pkgutil
import subprocess
import sys

import pytest

import dray.framework

MODULES = sorted(
    info.name
    for info in pkgutil.walk_packages(dray.framework.__path__, "dray.framework.")
    if not info.name.endswith("__main__")
)


@pytest.mark.parametrize("name", MODULES)
def test_each_module_can_be_imported_alone(name: str) -> None:
    """In a fresh interpreter, with warnings as errors: no circle needs a lucky order."""
    subprocess.run([sys.executable, "-I", "-W", "error", "-c", f"import {name}"], check=True)


@pytest.mark.parametrize(
    "heavy", ["asyncio", "http.server", "ssl", "socketserver", "dray.cli_kit.core", "dray.wsgi_tools.test"]
)
def test_importing_the_framework_leaves_out_what_a_production_server_never_needs(heavy: str) -> None:
    """Development server, test client, commands and asyncio are imported when they are used."""
    code = f"import sys, dray.framework; sys.exit({heavy!r} in sys.modules)"

    assert subprocess.run([sys.executable, "-I", "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("reference", ["flask", "werkzeug", "jinja2", "markupsafe", "itsdangerous", "click"])
def test_no_reference_package_is_imported(reference: str) -> None:
    """They are for tests, never for run time."""
    code = (
        "import sys\n"
        f"sys.modules[{reference!r}] = None\n"
        "import dray.framework, dray.framework.cli, dray.framework.testing\n"
    )
    subprocess.run([sys.executable, "-I", "-c", code], check=True)
