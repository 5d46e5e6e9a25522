"""The response of WSGI: a sans-IO response, an iterable as its content, and the call that sends both (PEP 3333).

What status and headers go out is decided in ``sansio.start``; here it is carried out.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, Any, cast

from .._http.dates import http_date
from .._http.digest import generate_etag
from .._http.ranges import dump_content_range
from .._internal import _get_environ
from .._properties import cached_property
from .._types import Text
from .._wsgi_streams import _RangeWrapper
from ..datastructures import Headers
from ..sansio.response import Response as _SansIOResponse
from ..sansio.response import _has_header
from ..sansio.start import (
    COMPLETED,
    finish_headers,
    has_no_content,
    precondition_status,
    range_part,
    sends_body,
    wants_range,
)
from ..wsgi import ClosingIterator, get_current_url

if TYPE_CHECKING:
    from http import HTTPStatus
    from typing import Self

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from .request import Request

HeaderSource = Mapping[str, str | Iterable[str]] | Iterable[tuple[str, str]] | None

_length_pairs: dict[int, tuple[str, str]] = {}


def _length_pair(length: int) -> tuple[str, str]:
    """Make the header; those of short contents are kept."""
    pair = ("Content-Length", str(length))

    if length < _SHORT:
        _length_pairs[length] = pair

    return pair


_SHORT = 4097


def _must_complete(pairs: list[tuple[str, str]]) -> bool:
    for name, _ in pairs:  # noqa: SIM110 - asked for each response: any() costs twice the time
        if name.lower() in COMPLETED:
            return True

    return False


def _iter_encoded(iterable: Iterable[str | bytes]) -> Iterator[bytes]:
    for item in iterable:
        yield item.encode() if isinstance(item, str) else item


class Response(_SansIOResponse):
    """A response, and the WSGI application that sends it.

    :param response: the content: text, bytes, or an iterable of either.
    :param status: the status: a code, a code and a phrase, or an :class:`http.HTTPStatus`.
    :param headers: the headers: a mapping, pairs, or :class:`~dray.wsgi_tools.datastructures.Headers`, which are shared
        with whoever gave them.
    :param mimetype: the media type; one of text gets ``charset=utf-8``.
    :param content_type: the whole value of ``Content-Type``, in place of ``mimetype``.
    :param direct_passthrough: give the iterable to the server untouched, as a file wrapper must be.
    """

    #: Turn an iterable into a list when its content is asked for.
    implicit_sequence_conversion = True

    #: Make ``Location`` absolute.
    autocorrect_location_header = False

    #: Set ``Content-Length`` when the content is known.
    automatically_set_content_length = True

    #: Give the iterable to the server untouched, as a file wrapper must be.
    direct_passthrough = False

    #: What :meth:`get_json` parses with.
    json_module: Any = json

    #: The content: a list, or an iterable that is sent as it comes.
    response: Iterable[str] | Iterable[bytes]

    _on_close_list: list[Callable[[], Any]] | None

    # The bytes whose length the last of the headers gives.
    _measured: Any = object()

    def __init__(
        self,
        response: Iterable[bytes] | bytes | Iterable[str] | str | None = None,
        status: int | str | HTTPStatus | None = None,
        headers: HeaderSource = None,
        mimetype: Text = None,
        content_type: Text = None,
        direct_passthrough: bool = False,
    ) -> None:
        self._begin(status, headers, mimetype, content_type)
        self._on_close_list = None

        if direct_passthrough:
            self.direct_passthrough = True

        if isinstance(response, str):
            data: Any = response.encode()
        elif isinstance(response, (bytes, bytearray)):
            data = response
        else:
            self.response = [] if response is None else response
            return

        self.response = [data]

        if self.automatically_set_content_length:
            if self._given and _has_header(self._header_list, "content-length"):
                self.headers["Content-Length"] = str(len(data))
            else:
                self._header_list.append(_length_pairs.get(len(data)) or _length_pair(len(data)))

                if type(data) is bytes:
                    self._measured = data

    @property
    def _on_close(self) -> list[Callable[[], Any]]:
        functions = self._on_close_list

        if functions is None:
            functions = self._on_close_list = []

        return functions

    def call_on_close(self, func: Callable[[], Any]) -> Callable[[], Any]:
        """Call a function when the server has sent the response; returns it, so it is a decorator too."""
        self._on_close.append(func)
        return func

    def __repr__(self) -> str:
        if self.is_sequence:
            content = f"{sum(map(len, self.iter_encoded()))} bytes"
        else:
            content = "streamed" if self.is_streamed else "likely-streamed"

        return f"<{type(self).__name__} {content} [{self.status}]>"

    @classmethod
    def force_type(cls, response: Response | WSGIApplication, environ: WSGIEnvironment | None = None) -> Self:
        """Make a response of this class of another one, or of a WSGI application.

        :param response: the response, which is changed, or the application.
        :param environ: the environ to call an application with.
        :raises TypeError: for an application without an environ.
        """
        if not isinstance(response, Response):
            if environ is None:
                raise TypeError("a WSGI application needs the environ of the request to become a response")

            from ..test import run_wsgi_app  # noqa: PLC0415 - the test package stands above, and is seldom needed

            return cls(*run_wsgi_app(response, environ))

        response.__class__ = cls
        return cast("Self", response)

    @classmethod
    def from_app(cls, app: WSGIApplication, environ: WSGIEnvironment, buffered: bool = False) -> Self:
        """Make a response of what a WSGI application answers.

        :param app: the application.
        :param environ: the environ to call it with.
        :param buffered: run it to its end at once.
        """
        from ..test import run_wsgi_app  # noqa: PLC0415 - the test package stands above, and is seldom needed

        return cls(*run_wsgi_app(app, environ, buffered))

    def get_data(self, as_text: bool = False) -> bytes | str:
        """Return the content, which becomes a list if it isn't one.

        :param as_text: decoded.
        :raises RuntimeError: if it would have to become one, and :attr:`implicit_sequence_conversion` is off.
        """
        self._ensure_sequence()
        data = b"".join(self.iter_encoded())
        return data.decode() if as_text else data

    def set_data(self, value: bytes | str) -> None:
        """Set the content, and ``Content-Length``."""
        data = value.encode() if isinstance(value, str) else value

        if not isinstance(data, (bytes, bytearray, memoryview)):
            raise TypeError(f"the content of a response is text or bytes, not {type(data).__name__!r}")

        self.response = [data]

        if self.automatically_set_content_length:
            self.headers["Content-Length"] = str(len(data))

    data = property(get_data, set_data, doc="The content as bytes, see :meth:`get_data`.")

    def calculate_content_length(self) -> int | None:
        """Return the length of the content in bytes; ``None`` if it is streamed."""
        try:
            self._ensure_sequence()
        except RuntimeError:
            return None

        return sum(map(len, self.iter_encoded()))

    def _ensure_sequence(self, mutable: bool = False) -> None:
        if isinstance(self.response, list) or (self.is_sequence and not mutable):
            return

        if self.is_sequence:
            self.response = [*self.iter_encoded()]
            return

        if self.direct_passthrough:
            raise RuntimeError(
                "Attempted implicit sequence conversion but the response object is in direct passthrough mode."
            )

        if not self.implicit_sequence_conversion:
            raise RuntimeError(
                "The response object required the iterable to be a sequence, but the implicit conversion was disabled."
                " Call make_sequence() yourself."
            )

        self.make_sequence()

    def make_sequence(self) -> None:
        """Turn the content into a list of bytes; its ``close`` is called when the response is closed."""
        if self.is_sequence:
            return

        content = self.response
        self.response = [*self.iter_encoded()]

        if hasattr(content, "close"):
            self._on_close.append(content.close)

    @property
    def is_sequence(self) -> bool:
        """Whether the content is a list or a tuple, so that it can be read again."""
        return isinstance(self.response, (list, tuple))

    @property
    def is_streamed(self) -> bool:
        """Whether the content is an iterable without a length."""
        return not hasattr(self.response, "__len__")

    def iter_encoded(self) -> Iterator[bytes]:
        """Yield the content, text encoded as UTF-8."""
        return _iter_encoded(self.response)

    def close(self) -> None:
        """Close the content and call the functions of :meth:`call_on_close`, all of them even if one fails."""
        close = getattr(self.response, "close", None)
        functions = self._on_close_list or ()
        error: BaseException | None = None

        for function in functions if close is None else (close, *functions):
            try:
                function()
            except BaseException as raised:  # noqa: BLE001 - raised again below
                error = error or raised

        if error is not None:
            raise error

    @property
    def needs_closing(self) -> bool:
        """Whether :meth:`close` does anything: a gateway that can't wait for it has to have it done elsewhere."""
        return (
            bool(self._on_close_list)
            or hasattr(self.response, "close")
            or type(self).close is not _CLOSE
            or "close" in self.__dict__
        )

    def __enter__(self) -> Response:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def freeze(self) -> None:
        """Make the response ready to be kept: content in memory, length and entity tag set."""
        content = list(self.iter_encoded())
        self.response = content
        self.headers["Content-Length"] = str(sum(map(len, content)))
        self.add_etag()

    def get_wsgi_headers(self, environ: WSGIEnvironment) -> Headers:
        """Return the headers as they are sent in answer to a request."""
        return Headers._wrap(self._finish_headers(environ))

    def _finish_headers(self, environ: WSGIEnvironment) -> list[tuple[str, str]]:
        if self._headers is None and not self._given and not self.is_sequence and not has_no_content(self._status_code):
            return [*self._header_list]  # a stream whose headers nobody has touched: the media type alone

        current_url = measure = None

        if self.autocorrect_location_header:
            current_url = partial(get_current_url, environ, strip_querystring=True)

        if self.automatically_set_content_length and self.is_sequence:
            measure = self._measure

        # Headers of another class may show something else than they keep.
        shown = self._headers
        headers = self._header_list if shown is None or type(shown) is Headers else shown.to_wsgi_list()
        return finish_headers(headers, self._status_code, current_url=current_url, measure=measure)

    def _measure(self) -> int:
        return sum(map(len, self.iter_encoded()))

    def get_app_iter(self, environ: WSGIEnvironment) -> Iterable[bytes]:
        """Return the iterable that is sent in answer to a request; empty for one without a body."""
        if not sends_body(environ["REQUEST_METHOD"], self._status_code):
            return ClosingIterator((), self.close)

        if self.direct_passthrough:
            return self.response  # type: ignore[return-value]

        return ClosingIterator(self.iter_encoded(), self.close)

    def _content_to_send(self, environ: WSGIEnvironment) -> Iterable[bytes]:
        """Give one piece of bytes that nothing waits for as it stands, and anything else an end."""
        response = self.response

        if (
            type(response) is list
            and len(response) == 1
            and type(response[0]) is bytes
            and self._on_close_list is None
            and sends_body(environ["REQUEST_METHOD"], self._status_code)
        ):
            return response

        return self.get_app_iter(environ)

    def get_wsgi_response(self, environ: WSGIEnvironment) -> tuple[Iterable[bytes], str, list[tuple[str, str]]]:
        """Return content, status and headers as they are sent in answer to a request."""
        if _steps(type(self)) == _DOCUMENTED and _STEPS.isdisjoint(self.__dict__):
            return self._content_to_send(environ), self._status, self._finish_headers(environ)

        headers = self.get_wsgi_headers(environ)
        return self.get_app_iter(environ), self.status, headers.to_wsgi_list()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Send the response as a WSGI application (PEP 3333)."""
        if self._is_ready(environ):
            start_response(self._status, [*self._header_list])  # the server may change the list
            return self.response  # type: ignore[return-value]

        app_iter, status, headers = self.get_wsgi_response(environ)
        start_response(status, headers)
        return app_iter

    def _is_ready(self, environ: WSGIEnvironment) -> bool:
        """Say whether content and headers can go out as they stand.

        They can if the content is one piece of bytes whose length stands in the headers, nothing waits for the end,
        nobody has looked at the headers, none of them has to be completed, and the steps are the documented ones.
        """
        response = self.response
        return (
            self._headers is None
            and self._on_close_list is None
            and type(response) is list
            and len(response) == 1
            and response[0] is self._measured
            and 200 <= self._status_code != 204
            and self._status_code != 304
            and environ["REQUEST_METHOD"] != "HEAD"
            and not (self._given and _must_complete(self._header_list))
            and _steps(type(self)) == _DOCUMENTED
            and (len(self.__dict__) == _FRESH or _STEPS.isdisjoint(self.__dict__))
        )

    @property
    def json(self) -> Any | None:
        """The content parsed as JSON; ``None`` if its media type is another."""
        return self.get_json()

    def get_json(self, force: bool = False, silent: bool = False) -> Any | None:
        """Parse the content as JSON.

        :param force: whatever its media type.
        :param silent: give ``None`` if it can't be parsed.
        """
        if not (force or self.is_json):
            return None

        try:
            return self.json_module.loads(self.get_data())
        except ValueError:
            if not silent:
                raise

            return None

    @cached_property
    def stream(self) -> ResponseStream:
        """The content as a file that is written to."""
        return ResponseStream(self)

    def make_conditional(
        self,
        request_or_environ: WSGIEnvironment | Request,
        accept_ranges: bool | str = False,
        complete_length: int | None = None,
    ) -> Self:
        """Let the conditions and the range of a request decide what is sent (RFC 9110 sections 13 and 14).

        :param request_or_environ: the request.
        :param accept_ranges: send a part if one is asked for: ``True`` for bytes, or the value of ``Accept-Ranges``.
        :param complete_length: length of the content in bytes; without it no part is sent.
        :return: the response itself: 304 without content, 412, 206 with a part, or as it was.
        :raises RequestedRangeNotSatisfiable: if the range isn't one, or lies outside of the content.
        """
        environ = _get_environ(request_or_environ)

        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            return self

        headers = self.headers

        if "Date" not in headers:
            headers["Date"] = http_date()

        if accept_ranges:
            headers["Accept-Ranges"] = "bytes" if accept_ranges is True else str(accept_ranges)

        status = None

        if not _CONDITIONS.isdisjoint(environ):
            status = precondition_status(
                _lookup(environ),
                method=environ["REQUEST_METHOD"],
                status_code=self._status_code,
                etag=headers.get("ETag"),
                last_modified=self.last_modified,
            )

        if status is not None:
            self.status_code = status
        elif self._process_range_request(environ, complete_length, accept_ranges):
            return self

        if self.automatically_set_content_length and "Content-Length" not in headers:
            length = self.calculate_content_length()

            if length is not None:
                headers["Content-Length"] = str(length)

        return self

    def _is_range_request_processable(self, environ: WSGIEnvironment) -> bool:
        """Say whether a request asks for a part of what the content is now."""
        return "HTTP_RANGE" in environ and wants_range(
            _lookup(environ), etag=self.headers.get("ETag"), last_modified=self.last_modified
        )

    def _process_range_request(
        self, environ: WSGIEnvironment, complete_length: int | None, accept_ranges: bool | str
    ) -> bool:
        """Cut the content to the part that a request asks for.

        :return: whether it asks for one.
        :raises RequestedRangeNotSatisfiable: if the range isn't one, or lies outside of the content.
        """
        # "A server MUST ignore a Range header field received with a request method that is unrecognized or for which
        # range handling is not defined. For this specification, GET is the only method" (RFC 9110 section 14.2)
        if (
            not accept_ranges
            or not complete_length
            or environ.get("REQUEST_METHOD", "GET") != "GET"
            or not self._is_range_request_processable(environ)
        ):
            return False

        start, stop = range_part(environ["HTTP_RANGE"], complete_length)
        self.headers["Content-Length"] = str(stop - start)
        self.headers["Accept-Ranges"] = "bytes" if accept_ranges is True else str(accept_ranges)
        self.headers["Content-Range"] = dump_content_range("bytes", start, stop, complete_length)
        self.status_code = 206
        self._wrap_range_response(start, stop - start)
        return True

    def _wrap_range_response(self, start: int, length: int) -> None:
        """Put a part of the content in its place."""
        content = self.response if self.direct_passthrough else self.iter_encoded()

        self.response = _RangeWrapper(cast("Iterable[bytes]", content), start, length)

    def add_etag(self, overwrite: bool = False, weak: bool = False) -> None:
        """Make an entity tag of the content.

        :param overwrite: also if there is one.
        :param weak: mark it as weak.
        """
        if overwrite or "etag" not in self.headers:
            self.set_etag(generate_etag(cast("bytes", self.get_data())), weak)


# The headers that precondition_status() looks at, as an environ has them.
_CONDITIONS = frozenset({"HTTP_IF_MATCH", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_UNMODIFIED_SINCE"})


def _lookup(environ: WSGIEnvironment) -> Callable[[str], str | None]:
    return lambda name: environ.get(f"HTTP_{name.upper().replace('-', '_')}")


# The short way out is for classes and objects that leave the documented steps alone. They are looked at each time, in
# 0.1 us each, for a test may replace one of them on a class or an object for a while.
_STEPS = frozenset({"get_wsgi_headers", "get_app_iter", "get_wsgi_response", "iter_encoded", "close"})
_steps = attrgetter(*_STEPS)
_DOCUMENTED = _steps(Response)
_CLOSE = Response.close
# How many attributes a response has from the beginning: content, headers and what was measured.
_FRESH = len(vars(Response("text")))


class ResponseStream:
    """The content of a response as a file that is written to.

    :param response: the response, whose content becomes a list.
    """

    mode = "wb+"

    def __init__(self, response: Response) -> None:
        self.response = response
        self.closed = False

    def _check_open(self) -> None:
        if self.closed:
            raise ValueError("the stream of the response is closed")

    def write(self, value: bytes) -> int:
        """Append to the content; its length isn't known any more.

        :return: the number of bytes.
        :raises ValueError: if the stream is closed.
        """
        self._check_open()
        self.response._ensure_sequence(mutable=True)
        cast("list[bytes]", self.response.response).append(value)
        self.response.headers.pop("Content-Length", None)
        return len(value)

    def writelines(self, seq: Iterable[bytes]) -> None:
        """Append several pieces."""
        for item in seq:
            self.write(item)

    def close(self) -> None:
        """Refuse further writes."""
        self.closed = True

    def flush(self) -> None:
        """Check that the stream is open.

        :raises ValueError: if it is closed.
        """
        self._check_open()

    def isatty(self) -> bool:
        """Say that it is no terminal.

        :raises ValueError: if it is closed.
        """
        self._check_open()
        return False

    def tell(self) -> int:
        """Return the length of the content in bytes."""
        self.response._ensure_sequence()
        return sum(map(len, cast("list[bytes]", self.response.response)))

    @property
    def encoding(self) -> str:
        """The charset of text in the content."""
        return "utf-8"
