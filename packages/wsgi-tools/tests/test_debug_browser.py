"""The debugger's page in a real browser: log in, evaluate, look at variables, by keyboard."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dray.wsgi_tools.debug import DebuggedApplication
from dray.wsgi_tools.serving import make_server

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")


class Browser:
    """Drives Chromium through its debugging pipe: JSON messages, each ended by a NUL byte."""

    def __init__(self, profile: Path) -> None:
        from_us, to_browser = os.pipe()
        from_browser, to_us = os.pipe()

        def place_descriptors() -> None:
            os.dup2(from_us, 3)
            os.dup2(to_us, 4)

        self.process = subprocess.Popen(
            [
                str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
                "--remote-debugging-pipe",
                f"--user-data-dir={profile}", "--window-size=1100,1300",
            ],
            preexec_fn=place_descriptors,
            pass_fds=(3, 4, from_us, to_us),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(from_us)
        os.close(to_us)
        self._out = os.fdopen(to_browser, "wb")
        self._in = os.fdopen(from_browser, "rb")
        self._number = 0
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]

    def call(self, method: str, **parameters: Any) -> Any:
        """Send a command and return its result."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if hasattr(self, "_session"):
            message["sessionId"] = self._session
        self._out.write(json.dumps(message).encode() + b"\0")
        self._out.flush()
        while True:
            answer = json.loads(self._read())
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                return answer["result"]

    def _read(self) -> bytes:
        data = bytearray()
        while (byte := self._in.read(1)) != b"\0":
            assert byte, "the browser ended"
            data += byte
        return bytes(data)

    def run(self, script: str) -> Any:
        """Evaluate JavaScript."""
        result = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def wait(self, script: str) -> Any:
        """Evaluate JavaScript until it is true."""
        for _ in range(200):
            value = self.run(script)
            if value:
                return value
            time.sleep(0.05)
        raise AssertionError(f"never true: {script}\n{self.run('document.body.innerText')}")

    def open(self, url: str) -> None:
        """Load a page."""
        self.call("Page.navigate", url=url)
        self.wait(f"location.href.startsWith({json.dumps(url)}) && document.readyState === 'complete'")

    def press(self, key: str) -> None:
        """Press a key."""
        text = "\r" if key == "Enter" else key if len(key) == 1 else ""
        code = {"Enter": 13, "Escape": 27, "Tab": 9, "ArrowUp": 38}.get(key, ord(key[0].upper()))
        parameters = {"key": key, "windowsVirtualKeyCode": code}
        self.call("Input.dispatchKeyEvent", type="keyDown", text=text, **parameters)
        self.call("Input.dispatchKeyEvent", type="keyUp", **parameters)

    def type(self, text: str) -> None:
        """Type text."""
        self.call("Input.insertText", text=text)

    def close(self) -> None:
        """End the browser."""
        self.process.kill()
        self.process.wait()
        self._out.close()
        self._in.close()


def failing_app(environ: Any, start: Any) -> Any:
    """Fail below a variable that one can look at."""
    answer = 41
    if environ["PATH_INFO"] == "/favicon.ico":
        start("204 No Content", [])
        return []
    raise ValueError(f"<b>broken</b> {answer}")


@pytest.fixture(scope="module")
def debugger() -> Iterator[tuple[DebuggedApplication, str]]:
    """A server with the debugger."""
    application = DebuggedApplication(failing_app, evalex=True, pin_logging=False)
    server = make_server("127.0.0.1", 0, application, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield application, f"http://127.0.0.1:{server.port}/"
    server.shutdown()
    thread.join()


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    """A new browser, without cookies."""
    instance = Browser(tmp_path / "profile")
    yield instance
    instance.close()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_log_in_evaluate_and_inspect(debugger: tuple[DebuggedApplication, str], browser: Browser) -> None:
    """By keyboard alone: choose the frame, unlock with the PIN, run a command, show the variables."""
    application, url = debugger
    browser.open(url)
    assert browser.run("document.querySelector('.message').textContent") == "<b>broken</b> 41"
    browser.press("k")
    assert (
        browser.run("document.activeElement.closest('.frame').querySelector('.function').textContent") == "failing_app"
    )
    browser.press("c")
    browser.wait("document.getElementById('login').open")
    browser.type("000-000-000")
    browser.press("Enter")
    browser.wait("document.getElementById('login-message').textContent.includes('neither')")
    browser.run("document.getElementById('pin').value = ''")
    browser.type(application.pin or "")
    browser.press("Enter")
    browser.wait("document.activeElement.matches('.console input')")
    browser.type("answer + 1")
    browser.press("Enter")
    browser.wait("document.querySelector('.console .output').textContent.includes('42')")
    browser.press("ArrowUp")
    assert browser.run("document.activeElement.value") == "answer + 1"
    browser.press("Escape")
    browser.press("v")
    browser.wait("document.querySelector('.variables th') !== null")
    names = browser.run("[...document.querySelectorAll('.variables th')].map((cell) => cell.textContent)")
    assert "answer" in names and "environ" in names


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_everything_by_keyboard(debugger: tuple[DebuggedApplication, str], browser: Browser) -> None:
    """Tab reaches every control in the order of the page, each has a name, and what has the focus shows it."""
    browser.open(debugger[1])
    found = []
    for _ in range(12):
        browser.press("Tab")
        focus = browser.run(
            "(() => { const e = document.activeElement, s = getComputedStyle(e);"
            " return [e === document.body, e.textContent.trim(), s.outlineStyle, e.getBoundingClientRect().top] })()"
        )
        if focus[0]:
            break
        found.append(focus)
    names = [name for _, name, _, _ in found]
    assert names[:2] == ["Copy traceback", "Library frames"] and "Variables" in names and "Console" in names
    assert names[-1] == "Traceback as text"
    assert all(name for name in names) and all(style != "none" for _, _, style, _ in found)
    assert [top for *_, top in found] == sorted(top for *_, top in found)
    browser.press("l")
    assert browser.run("document.getElementById('libraries').getAttribute('aria-pressed')") == "true"
    browser.run("document.activeElement.blur()")
    browser.press("j")
    is_open = "document.activeElement.closest('.frame').classList.contains('open')"
    before = browser.run(is_open)
    browser.press("Enter")
    assert browser.run(is_open) is not before


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_console_page(debugger: tuple[DebuggedApplication, str], browser: Browser) -> None:
    """The console asks for the login, takes the token, and runs commands of several lines."""
    application, url = debugger
    browser.open(f"{url}console")
    browser.wait("document.getElementById('login').open && document.activeElement.id === 'pin'")
    browser.type(application.token)
    browser.press("Enter")
    browser.wait("document.activeElement.matches('.console input')")
    for line in ("for i in range(3):", "  print('n', i)", ""):
        browser.type(line)
        browser.press("Enter")
        time.sleep(0.2)
    browser.wait("document.querySelector('.output').textContent.includes('n 2')")


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read(debugger: tuple[DebuggedApplication, str], browser: Browser, scheme: str) -> None:
    """In light and dark, the contrast of all text is at least 4.5 to 1 (WCAG 2.2, 1.4.3)."""
    browser.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
    browser.open(debugger[1])
    worst = browser.run(
        """
        (() => {
          const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
          const rgb = (color) => {
            canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1);
            return [...canvas.getImageData(0, 0, 1, 1).data];
          };
          const channel = (v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
          const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
          const ground = (e) => {
            for (; e; e = e.parentElement) {
              const color = rgb(getComputedStyle(e).backgroundColor);
              if (color[3] === 255) return color;
            }
            return [255, 255, 255, 255];
          };
          let worst = [99, ""];
          for (const e of document.querySelectorAll("main *")) {
            if (!e.offsetParent || ![...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim())) continue;
            const [a, b] = [light(rgb(getComputedStyle(e).color)), light(ground(e))].sort((x, y) => y - x);
            const ratio = (a + 0.05) / (b + 0.05);
            if (ratio < worst[0]) worst = [ratio, e.outerHTML.slice(0, 80)];
          }
          return worst;
        })()
        """
    )
    assert worst[0] >= 4.5, worst
