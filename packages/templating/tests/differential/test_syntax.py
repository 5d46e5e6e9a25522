"""Names, signs, targets and the order of errors: what the two engines make of a template's text."""

from __future__ import annotations

import sys
import traceback
from typing import Any

import jinja2
import pytest

import dray.templating

from .engines import environments

EXTENSIONS = ["do", "loopcontrols", "i18n"]
PAGES = {"page": "{% set x = 1 %}{% macro m() %}M{% endmacro %}"}


def spelled(**arguments: Any) -> str:
    """Return the names of keyword arguments, as they arrive."""
    return ", ".join(map(ascii, sorted(arguments)))


def show(environment: Any, source: str, **context: Any) -> Any:
    """Return the output of a template; of an error its class, and for those of the syntax the line and message."""
    environment.loader.mapping.update(PAGES)
    if hasattr(environment, "install_null_translations"):
        environment.install_null_translations()
    try:
        return environment.from_string(source).render(context)
    except (jinja2.TemplateSyntaxError, dray.templating.TemplateSyntaxError) as error:
        return type(error).__name__, error.lineno, error.message.partition("Encountered unknown tag")[0]
    except Exception as error:
        return type(error).__name__


def agree(source: str, settings: dict[str, Any] | None = None, **context: Any) -> None:
    """Check that a template does the same on both."""
    theirs, ours = environments(**{"extensions": EXTENSIONS, **(settings or {})})
    assert show(theirs, source, **context) == show(ours, source, **context)


NAMES = [
    "{% set हिन्दी = 3 %}{{ हिन्दी }}", "{% for ก็ in [1, 2] %}{{ ก็ }}{{ loop.index }}{% endfor %}", "{{ a\u00b7b }}",
    "{{ e\u0301 }}", "{{ e\u0301.b\u0301 }}", "{% macro m\u0301(a\u0301) %}{{ a\u0301 }}{% endmacro %}{{ m\u0301(1) }}",
    "{% block b\u0301 %}1{% endblock %}{{ self.b\u0301() }}", "{{ '%s' % e\u0301 }}", "{{ \u212ea }}", "{{ \u2118 }}",
    "{{ \u00b7a }}", "{{ \u0301 }}", "{{ 1\u0301 }}", "{{ a\u00b2 }}", "{{ a\u037a }}", "{{ \u3300 }}", "{{ a\u2026 }}",
    "é{{ e\u0301 }}é", "{{ 'é' }}{{ e\u0301|upper }}{% if e\u0301 is string %}1{% endif %}",
    "{{ e\u0301[0]~a\u00b7b }}", "{{ a\u0301b\u00b7c1|default(2) }}",
]  # fmt: skip


@pytest.mark.parametrize("source", NAMES, ids=ascii)
@pytest.mark.parametrize(
    "settings", [{}, {"trim_blocks": True}, {"variable_start_string": "${", "variable_end_string": "}"}]
)
def test_names_of_all_scripts(source: str, settings: dict[str, Any]) -> None:
    """A name is what Python takes for one."""
    if "variable_end_string" in settings:
        source = source.replace("{{", "${").replace("}}", "}")
    names = {"a\u00b7b": "dot", "e\u0301": "accent", "\u212ea": "e"}
    agree(source, settings, **names)


@pytest.mark.parametrize(
    "source", ["{{ a\u0301 }}", "{{ a\u0301b", "é{% if x\u0301 %}{% endif %}{{ 1 }}", "{{ \u00b7 }}"], ids=ascii
)
def test_pieces_of_names(source: str) -> None:
    """The pieces of a text are the same, up to the error, if there is one."""

    def pieces(engine: Any) -> list[Any]:
        found: list[Any] = []
        try:
            found.extend(engine.Environment().lex(source))
        except engine.TemplateSyntaxError as error:
            found.append(error.lineno)
        return found

    assert pieces(jinja2) == pieces(dray.templating)


ARGUMENTS = [
    "{{ f(ｘ=1, ﬁ=2) }}", "{{ dict(ｘ=1) }}", "{{ 'a'|replace(ｏld='a', new='b') }}", "{{ f(e\u0301=1) }}",
    "{{ f(ａ=1, a=2) }}",
]  # fmt: skip


@pytest.mark.parametrize("source", ARGUMENTS, ids=ascii)
def test_names_of_arguments_are_spelled_as_python_does(source: str) -> None:
    """In the form NFKC; one given twice is an error."""
    theirs, ours = environments()
    expected = show_plain(theirs, source)
    assert show_plain(ours, source) == ("TemplateSyntaxError" if expected == "SyntaxError" else expected)


def show_plain(environment: Any, source: str) -> Any:
    """Return the output of a template, or the class of its error."""
    try:
        return environment.from_string(source).render(f=spelled)
    except Exception as error:
        return type(error).__name__


def test_two_spellings_stay_two_variables() -> None:
    """In code and in modules compiled ahead."""
    environment = dray.templating.Environment()
    source = "{% set ｘ = 5 %}{{ x }}{{ ｘ }}"
    assert environment.from_string(source).render(x="X") == "X5"
    text = environment.compile(source, raw=True)
    assert "v_x = " in text and "v_x_2 = " in text


LINES = [
    "a\n#- if 1\nb\n#- endif\nc", "a\n#+ if 1\nb\n#+ endif\nc", "a  \n  #- if 1\nb\n  # endif\nc", "a\n##- c\nb",
    "a ##- c\nb", "a\n  ##- c\nb", "a\n##+ c\nb", "a \n\n #- set x=1\nb", "x\n#-if 1\ny\n#-endif", "##-", "a ##",
    "\n##-\nb", "a\n\n##-\n\nb", "#-for x in [1,2]\n- {{ x }}\n#-endfor", "# set x = -1\n{{ x }}", "a #- b",
]  # fmt: skip


@pytest.mark.parametrize("source", LINES)
@pytest.mark.parametrize("settings", [{}, {"trim_blocks": True}, {"lstrip_blocks": True}], ids=str)
def test_signs_of_line_statements_and_comments(source: str, settings: dict[str, Any]) -> None:
    """A minus takes the white space before it away, also in what ``lex`` yields."""
    settings = {"line_statement_prefix": "#", "line_comment_prefix": "##", **settings}
    agree(source, settings)
    theirs, ours = environments(**settings)
    assert list(theirs.lex(source)) == list(ours.lex(source))


WORDS = ["true", "True", "none", "None", "false", "in", "if", "not", "else", "recursive", "loop", "import", "class"]
PLACES = [
    "{% for x in # %}{{ x }}{% endfor %}", "{% for # in xs %}{{ # }}{% endfor %}",
    "{% for #, b in ps %}{{ # }}{% endfor %}", "{% for a, # in ps %}{{ # }}{% endfor %}",
    "{% for # in # in # %}{% endfor %}", "{% for x in xs if # %}{% endfor %}", "{% for x in xs, # %}a{% endfor %}",
    "{% for x in # recursive %}a{% endfor %}", "{% for x in xs # %}a{% endfor %}", "{% set # = 1 %}{{ # }}",
    "{% set # %}a{% endset %}", "{% with # = 1 %}{{ # }}{% endwith %}", "{% macro #() %}1{% endmacro %}{{ #() }}",
    "{% macro m(#) %}{{ # }}{% endmacro %}{{ m(1) }}", "{% macro m(#=1) %}{{ # }}{% endmacro %}{{ m() }}",
    "{% call(#) g() %}{{ # }}{% endcall %}", "{{ f(#=1) }}", "{% import 'page' as # %}{{ # is mapping }}",
    "{% from 'page' import # %}", "{% from 'page' import x as # %}{{ # }}",
    "{% from 'page' import x, # with context %}", "{{ a.# }}", "{{ a is # }}", "{{ # }}",
    "{% trans %}{{ x }}{% pluralize # %}b{% endtrans %}",
]  # fmt: skip


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("source", PLACES)
def test_words_that_mean_something_as_names(source: str, word: str) -> None:
    """Constants can't be assigned to; other words are names where only a name can stand."""
    agree(source.replace("#", word), xs=[1, 2], ps=[(1, 2)], f=spelled, g=lambda caller: caller(5), a="q", x=1)


TARGETS = [
    "{% for k, in ps %}{{ k }}{% endfor %}", "{% for k, v, in ps %}{{ k }}{% endfor %}",
    "{% for in in in %}{% endfor %}", "{% for x in %}{% endfor %}", "{% for x, in in xs %}{% endfor %}",
    "{% for (a, b), in [ps] %}{{ a }}{% endfor %}", "{% for x in recursive %}a{% endfor %}",
    "{% for x in recursive recursive %}a{% endfor %}", "{% for x in xs, recursive %}a{% endfor %}",
    "{% for () in ps %}{% endfor %}", "{% set a, = [1] %}{{ a }}",
    "{% set (a, (b, c)) = (1, (2, 3)) %}{{ a }}{{ b }}{{ c }}", "{% for a.b in xs %}{% endfor %}",
    "{% for 1 in xs %}{% endfor %}",
]  # fmt: skip


@pytest.mark.parametrize("source", TARGETS)
def test_targets(source: str) -> None:
    """What a loop or an assignment sets."""
    agree(source, xs=[1, 2], ps=[(1, 2)])


ORDER = [
    "{{ a b }}{{ $", "{{ a $ b }}", "{% if %}{# x", "{% foo %}{{ ' ", "{{ a }}{{ ) }}{% end", "{% if 1 %}{{ $",
    "{{ f(x}} ) }}", "{% for x in xs %}{% endif %}{{ '", "{{ (1, }} $", "{{ 1 if }}{{ $", "{{ a.b. $ }}", "{{ [1, 2 $",
    "{% macro m( $ %}", "{% block $ %}", "{% trans %}{{ $ }}{% endtrans %}", "{% trans %}{% if %}{{ $", "{% bogus $ %}",
    "{% call f() $ %}", "{% x", "{{ a. }}\n\n{{ 'x }}", "{{ 1 }}\n{{ $ }}\n{{ ( }}",
    "{% set x = 1 %}\n{% raw %}\n{% if", "$", "{{ '\\x' }}{% if",
]  # fmt: skip


@pytest.mark.parametrize("source", ORDER)
def test_the_first_error_is_reported(source: str) -> None:
    """Whichever stage finds it."""
    agree(source)


@pytest.mark.parametrize("source", ["a $", "a b", "a", "", "$", "a }}", "a ("])
def test_errors_of_expressions(source: str) -> None:
    """A piece that is no token isn't the end."""

    def value(engine: Any) -> Any:
        try:
            return engine.Environment().compile_expression(source)(a=1)
        except engine.TemplateSyntaxError as error:
            return error.message, error.lineno

    assert value(jinja2) == value(dray.templating)


@pytest.mark.parametrize("passed_on", [True, False])
def test_streams_keep_errors_for_their_place(passed_on: bool) -> None:
    """A filter of tokens sees those before the error, and an error of the parser before it comes first."""

    def seen(engine: Any) -> list[str]:
        found: list[str] = []

        class Watching(engine.ext.Extension):  # type: ignore[misc]
            """Notes the tokens that come by."""

            def filter_stream(self, stream: Any) -> Any:
                """Let all tokens through."""
                if passed_on:
                    return stream
                return (found.append(token.value) or token for token in stream)

        for source in ("{{ a b }}{{ $", "{{ a }}{{ c $", "{{ a"):
            with pytest.raises(engine.TemplateSyntaxError) as caught:
                engine.Environment(extensions=[Watching]).from_string(source)
            found.append(caught.value.message)
        return [text for text in found if text.isascii()]

    import jinja2.ext

    theirs, ours = seen(jinja2), seen(dray.templating)
    assert [text for text in theirs if " " in text] == [text for text in ours if " " in text]
    assert set(theirs) <= set(ours)


def test_tokens_are_named_tuples() -> None:
    """With their methods; the columns are kept."""
    for engine in (jinja2, dray.templating):
        token = engine.lexer.Token(1, "name", "a")
        assert token._fields == ("lineno", "type", "value") == engine.lexer.Token.__match_args__
        assert token._asdict() == {"lineno": 1, "type": "name", "value": "a"}
        assert token._replace(value="b") == (1, "name", "b")
        assert engine.lexer.Token._make([1, "x", "y"]) == (1, "x", "y")
        with pytest.raises(
            TypeError if sys.version_info >= (3, 13) else ValueError, match="Got unexpected field names"
        ):
            token._replace(other=1)
        with pytest.raises(TypeError, match="Expected 3 arguments, got 1"):
            engine.lexer.Token._make([1])
    ours = dray.templating.lexer.Token(1, "name", "a", 3, 4)._replace(lineno=2)
    assert (ours, ours.column, ours.end_column) == ((2, "name", "a"), 3, 4)


def test_pushed_tokens_come_in_their_order() -> None:
    """The first that was pushed first."""

    def read(engine: Any) -> list[str]:
        stream = engine.Environment().lexer.tokenize("{{ a b c }}")
        next(stream)
        for name in "XYZ":
            stream.push(engine.lexer.Token(1, "name", name))
        found = [next(stream).value, next(stream).value]
        stream.push(engine.lexer.Token(1, "name", "late"))
        return [*found, *(token.value for token in stream)]

    assert read(jinja2) == read(dray.templating)


PLACED = [
    ("{{ f(a=1,\n bb=1, bb=2) }}", "keyword argument repeated: bb", 2, 8),
    ("{{ f(a,\n __debug__=1) }}", "cannot assign to __debug__", 2, 2),
    ("\n {% break %}", "'break' outside loop", 2, 5),
    ("{% for x in y %}{% else %}\n{% continue %}{% endfor %}", "'continue' not properly in loop", 2, 4),
    ("{% for x in y %}{% block a %}\n{% break %}{% endblock %}{% endfor %}", "'break' outside loop", 2, 4),
]


@pytest.mark.parametrize(("source", "message", "line", "column"), PLACED)
def test_what_python_refuses_has_a_place(source: str, message: str, line: int, column: int) -> None:
    """The reference leaves these to Python's compiler."""
    theirs, ours = environments(extensions=["loopcontrols"])
    with pytest.raises(SyntaxError):
        theirs.from_string(source)
    with pytest.raises(dray.templating.TemplateSyntaxError) as caught:
        ours.from_string(source)
    error = caught.value
    assert (error.message, error.lineno, error.column) == (message, line, column)


def test_templates_too_deep_for_the_stack_have_a_place() -> None:
    """Wherever the stack ends: in the parser, the generator or Python's compiler."""
    sources = {
        "calls": "\n {{ a" + "()" * 199 + " }}", "lists": "\n {{ " + "[" * 95 + "]" * 95 + " }}",
        "filters": "\n{{ a" + "|e" * 199 + " }}", "powers": "\n{{ " + "1**" * 199 + "1 }}",
        "blocks": "\n" + "{% if a %}" * 80 + "{% endif %}" * 80,
    }  # fmt: skip
    environment = dray.templating.Environment()

    def compiled(depth: int, source: str) -> Any:
        if depth:
            return compiled(depth - 1, source)
        try:
            return environment.compile(source)
        except dray.templating.TemplateSyntaxError as error:
            return error.message, error.lineno, error.column is not None

    for name, source in sources.items():
        for depth in (0, 300, 600, 800):
            found = compiled(depth, source)
            assert not isinstance(found, tuple) or found == ("the template is nested too deeply", 2, True), (
                name,
                depth,
            )
        assert isinstance(found, tuple), name


BRANCHES = [0, 1, 48, 49, 50, 51, 98, 99, 100, 101, 149, 150, 151, 199, -1, -2, 200]


def many_branches(test: str, body: str, otherwise: str = "E") -> str:
    """Return a condition with two hundred branches."""
    rest = "".join(f"{{% elif {test} == {number} %}}{body.replace('#', str(number))}" for number in range(200))
    return "{% if x == -1 %}M" + rest + (f"{{% else %}}{otherwise}" if otherwise else "") + "{% endif %}"


LEAVING = "{% if x == 49 %}{% continue %}{% elif x == 101 %}{% break %}{% endif %}#"
CHAINS = {
    "else": many_branches("x", "#"), "no else": many_branches("x", "#", ""), "look-ups": many_branches("x.a", "#"),
    "assignments": many_branches("x", "{% set y = x %}{{ y }}") + "{{ y }}",
    "loop controls": many_branches("x", LEAVING),
}  # fmt: skip


@pytest.mark.parametrize("settings", [{}, {"enable_async": True}, {"optimized": False}], ids=str)
@pytest.mark.parametrize("source", CHAINS.values(), ids=CHAINS.keys())
def test_many_branches(source: str, settings: dict[str, Any]) -> None:
    """A long chain of conditions is no nesting; look-ups in loops are statements before each."""
    agree("{% for x in xs %}" + source + ",{% endfor %}", settings, xs=BRANCHES)
    agree("{% for x in xs %}" + source + ",{% endfor %}", settings, xs=[{"a": number} for number in BRANCHES])


def test_more_branches_than_the_stack_has_frames() -> None:
    """Each takes the same, so there is no limit."""
    source = (
        "{% if x == 0 %}0" + "".join(f"{{% elif x == {n} %}}{n}" for n in range(1, 3000)) + "{% else %}E{% endif %}"
    )
    template = dray.templating.Environment().from_string(source)
    assert [template.render(x=x) for x in (0, 1, 1500, 2999, 3000)] == ["0", "1", "1500", "2999", "E"]


FREE = [
    "{% free assign %}", "{% free loop %}", "{% free pair %}{{ x }}", "{% free with %}", "{% free block %}",
    "{% free filtered %}", "{% for q in [1, 2] %}{% free assign %}{% free loop %}{% endfor %}",
    "{% macro m() %}{% free assign %}{% endmacro %}{{ m() }}", "{% block b %}{% free block %}{% endblock %}",
]  # fmt: skip


@pytest.mark.parametrize("source", FREE)
@pytest.mark.parametrize("ahead", [True, False])
def test_names_of_extensions_as_targets(source: str, ahead: bool, tmp_path: Any) -> None:
    """What ``free_identifier`` returns can stand wherever a value is assigned, and be read behind."""
    import jinja2.ext

    def render(engine: Any) -> str:
        environment = engine.Environment(extensions=[freeing(engine)], loader=engine.DictLoader({"t": source}))
        if not ahead:
            return str(environment.get_template("t").render())
        folder = tmp_path / engine.__name__
        environment.compile_templates(folder, zip=None, ignore_errors=False)
        return str(engine.Environment(loader=engine.ModuleLoader(folder)).get_template("t").render())

    assert render(jinja2) == render(dray.templating)


def freeing(engine: Any) -> Any:
    """Return an extension that makes names for itself."""
    nodes = engine.nodes

    def const(value: Any) -> Any:
        return nodes.Const(value, lineno=1)

    def both(name: Any, other: str, ctx: str) -> Any:
        return nodes.Tuple([name, nodes.Name(other, ctx, lineno=1)], ctx, lineno=1)

    def made(kind: str, name: Any) -> Any:
        shown = nodes.Output([name], lineno=1)
        pairs = nodes.List([nodes.Tuple([const(1), const(2)], "load", lineno=1)], lineno=1)
        if kind == "assign":
            return [nodes.Assign(name, const(5), lineno=1), shown]
        if kind == "loop":
            return nodes.For(name, nodes.List([const(1), const(2)]), [shown], [], None, False, lineno=1)
        if kind == "pair":
            return [nodes.Assign(both(name, "x", "store"), nodes.Tuple([const(1), const(2)], "load"), lineno=1), shown]
        if kind == "with":
            return nodes.With([name], [const(3)], [shown], lineno=1)
        if kind == "block":
            return [nodes.AssignBlock(name, None, [nodes.Output([nodes.TemplateData("q")])], lineno=1), shown]
        test = nodes.Compare(name, [nodes.Operand("gt", const(0))])
        body = [shown, nodes.Output([nodes.Name("y", "load"), nodes.Name("loop", "load")])]
        return nodes.For(both(name, "y", "store"), pairs, body, [], test, False, lineno=1)

    class Freeing(engine.ext.Extension):  # type: ignore[misc]
        """Adds a tag that assigns to a name of its own."""

        tags = {"free"}

        def parse(self, parser: Any) -> Any:
            """Parse the tag."""
            next(parser.stream)
            return made(next(parser.stream).value, parser.free_identifier(lineno=1))

    return Freeing


UNCLOSED = ["a{#", "a {#-", "{% raw %}", "a{% raw -%} ", "a{#\n"]


@pytest.mark.parametrize("source", UNCLOSED)
def test_what_is_never_closed(source: str) -> None:
    """Is an error at the end of a text too, where the reference lets it pass."""
    theirs, ours = environments()
    assert theirs.from_string(source).render().strip() in {"", "a"}
    with pytest.raises(dray.templating.TemplateSyntaxError, match="Missing end of"):
        ours.from_string(source)
    with pytest.raises(dray.templating.TemplateSyntaxError, match="Missing end of"):
        list(ours.lex(source))


@pytest.mark.parametrize("settings", [{}, {"enable_async": True}], ids=str)
@pytest.mark.parametrize("control", ["break", "continue"])
@pytest.mark.parametrize("loop", ["x in xs", "x in xs if x > 1", "x in xs recursive"])
def test_else_is_for_loops_without_a_round(loop: str, control: str, settings: dict[str, Any]) -> None:
    """The reference runs it after rounds that were left early, too."""
    theirs, ours = environments(extensions=["loopcontrols"], **settings)
    source = "{% for " + loop + " %}{{ x }}{% " + control + " %}{% else %}none{% endfor %}"
    assert show(theirs, source.replace("{% " + control + " %}", ""), xs=[]) == "none" == show(ours, source, xs=[])
    assert "none" in show(theirs, source, xs=[1, 2])
    assert "none" not in show(ours, source, xs=[1, 2])


LINKS = [
    "{{ x\n|nope }}", "{{ x\n|ok\n|nope\n|ok }}", "{{ x\n|\nnope }}", "{{ x\n is nope }}", "{{ x is\n nope }}",
    "{{ x is\n not\n nope }}", "{{ x\n|ok(\n1)|nope(\n2) }}", "{% filter\n nope %}{% endfilter %}",
    "{% filter\n ok\n|nope %}{% endfilter %}", "{% set x\n|nope %}{% endset %}", "{% for i in x\n|nope %}{% endfor %}",
    "{% set y =\n x\n|nope %}", "{{ 1\n+\nx|nope }}", "{{ f(\n1,\nx\n|nope) }}", "{{ x\n|fail }}",
    "{{ x\n|ok\n|fail }}", "{{ x\n|\nfail }}", "{{ x\n is fail }}", "{{ x|fail(\n1,\n2) }}", "{{ x\n|fail(\n1,\n2) }}",
    "{{ o\n.a\n.bad }}", "{{ o\n['bad'] }}", "{{ fail\n() }}", "{{ fail(\n1) }}", "{{ x }}\n{{ x\n|fail }}",
    "{% for i in [1] %}{{ x\n|fail }}{% endfor %}", "{% for i in [o] %}{{ i\n.a\n.bad }}{% endfor %}",
    "{% for i in [o] %}{{ i\n.a\n|fail }}{% endfor %}", "{{ o\n.a\n.b.c.bad }}",
]  # fmt: skip


class Chained:
    """Has itself as each attribute, but one that fails."""

    @property
    def bad(self) -> Any:
        """Fail."""
        raise RuntimeError

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self

    def __getitem__(self, key: Any) -> Any:
        raise RuntimeError


@pytest.mark.parametrize("source", LINKS)
@pytest.mark.parametrize("enable_async", [False, True])
def test_errors_name_the_line_of_the_link(source: str, enable_async: bool) -> None:
    """In a chain of several lines: of what is unknown, and of what fails."""

    def fail(*args: Any) -> None:
        raise RuntimeError

    def line(environment: Any) -> int:
        for names in (environment.filters, environment.tests):
            names.update(ok=lambda value, *args: value, fail=fail)
        try:
            environment.from_string(source).render(x=1, f=spelled, fail=fail, o=Chained())
        except (jinja2.TemplateSyntaxError, dray.templating.TemplateSyntaxError) as error:
            return error.lineno
        except RuntimeError as error:
            frames = traceback.extract_tb(error.__traceback__)
            return [frame.lineno for frame in frames if frame.filename.startswith("<templ")][-1] or 0
        return 0

    theirs, ours = map(line, environments(enable_async=enable_async))
    assert theirs == ours > 0
