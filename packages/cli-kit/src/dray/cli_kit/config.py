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
    from collections.abc import Callable, Mapping, MutableMapping, Sequence
    from typing import Any

    from .core import Context, Parameter
    from .decorators import FC
else:
    Any = object
    json = lazy_module("json")
    tomllib = lazy_module("tomllib")

__all__ = ["ConfigTable", "config_option", "config_source", "find_line", "read_config"]


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


class ConfigTable(dict[str, Any]):
    """Defaults of a command, some of them from a configuration file: parameter name -> value, and raw tables.

    :param ctx: the context of the command.
    :param data: its table in the file.
    :param below: defaults from elsewhere, which hold where the file says nothing.
    :param path: the file.
    :param keys: the tables around this one.
    :raises BadParameter: a key names neither a parameter nor a sub-command.
    """

    def __init__(
        self, ctx: Context, data: Mapping[str, Any], below: Mapping[str, Any], path: str, keys: tuple[str, ...] = ()
    ) -> None:
        super().__init__(below)
        self._below = below
        self._path = path
        self._keys = keys
        self._key_of: dict[str, str] = {}
        known = _known_keys(ctx)
        for key, value in data.items():
            name = known.get(key)
            if name is None:
                similar = close_matches(key, known)
                hint = _(" Did you mean {name!r}?").format(name=similar[0]) if similar else ""
                message = _("{place}: {key!r} is no parameter of {command!r}.{hint}")
                place = self._place((*keys, key), dotted=False)
                # A sub-command's context is still being made.
                shown = ctx if ctx.parent is None else ctx.parent
                raise BadParameter(message.format(place=place, key=key, command=_path(ctx), hint=hint), shown)
            self[name] = value
            self._key_of[name] = key

    def _place(self, keys: tuple[str, ...], dotted: bool = True) -> str:
        line = find_line(self._path, keys)
        place = self._path if line is None else _("{path}, line {line}").format(path=self._path, line=line)
        return f"{'.'.join(keys)!r} in {place}" if dotted else place

    def origin(self, name: str) -> str | None:
        """Say where a parameter's value is written, for people, or None: it isn't from the file.

        :param name: the parameter's name.
        """
        key = self._key_of.get(name)
        return None if key is None else self._place((*self._keys, key))

    def key(self, name: str) -> str | None:
        """Return the file and the dotted key of a parameter's value, or None.

        :param name: the parameter's name.
        """
        key = self._key_of.get(name)
        return None if key is None else f"{self._path}: {'.'.join((*self._keys, key))}"

    def for_command(self, ctx: Context) -> MutableMapping[str, Any] | None:
        """Return the defaults of a sub-command.

        :param ctx: its context.
        :return: its table, or None.
        :raises BadParameter: a key of the table names nothing.
        """
        name = ctx.info_name or ""
        key = self._key_of.get(name)
        below = self._below.get(name) or self._below.get(name.replace("-", "_"))
        if key is None:
            return below
        data, keys = self[name], (*self._keys, key)
        if not isinstance(data, dict):
            message = _("{place}: a table is expected for the command {name!r}, not {value!r}.")
            place = self._place(keys, dotted=False)
            raise BadParameter(message.format(place=place, name=name, value=data), ctx.parent)
        return ConfigTable(ctx, data, below or {}, self._path, keys)


def _path(ctx: Context) -> str:
    """Return the names of the command and those around it."""
    names = [ctx.info_name or ""]
    while ctx.parent is not None:
        ctx = ctx.parent
        names.insert(0, ctx.info_name or "")
    return " ".join(names)


def _known_keys(ctx: Context) -> dict[str, str]:
    """Return the names of parameters and sub-commands, with hyphens and with underscores."""
    names = [param.name for param in ctx.command.params if param.name is not None]
    keys = {spelling: name for name in names for spelling in (name, name.replace("_", "-"))}
    if isinstance(ctx.command, Group):
        for name in ctx.command.list_commands(ctx):
            keys.update(dict.fromkeys((name, name.replace("-", "_")), name))
    return keys


def find_line(path: str, keys: Sequence[str]) -> int | None:
    """Find the line on which a key of a TOML or JSON file stands.

    The parsers of the standard library don't say. A line is returned if exactly one reads like the key.

    :param path: the file.
    :param keys: the key and the tables around it, the outermost first.
    :return: the line, from 1, or None.
    """
    try:
        with open(path, encoding="utf-8") as file:
            lines = file.read().splitlines()
    except (OSError, ValueError):
        return None
    found = _json_lines(lines, keys[-1]) if path.endswith(".json") else _toml_lines(lines, list(keys))
    return found[0] if len(found) == 1 else None


def _json_lines(lines: list[str], key: str) -> list[int]:
    quoted = json.dumps(key)
    pieces = ((number, line.split(quoted)[1:]) for number, line in enumerate(lines, 1))
    return [number for number, rests in pieces for rest in rests if rest.lstrip().startswith(":")]


def _toml_lines(lines: list[str], keys: list[str]) -> list[int]:
    found = []
    table: list[str] = []
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if text.startswith("["):
            table = _toml_key(text[1:].partition("]")[0])
            if table == keys:
                found.append(number)
        elif "=" in text and [*table, *_toml_key(text.partition("=")[0])] == keys:
            found.append(number)
    return found


def _toml_key(text: str) -> list[str]:
    return [part.strip().strip("\"'") for part in text.split(".")]


def config_source(ctx: Context, name: str) -> str | None:
    """Say which file and key a parameter's value came from.

    :param ctx: the context.
    :param name: the parameter's name.
    :return: path and key, or None: the value came from elsewhere.
    """
    table = ctx.default_map
    if ctx._parameter_source.get(name) != DEFAULT_MAP or not isinstance(table, ConfigTable):
        return None
    return table.key(name)


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
        ctx.default_map = ConfigTable(ctx, data, ctx.default_map or {}, path)
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
