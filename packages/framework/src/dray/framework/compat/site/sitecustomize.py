"""Start a Python process in drop-in mode, as its parent was. On the path of child processes only.

It takes itself off the path, and runs another ``sitecustomize`` that it stands before.
"""

import os
import sys
from importlib.machinery import PathFinder
from importlib.util import module_from_spec

sys.path[:] = [path for path in sys.path if os.path.abspath(path) != os.path.dirname(os.path.abspath(__file__))]
behind = PathFinder.find_spec("sitecustomize")
if behind is not None and behind.loader is not None:
    behind.loader.exec_module(module_from_spec(behind))
if os.environ.get("DRAY_DROP_IN") == "1":
    try:
        from dray.framework.compat import install
    except ModuleNotFoundError:
        pass  # a Python that dray isn't installed in
    else:
        install()
