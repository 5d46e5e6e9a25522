"""Look for input that breaks a promise: ``python run.py [--seconds N] [TARGET ...]``, all targets by default.

Each target runs in a process of its own, from its corpus, for some seconds and within some memory. With ``--runs`` and
``--seed`` it tries the same inputs each time. What is found stays beside the corpus in ``found/``; put it into the
corpus once it is mended.
"""

from __future__ import annotations

import argparse
import logging
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
#: Longest input in bytes, longest run of one input in seconds, most memory in MB.
LIMITS = ["-max_len=2048", "-timeout=10", "-rss_limit_mb=1024"]


def fuzz(name: str, limits: list[str]) -> None:
    """Fuzz one target; ends the process."""
    import atheris  # noqa: PLC0415 - the parent process needs none of it

    with atheris.instrument_imports(include=["dray"]):
        from targets import CORPUS, TARGETS  # noqa: PLC0415 - its imports are what is instrumented

    logging.disable()
    found = HERE / "found"
    found.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as new:
        options = [*limits, f"-artifact_prefix={found}/{name}-", *LIMITS, new, str(CORPUS / name)]
        atheris.Setup([sys.argv[0], *options], TARGETS[name])
        atheris.Fuzz()


def main() -> int:
    """Fuzz several targets, one after the other; say how many broke."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=10, help="for each target")
    parser.add_argument("--runs", type=int, default=-1, help="inputs for each target, in place of seconds")
    parser.add_argument("--seed", type=int, default=0, help="where chance begins; 0 for anywhere")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("targets", nargs="*")
    options = parser.parse_args()
    if options.inside:
        seconds = options.seconds if options.runs < 0 else 0
        limits = [f"-max_total_time={seconds}", f"-runs={options.runs}", f"-seed={options.seed}"]
        fuzz(options.targets[0], limits)
    names = options.targets or sorted(path.name for path in (HERE / "corpus").iterdir())
    broken = 0
    for name in names:
        numbers = {"--seconds": options.seconds, "--runs": options.runs, "--seed": options.seed}
        arguments = [f"{key}={value}" for key, value in numbers.items()]
        command = [sys.executable, __file__, "--inside", *arguments, name]
        result = subprocess.run(command, capture_output=True, text=True, errors="replace")
        lines = (result.stderr + result.stdout).splitlines()
        if result.returncode:
            broken += 1
            sys.stdout.write("\n  ".join([f"{name}: broken", *lines[-40:]]) + "\n")
        else:
            sys.stdout.write(f"{name}: {next((line for line in reversed(lines) if 'runs in' in line), 'done')}\n")
        sys.stdout.flush()
    return broken


if __name__ == "__main__":
    sys.exit(main())
