"""Entity tags made from content."""

from __future__ import annotations

from .quoting import quote_etag


def etag_of(etag: str | None, data: bytes | None) -> str | None:
    """Return the entity tag that is given, or that of the content that is given.

    :param etag: a tag as it stands in a header.
    :param data: content.
    :raises TypeError: if both are given.
    """
    if data is None:
        return etag

    if etag is not None:
        raise TypeError("either 'etag' or 'data' may be given, not both")

    return quote_etag(generate_etag(data))


def generate_etag(data: bytes) -> str:
    """Make a strong entity tag from content.

    :param data: the content.
    :return: the opaque part of the tag: SHA-1 in hexadecimal. It recognises content, it secures nothing.
    """
    from hashlib import sha1  # noqa: PLC0415 - 3 ms, and most programs give their own tags

    return sha1(data, usedforsecurity=False).hexdigest()
