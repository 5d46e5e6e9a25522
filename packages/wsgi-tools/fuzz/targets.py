"""What is fuzzed: one function of bytes for each parser of what strangers send.

Each does more than call the parser: it checks a promise that must hold whatever comes, and an error that isn't the
documented one is a finding. ``run.py`` looks for new input, ``tests/test_fuzz.py`` runs what was found before.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any

from dray.wsgi_tools import datastructures as ds
from dray.wsgi_tools import http, urls
from dray.wsgi_tools._serving.bodies import DechunkedInput
from dray.wsgi_tools._serving.handler import WSGIRequestHandler
from dray.wsgi_tools.asgi import content_length_of, environ_from_scope, request_arguments
from dray.wsgi_tools.datastructures import Cookie
from dray.wsgi_tools.exceptions import HTTPException, NotFound
from dray.wsgi_tools.formparser import FormDataParser
from dray.wsgi_tools.middleware.proxy_fix import ProxyFix
from dray.wsgi_tools.routing import Map, RequestRedirect, Rule
from dray.wsgi_tools.sansio.request import Request as SansIORequest
from dray.wsgi_tools.sansio.utils import get_content_length, get_current_url, get_host, host_is_trusted
from dray.wsgi_tools.security import safe_join
from dray.wsgi_tools.utils import secure_filename
from dray.wsgi_tools.wrappers import ASGIRequest, Request, Response

CORPUS = Path(__file__).parent / "corpus"


def _text(data: bytes) -> str:
    """Return a header as WSGI has it."""
    return data.decode("latin-1")


def headers(data: bytes) -> None:
    """Headers that are lists, sets and dicts: what is written is what was read."""
    text = _text(data)
    items = http.parse_list_header(text)
    assert all(isinstance(item, str) for item in items)
    http.parse_dict_header(text)
    assert set(http.parse_set_header(http.parse_set_header(text).to_header())) == set(http.parse_set_header(text))
    policy = http.parse_csp_header(text)
    assert http.parse_csp_header(policy.to_header()).to_header() == policy.to_header()
    http.parse_cache_control_header(text, cls=ds.ResponseCacheControl).to_header()
    assert isinstance(http.parse_cache_control_header(text).max_age, (int, str, type(None)))
    tags = http.parse_etags(text)
    assert http.parse_etags(tags.to_header()).as_set(True) == tags.as_set(True)
    http.unquote_etag(text)


def options(data: bytes) -> None:
    """A value with parameters: written and read again it is the same."""
    value, parameters = http.parse_options_header(_text(data))
    again = http.parse_options_header(http.dump_options_header(value, parameters))
    if "\n" not in value and "\r" not in value:
        assert again[0] == value.strip().lower() or again[0] == value, (value, again)


def cookies(data: bytes) -> None:
    """Cookies of both directions; what a server writes, it reads."""
    text = _text(data)
    for key, value in http.parse_cookie(text).items(multi=True):
        assert key
        with suppress(ValueError):
            header = http.dump_cookie(key, value, max_size=0)
            assert http.parse_cookie(header.partition("; Path=")[0])[key] == value
    cookie = Cookie.from_header(text)
    if cookie is not None:
        with suppress(ValueError):
            cookie.to_header()


def dates(data: bytes) -> None:
    """Dates and ages: what is understood is written in the one form that is read again."""
    text = _text(data)
    date = http.parse_date(text)
    if date is not None:
        assert date.tzinfo is not None
        assert http.parse_date(http.http_date(date)) == date
    age = http.parse_age(text)
    assert age is None or age.total_seconds() >= 0
    http.parse_if_range_header(text).to_header()


def ranges(data: bytes) -> None:
    """Ranges lie inside of what they are ranges of."""
    text = _text(data)
    length = len(data) * 7
    wanted = http.parse_range_header(text)
    if wanted is not None:
        assert http.parse_range_header(wanted.to_header()).ranges == wanted.ranges  # type: ignore[union-attr]
        part = wanted.range_for_length(length)
        assert part is None or 0 <= part[0] < part[1] <= length
    content = http.parse_content_range_header(text)
    if content is not None and content.units:
        content.to_header()
    environ = {"REQUEST_METHOD": "GET", "HTTP_RANGE": text, "HTTP_IF_RANGE": text, "HTTP_IF_MATCH": text}
    response = Response(b"x" * 50, headers={"ETag": '"a"'})
    with suppress(HTTPException):
        response.make_conditional(environ, accept_ranges=True, complete_length=50)
        assert response.status_code in {200, 206, 304, 412}


def accept(data: bytes) -> None:
    """Negotiation takes what is offered, or nothing."""
    text = _text(data)
    for kind, offered in (
        (ds.Accept, ["a", "gzip"]),
        (ds.MIMEAccept, ["text/html", "application/json; v=1"]),
        (ds.LanguageAccept, ["en", "de-AT"]),
        (ds.CharsetAccept, ["utf-8", "latin-1"]),
    ):
        found = http.parse_accept_header(text, kind)
        assert found.best_match(offered) in (*offered, None)
        assert all(0 <= quality <= 1 for _, quality in found)
        found.to_header()


def authorization(data: bytes) -> None:
    """Credentials and challenges."""
    text = _text(data)
    credentials = ds.Authorization.from_header(text)
    if credentials is not None:
        str(credentials)
    challenge = ds.WWWAuthenticate.from_header(text)
    if challenge is not None:
        str(challenge)


def hosts(data: bytes) -> None:
    """Hosts, lengths and the addresses that are made of them."""
    text = _text(data)
    host = get_host("http", text, ("127.0.0.1", 80))
    assert host.isascii() and not set(host) & set(" /\\@\r\n\t?#")
    if host_is_trusted(text, [".example.com", "localhost"]):
        name = text.strip().rpartition(":")[0] or text
        assert name.lower().endswith(("example.com", "localhost")) or ":" not in text
    length = get_content_length(text, None)
    assert length is None or length >= 0
    assert get_current_url("http", "a.example", text, text, data).startswith("http://a.example")


def forwarded(data: bytes) -> None:
    """What proxies say of a request."""
    text = _text(data)
    names = ("FORWARDED", "X_FORWARDED_FOR", "X_FORWARDED_HOST", "X_FORWARDED_PROTO", "X_FORWARDED_PORT")
    environ: dict[str, Any] = {
        "REMOTE_ADDR": "192.0.2.1",
        "wsgi.url_scheme": "http",
        "SERVER_NAME": "a.example",
        "SERVER_PORT": "80",
        "HTTP_HOST": "a.example",
        **{f"HTTP_{name}": text for name in names},
    }
    for options in ({"forwarded": 1}, {"x_for": 1, "x_host": 1, "x_proto": 1, "x_port": 1, "x_prefix": 1}):
        ProxyFix(lambda environ, start: [], **options)({**environ}, lambda *args: None)  # type: ignore[arg-type]


def urlencoded(data: bytes) -> None:
    """Fields of queries and forms: the quick reader agrees with the careful one."""
    pairs = urls.parse_pairs(data)
    assert pairs == urls._parse_any(data)
    assert all(isinstance(text, str) for pair in pairs for text in pair)


def _form(data: bytes, content_type: str, step: int) -> Any:
    """Read a form in pieces of some size, and say what came of it."""

    class Pieces(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(step if size is None or size < 0 else min(size, step))

        read1 = read

    parser = FormDataParser(max_form_memory_size=500, max_form_parts=10, silent=False)
    mimetype, parameters = http.parse_options_header(content_type)
    try:
        _, form, files = parser.parse(Pieces(data), mimetype, len(data), parameters)
    except (HTTPException, ValueError) as error:
        return type(error)
    found = (
        list(form.items(multi=True)),
        [(name, file.filename, list(file.headers), file.read()) for name, file in files.items(multi=True)],
    )
    for file in files.values():
        file.close()
    return found


def multipart(data: bytes) -> None:
    """Multipart forms: the same comes out wherever they are cut."""
    for boundary in ("b", "0123456789abcdef"):  # a long one is searched for in another way
        content_type = f"multipart/form-data; boundary={boundary}"
        body = data.replace(b"--b", f"--{boundary}".encode())
        whole = _form(body, content_type, 1 << 20)
        for step in (1, 7, 40):
            assert _form(body, content_type, step) == whole, step


def addresses(data: bytes) -> None:
    """Addresses: both spellings lead to the same place, and writing one twice changes nothing."""
    text = data.decode(errors="replace")
    with suppress(ValueError):
        uri = urls.iri_to_uri(text)
        assert uri.isascii()
        assert urls.iri_to_uri(uri) == uri
        assert urls.iri_to_uri(urls.uri_to_iri(uri)).isascii()


_urls = Map(
    [
        Rule("/", endpoint="index"),
        Rule("/<int:n>/<name>", endpoint="two"),
        Rule("/f/<float:x>/", endpoint="float"),
        Rule("/u/<uuid:u>", endpoint="uuid"),
        Rule("/p/<path:p>/end", endpoint="path"),
        Rule("/any/<any(a,b):which>", endpoint="any"),
    ]
)


def routing(data: bytes) -> None:
    """Paths: found or not; what was found is built again to a path that finds it."""
    adapter = _urls.bind("a.example")
    try:
        endpoint, values = adapter.match(data.decode(errors="replace"))
    except NotFound:
        return
    except RequestRedirect as redirect:
        assert redirect.new_url.startswith("http://a.example/")
        return
    if "\x00" not in str(values):
        built = adapter.build(endpoint, values)
        assert built.isascii() and built.startswith("/")


def files(data: bytes) -> None:
    """Names of files stay where they belong."""
    text = data.decode(errors="surrogateescape")
    joined = safe_join("/srv/files", text)
    if joined is not None:
        assert joined == "/srv/files" or joined.startswith("/srv/files/")
        assert ".." not in joined.split("/") and "\x00" not in joined
    name = secure_filename(text.encode(errors="replace").decode())
    assert name.isascii() and "/" not in name and not name.startswith(".")


def chunks(data: bytes) -> None:
    """Chunked bodies: the same comes out however they are read, and nothing behind them is touched."""

    def read(size: int) -> Any:
        source = BytesIO(data)
        stream = DechunkedInput(source)
        found = b""
        try:
            while part := stream.read(size):
                found += part
        except OSError as error:
            return type(error), bool(stream.defect)
        return found, source.tell()

    assert read(1) == read(5) == read(1 << 16)


class _Connection:
    """A connection in memory, as the handler of the server needs it."""

    def __init__(self, data: bytes) -> None:
        self.data, self.sent = data, b""

    def makefile(self, mode: str, size: int = -1) -> BytesIO:
        return BytesIO(self.data)

    def sendall(self, data: bytes) -> None:
        self.sent += bytes(data)

    def settimeout(self, seconds: float | None) -> None:
        pass


class _Server:
    """A server without a socket, which keeps what it is told."""

    ssl_context = None
    multithread = True
    multiprocess = False
    passthrough_errors = True
    _server_version = "S"
    _environ_name = "127.0.0.1"
    _environ_port = 80

    def __init__(self) -> None:
        self.bodies: list[bytes] = []

    def app(self, environ: dict[str, Any], start: Any) -> list[bytes]:
        """Read some bodies and leave others; no key may come that the application couldn't have."""
        assert all(type(value) is str for key, value in environ.items() if key.isupper())
        assert environ["REQUEST_METHOD"] and " " not in environ["REQUEST_METHOD"]
        if environ["REQUEST_METHOD"] != "PUT":
            with suppress(OSError):
                self.bodies.append(environ["wsgi.input"].read())
        start("200 OK", [("Content-Type", "text/plain")])
        return [b"answer"]

    def log(self, *args: Any) -> None:
        """Forget what is logged."""


class _Handler(WSGIRequestHandler):
    """Says nothing."""

    def log(self, type: str, message: str, *args: Any) -> None:
        assert "Error on request" not in message
        assert "\x1b" not in message % args


def requests(data: bytes) -> None:
    """Whole connections: each request is answered or refused, and none is made of another's body."""
    connection, server = _Connection(data), _Server()
    with suppress(OSError):  # a body that is broken, which passthrough_errors shows
        _Handler(connection, ("192.0.2.1", 1), server)  # type: ignore[arg-type]
    assert sum(map(len, server.bodies)) <= len(data)
    if connection.sent:
        assert connection.sent.startswith((b"HTTP/1.", b"<!DOCTYPE")), connection.sent[:40]


_METHODS = ("GET", "POST", "purge")
_VERSIONS = ("1.0", "1.1", "2")


def _scope(data: bytes) -> dict[str, Any]:
    """Return a scope as servers make them: path, mount point, query, then a header a line, of names in lower case."""
    path, root_path, query, *lines = [*data.split(b"\n"), b"", b""]
    pairs = [line.partition(b":") for line in lines]
    return {
        "type": "http",
        "method": _METHODS[len(lines) % 3],
        "http_version": _VERSIONS[len(query) % 3],
        "path": "/" + path.decode(errors="replace"),
        "root_path": root_path.decode(errors="replace"),
        "query_string": query,
        "headers": [(name.strip().lower(), value.strip()) for name, colon, value in pairs if colon],
        "client": ("192.0.2.1", 5) if len(path) % 2 else None,
        "server": ("a.example", 80) if len(root_path) % 2 else ("/run/socket", None),
    }


_SAID = ("method", "path", "root_path", "query_string", "args", "remote_addr", "is_secure")
_ASKED = ("mimetype", "content_length", "cookies", "access_route", "accept_mimetypes", "cache_control", "if_none_match")
_ASKED += ("host", "url")


def _told(request: Any, name: str) -> Any:
    try:
        return repr(getattr(request, name))
    except HTTPException as error:
        return type(error)


def scopes(data: bytes) -> None:
    """Scopes of ASGI: whichever way a request is made of one, it says the same, and its environ is one of WSGI."""
    scope = _scope(data)
    names = {name for name, _ in scope["headers"]}
    straight = SansIORequest(**request_arguments(scope))
    # A scope repeats a name where an environ joins the values, a name with an underscore isn't in an environ, and what
    # nobody may send is a blank in headers.
    said = b"".join(name.replace(b"_", b"\0") + value for name, value in scope["headers"])
    clear = len(names) == len(scope["headers"]) and b"\0" not in said and b"\r" not in said
    for name in (*_SAID, *_ASKED) if clear else _SAID:
        expected = _told(straight, name)
        assert _told(Request(environ_from_scope(scope)), name) == _told(ASGIRequest(scope), name) == expected, name
    length = content_length_of(scope)
    assert length is None or length >= 0
    whole = environ_from_scope(scope)
    assert whole.get("SERVER_NAME") == scope["server"][0]
    shown = {key: value for key, value in dict(whole).items() if key.isupper()}
    assert all(type(value) is str and value.encode("latin-1") is not None for value in shown.values())  # PEP 3333
    assert sum(key.startswith("HTTP_") for key in shown) <= len(names)
    assert shown == {key: whole[key] for key in shown}


TARGETS: dict[str, Callable[[bytes], None]] = {
    function.__name__: function
    for function in (
        accept,
        addresses,
        authorization,
        chunks,
        cookies,
        dates,
        files,
        forwarded,
        headers,
        hosts,
        multipart,
        options,
        ranges,
        requests,
        routing,
        scopes,
        urlencoded,
    )
}
