"""Header parsing and writing under its public names.

A facade: the grammar is in ``_http``, the classes are in ``datastructures``. What stands here only joins the two, for
programs that call functions where the classes have ``from_header`` and ``to_header``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

from . import datastructures as ds
from ._http.conditional import as_moment, is_modified
from ._http.cookies import dump_cookie, parse_wsgi_cookie_pairs
from ._http.csp import dump_directives
from ._http.dates import dump_age, http_date, parse_age, parse_date
from ._http.digest import etag_of, generate_etag
from ._http.enums import COEP, COOP, CORP, SecFetchDest, SecFetchMode, SecFetchSite
from ._http.lists import dump_header, parse_dict_header, parse_list_header
from ._http.options import dump_options_header, parse_options_header
from ._http.quoting import quote_etag, quote_header_value, unquote_etag, unquote_header_value
from ._http.ranges import is_byte_range_valid
from ._http.status import HTTP_STATUS_CODES
from ._http.tokens import is_entity_header, is_hop_by_hop_header
from ._types import Changed, Text

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

    from .datastructures.cache_control import _CacheControl

_TAnyAccept = TypeVar("_TAnyAccept", bound=ds.Accept)
_TAnyCC = TypeVar("_TAnyCC", bound="_CacheControl")
_TAnyCSP = TypeVar("_TAnyCSP", bound=ds.ContentSecurityPolicy)


def parse_accept_header(value: str | None, cls: type[_TAnyAccept] | None = None) -> _TAnyAccept:
    """Read an ``Accept…`` header, see :meth:`Accept.from_header`.

    :param value: the header's value.
    :param cls: the class to make, :class:`~dray.wsgi_tools.datastructures.Accept` by default.
    """
    kind: Any = ds.Accept if cls is None else cls
    return kind.from_header(value)  # type: ignore[no-any-return]


def parse_cache_control_header(
    value: str | None,
    on_update: Callable[[_CacheControl], None] | None = None,
    cls: type[_TAnyCC] | None = None,
) -> _TAnyCC:
    """Read a ``Cache-Control`` header.

    :param value: the header's value.
    :param on_update: called with the object after each change.
    :param cls: the class to make, that of requests by default.
    """
    kind: Any = ds.RequestCacheControl if cls is None else cls
    return kind.from_header(value, on_update)  # type: ignore[no-any-return]


def parse_csp_header(
    value: str | None,
    on_update: Callable[[ds.ContentSecurityPolicy], None] | None = None,
    cls: type[_TAnyCSP] | None = None,
) -> _TAnyCSP:
    """Read a ``Content-Security-Policy`` header.

    :param value: the header's value.
    :param on_update: called with the policy after each change.
    :param cls: the class to make.
    """
    kind: Any = ds.ContentSecurityPolicy if cls is None else cls
    return kind.from_header(value, on_update)  # type: ignore[no-any-return]


def dump_csp_header(header: ds.ContentSecurityPolicy) -> str:
    """Write a ``Content-Security-Policy`` header."""
    return dump_directives(header)


def parse_set_header(value: str | None, on_update: Callable[[ds.HeaderSet], None] | None = None) -> ds.HeaderSet:
    """Read a list of tokens as a set.

    :param value: the header's value.
    :param on_update: called with the set after each change.
    """
    return ds.HeaderSet.from_header(value, on_update)


def parse_if_range_header(value: str | None) -> ds.IfRange:
    """Read an ``If-Range`` header."""
    return ds.IfRange.from_header(value)


def parse_range_header(value: str | None, make_inclusive: bool = True) -> ds.Range | None:
    """Read a ``Range`` header.

    :param value: the header's value.
    :param make_inclusive: has no effect; ranges are half open.
    :return: ``None`` if it isn't one.
    """
    return ds.Range.from_header(value)


def parse_content_range_header(
    value: str | None, on_update: Callable[[ds.ContentRange], None] | None = None
) -> ds.ContentRange | None:
    """Read a ``Content-Range`` header.

    :param value: the header's value.
    :param on_update: called with the object after each change.
    :return: ``None`` if it isn't one.
    """
    return ds.ContentRange.from_header(value, on_update)


def parse_etags(value: str | None) -> ds.ETags:
    """Read a list of entity tags."""
    return ds.ETags.from_header(value)


def is_resource_modified(
    environ: WSGIEnvironment,
    etag: Text = None,
    data: bytes | None = None,
    last_modified: Changed = None,
    ignore_if_range: bool = True,
) -> bool:
    """Evaluate the conditions of a request, see :func:`dray.wsgi_tools.sansio.http.is_resource_modified`.

    :param environ: the WSGI environ of the request.
    :return: ``False`` if the client has the resource as it is now.
    """
    etag = etag_of(etag, data)

    return is_modified(
        etag=etag,
        last_modified=as_moment(last_modified),
        has_range=not ignore_if_range and "HTTP_RANGE" in environ,
        if_range=environ.get("HTTP_IF_RANGE"),
        if_modified_since=environ.get("HTTP_IF_MODIFIED_SINCE"),
        if_none_match=environ.get("HTTP_IF_NONE_MATCH"),
        if_match=environ.get("HTTP_IF_MATCH"),
    )


def remove_entity_headers(
    headers: ds.Headers | list[tuple[str, str]],
    allowed: Iterable[str] = ("expires", "content-location"),
) -> None:
    """Remove the headers that describe the content, in place.

    :param headers: headers, or a list of pairs.
    :param allowed: names that stay; by default the two that an answer 304 may have.
    """
    kept = {name.lower() for name in allowed}
    headers[:] = [pair for pair in headers if not is_entity_header(pair[0]) or pair[0].lower() in kept]


def remove_hop_by_hop_headers(headers: ds.Headers | list[tuple[str, str]]) -> None:
    """Remove the headers that are for one connection only, in place.

    :param headers: headers, or a list of pairs.
    """
    headers[:] = [pair for pair in headers if not is_hop_by_hop_header(pair[0])]


def parse_cookie(
    header: WSGIEnvironment | Text,
    cls: type[ds.MultiDict[str, str]] | None = None,
) -> ds.MultiDict[str, str]:
    """Read a ``Cookie`` header as it stands in a WSGI environ.

    :param header: the environ, or the header's value: text whose code points are bytes (PEP 3333).
    :param cls: the class to make.
    :return: all cookies; the first of several with one name counts.
    """
    text = header.get("HTTP_COOKIE") if isinstance(header, dict) else header
    kind = ds.MultiDict if cls is None else cls

    return kind(parse_wsgi_cookie_pairs(text)) if text else kind()


__all__ = [
    "COEP",
    "COOP",
    "CORP",
    "HTTP_STATUS_CODES",
    "SecFetchDest",
    "SecFetchMode",
    "SecFetchSite",
    "dump_age",
    "dump_cookie",
    "dump_csp_header",
    "dump_header",
    "dump_options_header",
    "generate_etag",
    "http_date",
    "is_byte_range_valid",
    "is_entity_header",
    "is_hop_by_hop_header",
    "is_resource_modified",
    "parse_accept_header",
    "parse_age",
    "parse_cache_control_header",
    "parse_content_range_header",
    "parse_cookie",
    "parse_csp_header",
    "parse_date",
    "parse_dict_header",
    "parse_etags",
    "parse_if_range_header",
    "parse_list_header",
    "parse_options_header",
    "parse_range_header",
    "parse_set_header",
    "quote_etag",
    "quote_header_value",
    "remove_entity_headers",
    "remove_hop_by_hop_headers",
    "unquote_etag",
    "unquote_header_value",
]
