"""The request of WSGI: a sans-IO request whose values come from the environ, and a body that can be read.

Making one costs next to nothing: each value is taken from the environ when it is first asked for.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from functools import update_wrapper
from io import BytesIO
from typing import IO, TYPE_CHECKING, Any, cast

from .._internal import _wsgi_decoding_dance
from .._properties import cached_property, environ_property
from ..datastructures import CombinedMultiDict, EnvironHeaders, FileStorage, Headers, ImmutableMultiDict, MultiDict
from ..exceptions.base import HTTPException
from ..exceptions.client import BadRequest, UnsupportedMediaType
from ..formparser import FormDataParser, default_stream_factory
from ..sansio.request import Request as _SansIORequest
from ..wsgi import _get_server, get_input_stream

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class Request(_SansIORequest):
    """A request with its body.

    :param environ: the WSGI environ.
    :param populate_request: enter the request into the environ as ``werkzeug.request``.
    :param shallow: refuse to read the body, for code that only looks at the headers.
    """

    #: The longest body that is read, in bytes; a longer one raises
    #: :exc:`~dray.wsgi_tools.exceptions.RequestEntityTooLarge`. ``None`` for no limit.
    max_content_length: int | None = None

    #: The longest field of a form that is no file, in bytes; multipart forms only.
    max_form_memory_size: int | None = 500_000

    #: The largest number of parts of a multipart form.
    max_form_parts: int | None = 1000

    #: The class that reads forms.
    form_data_parser_class: type[FormDataParser] = FormDataParser

    #: What :meth:`get_json` parses with.
    json_module: Any = json

    #: The WSGI environ.
    environ: WSGIEnvironment

    #: Whether the body mustn't be read.
    shallow: bool

    def __init__(self, environ: WSGIEnvironment, populate_request: bool = True, shallow: bool = False) -> None:
        self.environ = environ
        self.shallow = shallow

        if populate_request and not shallow:
            environ["werkzeug.request"] = self

    @cached_property
    def method(self) -> str:
        """The method, in upper case."""
        method: str = self.environ.get("REQUEST_METHOD", "GET")
        return method.upper()

    @cached_property
    def scheme(self) -> str:
        """The protocol: ``"http"`` or ``"https"``, ``"ws"`` or ``"wss"``."""
        scheme: str = self.environ.get("wsgi.url_scheme", "http")
        return scheme

    @cached_property
    def server(self) -> tuple[str, int | None] | None:
        """Address and port of the server."""
        return _get_server(self.environ)

    @cached_property
    def root_path(self) -> str:
        """The path that the application is mounted at, without a slash at its end."""
        return _wsgi_decoding_dance(self.environ.get("SCRIPT_NAME") or "").rstrip("/")

    @cached_property
    def path(self) -> str:
        """The path behind the root, with a slash before it."""
        return "/" + _wsgi_decoding_dance(self.environ.get("PATH_INFO") or "").lstrip("/")

    @cached_property
    def query_string(self) -> bytes:
        """The query as bytes."""
        try:
            query: str = self.environ["QUERY_STRING"]
        except KeyError:  # the environ of a scope answers this faster than get()
            return b""
        return query.encode("latin-1")

    @cached_property
    def headers(self) -> Headers:
        """The headers: a view of the environ."""
        return EnvironHeaders(self.environ)

    @cached_property
    def remote_addr(self) -> str | None:
        """The address of the client, or of the last proxy."""
        return self.environ.get("REMOTE_ADDR")

    remote_user = environ_property[str]("REMOTE_USER", doc="The user that the server has authenticated, if it has.")
    is_multithread = environ_property[bool]("wsgi.multithread", doc="Whether the server runs several threads.")
    is_multiprocess = environ_property[bool]("wsgi.multiprocess", doc="Whether the server runs several processes.")
    is_run_once = environ_property[bool]("wsgi.run_once", doc="Whether the application is run only once.")

    @classmethod
    def from_values(cls, *args: Any, **kwargs: Any) -> Request:
        """Make a request of the arguments of :class:`~dray.wsgi_tools.test.EnvironBuilder`."""
        from ..test import EnvironBuilder  # noqa: PLC0415 - the test package stands above, and is seldom needed

        with closing(EnvironBuilder(*args, **kwargs)) as builder:
            return builder.get_request(cls)

    @classmethod
    def application(cls, f: Callable[[Request], WSGIApplication]) -> WSGIApplication:
        """Make a WSGI application of a function that takes a request and returns a response.

        An :exc:`~dray.wsgi_tools.exceptions.HTTPException` that it raises is the response.

        :param f: the function; a method gets its object first.
        """

        def application(*args: Any) -> Any:
            environ: WSGIEnvironment = args[-2]
            start_response: StartResponse = args[-1]

            with cls(environ) as request:
                try:
                    response = cast("Callable[..., WSGIApplication]", f)(*args[:-2], request)
                except HTTPException as error:
                    response = cast("WSGIApplication", error.get_response(environ))

                return response(environ, start_response)

        return cast("WSGIApplication", update_wrapper(application, f))

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        """Return the stream that an uploaded file is written to; the hook to store it elsewhere.

        :param total_content_length: length of the whole body in bytes, if known.
        :param content_type: the file's media type.
        :param filename: its name, as the client gave it.
        :param content_length: its length in bytes, if the client gave it.
        """
        return default_stream_factory(total_content_length, content_type, filename, content_length)

    @property
    def want_form_data_parsed(self) -> bool:
        """Whether the body is looked at as a form: it is if it has a media type."""
        return bool(self.environ.get("CONTENT_TYPE"))

    def make_form_data_parser(self) -> FormDataParser:
        """Make the parser of the form."""
        return self.form_data_parser_class(
            cls=self.parameter_storage_class,
            max_content_length=self.max_content_length,
            max_form_parts=self.max_form_parts,
            max_form_memory_size=self.max_form_memory_size,
            stream_factory=self._get_file_stream,
        )

    def _load_form_data(self) -> None:
        """Read the form, once: stream, fields and files become plain attributes."""
        if "form" in self.__dict__:
            return

        if self.want_form_data_parsed:
            mimetype, options = self._parsed_content_type
            result = self.make_form_data_parser().parse(
                self._get_stream_for_parsing(), mimetype.lower(), self.content_length, options
            )
        else:
            result = (self.stream, self.parameter_storage_class(), self.parameter_storage_class())

        # Past the descriptors: they would only come back here.
        values = self.__dict__
        values["stream"], values["form"], values["files"] = result

    def _get_stream_for_parsing(self) -> IO[bytes]:
        data = getattr(self, "_cached_data", None)
        return self.stream if data is None else BytesIO(data)

    def close(self) -> None:
        """Close the files of the form; temporary ones go away."""
        files = self.__dict__.get("files")

        for _, file in files.items(multi=True) if files is not None else ():
            file.close()

    def __enter__(self) -> Request:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    @cached_property
    def stream(self) -> IO[bytes]:
        """The body as a stream that ends where the body ends.

        Reading it leaves nothing for :attr:`data` and :attr:`form`; a form that was read leaves nothing here.

        :raises RequestEntityTooLarge: if the body is longer than :attr:`max_content_length`.
        """
        if self.shallow:
            raise RuntimeError(
                "This request was created with 'shallow=True', reading from the input stream is disabled."
            )

        return get_input_stream(self.environ, max_content_length=self.max_content_length)

    input_stream = environ_property[IO[bytes]](
        "wsgi.input", doc="The server's own stream, which doesn't end where the body ends. Use :attr:`stream`."
    )

    @cached_property
    def data(self) -> bytes:
        """The body as bytes; empty if it was a form."""
        return cast("bytes", self.get_data(parse_form_data=True))

    def get_data(self, cache: bool = True, as_text: bool = False, parse_form_data: bool = False) -> bytes | str:
        """Return the body.

        :param cache: keep it, so that it can be asked for again and be read as a form.
        :param as_text: decoded as UTF-8.
        :param parse_form_data: read it as a form first, if it is one: then nothing is left.
        :raises RequestEntityTooLarge: if the body is longer than :attr:`max_content_length`.
        """
        data: bytes | None = getattr(self, "_cached_data", None)

        if data is None:
            if parse_form_data:
                self._load_form_data()

            data = self.stream.read()

            if cache:
                self._cached_data = data

        return data.decode(errors="replace") if as_text else data

    @cached_property
    def form(self) -> ImmutableMultiDict[str, str]:
        """The fields of the form."""
        self._load_form_data()
        return cast("ImmutableMultiDict[str, str]", self.__dict__["form"])

    @cached_property
    def values(self) -> CombinedMultiDict[str, str]:
        """The fields of the query string and, for a method with a body, of the form."""
        sources: list[MultiDict[str, str]] = [self.args]

        if self.method in {"POST", "PUT", "PATCH"}:
            sources.append(self.form)

        return CombinedMultiDict(sources)

    @cached_property
    def files(self) -> ImmutableMultiDict[str, FileStorage]:
        """The files of the form."""
        self._load_form_data()
        return cast("ImmutableMultiDict[str, FileStorage]", self.__dict__["files"])

    @property
    def script_root(self) -> str:
        """The same as :attr:`root_path`, without a slash at its end."""
        return self.root_path.rstrip("/")

    @cached_property
    def url_root(self) -> str:
        """The same as :attr:`root_url`."""
        return self.root_url

    # What parsing gave: loud and silent, for the two differ when it fails.
    _cached_json: tuple[Any, Any] = (Ellipsis, Ellipsis)

    @property
    def json(self) -> Any:
        """The body parsed as JSON, see :meth:`get_json`.

        :raises UnsupportedMediaType: if its media type is another.
        :raises BadRequest: if it isn't JSON.
        """
        return self.get_json()

    def get_json(self, force: bool = False, silent: bool = False, cache: bool = True) -> Any | None:
        """Parse the body as JSON.

        :param force: whatever its media type.
        :param silent: return ``None`` for another media type, and for what isn't JSON.
        :param cache: keep body and result, so that both can be asked for again.
        :raises UnsupportedMediaType: if its media type is another.
        :raises BadRequest: if it isn't JSON.
        """
        if cache and self._cached_json[silent] is not Ellipsis:
            return self._cached_json[silent]

        if not (force or self.is_json):
            return None if silent else self.on_json_loading_failed(None)

        data = self.get_data(cache=cache)

        try:
            loud = quiet = self.json_module.loads(data)
        except ValueError as error:
            quiet = None

            if silent:
                if cache:
                    self._cached_json = (self._cached_json[0], None)

                return None

            loud = self.on_json_loading_failed(error)

        if cache:
            self._cached_json = (loud, quiet)

        return loud

    def on_json_loading_failed(self, e: ValueError | None) -> Any:
        """Answer a body that can't be read as JSON; what this returns is used in its place.

        :param e: what the parser raised; ``None`` if the media type is another.
        :raises UnsupportedMediaType: for another media type.
        :raises BadRequest: for what isn't JSON.
        """
        if e is not None:
            raise BadRequest(f"Failed to decode JSON object: {e}")

        raise UnsupportedMediaType(
            "Did not attempt to load JSON data because the request Content-Type was not 'application/json'."
        )
