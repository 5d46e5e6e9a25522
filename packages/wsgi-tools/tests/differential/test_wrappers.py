"""Requests and responses beside Werkzeug's: the same environ, the same steps, the same answers.

The tables are expressions: each is evaluated once with the names of either side.
"""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from types import ModuleType
from typing import Any

import pytest
import werkzeug.datastructures
import werkzeug.http
import werkzeug.wrappers
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dray.wsgi_tools import datastructures, http, wrappers


def environ_with(body: bytes = b"", **changes: Any) -> dict[str, Any]:
    """Return an environ with a few changes."""
    return {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "/s",
        "PATH_INFO": "/p/q",
        "QUERY_STRING": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(body),
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        **changes,
    }


class Side:
    """The names of one side."""

    def __init__(self, wrappers: ModuleType, datastructures: ModuleType, http: ModuleType) -> None:
        self.names = {
            "Request": wrappers.Request,
            "Response": wrappers.Response,
            "ds": datastructures,
            "http": http,
            "dt": dt,
            "environ_with": environ_with,
            "stream": lambda: iter(["a", b"b"]),
        }


SIDES = (
    Side(wrappers, datastructures, http),
    Side(werkzeug.wrappers, werkzeug.datastructures, werkzeug.http),
)


def plain(value: Any) -> Any:
    """Return a value in a form in which both sides are equal."""
    if isinstance(value, (str, bytes, int, float, type(None), dt.datetime, dt.timedelta)):
        return value

    if hasattr(value, "getlist") and hasattr(value, "lists"):
        return sorted(value.items(multi=True))

    if hasattr(value, "to_header"):
        return value.to_header()

    if isinstance(value, (list, tuple)) or hasattr(value, "getlist"):
        return [plain(one) for one in value]

    return dict(value) if isinstance(value, dict) else repr(value)


def sent(response: Any, environ: dict[str, Any]) -> Any:
    """Return what a response sends: status, headers, body."""
    started: list[Any] = []
    iterable = response(environ, lambda status, headers, exc_info=None: started.append((status, headers)))
    body = b"".join(iterable)

    if hasattr(iterable, "close"):
        iterable.close()

    return *started[0], body


def evaluate(side: Side, text: str, **names: Any) -> Any:
    """Evaluate an expression; an error is its name."""
    try:
        return plain(eval(text, {**side.names, **names}))
    except Exception as error:
        return type(error).__name__


RICH = {
    "SCRIPT_NAME": "/r\xc3\xa9/",
    "PATH_INFO": "//p\xc3\xa9/x",
    "QUERY_STRING": "a=1&a=2&b=%FF&c=%C3%A9&d&=x&e=a+b&f=\xc3\xa9",
    "HTTP_HOST": "a.com:8080",
    "REMOTE_ADDR": "1.2.3.4",
    "REMOTE_USER": "u",
    "HTTP_COOKIE": 'a=b; c="d\\073e"',
    "HTTP_X_FORWARDED_FOR": "5.6.7.8, 9.9.9.9",
    "CONTENT_TYPE": "Application/Vnd.X+JSON; a=b",
    "HTTP_ACCEPT": "text/html;q=0.5, */*;q=0.1",
    "HTTP_ACCEPT_LANGUAGE": "de-AT, en;q=0.5",
    "HTTP_RANGE": "bytes=0-5",
    "HTTP_IF_NONE_MATCH": '"a", W/"b"',
    "HTTP_IF_MODIFIED_SINCE": "Wed, 01 Jan 2020 00:00:00 GMT",
    "HTTP_AUTHORIZATION": "Basic YTpi",
    "HTTP_CACHE_CONTROL": "max-age=0, no-cache",
    "HTTP_PRAGMA": "no-cache",
    "HTTP_DATE": "Wed, 01 Jan 2020 00:00:00 GMT",
    "HTTP_MAX_FORWARDS": "5",
    "HTTP_REFERER": "http://b.com/",
    "HTTP_ORIGIN": "http://b.com",
    "HTTP_ACCESS_CONTROL_REQUEST_HEADERS": "X-A, X-B",
    "HTTP_ACCESS_CONTROL_REQUEST_METHOD": "PUT",
    "HTTP_USER_AGENT": "agent",
    "HTTP_TRANSFER_ENCODING": "gzip",
    "CONTENT_LENGTH": "3",
}
ATTRIBUTES = (
    "method scheme server root_path path query_string remote_addr args cookies url base_url root_url "
    "url_root host_url host full_path script_root access_route content_type mimetype mimetype_params "
    "content_length is_json is_secure user_agent.string accept_mimetypes accept_charsets accept_encodings "
    "accept_languages cache_control if_match if_none_match if_modified_since if_unmodified_since if_range "
    "range authorization pragma date max_forwards referrer origin access_control_request_headers "
    "access_control_request_method content_encoding content_md5 remote_user is_multithread "
    "is_multiprocess is_run_once want_form_data_parsed form files values data shallow headers "
    "max_content_length max_form_memory_size max_form_parts trusted_hosts __repr__() "
).split()


@pytest.mark.parametrize("environ", [RICH, {}, {"wsgi.url_scheme": "https", "SERVER_PORT": "443", "PATH_INFO": ""}])
@pytest.mark.parametrize("attribute", ATTRIBUTES)
def test_attributes_of_a_request(attribute: str, environ: dict[str, str]) -> None:
    """Each attribute of a request is the same."""
    results = [
        evaluate(side, f"Request(environ_with(b'xyz', **environ)).{attribute}", environ=environ) for side in SIDES
    ]
    assert results[0] == results[1]


FORM = {"REQUEST_METHOD": "POST", "CONTENT_TYPE": "application/x-www-form-urlencoded", "CONTENT_LENGTH": "7"}
JSON = {"REQUEST_METHOD": "POST", "CONTENT_TYPE": "application/json", "CONTENT_LENGTH": "8"}


@pytest.mark.parametrize(
    "expression",
    [
        "form()",
        "(r.form, r.data, r.get_data(), r.files)",
        "(r.data, r.form)",
        "(r.get_data(), r.form, r.data)",
        "(r.get_data(cache=False), r.form)",
        "(r.stream.read(), r.form)",
        "(r.values, r.args)",
        "r.get_data(as_text=True)",
        "r.get_data(parse_form_data=True)",
        "r.json",
        "r.get_json(silent=True)",
        "r.get_json(force=True)",
        "r.get_json(force=True, silent=True)",
    ],
)
def test_bodies(expression: str) -> None:
    """A body is read in the same ways, whatever was read before."""
    for environ, body in ((FORM, b"a=1&b=2"), (JSON, b'{"a": 1}'), (JSON, b'{"a": 1'), ({"CONTENT_LENGTH": "1"}, b"5")):
        results = [evaluate(side, expression, r=side.names["Request"](environ_with(body, **environ))) for side in SIDES]
        assert results[0] == results[1]


RESPONSES = [
    "Response()",
    "Response('h\\xe9')",
    "Response(b'x')",
    "Response(bytearray(b'x'))",
    "Response(['a', b'b'])",
    "Response(('a',))",
    "Response(stream())",
    "Response('x', status=204)",
    "Response('x', 304, headers={'ETag': '\"a\"', 'Expires': 'z', 'Content-Encoding': 'q', 'X': '1'})",
    "Response('x', 101)",
    "Response(stream(), status=103)",
    "Response('x', '200 Fine')",
    "Response('x', 'fine')",
    "Response('x', 999)",
    "Response('x', 201, headers={'Location': '/a b?\\xe9'})",
    "Response('', 302, headers={'Location': 'http://\\xe9.com/\\xfc'})",
    "Response('', 302, headers={'Location': 'x/y'})",
    "Response('', 302, headers={'Location': ''})",
    "Response('x', headers={'Content-Location': '\\xe9', 'content-type': 'a/b'})",
    "Response('x', headers=[('X', '1'), ('X', '2')])",
    "Response('x', headers={'Content-Length': '7'})",
    "Response(['x'], headers={'Content-Length': '7'})",
    "Response('', 204, headers={'Content-Length': '0'})",
    *(
        f"Response('x', mimetype={one!r})"
        for one in ("text/html", "application/json", "application/xml", "image/svg+xml")
    ),
    "Response('x', mimetype='application/javascript')",
    "Response('x', content_type='foo')",
    "Response('x', content_type='text/html', mimetype='a/b')",
    "type('R', (Response,), {'default_mimetype': None})('x')",
    "type('R', (Response,), {'default_mimetype': None})('x', headers={'Content-Length': '7'})",
    "Response('x', mimetype='', headers={'A': 'b'})",
    "Response('x', headers=ds.Headers([('A', 'b')]))",
    "Response('x', headers={'Content-Type': 'a/b'}, mimetype='c/d')",
    "Response('x', headers={'content-type': 'a/b'}, content_type='c/d')",
    "type('R', (Response,), {'automatically_set_content_length': False})('x')",
    "type('R', (Response,), {'default_status': 418})('x')",
    "type('R', (Response,), {'get_wsgi_headers': lambda self, environ: ds.Headers({'X': 'y'})})('x')",
    "type('R', (Response,), {'iter_encoded': lambda self: iter([b'over', b'ridden'])})('x')",
    *(
        f"type('R', (Response,), {{'autocorrect_location_header': True}})('', 302, {{'Location': {location!r}}})"
        for location in ("x", "/x", "../x", "?q", "http://o/", "//o/x", "", "é")
    ),
]


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
@pytest.mark.parametrize("text", RESPONSES)
def test_what_is_sent(text: str, method: str) -> None:
    """A response sends the same status, headers and body."""
    results = [sent(eval(text, side.names), environ_with(REQUEST_METHOD=method)) for side in SIDES]
    assert results[0] == results[1]


STEPS = [
    "r.get_wsgi_headers = lambda environ: ds.Headers([('X-Step', 'own')])",
    "r.get_app_iter = lambda environ: [b'own']",
    "r.get_wsgi_response = lambda environ: ([b'own'], '299 Own', [('X-Step', 'own')])",
    "r.iter_encoded = lambda: iter([b'own'])",
    "r.data = b'yy'",
    "r.set_data('x')",
    "r.status = 404",
    "r.status_code = 404",
    "r.status = '404 Foo'",
    "r.mimetype = 'text/css'",
    "r.mimetype_params['charset'] = 'x'",
    "r.content_type = 'z'",
    "r.content_length = 7",
    "r.age = 5",
    "r.age = dt.timedelta(1)",
    "r.date = r.expires = r.last_modified = dt.datetime(2020, 1, 1)",
    "r.expires = 0",
    "r.retry_after = 5",
    "r.retry_after = dt.datetime(2020, 1, 1)",
    "r.retry_after = 5; r.retry_after = None",
    "r.location = 'x'",
    "r.cache_control.max_age = 5; r.cache_control.no_store = True; r.cache_control.private = 'x'",
    "r.cache_control.max_age = 5; r.cache_control.max_age = None",
    "r.vary.add('Cookie'); r.vary.add('cookie'); r.vary.add('Accept')",
    "r.vary = 'a'; r.vary = ['a', 'b']",
    "r.allow.update(['GET', 'POST']); r.content_language.add('de')",
    "r.content_range = ds.ContentRange('bytes', 0, 5, 10); r.content_range.stop = 3",
    "r.content_range = 'bytes 0-1/2'; r.content_range.unset()",
    "r.www_authenticate.realm = 'x y'",
    "r.www_authenticate = ds.WWWAuthenticate('digest', {'realm': 'x'}); r.www_authenticate.nonce = 'y'",
    "r.www_authenticate = [ds.WWWAuthenticate('basic', {'realm': 'x y'}), ds.WWWAuthenticate('b')]",
    "r.content_security_policy.default_src = \"'self'\"; r.content_security_policy.img_src = 'x'",
    "r.content_security_policy = 'a b'; r.content_security_policy = None",
    "r.access_control_allow_credentials = True",
    "r.access_control_allow_headers = ['a']; r.access_control_allow_methods = ['GET', 'POST']",
    "r.access_control_allow_origin = '*'; r.access_control_max_age = 5; r.access_control_expose_headers = ['X']",
    "r.cross_origin_opener_policy = http.COOP.SAME_ORIGIN; r.cross_origin_embedder_policy = http.COEP.REQUIRE_CORP",
    "r.accept_ranges = 'bytes'; r.content_md5 = 'x'; r.content_encoding = 'gzip'; r.content_location = 'x'",
    "r.set_etag('a')",
    "r.set_etag('a', True); r.add_etag(); r.add_etag(overwrite=True)",
    "r.freeze()",
    "r.set_cookie('a', 'b', httponly=True, samesite='Lax', secure=True, path='/x', domain='d')",
    "r.delete_cookie('a', path='/x', domain='d', secure=True, httponly=True, samesite='Strict', partitioned=True)",
    "r.stream.write(b'x'); r.stream.writelines([b'x', b'y'])",
    "r.headers['A'] = 'b'",
    "r.headers = ds.Headers([('A', 'b')])",
    "r.response = ['a', b'c']",
    "r.response = stream(); r.make_sequence()",
    "r.call_on_close(lambda: None)",
    "r.direct_passthrough = True; r.response = iter([b'a'])",
    "r.headers.clear()",
]
SEEN = (
    "status status_code mimetype mimetype_params content_length age date expires last_modified location "
    "vary allow content_language content_range content_security_policy access_control_allow_credentials "
    "get_etag() is_json access_control_allow_headers access_control_max_age cross_origin_opener_policy "
    "accept_ranges is_streamed is_sequence get_data() calculate_content_length() www_authenticate "
    "cache_control __repr__() "
).split()


@pytest.mark.parametrize("steps", STEPS)
def test_changing_a_response(steps: str) -> None:
    """After the same steps a response looks the same and sends the same."""
    results = []

    for side in SIDES:
        response = side.names["Response"]("hello")
        exec(steps, {**side.names, "r": response})
        seen = [evaluate(side, f"r.{name}", r=response) for name in SEEN]
        results.append((list(response.headers), seen, sent(response, environ_with())))

    assert results[0] == results[1]


dates = st.sampled_from([None, "Wed, 01 Jan 2020 00:00:00 GMT", "Thu, 02 Jan 2020 00:00:00 GMT"])


@given(
    method=st.sampled_from(["GET", "HEAD", "POST"]),
    headers=st.fixed_dictionaries(
        {},
        optional={
            "HTTP_IF_NONE_MATCH": st.sampled_from(['"abc"', 'W/"abc"', '"x"', "*"]),
            "HTTP_IF_MODIFIED_SINCE": dates.filter(bool),
            "HTTP_IF_RANGE": dates.filter(bool) | st.sampled_from(['"abc"', '"x"']),
            "HTTP_RANGE": st.sampled_from(
                ["bytes=2-4", "bytes=0-", "bytes=-3", "bytes=0-0", "bytes=20-", "x", "bytes=0-1,3-4"]
            ),
        },
    ),
    etag=st.sampled_from([None, "abc"]),
    modified=st.sampled_from([None, dt.datetime(2020, 1, 1)]),
    accept_ranges=st.sampled_from([False, True, "bytes"]),
    length=st.sampled_from([None, 10]),
    content=st.sampled_from([b"0123456789", ["012", "34", "56789"]]),
)
@settings(max_examples=200)
def test_conditional(method: str, headers: dict[str, str], content: Any, **options: Any) -> None:
    """Conditions and ranges make the same answer, where the reference follows the order of RFC 9110 section 13.2.2."""
    ranged = "HTTP_RANGE" in headers and options["accept_ranges"]
    assume(
        not (ranged and (method == "HEAD" or "HTTP_IF_NONE_MATCH" in headers or "HTTP_IF_MODIFIED_SINCE" in headers))
    )
    assume(not ("HTTP_IF_NONE_MATCH" in headers and "HTTP_IF_MODIFIED_SINCE" in headers))
    results = []

    for side in SIDES:
        response = side.names["Response"](content)
        response.date = dt.datetime(2021, 1, 1)
        response.last_modified = options["modified"] or dt.datetime(2020, 1, 3)

        if options["etag"]:
            response.set_etag(options["etag"])

        environ = environ_with(REQUEST_METHOD=method, **headers)

        try:
            response.make_conditional(environ, options["accept_ranges"], options["length"])
            results.append(sent(response, environ))
        except Exception as error:
            results.append(type(error).__name__)

    assert results[0] == results[1]
