"""Tracebacks of templates. The code carries the template's own lines, so there is nothing to rewrite: only frames of
the engine at the top are left out, and an error gets a note of its place in the template.
"""

from __future__ import annotations

import sys

from .exceptions import TemplateRuntimeError, TemplateSyntaxError, caret, lines_of
from .utils import internal_code, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import Any


def _without_engine(traceback: TracebackType | None) -> TracebackType | None:
    """Return a traceback without the engine's own frames at its top."""
    while traceback is not None and traceback.tb_frame.f_code in internal_code:
        traceback = traceback.tb_next
    return traceback


def rewrite_traceback_stack(source: str | None = None) -> BaseException:
    """Return the error that is being handled, its traceback beginning in the template.

    :param source: the template's text, for a syntax error
    """
    error = sys.exc_info()[1]
    assert error is not None
    if isinstance(error, TemplateSyntaxError):
        if error.source is None:
            error.source = source
        return error.with_traceback(None)
    traceback = error.__traceback__
    note_place()
    if error.__class__ is KeyError:
        error = _missing_function(error) or error
    shortened = _without_engine(traceback.tb_next if traceback is not None else None)
    return error.with_traceback(shortened) if shortened is not None else error


def _missing_function(error: BaseException) -> TemplateRuntimeError | None:
    """Return the error for a filter or test that the environment had when the template was compiled, and has no more.

    Generated code looks it up in a plain dict. There is nothing else that it would look up so.

    :param error: a ``KeyError``
    """
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    if last is None or ".environment" not in last.tb_frame.f_globals:
        return None
    environment, name = last.tb_frame.f_globals[".environment"], error.args[0]
    for kind, functions in (("filter", environment.filters), ("test", environment.tests)):
        if f"{kind}s" in last.tb_frame.f_code.co_names and name not in functions:
            missing_one = TemplateRuntimeError(f"No {kind} named {name!r} found.")
            missing_one.__cause__ = error
            for note in getattr(error, "__notes__", ()):
                missing_one.add_note(note)
            return missing_one
    return None


def note_place() -> None:
    """Note on the error that is being handled where in a template it happened."""
    error = sys.exc_info()[1]
    assert error is not None
    try:
        _add_place(error, error.__traceback__)
    except Exception:  # noqa: S110 - an error that takes no notes stays what it is
        pass


def _template_frame(traceback: TracebackType | None) -> TracebackType | None:
    """Return the innermost part of a traceback that stands in a template."""
    found = None
    while traceback is not None:
        if ".environment" in traceback.tb_frame.f_globals:
            found = traceback
        traceback = traceback.tb_next
    return found


def _source_line(names: dict[str, Any], filename: str, lineno: int) -> str:
    """Return a line of a template, if its text is at hand."""
    source = names.get(".source")
    if source is not None:
        lines = lines_of(source)
        return lines[lineno - 1] if 0 < lineno <= len(lines) else ""
    from linecache import getline  # noqa: PLC0415 - only for errors

    return getline(filename, lineno).rstrip("\n")


def _add_place(error: BaseException, traceback: TracebackType | None) -> None:
    """Note on an error where in a template it happened: name, line, column, and the line with a caret."""
    frame = _template_frame(traceback)
    if frame is None or any(note.startswith(_NOTE) for note in getattr(error, "__notes__", ())):
        return
    code, names = frame.tb_frame.f_code, frame.tb_frame.f_globals
    places = list(code.co_positions())
    lineno, _, start, end = places[frame.tb_lasti // 2] if frame.tb_lasti // 2 < len(places) else (None,) * 4
    lineno = lineno or frame.tb_lineno
    text = _source_line(names, code.co_filename, lineno)
    note = f"{_NOTE} {names.get('.name') or code.co_filename!s}, line {lineno}"
    if start is not None and text:
        # Python counts bytes; a multi-line expression is marked up to the end of its first line.
        data = text.encode("utf-8", "surrogatepass")
        first = len(data[:start].decode("utf-8", "replace"))
        last = len(data[: end if end is not None and end > start else None].decode("utf-8", "replace"))
        note += f", column {first + 1}\n    {text}\n    {caret(text, first, last)}"
    error.add_note(note)


_NOTE = "in template"


def fake_traceback(exc_value: BaseException, tb: TracebackType | None, filename: str, lineno: int) -> TracebackType:
    """Return a traceback of one frame that stands at a line of a file; for code that reports a place it only knows by
    number.

    :param exc_value: the error
    :param tb: its traceback, whose variables the frame shows; or ``None``
    :param filename: the file
    :param lineno: the 1-based line
    """
    variables = {} if tb is None else get_template_locals(tb.tb_frame.f_locals)
    names = {"__name__": filename, "__file__": filename, "__dray_exception__": exc_value}
    code = compile("\n" * (lineno - 1) + "raise __dray_exception__", filename, "exec")
    try:
        exec(code, names, variables)
    except BaseException as error:
        traceback = error.__traceback__
        assert traceback is not None and traceback.tb_next is not None
        return traceback.tb_next
    raise AssertionError("the code above always raises")


def get_template_locals(real_locals: dict[str, Any]) -> dict[str, Any]:
    """Return a template's variables out of the local variables of its Python frame, the innermost scope's first.

    :param real_locals: ``frame.f_locals``
    """
    found: dict[str, Any] = {}
    depths: dict[str, int] = {}
    for variable, value in real_locals.items():
        name, dot, level = variable.partition(".")
        if not name or value is missing or (dot and not level.isdigit()):
            continue
        depth = int(level) if dot else 0
        if depths.get(name, -1) <= depth:
            depths[name] = depth
            found[name] = value
    return found
