"""Status codes and their reason phrases: the IANA registry "HTTP Status Codes", and a few that are in use beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from http import HTTPStatus

# A code and its phrase a line. Where phrases of the registry have changed, as they did in Python's own, the older ones
# stay: programs compare with them.
_REGISTRY: Final = """\
100 Continue
101 Switching Protocols
102 Processing
103 Early Hints
200 OK
201 Created
202 Accepted
203 Non Authoritative Information
204 No Content
205 Reset Content
206 Partial Content
207 Multi Status
208 Already Reported
226 IM Used
300 Multiple Choices
301 Moved Permanently
302 Found
303 See Other
304 Not Modified
305 Use Proxy
306 Switch Proxy
307 Temporary Redirect
308 Permanent Redirect
400 Bad Request
401 Unauthorized
402 Payment Required
403 Forbidden
404 Not Found
405 Method Not Allowed
406 Not Acceptable
407 Proxy Authentication Required
408 Request Timeout
409 Conflict
410 Gone
411 Length Required
412 Precondition Failed
413 Request Entity Too Large
414 Request URI Too Long
415 Unsupported Media Type
416 Requested Range Not Satisfiable
417 Expectation Failed
418 I'm a teapot
421 Misdirected Request
422 Unprocessable Entity
423 Locked
424 Failed Dependency
425 Too Early
426 Upgrade Required
428 Precondition Required
429 Too Many Requests
431 Request Header Fields Too Large
449 Retry With
451 Unavailable For Legal Reasons
500 Internal Server Error
501 Not Implemented
502 Bad Gateway
503 Service Unavailable
504 Gateway Timeout
505 HTTP Version Not Supported
506 Variant Also Negotiates
507 Insufficient Storage
508 Loop Detected
510 Not Extended
511 Network Authentication Failed
"""

#: The reason phrase of each status code.
HTTP_STATUS_CODES: Final[dict[int, str]] = {int(line[:3]): line[4:] for line in _REGISTRY.splitlines()}

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
