"""Turn a note's text into HTML: paragraphs, headings, lists, **bold**, *emphasis*, `code`, links.

The text is escaped first; only then is markup added around it. So nothing that a user writes is ever markup.
"""

from __future__ import annotations

import re

from dray.safe_strings import Markup, escape

_INLINE = (
    (re.compile(r"`([^`\n]+)`"), r"<code>\1</code>"),
    (re.compile(r"\*\*([^*\n]+)\*\*"), r"<strong>\1</strong>"),
    (re.compile(r"\*([^*\n]+)\*"), r"<em>\1</em>"),
    (re.compile(r"(https?://(?:[^\s<*`&]|&amp;)*(?:[^\s<*`&.,;:!?)]|&amp;))"), r'<a href="\1" rel="nofollow">\1</a>'),
)


def to_html(text: str) -> Markup:
    """Give a note's text as safe HTML."""
    blocks = re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").strip())
    return Markup("\n").join(_block(block.split("\n")) for block in blocks if block)


def _block(lines: list[str]) -> Markup:
    if all(line.startswith("- ") for line in lines):
        items = Markup("").join(Markup("<li>{}</li>").format(_inline(line[2:])) for line in lines)
        return Markup("<ul>{}</ul>").format(items)
    if len(lines) == 1 and lines[0].startswith("# "):
        return Markup("<h2>{}</h2>").format(_inline(lines[0][2:]))
    return Markup("<p>{}</p>").format(Markup("<br>").join(map(_inline, lines)))


def _inline(line: str) -> Markup:
    safe = str(escape(line))
    for pattern, replacement in _INLINE:
        safe = pattern.sub(replacement, safe)
    return Markup(safe)
