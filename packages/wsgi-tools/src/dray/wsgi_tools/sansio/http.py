"""Conditions and cookies on plain values: what ``http`` does with a WSGI environ, without one."""

from __future__ import annotations

from .._http.conditional import as_moment, is_modified
from .._http.cookies import parse_cookie_pairs
from .._http.digest import etag_of
from .._types import Changed, Text
from ..datastructures import MultiDict


def is_resource_modified(
    http_range: Text = None,
    http_if_range: Text = None,
    http_if_modified_since: Text = None,
    http_if_none_match: Text = None,
    http_if_match: Text = None,
    etag: Text = None,
    data: bytes | None = None,
    last_modified: Changed = None,
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
    etag = etag_of(etag, data)
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
    cookie: Text = None,
    cls: type[MultiDict[str, str]] | None = None,
) -> MultiDict[str, str]:
    """Read a ``Cookie`` header.

    :param cookie: the header's value as real text.
    :param cls: the class to make.
    :return: all cookies; the first of several with one name counts.
    """
    kind = MultiDict if cls is None else cls
    return kind(parse_cookie_pairs(cookie)) if cookie else kind()
