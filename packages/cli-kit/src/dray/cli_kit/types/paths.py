"""Files, opened or only named.

It must not know other types.
"""

from __future__ import annotations

import os
import stat

from .._compat import open_stream
from .._completion_item import CompletionItem
from .._io.files import LazyFile
from .._utils import TYPE_CHECKING
from .._utils import gettext as _
from ..utils import _safecall, format_filename
from .base import ParamType

if TYPE_CHECKING:
    from typing import IO, Any, ClassVar, TypeAlias, TypeVar

    from ..core import Context, Parameter

    _Path_co = TypeVar("_Path_co", covariant=True)
    Allowed: TypeAlias = bool
    OptionalText: TypeAlias = str | None
else:
    Any = _Path_co = object
    IO = {Any: object}

__all__ = ["File", "Path"]


def _is_file_like(value: object) -> bool:
    return hasattr(value, "read") or hasattr(value, "write")


class File(ParamType["IO[Any]", Any]):
    """A file that is opened for the callback and closed when the context ends; ``-`` is a standard stream.

    :param mode: as for :func:`open`.
    :param encoding: for text.
    :param errors: for text.
    :param lazy: open when first used; by default files for writing are lazy, so that a later mistake on the command
        line doesn't empty them.
    :param atomic: write beside the file and take its place when it is closed.
    """

    name = "filename"
    envvar_list_splitter: ClassVar[str | None] = os.path.pathsep

    def __init__(
        self,
        mode: str = "r",
        encoding: OptionalText = None,
        errors: OptionalText = "strict",
        lazy: bool | None = None,
        atomic: bool = False,
    ) -> None:
        self.mode, self.encoding, self.errors = mode, encoding, errors
        self.atomic = atomic
        self.lazy = lazy

    def to_info_dict(self) -> dict[str, Any]:
        """Describe the type with mode and encoding."""
        return {"mode": self.mode, "encoding": self.encoding, **super().to_info_dict()}

    def resolve_lazy_flag(self, value: str | os.PathLike[str]) -> bool:
        """Say whether a file is opened when first used.

        :param value: its path.
        """
        if self.lazy is not None:
            return self.lazy
        return os.fspath(value) != "-" and "w" in self.mode

    def convert(self, value: Any, param: Parameter | None, ctx: Context | None) -> IO[Any]:
        """Open the file, or return what is a file already."""
        if _is_file_like(value):
            return value  # type: ignore[no-any-return]
        try:
            if self.resolve_lazy_flag(value):
                lazy = LazyFile(value, self.mode, self.encoding, self.errors, atomic=self.atomic)
                if ctx is not None:
                    ctx.call_on_close(lazy.close_intelligently)
                return lazy  # type: ignore[return-value]
            file, should_close = open_stream(value, self.mode, self.encoding, self.errors, atomic=self.atomic)
        except OSError as error:
            self.fail(f"'{format_filename(value)}': {error.strerror}", param, ctx)
        if ctx is not None:
            # A standard stream stays open, but what was written must be seen.
            ctx.call_on_close(_safecall(file.close if should_close else file.flush))
        return file

    def shell_complete(self, ctx: Context, param: Parameter, incomplete: str) -> list[CompletionItem]:
        """Let the shell suggest files."""
        return [CompletionItem(incomplete, type="file")]


class Path(ParamType[_Path_co, Any]):
    """The name of a file or folder, checked but not opened.

    :param exists: it must exist; else the other checks are made only if it does.
    :param file_okay: it may be a file.
    :param dir_okay: it may be a folder.
    :param writable: it must be writable.
    :param readable: it must be readable.
    :param resolve_path: make it absolute and follow symbolic links; ``~`` isn't expanded, that is the shell's part.
    :param allow_dash: ``-`` stands for a standard stream and isn't checked.
    :param path_type: turn the path into this: :class:`str`, :class:`bytes`, :class:`pathlib.Path`, any callable.
    :param executable: it must be executable.
    """

    envvar_list_splitter: ClassVar[str | None] = os.path.pathsep

    def __init__(
        self,
        exists: bool = False,
        file_okay: Allowed = True,
        dir_okay: Allowed = True,
        writable: bool = False,
        readable: bool = True,
        resolve_path: bool = False,
        allow_dash: Allowed = False,
        path_type: type[Any] | None = None,
        executable: bool = False,
    ) -> None:
        self.exists = exists
        self.file_okay = file_okay
        self.dir_okay = dir_okay
        self.writable = writable
        self.readable = readable
        self.resolve_path = resolve_path
        self.allow_dash = allow_dash
        self.type = path_type
        self.executable = executable
        if file_okay and not dir_okay:
            self.name = "file"
        elif dir_okay and not file_okay:
            self.name = "directory"
        else:
            self.name = "path"

    def to_info_dict(self) -> dict[str, Any]:
        """Describe the type with its checks."""
        checks = ("exists", "file_okay", "dir_okay", "writable", "readable", "allow_dash")
        return {**{name: getattr(self, name) for name in checks}, **super().to_info_dict()}

    def coerce_path_result(self, value: str | os.PathLike[str]) -> _Path_co:
        """Turn a path into the wanted type.

        :param value: the path.
        """
        wanted: Any = self.type
        if wanted is None or isinstance(value, wanted):
            return value  # type: ignore[return-value]
        if wanted is str:
            return os.fsdecode(value)  # type: ignore[return-value]
        if wanted is bytes:
            return os.fsencode(value)  # type: ignore[return-value]
        return wanted(value)  # type: ignore[no-any-return]

    def convert(self, value: Any, param: Parameter | None, ctx: Context | None) -> _Path_co:
        """Check the path and return it in the wanted type."""
        path: Any = value
        if not (self.file_okay and self.allow_dash and value in (b"-", "-")):
            if self.resolve_path:
                path = os.path.realpath(path)
            problem = self._check(path)
            if problem is not None:
                kind = {"file": _("File"), "directory": _("Directory")}.get(self.name, _("Path"))
                message = problem.format(name=kind, filename=format_filename(value))
                self.fail(message, param, ctx)
        return self.coerce_path_result(path)

    def _check(self, path: Any) -> str | None:
        """Return what is wrong with a path, as a text with ``name`` and ``filename`` to fill in."""
        try:
            facts = os.stat(path)
        except (OSError, ValueError):
            return _("{name} '{filename}' does not exist.") if self.exists else None
        if not self.file_okay and stat.S_ISREG(facts.st_mode):
            return _("{name} '{filename}' is a file.")
        if not self.dir_okay and stat.S_ISDIR(facts.st_mode):
            return _("{name} '{filename}' is a directory.")
        if self.readable and not os.access(path, os.R_OK):
            return _("{name} '{filename}' is not readable.")
        if self.writable and not os.access(path, os.W_OK):
            return _("{name} '{filename}' is not writable.")
        if self.executable and not os.access(path, os.X_OK):
            return _("{name} '{filename}' is not executable.")
        return None

    def shell_complete(self, ctx: Context, param: Parameter, incomplete: str) -> list[CompletionItem]:
        """Let the shell suggest files, or folders only."""
        return [CompletionItem(incomplete, type="dir" if self.dir_okay and not self.file_okay else "file")]
