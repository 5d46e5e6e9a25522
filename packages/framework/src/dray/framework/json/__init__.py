"""JSON as the current application reads and writes it; outside of one, as the standard library does."""

from __future__ import annotations

import json as standard
from typing import IO, TYPE_CHECKING, Any

from .._binding import _cv_app
from ..globals import current_app
from .provider import _default

if TYPE_CHECKING:
    from ..wrappers import Response


def dumps(obj: Any, **kwargs: Any) -> str:
    """Give an object as JSON text."""
    ctx = _cv_app.get(None)
    if ctx is not None:
        return ctx.app.json.dumps(obj, **kwargs)
    kwargs.setdefault("default", _default)
    return standard.dumps(obj, **kwargs)


def dump(obj: Any, fp: IO[str], **kwargs: Any) -> None:
    """Write an object as JSON to an open text file."""
    ctx = _cv_app.get(None)
    if ctx is not None:
        ctx.app.json.dump(obj, fp, **kwargs)
    else:
        kwargs.setdefault("default", _default)
        standard.dump(obj, fp, **kwargs)


def loads(s: str | bytes, **kwargs: Any) -> Any:
    """Read an object from JSON.

    :raises ValueError: when it isn't JSON.
    """
    ctx = _cv_app.get(None)
    return standard.loads(s, **kwargs) if ctx is None else ctx.app.json.loads(s, **kwargs)


def load(fp: IO[Any], **kwargs: Any) -> Any:
    """Read an object from an open file of JSON."""
    ctx = _cv_app.get(None)
    return standard.load(fp, **kwargs) if ctx is None else ctx.app.json.load(fp, **kwargs)


def jsonify(*args: Any, **kwargs: Any) -> Response:
    """Make a JSON response of one object, of several as a list, or of keyword arguments as an object."""
    return current_app.json.response(*args, **kwargs)  # type: ignore[return-value]
