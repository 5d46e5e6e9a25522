"""``python -m dray.framework.compat``: run a module or a script in drop-in mode, as ``python`` would run it."""

from __future__ import annotations

import os
import pkgutil
import runpy
import sys
from importlib.machinery import SourceFileLoader
from types import ModuleType, TracebackType

from . import install
from .report import text, watch

USAGE = "usage: python -m dray.framework.compat [--report] (-m MODULE | SCRIPT) [ARGUMENT ...]"
#: Whose frames stand between this module and the program.
_RUNNERS = {"runpy", "importlib._bootstrap", "importlib._bootstrap_external"}


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
    except BaseException as error:
        # A program may have a hook of its own by now.
        if sys.excepthook is sys.__excepthook__:
            sys.excepthook = show_without_own_frames
        if isinstance(error, ImportError) and _is_missing_program(error):
            sys.exit(f"{sys.executable}: {error}")
        raise
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
    sys.argv = arguments
    script = os.path.join(os.getcwd(), arguments[0])
    if not os.path.exists(script):
        print(f"{sys.orig_argv[0]}: can't open file {script!r}: [Errno 2] No such file or directory", file=sys.stderr)
        sys.exit(2)
    del sys.path[0]  # the working folder, which -m had put there
    if pkgutil.get_importer(script) is not None:
        runpy.run_path(script, run_name="__main__")  # a folder or an archive, which puts itself on the path
        return
    sys.path.insert(0, os.path.dirname(os.path.abspath(script)))
    run_script(script)


def run_script(script: str) -> None:
    """Run a file as the main module, which it stays until Python ends.

    :param script: its absolute path.
    """
    main_module = ModuleType("__main__")
    main_module.__file__ = script
    main_module.__loader__ = loader = SourceFileLoader("__main__", script)
    sys.modules["__main__"] = main_module
    exec(loader.source_to_code(loader.get_data(script), script), vars(main_module))


def _module_name(trace: TracebackType) -> str:
    return str(trace.tb_frame.f_globals.get("__name__"))


def _is_missing_program(error: ImportError) -> bool:
    """Tell whether the module that is to be run isn't there, as opposed to one that it imports."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace is not None and _module_name(trace) == "runpy"


def show_without_own_frames(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Show an error that nobody caught as Python shows it: from the program's first line on."""
    while trace is not None and (trace.tb_frame.f_code.co_filename == __file__ or _module_name(trace) in _RUNNERS):
        trace = trace.tb_next
    sys.__excepthook__(kind, error.with_traceback(trace), trace)


if __name__ == "__main__":
    main(sys.argv[1:])
