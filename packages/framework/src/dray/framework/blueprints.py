"""Blueprints that serve: with files, static files and commands of their own."""

from __future__ import annotations

import os
from typing import IO, TYPE_CHECKING, Any

from dray.wsgi_tools.utils import cached_property

from ._resources import open_resource, send_static_file, static_max_age
from .sansio.blueprints import Blueprint as SansioBlueprint
from .sansio.blueprints import BlueprintSetupState

if TYPE_CHECKING:
    from dray.cli_kit import Group

    from .wrappers import Response


__all__ = ["Blueprint", "BlueprintSetupState"]


class Blueprint(SansioBlueprint):
    """A part of an application: views, hooks, templates, files and commands, registered together.

    See :class:`.sansio.blueprints.Blueprint` for the arguments.
    """

    @cached_property
    def cli(self) -> Group:
        """Its command group; register commands here."""
        from .cli.groups import AppGroup  # noqa: PLC0415 - start-up time: most applications have no commands

        return AppGroup(self.name)

    def get_send_file_max_age(self, filename: str | None) -> int | None:
        """Give how long, in seconds, a cache may keep a file: the setting ``SEND_FILE_MAX_AGE_DEFAULT``."""
        return static_max_age()

    def send_static_file(self, filename: str) -> Response:
        """Answer with a file of the static folder.

        :raises NotFound: when there is none.
        """
        return send_static_file(self, filename)

    def open_resource(self, resource: str, mode: str = "rb", encoding: str | None = "utf-8") -> IO[Any]:
        """Open a file of the blueprint's folder for reading.

        :param resource: its path, relative to the folder.
        """
        return open_resource(os.path.join(self.root_path, resource), mode, encoding)
