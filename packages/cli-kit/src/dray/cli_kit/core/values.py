"""Where the value of a parameter comes from: the command line, the environment, a map of defaults, the default.

One function for each source; each answers with a value or ``UNSET``. It must not know prompts (an option's own matter)
or types.
"""

from __future__ import annotations

import os

from .._utils import TYPE_CHECKING, UNSET

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from .context import Context
    from .parameter import Parameter

__all__ = ["batch", "from_default", "from_default_map", "read_envvar", "split_text"]


def batch(iterable: Any, batch_size: int) -> list[tuple[Any, ...]]:
    """Cut values into tuples of a size.

    :param iterable: the values.
    :param batch_size: how many belong together.
    :return: the tuples; the last one is shorter when values are missing, so that none is lost.
    """
    values = list(iterable)
    return [tuple(values[start : start + batch_size]) for start in range(0, len(values), batch_size)]


def read_envvar(names: str | Sequence[str] | None) -> str | None:
    """Return the first of some environment variables that isn't empty.

    :param names: a variable or several.
    """
    if not names:
        return None
    if isinstance(names, str):
        return os.environ.get(names) or None
    for name in names:
        value = os.environ.get(name)
        if value:
            return value
    return None


def split_text(param: Parameter, text: str) -> Any:
    """Split a text that stands for the values of a parameter, as in an environment variable.

    :param param: says how many values there are; its type says what separates them.
    :param text: the text.
    :return: the text, a sequence of texts, or a list of tuples of texts.
    """
    many = param.nargs != 1
    if not many and not param.multiple:
        return text
    values = param.type.split_envvar_value(text)
    if many and param.multiple:
        return batch(values, param.nargs)
    return values


def from_default_map(ctx: Context, param: Parameter, call: bool = True) -> Any:
    """Return what the context's map of defaults has for a parameter, or UNSET.

    :param ctx: the context.
    :param param: the parameter.
    :param call: call it, if it can be called.
    """
    if not ctx._default_map_has(param.name):
        return UNSET
    value = ctx.lookup_default(param.name, call=call)  # type: ignore[arg-type]
    if isinstance(value, str):
        # Configuration files have texts where the command line has several words.
        return split_text(param, value)
    return value


def from_default(param: Parameter, call: bool = True) -> Any:
    """Return a parameter's own default, or UNSET.

    :param param: the parameter.
    :param call: call it, if it can be called.
    """
    value = param._default
    return value() if call and callable(value) else value
