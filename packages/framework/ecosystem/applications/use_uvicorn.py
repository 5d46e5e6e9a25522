"""Its command line: help, refusals, and a server that answers and stops."""

import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

Path("hello.py").write_text("""
async def app(scope, receive, send):
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": [(b"x-path", scope["path"].encode())]})
        await send({"type": "http.response.body", "body": b"hello"})
""")


def uvicorn(*arguments):
    result = subprocess.run(
        [sys.executable, "-m", "uvicorn", *arguments], capture_output=True, text=True, check=False, timeout=60
    )
    errors = result.stderr[result.stderr.rfind("\nAttributeError") :] if "Traceback" in result.stderr else result.stderr
    print(f"== {arguments}: {result.returncode}\n{result.stdout}{errors}")


uvicorn("--help")
uvicorn("--version")
uvicorn()
uvicorn("hello:app", "--port", "many")
uvicorn("hello:app", "--http", "nothing")
uvicorn("hello:app", "--nothing")
uvicorn("hello:nothing", "--port", "0")
with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    port = probe.getsockname()[1]
command = [
    sys.executable,
    "-m",
    "uvicorn",
    "hello:app",
    "--port",
    str(port),
    "--header",
    "X-More:1",
    "--log-level",
    "info",
    "--no-use-colors",
]
server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
for _ in range(100):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/path") as answer:
            print(answer.status, answer.read(), answer.headers["x-path"], answer.headers["x-more"])
        break
    except OSError:
        time.sleep(0.1)
server.send_signal(signal.SIGINT)
output, _ = server.communicate(timeout=20)
print(
    server.returncode in {0, -2, 130}, "Application shutdown complete" in output or "Finished server process" in output
)
