"""Registries tell of every change, however it is made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from dray.framework.sansio.registries import HookList, HookTable, Registry

LIST_CHANGES: dict[str, Callable[[Any], Any]] = {
    "append": lambda x: x.append(1),
    "clear": lambda x: x.clear(),
    "extend": lambda x: x.extend([1]),
    "insert": lambda x: x.insert(0, 1),
    "pop": lambda x: x.pop(),
    "remove": lambda x: x.remove(1),
    "reverse": lambda x: x.reverse(),
    "sort": lambda x: x.sort(),
    "setitem": lambda x: x.__setitem__(0, 2),
    "delitem": lambda x: x.__delitem__(0),
    "iadd": lambda x: x.__iadd__([1]),
    "imul": lambda x: x.__imul__(2),
}
DICT_CHANGES: dict[str, Callable[[Any], Any]] = {
    "clear": lambda x: x.clear(),
    "pop": lambda x: x.pop("a"),
    "popitem": lambda x: x.popitem(),
    "delitem": lambda x: x.__delitem__("a"),
    "setitem": lambda x: x.__setitem__("a", 2),
    "setdefault": lambda x: x.setdefault("b", 2),
    "update": lambda x: x.update(b=2),
    "ior": lambda x: x.__ior__({"b": 2}),
}


def mutators(plain: type) -> set[str]:
    """Find the methods that change an object, by trying them on a plain one."""
    found = set()
    for name in dir(plain):
        if name in {"__init__", "__class_getitem__", "__new__"} or not callable(getattr(plain, name)):
            continue
        for args in ((), (0,), ([(5, 6)],), (0, 7), (2,)):
            target = plain([(5, 6), (3, 4)])
            before = repr(target)
            try:
                getattr(target, name)(*args)
            except Exception:
                continue
            if repr(target) != before:
                found.add(name)
    return found


def test_every_mutator_of_list_is_watched() -> None:
    """Whatever changes a list in this Python is overridden."""
    assert mutators(list) <= set(vars(HookList))


def test_every_mutator_of_dict_is_watched() -> None:
    """Whatever changes a dict in this Python is overridden."""
    assert mutators(dict) <= set(vars(Registry))


@pytest.mark.parametrize("change", LIST_CHANGES)
def test_a_list_tells_of_a_change(change: str) -> None:
    """The callback runs, and the list changes as a list does."""
    calls: list[int] = []
    hooks, plain = HookList([1, 3], lambda: calls.append(1)), [1, 3]
    LIST_CHANGES[change](hooks)
    LIST_CHANGES[change](plain)

    assert calls
    assert plain == hooks


@pytest.mark.parametrize("change", DICT_CHANGES)
def test_a_dict_tells_of_a_change(change: str) -> None:
    """The callback runs, and the dict changes as a dict does."""
    calls: list[int] = []
    registry, plain = Registry(lambda: calls.append(1)), {"a": 1}
    registry["a"] = 1
    calls.clear()
    DICT_CHANGES[change](registry)
    DICT_CHANGES[change](plain)

    assert calls
    assert plain == registry


def test_lists_that_are_put_into_a_table_tell_too() -> None:
    """A plain list becomes one that tells, by whatever way it comes in."""
    calls: list[int] = []
    table = HookTable(lambda: calls.append(1))
    table["a"] = []
    table.setdefault("b", [])
    for name in ("a", "b", "c"):
        calls.clear()
        table[name].append(1)

        assert calls
