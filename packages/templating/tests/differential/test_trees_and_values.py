"""Trees and values that programs make themselves, and arguments that are wrong, on both engines."""

from __future__ import annotations

import enum
import itertools
import pickle
from collections.abc import Callable
from typing import Any

import jinja2
import jinja2.nodes
import jinja2.runtime
import jinja2.sandbox
import jinja2.utils
import markupsafe
import pytest

import dray.safe_strings
import dray.templating
import dray.templating.nodes
import dray.templating.runtime
import dray.templating.sandbox
import dray.templating.utils

ENGINES = [jinja2, dray.templating]
MARKUP = {jinja2: markupsafe.Markup, dray.templating: dray.safe_strings.Markup}


def outcome(function: Callable[..., Any], *args: Any) -> Any:
    """Return what a function returns, or the class of what it raises."""
    try:
        return function(*args)
    except Exception as error:
        return type(error).__name__


def agree(function: Callable[..., Any]) -> Any:
    """Check that a function of the engine gives the same on both, and return that."""
    theirs, ours = (outcome(function, engine) for engine in ENGINES)
    assert theirs == ours
    return ours


# -- trees

SOURCE = """{% macro m(a, b=2) %}{{ a }}{% endmacro %}{{ x|upper }}{{ 1 + 1 }}{{ 'a'|upper }}{{ m('<') }}
{% for i in [1, 2] %}{{ i is odd }}{% endfor %}{% block b %}{{ [1, 2]|join }}{% endblock %}"""


def test_compiling_leaves_a_tree_as_it_is() -> None:
    """It can be compiled again, by other environments, and pickled."""

    def show(engine: Any) -> Any:
        environment, other = engine.Environment(), engine.Environment(autoescape=True)
        other.filters["upper"] = "<{}>".format
        tree = environment.parse(SOURCE)
        before = repr(tree)
        texts = [each.from_string(tree).render(x="<x>") for each in (environment, other, environment)]
        unchanged = repr(tree) == before
        tree.set_environment(None)
        again = pickle.loads(pickle.dumps(tree))
        return texts, unchanged, again == tree, environment.from_string(again).render(x="x")

    texts, unchanged, *_ = agree(show)
    assert unchanged
    assert texts[0] != texts[1]


class Text(str):
    """Text of a class of its own."""

    __slots__ = ()


def out(n: Any, *values: Any) -> Any:
    return n.Output(list(values))


def name(n: Any, text: str, ctx: str = "load") -> Any:
    return n.Name(Text(text), ctx)


def called(n: Any, function: Any, *args: Any) -> Any:
    return n.Call(function, list(args), [], None, None)


TREES: dict[str, Callable[[Any], list[Any]]] = {
    "name": lambda n: [out(n, name(n, "x"))],
    "attribute": lambda n: [out(n, n.Getattr(name(n, "d"), Text("k"), "load"))],
    "keyword": lambda n: [out(n, n.Call(name(n, "f"), [], [n.Keyword(Text("a"), n.Const(Text("v")))], None, None))],
    "macro": lambda n: [
        n.Macro(Text("m"), [name(n, "a", "param")], [n.Const(Text("<"))], [out(n, name(n, "a"))]),
        out(n, called(n, name(n, "m"))),
    ],
    "import": lambda n: [
        n.Import(n.Const(Text("m")), Text("module"), False),
        out(n, called(n, n.Getattr(name(n, "module"), Text("f"), "load"))),
    ],
    "from import": lambda n: [
        n.FromImport(n.Const(Text("m")), [(Text("f"), Text("g"))], False),
        out(n, called(n, name(n, "g"))),
    ],
    "block": lambda n: [n.Block(Text("b"), [out(n, name(n, "x"), n.TemplateData(Text("<")))], True, False)],
    "set": lambda n: [n.Assign(name(n, "q", "store"), n.Const(1)), out(n, name(n, "q"))],
    "for": lambda n: [
        n.For(name(n, "i", "store"), n.Const((1, 2)), [out(n, name(n, "i"))], [], None, False),
    ],
    "filter and test": lambda n: [
        out(n, n.Filter(name(n, "x"), Text("upper"), [], [], None, None)),
        out(n, n.Test(n.Const(1), Text("odd"), [], [], None, None)),
    ],
    "namespace": lambda n: [n.Assign(n.NSRef(Text("ns"), Text("at")), n.Const(1)), out(n, name(n, "ns"))],
    "with": lambda n: [n.With([name(n, "w", "param")], [n.Const(5)], [out(n, name(n, "w"))])],
    "environment attribute": lambda n: [out(n, n.EnvironmentAttribute(Text("sandboxed")))],
    "escaping": lambda n: [
        n.ScopedEvalContextModifier([n.Keyword(Text("autoescape"), n.Const(True))], [out(n, name(n, "x"))])
    ],
}


@pytest.mark.parametrize("tree", TREES)
@pytest.mark.parametrize("way", ["render", "generate"])
def test_nodes_with_names_of_a_subclass(tree: str, way: str) -> None:
    """Programs take names from texts of other classes."""

    def show(engine: Any) -> str:
        environment = engine.Environment(loader=engine.DictLoader({"m": "{% macro f() %}F{% endmacro %}"}))
        made = engine.nodes.Template(TREES[tree](engine.nodes), lineno=1).set_lineno(1).set_environment(environment)
        template = environment.from_string(made)
        namespace = engine.utils.Namespace()
        values = {"x": "<x>", "d": {"k": "K"}, "f": lambda a: f"f{a}", "ns": namespace}
        return template.render(values) if way == "render" else "".join(template.generate(values))

    assert not str(agree(show)).endswith("Error")


# -- values that are joined


class Html:
    """Something that isn't text and has HTML."""

    def __html__(self) -> str:
        return "<h>"

    def __str__(self) -> str:
        return "<s>"


class HtmlText(str):
    """Text that has HTML as well."""

    __slots__ = ()

    def __html__(self) -> str:
        return "<sh>"


class Choice(str, enum.Enum):  # noqa: UP042 - whose text would be its value
    """Text whose ``str`` form is another one."""

    A = "<a>"


class Shown(str):
    """Text whose ``str`` form is another one."""

    __slots__ = ()

    def __str__(self) -> str:
        return "<shown>"


VALUES = [Html(), HtmlText("x"), Choice.A, Shown("y"), "<m>", 5, "<q>"]


@pytest.mark.parametrize("escape", [True, False])
@pytest.mark.parametrize(
    "source",
    ["{{ a ~ b }}", "{{ a ~ '<' ~ b ~ 1 }}", "{% set z = a ~ b %}{{ z is escaped }}", "{{ [a, b]|join }}",
     "{{ [a, b]|join(b) }}", "{{ [a, b]|join(', ') }}"],
)  # fmt: skip
def test_texts_and_values_that_have_html_are_joined(source: str, escape: bool) -> None:
    """What is no text counts as its ``str`` form, text as its characters."""

    def show(engine: Any) -> list[Any]:
        template = engine.Environment(autoescape=escape).from_string(source)
        values = [MARKUP[engine](value) if value == "<m>" else value for value in VALUES]
        return [outcome(lambda a=a, b=b: template.render(a=a, b=b)) for a in values for b in values]

    agree(show)


# -- mappings of other classes


class Computed(dict[str, Any]):
    """Makes its values when it is asked."""

    def __getitem__(self, key: str) -> Any:
        return f"[{key}]"


class Filled(dict[str, Any]):
    """Makes what is missing."""

    def __missing__(self, key: str) -> Any:
        return f"<{key}>"


class Wide(dict[str, Any]):
    """Has one more name than it has."""

    def __contains__(self, key: object) -> bool:
        return key in {"a", "more"}

    def __getitem__(self, key: str) -> Any:
        return f"({key})"


class Quiet(dict[str, Any]):
    """Its ``get`` is something else."""

    def get(self, key: str, default: Any = None) -> Any:
        return "got"


@pytest.mark.parametrize("cls", [Computed, Filled, Wide, Quiet])
@pytest.mark.parametrize(
    "source",
    ["{{ a }}{{ b }}{{ more }}", "{% for i in 'xy' %}{{ a }}{{ more }}{% endfor %}", "{% include 'i' %}",
     "{% block x %}{{ more }}{% endblock %}", "{% macro m() %}{{ a }}{{ more }}{% endmacro %}{{ m() }}"],
)  # fmt: skip
def test_mappings_that_decide_what_they_have(source: str, cls: Any) -> None:
    """A class of contexts may put them in the place of the variables."""

    def show(engine: Any) -> str:
        class Context(engine.runtime.Context):  # type: ignore[misc,name-defined]
            """Has its variables in another mapping."""

            def __init__(self, environment: Any, parent: Any, *args: Any, **kwargs: Any) -> None:
                super().__init__(environment, cls(parent), *args, **kwargs)

        environment = engine.Environment(loader=engine.DictLoader({"i": "{{ a }}{{ more }}"}))
        environment.context_class = Context
        return str(environment.from_string(source).render(a="A", b="B"))

    agree(show)


def test_a_function_that_joins_output_set_on_one_environment() -> None:
    """It joins a single piece as well."""

    def show(engine: Any) -> str:
        environment = engine.Environment()
        environment.concat = lambda pieces: "joined:" + "".join(pieces)
        return str(environment.from_string("{{ x }}").render(x=1))

    assert agree(show) == "joined:1"


# -- wrong arguments

WRONG: list[Any] = [None, 5, b"abc", [], object, True, 1.5]


@pytest.mark.parametrize("value", WRONG, ids=str)
@pytest.mark.parametrize(
    "use",
    [
        lambda e, v: e.Environment().from_string(v),
        lambda e, v: type(e.Environment().parse(v)).__name__,
        lambda e, v: e.Environment().compile(v),
        lambda e, v: e.Template(v),
        lambda e, v: e.Environment(loader=e.DictLoader({"a": v})).get_template("a"),
        lambda e, v: e.Environment().from_string("{{ 'x'|attr(v) }}").render(v=v),
        lambda e, v: e.sandbox.SandboxedEnvironment().from_string("{{ 'x'|attr(v) }}").render(v=v),
        lambda e, v: e.utils.import_string(v) if v != [] else None,
    ],
    ids=["from_string", "parse", "compile", "Template", "loader", "attr", "sandboxed attr", "import_string"],
)
def test_what_is_no_text(use: Any, value: Any) -> None:
    """Raises the same error, or none."""
    agree(lambda engine: use(engine, value))


@pytest.mark.parametrize(
    "options",
    [
        {"undefined": str},
        {"undefined": None},
        {"block_start_string": "{{"},
        {"comment_start_string": "{{"},
        {"newline_sequence": "x"},
        {"newline_sequence": None},
        {"extensions": ["none"]},
        {"cache_size": "a"},
    ],
    ids=str,
)
def test_options_that_cannot_work(options: Any) -> None:
    """Are refused with the same class of error, by overlays as well."""
    agree(lambda engine: engine.Environment(**options))
    agree(lambda engine: engine.Environment().overlay(**options))


@pytest.mark.parametrize(
    "source",
    ["{{ [1, 2]|slice(nothing)|list }}", "{{ 5|join(nothing) }}", "{{ [1]|join(strict) }}", "{{ 'x'|attr(nothing) }}"],
)
def test_undefined_arguments_of_filters(source: str) -> None:
    """The error says what is undefined."""

    def show(engine: Any) -> str:
        strict = engine.StrictUndefined(name="strict")
        return str(engine.Environment().from_string(source).render(strict=strict))

    agree(show)


@pytest.mark.parametrize(
    "source",
    [
        "{{ x|upper }}", "{% for i in 'ab' %}{{ i|upper }}{% endfor %}", "{{ 1 if x is odd else 2 }}",
        "{% macro m() %}{{ x|upper }}{% endmacro %}{{ m() }}", "{% filter upper %}a{% endfilter %}",
        "{% if none %}{{ x|upper }}{% endif %}not reached", "{{ values.__getitem__('upper') }}", "{{ fails() }}",
    ],
)  # fmt: skip
def test_filters_and_tests_that_are_gone(source: str) -> None:
    """What the environment had when the template was compiled, and a ``KeyError`` of somebody else."""

    def fails() -> Any:
        return {}["upper"]

    def show(engine: Any) -> str:
        environment = engine.Environment()
        template = environment.from_string(source)
        del environment.filters["upper"], environment.tests["odd"]
        return str(template.render(x=1, values={}, fails=fails))

    agree(show)


@pytest.mark.parametrize(
    "source",
    ["{{ counted|min(attribute='none') }}", "{{ {}|dictsort(by=[]) }}", "{{ [nan, nan]|map('groupby', 0)|list }}",
     "{{ [[nan], [nan]]|groupby(0)|length }}", "{{ choice|urlencode }}"],
)  # fmt: skip
def test_odd_arguments_of_filters(source: str) -> None:
    """Also those that never end."""

    def show(engine: Any) -> str:
        values = {"counted": itertools.count(), "nan": float("nan"), "choice": Choice.A}
        return str(engine.Environment().from_string(source).render(values))

    agree(show)


def test_a_folder_is_no_file(tmp_path: Any) -> None:
    """Which could be opened."""
    assert agree(lambda engine: engine.utils.open_if_exists(tmp_path)) is None
