"""Names that old code asks for. Each works, and says what to use instead."""

from __future__ import annotations

import warnings
from importlib.metadata import version
from typing import Any

from ._markup import soft_str


def lookup(name: str) -> Any:
    """Give a deprecated name of the package.

    :raises AttributeError: for any other name.
    """
    if name == "soft_unicode":
        warnings.warn("'soft_unicode' is deprecated: use 'soft_str'.", DeprecationWarning, stacklevel=3)
        return soft_str
    if name == "__version__":
        warnings.warn(
            "'__version__' is deprecated: use importlib.metadata.version('dray-safe-strings').",
            DeprecationWarning,
            stacklevel=3,
        )
        return version("dray-safe-strings")
    raise AttributeError(f"module 'dray.safe_strings' has no attribute {name!r}")
