"""Joining output. Knows strings, nothing of templates."""

from __future__ import annotations

from dray.safe_strings import Markup, escape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, TypeVar

    V = TypeVar("V")


def identity(x: V) -> V:
    """Return *x*."""
    return x


def str_join(seq: Iterable[Any]) -> str:
    """Join the ``str`` forms of the items."""
    return "".join(map(str, seq))


def markup_join(seq: Iterable[Any]) -> str:
    """Join the ``str`` forms of the items; if one of them is safe text, escape the others and return safe text.

    :param seq: any values
    """
    parts = list(seq)
    if any(hasattr(part, "__html__") for part in parts):
        return Markup("").join(map(escape, parts))
    return "".join(map(str, parts))
