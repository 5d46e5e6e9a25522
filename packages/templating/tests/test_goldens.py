"""Golden files, one folder per stage of the compiler.

A file is a template, a line of dashes, and what the stage makes of it. ``pytest --update-goldens`` isn't there on
purpose: ``python tests/test_goldens.py`` writes the second halves anew, to be read in the diff.
"""

from __future__ import annotations

import ast
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dray.templating import DictLoader, Environment, TemplateError
from dray.templating.codegen.source import to_source

FOLDER = Path(__file__).parent / "goldens"
DIVIDER = "\n--------\n"
PAGES = {
    "layout": "<{% block body %}{% endblock %}>",
    "macros": "{% macro field(name, value='') %}<i {{ name }}={{ value }}>{% endmacro %}",
    "broken": "{{ 1 / 0 }}",
}
VARIABLES = {"name": "<World>", "n": 3, "numbers": [3, 1, 2], "user": {"name": "Eve"}, "no": False}


def environment() -> Environment:
    """Return the environment that all goldens use."""
    return Environment(loader=DictLoader(PAGES), autoescape=True, extensions=["dray.templating.ext.loopcontrols"])


def tokens(source: str) -> str:
    """One token a line: place, type, value."""
    items = environment().lexer.tokenize(source).items
    return "\n".join(f"{line}:{column}-{end} {kind} {value!r}" for kind, value, line, column, end in items)


def trees(source: str) -> str:
    """One node a line, indented, with its span."""
    lines: list[str] = []

    def add(node: Any, depth: int) -> None:
        scalars = {
            name: value for name, value in node.iter_fields() if not _holds_nodes(value) and value not in (None, [])
        }
        place = "" if node.span is None else "{}:{}-{}:{} ".format(*node.span)
        words = " ".join(f"{name}={value!r}" for name, value in scalars.items())
        lines.append(("  " * depth + place + type(node).__name__ + " " + words).rstrip())
        for child in node.children():
            add(child, depth + 1)

    add(environment().parse(source), 0)
    return "\n".join(lines)


def _holds_nodes(value: Any) -> bool:
    from dray.templating.nodes import Node

    return isinstance(value, Node) or (isinstance(value, list) and any(isinstance(item, Node) for item in value))


def code(source: str) -> str:
    """The list form of the generated module, as text."""
    env = environment()
    tree: Any = env.parse(source)
    from dray.templating.optimizer import optimize

    text = to_source(env._compile_tree(optimize(tree, env), "golden", None, False), "golden")
    return text[text.index("template = ") :].rstrip()


def output(source: str) -> str:
    """What the template renders to."""
    return environment().from_string(source).render(VARIABLES)


def errors(source: str) -> str:
    """What the user sees of an error."""
    try:
        environment().from_string(source).render(VARIABLES)
    except (TemplateError, ArithmeticError, TypeError) as error:
        return "".join(traceback.format_exception_only(error)).rstrip()
    return "no error"


STAGES: dict[str, Callable[[str], str]] = {
    "tokens": tokens, "trees": trees, "code": code, "output": output, "errors": errors,
}  # fmt: skip


def goldens() -> list[Path]:
    """Return all golden files."""
    return sorted(FOLDER.glob("*/*.txt"))


@pytest.mark.parametrize("path", goldens(), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_golden(path: Path) -> None:
    """The stage makes of the template what the file says."""
    source, _, expected = path.read_text(encoding="utf-8").partition(DIVIDER)

    result = STAGES[path.parent.name](source)

    if path.parent.name == "code":  # quotes of f-strings depend on the version of Python
        assert ast.dump(ast.parse(expected)) == ast.dump(ast.parse(result))
    else:
        assert expected.rstrip("\n") == result


def test_every_stage_has_goldens() -> None:
    """No stage is left without files."""
    assert set(STAGES) == {path.parent.name for path in goldens()}


def main() -> None:
    """Write the second half of every file anew."""
    for path in goldens():
        source = path.read_text(encoding="utf-8").partition(DIVIDER)[0].rstrip("\n") if path.stat().st_size else ""
        result = STAGES[path.parent.name](source)
        path.write_text(f"{source}{DIVIDER}{result}\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
