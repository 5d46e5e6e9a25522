"""Building URLs, and what is said when one can't be built."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from dray.wsgi_tools.datastructures import MultiDict
from dray.wsgi_tools.routing import BuildError, Map, Rule

MAP = Map(
    [
        Rule("/", endpoint="root"),
        Rule("/a/<x>", endpoint="a"),
        Rule("/i/<int:x>/", endpoint="i"),
        Rule("/f/<float:x>", endpoint="f"),
        Rule("/p/<path:x>", endpoint="p"),
        Rule("/u/<uuid:x>", endpoint="u"),
        Rule("/any/<any(a, b):x>", endpoint="any"),
        Rule("/d/<int(fixed_digits=3):x>", endpoint="d"),
        Rule("/page/", endpoint="pg", defaults={"p": 1}),
        Rule("/page/<int:p>", endpoint="pg"),
        Rule("/m", endpoint="m", methods=["GET"]),
        Rule("/mp", endpoint="m", methods=["POST"]),
        Rule("/sé/<x>|y z", endpoint="q"),
        Rule("/s", endpoint="sub", subdomain="<s>"),
        Rule("/ws", endpoint="ws", websocket=True),
        Rule("/b/<x>", endpoint="two"),
        Rule("/b/<x>/<y>", endpoint="two"),
        Rule("/only", endpoint="only", build_only=True),
    ]
)


@pytest.mark.parametrize(
    ("endpoint", "values", "expected"),
    [
        ("root", None, "/"),
        ("a", {"x": "y"}, "/a/y"),
        ("a", {"x": "ä/b c?d#e%&;"}, "/a/%C3%A4/b%20c%3Fd%23e%25&;"),
        ("a", {"x": "y", "q": "1 2", "l": [1, None, 2], "n": None, "e": ""}, "/a/y?q=1+2&l=1&l=2&e="),
        ("a", MultiDict([("x", 1), ("q", 1), ("q", 2)]), "/a/1?q=1&q=2"),
        ("root", {"é": "ü&=;"}, "/?%C3%A9=%C3%BC%26%3D;"),
        ("root", {"x": b"a b"}, "/?x=a+b"),
        ("root", {"x": []}, "/"),
        ("i", {"x": "3"}, "/i/3/"),
        ("f", {"x": 3}, "/f/3.0"),
        ("p", {"x": "a/b//c"}, "/p/a/b//c"),
        ("u", {"x": uuid.UUID(int=3)}, "/u/00000000-0000-0000-0000-000000000003"),
        ("any", {"x": "a"}, "/any/a"),
        ("d", {"x": 3}, "/d/003"),
        ("pg", {}, "/page/"),
        ("pg", {"p": 1}, "/page/"),
        ("pg", {"p": 2}, "/page/2"),
        ("m", {}, "/m"),
        ("q", {"x": "|"}, "/s%C3%A9/%7C%7Cy%20z"),
        ("sub", {"s": "www"}, "http://www.ex.com/s"),
        ("ws", {}, "ws://ex.com/ws"),
        ("two", {"x": 1}, "/b/1"),
        ("two", {"x": 1, "y": 2}, "/b/1/2"),
        ("only", {}, "/only"),
    ],
)
def test_build(endpoint: str, values: Any, expected: str) -> None:
    """Values become parts of the path, what is left the query; another host makes the URL absolute."""
    assert MAP.bind("ex.com").build(endpoint, values) == expected


def test_build_options() -> None:
    """Method, scheme, script name, subdomain and default method of the adapter are used."""
    adapter = MAP.bind("ex.com", "/app", url_scheme="https", default_method="POST", subdomain="www")
    assert adapter.build("m") == "https://ex.com/app/mp" and adapter.build("m", method="GET") == "https://ex.com/app/m"
    assert adapter.build("sub", {"s": "www"}) == "/app/s"
    assert adapter.build("sub", {"s": "www"}, force_external=True) == "https://www.ex.com/app/s"
    assert adapter.build("ws") == "wss://ex.com/app/ws"
    plain = MAP.bind("ex.com")
    assert plain.build("root", force_external=True, url_scheme="") == "//ex.com/"
    assert plain.build("a", {"x": 1, "q": 2}, append_unknown=False) == "/a/1"
    assert MAP.bind("ex.com", url_scheme="ws").build("root", force_external=True) == "http://ex.com/"


def test_sorted_parameters() -> None:
    """The query can be sorted, also by a function."""
    by_name = Map([Rule("/", endpoint="r")], sort_parameters=True)
    assert by_name.bind("h").build("r", {"b": 1, "a": 2, "c": [2, 1]}) == "/?a=2&b=1&c=1&c=2"
    by_value = Map([Rule("/", endpoint="r")], sort_parameters=True, sort_key=lambda pair: pair[1])
    assert by_value.bind("h").build("r", {"a": 2, "b": 1}) == "/?b=1&a=2"


def test_build_with_hosts() -> None:
    """A rule of the current host is preferred, and gives a relative URL."""
    map = Map(
        [
            Rule("/1", endpoint="r", host="a.com"),
            Rule("/2", endpoint="r", host="b.com"),
            Rule("/x", endpoint="x", host="<h>"),
        ],
        host_matching=True,
    )
    assert map.bind("b.com").build("r") == "/2" and map.bind("c.com").build("r") == "http://a.com/1"
    assert map.bind("b.com").build("x", {"h": "b.com"}) == "/x"


@pytest.mark.parametrize(
    ("endpoint", "values", "method", "message"),
    [
        ("a", {}, None, "'a'. Did you forget to specify values ['x']?"),
        ("a", {"x": None}, None, "'a'. Did you forget to specify values ['x']?"),
        ("m", {}, "PUT", "'m' ('PUT'). Did you mean to use methods ['GET', 'HEAD']?"),
        ("two", {"y": 1}, None, "'two' with values ['y']. Did you forget to specify values ['x']?"),
        ("roo", {}, None, "'roo'. Did you mean 'root' instead?"),
    ],
)
def test_build_errors_say_what_to_do(endpoint: str, values: Any, method: str | None, message: str) -> None:
    """The message names the nearest endpoint, the missing values, or the methods."""
    with pytest.raises(BuildError) as info:
        MAP.bind("ex.com").build(endpoint, values, method)
    assert str(info.value) == f"Could not build url for endpoint {message}"
    assert isinstance(info.value, LookupError)


def test_build_errors_without_a_map() -> None:
    """Without an adapter or rules there is nothing to suggest."""
    assert str(BuildError("a", {}, None)) == "Could not build url for endpoint 'a'."
    with pytest.raises(BuildError, match="'a'.$"):
        Map().bind("h").build("a")


@pytest.mark.parametrize(("endpoint", "value"), [("i", "a"), ("any", "c")])
def test_values_that_a_converter_cannot_write(endpoint: str, value: str) -> None:
    """A value that isn't one of the converter's is a ValueError."""
    with pytest.raises(ValueError):
        MAP.bind("ex.com").build(endpoint, {"x": value})


def test_rule_build_alone() -> None:
    """Rule.build gives domain and path, and None for missing values."""
    rule = next(MAP.iter_rules("sub"))
    assert rule.build({"s": "a b", "q": 1}) == ("a%20b", "/s?q=1")
    assert rule.build({}) is None


def test_unicode_server_names() -> None:
    """Host names are bound in their IDNA form."""
    assert MAP.bind("Bücher.com").build("root", force_external=True) == "http://xn--bcher-kva.com/"
