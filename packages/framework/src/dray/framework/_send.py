"""Send files: wsgi-tools does it, the application's settings say how."""

from __future__ import annotations

import os
from typing import IO, TYPE_CHECKING, Any

from dray.wsgi_tools.utils import send_file as _send_file
from dray.wsgi_tools.utils import send_from_directory as _send_from_directory

from .globals import current_app, request

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from .wrappers import Response


def _prepare_send_file_kwargs(**kwargs: Any) -> dict[str, Any]:
    if kwargs.get("max_age") is None:
        kwargs["max_age"] = current_app.get_send_file_max_age
    kwargs.update(
        environ=request.environ,
        use_x_sendfile=current_app.config["USE_X_SENDFILE"],
        response_class=current_app.response_class,
        _root_path=current_app.root_path,
    )
    return kwargs


def send_file(
    path_or_file: os.PathLike[Any] | str | IO[bytes],
    mimetype: str | None = None,
    as_attachment: bool = False,
    download_name: str | None = None,
    conditional: bool = True,
    etag: bool | str = True,
    last_modified: datetime | int | float | None = None,
    max_age: None | (int | Callable[[str | None], int | None]) = None,
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
            path_or_file=path_or_file,
            mimetype=mimetype,
            as_attachment=as_attachment,
            download_name=download_name,
            conditional=conditional,
            etag=etag,
            last_modified=last_modified,
            max_age=max_age,
        )
    )


def send_from_directory(directory: os.PathLike[str] | str, path: os.PathLike[str] | str, **kwargs: Any) -> Response:
    """Send a file that a user names, from a folder that it can't leave.

    :param directory: the folder, relative to the application's.
    :param path: the name, relative to the folder.
    :param kwargs: arguments of :func:`send_file`.
    :raises NotFound: when it is outside, or there is none.
    """
    return _send_from_directory(directory, path, **_prepare_send_file_kwargs(**kwargs))  # type: ignore[return-value]
