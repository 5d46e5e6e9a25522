"""Each module of the lower half can be imported alone, and the sans-IO core brings no input or output with it."""

from __future__ import annotations

import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import dray.wsgi_tools

ROOT = Path(dray.wsgi_tools.__file__).parent
PACKAGES = ("_http", "datastructures", "exceptions", "sansio", "wrappers")
MODULES = [
    *("_internal", "_properties", "_wsgi_streams", "asgi", "formparser", "http", "urls", "user_agent", "wsgi"),
    *PACKAGES,
    *(f"{package}.{info.name}" for package in PACKAGES for info in pkgutil.iter_modules([str(ROOT / package)])),
]


def loaded_by(*names: str) -> set[str]:
    """Return the modules that a fresh interpreter has after importing some."""
    code = f"import sys, {', '.join(names)}; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-I", "-W", "error", "-c", code], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return set(run.stdout.split())


@pytest.mark.parametrize("name", MODULES)
def test_import_alone(name: str) -> None:
    """A module can be the first one that is imported, without a warning."""
    assert f"dray.wsgi_tools.{name}" in loaded_by(f"dray.wsgi_tools.{name}")


def test_sansio_does_no_io() -> None:
    """Nothing under ``sansio`` loads what opens sockets, runs threads or serves."""
    names = [name for name in MODULES if name.split(".")[0] == "sansio"]
    forbidden = {"socket", "ssl", "http.server", "socketserver", "threading", "asyncio", "selectors", "tempfile"}

    assert not forbidden & loaded_by(*(f"dray.wsgi_tools.{name}" for name in names))


def test_the_root_is_light() -> None:
    """Importing the package loads nothing of it."""
    assert {name for name in loaded_by("dray.wsgi_tools") if name.startswith("dray")} == {"dray", "dray.wsgi_tools"}


def test_requests_are_light() -> None:
    """Requests and responses bring none of the slow modules of the standard library."""
    slow = {
        "logging",
        "email",
        "tempfile",
        "dataclasses",
        "inspect",
        "asyncio",
        "shutil",
        "hashlib",
        "threading",
        "ssl",
    }

    assert not slow & loaded_by("dray.wsgi_tools.wrappers")


def test_wsgi_does_without_asgi() -> None:
    """Requests and responses of WSGI, and all that sends files, load nothing of ASGI; its pair is there when asked."""
    loaded = loaded_by("dray.wsgi_tools.wrappers", "dray.wsgi_tools.utils", "dray.wsgi_tools.routing")
    assert not {name for name in loaded if "asgi" in name}
    assert not {"random", "secrets"} & loaded
    assert {"ASGIRequest", "ASGIResponse"} <= set(dray.wsgi_tools.wrappers.__all__)
    assert dray.wsgi_tools.wrappers.ASGIRequest.__mro__[1] is dray.wsgi_tools.wrappers.Request

    with pytest.raises(AttributeError, match="no attribute 'Other'"):
        dray.wsgi_tools.wrappers.Other  # noqa: B018
