"""Files of an application or blueprint: static ones to send, and resources to read."""

from __future__ import annotations

from datetime import timedelta
from typing import IO, TYPE_CHECKING, Any

from .globals import current_app
from .helpers import send_from_directory

if TYPE_CHECKING:
    from .app import App
    from .blueprints import Blueprint
    from .wrappers import Response


def static_max_age() -> int | None:
    """Give the setting ``SEND_FILE_MAX_AGE_DEFAULT`` in seconds."""
    value = current_app.config["SEND_FILE_MAX_AGE_DEFAULT"]
    if isinstance(value, timedelta):
        return int(value.total_seconds())
    return value  # type: ignore[no-any-return]


def send_static_file(owner: App | Blueprint, filename: str) -> Response:
    """Answer with a file of the owner's static folder.

    :raises RuntimeError: when it has none.
    :raises NotFound: when the folder has no such file.
    """
    if not owner.has_static_folder:
        raise RuntimeError(f"'static_folder' must be set on {owner!r} to serve static files.")
    max_age = owner.get_send_file_max_age(filename)
    assert owner.static_folder is not None
    return send_from_directory(owner.static_folder, filename, max_age=max_age)


def open_resource(path: str, mode: str, encoding: str | None) -> IO[Any]:
    """Open a file for reading.

    :raises ValueError: for a mode that writes.
    """
    if mode not in {"r", "rt", "rb"}:
        raise ValueError("Resources can only be opened for reading.")
    return open(path, mode, encoding=None if mode == "rb" else encoding)
