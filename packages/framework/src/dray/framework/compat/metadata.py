"""What :mod:`importlib.metadata` says of the references in drop-in mode: they are there, at the interface's version."""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from os import PathLike
from typing import Any

#: The releases whose interface dray has.
VERSIONS = {
    "Flask": "3.1.3",
    "Werkzeug": "3.1.9",
    "Jinja2": "3.1.6",
    "MarkupSafe": "3.0.4",
    "itsdangerous": "2.2.0",
    "click": "8.5.1",
}

#: Whose files they are made of.
REAL = {
    "Flask": "dray-framework",
    "Werkzeug": "dray-wsgi-tools",
    "Jinja2": "dray-templating",
    "MarkupSafe": "dray-safe-strings",
    "itsdangerous": "dray-signing",
    "click": "dray-cli-kit",
}

_ENTRY_POINTS = {
    "Flask": "[console_scripts]\nflask = flask.cli:main\n",
    "Jinja2": "[babel.extractors]\njinja2 = jinja2.ext:babel_extract\n",
}


class AliasDistribution(Distribution):
    """A reference, as far as its metadata goes.

    :param name: as its project spells it.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def read_text(self, filename: str) -> str | None:
        """Give a file of the metadata; ``None`` for one that isn't there."""
        if filename == "METADATA":
            return f"Metadata-Version: 2.1\nName: {self._name}\nVersion: {VERSIONS[self._name]}\n"
        if filename == "entry_points.txt":
            return _ENTRY_POINTS.get(self._name, "")
        if filename == "top_level.txt":
            return f"{self._name.lower()}\n"
        return None

    def locate_file(self, path: str | PathLike[str]) -> Any:
        """Give the path of a file: of the distribution that stands in for it."""
        try:
            return distribution(REAL[self._name]).locate_file(path)
        except PackageNotFoundError:
            raise FileNotFoundError(f"{REAL[self._name]} isn't installed, so it has no files: {path}") from None


def normalized(name: str) -> str:
    """Give a distribution's name as names are compared (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def distributions(name: str | None) -> Iterable[Distribution]:
    """Give the distributions of a name, or all six."""
    for known in VERSIONS:
        if name is None or normalized(name) == normalized(known):
            yield AliasDistribution(known)
