"""Measuring in a fresh interpreter: what an import takes, what compiling keeps in memory.

The interpreter's own start isn't counted; modules are compiled to bytecode before anything is measured.
"""

from __future__ import annotations

import os
import subprocess
import sys

_IMPORT = """
from time import perf_counter
begin = perf_counter()
{code}
print(perf_counter() - begin)
"""
#: Prints millionths of megabytes, so that what is reported as microseconds are megabytes.
_MEMORY = """
import sys, tracemalloc
sys.path[:0] = {path!r}
from {package} import workloads
import {module}

def peak_rss():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) / 1000 for line in status if line.startswith("VmHWM"))

environment = {module}.Environment()
environment.compile("a {{{{ b }}}}")
source = workloads.long_template()
before = peak_rss() if {what!r} == "rss" else 0
code = environment.compile(source)
rss = peak_rss() - before if {what!r} == "rss" else 0
del code
tracemalloc.start()
code = environment.compile(source)
kept, peak = (size / 1e6 for size in tracemalloc.get_traced_memory())
print({what} / 1e6)
"""


class Meter:
    """A clock that runs by what fresh interpreters say: hand :meth:`read` to a benchmark as its timer."""

    def __init__(self) -> None:
        self._total = 0.0

    def read(self) -> float:
        """Return the sum of what was measured."""
        return self._total

    def run(self, code: str) -> None:
        """Run code that prints a number in a fresh interpreter, and move on by it."""
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        result = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, env=environment)
        self._total += float(result.stdout)


def importing(code: str) -> str:
    """Return a program that prints how many seconds some code takes."""
    return _IMPORT.format(code=code)


def memory(module: str, what: str) -> str:
    """Return a program that prints what compiling 2000 lines takes.

    :param module: the engine's module
    :param what: ``rss`` (growth of the process, Linux only), ``peak`` (most allocated at once) or ``kept`` (what the
        code takes)
    """
    path = [os.path.dirname(os.path.dirname(os.path.abspath(__file__)))]
    return _MEMORY.format(path=path, package=__package__, module=module, what=what)
