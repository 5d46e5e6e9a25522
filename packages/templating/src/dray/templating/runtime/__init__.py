"""What generated code runs on.

This package only re-exports; what generated code finds is in :mod:`.generated`. The classes of loops and macros are
imported when somebody first asks for them.
"""

from __future__ import annotations

from dray.safe_strings import Markup, escape, soft_str

from .._late import late_names
from .._settings import EvalContext as EvalContext
from ..exceptions import TemplateNotFound as TemplateNotFound
from ..exceptions import TemplateRuntimeError, UndefinedError
from ..utils import F, Namespace, missing
from ..utils import concat as concat
from ..utils import internalcode as internalcode
from ..utils import object_type_repr as object_type_repr
from ..utils import pass_eval_context as pass_eval_context
from .context import BlockReference, Context, TemplateReference, new_context
from .generated import identity, markup_join, str_join
from .undefined import (
    ChainableUndefined,
    DebugUndefined,
    StrictUndefined,
    Undefined,
    make_logging_undefined,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeVar

    from ..async_utils import auto_aiter as auto_aiter
    from ..async_utils import auto_await as auto_await
    from .loops import AsyncLoopContext, LoopContext
    from .macros import Macro

    V = TypeVar("V")
else:
    V = None

__all__ = [
    "AsyncLoopContext", "BlockReference", "ChainableUndefined", "Context", "DebugUndefined", "F", "LoopContext",
    "Macro", "Markup", "Namespace", "StrictUndefined", "TemplateReference", "TemplateRuntimeError", "Undefined",
    "UndefinedError", "V", "async_exported", "exported", "escape", "identity", "make_logging_undefined", "markup_join",
    "missing",
    "new_context", "soft_str", "str_join",
]  # fmt: skip

#: Names that generated code may use.
exported = [
    "LoopContext", "TemplateReference", "Macro", "Markup", "TemplateRuntimeError", "missing", "escape", "markup_join",
    "str_join", "identity", "TemplateNotFound", "Namespace", "Undefined",
]  # fmt: skip
#: Names that generated code of asynchronous templates may use besides.
async_exported = ["AsyncLoopContext", "auto_aiter", "auto_await"]

for _cls in (
    BlockReference, ChainableUndefined, Context, DebugUndefined, StrictUndefined, TemplateReference, Undefined,
):  # fmt: skip
    _cls.__module__ = __name__
del _cls

if not TYPE_CHECKING:  # type checkers know the names, and that there are no others
    __getattr__, __dir__ = late_names(
        globals(),
        {
            "AsyncLoopContext": f"{__name__}.loops",
            "LoopContext": f"{__name__}.loops",
            "Macro": f"{__name__}.macros",
            "auto_aiter": "dray.templating.async_utils",
            "auto_await": "dray.templating.async_utils",
        },
    )
