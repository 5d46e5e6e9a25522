"""The way out of a response: the short one is only taken where nobody changed a step."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from unittest import mock

import pytest

from dray.wsgi_tools.datastructures import Headers
from dray.wsgi_tools.test import create_environ, run_wsgi_app
from dray.wsgi_tools.wrappers import Response


class Derived(Response):
    """A class that changes nothing."""


STEPS: list[tuple[str, Callable[..., Any]]] = [
    ("get_wsgi_headers", lambda self, environ: Headers({"X-Step": "changed"})),
    ("get_app_iter", lambda self, environ: [b"changed"]),
    ("get_wsgi_response", lambda self, environ: ([b"changed"], "200 OK", [])),
    ("iter_encoded", lambda self: iter([b"changed"])),
]


def sent(kind: type[Response]) -> str:
    """Return headers and content as a server gets them."""
    body, _, headers = run_wsgi_app(kind("as it is"), create_environ(), buffered=True)
    return f"{headers}{b''.join(body).decode()}"


@pytest.mark.parametrize("kind", [Response, Derived])
@pytest.mark.parametrize(("name", "step"), STEPS)
@pytest.mark.parametrize("place", [Response, Derived])
def test_a_step_that_is_replaced(kind: type[Response], name: str, step: Any, place: type[Response]) -> None:
    """A step that is replaced on a class, if only for a while, is used by it and its subclasses."""
    with mock.patch.object(place, name, step):
        assert ("changed" in sent(kind)) == issubclass(kind, place)
    assert "changed" not in sent(kind)


@pytest.mark.parametrize(("name", "step"), STEPS)
def test_a_step_that_is_overridden(name: str, step: Any) -> None:
    """A subclass that overrides a step has it used."""
    assert "changed" in sent(type("Other", (Response,), {name: step}))


@pytest.mark.parametrize(("name", "step"), STEPS)
@pytest.mark.parametrize("content", ["as it is", ["as", "it is"]])
def test_a_step_that_is_replaced_on_an_object(name: str, step: Any, content: Any) -> None:
    """A step that is replaced on one response is used by it, and by no other; afterwards it goes out as before."""
    response, other = Response(content), Response(content)
    before = sent(lambda _: other)  # type: ignore[arg-type, return-value]

    with mock.patch.object(response, name, partial(step, response)):
        assert "changed" in sent(lambda _: response)  # type: ignore[arg-type, return-value]
        assert sent(lambda _: other) == before  # type: ignore[arg-type, return-value]

    assert sent(lambda _: response) == before  # type: ignore[arg-type, return-value]


def test_close_is_called() -> None:
    """A ``close`` of somebody else's is called at the end of a response."""
    with mock.patch.object(Response, "close") as close:
        sent(Derived)
    close.assert_called_once_with()

    response = Response("as it is")
    with mock.patch.object(response, "close") as close:
        sent(lambda _: response)  # type: ignore[arg-type, return-value]
        assert response.needs_closing
    close.assert_called_once_with()
    assert not response.needs_closing


@pytest.mark.parametrize("headers", [{"X-A": "1", "X-B": "2"}, [("X-A", "1"), ("X-B", "2")]])
def test_headers_may_be_replaced_by_anything_that_gives_pairs(headers: Any) -> None:
    """A dict and a list of pairs become headers."""
    response = Response("text")
    response.headers = headers
    assert isinstance(response.headers, Headers)
    assert response.headers["x-a"] == "1"
    assert sent(lambda text: response) == "X-A: 1\r\nX-B: 2\r\nContent-Length: 4\r\n\r\ntext"  # type: ignore[arg-type, return-value]
