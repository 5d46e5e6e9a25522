"""Requests and responses with a body, for WSGI and for ASGI; the pair of ASGI is imported when it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .request import Request
from .response import Response, ResponseStream

if TYPE_CHECKING:
    from ._asgi import ASGIRequest, ASGIResponse

__all__ = ["ASGIRequest", "ASGIResponse", "Request", "Response", "ResponseStream"]


if not TYPE_CHECKING:  # else a checker would believe in every name

    def __getattr__(name: str) -> Any:
        """Import the pair of ASGI (PEP 562)."""
        if name in {"ASGIRequest", "ASGIResponse"}:
            from . import _asgi  # noqa: PLC0415 - who serves WSGI pays nothing for it

            return getattr(_asgi, name)

        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
