"""The body of an ASGI request: counted while it comes, kept in a file, or taken piece by piece.

What counts is ``sansio.body``. A body is read before the code that needs it runs, so that the code finds a file as it
does under WSGI (:func:`read_ahead`). What is too long for that is read on, by whoever wants it: a thread waits for it,
a coroutine iterates over it. Knows nothing of forms, and nothing of applications.
"""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Coroutine
from io import BytesIO
from time import monotonic
from typing import IO, TYPE_CHECKING, Any, cast

from ..exceptions.base import HTTPException
from ..exceptions.client import ClientDisconnected, RequestEntityTooLarge, RequestTimeout
from ..sansio.body import MAX_IN_MEMORY, Body, check_length
from .scope import content_length_of

if TYPE_CHECKING:
    from .scope import Message, Receive, Scope

#: A body may take its time, and a second more for each of as many bytes as this.
SLOWEST_RATE = 500


class BodyReader:
    """The body of a request, read from the messages that ``receive`` gives.

    :param receive: the application's second argument.
    :param expected: the announced length in bytes; ``None`` if it isn't known.
    :param limit: the longest body that is read, in bytes; ``None`` for no limit.
    :param timeout: how many seconds the body may take, and one more for each 500 bytes; ``None`` for no limit.
    :raises RequestEntityTooLarge: if more was announced than may come.
    """

    def __init__(
        self, receive: Receive, expected: int | None = None, limit: int | None = None, timeout: float | None = None
    ) -> None:
        self._receive = receive
        self._body = Body(expected, limit)
        self._timeout = timeout
        self._since: float | None = None
        self.finished = False

    @property
    def received(self) -> int:
        """How many bytes have come."""
        return self._body.received

    def limit_to(self, limit: int | None) -> None:
        """Set the longest body that is read, in bytes.

        :raises RequestEntityTooLarge: if more was announced, or has come.
        """
        check_length(self._body.expected, limit)
        check_length(self._body.received, limit)
        self._body.limit = limit

    async def _next_message(self) -> Message:
        """Wait for a message, as long as the body may take.

        :raises RequestTimeout: if none came in time.
        """
        if self._timeout is None:
            return await self._receive()

        import asyncio  # noqa: PLC0415 - 38 ms; a server of ASGI has it already

        now = monotonic()
        self._since = now if self._since is None else self._since
        left = self._since + self._timeout + self.received / SLOWEST_RATE - now

        try:
            async with asyncio.timeout(left):
                return await self._receive()
        except TimeoutError:
            self.finished = True
            raise RequestTimeout(
                f"The body of the request didn't come within {self._timeout:g} seconds and"
                f" {SLOWEST_RATE} bytes a second: {self.received} bytes are there."
            ) from None

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield the body in the pieces in which it comes.

        No message is asked for before the piece before it was taken, so the server can hold the client back.

        :raises RequestEntityTooLarge: as soon as more has come than may.
        :raises ClientDisconnected: if the client goes before the end.
        :raises RequestTimeout: if it comes too slowly.
        """
        while not self.finished:
            data = await self.next_chunk()

            if data:
                yield data

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self.chunks()

    async def next_chunk(self) -> bytes:
        """Return the next piece, which may be empty; after the last one, :attr:`finished` is set.

        :raises RequestEntityTooLarge: as soon as more has come than may.
        :raises ClientDisconnected: if the client goes before the end.
        :raises RequestTimeout: if it comes too slowly.
        """
        message = await self._next_message()

        if message["type"] != "http.request":
            self.finished = True
            raise ClientDisconnected()

        data: bytes = message.get("body", b"")
        self._body.receive(len(data))

        if not message.get("more_body", False):
            self.finished = True
            self._body.end()

        return data

    async def read(self) -> bytes:
        """Return the rest of the body.

        :raises RequestEntityTooLarge: if it is longer than it may be.
        :raises ClientDisconnected: if the client goes before the end.
        """
        return b"".join([data async for data in self.chunks()])

    async def spool(self) -> IO[bytes]:
        """Read the rest of the body into a file, in memory as long as it is short, and return that at its start.

        :raises RequestEntityTooLarge: if it is longer than it may be; the file is closed.
        :raises ClientDisconnected: if the client goes before the end; the same.
        """
        spool = Spool()

        try:
            async for data in self.chunks():
                spool.write(data)
        except BaseException:
            spool.file.close()
            raise

        spool.file.seek(0)
        return spool.file


class Spool:
    """A file that moves from memory to disk when it gets long."""

    def __init__(self) -> None:
        self.file: IO[bytes] = BytesIO()
        self.size = 0

    def write(self, data: bytes) -> None:
        """Append to the file."""
        if self.size <= MAX_IN_MEMORY < self.size + len(data):
            self.file = _move_to_disk(cast("BytesIO", self.file))

        self.file.write(data)
        self.size += len(data)


def _move_to_disk(stream: BytesIO) -> IO[bytes]:
    from tempfile import TemporaryFile  # noqa: PLC0415 - 10 ms, and bodies are mostly short

    file = cast("IO[bytes]", TemporaryFile("rb+"))  # noqa: SIM115
    file.write(stream.getbuffer())
    return file


class _Source(io.RawIOBase):
    """What has come of a body, then what still comes.

    :param reader: reads what still comes.
    :param ahead: the most that a coroutine finds read, in bytes.
    """

    def __init__(self, reader: BodyReader, ahead: int | None) -> None:
        from asyncio import get_running_loop  # noqa: PLC0415 - 38 ms; a server of ASGI has it already

        self.reader = reader
        self.spool = Spool()
        #: Why reading ahead ended early, for whoever asks for the body.
        self.error: HTTPException | None = None
        self._ahead = ahead
        self._loop = get_running_loop()

    async def fill(self) -> None:
        """Read ahead, to the end or just over what is wanted; an error is kept for whoever wants more."""
        try:
            while not self.reader.finished and (self._ahead is None or self.spool.size <= self._ahead):
                self.spool.write(await self.reader.next_chunk())
        except HTTPException as error:
            self.error = error

        self.spool.file.seek(0)

    def hand_over(self) -> IO[bytes]:
        """Give the file with what has come away, so that it stays open."""
        file, self.spool = self.spool.file, Spool()
        return file

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read what is there, or wait in a thread for more."""
        view = memoryview(buffer)
        data = self.spool.file.read(len(view)) or self._wait_for_more(len(view))
        view[: len(data)] = data
        return len(data)

    def _wait_for_more(self, size: int) -> bytes:
        if self.error is not None:
            raise self.error

        while not self.reader.finished:
            data = self._wait(self.reader.next_chunk())

            if data:
                # What the caller has no room for is there the next time.
                self.spool = Spool()
                self.spool.write(data[size:])
                self.spool.file.seek(0)
                return data[:size]

        return b""

    def _wait(self, coroutine: Coroutine[Any, Any, bytes]) -> bytes:
        import asyncio  # noqa: PLC0415 - 38 ms; a server of ASGI has it already

        if asyncio._get_running_loop() is not None:
            coroutine.close()
            raise RequestEntityTooLarge(
                f"The body of the request is longer than the {self._ahead} bytes that are read before a coroutine runs."
                " Iterate over request.stream there."
            )

        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()

    async def pieces(self) -> AsyncIterator[bytes]:
        """Yield what is there, then what comes."""
        while data := self.spool.file.read(MAX_IN_MEMORY):
            yield data

        if self.error is not None:
            raise self.error

        async for data in self.reader:
            yield data

    def close(self) -> None:
        """Close the file that holds what has come."""
        self.spool.file.close()
        super().close()


class BodyStream(io.BufferedReader):
    """A body that isn't all there, as a file: read it in a thread, or iterate over it in a coroutine.

    :param source: where it comes from.
    """

    def __init__(self, source: _Source) -> None:
        super().__init__(source, MAX_IN_MEMORY)
        self._source = source

    def limit_to(self, limit: int | None) -> BodyStream:
        """Set the longest body that is read, in bytes, and return the stream.

        :raises RequestEntityTooLarge: if more was announced, or has come.
        """
        self._source.reader.limit_to(limit)
        return self

    async def load(self) -> None:
        """Read the rest, so that reading doesn't wait any more.

        :raises RequestEntityTooLarge: if it is longer than it may be.
        :raises ClientDisconnected: if the client goes before the end.
        :raises RequestTimeout: if it comes too slowly.
        """
        source = self._source

        if source.error is not None:
            raise source.error

        where = source.spool.file.seek(0, io.SEEK_CUR)
        source.spool.file.seek(0, io.SEEK_END)

        async for data in source.reader:
            source.spool.write(data)

        source.spool.file.seek(where)

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._source.pieces()


async def read_ahead(
    scope: Scope, receive: Receive, limit: int | None, ahead: int | None, timeout: float | None = None
) -> IO[bytes]:
    """Read the body before the code that needs it runs.

    What is announced or turns out to be over a limit isn't read; nothing is raised here. Whoever reads the stream to
    that point gets the error, or, where more may be read, waits for it in a thread.

    :param scope: the scope of the request.
    :param receive: the application's second argument.
    :param limit: the longest body that is wanted, in bytes; ``None`` for no limit.
    :param ahead: how much is read now, in bytes; ``None`` for all of it, 0 for nothing.
    :param timeout: how many seconds the body may take, and one more for each 500 bytes.
    :return: the body as a file, at its start.
    """
    expected = content_length_of(scope)
    source = _Source(BodyReader(receive, expected, timeout=timeout), ahead)

    if limit is not None and (ahead is None or limit < ahead):
        source._ahead = limit

    if ahead != 0 and (expected is None or source._ahead is None or expected <= source._ahead):
        await source.fill()

    if source.reader.finished and source.error is None:
        return source.hand_over()

    return BodyStream(source)
