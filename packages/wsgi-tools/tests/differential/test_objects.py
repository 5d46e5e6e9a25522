"""The smaller objects beside Werkzeug's: each line is an expression that is evaluated with the names of either side."""

from __future__ import annotations

import copy
import datetime as dt
import io
import pickle
from types import ModuleType
from typing import Any

import pytest
import werkzeug.datastructures
import werkzeug.http
import werkzeug.sansio.utils
import werkzeug.user_agent
import werkzeug.wrappers

from dray.wsgi_tools import datastructures, http, user_agent, wrappers
from dray.wsgi_tools.sansio import utils


def names_of(
    ds: ModuleType, http: ModuleType, utils: ModuleType, user_agent: ModuleType, wrappers: ModuleType
) -> dict[str, Any]:
    """Return the names of one side."""
    return {
        **vars(ds),
        "http": http,
        "utils": utils,
        "UserAgent": user_agent.UserAgent,
        "Response": wrappers.Response,
        "copy": copy,
        "pickle": pickle,
        "io": io,
        "dt": dt,
        "changed": changed,
    }


def changed(subject: Any, *steps: str) -> Any:
    """Do the steps and return the subject."""
    for step in steps:
        exec(step, {"s": subject})

    return subject


OURS = names_of(datastructures, http, utils, user_agent, wrappers)
THEIRS = names_of(werkzeug.datastructures, werkzeug.http, werkzeug.sansio.utils, werkzeug.user_agent, werkzeug.wrappers)

LINES = """
ImmutableList([1, 2])
ImmutableList([1]).append(2)
ImmutableList([1]).__setitem__(0, 2)
ImmutableList([1]).__delitem__(0)
ImmutableList([1]).__iadd__([2])
ImmutableList([1]).__imul__(2)
[getattr(ImmutableList([1]), name)(1) for name in ("remove", "extend", "insert")]
ImmutableList([2, 1]).sort()
ImmutableList([2, 1]).reverse()
ImmutableList([1]).pop()
hash(ImmutableList([1])) == hash(ImmutableList([1]))
pickle.loads(pickle.dumps(ImmutableList([1]))) == [1]
ImmutableDict(a=1)
ImmutableDict(a=1).copy()
type(ImmutableDict(a=1).copy()).__name__
copy.copy(ImmutableDict(a=1))
ImmutableDict(a=1).__setitem__("a", 2)
ImmutableDict(a=1).__delitem__("a")
ImmutableDict(a=1).update(a=2) if False else ImmutableDict(a=1).update({})
ImmutableDict(a=1).setdefault("b")
ImmutableDict(a=1).pop("a")
ImmutableDict(a=1).popitem()
ImmutableDict(a=1).clear()
ImmutableDict(a=1).__ior__({"b": 2})
ImmutableDict.fromkeys("ab", 1)
hash(ImmutableDict(a=1)) == hash(ImmutableDict(a=1))
pickle.loads(pickle.dumps(ImmutableDict(a=1)))
TypeConversionDict(a="1", b="x").get("a", type=int)
TypeConversionDict(a="1", b="x").get("b", 7, int)
TypeConversionDict(a="1", b="x").get("c", 7, type=int)
TypeConversionDict(a="1").get("a")
type(ImmutableTypeConversionDict(a=1).copy()).__name__
ImmutableTypeConversionDict(a=1).pop("a")
copy.copy(ImmutableTypeConversionDict(a=1))
CallbackDict({"a": 1})
CallbackDict()
ImmutableMultiDict([("a", 1), ("a", 2)])
type(ImmutableMultiDict([("a", 1)]).copy()).__name__
copy.copy(ImmutableMultiDict([("a", 1)]))
ImmutableMultiDict([("a", 1)]).setlist("a", [])
ImmutableMultiDict([("a", 1)]).setlistdefault("a")
ImmutableMultiDict([("a", 1)]).poplist("a")
ImmutableMultiDict([("a", 1)]).popitemlist()
pickle.loads(pickle.dumps(ImmutableMultiDict([("a", 1), ("a", 2)])))
ImmutableMultiDict.fromkeys(["a"], 1)
CombinedMultiDict([MultiDict(a=1) if False else MultiDict({"a": 1})])
CombinedMultiDict.fromkeys("a")
CombinedMultiDict([MultiDict({"a": 1}), MultiDict({"a": 2})]).getlist("a", int)
CombinedMultiDict([MultiDict({"a": "x"}), MultiDict({"a": "2"})]).get("a", type=int)
CombinedMultiDict([MultiDict({"a": 1})])["b"]
CombinedMultiDict([MultiDict({"a": 1})]).copy()
copy.copy(CombinedMultiDict([MultiDict({"a": 1})]))
list(CombinedMultiDict([MultiDict({"a": [1, 2]})]).listvalues())
pickle.loads(pickle.dumps(CombinedMultiDict([MultiDict({"a": 1})])))
MultiDict([("a", 1)]).__or__(5) is NotImplemented
MultiDict([("a", 1)]).__ior__([("a", 2)])
MultiDict([("a", 1)]).pop("b", None)
list(iter_multi_items({"a": [1, 2], "b": 3}))
list(iter_multi_items([("a", 1)]))
changed(Headers({"a": "1"}), "s.extend({'b': '2'}, c='3', d=['4', '5'])")
changed(Headers({"a": "1"}), "s.update(a='2', b=['3', '4'])")
changed(Headers({"a": "1"}), "s.update(Headers([('A', '2'), ('a', '3')]))")
changed(Headers({"a": "1"}), "s |= {'b': '2'}")
changed(Headers({"a": "1"}), "s[0:1] = [('x', 'y'), ('z', 'w')]", "del s[0]")
Headers({"a": "1"}).__ior__(5) is NotImplemented
Headers({"a": "1"}).__or__([("b", "2")]) is NotImplemented
Headers(MultiDict([("a", "1"), ("a", "2")]))
Headers(EnvironHeaders({"HTTP_A": "b"}))
Headers({"a": ("1", 2), "b": {"x"}, "c": 5})
Headers([("a", 1), ("b", None)])
Headers({"a": "1"}) == {"a": "1"}
hash(Headers())
EnvironHeaders({"HTTP_A": "b"}) == EnvironHeaders({"HTTP_A": "b"})
EnvironHeaders({"HTTP_A": "b"}) == 5
EnvironHeaders({"HTTP_A": "5"}).get("a", type=int)
EnvironHeaders({"HTTP_A": "x"}).get("a", 7, type=int)
EnvironHeaders({"HTTP_A": "5"}).getlist("a", int)
EnvironHeaders({"HTTP_A": "5"})[0]
EnvironHeaders({"HTTP_A": "5"}).copy()
EnvironHeaders({"HTTP_A": "5"}) | {"b": "c"}
Response(headers={"Retry-After": "Wed, 01 Jan 2020 00:00:00 GMT"}).retry_after
Response(headers={"Retry-After": "x"}).retry_after
Response(headers={"Retry-After": "5"}).retry_after > dt.datetime.now(dt.timezone.utc)
Response(headers={"WWW-Authenticate": "Digest a=b"}).www_authenticate
changed(Response(), "s.www_authenticate.realm = 'x'", "del s.www_authenticate").headers
Response(headers={"Age": "5", "Date": "x"}).age
Response(headers={"Content-Type": "a/b; c=d"}).mimetype_params
ETags(["a"], ["b"])(etag="a")
ETags(["a"], ["b"])(etag="b")
ETags(["a"], ["b"])(etag="b", include_weak=True)
ETags(["86f7e437faa5a7fce15d1ddcb9eaeaea377667b8"])(data=b"a")
ETags(["a"])()
ETags(["a"])(etag="a", data=b"a")
ETags(["a"], ["b"]).as_set(include_weak=True) == {"a", "b"}
(len(ETags(["a"], ["b"])), list(ETags(["a"])), bool(ETags()), bool(ETags(star_tag=True)), str(ETags(star_tag=True)))
ETags(["a"]).contains_raw('"a"')
ETags(["a"]).contains_raw('W/"a"')
"x" in ETags(star_tag=True)
Range("bytes", [(0, 5), (7, None)])
Range("bytes", [(5, 5)])
Range("bytes", [(-5, None)]).make_content_range(10)
Range("bytes", [(20, None)]).make_content_range(10)
IfRange("a")
IfRange(date=dt.datetime(2020, 1, 1))
IfRange()
ContentRange("bytes", 0, 5)
changed(ContentRange("bytes", 0, 5, 10), "s.start = 2", "s.stop = 7", "s.length = None", "s.units = 'x'")
bool(changed(ContentRange("bytes", 0, 5), "s.unset()"))
ContentSecurityPolicy({"default-src": "'self'"})
changed(ContentSecurityPolicy(), "s.img_src = 'x'", "s.script_src_elem = 'y'", "s.img_src = None")
changed(ContentSecurityPolicy({"img-src": "x"}), "del s.img_src")
ContentSecurityPolicy().font_src
str(ContentSecurityPolicy({"img-src": "x", "font-src": "y"}))
RequestCacheControl({"max-age": "5"})
changed(RequestCacheControl({"max-age": "5"}), "s.max_age = 7")
changed(ResponseCacheControl(), "s.max_age = 7", "del s.max_age", "s.no_cache = True", "s.private = 'a, b'")
str(ResponseCacheControl({"max-age": "5", "public": None}))
(http.parse_cache_control_header("").provided, http.parse_cache_control_header("a").provided)
ResponseCacheControl.cache_property("x-foo", 5, int).fget(ResponseCacheControl({"x-foo": None}))
ResponseCacheControl({"max-age": "x"}).max_age
Accept([("a", 1), ("b", 0.5)]).index("b")
Accept([("a", 1), ("b", 0.5)]).index("c")
Accept([("a", 1), ("b", 0.5)]).index(("b", 0.5))
Accept([("a", 1), ("b", 0.5)]).find(("b", 0.5))
Accept([("a", 1), ("b", 0.5)]).find(("b", 0.7))
Accept([("a", 1), ("b", 0.5)])[0:1]
Accept([("a", 1), ("b", 0.5)])[1]
list(Accept([("a", 1), ("b", 0.5)]).values())
Accept(Accept([("a", 1)]))
(Accept(None).provided, Accept().provided, Accept(None).best)
str(Accept([("a", 1), ("b", 0.5)]))
MIMEAccept([("text/html", 1)]).best_match(["x"])
MIMEAccept([("text/html", 1)]).best_match(["*/x"])
[getattr(MIMEAccept([("application/xml", 1)]), name) for name in ("accept_html", "accept_xhtml", "accept_json")]
pickle.loads(pickle.dumps(Accept([("a", 1)]))) == [("a", 1)]
Authorization("basic", {"username": "é", "password": "a:b"})
Authorization("bearer", token="x")
Authorization("digest", {"a": "b c"}).to_header()
(Authorization("x", {"a": "1"}).a, Authorization("x")["b"], Authorization("x").get("b", "d"))
"a" in Authorization("x", {"a": "1"})
Authorization("x", {"a": "1"}) == Authorization("x", {"a": "1"})
Authorization("x") == Authorization("y")
Authorization("x") == 5
WWWAuthenticate("basic", {"realm": "a b"})
WWWAuthenticate("digest", {"realm": "a", "stale": "true", "qop": "auth"}).to_header()
changed(WWWAuthenticate("basic"), "s.realm = 'x'", "s['y'] = 'z'", "del s.realm", "s['q'] = None", "del s['nope']")
(WWWAuthenticate("B").type, WWWAuthenticate("b", token="t").token, WWWAuthenticate("b", {"a": "1"}).parameters)
("a" in WWWAuthenticate("b", {"a": "1"}), WWWAuthenticate("b").get("a", "d"), WWWAuthenticate("b").nope)
WWWAuthenticate("b") == WWWAuthenticate("b")
FileStorage(io.BytesIO(b"abc"), "a.txt", "n", "text/plain; charset=x", 3)
[getattr(FileStorage(None, "a.txt", "n", "Text/Plain; a=b", 3), n) for n in ("filename", "name", "content_type")]
[getattr(FileStorage(None, "a.txt", "n", "T/P; a=b", 3), n) for n in ("mimetype", "mimetype_params", "content_length")]
(FileStorage().filename, FileStorage().content_length, FileStorage().mimetype)
(bool(FileStorage()), bool(FileStorage(filename="x")))
list(FileStorage(io.BytesIO(b"a\\nb")))
FileStorage(io.BytesIO(b"abc")).read()
FileStorage(io.BytesIO(b"abc")).nope
FileStorage(open("/dev/null", "rb")).filename
FileStorage(headers=Headers({"Content-Length": "x"})).content_length
changed(io.BytesIO(), "s.write(b'x')").getvalue()
http.is_entity_header("Content-Type")
http.is_hop_by_hop_header("TE")
changed([("Content-Type", "x"), ("Expires", "y"), ("X", "z")], "") and 1
http.generate_etag(b"abc")
http.quote_etag('a"b')
http.dump_age(dt.timedelta(-1))
http.dump_csp_header(ContentSecurityPolicy({"a": "b"}))
http.is_resource_modified({"REQUEST_METHOD": "POST"}, etag='"a"')
http.is_resource_modified({"REQUEST_METHOD": "GET", "HTTP_IF_NONE_MATCH": '"a"'}, etag='"a"')
http.is_resource_modified({"REQUEST_METHOD": "GET"}, etag='"a"', data=b"x")
http.is_resource_modified({"REQUEST_METHOD": "GET", "HTTP_IF_NONE_MATCH": f'"{http.generate_etag(b"a")}"'}, data=b"a")
utils.host_is_trusted("b.a.com:80", [".a.com"])
utils.host_is_trusted("a.com", "a.com")
utils.host_is_trusted("xa.com", [".a.com"])
utils.host_is_trusted("", ["a"])
utils.host_is_trusted("xn--9ca.com", ["b.com"])
utils.host_is_trusted("a.com", ["\\n", "."])
(UserAgent("x").string, str(UserAgent("x")), bool(UserAgent("")), UserAgent("x").browser, UserAgent("x").to_header())
repr(UserAgent("x"))
Response("{}").get_json()
Response("{}", mimetype="application/json").get_json()
Response("{", mimetype="application/json").get_json(silent=True)
Response("{", mimetype="application/json").get_json()
Response("1").get_json(force=True)
Response('{"a": 1}', mimetype="application/x+json").json
type("R", (Response,), {"implicit_sequence_conversion": False})(iter(["a"])).get_data()
type("R", (Response,), {"implicit_sequence_conversion": False})(iter(["a"])).calculate_content_length()
Response(iter(["a"]), direct_passthrough=True).get_data()
Response(("a", b"b")).stream.write(b"c")
changed(Response("a"), "s.stream.close()").stream.write(b"c")
(Response("a").stream.tell(), Response("a").stream.encoding, Response("a").stream.isatty(), Response("a").stream.closed)
Response.force_type(Response("x"), None)
Response.force_type(lambda environ, start_response: [])
type("R", (Response,), {}).force_type(Response("x"))
""".strip().splitlines()


def outcome(line: str, names: dict[str, Any]) -> str:
    """Evaluate a line and print what came; an error is its kind."""
    try:
        return repr(eval(line, dict(names)))
    except KeyError:
        return "KeyError"
    except Exception as error:
        return type(error).__name__


@pytest.mark.parametrize("line", LINES)
@pytest.mark.filterwarnings("ignore:unclosed file")
def test_line(line: str) -> None:
    """The same expression prints the same on both sides."""
    assert outcome(line, OURS) == outcome(line, THEIRS)


def test_headers_that_describe_the_content_go() -> None:
    """The same headers are removed for an answer without content, and between connections."""
    pairs = [("Content-Type", "x"), ("expires", "y"), ("X", "z"), ("Connection", "close"), ("Content-Location", "/")]

    for name in ("remove_entity_headers", "remove_hop_by_hop_headers"):
        ours, theirs, listed = datastructures.Headers(pairs), werkzeug.datastructures.Headers(pairs), list(pairs)
        getattr(http, name)(ours)
        getattr(http, name)(listed)
        getattr(werkzeug.http, name)(theirs)
        assert list(ours) == list(theirs) == listed


@pytest.mark.parametrize(
    "immutable", ["add", "add_header", "set", "setdefault", "setlist", "setlistdefault", "extend", "update"]
)
def test_environ_headers_refuse(immutable: str) -> None:
    """A view of an environ can't be changed."""
    view: Any = datastructures.EnvironHeaders({"HTTP_A": "b"})

    with pytest.raises(TypeError, match="immutable"):
        getattr(view, immutable)(*(("a", "b") if immutable not in {"extend", "update"} else ({"a": "b"},)))

    for refused in (view.clear, view.popitem, view.pop, lambda: view.remove("a"), lambda: view.__delitem__("a")):
        with pytest.raises(TypeError, match="immutable"):
            refused()


def test_files_are_saved_and_added(tmp_path: Any) -> None:
    """A file is saved to a path and to an open file, and guesses its type from its name."""
    ours, theirs = datastructures.FileMultiDict(), werkzeug.datastructures.FileMultiDict()
    source = tmp_path / "a.png"
    source.write_bytes(b"abc")

    for files in (ours, theirs):
        files.add_file("path", str(source))
        files.add_file("path", source, filename="b.html")
        files.add_file("open", io.BytesIO(b"x"))
        files.add_file("open", io.BytesIO(b"x"), "c.unknown")
        files.add_file("open", io.BytesIO(b"x"), "c", "a/b")

    seen = [
        [(key, file.filename, file.content_type, file.name) for key, file in files.items(multi=True)]
        for files in (ours, theirs)
    ]
    assert seen[0] == seen[1]
    target = tmp_path / "copy"
    ours["path"].save(target)
    assert target.read_bytes() == b"abc"
    buffer = io.BytesIO()
    ours["open"].save(buffer)
    assert buffer.getvalue() == b"x"

    for files in (ours, theirs):
        for _, file in files.items(multi=True):
            file.close()
            file.close()
