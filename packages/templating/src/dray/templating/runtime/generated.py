"""What the code of a template finds in its module: functions, classes and constants, each under its name with a dot
before, so that no template's name can meet it.

Loops that need an object, macros, what links templates, and what asynchronous ones need, are parts of the runtime that
many templates have no use for. Each is imported with the first template whose code names something of it.
"""

from __future__ import annotations

from dray.safe_strings import Markup, escape, soft_str
from dray.safe_strings._choose import escape_to_str

from ..exceptions import TemplateRuntimeError
from ..utils import Namespace, imported, missing
from .context import TemplateReference, call, pieces
from .undefined import Undefined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import CodeType
    from typing import Any, TypeVar

    from .context import Context

    V = TypeVar("V")


def identity(x: V) -> V:
    """Return *x*."""
    return x


def str_join(seq: Iterable[Any]) -> str:
    """Join the ``str`` forms of the items."""
    return "".join(map(str, seq))


def markup_join(seq: Iterable[Any]) -> str:
    """Join the items as text; if one of them is safe text, escape the others and return safe text.

    :param seq: any values; what is no text counts as its ``str`` form
    """
    parts = list(map(soft_str, seq))
    if any(hasattr(part, "__html__") for part in parts):
        return Markup("").join(map(escape, parts))
    return "".join(parts)


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
COMMON: dict[str, Any] = {
    ".TemplateReference": TemplateReference, ".Markup": Markup, ".missing": missing, ".escape": escape_to_str,
    ".str": str, ".markup_join": markup_join, ".str_join": str_join, ".identity": identity,
    ".as_namespace": as_namespace, ".call": call, ".call_within": call_within, ".len": len, ".dict": dict,
    ".builtin_getattr": getattr, ".enumerate": enumerate, ".map": map, ".type": type, ".text_type": text_type,
    ".range": range, ".set": set, ".frozenset": frozenset, ".NotImplemented": NotImplemented,
    ".sequence_types": frozenset({list, tuple, dict, set, frozenset, range, str}), ".imported": imported,
    ".pieces": pieces, ".no_else": Undefined, ".Exception": Exception,
    ".lookup_errors": (AttributeError, LookupError, TypeError),
}  # fmt: skip

#: By whether the environment is asynchronous: the functions behind include and import, in both forms of the code.
LINKING: dict[bool, dict[str, Any]] = {False: {}, True: {}}

#: The late parts of the runtime, and the names that code uses of them.
_PARTS = {
    "loops": ("AsyncLoopContext", "Changes", "LoopContext", "sized"),
    "macros": (
        "MacroSpec", "caller_writer", "make_macro", "no_caller", "write_call", "write_call_within", "writer",
    ),
    "linking": ("load_parent", "parent_block", "refuse_second_parent", "require_block"),
    "async_utils": ("auto_aiter", "auto_await", "auto_to_list", "plain_types"),
}  # fmt: skip
#: Those of which there are two, one for asynchronous environments.
_PAIRS = ("import_module", "import_names", "include", "include_stream")
#: What no code has named so far, and the part that has it. What asynchronous environments need is theirs alone.
_pending = {f".{name}": part for part in ("loops", "macros", "linking") for name in _PARTS[part]}
_pending.update({f".{name}": "linking" for name in _PAIRS})


def provide(code: CodeType | None, is_async: bool) -> None:
    """Import the parts of the runtime that a template's code needs and that aren't there yet.

    :param code: the code; ``None`` for all parts
    :param is_async: whether it is of an asynchronous environment
    """
    if is_async and ".auto_await" not in COMMON:
        _take("async_utils")
    pending = _pending  # another thread may put a smaller one in its place
    if pending:  # a microsecond for each function of the code, until all is there
        wanted = pending.keys() if code is None else _names(code) & pending.keys()
        for part in {pending[name] for name in wanted}:
            _take(part)


def _names(code: CodeType) -> set[str]:
    """Return the names that code, and all code within, uses of its module."""
    found = set(code.co_names)
    for constant in code.co_consts:
        if constant.__class__ is code.__class__:
            found |= _names(constant)
    return found


def _take(part: str) -> None:
    """Import a part of the runtime, and let all templates made from here on find it."""
    global _pending
    module, names = _module(part), _PARTS[part]
    COMMON.update({f".{name}": getattr(module, name) for name in names})
    if part == "linking":
        for is_async, ending in ((False, ""), (True, "_async")):
            LINKING[is_async].update({f".{name}": getattr(module, name + ending) for name in _PAIRS})
    _pending = {name: other for name, other in _pending.items() if other != part}


def _module(part: str) -> Any:
    if part == "loops":
        from . import loops  # noqa: PLC0415 - many templates need no loop as an object

        return loops
    if part == "macros":
        from . import macros  # noqa: PLC0415 - many templates have no macros

        return macros
    if part == "linking":
        from . import linking  # noqa: PLC0415 - many templates stand alone

        return linking
    from .. import async_utils  # noqa: PLC0415 - for asynchronous environments alone

    return async_utils
