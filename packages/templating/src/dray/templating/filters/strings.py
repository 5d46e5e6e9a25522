"""Filters that work on text."""

from __future__ import annotations

import re

from dray.safe_strings import Markup, escape, soft_str

from .. import utils
from ..exceptions import FilterArgumentError
from ..utils import pass_environment, pass_eval_context, pformat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any, TypeVar

    F = TypeVar("F", bound=Callable[..., Any])


def _text_method(name: str) -> Callable[[F], F]:
    """Make a decorator that notes on a filter which method of ``str`` it is for plain text: loops call that directly.

    :param name: the method's name
    """

    def decorate(function: F) -> F:
        function.dray_text_method = name  # type: ignore[attr-defined]
        return function

    return decorate


_WORD_BREAK = re.compile(r"([-\s({\[<]+)")
_WORD = re.compile(r"\w+")


def do_urlencode(value: str | Mapping[str, Any] | Iterable[tuple[str, Any]]) -> str:
    """Quote text for a path of a URL; a mapping or pairs for a query string.

    :param value: text, or names and values
    """
    if isinstance(value, str) or not hasattr(value, "__iter__"):
        return utils.url_quote(value)
    values: Any = value
    pairs = values.items() if hasattr(type(value), "items") else values  # an undefined value has none, and is empty
    return "&".join(f"{utils.url_quote(key, for_qs=True)}={utils.url_quote(item, for_qs=True)}" for key, item in pairs)


@pass_eval_context
def do_replace(eval_ctx: Any, s: str, old: str, new: str, count: int | None = None) -> str:
    """Replace one text by another.

    :param s: the text
    :param old: what is replaced
    :param new: what takes its place
    :param count: how often, from the left; by default everywhere
    """
    times = -1 if count is None else count
    if not eval_ctx.autoescape:
        return str(s).replace(str(old), str(new), times)
    subject_is_safe, old_is_safe, new_is_safe = (hasattr(text, "__html__") for text in (s, old, new))
    # What is safe can only be found in, or put into, text that is safe too.
    make_safe = old_is_safe or (new_is_safe and not subject_is_safe)
    subject = escape(s) if make_safe else soft_str(s)
    return subject.replace(soft_str(old), soft_str(new), times)


@_text_method("upper")
def do_upper(s: str) -> str:
    """Return the text in upper case."""
    return (s if type(s) is str else soft_str(s)).upper()


@_text_method("lower")
def do_lower(s: str) -> str:
    """Return the text in lower case."""
    return (s if type(s) is str else soft_str(s)).lower()


@_text_method("capitalize")
def do_capitalize(s: str) -> str:
    """Return the text with its first letter in upper case and the others in lower case."""
    return soft_str(s).capitalize()


def do_title(s: str) -> str:
    """Return the text with every word's first letter in upper case and the others in lower case.

    Words begin behind white space, hyphens and opening brackets.
    """
    return "".join(part[0].upper() + part[1:].lower() for part in _WORD_BREAK.split(soft_str(s)) if part)


def do_center(value: str, width: int = 80) -> str:
    """Return the text in the middle of a field.

    :param width: the field's width in characters
    """
    return soft_str(value).center(width)


def do_format(value: str, *args: Any, **kwargs: Any) -> str:
    """Fill the placeholders of a text in the way of the ``%`` operator.

    :raises FilterArgumentError: if there are positional and keyword arguments
    """
    if args and kwargs:
        raise FilterArgumentError("can't handle positional and keyword arguments at the same time")
    return soft_str(value) % (kwargs or args)


@_text_method("strip")
def do_trim(value: str, chars: str | None = None) -> str:
    """Return the text without white space, or other characters, at both ends.

    :param chars: the characters
    """
    return soft_str(value).strip(chars)


@pass_environment
def do_truncate(
    env: Any, s: str, length: int = 255, killwords: bool = False, end: str = "...", leeway: int | None = None
) -> str:
    """Return the beginning of a text.

    :param length: the length of the result in characters, *end* included
    :param killwords: cut words
    :param end: stands where something was cut off
    :param leeway: characters that a text may be longer without being cut; by default the policy ``truncate.leeway``
    :raises AssertionError: if *length* leaves no room for *end*, or *leeway* is negative
    """
    if leeway is None:
        leeway = env.policies["truncate.leeway"]
    room = length - len(end)
    if room < 0:
        raise AssertionError(f"length has to leave room for {end!r}, so it can't be {length}")
    if leeway < 0:
        raise AssertionError(f"leeway can't be negative, got {leeway}")
    if len(s) - length <= leeway:
        return s
    return (s[:room] if killwords else s[:room].rsplit(" ", 1)[0]) + end


def do_wordcount(s: str) -> int:
    """Return how many words the text has."""
    return sum(1 for _ in _WORD.finditer(soft_str(s)))


def do_indent(s: str, width: int | str = 4, first: bool = False, blank: bool = False) -> str:
    """Indent the lines of a text.

    :param width: a number of blanks, or the text to indent with
    :param first: indent the first line
    :param blank: indent empty lines
    """
    indention = width if isinstance(width, str) else " " * width
    newline = "\n"
    if isinstance(s, Markup):
        indention, newline = Markup(indention), Markup(newline)
    s += newline  # so that a line break at the end is kept
    if blank:
        text = (newline + indention).join(s.splitlines())
    else:
        lines = s.splitlines()
        text = lines.pop(0)
        if lines:
            text += newline + newline.join(indention + line if line else line for line in lines)
    return indention + text if first else text


@pass_environment
def do_wordwrap(
    environment: Any,
    s: str,
    width: int = 79,
    break_long_words: bool = True,
    wrapstring: str | None = None,
    break_on_hyphens: bool = True,
) -> str:
    """Break a text into lines. Line breaks that are there stay.

    :param width: most characters in a line
    :param break_long_words: break words that are longer than a line
    :param wrapstring: stands between lines; by default the environment's line break
    :param break_on_hyphens: break behind the hyphens of words
    """
    from .._wrap import LinearWrapper  # noqa: PLC0415 - textwrap costs start-up time

    if wrapstring is None:
        wrapstring = environment.newline_sequence
    wrapper = LinearWrapper(
        width=width,
        expand_tabs=False,
        replace_whitespace=False,
        break_long_words=break_long_words,
        break_on_hyphens=break_on_hyphens,
    )
    return wrapstring.join(wrapstring.join(wrapper.wrap(line)) for line in s.splitlines())


def do_pprint(value: Any) -> str:
    """Return a value laid out for people to read, for debugging."""
    return pformat(value)
