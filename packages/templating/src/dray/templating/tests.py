"""The tests that every environment has: what a template can write behind ``is``."""

from __future__ import annotations

import operator
from collections.abc import Mapping

from ._late import late_names
from .utils import is_undefined, pass_environment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

else:
    __getattr__, __dir__ = late_names(globals(), {"Undefined": "dray.templating.runtime.undefined"})


def test_in(value: Any, seq: Any) -> bool:
    """Say whether a container has a value.

    :param seq: the container
    """
    return bool(value in seq)


def test_odd(value: Any) -> bool:
    """Say whether a number is odd."""
    return bool(value % 2 == 1)


def test_even(value: Any) -> bool:
    """Say whether a number is even."""
    return bool(value % 2 == 0)


def test_none(value: Any) -> bool:
    """Say whether a value is none."""
    return value is None


@pass_environment
def test_test(env: Any, value: Any) -> bool:
    """Say whether there is a test of this name."""
    return value in env.tests


def test_true(value: Any) -> bool:
    """Say whether a value is true itself."""
    return value is True


def test_false(value: Any) -> bool:
    """Say whether a value is false itself."""
    return value is False


def test_float(value: Any) -> bool:
    """Say whether a value is a floating point number."""
    return isinstance(value, float)


def test_lower(value: Any) -> bool:
    """Say whether a text is in lower case."""
    return str(value).islower()


def test_upper(value: Any) -> bool:
    """Say whether a text is in upper case."""
    return str(value).isupper()


@pass_environment
def test_filter(env: Any, value: Any) -> bool:
    """Say whether there is a filter of this name."""
    return value in env.filters


def test_number(value: Any) -> bool:
    """Say whether a value is a number; true and false count as numbers."""
    if isinstance(value, (int, float, complex)):
        return True
    from numbers import Number  # noqa: PLC0415 - costs start-up time, and few numbers are of other classes

    return isinstance(value, Number)


def test_sameas(value: Any, other: Any) -> bool:
    """Say whether two values are the same object.

    :param other: the other value
    """
    return value is other


def test_string(value: Any) -> bool:
    """Say whether a value is text."""
    return isinstance(value, str)


def test_boolean(value: Any) -> bool:
    """Say whether a value is true or false itself, not only counts as that."""
    return value is True or value is False


def test_defined(value: Any) -> bool:
    """Say whether a value is defined."""
    return not is_undefined(value)


def test_escaped(value: Any) -> bool:
    """Say whether a value is safe text."""
    return hasattr(value, "__html__")


def test_integer(value: Any) -> bool:
    """Say whether a value is a whole number; true and false are none."""
    return isinstance(value, int) and not isinstance(value, bool)


def test_mapping(value: Any) -> bool:
    """Say whether a value is a mapping."""
    return isinstance(value, Mapping)


def test_iterable(value: Any) -> bool:
    """Say whether a value can be iterated over."""
    try:
        iter(value)
    except TypeError:
        return False
    return True


def test_sequence(value: Any) -> bool:
    """Say whether a value has a length and items, as sequences and mappings do."""
    try:
        len(value)
        value.__getitem__  # noqa: B018 - whether it is there is the question
    except Exception:
        return False
    return True


def test_undefined(value: Any) -> bool:
    """Say whether a value is undefined."""
    return is_undefined(value)


def test_divisibleby(value: Any, num: Any) -> bool:
    """Say whether a number is a multiple of another.

    :param num: the other
    """
    return bool(value % num == 0)


_COMPARISONS: dict[str, tuple[Callable[..., Any], tuple[str, ...]]] = {
    "eq": (operator.eq, ("==", "equalto")),
    "ne": (operator.ne, ("!=",)),
    "lt": (operator.lt, ("<", "lessthan")),
    "le": (operator.le, ("<=",)),
    "gt": (operator.gt, (">", "greaterthan")),
    "ge": (operator.ge, (">=",)),
}

#: What a template can write behind ``is``.
TESTS: dict[str, Callable[..., Any]] = {
    name.removeprefix("test_"): function for name, function in globals().items() if name.startswith("test_")
}
TESTS["callable"] = callable
for _name, (_function, _aliases) in _COMPARISONS.items():
    TESTS.update(dict.fromkeys((_name, *_aliases), _function))
del _name, _function, _aliases
