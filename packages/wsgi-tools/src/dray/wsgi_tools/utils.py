"""Small tools for applications: redirects, safe file names, imports by name, and the descriptors of this package.

The descriptors and :func:`send_file` live in their own modules; here they have their public names.
:class:`cached_property` is stricter here than the one that this package uses itself.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

from ._http.options import content_type_charset as get_content_type
from ._properties import cached_property as _kept_property
from ._properties import environ_property, header_property
from ._quoting import quote_path
from ._redirect import redirect_response
from ._send_file import send_file, send_from_directory
from .security import (
    _WINDOWS_DEVICES,
    safe_join,  # noqa: F401 - extensions look for it here
)
from .wrappers import Response as _Response

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

    from .wrappers import Response

__all__ = [
    "ImportStringError",
    "append_slash_redirect",
    "cached_property",
    "environ_property",
    "find_modules",
    "get_content_type",
    "header_property",
    "import_string",
    "redirect",
    "secure_filename",
    "send_file",
    "send_from_directory",
]

T = TypeVar("T")

_SEPARATORS = [separator for separator in (os.sep, os.altsep) if separator]
_is_file_name = re.compile(r"[A-Za-z0-9_.-]*").fullmatch
_NOT_IN_FILE_NAME = re.compile(r"[^A-Za-z0-9_.-]")


class cached_property(_kept_property[T]):
    """Compute an attribute on first access and keep it on the instance; ``del`` forgets it.

    The value is kept in the instance's ``__dict__`` under the same name, or in the slot ``_cache_<name>`` of a class
    without one. Assigning replaces it.

    :param fget: The method that computes the value.
    :param name: The attribute's name; by default the one that it is given in the class.
    :param doc: The docstring; that of the method by default.
    :raises KeyError: by ``del``, when no value is kept. Extensions forget what they made in that way, needed or not.
    """

    if not TYPE_CHECKING:
        # Being asked about deletion costs being asked on each read: the package's own properties don't pay that.
        def __set__(self, obj, value):
            obj.__dict__[self.__name__] = value

        def __delete__(self, obj):
            del obj.__dict__[self.__name__]


def secure_filename(filename: str) -> str:
    """Turn a name from outside into one that is safe to store a file under, on every operating system.

    What is left are ASCII letters, digits, ``.``, ``_`` and ``-``; separators and blanks become underscores, and
    dots and underscores at both ends go. Accents are dropped. The result may be empty: have a name of your own ready.

    :param filename: The name, perhaps with a path.
    """
    if not filename.isascii():
        from unicodedata import normalize  # noqa: PLC0415 - its tables are large, and names are mostly ASCII

        filename = normalize("NFKD", filename).encode("ascii", "ignore").decode("ascii")
    for separator in _SEPARATORS:
        filename = filename.replace(separator, " ")
    name = "_".join(filename.split())
    if not _is_file_name(name):
        name = _NOT_IN_FILE_NAME.sub("", name)
    name = name.strip("._")
    # The names of devices are no file names on Windows, with any extension.
    if os.name == "nt" and name.partition(".")[0].upper() in _WINDOWS_DEVICES:
        return f"_{name}"
    return name


def redirect(location: str, code: int = 302, Response: type[Response] | None = None) -> Response:
    """Make a response that sends the client to another URL.

    :param location: The URL, absolute or relative.
    :param code: The status code: 301, 302, 303, 305, 307 or 308 (RFC 9110 section 15.4).
    :param Response: Class of the response.
    """
    return redirect_response(location, code, Response or _Response)  # type: ignore[no-any-return]


def append_slash_redirect(environ: WSGIEnvironment, code: int = 308) -> Response:
    """Redirect to the current URL with a slash added, keeping the query.

    The location is relative to the current path (RFC 3986 section 5), so it holds wherever the application is mounted.

    :param environ: The environ of the request.
    :param code: The status code.
    """
    last = environ.get("PATH_INFO", "").rstrip("/").rpartition("/")[2]
    # A dot keeps `//host` or `scheme:x` in the last segment from being read as another place.
    location = f"{quote_path(last.encode('latin-1').decode(errors='replace'))}/" if last else "./"
    if ":" in location:
        location = f"./{location}"
    query = environ.get("QUERY_STRING", "")
    return redirect(f"{location}?{query}" if query else location, code)


class ImportStringError(ImportError):
    """:func:`import_string` failed; the message shows how far it came.

    :param import_name: The dotted name.
    :param exception: The error that ended the import.
    """

    import_name: str
    exception: BaseException

    def __init__(self, import_name: str, exception: BaseException) -> None:
        super().__init__(import_name, exception)
        self.import_name = import_name
        self.exception = exception

    def __str__(self) -> str:
        lines = [f"import_string() could not import {self.import_name!r}:"]
        name = ""
        for part in self.import_name.replace(":", ".").split("."):
            name = f"{name}.{part}" if name else part
            try:
                found = import_module(name)
            except ImportError:
                lines.append(f"- {name!r} was not found.")
                break
            lines.append(f"- {name!r} was found in {getattr(found, '__file__', None)!r}.")
        cause = self.exception
        lines.append(f"Check its spelling, sys.path and missing __init__.py files. {type(cause).__name__}: {cause}")
        return "\n".join(lines)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}({self.import_name!r}, {self.exception!r})>"


def import_string(import_name: str, silent: bool = False) -> Any:
    """Import a module, or an object out of one, by its name.

    :param import_name: ``package.module``, ``package.module.object`` or ``package.module:object``.
    :param silent: Return ``None`` instead of raising :exc:`ImportStringError`.
    :raises ImportStringError: The module or the object can't be imported.
    """
    name = import_name.replace(":", ".")
    try:
        return _import_name(name)
    except ImportError as error:
        if silent:
            return None
        raise ImportStringError(import_name, error).with_traceback(sys.exc_info()[2]) from None


def _import_name(name: str) -> Any:
    try:
        __import__(name)
    except ImportError:
        if "." not in name:
            raise
    else:
        return sys.modules[name]
    module_name, _, attribute = name.rpartition(".")
    module = __import__(module_name, globals(), locals(), [attribute])
    try:
        return getattr(module, attribute)
    except AttributeError as error:
        raise ImportError(error) from None


def find_modules(import_path: str, include_packages: bool = False, recursive: bool = False) -> Iterator[str]:
    """Iterate over the names of the modules in a package.

    :param import_path: The package.
    :param include_packages: Give the names of packages in it too.
    :param recursive: Look into these packages, which imports them.
    :raises ValueError: The name isn't that of a package.
    """
    import pkgutil  # noqa: PLC0415 - for the few that look for modules

    package = import_string(import_path)
    path = getattr(package, "__path__", None)
    if path is None:
        raise ValueError(f"{import_path!r} is not a package")
    for _, name, is_package in pkgutil.iter_modules(path, f"{package.__name__}."):
        if not is_package or include_packages:
            yield name
        if is_package and recursive:
            yield from find_modules(name, include_packages, True)
