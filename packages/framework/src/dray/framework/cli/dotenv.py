"""Environment variables from files: ``.env`` for what is secret, ``.drayenv`` for what is not."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

from dray.cli_kit import echo, style

from .._spelling import spelling


def default_files() -> tuple[str, str]:
    """Give the names of the default files, in order: a variable of the first wins."""
    return ".env", spelling.env_file


def load_dotenv(path: str | os.PathLike[str] | None = None, load_defaults: bool = True) -> bool:
    """Set environment variables from files, unless they are set already.

    The default files are looked for in the working folder and those above it. Files are read by python-dotenv (the
    extra ``dotenv``); without it, one that is there is mentioned and not read.

    :param path: of a file that goes before the default ones.
    :param load_defaults: read the default files too.
    :return: whether a file was read.
    """
    if importlib.util.find_spec("dotenv") is None:
        present = [name for name in default_files() if _find(name) is not None]
        if path or (load_defaults and present):
            named = ", ".join([str(path)] if path else present)
            message = f" * Tip: There are environment files ({named}). Install python-dotenv to use them."
            echo(style(message, fg="yellow"), err=True)
        return False

    from dotenv import dotenv_values  # type: ignore[import-not-found, unused-ignore] # noqa: PLC0415 - an extra

    values: dict[str, str | None] = {}
    files = [Path(path)] if path is not None else []
    if load_defaults:
        files += [found for name in default_files() if (found := _find(name)) is not None]
    read = False
    for file in files:
        if file.is_file():
            read = True
            for key, value in dotenv_values(file, encoding="utf-8").items():
                values.setdefault(key, value)
    for key, value in values.items():
        if value is not None and key not in os.environ:
            os.environ[key] = value
    return read


def _find(name: str) -> Path | None:
    """Look for a file in the working folder and above."""
    here = Path.cwd()
    return next((folder / name for folder in (here, *here.parents) if (folder / name).is_file()), None)
