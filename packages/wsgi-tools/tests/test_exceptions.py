"""dray.wsgi_tools.exceptions: every error is an answer, and the same answer as Werkzeug's."""

from __future__ import annotations

import datetime as dt
import pickle
from typing import Any

import pytest
import werkzeug.datastructures
import werkzeug.exceptions as reference
import werkzeug.wrappers

from dray.safe_strings import Markup
from dray.wsgi_tools import datastructures, exceptions, wrappers

NAMES = sorted(
    name
    for name, value in vars(reference).items()
    if isinstance(value, type) and issubclass(value, reference.HTTPException) and name[0] != "_"
)


def answer(error: Any) -> Any:
    """Return what an error sends."""
    started: list[Any] = []
    environ = {"REQUEST_METHOD": "GET", "wsgi.url_scheme": "http", "SERVER_NAME": "x", "SERVER_PORT": "80"}
    body = b"".join(error(environ, lambda status, headers, exc_info=None: started.append((status, headers))))
    return started, body


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "arguments", [{}, {"description": "<b>\nx"}, {"description": ""}], ids=["plain", "html", "empty"]
)
def test_pages(name: str, arguments: dict[str, str]) -> None:
    """Each error sends the same status, headers and page, and prints alike."""
    ours, theirs = getattr(exceptions, name)(**arguments), getattr(reference, name)(**arguments)
    assert (ours.code, ours.name, repr(ours)) == (theirs.code, theirs.name, repr(theirs))

    if name == "LengthRequired" and not arguments:
        assert "<code>" not in ours.get_body()  # the reference shows its own tags as text
        return

    assert (str(ours), ours.get_body(), ours.get_headers()) == (str(theirs), theirs.get_body(), theirs.get_headers())

    if ours.code is not None:
        assert answer(ours) == answer(theirs)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("MethodNotAllowed", {"valid_methods": ["GET", "POST"]}),
        ("RequestedRangeNotSatisfiable", {"length": 0}),
        ("RequestedRangeNotSatisfiable", {"length": 10, "units": "items"}),
        ("TooManyRequests", {"retry_after": 5}),
        ("ServiceUnavailable", {"retry_after": dt.datetime(2020, 1, 1)}),
        ("TooManyRequests", {"retry_after": 0}),
    ],
)
def test_headers(name: str, arguments: dict[str, Any]) -> None:
    """The headers that a status asks for are the same."""
    assert getattr(exceptions, name)(**arguments).get_headers() == getattr(reference, name)(**arguments).get_headers()


def test_challenges() -> None:
    """One challenge and several are written alike."""

    def headers(errors: Any, ds: Any) -> Any:
        basic, digest = ds.WWWAuthenticate("basic", {"realm": "x y"}), ds.WWWAuthenticate("digest", {"realm": "y"})
        one, two = errors.Unauthorized(www_authenticate=basic), errors.Unauthorized(www_authenticate=[basic, digest])
        return one.get_headers(), two.get_headers(), errors.Unauthorized().get_headers()

    assert headers(exceptions, datastructures) == headers(reference, werkzeug.datastructures)


def test_the_table() -> None:
    """The same class stands for each code."""
    ours = {code: kind.__name__ for code, kind in exceptions.default_exceptions.items()}
    assert ours == {code: kind.__name__ for code, kind in reference.default_exceptions.items()}


@pytest.mark.parametrize("code", [404, 405, 999, "404", None])
def test_abort(code: Any) -> None:
    """A code raises its exception, and what is none raises LookupError or what the reference raises."""

    def raised(module: Any) -> str:
        try:
            module.abort(code)
        except Exception as error:
            return f"{type(error).__name__} {getattr(error, 'code', '')}"

    assert raised(exceptions) == raised(reference)


def test_abort_with_a_response() -> None:
    """A response ends the request as it is."""
    response = wrappers.Response("x", 201)

    with pytest.raises(exceptions.HTTPException) as caught:
        exceptions.abort(response)

    assert caught.value.get_response() is response


def test_own_classes() -> None:
    """A program's own errors work with attributes and with keywords, and in an own table."""

    class Old(exceptions.HTTPException):
        code = 402
        description = "old"

    class New(exceptions.HTTPException, code=402, description="new"):
        """An error."""

    assert (Old().code, New().code, New().description, New("other").description) == (402, 402, "new", "other")
    abort = exceptions.Aborter(extra={402: New})
    assert 402 not in exceptions.default_exceptions

    with pytest.raises(New):
        abort(402)


def test_missing_keys() -> None:
    """A missing key is a KeyError and answers 400; only a program that is debugged shows which key it was."""
    error = datastructures.MultiDict()

    with pytest.raises(KeyError) as caught:
        error["secret<>"]

    assert isinstance(caught.value, exceptions.BadRequestKeyError)
    assert caught.value.args == ("secret<>",)
    assert "secret" not in caught.value.get_body()
    caught.value.show_exception = True
    assert "KeyError: &#39;secret&lt;&gt;&#39;" in caught.value.get_body()
    caught.value.description = "other"
    assert caught.value.get_description().startswith("<p>other<br>KeyError")


def test_markup_is_trusted() -> None:
    """A description that is HTML already stays so; the same text isn't mixed up with it."""
    for _ in range(2):
        assert exceptions.NotFound("<b>").get_description() == "<p>&lt;b&gt;</p>"
        assert exceptions.NotFound(Markup("<b>")).get_description() == "<p><b></p>"


def test_errors_survive_a_pickle() -> None:
    """An error can be sent to another process."""
    for error in (exceptions.NotFound("x"), exceptions.MethodNotAllowed(["GET"]), exceptions.BadRequestKeyError("k")):
        copy = pickle.loads(pickle.dumps(error))
        assert (copy.code, copy.description, copy.get_headers()) == (error.code, error.description, error.get_headers())


def test_original_exception() -> None:
    """The error that nobody handled is kept."""
    original = ValueError()
    assert exceptions.InternalServerError(original_exception=original).original_exception is original


@pytest.mark.parametrize(
    ("scheme", "parameters", "expected"),
    [
        ("basic", {"realm": "notes"}, 'Basic realm="notes"'),
        ("basic", {"realm": "a b", "charset": "UTF-8"}, 'Basic realm="a b", charset=UTF-8'),
        ("bearer", {"realm": "x", "error": None}, 'Bearer realm="x", error'),
        ("basic", {"realm": None}, "Basic realm"),
        ("basic", {}, "Basic"),
    ],
)
def test_realms_are_quoted(scheme: str, parameters: dict[str, str | None], expected: str) -> None:
    """ "For historical reasons, a sender MUST only generate the quoted-string syntax." (RFC 9110 section 11.5)"""
    challenge = datastructures.WWWAuthenticate(scheme, parameters)
    assert challenge.to_header() == expected
    if "=" in expected:  # a word alone is read as a token, which it could be
        assert datastructures.WWWAuthenticate.from_header(expected) == challenge
