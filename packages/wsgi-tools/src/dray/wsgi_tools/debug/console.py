"""A Python prompt in a name space, whose output is HTML.

What a command prints goes to its own buffer: :class:`ThreadedStream` stands in for ``sys.stdout`` and asks, per
context, where to. How an error is shown is a function that is passed in, so that this module needn't know tracebacks.
"""

from __future__ import annotations

import code
import itertools
import linecache
import sys
import traceback
from collections import deque
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from types import CodeType
from typing import Any

from dray.safe_strings import escape

from .repr import debug_repr, dump, helper

_stream: ContextVar[HTMLStringO] = ContextVar("dray.debug.stream")


class HTMLStringO:
    """A buffer for text, which is escaped, and for finished HTML."""

    def __init__(self) -> None:
        self._buffer: list[str] = []

    def isatty(self) -> bool:
        """Say that this is no terminal."""
        return False

    def close(self) -> None:
        """Do nothing."""

    def flush(self) -> None:
        """Do nothing."""

    def seek(self, n: int, mode: int = 0) -> None:
        """Do nothing."""

    def readline(self) -> str:
        """Take the first piece.

        :return: The piece, empty when there is none.
        """
        return self._buffer.pop(0) if self._buffer else ""

    def reset(self) -> str:
        """Take everything.

        :return: The HTML.
        """
        text = "".join(self._buffer)
        self._buffer.clear()
        return text

    def _write(self, x: str) -> None:
        """Add finished HTML."""
        self._buffer.append(x)

    def write(self, x: str) -> None:
        """Add text."""
        self._write(str(escape(x)))

    def writelines(self, x: Iterable[str]) -> None:
        """Add several texts."""
        self._write(str(escape("".join(x))))


class ThreadedStream:
    """Stands in for ``sys.stdout``: gives each context that runs a command its own buffer, others the real stream."""

    @staticmethod
    def push() -> None:
        """Begin to catch what this context prints."""
        if not isinstance(sys.stdout, ThreadedStream):
            sys.stdout = ThreadedStream()
        _stream.set(HTMLStringO())

    @staticmethod
    def fetch() -> str:
        """Take what this context printed.

        :return: The HTML.
        """
        buffer = _stream.get(None)
        return "" if buffer is None else buffer.reset()

    @staticmethod
    def displayhook(obj: object) -> None:
        """Show the value of an expression, and keep it as ``_``."""
        buffer = _stream.get(None)
        if buffer is None:
            _displayhook(obj)
            return
        if obj is not None:
            _current_locals.get()["_"] = obj
            buffer._write(debug_repr(obj))

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"read only attribute {name}")

    def __dir__(self) -> list[str]:
        return dir(sys.__stdout__)

    def __getattribute__(self, name: str) -> Any:
        buffer = _stream.get(None)
        return getattr(sys.__stdout__ if buffer is None else buffer, name)

    def __repr__(self) -> str:
        return repr(sys.__stdout__)


_displayhook = sys.displayhook
_current_locals: ContextVar[dict[str, Any]] = ContextVar("dray.debug.locals")


class _Sources:
    """Keeps the source of the last commands where :mod:`linecache` finds it, so that their tracebacks show it."""

    _numbers = itertools.count(1)

    def __init__(self, most: int = 50) -> None:
        self._names: deque[str] = deque(maxlen=most)

    def add(self, source: str) -> str:
        """Keep a source.

        :return: The file name that stands for it.
        """
        if len(self._names) == self._names.maxlen:
            linecache.cache.pop(self._names[0], None)
        name = f"<debugger {next(self._numbers)}>"
        self._names.append(name)
        # No time of change: the entry stays when files are checked.
        linecache.cache[name] = len(source), None, source.splitlines(keepends=True), name
        return name


def _plain_error(error: BaseException) -> str:
    # The first frame is that of `runcode` below.
    tb = error.__traceback__ and error.__traceback__.tb_next
    return f"<pre>{escape(''.join(traceback.format_exception(type(error), error, tb)))}</pre>"


class _InteractiveConsole(code.InteractiveInterpreter):
    locals: dict[str, Any]

    def __init__(
        self, globals: dict[str, Any], locals: dict[str, Any], render_error: Callable[[BaseException], str]
    ) -> None:
        self._sources = _Sources()
        space = {**globals, **locals}
        space.update(dump=dump, help=helper)
        super().__init__(space)
        self.more = False
        self.buffer: list[str] = []
        self._render_error = render_error

    def runsource(self, source: str, filename: str = "<debugger>", symbol: str = "single") -> bool:
        source = source.rstrip()
        ThreadedStream.push()
        token = _current_locals.set(self.locals)
        prompt = "... " if self.more else ">>> "
        try:
            # Without a line break at the end, a block goes on until an empty line.
            self.buffer.append(source)
            whole = "\n".join(self.buffer)
            self.more = super().runsource(whole, self._sources.add(whole), "single")
            if not self.more:
                self.buffer.clear()
        finally:
            _current_locals.reset(token)
            self.output = f"{prompt}{escape(source)}\n{ThreadedStream.fetch()}"
            _stream.set(None)  # type: ignore[arg-type]
        return self.more

    def runcode(self, code: CodeType) -> None:
        hook = sys.displayhook
        sys.displayhook = ThreadedStream.displayhook
        try:
            exec(code, self.locals)
        except SystemExit:
            sys.stdout.write("SystemExit was ignored: the console doesn't end the server.\n")
        except BaseException as error:
            self._show(error)
        finally:
            sys.displayhook = hook

    def _show(self, error: BaseException) -> None:
        sys.stdout._write(self._render_error(error))  # type: ignore[union-attr]

    def showsyntaxerror(self, filename: str | None = None, **kwargs: Any) -> None:
        error = sys.exc_info()[1]
        if error is not None:
            self._show(error)

    def write(self, data: str) -> None:
        sys.stdout.write(data)


class Console:
    """A prompt in a name space.

    :param globals: Global names.
    :param locals: Local names; they win. Both are copied.
    :param render_error: Makes the HTML of an error in a command.
    """

    def __init__(
        self,
        globals: dict[str, Any] | None = None,
        locals: dict[str, Any] | None = None,
        render_error: Callable[[BaseException], str] = _plain_error,
    ) -> None:
        self._interpreter = _InteractiveConsole({} if globals is None else globals, locals or {}, render_error)

    def eval(self, code: str) -> str:
        """Run one line.

        :param code: The line; it may be a part of a longer command.
        :return: The HTML of the prompt, the line, and what it printed.
        """
        self._interpreter.runsource(code)
        return self._interpreter.output
