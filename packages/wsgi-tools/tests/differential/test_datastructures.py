"""Containers beside Werkzeug's: the same steps on both, with the same results and the same content after each."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest
import werkzeug.datastructures as reference
from hypothesis import given, settings
from hypothesis import strategies as st

from dray.wsgi_tools import datastructures as ours

keys = st.sampled_from(["a", "A", "b", "Content-Type", "x"])
values = st.sampled_from(["1", "2", "x", "", "é"])
# Not empty: the reference's multi dict raises IndexError for a key without values.
lists = st.lists(values, min_size=1, max_size=3)
pairs = st.lists(st.tuples(keys, values), max_size=4)
mappings = st.dictionaries(keys, values | lists | lists.map(tuple), max_size=3)
missing = st.sampled_from([(), ("default",), (None,)])


def step(name: str, *arguments: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[str, tuple[Any, ...]]]:
    """Draw the call of a method."""
    return st.tuples(st.just(name), st.tuples(*arguments))


def plain(value: Any) -> Any:
    """Return a result in built-in types, whichever side it comes from."""
    if isinstance(value, (str, int, bool)) or value is None:
        return value

    if hasattr(value, "items") and hasattr(value, "getlist"):
        return sorted(value.items(multi=True)) if hasattr(value, "lists") else list(value)

    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}

    return [plain(one) if isinstance(one, (list, tuple)) else one for one in value]


def run(subject: Any, name: str, arguments: tuple[Any, ...]) -> Any:
    """Call a method; an error is its kind: the errors for a missing key, and all others by name."""
    try:
        return plain(getattr(subject, name)(*arguments))
    except KeyError:
        return "KeyError"
    except (TypeError, ValueError, IndexError) as error:
        return type(error).__name__


MULTI_DICT_STEPS = st.one_of(
    step("__getitem__", keys),
    step("__setitem__", keys, values),
    step("__delitem__", keys),
    step("__contains__", keys),
    step("__len__"),
    step("get", keys),
    step("get", keys, st.just(7), st.just(int)),
    step("add", keys, values),
    step("getlist", keys),
    step("getlist", keys, st.just(int)),
    step("setlist", keys, lists),
    step("setdefault", keys, values),
    step("setlistdefault", keys, lists),
    step("items"),
    step("items", st.just(True)),
    step("lists"),
    step("values"),
    step("listvalues"),
    step("keys"),
    step("to_dict"),
    step("to_dict", st.just(False)),
    step("update", pairs | mappings),
    step("pop", keys),
    step("popitem"),
    step("popitemlist"),
    step("poplist", keys),
    step("copy"),
    step("deepcopy"),
    step("__or__", mappings),
    step("__repr__"),
)


@given(pairs | mappings, st.lists(MULTI_DICT_STEPS, max_size=8), missing)
@settings(max_examples=200)
def test_multi_dict(initial: Any, steps: list[tuple[str, tuple[Any, ...]]], default: tuple[Any, ...]) -> None:
    """A multi dict does what the reference's does, step by step."""
    one, other = ours.MultiDict(initial), reference.MultiDict(initial)

    for name, arguments in steps:
        arguments = (*arguments, *default) if name == "pop" else arguments
        assert run(one, name, arguments) == run(other, name, arguments), name
        assert dict(one.lists()) == dict(other.lists())
        assert list(one) == list(other)

    assert run(dict, "fromkeys", (one,)) == run(dict, "fromkeys", (other,))
    assert pickle.loads(pickle.dumps(one)) == one == copy.copy(one) == copy.deepcopy(one)


READING = {"get", "getlist", "items", "lists", "values", "keys", "__getitem__", "__contains__", "__len__", "to_dict"}


@given(pairs, pairs, st.lists(MULTI_DICT_STEPS, max_size=6))
def test_immutable_and_combined(first: Any, second: Any, steps: list[tuple[str, tuple[Any, ...]]]) -> None:
    """The read-only kinds read alike and refuse alike."""
    for one, other in (
        (ours.ImmutableMultiDict(first), reference.ImmutableMultiDict(first)),
        (
            ours.CombinedMultiDict([ours.MultiDict(first), ours.MultiDict(second)]),
            reference.CombinedMultiDict([reference.MultiDict(first), reference.MultiDict(second)]),
        ),
    ):
        for name, arguments in steps:
            if name in READING:
                left, right = run(one, name, arguments), run(other, name, arguments)

                # The reference yields the keys of a combined dict in the order of a set.
                if name in {"keys", "items", "values", "lists"}:
                    left, right = sorted(left), sorted(right)

                assert left == right, name

        assert run(one, "add", ("a", "b")) == run(other, "add", ("a", "b")) == "TypeError"

    assert hash(ours.ImmutableMultiDict(first)) == hash(ours.ImmutableMultiDict(first))


HEADER_STEPS = st.one_of(
    step("__getitem__", keys | st.integers(-3, 3)),
    step("__setitem__", keys, values),
    step("__setitem__", st.integers(-3, 3), st.tuples(keys, values)),
    step("__delitem__", keys | st.integers(-3, 3) | st.just(slice(0, 2))),
    step("__contains__", keys),
    step("__len__"),
    step("get", keys),
    step("get", keys, st.just(7), st.just(int)),
    step("add", keys, values | st.just("a\nb") | st.integers()),
    step("getlist", keys),
    step("get_all", keys),
    step("set", keys, values),
    step("setlist", keys, lists),
    step("setdefault", keys, values),
    step("setlistdefault", keys, lists),
    step("items", st.booleans()),
    step("keys", st.booleans()),
    step("values"),
    step("extend", pairs | mappings),
    step("update", pairs | mappings),
    step("pop", keys),
    step("pop", st.integers(-3, 3)),
    step("pop"),
    step("popitem"),
    step("remove", keys),
    step("copy"),
    step("to_wsgi_list"),
    step("__or__", mappings),
    step("__str__"),
    step("__repr__"),
)


@given(pairs | mappings, st.lists(HEADER_STEPS, max_size=8))
@settings(max_examples=200)
def test_headers(initial: Any, steps: list[tuple[str, tuple[Any, ...]]]) -> None:
    """Headers do what the reference's do, step by step."""
    one, other = ours.Headers(initial), reference.Headers(initial)

    for name, arguments in steps:
        assert run(one, name, arguments) == run(other, name, arguments), name
        assert list(one) == list(other)

    assert ours.Headers(one) == one == copy.copy(one) == copy.deepcopy(one)


# One spelling a token: the reference removes a token of another spelling from the set and leaves it in the list.
tokens = st.sampled_from(["a", "b", "x"])
SET_STEPS = st.one_of(
    *(step(name, tokens) for name in ("add", "remove", "discard", "find", "index", "__contains__")),
    *(step(name, st.integers(-2, 3)) for name in ("__getitem__", "__delitem__")),
    step("__setitem__", st.integers(-2, 3), st.just("y")),
    step("update", st.lists(tokens, max_size=3)),
    *(step(name) for name in ("clear", "to_header", "__len__", "__bool__", "__repr__")),
    step("as_set", st.just(False)).map(lambda call: call),
)


@given(st.lists(tokens, max_size=3, unique=True), st.lists(SET_STEPS, max_size=6))
def test_header_set(initial: list[str], steps: list[tuple[str, tuple[Any, ...]]]) -> None:
    """A set of tokens does what the reference's does, and tells as often."""
    told: list[str] = []
    one = ours.HeaderSet(initial, lambda _: told.append("ours"))
    other = reference.HeaderSet(initial, lambda _: told.append("theirs"))

    for name, arguments in steps:
        left, right = run(one, name, arguments), run(other, name, arguments)
        assert (set(left), set(right)) if name == "as_set" else left == right, name
        assert list(one) == list(other)

    assert told.count("ours") == told.count("theirs")


ENVIRON = {
    "REQUEST_METHOD": "GET",
    "HTTP_HOST": "example.com",
    "HTTP_X_FOO": "1",
    "HTTP_CONTENT_TYPE": "no",
    "CONTENT_TYPE": "text/plain",
    "CONTENT_LENGTH": "",
    "wsgi.input": None,
}


@pytest.mark.parametrize("name", ["Host", "x-foo", "X_FOO", "content-type", "Content-Length", "missing"])
def test_environ_headers(name: str) -> None:
    """The view of an environ shows the same headers."""
    one, other = ours.EnvironHeaders(ENVIRON), reference.EnvironHeaders(ENVIRON)

    # The reference's getlist() goes another way than its get() and misses these two.
    methods = ["get", "__contains__", "__getitem__"] + ["getlist"] * (name not in {"X_FOO", "Content-Length"})

    for method in methods:
        assert run(one, method, (name,)) == run(other, method, (name,))

    assert list(one) == list(other)
    assert (len(one), str(one)) == (len(other), str(other))


@given(st.dictionaries(keys, values, max_size=3), keys, values)
def test_callback_dict(initial: dict[str, str], key: str, value: str) -> None:
    """Each change is told as often as by the reference."""
    calls: dict[str, list[Any]] = {"ours": [], "theirs": []}
    one = ours.CallbackDict(initial, calls["ours"].append)
    other = reference.CallbackDict(initial, calls["theirs"].append)

    for subject in (one, other):
        subject[key] = value
        subject.setdefault("new", value)
        subject.setdefault("new", value)
        subject.pop("none", None)
        subject.pop(key)
        subject.update({key: value}, more=value)
        subject |= {"or": value}
        subject.popitem()
        subject.clear()

    assert len(calls["ours"]) == len(calls["theirs"])
    assert dict(one) == dict(other)


ORDERED_STEPS = MULTI_DICT_STEPS.filter(
    lambda call: call[0] not in {"setlistdefault", "__repr__", "__or__", "deepcopy", "copy", "popitemlist", "popitem"}
)


@given(pairs, st.lists(ORDERED_STEPS, max_size=8))
def test_ordered_multi_dict(initial: Any, steps: list[tuple[str, tuple[Any, ...]]]) -> None:
    """The deprecated ordered kind keeps all pairs in order, as the reference's does, and warns."""
    with pytest.warns(DeprecationWarning, match="OrderedMultiDict"):
        one, other = ours.OrderedMultiDict(initial), reference.OrderedMultiDict(initial)

    for name, arguments in steps:
        assert run(one, name, arguments) == run(other, name, arguments), name
        assert list(one.items(multi=True)) == list(other.items(multi=True))
        assert (list(one), len(one)) == (list(other), len(other))

    assert pickle.loads(pickle.dumps(one)) == one == copy.copy(one) == copy.deepcopy(one)

    with pytest.warns(DeprecationWarning, match="OrderedMultiDict"):
        kind: Any = ours.ImmutableOrderedMultiDict

    frozen = kind(one)
    assert list(frozen.items(multi=True)) == list(one.items(multi=True))
    assert hash(frozen) == hash(copy.copy(frozen))
    assert frozen.copy() == one

    with pytest.raises(TypeError, match="immutable"):
        frozen.add("a", "b")


def test_unknown_names() -> None:
    """Any other name that is asked for isn't there."""
    with pytest.raises(AttributeError, match="has no attribute 'nope'"):
        _ = ours.nope
