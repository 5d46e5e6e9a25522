"""The stack of active contexts of the current thread.

It must not know what a context is, beyond its ``color`` setting.
"""

from __future__ import annotations

from _thread import _local

from ._utils import TYPE_CHECKING, overload
from ._utils import gettext as _

if TYPE_CHECKING:
    from typing import Literal

    from .core import Context


__all__ = ["get_current_context", "pop_context", "push_context", "resolve_color_default"]


class _Stacks(_local):
    """One list of contexts per thread."""

    def __init__(self) -> None:
        self.stack: list[Context] = []


_stacks = _Stacks()


@overload
def get_current_context(silent: Literal[False] = False) -> Context: ...
@overload
def get_current_context(silent: bool = ...) -> Context | None: ...
def get_current_context(silent: bool = False) -> Context | None:
    """Return the innermost active context of this thread.

    :param silent: answer None instead of raising when there is none.
    :return: the context.
    :raises RuntimeError: no command is running in this thread.
    """
    stack = _stacks.stack
    if stack:
        return stack[-1]
    if silent:
        return None
    raise RuntimeError(_("There is no active command context in this thread."))


def push_context(ctx: Context) -> None:
    """Make a context the current one.

    :param ctx: the context.
    """
    _stacks.stack.append(ctx)


def pop_context() -> None:
    """Leave the current context."""
    _stacks.stack.pop()


def resolve_color_default(color: bool | None = None) -> bool | None:
    """Fill in the colour setting of the current context where a call gave none.

    :param color: what the call said: on, off, or nothing.
    :return: on, off, or nothing: decide by the stream.
    """
    if color is not None:
        return color
    stack = _stacks.stack
    return stack[-1].color if stack else None
