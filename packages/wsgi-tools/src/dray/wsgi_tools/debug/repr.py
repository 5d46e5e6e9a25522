"""Values as HTML: what ``repr()`` says, with types marked, long things shortened, and nothing able to fail.

Knows values only; the page and the console decide where the HTML goes. Everything is escaped here.
"""

from __future__ import annotations

import re
import sys
from collections import deque
from collections.abc import Callable, Iterable
from io import StringIO
from pydoc import Helper
from traceback import format_exception_only
from typing import Any

from dray.safe_strings import escape

#: Stands for "no value given" where ``None`` is a value.
missing = object()
#: Containers inside of containers are shown to this depth.
_MAX_DEPTH = 8

HELP_HTML = """\
<div class="box help">
  <h3>%(title)s</h3>
  <pre>%(text)s</pre>
</div>\
"""
OBJECT_DUMP_HTML = """\
<div class="box dump">
  <h3>%(title)s</h3>
  %(repr)s
  <table>%(items)s</table>
</div>\
"""


def debug_repr(obj: object) -> str:
    """Return the HTML of one value."""
    return DebugReprGenerator().repr(obj)


def dump(obj: object = missing) -> None:
    """Print the attributes of an object, or the local variables, in the console.

    :param obj: The object; the variables of the frame when left out.
    """
    generator = DebugReprGenerator()
    if obj is missing:
        html = generator.dump_locals(sys._getframe(1).f_locals)
    else:
        html = generator.dump_object(obj)
    sys.stdout._write(html)  # type: ignore[union-attr]


class _Helper:
    """``help()`` for the console: a box in place of a pager."""

    def __repr__(self) -> str:
        return "Type help(object) for help about object."

    def __call__(self, topic: Any = None) -> None:
        if topic is None:
            sys.stdout._write(f'<span class="help">{self!r}</span>')  # type: ignore[union-attr]
            return
        text = StringIO()
        Helper(output=text)(topic)
        title, _, body = text.getvalue().partition("\n\n")
        if not body:
            title, body = "Help", title
        html = HELP_HTML % {"title": escape(title.strip()), "text": escape(body.strip("\n"))}
        sys.stdout._write(html)  # type: ignore[union-attr]


helper = _Helper()


def _add_subclass_info(inner: str, obj: object, base: type | tuple[type, ...]) -> str:
    """Wrap the HTML of a value whose class derives from a built-in one in the name of its class."""
    bases = base if isinstance(base, tuple) else (base,)
    kind = type(obj)
    if kind in bases:
        return inner
    module = "" if kind.__module__ in ("__builtin__", "exceptions") else _module_span(kind.__module__)
    return f"{module}{escape(kind.__name__)}({inner})"


def _module_span(name: str) -> str:
    return f'<span class="module">{escape(name)}.</span>'


def _sequence_method(
    left: str, right: str, base: type, limit: int = 8
) -> Callable[[DebugReprGenerator, Iterable[Any], bool], str]:
    def sequence_repr(self: DebugReprGenerator, obj: Iterable[Any], recursive: bool) -> str:
        if recursive:
            return _add_subclass_info(f"{left}...{right}", obj, base)
        pieces: list[str] = []
        extended = False
        for index, item in enumerate(obj):
            if index:
                pieces.append(", ")
            if index == limit:
                pieces.append('<span class="extended">')
                extended = True
            pieces.append(self.repr(item))
        if base is tuple and len(pieces) == 1:
            pieces.append(",")
        if extended:
            pieces.append("</span>")
        return _add_subclass_info(f"{left}{''.join(pieces)}{right}", obj, base)

    return sequence_repr


class DebugReprGenerator:
    """Makes the HTML of values; remembers what it is inside of, so that circles end."""

    def __init__(self) -> None:
        self._stack: list[Any] = []

    deque_repr = _sequence_method(f"{_module_span('collections')}deque([", "])", deque)
    frozenset_repr = _sequence_method("frozenset([", "])", frozenset)
    set_repr = _sequence_method("set([", "])", set)
    tuple_repr = _sequence_method("(", ")", tuple)
    list_repr = _sequence_method("[", "]", list)

    def regex_repr(self, obj: re.Pattern[Any]) -> str:
        """Return the HTML of a compiled regular expression."""
        pattern = escape(repr(obj.pattern))
        prefix = "" if isinstance(obj.pattern, bytes) else "r"
        return f're.compile(<span class="string regex">{prefix}{pattern}</span>)'

    def string_repr(self, obj: str | bytes, limit: int = 70) -> str:
        """Return the HTML of text or bytes; what is longer than the limit can be unfolded.

        :param obj: The text.
        :param limit: Characters that are shown at first.
        """
        shown = repr(obj)
        # A little more than the limit isn't worth a fold.
        if len(shown) - limit > 20:
            html = f'{escape(shown[:limit])}<span class="extended">{escape(shown[limit:])}</span>'
        else:
            html = str(escape(shown))
        return _add_subclass_info(f'<span class="string">{html}</span>', obj, (bytes, str))

    def dict_repr(self, d: dict[Any, Any], recursive: bool, limit: int = 5) -> str:
        """Return the HTML of a dictionary; pairs after the limit can be unfolded.

        :param d: The dictionary.
        :param recursive: Whether it contains itself.
        :param limit: Pairs that are shown at first.
        """
        if recursive:
            return _add_subclass_info("{...}", d, dict)
        pieces: list[str] = []
        extended = False
        for index, (key, value) in enumerate(d.items()):
            if index:
                pieces.append(", ")
            if index == limit - 1 and len(d) > limit:
                pieces.append('<span class="extended">')
                extended = True
            pieces.append(
                f'<span class="pair"><span class="key">{self.repr(key)}</span>: '
                f'<span class="value">{self.repr(value)}</span></span>'
            )
        if extended:
            pieces.append("</span>")
        return _add_subclass_info(f"{{{''.join(pieces)}}}", d, dict)

    def object_repr(self, obj: Any) -> str:
        """Return the HTML of what has no form of its own: its ``repr()``."""
        return f'<span class="object">{escape(repr(obj))}</span>'

    def dispatch_repr(self, obj: Any, recursive: bool) -> str:
        """Return the HTML of a value by its type.

        :param obj: The value.
        :param recursive: Whether it contains itself.
        """
        if obj is helper:
            return f'<span class="help">{helper!r}</span>'
        if isinstance(obj, (int, float, complex)) and not isinstance(obj, bool):
            return _add_subclass_info(f'<span class="number">{escape(repr(obj))}</span>', obj, (int, float, complex))
        if isinstance(obj, (str, bytes)):
            return self.string_repr(obj)
        if isinstance(obj, re.Pattern):
            return self.regex_repr(obj)
        for kind, method in self._METHODS:
            if isinstance(obj, kind):
                return method(self, obj, recursive)
        return self.object_repr(obj)

    #: How the values of a type, and of those derived from it, are shown.
    _METHODS: tuple[tuple[type, Callable[[DebugReprGenerator, Any, bool], str]], ...] = (
        (list, list_repr),
        (tuple, tuple_repr),
        (set, set_repr),
        (frozenset, frozenset_repr),
        (dict, dict_repr),
        (deque, deque_repr),
    )

    def fallback_repr(self) -> str:
        """Return the HTML of a value whose ``repr()`` raised the error that is being handled."""
        try:
            info = "".join(format_exception_only(*sys.exc_info()[:2])).strip()
        except Exception:
            info = "?"
        return f'<span class="brokenrepr">&lt;broken repr ({escape(info)})&gt;</span>'

    def repr(self, obj: object) -> str:
        """Return the HTML of a value."""
        recursive = any(item is obj for item in self._stack)
        if len(self._stack) > _MAX_DEPTH:
            return '<span class="object">...</span>'
        self._stack.append(obj)
        try:
            html = self.dispatch_repr(obj, recursive)
        except Exception:
            html = self.fallback_repr()
        self._stack.pop()
        return html

    def dump_object(self, obj: object) -> str:
        """Return the HTML of an object's attributes, or of a dictionary's items if all its keys are text."""
        if isinstance(obj, dict) and all(isinstance(key, str) for key in obj):
            return self.render_object_dump(self._items(obj), f"Contents of {_described(obj)}")
        items: list[tuple[str, str]] = []
        for name in dir(obj):
            try:
                value = getattr(obj, name)
            except Exception:  # noqa: S112 - an attribute that can't be read isn't shown
                continue
            items.append((name, self.repr(value)))
        return self.render_object_dump(items, f"Details for {_described(obj)}", self.repr(obj))

    def dump_locals(self, d: dict[str, Any]) -> str:
        """Return the HTML of local variables."""
        return self.render_object_dump(self._items(d), "Local variables in frame")

    def _items(self, names: dict[str, Any]) -> list[tuple[str, str]]:
        return [(name, self.repr(names[name])) for name in names]

    def render_object_dump(self, items: list[tuple[str, str]], title: str, repr: str | None = None) -> str:
        """Put names and values in a box.

        :param items: Names with the HTML of their values.
        :param title: The title.
        :param repr: The HTML of the object itself.
        """
        rows = [f'<tr><th>{escape(key)}<td><pre class="repr">{value}</pre>' for key, value in items]
        return OBJECT_DUMP_HTML % {
            "title": escape(title),
            "repr": f'<pre class="repr">{repr}</pre>' if repr else "",
            "items": "\n".join(rows) or "<tr><td><em>Nothing</em>",
        }


def _described(obj: object) -> str:
    return f"{type(obj).__name__} object at {id(obj):#x}"
