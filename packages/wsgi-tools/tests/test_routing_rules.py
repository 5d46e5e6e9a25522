"""Rules: their text, their copies, their factories, and how they look."""

from __future__ import annotations

from typing import Any

import pytest

from dray.wsgi_tools.routing import EndpointPrefix, Map, Rule, RuleFactory, RuleTemplate, Subdomain, Submount
from dray.wsgi_tools.routing import parse_converter_args as parse


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ((), {})),
        ("1", ((1,), {})),
        ("-3, +4, 1_000", ((-3, 4, 1000), {})),
        (".5, 1e5", ((0.5, 100000.0), {})),
        ("True, False, None, false", ((True, False, None, "false"), {})),
        ("a, \"b c\", 'd,e', u'f'", (("a", "b c", "d,e", "f"), {})),
        ("min=1, max = 2,", ((), {"min": 1, "max": 2})),
        ("1, a=b", ((1,), {"a": "b"})),
        ("é", (("é",), {})),
    ],
)
def test_converter_arguments(text: str, expected: Any) -> None:
    """Arguments are numbers, constants, quoted text or words, by position or by name."""
    assert parse(text) == expected


@pytest.mark.parametrize("text", ["a b", "a-b", "a)", ">", "'a", "=1", "a=", ".", "+", "a,,b"])
def test_malformed_converter_arguments(text: str) -> None:
    """Anything else is a ValueError that shows where parsing stopped."""
    with pytest.raises(ValueError, match="Cannot parse converter argument"):
        parse(text)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("a", ValueError),
        ("", ValueError),
        ("/<a", ValueError),
        ("/<>", ValueError),
        ("/<1a>", ValueError),
        ("/<a-b>", ValueError),
        ("/< a >", ValueError),
        ("/<int(:a>", ValueError),
        ("/<int :a>", ValueError),
        ("/<a>/<a>", ValueError),
        ("/<foo:a>", LookupError),
        ("/<int(bad=1):a>", TypeError),
    ],
)
def test_malformed_rules(text: str, error: type[Exception]) -> None:
    """A rule that can't be understood is refused when it is made or added."""
    with pytest.raises(error):
        Map([Rule(text, endpoint="e")])


def test_methods_of_rules() -> None:
    """HEAD comes with GET; one string is refused, and so are other methods on WebSocket rules."""
    assert Rule("/", methods=["get", "post"]).methods == {"GET", "HEAD", "POST"}
    with pytest.raises(TypeError, match="list of strings"):
        Rule("/", methods="GET")
    with pytest.raises(ValueError, match="WebSocket"):
        Rule("/", websocket=True, methods=["POST"])


def test_binding_twice() -> None:
    """A rule belongs to one map; a copy of it is free."""
    rule = Rule("/", endpoint="e")
    map = Map([rule])
    with pytest.raises(RuntimeError, match="already bound"):
        map.add(rule)
    map.add(rule.empty())


def test_copies_keep_every_option() -> None:
    """empty() gives an unbound rule with the same options."""
    rule = Rule(
        "/<x>", {"a": 1}, "sub", ["GET"], True, "e", False, False, "/to", True, "host", True
    )  # fmt: skip
    copy = rule.empty()
    for name in vars(rule):
        assert getattr(copy, name) == getattr(rule, name)


def test_refresh_after_a_change() -> None:
    """A changed rule is found at its new path after refresh()."""
    rule = Rule("/old/<int:x>", endpoint="e")
    map = Map([rule])
    assert map.match("/old/1")[0] is rule
    rule.rule = "/new/<y>/"
    rule.refresh()
    assert (map.match("/old/1")[0], map.match("/new/1/")) == (None, (rule, {"y": "1"}))
    assert rule.arguments == {"y"} and rule.is_branch


def test_how_rules_look() -> None:
    """Rules and maps print their paths, methods and endpoints; equal traces are equal rules."""
    rule = Rule("/<int:a>/b", endpoint="e", methods=["GET"])
    assert repr(rule) == "<Rule (unbound)>" and str(rule) == "/<int:a>/b"
    map = Map([rule, Rule("/", endpoint="f", subdomain="s")])
    assert repr(map) == "Map([<Rule '/<a>/b' (GET, HEAD) -> e>,\n <Rule 's|/' -> f>])"
    assert rule == next(Map([Rule("/<a>/b", endpoint="g")]).iter_rules()) and rule != "e"
    assert rule._trace == [(False, "|"), (False, "/"), (True, "a"), (False, "/"), (False, "b")]
    assert [part.static for part in rule._parts] == [True, True, False, True]


def test_map_listings() -> None:
    """iter_rules() and is_endpoint_expecting() answer for endpoints that exist, and KeyError for others."""
    map = Map(
        [Rule("/<x>", endpoint="e"), Rule("/f", endpoint="f"), Rule("/", endpoint="e", defaults={"x": 1, "y": 2})]
    )
    assert [rule.rule for rule in map.iter_rules()] == ["/<x>", "/f", "/"]
    assert [rule.rule for rule in map.iter_rules("e")] == ["/", "/<x>"]
    assert map.is_endpoint_expecting("e", "x", "y") and not map.is_endpoint_expecting("f", "x")
    for use in (map.iter_rules, map.is_endpoint_expecting):
        with pytest.raises(KeyError):
            use("nothing")


def test_factories_nest() -> None:
    """Mount point, subdomain and prefix are applied from the inside out, on copies."""
    inner = Rule("/w", endpoint="n")
    map = Map(
        [Submount("/sub/", [Rule("/", endpoint="b"), Subdomain("k", [EndpointPrefix("pre/", [inner])])])]
    )  # fmt: skip
    assert [(r.rule, r.endpoint, r.subdomain) for r in map.iter_rules()] == [
        ("/sub/", "b", ""),
        ("/sub/w", "pre/n", "k"),
    ]
    assert inner.rule == "/w" and inner.map is None
    with pytest.raises(NotImplementedError, match="get_rules"):
        RuleFactory().get_rules(map)


def test_templates() -> None:
    """Placeholders are filled in the path, the endpoint, the subdomain and text defaults."""
    template = RuleTemplate(
        [Rule("/$name/<int:id>", endpoint="$name.show", defaults={"kind": "$name", "n": 1}, subdomain="$sub")]
    )
    (rule,) = Map([template({"name": "user"}, sub="s")]).iter_rules()
    assert (rule.rule, rule.endpoint, rule.defaults, rule.subdomain) == (
        "/user/<int:id>",
        "user.show",
        {"kind": "user", "n": 1},
        "s",
    )
    with pytest.raises(KeyError, match="sub"):
        Map([template(name="user")])
