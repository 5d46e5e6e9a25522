"""The lint middleware: each finding is one warning."""

from __future__ import annotations

import warnings
from typing import Any

import pytest

from dray.wsgi_tools.middleware.lint import GuardedIterator, HTTPWarning, LintMiddleware, WSGIWarning, check_type
from dray.wsgi_tools.test import create_environ, run_wsgi_app

PLAIN = [("Content-Type", "text/plain")]


def findings(app: Any, **options: Any) -> list[str]:
    """Return the warnings of one request."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        body = None
        try:
            body = run_wsgi_app(LintMiddleware(app), create_environ(**options))[0]
            list(body)
        except (TypeError, ValueError, AttributeError):
            pass
        finally:
            if hasattr(body, "close"):
                body.close()  # type: ignore[union-attr]
    return [f"{w.category.__name__} {w.message}" for w in caught if issubclass(w.category, (WSGIWarning, HTTPWarning))]


def answer(status: Any = "200 OK", headers: Any = PLAIN, body: Any = (b"x",)) -> Any:
    """Make an application with this answer."""
    return lambda environ, start: [start(status, headers), body][1]


def test_nothing_to_say() -> None:
    """A correct application gives no warning."""
    assert findings(answer()) == []
    assert findings(answer("304 Not Modified", [("ETag", 'W/"x"'), ("Expires", "x")], [])) == []
    assert findings(answer(headers=[("Location", "/relative")], body=[])) == []


@pytest.mark.parametrize(
    ("app", "expected"),
    [
        (answer(body="x"), "returned string"),
        (answer(body=["x"]), "'application iterator items' requires 'bytes'"),
        (answer("200"), "three digits, a space"),
        (answer("abc def"), "three digits, not 'abc'"),
        (answer("99 x"), "below 100"),
        (answer(b"200 OK"), "'status' requires 'str'"),
        (answer(headers=()), "not a list"),
        (answer(headers=[("a", 1)]), "must be strings"),
        (answer(headers=[["a", "b"]]), "2-item tuples"),
        (answer(headers=[("Status", "200")]), "status is no header"),
        (answer(headers=[("a", "b\nc: d")]), "control characters"),
        (answer(headers=[("Content-Length", "5")]), "do not match: 5 and 1"),
        (answer("304 x", [("Content-Length", "5")], []), "'content-length' found in 304"),
        (answer("304 x", [], [b"x"]), "304 responses must not have a body"),
        (answer("204 x", [("Content-Length", "5")], []), "empty content length"),
        (answer("204 x", [], [b"x"]), "204 responses must not have a body"),
        (answer(headers=[("ETag", "x")]), "Unquoted etag"),
        (answer(headers=[("ETag", 'w/"x"')]), "upper case"),
        (lambda environ, start: [start("200 OK", []), start("200 OK", []), b""][2:], "called twice"),
        (lambda environ, start: [start("200 OK", [], None, None), b""][1:], "2 or 3 arguments"),
        (lambda environ, start: [start("200 OK", [])("x"), b""][1:], "'write()' requires 'bytes'"),
    ],
)
def test_findings_in_answers(app: Any, expected: str) -> None:
    """Each mistake in an answer is named."""
    assert any(expected in finding for finding in findings(app))


@pytest.mark.parametrize(
    ("use", "expected"),
    [
        (lambda environ: environ["wsgi.input"].read(), "read() without a size"),
        (lambda environ: environ["wsgi.input"].read(1, 2), "Too many arguments"),
        (lambda environ: environ["wsgi.input"].readline(), "readline() without a size"),
        (lambda environ: environ["wsgi.input"].readlines(), "readlines() without a size"),
        (lambda environ: environ["wsgi.input"].close(), "closed the input stream"),
        (lambda environ: environ["wsgi.errors"].write(b"x"), "'wsgi.errors.write()' requires 'str'"),
    ],
)
def test_findings_in_the_use_of_streams(use: Any, expected: str) -> None:
    """Each mistake with a stream is named; reading with a size, by lines or by iteration is fine."""

    def app(environ: Any, start: Any) -> list[bytes]:
        use(environ)
        start("200 OK", [])
        return [b""]

    assert any(expected in finding for finding in findings(app, data=b"a\nb"))

    def careful(environ: Any, start: Any) -> list[bytes]:
        environ["wsgi.input"].read(1)
        environ["wsgi.input"].readline(5)
        environ["wsgi.input"].readlines(1)
        list(environ["wsgi.input"])
        environ["wsgi.errors"].writelines([""])
        environ["wsgi.errors"].flush()
        start("200 OK", [])
        return [b""]

    assert findings(careful, data=b"a\nb") == []


def test_findings_in_environs() -> None:
    """Each mistake of a server is named."""
    found = findings(answer(), environ_overrides={"wsgi.version": (1, 1), "SCRIPT_NAME": "x", "PATH_INFO": "y"})
    assert len(found) == 3
    middleware = LintMiddleware(answer())
    environ = create_environ()
    del environ["SERVER_NAME"]
    with pytest.warns(WSGIWarning, match="'SERVER_NAME' not found"):
        middleware.check_environ(environ)
    with pytest.warns(WSGIWarning, match="Header items must be 2-item tuples"):
        assert middleware.check_start_response("200 OK", [("a",)], None)[0] == 200  # type: ignore[list-item]
    with pytest.warns(WSGIWarning, match="'x' requires 'str', got 'int'"):
        check_type("x", 5)


def test_bodies_that_are_misused() -> None:
    """A body that is used after its end, or never closed, is named."""
    body = GuardedIterator([b"a", b"b"], (200, {}), [])  # type: ignore[arg-type]
    body.headers_set = ()  # type: ignore[assignment]
    with pytest.warns(WSGIWarning, match="before it started"):
        next(body)
    body.close()
    body.headers_set = (200, {})  # type: ignore[assignment]
    with pytest.warns(WSGIWarning, match="closed body"):
        next(body)
    dropped = GuardedIterator([b"a"], (200, {}), [])  # type: ignore[arg-type]
    with pytest.warns(WSGIWarning, match="without being closed"):
        dropped.__del__()
    dropped.closed = True
