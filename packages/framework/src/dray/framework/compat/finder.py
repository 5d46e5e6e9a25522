"""The import hook: a finder that stands first and answers for six names and everything below them.

An alias is the real module under a second key of ``sys.modules``. Nothing is executed twice, and a submodule that dray
doesn't have is missing: it never comes from an installed reference.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Iterable, Sequence
from importlib.abc import InspectLoader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from importlib.metadata import Distribution, DistributionFinder
from types import CodeType, ModuleType
from typing import Any

from .metadata import distributions
from .spellings import RENAMED, apply

ROOTS = {
    "flask": "dray.framework",
    "werkzeug": "dray.wsgi_tools",
    "jinja2": "dray.templating",
    "markupsafe": "dray.safe_strings",
    "itsdangerous": "dray.signing",
    "click": "dray.cli_kit",
}


def real_name(fullname: str) -> str | None:
    """Give the name of the module that a name of a reference stands for; ``None`` for any other name."""
    root, dot, rest = fullname.partition(".")
    real = ROOTS.get(root)
    return None if real is None else f"{real}{dot}{rest}"


class AliasLoader(InspectLoader):
    """Load an alias: import the real module.

    :param real: its name.
    """

    def __init__(self, real: str) -> None:
        self.real = real

    def exec_module(self, module: ModuleType) -> None:
        """Put the real module in the place of the empty one that the import system made: that is what it then gives.

        So nothing is ever written on the real module, which has its own name, spec and loader.
        """
        real = importlib.import_module(self.real)
        sys.modules[module.__name__] = real
        apply(real)

    def _real_loader(self) -> Any:
        spec = importlib.util.find_spec(self.real)
        return None if spec is None else spec.loader

    def is_package(self, fullname: str) -> bool:
        """Tell whether the real module is a package."""
        spec = importlib.util.find_spec(self.real)
        return spec is not None and spec.submodule_search_locations is not None

    def get_code(self, fullname: str) -> CodeType | None:
        """Give the code of the real module: ``python -m flask`` runs it."""
        return self._real_loader().get_code(self.real)  # type: ignore[no-any-return]

    def get_source(self, fullname: str) -> str | None:
        """Give the source of the real module."""
        return self._real_loader().get_source(self.real)  # type: ignore[no-any-return]


def _with_spellings(fullname: str, path: Sequence[str] | None) -> ModuleSpec | None:
    """Give the spec of a module of dray's that gets the reference's spellings as soon as it is loaded."""
    spec = PathFinder.find_spec(fullname, path)
    if spec is not None and spec.loader is not None:
        run = spec.loader.exec_module

        def exec_module(module: ModuleType) -> None:
            run(module)
            apply(module)

        spec.loader.exec_module = exec_module  # type: ignore[method-assign]
    return spec


class AliasFinder(MetaPathFinder):
    """Find the six names and what is below them, and say which versions they stand for."""

    def __init__(self) -> None:
        #: Names that were asked for and that dray doesn't have, for the report.
        self.missing: set[str] = set()

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Give the spec of an alias; ``None`` for what isn't one."""
        real = real_name(fullname)
        if real is None:
            return _with_spellings(fullname, path) if fullname in RENAMED else None
        try:
            found = importlib.util.find_spec(real)
        except ModuleNotFoundError:
            found = None
        if found is None:
            self.missing.add(fullname)
            if "." in fullname:
                raise ModuleNotFoundError(f"No module named {fullname!r}", name=fullname)
            return None
        spec = ModuleSpec(fullname, AliasLoader(real), origin=found.origin)
        spec.submodule_search_locations = found.submodule_search_locations
        spec.has_location = found.has_location
        return spec

    def find_distributions(self, context: DistributionFinder.Context | None = None) -> Iterable[Distribution]:
        """Give what :mod:`importlib.metadata` is to say of the references."""
        return distributions(None if context is None else context.name)

    def is_alias(self, name: str) -> bool:
        """Tell whether a name in ``sys.modules`` is dray's module."""
        real = real_name(name)
        return real is not None and sys.modules.get(name) is sys.modules.get(real)

    def aliased(self) -> list[str]:
        """Give the names of all aliases that were imported."""
        return sorted(name for name in sys.modules if self.is_alias(name))


finder = AliasFinder()
