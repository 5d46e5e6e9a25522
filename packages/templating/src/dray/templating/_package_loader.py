"""Loading templates from an installed package: from its folder, or out of the zip file it was imported from."""

from __future__ import annotations

import os
import posixpath
from importlib import import_module
from importlib.util import find_spec

from ._loader_base import BaseLoader, split_template_path
from .exceptions import TemplateNotFound

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .environment import Environment


def _normalized(path: str) -> str:
    """Return the path below the package without superfluous parts."""
    path = os.path.normpath(path).rstrip(os.sep)
    return "" if path == os.path.curdir else path.removeprefix(os.path.curdir + os.sep)


class PackageLoader(BaseLoader):
    """Loads templates from a folder of a Python package.

    :param package_name: the package's import name
    :param package_path: the folder's path in the package
    :param encoding: the files' encoding
    :raises ValueError: if the package has no such folder, or is imported in a way that gives no access to one
    """

    def __init__(self, package_name: str, package_path: str = "templates", encoding: str = "utf-8") -> None:
        self.package_path = _normalized(package_path)
        self.package_name = package_name
        self.encoding = encoding
        import_module(package_name)  # so that its parents are there
        spec = find_spec(package_name)
        if spec is None or spec.loader is None:
            raise ValueError(f"the package {package_name!r} has no loader that PackageLoader understands")
        self._loader: Any = spec.loader
        self._archive: str | None = getattr(spec.loader, "archive", None)
        root = self._find_root(spec)
        if root is None:
            raise ValueError(
                f"The {package_name!r} package was not installed in a way that PackageLoader understands: "
                f"it has no folder {package_path!r}"
            )
        self._template_root = root

    def _find_root(self, spec: Any) -> str | None:
        """Return the folder's path."""
        places = list(spec.submodule_search_locations or ())
        if not places and spec.origin is not None:
            places.append(os.path.dirname(spec.origin))
        for place in places:
            root = os.path.join(place, self.package_path).rstrip(os.sep)  # no path: the package's own folder
            if self._archive is not None or os.path.isdir(root):
                return root
        return None

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool] | None]:
        """Read a template's file.

        :param environment: the environment that asks
        :param template: the template's name
        :raises TemplateNotFound: if the folder lacks it
        """
        path = os.path.normpath(posixpath.join(self._template_root, *split_template_path(template)))
        uptodate: Callable[[], bool] | None = None
        if self._archive is None:
            if not os.path.isfile(path):
                raise TemplateNotFound(template, f"{template!r} not found in {self._template_root!r}")
            with open(path, "rb") as file:
                source = file.read()
            modified = os.path.getmtime(path)

            def uptodate() -> bool:
                return os.path.isfile(path) and os.path.getmtime(path) == modified

        else:
            try:
                source = self._loader.get_data(path)
            except OSError as error:
                raise TemplateNotFound(template, f"{template!r} not found in {self._template_root!r}") from error
        return source.decode(self.encoding), path, uptodate

    def list_templates(self) -> list[str]:
        """Return the names of all files below the folder, sorted.

        :raises TypeError: if the package's importer doesn't know its files
        """
        if self._archive is None:
            below = len(self._template_root) + 1
            return sorted(
                os.path.join(parent, name)[below:].replace(os.sep, "/")
                for parent, _, names in os.walk(self._template_root)
                for name in names
            )
        from zipfile import ZipFile  # noqa: PLC0415 - only for packages in zip files

        below_archive = self._template_root[len(self._archive) :].lstrip(os.sep).replace(os.sep, "/")
        prefix = f"{below_archive}/" if below_archive else ""
        with ZipFile(self._archive) as archive:
            names = [name for name in archive.namelist() if name.startswith(prefix) and not name.endswith("/")]
        return sorted(name[len(prefix) :] for name in names)
