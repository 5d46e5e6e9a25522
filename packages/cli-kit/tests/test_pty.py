"""Behaviour at a terminal, tested in a real pseudo-terminal: prompts, secrets, keys, progress, pager, Ctrl-C, pipes."""

from __future__ import annotations

import os
import re
import select
import subprocess
import sys
import time

import pytest

pytestmark = pytest.mark.skipif(os.name == "nt", reason="there are no pseudo-terminals on Windows")

HEADER = "import sys, time\nimport dray.cli_kit as cli\n"


class Terminal:
    """A program in a pseudo-terminal.

    :param code: the program.
    """

    def __init__(self, code, env=None, args=()):
        import pty

        self.parent, child = pty.openpty()
        environment = {**os.environ, "TERM": "xterm", "COLUMNS": "80", "LINES": "24", **(env or {})}
        self.process = subprocess.Popen(
            [sys.executable, "-c", HEADER + code, *args],
            stdin=child,
            stdout=child,
            stderr=child,
            env=environment,
            start_new_session=True,
            preexec_fn=self._take_terminal,
        )
        os.close(child)
        self.seen = ""

    @staticmethod
    def _take_terminal():
        import fcntl
        import signal
        import termios

        signal.signal(signal.SIGINT, signal.SIG_DFL)  # a suite that runs in the background has it ignored
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    def send(self, text):
        """Type."""
        os.write(self.parent, text.encode())

    def interrupt(self):
        """Press Ctrl-C until it is heard: between asking and reading, an interpreter misses it."""
        for _ in range(10):
            self.send("\x03")
            ready, _, _ = select.select([self.parent], [], [], 1.0)
            while ready and "Aborted!" not in self.seen and self._read(time.monotonic() + 1):
                ready, _, _ = select.select([self.parent], [], [], 1.0)
            if "Aborted!" in self.seen or self.process.poll() is not None:
                return

    def _read(self, end):
        """Add to what was seen; return whether there may be more."""
        ready, _, _ = select.select([self.parent], [], [], max(0.0, end - time.monotonic()))
        if not ready:
            self.process.kill()
            raise AssertionError(f"nothing more came in time; seen: {self.seen!r}")
        try:
            data = os.read(self.parent, 4096)
        except OSError:
            return False
        self.seen += data.decode("utf-8", "replace")
        return bool(data)

    def expect(self, text, times=1, seconds=10.0):
        """Wait until a text is on the screen."""
        end = time.monotonic() + seconds
        while self.seen.count(text) < times:
            assert self._read(end), f"{text!r} did not come before the end; seen: {self.seen!r}"

    def expect_key(self, seconds=10.0):
        """Wait until the program waits for a key, not for a line."""
        import termios

        end = time.monotonic() + seconds
        while termios.tcgetattr(self.parent)[3] & termios.ICANON:
            assert time.monotonic() < end, f"the program doesn't wait for a key; seen: {self.seen!r}"
            time.sleep(0.01)

    def finish(self, seconds=10.0):
        """Read until the program ends; return its exit code and the whole screen."""
        end = time.monotonic() + seconds
        while self._read(end):
            pass
        os.close(self.parent)
        return self.process.wait(10), self.seen.replace("\r\n", "\n")


def command(body):
    """Write a program whose command has this body."""
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    return f"@cli.command()\ndef main():\n{lines}\nmain(prog_name='prog')\n"


def talk(code, *turns, **options):
    """Run a program: wait for each text, then type what follows it. Return exit code and screen."""
    terminal = Terminal(code, **options)
    for times, (text, typed) in enumerate(turns, 1):
        terminal.expect(text, times=sum(text == other for other, _typed in turns[:times]))
        terminal.send(typed)
    return terminal.finish()


@pytest.mark.parametrize(
    ("before", "call", "typed"),
    [
        ("import readline\n", "cli.prompt('Na\\x1b[1mme\\x1b[0m')", "abx\x7f\x7f\x7f\x7fyz\n"),
        ("", "cli.prompt('Name', err=True)", "yz\n"),
    ],
    ids=["line editing", "standard error"],
)
def test_prompt(before, call, typed):
    """A question is asked on the terminal; line editing leaves it alone, and standard error leaves the output alone."""
    code, screen = talk(before + command(f"cli.echo('got ' + {call})"), ("Na", typed))

    assert code == 0
    assert "got yz\n" in screen


def test_hidden_input_is_not_shown():
    """What is typed in secret isn't on the screen, not even after a mistake."""
    body = "cli.echo(str(cli.prompt('Pin', hide_input=True, type=int) + 1))"
    code, screen = talk(command(body), ("Pin: ", "s3cret\n"), ("Pin: ", "41\n"))

    assert code == 0
    assert "is not a valid integer." in screen
    assert "s3cret" not in screen
    assert "41" not in screen
    assert "42\n" in screen


def test_ctrl_c_aborts():
    """Ctrl-C at a prompt ends with ``Aborted!`` on a line of its own and exit code 1."""
    terminal = Terminal(command("cli.prompt('Name')"))
    terminal.expect("Name: ")
    terminal.interrupt()
    code, screen = terminal.finish()

    assert code == 1
    assert screen.endswith("Aborted!\n")
    assert "Traceback" not in screen


def test_ctrl_c_closes_resources():
    """Ctrl-C in a running command closes the context's resources first."""
    body = "cli.get_current_context().call_on_close(lambda: cli.echo('closed'))\ncli.echo('running')\ntime.sleep(20)"
    terminal = Terminal(command(body))
    terminal.expect("running")
    terminal.interrupt()
    code, screen = terminal.finish()

    assert code == 1
    assert re.search(r"closed\n.*Aborted!\n$", screen, re.DOTALL)


def test_ctrl_d_aborts():
    """The end of the input at a prompt ends the same way."""
    code, screen = talk(command("cli.prompt('Name')"), ("Name: ", "\x04"))

    assert code == 1
    assert screen.endswith("Aborted!\n")


@pytest.mark.parametrize(("typed", "key"), [("x", "'x'"), ("é", "'é'"), ("\x1b[A", r"'\x1b[A'"), ("\r", r"'\r'")])
def test_getchar(typed, key):
    """A key comes without a line break, arrows in one piece."""
    terminal = Terminal(command("cli.echo(repr(cli.getchar()))"))
    terminal.expect_key()
    terminal.send(typed)
    code, screen = terminal.finish()

    assert (code, screen) == (0, f"{key}\n")


def test_a_key_that_comes_early():
    """A key that was typed before it is waited for isn't lost."""
    body = "cli.echo('ready')\nsys.stdin.readline()\ncli.echo(repr(cli.getchar()))"
    code, screen = talk(command(body), ("ready", "\nx"))

    assert code == 0
    assert screen.endswith("'x'\n")


def test_getchar_ctrl_c():
    """Ctrl-C is no key but an interruption, and the terminal is as it was."""
    terminal = Terminal(command("cli.getchar()"))
    terminal.expect_key()
    terminal.interrupt()
    code, screen = terminal.finish()

    assert code == 1
    assert "Aborted!" in screen


def test_pause():
    """A key ends the pause."""
    code, screen = talk(command("cli.pause()\ncli.echo('on')"), ("Press any key to continue...", "q"))

    assert code == 0
    assert screen.endswith("\non\n")


def test_progress_is_redrawn():
    """The bar is drawn over itself: carriage returns, one line break at the end, the cursor hidden and shown."""
    body = "with cli.progressbar(range(4), label='Work', width=8) as bar:\n    for item in bar: time.sleep(0.01)"
    code, screen = talk(command(body))

    assert code == 0
    assert screen.count("\n") == 1
    assert screen.startswith("\r\x1b[?25lWork  [--------]    0%")
    assert "Work  [####----]   50%" in screen
    assert screen.endswith("Work  [########]  100%\x1b[?25h\n")


def test_progress_shows_cursor_after_an_error():
    """An exception in the loop leaves no hidden cursor behind."""
    body = "with cli.progressbar(range(4)) as bar:\n    for item in bar: raise cli.ClickException('bad')"
    code, screen = talk(command(body))

    assert code == 1
    assert "\x1b[?25h" in screen


def test_colors_on_a_terminal():
    """Escape sequences reach a terminal."""
    code, screen = talk(command("cli.secho('red', fg='red')\ncli.clear()"))

    assert code == 0
    assert screen == "\x1b[31mred\x1b[0m\n\x1b[2J\x1b[1;1H"


def test_help_takes_the_width_of_the_terminal():
    """With ``max_content_width=0`` a help page is as wide as the terminal."""
    code = (
        "@cli.command(context_settings={'max_content_width': 0})\ndef main():\n"
        f"    '{'word ' * 24}'\n"
        "main(['--help'], prog_name='prog')\n"
    )
    _, screen = talk(code, env={"COLUMNS": "160"})

    assert max(map(len, screen.splitlines())) > 100


@pytest.fixture
def tool(tmp_path):
    """Return a function that makes a shell script and returns its path."""

    def make(text):
        path = tmp_path / "my tool"
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)
        return path

    return make


def test_pager_shows_pieces_as_they_come(tool, tmp_path):
    """What a slow source gives is seen before more of it is there."""
    pager = tool('while read -r line; do echo "<$line>"; done')
    seen = tmp_path / "seen"
    wait = f"while not os.path.exists({str(seen)!r}): time.sleep(0.01)"
    body = f"def slow():\n    yield 'first\\n'\n    {wait}\n    yield 'second\\n'\ncli.echo_via_pager(slow)"
    terminal = Terminal("import os\n" + command(body), env={"PAGER": f"'{pager}'"})
    terminal.expect("<first>")
    seen.touch()
    code, screen = terminal.finish()

    assert (code, screen) == (0, "<first>\n<second>\n<>\n")


def test_pager_that_is_left_early(tool):
    """A person who leaves the pager early causes no error."""
    body = "cli.echo_via_pager(f'line {n}\\n' for n in range(200000))\ncli.echo('done')"
    code, screen = talk(command(body), env={"PAGER": f"'{tool('head -n 1')}'"})

    assert code == 0
    assert screen == "line 0\ndone\n"


def test_editor(tool):
    """The editor that the environment names changes the text."""
    editor = tool('printf "changed\\n" > "$2"')
    code, screen = talk(command("cli.echo(repr(cli.edit('text')))"), env={"EDITOR": f"'{editor}' --wait"})

    assert code == 0
    assert screen == "'changed\\n'\n"


def test_closed_pipe_ends_quietly():
    """``prog | head -1`` ends with exit code 1 and says nothing."""
    code = HEADER + command("for n in range(200000): cli.echo(f'line {n}')")
    script = f'{sys.executable} -c "$CODE" | head -1; echo "code ${{PIPESTATUS[0]}}"'
    result = subprocess.run(
        ["bash", "-c", script], env={**os.environ, "CODE": code}, capture_output=True, text=True, check=False
    )

    assert result.stdout == "line 0\ncode 1\n"
    assert result.stderr == ""


def test_undecodable_arguments_survive(tmp_path):
    """A file name that is no text comes through, opens, and is shown safely."""
    name = os.fsencode(tmp_path) + b"/\xff.txt"
    try:
        with open(name, "w") as file:
            file.write("inside")
    except OSError:
        pytest.skip("this file system refuses names that are no text")
    code = (
        HEADER + "@cli.command()\n@cli.argument('path', type=cli.Path(exists=True))\n"
        "@cli.argument('file', type=cli.File())\n@cli.option('--n', type=int)\ndef main(path, file, n):\n"
        "    cli.echo(file.read() + ' ' + cli.format_filename(path, shorten=True))\nmain()\n"
    )
    fine = subprocess.run([sys.executable, "-c", code, name, name], capture_output=True, check=False)
    wrong = subprocess.run([sys.executable, "-c", code, name, name, "--n", b"\xff"], capture_output=True, check=False)

    assert fine.stdout.decode() == "inside \N{REPLACEMENT CHARACTER}.txt\n"
    assert wrong.returncode == 2
    assert b"Traceback" not in wrong.stderr
    assert b"is not a valid integer" in wrong.stderr
