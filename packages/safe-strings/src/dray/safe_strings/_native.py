"""The kernel in Python: the reference that the C kernel must agree with.

It has the functions that escape, and a base class with those parts of ``Markup`` that are worth an implementation in
C. ``Markup`` itself is told to it by :func:`_bind`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing import Self

_markup: Any = None


def _bind(markup_type: type[str]) -> None:
    """Tell which class :func:`escape` makes."""
    global _markup
    _markup = markup_type


def escape(s: Any, /) -> Any:
    """Make text safe to stand in HTML; see :func:`dray.safe_strings.escape`."""
    if type(s) is _markup:
        return s
    return _markup(escape_to_str(s))


def escape_inner(text: str, /) -> str:
    """Replace the five characters that HTML gives a meaning by character references.

    ``&`` comes first, so that the ampersands of the other references stay single. Text without any of
    the five comes back as the same object.

    :param text: plain text.
    :return: the same text, safe in element content and in quoted attribute values.
    :raises TypeError: for anything but text.
    """
    if not isinstance(text, str):
        raise TypeError(f"escape_inner() argument must be str, not {type(text).__name__}")
    return (
        str.__str__(text)
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace('"', "&#34;")
        .replace("'", "&#39;")
    )


def escape_to_str(value: Any, /) -> str:
    """Turn any object into a plain ``str`` that is safe HTML.

    Template engines call this for every value they output: no ``Markup`` object is made that would be
    thrown away at once. A clean exact ``str`` comes back as itself.

    :param value: text is escaped; an object with ``__html__`` answers for itself; of anything else
        ``str()`` is escaped.
    """
    if type(value) is str:
        return escape_inner(value)
    if type(value) is int:
        return str(value)
    if hasattr(value, "__html__"):
        return str(value.__html__())
    return escape_inner(str(value))


class MarkupBase(str):
    """The part of ``Markup`` that is worth its own implementation."""

    __slots__ = ()

    def __new__(cls, object: Any = "", encoding: str | None = None, errors: str = "strict") -> Self:
        if hasattr(object, "__html__"):
            object = object.__html__()
        if encoding is None:
            return super().__new__(cls, object)
        return super().__new__(cls, object, encoding, errors)

    @classmethod
    def escape(cls, s: Any, /) -> Self:
        """Escape a value and give this class."""
        raise NotImplementedError

    def __add__(self, value: Any, /) -> Self:
        if isinstance(value, str) or hasattr(value, "__html__"):
            return type(self)(str.__add__(self, self.escape(value)))
        return NotImplemented

    def __radd__(self, value: Any, /) -> Self:
        if isinstance(value, str) or hasattr(value, "__html__"):
            return type(self)(str.__add__(self.escape(value), self))
        return NotImplemented

    def join(self, iterable: Iterable[Any], /) -> Self:
        """Join like :meth:`str.join`; each item is escaped."""
        return type(self)(super().join(map(self.escape, iterable)))
