"""Old names that still work and say so, and type variables that exist only for those who import them.

A module calls :func:`deprecated_names` and assigns the result to ``__getattr__`` (PEP 562). It must not know the names.
"""

from __future__ import annotations

from ._utils import TYPE_CHECKING, lazy_module

if TYPE_CHECKING:
    import typing
    import warnings
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any
else:
    typing = lazy_module("typing")
    warnings = lazy_module("warnings")

__all__ = ["deprecated_names"]


def deprecated_names(
    module: str,
    names: Mapping[str, Any],
    advice: Mapping[str, str] | None = None,
    type_variables: Sequence[str] = (),
    lazy: Mapping[str, tuple[str, str]] | None = None,
) -> Callable[[str], Any]:
    """Make a module ``__getattr__``.

    :param module: the module's ``__name__``.
    :param names: old name -> object; using one warns.
    :param advice: old name -> the sentence that says what to use instead.
    :param type_variables: names of type variables, made when first asked for.
    :param lazy: name -> module and name in it, imported when first asked for, without a warning.
    :return: the function.
    """
    made: dict[str, Any] = {}

    def find(name: str) -> Any:
        if name in made:
            return made[name]
        if name in names:
            text = f"'{module}.{name}' is deprecated. {(advice or {}).get(name, 'Its replacement is private.')}"
            warnings.warn(text.rstrip(), DeprecationWarning, stacklevel=2)
            return names[name]
        if name in type_variables:
            make: Any = typing.TypeVar
            made[name] = make(name)
            return made[name]
        if lazy is not None and name in lazy:
            source, attribute = lazy[name]
            value = made[name] = getattr(__import__(source, fromlist=[attribute]), attribute)
            return value
        raise AttributeError(f"module {module!r} has no attribute {name!r}")

    return find
