"""The operator table of :class:`~dray.wsgi_tools.local.LocalProxy`.

Python looks special methods up on the type, never on the instance, so a proxy has to define every one of them itself.
This module makes those methods from a table: name -> what to do with the object that stands behind the proxy. It must
not know what a local, a stack or a context variable is; the proxy passes in the one function that finds its object.
"""

from __future__ import annotations

import copy
import math
import operator
from collections.abc import Callable, Iterator
from typing import Any

Method = Callable[..., Any]
Current = Callable[[Any], Any]

#: Operators whose reflected form (``__radd__``) and in-place form (``__iadd__``) exist too.
_ARITHMETIC: dict[str, Method] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "matmul": operator.matmul,
    "truediv": operator.truediv,
    "floordiv": operator.floordiv,
    "mod": operator.mod,
    "lshift": operator.lshift,
    "rshift": operator.rshift,
    "and": operator.and_,
    "xor": operator.xor,
    "or": operator.or_,
    "pow": pow,
}

#: Everything that is "call this with the object first".
_DIRECT: dict[str, Method] = {
    "lt": operator.lt,
    "le": operator.le,
    "eq": operator.eq,
    "ne": operator.ne,
    "gt": operator.gt,
    "ge": operator.ge,
    "repr": repr,
    "str": str,
    "bytes": bytes,
    "format": format,
    "hash": hash,
    "bool": bool,
    "dir": dir,
    "setattr": setattr,
    "delattr": delattr,
    "len": len,
    "length_hint": operator.length_hint,
    "getitem": operator.getitem,
    "setitem": operator.setitem,
    "delitem": operator.delitem,
    "iter": iter,
    "next": next,
    "reversed": reversed,
    "contains": operator.contains,
    "aiter": aiter,
    "anext": anext,
    "divmod": divmod,
    "neg": operator.neg,
    "pos": operator.pos,
    "abs": abs,
    "invert": operator.invert,
    "complex": complex,
    "int": int,
    "float": float,
    "index": operator.index,
    "round": round,
    "trunc": math.trunc,
    "floor": math.floor,
    "ceil": math.ceil,
    "copy": copy.copy,
}

#: Protocols that have no built-in function: the method of the object itself is called.
_BY_NAME = ("call", "enter", "exit", "await", "aenter", "aexit")


def _forward(current: Current, function: Method) -> Method:
    def method(self: Any, *args: Any) -> Any:
        return function(current(self), *args)

    return method


def _forward_named(current: Current, name: str) -> Method:
    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        return getattr(current(self), name)(*args, **kwargs)

    return method


def _forward_call(current: Current) -> Method:
    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        return current(self)(*args, **kwargs)

    return method


def _reflect(current: Current, function: Method) -> Method:
    def method(self: Any, other: Any) -> Any:
        return function(other, current(self))

    return method


def _in_place(current: Current, function: Method) -> Method:
    def method(self: Any, other: Any) -> Any:
        function(current(self), other)
        # The name that is assigned to must stay a proxy, or `request_list += [x]` would turn it into a plain list.
        return self

    return method


def _forward_or(current: Current, function: Method, fallback: Method) -> Method:
    def method(self: Any, *args: Any) -> Any:
        try:
            value = current(self)
        except RuntimeError:
            return fallback(self, *args)
        return function(value, *args)

    return method


def _unhashable(self: Any) -> int:
    raise TypeError(f"unhashable type: {type(self).__name__!r} (nothing is bound to it)")


#: What a proxy answers while nothing is bound to it, so that printing or testing one never fails.
_UNBOUND: dict[str, Method] = {
    "repr": lambda self: f"<{type(self).__name__} unbound>",
    "bool": lambda self: False,
    "dir": lambda self: [],
    "eq": lambda self, other: self is other,
    "ne": lambda self, other: self is not other,
    "hash": _unhashable,
}


def _deepcopy(value: Any, memo: dict[int, Any]) -> Any:
    return copy.deepcopy(value, memo)


def _instance_check(value: Any, instance: Any) -> bool:
    return isinstance(instance, value)


def _subclass_check(value: Any, subclass: Any) -> bool:
    return issubclass(subclass, value)


def proxy_methods(current: Current) -> Iterator[tuple[str, Method]]:
    """Make the special methods of a proxy class.

    :param current: Find the object behind a proxy; raises :exc:`RuntimeError` when there is none.
    :return: Pairs of method name and function, ready for :func:`setattr` on the class.
    """
    table: dict[str, Method] = {f"__{name}__": _forward(current, function) for name, function in _DIRECT.items()}
    for name, function in _ARITHMETIC.items():
        table[f"__{name}__"] = _forward(current, function)
        table[f"__r{name}__"] = _reflect(current, function)
        in_place = getattr(operator, f"i{name}", None) or getattr(operator, f"i{name}_")
        table[f"__i{name}__"] = _in_place(current, in_place)
    table["__rdivmod__"] = _reflect(current, divmod)
    for name in _BY_NAME:
        table[f"__{name}__"] = _forward_named(current, f"__{name}__")
    table["__call__"] = _forward_call(current)
    table["__deepcopy__"] = _forward(current, _deepcopy)
    table["__instancecheck__"] = _forward(current, _instance_check)
    table["__subclasscheck__"] = _forward(current, _subclass_check)
    for name, fallback in _UNBOUND.items():
        table[f"__{name}__"] = _forward_or(current, _DIRECT[name], fallback)
    for name, method in table.items():
        method.__name__ = name
        yield name, method
