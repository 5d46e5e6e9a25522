"""Routing beside Werkzeug's: generated rules, paths and values."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest
import werkzeug.exceptions
import werkzeug.routing
from hypothesis import given, settings
from hypothesis import strategies as st

from dray.wsgi_tools import exceptions, routing

# One converter per weight and regular expression: where two of equal weight overlap, the reference's choice depends on
# unrelated rules. Converters that can refuse what their expression matches are left out for the same reason.
SEGMENTS = ["a", "b", "c", "<{}>", "<int:{}>", "v<{}>", "<{}>.x", "<any(a,b):{}>"]


@st.composite
def rule_texts(draw: st.DrawFn) -> str:
    """Draw the text of a rule, perhaps with a path variable last."""
    parts = draw(st.lists(st.sampled_from(SEGMENTS), max_size=3))
    parts += draw(st.sampled_from([[], ["<path:{}>"], ["<path:{}>", "c"]]))
    text = "/" + "/".join(part.format(f"x{number}") for number, part in enumerate(parts))
    return text + draw(st.sampled_from(["", "/"])) if parts else "/"


def _is_ambiguous(texts: list[str]) -> bool:
    """Say whether `<x>` and `<any(a,b):x>` (equal weight, overlapping) are both there."""
    joined = "".join(texts)
    return "<any" in joined and "<x" in joined


options = st.fixed_dictionaries({"methods": st.sampled_from([None, ["GET"], ["POST"], ["GET", "POST"]])})
rule_sets = st.lists(st.tuples(rule_texts(), options), min_size=1, max_size=6)
paths = st.lists(st.sampled_from(["a", "b", "c", "1", "23", "va", "q.x", "ä", ""]), max_size=5)
texts = paths.map(lambda parts: "/" + "/".join(parts))


def _match(module: ModuleType, errors: ModuleType, rules: list[Any], path: str, method: str, **settings: Any) -> Any:
    map = module.Map([module.Rule(text, endpoint=i, **opts) for i, (text, opts) in enumerate(rules)], **settings)
    try:
        return map.bind("ex.com", "/app").match(path, method, query_args={"q": "1"})
    except module.RequestRedirect as redirect:
        return redirect.new_url
    except errors.MethodNotAllowed as error:
        return sorted(error.valid_methods)
    except errors.NotFound:
        return 404


@settings(max_examples=400)
@given(rule_sets, texts, st.sampled_from(["GET", "POST", "PUT"]), st.booleans())
def test_match(rules: list[Any], path: str, method: str, merge: bool) -> None:
    """The same rule with the same values, the same redirect, the same allowed methods, or 404 on both sides."""
    if _is_ambiguous([text for text, _ in rules]):
        return
    expected = _match(werkzeug.routing, werkzeug.exceptions, rules, path, method, merge_slashes=merge)

    assert expected == _match(routing, exceptions, rules, path, method, merge_slashes=merge)


@given(st.lists(st.tuples(rule_texts(), st.just({})), min_size=1, max_size=6), texts)
def test_match_with_lenient_slashes(rules: list[Any], path: str) -> None:
    """The same with strict_slashes off (and without methods, where the reference forgets some)."""
    if _is_ambiguous([text for text, _ in rules]):
        return
    expected = _match(werkzeug.routing, werkzeug.exceptions, rules, path, "GET", strict_slashes=False)

    assert expected == _match(routing, exceptions, rules, path, "GET", strict_slashes=False)


values = st.dictionaries(
    st.sampled_from(["x0", "x1", "x2", "q", "r"]),
    st.one_of(st.integers(0, 99), st.text(max_size=6), st.lists(st.integers(), max_size=2), st.none()),
    max_size=5,
)


def _build(module: ModuleType, rules: list[Any], given_values: dict[str, Any], options: dict[str, Any]) -> Any:
    map = module.Map([module.Rule(text, endpoint=0, **opts) for text, opts in rules])
    try:
        return map.bind("ex.com", "/app").build(0, given_values, **options)
    except module.BuildError as error:
        return str(error).partition(" Did you")[0]
    except (TypeError, ValueError):
        return "refused"


@settings(max_examples=300)
@given(
    rule_sets,
    values,
    st.fixed_dictionaries(
        {
            "method": st.sampled_from([None, "GET", "POST"]),
            "force_external": st.booleans(),
            "append_unknown": st.booleans(),
        }
    ),
)
def test_build(rules: list[Any], given_values: dict[str, Any], options: dict[str, Any]) -> None:
    """The same URL, or the same error, on both sides."""
    expected = _build(werkzeug.routing, rules, given_values, options)

    assert expected == _build(routing, rules, given_values, options)


@given(st.text(max_size=20))
def test_built_paths_match_again(text: str) -> None:
    """A path built by either side decodes to what the other side matches."""
    if not text or "/" in text:
        return
    ours = routing.Map([routing.Rule("/<x>", endpoint=0)]).bind("h").build(0, {"x": text})
    theirs = werkzeug.routing.Map([werkzeug.routing.Rule("/<x>", endpoint=0)]).bind("h").build(0, {"x": text})

    assert ours == theirs


@pytest.mark.parametrize("path", [None, "", "/", "//"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_paths_of_the_root(path: str | None, method: str) -> None:
    """A path that isn't there is the root, an empty one is redirected to it."""

    def outcomes(library: ModuleType) -> list[Any]:
        rule_map = library.Map([library.Rule("/", endpoint="root", methods=["GET"])])
        environ = {"REQUEST_METHOD": method, "SERVER_NAME": "h", "SERVER_PORT": "80", "wsgi.url_scheme": "http"}
        environ |= {} if path is None else {"PATH_INFO": path}
        found = []
        for adapter in (rule_map.bind("h", path_info=path), rule_map.bind_to_environ(environ)):
            try:
                found.append(adapter.match(method=method))
            except Exception as error:
                found.append((type(error).__name__, getattr(error, "new_url", None)))
        return found

    assert outcomes(routing) == outcomes(werkzeug.routing)
