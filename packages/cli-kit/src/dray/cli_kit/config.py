"""Options from configuration files, with the place that each value came from.

:func:`config_option` puts an option on a command that reads a TOML or JSON file into the context's map of defaults:
keys are names of parameters, tables are sub-commands. It must not know how parameters find their values.
"""

from __future__ import annotations

import os

from ._utils import TYPE_CHECKING, lazy_module
from ._utils import gettext as _
from .core.group import Group
from .core.source import DEFAULT, DEFAULT_MAP
from .decorators import option
from .exceptions import BadParameter, close_matches
from .types import Path
from .utils import format_filename

if TYPE_CHECKING:
    import json
    import tomllib
    from collections.abc import Callable, Mapping
    from typing import Any

    from .core import Context, Parameter
    from .decorators import FC
else:
    json = lazy_module("json")
    tomllib = lazy_module("tomllib")

__all__ = ["config_option", "config_source", "read_config"]

_META_KEY = "dray.cli_kit.config"


def read_config(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Read a configuration file.

    :param path: the file; ``.json`` is JSON (RFC 8259), anything else TOML 1.0.
    :return: its keys and values.
    :raises ValueError: it isn't well-formed, or holds no table.
    :raises OSError: it can't be read.
    """
    with open(path, "rb") as file:
        if os.fspath(path).endswith(".json"):
            data = json.load(file)
        else:
            data = tomllib.load(file)
    if not isinstance(data, dict):
        raise ValueError(f"a table of names and values is expected, not {type(data).__name__}")
    return data


def _known_keys(ctx: Context) -> dict[str, str]:
    """Return the names of parameters and sub-commands, with hyphens and with underscores."""
    names = [param.name for param in ctx.command.params if param.name is not None]
    keys = {spelling: name for name in names for spelling in (name, name.replace("_", "-"))}
    if isinstance(ctx.command, Group):
        for name in ctx.command.list_commands(ctx):
            keys.update(dict.fromkeys((name, name.replace("-", "_")), name))
    return keys


def _normalize(ctx: Context, data: Mapping[str, Any], path: str) -> dict[str, Any]:
    known = _known_keys(ctx)
    found: dict[str, Any] = {}
    sources = ctx.meta.setdefault(_META_KEY, {})
    for key, value in data.items():
        name = known.get(key)
        if name is None:
            similar = close_matches(key, known)
            hint = _(" Did you mean {name!r}?").format(name=similar[0]) if similar else ""
            message = _("{path}: {key!r} is no parameter of {command!r}.{hint}")
            raise BadParameter(message.format(path=path, key=key, command=ctx.command_path, hint=hint), ctx)
        found[name] = _with_names(value) if isinstance(value, dict) else value
        _note(sources, (*_command_names(ctx), name), value, path, key)
    return found


def _command_names(ctx: Context) -> tuple[str, ...]:
    names: list[str] = []
    current: Context | None = ctx
    while current is not None and current.parent is not None:
        names.insert(0, current.info_name or "")
        current = current.parent
    return tuple(names)


def _with_names(table: Mapping[str, Any]) -> dict[str, Any]:
    """Return a table of a sub-command with parameter names for keys; its own commands keep theirs."""
    named: dict[str, Any] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            named[key] = _with_names(value)
        else:
            named[key.replace("-", "_")] = value
    return named


def _note(sources: dict[tuple[str, ...], str], where: tuple[str, ...], value: Any, path: str, key: str) -> None:
    sources[where] = f"{path}: {key}"
    if isinstance(value, dict):
        for inner, inner_value in value.items():
            name = inner if isinstance(inner_value, dict) else inner.replace("-", "_")
            _note(sources, (*where, name), inner_value, path, f"{key}.{inner}")


def config_source(ctx: Context, name: str) -> str | None:
    """Say which file and key a parameter's value came from.

    :param ctx: the context.
    :param name: the parameter's name.
    :return: path and key, or None: the value came from elsewhere.
    """
    if ctx._parameter_source.get(name) != DEFAULT_MAP:
        return None
    sources: dict[tuple[str, ...], str] = ctx.meta.get(_META_KEY, {})
    return sources.get((*_command_names(ctx), name))


def config_option(
    *param_decls: str, reader: Callable[[str], Mapping[str, Any]] = read_config, **attrs: Any
) -> Callable[[FC], FC]:
    """Put an option on a callback that takes a configuration file.

    What the file says holds where neither the command line nor the environment says anything else. A default file that
    doesn't exist is passed over; one that was named must exist.

    :param param_decls: its spellings, ``--config`` by default.
    :param reader: reads the file: gets its path, returns names and values.
    :param attrs: as for :func:`~dray.cli_kit.option`; ``default`` is the file that is read if none is given.
    """

    def load(ctx: Context, param: Parameter, value: str | None) -> str | None:
        if value is None or ctx.resilient_parsing:
            return value
        path = format_filename(value)
        try:
            data = reader(value)
        except FileNotFoundError as error:
            if ctx._parameter_source.get(param.name or "") == DEFAULT:
                return None
            raise BadParameter(_("{path}: {error}").format(path=path, error=error.strerror), ctx, param) from error
        except (OSError, ValueError) as error:
            raise BadParameter(_("{path}: {error}").format(path=path, error=error), ctx, param) from error
        ctx.default_map = {**(ctx.default_map or {}), **_normalize(ctx, data, path)}
        return value

    defaults = {
        "type": Path(dir_okay=False),
        "is_eager": True,
        "expose_value": False,
        "callback": load,
        "help": _("Read options from this file."),
        "metavar": "FILE",
    }
    return option(*(param_decls or ("--config",)), **{**defaults, **attrs})
