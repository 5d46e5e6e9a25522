"""Showing text page by page in the person's pager.

The pager's command line (``PAGER``) is split into words; no shell reads it. Text goes to it as it is written, so a slow
source is seen at once. It must not know where the text comes from.
"""

from __future__ import annotations

import contextlib
import io
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from .._ansi import strip_ansi
from .._compat import get_best_encoding
from .._utils import TYPE_CHECKING
from ..globals import resolve_color_default
from .lookup import default_stdout, isatty

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, TextIO

__all__ = ["PagerWriter", "get_pager_file"]


class PagerWriter:
    """A text stream that leaves escape sequences out where they wouldn't be shown.

    :param stream: the stream.
    :param color: keep escape sequences.
    """

    def __init__(self, stream: TextIO, color: bool | None) -> None:
        self._stream = stream
        self._color = color

    def write(self, text: str) -> int:
        """Write text.

        :param text: the text.
        """
        return self._stream.write(text if self._color else strip_ansi(text))

    def writelines(self, lines: Any) -> None:
        """Write several texts.

        :param lines: the texts.
        """
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def resolve_pager_command(words: list[str]) -> tuple[Path, list[str]] | None:
    """Find the program of a pager's command line.

    :param words: its words.
    :return: the program's path and its arguments, or None: there is no such program.
    """
    if not words:
        return None
    found = shutil.which(words[0])
    return None if found is None else (Path(found), words[1:])


def less_uses_raw_mode(less_env: str, cmd_params: list[str]) -> bool:
    """Say whether ``less`` shows colours: option ``-r`` or ``-R``, alone or among others.

    :param less_env: the variable ``LESS``.
    :param cmd_params: its arguments.
    """
    if "raw-control-chars" in f"{less_env} {' '.join(cmd_params)}".lower():
        return True
    flags = [less_env if not less_env.startswith("--") else ""]
    flags += [word for word in cmd_params if word.startswith("-") and not word.startswith("--")]
    return any("r" in flag.lower() for flag in flags)


@contextlib.contextmanager
def null_pager(stream: TextIO, color: bool | None = None) -> Iterator[tuple[TextIO, bool | None]]:
    """Write to a stream directly.

    :param stream: the stream.
    :param color: keep escape sequences; by default on terminals.
    """
    yield stream, isatty(stream) if color is None else color


@contextlib.contextmanager
def pipe_pager(
    cmd_path: Path, cmd_params: list[str], color: bool | None = None
) -> Iterator[tuple[TextIO, bool | None]]:
    """Write to a pager through a pipe.

    :param cmd_path: the program.
    :param cmd_params: its arguments.
    :param color: keep escape sequences; by default where the pager is known to show them.
    """
    environment = dict(os.environ)
    if cmd_path.stem == "less":
        shows = less_uses_raw_mode(environment.get("LESS", ""), cmd_params)
        if not shows and not environment.get("LESS") and not cmd_params and color is not False:
            environment["LESS"] = "-R"
            shows = True
        color = shows if color is None else color
    stdout = default_stdout() or sys.stdout
    process = subprocess.Popen([str(cmd_path), *cmd_params], stdin=subprocess.PIPE, env=environment)
    assert process.stdin is not None
    pipe = io.TextIOWrapper(process.stdin, encoding=get_best_encoding(stdout), errors="replace", write_through=True)
    try:
        yield pipe, color
    except BrokenPipeError:
        pass  # the person has seen enough
    finally:
        _finish(pipe, process)


def _finish(pipe: TextIO, process: subprocess.Popen[bytes]) -> None:
    """Close the pipe and wait for the pager; Ctrl-C belongs to the pager as long as it runs."""
    try:
        pipe.close()
    except (BrokenPipeError, KeyboardInterrupt):
        pass
    while True:
        try:
            process.wait()
        except KeyboardInterrupt:
            continue
        return


@contextlib.contextmanager
def tempfile_pager(
    cmd_path: Path, cmd_params: list[str], color: bool | None = None
) -> Iterator[tuple[TextIO, bool | None]]:
    """Write to a temporary file and show it: for pagers that read no pipe (``more`` on Windows).

    :param cmd_path: the program.
    :param cmd_params: its arguments.
    :param color: keep escape sequences.
    """
    stdout = default_stdout() or sys.stdout
    descriptor, name = tempfile.mkstemp()
    try:
        with open(descriptor, "w", encoding=get_best_encoding(stdout), errors="replace") as file:
            yield file, bool(color)
        with contextlib.suppress(OSError):
            subprocess.call([str(cmd_path), *cmd_params, name])
    finally:
        os.unlink(name)


def _choose(color: bool | None) -> Any:
    """Return the context manager of the pager that fits this terminal."""
    stdout = default_stdout()
    if stdout is None:
        return null_pager(io.StringIO(), color)
    if not isatty(sys.stdin) or not isatty(stdout):
        return null_pager(stdout, color)
    windows = os.name == "nt"
    chosen = resolve_pager_command(shlex.split(os.environ.get("PAGER", ""), posix=not windows))
    if chosen is not None:
        return (tempfile_pager if windows else pipe_pager)(*chosen, color)
    if os.environ.get("TERM") in ("dumb", "emacs"):
        return null_pager(stdout, color)
    for command in (["more"],) if windows else (["less"], ["more"]):
        found = resolve_pager_command(command)
        if found is not None:
            return (tempfile_pager if windows else pipe_pager)(*found, color)
    return null_pager(stdout, color)


@contextlib.contextmanager
def get_pager_file(color: bool | None = None) -> Iterator[TextIO]:
    """Open the pager.

    :param color: keep or remove escape sequences; by default they are kept where they are shown.
    :return: a text stream.
    """
    with _choose(resolve_color_default(color)) as (stream, shows):
        writer: Any = PagerWriter(stream, shows)
        try:
            yield writer
        finally:
            with contextlib.suppress(BrokenPipeError, ValueError):
                stream.flush()
