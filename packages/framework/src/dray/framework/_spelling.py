"""How this framework spells its own name: in environment variables, files, entry points and on the command line.

Drop-in mode (:mod:`dray.framework.compat`) changes the spelling, so it is asked for whenever it is used, and stands in
one place.
"""

from __future__ import annotations


class Spelling:
    """The names that carry the product's name."""

    #: Begins environment variables: ``DRAY_DEBUG``.
    prefix = "DRAY"
    #: Environment variables that may be committed, beside ``.env``.
    env_file = ".drayenv"
    #: The entry points by which installed packages offer commands.
    plugin_group = "dray.commands"
    #: The command.
    command = "dray"

    def variable(self, name: str) -> str:
        """Give the environment variable for a setting: ``DEBUG`` is ``DRAY_DEBUG``."""
        return f"{self.prefix}_{name}"


spelling = Spelling()
