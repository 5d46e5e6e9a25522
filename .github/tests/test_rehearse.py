"""A rehearsal that is interrupted half-way leaves nothing behind."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Clone


def commands_with(text: str) -> list[str]:
    """Give the command lines of running processes that mention a text."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = path.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except OSError:
            continue  # it has ended
        if text in command:
            found.append(command)
    return found


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="looks for processes in /proc")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_rehearsal_leaves_nothing(clone: Clone, tmp_path: Path, number: signal.Signals) -> None:
    """No process, no tag, no file: the first package is released and published, the second has begun."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    before = clone.state()
    command = [sys.executable, "-u", "-m", "pipeline", "rehearse"]
    rehearsal = subprocess.Popen(
        command, cwd=clone.root, env=clone.environ(TMPDIR=str(temporary)), stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True,
        # Who runs in the background ignores Ctrl-C, and so do its children.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    try:
        assert rehearsal.stdout is not None
        seen = []
        for line in rehearsal.stdout:
            seen.append(line)
            if line.startswith("signing"):
                break
        assert len(seen) == 2, rehearsal.communicate()
        assert any("pypiserver" in command for command in commands_with(str(temporary)))
        rehearsal.send_signal(number)
        _, errors = rehearsal.communicate(timeout=60)
    finally:
        rehearsal.kill()
        rehearsal.wait()

    assert rehearsal.returncode == 130
    assert errors == "interrupted: nothing is left behind\n"
    assert commands_with(str(temporary)) == []
    assert list(temporary.iterdir()) == []
    assert clone.state() == before
