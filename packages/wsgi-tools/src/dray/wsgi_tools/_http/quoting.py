"""Quoted strings, entity tags and percent-encoded values, one value at a time.

Knows RFC 9110 sections 5.6.4 and 8.8.3 and RFC 8187; how several values stand in one header is ``lists`` and
``options``.
"""

from __future__ import annotations

import re
from typing import Any, overload
from urllib.parse import unquote_to_bytes

from .tokens import is_token

_unescape = re.compile(r"\\(.)", re.DOTALL).sub

#: ``charset'language'value`` of RFC 8187 section 3.2.1, language left aside.
_ext_value = re.compile(r"([\w!#$%&*+\-.^`|~]*+)'[\w!#$%&*+\-.^`|~]*+'([\w!#$%&'*+\-.^`|~]++)", re.ASCII).fullmatch

#: A recipient must know UTF-8 (RFC 8187 section 3.2.1); the others are what older senders write.
EXT_CHARSETS = frozenset({"ascii", "us-ascii", "utf-8", "iso-8859-1"})


def quote_header_value(value: Any, allow_token: bool = True) -> str:
    """Quote a value for a header where it isn't a token.

    :param value: the value; anything is turned into text first.
    :param allow_token: leave a token as it is; ``False`` quotes always.
    :return: a token or a quoted string (RFC 9110 section 5.6.4).
    """
    text = str(value)

    # Most are words, which are tokens.
    if allow_token and ((text.isalnum() and text.isascii()) or is_token(text)):
        return text

    if "\\" in text or '"' in text:
        text = text.replace("\\", "\\\\").replace('"', '\\"')

    return f'"{text}"'


def unquote_header_value(value: str) -> str:
    """Undo :func:`quote_header_value`: a value that isn't a quoted string comes back as it is.

    :param value: a token or a quoted string.
    """
    if len(value) < 2 or value[0] != '"' or value[-1] != '"':
        return value

    return unescape(value[1:-1])


def unescape(value: str) -> str:
    """Replace each ``\\x`` by ``x``: the ``quoted-pair`` of RFC 9110 section 5.6.4."""
    return _unescape(r"\1", value) if "\\" in value else value


def split_ext_value(value: str) -> tuple[str | None, str]:
    """Take apart an extended value (RFC 8187 section 3.2.1).

    ``ext-value = charset "'" [ language ] "'" value-chars``

    :return: the charset in lower case and the encoded rest, or ``None`` and the whole text when it has another form
        or a charset that isn't known.
    """
    match = _ext_value(value)

    if match is None:
        return None, value

    return match[1].lower(), match[2]


def decode_ext_value(value: str) -> str:
    """Decode a whole extended value; one of another form, or of an unknown charset, only loses its prefix."""
    charset, rest = split_ext_value(value)

    if charset not in EXT_CHARSETS:
        return rest

    return decode_percent(rest, charset)


def decode_percent(value: str, charset: str) -> str:
    """Percent-decode a text; bytes that the charset doesn't have become U+FFFD."""
    return unquote_to_bytes(value).decode(charset, "replace")


def quote_etag(etag: str, weak: bool = False) -> str:
    """Write an entity tag (RFC 9110 section 8.8.3).

    ``entity-tag = [ "W/" ] DQUOTE *etagc DQUOTE``

    :param etag: the opaque part.
    :param weak: mark it as weak.
    :raises ValueError: if it holds a double quote, which no entity tag can.
    """
    if '"' in etag:
        raise ValueError(f"an entity tag can't hold a double quote: {etag!r}")

    return f'W/"{etag}"' if weak else f'"{etag}"'


@overload
def unquote_etag(etag: str) -> tuple[str, bool]: ...


@overload
def unquote_etag(etag: None) -> tuple[None, None]: ...


@overload
def unquote_etag(etag: str | None) -> tuple[str, bool] | tuple[None, None]: ...


def unquote_etag(etag: str | None) -> tuple[str, bool] | tuple[None, None]:
    """Read one entity tag, with or without quotes.

    :return: the opaque part and whether it is weak; ``(None, None)`` for no tag.
    """
    if not etag:
        return None, None

    weak = etag[:2] in {"W/", "w/"}

    if weak:
        etag = etag[2:]

    if etag[:1] == '"' == etag[-1:]:
        etag = etag[1:-1]

    return etag, weak
