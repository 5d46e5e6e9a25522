"""How templates are found and which methods of an environment are called for it, on both engines."""

from __future__ import annotations

import asyncio
import sys
import zipfile
from pathlib import Path
from typing import Any

import jinja2
import pytest

import dray.templating

ENGINES = [jinja2, dray.templating]
HOOKS = [
    "get_template", "select_template", "get_or_select_template", "_load_template", "join_path", "parse", "_parse",
    "_tokenize", "preprocess", "_generate", "_compile", "compile", "make_globals", "handle_exception", "from_string",
    "compile_expression", "call_filter", "call_test",
]  # fmt: skip
TEMPLATES = {
    "a": "A{{ v }}",
    "base": "[{% block x %}b{{ v }}{% endblock %}]",
    "macros": "{% macro f() %}F{% endmacro %}",
}
SOURCES = [
    "{% extends 'base' %}{% block x %}c{{ super() }}{% endblock %}",
    "{% extends b %}",
    "{% include 'a' %}",
    "{% include 'none' ignore missing %}",
    "{% include ['none', 'a'] %}",
    "{% include ('a', 'none') ignore missing %}",
    "{% include (n, 'a') %}",
    "{% include n %}",
    "{% include 'a' without context %}",
    "{% include [] ignore missing %}",
    "{% include undefined_name ignore missing %}",
    "{% import 'macros' as m %}{{ m.f() }}",
    "{% from 'macros' import f with context %}{{ f() }}",
    "{{ ['a']|map('upper')|list }}{{ [1]|select('odd')|list }}",
    "{{ v|upper|default('x') }}{{ v is string }}",
    "{{ 1 // 0 }}",
    "{% if %}",
]


def with_hooks(engine: Any, calls: list[Any], **options: Any) -> Any:
    """Return an environment that notes the calls of its methods, with the arguments that are text, in order."""

    def shown(value: Any) -> Any:
        return value if isinstance(value, str) else type(value).__name__

    def hook(name: str) -> Any:
        def method(self: Any, *args: Any, **kwargs: Any) -> Any:
            given = () if name in {"_compile", "handle_exception"} else (*map(shown, args), *sorted(kwargs))
            calls.append((name, *given))
            return getattr(super(cls, self), name)(*args, **kwargs)

        return method

    cls = type("Hooked", (engine.Environment,), {name: hook(name) for name in HOOKS})
    return cls(loader=engine.DictLoader(TEMPLATES), **options)


def compare(use: Any, **options: Any) -> None:
    """Check that calls, and the result or the class of the error, are the same on both engines."""
    found = []
    for engine in ENGINES:
        calls: list[Any] = []
        environment = with_hooks(engine, calls, **options)
        try:
            result = use(environment)
        except Exception as error:
            result = type(error).__name__
        found.append((result, calls))
    assert found[0] == found[1]


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("is_async", [False, True], ids=["sync", "async"])
def test_methods_that_are_called_for_a_template(source: str, is_async: bool) -> None:
    """In the order and with the arguments that a program which overrides them expects."""

    def use(environment: Any) -> str:
        template = environment.from_string(source)
        variables = {"v": "v", "n": "a", "b": "base"}
        return str(asyncio.run(template.render_async(variables)) if is_async else template.render(variables))

    compare(use, enable_async=is_async)


@pytest.mark.parametrize(
    "use",
    [
        lambda e: e.get_template("a", "base").render(),
        lambda e: e.select_template(["none", "a"]).render(),
        lambda e: e.select_template(["none", "a"], "base").render(),
        lambda e: e.get_or_select_template("a").render(),
        lambda e: e.get_or_select_template(["none", "a"], "base").render(),
        lambda e: e.get_or_select_template(e.get_template("a")).render(),
        lambda e: e.select_template([e.get_template("a")], "base").render(),
        lambda e: e.get_or_select_template(e.undefined(name="x")),
        lambda e: e.compile_expression("v + 1")(v=1),
        lambda e: e.compile("{{ v }}", raw=True) != "",
        lambda e: e.from_string(e.parse("{{ v }}")).render(v=1),
        lambda e: str(e.get_template("macros").module.f()),
    ],
)
def test_methods_that_call_each_other(use: Any) -> None:
    """Also the methods that load and compile."""
    compare(use)


def test_code_that_a_program_changes_as_text() -> None:
    """What an overridden ``_generate`` returns is compiled, for rendering and for a stream."""

    def show(engine: Any) -> Any:
        class Own(engine.Environment):  # type: ignore[misc,name-defined]
            """Changes the text of the code."""

            def _generate(self, *args: Any, **kwargs: Any) -> str:
                text: str = super()._generate(*args, **kwargs)
                assert isinstance(text, str)
                return text.replace("before", "after")

        template = Own().from_string("before {{ x }}{% block b %} before{% endblock %}")
        return template.render(x=1), "".join(template.generate(x=1)), "after" in Own().compile("before", raw=True)

    theirs, ours = map(show, ENGINES)
    assert theirs == ours == ("after 1 after", "after 1 after", True)


FILES = ["__init__.py", "top.html", "templates/a.html", "templates/sub/b.html"]


@pytest.mark.parametrize("path", ["templates", "", ".", "./", "templates/sub", "templates/", "templates/../templates"])
@pytest.mark.parametrize("package", ["pages_in_a_folder", "pages_in_a_zip"])
def test_folders_of_packages(package: str, path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Names and texts of a package's templates, also where its own folder is theirs."""
    with zipfile.ZipFile(tmp_path / "pages.zip", "w") as archive:
        for name in FILES:
            file = tmp_path / "pages_in_a_folder" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            text = "" if name.endswith(".py") else name
            file.write_text(text)
            archive.writestr(f"pages_in_a_zip/{name}", text)
    for place in (tmp_path, tmp_path / "pages.zip"):
        monkeypatch.syspath_prepend(str(place))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)  # which would be among the texts

    def show(engine: Any) -> Any:
        environment = engine.Environment(loader=engine.PackageLoader(package, path))
        names = environment.list_templates()
        return [(name, environment.loader.get_source(environment, name)[0]) for name in names]

    theirs, ours = map(show, ENGINES)
    sys.modules.pop(package, None)
    assert theirs == ours
    assert any(name.endswith("b.html") for name, _ in ours)
