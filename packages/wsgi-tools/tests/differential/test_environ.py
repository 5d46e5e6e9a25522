"""The environ builder, the client and multipart bodies beside Werkzeug's."""

from __future__ import annotations

import gc
import io
from types import ModuleType
from typing import Any

import pytest
import werkzeug.test
import werkzeug.wrappers
from hypothesis import given, settings
from hypothesis import strategies as st

from dray.wsgi_tools import test, wrappers

# The reference leaves temporary files open.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")

text = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8)
paths = st.lists(st.one_of(st.sampled_from(["a", "b c", "%41", "\xe4", "%2f", "x:y"]), text), max_size=4).map(
    lambda parts: (
        "/" + "/".join(part.replace("?", "").replace("#", "").replace("[", "").replace("]", "") for part in parts)
    )
)
forms = st.dictionaries(text, st.one_of(text, st.lists(text, max_size=3), st.integers(), st.none()), max_size=4)
options = st.fixed_dictionaries(
    {},
    optional={
        "method": st.sampled_from(["GET", "POST", "put"]),
        "query_string": st.one_of(forms, st.sampled_from(["a=b", "a=%20&c", "\xe4=\xf6"])),
        "data": st.one_of(forms, text, text.map(str.encode)),
        "content_type": st.sampled_from(["a/b", "text/plain; charset=utf-8", "application/x-www-form-urlencoded"]),
        "headers": st.lists(
            st.tuples(st.sampled_from(["X-A", "x-a", "Cookie", "Host", "X_B"]), st.sampled_from(["1", "a b", "\xe4"])),
            max_size=3,
        ),
        "base_url": st.sampled_from(
            ["http://ex.com", "https://ex.com/app/", "http://ex.com:8080/\xe4", "http://b\xfccher.de/x y/"]
        ),
        "multithread": st.booleans(),
        "auth": st.tuples(text.filter(lambda name: ":" not in name), text),
    },
)


def _environ(module: ModuleType, path: str, given_options: dict[str, Any]) -> Any:
    try:
        environ = module.create_environ(path, **given_options)
    except (TypeError, ValueError) as error:
        return type(error)
    body = environ.pop("wsgi.input").read()
    environ.pop("wsgi.errors")
    return environ, body


@settings(max_examples=300)
@given(paths, options)
def test_environs(path: str, given_options: dict[str, Any]) -> None:
    """The same arguments make the same environ, or the same kind of error."""
    expected = _environ(werkzeug.test, path, given_options)

    assert expected == _environ(test, path, given_options)


@given(st.dictionaries(text.filter(bool), st.one_of(text, st.binary(max_size=20), st.integers()), max_size=4))
def test_multipart_bodies(values: dict[str, Any]) -> None:
    """Forms without files are encoded alike; names with quotes by the form of the HTML standard."""
    values = {key.replace('"', "").replace("\\", ""): value for key, value in values.items()}
    texts = {key: value if isinstance(value, str) else str(value) for key, value in values.items()}
    expected = werkzeug.test.encode_multipart(texts, boundary="bound")

    assert expected == test.encode_multipart(texts, boundary="bound")


@given(st.binary(max_size=300), text, st.sampled_from(["a/b", "text/plain", None]))
def test_files_are_read_by_each_other(data: bytes, name: str, content_type: str | None) -> None:
    """What one side encodes, the request of the other side parses."""
    name = name.replace('"', "").replace("\\", "") or "x"
    for encode, request_class in ((test, werkzeug.wrappers.Request), (werkzeug.test, wrappers.Request)):
        builder: Any = encode.EnvironBuilder(
            method="POST", data={"f": (io.BytesIO(data), name, content_type), "a": "b"}
        )
        request = request_class(builder.get_environ())
        assert request.form["a"] == "b"
        assert request.files["f"].read() == data and request.files["f"].filename == name
        builder.close()
    gc.collect()  # what is left open is found now, not in another test


class _Application:
    """Redirects and sets cookies as the query says."""

    def __init__(self, module: ModuleType) -> None:
        self.module = module

    def __call__(self, environ: Any, start: Any) -> Any:
        request = self.module.Request(environ)
        code, target, cookie = (request.args.get(name, "") for name in ("code", "to", "cookie"))
        # Not the body: the reference loses it when a redirect is followed with 307 or 308.
        told = f"{request.method} {request.url} {sorted(request.cookies.items())} {request.content_length}"
        response = self.module.Response(told, status=int(code) if code else 200)
        if target:
            response.headers["Location"] = target
        if cookie:
            response.headers.add("Set-Cookie", cookie)
        return response(environ, start)


steps = st.lists(
    st.fixed_dictionaries(
        {
            "code": st.sampled_from(["", "301", "302", "303", "307", "308", "404"]),
            "to": st.sampled_from(
                ["", "/a", "/a/b?x=1", "http://localhost/c", "https://localhost/d", "/app/e", "http://o.com/"]
            ),
            "cookie": st.sampled_from(
                ["", "a=b", "p=c; Path=/a", "d=e; Max-Age=0", "a=; Max-Age=0", "f=g; Domain=localhost"]
            ),
            "method": st.sampled_from(["GET", "POST", "DELETE", "HEAD"]),
            "base_url": st.sampled_from(["http://localhost/", "http://localhost/app/", "https://localhost"]),
        }
    ),
    max_size=4,
)


def _visit(module: ModuleType, wrapper: ModuleType, visits: list[dict[str, str]]) -> list[Any]:
    client = module.Client(_Application(wrapper))
    found: list[Any] = []
    for visit in visits:
        query = {key: visit[key] for key in ("code", "to", "cookie")}
        if not query["to"] and query["code"][:1] == "3":
            query["code"] = "404"  # a redirect without a target isn't followed alike
        try:
            response = client.open(
                "/start",
                method=visit["method"],
                base_url=visit["base_url"],
                query_string=query,
                data="body" if visit["method"] == "POST" else None,
                follow_redirects=True,
            )
        except RuntimeError as error:
            found.append(str(error))
        else:
            found.append((response.status_code, response.text, [step.status_code for step in response.history]))
    return found


@settings(max_examples=150)
@given(steps)
def test_clients(visits: list[dict[str, str]]) -> None:
    """The same visits send the same requests with the same cookies, and follow the same redirects."""
    expected = _visit(werkzeug.test, werkzeug.wrappers, visits)

    assert expected == _visit(test, wrappers, visits)
