"""Turn the addresses in a text into links, and quote text for URLs. Every step is linear in the text."""

from __future__ import annotations

import re
from functools import cache

from dray.safe_strings import escape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

_REST = r"(?::[\d]{1,5})?(?:[/?#]\S*)?\Z"
# With a scheme any host will do: a name, a name with a punycode top level, an IPv4 or a bracketed IPv6 address.
_WITH_SCHEME = (
    r"https?://(?:(?:[\w%-]+\.)*[a-z]{2,63}|(?:[\w%-]+\.)+xn--[\w%]{2,59}|\d{1,3}(?:\.\d{1,3}){3}|\[[\da-f:]{2,39}\])"
    + _REST
)
_WITH_WWW = r"www\.(?:[\w%-]+\.)*(?:[a-z]{2,63}|xn--[\w%]{2,59})" + _REST
# Without one only the oldest top-level domains are taken for an address.
_BARE = r"(?:[\w%-]{2,63}\.)+(?:com|net|int|edu|gov|org|info|mil)" + _REST
_EMAIL = r"[^\s@]\S*@\w[\w.-]*\.\w+\Z"
_HEAD = r"(?:[(<]|&lt;)+"
_PAIRS = (("(", ")"), ("<", ">"), ("&lt;", "&gt;"))


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Return a pattern compiled: when the first text is searched, since it takes a millisecond for all."""
    return re.compile(pattern, re.IGNORECASE)


def _tail_start(word: str) -> int:
    """Return where the closing punctuation at the end of *word* begins."""
    end = len(word)
    while end:
        if word[end - 1] in ").,>\n":
            end -= 1
        elif word.endswith("&gt;", 0, end):
            end -= 4
        else:
            break
    return end


def _split_word(word: str) -> tuple[str, str, str]:
    """Split *word* into opening punctuation, the middle and closing punctuation.

    A closing bracket stays in the middle as long as the middle opens one that it doesn't close.
    """
    opening = _compiled(_HEAD).match(word)
    head = opening.group() if opening else ""
    middle = word[len(head) :]
    cut = _tail_start(middle)
    tail, middle = middle[cut:], middle[:cut]
    for start, end in _PAIRS:
        missing = middle.count(start) - middle.count(end)
        position = 0
        while missing > 0:
            found = tail.find(end, position)
            if found < 0:
                break
            position = found + len(end)
            missing -= 1
        middle, tail = middle + tail[:position], tail[position:]
    return head, middle, tail


def _has_scheme(text: str, schemes: Iterable[str]) -> bool:
    return any(text != scheme and text.startswith(scheme) for scheme in schemes)


class _Linker:
    """Writes one word as a link, if it is an address."""

    def __init__(self, limit: int | None, attributes: str, schemes: Iterable[str]) -> None:
        self.limit = limit
        self.attributes = attributes
        self.schemes = schemes

    def _shown(self, text: str) -> str:
        if self.limit is not None and len(text) > self.limit:
            return text[: self.limit] + "..."
        return text

    def _anchor(self, target: str, text: str) -> str:
        return f'<a href="{target}"{self.attributes}>{self._shown(text)}</a>'

    def link(self, middle: str) -> str:
        """Return the HTML for *middle*, which is escaped already."""
        if _compiled(_WITH_SCHEME).match(middle):
            return self._anchor(middle, middle)
        if _compiled(_WITH_WWW).match(middle) or (
            "@" not in middle.partition("/")[0] and _compiled(_BARE).match(middle)
        ):
            return self._anchor("https://" + middle, middle)
        if middle.startswith("mailto:") and _compiled(_EMAIL).match(middle[7:]):
            return f'<a href="{middle}">{middle[7:]}</a>'
        if "@" in middle and not middle.startswith("www.") and ":" not in middle and _compiled(_EMAIL).match(middle):
            return f'<a href="mailto:{middle}">{middle}</a>'
        if _has_scheme(middle, self.schemes):
            return self._anchor(middle, middle)
        return middle


def urlize(
    text: str,
    trim_url_limit: int | None = None,
    rel: str | None = None,
    target: str | None = None,
    extra_schemes: Iterable[str] | None = None,
) -> str:
    """Escape *text* and make links of the addresses in it.

    Addresses are words that start with ``http://``, ``https://``, ``www.`` or ``mailto:``, host names under an old
    top-level domain, and mail addresses. Brackets and punctuation around them stay outside of the link.

    :param text: plain text
    :param trim_url_limit: shorten what is shown of a link to so many characters
    :param rel: value of the links' ``rel``
    :param target: value of the links' ``target``
    :param extra_schemes: more beginnings of addresses, such as ``tel:``
    :return: HTML
    """
    attributes = f' rel="{escape(rel)}"' if rel else ""
    if target:
        attributes += f' target="{escape(target)}"'
    linker = _Linker(trim_url_limit, attributes, tuple(extra_schemes or ()))
    words = re.split(r"(\s+)", str(escape(text)))
    for index in range(0, len(words), 2):
        head, middle, tail = _split_word(words[index])
        words[index] = head + linker.link(middle) + tail
    return "".join(words)


def url_quote(obj: Any, charset: str = "utf-8", for_qs: bool = False) -> str:
    """Quote a value for a URL.

    :param obj: text, bytes, or anything with a ``str`` form
    :param charset: the encoding of text
    :param for_qs: quote for a query string: blanks become ``+``, and ``/`` is quoted as well
    :return: ASCII text
    """
    from urllib.parse import quote_from_bytes  # noqa: PLC0415 - urllib.parse costs start-up time

    text = obj if isinstance(obj, (bytes, str)) else str(obj)
    data = text if isinstance(text, bytes) else text.encode(charset)
    quoted = quote_from_bytes(data, b"" if for_qs else b"/")
    return quoted.replace("%20", "+") if for_qs else quoted
