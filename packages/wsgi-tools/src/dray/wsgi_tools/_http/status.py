"""Status codes and their reason phrases: the IANA registry "HTTP Status Codes", and a few that are in use beside it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

# What the standard library says differs between versions of Python; these are the phrases that programs compare with.
_PHRASES: Final = {
    203: "Non Authoritative Information",
    207: "Multi Status",
    306: "Switch Proxy",
    413: "Request Entity Too Large",
    414: "Request URI Too Long",
    416: "Requested Range Not Satisfiable",
    418: "I'm a teapot",
    422: "Unprocessable Entity",
    449: "Retry With",
    511: "Network Authentication Failed",
}

#: The reason phrase of each status code.
HTTP_STATUS_CODES: Final[dict[int, str]] = dict(
    sorted({**{status.value: status.phrase for status in HTTPStatus}, **_PHRASES}.items())
)

_lines = {code: f"{code} {phrase.upper()}" for code, phrase in HTTP_STATUS_CODES.items()}


def status_line(status: int | str | HTTPStatus) -> tuple[str, int]:
    """Complete a status that is given as a code, or as a code with any phrase.

    :param status: ``200``, ``"200"``, ``"200 OK"``, or a phrase without a code, which gets code 0.
    :return: code and phrase as one text, and the code.
    :raises ValueError: if it is empty.
    """
    if isinstance(status, int):
        code = int(status)
        return _lines.get(code) or f"{code} UNKNOWN", code

    text = status.strip()

    if not text:
        raise ValueError("a status needs a code, got an empty text")

    digits, _, phrase = text.partition(" ")

    try:
        code = int(digits)
    except ValueError:
        return f"0 {text}", 0

    if phrase:
        return text, code

    return _lines.get(code) or f"{code} UNKNOWN", code
