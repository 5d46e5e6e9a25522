"""Tracebacks of templates. The code carries the template's own lines, so there is nothing to rewrite: only frames of the
engine at the top are left out, and an error gets a note of its place in the template.
"""

from __future__ import annotations

import sys

from .exceptions import TemplateSyntaxError
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
    shortened = _without_engine(traceback.tb_next if traceback is not None else None)
    return error.with_traceback(shortened) if shortened is not None else error


def fake_traceback(exc_value: BaseException, tb: TracebackType | None, filename: str, lineno: int) -> TracebackType:
    """Return a traceback of one frame that stands at a line of a file; for code that reports a place it only knows by number.

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
