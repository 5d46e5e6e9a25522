"""Compare a package's public interface with its last release: what breaks must be announced."""

from __future__ import annotations

import subprocess
import sys

from .artifacts import Failed
from .projects import ROOT, folder, module
from .release import fragments, git


def last_tag(package: str) -> str | None:
    """Give the tag of the last release of a package, or ``None``."""
    tags = git("tag", "--list", f"{package}-v*", "--sort=-version:refname").splitlines()
    return tags[0] if tags else None


def check(package: str) -> None:
    """Make sure that nothing public is gone or changed, unless a fragment says so.

    :raises Failed: with what broke.
    """
    tag = last_tag(package)
    if tag is None:
        print(f"{package} has never been released: there is no interface to keep yet.")
        return
    source = folder(package).relative_to(ROOT) / "src"
    command = [sys.executable, "-m", "griffe", "check", module(package), "--against", tag, "--search", str(source)]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    broken = (result.stdout + result.stderr).strip().splitlines()
    if result.returncode == 0:
        print(f"{package}: nothing that {tag} offered is gone.")
        return
    if broken and "No module named" in broken[-1]:
        raise Failed("griffe is not installed: install it and try again.")
    announced = [path.name for path in fragments(package) if path.suffixes[-2] in {".removed", ".deprecated"}]
    if not announced:
        raise Failed(
            f"{package} breaks what {tag} offered, and no 'removed' or 'deprecated' fragment says so: "
            + "; ".join(broken)
        )
    print(f"{package} breaks what {tag} offered, as {', '.join(announced)} says:", *broken, sep="\n")
