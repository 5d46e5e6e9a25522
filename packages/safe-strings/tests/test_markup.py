"""``Markup``: what is safe stays safe, what comes from outside is escaped."""

from __future__ import annotations

import inspect
import pickle
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .conftest import HAS_C, LOADED


class HasHTML:
    """An object that knows its own HTML."""

    def __init__(self, markup: str) -> None:
        self.markup = markup

    def __html__(self) -> str:
        return self.markup


class Formats(HasHTML):
    """One that knows what a format specification means for it."""

    def __html_format__(self, spec: str) -> Any:
        return self.markup(spec) if callable(self.markup) else f"<{spec or 'none'}>"


class Text(str):
    """Text whose ``str()`` is something else."""

    def __str__(self) -> str:
        return "sub<"


def test_both_kernels_are_tested() -> None:
    """The fixture really loads two."""
    assert LOADED["python"].kernel == "_native"
    if HAS_C:
        assert LOADED["c"].kernel == "_speedups"
        assert LOADED["c"].Markup is not LOADED["python"].Markup


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("plain", "plain"),
        ("<>&\"'", "&lt;&gt;&amp;&#34;&#39;"),
        ("&amp;", "&amp;amp;"),
        ("é<", "é&lt;"),
        ("Ж<\u2028", "Ж&lt;\u2028"),
        ("\U0001f600<", "\U0001f600&lt;"),
        ("\ud800<", "\ud800&lt;"),
        ("\0<", "\0&lt;"),
        (5, "5"),
        (-5, "-5"),
        (10**30, str(10**30)),
        (True, "True"),
        (None, "None"),
        (1.5, "1.5"),
        (b"<", "b&#39;&lt;&#39;"),
        (Text("a"), "sub&lt;"),
        (HasHTML("<b>"), "<b>"),
    ],
)
def test_escape_gives_safe_text(ss: Any, value: object, expected: str) -> None:
    """Text is escaped once; what knows its HTML is taken at its word."""
    result = ss.escape(value)
    plain = ss.modules["dray.safe_strings._choose"].escape_to_str(value)

    assert expected == result == plain
    assert ss.Markup is type(result)
    assert str is type(plain)


def test_what_is_safe_is_given_back_itself(ss: Any) -> None:
    """Nothing is copied that needn't be."""
    kernel = ss.modules["dray.safe_strings._choose"]
    safe, clean = ss.Markup("<b>"), "clean text without anything" * 3

    assert ss.escape(safe) is safe
    assert kernel.escape_to_str(clean) is clean
    assert kernel.escape_inner(clean) is clean
    assert type(kernel.escape_to_str(safe)) is str


@given(st.text(alphabet=st.characters() | st.sampled_from("<>&'\""), max_size=200))
def test_both_kernels_agree(text: str) -> None:
    """Whatever the text, its width and the place of what must be escaped."""
    expected = text
    for character, reference in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&#34;"), ("'", "&#39;")):
        expected = expected.replace(character, reference)
    for module in LOADED.values():
        assert expected == module.escape(text)


@pytest.mark.parametrize("width", ["a", "é", "Ж", "\U0001f600"])
@pytest.mark.parametrize("special", ["<", "&", "'", "<&"])
def test_every_length_and_place(ss: Any, width: str, special: str) -> None:
    """Blocks, their ends and what is left over are treated alike."""
    reference = {"<": "&lt;", "&": "&amp;", "'": "&#39;", "<&": "&lt;&amp;"}[special]
    for length in range(70):
        for place in {0, 1, length // 2, length - 1, length}:
            if 0 <= place <= length:
                before, after = width * place, width * (length - place)
                assert ss.escape(before + special + after) == before + reference + after


def test_escape_silent_hides_none(ss: Any) -> None:
    """``None`` becomes empty text."""
    assert ss.Markup("") == ss.escape_silent(None)
    assert ss.Markup("&lt;") == ss.escape_silent("<")


def test_soft_str_keeps_safety(ss: Any) -> None:
    """Text passes through unchanged, other objects become text."""
    safe, text = ss.Markup("<b>"), Text("a")

    assert safe is ss.soft_str(safe)
    assert text is ss.soft_str(text)
    assert "5" == ss.soft_str(5)


INSERTING: dict[str, tuple[Callable[[Any], Any], str]] = {
    "add": (lambda M: M("<b>") + "<i>", "<b>&lt;i&gt;"),
    "add html": (lambda M: M("<b>") + HasHTML("<i>"), "<b><i>"),
    "radd": (lambda M: "<i>" + M("<b>"), "&lt;i&gt;<b>"),
    "radd html": (lambda M: HasHTML("<i>") + M("<b>"), "<i><b>"),
    "percent": (lambda M: M("<b>%s</b>") % "<i>", "<b>&lt;i&gt;</b>"),
    "percent tuple": (lambda M: M("%s %s %d %%") % ("<", M("<b>"), 5), "&lt; <b> 5 %"),
    "percent float": (lambda M: M("%s %.2f") % (1.5, 1.5), "1.5 1.50"),
    "percent object": (lambda M: M("%s %s") % (HasHTML("<b>"), ["<"]), "<b> [&#39;&lt;&#39;]"),
    "percent mapping": (lambda M: M("%(a)s %(n)d") % {"a": "<", "n": 5}, "&lt; 5"),
    "percent repr": (lambda M: M("%r") % "<", "&#39;&lt;&#39;"),
    "percent width": (lambda M: M("%5s|") % "<", " &lt;|"),
    "percent str subclass": (lambda M: M("%s") % (Text("a"),), "sub&lt;"),
    "format": (lambda M: M("{} {x!r:>6}").format("<", x="&"), "&lt;    &#39;&amp;&#39;"),
    "format plain": (lambda M: M("{} {{<}} {x} {}").format("<", 5, x=M("<b>")), "&lt; {<} <b> 5"),
    "format numbered": (lambda M: M("{1}{0}{1}").format("<", "a"), "a&lt;a"),
    "format html": (lambda M: M("{} {}").format(HasHTML("<b>"), Formats("")), "&lt;b&gt; &lt;none&gt;"),
    "format safe html": (lambda M: M("{:x}").format(Formats(M("<{}>").format)), "<x>"),
    "format nested": (lambda M: M("{0:{1}}|{a[0]}{b.real}").format("<", 3, a=["<"], b=5), "&lt;  |&lt;5"),
    "format_map": (lambda M: M("{a}").format_map({"a": "<"}), "&lt;"),
    "join": (lambda M: M("<br>").join(["<", HasHTML("<i>"), M("<b>"), 5]), "&lt;<br><i><br><b><br>5"),
    "join generator": (lambda M: M(",").join(x for x in "<a"), "&lt;,a"),
    "replace": (lambda M: M("a<").replace("<", "&"), "a&amp;"),
    "replace count": (lambda M: M("<<").replace("<", "&", 1), "&amp;<"),
    "ljust": (lambda M: M("<").ljust(2, "-"), "<-"),
    "multiply": (lambda M: M("<b>") * 2, "<b><b>"),
    "rmultiply": (lambda M: 2 * M("<b>"), "<b><b>"),
}  # fmt: skip


@pytest.mark.parametrize("how", INSERTING)
def test_what_is_inserted_is_escaped(ss: Any, how: str) -> None:
    """Operators and methods that insert text escape it and stay safe, also in a subclass."""
    function, expected = INSERTING[how]

    class Sub(ss.Markup):  # type: ignore[misc, name-defined]
        pass

    for cls in (ss.Markup, Sub):
        result = function(cls)

        assert expected == result
        assert cls is type(result)


def test_a_subclass_may_escape_its_own_way(ss: Any) -> None:
    """What it overrides is used for everything that is inserted."""

    class Loud(ss.Markup):  # type: ignore[misc, name-defined]
        @classmethod
        def escape(cls, s: Any, /) -> Any:
            return cls(f"[{s}]")

    assert Loud("a") + "b" == "a[b]"
    assert "b" + Loud("a") == "[b]a"
    assert Loud("%s") % ("b",) == "[b]"
    assert Loud("{}").format("b") == "[b]"
    assert Loud(",").join(["a", "b"]) == "[a],[b]"


#: How each public method of ``str`` treats what is safe.
ESCAPES = {"center", "format", "format_map", "join", "ljust", "replace", "rjust"}
KEEPS_SAFE = {
    "capitalize", "casefold", "expandtabs", "lower", "lstrip", "partition", "removeprefix", "removesuffix",
    "rpartition", "rsplit", "rstrip", "split", "splitlines", "strip", "swapcase", "title", "translate", "upper",
    "zfill",
}  # fmt: skip
PLAIN = {
    "count", "encode", "endswith", "find", "index", "isalnum", "isalpha", "isascii", "isdecimal", "isdigit",
    "isidentifier", "islower", "isnumeric", "isprintable", "isspace", "istitle", "isupper", "maketrans", "rfind",
    "rindex", "startswith",
}  # fmt: skip


def test_every_method_of_str_is_classified(ss: Any) -> None:
    """A new Python can't bring a method that loses safety unnoticed."""
    public = {name for name in dir(str) if not name.startswith("_")}

    assert public == ESCAPES | KEEPS_SAFE | PLAIN
    for name in ESCAPES | KEEPS_SAFE:
        defined = next(base for base in ss.Markup.__mro__ if name in vars(base))
        assert defined is not str, f"{name}() would give a plain str"
    for name in PLAIN:
        assert getattr(ss.Markup, name) == getattr(str, name) or name == "maketrans"


CALLS: dict[str, tuple[Any, ...]] = {
    "expandtabs": (4,), "lstrip": ("<",), "partition": ("b",), "removeprefix": ("<",), "removesuffix": (">",),
    "rpartition": ("b",), "rsplit": ("b",), "rstrip": (">",), "split": ("b",), "strip": ("<>",),
    "translate": ({98: "x"},), "zfill": (9,),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(KEEPS_SAFE))
def test_parts_of_what_is_safe_are_safe(ss: Any, name: str) -> None:
    """The method does what it does on ``str``, and gives this class."""

    class Sub(ss.Markup):  # type: ignore[misc, name-defined]
        pass

    args = CALLS.get(name, ())
    expected = getattr(" <b>\t</b> ", name)(*args)
    for cls in (ss.Markup, Sub):
        result = getattr(cls(" <b>\t</b> "), name)(*args)

        assert expected == result
        parts = result if isinstance(result, (list, tuple)) else [result]
        assert {cls} == set(map(type, parts))
        assert isinstance(result, type(expected))


def test_items_and_slices_are_safe(ss: Any) -> None:
    """As a part of what is safe."""
    for result, expected in ((ss.Markup("<b>")[0], "<"), (ss.Markup("<b>")[::-1], ">b<")):
        assert expected == result
        assert ss.Markup is type(result)


@pytest.mark.parametrize("other", [5, None, b"a", ["a"]])
def test_adding_something_that_is_no_text_is_refused(ss: Any, other: object) -> None:
    """A TypeError that names the types, as for ``str``."""
    with pytest.raises(TypeError, match=type(other).__name__):
        ss.Markup("a") + other
    with pytest.raises(TypeError):
        other + ss.Markup("a")  # type: ignore[operator]


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ((), ""),
        (("<b>",), "<b>"),
        ((5,), "5"),
        ((None,), "None"),
        ((HasHTML("<b>"),), "<b>"),
        ((b"<\xc3\xa9", "utf-8"), "<é"),
        ((b"\xff", "utf-8", "replace"), "\ufffd"),
        ((b"\xe9", "latin-1"), "é"),
    ],
)
def test_markup_is_made_of(ss: Any, args: Any, expected: str) -> None:
    """Text, objects, objects that know their HTML, encoded bytes."""
    assert expected == ss.Markup(*args)
    assert ss.Markup(object="<", encoding=None) == "<"


def test_markup_is_not_made_of(ss: Any) -> None:
    """What ``str`` refuses too."""
    for args in (("a", "utf-8"), (b"\xff", "utf-8"), ("a", "b", "c", "d")):
        with pytest.raises((TypeError, UnicodeDecodeError)):
            ss.Markup(*args)
    with pytest.raises(TypeError):
        ss.Markup(wrong=1)


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<em>Main</em> &raquo;\n <b>x</b>", "Main » x"),
        ("a <!-- <b> --> c", "a c"),
        ("a < b", "a < b"),
        ("a <!-- b", "a <!-- b"),
        ("a --> b", "a --> b"),
        ("<a\nhref=''>x", "x"),
        ("<!-- a --><!-- b -->", ""),
        ("<<b>>", ">"),
        ("&lt;b&gt;", "<b>"),
    ],
)
def test_striptags_gives_the_text(ss: Any, markup: str, expected: str) -> None:
    """Comments and tags go, references are resolved, the unclosed is text."""
    assert expected == ss.Markup(markup).striptags()


def test_unescape_gives_the_text(ss: Any) -> None:
    """The inverse of escape, and every named reference."""
    assert "<'&lt; \xa0»" == ss.Markup("&lt;&#39;&amp;lt; &nbsp;&raquo;").unescape()
    assert str is type(ss.Markup("a").unescape())


@given(st.text())
def test_escaping_can_be_taken_back(text: str) -> None:
    """Nothing is lost."""
    for module in LOADED.values():
        assert text == module.escape(text).unescape() or "\r" in text


@pytest.mark.parametrize("method", ["__html__", "__str__"])
def test_an_error_in_a_method_propagates(ss: Any, method: str) -> None:
    """What ``__html__`` or ``__str__`` raises is what the caller sees, from everywhere."""

    def fail(self: Any) -> str:
        raise LookupError("broken")

    broken: Any = type("Broken", (), {method: fail})()
    kernel = ss.modules["dray.safe_strings._choose"]
    for use in (
        lambda: ss.escape(broken),
        lambda: kernel.escape_to_str(broken),
        lambda: ss.Markup(broken),
        lambda: ss.Markup("").join([broken]),
        lambda: ss.Markup("%s") % broken,
        lambda: ss.Markup("{}").format(broken),
    ):
        with pytest.raises(LookupError, match="broken"):
            use()
    if method == "__html__":
        with pytest.raises(LookupError, match="broken"):
            ss.Markup("a") + broken


def test_a_lookup_that_fails_propagates(ss: Any) -> None:
    """Only a missing ``__html__`` counts as none."""

    class Proxy:
        def __getattr__(self, name: str) -> Any:
            raise RuntimeError("unbound")

    for use in (ss.escape, ss.Markup, lambda value: ss.Markup("a") + value):
        with pytest.raises(RuntimeError, match="unbound"):
            use(Proxy())


def test_proxies_are_asked(ss: Any) -> None:
    """An object that stands for another one gives that one's HTML."""

    class Proxy:
        def __init__(self, target: object) -> None:
            self.target = target

        def __getattr__(self, name: str) -> Any:
            return getattr(self.target, name)

        def __str__(self) -> str:
            return str(self.target)

    assert ss.escape(Proxy(ss.Markup("<b>"))) == "<b>"
    assert ss.escape(Proxy("<b>")) == "&lt;b&gt;"


def test_wrong_types_are_named(ss: Any) -> None:
    """A TypeError says what came."""
    kernel = ss.modules["dray.safe_strings._choose"]
    with pytest.raises(TypeError, match="must be str, not int"):
        kernel.escape_inner(5)
    with pytest.raises(TypeError, match="must be a subclass of str, not 5"):
        kernel._bind(5)
    with pytest.raises(TypeError):
        ss.Markup(",").join(5)
    for function in (ss.escape, kernel.escape_to_str):
        with pytest.raises(TypeError):
            function()


@pytest.mark.parametrize("text", ["{:>5}", "{:x}"])
def test_a_format_specification_needs_html_format(ss: Any, text: str) -> None:
    """Only the value knows what a specification means for its markup."""
    for target in (ss.Markup(text).format, lambda value: ss.EscapeFormatter(ss.escape).format(text, value)):
        with pytest.raises(ValueError, match="__html_format__"):
            target(HasHTML("<b>"))
        with pytest.raises(ValueError, match="Unsupported format specification"):
            target(ss.Markup("<b>"))


@pytest.mark.parametrize(
    ("text", "args", "error"),
    [
        ("{} {}", ("a",), IndexError),
        ("{x}", (), KeyError),
        ("{", (), ValueError),
        ("}", (), ValueError),
        ("{0} {}", ("a", "b"), ValueError),
    ],
)
def test_wrong_formats_are_refused(ss: Any, text: str, args: Any, error: type[Exception]) -> None:
    """With the exception that ``str.format`` raises."""
    with pytest.raises(error):
        text.format(*args)
    with pytest.raises(error):
        ss.Markup(text).format(*args)


def test_percent_needs_as_many_arguments_as_fields(ss: Any) -> None:
    """As ``str`` does."""
    for text, args in (("%s%s", ("a",)), ("%s", ("a", "b")), ("%s", ()), ("%d", (None,)), ("%(a)s", "x")):
        with pytest.raises(TypeError):
            ss.Markup(text) % args


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_pickles_name_the_public_class(ss: Any, protocol: int) -> None:
    """So they load on either kernel, whatever the private modules are called; a subclass keeps its attributes."""
    function, args, state = ss.Markup("<b>").__reduce_ex__(protocol)

    assert function(*args) == "<b>"
    assert (ss.Markup.__module__, ss.Markup.__qualname__, state) == ("dray.safe_strings", "Markup", None)

    class Sub(ss.Markup):  # type: ignore[misc, name-defined]
        pass

    sub = Sub("<b>")
    sub.extra = 1

    assert sub.__reduce_ex__(protocol)[1:] == ((Sub, "<b>"), {"extra": 1})


def test_deprecated_names_warn(ss: Any) -> None:
    """They work, and say what to use."""
    with pytest.warns(DeprecationWarning, match="use 'soft_str'"):
        assert ss.soft_unicode(5) == "5"
    with pytest.warns(DeprecationWarning, match="importlib.metadata"):
        assert ss.__version__
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        ss.nothing  # noqa: B018


def test_the_package_shows_its_names(ss: Any) -> None:
    """All of them exist and have a docstring."""
    for name in ss.__all__:
        assert inspect.getdoc(getattr(ss, name))
