"""The value object of a cookie: written, read back, compared."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dray.wsgi_tools.datastructures import Cookie
from dray.wsgi_tools.http import dump_cookie
from dray.wsgi_tools.test import Client
from dray.wsgi_tools.wrappers import Request, Response

WHEN = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)
NAMES = st.text("abcXYZ09_-!#$%&'*+.^`|~", min_size=1).filter(lambda name: not name.startswith("__"))
COOKIES = st.builds(
    Cookie,
    key=NAMES,
    value=st.text(st.characters(exclude_categories=["Cs"])),
    max_age=st.none() | st.integers(-10, 10**9),
    expires=st.just(WHEN),
    path=st.none() | st.sampled_from(["/", "/a/b"]),
    domain=st.none() | st.just("example.com"),
    secure=st.just(True),
    httponly=st.booleans(),
    samesite=st.none() | st.sampled_from(["Strict", "Lax", "None"]),
    partitioned=st.booleans(),
)


@given(COOKIES)
def test_what_is_written_is_read(cookie: Cookie) -> None:
    """Any cookie comes back from its header as it was."""
    assert Cookie.from_header(cookie.to_header().encode("latin-1").decode()) == cookie


def test_a_value() -> None:
    """Cookies are compared by their parts; another one is made by replacing some."""
    cookie = Cookie("a", "1", max_age=timedelta(minutes=1), httponly=True)

    assert cookie == Cookie("a", "1", timedelta(minutes=1), httponly=True)
    assert len({cookie, cookie._replace(value="2"), Cookie("a", "1", timedelta(minutes=1), httponly=True)}) == 2
    assert cookie.to_header() == dump_cookie("a", "1", max_age=60, httponly=True)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("a=b", Cookie("a", "b", path=None)),
        (" a = b ; PATH = /x ; sEcure", Cookie("a", "b", path="/x", secure=True)),
        ('a="b\\073c"; Domain=.Example.com', Cookie("a", "b;c", path=None, domain="Example.com")),
        ("a=b; Path=/1; Path=/2", Cookie("a", "b", path="/2")),
        ("a=b; Max-Age=-5", Cookie("a", "b", path=None, max_age=-5)),
        *((f"a=b; Max-Age={age}", Cookie("a", "b", path=None)) for age in ("", "x", "1.5", "٣", "9" * 5000)),
        ("a=b; Expires=never", Cookie("a", "b", path=None)),
        ("a", Cookie("a", "", path=None)),
        *((header, None) for header in (None, "", "=b", ";", "; Path=/", " =")),
    ],
)
def test_reading(header: str | None, expected: Cookie | None) -> None:
    """A header is read as browsers read it; what they ignore is ignored (RFC 6265bis section 5.6)."""
    assert Cookie.from_header(header) == expected


@pytest.mark.parametrize(
    "cookie",
    [
        Cookie(""),
        Cookie("a;b"),
        Cookie("a", samesite="sometimes"),
        Cookie("__Secure-a"),
        Cookie("__Host-a", secure=True, domain="example.com"),
        Cookie("__Host-a", secure=True, path="/x"),
        Cookie("a", domain="a;b"),
    ],
)
def test_what_browsers_would_drop(cookie: Cookie) -> None:
    """A cookie that no browser would keep isn't written (RFC 6265bis section 4.1.3)."""
    with pytest.raises(ValueError):
        cookie.to_header()
    with pytest.raises(ValueError):
        Response().add_cookie(cookie)


@pytest.mark.parametrize("age", [10**12, -(10**12), 10**17])
def test_ages_beyond_all_dates(age: int) -> None:
    """An age that ends in no year is written alone."""
    assert Cookie("a", "b", max_age=age).to_header() == f"a=b; Max-Age={age}; Path=/"


def test_adding() -> None:
    """A response takes cookies as values, and its class may say what they have in common."""

    class Careful(Response):
        default_samesite = "Lax"

    response = Careful()
    response.add_cookie(Cookie("a", "1"))
    response.set_cookie("b", "2", samesite="None", secure=True)
    response.delete_cookie("c")

    assert [header.rpartition("; ")[2] for header in response.headers.getlist("Set-Cookie")] == [
        "SameSite=Lax",
        "SameSite=None",
        "SameSite=Lax",
    ]


def test_round_trip() -> None:
    """What a response sets, the next request has."""

    @Request.application
    def application(request: Request) -> Response:
        response = Response(request.cookies.get("a", ""))
        response.add_cookie(Cookie("a", "ü; \U0001f36a"))
        return response

    client = Client(application)
    assert [client.get("/").text, client.get("/").text] == ["", "ü; \U0001f36a"]
