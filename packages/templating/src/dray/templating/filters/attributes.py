"""How filters reach into their items: attribute paths, case, and marks for asynchronous variants."""

from __future__ import annotations

from ..utils import is_undefined, pass_environment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


def ignore_case(value: Any) -> Any:
    """Return text in lower case, anything else as it is."""
    return value.lower() if isinstance(value, str) else value


def _parts(attribute: str | int | None) -> list[str | int]:
    """Split ``a.0.b`` into names and numbers."""
    if attribute is None:
        return []
    if isinstance(attribute, str):
        return [int(part) if part.isdigit() else part for part in attribute.split(".")]
    return [attribute]


def make_attrgetter(
    environment: Any,
    attribute: str | int | None,
    postprocess: Callable[[Any], Any] | None = None,
    default: Any | None = None,
) -> Callable[[Any], Any]:
    """Return a function that looks up an attribute path on an object, by the template's rules.

    :param environment: does the look-ups
    :param attribute: names and numbers with dots between; ``None`` for the object itself
    :param postprocess: is applied to the result
    :param default: takes the place of an undefined step
    """
    parts = _parts(attribute)

    def getter(item: Any) -> Any:
        for part in parts:
            item = environment.getitem(item, part)
            if default is not None and is_undefined(item):
                item = default
        return item if postprocess is None else postprocess(item)

    return getter


def make_multi_attrgetter(
    environment: Any, attribute: str | int | None, postprocess: Callable[[Any], Any] | None = None
) -> Callable[[Any], list[Any]]:
    """Return a function that looks up several attribute paths on an object.

    :param environment: does the look-ups
    :param attribute: paths with commas between
    :param postprocess: is applied to each result
    """
    paths: list[Any] = attribute.split(",") if isinstance(attribute, str) else [attribute]
    getters = [make_attrgetter(environment, path, postprocess) for path in paths]

    def getter(item: Any) -> list[Any]:
        return [get(item) for get in getters]

    return getter


@pass_environment
def do_attr(environment: Any, obj: Any, name: str) -> Any:
    """Return an attribute, never an item: ``foo|attr("bar")``.

    In the sandbox the look-up is the sandbox's, so nothing comes past it.

    :param obj: the object
    :param name: the attribute's name
    :raises TypeError: if that is no text
    """
    if name.__class__ is not str and is_undefined(name):
        str(name)  # strict undefined values say what is missing
    return environment._attribute_only(obj, name)
