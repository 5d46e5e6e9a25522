"""An application's settings: a dict that can fill itself from files, objects and the environment.

Only names in capitals count, so that a settings file may have variables of its own.
"""

from __future__ import annotations

import errno
import json
import os
import types
from collections.abc import Callable, Mapping
from typing import IO, TYPE_CHECKING, Any, Generic, Self, TypeVar, overload

from dray.wsgi_tools.utils import import_string

from ._spelling import spelling

if TYPE_CHECKING:
    from .sansio.app import App

T = TypeVar("T")


class ConfigAttribute(Generic[T]):
    """An attribute of the application that is a setting: ``app.testing`` is ``app.config["TESTING"]``.

    :param name: of the setting.
    :param get_converter: turns the setting into what the attribute gives.
    """

    def __init__(self, name: str, get_converter: Callable[[Any], T] | None = None) -> None:
        self.__name__ = name
        self.get_converter = get_converter

    @overload
    def __get__(self, obj: App, owner: type[App] | None = None) -> T: ...
    @overload
    def __get__(self, obj: None, owner: type[App]) -> Self: ...
    def __get__(self, obj: App | None, owner: type[App] | None = None) -> T | Self:
        if obj is None:
            return self
        value = obj.config[self.__name__]
        return value if self.get_converter is None else self.get_converter(value)

    def __set__(self, obj: App, value: Any) -> None:
        obj.config[self.__name__] = value


class Config(dict[str, Any]):
    """A dict of settings.

    :param root_path: where files with a relative name are looked for.
    :param defaults: the settings to start with.
    """

    def __init__(self, root_path: str | os.PathLike[str], defaults: dict[str, Any] | None = None) -> None:
        super().__init__(defaults or {})
        self.root_path = root_path

    def from_envvar(self, variable_name: str, silent: bool = False) -> bool:
        """Read the Python file that an environment variable names.

        :param silent: a missing variable or file gives ``False`` instead of an error.
        :return: whether a file was read.
        :raises RuntimeError: when the variable isn't set.
        """
        filename = os.environ.get(variable_name)
        if filename:
            return self.from_pyfile(filename, silent=silent)
        if silent:
            return False
        raise RuntimeError(
            f"The environment variable {variable_name!r} is not set, so there is no configuration to load."
            " Set it to the path of a configuration file."
        )

    def from_prefixed_env(self, prefix: str | None = None, *, loads: Callable[[str], Any] = json.loads) -> bool:
        """Take every environment variable that begins with a prefix, ``DRAY`` by default; it and ``_`` are removed.

        Values are parsed, by default as JSON; what can't be is taken as text. ``__`` in a name goes one dict deeper:
        ``DRAY_DATABASE__ECHO=true`` sets ``config["DATABASE"]["ECHO"]``.
        """
        prefix = f"{spelling.prefix if prefix is None else prefix}_"
        for variable in sorted(name for name in os.environ if name.startswith(prefix)):
            try:
                value = loads(os.environ[variable])
            except Exception:
                value = os.environ[variable]
            *parents, last = variable.removeprefix(prefix).split("__")
            target: dict[str, Any] = self
            for name in parents:
                target = target.setdefault(name, {})
            target[last] = value
        return True

    def from_pyfile(self, filename: str | os.PathLike[str], silent: bool = False) -> bool:
        """Run a Python file and take its names in capitals.

        :param filename: relative to :attr:`root_path`, or absolute.
        :param silent: a missing file gives ``False`` instead of an error.
        """
        path = os.path.join(self.root_path, filename)
        module = types.ModuleType("config")
        module.__file__ = path
        try:
            with open(path, "rb") as file:
                source = file.read()
        except OSError as error:
            if silent and error.errno in {errno.ENOENT, errno.EISDIR, errno.ENOTDIR}:
                return False
            error.strerror = f"Unable to load configuration file ({error.strerror})"
            raise
        exec(compile(source, path, "exec"), module.__dict__)
        self.from_object(module)
        return True

    def from_object(self, obj: object | str) -> None:
        """Take the attributes in capitals of a module, class or object.

        :param obj: the object, or its import name. A class is not called.
        """
        if isinstance(obj, str):
            obj = import_string(obj)
        for name in dir(obj):
            if name.isupper():
                self[name] = getattr(obj, name)

    def from_file(
        self,
        filename: str | os.PathLike[str],
        load: Callable[[IO[Any]], Mapping[str, Any]],
        silent: bool = False,
        text: bool = True,
    ) -> bool:
        """Take what a loader finds in a file: ``config.from_file("config.toml", tomllib.load, text=False)``.

        :param filename: relative to :attr:`root_path`, or absolute.
        :param load: gets the open file and gives a mapping.
        :param silent: a missing file gives ``False`` instead of an error.
        :param text: open the file as text.
        """
        path = os.path.join(self.root_path, filename)
        try:
            with open(path, "r" if text else "rb", encoding="utf-8" if text else None) as file:
                found = load(file)
        except OSError as error:
            if silent and error.errno in {errno.ENOENT, errno.EISDIR}:
                return False
            error.strerror = f"Unable to load configuration file ({error.strerror})"
            raise
        return self.from_mapping(found)

    def from_mapping(self, mapping: Mapping[str, Any] | None = None, **kwargs: Any) -> bool:
        """Take the names in capitals of a mapping and of the keyword arguments."""
        self.update((name, value) for name, value in {**(mapping or {}), **kwargs}.items() if name.isupper())
        return True

    def get_namespace(self, namespace: str, lowercase: bool = True, trim_namespace: bool = True) -> dict[str, Any]:
        """Give the settings whose names begin alike: ``get_namespace("MAIL_")`` for a mail library's arguments.

        :param lowercase: turn the names to small letters.
        :param trim_namespace: leave out the common beginning.
        """
        found = {}
        for name, value in self.items():
            if name.startswith(namespace):
                key = name[len(namespace) :] if trim_namespace else name
                found[key.lower() if lowercase else key] = value
        return found

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {super().__repr__()}>"
