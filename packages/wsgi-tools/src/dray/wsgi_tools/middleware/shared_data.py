"""Static files beside an application, for development and small sites.

Which files a path means is decided by loaders, one per export; the rest is HTTP: type, validators, caching.
"""

from __future__ import annotations

import mimetypes
import os
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from fnmatch import fnmatch
from importlib.util import find_spec
from io import BytesIO
from time import time
from typing import IO, TYPE_CHECKING, Any
from zlib import adler32

from ..http import http_date, is_resource_modified
from ..security import safe_join
from ..utils import get_content_type
from ..wsgi import get_path_info, wrap_file

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

#: Opens a file: the stream, when it was changed, its size.
_Opener = Callable[[], tuple[IO[bytes], datetime, int]]
#: Finds a file by the rest of a path, ``None`` for the export itself: its name and how to open it.
_Loader = Callable[[str | None], tuple[str | None, _Opener | None]]


def _opener(path: str) -> _Opener:
    def open_file() -> tuple[IO[bytes], datetime, int]:
        stat = os.stat(path)
        return open(path, "rb"), datetime.fromtimestamp(stat.st_mtime, tz=UTC), stat.st_size

    return open_file


class SharedDataMiddleware:
    """Serves files, and hands all other requests to an application.

    :param app: The application.
    :param exports: Paths of URLs with what is served there: a file, a directory, or a pair of a package and a path in
        it. The first match counts.
    :param disallow: An :mod:`fnmatch` pattern of file names that aren't served.
    :param cache: Allow caches to keep the files.
    :param cache_timeout: How long, in seconds.
    :param fallback_mimetype: The media type where none can be guessed.
    :raises TypeError: An export is something else.
    """

    def __init__(
        self,
        app: WSGIApplication,
        exports: Mapping[str, str | tuple[str, str]] | Iterable[tuple[str, str | tuple[str, str]]],
        disallow: Any = None,
        cache: bool = True,
        cache_timeout: int = 60 * 60 * 12,
        fallback_mimetype: str = "application/octet-stream",
    ) -> None:
        self.app = app
        self.cache = cache
        self.cache_timeout = cache_timeout
        self.fallback_mimetype = fallback_mimetype
        self.disallow: str | None = disallow
        pairs = exports.items() if isinstance(exports, Mapping) else exports
        self.exports: list[tuple[str, _Loader]] = [(path, self._loader(target)) for path, target in pairs]

    def _loader(self, target: Any) -> _Loader:
        if isinstance(target, tuple):
            return self.get_package_loader(*target)
        if not isinstance(target, (str, os.PathLike)):
            raise TypeError(f"unknown def {target!r}: expected a path, or a package and a path in it")
        path = os.fspath(target)
        return self.get_file_loader(path) if os.path.isfile(path) else self.get_directory_loader(path)

    def is_allowed(self, filename: str) -> bool:
        """Say whether a file may be served.

        :param filename: The name without its folders.
        """
        return self.disallow is None or not fnmatch(filename, self.disallow)

    def get_file_loader(self, filename: str) -> _Loader:
        """Make the loader of one file: it is found at the export's path, and at nothing below it."""
        return lambda path: (None, None) if path is not None else (os.path.basename(filename), _opener(filename))

    def get_directory_loader(self, directory: str) -> _Loader:
        """Make the loader of a directory: files below it are found."""

        def load(path: str | None) -> tuple[str | None, _Opener | None]:
            found = directory if path is None else safe_join(directory, path)
            if found is None or not os.path.isfile(found):
                return None, None
            return os.path.basename(found), _opener(found)

        return load

    def get_package_loader(self, package: str, package_path: str) -> _Loader:
        """Make the loader of a package: files below a path in it are found, also when it is in an archive.

        :raises ImportError: There is no such package.
        """
        loaded_at = datetime.now(UTC)
        spec = find_spec(package)
        if spec is None or spec.loader is None:
            raise ImportError(f"there is no package named {package!r}", name=package)
        reader = spec.loader.get_resource_reader(package)  # type: ignore[attr-defined]

        def load(path: str | None) -> tuple[str | None, _Opener | None]:
            resource = None if path is None else safe_join(package_path, path)
            if resource is None:
                return None, None
            try:
                stream = reader.open_resource(resource)
            except OSError:
                return None, None
            name = os.path.basename(resource)
            with stream:
                real = getattr(stream, "name", None)
                if isinstance(real, str) and os.path.isfile(real):
                    return name, _opener(real)
                data: bytes = stream.read()
            return name, lambda: (BytesIO(data), loaded_at, len(data))

        return load

    def generate_etag(self, mtime: datetime, file_size: int, real_filename: str) -> str:
        """Make an entity tag.

        :param mtime: When the file was changed.
        :param file_size: Its size in bytes.
        :param real_filename: Its name.
        """
        return f"dray-{mtime.timestamp()}-{file_size}-{adler32(os.fsencode(real_filename))}"

    def _find(self, path: str) -> tuple[str, _Opener] | None:
        for prefix, loader in self.exports:
            name: str | None = None
            if prefix == path:
                name, opener = loader(None)
            folder = prefix if prefix.endswith("/") else f"{prefix}/"
            if name is None and path.startswith(folder):
                name, opener = loader(path[len(folder) :])
            if name is not None and opener is not None and self.is_allowed(name):
                return name, opener
        return None

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        found = self._find(get_path_info(environ)) if environ["REQUEST_METHOD"] in ("GET", "HEAD") else None
        if found is None:
            return self.app(environ, start_response)
        name, opener = found
        mimetype = mimetypes.guess_type(name)[0] or self.fallback_mimetype
        file, changed, size = opener()
        headers = [("Date", http_date())]
        if self.cache:
            etag = self.generate_etag(changed, size, name)
            headers += [("Etag", f'"{etag}"'), ("Cache-Control", f"max-age={self.cache_timeout}, public")]
            if not is_resource_modified(environ, etag, last_modified=changed):
                file.close()
                start_response("304 Not Modified", headers)
                return []
            headers.append(("Expires", http_date(time() + self.cache_timeout)))
        else:
            headers.append(("Cache-Control", "public"))
        headers += [
            ("Content-Type", get_content_type(mimetype, "utf-8")),
            ("Content-Length", str(size)),
            ("Last-Modified", http_date(changed)),
        ]
        start_response("200 OK", headers)
        if environ["REQUEST_METHOD"] == "HEAD":
            file.close()
            return []
        return wrap_file(environ, file)
