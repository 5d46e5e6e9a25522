"""The request and the response of ASGI, on the same model as those of WSGI.

Only the edges differ: a body is awaited before it is read, and the call that sends is a coroutine. Everything
between is the same code.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import IO, TYPE_CHECKING, Any, cast

from ..asgi import BodyReader, content_length_of, environ_from_scope, send_response
from .request import Request
from .response import Response

if TYPE_CHECKING:
    from ..asgi import Receive, Scope, Send


class ASGIRequest(Request):
    """A request that comes over ASGI.

    Await :meth:`load_body` before ``form``, ``files``, ``data``, ``stream`` or ``get_json``; from then on they are the
    plain attributes that they are under WSGI. Or iterate over :meth:`chunks`, and nothing is kept.

    :param scope: the scope of the request.
    :param receive: the application's second argument; without it the body is empty.
    """

    def __init__(self, scope: Scope, receive: Receive | None = None) -> None:
        super().__init__(environ_from_scope(scope))
        #: The scope of the request.
        self.scope = scope
        self._receive = receive
        self._loaded: IO[bytes] | None = None
        self._reader: BodyReader | None = None

    def _start_reading(self) -> BodyReader | None:
        if self._reader is None and self._receive is not None:
            self._reader = BodyReader(self._receive, content_length_of(self.scope), self.max_content_length)

        return self._reader

    async def load_body(self) -> None:
        """Read the whole body, to disk if it is long; once.

        :raises RequestEntityTooLarge: if it is longer than ``max_content_length``.
        :raises ClientDisconnected: if the client goes before the end.
        """
        reader = self._start_reading()

        if reader is not None and self._loaded is None:
            self._loaded = self.environ["wsgi.input"] = await reader.spool()

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield the body in the pieces in which it comes.

        :raises RequestEntityTooLarge: as soon as more has come than ``max_content_length``.
        :raises ClientDisconnected: if the client goes before the end.
        """
        reader = self._start_reading()

        if reader is not None:
            async for data in reader:
                yield data

    def close(self) -> None:
        """Close the files of the form, and the body."""
        super().close()

        if self._loaded is not None:
            self._loaded.close()


class ASGIResponse(Response):
    """A response, and the ASGI application that sends it. Its content may be an asynchronous iterable, too."""

    #: Notice a client that goes while a stream is sent: a server says so to whoever receives. Set it to ``False`` where
    #: the content is made of the body of the request while it comes, for then that is what has to receive.
    watches_client = True

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # type: ignore[override]
        """Send the response as an ASGI application.

        :raises ClientDisconnected: if the client goes before the end.
        """
        watched = receive if self.watches_client else None
        await send_response(cast("Any", self), environ_from_scope(scope), send, watched)
