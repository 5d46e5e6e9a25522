"""Headers that are a comma-separated list of values, of ``key=value`` pairs, or of entity tags.

Knows RFC 9110 section 5.6.1 and what the parts look like on both ways; returns lists, dicts and tuples.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from .._types import Text
from .quoting import decode_ext_value, quote_header_value, unescape, unquote_header_value
from .tokens import OWS

# Possessive quantifiers: each character is looked at once, so a long list of half-open quotes costs no more than text.
_element = re.compile(r'(?:[^",]++|"(?:[^"\\]++|\\.)*+")*+', re.DOTALL)
_etag = re.compile(r'[ \t]*+(?:([Ww]/)?"([^"]*+)"|([^", \t]++))?[ \t]*+(?:,|$)')


def split_list(value: str) -> list[str]:
    """Split at the commas that stand outside of quoted strings.

    ``list = [ element ] *( OWS "," OWS [ element ] )`` (RFC 9110 section 5.6.1.2)

    :return: the elements as they are written, without white space around them, the empty ones left out; nothing at all
        when a quoted string doesn't end, for then no comma can be trusted.
    """
    if '"' not in value:
        return [item for part in value.split(",") if (item := part.strip(OWS))]

    items = []
    position, end = 0, len(value)

    while position <= end:
        match = _element.match(value, position)

        if match is None:  # pragma: no cover - the expression also matches the empty text
            break

        position = match.end()

        if position < end and value[position] != ",":
            return []

        position += 1

        if item := match[0].strip(OWS):
            items.append(item)

    return items


def parse_list_header(value: str) -> list[str]:
    """Read a comma-separated list whose elements may be quoted strings.

    :param value: the header's value.
    :return: the elements, unquoted.
    """
    return [unquote_header_value(item) for item in split_list(value)]


def parse_dict_header(value: str) -> dict[str, Text]:
    """Read a comma-separated list of ``key=value`` pairs and bare keys.

    A key that ends in ``*`` has an extended value (RFC 8187) and is given without the star.

    :param value: the header's value.
    :return: the values by key; ``None`` for a bare key. The last of two equal keys wins.
    """
    result: dict[str, Text] = {}

    for item in parse_list_header(value):
        key, equals, text = item.partition("=")
        key = key.strip()

        if not key:
            continue

        if not equals:
            result[key] = None
            continue

        text = text.strip()

        if key[-1] == "*":
            key, text = key[:-1], decode_ext_value(text)

        if len(text) > 1 and text[0] == '"' == text[-1]:
            text = unescape(text[1:-1])

        result[key] = text

    return result


def dump_header(iterable: Mapping[str, Any] | Iterable[Any]) -> str:
    """Write a comma-separated list, or a list of ``key=value`` pairs.

    :param iterable: values, or a mapping in which ``None`` makes a bare key. Values are quoted where they need it;
        that of a key that ends in ``*`` must be encoded already.
    """
    if not isinstance(iterable, (dict, Mapping)):
        return ", ".join(map(quote_header_value, iterable))

    parts = []

    for key, value in iterable.items():
        if value is None:
            parts.append(key)
        elif key[-1:] == "*":
            parts.append(f"{key}={value}")
        else:
            parts.append(f"{key}={quote_header_value(value)}")

    return ", ".join(parts)


def parse_etag_list(value: str) -> tuple[list[str], list[str]]:
    """Read the entity tags of a condition (RFC 9110 section 13.1.1), the ``*`` form left to the caller.

    Tags without quotes are taken as well.

    :return: the strong ones and the weak ones; an element that isn't a tag is left out.
    """
    strong: list[str] = []
    weak: list[str] = []
    position, end = 0, len(value)

    while position < end:
        match = _etag.match(value, position)

        if match is None:
            position = value.find(",", position) + 1 or end
            continue

        position = match.end()
        is_weak, quoted, raw = match.groups()

        if quoted is None and raw is not None and len(raw) > 2 and raw[:2] in {"W/", "w/"}:
            is_weak, raw = raw[:2], raw[2:]

        tag = raw if quoted is None else quoted

        if tag is not None:
            (weak if is_weak else strong).append(tag)

    return strong, weak
