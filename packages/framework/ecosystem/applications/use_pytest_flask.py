"""A test suite that is written with its fixtures and marks, in a process of its own."""

import re
import subprocess
import sys
from pathlib import Path

Path("conftest.py").write_text("""
import pytest
from flask import Flask, jsonify, request, session

@pytest.fixture
def app():
    app = Flask(__name__)
    app.config["SECRET_KEY"] = "test"

    @app.get("/")
    def index():
        return jsonify(name=request.args.get("name"), debug=app.debug)

    @app.get("/count")
    def count():
        session["count"] = session.get("count", 0) + 1
        return str(session["count"])

    return app
""")
Path("test_shop.py").write_text("""
import urllib.request
import pytest
from flask import request, session, url_for

def test_client(client, accept_json):
    response = client.get("/?name=ada", headers=accept_json)
    assert response == 200
    assert response.json == {"name": "ada", "debug": False}

def test_context(client):
    assert request.path == "/"
    assert url_for("count") == "/count"

@pytest.mark.options(debug=True)
def test_option(app, config):
    assert app.debug and config["DEBUG"]

@pytest.mark.usefixtures("client_class")
class TestClass:
    def test(self):
        self.client.get("/count")
        assert self.client.get("/count").text == "2"
        assert session["count"] == 2

def test_wrong(client):
    assert client.get("/nowhere") == 200

def test_live(live_server):
    with urllib.request.urlopen(url_for("count", _external=True)) as answer:
        assert answer.read() == b"1"
""")
command = [
    sys.executable,
    "-m",
    "pytest",
    "-p",
    "no:cacheprovider",
    "-v",
    "--tb=short",
    "--start-live-server",
    "--no-header",
]
result = subprocess.run(command, capture_output=True, text=True, check=False)
wanted = ("test_shop", "E  ", "FAILED", "ERROR", "=")
lines = [line for line in result.stdout.splitlines() if line.startswith(wanted)]
print(result.returncode)
print(re.sub(r"in [\d.]+s|[^ ]*rootdir.*|(localhost|127.0.0.1):\d+|0x\w+", "", "\n".join(lines)))
