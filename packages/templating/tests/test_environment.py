"""The environment: settings, hooks that switch to the general code, loading, caches, streams."""

# ruff: noqa: E501 - a template is easier to read in one line
from __future__ import annotations

import io
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from dray.templating import (
    BaseLoader,
    ChoiceLoader,
    DictLoader,
    Environment,
    FileSystemBytecodeCache,
    FileSystemLoader,
    FunctionLoader,
    MemcachedBytecodeCache,
    ModuleLoader,
    PackageLoader,
    PrefixLoader,
    Template,
    TemplateNotFound,
    TemplatesNotFound,
    TemplateSyntaxError,
    Undefined,
    UndefinedError,
    pass_context,
)
from dray.templating.compiler import CodeGenerator
from dray.templating.runtime import Context

LOOKUPS = "{{ a.b }}{{ a['c'] }}{% for x in [a] %}{{ x.b }}{{ x['c'] }}{{ loop.index }}{% endfor %}"


# -- hooks


class TestHooks:
    """What a subclass overrides is honoured everywhere, also in the code that is fast otherwise."""

    def test_getattr_and_getitem(self) -> None:
        """Own look-ups see every attribute and item, in loops too."""
        seen: list[Any] = []

        class Own(Environment):
            def getattr(self, obj: Any, attribute: str) -> Any:
                seen.append(attribute)
                return super().getattr(obj, attribute)

            def getitem(self, obj: Any, argument: Any) -> Any:
                seen.append(argument)
                return super().getitem(obj, argument)

        output = Own().from_string(LOOKUPS).render(a={"b": 1, "c": 2})

        assert "12121" == output
        assert ["b", "c", "b", "c", "index"] == seen

    def test_getattr_of_one_instance(self) -> None:
        """A method replaced on one environment counts as overridden."""
        environment = Environment()
        environment.getattr = lambda obj, attribute: f"<{attribute}>"  # type: ignore[method-assign]

        assert "<b>" == environment.from_string("{{ a.b }}").render(a={"b": 1})

    def test_context_call(self) -> None:
        """An own context class makes the calls."""

        class Own(Context):
            def call(__self, __obj: Any, *args: Any, **kwargs: Any) -> Any:
                return f"[{super().call(__obj, *args, **kwargs)}]"

        class OwnEnvironment(Environment):
            context_class = Own

        source = "{{ f(1) }}{% macro m() %}m{% endmacro %}{{ m() }}"
        assert "[1][m]" == OwnEnvironment().from_string(source).render(f=lambda x: x)

    def test_context_resolve(self) -> None:
        """An own context class supplies variables, to templates that need nothing else of a context too."""

        class Own(Context):
            def resolve_or_missing(self, key: str) -> Any:
                return key.upper()

        class OwnEnvironment(Environment):
            context_class = Own

        assert "AB" == OwnEnvironment().from_string("{{ a }}{% for x in [1] %}{{ b }}{% endfor %}").render(a=1)

    def test_undefined(self) -> None:
        """An own undefined class is made when, and as often as, a name is used."""
        made: list[Any] = []

        class Own(Undefined):
            def __init__(self, *args: Any, **kwargs: Any) -> None:
                super().__init__(*args, **kwargs)
                made.append(self._undefined_name)

        template = Environment(undefined=Own).from_string("{{ a }}{% if no %}{{ b }}{% endif %}{{ a }}")

        assert "" == template.render(no=False)
        assert ["a", "a"] == made

    def test_finalize(self) -> None:
        """Values are finalized, constants and template text among them as documented."""
        environment = Environment(finalize=lambda value: "-" if value is None else value)

        assert "a-1-" == environment.from_string("a{{ none }}{{ x }}{{ y }}").render(x=1, y=None)

    def test_template_class(self) -> None:
        """An own template class makes the contexts."""

        class Own(Template):
            def new_context(self, vars: Any = None, shared: bool = False, locals: Any = None) -> Context:
                return super().new_context({**(vars or {}), "x": "own"}, shared, locals)

        environment = Environment()
        environment.template_class = Own

        assert "own" == environment.from_string("{{ x }}").render(x="given")

    def test_code_generator(self) -> None:
        """A code generator may write text, or return what it got from above."""

        class Own(CodeGenerator):
            def visit_Const(self, node: Any, frame: Any) -> Any:
                self.write(f"({node.value!r} * 2)")

            def visit_Add(self, node: Any, frame: Any) -> Any:
                self.write("(")
                self.visit(node.left, frame)
                self.write(" - ")
                self.visit(node.right, frame)
                self.write(")")

            def visit_Name(self, node: Any, frame: Any) -> Any:
                return super().visit_Name(node, frame)

        class OwnEnvironment(Environment):
            code_generator_class = Own

        assert "4" == OwnEnvironment(optimized=False).from_string("{{ x + 3 }}").render(x=10)

    def test_stock_code_generator(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Whoever changes the public class changes what environments compile with."""
        environment = Environment()
        assert environment.code_generator_class is CodeGenerator

        monkeypatch.setattr(CodeGenerator, "_own_methods", {})
        monkeypatch.setattr(CodeGenerator, "visit_Add", lambda self, node, frame: self.write("42"))

        assert "42" == environment.from_string("{{ x + 3 }}").render(x=10)

    def test_compile_hook(self) -> None:
        """An overridden ``_compile`` sees Python source text, and what it returns is used."""
        seen: list[str] = []

        class Own(Environment):
            def _compile(self, source: Any, filename: str) -> Any:
                seen.append(source)
                return super()._compile(source, filename)

        assert "1" == Own().from_string("{{ x }}").render(x=1)
        assert "def load(names)" in seen[0]


# -- loading

PAGES = {"a.html": "A{{ x }}", "sub/b.html": "B"}


def test_loaders(tmp_path: Path) -> None:
    """Each loader finds its templates, lists them, and says where it looked."""
    for name, text in PAGES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    files = FileSystemLoader([tmp_path / "nowhere", tmp_path])
    both = ChoiceLoader([DictLoader({"c": "C"}), PrefixLoader({"p": files}), FunctionLoader({"f": "F"}.get)])
    environment = Environment(loader=both)

    assert "A1" == environment.get_template("p/a.html").render(x=1)
    assert "C" == environment.get_template("c").render()
    assert "F" == environment.get_template("f").render()
    assert ["a.html", "sub/b.html"] == files.list_templates()
    with pytest.raises(TemplateNotFound, match="search paths: .*nowhere"):
        Environment(loader=files).get_template("gone")
    with pytest.raises(TemplateNotFound, match="p/gone"):
        environment.get_template("p/gone")
    with pytest.raises(TemplatesNotFound, match="x, y"):
        environment.select_template(["x", "y"])
    assert "C" == environment.select_template(["x", "c"]).render()


def test_package_loader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package's templates are found in its folder, and in the zip file that it is imported from."""
    import zipfile

    (tmp_path / "folderpkg/templates").mkdir(parents=True)
    (tmp_path / "folderpkg/__init__.py").write_text("")
    (tmp_path / "folderpkg/templates/a.html").write_text("folder")
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("zippkg/__init__.py", "")
        archive.writestr("zippkg/templates/sub/a.html", "zip")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.syspath_prepend(str(tmp_path / "x.zip"))

    folder, zipped = PackageLoader("folderpkg"), PackageLoader("zippkg")
    assert "folder" == Environment(loader=folder).get_template("a.html").render()
    assert "zip" == Environment(loader=zipped).get_template("sub/a.html").render()
    assert (["a.html"], ["sub/a.html"]) == (folder.list_templates(), zipped.list_templates())
    with pytest.raises(ValueError, match="no folder 'nope'"):
        PackageLoader("folderpkg", "nope")
    with pytest.raises(TemplateNotFound):
        Environment(loader=zipped).get_template("gone")


def test_auto_reload(tmp_path: Path) -> None:
    """A changed file is read again, if the environment looks."""
    import os

    page = tmp_path / "a.html"
    page.write_text("one")
    looking = Environment(loader=FileSystemLoader(tmp_path))
    trusting = Environment(loader=FileSystemLoader(tmp_path), auto_reload=False)
    before = [environment.get_template("a.html").render() for environment in (looking, trusting)]
    page.write_text("two")
    os.utime(page, (1, 1))

    assert ["one", "one"] == before
    assert "two" == looking.get_template("a.html").render()
    assert "one" == trusting.get_template("a.html").render()


def test_globals_of_templates() -> None:
    """A template sees its own globals, those of the environment, and what is added to either later."""
    environment = Environment(loader=DictLoader({"a": "{{ x }}{{ y }}{{ z }}"}))
    environment.globals["x"] = 1
    template = environment.get_template("a", globals={"y": 2})
    environment.globals["z"] = 3

    assert "123" == template.render()
    assert template is environment.get_template("a", globals={"y": 4})
    assert "143" == template.render()
    assert "5" == environment.overlay().from_string("{{ w }}", globals={"w": 5}).render()


def test_overlay() -> None:
    """An overlay differs where it was told to and shares the rest."""
    environment = Environment(extensions=["dray.templating.ext.do"])
    overlay = environment.overlay(variable_start_string="[[", variable_end_string="]]", autoescape=True)
    overlay.filters["twice"] = lambda value: value * 2

    assert overlay.overlayed and overlay.linked_to is environment
    assert "&lt;{{ x }}22" == overlay.from_string("[[ x ]]{{ x }}[[ 2|string|twice ]]").render(x="<")
    assert "44" == environment.from_string("{{ '4'|twice }}").render()
    assert next(overlay.iter_extensions()).environment is overlay


@pytest.mark.parametrize(
    "options",
    [{"variable_start_string": "{%"}, {"newline_sequence": "x"}, {"undefined": int}],
    ids=["delimiters", "newline", "undefined"],
)
def test_wrong_settings(options: dict[str, Any]) -> None:
    """Settings that can't work are refused with what was given."""
    with pytest.raises(AssertionError, match="differ|has to be"):
        Environment(**options)


# -- bytecode


class Memory:
    """A memcached client."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def get(self, key: str) -> bytes | None:
        return self.kept.get(key)

    def set(self, key: str, value: bytes, timeout: int | None = None) -> None:
        self.kept[key] = value


def test_bytecode(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cached code is used without compiling, streams too, and not by an environment with other settings."""
    loader = DictLoader({"a": "{{ x }}{% block b %}<{% endblock %}{% macro m() %}{% endmacro %}"})
    memory = Memory()
    for cache in (FileSystemBytecodeCache(str(tmp_path)), MemcachedBytecodeCache(memory)):
        Environment(loader=loader, bytecode_cache=cache).get_template("a")
        with monkeypatch.context() as patch:
            patch.setattr(Environment, "compile", None)
            template = Environment(loader=loader, bytecode_cache=cache).get_template("a")
            assert "1<" == template.render(x=1) == "".join(template.generate(x=1))
        escaping = Environment(loader=loader, bytecode_cache=cache, autoescape=True)
        assert "&amp;<" == escaping.get_template("a").render(x="&")
    for path in tmp_path.iterdir():
        path.write_bytes(b"garbage")
    cache = FileSystemBytecodeCache(str(tmp_path))
    assert "1<" == Environment(loader=loader, bytecode_cache=cache).get_template("a").render(x=1)
    cache.clear()
    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize("zip", [None, "deflated", "stored"])
def test_modules(tmp_path: Path, zip: str | None) -> None:
    """Compiled ahead of time, templates give the same, in every form."""
    pages = {"a": "{% extends 'b' %}{% block x %}{{ super() }}{% for class in y %}{{ class|upper }}{% endfor %}{% endblock %}",
             "b": "[{% block x %}{% macro m(a=1) %}{{ a }}{% endmacro %}{{ m() }}{% endblock %}]"}  # fmt: skip
    target = tmp_path / "out.zip" if zip else tmp_path / "out"
    Environment(loader=DictLoader(pages)).compile_templates(target, zip=zip)
    template = Environment(loader=ModuleLoader(target)).get_template("a")

    assert "[1PQ]" == template.render(y="pq") == "".join(template.generate(y="pq"))
    with pytest.raises(TemplateNotFound):
        Environment(loader=ModuleLoader(target)).get_template("gone")


LINKED = {
    "base": "<{% block a %}{% endblock %}|{% block b %}{{ x }}{% endblock %}>",
    "macros": "{% macro m(a, b='<', c=none) %}{{ a }}{{ b }}{{ c }}{{ caller(1) if caller else '' }}{% endmacro %}{% set y = 2 %}",
    "page": "{% extends 'base' %}{% from 'macros' import m, y as z %}{% import 'macros' as n %}{% block b %}{{ super() }}{% from 'macros' import m %}{% for i in [1] %}{% call(d) m(i, c=3) %}{{ d }}{% endcall %}{% endfor %}{{ m() }}{{ m(b=1) }}{{ self.a() }}{% endblock %}",
}  # fmt: skip


@pytest.mark.parametrize("enable_async", [False, True], ids=["sync", "async"])
@pytest.mark.parametrize("how", ["sources", "modules", "cache", "tree"])
def test_forms_of_a_template_agree(tmp_path: Path, how: str, enable_async: bool) -> None:
    """However a template's code came to be, what it links gives the same, and so does the form that yields."""
    options: dict[str, Any] = {"loader": DictLoader(LINKED), "autoescape": True, "enable_async": enable_async}
    if how == "modules":
        Environment(**options).compile_templates(tmp_path, zip=None)
        options["loader"] = ModuleLoader(tmp_path)
    elif how == "cache":
        options["bytecode_cache"] = FileSystemBytecodeCache(str(tmp_path))
        Environment(**options).get_template("page").render()
    environment = Environment(**options)
    template = (
        environment.from_string(environment.parse(LINKED["page"]))
        if how == "tree"
        else environment.get_template("page")
    )

    assert "<|01&lt;31&lt;None1None>" == template.render(x=0) == "".join(template.generate(x=0))


def test_render_functions_take_a_context_alone() -> None:
    """The functions that a template hands out return the pieces of the output, those of empty blocks too."""
    environment = Environment(loader=DictLoader(LINKED))
    template = environment.get_template("base")
    context = template.new_context({"x": 5})

    assert {"a": "", "b": "5"} == {name: "".join(block(context)) for name, block in template.blocks.items()}
    assert "<|5>" == "".join(template.root_render_func(context))
    assert "5" == "".join(environment.from_string("{{ x }}").root_render_func(context))
    assert [1] == sorted({line for line, _ in template.debug_info})


def test_render_functions_may_stand_in_a_context() -> None:
    """What a template hands out may be put in a context by hand, as extending does: ``super()`` finds its way."""
    environment = Environment(loader=DictLoader(LINKED))
    page, base = environment.get_template("page"), environment.get_template("base")
    context = page.new_context({"x": 5, "m": None})
    context.blocks = {name: [block] for name, block in page.blocks.items()}
    for name, block in base.blocks.items():
        context.blocks.setdefault(name, []).append(block)

    assert "<|51<31<None1None>" == "".join(base.root_render_func(context))
    assert "5" == "".join(page.blocks["b"](context))[0]


# -- streams and files


def test_stream() -> None:
    """Pieces come one by one, or several joined."""
    template = Environment().from_string("{% for i in seq %}<{{ i }}>{% endfor %}")
    stream = template.stream(seq=range(5))
    buffered = template.stream(seq=range(5))
    buffered.enable_buffering(3)

    assert ["<0>", "<1>", "<2>", "<3>", "<4>"] == list(stream)
    assert ["<0><1><2>", "<3><4>"] == list(buffered)
    with pytest.raises(ValueError, match="too small"):
        stream.enable_buffering(1)


def test_stream_is_lazy() -> None:
    """Nothing is computed before it is asked for."""
    asked: list[int] = []

    def numbers() -> Any:
        for number in range(3):
            asked.append(number)
            yield number

    pieces = Environment().from_string("{% for i in seq %}{{ i }}{{ loop.last }}{% endfor %}").generate(seq=numbers())

    assert "0False" == next(pieces)
    assert [0, 1] == asked


def test_dump(tmp_path: Path) -> None:
    """Output goes to paths and open files; a failing render leaves what was there."""
    environment = Environment()
    path = tmp_path / "page.html"
    environment.from_string("é{{ x }}").stream(x=1).dump(str(path))
    text, data = io.StringIO(), io.BytesIO()
    environment.from_string("é").stream().dump(text)  # type: ignore[arg-type]
    environment.from_string("é").stream().dump(data, "latin-1")

    with pytest.raises(ZeroDivisionError):
        environment.from_string("lost{{ 1 // x }}").stream(x=0).dump(str(path))
    assert ("é1", "é", b"\xe9") == (path.read_text("utf-8"), text.getvalue(), data.getvalue())
    assert [path] == list(tmp_path.iterdir())


# -- errors


def test_error_has_its_place() -> None:
    """A syntax error knows name, file, line and column, also after pickling."""
    environment = Environment(loader=FunctionLoader(lambda name: ("one\n  {{ x | }}", "/t/page.html", None)))
    with pytest.raises(TemplateSyntaxError) as caught:
        environment.get_template("page.html")
    copy = pickle.loads(pickle.dumps(caught.value))

    for error in (caught.value, copy):
        assert ("page.html", "/t/page.html", 2, 10) == (error.name, error.filename, error.lineno, error.column)
        assert '  File "/t/page.html", line 2, column 10\n      {{ x | }}\n             ^^' in str(error)


def test_traceback_names_the_template(tmp_path: Path) -> None:
    """Python's own traceback shows the template's file, line and text, with carets, and no frame of the engine."""
    import traceback

    (tmp_path / "page.html").write_text("one\n<b>{{ 1 // x }}</b>")
    with pytest.raises(ZeroDivisionError) as caught:
        Environment(loader=FileSystemLoader(tmp_path)).get_template("page.html").render(x=0)
    shown = "".join(traceback.format_exception(caught.value))

    assert f'File "{tmp_path}/page.html", line 2, in template "page.html"\n    <b>{{{{ 1 // x }}}}</b>\n' in shown
    assert "~~^^~~" in shown or "^^^^^^" in shown


def test_hidden_attribute_error_is_the_cause() -> None:
    """An AttributeError from a property's code is the cause of the undefined value's error."""

    class Broken:
        @property
        def name(self) -> str:
            return self.oops  # type: ignore[attr-defined, no-any-return]

    for source in ("{{ b.name.upper() }}", "{% for x in [b] %}{{ x.name.upper() }}{% endfor %}"):
        with pytest.raises(UndefinedError) as caught:
            Environment().from_string(source).render(b=Broken())
        assert isinstance(caught.value.__cause__, AttributeError)
        assert "oops" in str(caught.value.__cause__)


def test_a_stream_begins_before_anything_is_looked_at() -> None:
    """Text at the beginning is there at once, and what goes wrong behind it says where."""
    pieces = Environment().from_string("text\n{% for x in y.z.a %}{% endfor %}").generate(y=1)

    assert "text\n" == next(pieces)
    with pytest.raises(UndefinedError) as caught:
        next(pieces)
    assert any("line 2" in note for note in caught.value.__notes__)


# -- imports

MODULES = sorted(
    "dray.templating." + ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")
    for root in [Path(sys.modules["dray.templating"].__file__ or "").parent]
    for path in root.rglob("*.py")
    if path.name != "__main__.py" and path != root / "__init__.py"
)


def test_every_module_can_be_imported_alone() -> None:
    """No module needs another to be imported before it."""
    code = "import importlib, sys\nfor name in sys.argv[1:]:\n" + (
        "    for known in [n for n in sys.modules if n.startswith('dray')]: del sys.modules[known]\n"
        "    importlib.import_module(name)\n"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code, *MODULES], check=True)


def test_import_is_light() -> None:
    """Nothing is imported at the start that only few programs need; a first render needs no more."""
    code = (
        "import sys\n"
        "before = set(sys.modules)\n"
        "import dray.templating as t\n"
        "t.Environment(loader=t.DictLoader({'a': 'Hello {{ name }}!'})).get_template('a').render(name=1)\n"
        "late = 'async_utils codegen.text filters nodes.internal nodes.operators optimizer runtime.linking'.split()\n"
        "heavy = 'inspect json asyncio tempfile dataclasses ast logging random zipfile textwrap string'.split()\n"
        "heavy = {*heavy, *('dray.templating.' + name for name in [*late, 'runtime.loops', 'runtime.macros', 'tests'])}\n"
        "print(sorted(heavy & set(sys.modules) - before))"
    )
    found = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

    assert "[]\n" == found.stdout


LATE = {
    "a loop": ("{% for i in [1, 2] %}{% set l = loop %}{{ l.index }}{% endfor %}", "12"),
    "a recursive loop": ("{% for i in [[[]]] recursive %}[{{ loop(i) }}]{% endfor %}", "[[]]"),
    "a macro": ("{% macro f(x) %}<{{ x }}{{ caller() }}>{% endmacro %}{% call f(1) %}2{% endcall %}", "<12>"),
    "include": ("{% include 'part' %}", "part"),
    "import": ("{% import 'part' as p %}{{ p }}", "part"),
    "from import": ("{% from 'part' import m %}{{ m() }}", "m"),
    "extends": ("{% extends 'base' %}{% block a %}{{ super() }}b{% endblock %}", "ab"),
    "operators": ("{{ (-1 + 2 * 3) ~ (not a) }}", "5True"),
    "a filter": ("{{ 'a'|upper }}", "A"),
    "a test": ("{{ 1 is odd }}", "True"),
    "a placeholder": ("{{ lipsum(n=0) }}", ""),
    "an attribute": ("{{ a.b.c is defined }}", "False"),
}


@pytest.mark.parametrize("how", ["render", "generate", "render_async"])
def test_what_is_imported_late_is_there_in_time(how: str) -> None:
    """Whatever a program's first template uses, in whichever form."""
    code = (
        "import sys, pickle\n"
        "for how, source, expected in pickle.loads(bytes.fromhex(sys.argv[1])):\n"
        "    for known in [n for n in sys.modules if n.startswith('dray')]: del sys.modules[known]\n"
        "    import dray.templating as t\n"
        "    parts = {'part': 'part{% macro m() %}m{% endmacro %}', 'base': '{% block a %}a{% endblock %}'}\n"
        "    environment = t.Environment(\n"
        "        loader=t.DictLoader(parts), enable_async='async' in how, undefined=t.ChainableUndefined\n"
        "    )\n"
        "    template = environment.from_string(source)\n"
        "    if how == 'generate': found = ''.join(template.generate())\n"
        "    else: found = template.render()\n"
        "    assert found == expected, (source, found)\n"
    )
    cases = pickle.dumps([(how, source, expected) for source, expected in LATE.values()]).hex()
    subprocess.run([sys.executable, "-W", "error", "-c", code, cases], check=True)


def test_loader_interface() -> None:
    """A loader needs one method; the base says what it lacks."""
    with pytest.raises(TypeError, match="cannot iterate"):
        BaseLoader().list_templates()
    with pytest.raises(TemplateNotFound):
        BaseLoader().get_source(Environment(), "x")


def test_replaced_text_filter() -> None:
    """A filter that was replaced after a template was compiled is the one that runs, in loops too."""
    environment = Environment()
    template = environment.from_string("{% for x in ['A', 1] %}{{ x|lower }}{{ x|trim }}{% endfor %}")
    before = template.render()
    environment.filters["lower"] = lambda value: f"<{value}>"

    assert "aA11" == before
    assert "<A>A<1>1" == template.render()


def test_replaced_filter() -> None:
    """A filter that was replaced after a template was compiled is the one that runs where it is used once, too."""
    environment = Environment()
    template = environment.from_string(
        "{{ x|upper }}{{ x|lower }}{{ y|lower }}{% block a %}{{ x|upper }}{% endblock %}"
    )
    before = template.render(x="Xx", y="Yy")
    environment.filters["upper"] = environment.filters["lower"] = lambda value: f"<{value}>"

    assert "XXxxyyXX" == before
    assert "<Xx><Xx><Yy><Xx>" == template.render(x="Xx", y="Yy")


def test_context_functions_see_what_the_template_sees() -> None:
    """Behind an inner loop, its variables are gone for them too."""
    environment = Environment()
    environment.globals["get"] = pass_context(lambda context, name: context.get(name))
    text = (
        "{% for b in [1, 2] %}{% set v = b %}{% for a in [1] %}{% set u = 5 %}{{ get('u') }}{% endfor %}"
        "[{{ get('u') }}{{ u }}{{ get('v') }}]{% endfor %}"
    )
    assert environment.from_string(text).render() == "5[None1]5[None2]"
