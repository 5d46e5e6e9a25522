"""Templates of text and values are read without the parser, and give the tree that it gives."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dray.templating import Environment, TemplateSyntaxError, nodes
from dray.templating._parse_plain import parse_plain
from dray.templating.ext import Extension
from dray.templating.parser import Parser

INSIDE = [
    "a", "a.b", "a.b.c", "a . b", "a..b", ".a", "a.", "a.0", "a.true", "a.é", "é", "0", "", "_", "__x", "a b", "\t",
    "\n", "true", "False", "none", "not", "if", "in", "is", "and", "or", "else", "loop.index", "self.body",
    "super", "caller", "varargs", "recursive", "a-", "-a", "a|e", "a()", "'a'", "{", "}", "{{", "}}",
]  # fmt: skip
TAGS = st.builds(
    "{{{{{}{}{}}}}}".format, st.sampled_from(["", " ", "  "]), st.sampled_from(INSIDE), st.sampled_from(["", " "])
)
SOURCES = st.lists(TAGS | st.sampled_from([*INSIDE, "text", "{{ ", " }}", "\n\n", "é\n"]), max_size=7).map("".join)


def noted(value: Any) -> Any:
    """Return all that is known of a node, without its environment."""
    if isinstance(value, list):
        return [noted(item) for item in value]
    if not isinstance(value, nodes.Node):
        return value
    names = {name for cls in type(value).__mro__ for name in getattr(cls, "__slots__", ()) if name[:2] != "__"}
    return type(value), {name: noted(getattr(value, name)) for name in names - {"environment"} if hasattr(value, name)}


@given(SOURCES, st.booleans())
@settings(max_examples=500)
@example("{{ a }}{{ b.c }}\n{{ d }} \n", False)
@example("{{ " + "a." * 60 + "a }}", False)
def test_the_tree_is_the_parser_s(source: str, keep: bool) -> None:
    """Nodes, places and notes are the same; whatever the parser refuses isn't read."""
    environment = Environment(keep_trailing_newline=keep)
    plain = parse_plain(environment, source)
    try:
        parsed = Parser(environment, source).parse()
    except TemplateSyntaxError:
        assert plain is None
        return

    assert plain is None or noted(plain) == noted(parsed)
    assert plain is None or all(node.environment is environment for node in plain.find_all(nodes.Node))


@pytest.mark.parametrize("source", ["", "text", "{{ a }}", "{{a.b}}", " {{ loop.index }} x\n{{ self.a }}\n"])
def test_what_is_read(source: str) -> None:
    """The usual is: the property above would hold of a reader that reads nothing."""
    assert parse_plain(Environment(), source) is not None


@pytest.mark.parametrize("source", ["{% if a %}{% endif %}", "{# a #}", "a\r\nb"])
def test_what_is_left_to_the_parser(source: str) -> None:
    """Tags, comments and line breaks that are to be changed are seen at once."""
    assert parse_plain(Environment(), source) is None


@pytest.mark.parametrize(
    "options",
    [
        {"variable_start_string": "${", "variable_end_string": "}"},
        {"block_start_string": "<%", "block_end_string": "%>"},
        {"line_statement_prefix": "#"},
        {"line_comment_prefix": "##"},
        {"newline_sequence": "\r\n"},
    ],
    ids=lambda options: " ".join(options),
)
def test_other_syntax_is_left_to_the_parser(options: dict[str, Any]) -> None:
    """Only the usual delimiters and line breaks are looked for."""
    assert parse_plain(Environment(**options), "{{ a }}") is None


class Shouting(Extension):
    """Changes the text before it is read."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """Return the text in capitals."""
        return source.upper()


class Preprocessing(Environment):
    """Changes the text by itself."""

    def preprocess(self, source: str, name: str | None = None, filename: str | None = None) -> str:
        """Return the text in capitals."""
        return source.upper()


class Tokenizing(Environment):
    """Changes the text as it becomes tokens."""

    def _tokenize(self, source: str, name: str | None, filename: str | None = None, state: str | None = None) -> Any:
        return super()._tokenize(source.upper(), name, filename, state)


class Lexing(Environment):
    """Has a lexer of its own."""

    @property
    def lexer(self) -> Any:
        """The lexer of another syntax, in which braces mean nothing."""
        return Environment(variable_start_string="A", variable_end_string="B").lexer


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        (Environment(extensions=[Shouting]), "A <>"),
        (Preprocessing(), "A <>"),
        (Tokenizing(), "A <>"),
        (Lexing(), "a <{{ x }}>"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_who_has_a_say_in_tokens_is_asked(environment: Environment, expected: str) -> None:
    """Extensions and overridden methods see texts that could be read without them."""
    assert expected == environment.from_string("a <{{ x }}>").render(x=1).replace("1", "")


def test_an_environment_s_own_function_is_asked() -> None:
    """One that was set on the object, too."""
    environment = Environment()
    environment.preprocess = lambda source, name, filename=None: source.upper()  # type: ignore[method-assign]

    assert "A" == environment.from_string("a").render()


def test_no_regular_expressions_until_they_are_needed() -> None:
    """A program whose templates are all of text and values loads neither them nor the parser."""
    code = (
        "import sys\n"
        "known = set(sys.modules)\n"
        "from dray.templating import Environment\n"
        "print(Environment(autoescape=True).from_string('Hello {{ user.name }}!').render(user={'name': '<'}))\n"
        "late = {'re', 'dray.templating.lexer', 'dray.templating.parser'}\n"
        "print(sorted(late & set(sys.modules) - known))"
    )
    found = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

    assert "Hello &lt;!\n[]\n" == found.stdout
