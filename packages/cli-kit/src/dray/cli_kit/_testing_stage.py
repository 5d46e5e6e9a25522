"""What a run of a command replaces in the process, and how several runs share it.

Streams, prompts, the width of pages and environment variables belong to the whole process. One run after the other, or
one inside the other, finds what it needs in place. Where runs of several threads overlap, streams and prompts are
routed to the run that the thread began; a thread that began none (one that a command started, for example) is served by
the run that began last. It must not know commands or results.
"""

from __future__ import annotations

import os
import sys
import threading
from contextvars import ContextVar

from . import _compat as compat
from . import formatting, termui, utils
from ._testing_streams import pause_echo
from ._utils import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import IO, Any

    from ._testing_streams import EchoingStdin

__all__ = ["Run"]

# Functions are replaced there, which only tests may do.
_utils: Any = utils
_compat: Any = compat
_mine: ContextVar[Run | None] = ContextVar("dray.cli_kit.testing.run", default=None)
_runs: list[Run] = []
_lock = threading.Lock()


class Run:
    """One run and what it needs.

    :param streams: its standard input, output and error.
    :param echoing: the input that echoes, if it does.
    :param color: keep escape sequences.
    :param variables: environment variables; None removes one.
    """

    __slots__ = ("_before", "_found", "_found_variables", "_thread", "color", "echoing", "streams", "variables")

    def __init__(
        self,
        streams: tuple[Any, Any, Any],
        echoing: EchoingStdin | None,
        color: bool,
        variables: Mapping[str, str | None],
    ) -> None:
        self.streams = streams
        self.echoing = echoing
        self.color = color
        self.variables = variables
        self._found: tuple[Any, ...] = ()
        self._found_variables: dict[str, str | None] = {}
        self._before: Run | None = None
        self._thread = 0

    def begin(self) -> None:
        """Put everything in place, and note what was found there."""
        self._before = _mine.get()
        self._thread = threading.get_ident()
        with _lock:
            self._found = _look()
            streams = self.streams
            for run in _runs:
                if run._thread != self._thread:
                    streams = _ROUTES
            _place(*streams, *_REPLACEMENTS)
            for variable, value in self.variables.items():
                self._found_variables[variable] = os.environ.get(variable)
                _set_variable(variable, value)
            _runs.append(self)
        _mine.set(self)

    def end(self) -> None:
        """Put back what was found; a run that began later and goes on will do it instead."""
        _mine.set(self._before)
        with _lock:
            later = _runs[_runs.index(self) + 1 :]
            _runs.remove(self)
            if later:
                later[0]._found = self._found
            else:
                _place(*self._found)
            for variable, value in self._found_variables.items():
                heirs = [run for run in later if variable in run._found_variables]
                if heirs:
                    heirs[0]._found_variables[variable] = value
                else:
                    _set_variable(variable, value)


def _look() -> tuple[Any, ...]:
    """Return what stands where runs put their own."""
    return (
        sys.stdin,
        sys.stdout,
        sys.stderr,
        termui.visible_prompt_func,
        termui.hidden_prompt_func,
        termui._getchar,
        _utils.should_strip_ansi,
        _compat.should_strip_ansi,
        formatting.FORCED_WIDTH,
    )


def _place(
    stdin: Any,
    stdout: Any,
    stderr: Any,
    visible: Any,
    hidden: Any,
    getchar: Any,
    strip: Any,
    strip_too: Any,
    width: Any,
) -> None:
    """Put something there, in the same order."""
    sys.stdin, sys.stdout, sys.stderr = stdin, stdout, stderr
    termui.visible_prompt_func, termui.hidden_prompt_func, termui._getchar = visible, hidden, getchar
    _utils.should_strip_ansi, _compat.should_strip_ansi = strip, strip_too
    formatting.FORCED_WIDTH = width


def _set_variable(name: str, value: str | None) -> None:
    if value is None:
        os.environ.pop(name, None)
    else:
        os.environ[name] = value


def _current() -> Run | None:
    """Return the run that this thread began, or else the one that began last, or None."""
    mine = _mine.get()
    last = _runs[-1:]
    return mine if mine is not None or not last else last[0]


class _Route:
    """Stands for a standard stream where runs overlap: each thread reaches that of its run."""

    # No weak references: nobody is to remember what one thread found behind it.
    __slots__ = ("_index", "_name")

    def __init__(self, index: int, name: str) -> None:
        self._index = index
        self._name = name

    def _stream(self) -> Any:
        run = _current()
        # Who kept this when all runs were over gets the interpreter's own.
        return getattr(sys, f"__{self._name}__") if run is None else run.streams[self._index]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream(), name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._stream())


_ROUTES = (_Route(0, "stdin"), _Route(1, "stdout"), _Route(2, "stderr"))


def _show(text: str) -> None:
    """Write what a terminal would show."""
    sys.stdout.write(text)
    sys.stdout.flush()


def _next_line() -> str:
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line.rstrip("\r\n")


def _quiet() -> Any:
    """Return a context manager in which nothing that is read is echoed."""
    run = _current()
    return pause_echo(None if run is None else run.echoing)


def _visible_input(prompt: str | None = None) -> str:
    _show(prompt or "")
    with _quiet():
        line = _next_line()
    _show(f"{line}\n")
    return line


def _hidden_input(prompt: str | None = None) -> str:
    _show(f"{prompt or ''}\n")
    with _quiet():
        return _next_line()


def _getchar(echo: bool) -> str:
    with _quiet():
        char = sys.stdin.read(1)
    if echo:
        _show(char)
    return char


def _should_strip_ansi(stream: IO[Any] | None = None, color: bool | None = None) -> bool:
    run = _current()
    return not (run is not None and run.color if color is None else color)


_REPLACEMENTS = (_visible_input, _hidden_input, _getchar, _should_strip_ansi, _should_strip_ansi, 80)
