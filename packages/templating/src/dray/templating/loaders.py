"""Where templates come from.

A loader turns a name into source text, and says whether that is still current. Names are paths with slashes; a name never leads
out of a loader's root. Errors list where was looked.
"""

from __future__ import annotations

import os
import posixpath
from typing import TYPE_CHECKING

from .exceptions import TemplateNotFound
from .utils import internalcode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
    from typing import Any

    from .environment import Environment, Template

    Source = tuple[str, str | None, Callable[[], bool] | None]
    SearchPath = str | os.PathLike[str] | Sequence[str | os.PathLike[str]]


def split_template_path(template: str) -> list[str]:
    """Split a name into its parts, and refuse one that could lead out of the root.

    :param template: the name
    :raises TemplateNotFound: if a part has a separator of the platform's own or is the parent folder
    """
    parts = []
    for part in template.split("/"):
        if os.sep in part or (os.path.altsep and os.path.altsep in part) or part == os.path.pardir or "\0" in part:
            raise TemplateNotFound(template)
        if part and part != ".":
            parts.append(part)
    return parts


def _quoted(paths: Sequence[str]) -> str:
    noun = "path" if len(paths) == 1 else "paths"
    return f"search {noun}: {', '.join(map(repr, paths))}"


class BaseLoader:
    """The base of loaders: override :meth:`get_source`."""

    #: Whether :meth:`get_source` works; a loader of compiled templates has none.
    has_source_access = True

    def get_source(self, environment: Environment, template: str) -> Source:
        """Return a template's text, its file or ``None``, and a function that says whether the text is current, or ``None``.

        :param environment: the environment that asks
        :param template: the template's name
        :raises TemplateNotFound: if there is none
        """
        if not self.has_source_access:
            raise RuntimeError(f"{type(self).__name__} cannot provide access to the source")
        raise TemplateNotFound(template)

    def list_templates(self) -> list[str]:
        """Return the names of all templates.

        :raises TypeError: if the loader can't say
        """
        raise TypeError("this loader cannot iterate over all templates")

    @internalcode
    def load(
        self, environment: Environment, name: str, globals: MutableMapping[str, Any] | None = None
    ) -> Template:
        """Load a template: from the bytecode cache if it has the same text there.

        :param environment: the environment that asks
        :param name: the template's name
        :param globals: its globals
        """
        if globals is None:
            globals = {}
        source, filename, uptodate = self.get_source(environment, name)
        cache = environment.bytecode_cache
        code: Any = None
        if cache is not None:
            bucket = cache.get_bucket(environment, name, filename, source)
            code = bucket.code
        if code is None:
            code = environment.compile(source, name, filename)
        if cache is not None and bucket.code is None:
            bucket.code = code
            cache.set_bucket(bucket)
        return environment.template_class.from_code(environment, code, globals, uptodate)


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
                return os.path.getmtime(filename) == modified
            except OSError:
                return False

        return contents, os.path.normpath(filename), uptodate

    def list_templates(self) -> list[str]:
        """Return the names of all files below the folders, sorted."""
        found = set()
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
    def load(
        self, environment: Environment, name: str, globals: MutableMapping[str, Any] | None = None
    ) -> Template:
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
            prefix + self.delimiter + name for prefix, loader in self.mapping.items() for name in loader.list_templates()
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
    def load(
        self, environment: Environment, name: str, globals: MutableMapping[str, Any] | None = None
    ) -> Template:
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
