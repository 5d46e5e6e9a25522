"""Completion in the real shells: a program is completed by pressing the tab key, and then runs."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest

pexpect = pytest.importorskip("pexpect", reason="pip install pexpect")

PROGRAM = """\
import sys
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

@nested.command()
@cli.option("--deep-option")
def inner(deep_option):
    cli.echo(f"RAN inner {deep_option} END")

prog(prog_name="prog")
"""
INSTALL = {shell: f"apt-get install {shell}" for shell in ("bash", "zsh", "fish")}
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


def start(shell, folder):
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
    child.sendline(LOAD[shell])
    child.expect(">> ")
    return child


CASES = [
    ("prog cop\t alpha", "kind=alpha mode=None rest=() target=None"),
    ("prog copy al\t", "kind=alpha"),
    ("prog copy --mo\t slow beta", "kind=beta mode=slow"),
    ("prog copy --mode sl\t beta", "kind=beta mode=slow"),
    ("prog copy --mode=sl\t beta", "kind=beta mode=slow"),
    ("prog copy --target unique_f\t beta", "target=unique_file.txt"),
    ("prog nes\tinn\t--dee\t7", "inner 7"),
]


@pytest.mark.parametrize("shell", INSTALL)
def test_completion(shell, folder):
    """Commands, choices, options, values after ``=``, files and nested commands are completed."""
    child = start(shell, folder)
    for typed, expected in CASES:
        for piece in typed.split("\t")[:-1]:
            child.send(piece + "\t")
            # A program answers each tab key; what is typed meanwhile would be part of the question.
            child.expect(r"[\s\S]+", timeout=5)
            _settle(child)
        child.sendline(typed.split("\t")[-1])
        child.expect(r"RAN (.*) END")

        assert expected in child.match.group(1), (shell, typed)
        child.expect(">> ")
    child.close(force=True)


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
    source = subprocess.run(
        [str(folder / "prog")], env={"_PROG_COMPLETE": f"{shell}_source"}, capture_output=True, text=True, check=True
    ).stdout
    (folder / "script").write_text(source)

    subprocess.run([shell, "-n", str(folder / "script")], check=True)


@pytest.mark.parametrize(("shell", "program"), [("powershell", "pwsh"), ("nushell", "nu")])
def test_other_shells(shell, program, folder):
    """PowerShell and Nushell read their scripts without an error."""
    if shutil.which(program) is None:
        pytest.skip(f"install {program}: Debian has no package of it")
    source = subprocess.run(
        [str(folder / "prog")], env={"_PROG_COMPLETE": f"{shell}_source"}, capture_output=True, text=True, check=True
    ).stdout

    subprocess.run([program, "-c", source], check=True)
