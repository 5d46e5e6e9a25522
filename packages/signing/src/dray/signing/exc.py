"""What can be wrong with a token, as one family of exceptions.

Catch :exc:`BadData` to catch them all; nothing else comes out of verifying untrusted data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime


class BadData(Exception):
    """The data can't be used: the base of every error here.

    :param message: what is wrong, in one sentence.
    """

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


class BadSignature(BadData):
    """The signature doesn't fit the data.

    :param payload: the data that was not verified, if it could be told apart. Don't trust it.
    """

    def __init__(self, message: str, payload: Any | None = None) -> None:
        super().__init__(message)
        self.payload = payload


class BadTimeSignature(BadSignature):
    """The time in the token is missing, malformed or not acceptable.

    :param date_signed: when the data claims to have been signed, in UTC; trusted only in :exc:`SignatureExpired`.
    """

    def __init__(self, message: str, payload: Any | None = None, date_signed: datetime | None = None) -> None:
        super().__init__(message, payload)
        self.date_signed = date_signed


class SignatureExpired(BadTimeSignature):
    """The signature is right, but older than the caller accepts."""


class BadHeader(BadSignature):
    """The header of a token that has one is malformed.

    :param header: the header as far as it was understood.
    :param original_error: what went wrong while it was read.
    """

    def __init__(
        self,
        message: str,
        payload: Any | None = None,
        header: Any | None = None,
        original_error: Exception | None = None,
    ) -> None:
        super().__init__(message, payload)
        self.header = header
        self.original_error = original_error


class BadPayload(BadData):
    """The signature is right (or wasn't asked for), but the payload can't be decoded.

    :param original_error: what the decoder raised.
    """

    def __init__(self, message: str, original_error: Exception | None = None) -> None:
        super().__init__(message)
        self.original_error = original_error
