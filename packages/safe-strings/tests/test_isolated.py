"""What needs an interpreter of its own: leaks, threads, interpreters, imports."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import HAS_C

SCRIPTS = sorted(Path(__file__).with_name("isolated").glob("*.py"))


@pytest.mark.parametrize("pure", [False, True], ids=["c", "python"])
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_script(script: Path, pure: bool) -> None:
    """The script says what it proves, and ends with status 0 when it does."""
    if not pure and not HAS_C:
        pytest.skip("the C kernel isn't built: DRAY_SPEEDUPS=require pip install -e packages/safe-strings")
    environ = {**os.environ, "DRAY_SAFE_STRINGS_PURE": str(int(pure))}
    result = subprocess.run(
        [sys.executable, "-W", "error", script], env=environ, capture_output=True, text=True, check=False
    )

    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("module", ["_native", "_choose", "_format", "_markup", "contexts", "_deprecated"])
def test_each_module_can_be_imported_alone(module: str) -> None:
    """In a fresh interpreter, with warnings as errors."""
    subprocess.run([sys.executable, "-I", "-W", "error", "-c", f"import dray.safe_strings.{module}"], check=True)


def test_the_environment_chooses_the_kernel() -> None:
    """``DRAY_SAFE_STRINGS_PURE=1`` is Python, anything else the best there is."""
    code = "import dray.safe_strings._choose as c; print(c.escape.__module__)"
    for value, name in (("1", "_native"), ("0", "_speedups" if HAS_C else "_native")):
        environ = {**os.environ, "DRAY_SAFE_STRINGS_PURE": value}
        output = subprocess.run(
            [sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=True
        ).stdout
        assert output.strip().endswith(name)


def test_the_package_loads_what_most_programs_need_and_no_more() -> None:
    """Formatting, with the standard library's ``string``, and the special contexts are imported when asked for."""
    code = (
        "import dray.safe_strings as s; late = ('string', s.__name__ + '._format', s.__name__ + '.contexts');"
        "assert not [name for name in late if name in sys.modules]; assert set(s.__all__) <= set(dir(s));"
        "s.EscapeFormatter, s.escape_js, s.escape_url; assert all(name in sys.modules for name in late)"
    )
    subprocess.run([sys.executable, "-S", "-c", f"import sys; sys.path[:] = {sys.path!r}; {code}"], check=True)
