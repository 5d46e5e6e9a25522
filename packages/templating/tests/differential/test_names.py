"""Names that programs import from the modules, on both engines."""

from __future__ import annotations

import importlib
import inspect
import pkgutil

import jinja2
import pytest

MODULES = ["", *(f".{info.name}" for info in pkgutil.iter_modules(jinja2.__path__) if info.name[0] != "_")]
#: Tools of the other engine's modules, which no program has a reason to take from there.
TOOLS = {
    "LRUCache": "lexer",
    "pass_eval_context": "async_utils",
}


@pytest.mark.parametrize("module", MODULES)
def test_modules_have_the_names_of_jinjas(module: str) -> None:
    """All public classes and functions of the engine, also those that a module has from another one."""
    theirs = vars(importlib.import_module("jinja2" + module))
    ours = importlib.import_module("dray.templating" + module)
    wanted = {
        name
        for name, value in theirs.items()
        if name[0] != "_"
        and (inspect.isclass(value) or inspect.isfunction(value))
        and value.__module__.partition(".")[0] in {"jinja2", "markupsafe"}
        and not module.endswith(TOOLS.get(name, "nowhere"))
    }
    assert {name for name in wanted if not hasattr(ours, name)} == set()
    assert hasattr(ours, "concat") or "concat" not in theirs
