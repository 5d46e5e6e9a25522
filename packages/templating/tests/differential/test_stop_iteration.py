"""An error that ends loops ends none of the program's: what a template calls may raise ``StopIteration``."""

from __future__ import annotations

from typing import Any

import jinja2
import jinja2.sandbox
import pytest

import dray.templating
import dray.templating.sandbox

SOURCES = [
    "a{{ x|stop }}b", "a{{ f() }}b", "a{% if x is stop %}1{% endif %}b", "a{{ p.p }}b", "a{{ p['k'] }}b", "a{{ p }}b",
    "a{% for i in p %}{% endfor %}b", "a{% if p %}1{% endif %}b", "a{{ p + 1 }}b", "a{{ p == 1 }}b",
    "a{% for i in [1, 2] %}{{ i|stop }}{% endfor %}b", "a{% for i in [1, 2] %}{{ f() }}{% endfor %}b",
    "a{% for i in [1, 2] if i|stop %}{{ i }}{% endfor %}b", "a{% set y %}{{ 1|stop }}{% endset %}b",
    "a{{ [1, 2]|map('stop')|list }}b", "a{% block q %}{{ 1|stop }}{% endblock %}b", "a{% include 'stop' %}b",
    "{% import 'stop' as q %}b", "{% for i in [1, 2] recursive %}{{ loop.index }}{{ 1|stop }}{% endfor %}",
    "{{ next(items) }}{{ next(items) }}{{ next(items) }}", "{% filter stop %}x{% endfilter %}b",
    "{{ self.q() }}{% block q %}{{ 1|stop }}{% endblock %}", "{{ x|select('stop')|list }}",
    "{% extends 'parent' %}{% block z %}{{ super() }}{{ 1|stop }}{% endblock %}",
]  # fmt: skip
PAGES = {"stop": "i{{ 1|stop }}i", "parent": "p{% block z %}z{% endblock %}"}


def _stop(*args: Any) -> Any:
    raise StopIteration


class _Stops:
    """Whatever is done with it raises ``StopIteration``."""

    p = property(_stop)
    __getitem__ = __str__ = __iter__ = __bool__ = __add__ = __eq__ = _stop


def _module(template: Any, variables: dict[str, Any]) -> str:
    return str(template.make_module(variables))


def _pieces(template: Any, variables: dict[str, Any]) -> str:
    return "".join(template.generate(variables))


WAYS = {"render": lambda template, variables: template.render(variables), "generate": _pieces, "make_module": _module}


@pytest.mark.parametrize("sandboxed", [False, True])
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("source", SOURCES)
def test_stop_iteration(source: str, way: str, sandboxed: bool) -> None:
    """It becomes the error that generators make of it, or an undefined value where the reference makes it one."""
    found = []
    for engine in (jinja2, dray.templating):
        cls = engine.sandbox.SandboxedEnvironment if sandboxed else engine.Environment
        environment = cls(loader=engine.DictLoader(PAGES))
        environment.filters["stop"] = environment.tests["stop"] = _stop
        variables = {"x": [1, 2], "f": _stop, "p": _Stops(), "items": iter([1, 2]), "next": next}
        try:
            found.append(WAYS[way](environment.from_string(source), variables))
        except Exception as error:
            found.append((type(error), str(error)))

    assert found[0] == found[1]


def test_place_and_hook() -> None:
    """The error has its place in the template, and reaches the environment's hook as what it has become."""
    seen: list[BaseException | None] = []

    class Watching(dray.templating.Environment):
        def handle_exception(self, source: str | None = None) -> Any:
            import sys

            seen.append(sys.exc_info()[1])
            super().handle_exception(source)

    environment = Watching()
    environment.filters["stop"] = _stop

    with pytest.raises(RuntimeError, match="generator raised StopIteration") as caught:
        environment.from_string("a {{ x|stop }}").render(x=1)
    assert [caught.value] == seen
    assert isinstance(caught.value.__cause__, StopIteration)
    assert "line 1, column 6" in caught.value.__notes__[0]
