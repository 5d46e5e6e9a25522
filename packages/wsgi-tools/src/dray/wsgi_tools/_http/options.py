"""A value followed by parameters: ``Content-Type``, ``Content-Disposition`` and their kin.

Knows RFC 9110 section 5.6.6, the extended and continued parameters of RFC 8187 and RFC 2231, and what browsers do to
file names (HTML standard, multipart form data). Returns a string and a dict.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from .quoting import EXT_CHARSETS, decode_percent, quote_header_value, split_ext_value, unescape
from .tokens import TOKEN_CLASS

# parameter = token "=" ( token / quoted-string ), tried once behind each semicolon; possessive, so linear.
_parameter = re.compile(
    rf'[ \t]*+([{TOKEN_CLASS}]++)=(?:"((?:[^"\\]++|\\.)*+)"|([{TOKEN_CLASS}]++))', re.ASCII | re.DOTALL
).match
_continued = re.compile(r"(.*)\*(\d+)", re.ASCII | re.DOTALL).fullmatch

#: Headers longer than this aren't worth a place in the cache: browsers repeat the short ones.
_CACHED_LENGTH = 128


def parse_options_header(value: str | None) -> tuple[str, dict[str, str]]:
    """Read a value and its parameters.

    ``parameters = *( OWS ";" OWS [ parameter ] )``. A parameter that isn't well formed is skipped. Names are in
    lower case, the last of two equal ones wins; extended values are decoded and continued ones joined.

    :param value: the header's value; ``None`` is an empty one.
    :return: the value, and its parameters by name.
    """
    if value is None:
        return "", {}

    if len(value) <= _CACHED_LENGTH:
        head, items = _parse_cached(value)
        return head, dict(items)

    head, options = _parse(value)
    return head, options


@lru_cache(512)
def _parse_cached(value: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    head, options = _parse(value)
    return head, tuple(options.items())


class _Pieces:
    """The pieces of one extended parameter, in the order in which they came, and the charset that they named last."""

    __slots__ = ("charset", "items")

    def __init__(self) -> None:
        self.charset: str | None = None
        self.items: list[tuple[str | None, str]] = []

    def add_encoded(self, text: str) -> None:
        """Take ``charset'language'text``, or text in the charset of the piece before."""
        charset, text = split_ext_value(text)

        if charset is not None:
            self.charset = charset

        self.items.append((self.charset if self.charset in EXT_CHARSETS else None, text))

    def join(self) -> str:
        """Decode runs of one charset together, for a character may be cut in two (RFC 2231 section 3)."""
        return "".join(
            "".join(text for _, text in run) if charset is None else decode_percent("".join(t for _, t in run), charset)
            for charset, run in groupby(self.items, itemgetter(0))
        )


def _parse(value: str) -> tuple[str, dict[str, str]]:
    head, _, rest = value.partition(";")
    head = head.strip()

    if not head or not rest:
        return head, {}

    options: dict[str, str | _Pieces] = {}
    position = 0

    while position >= 0:
        match = _parameter(rest, position)

        if match is not None:
            position = match.end()
            name, quoted, token = match.groups()
            name = name.lower()

            if "*" in name:
                _add_extended(options, name, quoted, token)
            else:
                options[name] = _plain_value(quoted, token)

        position = rest.find(";", position) + 1 or -1

    return head, {name: text if isinstance(text, str) else text.join() for name, text in options.items()}


def _plain_value(quoted: str | None, token: str) -> str:
    text = token if quoted is None else unescape(quoted)
    # The one escape that browsers write into names of form fields and files, beside those of line breaks.
    return text.replace("%22", '"') if "%" in text else text


def _add_extended(options: dict[str, str | _Pieces], name: str, quoted: str | None, token: str) -> None:
    """Take in a parameter whose name holds a star: ``name*``, ``name*0`` or ``name*0*``."""
    encoded = name[-1] == "*"

    if encoded:
        name = name[:-1]

    match = _continued(name)

    if match is not None:
        name = match[1]

    pieces = options.get(name)

    if match is None or not isinstance(pieces, _Pieces):
        pieces = options[name] = _Pieces()

    if encoded:
        # Quotes don't belong here (RFC 8187 section 3.2.1), so they are part of the text.
        pieces.add_encoded(token if quoted is None else f'"{unescape(quoted)}"')
    else:
        pieces.items.append((None, _plain_value(quoted, token)))


def dump_options_header(header: str | None, options: Mapping[str, Any]) -> str:
    """Write a value and its parameters.

    :param header: the value; ``None`` writes the parameters alone.
    :param options: the parameters. ``None`` leaves one out; that of a name that ends in ``*`` must be encoded already.
    """
    parts = [] if header is None else [header]

    for name, value in options.items():
        if value is None:
            continue

        if name[-1:] == "*":
            parts.append(f"{name}={value}")
        else:
            parts.append(f"{name}={quote_header_value(value)}")

    return "; ".join(parts)


def content_type_charset(mimetype: str, charset: str) -> str:
    """Add a ``charset`` parameter to a media type that is text.

    :param mimetype: the media type, returned unchanged when it has parameters or isn't text.
    :param charset: the charset's name.
    """
    if ";" in mimetype:
        return mimetype

    if mimetype.startswith("text/") or mimetype in _TEXT_TYPES or mimetype.endswith("+xml"):
        return f"{mimetype}; charset={charset}"

    return mimetype


_TEXT_TYPES = frozenset(
    {
        "application/ecmascript",
        "application/javascript",
        "application/sql",
        "application/xml",
        "application/xml-dtd",
        "application/xml-external-parsed-entity",
    }
)
