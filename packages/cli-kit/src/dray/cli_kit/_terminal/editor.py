"""Editing a text or files in the person's editor.

The editor's command line is split into words; no shell reads it, nor the file names. It must not know the terminal.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import tempfile

from .._utils import TYPE_CHECKING
from .._utils import gettext as _
from ..exceptions import ClickException

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["Editor"]

#: Tried in order where no variable names an editor; ``vi`` is what POSIX promises.
_CANDIDATES = ("sensible-editor", "vim", "nano")


class Editor:
    """The person's editor.

    :param editor: its command line; by default that of ``VISUAL`` or ``EDITOR``, or one that is found.
    :param env: variables to add to its environment.
    :param require_save: a text that wasn't saved gives None.
    :param extension: of the temporary file.
    """

    def __init__(
        self,
        editor: str | None = None,
        env: Mapping[str, str] | None = None,
        require_save: bool = True,
        extension: str = ".txt",
    ) -> None:
        self.editor, self.env = editor, env
        self.extension = extension
        self.require_save = require_save

    def get_editor(self) -> str:
        """Return the editor's command line."""
        if self.editor is not None:
            return self.editor
        for variable in ("VISUAL", "EDITOR"):
            command = os.environ.get(variable)
            if command:
                return command
        if os.name == "nt":
            return "notepad"
        for name in _CANDIDATES:
            if shutil.which(name) is not None:
                return name
        return "vi"

    def edit_files(self, filenames: Iterable[str | os.PathLike[str]]) -> None:
        """Edit files and wait.

        :param filenames: the files.
        :raises ClickException: the editor can't be started or fails.
        """
        command = self.get_editor()
        words = shlex.split(command, posix=os.name != "nt")
        if not words:
            raise ClickException(_("{editor}: Editing failed").format(editor=repr(command)))
        environment = {**os.environ, **self.env} if self.env else None
        try:
            process = subprocess.Popen([*words, *(os.fspath(name) for name in filenames)], env=environment)
            code = process.wait()
        except OSError as error:
            message = _("{editor}: Editing failed: {e}").format(editor=command, e=error)
            raise ClickException(message) from error
        if code != 0:
            raise ClickException(_("{editor}: Editing failed").format(editor=command))

    def edit(self, text: str | bytes | bytearray | None) -> str | bytes | None:
        """Edit a text and wait.

        :param text: the text; bytes come back as bytes.
        :return: the edited text, or None if it wasn't saved.
        :raises ClickException: the editor can't be started or fails.
        """
        is_text = not isinstance(text, (bytes, bytearray))
        data = _encode(text)
        descriptor, name = tempfile.mkstemp(prefix="editor-", suffix=self.extension)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
            # A clock of coarse steps would hide a quick save: the file is dated back.
            os.utime(name, (os.path.getatime(name), os.path.getmtime(name) - 2))
            before = os.path.getmtime(name)
            self.edit_files((name,))
            if self.require_save and os.path.getmtime(name) == before:
                return None
            with open(name, "rb") as file:
                edited = file.read()
        finally:
            os.unlink(name)
        if not is_text:
            return edited
        return edited.decode("utf-8-sig").replace("\r\n", "\n")


def _encode(text: str | bytes | bytearray | None) -> bytes:
    if not text:
        return b""
    if isinstance(text, (bytes, bytearray)):
        return bytes(text)
    if not text.endswith("\n"):
        text += "\n"
    if os.name == "nt":
        return text.replace("\n", "\r\n").encode("utf-8-sig")
    return text.encode("utf-8")
