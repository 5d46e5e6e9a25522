"""Registration of what runs around the serving of requests: before the first one, after the last one, around all.

An ASGI server says when that is (its lifespan); a WSGI server doesn't, so none of it runs there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from .setup_state import setupmethod

F = TypeVar("F", bound=Callable[..., Any])


class ServingHooks:
    """The part of an application that registers these functions."""

    def __init__(self) -> None:
        #: Called before the first request.
        self.before_serving_funcs: list[Callable[..., Any]] = []
        #: Called after the last request.
        self.after_serving_funcs: list[Callable[..., Any]] = []
        #: Generators that run up to their ``yield`` before the first request, and on after the last one.
        self.while_serving_gens: list[Callable[..., Any]] = []

    @setupmethod
    def before_serving(self, f: F) -> F:
        """Call a function, plain or ``async``, when the server starts, before the first request."""
        self.before_serving_funcs.append(f)
        return f

    @setupmethod
    def after_serving(self, f: F) -> F:
        """Call a function, plain or ``async``, when the server stops, after the last request."""
        self.after_serving_funcs.append(f)
        return f

    @setupmethod
    def while_serving(self, f: F) -> F:
        """Run an asynchronous generator function: up to its ``yield`` when the server starts, on when it stops."""
        self.while_serving_gens.append(f)
        return f
