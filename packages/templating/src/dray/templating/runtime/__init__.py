"""What generated code runs on.

This package only re-exports, and names what generated code may use. Generated code finds these under their names with
a dot before; no template's name can meet them.
"""

from __future__ import annotations

from dray.safe_strings import Markup, escape, soft_str
from dray.safe_strings._choose import escape_to_str

from ..async_utils import auto_aiter, auto_await, auto_to_list, plain_types
from ..exceptions import TemplateRuntimeError, UndefinedError
from ..utils import F, Namespace, import_string, missing
from . import linking
from .context import BlockReference, Context, TemplateReference, call, new_context, pieces
from .loops import AsyncLoopContext, Changes, LoopContext, sized
from .macros import Macro, MacroSpec, caller_writer, make_macro, no_caller, write_call, write_call_within, writer
from .output import identity, markup_join, str_join
from .undefined import (
    ChainableUndefined,
    DebugUndefined,
    StrictUndefined,
    Undefined,
    make_logging_undefined,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeVar

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


def as_namespace(value: Any) -> Namespace:
    """Return *value* for an assignment to its attribute.

    :raises TemplateRuntimeError: if it is no namespace
    """
    if not isinstance(value, Namespace):
        raise TemplateRuntimeError("cannot assign attribute on non-namespace object")
    return value


def call_within(context: Context, local: dict[str, Any], function: Any, /, *args: Any, **kwargs: Any) -> Any:
    """Call *function* for a template, where loop or block assigned variables that a context function should see."""
    if local:
        return context.call(function, *args, _loop_vars=local, **kwargs)
    return context.call(function, *args, **kwargs)


def text_type(function: Any, method: str) -> type[str] | None:
    """Return ``str`` if a filter still says that for plain text it is this method, otherwise what no type is.

    :param function: the filter
    :param method: the method's name
    """
    return str if getattr(function, "dray_text_method", None) == method else None


#: The part of a template's module that is the same for all environments.
COMMON = {
    ".LoopContext": LoopContext, ".AsyncLoopContext": AsyncLoopContext, ".TemplateReference": TemplateReference,
    ".Markup": Markup, ".missing": missing, ".escape": escape_to_str, ".str": str, ".markup_join": markup_join,
    ".str_join": str_join, ".identity": identity, ".as_namespace": as_namespace, ".call": call,
    ".call_within": call_within, ".make_macro": make_macro, ".MacroSpec": MacroSpec,
    ".no_caller": no_caller, ".write_call": write_call, ".write_call_within": write_call_within,
    ".writer": writer, ".caller_writer": caller_writer, ".Changes": Changes,
    ".sized": sized, ".len": len, ".dict": dict, ".builtin_getattr": getattr, ".enumerate": enumerate, ".map": map,
    ".type": type, ".text_type": text_type, ".range": range, ".set": set, ".frozenset": frozenset,
    ".NotImplemented": NotImplemented, ".auto_aiter": auto_aiter, ".auto_await": auto_await,
    ".auto_to_list": auto_to_list, ".plain_types": plain_types,
    ".sequence_types": frozenset({list, tuple, dict, set, frozenset, range, str}), ".import_string": import_string,
    ".parent_block": linking.parent_block, ".require_block": linking.require_block,
    ".refuse_second_parent": linking.refuse_second_parent, ".load_parent": linking.load_parent,
    ".pieces": pieces,
    ".no_else": Undefined, ".Exception": Exception, ".lookup_errors": (AttributeError, LookupError, TypeError),
}  # fmt: skip

#: By whether the environment is asynchronous: the functions behind include and import, in both forms of the code.
LINKING = {
    False: {
        ".include": linking.include,
        ".include_stream": linking.include_stream,
        ".import_module": linking.import_module,
        ".import_names": linking.import_names,
    },
    True: {
        ".include": linking.include_async,
        ".include_stream": linking.include_stream_async,
        ".import_module": linking.import_module_async,
        ".import_names": linking.import_names_async,
    },
}

for _cls in (
    AsyncLoopContext, BlockReference, ChainableUndefined, Context, DebugUndefined, LoopContext, Macro, StrictUndefined,
    TemplateReference, Undefined,
):  # fmt: skip
    _cls.__module__ = __name__
del _cls
