"""Every template of the corpus gives what the reference gives, in every mode and under every setting."""

from __future__ import annotations

import re

import pytest

from .corpus import all_sources
from .engines import MODES, environments, render

SETTINGS = {
    "default": {},
    "autoescape": {"autoescape": True},
    "trimmed": {"trim_blocks": True, "lstrip_blocks": True, "keep_trailing_newline": True},
    "unoptimized": {"optimized": False, "autoescape": True},
    "strict": {"undefined": "StrictUndefined"},
    "chainable": {"undefined": "ChainableUndefined", "autoescape": True},
    "debug": {"undefined": "DebugUndefined"},
    "finalize": {"finalize": lambda value: "" if value is None else value, "autoescape": True},
    "crlf": {"newline_sequence": "\r\n"},
}


def _comparable(output: object) -> object:
    """Take addresses of objects out of an output."""
    if isinstance(output, str):
        return re.sub(r"0x[0-9a-f]+", "0x", output).replace("dray.templating.", "jinja2.")
    return output


#: Where the reference is wrong: part of the source, and the mode or kind. Each has its row in the compatibility page.
KNOWN = {
    # prints the text of coroutines that nobody awaits
    ("{{ loop }}{% endfor %}{% for", "async"),
    ("{{ loop }}{% endfor %}{% for", "async generate"),
    # a module that exports a value that isn't text can't be printed
    ("{{ m.nope }}", "native"),
}


def _skip_known(source: str, how: str) -> None:
    for part, where in KNOWN:
        if part in source and how == where:
            pytest.skip("the reference is wrong here: docs/compatibility/templating.rst")


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("source", all_sources())
def test_render(source: str, setting: str) -> None:
    """The list form gives the reference's output or error."""
    reference, dray = environments(**SETTINGS[setting])

    assert _comparable(render(reference, source)) == _comparable(render(dray, source))


@pytest.mark.parametrize("mode", MODES[1:])
@pytest.mark.parametrize("source", all_sources())
def test_modes(source: str, mode: str) -> None:
    """Streaming and asynchronous code give the same output or error."""
    _skip_known(source, mode)
    reference, dray = environments(autoescape=True, enable_async="async" in mode)

    assert _comparable(render(reference, source, mode)) == _comparable(render(dray, source, mode))


@pytest.mark.parametrize("kind", ["native", "sandboxed", "immutable"])
@pytest.mark.parametrize("source", all_sources())
def test_kinds(source: str, kind: str) -> None:
    """Native and sandboxed environments give the reference's value or error."""
    _skip_known(source, kind)
    reference, dray = environments(kind)

    assert _comparable(render(reference, source)) == _comparable(render(dray, source))
