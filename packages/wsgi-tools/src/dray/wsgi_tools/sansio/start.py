"""What is sent: which status, which headers, which part of the body.

Decided here once for every gateway: how ``Location`` is completed, what answers without content look like, what the
conditions and ranges of a request make of an answer. Takes plain values, so it knows neither gateway nor response
class.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final
from urllib.parse import urljoin

from .._http.conditional import is_modified, matches
from .._http.dates import parse_date
from .._http.quoting import unquote_etag
from .._http.ranges import parse_ranges, range_for_length
from .._http.tokens import ENTITY_HEADERS
from ..exceptions.client import RequestedRangeNotSatisfiable
from ..urls import iri_to_uri

#: Headers of the content that an answer 304 still has (RFC 9110 section 15.4.5).
_KEPT_IN_304: Final = frozenset({"expires", "content-location"})

#: Headers that aren't sent as they are given.
COMPLETED: Final = frozenset({"location", "content-location"})

HeaderList = list[tuple[str, str]]


def has_no_content(status_code: int) -> bool:
    """Say whether a status never has content: 1xx, 204 and 304 (RFC 9110 section 6.4.1)."""
    return status_code in {204, 304} or 100 <= status_code < 200


def sends_body(method: str, status_code: int) -> bool:
    """Say whether a body is sent: not for HEAD, and not for a status that has none."""
    return method != "HEAD" and not has_no_content(status_code)


def finish_headers(
    headers: HeaderList,
    status_code: int,
    *,
    current_url: Callable[[], str] | None,
    measure: Callable[[], int] | None,
) -> HeaderList:
    """Return the headers as they are sent.

    :param headers: the headers of the response; they aren't changed.
    :param status_code: its status.
    :param current_url: gives the address of the request; makes ``Location`` absolute. ``None`` leaves it relative,
        which RFC 9110 section 10.2.2 allows.
    :param measure: gives the length of the body; ``None`` if it isn't known.
    """
    names = [name.lower() for name, _ in headers]

    if COMPLETED.isdisjoint(names) and not has_no_content(status_code):
        result = [*headers]
        has_length = "content-length" in names
    else:
        result, has_length = _completed(headers, status_code, current_url)

    if measure is not None and not has_length and not has_no_content(status_code):
        result.append(("Content-Length", str(measure())))

    return result


def _completed(headers: HeaderList, status_code: int, current_url: Callable[[], str] | None) -> tuple[HeaderList, bool]:
    """Complete addresses, and leave out what a status can't have; say also whether the length is there."""
    result: HeaderList = []
    has_length = False

    for name, value in headers:
        lower = name.lower()

        if lower == "location":
            value = iri_to_uri(value)

            if current_url is not None:
                value = urljoin(iri_to_uri(current_url()), value)
        elif lower == "content-location":
            value = iri_to_uri(value)
        elif lower == "content-length":
            if 100 <= status_code < 200 or status_code == 204:
                # "A server MUST NOT send a Content-Length header field in any response with a status code of 1xx
                # (Informational) or 204 (No Content)." (RFC 9110 section 8.6)
                continue

            has_length = True

        if status_code == 304 and lower in ENTITY_HEADERS and lower not in _KEPT_IN_304:
            continue

        result.append((name, value))

    return result, has_length


HeaderLookup = Callable[[str], "str | None"]


def precondition_status(
    header: HeaderLookup,
    *,
    method: str,
    status_code: int,
    etag: str | None,
    last_modified: datetime | None,
) -> int | None:
    """Evaluate the conditions of a request in the order of RFC 9110 section 13.2.2, but for ``If-Range``.

    :param header: gives a header of the request by its name.
    :param method: its method.
    :param status_code: the status of the answer: conditions only apply to one that would succeed (section 13.2.1).
    :param etag: the answer's entity tag, as it stands in a header.
    :param last_modified: when the content changed.
    :return: the status that takes the place of the answer's own, 304 or 412; ``None`` to go on.
    """
    if method not in {"GET", "HEAD"} or not 200 <= status_code < 300:
        return None

    if _must_fail(header("If-Match"), header("If-Unmodified-Since"), etag, last_modified):
        return 412

    if_none_match = header("If-None-Match")
    modified = is_modified(
        etag=etag,
        last_modified=last_modified,
        if_modified_since=None if if_none_match else header("If-Modified-Since"),
        if_none_match=if_none_match,
    )
    return None if modified else 304


def wants_range(header: HeaderLookup, *, etag: str | None, last_modified: datetime | None) -> bool:
    """Say whether a request asks for a part, and of what the content is now (RFC 9110 section 13.1.5).

    :param header: gives a header of the request by its name.
    :param etag: the answer's entity tag, as it stands in a header.
    :param last_modified: when the content changed.
    """
    if header("Range") is None:
        return False

    if_range = header("If-Range")

    if not if_range:
        return True

    return not is_modified(etag=etag, last_modified=last_modified, has_range=True, if_range=if_range)


def range_part(range_header: str, complete_length: int) -> tuple[int, int]:
    """Return the part that a request asks for.

    :param range_header: the value of ``Range``.
    :param complete_length: length of the content in bytes.
    :return: ``(start, stop)``.
    :raises RequestedRangeNotSatisfiable: if it isn't one range of bytes, or lies outside of the content.
    """
    parsed = parse_ranges(range_header)
    part = None if parsed is None else range_for_length(parsed[0], parsed[1], complete_length)

    if part is None:
        raise RequestedRangeNotSatisfiable(complete_length)

    return part


def _must_fail(
    if_match: str | None, if_unmodified_since: str | None, etag: str | None, last_modified: datetime | None
) -> bool:
    """Evaluate the two conditions that end in 412 (RFC 9110 sections 13.1.1 and 13.1.4)."""
    if if_match:
        tag, weak = unquote_etag(etag)

        if tag is None:
            return False  # nothing to compare with

        return weak is True or not matches(if_match, tag, weak=False)

    since = parse_date(if_unmodified_since)
    return since is not None and last_modified is not None and last_modified.replace(microsecond=0) > since
