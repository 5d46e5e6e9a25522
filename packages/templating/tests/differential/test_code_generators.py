"""Code generators that write text around what the stock one makes, on both engines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jinja2
import jinja2.compiler
import pytest

import dray.templating
import dray.templating.compiler

ENGINES = [jinja2, dray.templating]
SOURCES = [
    "{{ x }}",
    "{{ x * 2 + y * 3 }}",
    "{{ x + (y + 1) * x }}",
    "{{ s|upper }}{{ s|default('q')|replace('a', 'b') }}",
    "{% if x %}a{% if y %}b{{ s }}{% endif %}{% elif y %}c{% else %}{% endif %}d",
    "{% for i in [1, 2] %}{{ i + x }}{% if i == 2 %}z{% endif %}{% else %}e{% endfor %}",
    "{{ f(x + 1, a=y) }}{{ d.k.upper() }}",
    "{% set q = x + 1 %}{{ q }}",
    "{% macro m(a) %}{{ a + 1 }}{% if a %}t{% endif %}{% endmacro %}{{ m(3) }}",
    "{% block b %}{{ x }}{% if x %}i{% endif %}{% endblock %}",
    "{% if x %}{% endif %}",
    "{% call c(1) %}{{ x }}{% endcall %}{% for i in [1, 2] %}{% call c(i) %}{{ x }}{% endcall %}{% endfor %}",
]


def around(method: str, before: str, after: str) -> Callable[[Any], Any]:
    """Return a maker of classes whose one method writes text before and behind what the method above makes."""

    def make(engine: Any) -> Any:
        base = engine.compiler.CodeGenerator

        def visit(self: Any, node: Any, frame: Any, **kwargs: Any) -> None:
            stored = getattr(node, "ctx", "load") != "load"
            write = (lambda text: None) if stored else self.writeline if before == "pass" else self.write
            write(before)
            getattr(super(cls, self), method)(node, frame, **kwargs)
            write(after)

        cls = type("Own", (base,), {method: visit})
        return cls

    return make


def subtracting(engine: Any) -> Any:
    """Return a class that writes a whole expression."""

    class Own(engine.compiler.CodeGenerator):  # type: ignore[misc,name-defined]
        """Takes addition for subtraction."""

        def visit_Add(self, node: Any, frame: Any) -> None:
            self.write("(")
            self.visit(node.left, frame)
            self.write(" - ")
            self.visit(node.right, frame)
            self.write(")")

    return Own


CLASSES = {
    "names": around("visit_Name", "str(", ")"),
    "calls": around("visit_Call", "(0 or ", ")"),
    "attributes": around("visit_Getattr", "((", "))"),
    "filters": around("visit_Filter", "str(", ").title()"),
    "conditions": around("visit_If", "pass", "pass"),
    "output": around("visit_Output", "pass", "pass"),
    "additions": subtracting,
}


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("cls", CLASSES)
@pytest.mark.parametrize("way", ["render", "generate"])
def test_text_around_what_super_makes(cls: str, source: str, way: str) -> None:
    """What ``super()`` makes of a node stands where it was called."""

    def show(engine: Any) -> str:
        environment = type("Own", (engine.Environment,), {"code_generator_class": CLASSES[cls](engine)})()
        template = environment.from_string(source)
        values: dict[str, Any] = {"x": 5, "y": 7, "s": "abc", "f": lambda q, a: [q, a], "d": {"k": "v"}}
        values["c"] = lambda number, caller: f"{number}{caller()}"
        try:
            return template.render(values) if way == "render" else "".join(template.generate(values))
        except TypeError as error:  # text is no number
            return type(error).__name__

    theirs, ours = map(show, ENGINES)
    assert theirs == ours
