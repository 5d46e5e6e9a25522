"""The errors that are ours: status codes 5xx (RFC 9110 section 15.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .base import HTTPException
from .client import _RetryAfter

if TYPE_CHECKING:
    from ..sansio.response import Response as SansIOResponse


class InternalServerError(HTTPException):
    """500: the program failed.

    :param original_exception: the exception that nobody handled.
    """

    code = 500
    description = (
        "The server encountered an internal error and was unable to complete your request. Either the server is"
        " overloaded or there is an error in the application."
    )

    def __init__(
        self,
        description: str | None = None,
        response: SansIOResponse | None = None,
        original_exception: BaseException | None = None,
    ) -> None:
        #: The exception that nobody handled; ``None`` if the error was raised on purpose.
        self.original_exception = original_exception
        super().__init__(description, response)


class NotImplemented(HTTPException):
    """501: the action isn't there."""

    code = 501
    description = "The server does not support the action requested by the browser."


class BadGateway(HTTPException):
    """502: a server behind this one gave an answer that makes no sense."""

    code = 502
    description = "The proxy server received an invalid response from an upstream server."


class ServiceUnavailable(_RetryAfter):
    """503: not now."""

    code = 503
    description = (
        "The server is temporarily unable to service your request due to maintenance downtime or capacity problems."
        " Please try again later."
    )


class GatewayTimeout(HTTPException):
    """504: a server behind this one didn't answer in time."""

    code = 504
    description = "The connection to an upstream server timed out."


class HTTPVersionNotSupported(HTTPException):
    """505: the version of HTTP isn't spoken here."""

    code = 505
    description = "The server does not support the HTTP protocol version used in the request."
