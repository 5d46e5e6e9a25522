"""Requests and responses with a body, for WSGI and for ASGI."""

from __future__ import annotations

from ._asgi import ASGIRequest, ASGIResponse
from .request import Request
from .response import Response, ResponseStream

__all__ = ["ASGIRequest", "ASGIResponse", "Request", "Response", "ResponseStream"]
