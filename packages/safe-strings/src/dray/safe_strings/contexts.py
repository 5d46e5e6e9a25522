"""Escaping for places in a page where HTML escaping is not enough: scripts and links.

HTML escaping keeps text from ending an element or an attribute. It does nothing about what a script makes of the text,
or where a link leads. Each function here is for one such place, and says which.
"""

from __future__ import annotations

import re

from ._markup import Markup, escape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

#: What has a meaning in a script's string, in HTML around it, or ends a line of script (ECMAScript, 12.3).
_JS_SPECIAL = "\\'\"`<>&=-;/\u2028\u2029" + "".join(map(chr, range(32))) + "\x7f"
_JS_ESCAPES = {ord(character): f"\\u{ord(character):04x}" for character in _JS_SPECIAL}

#: What the URL standard strips before it parses: C0 controls and spaces around a URL, tabs and line breaks inside.
_AROUND = "".join(map(chr, range(33)))
_INSIDE = str.maketrans("", "", "\t\n\r")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
#: Characters that a URL may hold as they are (RFC 3986, 2.2 and 2.3), and ``%`` of what is quoted already.
_URL_SAFE = "%:/?#[]@!$&'()*+,;=~"

#: What a link with a scheme that isn't allowed becomes: a URL that leads nowhere (CSS values 4, "about:invalid").
INVALID_URL = "about:invalid"


def escape_js(value: Any) -> Markup:
    """Escape text for a string literal of a script, between quotes, in a page or in an event attribute.

    Every character that could end the string, the line, or the script element becomes ``\\uXXXX``; letters and digits
    stay. The result is no JavaScript value without the quotes around it: to hand data to a script, use JSON.

    :param value: text, or any object: ``str()`` of it is escaped.
    :return: safe also in HTML.
    """
    return Markup(str(value).translate(_JS_ESCAPES))


def escape_url(value: Any, schemes: tuple[str, ...] = ("http", "https", "mailto", "tel")) -> Markup:
    """Escape a URL for an attribute that leads somewhere, such as ``href``, ``src`` or ``action``.

    A URL with a scheme that isn't allowed, above all ``javascript:``, becomes :data:`INVALID_URL`; relative URLs have
    none. The URL is looked at as a browser does, without white space around it and line breaks inside. Characters that
    a URL can't hold are percent-encoded, and what has a meaning in HTML is escaped.

    :param value: text, or any object: ``str()`` of it is the URL.
    :param schemes: that are allowed, in small letters.

    Source: URL standard, basic URL parser; RFC 3986.
    """
    from urllib.parse import quote  # noqa: PLC0415 - most pages escape no URL

    url = str(value).strip(_AROUND).translate(_INSIDE)
    scheme = _SCHEME.match(url)
    if scheme is not None and scheme[0][:-1].lower() not in schemes:
        return Markup(INVALID_URL)
    return escape(quote(url, safe=_URL_SAFE))
