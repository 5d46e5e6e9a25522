"""The parts of the debugger: PINs, values as HTML, the console, tracebacks."""

from __future__ import annotations

import linecache
import re
import sys
from collections import deque
from typing import Any

import pytest

from dray.wsgi_tools.debug import pin
from dray.wsgi_tools.debug.console import Console, HTMLStringO, ThreadedStream
from dray.wsgi_tools.debug.repr import DebugReprGenerator, debug_repr, dump, helper
from dray.wsgi_tools.debug.tbtools import DebugFrameSummary, DebugTraceback


def app(environ: Any, start: Any) -> Any:
    """Stand for an application."""


FILES = {
    "plain": {"/etc/machine-id": "m"},
    "docker a": {"/etc/machine-id": "m", "/proc/self/cgroup": f"12:x:/docker/{'a' * 64}"},
    "docker b": {"/etc/machine-id": "m", "/proc/self/cgroup": f"12:x:/docker/{'b' * 64}"},
    "podman a": {"/proc/self/cgroup": "0::/", "/proc/self/mountinfo": f"1 / /overlay-containers/{'c' * 64}/userdata"},
    "podman b": {"/proc/self/cgroup": "0::/", "/proc/self/mountinfo": f"1 / /overlay-containers/{'d' * 64}/userdata"},
    "empty machine-id": {"/etc/machine-id": "", "/proc/sys/kernel/random/boot_id": "boot"},
}


def test_cve_2019_14806_pins_differ_between_containers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Machines and containers (Docker, Podman), also those without a machine-id, have PINs of their own."""
    monkeypatch.delenv("WERKZEUG_DEBUG_PIN", raising=False)
    monkeypatch.setattr(pin, "_mac_id", str)
    pins = set()
    for files in FILES.values():
        monkeypatch.setattr(pin, "_read", lambda path, files=files: files.get(path, ""))
        pin.get_machine_id.cache_clear()
        pins.add(pin.get_pin_and_cookie_name(app)[0])
    assert len(pins) == len(FILES)
    monkeypatch.setattr(pin, "_read", lambda path: "")
    pin.get_machine_id.cache_clear()
    assert pin.get_machine_id() is None and pin.get_pin_and_cookie_name(app)[0]
    pin.get_machine_id.cache_clear()


@pytest.mark.parametrize(
    ("value", "expected"),
    [("off", None), ("123-456", "123-456"), ("123456789", "123-456-789"), ("1234", "1234"), ("12345678", "1234-5678")],
)
def test_pins_from_the_environment(monkeypatch: pytest.MonkeyPatch, value: str, expected: str | None) -> None:
    """A PIN of one's own is used, with dashes for reading."""
    monkeypatch.setenv("WERKZEUG_DEBUG_PIN", value)
    assert pin.get_pin_and_cookie_name(app)[0] == expected


def test_pins_are_stable(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same program on the same machine has the same PIN; the cookie is named after it."""
    monkeypatch.delenv("WERKZEUG_DEBUG_PIN", raising=False)
    first, name = pin.get_pin_and_cookie_name(app)
    assert (first, name) == pin.get_pin_and_cookie_name(app)
    assert re.fullmatch(r"\d{3}-\d{3}-\d{3}", first or "") and (name or "").startswith("__dray_debug_")
    assert first not in pin.hash_pin(first or "")


@pytest.mark.parametrize(
    ("entered", "expected"),
    [
        ("123-456", True),
        ("123456", True),
        (" 123456 ", True),
        ("tok-en", True),
        ("token", False),
        ("", False),
        ("é", False),
    ],
)
def test_logins(entered: str, expected: bool) -> None:
    """The PIN counts with or without its dashes, the token only as it is."""
    assert pin.is_login(entered, "123-456", "tok-en") is expected


def test_cookies() -> None:
    """A login holds for a week, for the PIN that it was made with."""
    value = pin.cookie_value("1", 1000)
    assert pin.is_valid_cookie(value, "1", 1000 + pin.PIN_TIME - 1)
    assert pin.is_valid_cookie(value, "1", 1000 + pin.PIN_TIME + 1) is False
    assert pin.is_valid_cookie(value, "2", 1000) is None
    for broken in ("", "x", "|", "x|y", "\u0663|" + pin.hash_pin("1"), "9" * 5000 + "|" + pin.hash_pin("1")):
        assert not pin.is_valid_cookie(broken, "1", 1000)


class Broken:
    """Something whose repr() fails."""

    def __repr__(self) -> str:
        raise ValueError("no <repr>")


class Listed(list):  # type: ignore[type-arg]
    """A list by another name."""


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1, '<span class="number">1</span>'),
        (True, '<span class="object">True</span>'),
        ("<b>", '<span class="string">&#39;&lt;b&gt;&#39;</span>'),
        ([1, "a"], '[<span class="number">1</span>, <span class="string">&#39;a&#39;</span>]'),
        ((1,), '(<span class="number">1</span>,)'),
        ({1}, 'set([<span class="number">1</span>])'),
        (deque([1]), '<span class="module">collections.</span>deque([<span class="number">1</span>])'),
        (re.compile("a<"), 're.compile(<span class="string regex">r&#39;a&lt;&#39;</span>)'),
        (helper, '<span class="help">Type help(object) for help about object.</span>'),
        (Broken(), '<span class="brokenrepr">&lt;broken repr (ValueError: no &lt;repr&gt;)&gt;</span>'),
        (Listed([1]), f'<span class="module">{__name__}.</span>Listed([<span class="number">1</span>])'),
    ],
)
def test_values_as_html(value: Any, expected: str) -> None:
    """Types are marked, everything is escaped, nothing fails."""
    assert debug_repr(value) == expected


def test_long_and_circular_values() -> None:
    """Long values are folded, circles end, and so does depth."""
    assert debug_repr("x" * 100).count('<span class="extended">') == 1 and "extended" not in debug_repr("x" * 80)
    assert debug_repr(list(range(20))).count('class="extended"') == 1
    assert debug_repr(dict.fromkeys(range(9), 1)).count('class="extended"') == 1
    circle: list[Any] = []
    circle.append(circle)
    assert debug_repr(circle) == "[[...]]"
    own: dict[str, Any] = {}
    own["x"] = own
    assert "{...}" in debug_repr(own)
    deep: list[Any] = []
    for _ in range(5000):
        deep = [deep]
    assert len(debug_repr(deep)) < 500


def test_dumps() -> None:
    """Attributes, items and variables are shown as tables with escaped names."""
    generator = DebugReprGenerator()
    assert "<th>&lt;k&gt;<td>" in generator.dump_locals({"<k>": 1}) and "Nothing" in generator.dump_locals({})
    assert "Contents of dict" in generator.dump_object({"a": 1}) and "<th>append" in generator.dump_object([1])


def test_console_commands() -> None:
    """Values, output, errors and commands of several lines come back as HTML."""
    console = Console({"x": 1}, {"y": "<"})
    assert console.eval("x + 1") == '&gt;&gt;&gt; x + 1\n<span class="number">2</span>'.replace("&gt;&gt;&gt;", ">>>")
    assert console.eval("_ * 2").endswith('<span class="number">4</span>')
    assert console.eval("print(y)") == ">>> print(y)\n&lt;\n"
    assert console.eval("def f(a):") == ">>> def f(a):\n"
    assert console.eval("  b = 0") == "...   b = 0\n"
    assert console.eval("  return a / b") == "...   return a / b\n" and console.eval("") == "... \n"
    assert "ZeroDivisionError: division by zero" in console.eval("f(1)")
    assert "SyntaxError" in console.eval(")") and "SystemExit was ignored" in console.eval("exit()")
    assert "<th>x<td>" in console.eval("dump()") and "<th>real<td>" in console.eval("dump(x)")
    assert 'class="help"' in console.eval("help()") and 'class="box help"' in console.eval("help(len)")
    assert console.eval("z = 5") == ">>> z = 5\n" and "5" in console.eval("z")
    assert "return a / b" in console.eval("f(1)")
    before = len(linecache.cache)
    for _ in range(200):
        console.eval("1")
    assert len(linecache.cache) <= before + 50
    assert sys.displayhook is not ThreadedStream.displayhook


def test_streams() -> None:
    """Text is escaped, pieces come back in order, and what isn't the console's goes to the real stream."""
    stream = HTMLStringO()
    stream.write("<a>")
    stream.writelines(["b", "<c>"])
    assert (stream.readline(), stream.readline(), stream.readline()) == ("&lt;a&gt;", "b&lt;c&gt;", "")
    assert stream.reset() == "" and not stream.isatty()
    stream.flush(), stream.seek(0), stream.close()
    proxy = ThreadedStream()
    assert repr(proxy) == repr(sys.__stdout__) and dir(proxy) == dir(sys.__stdout__)
    with pytest.raises(AttributeError, match="read only"):
        proxy.x = 1
    assert ThreadedStream.fetch() == ""


def _error(function: Any) -> BaseException:
    try:
        function()
    except BaseException as error:
        return error
    raise AssertionError("no error")


def _divide() -> float:
    number = 0
    return (1 + 1) / number


def test_frames_have_source_variables_and_the_failing_part() -> None:
    """A frame shows the lines around it, marks what failed, and knows its names."""
    frame = DebugTraceback(_error(_divide)).all_frames[-1]
    html = frame.render_html(mark_library=True)
    assert 'class="row current"' in html and ("<mark>(1 + 1) / number</mark>" in html or sys.version_info < (3, 11))
    assert "number = 0" in html and 'data-kind="own"' in html and frame.local_ns["number"] == 0
    assert not frame.is_library and frame.info is None and "0" in frame.eval("number")


def test_library_and_template_frames_are_told_apart() -> None:
    """Frames of installed code can be hidden; frames of files that aren't Python are templates."""
    import json

    frames = DebugTraceback(_error(lambda: json.loads("{"))).all_frames
    assert [frame.is_library for frame in frames][-1] and not frames[0].is_library
    template = compile("\n\nmissing", "/templates/page.html", "exec")
    frame = DebugTraceback(_error(lambda: exec(template, {}))).all_frames[-1]
    assert 'data-kind="template"' in frame.render_html(True) and "isn&#39;t available" not in frame.render_html(True)


def _hidden(how: Any) -> None:
    __traceback_hide__ = how  # noqa: F841 - tracebacks look at it
    _divide()


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        (True, ["_error", "<lambda>", "_divide"]),
        ("before", ["_hidden", "_divide"]),
        ("before_and_this", ["_divide"]),
        ("after", ["_error", "<lambda>", "_hidden"]),
        ("after_and_this", ["_error", "<lambda>"]),
        ("reset", ["_error", "<lambda>", "_hidden", "_divide"]),
        (False, ["_error", "<lambda>", "_hidden", "_divide"]),
    ],
)
def test_hidden_frames(how: Any, expected: list[str]) -> None:
    """A frame can hide itself, those before, or those after; all are there when asked for."""
    error = _error(lambda: _hidden(how))
    assert [frame.name for frame in DebugTraceback(error).all_frames] == expected
    assert len(DebugTraceback(error, hide=False, skip=1).all_frames) == 3


def test_causes_groups_and_notes() -> None:
    """Causes, members of groups and notes are all on the page and in the text, with their frames."""

    def chained() -> None:
        try:
            _divide()
        except ZeroDivisionError as error:
            raise ValueError("second") from error

    def grouped() -> None:
        error = _error(chained)
        error.add_note("a <note>")
        raise ExceptionGroup("all", [error, TypeError("other")])  # type: ignore[list-item]

    tb = DebugTraceback(_error(grouped))
    names = [frame.name for frame in tb.all_frames]
    assert names.count("_divide") == 1 and "chained" in names and "grouped" in names
    html, text = tb.render_traceback_html(), tb.render_traceback_text()
    assert "a &lt;note&gt;" in html and "a <note>" in text and "Exception 2 of 2" in html
    assert "direct cause" in DebugTraceback(_error(chained)).render_traceback_html()
    assert len(DebugTraceback(_error(chained)).all_tracebacks) == 2
    page = tb.render_debugger_html(True, "s", False)
    assert "all (2 sub-exceptions)" in page and page.count('class="frame"') == len(names)


def test_syntax_errors_and_odd_messages() -> None:
    """Errors without frames of their own, without text, or with several lines are shown."""
    html = DebugTraceback(_error(lambda: compile("(", "<x>", "exec"))).render_traceback_html()
    assert "syntax-error" in html
    for error in (ValueError(), ValueError("a\nb"), KeyError("k"), StopIteration()):
        page = DebugTraceback(error).render_debugger_html(False, "", False)
        assert f"<h1>{type(error).__name__}</h1>" in page

    class Unprintable(Exception):
        def __str__(self) -> str:
            raise RuntimeError

    assert "Unprintable" in DebugTraceback(Unprintable()).render_debugger_html(False, "", False)


def test_frames_without_source() -> None:
    """A frame whose file isn't there says so."""
    frame = DebugFrameSummary(locals={}, globals={}, filename="/not/there.py", lineno=3, name="f", lookup_line=False)
    assert "isn't available" in frame.render_html(False)


def test_dump_outside_of_a_console_fails_clearly() -> None:
    """dump() and help() are for the console."""
    with pytest.raises(AttributeError):
        dump(1)
