"""Where templates come from.

A loader turns a name into source text, and says whether that is still current. Names are paths with slashes; a name
never leads out of a loader's root. Errors list where was looked.
"""

from __future__ import annotations

import os
import posixpath

from ._loader_base import BaseLoader, split_template_path
from .exceptions import TemplateNotFound
from .utils import internalcode

__all__ = [
    "BaseLoader", "ChoiceLoader", "DictLoader", "FileSystemLoader", "FunctionLoader", "ModuleLoader", "PackageLoader",
    "PrefixLoader", "split_template_path",
]  # fmt: skip

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
    from typing import Any

    from ._package_loader import PackageLoader
    from .environment import Environment, Template

    Source = tuple[str, str | None, Callable[[], bool] | None]
    SearchPath = str | os.PathLike[str] | Sequence[str | os.PathLike[str]]


def _quoted(paths: Sequence[str]) -> str:
    noun = "path" if len(paths) == 1 else "paths"
    return f"search {noun}: {', '.join(map(repr, paths))}"


class FileSystemLoader(BaseLoader):
    """Loads templates from folders.

    :param searchpath: a folder or several, searched in order
    :param encoding: the files' encoding
    :param followlinks: follow links to folders when templates are listed
    """

    def __init__(self, searchpath: SearchPath, encoding: str = "utf-8", followlinks: bool = False) -> None:
        if isinstance(searchpath, (str, os.PathLike)):
            searchpath = [searchpath]
        self.searchpath = [os.fspath(path) for path in searchpath]
        self.encoding = encoding
        self.followlinks = followlinks

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        """Read a template's file.

        :param environment: the environment that asks
        :param template: the template's name
        :raises TemplateNotFound: if no folder has it
        """
        parts = split_template_path(template)
        for folder in self.searchpath:
            # Joined with slashes, so that names look the same on every platform.
            filename = posixpath.join(folder, *parts)
            if os.path.isfile(filename):
                break
        else:
            raise TemplateNotFound(template, f"{template!r} not found in {_quoted(self.searchpath)}")
        with open(filename, encoding=self.encoding) as file:
            contents = file.read()
        modified = os.path.getmtime(filename)

        def uptodate() -> bool:
            try:
                return os.stat(filename).st_mtime == modified
            except OSError:
                return False

        return contents, os.path.normpath(filename), uptodate

    def list_templates(self) -> list[str]:
        """Return the names of all files below the folders, sorted."""
        found: set[str] = set()
        for folder in self.searchpath:
            for parent, _, names in os.walk(folder, followlinks=self.followlinks):
                below = parent[len(folder) :].strip(os.sep).replace(os.sep, "/")
                found.update(f"{below}/{name}" if below else name for name in names)
        return sorted(name.removeprefix("./") for name in found)


class DictLoader(BaseLoader):
    """Loads templates from a mapping of names to texts.

    :param mapping: the mapping, which may change
    """

    def __init__(self, mapping: Mapping[str, str]) -> None:
        self.mapping = mapping

    def get_source(self, environment: Environment, template: str) -> tuple[str, None, Callable[[], bool]]:
        """Look a template up.

        :param environment: the environment that asks
        :param template: the template's name
        :raises TemplateNotFound: if the mapping lacks it
        """
        if template not in self.mapping:
            raise TemplateNotFound(template)
        source = self.mapping[template]
        return source, None, lambda: source == self.mapping.get(template)

    def list_templates(self) -> list[str]:
        """Return the names, sorted."""
        return sorted(self.mapping)


class FunctionLoader(BaseLoader):
    """Loads templates by calling a function.

    :param load_func: takes a name; returns a text, or what :meth:`BaseLoader.get_source` returns, or ``None``
    """

    def __init__(self, load_func: Callable[[str], str | Source | None]) -> None:
        self.load_func = load_func

    def get_source(self, environment: Environment, template: str) -> Source:
        """Call the function.

        :param environment: the environment that asks
        :param template: the template's name
        :raises TemplateNotFound: if it returns ``None``
        """
        found = self.load_func(template)
        if found is None:
            raise TemplateNotFound(template)
        return (found, None, None) if isinstance(found, str) else found


class PrefixLoader(BaseLoader):
    """Hands a name on to one of several loaders, by the part before the first delimiter.

    :param mapping: prefixes to loaders
    :param delimiter: stands between prefix and name
    """

    def __init__(self, mapping: Mapping[str, BaseLoader], delimiter: str = "/") -> None:
        self.mapping = mapping
        self.delimiter = delimiter

    def get_loader(self, template: str) -> tuple[BaseLoader, str]:
        """Return the loader for a name, and the name that it knows.

        :param template: the name
        :raises TemplateNotFound: if no loader has the prefix
        """
        prefix, delimiter, name = template.partition(self.delimiter)
        if not delimiter or prefix not in self.mapping:
            raise TemplateNotFound(template)
        return self.mapping[prefix], name

    def get_source(self, environment: Environment, template: str) -> Source:
        """Ask the loader for the name.

        :param environment: the environment that asks
        :param template: the template's name
        :raises TemplateNotFound: if there is none
        """
        loader, name = self.get_loader(template)
        try:
            return loader.get_source(environment, name)
        except TemplateNotFound as error:
            raise _renamed(error, name, template) from error

    @internalcode
    def load(self, environment: Environment, name: str, globals: MutableMapping[str, Any] | None = None) -> Template:
        """Let the loader for the name load it.

        :param environment: the environment that asks
        :param name: the template's name
        :param globals: its globals
        """
        loader, local_name = self.get_loader(name)
        try:
            return loader.load(environment, local_name, globals)
        except TemplateNotFound as error:
            raise _renamed(error, local_name, name) from error

    def list_templates(self) -> list[str]:
        """Return the names of all loaders' templates with their prefixes."""
        return [
            prefix + self.delimiter + name
            for prefix, loader in self.mapping.items()
            for name in loader.list_templates()
        ]


def _renamed(error: TemplateNotFound, local_name: str, name: str) -> TemplateNotFound:
    """Return the error for a name as the template spelled it; one about another template stays as it is."""
    if error.name != local_name:
        return error
    detail = str(error)
    return TemplateNotFound(name, None if detail == local_name else f"{name!r} not found: {detail}")


class ChoiceLoader(BaseLoader):
    """Asks several loaders in order.

    :param loaders: the loaders
    """

    def __init__(self, loaders: Sequence[BaseLoader]) -> None:
        self.loaders = loaders

    def _not_found(self, template: str, errors: list[TemplateNotFound]) -> TemplateNotFound:
        details = [str(error) for error in errors if str(error) != template]
        return TemplateNotFound(template, "; ".join(dict.fromkeys(details)) if details else None)

    def _first(self, template: str, results: Iterator[Any]) -> Any:
        """Return the first result that isn't an error."""
        errors: list[TemplateNotFound] = []
        for attempt in results:
            try:
                return attempt()
            except TemplateNotFound as error:
                if error.name != template:
                    raise
                errors.append(error)
        raise self._not_found(template, errors)

    def get_source(self, environment: Environment, template: str) -> Source:
        """Return the source that the first loader has.

        :param environment: the environment that asks
        :param template: the template's name
        :raises TemplateNotFound: if none has it
        """
        attempts = ((lambda loader=loader: loader.get_source(environment, template)) for loader in self.loaders)
        return self._first(template, attempts)  # type: ignore[no-any-return]

    @internalcode
    def load(self, environment: Environment, name: str, globals: MutableMapping[str, Any] | None = None) -> Template:
        """Load a template from the first loader that has it.

        :param environment: the environment that asks
        :param name: the template's name
        :param globals: its globals
        """
        attempts = ((lambda loader=loader: loader.load(environment, name, globals)) for loader in self.loaders)
        return self._first(name, attempts)  # type: ignore[no-any-return]

    def list_templates(self) -> list[str]:
        """Return the names of all loaders' templates, each once, sorted."""
        return sorted({name for loader in self.loaders for name in loader.list_templates()})


class ModuleLoader(BaseLoader):
    """Loads templates that :meth:`.Environment.compile_templates` compiled to Python modules.

    :param path: the folder or zip file, or several
    """

    has_source_access = False

    def __init__(self, path: SearchPath) -> None:
        if isinstance(path, (str, os.PathLike)):
            path = [path]
        self.path = [os.fspath(entry) for entry in path]
        self._modules: dict[str, dict[str, Any]] = {}

    @staticmethod
    def get_template_key(name: str) -> str:
        """Return the name of a template's module.

        :param name: the template's name
        """
        from hashlib import sha1  # noqa: PLC0415 - only for modules

        return "tmpl_" + sha1(name.encode("utf-8"), usedforsecurity=False).hexdigest()

    @staticmethod
    def get_module_filename(name: str) -> str:
        """Return the file name of a template's module.

        :param name: the template's name
        """
        return ModuleLoader.get_template_key(name) + ".py"

    def _load_module(self, name: str) -> dict[str, Any]:
        """Return the names of a template's module."""
        from importlib.machinery import PathFinder  # noqa: PLC0415 - only for modules
        from importlib.util import module_from_spec  # noqa: PLC0415

        spec = PathFinder.find_spec(self.get_template_key(name), self.path)
        if spec is None or spec.loader is None:
            raise TemplateNotFound(name, f"{name!r} not found in {_quoted(self.path)}")
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
        return vars(module)

    @internalcode
    def load(self, environment: Environment, name: str, globals: MutableMapping[str, Any] | None = None) -> Template:
        """Import a template's module.

        :param environment: the environment that asks
        :param name: the template's name
        :param globals: its globals
        :raises TemplateNotFound: if there is no module for the name
        """
        module = self._modules.get(name)
        if module is None:
            module = self._modules[name] = self._load_module(name)
        if globals is None:
            globals = {}
        return environment.template_class.from_module_dict(environment, module, globals)


def __getattr__(name: str) -> Any:
    """Import the loader of packages when it is first asked for: it needs ``importlib`` (PEP 562)."""
    if name == "PackageLoader":
        from ._package_loader import PackageLoader  # noqa: PLC0415 - see above

        globals()[name] = PackageLoader
        return PackageLoader
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
