"""The command line: check, render, compile."""

# ruff: noqa: E501 - a template is easier to read in one line
from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from dray.templating import Environment, ModuleLoader
from dray.templating.__main__ import main
from dray.templating._arguments import parser

PAGES = {
    "base.html": "{% block body %}{% endblock %}{{ title }}",
    "good.html": "{% extends 'base.html' %}{% block body %}{{ name|upper }}{% endblock %}",
    "syntax.html": "one\n  {% if %}",
    "names.html": "{{ a|nope }}\n{% if a is nada %}{{ missing }}{% endif %}",
    "lost.html": "{% for i in [1] %}{% set total = i %}{% endfor %}{{ total }}",
    "block.html": "{% extends 'base.html' %}\n{% block boddy %}{% endblock %}",
    "link.html": "{% include 'gone.html' %}{% include 'gone.html' ignore missing %}",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in PAGES.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def test_check_finds(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each problem comes with file, line, column and its kind; a known name isn't one."""
    status = main(["check", str(folder), "--define", "title", "--define", "name", "--define", "a", "--define", "total"])
    found = [line.removeprefix(str(folder) + "/") for line in capsys.readouterr().out.splitlines()]

    assert 1 == status
    assert [
        ("block.html:2:4", "unused-block"), ("link.html:1:4", "missing-template"), ("lost.html:1:22", "lost-assignment"),
        ("names.html:1:4", "unknown-filter"), ("names.html:2:7", "unknown-test"), ("names.html:2:22", "undefined-name"),
        ("syntax.html:2:9", "syntax"),
    ] == [(line.split(": ")[0], line.rsplit("[", 1)[1][:-1]) for line in found]  # fmt: skip


def test_check_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same for programs."""
    (folder / "context.json").write_text('{"a": 1}')
    main(["check", str(folder), "--ext", "html", "--format", "json", "--context", str(folder / "context.json")])
    found = json.loads(capsys.readouterr().out)

    assert {"template", "path", "line", "column", "code", "message", "severity"} == set(found[0])
    assert {"error", "warning"} == {problem["severity"] for problem in found}


def test_check_clean(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing to say is exit status 0; a warning is one only when asked."""
    (tmp_path / "a.html").write_text(PAGES["base.html"])
    assert 0 == main(["check", str(tmp_path)])
    (tmp_path / "b.html").write_text(PAGES["lost.html"])
    assert 0 == main(["check", str(tmp_path)])
    assert 1 == main(["check", str(tmp_path), "--strict"])
    assert "lost-assignment" in capsys.readouterr().out


def test_render(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Variables come from JSON and from the command line; escaping is on for HTML."""
    (folder / "context.json").write_text('{"title": "<T>"}')

    assert 0 == main(
        ["render", str(folder / "good.html"), "--context", str(folder / "context.json"), "--define", "name=eve"]
    )
    assert "EVE&lt;T&gt;\n" == capsys.readouterr().out


def test_render_error(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An error is one line and a caret, not a traceback."""
    assert 1 == main(["render", str(folder / "syntax.html")])
    assert "line 2, column 9" in capsys.readouterr().err
    assert 1 == main(["render", str(folder / "good.html"), "--strict"])
    assert "'name' is undefined\nin template good.html, line 1" in capsys.readouterr().err


def test_render_breaks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever a template raises is shown with its place, and no file is touched."""
    (tmp_path / "zero.txt").write_text("one\n{{ 1 // x }}")
    (tmp_path / "out.txt").write_text("as it was")
    (tmp_path / "x.json").write_text('{"x": 0}')
    arguments = ["--context", str(tmp_path / "x.json"), "--output", str(tmp_path / "out.txt")]

    assert 1 == main(["render", str(tmp_path / "zero.txt"), *arguments])
    assert capsys.readouterr().err.startswith("error: ZeroDivisionError: ")
    assert "as it was" == (tmp_path / "out.txt").read_text()


def test_render_translations(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody supplies translations here, so texts are shown as they are."""
    source = "{% trans n=2 %}{{ n }} cup{% pluralize %}{{ n }} cups{% endtrans %} {{ _('Hello %(who)s', who='Ann') }}"
    (tmp_path / "cups.txt").write_text(source)

    assert 0 == main(["render", str(tmp_path / "cups.txt"), "--extension", "i18n"])
    assert "2 cups Hello Ann\n" == capsys.readouterr().out


def test_render_folder(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """With a folder the template is a name; variables may come from standard input."""
    monkeypatch.setattr("sys.stdin", io.StringIO('{"name": "eve", "title": "t"}'))

    assert 0 == main(["render", "good.html", "--folder", str(folder), "--context", "-"])
    assert "EVEt\n" == capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["check", "nowhere"], "there is no folder 'nowhere'"),
        (["check", "good.html"], "'good.html' is a file, a folder is needed"),
        (["compile", "nowhere", "out"], "there is no folder 'nowhere'"),
        (["compile", "good.html", "out"], "'good.html' is a file, a folder is needed"),
        (["compile", ".", "good.html"], "can't write 'good.html': "),
        (["compile", ".", "nowhere/out.zip", "--ext", "txt"], "can't write 'nowhere/out.zip': "),
        (["render", "nowhere.html"], "'nowhere.html' doesn't exist"),
        (["render", "."], "'.' is a folder, a template is needed"),
        (["render", "nowhere.html", "--folder", "."], "'nowhere.html' not found in search path: '.'"),
        (["render", "good.html", "--folder", "nowhere"], "there is no folder 'nowhere'"),
        (["render", "../x/good.html", "--folder", "."], "there is no template '../x/good.html'"),
        (["render", "base.html", "--output", "nowhere/out"], "can't write nowhere/out: No such file or directory"),
        (
            ["check", ".", "--extension", "loopcontrol"],
            "there is no extension 'loopcontrol'; did you mean 'loopcontrols'?",
        ),
        (["check", ".", "--extension", "do,nix"], "Those that come along are debug, do, i18n, include_arguments, "),
        (
            ["check", ".", "--extension", "json.nothing"],
            "the extension 'json.nothing' can't be imported: AttributeError",
        ),
        (
            ["check", ".", "--extension", "no.such.thing"],
            "the extension 'no.such.thing' can't be imported: ModuleNotFoundError",
        ),
        (["check", ".", "--extension", "json:JSONDecoder"], "'json:JSONDecoder' is no extension: a class is needed"),
        (["check", ".", "--extension", ".x"], "the extension '.x' can't be imported"),
        (
            ["check", ".", "--context", "nowhere.json"],
            "nowhere.json: the file can't be read: No such file or directory",
        ),
        (["check", ".", "--context", "good.html"], "good.html:1:2: this is no JSON: "),
        (["render", "base.html", "--context", "latin.json"], "latin.json: the file is not UTF-8 text: byte 7 is 0xE9"),
        (
            ["render", "base.html", "--context", "list.json"],
            "list.json: a JSON object is needed, whose keys are the variables; this is an array",
        ),
        (["render", "base.html", "--context", "deep.json"], "deep.json: "),
        (["render", "base.html", "--define", "name"], "--define 'name': expected NAME=TEXT"),
        (["check"], "a folder is needed, or an --environment that has a loader"),
        (
            ["check", "--environment", "no.such:thing"],
            "the environment 'no.such:thing' can't be imported: ModuleNotFound",
        ),
        (["check", "--environment", "json:a.b"], "the environment 'json:a.b' can't be imported: AttributeError"),
        (["check", "--environment", "json:JSONDecoder"], "'json:JSONDecoder' is a type, an Environment is needed"),
        (["check", "--environment", "json:dumps"], "the environment 'json:dumps' can't be imported: TypeError"),
        (
            ["check", ".", "--environment", "json:x", "--extension", "do"],
            "--environment has settings and extensions of",
        ),
        (["check", ".", "--define", "a b"], "--define 'a b': expected NAME or NAME=TEXT"),
    ],
)
def test_wrong_use(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    message: str,
) -> None:
    """A command that can't be done says why, and exits with 2."""
    monkeypatch.chdir(folder)
    Path("latin.json").write_bytes(b'{"a": "\xe9"}')
    Path("list.json").write_text("[]")
    Path("deep.json").write_text("[" * 100_000)

    assert 2 == main(arguments)
    shown = capsys.readouterr()
    assert "" == shown.out
    assert f"error: {message}" in shown.err or message in shown.err.partition("\n")[2]


@pytest.mark.parametrize(
    "arguments", [[], ["inspect", "."], ["compile"], ["check", ".", "--nope"], ["render", "a", "--str"]]
)
def test_wrong_arguments(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Arguments that don't exist are the argument parser's errors, with 2 as well."""
    with pytest.raises(SystemExit, match="2"):
        main(arguments)
    assert "error: " in capsys.readouterr().err


@pytest.mark.parametrize("command", [None, "check", "render", "compile"])
def test_help(command: str | None, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The help explains every argument and the exit status, in 80 columns of ASCII."""
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit, match="0"):
        main([*([command] if command else []), "--help"])
    text = capsys.readouterr().out

    assert text.isascii() and max(map(len, text.splitlines())) < 80
    assert "exit status:" in text and "-h, --help" in text


def test_help_is_complete() -> None:
    """No argument is without an explanation."""
    (commands,) = (
        action for action in parser(dict.fromkeys(("check", "render", "compile"), len))._actions if action.choices
    )  # type: ignore[arg-type]
    actions = [action for command in commands.choices.values() for action in command._actions]  # type: ignore[union-attr]

    assert 20 < len(actions)
    assert [] == [action.dest for action in actions if not action.help]


def test_unreadable(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that can't be read is reported by its name, and the others are seen to."""
    for name in PAGES:
        if name not in {"good.html", "base.html"}:
            (folder / name).unlink()
    (folder / "a_latin.html").write_bytes(b"caf\xe9")
    (folder / "b_link.html").symlink_to("nowhere")
    (folder / "c_syntax.html").write_text("{% if %}")

    assert 1 == main(["check", str(folder)])
    found = [line.removeprefix(str(folder) + "/") for line in capsys.readouterr().out.splitlines()]
    assert "a_latin.html:1:1: error: the file is not UTF-8 text: byte 3 is 0xE9 [unreadable]" == found[0]
    assert ["b_link.html:1:1", "c_syntax.html:1:7"] == [line.split(": ")[0] for line in found[1:]]

    assert 1 == main(["compile", str(folder), str(folder.parent / "out"), "--quiet"])
    shown = capsys.readouterr().err
    assert f"error: {folder}/a_latin.html: the file is not UTF-8 text: byte 3 is 0xE9\n" in shown
    assert "b_link.html" in shown and "line 1, column 7" in shown
    environment = Environment(loader=ModuleLoader(folder.parent / "out"))
    assert "EVEt" == environment.get_template("good.html").render(name="eve", title="t")
    assert 1 == main(["render", str(folder / "a_latin.html")])
    assert "a_latin.html: the file is not UTF-8 text" in capsys.readouterr().err


def test_reader_that_leaves(folder: Path) -> None:
    """A reader that has seen enough, such as ``head``, is no error to speak of."""
    (folder / "long.txt").write_text("{{ 'x' * 10000000 }}")
    command = [sys.executable, "-m", "dray.templating", "render", str(folder / "long.txt")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.read(1)
        process.stdout.close()
        assert b"" == process.stderr.read()


@pytest.mark.parametrize("target", ["out", "out.zip"])
def test_compile(folder: Path, tmp_path: Path, target: str) -> None:
    """The modules render what the templates would."""
    for name in PAGES:
        if name not in {"good.html", "base.html"}:
            (folder / name).unlink()
    assert 0 == main(["compile", str(folder), str(tmp_path / target), "--ext", "html", "--quiet"])

    environment = Environment(loader=ModuleLoader(tmp_path / target))
    assert "EVEt" == environment.get_template("good.html").render(name="eve", title="t")


def test_compile_words_of_python(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What Python's grammar can't spell works in modules too, and what Python refuses is found before it is written."""
    (tmp_path / "in").mkdir()
    source = "{% macro m(class, if=2) %}{{ class }}{{ if }}{% endmacro %}{{ m(class=1) }}{{ f(lambda=3, **{'x': 4}) }}"
    (tmp_path / "in" / "good").write_text(source + "{{ a[1:2, 3] }}{{ a[1:] }}")
    (tmp_path / "in" / "bad").write_text("one\n{{ f(a=1, a=2) }}")

    assert 1 == main(["compile", str(tmp_path / "in"), str(tmp_path / "out"), "--quiet"])
    assert "in/bad: keyword argument repeated: a" in capsys.readouterr().err
    assert 1 == len(list((tmp_path / "out").iterdir()))

    class Slices:
        def __getitem__(self, key: object) -> object:
            return key

    environment = Environment(loader=ModuleLoader(tmp_path / "out"))
    expected = "12{'lambda': 3, 'x': 4}(slice(1, 2, None), 3)slice(1, None, None)"
    assert expected == environment.get_template("good").render(f=lambda **given: given, a=Slices())


PROGRAM = """
from dray.templating import DictLoader, Environment, FileSystemLoader, FunctionLoader
class Site:
    environment = Environment(loader=FileSystemLoader("pages"), extensions=["dray.templating.ext.i18n"])
    environment.filters["money"] = lambda value: f"{value:.2f} EUR"
    environment.globals["site"] = "Dray"
bare = Environment()
class App:
    jinja_env = Site.environment
def create_app():
    return App()
silent = Environment(loader=FunctionLoader(str))
"""


def test_own_environment(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A program's environment brings its filters, globals and extensions, and its loader unless folders are given."""
    for name, text in {
        "pages/cart.txt": "{{ site }}: {% trans %}sum{% endtrans %} {{ sum|money }}{{ nothing }}",
        "more/other.txt": "{% include 'cart.txt' %}{{ sum|mony }}", "dray_test_program.py": PROGRAM,
    }.items():  # fmt: skip
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    own = ["--environment", "dray_test_program:Site.environment"]

    assert 0 == main(["check", *own, "--define", "sum", "--define", "nothing=x"])
    for path in ("App", "create_app"):
        assert 0 == main(
            ["check", "--environment", f"dray_test_program:{path}", "--define", "sum", "--define", "nothing"]
        )
    assert 1 == main(["check", *own, "more", "pages"])
    path = str(Path("more") / "other.txt")
    assert capsys.readouterr().out.startswith(
        f"{path}:1:28: error: there is no filter named 'mony'; did you mean 'money'?"
    )
    (tmp_path / "vars.json").write_text('{"sum": 3}')
    assert 0 == main(["render", "cart.txt", *own, "--context", "vars.json"])
    assert "Dray: sum 3.00 EUR\n" == capsys.readouterr().out
    assert 1 == main(["render", "cart.txt", *own, "--context", "vars.json", "--strict"])
    assert 0 == main(["render", "cart.txt", *own, "--context", "vars.json"])
    assert 2 == main(["check", "--environment", "dray_test_program:bare"])
    assert 2 == main(["check", "--environment", "dray_test_program:silent"])
    assert "error: this loader" in capsys.readouterr().err


def test_several_folders(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    """Folders are searched in their order, and problems name the file that was read."""
    over = tmp_path_factory.mktemp("over")
    (over / "syntax.html").write_text("fine")
    (over / "names.html").write_text("{% include 'block.html' %}")
    (over / "latin.html").write_bytes(b"\xff")

    main(["check", str(over), str(folder)])
    found = [line.split(": ")[0] for line in capsys.readouterr().out.splitlines()]
    assert [
        f"{folder}/block.html:2:4",
        f"{over}/latin.html:1:1",
        f"{folder}/link.html:1:4",
        f"{folder}/lost.html:1:22",
    ] == found
    assert 0 == main(["render", "good.html", "--folder", str(over), "--folder", str(folder)])
