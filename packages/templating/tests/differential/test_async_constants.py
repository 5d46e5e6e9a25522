"""Asynchronous filters and tests on constants, on both engines: they are awaited like any other."""

from __future__ import annotations

import asyncio
import warnings
from typing import Any

import jinja2
import jinja2.nativetypes
import pytest

import dray.templating
import dray.templating.nativetypes

SOURCES = [
    "{{ [1|more] }}",
    "{{ (1|more, 2) }}",
    "{{ {'a': 1|more} }}",
    "{{ not (1|more) }}",
    "{{ 1 if 1|more else 2 }}",
    "{{ 1|more ~ 2 }}",
    "{{ 1|more == 2 }}",
    "{{ 1|more|more }}",
    "{{ -(1|more) }}",
    "{{ 0 or 1|more }}",
    "{{ [1, 2][0|more] }}",
    "{{ 'abc'[1|more:] }}",
    "{{ [1, 2]|map('more')|list }}",
    "{{ 2 is two }}{{ 2 is not two }}{{ 3 is two }}",
    "{% if 1|more %}x{% endif %}",
    "{% set x = 1|more %}{{ x }}",
    "{% for x in [1|more, 2] %}{{ x }}{% endfor %}",
    "{% macro m(a=1|more) %}{{ a }}{% endmacro %}{{ m() }}",
]


async def more(value: int) -> int:
    """Return one more."""
    return value + 1


async def two(value: int) -> bool:
    """Say whether it is two."""
    return value == 2


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("native", [False, True])
def test_async_functions_of_constants(source: str, native: bool) -> None:
    """The same values, and no coroutine that nobody awaited."""
    found = []
    for engine in (jinja2, dray.templating):
        cls: Any = engine.nativetypes.NativeEnvironment if native else engine.Environment
        environment = cls(enable_async=True)
        environment.filters["more"] = more
        environment.tests["two"] = two
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            found.append(repr(asyncio.run(environment.from_string(source).render_async())))
    assert found[0] == found[1]
