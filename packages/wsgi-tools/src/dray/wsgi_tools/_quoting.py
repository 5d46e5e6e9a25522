"""Percent-encoding of URL paths and queries (RFC 3986), for the URLs that this package makes.

Knows strings and pairs of strings only: no rules, no requests. Text that needs no encoding, which is nearly all of it,
is found by a method of strings and comes back as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import quote, quote_plus

#: Delimiters that mean themselves in a path: sub-delims, ``:``, ``@`` and the slash (RFC 3986 section 3.3).
PATH_SAFE = "!$&'()*+,/:;=@"
#: Delimiters that mean themselves in one name or value of a query string; ``&``, ``=`` and ``+`` do not.
QUERY_SAFE = "!$'()*,/:;?@"

_PATH_TABLE = {code: quote(chr(code), safe=PATH_SAFE) for code in range(128)}
_QUERY_TABLE = {code: quote_plus(chr(code), safe=QUERY_SAFE) for code in range(128)}


def quote_path(text: str) -> str:
    """Percent-encode what may not stand in a URL path; a slash stays a slash."""
    if text.isascii():
        return text if text.isalnum() else text.translate(_PATH_TABLE)
    return quote(text, safe=PATH_SAFE)


def quote_value(value: Any) -> str:
    """Percent-encode a value for a URL path; anything but text is converted to text first."""
    text = value if isinstance(value, str) else str(value)
    return text if text.isalnum() and text.isascii() else quote_path(text)


def quote_query(value: Any) -> str:
    """Percent-encode one name or value of a query; anything but text and bytes is converted to text first."""
    if isinstance(value, str):
        text = value
    elif isinstance(value, bytes):
        return quote_plus(value, safe=QUERY_SAFE)
    else:
        text = str(value)
    if text.isascii():
        return text if text.isalnum() else text.translate(_QUERY_TABLE)
    return quote_plus(text, safe=QUERY_SAFE)


# The names of arguments as they are written. Programs have few; those that clients make up don't make it grow.
_quoted_names: dict[str, str] = {}
_MAX_NAMES = 512


def quote_pair(name: Any, value: Any) -> str:
    """Write one pair of a query."""
    quoted = _quoted_names.get(name) if type(name) is str else None
    if quoted is None:
        quoted = quote_query(name)
        if type(name) is str and len(_quoted_names) < _MAX_NAMES:
            _quoted_names[name] = quoted
    if type(value) is str and value.isalnum() and value.isascii():
        return f"{quoted}={value}"
    return f"{quoted}={quote_query(value)}"


def query_pairs(query: Mapping[str, Any] | Iterable[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """Flatten query arguments to pairs.

    :param query: A mapping (a multi dict too) whose values may be lists, tuples or sets of values, or pairs.
    :return: One pair per value; values that are ``None`` are left out.
    """
    items: Iterable[tuple[str, Any]]
    if isinstance(query, list):
        items = query
    elif hasattr(query, "lists"):
        return [item for item in query.items(multi=True) if item[1] is not None]  # type: ignore[call-arg, union-attr, unused-ignore]
    else:
        items = query.items() if isinstance(query, Mapping) else query
    pairs: list[tuple[str, Any]] = []
    for item in items:
        value = item[1]
        if isinstance(value, str):
            pairs.append(item)
        elif type(value) is list and len(value) == 1 and value[0] is not None:
            pairs.append((item[0], value[0]))
        elif isinstance(value, (list, tuple, set)):
            pairs += [(item[0], single) for single in value if single is not None]
        elif value is not None:
            pairs.append(item)
    return pairs


def encode_query(
    query: Mapping[str, Any] | Iterable[tuple[str, Any]],
    sort: bool = False,
    sort_key: Callable[[Any], Any] | None = None,
) -> str:
    """Encode query arguments as ``application/x-www-form-urlencoded`` text.

    :param query: As for :func:`query_pairs`.
    :param sort: Order the pairs instead of keeping the order given.
    :param sort_key: What to order by: called with a (name, value) pair.
    """
    pairs = query_pairs(query)
    if sort:
        pairs.sort(key=sort_key)
    return "&".join([quote_pair(key, value) for key, value in pairs])
