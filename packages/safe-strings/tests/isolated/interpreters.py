"""Prove that every interpreter has its own Markup: three of them, one after the other, each with its own lock."""

import sys

CODE = """
from dray.safe_strings import Markup, escape
assert type(escape("<")) is Markup
assert escape("<") + "<" == "&lt;&lt;"
assert Markup(",").join(["<"]) == "&lt;"
"""

try:
    import _interpreters as interpreters  # 3.13
except ImportError:
    import _xxsubinterpreters as interpreters  # type: ignore[no-redef]

exec(CODE)
for _ in range(3):
    interpreter = interpreters.create()
    setup = f"import sys; sys.path[:] = {sys.path!r}\n"
    failure = interpreters.run_string(interpreter, setup + CODE)
    if failure is not None:
        sys.exit(str(failure))
    interpreters.destroy(interpreter)
exec(CODE)
