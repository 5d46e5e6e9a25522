"""What an import costs in a fresh interpreter, beside Werkzeug: the package, and its routing.

The interpreter's own start is in both figures.
"""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

ROWS = {
    "the package": {"werkzeug": "werkzeug", "dray": "dray.wsgi_tools"},
    "routing": {"werkzeug": "werkzeug.routing", "dray": "dray.wsgi_tools.routing"},
    "requests and responses": {"werkzeug": "werkzeug.wrappers", "dray": "dray.wsgi_tools.wrappers"},
}


@pytest.mark.parametrize(("row", "peer"), [(row, peer) for row in ROWS for peer in ("werkzeug", "dray")])
def bench_import(benchmark: Any, row: str, peer: str) -> None:
    """Start an interpreter that imports one module."""
    benchmark.group = f"import: {row}"
    benchmark.extra_info.update(peer=peer, baseline="werkzeug")
    command = [sys.executable, "-I", "-c", f"import {ROWS[row][peer]}"]
    benchmark.pedantic(subprocess.run, (command,), {"check": True}, rounds=15, warmup_rounds=2)
