"""Requests and responses with a body."""

from __future__ import annotations

from .request import Request
from .response import Response, ResponseStream

__all__ = ["Request", "Response", "ResponseStream"]
