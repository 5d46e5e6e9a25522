"""Locals, stacks and proxies: one value per context, and a proxy that behaves like its object."""

from __future__ import annotations

import asyncio
import copy
import math
import operator
import pickle
import threading
from contextvars import ContextVar, copy_context

import pytest

from dray.wsgi_tools.local import Local, LocalManager, LocalProxy, LocalStack, release_local


def test_local_keeps_values_per_context() -> None:
    """A value set in a copied context is not seen outside of it, and deletion is local too."""
    local = Local()
    local.name = "outer"

    def inner() -> list[tuple[str, str]]:
        local.name = "inner"
        local.other = 1
        return list(local)

    assert copy_context().run(inner) == [("name", "inner"), ("other", 1)]
    assert list(local) == [("name", "outer")]
    del local.name
    with pytest.raises(AttributeError, match="name"):
        local.name
    with pytest.raises(AttributeError, match="name"):
        del local.name


def test_locals_in_threads_are_independent() -> None:
    """A new thread starts with an empty local and an empty stack."""
    local, stack = Local(), LocalStack[int]()
    local.x = 1
    stack.push(1)
    seen: list[object] = []
    thread = threading.Thread(target=lambda: seen.extend([list(local), stack.top]))
    thread.start()
    thread.join()

    assert [[], None] == seen


def test_tasks_do_not_share_pushes() -> None:
    """Two asyncio tasks that push on one stack see only their own value."""
    stack = LocalStack[int]()

    async def work(number: int) -> int | None:
        stack.push(number)
        await asyncio.sleep(0)
        return stack.top

    async def main() -> list[int | None]:
        return list(await asyncio.gather(work(1), work(2)))

    assert asyncio.run(main()) == [1, 2]
    assert stack.top is None


def test_stack_push_pop_and_release() -> None:
    """Push returns a copy of the stack, pop the top value or None, release empties it."""
    stack = LocalStack[int]()
    assert stack.pop() is None
    assert stack.push(1) == [1]
    stack.push(2).append(99)
    assert (stack.top, stack.pop(), stack.pop(), stack.pop(), stack.top) == (2, 2, 1, None, None)
    stack.push(3)
    release_local(stack)
    assert stack.top is None


def test_manager_takes_one_several_or_no_locals() -> None:
    """LocalManager.locals is always a list."""
    local = Local()
    assert LocalManager().locals == []
    assert LocalManager(local).locals == [local]
    assert LocalManager(iter([local, LocalStack()])).locals[0] is local
    assert repr(LocalManager(local)) == "<LocalManager storages: 1>"


class Thing:
    """An object with attributes, for the proxies below."""

    def __init__(self) -> None:
        self.items = [1, 2]
        self.name = "thing"


def _sources(value: object) -> list[LocalProxy[object]]:
    variable: ContextVar[object] = ContextVar("variable")
    variable.set(value)
    local, stack = Local(), LocalStack[object]()
    local.value = value
    stack.push(value)
    return [LocalProxy(variable), local("value"), stack(), LocalProxy(lambda: value)]


@pytest.mark.parametrize("kind", range(4))
def test_proxy_reads_and_writes_attributes_of_its_object(kind: int) -> None:
    """Attributes are read, set and deleted on the object, whatever the proxy takes it from."""
    thing = Thing()
    proxy = _sources(thing)[kind]
    assert proxy.name == "thing"
    proxy.name = "new"
    assert thing.name == "new"
    del proxy.name
    assert not hasattr(thing, "name")
    assert proxy._get_current_object() is thing
    assert isinstance(proxy, Thing) and type(proxy) is LocalProxy
    assert proxy.__dict__ is thing.__dict__


@pytest.mark.parametrize("path", ["inner", "inner.deep"])
def test_proxy_of_a_named_attribute(path: str) -> None:
    """With a name, the proxy stands for an attribute of what is found; dots reach deeper."""
    outer, inner = Thing(), Thing()
    outer.inner = inner  # type: ignore[attr-defined]
    inner.deep = inner  # type: ignore[attr-defined]
    variable: ContextVar[Thing] = ContextVar("variable")
    variable.set(outer)
    stack = LocalStack[Thing]()
    stack.push(outer)
    for proxy in (LocalProxy(variable, path), stack(path), LocalProxy(lambda: outer, path)):
        assert proxy._get_current_object() is inner


UNARY = [
    operator.neg,
    operator.pos,
    abs,
    operator.invert,
    int,
    float,
    complex,
    round,
    math.trunc,
    math.floor,
    math.ceil,
]
UNARY += [bool, hash, repr, str, operator.index, lambda x: format(x, "5d"), range, copy.copy, copy.deepcopy]


@pytest.mark.parametrize("function", UNARY)
def test_unary_operations(function: object) -> None:
    """A proxy of a number gives what the number gives."""
    assert function(LocalProxy(lambda: 7)) == function(7)  # type: ignore[operator]


BINARY = [
    operator.add, operator.sub, operator.mul, operator.truediv, operator.floordiv, operator.mod, operator.pow,
    operator.lshift, operator.rshift, operator.and_, operator.or_, operator.xor, divmod,
    operator.lt, operator.le, operator.eq, operator.ne, operator.gt, operator.ge,
]  # fmt: skip


@pytest.mark.parametrize("function", BINARY)
def test_binary_operations_from_both_sides(function: object) -> None:
    """A proxy can stand left, right, or on both sides of an operator."""
    proxy = LocalProxy(lambda: 7)
    expected = function(7, 3), function(3, 7), function(7, 7)  # type: ignore[operator]
    assert (function(proxy, 3), function(3, proxy), function(proxy, proxy)) == expected  # type: ignore[operator]


def test_matrix_product_from_both_sides() -> None:
    """The operators without a built-in operand type are forwarded too."""

    class Matrix:
        def __matmul__(self, other: object) -> str:
            return "left"

        def __rmatmul__(self, other: object) -> str:
            return "right"

    proxy = LocalProxy(Matrix)
    assert (proxy @ 1, 1 @ proxy, pow(LocalProxy(lambda: 2), 3, 5)) == ("left", "right", 3)


def test_in_place_operators_change_the_object_and_keep_the_proxy() -> None:
    """`proxy += x` extends a list in place, and the name still is a proxy."""
    values = [1]
    proxy = LocalProxy(lambda: values)
    proxy += [2]
    assert values == [1, 2] and type(proxy) is LocalProxy
    flags = {1}
    other = LocalProxy(lambda: flags)
    other |= {2}
    other -= {1}
    assert flags == {2} and type(other) is LocalProxy


def test_container_operations() -> None:
    """Items, membership, iteration, length and reversal are those of the object."""
    values = {"a": 1}
    proxy = LocalProxy(lambda: values)
    proxy["b"] = 2
    assert (proxy["b"], "a" in proxy, len(proxy), list(proxy), list(reversed(proxy))) == (
        2,
        True,
        2,
        ["a", "b"],
        ["b", "a"],
    )
    del proxy["a"]
    assert values == {"b": 2}
    assert next(LocalProxy(lambda: iter([5]))) == 5
    assert operator.length_hint(LocalProxy(lambda: iter([1, 2]))) == 2
    assert bytes(LocalProxy(lambda: b"ab")) == b"ab"


def test_async_and_context_manager_protocols() -> None:
    """`with`, `async with`, `async for` and `await` work through a proxy."""

    class Managed:
        def __enter__(self) -> str:
            return "sync"

        def __exit__(self, *args: object) -> bool:
            return True

        async def __aenter__(self) -> str:
            return "async"

        async def __aexit__(self, *args: object) -> bool:
            return True

    async def numbers():  # type: ignore[no-untyped-def]
        yield 1

    async def one() -> int:
        return 1

    async def main() -> list[object]:
        managed, iterator = LocalProxy(Managed), numbers()
        async with managed as value:
            found: list[object] = [value]
            raise KeyError("swallowed by __aexit__")
        found += [item async for item in LocalProxy(lambda: iterator)]
        return [*found, await LocalProxy(one)]

    with LocalProxy(Managed) as value:
        raise KeyError("swallowed by __exit__")
    assert value == "sync"
    assert asyncio.run(main()) == ["async", 1, 1]


def test_calls_classes_and_copies() -> None:
    """A proxy of a class can be called and used in isinstance; copies and pickles are of the object."""
    proxy = LocalProxy(lambda: int)
    assert proxy("5") == 5 and isinstance(5, proxy) and issubclass(bool, proxy)  # type: ignore[arg-type]
    values = [[1]]
    listed = LocalProxy(lambda: values)
    shallow, deep, loaded = copy.copy(listed), copy.deepcopy(listed), pickle.loads(pickle.dumps(listed))
    assert type(shallow) is type(deep) is type(loaded) is list
    assert shallow[0] is values[0] and deep[0] is not values[0] and loaded == values


@pytest.mark.parametrize(
    "make", [lambda: LocalProxy(ContextVar("empty")), lambda: Local()("name"), lambda: LocalStack()()]
)
def test_unbound_proxy(make: object) -> None:
    """Nothing bound: false, printable, listable, comparable; any real use is a RuntimeError."""
    proxy = make()  # type: ignore[operator]
    assert (bool(proxy), repr(proxy), dir(proxy), proxy.__class__) == (False, "<LocalProxy unbound>", [], LocalProxy)
    assert proxy == proxy and proxy != make()  # type: ignore[operator]
    assert proxy.__module__ == "dray.wsgi_tools.local" and proxy.__doc__ == LocalProxy.__doc__
    for use in (len, str, iter, lambda p: p.name, lambda p: p._get_current_object(), lambda p: p + 1):
        with pytest.raises(RuntimeError, match="^object is not bound$"):
            use(proxy)
    with pytest.raises(TypeError, match="unhashable"):
        hash(proxy)


def test_unbound_message_and_source() -> None:
    """The error carries the given text, and __wrapped__ is what the proxy was made from."""
    variable: ContextVar[int] = ContextVar("variable")
    proxy = LocalProxy(variable, unbound_message="bind first")
    with pytest.raises(RuntimeError, match="^bind first$"):
        proxy.real
    assert proxy.__wrapped__ is variable


def test_errors_of_the_object_are_not_hidden() -> None:
    """A RuntimeError raised by the object itself comes through, also from operations with an unbound answer."""

    class Broken:
        def __bool__(self) -> bool:
            raise RuntimeError("broken truth")

    with pytest.raises(RuntimeError, match="broken truth"):
        bool(LocalProxy(Broken))


@pytest.mark.parametrize("source", [3, Local()])
def test_unusable_sources(source: object) -> None:
    """Something that can't be asked for an object, or a local without a name, is a TypeError."""
    with pytest.raises(TypeError, match="proxy"):
        LocalProxy(source)  # type: ignore[arg-type]


def test_parametrised_construction_leaves_the_object_alone() -> None:
    """`LocalProxy[int](...)` sets nothing on the object that the proxy stands for."""
    thing = Thing()
    assert LocalProxy[Thing](lambda: thing).name == "thing"
    assert not hasattr(thing, "__orig_class__")
