"""Matching: which rule is found for a path, and what is answered when none is."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dray.wsgi_tools.exceptions import HTTPException, MethodNotAllowed, NotFound
from dray.wsgi_tools.routing import (
    BaseConverter,
    Map,
    NoMatch,
    Outcome,
    RequestAliasRedirect,
    RequestPath,
    RequestRedirect,
    Rule,
    ValidationError,
    WebsocketMismatch,
)


def make(*rules: str | Rule, **options: Any) -> Map:
    """Make a map in which the endpoint of a rule given as text is that text."""
    return Map([Rule(rule, endpoint=rule) if isinstance(rule, str) else rule for rule in rules], **options)


def ask(map: Map, path: str, method: str = "GET", **place: Any) -> Any:
    """Match, and return endpoint and values, the URL of a redirect, the allowed methods, or a status code."""
    try:
        return map.bind(place.pop("server_name", "ex.com"), **place).match(path, method)
    except RequestRedirect as redirect:
        return redirect.new_url
    except MethodNotAllowed as error:
        return error.valid_methods
    except HTTPException as error:
        return error.code


STATIC_FIRST = make("/<x>", "/a", "/<int:n>", "/<path:p>", "/a/<x>", "/<x>/b", "/v<x>", "/v<int:n>", "/<x>-<y>")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/a", ("/a", {})),
        ("/1", ("/<int:n>", {"n": 1})),
        ("/z", ("/<x>", {"x": "z"})),
        ("/a/b", ("/a/<x>", {"x": "b"})),
        ("/c/b", ("/<x>/b", {"x": "c"})),
        ("/c/d", ("/<path:p>", {"p": "c/d"})),
        ("/v7", ("/v<int:n>", {"n": 7})),
        ("/va", ("/v<x>", {"x": "a"})),
        ("/v", ("/<x>", {"x": "v"})),
        ("/m-n-o", ("/<x>-<y>", {"x": "m-n", "y": "o"})),
        ("/", 404),
        ("", 404),
        ("/z/", ("/<path:p>", {"p": "z/"})),
    ],
)
def test_the_more_specific_rule_is_found(path: str, expected: Any) -> None:
    """Static text is better than variables, lighter converters better than heavier ones, from left to right."""
    assert ask(STATIC_FIRST, path) == expected


@pytest.mark.parametrize(
    ("rule", "path", "expected"),
    [
        ("/<int:x>", "/12", 12),
        ("/<int:x>", "/\u0663", 3),
        ("/<int:x>", "/-1", None),
        ("/<int:x>", "/1\n", None),
        ("/<int:x>", "/" + "9" * 5000, None),
        ("/<int(signed=True):x>", "/-5", -5),
        ("/<int(signed=True):x>", "/+5", None),
        ("/<int(fixed_digits=3):x>", "/012", 12),
        ("/<int(fixed_digits=3):x>", "/12", None),
        ("/<int(min=2, max=5):x>", "/5", 5),
        ("/<int(min=2, max=5):x>", "/6", None),
        ("/<int(min=-3, signed=True):x>", "/-4", None),
        ("/<float:x>", "/1.5", 1.5),
        ("/<float:x>", "/1", None),
        ("/<float(signed=True):x>", "/-1.5", -1.5),
        ("/<string(length=2):x>", "/ab", "ab"),
        ("/<string(length=2):x>", "/abc", None),
        ("/<string(minlength=2,maxlength=3):x>", "/abcd", None),
        ("/<any(a, bc):x>", "/bc", "bc"),
        ("/<any(a, bc):x>", "/b", None),
        ("/<any(1, 2):x>", "/2", "2"),
        ("/<any('a/b', 'a'):x>", "/a/b", "a/b"),
        ("/<uuid:x>", "/00000000-0000-0000-0000-00000000000g", None),
        ("/<path:x>", "/a/b/c", "a/b/c"),
        ("/<path:x>/end", "/a/b/end", "a/b"),
        ("/<path:x>/end", "/end", None),
        ("/pre/<path:x>", "/pre//b", None),
        ("/<x>.json", "/a.b.json", "a.b"),
        ("/<x>.json", "/.json", None),
        ("/<string(minlength=0):x>", "/", ""),
    ],
)
def test_converters(rule: str, path: str, expected: Any) -> None:
    """Each converter takes its own texts and nothing else."""
    result = ask(make(rule, merge_slashes=False), path)
    assert result == (404 if expected is None else (rule, {"x": expected}))


def test_a_converter_that_refuses_lets_the_next_rule_match() -> None:
    """ValidationError means "not this rule"; any other error of a converter comes through."""

    class Even(BaseConverter):
        def to_python(self, value: str) -> int:
            number = int(value)
            if number % 2:
                raise ValidationError(value)
            return number

    map = make("/<even:n>", "/<x>", converters={"even": Even})
    assert ask(map, "/4") == ("/<even:n>", {"n": 4})
    assert ask(map, "/5") == ("/<x>", {"x": "5"})
    with pytest.raises(ValueError, match="invalid literal"):
        ask(map, "/z")


def test_custom_converters_with_slashes_and_groups() -> None:
    """A regex with a slash spans segments; groups inside a regex don't disturb the values."""

    class Pair(BaseConverter):
        regex = r"\w+/\w+"

    class Word(BaseConverter):
        regex = "(a|b)(c)"

    assert (Pair.part_isolating, Word.part_isolating) == (False, True)
    map = make("/<pair:p>/q", "/w/<word:w>", "/w<word:w>-<x>", converters={"pair": Pair, "word": Word})
    assert ask(map, "/a/b/q") == ("/<pair:p>/q", {"p": "a/b"})
    assert ask(map, "/w/bc") == ("/w/<word:w>", {"w": "bc"})
    assert ask(map, "/wac-1") == ("/w<word:w>-<x>", {"w": "ac", "x": "1"})
    assert ask(map, "/w/b") == 404


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/a", "http://ex.com/a/"),
        ("/a/", ("/a/", {})),
        ("/b/", 404),
        ("/c", ("/<x>", {"x": "c"})),
        ("/c/y", "http://ex.com/c/y/"),
        ("/p/q", "http://ex.com/p/q/"),
        ("/p/q/", ("/p/<path:q>/", {"q": "q"})),
    ],
)
def test_strict_slashes(path: str, expected: Any) -> None:
    """A branch without its slash is redirected, a leaf with one is not found."""
    assert ask(make("/a/", "/<x>", "/b", "/<x>/y/", "/p/<path:q>/"), path) == expected


@pytest.mark.parametrize("path", ["/a", "/a/", "/a//", "/b", "/b/", "/c/y", "/c/y/", "/c/y//", "/p/q", "/p/q/"])
def test_lenient_slashes(path: str) -> None:
    """With strict_slashes off, a slash at the end doesn't matter, and the methods are checked all the same."""
    map = make(
        *[Rule(rule, endpoint=1, methods=["GET"]) for rule in ("/a/", "/b", "/<x>/y/", "/p/<path:q>/")],
        strict_slashes=False,
    )
    assert ask(map, path)[0] == 1
    assert ask(map, path, "POST") == ["GET", "HEAD"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/a//b", "http://ex.com/a/b"),
        ("/a///b", "http://ex.com/a/b"),
        ("//a/b", ("/a/b", {})),
        ("/x//", "http://ex.com/x/"),
        ("/x//y", "http://ex.com/x/y/"),
        ("/q//r", 404),
        ("/k//l", ("/k//l", {})),
        ("/k/l", 404),
    ],
)
def test_merged_slashes(path: str, expected: Any) -> None:
    """A path that matches with repeated slashes merged is redirected; a rule can opt out."""
    map = make("/a/b", "/x/", "/x/y/", Rule("/k//l", endpoint="/k//l", merge_slashes=False))
    assert ask(map, path) == expected


def test_a_path_variable_takes_repeated_slashes_as_they_are() -> None:
    """Slashes are merged only where nothing matches otherwise."""
    map = make("/<path:p>", "/a/b")
    assert ask(map, "/a//b") == ("/<path:p>", {"p": "a//b"})
    assert ask(make("/a/b", merge_slashes=False), "/a//b") == 404


def test_methods() -> None:
    """A rule for another method is skipped; only when no rule fits, the answer is 405 with all methods."""
    map = make(
        Rule("/a", endpoint="get", methods=["GET"]),
        Rule("/<x>", endpoint="post", methods=["post"]),
        Rule("/a/", endpoint="delete", methods=["DELETE"]),
    )
    assert ask(map, "/a", "HEAD") == ("get", {})
    assert ask(map, "/a", "POST") == ("post", {"x": "a"})
    assert ask(map, "/a", "delete") == "http://ex.com/a/"
    assert ask(map, "/a", "PUT") == ["GET", "HEAD", "POST"]
    assert ask(map, "/b") == ["POST"]
    adapter = map.bind("ex.com")
    assert adapter.allowed_methods("/a") == ["GET", "HEAD", "POST"] and adapter.allowed_methods("/no/no") == []
    assert adapter.test("/a") and adapter.test("/a", "DELETE") and not adapter.test("/b") and not adapter.test("/no/no")


def test_websocket_rules() -> None:
    """A WebSocket rule and an ordinary one can share a path; the wrong kind of connection alone is a 400."""
    map = make(
        Rule("/a", endpoint="ws", websocket=True),
        Rule("/a", endpoint="http"),
        Rule("/w", endpoint="w", websocket=True),
        Rule("/h", endpoint="h", methods=["POST"]),
    )
    adapter = map.bind("ex.com")
    assert adapter.match("/a", websocket=True)[0] == "ws" and adapter.match("/a")[0] == "http"
    assert map.bind("ex.com", url_scheme="wss").match("/w")[0] == "w"
    with pytest.raises(WebsocketMismatch):
        adapter.match("/w")
    with pytest.raises(WebsocketMismatch):
        adapter.match("/h", "POST", websocket=True)
    with pytest.raises(MethodNotAllowed):
        adapter.match("/h", websocket=True)


def test_subdomains() -> None:
    """The fixed subdomain is better than a variable one; the variable is one of the values."""
    map = make(
        Rule("/", endpoint="root"),
        Rule("/", endpoint="api", subdomain="api"),
        Rule("/", endpoint="user", subdomain="<user>"),
        Rule("/x/", endpoint="x", subdomain="<user>"),
        Rule("/n", endpoint="number", subdomain="<int:n>"),
        Rule("/n", endpoint="text", subdomain="<t>"),
    )
    assert ask(map, "/") == ("root", {})
    assert ask(map, "/", subdomain="api") == ("api", {})
    assert ask(map, "/", subdomain="joe") == ("user", {"user": "joe"})
    assert ask(map, "/x", subdomain="joe") == "http://joe.ex.com/x/"
    assert ask(map, "/x", subdomain="api") == "http://api.ex.com/x/"
    assert ask(map, "/n", subdomain="5") == ("number", {"n": 5})
    assert ask(map, "/n", subdomain="a.b") == ("text", {"t": "a.b"})
    assert ask(map, "/x") == 404


def test_default_subdomain() -> None:
    """Rules and adapters that name no subdomain get the map's."""
    map = make(Rule("/", endpoint="www"), Rule("/", endpoint="bare", subdomain=""), default_subdomain="www")
    assert (ask(map, "/")[0], ask(map, "/", subdomain="www")[0], ask(map, "/", subdomain="")[0]) == (
        "www",
        "www",
        "bare",
    )


def test_hosts() -> None:
    """With host_matching, whole hosts take the place of subdomains."""
    map = make(
        Rule("/", endpoint="www", host="www.ex.com"), Rule("/x/", endpoint="any", host="<h>.ex.com"), host_matching=True
    )
    assert ask(map, "/", server_name="WWW.ex.com") == ("www", {})
    assert ask(map, "/x/", server_name="a.ex.com") == ("any", {"h": "a"})
    assert ask(map, "/x", server_name="a.ex.com") == "http://a.ex.com/x/"
    assert ask(map, "/", server_name="ex.com") == 404
    with pytest.raises(RuntimeError, match="host matching"):
        map.bind("ex.com", subdomain="a")


def test_domains_of_equal_weight_share_one_order() -> None:
    """Between rules under different domain patterns of one weight, the path decides, then registration."""
    map = make(
        Rule("/<x>", endpoint=1, subdomain="<string(maxlength=5):a>"),
        Rule("/fixed", endpoint=2, subdomain="<b>"),
        Rule("/<y>", endpoint=3, subdomain="<b>"),
    )
    assert ask(map, "/fixed", subdomain="joe") == (2, {"b": "joe"})
    assert ask(map, "/else", subdomain="joe") == (1, {"a": "joe", "x": "else"})
    assert ask(map, "/else", subdomain="longer") == (3, {"b": "longer", "y": "else"})


def test_defaults_are_values_and_redirect_to_the_canonical_rule() -> None:
    """A rule with defaults is canonical for them; the query is kept; redirect_defaults switches it off."""
    rules = [Rule("/", endpoint="e", defaults={"page": 1}), Rule("/p/<int:page>", endpoint="e")]
    map = Map(rules)
    assert ask(map, "/") == ("e", {"page": 1})
    assert ask(map, "/p/1") == "http://ex.com/"
    assert ask(map, "/p/1", query_args={"a": "b c"}) == "http://ex.com/?a=b+c"
    assert ask(map, "/p/2") == ("e", {"page": 2})
    assert ask(Map([rule.empty() for rule in rules], redirect_defaults=False), "/p/1") == ("e", {"page": 1})
    assert map.bind("ex.com").get_default_redirect(rules[1], "GET", {"page": 1}, "") == "http://ex.com/"
    assert map.bind("ex.com").get_default_redirect(rules[1], "GET", {"page": 2}, "") is None


def test_defaults_given_to_a_match_can_be_changed() -> None:
    """Each match gets its own dictionary."""
    map = Map([Rule("/", endpoint="e", defaults={"page": 1})])
    rule, values = map.match("/")
    values["page"] = 2  # type: ignore[index]
    assert map.match("/") == (rule, {"page": 1})


def test_aliases() -> None:
    """An alias redirects to the rule that isn't one; with nothing else to lead to, that is an error."""
    map = make(
        Rule("/u/<x>", endpoint="u"), Rule("/uu/<x>", endpoint="u", alias=True), Rule("/al", endpoint="al", alias=True)
    )
    assert ask(map, "/uu/3", query_args={"q": 1}) == "http://ex.com/u/3?q=1"
    with pytest.raises(RuntimeError, match="leads to itself"):
        ask(map, "/al")
    with pytest.raises(RequestAliasRedirect):
        map._matcher.match("", "/uu/3", "GET", False)


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/v/<x>/<x>", "http://ex.com/v/%C3%A4%20b/%C3%A4%20b"),
        ("z/<x>", "http://ex.com/app/z/%C3%A4%20b"),
        ("http://other.com/", "http://other.com/"),
        (lambda adapter, x: f"{adapter.server_name}-{len(x)}", "http://ex.com/app/ex.com-3"),
    ],
)
def test_redirect_to(target: Any, expected: str) -> None:
    """A rule can redirect by a template or a function, relative to where the application is mounted."""
    assert ask(make(Rule("/u/<x>", endpoint=1, redirect_to=target)), "/u/ä b", script_name="/app") == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("//evil.com/x", "http://ex.com/evil.com/x/"),
        ("/\\evil.com", "http://ex.com/%5Cevil.com/"),
        ("/x?y#z", "http://ex.com/x%3Fy%23z/"),
        ("/é\r\nSet-Cookie: a", "http://ex.com/%C3%A9%0D%0ASet-Cookie:%20a/"),
    ],
)
def test_cve_2020_28724_redirects_stay_on_the_host(path: str, expected: str) -> None:
    """No path makes a redirect leave the bound host or break a header."""
    assert ask(make("/<any_text:p>/", converters={"any_text": _AnyText}), path) == expected


class _AnyText(BaseConverter):
    regex = r"[^/](?:.|\s)*?"
    part_isolating = False


def test_root_without_slash_is_redirected() -> None:
    """An empty path below a script name gets its slash."""
    assert ask(make("/"), "", script_name="/app") == "http://ex.com/app/"
    assert ask(make("/"), "//", script_name="/app") == ("/", {})


def test_dispatch() -> None:
    """dispatch() calls the function, and returns redirects, and errors when asked to."""
    adapter = make("/a/").bind("ex.com")
    assert adapter.dispatch(lambda endpoint, values: (endpoint, values), "/a/") == ("/a/", {})  # type: ignore[arg-type,return-value]
    assert isinstance(adapter.dispatch(lambda endpoint, values: None, "/a"), RequestRedirect)  # type: ignore[arg-type,return-value]
    assert isinstance(adapter.dispatch(lambda e, v: None, "/b", catch_http_exceptions=True), NotFound)  # type: ignore[arg-type,return-value]
    with pytest.raises(NotFound):
        adapter.dispatch(lambda e, v: None, "/b")  # type: ignore[arg-type,return-value]


def test_map_match_gives_plain_results() -> None:
    """Map.match returns a rule with values, or no rule and one of four outcomes."""
    map = make(
        Rule("/a/<int:x>", endpoint="a", methods=["GET"]),
        Rule("/b/", endpoint="b"),
        Rule("/w", endpoint=1, websocket=True),
    )
    rule, values = map.match("/a/3", "GET", "")
    assert (rule.endpoint, values) == ("a", {"x": 3})  # type: ignore[union-attr]
    kinds = {}
    for path, method in (("/none", "GET"), ("/a/3", "PUT"), ("/w", "GET"), ("/b", "GET")):
        found, outcome = map.match(path, method)
        assert found is None and isinstance(outcome, Outcome)
        kinds[path, method] = outcome.kind
    assert list(kinds.values()) == [
        Outcome.NOT_FOUND,
        Outcome.METHOD_NOT_ALLOWED,
        Outcome.WEBSOCKET_MISMATCH,
        Outcome.REDIRECT,
    ]


def test_the_matcher_itself_raises() -> None:
    """StateMachineMatcher.match has the exceptions of its kind."""
    matcher = make(Rule("/a/", endpoint=1), Rule("/p", endpoint=2, methods=["PUT"]))
    matcher.update()
    with pytest.raises(RequestPath) as path:
        matcher._matcher.match("", "/a", "GET", False)
    assert path.value.path_info == "/a/"
    with pytest.raises(NoMatch) as miss:
        matcher._matcher.match("", "/p", "GET", False)
    assert (miss.value.have_match_for, miss.value.websocket_mismatch) == ({"PUT"}, False)


def test_very_long_paths_are_answered() -> None:
    """A path of 100 000 segments is matched or refused without trouble."""
    path = "/a" * 100_000
    assert ask(make("/<path:p>"), path)[1] == {"p": path[1:]}
    assert ask(make("/<x>/<y>"), path) == 404
    assert ask(make("/<x>/<y>"), "/" + "/" * 100_000) == 404


several_paths = st.lists(st.sampled_from(["/x/", "/y/", "-", "a/b", "/"]), min_size=1, max_size=3)


@given(
    several_paths, st.sampled_from(["", "p/", "x"]), st.sampled_from(["", "/end", "x"]), st.text("axy/-", max_size=16)
)
def test_several_path_variables_match_as_their_expression_says(
    texts: list[str], prefix: str, suffix: str, path: str
) -> None:
    """The walk finds what the regular expressions of the variables would."""
    path = path.lstrip("/")  # slashes at the beginning of a path count as one
    names = [f"p{number}" for number in range(len(texts) + 1)]
    rule = f"/{prefix}<path:p0>" + "".join(f"{t}<path:{n}>" for t, n in zip(texts, names[1:], strict=True)) + suffix
    pattern = re.escape(prefix) + "([^/].*?)" + "".join(re.escape(text) + "([^/].*?)" for text in texts)
    found = re.fullmatch(pattern + re.escape(suffix), path)
    expected = None if found is None else dict(zip(names, found.groups(), strict=True))
    map = Map([Rule(rule, endpoint=1)], merge_slashes=False)
    map.update()
    rule_found, values = map._matcher.find("", f"/{path}", "GET", False)

    assert (values if rule_found is not None else None) == expected


@pytest.mark.parametrize("rule", ["/<path:a>/x/<path:b>/y", "/<path:a>/x/<path:b>/y/<path:c>", "/<path:a>/x/<path:b>"])
@pytest.mark.parametrize("piece", ["/x", "/x/a", "/", "/x//"])
def test_several_path_variables_take_linear_time(rule: str, piece: str, check_linear: Any) -> None:
    """Twice the path takes twice the time."""
    map = make(rule)
    map.update()
    check_linear(map.match, f"/a{piece * 20_000}\n", f"/a{piece * 1_250}\n")


# What a generated rule is made of: few texts, so that rules overlap.
pieces = st.sampled_from(["a", "b", "<{}>", "<int:{}>", "v<{}>", "<path:{}>", "<string(length=1):{}>", "<any(a,b):{}>"])


@st.composite
def rule_texts(draw: st.DrawFn) -> str:
    """Draw the text of a rule."""
    parts = draw(st.lists(pieces, min_size=1, max_size=3))
    text = "/" + "/".join(piece.format(f"x{number}") for number, piece in enumerate(parts))
    return text + draw(st.sampled_from(["", "/"]))


paths = st.lists(st.sampled_from(["a", "b", "1", "v1", "va", "cc"]), min_size=1, max_size=4).map(
    lambda s: "/" + "/".join(s)
)


@given(st.lists(rule_texts(), min_size=1, max_size=5), rule_texts(), st.integers(0, 5), paths)
def test_adding_a_rule_that_does_not_match_changes_nothing(
    texts: list[str], other: str, position: int, path: str
) -> None:
    """The rule that is found depends only on the rules that match the path."""
    if Map([Rule(other, endpoint="other")]).match(path)[0] is not None or _redirects(other, path):
        return
    rules = [Rule(text, endpoint=number) for number, text in enumerate(texts)]
    without = Map([rule.empty() for rule in rules])
    rules.insert(position, Rule(other, endpoint="other"))
    expected, found = _answer(without, path), _answer(Map(rules), path)

    assert expected == found


@given(st.lists(rule_texts(), min_size=2, max_size=5), paths)
def test_the_rule_found_is_one_that_matches_alone(texts: list[str], path: str) -> None:
    """A map finds something exactly if one of its rules would, and then with that rule's values."""
    alone = [_answer(Map([Rule(text, endpoint=number)]), path) for number, text in enumerate(texts)]
    together = _answer(Map([Rule(text, endpoint=number) for number, text in enumerate(texts)]), path)

    assert together in alone
    assert (together == "not found") == all(answer == "not found" for answer in alone)


def _redirects(text: str, path: str) -> bool:
    return _answer(Map([Rule(text, endpoint=0)]), path) != "not found"


def _answer(map: Map, path: str) -> Any:
    rule, found = map.match(path)
    if rule is not None:
        return rule.endpoint, found
    return found.path or found.kind  # type: ignore[union-attr]
