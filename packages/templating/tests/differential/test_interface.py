"""The interface in use: the same calls on both engines give the same results and errors."""

# ruff: noqa: E501 - one call a line
from __future__ import annotations

import asyncio
import copy
import gettext
import importlib
import io
import pickle
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest


def engine(name: str) -> SimpleNamespace:
    """Return an engine: its names, and its modules in lower case."""
    modules = "ext meta utils runtime nodes nativetypes".split()
    found = {module: importlib.import_module(f"{name}.{module}") for module in modules}
    module = importlib.import_module(name)
    return SimpleNamespace(**{**{public: getattr(module, public) for public in dir(module)}, **found})


ENGINES = {name: engine(name) for name in ("jinja2", "dray.templating")}
BABEL = b"{# TRANS: note #}\n{% trans %}hi{% endtrans %}\n{{ _('two') }}\n## TRANS: line\n{% trans b=1 %}x{{ b }}{% pluralize %}y{% endtrans %}"
MACRO = "{% macro m(x) %}<{{ x }}>{% endmacro %}{% set foo = 'x' %}{% set _hidden = 1 %}text"
BLOCKS = "a{% block b %}{{ x }}{% block c %}i{% endblock %}{% endblock %}"


def lru(e: Any) -> Any:
    cache = e.utils.LRUCache(2)
    cache["a"], cache["b"] = 1, 2
    cache.get("a")
    cache["c"] = 3
    return (
        list(cache),
        cache.items(),
        list(reversed(cache)),
        len(cache),
        "b" in cache,
        cache.setdefault("d", 4),
        cache.keys(),
        cache.values(),
        cache.copy().capacity,
        pickle.loads(pickle.dumps(cache)).items(),
    )


def undefined(e: Any) -> Any:
    u = e.Environment().undefined(name="x")
    return (
        pickle.loads(pickle.dumps(u)),
        copy.copy(u)._undefined_name,
        copy.deepcopy(u)._undefined_name,
        u == e.Undefined(),
        bool(u),
        list(u),
        len(u),
        str(u),
        repr(u),
    )


def context(e: Any) -> Any:
    c = e.Environment().from_string("x").new_context({"a": 1})
    return (
        c.resolve("a"),
        c["a"],
        c.get("zz"),
        "a" in c,
        c.get_all()["a"],
        c.resolve_or_missing("zz"),
        c.name,
        c.exported_vars,
        c.blocks,
    )


def blocks(e: Any) -> Any:
    t = e.Environment().from_string(BLOCKS)
    return (
        sorted(t.blocks),
        "".join(t.blocks["b"](t.new_context({"x": 1}))),
        "".join(t.root_render_func(t.new_context({"x": 2}))),
    )


LAYERS = {
    "base": "{% block x %}base{% endblock %}|{{ shown('x', 0) }}|{{ shown('x', -1) }}",
    "page": "{% extends 'base' %}{% block x %}page {{ super() }}{% endblock %}",
}


def blocks_of_a_context(e: Any) -> Any:
    environment = e.Environment(loader=e.DictLoader(LAYERS))
    shown = e.pass_context(lambda context, name, place: "".join(context.blocks[name][place](context)))
    environment.globals["shown"] = shown
    templates = [environment.get_template(name) for name in LAYERS]
    loose = templates[0].new_context()
    return [
        *(template.render() for template in templates),
        *("".join(template.generate()) for template in templates),
        *({name: len(stack) for name, stack in loose.blocks.items()}, shown(loose, "x", 0)),
    ]


def blocks_of_an_asynchronous_context(e: Any) -> Any:
    @e.pass_context
    async def shown(context: Any, name: str, place: int) -> str:
        return "".join([piece async for piece in context.blocks[name][place](context)])

    async def generated(template: Any) -> str:
        return "".join([piece async for piece in template.generate_async()])

    environment = e.Environment(loader=e.DictLoader(LAYERS), enable_async=True)
    environment.globals["shown"] = shown
    templates = [environment.get_template(name) for name in LAYERS]
    return [asyncio.run(way(template)) for template in templates for way in (type(template).render_async, generated)]


def module(e: Any) -> Any:
    t = e.Environment(autoescape=True).from_string(MACRO)
    return (
        t.module.m("<"),
        t.module.foo,
        str(t.make_module({"q": 1})),
        t.module.__html__(),
        sorted(n for n in vars(t.module) if n[0] != "_"),
    )


def not_found(e: Any) -> Any:
    one, many = e.TemplateNotFound("a"), e.TemplatesNotFound(["a", "b"])
    return (
        one.name,
        one.templates,
        str(one),
        one.message,
        many.name,
        many.templates,
        str(many),
        isinstance(one, LookupError),
    )


CASES: dict[str, Callable[[Any], Any]] = {
    "template": lambda e: e.Template("{{ a }}{% if b %}x{% endif %}", trim_blocks=True).render(a=1, b=2),
    "template name": lambda e: (e.Template("x").name, e.Template("x").filename),
    "expression": lambda e: e.Environment().compile_expression("foo == 42 and bar")(foo=42, bar="x"),
    "expression undefined": lambda e: (e.Environment().compile_expression("x")(), e.Environment().compile_expression("x", undefined_to_none=False)()),
    "expression wrong": lambda e: e.Environment().compile_expression("x y"),
    "module": module,
    "undefined": undefined,
    "context": context,
    "blocks": blocks,
    "blocks of a context": blocks_of_a_context,
    "blocks of an asynchronous context": blocks_of_an_asynchronous_context,
    "not found": not_found,
    "lru": lru,
    "debug undefined": lambda e: str(e.DebugUndefined(obj=3, name="a")) + str(e.DebugUndefined("hint")),
    "loop controls": lambda e: e.Environment(extensions=[e.ext.loopcontrols]).from_string("{% for i in range(9) %}{% if i is odd %}{% continue %}{% endif %}{% if i > 5 %}{% break %}{% endif %}{{ i }}{{ loop.last }}{% endfor %}").render(),
    "line statements": lambda e: e.Environment(line_statement_prefix="#", line_comment_prefix="##").from_string("# for i in [1,\n 2]:\n  {{ i }} ## c\n# endfor\nend").render(),
    "select_autoescape": lambda e: [e.select_autoescape()(name) for name in ("a.html", "A.HTM", "x.xml", "a.txt", None, "html")],
    "call_filter": lambda e: (e.Environment().call_filter("join", [1, 2], ["-"]), e.Environment().call_test("odd", 3)),
    "call_filter unknown": lambda e: e.Environment().call_filter("nope", 1),
    "call_filter without context": lambda e: e.Environment().call_filter("map", [1], ["string"]),
    "lookups": lambda e: (e.Environment().getattr({"a": 1}, "a"), e.Environment().getitem({"a": 1}, "keys").__name__, e.Environment().getattr({}, "zz")),
    "no loader": lambda e: e.Environment().get_template("x"),
    "list_templates": lambda e: e.Environment(loader=e.DictLoader({"a.html": "", "b.txt": ""})).list_templates(extensions=["html"]),
    "not asynchronous": lambda e: __import__("asyncio").run(e.Environment().from_string("x").render_async()),
    "cycler": lambda e: (lambda c: (c.next(), next(c), c.current, c.next(), c.reset(), c.current))(e.utils.Cycler(1, 2, 3)),
    "joiner": lambda e: (lambda j: (j(), j(), j()))(e.utils.Joiner("-")),
    "url_quote": lambda e: (e.utils.url_quote("a b/é&"), e.utils.url_quote("a b/é", for_qs=True), e.utils.url_quote(b"\xff"), e.utils.url_quote(3)),
    "import_string": lambda e: (e.utils.import_string("os.path"), e.utils.import_string("nope.x", silent=True), e.utils.import_string("json")),
    "object_type_repr": lambda e: (e.utils.object_type_repr(None), e.utils.object_type_repr(3), e.utils.object_type_repr(...)),
    "htmlsafe_json_dumps": lambda e: e.utils.htmlsafe_json_dumps({"a": "<'&>"}),
    "nodes": lambda e: (e.nodes.Const(1, lineno=3), e.nodes.Name("a", "load") == e.nodes.Name("a", "load"), e.nodes.Name("a", "load").set_ctx("store").ctx, e.nodes.Output([e.nodes.Const(1)]).dump(), e.nodes.If.fields, e.nodes.Const(1).as_const()),
    "what there is": lambda e: (sorted(e.Environment().filters), sorted(e.Environment().tests), sorted(e.Environment().globals), sorted(e.Environment().policies)),
    "babel": lambda e: list(e.ext.babel_extract(io.BytesIO(BABEL), ("gettext", "ngettext", "_"), ["TRANS:"], {"line_comment_prefix": "##", "silent": "false"})),
    "babel silent": lambda e: list(e.ext.babel_extract(io.BytesIO(b"{% if"), ("gettext",), [], {})),
    "babel loud": lambda e: list(e.ext.babel_extract(io.BytesIO(b"{% if"), ("gettext",), [], {"silent": "no"})),
    "markup of others": lambda e: e.Environment(autoescape=True).from_string("{{ m }}{{ m ~ '<' }}{{ m|upper }}{% set x %}{{ m }}{% endset %}{{ x|safe }}{{ [m,'<']|join }}").render(m=importlib.import_module("markupsafe").Markup("<b>")),
}  # fmt: skip
OPERATIONS = "u+1 1+u u.x u['x'] u() int(u) float(u) -u u<1 u>u u%1 u**2 u//1 u/1 str(u) repr(u) u==1 u!=1 complex(u) u._x u.__foo__ abs(u) round(u) u&1 u|1 u[0:1] list(u) divmod(u,1) len(u) bool(u) hash(u)==hash(u) [*u] f'{u}'".split()
CLASSES = ("Undefined", "StrictUndefined", "ChainableUndefined", "DebugUndefined")
TRANS = [
    "{% trans %}hello{% endtrans %}", "{% trans user=u %}{{ user }}!{% endtrans %}", "{% trans n=c %}{{ n }} apple{% pluralize %}{{ n }} apples{% endtrans %}",
    "{% trans count=c, u %}{{ count }}{{ u }}{% pluralize u %}pl{% endtrans %}", "{{ gettext('hello') }}{{ ngettext('a','b',c) }}{{ _('hello') }}",
    "{% trans 'ctx' %}hi{% endtrans %}", "{% trans 'ctx', n=c %}a{% pluralize %}b{{ n }}{% endtrans %}", "{{ pgettext('c','m') }}{{ npgettext('c','a','b',2) }}",
    "{{ gettext('%(user)s!', user=u) }}", "{% trans %}x%{% endtrans %}", "{% trans trimmed %}\n a\n  b \n{% endtrans %}",
    "{% trans num=c %}{{ num }} x{% pluralize %}{{ num }} xs{% endtrans %}", "{% trans n=f() %}{{ n }}{% pluralize %}many{% endtrans %}",
    "{% trans a=1, a=2 %}{% endtrans %}", "{% trans %}{% if x %}{% endtrans %}", "{% trans %}a{% pluralize %}b{% endtrans %}", "{% trans %}a{{ b.c }}{% endtrans %}",
    "{% trans x=1 %}{% trans %}{% endtrans %}", "{% trans notrimmed x=2 %} a {{ x }} {% endtrans %}", "{% trans %}a", "{% trans trimmed=1 %}{{ trimmed }}{% endtrans %}",
]  # fmt: skip


class Translations(gettext.NullTranslations):
    def gettext(self, message: str) -> str:
        return {"hello": "hallo", "%(user)s!": "[%(user)s]", "x%%": "y%%"}.get(message, message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return msgid1 if n == 1 else "%(num)s " + msgid2

    def pgettext(self, context: str, message: str) -> str:
        return f"{context}|{message}"


def outcome(name: str, call: Callable[[Any], Any]) -> str:
    """Return what a call gives on an engine, as text: its result, or its error."""
    try:
        result = call(ENGINES[name])
    except Exception as error:
        result = (type(error).__name__, str(error).split("\n")[0])
    return repr(result).replace(name, "engine")


@pytest.mark.parametrize("case", CASES)
def test_interface(case: str) -> None:
    """The same call gives the same result, or the same error."""
    assert outcome("jinja2", CASES[case]) == outcome("dray.templating", CASES[case])


@pytest.mark.parametrize("cls", CLASSES)
@pytest.mark.parametrize("operation", OPERATIONS)
def test_undefined(operation: str, cls: str) -> None:
    """Each class of undefined values allows the same."""

    def call(e: Any) -> str:
        return str(eval(operation, {"u": getattr(e, cls)(name="q")}))

    assert outcome("jinja2", call) == outcome("dray.templating", call)


@pytest.mark.parametrize("autoescape", [False, True])
@pytest.mark.parametrize("newstyle", [False, True])
@pytest.mark.parametrize("source", TRANS)
def test_translation(source: str, newstyle: bool, autoescape: bool) -> None:
    """Translated texts are the same, in both styles; so are the messages found."""

    def call(e: Any) -> Any:
        environment = e.Environment(extensions=[e.ext.i18n], autoescape=autoescape)
        environment.install_gettext_translations(Translations(), newstyle=newstyle)
        text = environment.from_string(source).render(u="<u>", c=2, f=lambda: 3)
        return text, list(environment.extract_translations(source))

    assert outcome("jinja2", call) == outcome("dray.templating", call)
