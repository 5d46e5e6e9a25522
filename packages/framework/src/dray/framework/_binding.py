"""The one variable that binds a context to the code that runs in it.

It stands at the bottom so that everything may read it; what a context is, :mod:`.ctx` says.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .ctx import AppContext

_cv_app: ContextVar[AppContext] = ContextVar("dray.app_ctx")
