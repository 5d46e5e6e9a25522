"""Compile all templates of a loader ahead of time, to a folder or a zip file of Python modules."""

from __future__ import annotations

import os

from .exceptions import TemplateError, TemplateSyntaxError
from .loaders import ModuleLoader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_METHODS = {"deflated": "ZIP_DEFLATED", "stored": "ZIP_STORED"}


def _write_folder(path: str, modules: dict[str, str]) -> None:
    """Write modules to a folder."""
    os.makedirs(path, exist_ok=True)
    for filename, text in modules.items():
        with open(os.path.join(path, filename), "w", encoding="utf-8", newline="\n") as file:
            file.write(text)


def _write_archive(path: str, method: str, modules: dict[str, str]) -> None:
    """Write modules to a zip file; the same templates give the same file."""
    import zipfile  # noqa: PLC0415 - zipfile costs start-up time

    with zipfile.ZipFile(path, "w", getattr(zipfile, _METHODS[method])) as archive:
        for filename, text in modules.items():
            info = zipfile.ZipInfo(filename)
            info.external_attr = 0o644 << 16
            info.compress_type = archive.compression
            archive.writestr(info, text)


def _compile(environment: Any, name: str) -> str:
    """Return the module of a template as text, which Python takes for sure."""
    source, filename, _ = environment.loader.get_source(environment, name)
    environment.compile(source, name, filename)
    text: str = environment.compile(source, name, filename, True, True)
    return text


def compile_all(
    environment: Any,
    names: list[str],
    target: str,
    zip: str | None,
    log: Callable[[str], None],
    ignore_errors: bool,
    failed: Callable[[str, Exception], None] | None = None,
) -> None:
    """Compile templates. Modules are written when all are compiled: an error leaves what was there.

    :param environment: the environment
    :param names: the templates' names
    :param target: the folder or file to write
    :param zip: ``deflated``, ``stored``, or ``None`` for a folder
    :param log: gets a line for each template
    :param ignore_errors: go on after a syntax error
    :param failed: gets the name and the error of each template that can't be read or compiled, in place of all that
    """
    if zip is not None and zip not in _METHODS:
        raise ValueError(f"zip has to be 'deflated', 'stored' or None, not {zip!r}")
    log(f"Compiling into folder {target!r}" if zip is None else f"Compiling into Zip archive {target!r}")
    failures = TemplateSyntaxError if failed is None else (TemplateError, OSError, ValueError, RecursionError)
    modules: dict[str, str] = {}
    for name in names:
        try:
            text = _compile(environment, name)
        except failures as error:
            if failed is not None:
                failed(name, error)
            elif ignore_errors:
                log(f'Could not compile "{name}": {error}')
            else:
                raise
            continue
        module = ModuleLoader.get_module_filename(name)
        modules[module] = text
        log(f'Compiled "{name}" as {module}')
    if zip is None:
        _write_folder(target, modules)
    else:
        _write_archive(target, zip, modules)
    log("Finished compiling templates")
