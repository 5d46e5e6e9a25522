"""Build the C kernel into the wheel.

``DRAY_SPEEDUPS`` says how much it matters: ``auto`` (the default) goes on without it where there is no compiler, and
warns; ``require`` fails then; ``never`` builds the pure wheel.
"""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SOURCE = "src/dray/safe_strings/_speedups.c"


class SpeedupsHook(BuildHookInterface):
    """Compile ``_speedups.c`` with the compiler that Python was built with."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build before the wheel is packed; an editable install gets the file beside its source."""
        wanted = os.environ.get("DRAY_SPEEDUPS", "auto")
        if wanted not in {"auto", "require", "never"}:
            raise ValueError(f"DRAY_SPEEDUPS is {wanted!r}; it takes 'auto', 'require' or 'never'.")
        if self.target_name != "wheel" or wanted == "never":
            return
        source = Path(self.root, SOURCE)
        target = source.with_name(f"_speedups{sysconfig.get_config_var('EXT_SUFFIX')}")
        try:
            compile_extension(source, target)
        except (OSError, subprocess.CalledProcessError) as error:
            if wanted == "require":
                raise
            reason = getattr(error, "stderr", None) or error
            self.app.display_warning(f"The C kernel isn't built, the Python one is used: {reason}")
            return
        build_data["pure_python"] = False
        build_data["infer_tag"] = True
        build_data["force_include"][str(target)] = f"dray/safe_strings/{target.name}"


def compile_extension(source: Path, target: Path) -> None:
    """Compile one C file into an extension module.

    Debug information and symbols would hold the path of the build: without them, equal sources give equal bytes.

    :raises OSError: when there is no compiler.
    :raises CalledProcessError: when it fails.
    """
    variables = sysconfig.get_config_vars()
    if sys.implementation.name != "cpython" or os.name == "nt" or not variables.get("CC"):
        raise OSError(f"no known way to call a C compiler for {sys.implementation.name} on {sys.platform}")
    compiler = os.environ.get("CC", variables["CC"]).split()
    linking = ["-bundle", "-undefined", "dynamic_lookup"] if sys.platform == "darwin" else ["-shared", "-Wl,-s"]
    command = [
        *compiler,
        *linking,
        "-fPIC",
        "-O2",
        "-g0",
        f"-I{sysconfig.get_path('include')}",
        f"-I{sysconfig.get_path('platinclude')}",
        source.name,
        "-o",
        str(target),
    ]
    subprocess.run(command, check=True, capture_output=True, text=True, cwd=source.parent)
