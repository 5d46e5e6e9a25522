"""Completion in the real shells: a program is completed by pressing the tab key, and then runs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys

import pytest

pexpect = pytest.importorskip("pexpect", reason="pip install pexpect")

PROGRAM = """\
import os
import dray.cli_kit as cli

@cli.group()
def prog():
    pass

@prog.command(help="Copy files: fast")
@cli.option("--mode", type=cli.Choice(["slow", "fast one"]))
@cli.option("--target", type=cli.Path())
@cli.option("--folder", type=cli.Path(file_okay=False))
@cli.argument("kind", type=cli.Choice(["alpha", "beta"]))
@cli.argument("rest", nargs=-1)
def copy(**values):
    cli.echo("RAN " + " ".join(f"{k}={v}" for k, v in sorted(values.items())) + " END")

@prog.group()
def nested():
    pass

@nested.command(aliases=["within"])
@cli.option("--deep-option")
@cli.option("--flag", is_flag=True)
@cli.option("--known", shell_complete=lambda ctx, param, incomplete: ["ask-the-program"])
def inner(deep_option, flag, known):
    cli.echo(f"RAN inner {deep_option} {known} END")

if os.environ.get("_PROG_COMPLETE", "").endswith("_complete"):
    open(os.path.join(os.path.dirname(__file__), "asked"), "w").close()
prog(prog_name="prog")
"""
INSTALL = {shell: f"apt-get install {shell}" for shell in ("bash", "zsh", "fish")}
INSTALL["nu"] = "npm install --global nushell"
START = {
    "bash": ["--norc", "--noprofile", "-i"],
    "zsh": ["-f", "-i"],
    "fish": ["--no-config", "--interactive"],
}
LOAD = {
    "bash": 'eval "$(_PROG_COMPLETE=bash_source prog)"',
    "zsh": 'autoload -U compinit; compinit -u -D; eval "$(_PROG_COMPLETE=zsh_source prog)"',
    "fish": "_PROG_COMPLETE=fish_source prog | source",
}
PROMPT = {"bash": "PS1='>>'' '", "zsh": "PS1='>>'' '; unsetopt beep", "fish": "function fish_prompt; echo '>>'' '; end"}


@pytest.fixture
def folder(tmp_path):
    """Make a folder with the program and some files."""
    program = tmp_path / "prog"
    program.write_text(f"#!{sys.executable}\n{PROGRAM}")
    program.chmod(0o755)
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "unique_file.txt").write_text("")
    (tmp_path / "work" / "unique_dir").mkdir()
    return tmp_path


def start(shell, folder, kind="source"):
    """Start a shell with the completion of the program."""
    if shutil.which(shell) is None:
        pytest.skip(INSTALL[shell])
    environment = {
        "PATH": f"{folder}:/usr/local/bin:/usr/bin:/bin",
        "HOME": str(folder),
        "TERM": "dumb" if shell != "fish" else "xterm",
        "LANG": "C.UTF-8",
        "INPUTRC": "/dev/null",
    }
    child = pexpect.spawn(
        shell,
        START[shell],
        env=environment,
        cwd=str(folder / "work"),
        encoding="utf-8",
        timeout=15,
        dimensions=(40, 200),
    )
    child.sendline(PROMPT[shell])
    child.expect(">> ")
    child.sendline(LOAD[shell].replace("source prog", f"{kind} prog"))
    child.expect(">> ")
    return child


def write_script(shell, folder):
    """Write the script for a shell to a file, and return its path."""
    source = subprocess.run(
        [str(folder / "prog")], env={"_PROG_COMPLETE": f"{shell}_source"}, capture_output=True, text=True, check=True
    ).stdout
    (folder / "script").write_text(source)
    return folder / "script"


CASES = [
    ("prog cop\t alpha", "kind=alpha mode=None rest=() target=None"),
    ("prog copy al\t", "kind=alpha"),
    ("prog copy --mo\t slow beta", "kind=beta mode=slow"),
    ("prog copy --mode sl\t beta", "kind=beta mode=slow"),
    ("prog copy --mode=sl\t beta", "kind=beta mode=slow"),
    ("prog copy --target unique_f\t beta", "target=unique_file.txt"),
    ("prog nes\tinn\t--dee\t7", "inner 7 None"),
]


@pytest.mark.parametrize("shell", START)
def test_completion(shell, folder):
    """Commands, choices, options, values after ``=``, files and nested commands are completed."""
    child = start(shell, folder)
    complete(child, CASES)
    child.close(force=True)


@pytest.mark.parametrize("shell", START)
def test_static_completion(shell, folder):
    """A static script completes the same without running the program, which is asked for what only it knows."""
    child = start(shell, folder, "static")
    complete(child, CASES[1:6:2])
    complete(child, [("prog nested within --flag --dee\t7", "inner 7 None"), ("prog copy -- al\t", "kind=alpha")])
    assert not (folder / "asked").exists()
    complete(child, [("prog nested inner --known as\t", "inner None ask-the-program")])
    assert (folder / "asked").exists()
    child.close(force=True)


def complete(child, cases):
    """Type lines, with the tab key in them, and look at what the program says that it was called with."""
    for typed, expected in cases:
        for piece in typed.split("\t")[:-1]:
            child.send(piece + "\t")
            # A program answers each tab key; what is typed meanwhile would be part of the question.
            child.expect(r"[\s\S]+", timeout=5)
            _settle(child)
        child.sendline(typed.split("\t")[-1])
        child.expect(r"RAN (.*) END")

        assert expected in child.match.group(1), typed
        child.expect(">> ")


def _settle(child):
    """Read until the shell has been silent for a moment."""
    while True:
        try:
            child.read_nonblocking(4096, timeout=0.35)
        except pexpect.TIMEOUT:
            return


def test_fish_lists_help(folder):
    """fish shows the help text beside a suggestion."""
    if shutil.which("fish") is None:
        pytest.skip(INSTALL["fish"])
    script = "_PROG_COMPLETE=fish_source ../prog | source; complete --do-complete 'prog '"
    environment = {"PATH": f"{folder}:/usr/bin:/bin", "HOME": str(folder)}
    result = subprocess.run(
        ["fish", "--no-config", "-c", script],
        cwd=folder / "work",
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )

    assert result.stdout == "copy\tCopy files: fast\nnested\n"


def test_bash_quotes_values_with_spaces(folder):
    """A value with a space is one word after completion."""
    script = (
        f'PATH={folder}:$PATH; eval "$(_PROG_COMPLETE=bash_source prog)"; COMP_WORDS=(prog copy --mode fast);'
        " COMP_CWORD=3; _prog_completion prog fast; printf '%s\\n' \"${COMPREPLY[@]}\""
    )
    result = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True)

    assert result.stdout == "fast\\ one\n"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_script_is_valid(shell, folder):
    """The script passes the shell's own syntax check."""
    if shutil.which(shell) is None:
        pytest.skip(INSTALL[shell])
    write_script(shell, folder)

    subprocess.run([shell, "-n", str(folder / "script")], check=True)


class Nushell:
    """An interactive Nushell with the completion of the program."""

    def __init__(self, folder):
        if shutil.which("nu") is None:
            pytest.skip(INSTALL["nu"])
        script = write_script("nushell", folder)
        self.child = pexpect.spawn(
            shutil.which("nu"),
            ["--no-config-file", "--no-history", "--execute", f"source {script}"],
            env={"PATH": f"{folder}:/usr/bin:/bin", "HOME": str(folder), "TERM": "xterm", "LANG": "C.UTF-8"},
            cwd=str(folder / "work"),
            encoding="utf-8",
            dimensions=(40, 200),
        )
        self.read()

    def read(self, expected=None):
        """Read until the shell is silent, or until a pattern; it asks where the cursor is, as terminals know."""
        seen = ""
        for _ in range(40):
            try:
                piece = self.child.read_nonblocking(4096, timeout=0.5)
            except pexpect.TIMEOUT:
                if expected is None or re.search(expected, seen):
                    return seen
                continue
            seen += piece
            for _question in range(piece.count("\x1b[6n")):
                self.child.send("\x1b[5;1R")
        raise AssertionError(f"{expected!r} isn't in {seen!r}")


NUSHELL_CASES = [
    ("prog cop\t alpha", "kind=alpha mode=None"),
    ("prog copy --mo\t slow beta", "kind=beta mode=slow"),
    ("prog copy --mode=sl\t beta", "kind=beta mode=slow"),
    ("prog copy --mode fa\t beta", "kind=beta mode=fast one"),
    ("prog copy --mode=fa\t beta", "kind=beta mode=fast one"),
    ('prog copy --mode "fa\t beta', "kind=beta mode=fast one"),
    ("prog copy --target unique_f\t beta", "target=unique_file.txt"),
    ("prog nes\t inn\t --dee\t 7", "inner 7 None"),
]


def test_completion_in_nushell(folder):
    """The same in Nushell, which puts no space behind a suggestion; a value with a space is quoted."""
    shell = Nushell(folder)
    for typed, expected in NUSHELL_CASES:
        for piece in typed.split("\t")[:-1]:
            shell.child.send(piece)
            shell.read()
            shell.child.send("\t")
            shell.read()
        shell.child.send(typed.split("\t")[-1] + "\r")

        assert expected in shell.read("RAN .* END"), typed
    shell.child.close(force=True)


def test_nushell_asks_the_completer_there_was(folder):
    """Words of other programs go to the completer that was set before."""
    if shutil.which("nu") is None:
        pytest.skip(INSTALL["nu"])
    script = write_script("nushell", folder)
    lines = (
        "$env.config.completions.external.completer = {|spans| [$'other ($spans.1)'] }",
        f"source {script}",
        "do $env.config.completions.external.completer [ls x] | to json --raw | print",
        "do $env.config.completions.external.completer [prog copy alph] | to json --raw | print",
    )
    result = subprocess.run(
        ["nu", "--no-config-file", "-c", "; ".join(lines)],
        env={**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert result.stdout.splitlines() == ['["other x"]', '[{"value":"alpha","description":""}]']


def test_powershell_reads_the_script(folder):
    """PowerShell reads its script without an error."""
    if shutil.which("pwsh") is None:
        pytest.skip("install PowerShell: Debian has no package of it")
    script = write_script("powershell", folder)

    subprocess.run(["pwsh", "-NoProfile", "-Command", script.read_text()], check=True)
