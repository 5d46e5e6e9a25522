"""run_simple in a process of its own: reloader, debugger and static files together, on one port all the time."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

APPLICATION = """
import sys
sys.path.insert(0, {folder!r})
import served
from dray.wsgi_tools.serving import run_simple

def app(environ, start):
    if environ["PATH_INFO"] == "/fail":
        raise ValueError("on purpose")
    start("200 OK", [("Content-Type", "text/plain")])
    return [served.TEXT]

run_simple("127.0.0.1", 0, app, use_reloader=True, use_debugger=True, reloader_interval=0.1, reloader_type="stat",
           threaded=True, static_files={{"/static": {folder!r}}})
"""


def get(url: str) -> str:
    """Return what a URL answers, waiting for the server."""
    for _ in range(100):
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return str(answer.read().decode())
        except urllib.error.HTTPError as error:
            with error:
                return str(error.read().decode())
        except OSError:
            time.sleep(0.05)
    raise AssertionError("the server never answered")


@pytest.mark.skipif(sys.platform == "win32", reason="ends the server by a signal")
def test_everything_together(tmp_path: Path) -> None:
    """A change is served from the same port after a moment; errors show the debugger; files are served."""
    (tmp_path / "served.py").write_text("TEXT = b'first'\n")
    script = tmp_path / "program.py"
    script.write_text(APPLICATION.format(folder=str(tmp_path)))
    environ = {key: value for key, value in os.environ.items() if not key.startswith("WERKZEUG_")}
    environ["PYTHONDONTWRITEBYTECODE"] = "1"
    log = (tmp_path / "log.txt").open("w+")
    process = subprocess.Popen([sys.executable, str(script)], stderr=log, env=environ, start_new_session=True)
    try:
        for _ in range(200):
            found = re.search(r"Running on (http://127\.0\.0\.1:\d+)", (tmp_path / "log.txt").read_text())
            if found:
                break
            time.sleep(0.05)
        assert found is not None, (tmp_path / "log.txt").read_text()
        url = found[1]
        assert get(f"{url}/") == "first"
        assert "on purpose" in get(f"{url}/fail") and 'data-evalex="true"' in get(f"{url}/fail")
        assert "TEXT" in get(f"{url}/static/served.py")
        (tmp_path / "served.py").write_text("TEXT = b'second'\n")
        for _ in range(100):
            if get(f"{url}/") == "second":
                break
            time.sleep(0.05)
        assert get(f"{url}/") == "second"
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(10)
        log.close()
    text = (tmp_path / "log.txt").read_text()
    assert text.count("Running on") == 1 and "Detected change in" in text
    assert text.count("Debugger PIN") == text.count("Restarting with stat") == 2


def test_a_port_in_use_ends_the_program_with_one_sentence(tmp_path: Path) -> None:
    """Nothing but the sentence, and exit status 1."""
    script = tmp_path / "program.py"
    script.write_text(
        "import socket\n"
        "from dray.wsgi_tools.serving import run_simple\n"
        "sock = socket.socket(); sock.bind(('127.0.0.1', 0)); sock.listen()\n"
        "run_simple('127.0.0.1', sock.getsockname()[1], None)\n"
    )
    result = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=False)
    assert result.returncode == 1 and re.fullmatch(
        r"Port \d+ on 127.0.0.1 is in use by another program: .*\n", result.stderr
    )
