"""Opening an address or a file in the desktop's program for it.

No shell reads the address: it is one argument of a process, or of a system call. It must not know the terminal.
"""

from __future__ import annotations

import os
import subprocess
import sys
import webbrowser
from urllib.parse import unquote, urlsplit

__all__ = ["open_url"]


def _to_path(url: str) -> str:
    """Return the path of a file address; anything else is returned as it is."""
    if url.startswith("file://"):
        return unquote(urlsplit(url).path) or url
    return url


def open_url(url: str, wait: bool = False, locate: bool = False) -> int:
    """Open an address or a file.

    :param url: the address or path.
    :param wait: wait until the program ends, where it can be waited for.
    :param locate: show the file in its folder.
    :return: the exit code, 0 for success.
    """
    if sys.platform == "darwin":
        return _open_mac(url, wait, locate)
    if os.name == "nt":
        return _open_windows(url, wait, locate)
    return _open_desktop(url, wait, locate)


def _run(args: list[str], wait: bool) -> int:
    try:
        process = subprocess.Popen(args, stdin=subprocess.DEVNULL)
    except OSError:
        return 1
    return process.wait() if wait else 0


def _open_mac(url: str, wait: bool, locate: bool) -> int:
    args = ["open"]
    if wait:
        args.append("-W")
    if locate:
        args.append("-R")
    return _run([*args, _to_path(url)], wait=True)


def _open_windows(url: str, wait: bool, locate: bool) -> int:
    if locate:
        # The option and the path are one word to Explorer.
        return _run(["explorer", f"/select,{_to_path(url)}"], wait)
    try:
        os.startfile(_to_path(url))  # type: ignore[attr-defined,unused-ignore]
    except OSError:
        return 127
    return 0


def _open_desktop(url: str, wait: bool, locate: bool) -> int:
    path = _to_path(url)
    target = (os.path.dirname(path) or ".") if locate else path
    try:
        process = subprocess.Popen(["xdg-open", target])
    except OSError:
        if url.startswith(("http://", "https://")) and not locate and not wait:
            return 0 if webbrowser.open(url) else 1
        return 1
    return process.wait() if wait else 0
