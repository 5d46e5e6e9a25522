"""Filters that make or mark HTML."""

from __future__ import annotations

import re

from dray.safe_strings import Markup, escape

from .. import utils
from ..exceptions import FilterArgumentError
from ..utils import htmlsafe_json_dumps, is_undefined, pass_eval_context

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

#: What an attribute's name can't contain: the HTML standard's "attribute name state" ends at these.
_NO_ATTRIBUTE_NAME = re.compile(r"[\s/>=\0]", re.ASCII)
_URI_SCHEME = re.compile(r"^([\w.+-]{2,}:(/){0,2})$")


def do_forceescape(value: Any) -> Markup:
    """Escape a value, also if it is safe already."""
    if hasattr(value, "__html__"):
        value = value.__html__()
    return escape(str(value))


def do_mark_safe(value: str) -> Markup:
    """Mark a value as safe: it will not be escaped."""
    return Markup(value)


def do_mark_unsafe(value: str) -> str:
    """Take back the mark of safe text."""
    return str(value)


def do_striptags(value: Any) -> str:
    """Return the text of HTML: tags and comments left out, runs of white space as one blank."""
    if hasattr(value, "__html__"):
        value = value.__html__()
    return Markup(str(value)).striptags()


@pass_eval_context
def do_xmlattr(eval_ctx: Any, d: Mapping[str, Any], autospace: bool = True) -> str:
    """Return attributes as HTML: ``name="value"`` with blanks between; ``None`` and undefined values are left out.

    :param d: names to values
    :param autospace: begin with a blank, if there are any
    :raises ValueError: if a name has a character that would end it
    """
    items = []
    for key, value in d.items():
        if value is None or is_undefined(value):
            continue
        if _NO_ATTRIBUTE_NAME.search(key) is not None:
            raise ValueError(f"Invalid character in attribute name: {key!r}")
        items.append(f'{escape(key)}="{escape(value)}"')
    text = " ".join(items)
    if autospace and text:
        text = " " + text
    return Markup(text) if eval_ctx.autoescape else text


@pass_eval_context
def do_urlize(
    eval_ctx: Any,
    value: str,
    trim_url_limit: int | None = None,
    nofollow: bool = False,
    target: str | None = None,
    rel: str | None = None,
    extra_schemes: Iterable[str] | None = None,
) -> str:
    """Make links of the addresses in a text; see :func:`dray.templating.utils.urlize`.

    :param trim_url_limit: shorten what is shown of a link to so many characters
    :param nofollow: add ``nofollow`` to the links' ``rel``
    :param target: value of the links' ``target``; by default the policy ``urlize.target``
    :param rel: words for the links' ``rel``, besides the policy ``urlize.rel``
    :param extra_schemes: more beginnings of addresses; by default the policy ``urlize.extra_schemes``
    :raises FilterArgumentError: if one of *extra_schemes* is no scheme
    """
    policies = eval_ctx.environment.policies
    words = set((rel or "").split())
    if nofollow:
        words.add("nofollow")
    words.update((policies["urlize.rel"] or "").split())
    if target is None:
        target = policies["urlize.target"]
    if extra_schemes is None:
        extra_schemes = policies["urlize.extra_schemes"] or ()
    for scheme in extra_schemes:
        if _URI_SCHEME.fullmatch(scheme) is None:
            raise FilterArgumentError(f"{scheme!r} is not a valid URI scheme prefix.")
    text = utils.urlize(value, trim_url_limit, " ".join(sorted(words)) or None, target, extra_schemes)
    return Markup(text) if eval_ctx.autoescape else text


@pass_eval_context
def do_tojson(eval_ctx: Any, value: Any, indent: int | None = None) -> Markup:
    """Write a value as JSON that may stand in HTML, also inside ``<script>``.

    The policies ``json.dumps_function`` and ``json.dumps_kwargs`` say how.

    :param indent: lay out with so many blanks a level
    """
    policies = eval_ctx.environment.policies
    kwargs = policies["json.dumps_kwargs"]
    if indent is not None:
        kwargs = {**kwargs, "indent": indent}
    return htmlsafe_json_dumps(value, dumps=policies["json.dumps_function"], **kwargs)
