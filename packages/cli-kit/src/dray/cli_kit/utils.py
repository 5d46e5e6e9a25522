"""Writing text to the terminal, opening files by name, and the names of files, folders and programs.

What command lines need besides their parameters. It must not know commands or parameters.
"""

from __future__ import annotations

import os
import sys

from ._compat import (
    WIN,
    _default_text_stderr,
    _default_text_stdout,
    _find_binary_writer,
    binary_streams,
    open_stream,
    should_strip_ansi,
    strip_ansi,
    text_streams,
)
from ._deprecation import deprecated_names
from ._io.files import LazyFile as _LazyFile
from ._io.wrappers import KeepOpenFile as _KeepOpenFile
from ._io.wrappers import PacifyFlushWrapper as _PacifyFlushWrapper
from ._utils import TYPE_CHECKING, lazy_module
from ._utils import gettext as _
from .globals import resolve_color_default

if TYPE_CHECKING:
    import glob
    import re
    from collections.abc import Callable, Iterable
    from types import ModuleType
    from typing import IO, Any, BinaryIO, Literal, ParamSpec, TextIO, TypeVar

    P = ParamSpec("P")
    R = TypeVar("R")
else:
    glob = lazy_module("glob")
    re = lazy_module("re")

__all__ = [
    "WIN",
    "R",
    "binary_streams",
    "echo",
    "format_filename",
    "get_app_dir",
    "make_str",
    "open_file",
    "text_streams",
]


def _safecall(function: Callable[P, R]) -> Callable[P, R | None]:
    """Wrap a function so that its exceptions are lost: for closing what can't be closed any more.

    :param function: the function.
    """

    def quiet(*args: P.args, **kwargs: P.kwargs) -> R | None:
        try:
            return function(*args, **kwargs)
        except Exception:
            return None

    quiet.__name__ = getattr(function, "__name__", "quiet")
    quiet.__doc__ = function.__doc__
    quiet.__wrapped__ = function  # type: ignore[attr-defined]
    return quiet


def make_str(value: Any) -> str:
    """Turn a value into text; bytes are file names, so they are decoded as the system decodes those.

    :param value: anything.
    :return: text that can be printed: what can't be decoded is replaced.
    """
    if not isinstance(value, bytes):
        return str(value)
    try:
        return value.decode(sys.getfilesystemencoding())
    except UnicodeError:
        return value.decode("utf-8", "replace")


def _first_sentence(words: list[str]) -> int:
    """Return how many words the first sentence has: it ends at a full stop that no small letter follows."""
    for index, word in enumerate(words[:-1]):
        if word[-1] == "." and not words[index + 1][0].islower():
            return index + 1
    return len(words)


def _make_default_short_help(help: str, max_length: int = 45) -> str:
    """Shorten a help text to its first sentence, or to as many words of it as fit.

    :param help: the help text.
    :param max_length: columns.
    :return: one line.
    """
    paragraph = help.partition("\n\n")[0]
    words = paragraph.split()
    if words and words[0] == "\b":
        words = words[1:]
    if not words:
        return ""
    if "." in paragraph[:-1]:
        words = words[: _first_sentence(words)]
    text = " ".join(words)
    if len(text) <= max_length:
        return text
    # Room for the dots that say that something is missing.
    room, taken, length = max_length - 3, 0, -1
    for word in words:
        length += len(word) + 1
        if length > room:
            break
        taken += 1
    return " ".join(words[:taken]) + "..."


def echo(
    message: object = None,
    file: IO[Any] | None = None,
    nl: bool = True,
    err: bool = False,
    color: bool | None = None,
) -> None:
    """Write a message and a line break, in the right encoding, with colours where they can be shown.

    :param message: text, bytes (written as they are), or anything with a text form.
    :param file: where to; standard output by default.
    :param nl: end with a line break.
    :param err: write to standard error instead of standard output.
    :param color: keep or remove escape sequences; by default they are kept on terminals only.
    """
    if file is None:
        file = _default_text_stderr() if err else _default_text_stdout()
        if file is None:
            return  # a windowed program has no standard streams
    out: str | bytes | bytearray | None
    if message is None or isinstance(message, (str, bytes, bytearray)):
        out = message
    else:
        out = str(message)
    if nl:
        out = out + "\n" if isinstance(out, str) else (out + b"\n" if out is not None else "\n")
    if not out:
        file.flush()
        return
    if isinstance(out, str):
        if ("\x1b" in out or "\x9b" in out) and should_strip_ansi(file, resolve_color_default(color)):
            out = strip_ansi(out)
    else:
        binary = _find_binary_writer(file)
        if binary is not None:
            file.flush()
            binary.write(out)
            binary.flush()
            return
    try:
        file.write(out)  # type: ignore[arg-type]
    except UnicodeEncodeError:
        _write_anyway(file, str(out))
    file.flush()


def _write_anyway(file: IO[Any], text: str) -> None:
    """Write a text with characters that the stream's encoding lacks.

    Bytes that weren't decodable come out as they came in (:pep:`383`); what then still doesn't fit is replaced.

    :param file: the stream.
    :param text: the text.
    """
    encoding = getattr(file, "encoding", None) or "utf-8"
    binary = _find_binary_writer(file)
    try:
        data = text.encode(encoding, "surrogateescape")
    except UnicodeEncodeError:
        data = text.encode(encoding, "replace")
    if binary is None:
        file.write(data.decode(encoding, "replace"))
        return
    file.flush()
    binary.write(data)
    binary.flush()


def _get_binary_stream(name: Literal["stdin", "stdout", "stderr"]) -> BinaryIO:
    """Return a standard stream as bytes.

    :param name: which one.
    :raises TypeError: there is no such stream.
    """
    opener = binary_streams.get(name)
    if opener is None:
        raise TypeError(_("Unknown standard stream '{name}'").format(name=name))
    return opener()


def _get_text_stream(
    name: Literal["stdin", "stdout", "stderr"], encoding: str | None = None, errors: str | None = "strict"
) -> TextIO:
    """Return a standard stream as text.

    :param name: which one.
    :param encoding: another encoding than the stream's.
    :param errors: another error handler than the stream's.
    :raises TypeError: there is no such stream.
    """
    if name not in text_streams:
        raise TypeError(_("Unknown standard stream '{name}'").format(name=name))
    return text_streams[name](encoding, errors)


def format_filename(filename: str | bytes | os.PathLike[str] | os.PathLike[bytes], shorten: bool = False) -> str:
    """Turn a file name into text that can be printed on any terminal.

    File names may hold bytes that are no text; in a name decoded with ``surrogateescape`` they would fail to print.

    :param filename: the path.
    :param shorten: only the last part of it.
    :return: text without surrogates.
    """
    raw = os.path.basename(filename) if shorten else os.fspath(filename)
    if isinstance(raw, bytes):
        return raw.decode(sys.getfilesystemencoding(), "replace")
    return raw.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _posixify(name: str) -> str:
    return "-".join(name.split()).lower()


def get_app_dir(app_name: str, roaming: bool = True, force_posix: bool = False) -> str:
    r"""Return the folder for a program's configuration; it need not exist.

    Windows: ``%APPDATA%\Name`` or ``%LOCALAPPDATA%\Name``; macOS: ``~/Library/Application Support/Name``; elsewhere
    ``$XDG_CONFIG_HOME/name`` (XDG Base Directory Specification), by default ``~/.config/name``.

    :param app_name: the program's name, with capitals and spaces.
    :param roaming: on Windows, the folder that follows the user to other machines.
    :param force_posix: ``~/.name`` everywhere but on Windows.
    """
    if WIN:
        folder = os.environ.get("APPDATA" if roaming else "LOCALAPPDATA")
        return os.path.join(folder if folder is not None else os.path.expanduser("~"), app_name)
    if force_posix:
        return os.path.join(os.path.expanduser("~/." + _posixify(app_name)))
    if sys.platform == "darwin":
        return os.path.join(os.path.expanduser("~/Library/Application Support"), app_name)
    base = os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")
    return os.path.join(base, _posixify(app_name))


def open_file(
    filename: str | os.PathLike[str],
    mode: str = "r",
    encoding: str | None = None,
    errors: str | None = "strict",
    lazy: bool = False,
    atomic: bool = False,
) -> IO[Any]:
    """Open a file the way the ``File`` type does.

    :param filename: the path; ``-`` is a standard stream, which the end of a ``with`` block leaves open.
    :param mode: as for :func:`open`.
    :param encoding: for text.
    :param errors: for text.
    :param lazy: open when first used.
    :param atomic: write beside the file and take its place on close.
    :return: the open file.
    :raises OSError: the file can't be opened.
    """
    if lazy:
        return _LazyFile(filename, mode, encoding, errors, atomic=atomic)  # type: ignore[return-value]
    file, should_close = open_stream(filename, mode, encoding, errors, atomic=atomic)
    if not should_close:
        return _KeepOpenFile(file)  # type: ignore[return-value]
    return file


def _detect_program_name(path: str | None = None, _main: ModuleType | None = None) -> str:
    """Find out how the program was started, for usage lines.

    :param path: the script; ``sys.argv[0]`` by default.
    :param _main: the main module.
    :return: the script's name, or ``python -m package`` when it was started so.
    """
    main: Any = sys.modules["__main__"] if _main is None else _main
    if not path:
        path = sys.argv[0]
    package = getattr(main, "__package__", None)
    # "python script.py" and installed programs: no package, or an empty one.
    if not package:
        return os.path.basename(path)
    package = package.lstrip(".")
    module = os.path.splitext(os.path.basename(path))[0]
    # "python -m package" runs package/__main__.py; "python -m package.module" names both.
    return f"python -m {package}" if module == "__main__" else f"python -m {package}.{module}"


def _expand_args(args: Iterable[str], *, user: bool = True, env: bool = True, glob_recursive: bool = True) -> list[str]:
    """Expand patterns, ``~`` and variables in arguments, as POSIX shells do and the Windows ones don't.

    :param args: the arguments.
    :param user: expand a leading ``~``.
    :param env: expand variables.
    :param glob_recursive: ``**`` goes into sub-folders.
    :return: the arguments; a pattern that matches nothing stays.
    """
    expanded: list[str] = []
    for argument in args:
        text = os.path.expanduser(argument) if user else argument
        if env:
            text = os.path.expandvars(text)
        try:
            matches = glob.glob(text, recursive=glob_recursive)
        except re.error:
            matches = []
        expanded.extend(matches or [text])
    return expanded


_NAMES: dict[str, Any] = {
    "LazyFile": _LazyFile,
    "KeepOpenFile": _KeepOpenFile,
    "PacifyFlushWrapper": _PacifyFlushWrapper,
    "safecall": _safecall,
    "make_default_short_help": _make_default_short_help,
    "get_binary_stream": _get_binary_stream,
    "get_text_stream": _get_text_stream,
}

__getattr__ = deprecated_names(__name__, _NAMES, type_variables=("R",))
