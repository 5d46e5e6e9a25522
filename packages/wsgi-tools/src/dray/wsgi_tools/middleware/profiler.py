"""Every request under Python's profiler."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable
from cProfile import Profile
from pstats import Stats
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class ProfilerMiddleware:
    """Profiles each request, prints the result, or writes it to a file.

    ``environ["werkzeug.profiler"]`` has ``elapsed`` (milliseconds) and ``time`` (seconds since 1970) for a
    ``filename_format`` that is a function.

    :param app: The application.
    :param stream: Where to print; ``None`` for nowhere.
    :param sort_by: Columns to sort by (:meth:`pstats.Stats.sort_stats`).
    :param restrictions: What to leave out (:meth:`pstats.Stats.print_stats`).
    :param profile_dir: A directory for one file per request.
    :param filename_format: The name of that file, with ``{method}``, ``{path}``, ``{elapsed}`` and ``{time}``; or a
        function of the environ.
    """

    def __init__(
        self,
        app: WSGIApplication,
        stream: IO[str] | None = sys.stdout,
        sort_by: Iterable[str] = ("time", "calls"),
        restrictions: Iterable[str | int | float] = (),
        profile_dir: str | None = None,
        filename_format: str | Callable[[WSGIEnvironment], str] = "{method}.{path}.{elapsed:.0f}ms.{time:.0f}.prof",
    ) -> None:
        self._app = app
        self._stream = stream
        self._sort_by = tuple(sort_by)
        self._restrictions = tuple(restrictions)
        self._profile_dir = profile_dir
        self._filename_format = filename_format

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request. The body is read under the profiler too, so it isn't streamed."""
        body: list[bytes] = []

        def catching_start_response(status: str, headers: Any, exc_info: Any = None) -> Callable[[bytes], object]:
            start_response(status, headers, exc_info)
            return body.append

        def run() -> None:
            iterable = self._app(environ, catching_start_response)
            try:
                body.extend(iterable)
            finally:
                close = getattr(iterable, "close", None)
                if close is not None:
                    close()

        profile = Profile()
        start = time.perf_counter()
        profile.runcall(run)
        elapsed = (time.perf_counter() - start) * 1000
        if self._profile_dir is not None:
            profile.dump_stats(os.path.join(self._profile_dir, self._file_name(environ, elapsed)))
        if self._stream is not None:
            self._print(profile, environ)
        return [b"".join(body)]

    def _file_name(self, environ: WSGIEnvironment, elapsed: float) -> str:
        environ["werkzeug.profiler"] = {"elapsed": elapsed, "time": time.time()}
        if callable(self._filename_format):
            return self._filename_format(environ)
        path = environ.get("PATH_INFO", "").strip("/").replace("/", ".") or "root"
        # What a client asks for must not name a place outside of the directory, nor be too long for a name.
        path = "".join(char if char.isalnum() or char in "._-" else "_" for char in path)[:100]
        return self._filename_format.format(method=environ["REQUEST_METHOD"], path=path, **environ["werkzeug.profiler"])

    def _print(self, profile: Profile, environ: WSGIEnvironment) -> None:
        stats = Stats(profile, stream=self._stream)
        stats.sort_stats(*self._sort_by)
        line = "-" * 80
        self._stream.write(f"{line}\nPATH: {environ.get('PATH_INFO', '')!r}\n")  # type: ignore[union-attr]
        stats.print_stats(*self._restrictions)
        self._stream.write(f"{line}\n\n")  # type: ignore[union-attr]
