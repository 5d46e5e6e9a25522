"""The headers of a response as attributes.

A table: each line names a header and how it is read and written. Headers that hold a set, a policy or a range are
given as objects; a change of one is written back at once. What a response is beside its headers stands in ``response``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from .._http.dates import dump_age, http_date, parse_age, parse_date
from .._http.enums import COEP, COOP, CORP
from .._http.lists import dump_header
from .._http.options import content_type_charset, dump_options_header, parse_options_header
from .._http.quoting import quote_etag, unquote_etag
from .._properties import header_property
from ..datastructures import (
    CallbackDict,
    ContentRange,
    ContentSecurityPolicy,
    Headers,
    HeaderSet,
    ResponseCacheControl,
    WWWAuthenticate,
)

T = TypeVar("T")


def _set_property(name: str, doc: str) -> Any:
    """Make an attribute of a header that is a set of tokens."""

    def fget(self: ResponseHeaders) -> HeaderSet:
        def on_update(header_set: HeaderSet) -> None:
            if header_set:
                self.headers[name] = header_set.to_header()
            else:
                self.headers.pop(name, None)

        return HeaderSet.from_header(self.headers.get(name), on_update)

    def fset(self: ResponseHeaders, value: None | str | dict[str, str | int] | Iterable[str]) -> None:
        if not value:
            self.headers.pop(name, None)
        elif isinstance(value, str):
            self.headers[name] = value
        else:
            self.headers[name] = dump_header(value)

    def fdel(self: ResponseHeaders) -> None:
        self.headers.pop(name, None)

    return property(fget, fset, fdel, doc)


def _flag_property(name: str, text: str, doc: str) -> Any:
    """Make an attribute of a header that is there, with one and the same text, or isn't."""

    def fset(self: ResponseHeaders, value: bool | None) -> None:
        self.headers.pop(name, None)

        if value is True:
            self.headers[name] = text

    return property(lambda self: name in self.headers, fset, doc=doc)


def _object_property(name: str, load: Callable[[str | None, Callable[[Any], None]], T], doc: str) -> Any:
    """Make an attribute of a header that is an object with ``to_header``; an empty one when it is missing."""

    def fget(self: ResponseHeaders) -> T:
        def on_update(value: Any) -> None:
            if value:
                self.headers[name] = value.to_header()
            else:
                self.headers.pop(name, None)

        return load(self.headers.get(name), on_update)

    def fset(self: ResponseHeaders, value: Any) -> None:
        if not value:
            self.headers.pop(name, None)
        elif isinstance(value, str):
            self.headers[name] = value
        else:
            self.headers[name] = value.to_header()

    def fdel(self: ResponseHeaders) -> None:
        self.headers.pop(name, None)

    return property(fget, fset, fdel, doc)


def _load_content_range(value: str | None, on_update: Callable[[Any], None]) -> ContentRange:
    found = ContentRange.from_header(value, on_update)
    return ContentRange(None, None, None, on_update=on_update) if found is None else found


def _load_cache_control(value: str | None, on_update: Callable[[Any], None]) -> ResponseCacheControl:
    return ResponseCacheControl.from_header(value, on_update)


def _load_policy(value: str | None, on_update: Callable[[Any], None]) -> ContentSecurityPolicy:
    return ContentSecurityPolicy.from_header(value, on_update)


class ResponseHeaders:
    """The header attributes of a response."""

    #: The headers.
    headers: Headers

    access_control_allow_credentials = _flag_property(
        "Access-Control-Allow-Credentials",
        "true",
        "Whether a script may send credentials with a cross-origin request (Fetch standard section 3.3.3).",
    )
    content_type = header_property[str](
        "Content-Type", doc="The media type of the content, with its parameters (RFC 9110 section 8.3)."
    )
    content_length = header_property[int](
        "Content-Length", None, int, str, doc="The length of the content in bytes (RFC 9110 section 8.6)."
    )
    content_location = header_property[str](
        "Content-Location", doc="The address of the content itself (RFC 9110 section 8.7)."
    )
    content_encoding = header_property[str](
        "Content-Encoding", doc="How the content is compressed (RFC 9110 section 8.4)."
    )
    content_md5 = header_property[str](
        "Content-MD5", doc="A digest of the content, in base64; gone from the standard since RFC 7231."
    )
    location = header_property[str]("Location", doc="Where to go from here (RFC 9110 section 10.2.2).")
    accept_ranges = header_property[str](
        "Accept-Ranges", doc="The unit in which parts are sent, or ``none`` (RFC 9110 section 14.3)."
    )
    age = header_property[timedelta](
        "Age", None, parse_age, dump_age, doc="For how long a cache has had it (RFC 9111 section 5.1)."
    )
    date = header_property[datetime](
        "Date", None, parse_date, http_date, doc="When the response was made (RFC 9110 section 6.6.1)."
    )
    expires = header_property[datetime](
        "Expires", None, parse_date, http_date, doc="When it gets stale (RFC 9111 section 5.3)."
    )
    last_modified = header_property[datetime](
        "Last-Modified", None, parse_date, http_date, doc="When the content changed (RFC 9110 section 8.8.2)."
    )
    access_control_allow_origin = header_property[str](
        "Access-Control-Allow-Origin", doc="The origin that may read this, or ``*`` (Fetch standard section 3.3.3)."
    )
    access_control_allow_headers = header_property[HeaderSet](
        "Access-Control-Allow-Headers",
        load_func=HeaderSet.from_header,
        dump_func=dump_header,
        doc="The headers that a cross-origin request may have (Fetch standard section 3.3.3).",
    )
    access_control_allow_methods = header_property[HeaderSet](
        "Access-Control-Allow-Methods",
        load_func=HeaderSet.from_header,
        dump_func=dump_header,
        doc="The methods that a cross-origin request may have (Fetch standard section 3.3.3).",
    )
    access_control_expose_headers = header_property[HeaderSet](
        "Access-Control-Expose-Headers",
        load_func=HeaderSet.from_header,
        dump_func=dump_header,
        doc="The headers that a script may read (Fetch standard section 3.3.3).",
    )
    access_control_max_age = header_property[int](
        "Access-Control-Max-Age",
        load_func=int,
        dump_func=str,
        doc="For how many seconds the answer about cross-origin requests holds (Fetch standard section 3.3.3).",
    )
    cross_origin_opener_policy = header_property[COOP](
        "Cross-Origin-Opener-Policy",
        default=COOP.UNSAFE_NONE,
        load_func=COOP,
        dump_func=lambda value: value.value,
        doc="Who shares a browsing context group with this page (HTML standard section 7.1.3).",
    )
    cross_origin_embedder_policy = header_property[COEP](
        "Cross-Origin-Embedder-Policy",
        default=COEP.UNSAFE_NONE,
        load_func=COEP,
        dump_func=lambda value: value.value,
        doc="What this page may embed without permission (HTML standard section 7.1.4).",
    )
    cross_origin_resource_policy = header_property[CORP](
        "Cross-Origin-Resource-Policy",
        load_func=CORP,
        dump_func=lambda value: value.value,
        doc="Who may embed this (Fetch standard section 3.7).",
    )

    allow = _set_property("Allow", "The methods that are allowed here (RFC 9110 section 10.2.1).")
    vary = _set_property("Vary", "The headers of the request that the content depends on (RFC 9110 section 12.5.5).")
    content_language = _set_property("Content-Language", "The languages of the readers (RFC 9110 section 8.5).")

    cache_control = _object_property(
        "Cache-Control", _load_cache_control, "What is asked of caches (RFC 9111 section 5.2.2)."
    )
    content_range = _object_property(
        "Content-Range", _load_content_range, "Which part of the content this is (RFC 9110 section 14.4)."
    )
    content_security_policy = _object_property(
        "Content-Security-Policy", _load_policy, "What the page may load and do (W3C CSP Level 3)."
    )
    content_security_policy_report_only = _object_property(
        "Content-Security-Policy-Report-Only", _load_policy, "The same, only reported and not enforced."
    )

    @property
    def mimetype(self) -> str | None:
        """The media type of the content, without parameters; one of text gets a charset when it is set."""
        content_type = self.headers.get("Content-Type")
        return content_type.partition(";")[0].strip() if content_type else None

    @mimetype.setter
    def mimetype(self, value: str) -> None:
        self.headers["Content-Type"] = content_type_charset(value, "utf-8")

    @property
    def mimetype_params(self) -> dict[str, str]:
        """The parameters of the media type; a change is written back."""

        def on_update(options: CallbackDict[str, str]) -> None:
            self.headers["Content-Type"] = dump_options_header(self.mimetype, options)

        return CallbackDict(parse_options_header(self.headers.get("Content-Type", ""))[1], on_update)

    @property
    def is_json(self) -> bool:
        """Whether the content is JSON: ``application/json`` or ``application/*+json``."""
        mimetype = self.mimetype
        return mimetype is not None and (
            mimetype == "application/json" or (mimetype.startswith("application/") and mimetype.endswith("+json"))
        )

    @property
    def retry_after(self) -> datetime | None:
        """When to try again (RFC 9110 section 10.2.3); set as a time, or as seconds from now."""
        value = self.headers.get("Retry-After")

        if value is None:
            return None

        try:
            return datetime.now(UTC) + timedelta(seconds=int(value))
        except (ValueError, OverflowError):
            return parse_date(value)

    @retry_after.setter
    def retry_after(self, value: datetime | int | str | None) -> None:
        if value is None:
            self.headers.pop("Retry-After", None)
        else:
            self.headers["Retry-After"] = http_date(value) if isinstance(value, datetime) else str(value)

    def _write_challenge(self, challenge: WWWAuthenticate) -> None:
        self.headers["WWW-Authenticate"] = challenge.to_header()

    @property
    def www_authenticate(self) -> WWWAuthenticate:
        """The challenge that the client may answer (RFC 9110 section 11.6.1).

        Reading gives the first one, or an empty one that is written as soon as it has a parameter. Several are set as a
        list.
        """
        found = WWWAuthenticate.from_header(self.headers.get("WWW-Authenticate"))
        challenge = WWWAuthenticate("basic") if found is None else found
        challenge._on_update = self._write_challenge
        return challenge

    @www_authenticate.setter
    def www_authenticate(self, value: WWWAuthenticate | list[WWWAuthenticate] | None) -> None:
        if not value:
            self.headers.pop("WWW-Authenticate", None)
        elif isinstance(value, list):
            self.headers.setlist("WWW-Authenticate", [challenge.to_header() for challenge in value])
        else:
            self._write_challenge(value)
            value._on_update = self._write_challenge

    @www_authenticate.deleter
    def www_authenticate(self) -> None:
        self.headers.pop("WWW-Authenticate", None)

    def set_etag(self, etag: str, weak: bool = False) -> None:
        """Set the entity tag.

        :param etag: the opaque part.
        :param weak: mark it as weak.
        :raises ValueError: if it holds a double quote.
        """
        self.headers["ETag"] = quote_etag(etag, weak)

    def get_etag(self) -> tuple[str, bool] | tuple[None, None]:
        """Return the opaque part of the entity tag and whether it is weak; ``(None, None)`` if there is none."""
        return unquote_etag(self.headers.get("ETag"))
