"""What templates' authors and the engine share: marks for functions that want the context, small objects that templates
make for themselves, autoescape rules, imports, JSON.

A facade over the small modules next door as well (:mod:`._lru`, :mod:`._urlize`, :mod:`._lorem`); links and placeholder
text are imported when somebody wants some. It knows no environment, no lexer and no runtime.
"""

from __future__ import annotations

import os
from collections import deque

from dray.safe_strings import Markup

from ._late import late_names
from ._lru import LRUCache, clear_caches

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from types import CodeType
    from typing import IO, Any, TypeVar

    from ._urlize import url_quote, urlize

    F = TypeVar("F", bound=Callable[..., Any])
else:
    F = None

__all__ = [
    "Cycler", "F", "Joiner", "LRUCache", "Namespace", "clear_caches", "concat", "consume", "generate_lorem_ipsum",
    "htmlsafe_json_dumps", "import_string", "internal_code", "internalcode", "is_undefined", "missing",
    "object_type_repr", "open_if_exists", "pass_context", "pass_environment", "pass_eval_context", "pformat",
    "select_autoescape", "url_quote", "urlize",
]  # fmt: skip

if not TYPE_CHECKING:  # type checkers know the names, and that there are no others
    __getattr__, __dir__ = late_names(globals(), dict.fromkeys(("url_quote", "urlize"), "dray.templating._urlize"))

#: Code objects of the engine whose frames a shortened traceback leaves out.
internal_code: set[CodeType] = set()

LRUCache.__module__ = __name__

#: Joins the pieces of a template's output.
concat = "".join


class MissingType:
    """The type of :data:`missing`, which stands for "no value at all" where ``None`` is a value."""

    def __repr__(self) -> str:
        return "missing"

    def __reduce__(self) -> str:
        return "missing"


missing: Any = MissingType()

#: The attribute that marks a function; its value is one of the three below.
PASS_MARK = "dray_pass_arg"
PASS_CONTEXT, PASS_EVAL_CONTEXT, PASS_ENVIRONMENT = "context", "eval_context", "environment"


def pass_context(f: F) -> F:
    """Mark a function, filter or test to get the active :class:`~dray.templating.runtime.Context` as first argument.

    :param f: the function
    :return: the same function
    """
    f.dray_pass_arg = PASS_CONTEXT  # type: ignore[attr-defined]
    return f


def pass_eval_context(f: F) -> F:
    """Mark a function, filter or test to get the active :class:`~dray.templating.nodes.EvalContext` first.

    :param f: the function
    :return: the same function
    """
    f.dray_pass_arg = PASS_EVAL_CONTEXT  # type: ignore[attr-defined]
    return f


def pass_environment(f: F) -> F:
    """Mark a function, filter or test to get the :class:`~dray.templating.Environment` as first argument.

    :param f: the function
    :return: the same function
    """
    f.dray_pass_arg = PASS_ENVIRONMENT  # type: ignore[attr-defined]
    return f


def passed_argument(obj: Any) -> str | None:
    """Return which argument *obj* was marked to get, if any.

    :param obj: a callable; a mark on the ``__call__`` of its class counts as well
    """
    mark = getattr(obj, PASS_MARK, None)
    if mark is None:
        mark = getattr(getattr(type(obj), "__call__", None), PASS_MARK, None)  # noqa: B004 - the mark, not callability
    return mark if mark.__class__ is str else None


def internalcode(f: F) -> F:
    """Mark a function as part of the engine, so that shortened tracebacks leave its frames out.

    :param f: the function
    :return: the same function
    """
    internal_code.add(f.__code__)
    return f


def is_undefined(obj: Any) -> bool:
    """Say whether *obj* is an undefined value of any kind."""
    return getattr(type(obj), "_dray_undefined", False)


class Cycler:
    """Walk through some values round and round.

    :param items: the values, at least one
    :raises RuntimeError: if there is none
    """

    def __init__(self, *items: Any) -> None:
        self.items, self.pos = items, 0
        if len(items) == 0:
            raise RuntimeError("a cycler needs at least one item")

    def next(self) -> Any:
        """Return the current value and move on to the next."""
        value = self.current
        self.pos += 1
        if self.pos == len(self.items):
            self.reset()
        return value

    @property
    def current(self) -> Any:
        """The value that :meth:`next` will return."""
        return self.items[self.pos]

    def reset(self) -> None:
        """Start again with the first value."""
        self.pos = 0

    __next__ = next


class Joiner:
    """A callable that returns nothing the first time and the separator from then on.

    :param sep: the separator
    """

    def __init__(self, sep: str = ", ") -> None:
        self.sep = sep
        self.used = False

    def __call__(self) -> str:
        """Return nothing the first time, the separator afterwards."""
        if self.used:
            return self.sep
        self.used = True
        return ""


class Namespace:
    """An object whose attributes a template may set, also from within loops.

    Takes what ``dict`` takes.
    """

    def __init__(*args: Any, **kwargs: Any) -> None:  # no name for self: any attribute name may come as a keyword
        namespace, *values = args
        object.__setattr__(namespace, "_values", dict(*values, **kwargs))

    def __getattribute__(self, name: str) -> Any:
        values = object.__getattribute__(self, "_values")
        if name in values:
            return values[name]
        # The class has to stay visible: isinstance, copy and pickle ask for it.
        if name == "__class__":
            return Namespace
        raise AttributeError(name)

    def __repr__(self) -> str:
        return f"<Namespace {object.__getattribute__(self, '_values')!r}>"

    def __setitem__(self, name: str, value: Any) -> None:
        object.__getattribute__(self, "_values")[name] = value


def consume(iterable: Iterable[Any]) -> None:
    """Run through *iterable* and keep nothing."""
    deque(iterable, maxlen=0)


def import_string(import_name: str, silent: bool = False) -> Any:
    """Import an object by its dotted path.

    :param import_name: ``package.module:object`` or ``package.module.object``; a plain name is a module
    :param silent: return ``None`` in place of an error
    :raises ImportError: if the module can't be imported
    :raises AttributeError: if the module lacks the object
    """
    try:
        module, name = import_name.split(":", 1) if ":" in import_name else import_name.rpartition(".")[::2]
        if not module:
            return __import__(import_name)
        return getattr(__import__(module, None, None, [name]), name)
    except (ImportError, AttributeError):
        if silent:
            return None
        raise


def imported(path: str) -> Any:
    """Return the object with a dotted path, for code that an extension made.

    :param path: as for :func:`import_string`
    :raises ImportError: if it isn't there
    """
    try:
        return import_string(path)
    except AttributeError as error:
        raise ImportError(str(error)) from None


def open_if_exists(filename: str, mode: str = "rb") -> IO[Any] | None:
    """Open a file.

    :param filename: its path
    :param mode: as for ``open``
    :return: the open file, or ``None`` if there is no such file
    """
    return open(filename, mode) if os.path.isfile(filename) else None


def object_type_repr(obj: Any) -> str:
    """Return how an error message names the type of *obj*: ``int object``, ``app.models.User object``, ``None``."""
    if obj is None or obj is Ellipsis:
        return str(obj)
    cls = type(obj)
    name = cls.__name__ if cls.__module__ == "builtins" else f"{cls.__module__}.{cls.__name__}"
    return f"{name} object"


def pformat(obj: Any) -> str:
    """Return *obj* laid out over several lines for people to read."""
    from pprint import pformat as layout  # noqa: PLC0415 - pprint costs start-up time and is for debugging

    return layout(obj)


def generate_lorem_ipsum(n: int = 5, html: bool = True, min: int = 20, max: int = 100) -> str:
    """Return placeholder text, for pages that have none yet.

    :param n: number of paragraphs
    :param html: wrap each paragraph in ``<p>``; the result is then safe text
    :param min: fewest words of a paragraph
    :param max: one more than the most words of a paragraph
    :return: paragraphs separated by a line break (HTML) or a blank line
    """
    from ._lorem import compose_paragraphs  # noqa: PLC0415 - few programs want any

    return compose_paragraphs(n, html, min, max)


def _normalized_suffixes(extensions: Collection[str]) -> tuple[str, ...]:
    return tuple("." + extension.lstrip(".").lower() for extension in extensions)


def select_autoescape(
    enabled_extensions: Collection[str] = ("html", "htm", "xml"),
    disabled_extensions: Collection[str] = (),
    default_for_string: bool = True,
    default: bool = False,
) -> Callable[[str | None], bool]:
    """Make a function for ``Environment(autoescape=…)`` that decides by the extension of a template's name.

    :param enabled_extensions: extensions that switch escaping on, case does not matter
    :param disabled_extensions: extensions that switch it off
    :param default_for_string: the answer for a template without a name
    :param default: the answer for every other name
    :return: a function from template name to ``True`` or ``False``
    """
    enabled = _normalized_suffixes(enabled_extensions)
    disabled = _normalized_suffixes(disabled_extensions)

    def autoescape(template_name: str | None) -> bool:
        if template_name is None:
            return default_for_string
        lowered = template_name.lower()
        if lowered.endswith(enabled):
            return True
        if lowered.endswith(disabled):
            return False
        return default

    return autoescape


_JSON_FOR_HTML = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026", ord("'"): "\\u0027"}


def htmlsafe_json_dumps(obj: Any, dumps: Callable[..., str] | None = None, **kwargs: Any) -> Markup:
    """Write *obj* as JSON that may stand in HTML, inside ``<script>`` too, and in attributes in double quotes' stead
    single ones.

    The characters ``<``, ``>``, ``&`` and ``'`` are written as Unicode escapes, which only ever occur inside JSON
    strings.

    :param obj: what to write
    :param dumps: the function that writes JSON, ``json.dumps`` by default
    :param kwargs: passed on to *dumps*
    :return: safe text
    """
    if dumps is None:
        from json import dumps as standard_dumps  # noqa: PLC0415 - json costs start-up time

        dumps = standard_dumps
    return Markup(dumps(obj, **kwargs).translate(_JSON_FOR_HTML))
