"""Names of a module that are imported when somebody first asks for them (PEP 562).

For modules that re-export, and names that many programs never use: reading a module takes 0.2 ms and more.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from typing import Any


def late_names(
    namespace: dict[str, Any], where: Mapping[str, str], modules: Collection[str] = ()
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Return ``__getattr__`` and ``__dir__`` for a module.

    :param namespace: the module's ``globals()``; what was imported is kept there
    :param where: the full names of the modules that have the late names, by those
    :param modules: names of modules of a package, for programs that expect them to be there without an import
    """

    def find(name: str) -> Any:
        if name in modules:
            return __import__(f"{namespace['__name__']}.{name}", fromlist=["__name__"])
        if name not in where:
            raise AttributeError(f"module {namespace['__name__']!r} has no attribute {name!r}")
        value = namespace[name] = getattr(__import__(where[name], fromlist=[name]), name)
        return value

    def names() -> list[str]:
        return sorted({*namespace, *where, *modules})

    return find, names
