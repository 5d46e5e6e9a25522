"""A small application that shows where it runs: Python, installed packages, environment, WSGI environ.

To see whether a server works: ``python -m dray.wsgi_tools.testapp``.
"""

from __future__ import annotations

import importlib.metadata
import os
import sys
from collections.abc import Iterator

from dray.safe_strings import Markup, escape

from .wrappers import Request, Response

#: The page; ``%(name)s`` placeholders are filled with escaped text or finished HTML.
TEMPLATE = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>WSGI information</title>
<style>
  :root { color-scheme: light dark; --line: light-dark(#d5d9e0, #3b4252); --soft: light-dark(#f4f6f9, #232833); }
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
  h1 { font-size: 1.6rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
  table { border-collapse: collapse; width: 100%%; table-layout: fixed; }
  th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid var(--line); }
  th { width: 16rem; font-weight: 600; } td { overflow-wrap: anywhere; font-family: ui-monospace, monospace; }
  tr:nth-child(even) { background: var(--soft); }
  .missing { opacity: .55; } .virtual { font-style: italic; }
</style>
<h1>WSGI information</h1>
<p>This application runs. Here is what it knows about its interpreter and the request.</p>
<h2>Interpreter</h2>
<table>
  <tr><th>Python<td>%(python_version)s
  <tr><th>System<td>%(platform)s, %(os)s
  <tr><th>C API<td>version %(api_version)s
  <tr><th>Bytes of a number<td>%(byteorder)s endian
</table>
<h2>Installed packages</h2>
<table>%(packages)s</table>
<h2>WSGI environment</h2>
<table>%(environ)s</table>
<h2>Import path</h2>
<p>Folders that aren't there are pale, entries that only the interpreter understands are slanted.</p>
<ul>%(sys_path)s</ul>
"""


def iter_sys_path() -> Iterator[tuple[str, bool, bool]]:
    """Iterate over the import path.

    :return: For each entry its path, shortened in the home directory; whether it is neither folder nor file; whether
        Python changed it.
    """
    home = os.path.expanduser("~")
    for entry in sys.path:
        path = os.path.abspath(entry or os.curdir)
        shown = f"~{path[len(home) :]}" if home != os.sep and f"{path}{os.sep}".startswith(f"{home}{os.sep}") else path
        yield shown, not os.path.exists(path), path != entry


def _rows(pairs: Iterator[tuple[str, str]]) -> Markup:
    return Markup("").join(Markup("<tr><th>{}<td>{}\n").format(name, value) for name, value in pairs)


def _packages() -> Iterator[tuple[str, str]]:
    found = {(dist.metadata["Name"] or "", dist.version or "") for dist in importlib.metadata.distributions()}
    yield from sorted(found, key=lambda pair: pair[0].lower())


def _sys_path() -> Markup:
    items = []
    for path, missing, virtual in iter_sys_path():
        names = " ".join(name for name, is_set in (("missing", missing), ("virtual", virtual)) if is_set)
        items.append(Markup('<li class="{}">{}\n').format(names, path))
    return Markup("").join(items)


@Request.application
def test_app(req: Request) -> Response:
    """Show the page.

    :param req: The request.
    """
    values = {
        "python_version": escape(sys.version.replace("\n", " ")),
        "platform": escape(sys.platform),
        "os": escape(os.name),
        "api_version": sys.api_version,
        "byteorder": sys.byteorder,
        "packages": _rows(_packages()),
        "environ": _rows((key, repr(value)) for key, value in sorted(req.environ.items())),
        "sys_path": _sys_path(),
    }
    return Response(TEMPLATE % values, mimetype="text/html")


test_app.__test__ = False  # type: ignore[attr-defined]  # pytest: no test


if __name__ == "__main__":
    from .serving import run_simple

    run_simple("localhost", 5000, test_app, use_reloader=True)
