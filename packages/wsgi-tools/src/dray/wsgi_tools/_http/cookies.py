"""Cookies on the wire: ``Cookie`` is read, ``Set-Cookie`` is written.

Knows RFC 6265bis, the ``Partitioned`` attribute, and the quoting that keeps any text in a value. What a cookie is *for*
is not decided here.
"""

from __future__ import annotations

import re
import warnings
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final, NamedTuple
from urllib.parse import quote

from .._internal import _wsgi_decoding_dance
from .._types import Expiry, Span, Text
from .dates import http_date, parse_date
from .tokens import OWS

# cookie-pair with a value in quotes, which may hold semicolons; a quote that doesn't end makes the pair a plain one.
_pair = re.compile(r'([^=;]*+)(?:=[ \t]*+(?:"((?:[^"\\]++|\\.)*+)"[ \t]*+(?=;|$)|([^;]*+)))?(?:;|$)', re.DOTALL).match
_octal_or_char = re.compile(rb"\\(?:([0-3][0-7]{2})|(.))", re.DOTALL).sub

#: True for a value that needs no quotes: ``cookie-octet`` of RFC 6265bis section 4.1.1, and no backslash.
_is_plain = re.compile(r"[\w!#$%&'()*+\-./:<=>?@\[\]^`{|}~]*+", re.ASCII).fullmatch

# Wider than the token of the standard, for existing names; what would end the name early or split the header is
# refused.
_is_name = re.compile(r"[^\x00-\x08\x0a-\x1f\x7f;=]++").fullmatch

#: Browsers drop what is longer (RFC 6265bis section 5.7: name and value at most 4096 bytes, attributes 1024 each).
MAX_COOKIE_SIZE: Final = 4093

_quoted_byte: Final = {
    byte: (
        f"\\{chr(byte)}"
        if chr(byte) in '"\\'
        else chr(byte)
        if 0x20 <= byte < 0x7F and chr(byte) not in ",;"
        else f"\\{byte:03o}"
    )
    for byte in range(256)
}


def parse_cookie_pairs(header: str) -> list[tuple[str, str]]:
    """Read a ``Cookie`` header.

    ``cookie-string = cookie-pair *( ";" SP cookie-pair )`` (RFC 6265bis section 4.2.1). A pair without a name is
    dropped, for browsers would let it pass for another cookie (section 5.7 step 22), and so is one with white space
    or an odd quote.

    :param header: the header's value as real text.
    :return: names and values in order; a cookie without ``=`` has an empty value.
    """
    if '"' in header:
        return _parse_quoted(header)

    parts = header.split("; ")
    separators = len(parts) - 1

    # As browsers write it: no other white space and no other semicolon, so nothing has to be stripped.
    if header.count(";") == separators == header.count(" ") and "\t" not in header:
        return [(name, value) for part in parts for name, _, value in (part.partition("="),) if name]

    pairs = []

    for part in header.split(";"):
        name, _, value = part.partition("=")
        name, value = name.strip(OWS), value.strip(OWS)

        if name and " " not in name and " " not in value and "\t" not in name and "\t" not in value:
            pairs.append((name, value))

    return pairs


def parse_wsgi_cookie_pairs(header: str) -> list[tuple[str, str]]:
    """Read a ``Cookie`` header as WSGI has it: text whose code points are bytes (PEP 3333); real text is taken, too.

    :param header: the header's value.
    :return: as of :func:`parse_cookie_pairs`.
    """
    try:
        return parse_cookie_pairs(_wsgi_decoding_dance(header))
    except UnicodeEncodeError:
        return parse_cookie_pairs(header)


def _parse_quoted(header: str) -> list[tuple[str, str]]:
    pairs = []
    position, end = 0, len(header)

    while position < end:
        match = _pair(header, position)

        if match is None:  # pragma: no cover - the expression matches anything up to the next semicolon
            break

        position = match.end()
        name, quoted, plain = match[1].strip(OWS), match[2], (match[3] or "").strip(OWS)

        if not name or " " in name or "\t" in name or '"' in name:
            continue

        if quoted is not None:
            pairs.append((name, _unquote(quoted)))
        elif '"' not in plain and " " not in plain and "\t" not in plain:
            pairs.append((name, plain))

    return pairs


def _unquote(value: str) -> str:
    if "\\" not in value:
        return value

    data = _octal_or_char(
        lambda match: bytes((int(match[1], 8),)) if match[1] is not None else match[2],
        value.encode(errors="surrogateescape"),
    )
    return data.decode(errors="replace")


def quote_cookie_value(value: str) -> str:
    """Quote a cookie's value if it holds anything but plain ASCII: bytes are written as ``\\ooo``."""
    if _is_plain(value):
        return value

    return '"{}"'.format("".join(map(_quoted_byte.__getitem__, value.encode())))


def dump_cookie(
    key: str,
    value: str = "",
    max_age: Span = None,
    expires: Expiry = None,
    path: Text = "/",
    domain: Text = None,
    secure: bool = False,
    httponly: bool = False,
    sync_expires: bool = True,
    max_size: int = MAX_COOKIE_SIZE,
    samesite: Text = None,
    partitioned: bool = False,
) -> str:
    """Write a ``Set-Cookie`` header (RFC 6265bis section 4.1).

    The parameters are those of :class:`~dray.wsgi_tools.datastructures.Cookie`, and two more.

    :param sync_expires: write ``Expires`` too when only ``max_age`` is given, for old browsers.
    :param max_size: warn when the whole header is longer, in bytes; 0 never warns.
    :return: the header's value, as the latin-1 text that WSGI carries.
    :raises ValueError: for a name that can't be one, a value of ``samesite`` that isn't known, and a name that
        begins with ``__Host-`` or ``__Secure-`` whose promise the attributes break (section 4.1.3).
    """
    secure = secure or partitioned
    name = _checked_name(key, secure, path, domain)
    before, behind = _attributes(path, domain, secure, httponly, samesite, partitioned)
    lifetime = "" if expires is None and max_age is None else _lifetime(max_age, expires, sync_expires)
    header = f"{name}={quote_cookie_value(value)}{before}{lifetime}{behind}"

    if max_size and len(header) > max_size:
        _warn_size(key, len(header), len(value), max_size)

    return header


class Cookie(NamedTuple):
    """A cookie as a server sets it (RFC 6265bis section 4.1): a value, compared and hashed by its parts.

    ``cookie._replace(max_age=60)`` makes another one.
    """

    #: The name.
    key: str
    #: The value; any text.
    value: str = ""
    #: How long it lives, in seconds; by default until the browser is closed.
    max_age: Span = None
    #: When it ends: a date, seconds since the epoch, or the text of a date.
    expires: Expiry = None
    #: The path under which it is sent; ``None`` leaves it to the browser.
    path: Text = "/"
    #: The domain that shares it with its subdomains; by default only the host that sets it.
    domain: Text = None
    #: Whether it is sent over HTTPS only.
    secure: bool = False
    #: Whether it is hidden from scripts.
    httponly: bool = False
    #: With which requests from other sites it is sent: ``"Strict"``, ``"Lax"`` or ``"None"``.
    samesite: Text = None
    #: Whether it is kept apart for each top-level site; makes it secure.
    partitioned: bool = False

    @classmethod
    def from_header(cls, value: str | None) -> Cookie | None:
        """Read a ``Set-Cookie`` header as a browser does (RFC 6265bis section 5.6).

        :param value: the header's value.
        :return: the cookie; ``None`` if it has no name.
        """
        parsed = parse_set_cookie(value or "")

        if parsed is None:
            return None

        _, pair, attributes = parsed
        return cls(
            *pair,
            max_age=_seconds(attributes.get("max-age", "")),
            expires=parse_date(attributes.get("expires")),
            path=attributes.get("path") or None,
            domain=attributes.get("domain", "").lstrip(".") or None,
            secure="secure" in attributes,
            httponly="httponly" in attributes,
            samesite=attributes.get("samesite") or None,
            partitioned="partitioned" in attributes,
        )

    def to_header(self) -> str:
        """Write the ``Set-Cookie`` header.

        :raises ValueError: as :func:`dump_cookie`.
        """
        return dump_cookie(*self[:8], samesite=self.samesite, partitioned=self.partitioned)


def parse_set_cookie(header: str) -> tuple[str, tuple[str, str], dict[str, str]] | None:
    """Take a ``Set-Cookie`` header apart (RFC 6265bis section 5.6).

    :param header: the header's value.
    :return: the pair as it was sent, the same as name and value with their quoting undone, and the attributes by their
        names in lower case, the last of each name; ``None`` without a name.
    """
    pair, *rest = header.split(";")
    name, _, value = pair.partition("=")
    sent = f"{name.strip(OWS)}={value.strip(OWS)}"
    pairs = parse_cookie_pairs(sent)

    if not pairs:
        return None

    attributes = {}

    for attribute in rest:
        key, _, text = attribute.partition("=")
        attributes[key.strip(OWS).lower()] = text.strip(OWS)

    return sent, pairs[0], attributes


def _seconds(text: str) -> int | None:
    """Read ``Max-Age`` (RFC 6265bis section 5.6.2)."""
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) <= _MAX_DIGITS else None


#: Longer ages are centuries, and far longer ones more than :class:`int` reads.
_MAX_DIGITS: Final = 18


@lru_cache(256)
def _attributes(
    path: Text, domain: Text, secure: bool, httponly: bool, samesite: Text, partitioned: bool
) -> tuple[str, str]:
    """Return the attributes that stand before and behind those of the lifetime. A program has few kinds of cookies."""
    before = "" if domain is None else f"; Domain={_ascii_domain(domain)}"
    behind = []

    if secure:
        behind.append("; Secure")

    if httponly:
        behind.append("; HttpOnly")

    if path is not None:
        behind.append(f"; Path={quote(path, safe=_PATH_SAFE)}")

    if samesite is not None:
        behind.append(f"; SameSite={_samesite_text(samesite)}")

    if partitioned:
        behind.append("; Partitioned")

    return before, "".join(behind)


_PATH_SAFE = "%!$&'()*+,/:=@"


@lru_cache(256)
def _checked_name(key: str, secure: bool, path: Text, domain: Text) -> str:
    """Return a cookie's name as it is sent.

    A name that begins with ``__Host-`` or ``__Secure-`` makes a promise, and browsers drop a cookie that breaks it
    (RFC 6265bis section 4.1.3).

    :raises ValueError: if it can't be a name, or if the attributes don't keep its promise.
    """
    if not _is_name(key):
        raise ValueError(f"a cookie's name can't be empty or hold control characters, ';' or '=': {key!r}")

    prefix = key[:9].lower()

    if prefix == "__secure-" and not secure:
        raise ValueError(f"cookie {key!r} begins with '__Secure-', so it needs secure=True")

    if prefix[:7] == "__host-" and not (secure and path == "/" and domain is None):
        raise ValueError(f"cookie {key!r} begins with '__Host-', so it needs secure=True, path='/' and no domain")

    return key.encode().decode("latin-1")


def _ascii_domain(domain: str) -> str:
    name = domain.partition(":")[0].lstrip(".")

    if ";" in name or any(character < " " for character in name):
        raise ValueError(f"a cookie's domain can't hold control characters or ';': {domain!r}")

    return name if name.isascii() else name.encode("idna").decode("ascii")


def _lifetime(max_age: Span, expires: Expiry, sync_expires: bool) -> str:
    if isinstance(max_age, timedelta):
        max_age = int(max_age.total_seconds())

    if expires is None and max_age is not None and sync_expires:
        try:
            expires = datetime.now(UTC) + timedelta(seconds=int(max_age))
        except OverflowError:
            pass  # no date is as far as that, and browsers read Max-Age first

    text = ""

    if expires is not None:
        text = f"; Expires={expires if isinstance(expires, str) else http_date(expires)}"

    return text if max_age is None else f"{text}; Max-Age={max_age}"


def _samesite_text(samesite: str) -> str:
    name = samesite.title()

    if name not in {"Strict", "Lax", "None"}:
        raise ValueError(f"samesite must be 'Strict', 'Lax' or 'None', not {samesite!r}")

    return name


def _warn_size(key: str, size: int, value_size: int, max_size: int) -> None:
    warnings.warn(
        f"The cookie {key!r} is too large: its value has {value_size} bytes and the header {size}, over the limit of"
        f" {max_size}. Browsers may ignore it without a word.",
        stacklevel=3,
    )
