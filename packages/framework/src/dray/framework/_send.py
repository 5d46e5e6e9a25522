"""Send files: wsgi-tools does it, the application's settings say how."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import IO, TYPE_CHECKING, Any

from dray.wsgi_tools.utils import send_file as _send_file
from dray.wsgi_tools.utils import send_from_directory as _send_from_directory

from . import typing as ft
from .globals import current_app, request

if TYPE_CHECKING:
    from .wrappers import Response

#: When a file was changed: a time, or seconds since 1970.
Moment = datetime | int | float
#: How long a cache may keep a file, in seconds, or what says so for a file name.
Age = int | Callable[[str | None], int | None]


def _prepare_send_file_kwargs(**given: Any) -> dict[str, Any]:
    """Add what the application's settings say to the arguments of a view."""
    app = current_app
    settings: dict[str, Any] = {
        "_root_path": app.root_path,
        "environ": request.environ,
        "response_class": app.response_class,
        "use_x_sendfile": app.config["USE_X_SENDFILE"],
    }
    if given.get("max_age") is None:
        settings["max_age"] = app.get_send_file_max_age
    return {**given, **settings}


def send_file(
    path_or_file: ft.StrPath | IO[bytes],
    mimetype: ft.OptionalStr = None,
    as_attachment: bool = False,
    download_name: ft.OptionalStr = None,
    conditional: bool = True,
    etag: str | bool = True,
    last_modified: Moment | None = None,
    max_age: Age | None = None,
) -> Response:
    """Send a file. The path is trusted: for one that a user names there is :func:`send_from_directory`.

    :param path_or_file: a path, relative to the application's folder, or a file open for reading bytes.
    :param mimetype: of the content; guessed from the name by default.
    :param as_attachment: ask the browser to save it instead of showing it.
    :param download_name: the name to save it under.
    :param conditional: answer conditional and range requests.
    :param etag: make an entity tag, or the tag to use.
    :param last_modified: when it was changed: a time, or seconds since 1970; the file's own by default.
    :param max_age: how long, in seconds, a cache may keep it; by default what
        :meth:`~dray.framework.app.App.get_send_file_max_age` says.
    """
    return _send_file(  # type: ignore[return-value]
        **_prepare_send_file_kwargs(
            as_attachment=as_attachment,
            conditional=conditional,
            download_name=download_name,
            etag=etag,
            last_modified=last_modified,
            max_age=max_age,
            mimetype=mimetype,
            path_or_file=path_or_file,
        )
    )


def send_from_directory(directory: ft.StrPath, path: ft.StrPath, **kwargs: Any) -> Response:
    """Send a file that a user names, from a folder that it can't leave.

    :param directory: the folder, relative to the application's.
    :param path: the name, relative to the folder.
    :param kwargs: arguments of :func:`send_file`.
    :raises NotFound: when it is outside, or there is none.
    """
    return _send_from_directory(directory, path, **_prepare_send_file_kwargs(**kwargs))  # type: ignore[return-value]
