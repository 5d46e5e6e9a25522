"""The errors that are ours: status codes 5xx (RFC 9110 section 15.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .base import HTTPException
from .client import _RetryAfter

if TYPE_CHECKING:
    from ..sansio.response import Response as Answer


class InternalServerError(
    HTTPException,
    code=500,
    description=(
        "The server encountered an internal error and was unable to complete your request. Either the server is"
        " overloaded or there is an error in the application."
    ),
):
    """500: the program failed.

    :param original_exception: the exception that nobody handled.
    """

    def __init__(
        self,
        description: str | None = None,
        response: Answer | None = None,
        original_exception: BaseException | None = None,
    ) -> None:
        #: The exception that nobody handled; ``None`` if the error was raised on purpose.
        self.original_exception = original_exception
        super().__init__(description, response)


class NotImplemented(
    HTTPException,
    code=501,
    description="The server does not support the action requested by the browser.",
):
    """501: the action isn't there."""


class BadGateway(
    HTTPException,
    code=502,
    description="The proxy server received an invalid response from an upstream server.",
):
    """502: a server behind this one gave an answer that makes no sense."""


class ServiceUnavailable(
    _RetryAfter,
    code=503,
    description=(
        "The server is temporarily unable to service your request due to maintenance downtime or capacity problems."
        " Please try again later."
    ),
):
    """503: not now."""


class GatewayTimeout(
    HTTPException,
    code=504,
    description="The connection to an upstream server timed out.",
):
    """504: a server behind this one didn't answer in time."""


class HTTPVersionNotSupported(
    HTTPException,
    code=505,
    description="The server does not support the HTTP protocol version used in the request.",
):
    """505: the version of HTTP isn't spoken here."""
