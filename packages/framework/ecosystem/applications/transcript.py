"""What the applications print: the same text on both sides, as long as they answer the same."""

from __future__ import annotations

import base64
import json
import re
import zlib
from typing import Any

#: What is signed at a moment, in a cookie or in a page.
SIGNED = re.compile(r"(\.?[\w-]{4,})\.[\w-]{6}\.[\w-]{27}\b")
#: Say when or by whom a response was made, not what it is.
VOLATILE = {"date", "server"}
#: Sets whose order is that of hashes.
UNORDERED = {"allow"}


def opened(match: re.Match[str]) -> str:
    """Give what was signed: its JSON, without the moment and the signature."""
    text = match[1]
    try:
        data = base64.urlsafe_b64decode(text.strip(".") + "=" * (-len(text.strip(".")) % 4))
        return json.dumps(json.loads(zlib.decompress(data) if text[0] == "." else data))
    except (ValueError, zlib.error):
        return text


def clean(text: str) -> str:
    """Give a text without what changes from one run to the next."""
    return SIGNED.sub(opened, text)


def show(title: str, response: Any) -> Any:
    """Print a response of a test client: status, headers and text.

    :return: the response.
    """
    print(f"== {title}: {response.status}")
    for name, value in sorted(response.headers, key=lambda item: (item[0].lower(), item[1])):
        if name.lower() in UNORDERED:
            value = ", ".join(sorted(value.split(", ")))
        if name.lower() not in VOLATILE:
            print(f"{name}: {clean(value)}")
    print(clean(response.get_data(as_text=True)))
    return response
