"""Several applications under one: the path decides which one answers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class DispatcherMiddleware:
    """Hands requests to the application that is mounted at the longest matching path.

    The mount point moves from ``PATH_INFO`` to ``SCRIPT_NAME``, so the application sees paths below it.

    :param app: Answers what no mounted application does.
    :param mounts: Paths with their applications.
    """

    def __init__(self, app: WSGIApplication, mounts: dict[str, WSGIApplication] | None = None) -> None:
        self.app = app
        self.mounts = mounts or {}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        path = environ.get("PATH_INFO", "")
        end = len(path)
        # Try the whole path, then cut off one segment after the other.
        while end >= 0:
            app = self.mounts.get(path[:end])
            if app is not None:
                environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + path[:end]
                environ["PATH_INFO"] = path[end:]
                return app(environ, start_response)
            end = path.rfind("/", 0, end)
        return self.app(environ, start_response)
