"""``python -m dray.framework``: the ``dray`` command."""

from .cli import main

main()
