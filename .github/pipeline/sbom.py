"""What a package consists of and stands on, as a CycloneDX bill of materials that its wheel carries (PEP 770).

It is made of the package's pyproject.toml alone, without a moment or a serial number, so equal sources give equal
bytes. It is committed beside the pyproject.toml: the build only packs it.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from .artifacts import Failed
from .projects import PACKAGES, ROOT, folder, project

FILE = "sbom.cdx.json"
SPECIFICATION = "1.6"
_NAME = re.compile(r"[A-Za-z0-9._-]+")


def purl(name: str, version: str = "") -> str:
    """Give the package URL of a distribution on the Python Package Index."""
    text = f"pkg:pypi/{re.sub(r'[-_.]+', '-', name).lower()}"
    return f"{text}@{version}" if version else text


def text(package: str, root: Path = ROOT) -> str:
    """Give the bill of materials of a package: itself, and what it needs at run time."""
    metadata = project(package, root)["project"]
    name, version = metadata["name"], metadata["version"]
    itself = purl(name, version)
    needed = sorted(metadata["dependencies"])
    bill: dict[str, Any] = {
        "bomFormat": "CycloneDX",
        "specVersion": SPECIFICATION,
        "version": 1,
        "metadata": {
            "component": {
                "type": "library",
                "bom-ref": itself,
                "name": name,
                "version": version,
                "description": metadata["description"],
                "licenses": [{"license": {"id": metadata["license"]}}],
                "purl": itself,
                "externalReferences": [{"type": "vcs", "url": metadata["urls"]["Source"]}],
            }
        },
        "components": [_component(requirement) for requirement in needed],
        "dependencies": [{"ref": itself, "dependsOn": [purl(_name(requirement)) for requirement in needed]}],
    }
    return json.dumps(bill, indent=2) + "\n"


def _name(requirement: str) -> str:
    match = _NAME.match(requirement)
    if match is None:
        raise Failed(f"{requirement!r} is not a requirement: it begins with a name.")
    return match[0]


def _component(requirement: str) -> dict[str, Any]:
    name = _name(requirement)
    asked = {"name": "python:requirement", "value": requirement}
    return {"type": "library", "bom-ref": purl(name), "name": name, "purl": purl(name), "properties": [asked]}


def write(package: str, root: Path = ROOT) -> None:
    """Write the bill of materials of a package."""
    (folder(package, root) / FILE).write_text(text(package, root), "utf-8")


def write_all() -> None:
    """Write all of them."""
    for package in PACKAGES:
        write(package)


def check_all() -> None:
    """Make sure that they say what the pyproject.toml of their package says.

    :raises Failed: otherwise.
    """
    for package in PACKAGES:
        path = folder(package) / FILE
        if not path.exists() or path.read_text("utf-8") != text(package):
            raise Failed(f"{path.relative_to(ROOT)} is not what pyproject.toml says: write it with nox -s sbom.")
    print(f"{len(PACKAGES)} bills of materials say what pyproject.toml says.")
