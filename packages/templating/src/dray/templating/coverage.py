"""A plugin for coverage.py: which lines of templates ran.

Templates carry their own lines, so coverage measures them like any code; the plugin says which files are templates,
and which of their lines could run::

    [run]
    plugins = dray.templating.coverage
    [dray.templating.coverage]
    environment = app.pages:environment

``environment`` is the import path of an environment with the application's extensions and filters; without it templates
are read with the extensions that come with the package, unknown filters and tests allowed.

What counts as a statement is a line with code. A run of text alone counts with its first line that isn't blank, text
around values with those. A template's first line stands for the template as a whole, so one of text alone has one
statement, too.
"""

from __future__ import annotations

import os
from functools import cached_property

from coverage.exceptions import ConfigError, NoSource
from coverage.plugin import CoveragePlugin, FileReporter, FileTracer

from .environment import Environment
from .exceptions import TemplateError
from .utils import import_string

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import CodeType
    from typing import Any

#: Endings of files that are taken for templates, unless the option ``suffixes`` names others.
SUFFIXES = (".html", ".htm", ".xml", ".j2", ".jinja", ".jinja2")
_OPTIONS = ("encoding", "environment", "suffixes")
_EXTENSIONS = ("do", "loopcontrols", "i18n", "debug", "include_arguments", "indentation", "set_outer")


class _Anything(dict):  # type: ignore[type-arg]
    """Filters or tests of which every name exists: their code isn't run."""

    def get(self, name: Any, default: Any = None) -> Any:
        return super().get(name, str)

    def __contains__(self, name: object) -> bool:
        return True


def _default_environment() -> Environment:
    environment = Environment(extensions=[f"dray.templating.ext.{name}" for name in _EXTENSIONS])
    environment.filters, environment.tests = _Anything(environment.filters), _Anything(environment.tests)
    return environment


class TemplatePlugin(CoveragePlugin):
    """Tells coverage about templates.

    :param options: ``environment``, ``suffixes`` and ``encoding`` from the configuration
    :raises coverage.exceptions.ConfigError: if there are others
    """

    def __init__(self, options: dict[str, Any]) -> None:
        unknown = sorted(options.keys() - {*_OPTIONS})
        if unknown:
            raise ConfigError(
                f"{__name__} has no option {', '.join(map(repr, unknown))}, only {', '.join(map(repr, _OPTIONS))}"
            )
        self._path: str | None = options.get("environment")
        self._encoding: str | None = options.get("encoding")
        suffixes = options.get("suffixes")
        self._suffixes = tuple(suffixes.replace(",", " ").split()) if suffixes else SUFFIXES

    @cached_property
    def _environment(self) -> Environment:
        """The environment that compiles templates."""
        if self._path is None:
            return _default_environment()
        try:
            environment = import_string(self._path)
        except (ImportError, AttributeError, ValueError) as error:
            raise ConfigError(f"{__name__}: the environment {self._path!r} can't be imported: {error}") from error
        if not isinstance(environment, Environment):
            raise ConfigError(f"{__name__}: {self._path!r} is a {type(environment).__name__}, not an Environment")
        return environment

    def file_tracer(self, filename: str) -> FileTracer | None:
        """Return the tracer for a template's file, ``None`` for any other.

        :param filename: the file
        """
        return TemplateTracer(filename) if filename.endswith(self._suffixes) else None

    def file_reporter(self, filename: str) -> FileReporter:
        """Return the reporter for a template's file.

        :param filename: the file
        """
        environment = self._environment
        encoding = self._encoding or str(getattr(environment.loader, "encoding", "utf-8"))
        return TemplateReporter(filename, environment, encoding)

    def find_executable_files(self, src_dir: str) -> Iterable[str]:
        """Yield the templates below a folder, so that those which never ran are reported too.

        :param src_dir: the folder
        """
        for folder, _, names in os.walk(src_dir):
            yield from (os.path.join(folder, name) for name in names if name.endswith(self._suffixes))


class TemplateTracer(FileTracer):
    """Says that a template's code stands in its own file.

    :param filename: the file
    """

    def __init__(self, filename: str) -> None:
        self._filename = filename

    def source_filename(self) -> str:
        """Return the file."""
        return self._filename


class TemplateReporter(FileReporter):
    """Says which lines of a template could run.

    :param filename: the file
    :param environment: compiles it
    :param encoding: the file's encoding
    """

    def __init__(self, filename: str, environment: Environment, encoding: str = "utf-8") -> None:
        super().__init__(filename)
        self._environment = environment
        self._encoding = encoding

    def _read(self, errors: str) -> str:
        try:
            with open(self.filename, encoding=self._encoding, errors=errors) as file:
                return file.read()
        except OSError as error:
            raise NoSource(f"No source for template: {self.filename!r}: {error.strerror}") from error

    def source(self) -> str:
        """Return the template's text, with a replacement for what isn't in its encoding.

        :raises coverage.exceptions.NoSource: if the file isn't there any more
        """
        return self._read("replace")

    def lines(self) -> set[int]:
        """Return the lines with code; none for a file that is no template.

        :raises coverage.exceptions.NoSource: if the file isn't there any more
        """
        try:
            code: Any = self._environment.compile(self._read("strict"), os.path.basename(self.filename), self.filename)
        except (TemplateError, UnicodeDecodeError):
            return set()
        return {line for function in _functions(code) for _, _, line in function.co_lines() if line}


def _functions(code: CodeType) -> Iterator[CodeType]:
    """Yield the code of all functions of a template's module."""
    for constant in code.co_consts:
        if hasattr(constant, "co_lines"):
            yield constant
            yield from _functions(constant)


def coverage_init(reg: Any, options: dict[str, Any]) -> None:
    """Register the plugin; coverage calls this.

    :param reg: the registry
    :param options: the configuration's section
    """
    reg.add_file_tracer(TemplatePlugin(options))
