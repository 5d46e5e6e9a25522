"""What the sandbox knows about types: which attributes lead out of it, and which methods change a collection.

Decided by the type of the object, never by the name alone. It knows no environment.
"""

from __future__ import annotations

import array
import collections
from collections import abc
from types import (
    AsyncGeneratorType,
    BuiltinFunctionType,
    CodeType,
    CoroutineType,
    FrameType,
    FunctionType,
    GeneratorType,
    MappingProxyType,
    MethodDescriptorType,
    MethodType,
    TracebackType,
)

from dray.safe_strings import Markup

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

#: Attributes of functions that are unsafe although they have no underscore.
UNSAFE_FUNCTION_ATTRIBUTES: set[str] = set()
#: The same of methods.
UNSAFE_METHOD_ATTRIBUTES: set[str] = set()
#: The same of generators.
UNSAFE_GENERATOR_ATTRIBUTES = {"gi_frame", "gi_code"}
#: The same of coroutines.
UNSAFE_COROUTINE_ATTRIBUTES = {"cr_frame", "cr_code"}
#: The same of asynchronous generators.
UNSAFE_ASYNC_GENERATOR_ATTRIBUTES = {"ag_frame", "ag_code"}

_OPAQUE = (CodeType, TracebackType, FrameType)


def is_internal_attribute(obj: Any, attr: str) -> bool:
    """Say whether an attribute leads to the inside of Python.

    :param obj: the object
    :param attr: the attribute's name
    """
    if attr.startswith("__") or isinstance(obj, _OPAQUE):
        return True
    if isinstance(obj, FunctionType):
        return attr in UNSAFE_FUNCTION_ATTRIBUTES
    if isinstance(obj, MethodType):
        return attr in UNSAFE_FUNCTION_ATTRIBUTES or attr in UNSAFE_METHOD_ATTRIBUTES
    if isinstance(obj, type):
        return attr == "mro"
    if isinstance(obj, GeneratorType):
        return attr in UNSAFE_GENERATOR_ATTRIBUTES
    if isinstance(obj, CoroutineType):
        return attr in UNSAFE_COROUTINE_ATTRIBUTES
    return isinstance(obj, AsyncGeneratorType) and attr in UNSAFE_ASYNC_GENERATOR_ATTRIBUTES


# -- what changes a collection: everything that it can do and its unchangeable relative can't

_HARMLESS = frozenset({"copy", "fromkeys", "maxlen", "default_factory", "elements", "most_common", "total"})


def _mutators(changeable: type[Any], *frozen: type[Any]) -> frozenset[str]:
    """Return the public methods that *changeable* has and none of the *frozen* types."""
    known = {name for cls in frozen for name in dir(cls)}
    return frozenset(name for name in dir(changeable) if name[0] != "_" and name not in known) - _HARMLESS


_DICT = _mutators(dict, MappingProxyType)
#: Most specific types first; the abstract classes stand for what users write themselves.
_MUTATORS: list[tuple[type[Any], frozenset[str]]] = [
    (collections.OrderedDict, _mutators(collections.OrderedDict, MappingProxyType)),
    (collections.Counter, _mutators(collections.Counter, MappingProxyType)),
    (collections.deque, _mutators(collections.deque, tuple)),
    (collections.ChainMap, _mutators(collections.ChainMap, MappingProxyType) - {"maps", "new_child", "parents"}),
    (dict, _DICT),
    (list, _mutators(list, tuple)),
    (set, _mutators(set, frozenset)),
    (bytearray, _mutators(bytearray, bytes)),
    (array.array, frozenset({
        "append", "byteswap", "extend", "frombytes", "fromfile", "fromlist", "fromunicode", "insert", "pop", "remove",
        "reverse", "clear",
    })),
    (memoryview, frozenset({"release"})),
    (abc.MutableSet, _mutators(set, frozenset)),
    (abc.MutableMapping, _DICT),
    (abc.MutableSequence, _mutators(list, tuple) | _mutators(collections.deque, tuple)),
]  # fmt: skip


def modifies_known_mutable(obj: Any, attr: str) -> bool:
    """Say whether a method would change a collection.

    :param obj: the collection, or its class
    :param attr: the method's name
    """
    if isinstance(obj, type):
        return any(issubclass(obj, cls) and attr in names for cls, names in _MUTATORS)
    return any(isinstance(obj, cls) and attr in names for cls, names in _MUTATORS)


#: Every name that can be a mutator, to rule out the others quickly.
MUTATOR_NAMES = frozenset().union(*(names for _, names in _MUTATORS))


def owner_and_name(function: Any) -> tuple[Any, str | None]:
    """Return what a method belongs to and its name: the object of a bound one, the class of an unbound one.

    :param function: any callable
    :return: the owner and the name, or ``None`` twice
    """
    if isinstance(function, (MethodType, BuiltinFunctionType)):
        return getattr(function, "__self__", None), getattr(function, "__name__", None)
    if isinstance(function, MethodDescriptorType):
        return function.__objclass__, function.__name__
    name = function.__name__ if isinstance(function, FunctionType) else None
    if name in {"format", "format_map"}:
        for cls in Markup.__mro__:
            if cls.__dict__.get(name) is function:
                return cls, name
    return None, None


def calls_mutator(function: Any) -> bool:
    """Say whether a callable is a method, bound or not, that changes a collection.

    :param function: any callable
    """
    owner, name = owner_and_name(function)
    return name in MUTATOR_NAMES and owner is not None and modifies_known_mutable(owner, name)
