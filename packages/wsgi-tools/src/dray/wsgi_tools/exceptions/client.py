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
    from _typeshed.wsgi import WSGIEnvironment

    from ..datastructures.auth import WWWAuthenticate
    from ..sansio.response import Response as SansIOResponse


class BadRequest(HTTPException):
    """400: the request can't be understood, or must not be."""

    code = 400
    description: str | None = "The browser (or proxy) sent a request that this server could not understand."


class BadRequestKeyError(BadRequest, KeyError):
    """400: the view asked for a key that the client didn't send. It is a ``KeyError`` too.

    :param arg: the missing key.
    """

    _description: str | None = BadRequest.description

    #: Name the key on the page. A key can tell about the code behind, so only debug mode sets this.
    show_exception = False

    def __init__(self, arg: object | None = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)

        if arg is None:
            KeyError.__init__(self)
        else:
            KeyError.__init__(self, arg)

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


class Unauthorized(HTTPException):
    """401: the client must say who it is.

    :param www_authenticate: the challenge or challenges that the client may answer.
    """

    code = 401
    description = (
        "The server could not verify that you are authorized to access the URL requested. You either supplied the wrong"
        " credentials (e.g. a bad password), or your browser doesn't understand how to supply the credentials required."
    )

    def __init__(
        self,
        description: str | None = None,
        response: SansIOResponse | None = None,
        www_authenticate: WWWAuthenticate | Iterable[WWWAuthenticate] | None = None,
    ) -> None:
        super().__init__(description, response)

        if www_authenticate is None:
            self.www_authenticate: tuple[WWWAuthenticate, ...] | None = None
        elif hasattr(www_authenticate, "to_header"):
            self.www_authenticate = (cast("WWWAuthenticate", www_authenticate),)
        else:
            self.www_authenticate = tuple(www_authenticate)

    def get_headers(
        self, environ: WSGIEnvironment | None = None, scope: dict[str, Any] | None = None
    ) -> list[tuple[str, str]]:
        """Return the headers of the page and one ``WWW-Authenticate`` for each challenge."""
        headers = super().get_headers(environ, scope)

        if self.www_authenticate:
            headers += [("WWW-Authenticate", str(challenge)) for challenge in self.www_authenticate]

        return headers


class Forbidden(HTTPException):
    """403: the client is known, or doesn't matter, and may not."""

    code = 403
    description = (
        "You don't have the permission to access the requested resource. It is either read-protected or not readable by"
        " the server."
    )


class NotFound(HTTPException):
    """404: there is nothing here."""

    code = 404
    description = (
        "The requested URL was not found on the server. If you entered the URL manually please check your spelling and"
        " try again."
    )


class MethodNotAllowed(HTTPException):
    """405: there is something here, but not for this method.

    :param valid_methods: the methods that are allowed; written as ``Allow``, which the standard asks for.
    """

    code = 405
    description = "The method is not allowed for the requested URL."

    def __init__(
        self,
        valid_methods: Iterable[str] | None = None,
        description: str | None = None,
        response: SansIOResponse | None = None,
    ) -> None:
        super().__init__(description, response)
        self.valid_methods = valid_methods

    def get_headers(
        self, environ: WSGIEnvironment | None = None, scope: dict[str, Any] | None = None
    ) -> list[tuple[str, str]]:
        """Return the headers of the page and ``Allow``."""
        headers = super().get_headers(environ, scope)

        if self.valid_methods:
            headers.append(("Allow", ", ".join(self.valid_methods)))

        return headers


class NotAcceptable(HTTPException):
    """406: nothing that the client accepts can be made."""

    code = 406
    description = (
        "The resource identified by the request is only capable of generating response entities which have content"
        " characteristics not acceptable according to the accept headers sent in the request."
    )


class RequestTimeout(HTTPException):
    """408: the request took too long to arrive."""

    code = 408
    description = (
        "The server closed the network connection because the browser didn't finish the request within the specified"
        " time."
    )


class Conflict(HTTPException):
    """409: the request contradicts what the resource is now."""

    code = 409
    description = (
        "A conflict happened while processing the request. The resource might have been modified while the request was"
        " being processed."
    )


class Gone(HTTPException):
    """410: there was something here, and there won't be again."""

    code = 410
    description = (
        "The requested URL is no longer available on this server and there is no forwarding address. If you followed a"
        " link from a foreign page, please contact the author of this page."
    )


class LengthRequired(HTTPException):
    """411: the body's length isn't given."""

    code = 411
    description = "A request with this method requires a valid Content-Length header."


class PreconditionFailed(HTTPException):
    """412: a condition of the request doesn't hold."""

    code = 412
    description = "The precondition on the request for the URL failed positive evaluation."


class RequestEntityTooLarge(HTTPException):
    """413: the body, or a part of it, is over a limit."""

    code = 413
    description = "The data value transmitted exceeds the capacity limit."


class RequestURITooLarge(HTTPException):
    """414: the URL is too long."""

    code = 414
    description = (
        "The length of the requested URL exceeds the capacity limit for this server. The request cannot be processed."
    )


class UnsupportedMediaType(HTTPException):
    """415: the body's media type isn't one that is understood here."""

    code = 415
    description = "The server does not support the media type transmitted in the request."


class RequestedRangeNotSatisfiable(HTTPException):
    """416: the range lies outside of the content.

    :param length: length of the content in ``units``; written as ``Content-Range``.
    :param units: unit of the length.
    """

    code = 416
    description = "The server cannot provide the requested range."

    def __init__(
        self,
        length: int | None = None,
        units: str = "bytes",
        description: str | None = None,
        response: SansIOResponse | None = None,
    ) -> None:
        super().__init__(description, response)
        self.length = length
        self.units = units

    def get_headers(
        self, environ: WSGIEnvironment | None = None, scope: dict[str, Any] | None = None
    ) -> list[tuple[str, str]]:
        """Return the headers of the page and ``Content-Range``."""
        headers = super().get_headers(environ, scope)

        if self.length is not None:
            headers.append(("Content-Range", dump_content_range(self.units, None, None, self.length)))

        return headers


class ExpectationFailed(HTTPException):
    """417: what the client expects can't be done."""

    code = 417
    description = "The server could not meet the requirements of the Expect header"


class ImATeapot(HTTPException):
    """418: coffee was asked of a teapot (RFC 2324 section 2.3.2)."""

    code = 418
    description = "This server is a teapot, not a coffee machine"


class MisdirectedRequest(HTTPException):
    """421: the request was meant for another server."""

    code = 421
    description = "The server is not able to produce a response."


class UnprocessableEntity(HTTPException):
    """422: the body is well formed and means nothing that can be done."""

    code = 422
    description = "The request was well-formed but was unable to be followed due to semantic errors."


class Locked(HTTPException):
    """423: somebody holds a lock on the resource."""

    code = 423
    description = "The resource that is being accessed is locked."


class FailedDependency(HTTPException):
    """424: another action failed that this one needed."""

    code = 424
    description = (
        "The method could not be performed on the resource because the requested action depended on another action and"
        " that action failed."
    )


class PreconditionRequired(HTTPException):
    """428: the request must carry a condition, so that no update is lost."""

    code = 428
    description = 'This request is required to be conditional; try using "If-Match" or "If-Unmodified-Since".'


class _RetryAfter(HTTPException):
    """An error that passes: it may say when.

    :param retry_after: seconds from now, or the time; written as ``Retry-After``.
    """

    def __init__(
        self,
        description: str | None = None,
        response: SansIOResponse | None = None,
        retry_after: datetime | int | None = None,
    ) -> None:
        super().__init__(description, response)
        self.retry_after = retry_after

    def get_headers(
        self, environ: WSGIEnvironment | None = None, scope: dict[str, Any] | None = None
    ) -> list[tuple[str, str]]:
        """Return the headers of the page and ``Retry-After``."""
        headers = super().get_headers(environ, scope)
        retry_after = self.retry_after

        if retry_after:
            value = http_date(retry_after) if isinstance(retry_after, datetime) else str(retry_after)
            headers.append(("Retry-After", value))

        return headers


class TooManyRequests(_RetryAfter):
    """429: the client asks too often."""

    code = 429
    description = "This user has exceeded an allotted request count. Try again later."


class RequestHeaderFieldsTooLarge(HTTPException):
    """431: the headers, or one of them, are over a limit."""

    code = 431
    description = "One or more header fields exceeds the maximum size."


class UnavailableForLegalReasons(HTTPException):
    """451: a law or an order keeps the resource away."""

    code = 451
    description = "Unavailable for legal reasons."
