"""The character classes and header names that the HTTP standards list.

Only constants and membership tests live here; how a value is quoted or split is next door.
"""

from __future__ import annotations

import re
from typing import Final

#: ``tchar`` of RFC 9110 section 5.6.2.
TOKEN_CHARS: Final = frozenset("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")

#: The same as the inside of a regular expression's character class.
TOKEN_CLASS: Final = r"!#$%&'*+\-.^_`|~0-9A-Za-z"

#: True for a whole token.
is_token = re.compile(f"[{TOKEN_CLASS}]++", re.ASCII).fullmatch

#: Optional white space, ``OWS`` of RFC 9110 section 5.6.3.
OWS: Final = " \t"

ENTITY_HEADERS: Final = frozenset(
    {
        "allow",
        "content-encoding",
        "content-language",
        "content-length",
        "content-location",
        "content-md5",
        "content-range",
        "content-type",
        "expires",
        "last-modified",
    }
)

#: RFC 9110 section 7.6.1, and the older list of RFC 2616 section 13.5.1.
HOP_BY_HOP_HEADERS: Final = frozenset(
    {
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)


def is_entity_header(header: str) -> bool:
    """Say whether a header describes the content rather than the message.

    :param header: the header's name in any case.
    """
    return header.lower() in ENTITY_HEADERS


def is_hop_by_hop_header(header: str) -> bool:
    """Say whether a header is for one connection only and must not be forwarded (RFC 9110 section 7.6.1).

    :param header: the header's name in any case.
    """
    return header.lower() in HOP_BY_HOP_HEADERS
