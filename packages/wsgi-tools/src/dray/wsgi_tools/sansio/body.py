"""How much of a request's body has come, and how much may.

The one count that every gateway keeps while it reads: against the announced length, against the limit, and for the
end that comes too early.
"""

from __future__ import annotations

from typing import Final

from ..exceptions.client import ClientDisconnected, RequestEntityTooLarge

#: Bodies and files longer than this are kept on disk, in bytes.
MAX_IN_MEMORY: Final = 500 * 1024


def check_length(size: int | None, limit: int | None) -> None:
    """Check the length of a body, announced or counted, against the limit.

    :param size: the length in bytes; ``None`` if it isn't known.
    :param limit: the longest body that is read, in bytes; ``None`` for no limit.
    :raises RequestEntityTooLarge: if it is over the limit.
    """
    if limit is not None and size is not None and size > limit:
        raise RequestEntityTooLarge(f"The body of the request is longer than the limit max_content_length={limit}.")


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

        check_length(expected, limit)

    def receive(self, size: int) -> None:
        """Count bytes that have come.

        :param size: how many.
        :raises RequestEntityTooLarge: if it is more than may come, or than was announced.
        """
        self.received += size
        check_length(self.received, self.limit)

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
