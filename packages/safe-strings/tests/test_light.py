"""What an import costs: nothing heavy is loaded for those who don't ask for it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import dray.safe_strings

PROGRAM = """
import sys
sys.path.insert(0, {folder!r})
import dray.safe_strings
print(*sorted({{"typing", "html", "urllib.parse", "warnings", "importlib.metadata"}} & set(sys.modules) - BEFORE))
"""


def test_imports_nothing_heavy() -> None:
    """A fresh interpreter has none of the slow modules after the import."""
    folder = str(Path(dray.safe_strings.__file__).parents[2])
    program = "import sys; BEFORE = set(sys.modules)\n" + PROGRAM.format(folder=folder)
    done = subprocess.run([sys.executable, "-I", "-S", "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == ""
