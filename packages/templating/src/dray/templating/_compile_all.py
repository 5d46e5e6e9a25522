"""Compile all templates of a loader ahead of time, to a folder or a zip file of Python modules."""

from __future__ import annotations

import os

from .exceptions import TemplateSyntaxError
from .loaders import ModuleLoader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_METHODS = {"deflated": "ZIP_DEFLATED", "stored": "ZIP_STORED"}


class _Folder:
    """Writes modules to a folder."""

    def __init__(self, path: str) -> None:
        self.path = path
        os.makedirs(path, exist_ok=True)

    def write(self, filename: str, text: str) -> None:
        """Write one module."""
        with open(os.path.join(self.path, filename), "w", encoding="utf-8", newline="\n") as file:
            file.write(text)

    def close(self) -> None:
        """Nothing is left to do."""


class _Archive:
    """Writes modules to a zip file; the same templates give the same file."""

    def __init__(self, path: str, method: str) -> None:
        import zipfile  # noqa: PLC0415 - zipfile costs start-up time

        if method not in _METHODS:
            raise ValueError(f"zip has to be 'deflated', 'stored' or None, not {method!r}")
        self._info = zipfile.ZipInfo
        self._file = zipfile.ZipFile(path, "w", getattr(zipfile, _METHODS[method]))

    def write(self, filename: str, text: str) -> None:
        """Write one module."""
        info = self._info(filename)
        info.external_attr = 0o644 << 16
        info.compress_type = self._file.compression
        self._file.writestr(info, text)

    def close(self) -> None:
        """Finish the file."""
        self._file.close()


def compile_all(
    environment: Any,
    names: list[str],
    target: str,
    zip: str | None,
    log: Callable[[str], None],
    ignore_errors: bool,
) -> None:
    """Compile templates.

    :param environment: the environment
    :param names: the templates' names
    :param target: the folder or file to write
    :param zip: ``deflated``, ``stored``, or ``None`` for a folder
    :param log: gets a line for each template
    :param ignore_errors: go on after a syntax error
    """
    writer: _Folder | _Archive
    if zip is None:
        writer = _Folder(target)
        log(f"Compiling into folder {target!r}")
    else:
        writer = _Archive(target, zip)
        log(f"Compiling into Zip archive {target!r}")
    try:
        for name in names:
            source, filename, _ = environment.loader.get_source(environment, name)
            try:
                text = environment.compile(source, name, filename, True, True)
            except TemplateSyntaxError as error:
                if not ignore_errors:
                    raise
                log(f"Could not compile {name!r}: {error}")
                continue
            module = ModuleLoader.get_module_filename(name)
            writer.write(module, text)
            log(f"Compiled {name!r} as {module}")
    finally:
        writer.close()
    log("Finished compiling templates")
