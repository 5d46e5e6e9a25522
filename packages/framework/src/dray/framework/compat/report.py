"""What drop-in mode did: which modules were aliased, and what was asked for in vain."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .finder import finder, real_name

#: Names that were imported from a module and are not there: ``from flask import Markup``.
missing_names: set[str] = set()


def watch() -> Callable[[], None]:
    """Take note of names that imports ask for in vain.

    :return: ends it.
    """
    original = builtins.__import__

    def import_(
        name: str,
        globals: Mapping[str, object] | None = None,
        locals: Mapping[str, object] | None = None,
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> Any:
        module = original(name, globals, locals, fromlist or (), level)
        if level == 0 and fromlist and real_name(name) is not None:
            missing_names.update(f"{name}.{item}" for item in fromlist if item != "*" and not hasattr(module, item))
        return module

    builtins.__import__ = import_

    def stop() -> None:
        builtins.__import__ = original

    return stop


def text() -> str:
    """Give the report."""
    missing = sorted(missing_names | finder.missing)
    lines = ["Modules that dray stood in for:", *(f"  {name}" for name in finder.aliased())]
    lines += ["Names that were asked for and are missing:", *(f"  {name}" for name in missing)] if missing else []
    return "\n".join(lines)
