"""dray.wsgi_tools.sansio.start: what RFC 9110 says about the start of a response."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dray.wsgi_tools.exceptions import RequestedRangeNotSatisfiable
from dray.wsgi_tools.sansio.start import (
    finish_headers,
    has_no_content,
    precondition_status,
    range_part,
    sends_body,
    wants_range,
)

MODIFIED = datetime(2020, 1, 2, tzinfo=UTC)
BEFORE = "Wed, 01 Jan 2020 00:00:00 GMT"
AFTER = "Fri, 03 Jan 2020 00:00:00 GMT"


def finish(
    headers: list[tuple[str, str]], status: int = 200, length: int | None = None, url: str | None = None
) -> object:
    """Finish headers with plain values."""
    return finish_headers(
        headers,
        status,
        current_url=None if url is None else lambda: url,
        measure=None if length is None else lambda: length,
    )


@pytest.mark.parametrize("status", [100, 101, 199, 204])
def test_no_length_without_content(status: int) -> None:
    """A server MUST NOT send a Content-Length header field in any response with a status code of 1xx or 204."""
    assert finish([("Content-Length", "5"), ("X", "y")], status, length=5) == [("X", "y")]


def test_304_has_few_headers() -> None:
    """A 304 response is sent without the headers of the content that it doesn't carry."""
    headers = [("Content-Type", "a/b"), ("ETag", '"a"'), ("Last-Modified", BEFORE), ("Content-Location", "/x")]

    assert finish(headers, 304, length=5) == [("ETag", '"a"'), ("Content-Location", "/x")]


@pytest.mark.parametrize(
    ("method", "status", "expected"),
    [("GET", 200, True), ("HEAD", 200, False), ("GET", 204, False), ("GET", 304, False), ("POST", 100, False)],
)
def test_bodies(method: str, status: int, expected: bool) -> None:
    """All responses to HEAD, and all 1xx, 204 and 304 responses do not include content."""
    assert sends_body(method, status) is expected
    assert has_no_content(status) is (status != 200)


def test_length_is_measured_once() -> None:
    """A length that is given stays; one that is missing is measured."""
    assert finish([], length=5) == [("Content-Length", "5")]
    assert finish([("content-length", "7")], length=5) == [("content-length", "7")]
    assert finish([]) == []


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("x", "http://a/b/x"),
        ("/x é", "http://a/x%20%C3%A9"),
        ("//c/d", "http://c/d"),
        ("http://é.com/", "http://xn--9ca.com/"),
        ("?q", "http://a/b/c?q"),
    ],
)
def test_location(location: str, expected: str) -> None:
    """The reference is resolved relative to the effective request URI, and is made of ASCII."""
    assert finish([("location", location)], 302, url="http://a/b/c") == [("location", expected)]


def status(method: str = "GET", code: int = 200, etag: str | None = '"a"', **headers: str) -> int | None:
    """Evaluate conditions that are given as keyword arguments."""
    return precondition_status(
        lambda name: headers.get(name.replace("-", "_").lower()),
        method=method,
        status_code=code,
        etag=etag,
        last_modified=MODIFIED,
    )


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, None),
        ({"if_none_match": '"a"'}, 304),
        ({"if_none_match": 'W/"a"'}, 304),  # "A recipient MUST use the weak comparison function"
        ({"if_none_match": '"b"'}, None),
        ({"if_none_match": "*"}, 304),
        ({"if_match": '"a"'}, None),
        ({"if_match": 'W/"a"'}, 412),  # "An origin server MUST use the strong comparison function"
        ({"if_match": "*"}, None),
        ({"if_match": '"b"'}, 412),
        ({"if_match": '"b"', "if_none_match": '"a"'}, 412),  # evaluated first
        ({"if_modified_since": AFTER}, 304),
        ({"if_modified_since": BEFORE}, None),
        ({"if_modified_since": "nonsense"}, None),
        ({"if_none_match": '"b"', "if_modified_since": AFTER}, None),  # "MUST ignore If-Modified-Since"
        ({"if_unmodified_since": AFTER}, None),
        ({"if_unmodified_since": BEFORE}, 412),
        ({"if_match": '"a"', "if_unmodified_since": BEFORE}, None),  # "MUST ignore If-Unmodified-Since"
    ],
)
def test_preconditions(headers: dict[str, str], expected: int | None) -> None:
    """Conditions are evaluated in the order of section 13.2.2."""
    assert status(**headers) == expected


@pytest.mark.parametrize(("method", "code"), [("POST", 200), ("GET", 404), ("GET", 302), ("GET", 500)])
def test_conditions_that_are_ignored(method: str, code: int) -> None:
    """A server MUST ignore all received preconditions if the response without them would not be 2xx."""
    assert status(method, code, if_none_match='"a"', if_modified_since=AFTER) is None


@pytest.mark.parametrize(
    ("if_range", "expected"),
    [
        (None, True),
        ("", True),
        ('"a"', True),
        ('"b"', False),
        (AFTER, True),
        (BEFORE, False),
        ("nonsense", False),
        ('W/"a"', False),
    ],
)
def test_if_range(if_range: str | None, expected: bool) -> None:
    """If the validator doesn't match, the server ignores the Range header field."""
    headers = {"Range": "bytes=0-1", "If-Range": if_range}

    assert wants_range(headers.get, etag='"a"', last_modified=MODIFIED) is expected
    assert not wants_range({"If-Range": '"a"'}.get, etag='"a"', last_modified=MODIFIED)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("bytes=0-4", (0, 5)),
        ("bytes=5-", (5, 10)),
        ("bytes=-3", (7, 10)),
        ("bytes=-30", (0, 10)),
        ("bytes=10-", None),
        ("bytes=0-99", (0, 10)),
    ],
)
def test_parts(header: str, expected: tuple[int, int] | None) -> None:
    """A range that goes beyond the end is cut there."""
    if expected is None:
        with pytest.raises(RequestedRangeNotSatisfiable) as caught:
            range_part(header, 10)

        assert ("Content-Range", "bytes */10") in caught.value.get_headers()
    else:
        assert range_part(header, 10) == expected
