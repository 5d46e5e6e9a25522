"""How much of a request's body has come, and how much may.

The one count that every gateway keeps while it reads: against the announced length, against the limit, and for the
end that comes too early.
"""

from __future__ import annotations

from ..exceptions.client import ClientDisconnected, RequestEntityTooLarge


class Body:
    """The state of a body that is being read.

    :param expected: the announced length in bytes; ``None`` if it isn't known.
    :param limit: the longest body that is read, in bytes; ``None`` for no limit.
    :raises RequestEntityTooLarge: if more was announced than may come.
    """

    __slots__ = ("ended", "expected", "limit", "received")

    def __init__(self, expected: int | None = None, limit: int | None = None) -> None:
        self.expected = expected
        self.limit = limit
        #: How many bytes have come.
        self.received = 0
        #: Whether the last of them has come.
        self.ended = expected == 0

        if expected is not None:
            self._check(expected)

    def _check(self, size: int) -> None:
        if self.limit is not None and size > self.limit:
            raise RequestEntityTooLarge(
                f"The body of the request is longer than the limit max_content_length={self.limit}."
            )

    def receive(self, size: int) -> None:
        """Count bytes that have come.

        :param size: how many.
        :raises RequestEntityTooLarge: if it is more than may come, or than was announced.
        """
        self.received += size
        self._check(self.received)

        if self.expected is not None:
            if self.received > self.expected:
                raise RequestEntityTooLarge(
                    f"The body of the request is longer than its Content-Length of {self.expected}."
                )

            self.ended = self.received == self.expected

    def end(self) -> None:
        """Note that no more bytes come.

        :raises ClientDisconnected: if fewer have come than were announced.
        """
        if self.expected is not None and self.received < self.expected:
            self.disconnect()

        self.ended = True

    def disconnect(self) -> None:
        """Note that the client has gone.

        :raises ClientDisconnected: unless the whole body had come.
        """
        if not self.ended:
            raise ClientDisconnected()
