"""What a package index has: the versions of a project (PEP 503, PEP 691)."""

from __future__ import annotations

import html
import os
import re
import subprocess
import sys
import urllib.error
import urllib.request

_ACCEPT = "application/vnd.pypi.simple.v1+html, text/html;q=0.9"
_FILE = re.compile(r">\s*([A-Za-z0-9_.]+)-([0-9][A-Za-z0-9.+!]*?)(?:-[^<]*?)?\.(?:whl|tar\.gz)\s*<")


class IndexError_(Exception):
    """The index doesn't answer as an index does."""


def url() -> str:
    """Give the index that pip is configured with."""
    if configured := os.environ.get("PIP_INDEX_URL"):
        return configured.rstrip("/")
    command = [sys.executable, "-m", "pip", "config", "get", "global.index-url"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    return (result.stdout.strip() or "https://pypi.org/simple").rstrip("/")


def versions(distribution: str, index: str | None = None) -> list[str]:
    """Give the released versions of a distribution; none when the index doesn't know it.

    :param index: its URL; pip's by default.
    :raises IndexError_: when it doesn't answer.
    """
    where = f"{index or url()}/{distribution}/"
    request = urllib.request.Request(where, headers={"Accept": _ACCEPT})
    try:
        with urllib.request.urlopen(request, timeout=20) as response:
            page = response.read().decode("utf-8", "replace")
    except urllib.error.HTTPError as error:
        if error.code == 404:
            return []
        raise IndexError_(f"The index answers {error.code} for {where}") from error
    except (OSError, ValueError) as error:
        raise IndexError_(f"The index {where} doesn't answer: {getattr(error, 'reason', error)}") from error
    return sorted({match[2] for match in _FILE.finditer(html.unescape(page))})
