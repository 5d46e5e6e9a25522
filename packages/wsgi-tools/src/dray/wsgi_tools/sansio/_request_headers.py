"""The headers of a request as attributes.

A table: each line names a header and the function that reads it. Everything is computed when it is first asked for.
What a request is beside its headers stands in ``request``.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from .._http.dates import parse_date
from .._http.enums import SecFetchDest, SecFetchMode, SecFetchSite
from .._http.options import parse_options_header
from .._properties import cached_property, header_property
from ..datastructures import (
    Accept,
    Authorization,
    CharsetAccept,
    ETags,
    Headers,
    HeaderSet,
    IfRange,
    LanguageAccept,
    MIMEAccept,
    Range,
    RequestCacheControl,
)
from ..user_agent import UserAgent
from .utils import get_content_length

T = TypeVar("T")


def _parsed(name: str, parse: Callable[[str | None], T], doc: str) -> cached_property[T]:
    """Make a cached attribute of a header: its text, or ``None``, goes through ``parse``."""

    def load(self: RequestHeaders) -> T:
        return parse(self.headers.get(name))

    return cached_property(load, doc=doc)


class RequestHeaders:
    """The header attributes of a request."""

    #: The headers.
    headers: Headers

    #: The class of :attr:`user_agent`.
    user_agent_class: type[UserAgent] = UserAgent

    content_type = header_property[str](
        "Content-Type", read_only=True, doc="The media type of the body, with its parameters (RFC 9110 section 8.3)."
    )
    content_encoding = header_property[str](
        "Content-Encoding", read_only=True, doc="How the body is compressed (RFC 9110 section 8.4)."
    )
    content_md5 = header_property[str](
        "Content-MD5", read_only=True, doc="A digest of the body, in base64; gone from the standard since RFC 7231."
    )
    referrer = header_property[str](
        "Referer", read_only=True, doc="The address of the page that led here (RFC 9110 section 10.1.3)."
    )
    date = header_property[datetime](
        "Date", None, parse_date, read_only=True, doc="When the request was made (RFC 9110 section 6.6.1)."
    )
    max_forwards = header_property[int](
        "Max-Forwards", None, int, read_only=True, doc="How often it may be forwarded (RFC 9110 section 7.6.2)."
    )
    origin = header_property[str](
        "Origin", read_only=True, doc="The origin that the request comes from (Fetch standard section 3.2)."
    )
    access_control_request_headers = header_property[HeaderSet](
        "Access-Control-Request-Headers",
        load_func=HeaderSet.from_header,
        read_only=True,
        doc="The headers that a cross-origin request is going to have (Fetch standard section 3.3.2).",
    )
    access_control_request_method = header_property[str](
        "Access-Control-Request-Method",
        read_only=True,
        doc="The method that a cross-origin request is going to have (Fetch standard section 3.3.2).",
    )
    sec_fetch_site = header_property[SecFetchSite](
        "Sec-Fetch-Site", None, SecFetchSite, read_only=True, doc="How the origins are related; ``None`` if unknown."
    )
    sec_fetch_mode = header_property[SecFetchMode](
        "Sec-Fetch-Mode", None, SecFetchMode, read_only=True, doc="The mode of the request; ``None`` if unknown."
    )
    sec_fetch_dest = header_property[SecFetchDest](
        "Sec-Fetch-Dest", None, SecFetchDest, read_only=True, doc="What the answer is for; ``None`` if unknown."
    )

    accept_mimetypes = _parsed("Accept", MIMEAccept.from_header, "The media types that the client accepts.")
    accept_charsets = _parsed("Accept-Charset", CharsetAccept.from_header, "The charsets that the client accepts.")
    accept_encodings = _parsed("Accept-Encoding", Accept.from_header, "The compressions that the client accepts.")
    accept_languages = _parsed("Accept-Language", LanguageAccept.from_header, "The languages that the client accepts.")
    cache_control = _parsed(
        "Cache-Control", RequestCacheControl.from_header, "What the client asks of caches (RFC 9111 section 5.2.1)."
    )
    if_match = _parsed("If-Match", ETags.from_header, "The tags of which one must match (RFC 9110 section 13.1.1).")
    if_none_match = _parsed(
        "If-None-Match", ETags.from_header, "The tags of which none may match (RFC 9110 section 13.1.2)."
    )
    if_modified_since = _parsed(
        "If-Modified-Since", parse_date, "The date after which it must have changed (RFC 9110 section 13.1.3)."
    )
    if_unmodified_since = _parsed(
        "If-Unmodified-Since", parse_date, "The date after which it mustn't have changed (RFC 9110 section 13.1.4)."
    )
    if_range = _parsed("If-Range", IfRange.from_header, "The condition of a range request (RFC 9110 section 13.1.5).")
    range = _parsed("Range", Range.from_header, "The ranges that are asked for, ``None`` for the whole content.")
    authorization = _parsed(
        "Authorization", Authorization.from_header, "The credentials of the client, ``None`` if it has none."
    )
    pragma = _parsed("Pragma", HeaderSet.from_header, "Directives of HTTP/1.0 (RFC 9111 section 5.4).")

    @cached_property
    def content_length(self) -> int | None:
        """The length of the body in bytes; ``None`` if it isn't known, 0 if what stands there can't be one."""
        headers = self.headers
        return get_content_length(headers.get("Content-Length"), headers.get("Transfer-Encoding"))

    @cached_property
    def user_agent(self) -> UserAgent:
        """The program that sent the request."""
        return self.user_agent_class(self.headers.get("User-Agent", ""))

    @cached_property
    def _parsed_content_type(self) -> tuple[str, dict[str, str]]:
        return parse_options_header(self.headers.get("Content-Type", ""))

    @property
    def mimetype(self) -> str:
        """The media type of the body in lower case, without parameters."""
        return self._parsed_content_type[0].lower()

    @property
    def mimetype_params(self) -> dict[str, str]:
        """The parameters of the media type."""
        return self._parsed_content_type[1]

    @property
    def is_json(self) -> bool:
        """Whether the body is JSON: ``application/json`` or ``application/*+json``."""
        mimetype = self.mimetype
        return mimetype == "application/json" or (mimetype.startswith("application/") and mimetype.endswith("+json"))
