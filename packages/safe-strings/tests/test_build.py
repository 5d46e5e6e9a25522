"""What ``DRAY_SPEEDUPS`` makes of a build from source."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
pytest.importorskip("hatchling", reason="needs hatchling: pip install hatchling")
if not (ROOT / "src").exists():
    pytest.skip(
        "the sources to build are not beside these tests: they test an installed wheel", allow_module_level=True
    )


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Copy what a build needs, without what was built before."""
    target = tmp_path / "source"
    target.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE.txt", "hatch_build.py", "sbom.cdx.json"):
        shutil.copy(ROOT / name, target)
    shutil.copytree(ROOT / "src", target / "src", ignore=shutil.ignore_patterns("*.so", "__pycache__"))
    return target


def build(
    source: Path, speedups: str, compiler: str | None = None
) -> tuple[subprocess.CompletedProcess[str], list[Path]]:
    environ = {**os.environ, "DRAY_SPEEDUPS": speedups, "SOURCE_DATE_EPOCH": "1750000000"}
    if compiler is not None:
        environ["CC"] = compiler
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", "dist"]
    result = subprocess.run(command, cwd=source, env=environ, capture_output=True, text=True, check=False)
    return result, list(source.glob("dist/*.whl"))


def extensions(wheel: Path) -> list[str]:
    return [name for name in zipfile.ZipFile(wheel).namelist() if name.endswith((".so", ".pyd", ".c"))]


def test_never_builds_the_pure_wheel(source: Path) -> None:
    """For every Python and platform."""
    result, (wheel,) = build(source, "never")

    assert result.returncode == 0
    assert wheel.name.endswith("-py3-none-any.whl")
    assert extensions(wheel) == []


def test_require_builds_the_kernel(source: Path) -> None:
    """For this Python and platform, without the C source."""
    if sys.platform == "win32" or shutil.which("cc") is None:
        pytest.skip("needs a C compiler: apt-get install gcc")
    result, (wheel,) = build(source, "require")

    assert result.returncode == 0, result.stderr
    assert "none-any" not in wheel.name
    assert [name.startswith("dray/safe_strings/_speedups.") for name in extensions(wheel)] == [True]


def test_without_a_compiler_auto_warns_and_goes_on(source: Path) -> None:
    """The wheel is pure then."""
    result, (wheel,) = build(source, "auto", compiler="no-such-compiler")

    assert result.returncode == 0
    assert "The C kernel isn't built" in result.stdout + result.stderr
    assert wheel.name.endswith("-py3-none-any.whl")


def test_without_a_compiler_require_fails(source: Path) -> None:
    """Nothing is written."""
    result, wheels = build(source, "require", compiler="no-such-compiler")

    assert result.returncode != 0
    assert wheels == []


def test_another_value_is_refused(source: Path) -> None:
    """The error names the three."""
    result, wheels = build(source, "maybe")

    assert result.returncode != 0
    assert "'auto', 'require' or 'never'" in result.stderr
    assert wheels == []
