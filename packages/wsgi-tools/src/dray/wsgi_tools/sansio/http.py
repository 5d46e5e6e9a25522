"""Conditions and cookies on plain values: what ``http`` does with a WSGI environ, without one."""

from __future__ import annotations

from datetime import datetime

from .. import datastructures as ds
from .._http.conditional import as_moment, is_modified
from .._http.cookies import parse_cookie_pairs
from .._http.digest import generate_etag
from .._http.quoting import quote_etag


def is_resource_modified(
    http_range: str | None = None,
    http_if_range: str | None = None,
    http_if_modified_since: str | None = None,
    http_if_none_match: str | None = None,
    http_if_match: str | None = None,
    etag: str | None = None,
    data: bytes | None = None,
    last_modified: datetime | str | None = None,
    ignore_if_range: bool = True,
) -> bool:
    """Evaluate the conditions of a request (RFC 9110 section 13).

    :param http_range: the value of ``Range``.
    :param http_if_range: the value of ``If-Range``.
    :param http_if_modified_since: the value of ``If-Modified-Since``.
    :param http_if_none_match: the value of ``If-None-Match``.
    :param http_if_match: the value of ``If-Match``.
    :param etag: the resource's entity tag, as it stands in a header.
    :param data: the resource's content, to make the tag of.
    :param last_modified: when the resource changed, as a time or as the text of a date.
    :param ignore_if_range: don't let ``If-Range`` decide.
    :return: ``False`` if the client has the resource as it is now.
    :raises TypeError: if both ``etag`` and ``data`` are given.
    """
    if etag is None and data is not None:
        etag = quote_etag(generate_etag(data))
    elif data is not None:
        raise TypeError("either 'etag' or 'data' may be given, not both")

    return is_modified(
        etag=etag,
        last_modified=as_moment(last_modified),
        has_range=not ignore_if_range and http_range is not None,
        if_range=http_if_range,
        if_modified_since=http_if_modified_since,
        if_none_match=http_if_none_match,
        if_match=http_if_match,
    )


def parse_cookie(
    cookie: str | None = None,
    cls: type[ds.MultiDict[str, str]] | None = None,
) -> ds.MultiDict[str, str]:
    """Read a ``Cookie`` header.

    :param cookie: the header's value as real text.
    :param cls: the class to make.
    :return: all cookies; the first of several with one name counts.
    """
    kind = ds.MultiDict if cls is None else cls
    return kind(parse_cookie_pairs(cookie)) if cookie else kind()
