"""The kernel in Python: the reference that the C kernel must agree with.

It has the functions that escape, and a base class with those parts of ``Markup`` that are worth an implementation in
C. ``Markup`` itself is told to it by :func:`_bind`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Self

_markup: Any = None
_template: Any = None
_render: Any = None


def _bind(
    markup_type: type[str], template_type: type | None = None, render: Callable[[Any], str] | None = None
) -> None:
    """Tell the kernel about what stands above it.

    :param markup_type: what :func:`escape` makes.
    :param template_type: the type of t-strings (PEP 750), where Python has them.
    :param render: turns one of these into safe text.
    """
    global _markup, _template, _render
    if not (isinstance(markup_type, type) and issubclass(markup_type, str)):  # type: ignore[redundant-expr]
        raise TypeError(f"_bind() argument must be a subclass of str, not {markup_type!r}")
    _markup, _template, _render = markup_type, template_type, render


def escape(s: Any, /) -> Any:
    """Make text safe to stand in HTML, as content or as a quoted attribute value.

    ``&``, ``<``, ``>``, ``'`` and ``"`` become character references. An object with an ``__html__`` method is taken
    at its word and not escaped, so escaping twice does no harm.

    :param s: text, or any object: ``str()`` of it is escaped.
    :return: Markup.
    """
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
    if _template is not None and type(value) is _template:
        return str(_render(value))
    if hasattr(value, "__html__"):
        return str(value.__html__())
    return escape_inner(str(value))


def escape_arguments(arguments: tuple[Any, ...], /) -> tuple[Any, ...] | None:
    """Escape the arguments of ``%`` for a format that has nothing but ``%s`` and ``%d``.

    :return: text escaped, numbers as they are; ``None`` if an argument is something else, whose formatting is its own.
    """
    safe: list[Any] = []
    for argument in arguments:
        kind = type(argument)
        if kind is str or kind is _markup:
            safe.append(escape_to_str(argument))
        elif kind is int or kind is float:
            safe.append(argument)
        else:
            return None
    return tuple(safe)


class MarkupBase(str):
    """The part of ``Markup`` that is worth its own implementation."""

    __slots__ = ()

    def __new__(cls, object: Any = "", encoding: str | None = None, errors: str = "strict") -> Self:
        if _template is not None and type(object) is _template:
            object = _render(object)
        elif hasattr(object, "__html__"):
            object = object.__html__()
        arguments = (object,) if encoding is None else (object, encoding, errors)
        return super().__new__(cls, *arguments)

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
