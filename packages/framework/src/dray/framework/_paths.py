"""Where a package lives, and what a blueprint's dotted name is made of. Knows no application."""

from __future__ import annotations

import importlib.util
import os
import sys
from functools import lru_cache


@lru_cache(maxsize=1024)
def _split_blueprint_path(name: str) -> tuple[str, ...]:
    """Give the names of a nested blueprint and its parents, innermost first: ``a.b`` is ``("a.b", "a")``."""
    parts = name.split(".")
    return tuple(".".join(parts[:count]) for count in range(len(parts), 0, -1))


def get_root_path(import_name: str) -> str:
    """Find the folder of a module or package: there its templates and static files are looked for.

    :param import_name: of a module that is, or can be, imported; ``__main__`` in an interactive session is the working
        folder.
    :raises RuntimeError: for a namespace package, which has no folder of its own.
    """
    module = sys.modules.get(import_name)
    file: str | None = getattr(module, "__file__", None)
    if file is not None:
        return os.path.dirname(os.path.abspath(file))
    try:
        spec = importlib.util.find_spec(import_name)
    except (ImportError, ValueError):
        spec = None
    if spec is None:
        return os.getcwd()
    if spec.origin is None or spec.origin in {"namespace", "built-in", "frozen"}:
        raise RuntimeError(
            f"{import_name!r} has no file, so its folder is unknown: it may be a namespace package."
            " Pass root_path= to say where its resources are."
        )
    return os.path.dirname(os.path.abspath(spec.origin))


def find_package(import_name: str) -> tuple[str | None, str]:
    """Find where a package is installed: the prefix of that installation, and the folder it is imported from.

    :return: ``(prefix, folder)``; the prefix is ``None`` for a package that isn't installed but lies in a checkout.
    """
    folder = _import_folder(import_name)
    prefix = os.path.realpath(sys.prefix)
    if os.path.normcase(f"{folder}{os.sep}").startswith(os.path.normcase(prefix.rstrip(os.sep) + os.sep)):
        return prefix, folder
    parent, name = os.path.split(folder)
    if name.lower() not in {"site-packages", "dist-packages"}:
        return None, folder
    above, parent_name = os.path.split(parent)
    if parent_name.lower() == "lib":  # Windows
        return above, folder
    top, above_name = os.path.split(above)
    if above_name.lower() == "lib":  # POSIX
        return top, folder
    return parent, folder


def _import_folder(import_name: str) -> str:
    """Give the folder that must be on ``sys.path`` for the top package of a name."""
    top = import_name.partition(".")[0]
    try:
        spec = importlib.util.find_spec(top)
    except (ImportError, ValueError):
        spec = None
    if spec is None:
        return os.getcwd()
    if spec.submodule_search_locations:
        for location in spec.submodule_search_locations:
            if _holds(location, import_name.split(".")[1:]):
                return os.path.dirname(os.path.abspath(location))
        return os.path.dirname(os.path.abspath(next(iter(spec.submodule_search_locations))))
    return os.path.dirname(os.path.abspath(spec.origin or os.getcwd()))


def _holds(location: str, parts: list[str]) -> bool:
    """Tell whether a portion of a namespace package holds a submodule."""
    if not parts:
        return True
    base = os.path.join(location, *parts)
    return os.path.isdir(base) or os.path.isfile(f"{base}.py")
