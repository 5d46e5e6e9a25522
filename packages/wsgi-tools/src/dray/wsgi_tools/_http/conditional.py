"""Whether a request's conditions still hold: RFC 9110 section 13, on plain values.

Takes the text of the request's headers and what is known of the resource, and answers yes or no; which status that
makes is the response's business.
"""

from __future__ import annotations

from datetime import datetime

from .._internal import _dt_as_utc
from .dates import parse_date
from .lists import parse_etag_list
from .quoting import unquote_etag


def parse_if_range(value: str | None) -> tuple[str | None, datetime | None]:
    """Read an ``If-Range`` header (RFC 9110 section 13.1.5): an entity tag or a date.

    :return: the tag, without quotes and weakness, and the date; at most one of them isn't ``None``.
    """
    if not value:
        return None, None

    moment = parse_date(value)

    if moment is not None:
        return None, moment

    return unquote_etag(value)[0], None


def is_modified(
    *,
    etag: str | None,
    last_modified: datetime | None,
    has_range: bool = False,
    if_range: str | None = None,
    if_modified_since: str | None = None,
    if_none_match: str | None = None,
    if_match: str | None = None,
) -> bool:
    """Evaluate the conditions in the order of RFC 9110 section 13.2.2.

    :param etag: the resource's entity tag as it stands in a header.
    :param last_modified: when the resource changed; aware.
    :param has_range: the request asks for a range, so ``If-Range`` counts.
    :return: ``False`` when the client has what the resource is now, or, with ``If-Match``, something else than it
        thinks.
    """
    range_tag, range_date = parse_if_range(if_range) if has_range else (None, None)

    # "A client MUST NOT generate an If-Range header field containing an entity tag that is marked as weak." (section
    # 13.1.5) One that does gets the whole content.
    if range_tag is not None and if_range is not None and if_range[:2] in {"W/", "w/"}:
        range_tag = ""

    since = range_date if range_date is not None else parse_date(if_modified_since)
    unmodified = False

    if since is not None and last_modified is not None:
        unmodified = last_modified.replace(microsecond=0) <= since

    tag, tag_is_weak = unquote_etag(etag)

    if tag:
        if range_tag is not None:
            unmodified = range_tag == tag and not tag_is_weak
        else:
            unmodified = _match_tags(tag, if_none_match, if_match, unmodified)

    return not unmodified


def _match_tags(tag: str, if_none_match: str | None, if_match: str | None, unmodified: bool) -> bool:
    if if_none_match:
        # "A recipient MUST use the weak comparison function" (section 13.1.2).
        unmodified = matches(if_none_match, tag, weak=True)

    if if_match:
        # "An origin server MUST use the strong comparison function" (section 13.1.1).
        unmodified = not matches(if_match, tag, weak=False)

    return unmodified


def matches(condition: str, tag: str, *, weak: bool) -> bool:
    """Say whether a list of entity tags, or ``*``, holds a tag.

    :param condition: value of ``If-Match`` or ``If-None-Match``.
    :param tag: the opaque part of the resource's tag.
    :param weak: compare weakly, so that the weak tags of the list count too (RFC 9110 section 8.8.3.2).
    """
    if condition.strip() == "*":
        return True

    strong_tags, weak_tags = parse_etag_list(condition)
    return tag in strong_tags or (weak and tag in weak_tags)


def as_moment(value: datetime | str | None) -> datetime | None:
    """Return a moment given as a time or as the text of a date, aware and without microseconds."""
    if isinstance(value, str):
        value = parse_date(value)

    value = _dt_as_utc(value)
    return None if value is None else value.replace(microsecond=0)
