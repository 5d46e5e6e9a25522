"""Starting the program again when one of its files changes.

The first process only starts the second one, again and again while that ends with the exit code 3; the second one runs
the program in a thread and watches the files in the main one. Which files matter is decided here, how changes are
noticed by the loops. Nothing here knows a server.
"""

from __future__ import annotations

import fnmatch
import os
import subprocess
import sys
import sysconfig
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from ._internal import _log

termios: Any = import_module("termios") if find_spec("termios") else None  # not on Windows

#: Exit code with which the watching process asks to be started again.
_RELOAD_CODE = 3
_IGNORED_FOLDERS = frozenset({"__pycache__", ".git", ".hg", ".svn", ".tox", ".nox", ".venv", "venv", "node_modules"})


def _library_folders() -> tuple[str, ...]:
    """Return the folders of Python and of installed packages, whose files nobody edits while developing."""
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    folders = {os.path.realpath(sysconfig.get_path(name)) for name in names}
    return tuple(f"{folder}{os.sep}" for folder in folders)


def _module_files() -> Iterator[str]:
    for module in list(sys.modules.values()):
        name = getattr(module, "__file__", None)
        if not isinstance(name, str):
            continue
        # A module in an archive: watch the archive.
        while not os.path.isfile(name):
            parent = os.path.dirname(name)
            if parent == name:
                break
            name = parent
        else:
            yield name[:-1] if name.endswith((".pyc", ".pyo")) else name


def _is_excluded(path: str, patterns: Iterable[str]) -> bool:
    return any(fnmatch.fnmatch(path, pattern) for pattern in patterns)


class _Files:
    """The files to watch: loaded modules, Python files beside them, and what was asked for.

    Folders are listed again only when their own time of change moves, so a look at 20 000 files is 20 000 times
    :func:`os.stat` and little else.
    """

    def __init__(self, extra: Iterable[str], patterns: Iterable[str]) -> None:
        self.patterns = list(patterns)
        self.extra = [os.path.abspath(path) for path in extra]
        self._libraries = _library_folders()
        self._folders: dict[str, tuple[float, list[str], list[str]]] = {}

    def roots(self) -> set[str]:
        """Return the folders on the import path that hold the developer's own code."""
        found = set()
        for path in sys.path:
            path = os.path.abspath(path or ".")
            if os.path.isdir(path) and not self.is_library(path):
                found.add(path)
        return found

    def is_library(self, path: str) -> bool:
        """Say whether a folder belongs to Python or to installed packages."""
        return f"{os.path.realpath(path)}{os.sep}".startswith(self._libraries)

    def _walk(self, folder: str, only_python: bool) -> Iterator[str]:
        stack = [folder]
        while stack:
            current = stack.pop()
            files, folders = self._listing(current)
            for path in files:
                if not only_python or path.endswith(".py"):
                    yield path
            stack.extend(folders)

    def _listing(self, folder: str) -> tuple[list[str], list[str]]:
        try:
            changed = os.stat(folder).st_mtime
            known = self._folders.get(folder)
            if known is None or known[0] != changed:
                files, folders = [], []
                with os.scandir(folder) as entries:
                    for entry in entries:
                        if entry.is_dir(follow_symlinks=False):
                            if entry.name not in _IGNORED_FOLDERS and not self.is_library(entry.path):
                                folders.append(entry.path)
                        else:
                            files.append(entry.path)
                known = self._folders[folder] = changed, files, folders
        except OSError:
            return [], []
        return known[1], known[2]

    def __iter__(self) -> Iterator[str]:
        seen: set[str] = set()
        for path in self._all():
            if path not in seen:
                seen.add(path)
                if not self.patterns or not _is_excluded(path, self.patterns):
                    yield path

    def _all(self) -> Iterator[str]:
        for path in self.extra:
            if os.path.isdir(path):
                yield from self._walk(path, only_python=False)
            else:
                yield path
        yield from _module_files()
        for root in self.roots():
            yield from self._walk(root, only_python=True)


class ReloaderLoop:
    """Base of the loops that watch files.

    :param extra_files: More files or directories to watch.
    :param exclude_patterns: :mod:`fnmatch` patterns of paths that aren't watched.
    :param interval: Seconds between two looks.
    """

    #: Name for messages.
    name = ""

    def __init__(
        self,
        extra_files: Iterable[str] | None = None,
        exclude_patterns: Iterable[str] | None = None,
        interval: int | float = 1,
    ) -> None:
        self.extra_files = {os.path.abspath(path) for path in extra_files or ()}
        self.exclude_patterns = set(exclude_patterns or ())
        self.interval = interval
        self.files = _Files(self.extra_files, self.exclude_patterns)

    def __enter__(self) -> ReloaderLoop:
        """Prepare, and look at the files once: what changes from now on is noticed."""
        self.run_step()
        return self

    def __exit__(self, *exc_info: object) -> None:
        """Release what watches the files."""

    def run(self) -> None:
        """Watch until a file changes, then end the process so that it is started again."""
        while True:
            self.run_step()
            time.sleep(self.interval)

    def run_step(self) -> None:
        """Look at the files once."""

    def restart_with_reloader(self) -> int:
        """Run the program in new processes until one ends by itself.

        :return: Its exit code.
        """
        while True:
            _log("info", " * Restarting with %s", self.name)
            environ = {**os.environ, "WERKZEUG_RUN_MAIN": "true"}
            code = subprocess.call(_command_line(), env=environ, close_fds=False)
            if code != _RELOAD_CODE:
                return code

    def trigger_reload(self, filename: str) -> None:
        """End the process because a file changed."""
        self.log_reload(filename)
        sys.exit(_RELOAD_CODE)

    def log_reload(self, filename: str) -> None:
        """Say which file changed."""
        _log("info", " * Detected change in %r, reloading", os.path.abspath(filename))


class StatReloaderLoop(ReloaderLoop):
    """Looks at the times of all files again and again. Works everywhere."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        #: Path -> when the file was changed, as far as we know.
        self.times: dict[str, float] = {}

    name = "stat"

    def run_step(self) -> None:
        """Compare the times of all files with those of the last look."""
        for path in self.files:
            try:
                changed = os.stat(path).st_mtime
            except OSError:
                if path in self.times:
                    self.trigger_reload(path)  # removed
                continue
            known = self.times.setdefault(path, changed)
            if changed != known:
                self.trigger_reload(path)


class WatchfilesReloaderLoop(StatReloaderLoop):
    """Is told of changes by the operating system, through the ``watchfiles`` library."""

    name = "watchfiles"

    def __enter__(self) -> ReloaderLoop:
        """Load the library, and remember the times of all files."""
        import watchfiles  # type: ignore[import-not-found,unused-ignore] # noqa: PLC0415 - optional

        self._watch = watchfiles.watch
        return super().__enter__()

    def _folders(self) -> set[str]:
        """Return the folders to watch, with all that is below them: never those of Python or installed packages."""
        files = self.files
        folders = files.roots() | {path for path in self.extra_files if os.path.isdir(path)}
        folders.update(folder for folder in map(os.path.dirname, files) if not files.is_library(folder))
        return _without_nested({folder for folder in folders if os.path.isdir(folder)})

    def _concerns(self, path: str) -> bool:
        if _is_excluded(path, self.exclude_patterns):
            return False
        inside = any(path == extra or path.startswith(f"{extra}{os.sep}") for extra in self.extra_files)
        return inside or path.endswith(".py")

    def run(self) -> None:
        """Wait for the operating system to tell of a change."""
        changes: Iterable[set[tuple[Any, str]]] = self._watch(
            *self._folders(),
            debounce=int(self.interval * 200),
            step=50,
            rust_timeout=500,  # signals are handled between two waits
            yield_on_timeout=True,
            ignore_permission_denied=True,
        )
        compared = False
        for batch in changes:
            if not compared:
                # What changed after the files were looked at, and before they were watched.
                self.run_step()
                compared = True
            for _, path in sorted(batch, key=lambda change: change[1]):
                if self._concerns(path):
                    self.trigger_reload(path)


def _without_nested(folders: set[str]) -> set[str]:
    found: set[str] = set()
    for folder in sorted(folders):
        parent = folder
        while (above := os.path.dirname(parent)) != parent:
            parent = above
            if parent in found:
                break
        else:
            found.add(folder)
    return found


def _has_watchfiles() -> bool:
    return find_spec("watchfiles") is not None


#: The loops by the names that callers use. ``watchdog`` is understood as "told by the operating system".
reloader_loops: dict[str, type[ReloaderLoop]] = {
    "stat": StatReloaderLoop,
    "watchfiles": WatchfilesReloaderLoop,
    "watchdog": WatchfilesReloaderLoop,
    "auto": WatchfilesReloaderLoop if _has_watchfiles() else StatReloaderLoop,
}


def _command_line() -> list[str]:
    """Return the command that started this process."""
    arguments = getattr(sys, "orig_argv", None)
    if arguments is not None:
        return [sys.executable, *arguments[1:]]
    return [sys.executable, *sys.argv]


def ensure_echo_on() -> None:
    """Switch the terminal's echo on: a debugger that was stopped by a restart may have left it off."""
    terminal = sys.stdin
    if termios is None or terminal is None or not terminal.isatty():
        return
    settings = termios.tcgetattr(terminal)
    local_modes = settings[3]
    if local_modes & termios.ECHO == 0:
        settings[3] = local_modes | termios.ECHO
        termios.tcsetattr(terminal, termios.TCSADRAIN, settings)


def run_with_reloader(
    main_func: Callable[[], None],
    extra_files: Iterable[str] | None = None,
    exclude_patterns: Iterable[str] | None = None,
    interval: int | float = 1,
    reloader_type: str = "auto",
) -> None:
    """Run a function, and start the program again when a file changes. Doesn't return.

    :param main_func: What to run, in a thread of the second process.
    :param extra_files: More files or directories to watch.
    :param exclude_patterns: :mod:`fnmatch` patterns of paths that aren't watched.
    :param interval: Seconds between two looks at the files.
    :param reloader_type: A key of :data:`reloader_loops`.
    :raises ValueError: There is no such loop.
    """
    import signal  # noqa: PLC0415 - needed for reloading only

    if reloader_type not in reloader_loops:
        raise ValueError(f"reloader_type must be one of {', '.join(map(repr, reloader_loops))}, not {reloader_type!r}")
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))
    loop = reloader_loops[reloader_type](extra_files, exclude_patterns, interval)
    try:
        if os.environ.get("WERKZEUG_RUN_MAIN") == "true":
            ensure_echo_on()
            thread = threading.Thread(target=main_func, daemon=True)
            # The files are looked at before the program starts, so that no change in between is missed.
            with loop:
                thread.start()
                loop.run()
        else:
            sys.exit(loop.restart_with_reloader())
    except KeyboardInterrupt:
        pass
