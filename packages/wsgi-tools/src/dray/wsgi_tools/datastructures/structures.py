"""The containers that aren't bound to a header; this file only gathers them under their public name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._combined import CombinedMultiDict
from ._dicts import CallbackDict, ImmutableDict, ImmutableList, ImmutableTypeConversionDict, TypeConversionDict
from ._header_set import HeaderSet
from ._multi_dict import ImmutableMultiDict, MultiDict, iter_multi_items
from .mixins import K, T, V

__all__ = [
    "CallbackDict",
    "CombinedMultiDict",
    "HeaderSet",
    "ImmutableDict",
    "ImmutableList",
    "ImmutableMultiDict",
    "ImmutableTypeConversionDict",
    "K",
    "MultiDict",
    "T",
    "TypeConversionDict",
    "V",
    "iter_multi_items",
]


if not TYPE_CHECKING:  # else a checker would believe in every name

    def __getattr__(name: str) -> Any:
        """Give the deprecated classes to those who still ask for them."""
        from ._ordered import deprecated  # noqa: PLC0415 - nobody else pays for them

        return deprecated(__name__, name)
