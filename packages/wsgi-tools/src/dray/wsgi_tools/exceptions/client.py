"""The errors that are the client's: status codes 4xx (RFC 9110 section 15.5, RFC 6585, RFC 4918, RFC 7725).

One class a code, with the headers that the code asks for. Nothing here decides when an error is raised.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from .._http.dates import http_date
from .._http.ranges import dump_content_range
from .base import HTTPException

if TYPE_CHECKING:
    from ..datastructures.auth import WWWAuthenticate
    from ..sansio.response import Response as Answer


class BadRequest(
    HTTPException,
    code=400,
    description="The browser (or proxy) sent a request that this server could not understand.",
):
    """400: the request can't be understood, or must not be."""


class BadRequestKeyError(BadRequest, KeyError):
    """400: the view asked for a key that the client didn't send. It is a ``KeyError`` too.

    :param arg: the missing key.
    """

    _description: str | None = BadRequest.description

    #: Name the key on the page. A key can tell about the code behind, so only debug mode sets this.
    show_exception = False

    def __init__(self, arg: object | None = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.args = () if arg is None else (arg,)

    @property
    def description(self) -> str | None:
        """What the page says; names the key when :attr:`show_exception` is set."""
        if self.show_exception:
            return f"{self._description}\n{KeyError.__name__}: {KeyError.__str__(self)}"

        return self._description

    @description.setter
    def description(self, value: str | None) -> None:
        self._description = value


class ClientDisconnected(BadRequest):
    """400: the client went away before it had sent the whole body."""


class SecurityError(BadRequest):
    """400: the request breaks a rule of the configuration."""


class BadHost(BadRequest):
    """400: the ``Host`` header isn't a host, or isn't one that is trusted."""


class Unauthorized(
    HTTPException,
    code=401,
    description=(
        "The server could not verify that you are authorized to access the URL requested. You either supplied the wrong"
        " credentials (e.g. a bad password), or your browser doesn't understand how to supply the credentials required."
    ),
):
    """401: the client must say who it is.

    :param www_authenticate: the challenge or challenges that the client may answer.
    """

    def __init__(
        self,
        description: str | None = None,
        response: Answer | None = None,
        www_authenticate: WWWAuthenticate | Iterable[WWWAuthenticate] | None = None,
    ) -> None:
        super().__init__(description, response)

        if www_authenticate is None:
            self.www_authenticate: tuple[WWWAuthenticate, ...] | None = None
        elif hasattr(www_authenticate, "to_header"):
            self.www_authenticate = (cast("WWWAuthenticate", www_authenticate),)
        else:
            self.www_authenticate = tuple(www_authenticate)

    def _own_headers(self) -> list[tuple[str, str]]:
        """Return one ``WWW-Authenticate`` for each challenge."""
        return [("WWW-Authenticate", str(challenge)) for challenge in self.www_authenticate or ()]


class Forbidden(
    HTTPException,
    code=403,
    description=(
        "You don't have the permission to access the requested resource. It is either read-protected or not readable by"
        " the server."
    ),
):
    """403: the client is known, or doesn't matter, and may not."""


class NotFound(
    HTTPException,
    code=404,
    description=(
        "The requested URL was not found on the server. If you entered the URL manually please check your spelling and"
        " try again."
    ),
):
    """404: there is nothing here."""


class MethodNotAllowed(
    HTTPException,
    code=405,
    description="The method is not allowed for the requested URL.",
):
    """405: there is something here, but not for this method.

    :param valid_methods: the methods that are allowed; written as ``Allow``, which the standard asks for.
    """

    def __init__(
        self,
        valid_methods: Iterable[str] | None = None,
        description: str | None = None,
        response: Answer | None = None,
    ) -> None:
        super().__init__(description, response)
        self.valid_methods = valid_methods

    def _own_headers(self) -> list[tuple[str, str]]:
        """Return ``Allow``."""
        return [("Allow", ", ".join(self.valid_methods))] if self.valid_methods else []


class NotAcceptable(
    HTTPException,
    code=406,
    description=(
        "The resource identified by the request is only capable of generating response entities which have content"
        " characteristics not acceptable according to the accept headers sent in the request."
    ),
):
    """406: nothing that the client accepts can be made."""


class RequestTimeout(
    HTTPException,
    code=408,
    description=(
        "The server closed the network connection because the browser didn't finish the request within the specified"
        " time."
    ),
):
    """408: the request took too long to arrive."""


class Conflict(
    HTTPException,
    code=409,
    description=(
        "A conflict happened while processing the request. The resource might have been modified while the request was"
        " being processed."
    ),
):
    """409: the request contradicts what the resource is now."""


class Gone(
    HTTPException,
    code=410,
    description=(
        "The requested URL is no longer available on this server and there is no forwarding address. If you followed a"
        " link from a foreign page, please contact the author of this page."
    ),
):
    """410: there was something here, and there won't be again."""


class LengthRequired(
    HTTPException,
    code=411,
    description="A request with this method requires a valid Content-Length header.",
):
    """411: the body's length isn't given."""


class PreconditionFailed(
    HTTPException,
    code=412,
    description="The precondition on the request for the URL failed positive evaluation.",
):
    """412: a condition of the request doesn't hold."""


class RequestEntityTooLarge(
    HTTPException,
    code=413,
    description="The data value transmitted exceeds the capacity limit.",
):
    """413: the body, or a part of it, is over a limit."""


class RequestURITooLarge(
    HTTPException,
    code=414,
    description=(
        "The length of the requested URL exceeds the capacity limit for this server. The request cannot be processed."
    ),
):
    """414: the URL is too long."""


class UnsupportedMediaType(
    HTTPException,
    code=415,
    description="The server does not support the media type transmitted in the request.",
):
    """415: the body's media type isn't one that is understood here."""


class RequestedRangeNotSatisfiable(
    HTTPException,
    code=416,
    description="The server cannot provide the requested range.",
):
    """416: the range lies outside of the content.

    :param length: length of the content in ``units``; written as ``Content-Range``.
    :param units: unit of the length.
    """

    def __init__(
        self,
        length: int | None = None,
        units: str = "bytes",
        description: str | None = None,
        response: Answer | None = None,
    ) -> None:
        super().__init__(description, response)
        self.length = length
        self.units = units

    def _own_headers(self) -> list[tuple[str, str]]:
        """Return ``Content-Range``."""
        if self.length is None:
            return []

        return [("Content-Range", dump_content_range(self.units, None, None, self.length))]


class ExpectationFailed(
    HTTPException,
    code=417,
    description="The server could not meet the requirements of the Expect header",
):
    """417: what the client expects can't be done."""


class ImATeapot(
    HTTPException,
    code=418,
    description="This server is a teapot, not a coffee machine",
):
    """418: coffee was asked of a teapot (RFC 2324 section 2.3.2)."""


class MisdirectedRequest(
    HTTPException,
    code=421,
    description="The server is not able to produce a response.",
):
    """421: the request was meant for another server."""


class UnprocessableEntity(
    HTTPException,
    code=422,
    description="The request was well-formed but was unable to be followed due to semantic errors.",
):
    """422: the body is well formed and means nothing that can be done."""


class Locked(
    HTTPException,
    code=423,
    description="The resource that is being accessed is locked.",
):
    """423: somebody holds a lock on the resource."""


class FailedDependency(
    HTTPException,
    code=424,
    description=(
        "The method could not be performed on the resource because the requested action depended on another action and"
        " that action failed."
    ),
):
    """424: another action failed that this one needed."""


class PreconditionRequired(
    HTTPException,
    code=428,
    description='This request is required to be conditional; try using "If-Match" or "If-Unmodified-Since".',
):
    """428: the request must carry a condition, so that no update is lost."""


class _RetryAfter(HTTPException):
    """An error that passes: it may say when.

    :param retry_after: seconds from now, or the time; written as ``Retry-After``.
    """

    def __init__(
        self,
        description: str | None = None,
        response: Answer | None = None,
        retry_after: datetime | int | None = None,
    ) -> None:
        super().__init__(description, response)
        self.retry_after = retry_after

    def _own_headers(self) -> list[tuple[str, str]]:
        """Return ``Retry-After``."""
        when = self.retry_after

        if not when:
            return []

        return [("Retry-After", http_date(when) if isinstance(when, datetime) else str(when))]


class TooManyRequests(
    _RetryAfter,
    code=429,
    description="This user has exceeded an allotted request count. Try again later.",
):
    """429: the client asks too often."""


class RequestHeaderFieldsTooLarge(
    HTTPException,
    code=431,
    description="One or more header fields exceeds the maximum size.",
):
    """431: the headers, or one of them, are over a limit."""


class UnavailableForLegalReasons(
    HTTPException,
    code=451,
    description="Unavailable for legal reasons.",
):
    """451: a law or an order keeps the resource away."""
