"""Every published advisory of the reference, and the walls that go beyond them."""

# ruff: noqa: E501 - a template is easier to read in one line
from __future__ import annotations

import collections
import os
import tempfile
from pathlib import Path
from typing import Any

import pytest

from dray.safe_strings import Markup
from dray.templating import DictLoader, Environment, FileSystemLoader, TemplateNotFound, TemplateRuntimeError
from dray.templating._sandbox_attributes import MUTATOR_NAMES, modifies_known_mutable
from dray.templating.bccache import FileSystemBytecodeCache
from dray.templating.exceptions import SecurityError
from dray.templating.sandbox import ImmutableSandboxedEnvironment, RangeBudgetError, SandboxedEnvironment
from dray.templating.utils import urlize


def render(source: str, environment: Environment | None = None, **variables: Any) -> str:
    return (environment or SandboxedEnvironment()).from_string(source).render(**variables)


# -- bytecode caches


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="folders have no owners on this platform")
class TestCacheFolder:
    """CVE-2014-1402 and CVE-2014-0012: the default folder belongs to the user alone, or is refused."""

    @pytest.fixture
    def folder(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
        return tmp_path / f"_dray-cache-{os.getuid()}"

    def test_is_private(self, folder: Path) -> None:
        """It is made with mode 0700 and the user's number in its name."""
        cache = FileSystemBytecodeCache()

        assert str(folder) == cache.directory
        assert 0o700 == folder.stat().st_mode & 0o777

    def test_open_folder_is_refused(self, folder: Path) -> None:
        """One that others may write to is refused."""
        folder.mkdir()
        folder.chmod(0o777)

        with pytest.raises(RuntimeError, match="not safe"):
            FileSystemBytecodeCache()

    def test_link_is_refused(self, folder: Path, tmp_path: Path) -> None:
        """A link in its place is refused."""
        (tmp_path / "elsewhere").mkdir(mode=0o700)
        folder.symlink_to(tmp_path / "elsewhere")

        with pytest.raises(RuntimeError, match="not safe"):
            FileSystemBytecodeCache()

    def test_foreign_folder_is_refused(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """One that belongs to somebody else is refused."""
        folder.mkdir(mode=0o700)
        real = os.lstat(folder)
        foreign = os.stat_result((real.st_mode, 0, 0, 1, real.st_uid + 1, 0, 0, 0, 0, 0))
        monkeypatch.setattr(os, "lstat", lambda path: foreign)

        with pytest.raises(RuntimeError, match="not safe"):
            FileSystemBytecodeCache()


# -- the sandbox

ESCAPES = [
    pytest.param("{{ 'a{x.__class__}b'.format(x=42) }}", "ab", id="CVE-2016-10745"),
    pytest.param("{{ 'a{x.__class__.mro}b'.format(x=42) }}", SecurityError, id="CVE-2016-10745-mro"),
    pytest.param("{{ 'a{x.__class__}b'.format_map({'x': 42}) }}", "ab", id="CVE-2019-10906"),
    pytest.param("{{ ('a{x.__class__}b'|safe).format_map({'x': 42}) }}", "ab", id="CVE-2019-10906-markup"),
    pytest.param("{{ ('a{x.__class__.mro}b'|safe).format(x=42) }}", SecurityError, id="CVE-2019-10906-markup-mro"),
    pytest.param("{{ 'a{x.__class__}b'.format|run(x=42) }}", "ab", id="CVE-2024-56326"),
    pytest.param("{% set f = 'a{x.__class__.mro}b'.format %}{{ f(x=42) }}", SecurityError, id="CVE-2024-56326-set"),
    pytest.param("{{ ('a{x.__class__}b'|attr('format'))(x=42) }}", "ab", id="CVE-2025-27516"),
    pytest.param("{{ 42|attr('__class__') }}", "", id="CVE-2025-27516-attr"),
    pytest.param("{{ (42|attr('__class__')).mro() }}", SecurityError, id="CVE-2025-27516-mro"),
    pytest.param("{{ ['{0.__class__.mro}']|map('run', 1)|list }}", SecurityError, id="through-map"),
    pytest.param("{{ [1]|map(attribute='__class__')|first }}", "", id="map-attribute"),
    pytest.param("{{ [1]|map('attr', '__class__')|first }}", "", id="map-attr"),
    pytest.param("{{ ([1]|map('attr', '__class__')|first).mro() }}", SecurityError, id="map-attr-use"),
    pytest.param("{{ [1]|sort(attribute='__class__.__mro__') }}", SecurityError, id="sort-attribute"),
    pytest.param("{{ [1]|groupby('__class__.__mro__') }}", SecurityError, id="groupby-attribute"),
    pytest.param("{{ unbound('{0.__class__.mro}', 1) }}", SecurityError, id="unbound-str-format"),
    pytest.param("{{ unbound_map('{x.__class__.mro}', {'x': 1}) }}", SecurityError, id="unbound-format_map"),
    pytest.param("{{ unbound_markup('{0.__class__.mro}'|safe, 1) }}", SecurityError, id="unbound-markup-format"),
    pytest.param("{{ partial_format('{0.__class__.mro}', 1) }}", SecurityError, id="partial-of-format"),
    pytest.param("{{ str.format('{0.__class__.mro}', 1) }}", SecurityError, id="type-object"),
    pytest.param("{{ str.__subclasses__() }}", SecurityError, id="type-subclasses"),
    pytest.param("{{ str.mro() }}", SecurityError, id="type-mro"),
    pytest.param("{{ function.__globals__.x }}", SecurityError, id="function-globals"),
    pytest.param("{{ function.__code__.co_code }}", SecurityError, id="function-code"),
    pytest.param("{{ generator.gi_frame.f_globals }}", SecurityError, id="generator-frame"),
    pytest.param("{{ frame.f_globals.x }}", SecurityError, id="frame"),
    pytest.param("{{ person._secret }}", "", id="underscore"),
    pytest.param("{{ person['_secret'] }}", "", id="underscore-item"),
    pytest.param("{{ person.unsafe() }}", SecurityError, id="unsafe"),
    pytest.param("{{ person.alters() }}", SecurityError, id="alters_data"),
    pytest.param("{{ cycler.__init__.__globals__.os }}", SecurityError, id="global-function"),
    pytest.param("{{ self.__init__.__globals__.x }}", SecurityError, id="self"),
    pytest.param("{{ loop.__class__.x }}", SecurityError, id="loop"),
    pytest.param("{% for x in [1] %}{{ loop.__init__.__globals__ }}{% endfor %}", SecurityError, id="loop-attribute"),
    pytest.param("{% for x in [1] %}{{ loop._iterator }}{{ x.__class__ }}{% endfor %}", "", id="loop-inline"),
    pytest.param("{% macro m() %}{% endmacro %}{{ m._write }}{{ m.__call__ }}{{ m._spec }}", "", id="macro"),
    pytest.param("{{ '%s'|format(1) }}{{ '{}'.format(1) }}{{ '{a[b]}'.format(a={'b': 2}) }}", "112", id="harmless"),
]


class Person:
    _secret = "secret"

    def unsafe(self) -> str:
        return "called"

    unsafe.unsafe_callable = True  # type: ignore[attr-defined]

    def alters(self) -> str:
        return "called"

    alters.alters_data = True  # type: ignore[attr-defined]


@pytest.mark.parametrize("mode", ["render", "generate"])
@pytest.mark.parametrize(("source", "expected"), ESCAPES)
def test_escape(source: str, expected: Any, mode: str) -> None:
    """No way to the inside of Python: the attribute is undefined, and its use a security error."""
    import functools
    import sys

    environment = SandboxedEnvironment()
    environment.filters["run"] = lambda function, *args, **kwargs: (
        function(*args, **kwargs) if callable(function) else environment.call_filter("format_it", function, args)
    )
    environment.filters["format_it"] = lambda text, *args: environment.wrap_str_format(text.format)(*args)
    variables = {
        "unbound": str.format, "unbound_map": str.format_map, "unbound_markup": Markup.format, "str": str,
        "partial_format": functools.partial(str.format), "function": render, "generator": (i for i in ()),
        "frame": sys._getframe(), "person": Person(),
    }  # fmt: skip
    template = environment.from_string(source)

    def run() -> str:
        return template.render(variables) if mode == "render" else "".join(template.generate(variables))

    if isinstance(expected, str):
        assert expected == run()
    else:
        with pytest.raises(expected):
            run()


MUTABLES = [
    [], {}, set(), bytearray(), collections.deque(), collections.OrderedDict(), collections.defaultdict(list),
    collections.Counter(), collections.UserList(), collections.UserDict(), collections.ChainMap({}),
]  # fmt: skip


@pytest.mark.parametrize("value", MUTABLES, ids=lambda value: type(value).__name__)
def test_every_mutator_is_known(value: Any) -> None:
    """Whatever the running Python's collections can do to change themselves is a mutator, found by trying."""
    import copy

    calls = [(), (0,), ("x",), ([1],), (0, 1), ({"x": 1},)]
    for name in [name for name in dir(value) if not name.startswith("_")]:
        for args in calls:
            for start in (value, _filled(value)):
                changed = copy.copy(start)
                try:
                    getattr(changed, name)(*args)
                except Exception:
                    continue
                if changed != start or repr(changed) != repr(start):
                    assert modifies_known_mutable(value, name), f"{type(value).__name__}.{name} changes it"
                    assert name in MUTATOR_NAMES


def _filled(value: Any) -> Any:
    """Return a collection of the same type with something in it."""
    kind = type(value)
    if kind is collections.defaultdict:
        return collections.defaultdict(list, {"x": [1], "y": [2]})
    if isinstance(value, (dict, collections.UserDict)):
        return kind({"x": 1, "y": 2})
    if isinstance(value, collections.ChainMap):
        return collections.ChainMap({"x": 1, "y": 2})
    return kind([2, 1])


@pytest.mark.parametrize(
    "source",
    [
        "{{ [1].pop() }}", "{{ {}.clear() }}", "{{ ([1]|attr('append'))(2) }}", "{{ values.append(1) }}",
        "{{ append(values, 1) }}", "{{ update(mapping, {'x': 1}) }}", "{{ [values]|map('attr', 'append')|map('run')|list }}",
        "{{ deque.appendleft(1) }}", "{{ user.add(1) }}", "{{ bound(1) }}",
    ],
)  # fmt: skip
def test_immutable(source: str) -> None:
    """The immutable sandbox lets nothing change a collection, by whatever way the method comes."""
    environment = ImmutableSandboxedEnvironment()
    environment.filters["run"] = lambda function: environment.call(None, function, 2)  # type: ignore[arg-type]
    values: list[int] = []
    user: set[int] = set()
    mapping: dict[str, int] = {}
    deque: collections.deque[int] = collections.deque()

    with pytest.raises(SecurityError):
        render(
            source, environment, values=values, append=list.append, update=dict.update, mapping=mapping,
            deque=deque, user=user, bound=values.append,
        )  # fmt: skip
    assert not (values or user or mapping or deque)


BUDGETS = [
    ("max_output", {"max_output": 1000}, "{% for i in range(1000) %}{{ '0123456789' }}{% endfor %}"),
    ("max_output", {"max_output": 1000}, "{{ 'x' * 2000 }}"),
    ("max_output", {"max_output": 1000}, "{% macro m() %}{{ 'x' * 100 }}{% endmacro %}{% for i in range(99) %}{{ m() }}{% endfor %}"),
    ("max_loop_steps", {"max_loop_steps": 500}, "{% for i in range(30) %}{% for j in range(30) %}{% endfor %}{% endfor %}"),
    ("max_loop_steps", {"max_loop_steps": 500}, "{% for i in range(600) %}{{ loop.index }}{% endfor %}"),
    ("max_loop_steps", {"max_loop_steps": 500}, "{% macro m() %}{% for i in range(50) %}{% endfor %}{% endmacro %}"
     "{% for i in range(20) %}{{ m() }}{% endfor %}"),
    ("max_recursion", {}, "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}"),
    ("max_recursion", {}, "{% include 'circle' %}"),
    ("max_range", {}, "{{ range(1000000)|length }}"),
    ("max_range", {"max_range": 10}, "{{ range(11)|length }}"),
    ("max_size", {}, "{{ 'x' * 10000000 }}"),
    ("max_size", {}, "{{ [0] * n }}"),
    ("max_size", {}, "{{ 10 ** n }}"),
    ("max_size", {}, "{{ n ** n ** n }}"),
    ("max_size", {}, "{{ '%10000000d' % 1 }}"),
    ("max_size", {}, "{{ '%*d' % (n, 1) }}"),
    ("max_size", {}, "{{ '{:10000000}'.format(1) }}"),
    ("max_size", {}, "{{ '{:{w}}'.format(1, w=n) }}"),
    ("max_size", {}, "{{ 'x'.center(n) }}{{ 'x'.ljust(n) }}"),
    ("max_size", {}, "{{ ('x' * 1000).replace('x', 'x' * 10000) }}"),
    ("max_size", {}, "{{ 'x'|center(n) }}"),
    ("max_size", {}, "{{ 'x'|indent(n) }}"),
    ("max_size", {}, "{{ [1]|batch(n, 'x')|list }}"),
    ("max_size", {}, "{{ '%10000000d'|format(1) }}"),
    ("max_size", {}, "{{ ['x']|map('center', n)|list }}"),
    ("max_size", {}, "{% set ns = namespace(x='x' * 1000) %}{% for i in range(60) %}{% set ns.x = ns.x + ns.x %}{% endfor %}"),
    ("max_size", {}, "{% set ns = namespace(x='x' * 1000) %}{% for i in range(60) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}"),
    ("max_size", {}, "{{ lipsum(n=100000) }}"),
]  # fmt: skip


@pytest.mark.parametrize(("budget", "limits", "source"), BUDGETS)
def test_budget(budget: str, limits: dict[str, int], source: str) -> None:
    """Each budget has a safe default, and its error is a security error that names it."""
    environment = SandboxedEnvironment(loader=DictLoader({"circle": "{% include 'circle' %}"}), **limits)

    with pytest.raises(SecurityError, match=budget):
        render(source, environment, n=10_000_000)


def test_budget_of_a_stream() -> None:
    """A stream has one budget for all of its pieces, and leaves nothing behind between them."""
    from dray.templating._sandbox_budgets import active

    environment = SandboxedEnvironment(max_output=100)
    pieces = environment.from_string("{% for i in range(1000) %}{{ 'x' * 10 }}{% endfor %}").generate()
    first = next(pieces)

    assert "x" * 10 == first
    assert active.get() is None
    with pytest.raises(SecurityError, match="max_output"):
        list(pieces)
    assert active.get() is None


def test_range_error_is_an_overflow_error() -> None:
    """Code that catches the reference's OverflowError goes on to work."""
    with pytest.raises(OverflowError):
        render("{{ range(1000000)|length }}")
    assert issubclass(RangeBudgetError, SecurityError)


# -- output and names


@pytest.mark.parametrize(
    "key", ["src=1 onerror", "a\tb", "a\nb", "a\fb", "a/onx", "a>b", "a=b", "a b", "a\rb"],
)  # fmt: skip
def test_xmlattr_names(key: str) -> None:
    """CVE-2024-22195 and CVE-2024-34064: a name that would end early is refused."""
    with pytest.raises(ValueError, match="Invalid character in attribute name"):
        render("{{ {key: 1}|xmlattr }}", Environment(), key=key)


def test_tojson_in_script() -> None:
    """JSON may stand inside of a script element."""
    assert r'"\u003c/script\u003e\u0027\u0026"' == render('{{ "</script>\'&"|tojson }}', Environment())


@pytest.mark.parametrize(
    "source",
    ["{% import 'm' as m %}{{ m.nope.x }}", "{% from 'm' import nope %}{{ nope.x }}", "{% block a %}{{ super() }}{% endblock %}",
     "{% extends 'r' %}", "{{ (1 if no).x }}"],
)  # fmt: skip
def test_template_name_is_text(source: str) -> None:
    """CVE-2024-56201: a template's name is never evaluated, whatever error it stands in."""
    name = 'x{__import__("os").environ}'
    pages = {name: source, "m": "", "r": "{% block must required %}{% endblock %}"}

    with pytest.raises(TemplateRuntimeError) as caught:
        Environment(loader=DictLoader(pages)).get_template(name).render()
    assert "PATH" not in str(caught.value)


NAMES = ["../secret", "a/../../secret", "..", "/etc/passwd/../../x/..", "a\0b", "\0"]


@pytest.mark.parametrize("name", NAMES)
def test_names_stay_in_their_root(name: str, tmp_path: Path) -> None:
    """No name leads out of a loader's folder."""
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "root").mkdir()
    environment = Environment(loader=FileSystemLoader(tmp_path / "root"))

    with pytest.raises(TemplateNotFound):
        environment.get_template(name)


@pytest.mark.parametrize(
    "text", ["a@" + "." * 50000, "(" * 50000 + "http://x.y" + ")" * 50000, "www." * 20000, "http://" * 20000],
    ids=["mail", "brackets", "www", "schemes"],
)  # fmt: skip
def test_urlize_hostile(text: str) -> None:
    """CVE-2020-28493: hostile text comes back, with nothing lost."""
    assert len(text) <= len(urlize(text))
