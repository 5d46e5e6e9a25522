"""Drop-in mode: applications and extensions written for the reference projects run unchanged.

``flask``, ``werkzeug``, ``jinja2``, ``markupsafe``, ``itsdangerous`` and ``click``, with all their submodules, become
other names of dray's modules: the same module objects, so there is one class of everything. Whether the references are
installed makes no difference.

.. code-block:: console

   $ python -m dray.framework.compat -m flask --app hello run
   $ python -m dray.framework.compat -m pytest
   $ python -m dray.framework.compat script.py arguments

:func:`install` does the same from code; it must come before the first import of a reference.
"""

from __future__ import annotations

import os
import sys
import warnings
from pathlib import Path

from .finder import ROOTS, finder
from .spellings import apply_to_loaded, use_reference_spelling

__all__ = ["install"]

#: Tells child processes that they are in drop-in mode too.
VARIABLE = "DRAY_DROP_IN"


def install() -> None:
    """Make the references' names dray's, in this process and in those it starts. May be called again.

    A reference that was imported before stays what it is where it is in use: that gives a warning.
    """
    for name in ROOTS:
        module = sys.modules.get(name)
        if module is not None and not finder.is_alias(name):
            warnings.warn(
                f"{name!r} was imported before drop-in mode was installed: what holds it goes on using it. Install"
                " drop-in mode first.",
                RuntimeWarning,
                stacklevel=2,
            )
            for loaded in [key for key in sys.modules if key == name or key.startswith(f"{name}.")]:
                del sys.modules[loaded]
    if finder not in sys.meta_path:
        sys.meta_path.insert(0, finder)
    use_reference_spelling()
    apply_to_loaded()
    _inherit()


def _inherit() -> None:
    """Let Python processes that are started from here run in drop-in mode: they import ``sitecustomize`` first."""
    os.environ[VARIABLE] = "1"
    folder = str(Path(__file__).with_name("site"))
    paths = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    if folder not in paths:
        os.environ["PYTHONPATH"] = os.pathsep.join([folder, *filter(None, paths)])
