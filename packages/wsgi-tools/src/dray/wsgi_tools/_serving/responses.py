"""Writing one response to a connection: status line, headers, and a body that ends where HTTP says it does.

Knows PEP 3333's ``start_response`` and RFC 9112's framing. The connection is a function that takes bytes; whether it
stays open afterwards is told by :attr:`ResponseWriter.must_close`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from email.utils import formatdate
from typing import Any


class ResponseWriter:
    """Collects the start of a response, then writes it with the body.

    :param send: Writes bytes to the client.
    :param server: Value of the ``Server`` header.
    :param method: The request's method: to HEAD no body is sent.
    :param is_http_11: Whether the client understands chunked bodies.
    :param keep_alive: Whether the connection may stay open.
    """

    def __init__(
        self, send: Callable[[bytes], object], server: str, method: str, is_http_11: bool, keep_alive: bool
    ) -> None:
        self._send = send
        self._server = server
        self._method = method
        self._is_http_11 = is_http_11
        self.must_close = not keep_alive
        self.status: str | None = None
        self.headers: list[tuple[str, str]] = []
        self.headers_sent = False
        self._sends_body = True
        self._chunked = False
        self._length: int | None = None
        self._written = 0

    @property
    def code(self) -> int:
        """The status code."""
        return int((self.status or "500").partition(" ")[0])

    def start_response(
        self, status: str, headers: list[tuple[str, str]], exc_info: Any = None, /
    ) -> Callable[[bytes], None]:
        """Take the status and the headers (PEP 3333).

        :raises AssertionError: It was called before, and there is no error to report.
        """
        if exc_info:
            try:
                if self.headers_sent:
                    raise exc_info[1].with_traceback(exc_info[2])
            finally:
                exc_info = None
        elif self.status is not None:
            raise AssertionError("Headers already set: start_response() was called twice without an error.")
        self.status, self.headers = status, list(headers)
        return self.write

    def write(self, data: bytes) -> None:
        """Write a part of the body, after the headers.

        :raises AssertionError: ``start_response`` wasn't called.
        :raises TypeError: The data isn't bytes.
        """
        if self.status is None:
            raise AssertionError("write() before start_response()")
        if not isinstance(data, bytes):
            raise TypeError(f"applications must write bytes, not {type(data).__name__!r}")
        if not data:
            return
        if not self.headers_sent:
            self._send_headers()
        if not self._sends_body:
            return
        if self._length is not None:
            # Bytes past the declared length would be taken for the next response.
            data = data[: self._length - self._written]
        self._written += len(data)
        if self._chunked:
            self._send(b"%x\r\n%b\r\n" % (len(data), data))
        elif data:
            self._send(data)

    def write_all(self, body: Iterable[bytes]) -> None:
        """Write a whole body, and the headers even if it is empty.

        :raises AssertionError: ``start_response`` wasn't called.
        """
        if isinstance(body, (list, tuple)) and len(body) == 1 and self.status is not None and not self._written:
            self._declare_length(body[0])
        for data in body:
            self.write(data)
        self.finish()

    def _declare_length(self, data: Any) -> None:
        """Add the length of a body that is there in one piece (PEP 3333, "Handling the Content-Length Header")."""
        if isinstance(data, bytes) and not self.headers_sent and self._has_body() and not self._has("content-length"):
            self.headers.append(("Content-Length", str(len(data))))

    def _has(self, name: str) -> bool:
        return any(key.lower() == name for key, _ in self.headers)

    def _has_body(self) -> bool:
        return not (100 <= self.code < 200 or self.code in (204, 304))

    def finish(self) -> None:
        """Write the end of the body."""
        if self.status is None:
            raise AssertionError("The application returned without calling start_response().")
        if not self.headers_sent:
            self._send_headers()
        if self._chunked:
            self._send(b"0\r\n\r\n")
        elif self._sends_body and self._length is not None and self._written < self._length:
            self.must_close = True  # what follows would be read as the rest of this body

    def _send_headers(self) -> None:
        names = {key.lower(): value for key, value in self.headers}
        self._sends_body = self._method != "HEAD" and self._has_body()
        length = names.get("content-length", "")
        self._length = int(length) if length.isascii() and length.isdigit() else None
        if "close" in names.get("connection", "").lower():
            self.must_close = True
        extra: list[tuple[str, str]] = []
        if self._sends_body and self._length is None and "transfer-encoding" not in names:
            if self._is_http_11:
                self._chunked = True
                extra.append(("Transfer-Encoding", "chunked"))
            else:
                self.must_close = True  # the end of the connection is the end of the body
        if "server" not in names:
            extra.append(("Server", self._server))
        if "date" not in names:
            extra.append(("Date", formatdate(usegmt=True)))
        if "connection" not in names:
            extra.append(("Connection", "close" if self.must_close else "keep-alive"))
        self._send(self._head([*self.headers, *extra]))
        self.headers_sent = True

    def _head(self, headers: list[tuple[str, str]]) -> bytes:
        code, _, reason = (self.status or "").partition(" ")
        lines = [f"HTTP/1.1 {code} {reason}", *(f"{key}: {value}" for key, value in headers)]
        for line in lines:
            if "\r" in line or "\n" in line:
                raise ValueError(f"a status or header must not have line breaks: {line[:60]!r}")
        return "\r\n".join([*lines, "", ""]).encode("latin-1")
