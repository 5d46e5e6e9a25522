"""Every test runs on both kernels: the one in C, and the one in Python."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Iterator
from types import ModuleType

import pytest

PACKAGE = "dray.safe_strings"


def load(kernel: str) -> ModuleType:
    """Import the package on a kernel, apart from the copy that is imported already."""
    kept = {name: sys.modules.pop(name) for name in list(sys.modules) if name.startswith(PACKAGE)}
    before = os.environ.get("DRAY_SAFE_STRINGS_PURE")
    os.environ["DRAY_SAFE_STRINGS_PURE"] = "1" if kernel == "python" else "0"
    try:
        module = importlib.import_module(PACKAGE)
        importlib.import_module(f"{PACKAGE}._choose")
        importlib.import_module(f"{PACKAGE}._deprecated")
        for name in module.__all__:  # and what is imported late, while this copy is the one that is found
            getattr(module, name)
        module.Markup().format()
        module.kernel = sys.modules[f"{PACKAGE}._choose"].escape.__module__.rpartition(".")[2]  # type: ignore[attr-defined]
        module.modules = {name: sys.modules[name] for name in sys.modules if name.startswith(PACKAGE)}  # type: ignore[attr-defined]
        return module
    finally:
        for name in [name for name in sys.modules if name.startswith(PACKAGE)]:
            del sys.modules[name]
        sys.modules.update(kept)
        if before is None:
            del os.environ["DRAY_SAFE_STRINGS_PURE"]
        else:
            os.environ["DRAY_SAFE_STRINGS_PURE"] = before


LOADED = {kernel: load(kernel) for kernel in ("c", "python")}
HAS_C = LOADED["c"].kernel == "_speedups"


@pytest.fixture(params=["c", "python"])
def ss(request: pytest.FixtureRequest) -> Iterator[ModuleType]:
    """Give the package on each kernel."""
    if request.param == "c" and not HAS_C:
        pytest.skip("the C kernel isn't built: DRAY_SPEEDUPS=require pip install -e packages/safe-strings")
    yield LOADED[request.param]
