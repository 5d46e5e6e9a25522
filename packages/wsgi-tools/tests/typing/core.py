"""What type checkers know about containers, requests and responses. Checked by mypy, never run."""

from __future__ import annotations

from datetime import datetime
from typing import Any, assert_type

from dray.wsgi_tools.datastructures import (
    Authorization,
    EnvironHeaders,
    FileStorage,
    Headers,
    ImmutableMultiDict,
    LanguageAccept,
    MultiDict,
    Range,
)
from dray.wsgi_tools.exceptions import HTTPException, NotFound, abort
from dray.wsgi_tools.http import dump_cookie, parse_accept_header, parse_date, parse_options_header
from dray.wsgi_tools.sansio.form import FormLimits
from dray.wsgi_tools.wrappers import Request, Response

numbers: MultiDict[str, int] = MultiDict([("a", 1), ("a", 2)])
assert_type(numbers["a"], int)
assert_type(numbers.get("a"), int | None)
assert_type(numbers.get("a", 5), int)
assert_type(numbers.get("a", "x"), int | str)
assert_type(numbers.get("a", type=str), str | None)
assert_type(numbers.getlist("a"), list[int])
assert_type(numbers.getlist("a", str), list[str])
assert_type(numbers.to_dict(), dict[str, int])
assert_type(numbers.to_dict(flat=False), dict[str, list[int]])
assert_type(numbers.pop("a"), int)
assert_type(numbers.copy(), MultiDict[str, int])
assert_type(ImmutableMultiDict([("a", 1)]).copy(), MultiDict[str, int])

headers = Headers({"A": "b"})
assert_type(headers["A"], str)
assert_type(headers[0], tuple[str, str])
assert_type(headers[0:1], Headers)
assert_type(headers.get("A"), str | None)
assert_type(headers.get("A", "x"), str)
assert_type(headers.get("A", type=int), int | None)
assert_type(headers.pop("A"), str)
assert_type(headers.pop(), tuple[str, str])
assert_type(EnvironHeaders({})["A"], str)

assert_type(parse_date("x"), datetime | None)
assert_type(parse_options_header("x"), tuple[str, dict[str, str]])
assert_type(parse_accept_header("x", LanguageAccept), LanguageAccept)
assert_type(dump_cookie("a", "b"), str)
assert_type(FormLimits().max_form_parts, int | None)


def read(request: Request, response: Response) -> None:
    """Read attributes."""
    assert_type(request.method, str)
    assert_type(request.args, MultiDict[str, str])
    assert_type(request.form["a"], str)
    assert_type(request.files["a"], FileStorage)
    assert_type(request.headers.get("A"), str | None)
    assert_type(request.content_length, int | None)
    assert_type(request.content_type, str | None)
    assert_type(request.authorization, Authorization | None)
    assert_type(request.range, Range | None)
    assert_type(request.date, datetime | None)
    assert_type(request.json, Any)
    assert_type(response.status_code, int)
    assert_type(response.headers, Headers)
    assert_type(response.last_modified, datetime | None)
    assert_type(response.make_conditional(request), Response)
    assert_type(NotFound().code, int | None)
    error: HTTPException = NotFound()
    assert_type(error.name, str)
    abort(404)
