"""What a response is: status, headers and cookies.

The gateways' own classes derive from it and add content. How it is sent is decided in ``start``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from .._http.cookies import MAX_COOKIE_SIZE, Cookie, dump_cookie
from .._http.options import content_type_charset
from .._http.status import HTTP_STATUS_CODES, status_line
from .._types import Expiry, Span, Text
from ..datastructures import Headers
from ._response_headers import ResponseHeaders

if TYPE_CHECKING:
    from http import HTTPStatus

#: The header of each media type that was asked for, shared by all responses.
_content_type_pairs: dict[str, tuple[str, str]] = {}
_MAX_PAIRS = 128


def _content_type_pair(mimetype: str) -> tuple[str, str]:
    pair = ("Content-Type", content_type_charset(mimetype, "utf-8"))

    if len(_content_type_pairs) < _MAX_PAIRS:
        _content_type_pairs[mimetype] = pair

    return pair


_new = object.__new__


def _has_header(pairs: list[tuple[str, str]], wanted: str) -> bool:
    for name, _ in pairs:  # noqa: SIM110 - asked for each response: any() costs twice the time
        if name.lower() == wanted:
            return True

    return False


class Response(ResponseHeaders):
    """A response without its content.

    :param status: the status: a code, a code and a phrase, or an :class:`http.HTTPStatus`.
    :param headers: the headers: a mapping, pairs, or :class:`~dray.wsgi_tools.datastructures.Headers`, which are shared
        with whoever gave them.
    :param mimetype: the media type; one of text gets ``charset=utf-8``.
    :param content_type: the whole value of ``Content-Type``, in place of ``mimetype``.
    """

    #: The status of a response that is made without one.
    default_status = 200

    #: The media type of a response that is made without one; ``None`` for no header.
    default_mimetype: str | None = "text/plain"

    #: Cookies that make a longer header warn, in bytes; 0 never warns.
    max_cookie_size = MAX_COOKIE_SIZE

    #: ``SameSite`` of cookies that are set without one; ``None`` leaves it to the browser.
    default_samesite: str | None = None

    # Set for each response, although most are the same: what stands on an object is found faster than on its class.
    _status: str
    _status_code: int

    # The headers as they are kept. The object that shows them is made when somebody asks for it, over the same list.
    _header_list: list[tuple[str, str]]
    _headers: Headers | None

    # Whether headers came from outside: then any may be among them.
    _given: bool

    def __init__(
        self,
        status: int | str | HTTPStatus | None = None,
        headers: Mapping[str, str | Iterable[str]] | Iterable[tuple[str, str]] | None = None,
        mimetype: str | None = None,
        content_type: str | None = None,
    ) -> None:
        self._begin(status, headers, mimetype, content_type)

    def _begin(
        self,
        status: int | str | HTTPStatus | None,
        headers: Mapping[str, str | Iterable[str]] | Iterable[tuple[str, str]] | None,
        mimetype: str | None,
        content_type: str | None,
    ) -> None:
        self._status, self._status_code = "200 OK", 200
        self._headers, self._given = None, False

        if headers is None:
            if content_type is not None:
                self._header_list = [("Content-Type", content_type)]
            elif (kind := self.default_mimetype if mimetype is None else mimetype) is not None:
                self._header_list = [_content_type_pairs.get(kind) or _content_type_pair(kind)]
            else:
                self._header_list = []
        else:
            self._given = True

            if isinstance(headers, Headers):
                self.headers = headers
            else:
                self._header_list = Headers(headers)._list

            self._add_content_type(mimetype, content_type)

        if status is None:
            status = self.default_status

        if status != 200 or type(status) is not int:
            self._status, self._status_code = status_line(status)

    def _add_content_type(self, mimetype: str | None, content_type: str | None) -> None:
        """Add ``Content-Type`` to headers that were given, unless it is there and nothing else is asked for."""
        has_it = _has_header(self._header_list, "content-type")

        if content_type is not None:
            pair = ("Content-Type", content_type)
        else:
            kind = mimetype if mimetype is not None or has_it else self.default_mimetype

            if kind is None:
                return

            pair = _content_type_pairs.get(kind) or _content_type_pair(kind)

        if has_it:
            self.headers.set(*pair)
        else:
            self._header_list.append(pair)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} [{self.status}]>"

    @property
    def headers(self) -> Headers:
        """The headers."""
        headers = self._headers

        if headers is None:
            headers = self._headers = _new(Headers)
            headers._list = self._header_list

        return headers

    @headers.setter
    def headers(self, value: Headers | Mapping[str, str] | Iterable[tuple[str, str]]) -> None:
        self._headers = headers = value if isinstance(value, Headers) else Headers(value)
        self._header_list = headers._list

    def _set_status(self, value: str | int | HTTPStatus) -> None:
        self._status, self._status_code = status_line(value)

    @property
    def status(self) -> str:
        """The status code and its phrase; set as those, or as the code alone."""
        return self._status

    @status.setter
    def status(self, value: str | int | HTTPStatus) -> None:
        self._set_status(value)

    @property
    def status_code(self) -> int:
        """The status code alone."""
        return self._status_code

    @status_code.setter
    def status_code(self, value: int) -> None:
        self._set_status(value)

    def set_cookie(
        self,
        key: str,
        value: str = "",
        max_age: Span = None,
        expires: Expiry = None,
        path: Text = "/",
        domain: Text = None,
        secure: bool = False,
        httponly: bool = False,
        samesite: Text = None,
        partitioned: bool = False,
    ) -> None:
        """Add a cookie.

        The parameters are those of :class:`~dray.wsgi_tools.datastructures.Cookie`.

        :raises ValueError: for a name or an attribute that can't be, and for a prefix of the name whose promise
            isn't kept.
        """
        text = dump_cookie(
            key,
            value,
            max_age,
            expires,
            path,
            domain,
            secure,
            httponly,
            max_size=self.max_cookie_size,
            samesite=self.default_samesite if samesite is None else samesite,
            partitioned=partitioned,
        )
        self.headers.add("Set-Cookie", text)

    def add_cookie(self, cookie: Cookie) -> None:
        """Add a cookie that is a value already.

        :raises ValueError: as :meth:`set_cookie`.
        """
        self.set_cookie(*cookie)

    def delete_cookie(
        self,
        key: str,
        path: Text = "/",
        domain: Text = None,
        secure: bool = False,
        httponly: bool = False,
        samesite: Text = None,
        partitioned: bool = False,
    ) -> None:
        """Make the browser drop a cookie: set it with the same path and domain, and an end in the past."""
        self.set_cookie(
            key,
            max_age=0,
            expires=0,
            partitioned=partitioned,
            samesite=samesite,
            httponly=httponly,
            secure=secure,
            domain=domain,
            path=path,
        )


__all__ = ["HTTP_STATUS_CODES", "Response"]
