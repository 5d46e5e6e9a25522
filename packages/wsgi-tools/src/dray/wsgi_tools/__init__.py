"""HTTP for WSGI and ASGI: requests, responses, routing, forms, a test client and a development server.

The root only names the things that most programs start with; each is imported when it is first asked for.
"""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False  # as in typing, which would be most of what this file costs

if TYPE_CHECKING:
    from typing import Any

    from .serving import run_simple as run_simple
    from .test import Client as Client
    from .wrappers import Request as Request
    from .wrappers import Response as Response

_HOMES = {"run_simple": ".serving", "Client": ".test", "Request": ".wrappers", "Response": ".wrappers"}

#: Modules that existing programs reach as attributes of the root.
_MODULES = frozenset(
    {
        "datastructures",
        "debug",
        "exceptions",
        "formparser",
        "http",
        "local",
        "middleware",
        "routing",
        "sansio",
        "security",
        "serving",
        "test",
        "urls",
        "user_agent",
        "utils",
        "wrappers",
        "wsgi",
    }
)

__all__ = ["Client", "Request", "Response", "run_simple"]


def __getattr__(name: str) -> Any:
    """Import what is asked for (PEP 562)."""
    home = _HOMES.get(name)

    if home is not None:
        value = getattr(import_module(home, __name__), name)
        globals()[name] = value
        return value

    if name in _MODULES:
        return import_module(f".{name}", __name__)

    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, *_MODULES})
