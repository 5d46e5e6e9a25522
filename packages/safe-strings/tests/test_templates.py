"""t-strings (PEP 750): literal parts are safe, what is inserted is escaped."""

from __future__ import annotations

import sys
from typing import Any, NamedTuple

import pytest


class Interpolation(NamedTuple):
    """What a t-string gives for a field, on every Python."""

    value: object
    expression: str = ""
    conversion: str | None = None
    format_spec: str = ""


def test_parts_are_rendered(ss: Any) -> None:
    """Conversions and specifications mean what they mean in ``str.format``."""
    formatting = ss.modules["dray.safe_strings._format"]
    parts = [
        "<b>", Interpolation("<"), Interpolation(ss.Markup("<i>")), Interpolation("'", conversion="r"),
        Interpolation(1.5, format_spec=".2f"), "</b>",
    ]  # fmt: skip
    text = formatting.format_template(parts, ss.EscapeFormatter(ss.escape))

    assert text == "<b>&lt;<i>&#34;&#39;&#34;1.50</b>"


def test_the_kernel_renders_the_type_it_is_bound_to(ss: Any) -> None:
    """By escape, by the plain kernel, and when Markup is made."""
    kernel = ss.modules["dray.safe_strings._choose"]

    class Template:
        def __init__(self, *parts: object) -> None:
            self.parts = parts

    def render(template: Template) -> Any:
        return ss.Markup("").join(ss.Markup(part) if isinstance(part, str) else part.value for part in template.parts)  # type: ignore[attr-defined]

    template: Any = Template("<b>", Interpolation("<"))
    kernel._bind(ss.Markup, Template, render)
    try:
        assert ss.escape(template) == ss.Markup(template) == kernel.escape_to_str(template) == "<b>&lt;"
        assert type(kernel.escape_to_str(template)) is str
    finally:
        kernel._bind(ss.Markup)
    assert "object at 0x" in ss.escape(template)


@pytest.mark.skipif(sys.version_info < (3, 14), reason="t-strings are syntax of Python 3.14")
def test_real_t_strings(ss: Any) -> None:
    """As they are written."""
    value = "<"
    template = eval('t"<b>{value}{value!r:>5}</b>"', {"value": value})

    assert ss.escape(template) == ss.Markup(template) == "<b>&lt;&#39;&lt;&#39;  </b>"
