"""``python -m dray.framework.compat``: run a module or a script in drop-in mode, as ``python`` would run it."""

from __future__ import annotations

import os
import runpy
import sys

from . import install
from .report import text, watch

USAGE = "usage: python -m dray.framework.compat [--report] (-m MODULE | SCRIPT) [ARGUMENT ...]"


def main(arguments: list[str]) -> None:
    """Run what the arguments say; it sees the rest of them."""
    report = arguments[:1] == ["--report"]
    if report:
        arguments = arguments[1:]
    if not arguments or arguments == ["-m"] or arguments[0] in {"-h", "--help"}:
        asked = arguments[:1] in (["-h"], ["--help"])
        print(USAGE, file=sys.stdout if asked else sys.stderr)
        sys.exit(0 if asked else 2)
    install()
    stop = watch() if report else None
    try:
        run(arguments)
    finally:
        if stop is not None:
            stop()
            print(text(), file=sys.stderr)


def run(arguments: list[str]) -> None:
    """Run a module (``-m``) or a script as the main program."""
    if arguments[0] == "-m":
        module, sys.argv = arguments[1], arguments[1:]
        runpy.run_module(module, run_name="__main__", alter_sys=True)
        return
    script, sys.argv = arguments[0], arguments
    if not os.path.exists(script):
        sys.exit(f"{sys.executable}: can't open file {os.path.abspath(script)!r}: [Errno 2] No such file or directory")
    # Python puts the script's folder first, where -m had put the working folder.
    sys.path[0] = os.path.dirname(os.path.abspath(script))
    runpy.run_path(script, run_name="__main__")


if __name__ == "__main__":
    main(sys.argv[1:])
