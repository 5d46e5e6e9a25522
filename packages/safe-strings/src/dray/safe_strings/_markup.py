"""``Markup``, a ``str`` that is safe HTML, and the functions that make one.

They are one idea and refer to each other, so they share a file. What escaping does to characters is decided by
the kernel (:mod:`._choose`), how values are inserted by :mod:`._format`.
"""

from __future__ import annotations

import copyreg
import sys
from functools import cache

from ._choose import MarkupBase, _bind, escape_arguments, escape_to_str
from ._choose import escape as _escape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any, Self, SupportsIndex


@cache
def _formatting() -> Any:
    """Return the module of formatting: its expressions and its base class cost start-up time, few programs format."""
    from . import _format  # noqa: PLC0415 - see above

    return _format


# The kernel's function itself: a wrapper would cost half as much again. Only its type is said here.
escape: Callable[[Any], Markup] = _escape


def escape_silent(s: Any | None, /) -> Markup:
    """Escape like :func:`escape`, and turn ``None`` into empty text instead of ``"None"``."""
    return Markup() if s is None else escape(s)


def soft_str(s: Any, /) -> str:
    """Turn an object into text, unless it is text already: then its safety is kept."""
    return s if isinstance(s, str) else str(s)


class Markup(MarkupBase):
    """Text that is safe in HTML: nothing in it will be escaped again.

    Whatever is added to it, formatted into it or joined with it is escaped first. Build one from a literal, never
    from a value that somebody else wrote; for those there is :func:`escape`.

    :param object: the safe text, or an object with ``__html__``.
    :param encoding: decode ``object`` from bytes with this encoding.
    :param errors: what to do about undecodable bytes, as in :meth:`bytes.decode`.
    """

    __slots__ = ()
    # Pickles name the public module, so that they load whatever the private ones are called.
    __module__ = "dray.safe_strings"

    def __html__(self, /) -> Self:
        return self

    def __reduce__(self, /) -> tuple[Any, ...]:
        # Pickles must not depend on what the class derives from: the two kernels differ there.
        return copyreg.__newobj__, (type(self), str(self)), getattr(self, "__dict__", None)  # type: ignore[attr-defined]

    def __html_format__(self, /, format_spec: str) -> Self:
        if format_spec:
            raise ValueError(f"Unsupported format specification for Markup: {format_spec!r}; it takes none.")
        return self

    def __repr__(self, /) -> str:
        return f"{type(self).__name__}({super().__repr__()})"

    @classmethod
    def escape(cls, s: Any, /) -> Self:
        """Escape like :func:`escape` and give this class."""
        safe = escape(s)
        return safe if type(safe) is cls else cls(safe)

    # Operators: the other operand is escaped.

    def __mul__(self, value: SupportsIndex, /) -> Self:
        return type(self)(super().__mul__(value))

    __rmul__ = __mul__

    def __mod__(self, value: Any, /) -> Self:
        formatting = _formatting()
        if type(self) is Markup and type(value) is tuple and formatting.is_plain_percent(self):
            safe = escape_arguments(value)
            if safe is not None:
                try:
                    return type(self)(super().__mod__(safe))
                except TypeError:
                    pass  # text for %d: an argument turns itself into a number below, or says that it can't
        return type(self)(super().__mod__(formatting.percent_arguments(value, self.escape)))

    def __getitem__(self, key: SupportsIndex | slice, /) -> Self:
        return type(self)(super().__getitem__(key))

    # Methods that insert text: it is escaped.

    def replace(self, old: str, new: str, count: SupportsIndex = -1, /) -> Self:
        """Replace like :meth:`str.replace`; ``new`` is escaped, ``old`` is what is looked for, as it is."""
        return type(self)(super().replace(old, self.escape(new), count))

    def ljust(self, width: SupportsIndex, fillchar: str = " ", /) -> Self:
        """Justify like :meth:`str.ljust`; ``fillchar`` is escaped."""
        return type(self)(super().ljust(width, self.escape(fillchar)))

    def rjust(self, width: SupportsIndex, fillchar: str = " ", /) -> Self:
        """Justify like :meth:`str.rjust`; ``fillchar`` is escaped."""
        return type(self)(super().rjust(width, self.escape(fillchar)))

    def center(self, width: SupportsIndex, fillchar: str = " ", /) -> Self:
        """Center like :meth:`str.center`; ``fillchar`` is escaped."""
        return type(self)(super().center(width, self.escape(fillchar)))

    def format(self, *args: Any, **kwargs: Any) -> Self:
        """Format like :meth:`str.format`; each field is escaped."""
        return type(self)(self._format(args, kwargs))

    def format_map(self, mapping: Mapping[str, Any], /) -> Self:  # type: ignore[override]
        """Format like :meth:`str.format_map`; each field is escaped."""
        return type(self)(self._format((), mapping))

    def _format(self, args: tuple[Any, ...], values: Mapping[str, Any]) -> str:
        formatting = _formatting()
        pieces = formatting.plain_fields(self) if type(self) is Markup else None
        if pieces is None:
            return formatting.EscapeFormatter(self.escape).vformat(self, args, values)  # type: ignore[no-any-return]
        out: list[str] = []
        for before, field in pieces:
            out.append(before)
            if field is None:
                continue
            value = args[field] if type(field) is int else values[field]
            if type(value) is str or type(value) is int or type(value) is Markup:
                out.append(escape_to_str(value))
            else:
                out.append(formatting.EscapeFormatter(self.escape).format_field(value, ""))
        return "".join(out)

    # Methods that take a part out or change case: what was safe stays safe.

    def split(self, /, sep: str | None = None, maxsplit: SupportsIndex = -1) -> list[Self]:  # type: ignore[override]
        """Split like :meth:`str.split`; the parts stay safe."""
        return [type(self)(part) for part in super().split(sep, maxsplit)]

    def rsplit(self, /, sep: str | None = None, maxsplit: SupportsIndex = -1) -> list[Self]:  # type: ignore[override]
        """Split like :meth:`str.rsplit`; the parts stay safe."""
        return [type(self)(part) for part in super().rsplit(sep, maxsplit)]

    def splitlines(self, /, keepends: bool = False) -> list[Self]:  # type: ignore[override]
        """Split like :meth:`str.splitlines`; the lines stay safe."""
        return [type(self)(line) for line in super().splitlines(keepends)]

    def partition(self, sep: str, /) -> tuple[Self, Self, Self]:
        """Part like :meth:`str.partition`; the parts stay safe."""
        left, middle, right = super().partition(sep)
        kind = type(self)
        return kind(left), kind(middle), kind(right)

    def rpartition(self, sep: str, /) -> tuple[Self, Self, Self]:
        """Part like :meth:`str.rpartition`; the parts stay safe."""
        left, middle, right = super().rpartition(sep)
        kind = type(self)
        return kind(left), kind(middle), kind(right)

    def capitalize(self, /) -> Self:
        """Change case like :meth:`str.capitalize`; safe."""
        return type(self)(super().capitalize())

    def title(self, /) -> Self:
        """Change case like :meth:`str.title`; safe."""
        return type(self)(super().title())

    def lower(self, /) -> Self:
        """Change case like :meth:`str.lower`; safe."""
        return type(self)(super().lower())

    def upper(self, /) -> Self:
        """Change case like :meth:`str.upper`; safe."""
        return type(self)(super().upper())

    def swapcase(self, /) -> Self:
        """Change case like :meth:`str.swapcase`; safe."""
        return type(self)(super().swapcase())

    def casefold(self, /) -> Self:
        """Fold case like :meth:`str.casefold`; safe."""
        return type(self)(super().casefold())

    def expandtabs(self, /, tabsize: SupportsIndex = 8) -> Self:
        """Expand tabs like :meth:`str.expandtabs`; safe."""
        return type(self)(super().expandtabs(tabsize))

    def translate(self, table: Mapping[int, str | int | None], /) -> Self:  # type: ignore[override]
        """Translate like :meth:`str.translate`; the table is trusted."""
        return type(self)(super().translate(table))

    def zfill(self, width: SupportsIndex, /) -> Self:
        """Fill with zeros like :meth:`str.zfill`; safe."""
        return type(self)(super().zfill(width))

    def strip(self, chars: str | None = None, /) -> Self:
        """Strip like :meth:`str.strip`; safe."""
        return type(self)(super().strip(chars))

    def lstrip(self, chars: str | None = None, /) -> Self:
        """Strip like :meth:`str.lstrip`; safe."""
        return type(self)(super().lstrip(chars))

    def rstrip(self, chars: str | None = None, /) -> Self:
        """Strip like :meth:`str.rstrip`; safe."""
        return type(self)(super().rstrip(chars))

    def removeprefix(self, prefix: str, /) -> Self:
        """Remove like :meth:`str.removeprefix`; safe."""
        return type(self)(super().removeprefix(prefix))

    def removesuffix(self, suffix: str, /) -> Self:
        """Remove like :meth:`str.removesuffix`; safe."""
        return type(self)(super().removesuffix(suffix))

    # Back to plain text.

    def unescape(self, /) -> str:
        """Turn character references back into characters: the result is plain, unsafe text.

        Source: HTML standard, named character references, as :func:`html.unescape` knows them.
        """
        from html import unescape  # noqa: PLC0415 - the table of entities is large, and seldom needed

        return unescape(str(self))

    def striptags(self, /) -> str:
        """Give the text alone: without comments and tags, white space collapsed, references resolved.

        Comments go first, then tags; each in one pass over the text, so hostile input costs linear time. What is
        never closed is text.

        :return: plain, unsafe text.
        """
        text = _without(_without(str(self), "<!--", "-->"), "<", ">")
        return Markup(" ".join(text.split())).unescape()


def _without(text: str, opening: str, closing: str) -> str:
    """Cut out everything from an ``opening`` to the next ``closing``, both included."""
    end = 0
    kept: list[str] = []
    while (start := text.find(opening, end)) != -1 and (stop := text.find(closing, start)) != -1:
        kept.append(text[end:start])
        end = stop + len(closing)
    kept.append(text[end:])
    return "".join(kept)


def _render_template(template: Any) -> str:
    formatting = _formatting()
    return formatting.format_template(template, formatting.EscapeFormatter(escape))  # type: ignore[no-any-return]


if sys.version_info >= (3, 14):
    from string.templatelib import Template

    _bind(Markup, Template, _render_template)
else:
    _bind(Markup)
