"""The packages as projects: what their pyproject.toml says, and who stands on whom. Writes nothing."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
#: In dependency order: what comes later stands on what comes before.
PACKAGES = ["safe-strings", "signing", "cli-kit", "templating", "wsgi-tools", "framework"]

_DEPENDENCY = re.compile(r"dray-([a-z-]+)\s*(.*)")


def folder(package: str, root: Path = ROOT) -> Path:
    """Give the folder of a package."""
    return root / "packages" / package


def module(package: str) -> str:
    """Give the import name of a package."""
    return "dray." + package.replace("-", "_")


def project(package: str, root: Path = ROOT) -> dict[str, Any]:
    """Read what a package says of itself."""
    return tomllib.loads((folder(package, root) / "pyproject.toml").read_text("utf-8"))


def version(package: str, root: Path = ROOT) -> str:
    """Give the version in a package's pyproject.toml."""
    return project(package, root)["project"]["version"]


def floors(package: str, root: Path = ROOT) -> dict[str, str]:
    """Give the siblings that a package depends on, with the version it asks for: ``{"signing": ">=1.0"}``."""
    matches = (_DEPENDENCY.fullmatch(text) for text in project(package, root)["project"]["dependencies"])
    return {match[1]: match[2] for match in matches if match and match[1] in PACKAGES}


def siblings(package: str, root: Path = ROOT) -> list[str]:
    """Give the packages that a package stands on, itself last, in dependency order."""
    needed = {package}
    for name in floors(package, root):
        needed.update(siblings(name, root))
    return [name for name in PACKAGES if name in needed]


def dependants(package: str, root: Path = ROOT) -> list[str]:
    """Give the packages that stand on a package, directly or not, in dependency order."""
    return [name for name in PACKAGES if name != package and package in siblings(name, root)]


def affected(paths: list[str], root: Path = ROOT) -> list[str]:
    """Give the packages whose tests a change of files calls for, in dependency order.

    A change in a package affects it and what stands on it; a change of the documentation affects none; a change
    anywhere else may affect them all.

    :param paths: relative to the root, with slashes.
    """
    found: set[str] = set()
    for path in paths:
        parts = path.split("/")
        if parts[0] == "packages" and len(parts) > 2 and parts[1] in PACKAGES:
            found.update([parts[1], *dependants(parts[1], root)])
        elif parts[0] != "docs" and path not in {"CHANGES.rst", "README.md", "LICENSE"}:
            return list(PACKAGES)
    return [name for name in PACKAGES if name in found]
