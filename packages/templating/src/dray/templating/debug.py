"""Tracebacks of templates. The code carries the template's own lines, so there is nothing to rewrite: only frames of
the engine are left out, and an error gets a note of its place in the template.
"""

from __future__ import annotations

import sys

from .exceptions import TemplateRuntimeError, TemplateSyntaxError, lines_of, marked_line, printable
from .utils import internal_code, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import CodeType, TracebackType
    from typing import Any


def _parts(traceback: TracebackType | None) -> list[TracebackType]:
    """Return the parts of a traceback, the outermost first."""
    parts = []
    while traceback is not None:
        parts.append(traceback)
        traceback = traceback.tb_next
    return parts


def _without_engine(traceback: TracebackType | None) -> TracebackType | None:
    """Return a traceback without the engine's own frames."""
    kept = [part for part in _parts(traceback) if part.tb_frame.f_code not in internal_code]
    inner = None
    for part in reversed(kept):
        part.tb_next = inner
        inner = part
    return inner


def rewrite_traceback_stack(source: str | None = None) -> BaseException:
    """Return the error that is being handled, its traceback beginning in the template.

    :param source: the template's text, for a syntax error
    """
    error = sys.exc_info()[1]
    assert error is not None
    if isinstance(error, TemplateSyntaxError) and not error.translated:
        error.translated = True
        if error.source is None:
            error.source = source
        try:
            return error.with_traceback(_traceback_of(error))
        finally:
            del error
    traceback = error.__traceback__
    note_place()
    if error.__class__ is KeyError:
        error = _missing_function(error) or error
    shortened = _without_engine(traceback.tb_next if traceback is not None else None)
    return error.with_traceback(shortened) if shortened is not None else error


def _missing_function(error: BaseException) -> TemplateRuntimeError | None:
    """Return the error for a filter or test that the environment had when the template was compiled, and has no more.

    Generated code looks it up in a plain dict. There is nothing else that it would look up so: what a template itself
    subscripts goes through the environment.

    :param error: a ``KeyError``
    """
    parts = _parts(error.__traceback__)
    last = parts[-1] if parts else None
    if last is None or ".environment" not in last.tb_frame.f_globals or not _subscripts(last):
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


def _subscripts(part: TracebackType) -> bool:
    """Say whether a traceback's frame stands at a subscript."""
    from dis import get_instructions  # noqa: PLC0415 - only for errors

    at = next((item for item in get_instructions(part.tb_frame.f_code) if item.offset == part.tb_lasti), None)
    return at is not None and (at.opname == "BINARY_SUBSCR" or at.argrepr == "[]")


def _traceback_of(error: TemplateSyntaxError) -> TracebackType | None:
    """Return a traceback that stands at the place of a syntax error, as far as it is one."""
    try:
        return fake_traceback(error, None, error.filename or "<unknown>", error.lineno)
    except (TypeError, ValueError):
        return None  # a loader's file can be anything, an error's line too
    finally:
        del error


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
    found = [part for part in _parts(traceback) if ".environment" in part.tb_frame.f_globals]
    return found[-1] if found else None


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
    note = printable(f"{_NOTE} {names.get('.name') or code.co_filename!s}, line {lineno}")
    if start is not None and text:
        # Python counts bytes; a multi-line expression is marked up to the end of its first line.
        data = text.encode("utf-8", "surrogatepass")
        first = len(data[:start].decode("utf-8", "replace"))
        last = len(data[: end if end is not None and end > start else None].decode("utf-8", "replace"))
        note += f", column {first + 1}\n{marked_line(text, first, last)}"
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
    code = compile("\n" * (lineno - 1) + "raise __dray_exception__", filename, "exec").replace(co_name="template")
    before, exc_value.__traceback__ = exc_value.__traceback__, None
    try:
        next(_run(code, names, variables))
    except BaseException as error:
        return _parts(error.__traceback__)[-1]
    finally:
        exc_value.__traceback__ = before
        names["__dray_exception__"] = None  # an error that holds on to itself would stay for long
        del exc_value
    raise AssertionError("the code above always raises")


def _run(code: CodeType, names: dict[str, Any], variables: dict[str, Any]) -> Iterator[None]:
    """Run code in a frame that forgets its callers, which hold the error, as soon as it is left."""
    exec(code, names, variables)
    yield


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
