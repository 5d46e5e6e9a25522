"""dray.wsgi_tools._properties: values that are computed once, and keys that look like attributes."""

from __future__ import annotations

from typing import Any

import pytest

from dray.wsgi_tools._properties import cached_property, environ_property, header_property
from dray.wsgi_tools.datastructures import Headers


class Plain:
    """An object with a dict."""

    computed = 0

    @cached_property
    def value(self) -> int:
        """A value."""
        self.computed += 1
        return self.computed


class Slotted:
    """An object without one."""

    __slots__ = ("_cache_value", "computed")

    def __init__(self) -> None:
        self.computed = 0

    @cached_property
    def value(self) -> int:
        """A value."""
        self.computed += 1
        return self.computed


@pytest.mark.parametrize("kind", [Plain, Slotted])
def test_cached_property(kind: type[Any]) -> None:
    """A value is computed once, can be set, and is computed again when it was deleted."""
    subject = kind()

    assert (subject.value, subject.value) == (1, 1)
    del subject.value
    assert subject.value == 2
    subject.value = 7
    assert subject.value == 7
    assert kind.value.__doc__ == "A value."


def test_cached_property_of_a_parent() -> None:
    """A subclass reaches its parent's value, and shares the one cache of the name."""

    class Child(Plain):
        @cached_property
        def value(self) -> int:
            return super().value + 10

    child = Child()
    assert child.value == 11
    assert child.computed == 1


def test_names_of_cached_properties() -> None:
    """The value is kept under the name of the attribute, whatever the function is called."""

    class Named:
        first = cached_property(lambda self: [])
        second = cached_property(lambda self: [], "other")

    subject = Named()
    assert subject.first is subject.first
    assert subject.second is subject.second
    assert set(vars(subject)) == {"first", "other"}


class Subject:
    """An object with headers and an environ."""

    number = header_property[int]("X-Number", 5, int, str, doc="A number.")
    fixed = header_property[str]("X-Fixed", read_only=True)
    name = environ_property[str]("NAME")
    loose = environ_property[str]("LOOSE", read_only=False)

    def __init__(self) -> None:
        self.headers = Headers()
        self.environ = {"NAME": "n"}


def test_header_property() -> None:
    """A header is read and written through; what can't be read is the default, ``None`` removes."""
    subject = Subject()
    assert subject.number == 5
    subject.number = 7
    assert subject.headers["X-Number"] == "7"
    assert subject.number == 7
    subject.headers["X-Number"] = "x"
    assert subject.number == 5
    subject.number = None
    assert "X-Number" not in subject.headers
    del subject.number
    assert Subject.number.__doc__ == "A number."


@pytest.mark.parametrize("name", ["fixed", "name"])
def test_read_only(name: str) -> None:
    """What is read only can be neither set nor deleted, not even by ``None``."""
    subject = Subject()

    for value in ("x", None):
        with pytest.raises(AttributeError, match="read only"):
            setattr(subject, name, value)

    with pytest.raises(AttributeError, match="read only"):
        delattr(subject, name)


def test_environ_property() -> None:
    """A key of the environ is read, and written if that is allowed."""
    subject = Subject()
    assert subject.name == "n"
    subject.loose = "x"
    assert subject.environ["LOOSE"] == "x"
