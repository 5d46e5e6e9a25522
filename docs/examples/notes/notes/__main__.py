"""``python -m notes``, and the ``notes`` command."""

from __future__ import annotations

from dray.framework.cli import DrayGroup

from . import create_app


def main() -> None:
    """Run the command."""
    DrayGroup(name="notes", create_app=create_app, help="Keep notes on SQLite.").main(prog_name="notes")


if __name__ == "__main__":
    main()
