"""A plugin for coverage.py: which lines of templates ran.

Templates carry their own lines, so coverage measures them like any code; the plugin says which files are templates,
and which of their lines could run::

    [run]
    plugins = dray.templating.coverage
    [dray.templating.coverage]
    environment = app.pages:environment

``environment`` is the import path of an environment with the application's extensions and filters; without it templates
are read with the extensions that come with the package, unknown filters and tests allowed.
"""

from __future__ import annotations

import os

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

    :param options: ``environment`` and ``suffixes`` from the configuration
    """

    def __init__(self, options: dict[str, Any]) -> None:
        self._path: str | None = options.get("environment")
        suffixes = options.get("suffixes")
        self._suffixes = tuple(suffixes.replace(",", " ").split()) if suffixes else SUFFIXES

    def file_tracer(self, filename: str) -> FileTracer | None:
        """Return the tracer for a template's file, ``None`` for any other.

        :param filename: the file
        """
        return TemplateTracer(filename) if filename.endswith(self._suffixes) else None

    def file_reporter(self, filename: str) -> FileReporter:
        """Return the reporter for a template's file.

        :param filename: the file
        """
        environment = _default_environment() if self._path is None else import_string(self._path)
        return TemplateReporter(filename, environment)

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
    """

    def __init__(self, filename: str, environment: Environment) -> None:
        super().__init__(filename)
        self._environment = environment

    def lines(self) -> set[int]:
        """Return the lines with code; none for a file that is no template."""
        try:
            code: Any = self._environment.compile(self.source(), os.path.basename(self.filename), self.filename)
        except TemplateError:
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
