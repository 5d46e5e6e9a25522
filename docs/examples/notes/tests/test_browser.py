"""The application as a person sees it: a real server, a real browser, a real Ctrl-C."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
needs_browser = pytest.mark.skipif(
    CHROMIUM is None or DRIVER is None, reason="needs a browser: apt-get install chromium chromium-driver"
)


def start(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    """Start ``notes serve`` on a database in a folder."""
    environ = {**os.environ, "NOTES_DATABASE": f'"{folder / "notes.sqlite3"}"', "NOTES_SECRET_KEY": "test"}
    # Where the tests themselves run in the background, Ctrl-C is ignored, and children would inherit that.
    listening = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    code = f"{listening}; from notes.__main__ import main; main()"
    command = [sys.executable, "-u", "-c", code, "serve", *arguments]
    return subprocess.Popen(command, env=environ, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def stop(server: subprocess.Popen[str]) -> str:
    """Interrupt the server as Ctrl-C does, and give the rest of what it says."""
    server.send_signal(signal.SIGINT)
    try:
        return server.communicate(timeout=20)[0]
    finally:
        server.kill()


def address_of(server: subprocess.Popen[str]) -> str:
    """Wait for the line that says where it is."""
    assert server.stdout is not None
    for line in server.stdout:
        if match := re.search(r"http://127\.0\.0\.1:\d+", line):
            return match[0]
    raise AssertionError("the server ended without saying where it is")


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    """Serve the application; it must stop cleanly when it is interrupted."""
    server = start(tmp_path, "--port", "0")
    try:
        yield address_of(server)
    finally:
        output = stop(server)
    assert "Stopped. Your notes are kept." in output
    assert "Traceback" not in output


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Any]:
    """Open a browser without a window."""
    webdriver = pytest.importorskip("selenium.webdriver", reason="needs selenium: pip install selenium")
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for argument in (
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
        "--disable-background-networking", "--disable-component-update", "--window-size=900,800",
        f"--user-data-dir={tmp_path / 'profile'}",
    ):  # fmt: skip
        options.add_argument(argument)
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(executable_path=DRIVER))
    yield driver
    driver.quit()


@needs_browser
def test_register_and_write_a_note_with_a_script_in_it(site: str, browser: Any, tmp_path: Path) -> None:
    """Nothing that a user writes runs; it is shown as it was written."""
    from selenium.webdriver.support.expected_conditions import staleness_of
    from selenium.webdriver.support.wait import WebDriverWait

    def follow(by: str, what: str) -> None:
        """Click, and wait until the old page is gone."""
        page = browser.find_element("tag name", "html")
        browser.find_element(by, what).click()
        WebDriverWait(browser, 20).until(staleness_of(page))

    def fill(**fields: str) -> None:
        for name, value in fields.items():
            browser.find_element("name", name).send_keys(value)
        follow("css selector", "main form.card button")

    browser.get(site)
    follow("link text", "Register")
    fill(name="ada", password="short")

    assert browser.find_element("id", "password-error").text == "Choose a password of at least 8 characters."
    assert browser.find_element("name", "name").get_attribute("value") == "ada"

    fill(password="correct horse")

    assert "Welcome, ada!" in browser.find_element("tag name", "main").text

    follow("link text", "New note")
    script = "<script>document.title = 'owned'</script>"
    fill(title=f"A {script}", body=f"# Heading\n\n**bold** {script}\n\n- one\n- two")
    folder = Path(os.environ.get("SCREENSHOTS", tmp_path))
    browser.save_screenshot(str(folder / "notes.png"))

    assert browser.find_element("css selector", "article h1").text == f"A {script}"
    assert browser.find_element("css selector", "article p:not(.hint)").text == f"bold {script}"
    assert browser.find_element("css selector", "article strong").text == "bold"
    assert len(browser.find_elements("css selector", "article li")) == 2
    assert "owned" not in browser.title.split("–")[-1]
    assert not browser.find_elements("tag name", "script")

    browser.get(f"{site}/notes/12345")
    browser.save_screenshot(str(folder / "missing.png"))

    assert browser.find_element("css selector", ".problem .code").text == "404"


def test_data_is_kept_and_a_used_port_is_one_sentence(tmp_path: Path) -> None:
    """Started again, it finds what was there; where something listens, it says so and what to do."""
    for _ in range(2):
        server = start(tmp_path, "--port", "0")
        address_of(server)
        stop(server)
        assert (tmp_path / "notes.sqlite3").stat().st_size > 0
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        server = start(tmp_path, "--port", str(port))
        output = server.communicate(timeout=20)[0]

    assert server.returncode == 1
    assert f"Error: Port {port} on 127.0.0.1 can't be used" in output
    assert f"--port {port + 1}" in output
    assert "Traceback" not in output
