"""Building a WSGI environ from what one wants to ask: path, query, headers, form, files, JSON.

A builder is a request in the making: every part can be read and changed until :meth:`EnvironBuilder.get_environ`. It
sends nothing and knows no application.
"""

from __future__ import annotations

import json as _json
import sys
from collections.abc import Iterable, Mapping
from functools import lru_cache
from io import BytesIO
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit, urlunsplit

from .._internal import _wsgi_decoding_dance, _wsgi_encoding_dance
from .._quoting import encode_query
from ..datastructures import Authorization, CombinedMultiDict, EnvironHeaders, FileMultiDict, Headers, MultiDict
from ..http import dump_options_header, parse_options_header
from ..urls import iri_to_uri
from ..utils import get_content_type
from ..wrappers import Request
from .multipart import stream_encode_multipart

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_FORM = "application/x-www-form-urlencoded"
_MULTIPART = "multipart/form-data"
#: Parameters of a builder with the keys that they are taken from.
_COPIED = {
    "method": "REQUEST_METHOD",
    "input_stream": "wsgi.input",
    "errors_stream": "wsgi.errors",
    **{name: f"wsgi.{name}" for name in ("multithread", "multiprocess", "run_once")},
}
#: Headers that the environ has without the prefix; they are written apart.
_DESCRIBED = ("HTTP_CONTENT_TYPE", "HTTP_CONTENT_LENGTH")
#: The keys of the headers that nearly all requests have.
_KEYS = {"Content-Type": "HTTP_CONTENT_TYPE", "Content-Length": "HTTP_CONTENT_LENGTH", "Cookie": "HTTP_COOKIE"}


def _split_path(path: str) -> tuple[str, str]:
    """Split a request target into its path, percent-encoded, and its query."""
    if path.startswith("/") and not path.startswith("//") and "#" not in path:
        plain, _, query = path.partition("?")
        if plain.isascii() and plain.isprintable():
            return plain, query
    parts = urlsplit(path)
    return iri_to_uri(parts.path), parts.query


@lru_cache(32)
def _split_base(url: str) -> tuple[str, str, str]:
    """Split a base URL into scheme, host and path. Tests have few, and use them again and again."""
    parts = urlsplit(iri_to_uri(url))
    if parts.query or parts.fragment:
        raise ValueError("base url must not contain a query string or fragment")
    return parts.scheme, parts.netloc, parts.path.rstrip("/")


def _form_items(data: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    items: Iterable[tuple[str, Any]] = data.lists() if hasattr(data, "lists") else data.items()
    return [(key, single) for key, value in items for single in (value if isinstance(value, list) else (value,))]


class EnvironBuilder:
    """Builds the environ of a request.

    :param path: The path; what follows a ``?`` is the query.
    :param base_url: Scheme, host and the path that the application is mounted at.
    :param query_string: The query, encoded or as a mapping, in place of the one in the path.
    :param method: The method.
    :param input_stream: The body as a stream; there can't be ``data`` then.
    :param content_type: The ``Content-Type`` header.
    :param content_length: The ``Content-Length`` header; worked out when left out.
    :param errors_stream: Stream for ``wsgi.errors``; standard error when left out.
    :param multithread: ``wsgi.multithread``.
    :param multiprocess: ``wsgi.multiprocess``.
    :param run_once: ``wsgi.run_once``.
    :param headers: More headers.
    :param data: The body: text, bytes or a stream, sent as they are; or a mapping of a form, whose values may be files
        (anything with ``read()``, or a tuple of stream, file name and content type) and lists.
    :param environ_base: Values of the environ that everything else overrides.
    :param environ_overrides: Values that override everything else.
    :param mimetype: The media type; a charset is added for text.
    :param json: A value to send as JSON; the content type is set unless one is given.
    :param auth: ``Authorization``: an object, or user name and password.
    :raises TypeError: More than one of ``data``, ``json`` and ``input_stream``.
    :raises ValueError: The query is given twice, or the base URL has one.
    """

    #: The protocol that the environ claims.
    server_protocol = "HTTP/1.1"
    #: The version of WSGI.
    wsgi_version = (1, 0)
    #: Class that :meth:`get_request` makes.
    request_class = Request
    #: How ``json`` is serialized.
    json_dumps = staticmethod(_json.dumps)

    def __init__(
        self,
        path: str = "/",
        base_url: str | None = None,
        query_string: Mapping[str, str] | str | None = None,
        method: str = "GET",
        input_stream: IO[bytes] | None = None,
        content_type: str | None = None,
        content_length: int | None = None,
        errors_stream: IO[str] | None = None,
        multithread: bool = False,
        multiprocess: bool = False,
        run_once: bool = False,
        headers: Headers | Iterable[tuple[str, str]] | None = None,
        data: None | (IO[bytes] | str | bytes | Mapping[str, Any]) = None,
        environ_base: Mapping[str, Any] | None = None,
        environ_overrides: Mapping[str, Any] | None = None,
        mimetype: str | None = None,
        json: Mapping[str, Any] | None = None,
        auth: Authorization | tuple[str, str] | None = None,
    ) -> None:
        self.request_uri = path
        self.path, query = _split_path(path)
        if query_string is None:
            query_string = query
        elif query or path.endswith("?"):
            raise ValueError("Query string is defined in the path and as an argument")
        self._args: MultiDict[str, str] | None = None
        self._query_string: str | None = None
        if isinstance(query_string, str):
            self._query_string = query_string
        else:
            self._args = MultiDict(query_string)
        self.url_scheme, self.host, self.script_root = "http", "localhost", ""
        if base_url is not None:
            self.base_url = base_url
        self.headers = headers if isinstance(headers, Headers) else Headers(headers)
        self.method = method
        self.errors_stream: IO[str] = sys.stderr if errors_stream is None else errors_stream
        self.multithread = multithread
        self.multiprocess = multiprocess
        self.run_once = run_once
        self.environ_base = environ_base
        self.environ_overrides = environ_overrides
        self.closed = False
        self._input_stream = input_stream
        self._form: MultiDict[str, str] | None = None
        self._files: FileMultiDict | None = None
        self._set_described(content_type, content_length, mimetype, auth)
        self._set_body(input_stream, data, json)

    def _set_described(
        self,
        content_type: str | None,
        content_length: int | None,
        mimetype: str | None,
        auth: Authorization | tuple[str, str] | None,
    ) -> None:
        if content_type is not None:
            self.content_type = content_type
        if mimetype is not None:
            self.mimetype = mimetype
        if content_length is not None:
            self.content_length = content_length
        if auth is not None:
            if isinstance(auth, tuple):
                auth = Authorization("basic", {"username": auth[0], "password": auth[1]})
            self.headers["Authorization"] = auth.to_header()

    def _set_body(self, input_stream: IO[bytes] | None, data: Any, json: Any) -> None:
        if json is not None and data is not None:
            raise TypeError("can't provide both json and data")
        if json is not None:
            data = self.json_dumps(json)
            if not self.content_type:
                self._set_header("Content-Type", "application/json")
        if data and input_stream is not None:
            raise TypeError("can't provide input stream and data")
        if data:
            self._set_data(data.encode() if isinstance(data, str) else data)

    def _set_data(self, data: Any) -> None:
        if isinstance(data, bytes):
            self.input_stream = BytesIO(data)
            if self.content_length is None:
                self._set_header("Content-Length", str(len(data)))
        elif hasattr(data, "read"):
            self.input_stream = data
        elif isinstance(data, Mapping):
            self._add_form(data)
        else:
            raise TypeError(f"data must be text, bytes, a stream or a mapping, not {type(data).__name__!r}")

    def _add_form(self, data: Mapping[str, Any]) -> None:
        fields: list[tuple[str, Any]] = []
        for item in _form_items(data):
            value = item[1]
            if isinstance(value, str):
                fields.append(item)
            elif isinstance(value, tuple):
                self.files.add_file(item[0], *value)
            elif hasattr(value, "read"):
                self.files.add_file(item[0], value)
            else:
                fields.append(item)
        if fields:
            self.form = MultiDict(fields)

    @classmethod
    def from_environ(cls, environ: WSGIEnvironment, **kwargs: Any) -> EnvironBuilder:
        """Make a builder that has what an environ has.

        :param environ: The environ. Its body becomes the input stream, and isn't parsed.
        :param kwargs: Other values for parameters of the builder.
        """
        headers = Headers(EnvironHeaders(environ))
        scheme, host = environ["wsgi.url_scheme"], headers.pop("Host", None) or _host(environ)
        options: dict[str, Any] = {
            "path": _wsgi_decoding_dance(environ["PATH_INFO"]).replace("%", "%25").replace("?", "%3F"),
            "base_url": cls._make_base_url(scheme, host, _wsgi_decoding_dance(environ["SCRIPT_NAME"])),
            "query_string": _wsgi_decoding_dance(environ.get("QUERY_STRING", "")),
            "headers": headers,
            "content_length": headers.pop("Content-Length", None),
            "content_type": headers.pop("Content-Type", None),
            **{name: environ[key] for name, key in _COPIED.items()},
        }
        options.update(kwargs)
        return cls(**options)

    @staticmethod
    def _make_base_url(scheme: str, host: str, script_root: str) -> str:
        return f"{urlunsplit((scheme, host, script_root, '', '')).rstrip('/')}/"

    @property
    def base_url(self) -> str:
        """Scheme, host and the path of the application, with a slash at the end."""
        return self._make_base_url(self.url_scheme, self.host, self.script_root)

    @base_url.setter
    def base_url(self, value: str | None) -> None:
        self.url_scheme, self.host, self.script_root = (
            ("http", "localhost", "") if value is None else _split_base(value)
        )

    @property
    def content_type(self) -> str | None:
        """The content type; without a header what the form and the files need."""
        value = self.headers.get("Content-Type")
        if value is None and self._input_stream is None:
            if self._files:
                return _MULTIPART
            if self._form:
                return _FORM
            return None
        return value

    @content_type.setter
    def content_type(self, value: str | None) -> None:
        self._set_header("Content-Type", value)

    def _set_header(self, name: str, value: str | None) -> None:
        if value is None:
            self.headers.pop(name, None)
        else:
            self.headers[name] = value

    @property
    def mimetype(self) -> str | None:
        """The content type without its parameters; setting it adds a charset for text."""
        content_type = self.content_type
        return content_type.partition(";")[0].strip() if content_type else None

    @mimetype.setter
    def mimetype(self, value: str) -> None:
        self.content_type = get_content_type(value, "utf-8")

    @property
    def mimetype_params(self) -> Mapping[str, str]:
        """The parameters of the content type; a change in them changes the header."""
        params = parse_options_header(self.headers.get("Content-Type", ""))[1]
        return _TypeParameters(self, params)

    @property
    def content_length(self) -> int | None:
        """The content length, if it is set."""
        value = self.headers.get("Content-Length")
        return int(value) if value else None

    @content_length.setter
    def content_length(self, value: int | None) -> None:
        self._set_header("Content-Length", None if value is None else str(value))

    def _no_stream(self) -> None:
        if self._input_stream is not None:
            raise AttributeError("an input stream is defined")

    @property
    def form(self) -> MultiDict[str, str]:
        """The values of the form.

        :raises AttributeError: The body is a stream.
        """
        self._no_stream()
        if self._form is None:
            self._form = MultiDict()
        return self._form

    @form.setter
    def form(self, value: MultiDict[str, str]) -> None:
        self._input_stream = None
        self._form = value

    @property
    def files(self) -> FileMultiDict:
        """The files of the form; ``files.add_file(name, stream, filename, content_type)`` adds one.

        :raises AttributeError: The body is a stream.
        """
        self._no_stream()
        if self._files is None:
            self._files = FileMultiDict()
        return self._files

    @files.setter
    def files(self, value: FileMultiDict) -> None:
        self._input_stream = None
        self._files = value

    @property
    def input_stream(self) -> IO[bytes] | None:
        """The body as a stream; setting it drops the form and the files."""
        return self._input_stream

    @input_stream.setter
    def input_stream(self, value: IO[bytes] | None) -> None:
        self._form = self._files = None
        self._input_stream = value

    @property
    def query_string(self) -> str:
        """The query, encoded; setting it drops :attr:`args`."""
        encoded = self._query_string
        if encoded is not None:
            return encoded
        return encode_query(self._args) if self._args else ""

    @query_string.setter
    def query_string(self, value: str | None) -> None:
        self._args, self._query_string = None, value

    @property
    def args(self) -> MultiDict[str, str]:
        """The query as a multi dict.

        :raises AttributeError: The query is set as text.
        """
        if self._query_string:
            raise AttributeError("a query string is defined")
        if self._args is None:
            self._args, self._query_string = MultiDict(), None
        return self._args

    @args.setter
    def args(self, value: MultiDict[str, str] | None) -> None:
        self._args, self._query_string = value, None

    @property
    def server_name(self) -> str:
        """The host without the port."""
        host = self.host
        if host.startswith("["):
            return host.partition("]")[0][1:]
        return host.partition(":")[0]

    @property
    def server_port(self) -> int:
        """The port: that of the host, or the scheme's."""
        port = self.host.rpartition("]")[2].partition(":")[2]
        if port.isdecimal():
            return int(port)
        return 443 if self.url_scheme == "https" else 80

    def __del__(self) -> None:
        try:
            self.close()
        except Exception:  # noqa: S110 - what happens at the end of the interpreter helps nobody
            pass

    def __enter__(self) -> EnvironBuilder:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the files."""
        if self.closed:
            return
        files = self._files
        if files:
            for file in files.listvalues() if hasattr(files, "listvalues") else ():
                for single in file:
                    single.close()
        self.closed = True

    def _body(self) -> tuple[IO[bytes], int | None, str | None]:
        """Return the body, its length and its content type."""
        stream, length, content_type = self._input_stream, self.content_length, self.content_type
        if stream is not None:
            return stream, _remaining(stream) if length is None else length, content_type
        mimetype = content_type
        if content_type and content_type != _FORM:
            mimetype = content_type.partition(";")[0].strip().lower()
        if mimetype == _MULTIPART and content_type is not None:
            _, options = parse_options_header(content_type)
            parts: CombinedMultiDict[str, Any] = CombinedMultiDict([self.form, self.files])
            stream, length, boundary = stream_encode_multipart(parts, boundary=options.get("boundary"))
            return stream, length, dump_options_header(_MULTIPART, {**options, "boundary": boundary})
        if mimetype == _FORM:
            body = encode_query(self.form).encode("ascii")
            return BytesIO(body), len(body), content_type
        return BytesIO(), length, content_type

    def get_environ(self) -> WSGIEnvironment:
        """Return the environ. Its streams are the builder's own."""
        stream, length, content_type = self._body()
        environ: WSGIEnvironment = dict(self.environ_base) if self.environ_base else {}
        request_uri = _wsgi_encoding_dance(self.request_uri)
        path, script_root = self.path, self.script_root
        environ.update(
            {
                "REQUEST_METHOD": self.method,
                "SCRIPT_NAME": _environ_path(script_root) if script_root else "",
                "PATH_INFO": _environ_path(path),
                "QUERY_STRING": _wsgi_encoding_dance(self.query_string),
                # The target as it was asked for; servers name it either way.
                "REQUEST_URI": request_uri,
                "RAW_URI": request_uri,
                "HTTP_HOST": self.host,
                "SERVER_PROTOCOL": self.server_protocol,
                "SERVER_PORT": str(self.server_port),
                "SERVER_NAME": self.server_name,
                "wsgi.input": stream,
                "wsgi.url_scheme": self.url_scheme,
                "wsgi.version": self.wsgi_version,
                "wsgi.errors": self.errors_stream,
                "wsgi.multithread": self.multithread,
                "wsgi.multiprocess": self.multiprocess,
                "wsgi.run_once": self.run_once,
            }
        )
        if self.headers:
            self._add_headers(environ)
        if content_type is not None:
            environ["CONTENT_TYPE"] = content_type
        if length is not None:
            environ["CONTENT_LENGTH"] = str(length)
        if self.environ_overrides:
            environ.update(self.environ_overrides)
        return environ

    def _add_headers(self, environ: WSGIEnvironment) -> None:
        combined: dict[str, str] = {}
        for name, value in self.headers.to_wsgi_list():
            key = _KEYS.get(name)
            if key is None:
                key = f"HTTP_{name.upper().replace('-', '_')}"
            if key in _DESCRIBED:
                continue
            combined[key] = f"{combined[key]}, {value}" if key in combined else value
        environ.update(combined)

    def get_request(self, cls: type[Request] | None = None) -> Request:
        """Return a request with the environ.

        :param cls: Its class; :attr:`request_class` when left out.
        """
        return (cls or self.request_class)(self.get_environ())


class _TypeParameters(dict[str, str]):
    """Parameters of a builder's content type; each change is written to the header."""

    def __init__(self, builder: EnvironBuilder, params: Mapping[str, str]) -> None:
        super().__init__(params)
        self._builder = builder

    def _write(self) -> None:
        self._builder.headers["Content-Type"] = dump_options_header(self._builder.mimetype, self)

    def __setitem__(self, key: str, value: str) -> None:
        super().__setitem__(key, value)
        self._write()

    def __delitem__(self, key: str) -> None:
        super().__delitem__(key)
        self._write()


def _environ_path(path: str) -> str:
    """Decode a percent-encoded path to the form that PEP 3333 asks for."""
    return _wsgi_encoding_dance(unquote(path)) if "%" in path or not path.isascii() else path


def _host(environ: WSGIEnvironment) -> str:
    name, port = environ["SERVER_NAME"], environ["SERVER_PORT"]
    return f"{name}:{port}" if (environ["wsgi.url_scheme"], port) not in (("http", "80"), ("https", "443")) else name


def _remaining(stream: IO[bytes]) -> int | None:
    """Return how many bytes are left in a stream, or ``None`` when it can't seek."""
    try:
        position = stream.tell()
        end = stream.seek(0, 2)
        stream.seek(position)
    except (AttributeError, OSError, ValueError):
        return None
    return end - position


def create_environ(*args: Any, **kwargs: Any) -> WSGIEnvironment:
    """Build an environ from the arguments of :class:`EnvironBuilder`, and close the builder."""
    builder = EnvironBuilder(*args, **kwargs)
    try:
        return builder.get_environ()
    finally:
        builder.close()
