"""The references' spellings: names that carry their product's name, added to the modules that need them.

Each module gets its names when it is first imported under a reference's name, or at once if it is loaded already.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import Any

from .._spelling import spelling
from .metadata import VERSIONS

#: By module: the reference's spelling, and dray's.
RENAMED = {
    "dray.framework": {"Flask": "App"},
    "dray.framework.app": {"Flask": "App"},
    "dray.framework.testing": {"FlaskClient": "AppClient", "FlaskCliRunner": "AppCliRunner"},
    "dray.framework.cli": {"FlaskGroup": "DrayGroup"},
    "dray.templating.ext": {},  # its classes have names as texts
}

_VERSIONED = {
    "dray.framework": "Flask",
    "dray.wsgi_tools": "Werkzeug",
    "dray.templating": "Jinja2",
    "dray.safe_strings": "MarkupSafe",
    "dray.signing": "itsdangerous",
    "dray.cli_kit": "click",
}


def use_reference_spelling() -> None:
    """Spell environment variables, files and entry points as the reference does."""
    spelling.prefix = "FLASK"
    spelling.env_file = ".flaskenv"
    spelling.plugin_group = "flask.commands"
    spelling.command = "flask"


def apply(module: ModuleType) -> None:
    """Add the reference's spellings to a module."""
    for theirs, ours in RENAMED.get(module.__name__, {}).items():
        if theirs not in vars(module):
            setattr(module, theirs, getattr(module, ours))
    if module.__name__ == "dray.templating.ext":
        _name_extensions(module)
    if module.__name__ in _VERSIONED and "__version__" not in vars(module):
        vars(module)["__version__"] = VERSIONS[_VERSIONED[module.__name__]]
        _show_submodules(module)


def apply_to_loaded() -> None:
    """Add the spellings to the modules that are imported already."""
    for name in {*RENAMED, *_VERSIONED}:
        if name in sys.modules:
            apply(sys.modules[name])


def _name_extensions(module: ModuleType) -> None:
    """Let an environment find its extensions under the reference's identifiers."""
    for value in vars(module).values():
        identifier = getattr(value, "identifier", "")
        if identifier.startswith("dray.templating."):
            value.identifier = f"jinja2.ext.{value.__name__}"


def _show_submodules(module: ModuleType) -> None:
    """Let submodules be attributes of a root without an import: the references import most of theirs at once."""
    original = vars(module).get("__getattr__")

    def getattr_(name: str) -> Any:
        if original is not None:
            try:
                return original(name)
            except AttributeError:
                pass
        if not name.startswith("_"):
            try:
                return importlib.import_module(f"{module.__name__}.{name}")
            except ModuleNotFoundError as error:
                if error.name != f"{module.__name__}.{name}":
                    raise
        raise AttributeError(f"module {module.__name__!r} has no attribute {name!r}")

    module.__getattr__ = getattr_  # type: ignore[method-assign]
