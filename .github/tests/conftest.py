"""What the tests of the pipeline share: a clone of the checkout that may be broken, and an index that may be empty.

Nothing here touches the checkout itself.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


class Clone:
    """A clone of the checkout.

    :param root: its folder.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def git(self, *arguments: str) -> str:
        """Run git in it and give what it prints."""
        command = ["git", *arguments]
        return subprocess.run(command, cwd=self.root, capture_output=True, text=True, check=True).stdout.strip()

    def commit(self, message: str = "a change") -> None:
        """Commit everything."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)

    def write(self, path: str, text: str) -> None:
        """Write a file."""
        (self.root / path).write_text(text, "utf-8")

    def replace(self, path: str, old: str, new: str) -> None:
        """Replace what stands in a file."""
        text = (self.root / path).read_text("utf-8")
        assert old in text, f"{path} has no {old!r} any more"
        self.write(path, text.replace(old, new))

    def environ(self, **more: str) -> dict[str, str]:
        """Give the environment that the pipeline runs in."""
        path = os.pathsep.join(filter(None, [more.pop("PYTHONPATH", ""), str(self.root / ".github")]))
        return {**os.environ, "PYTHONPATH": path, **more}

    def pipeline(self, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
        """Run the pipeline in it."""
        command = [sys.executable, "-m", "pipeline", *arguments]
        return subprocess.run(
            command, cwd=self.root, env=self.environ(**environ), capture_output=True, text=True, check=False
        )

    def state(self) -> tuple[str, str, str]:
        """Give what a refusal must leave alone: the last commit, the tags, what isn't committed."""
        return self.git("rev-parse", "HEAD"), self.git("tag"), self.git("status", "--porcelain")


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    """Make a clone, with the pipeline as it stands in the checkout."""
    made = Clone(tmp_path / "clone")
    subprocess.run(["git", "clone", "--quiet", "--no-tags", str(ROOT), str(made.root)], check=True)
    for key, value in (("user.name", "Test"), ("user.email", "test@localhost"), ("tag.gpgSign", "false")):
        made.git("config", key, value)
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / ".github", made.root / ".github", dirs_exist_ok=True, ignore=ignored)
    made.commit("the pipeline as it is")
    return made


@pytest.fixture
def index() -> Iterator[Callable[..., str]]:
    """Give a function that serves an index on the loopback interface and gives its URL."""
    servers: list[ThreadingHTTPServer] = []

    def serve(files: dict[str, list[str]], status: int = 200) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                known = files.get(self.path.strip("/").removeprefix("simple/"))
                self.send_response(404 if status == 200 and known is None else status)
                self.end_headers()
                self.wfile.write("\n".join(f'<a href="{name}">{name}</a>' for name in known or []).encode())

            def log_message(self, format: str, *args: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}/simple"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()
