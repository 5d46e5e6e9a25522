"""Tracebacks as pages: frames with their source, the part of the line that failed, causes, groups and notes.

Turns an exception into text and HTML. Who may see it, and what a frame's console may do, is decided by the debugger.
"""

from __future__ import annotations

import itertools
import linecache
import os
import sysconfig
import traceback
from collections.abc import Iterable, Iterator
from types import CodeType, FrameType, TracebackType
from typing import Any

from dray.safe_strings import escape

from .._properties import cached_property
from .console import Console

HEADER = """\
<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>%(title)s</title>
  <link rel="stylesheet" href="?__debugger__=yes&amp;cmd=resource&amp;f=debugger.css">
  <script src="?__debugger__=yes&amp;cmd=resource&amp;f=debugger.js" defer></script>
</head>
<body data-evalex="%(evalex)s" data-trusted="%(evalex_trusted)s" data-secret="%(secret)s">
<main>
"""
FOOTER = """\
</main>
<dialog id="login" aria-labelledby="login-title">
  <form method="dialog">
    <h2 id="login-title">Unlock the console</h2>
    <p>Enter the PIN or the token that the server printed in its terminal.</p>
    <label for="pin">PIN or token</label>
    <input id="pin" name="pin" autocomplete="off" autocapitalize="off" spellcheck="false" required>
    <p id="login-message" role="alert"></p>
    <p class="buttons"><button type="submit" class="primary">Unlock</button>
    <button type="button" id="login-cancel">Cancel</button></p>
  </form>
</dialog>
</body>
</html>
"""
PAGE_HTML = (
    HEADER
    + """\
<header class="error">
  <h1>%(exception_type)s</h1>
  <p class="message">%(exception)s</p>
  <p class="buttons">
    <button type="button" id="copy">Copy traceback</button>
    <button type="button" id="libraries" aria-pressed="false">Library frames</button>
  </p>
</header>
<section class="traceback" aria-label="Traceback, most recent call last">
%(summary)s
</section>
<section aria-labelledby="text-title">
  <details class="plain"><summary id="text-title">Traceback as text</summary>
  <pre id="plain" tabindex="0">%(plaintext)s</pre></details>
</section>
<footer>
  <p><kbd>j</kbd> and <kbd>k</kbd> move between frames, <kbd>Enter</kbd> opens one, <kbd>c</kbd> its console,
  <kbd>v</kbd> its variables, <kbd>l</kbd> shows or hides library frames, <kbd>y</kbd> copies the traceback.</p>
</footer>
"""
    + FOOTER
)
CONSOLE_HTML = (
    HEADER
    + """\
<header><h1>Interactive console</h1></header>
<p>Commands run in the application's process. <code>dump()</code> shows the variables, <code>dump(obj)</code> the
attributes of an object.</p>
<section class="standalone console" data-frame="0"></section>
"""
    + FOOTER
)
SUMMARY_HTML = """\
<div class="%(classes)s">
  %(title)s
  <ol class="frames">%(frames)s</ol>
  %(description)s
</div>
"""
FRAME_HTML = """\
<li class="frame" id="frame-%(id)d" data-frame="%(id)d" data-kind="%(library)s">
  <h3 tabindex="0" role="button" aria-expanded="false"><cite class="filename">%(filename)s</cite>:<em class="line">\
%(lineno)s</em> <span class="in">in</span> <code class="function">%(function_name)s</code></h3>
  <div class="source">%(lines)s</div>
</li>
"""


def _library_paths() -> tuple[str, ...]:
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    return tuple({os.path.realpath(sysconfig.get_path(name)) + os.sep for name in names})


_LIBRARIES = _library_paths()
_CAUSED = "The above exception was the direct cause of the following exception"
_DURING = "During handling of the above exception, another exception occurred"
#: Lines that are shown above and below the one that was running.
_CONTEXT_LINES = 5


def _render_error(error: BaseException) -> str:
    """Make the HTML of an error in a console."""
    return DebugTraceback(error, skip=1).render_traceback_html(include_title=False)


class DebugFrameSummary(traceback.FrameSummary):
    """A frame of a traceback that keeps its names, for a console.

    :param locals: Its local names.
    :param globals: Its global names.
    :param kwargs: As for :class:`traceback.FrameSummary`.
    """

    __slots__ = ("_cache_console", "_cache_info", "_cache_is_library", "code", "global_ns", "local_ns")

    def __init__(self, *, locals: dict[str, Any], globals: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(locals=None, **kwargs)
        self.local_ns = locals
        self.global_ns = globals

    @cached_property
    def info(self) -> str | None:
        """What ``__traceback_info__`` in the frame says."""
        return self.local_ns.get("__traceback_info__")

    @cached_property
    def is_library(self) -> bool:
        """Whether the code belongs to Python or an installed package."""
        return os.path.realpath(self.filename).startswith(_LIBRARIES) or self.filename.startswith("<frozen ")

    @property
    def is_template(self) -> bool:
        """Whether the frame is one of a template: its file is no Python file."""
        return not self.filename.endswith((".py", ".pyw", ".pyc")) and not self.filename.startswith("<")

    @cached_property
    def console(self) -> Console:
        """A console in the frame."""
        return Console(self.global_ns, self.local_ns, _render_error)

    def eval(self, code: str) -> Any:
        """Run a command in the frame's console.

        :param code: The command.
        :return: HTML.
        """
        return self.console.eval(code)

    def _source_lines(self) -> Iterator[tuple[int, str]]:
        linecache.checkcache(self.filename)
        linecache.lazycache(self.filename, self.global_ns)
        lines = linecache.getlines(self.filename, self.global_ns)
        current = self.lineno or 0
        first = max(current - _CONTEXT_LINES, 1)
        for number, line in enumerate(lines[first - 1 : current + _CONTEXT_LINES], first):
            yield number, line.rstrip("\n").expandtabs(8)

    def _columns(self, line: str) -> tuple[int, int] | None:
        """Return which characters of the current line failed, where Python knows (PEP 657)."""
        start, end = getattr(self, "colno", None), getattr(self, "end_colno", None)
        if start is None or end is None or "\t" in linecache.getline(self.filename, self.lineno or 0):
            return None
        # Columns count bytes of UTF-8.
        data = line.encode()
        start = len(data[:start].decode(errors="replace"))
        stop = len(line)
        if getattr(self, "end_lineno", self.lineno) == self.lineno:
            stop = len(data[:end].decode(errors="replace"))
        text = line.strip()
        return None if line[start:stop] in ("", text) else (start, stop)

    def _line_html(self, number: int, line: str) -> str:
        if number != self.lineno:
            return f'<span class="row"><span class="number">{number}</span><code>{escape(line)}</code></span>'
        columns = self._columns(line)
        if columns is None:
            marked = str(escape(line))
        else:
            start, stop = columns
            marked = f"{escape(line[:start])}<mark>{escape(line[start:stop])}</mark>{escape(line[stop:])}"
        return f'<span class="row current"><span class="number">{number}</span><code>{marked}</code></span>'

    def render_html(self, mark_library: bool) -> str:
        """Make the HTML of the frame.

        :param mark_library: Whether frames of libraries are marked, so that they can be hidden.
        """
        kind = "library" if mark_library and self.is_library else "template" if self.is_template else "own"
        rows = [self._line_html(number, line) for number, line in self._source_lines()]
        return FRAME_HTML % {
            "id": id(self),
            "filename": escape(self.filename),
            "lineno": self.lineno,
            "function_name": escape(self.name),
            "lines": f'<pre class="code">{chr(10).join(rows)}</pre>' if rows else "<p>The source isn't available.</p>",
            "library": kind,
        }


def _walk(tb: TracebackType | None) -> Iterator[tuple[FrameType, TracebackType]]:
    while tb is not None:
        yield tb.tb_frame, tb
        tb = tb.tb_next


def _visible(tb: TracebackType | None) -> list[tuple[FrameType, TracebackType]]:
    """Leave out the frames that ``__traceback_hide__`` in a frame asks to hide.

    Its value is true for the frame alone; ``before`` and ``before_and_this`` hide all frames until then, ``after`` and
    ``after_and_this`` all from there on, until a frame with ``reset`` or ``reset_and_this``.
    """
    found: list[tuple[FrameType, TracebackType]] = []
    hidden = False
    for item in _walk(tb):
        hide = item[0].f_locals.get("__traceback_hide__", False)
        action, _, this = hide.partition("_") if isinstance(hide, str) else ("this" if hide else "", "", "")
        if action == "before":
            found.clear()
            hidden = False
        elif action == "reset":
            hidden = False
        if not (hidden or action == "this" or this == "and_this"):
            found.append(item)
        if action == "after":
            hidden = True
    return found


def _positions(code: CodeType, instruction: int) -> Iterable[int | None]:
    if instruction < 0:
        return None, None, None, None
    return next(itertools.islice(code.co_positions(), instruction // 2, None), (None, None, None, None))


def _summaries(tb: TracebackType | None, hide: bool, skip: int) -> list[DebugFrameSummary]:
    frames = (_visible(tb) if hide else list(_walk(tb)))[skip:] or list(_walk(tb))[-1:]
    summaries = []
    for frame, link in frames:
        code = frame.f_code
        _, end_lineno, colno, end_colno = _positions(code, link.tb_lasti)
        summary = DebugFrameSummary(
            locals=dict(frame.f_locals),
            globals=frame.f_globals,
            filename=code.co_filename,
            lineno=link.tb_lineno,
            name=code.co_name,
            lookup_line=False,
            end_lineno=end_lineno,
            colno=colno,
            end_colno=end_colno,
        )
        linecache.lazycache(code.co_filename, frame.f_globals)
        summaries.append(summary)
    return summaries


class DebugTraceback:
    """A traceback that keeps what its frames knew.

    :param exc: The exception.
    :param te: The standard library's picture of it, if there is one.
    :param skip: Frames to leave out at the beginning.
    :param hide: Leave out frames with ``__traceback_hide__``.
    """

    def __init__(
        self,
        exc: BaseException,
        te: traceback.TracebackException | None = None,
        *,
        skip: int = 0,
        hide: bool = True,
    ) -> None:
        self._exception = exc
        self._te = te or traceback.TracebackException.from_exception(exc, lookup_lines=False)
        self._fill(self._te, exc, hide, skip, set())

    def _fill(
        self, te: traceback.TracebackException, exc: BaseException | None, hide: bool, skip: int, seen: set[int]
    ) -> None:
        """Put our frames into the picture of an exception, its causes and its members."""
        if exc is None or id(exc) in seen:
            return
        seen.add(id(exc))
        te._dray_type = type(exc)  # type: ignore[attr-defined]  # `exc_type` is deprecated since Python 3.13
        te.stack[:] = _summaries(exc.__traceback__, hide, skip)
        if te.__cause__ is not None:
            self._fill(te.__cause__, exc.__cause__, hide, 0, seen)
        if te.__context__ is not None:
            self._fill(te.__context__, exc.__context__, hide, 0, seen)
        if isinstance(exc, BaseExceptionGroup):
            for part, member in zip(te.exceptions or (), exc.exceptions, strict=False):
                self._fill(part, member, hide, 0, seen)

    def __str__(self) -> str:
        return f"<{type(self).__name__} {self._te}>"

    @cached_property
    def all_tracebacks(self) -> list[tuple[str | None, traceback.TracebackException]]:
        """The exception and those that led to it, the last one first; each with what it was to the one before."""
        return _chain(self._te)

    @cached_property
    def all_frames(self) -> list[DebugFrameSummary]:
        """All frames, with those of causes and of members of groups."""
        return list(_all_frames(self._te))

    def render_traceback_text(self) -> str:
        """Return the traceback as text."""
        return "".join(self._te.format())

    def render_traceback_html(self, include_title: bool = True) -> str:
        """Return the traceback as HTML, the first exception first.

        :param include_title: Whether to write a title above.
        """
        frames = self.all_frames
        # Hiding all frames would leave nothing to look at.
        mark_library = not all(frame.is_library for frame in frames)
        return _chain_html(self._te, mark_library, include_title)

    def render_debugger_html(self, evalex: bool, secret: str, evalex_trusted: bool) -> str:
        """Return the whole page.

        :param evalex: Whether frames have a console.
        :param secret: What requests of the page must carry.
        :param evalex_trusted: Whether the visitor is logged in.
        """
        name = type(self._exception).__name__
        message = _message(self._te)
        return PAGE_HTML % {
            "evalex": "true" if evalex else "false",
            "evalex_trusted": "true" if evalex_trusted else "false",
            "secret": escape(secret),
            "title": escape(f"{name}: {message}"[:200]),
            "exception_type": escape(name),
            "exception": escape(message),
            "summary": self.render_traceback_html(include_title=False),
            "plaintext": escape(self.render_traceback_text()),
        }


def _type_of(te: traceback.TracebackException) -> type[BaseException]:
    return getattr(te, "_dray_type", Exception)


def _message(te: traceback.TracebackException) -> str:
    """Return the text of an exception without its type, but with its notes (PEP 678)."""
    lines = "".join(te.format_exception_only()).rstrip("\n")
    name = _type_of(te).__name__
    head, separator, rest = lines.partition(": ")
    if separator and head.rpartition(".")[2] == name:
        return rest
    return "" if lines.rpartition(".")[2] == name else lines


def _chain(te: traceback.TracebackException) -> list[tuple[str | None, traceback.TracebackException]]:
    found: list[tuple[str | None, traceback.TracebackException]] = []
    current: traceback.TracebackException | None = te
    label: str | None = None
    while current is not None:
        found.append((label, current))
        if current.__cause__ is not None:
            label, current = _CAUSED, current.__cause__
        elif current.__context__ is not None and not current.__suppress_context__:
            label, current = _DURING, current.__context__
        else:
            current = None
    return found


def _all_frames(te: traceback.TracebackException) -> Iterator[DebugFrameSummary]:
    for _, link in _chain(te):
        for frame in link.stack:
            if isinstance(frame, DebugFrameSummary):
                yield frame
        for member in link.exceptions or ():
            yield from _all_frames(member)


def _chain_html(te: traceback.TracebackException, mark_library: bool, include_title: bool) -> str:
    parts: list[str] = []
    for label, link in reversed(_chain(te)):
        parts.append(_summary_html(link, mark_library, include_title))
        if label is not None:
            parts.append(f'<p class="link">{escape(label)}:</p>')
    return "".join(parts)


def _summary_html(te: traceback.TracebackException, mark_library: bool, include_title: bool) -> str:
    frames = [
        f'<div class="info">{escape(frame.info)}</div>{html}' if frame.info else html
        for frame in te.stack
        if isinstance(frame, DebugFrameSummary)
        for html in (frame.render_html(mark_library),)
    ]
    is_syntax_error = issubclass(_type_of(te), SyntaxError)
    title = ""
    if include_title:
        title = f"<h2>{'Syntax Error' if is_syntax_error else 'Traceback (most recent call last)'}:</h2>"
    text = "".join(te.format_exception_only()).rstrip()
    description = f'<pre class="description">{escape(text)}</pre>'
    members = te.exceptions or []
    if members:
        parts = [
            f"<li><details open><summary>Exception {number} of {len(members)}: {_type_of(member).__name__}</summary>"
            f"{_chain_html(member, mark_library, False)}</details></li>"
            for number, member in enumerate(members, 1)
        ]
        description += f'<ol class="members">{"".join(parts)}</ol>'
    return SUMMARY_HTML % {
        "classes": "summary syntax-error" if is_syntax_error else "summary",
        "title": title,
        "frames": "\n".join(frames),
        "description": description,
    }


def render_console_html(secret: str, evalex_trusted: bool) -> str:
    """Return the page of a console without a traceback.

    :param secret: What requests of the page must carry.
    :param evalex_trusted: Whether the visitor is logged in.
    """
    return CONSOLE_HTML % {
        "evalex": "true",
        "evalex_trusted": "true" if evalex_trusted else "false",
        "secret": escape(secret),
        "title": "Interactive console",
    }
